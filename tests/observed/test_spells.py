"""Rates are found again in waits that were made with them, and nothing is found where nothing was planted."""

from math import exp, inf, log

import numpy as np
import pytest

from foresight.arrays import Floats
from foresight.observed.spells import (
    Shaped,
    Spells,
    by_clock,
    by_group,
    by_power,
    effect_of,
    in_same_time,
    log_likelihood,
    rate_of,
)

MEMBERS, YEARS, TIMES = 50, 5.0, 200

#: Of 200 intervals that hold the truth 95 times in 100, fewer than 180 or all 200 do so once in 400 and 30,000 times.
FEWEST = 180


def capacities(rng: np.random.Generator) -> Floats:
    return rng.uniform(0.2, 0.9, MEMBERS)


def waits(rng: np.random.Generator, hazard: Floats, power: float = 1.0, grain: float = 1.0) -> Spells:
    """Return waits that are seen at the ends of stretches of time alone, until the list ends."""
    wait = (rng.exponential(size=hazard.size) / hazard) ** (1 / power)
    done, low = wait < YEARS, np.floor(wait / grain) * grain
    entry = np.zeros(hazard.size)
    return Spells(entry, np.where(done, low, YEARS), np.where(done, low + grain, inf), np.ones(hazard.size))


def weighted(spells: Spells, weight: Floats) -> Spells:
    return spells._replace(weight=weight)


@pytest.mark.parametrize("grain", [1.0, 1 / 365])
@pytest.mark.parametrize("rate", [0.2, 0.8])
def test_the_interval_holds_a_planted_rate_as_often_as_it_says(rate: float, grain: float):
    rng = np.random.default_rng(1)
    held = 0
    for _ in range(TIMES):
        capacity = capacities(rng)
        found = rate_of(weighted(waits(rng, rate * capacity, grain=grain), capacity))
        held += found.low <= rate <= found.high
    assert FEWEST <= held < TIMES


def test_a_rate_that_was_not_planted_is_outside_of_most_intervals():
    """The negative control: five times the rate is refused nearly always."""
    rng = np.random.default_rng(2)
    found = [rate_of(waits(rng, np.full(MEMBERS, 0.2))) for _ in range(TIMES)]
    assert sum(one.low <= 1.0 <= one.high for one in found) == 0


def test_daily_dates_give_follow_ups_over_time_at_risk():
    rng = np.random.default_rng(3)
    spells = waits(rng, np.full(MEMBERS, 0.4), grain=1e-6)
    assert rate_of(spells).value == pytest.approx(spells.events / spells.low.sum(), rel=1e-3)


def test_whole_years_have_the_chance_that_the_model_gives_a_year():
    one = Spells(np.zeros(1), np.array([2.0]), np.array([3.0]), np.array([0.5]))
    yearly = 1 - exp(-0.4 * 0.5)
    assert log_likelihood(0.4, one) == pytest.approx(log((1 - yearly) ** 2 * yearly))


def test_a_wait_cut_in_two_says_the_same():
    whole = Spells(np.zeros(2), np.array([3.0, 5.0]), np.array([4.0, inf]), np.array([0.5, 0.7]))
    entry, low = np.array([0.0, 2.0, 0.0]), np.array([2.0, 3.0, 5.0])
    cut = Spells(entry, low, np.array([inf, 4.0, inf]), np.array([0.5, 0.5, 0.7]))
    assert rate_of(cut) == pytest.approx(rate_of(whole))


def test_of_no_follow_ups_the_rate_is_nothing_with_an_upper_end():
    nobody = Spells(np.zeros(3), np.full(3, 4.0), np.full(3, inf), np.full(3, 0.5))
    found = rate_of(nobody)
    assert (found.value, found.low) == (0.0, 0.0)
    assert log_likelihood(found.high, nobody) == pytest.approx(-1.92, abs=0.01)


@pytest.mark.parametrize("planted", [0.0, log(3)])
def test_the_interval_holds_a_planted_ratio_of_groups(planted: float):
    rng, group = np.random.default_rng(4), np.arange(MEMBERS) % 2 * 1.0
    found = [effect_of(by_group(waits(rng, 0.3 * np.exp(planted * group)), group)) for _ in range(40)]
    assert sum(one.low <= planted <= one.high for one in found) >= 34


@pytest.mark.costly
@pytest.mark.parametrize(("shape", "planted"), [("power", 0.0), ("power", 1.0), ("clock", 0.0), ("clock", log(2.5))])
def test_the_interval_holds_a_planted_shape(shape: str, planted: float):
    rng, held = np.random.default_rng(5), 0
    for _ in range(40):
        capacity = capacities(rng)
        hazard = 0.4 * (capacity**planted if shape == "power" else np.ones(MEMBERS))
        spells = weighted(waits(rng, hazard, exp(planted) if shape == "clock" else 1.0), capacity)
        shaped: Shaped = by_power(spells) if shape == "power" else by_clock(weighted(spells, np.ones(MEMBERS)))
        found = effect_of(shaped)
        held += found.low <= planted <= found.high
    assert held >= 34


def late_reviews(rng: np.random.Generator, effect: float) -> tuple[Spells, Floats]:
    """Return waits with a deadline after four years, and reviews that come before it, with an effect of their own."""
    review, before = rng.uniform(1.0, 4.0, MEMBERS), rng.exponential(size=MEMBERS) / 0.02
    after = 4.0 + rng.exponential(size=MEMBERS) / (1.0 * exp(effect))
    reviewed = rng.random(MEMBERS) < 0.6
    wait = np.where(before < review, before, np.where(reviewed, after, 4.0 + (after - 4.0) * exp(effect)))
    done, last = wait < 6.0, np.minimum(wait, 6.0)
    cut = reviewed & (last > review)
    event = np.where(done, last + 1e-6, inf)
    first = Spells(np.zeros(MEMBERS), np.where(cut, review, last), np.where(cut, inf, event), np.ones(MEMBERS))
    second = Spells(review[cut], last[cut], event[cut], np.ones(cut.sum()))
    parts = [np.concatenate(pair) for pair in zip(first, second, strict=True)]
    return Spells(*parts), np.repeat([0.0, 1.0], [MEMBERS, cut.sum()])


@pytest.mark.parametrize("planted", [0.0, 1.0])
def test_a_common_deadline_is_no_effect_of_what_came_before_it(planted: float):
    """Against others at the same moment the planted effect is found; regardless of the moment one is made up."""
    rng = np.random.default_rng(6)
    drawn = [late_reviews(rng, planted) for _ in range(40)]
    at_once = [in_same_time(*one) for one in drawn]
    assert sum(one.low <= planted <= one.high for one in at_once) >= 34
    if not planted:
        anyway = [effect_of(by_group(*one)) for one in drawn]
        assert sum(one.low <= 0 <= one.high for one in anyway) <= 8
