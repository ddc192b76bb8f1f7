"""Forecasts against closed forms, and nothing in them that was not known."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from adoption import CODES, agreement, at, fit, records
from scipy import stats

from foresight.calibration.at_risk import at_risk
from foresight.calibration.baselines import BASELINES, Lesson
from foresight.calibration.fit import TAIL, Fit
from foresight.calibration.forecast import FUTURES, Forecast, _log_density, _World, forecast, futures, year_ahead
from foresight.observed.records import Records, least_developed

#: More standard errors than this and a sample does not fit, see `worlds.Z`.
Z = 4.0

FEW = ("FJI", "TON", "KIR", "SGP", "VNM")

#: Draws that differ, with peers, and members that are known.
MIXED = replace(
    fit(-2.0, draws=40, peer_effect=0.8, ldc_penalty=-0.5, opening_year=-0.4, sd_action=0.8, sd_subregion_action=0.3),
    base=np.linspace(-2.6, -1.4, 40),
    member_effects=np.random.default_rng(5).normal(0.0, 0.5, (40, len(CODES))),
)

ACTS = {"FJI": 2001, "TON": 2002, "SGP": 2002, "JPN": 2003, "IND": 2004}


def chance_of(log_hazard: float) -> float:
    return -np.expm1(-np.exp(log_hazard))


def with_acts(acts: dict[str, int]) -> Records:
    return records({"A": acts}, agreement())


@cache
def mixed(start: int) -> Forecast:
    """Return the forecast of those draws and acts from a year on."""
    return forecast(MIXED, with_acts(ACTS), 0, start)


def test_without_peers_or_effects_chances_are_those_of_waiting():
    """1 - (1 - p)^n after n years, the same for every member."""
    p = chance_of(-2.0)
    made = forecast(fit(-2.0), with_acts({}), 0, 2000)
    years = len(made.years)
    assert made.years[0] == 2000
    assert made.hazard == pytest.approx(np.full((years, len(CODES)), p), abs=1e-14)
    after = 1 - (1 - p) ** np.arange(1, years + 1)
    assert made.chance == pytest.approx(np.repeat(after[:, np.newaxis], len(CODES), axis=1), abs=1e-14)


def test_without_peers_or_effects_the_number_of_parties_is_binomial():
    made = forecast(fit(-2.0), with_acts({}), 0, 2000)
    n, share = len(CODES), 1 - (1 - chance_of(-2.0)) ** 3
    count = made.count[:, 2]
    assert abs(count.mean() - n * share) < Z * np.sqrt(n * share * (1 - share) / FUTURES)
    assert stats.kstest(count, stats.binom(n, share).cdf).statistic < 0.05 + stats.binom.pmf(count, n, share).max()


def test_the_opening_year_and_poverty_change_the_chance_as_they_are_said_to():
    made = forecast(
        fit(-2.0, opening_year=-1.0, ldc_penalty=-0.5), records({"A": {}}, agreement("A", 2019, 2022)), 0, 2019
    )
    for position, year in enumerate(range(2019, 2023)):
        expected = -2.0 - 1.0 * (year == 2019) - 0.5 * least_developed(year)
        assert made.hazard[position] == pytest.approx(chance_of(expected), abs=1e-14)


def test_members_have_their_own_effects():
    own = replace(fit(-2.0), member_effects=np.tile(np.linspace(-1, 1, len(CODES)), (50, 1)))
    made = forecast(own, with_acts({}), 0, 2000)
    assert made.hazard[3] == pytest.approx(chance_of(-2.0 + np.linspace(-1, 1, len(CODES))), abs=1e-14)


def test_who_cannot_adopt_never_does():
    made = forecast(MIXED, records({"A": {"FJI": 2001}}, agreement(), able=FEW), 0, 2000)
    others = [i for i, code in enumerate(CODES) if code not in FEW]
    assert not made.adopted[:, :, others].any()
    assert (made.chance[:, others] == 0).all()


def test_who_has_adopted_stays_a_party():
    made = mixed(2003)
    assert made.adopted[:, :, [at("FJI"), at("TON"), at("SGP")]].all()
    assert (np.diff(made.adopted.astype(int), axis=1) >= 0).all()
    assert (made.count >= 3).all()


@pytest.mark.parametrize("start", [2000, 2003])
@pytest.mark.parametrize("variant", ["main", "bodies"])
def test_hazards_and_chances_agree_with_the_futures(start: int, variant: str):
    """The chance of having adopted is the share of futures in which it has, within its error."""
    bodies = fit(-2.0, "bodies", peer_effect=0.8, body_weight=0.5, sd_action=0.8)
    made = mixed(start) if variant == "main" else forecast(bodies, with_acts(ACTS), 0, start)
    waiting = with_acts(ACTS).year[0] >= start
    share, expected = made.adopted[:, :, waiting].mean(axis=0), made.chance[:, waiting]
    error = np.sqrt(expected * (1 - expected) / FUTURES)
    assert (np.abs(share - expected) < (Z + 0.5) * error).all()  # several hundred cells


def test_peers_make_chances_rise():
    alone, together = (forecast(fit(-2.0, peer_effect=peer), with_acts({}), 0, 2000) for peer in (0.0, 1.5))
    assert (together.hazard[0] == alone.hazard[0]).all()
    assert (np.diff(together.hazard.mean(axis=1)) > 0).all()


def test_the_same_seed_makes_the_same_futures_and_another_others():
    first, (second, other) = mixed(2002), (forecast(MIXED, with_acts(ACTS), 0, 2002, seed) for seed in (1, 2))
    assert np.array_equal(first.adopted, second.adopted)
    assert np.array_equal(first.hazard, second.hazard)
    assert not np.array_equal(first.adopted, other.adopted)


@pytest.mark.parametrize("start", [2000, 2002, 2004])
def test_nothing_from_the_start_on_is_used(start: int):
    """Whoever adopts in the year of the start or later, the forecast is the same to the last bit."""
    before = {code: year for code, year in ACTS.items() if year < start}
    other = {**before, "FJI": ACTS["FJI"] if start > 2001 else 2004, "CHN": start, "VNM": start + 1, "RUS": 2005}
    one, two = mixed(start), forecast(MIXED, with_acts(other), 0, start)
    assert np.array_equal(one.adopted, two.adopted)
    assert np.array_equal(one.hazard, two.hazard)


def test_what_came_before_the_start_is_used():
    one, two = mixed(2003), forecast(MIXED, with_acts({}), 0, 2003)
    assert one.hazard[0, at("FSM")] > two.hazard[0, at("FSM")]


@pytest.mark.costly
@pytest.mark.parametrize("year", range(2000, 2006))
def test_a_year_ahead_nothing_of_the_year_itself_is_used(year: int):
    """Acts of a year change no chance of who is at risk up to that year, and do change later ones."""
    before = {code: acted for code, acted in ACTS.items() if acted < year}
    busier = {**before, "CHN": year, "VNM": year, "FSM": year}
    quiet, busy = (year_ahead(MIXED, with_acts(acts), 0) for acts in (before, busier))
    later = year - 1999
    assert np.array_equal(quiet[:later], busy[:later])
    assert (busy[later:, at("NRU")] > quiet[later:, at("NRU")]).all()


def test_a_year_ahead_chances_are_of_those_at_risk_alone():
    made = year_ahead(MIXED, with_acts(ACTS), 0)
    assert made.shape == (6, len(CODES))
    for code, acted in ACTS.items():
        assert (made[: acted - 1999, at(code)] > 0).all()
        assert (made[acted - 1999 :, at(code)] == 0).all()


def test_a_year_ahead_the_same_seed_says_the_same():
    assert np.array_equal(year_ahead(MIXED, with_acts(ACTS), 0, 3), year_ahead(MIXED, with_acts(ACTS), 0, 3))


def test_a_year_ahead_without_effects_the_chance_is_that_of_the_hazard():
    made = year_ahead(fit(-2.0), with_acts({}), 0)
    assert made == pytest.approx(np.full(made.shape, chance_of(-2.0)), abs=1e-14)


def test_a_year_ahead_chances_rise_where_an_agreement_is_fast_and_fall_where_it_is_slow():
    speed = fit(-2.0, sd_action=1.0)
    fast = year_ahead(speed, with_acts(dict.fromkeys(CODES[:40], 2000)), 0)
    slow = year_ahead(speed, with_acts({}), 0)
    assert fast[0] == pytest.approx(slow[0])
    assert fast[1, 50] > 2 * fast[0, 50]
    assert (np.diff(slow[:, 50]) < 0).all()


def learnt(log_hazard: float, sd: float, years: int, waiting: int, acted: int) -> float:
    """Return the next chance of adopting by quadrature over an agreement's speed v, normal with a given sd.

    Some adopted in the first year, others waited for all years.
    """
    nodes, weights = np.polynomial.hermite_e.hermegauss(200)
    hazard = np.exp(log_hazard + sd * nodes)
    likely = weights * np.exp(-hazard * waiting * years) * (-np.expm1(-hazard)) ** acted
    return float((likely * -np.expm1(-hazard)).sum() / likely.sum())


@pytest.mark.parametrize("acted", [0, 1, 3])
def test_what_is_learnt_of_an_agreement_is_what_bayes_says(acted: int):
    """Five members without peers: some adopt in the first year, the others wait for three years."""
    known = records({"A": dict.fromkeys(FEW[:acted], 2000)}, agreement(), able=FEW)
    speed = fit(-2.0, sd_action=0.85)
    exact = learnt(-2.0, 0.85, 3, len(FEW) - acted, acted)
    ahead = year_ahead(speed, known, 0)[3, at("VNM")]
    made = forecast(speed, known, 0, 2003)
    # A hundred guesses for each of 250 draws; and 2000 futures that take one guess each.
    assert ahead == pytest.approx(exact, rel=0.03)
    assert made.hazard[0, at("VNM")] == pytest.approx(exact, rel=0.08)


def test_members_without_records_differ_by_chance():
    strangers = replace(fit(-2.0, sd_member=0.8), member_effects=np.full((50, len(CODES)), np.nan))
    made = forecast(strangers, with_acts({}), 0, 2000)
    nodes, weights = np.polynomial.hermite_e.hermegauss(200)
    exact = (weights * chance_of(-2.0 + 0.8 * nodes)).sum() / weights.sum()
    assert made.hazard[0].mean() == pytest.approx(exact, rel=0.02)
    assert (np.diff(made.hazard.mean(axis=1)) < 0).all()  # those who wait are slower than those who do not


@pytest.mark.parametrize("name", BASELINES)
def test_baselines_make_futures_in_the_same_way(name: str):
    others = at_risk(records({"B": {"FJI": 1995, "JPN": 1993}}, agreement("B", 1990, 1999)))
    chance = BASELINES[name](Lesson(others, with_acts(ACTS), 0, 2002))
    made = futures(chance, with_acts(ACTS), 0, 2002, np.random.default_rng(1))
    assert made.years.tolist() == mixed(2002).years.tolist()
    assert made.adopted[:, :, at("FJI")].all()
    assert made.adopted.shape == (FUTURES, len(made.years), len(CODES))


def speeds(known: Fit, guesses: int = 1, reach: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """Return speeds of an agreement in the first subregion, and the logarithms of their weights."""
    draws = np.arange(len(known.base))
    made = records({"A": {}}, agreement())
    speed, weight = _World(known, made, 0, draws, np.random.default_rng(3)).speeds(guesses, reach)
    return speed[:, :, 0], weight


def test_speeds_with_heavy_tails_are_those_of_student():
    drawn = speeds(fit(-2.0, "tails", draws=2000, sd_action=0.8))[0].ravel()
    assert stats.kstest(drawn, stats.t(TAIL, scale=0.8).cdf).pvalue > 1e-4
    assert stats.kstest(drawn, stats.norm(scale=drawn.std()).cdf).pvalue < 1e-3


@pytest.mark.parametrize(("variant", "law"), [("main", stats.norm), ("tails", stats.t(TAIL))])
def test_weights_make_up_for_guesses_that_lie_wider(variant: str, law: stats.rv_continuous):
    speed, log_weight = speeds(fit(-2.0, variant, draws=2000, sd_action=1.0), guesses=100, reach=2.0)
    weight = np.exp(log_weight)
    for edge in (-2.0, 0.0, 1.0):
        assert np.average(speed < edge, weights=weight) == pytest.approx(law.cdf(edge), abs=0.01)


def test_the_log_density_differs_from_that_of_the_law_by_a_constant():
    at = np.linspace(-4.0, 4.0, 9)
    for tail, law in ((True, stats.t(TAIL)), (False, stats.norm)):
        assert np.ptp(_log_density(at, tail) - law.logpdf(at)) < 1e-12
