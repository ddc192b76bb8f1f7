"""The baselines find what was planted, and use nothing that they must not know."""

from collections.abc import Callable

import numpy as np
import pytest
from adoption import CODES, agreement, at, records

from foresight.calibration.at_risk import Panel, at_risk
from foresight.calibration.baselines import BASELINES, RECENT, Lesson
from foresight.observed.records import NEVER, Records

#: The agreement that is forecast.
NEXT = records({"Next": {"FJI": 2021, "TON": 2022, "SGP": 2024}}, agreement("Next", 2020, 2030))

EVERYBODY = np.ones(len(CODES), dtype=bool)
NOBODY = np.zeros((1, len(CODES)), dtype=bool)

AGES = range(25)
ROWS = 4000  # at risk at each age, so that a share is exact to an eighth of a thousandth


def planted(chance: Callable[[int], float], ldc: Callable[[int], float] = lambda _age: 0.0) -> Panel:
    """Return rows in which the share that adopts at each age is the chance."""
    age = np.repeat(AGES, ROWS)
    adopted = np.concatenate([np.arange(ROWS) < round(ROWS * chance(one)) for one in AGES]).astype(np.int64)
    covariates = {"decades": age / 10.0, "ldc": np.array([ldc(one) for one in age.tolist()])}
    return Panel(np.zeros_like(age), np.zeros_like(age), 1990 + age, adopted, covariates)


def chances(name: str, panel: Panel, known: Records = NEXT, start: int = 2020) -> list[float]:
    """Return the chance of the first member in each year."""
    chance = BASELINES[name](Lesson(panel, known, 0, start))
    return [float(chance(2020 + age, EVERYBODY, NOBODY)[0, 0]) for age in AGES]


def bass(age: float) -> float:
    """Return the share that has adopted by the curve of Bass (1969), p 0.05, q 0.3, ceiling 0.8."""
    faded = np.exp(-0.35 * age)
    return float(0.8 * (1 - faded) / (1 + 0.3 / 0.05 * faded))


def logistic(age: float) -> float:
    """Return the share that has adopted by a logistic curve: pace 0.35, middle 7, ceiling 0.9."""
    return float(0.9 / (1 + np.exp(-0.35 * (age - 7))))


@pytest.mark.parametrize(("name", "curve"), [("bass", bass), ("logistic", logistic)])
def test_a_curve_that_was_planted_is_found(name: str, curve: Callable[[float], float]):
    risks = [(curve(age + 1) - curve(age)) / (1 - curve(age)) for age in AGES]
    found = chances(name, planted(lambda age: risks[age]))
    # The shares that were planted are whole numbers of rows, the search ends at four digits.
    assert found == pytest.approx(risks, abs=2e-3)
    last = (curve(25) - curve(0)) / (1 - curve(0))  # of those that had not adopted at the opening
    assert 1 - np.prod(1 - np.array(found)) == pytest.approx(last, abs=2e-3)


@pytest.mark.parametrize("name", ["bass", "logistic"])
def test_a_curve_of_another_form_is_not_found_as_well(name: str):
    risks = [0.3 if 10 <= age < 13 else 0.01 for age in AGES]
    found = chances(name, planted(lambda age: risks[age]))
    assert np.abs(np.array(found) - risks).max() > 0.1


def test_one_chance_is_the_share_of_all_rows():
    assert chances("constant", planted(lambda age: 0.04 * (age % 5))) == pytest.approx([0.08] * 25)


def test_least_developed_countries_have_a_chance_of_their_own():
    panel = planted(lambda age: 0.1 if age % 2 else 0.3, lambda age: age % 2)
    chance = BASELINES["constant_ldc"](Lesson(panel, NEXT, 0, 2020))
    assert chance(2025, EVERYBODY, NOBODY)[0, at("BGD")] == pytest.approx(0.1)
    assert chance(2025, EVERYBODY, NOBODY)[0, at("JPN")] == pytest.approx(0.3)
    assert chance(2020, EVERYBODY, NOBODY)[0, at("VUT")] == pytest.approx(0.1)  # graduates in this year
    assert chance(2021, EVERYBODY, NOBODY)[0, at("VUT")] == pytest.approx(0.3)


def test_the_life_table_is_the_share_of_three_years_and_the_opening_year_alone():
    found = chances("life_table", planted(lambda age: 0.4 if age == 0 else 0.01 * age))
    assert found[0] == pytest.approx(0.4, abs=1e-3)
    assert found[1] == pytest.approx((0.01 + 0.02) / 2, abs=1e-3)
    assert found[10] == pytest.approx(0.10, abs=1e-3)


def test_the_life_table_has_a_chance_at_ages_that_nobody_has_seen():
    panel = planted(lambda _age: 0.1)
    chance = BASELINES["life_table"](Lesson(panel, NEXT, 0, 2020))
    assert chance(2090, EVERYBODY, NOBODY)[0, 0] == pytest.approx(0.1)


def test_persistence_weighs_the_pace_before_the_opening_as_one_year_of_all():
    """The last five years before 2020 have a pace of 0.2; 58 members, of whom three adopt in 2021 to 2024."""
    age = np.repeat(AGES, ROWS)
    adopted = np.concatenate([np.arange(ROWS) < ROWS * (0.2 if one >= 20 else 0.6) for one in AGES]).astype(np.int64)
    panel = Panel(np.zeros_like(age), np.zeros_like(age), 1995 + age, adopted, {})
    known = chances("persistence", panel, start=NEVER)
    assert known[0] == pytest.approx(0.2)
    assert known[1] == pytest.approx(0.2 * 58 / (58 + 58))
    assert known[2] == pytest.approx((0.2 * 58 + 1) / (58 + 58 + 58))
    assert known[3] == pytest.approx((0.2 * 58 + 2) / (58 + 58 + 58 + 57))
    waited = [58, 58, 57, 56, 56, 55, 55]  # at risk in 2020, 2021, ...
    assert known[6] == pytest.approx((0.2 * 58 + 3) / (58 + sum(waited[6 - RECENT : 6])))
    assert chances("persistence", panel, start=2020) == pytest.approx([0.2] * 25)


def test_persistence_takes_the_pace_of_all_where_nothing_came_before():
    early = records({"First": {}}, agreement("First", 1980, 1990))
    panel = planted(lambda _age: 0.1)
    assert BASELINES["persistence"](Lesson(panel, early, 0, 1980))(1980, EVERYBODY, NOBODY) == pytest.approx(0.1)


@pytest.mark.parametrize("name", BASELINES)
def test_a_chance_is_one_for_every_future_and_member(name: str):
    others = records({"A": {"FJI": 1995, "JPN": 1993}, "B": {"FJI": 1999}}, *OTHERS)
    chance = BASELINES[name](Lesson(at_risk(others), NEXT, 0, 2020))
    now = np.random.default_rng(1).random((7, len(CODES))) < 0.3
    for year in range(2020, 2031):
        found = chance(year, EVERYBODY, now)
        assert found.shape == now.shape
        assert ((found >= 0) & (found <= 1)).all()


OTHERS = (agreement("A", 1990, 2000), agreement("B", 1992, 2002))


@pytest.mark.parametrize("name", BASELINES)
def test_what_happens_from_the_start_on_changes_nothing(name: str):
    others = at_risk(records({"A": {"FJI": 1995, "JPN": 1993}, "B": {"FJI": 1999}}, *OTHERS))
    made = [
        records({"Next": {"FJI": 2021, **later}}, agreement("Next", 2020, 2030))
        for later in ({}, {"TON": 2023, "SGP": 2024})
    ]
    assert chances(name, others, made[0], start=2023) == chances(name, others, made[1], start=2023)
    known = [chances(name, others, one, start=NEVER) for one in made]
    assert known[0][:4] == known[1][:4]
