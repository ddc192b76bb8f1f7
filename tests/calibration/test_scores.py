"""Scores against closed forms, and diagrams that are flat for right forecasts and not for wrong ones."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from foresight.calibration.scores import (
    BINS,
    FLOOR,
    LEVELS,
    Cells,
    Coverage,
    band,
    brier,
    coverage,
    crps,
    log_score,
    pit,
    rank_histogram,
    reliability,
    resampled_mean,
    verdict,
)


def test_the_brier_score_is_the_squared_error():
    assert brier(np.array([0.0, 0.3, 0.3, 1.0]), np.array([0, 0, 1, 1])) == pytest.approx([0.0, 0.09, 0.49, 0.0])


def test_the_log_score_is_minus_the_log_of_the_chance_of_what_happened():
    assert log_score(np.array([0.5, 0.2, 0.2]), np.array([1, 1, 0])) == pytest.approx(
        [math.log(2), math.log(5), -math.log(0.8)]
    )


def test_the_log_score_of_a_certainty_that_fails_is_bounded():
    assert log_score(np.array([0.0, 1.0]), np.array([1, 0])) == pytest.approx([-math.log(FLOOR)] * 2)
    assert log_score(np.array([0.0, 1.0]), np.array([0, 1])) == pytest.approx([-math.log1p(-FLOOR)] * 2)


@pytest.mark.parametrize("score", [brier, log_score])
def test_a_score_is_best_for_the_right_chance(score):
    """The mean score over what happens with chance 0.3 is least at 0.3: the score is proper."""
    chances = np.linspace(0.01, 0.99, 99)
    mean = 0.3 * score(chances, np.ones(99)) + 0.7 * score(chances, np.zeros(99))
    assert chances[mean.argmin()] == pytest.approx(0.3)


@pytest.mark.parametrize("seen", [-2.0, 3.0, 7.5])
def test_the_crps_of_a_point_is_its_distance(seen: float):
    assert crps(np.full(40, 3.0), seen) == pytest.approx(abs(seen - 3.0), abs=1e-12)


def test_the_crps_of_two_points():
    """Mean distance less half the mean distance of the points from each other: 1/2 - 1/4 where seen between them."""
    for seen in (0.0, 0.3, 1.0):
        assert crps(np.array([0.0, 1.0]), seen) == pytest.approx(0.25, abs=1e-12)
    assert crps(np.array([0.0, 1.0]), 3.0) == pytest.approx(2.25, abs=1e-12)


def test_the_crps_is_the_integral_of_squared_differences_of_distributions():
    futures, seen = np.array([0.0, 1.0, 1.0, 4.0, 6.0]), 2.0
    at = np.arange(-1.0, 8.0, 1e-3) + 5e-4
    below = (futures[:, np.newaxis] <= at).mean(axis=0)
    assert crps(futures, seen) == pytest.approx(((below - (at >= seen)) ** 2).sum() * 1e-3, abs=1e-9)


@pytest.mark.parametrize("seen", [0.0, 0.7, -2.5])
def test_the_crps_of_a_normal_sample_is_its_closed_form(seen: float):
    """Gneiting & Raftery (2007), equation (21), at the quantiles of a normal distribution."""
    futures = stats.norm.ppf((np.arange(4000) + 0.5) / 4000)
    exact = seen * (2 * stats.norm.cdf(seen) - 1) + 2 * stats.norm.pdf(seen) - 1 / math.sqrt(math.pi)
    assert crps(futures, seen) == pytest.approx(exact, abs=1e-3)


def test_the_crps_does_not_depend_on_the_order_of_the_futures():
    futures = np.random.default_rng(1).normal(size=50)
    assert crps(futures, 0.2) == pytest.approx(crps(futures[::-1], 0.2), abs=1e-14)


def test_the_ends_of_a_pit_hold_the_share_of_ties():
    assert pit(np.array([1, 2, 2, 3]), 2) == (0.25, 0.75)
    assert pit(np.array([1, 2, 2, 3]), 0) == (0.0, 0.0)
    assert pit(np.array([1, 2, 2, 3]), 3.5) == (1.0, 1.0)


def test_a_pit_is_spread_evenly_over_its_ends():
    assert rank_histogram([(0.25, 0.75)]) == pytest.approx([0, 0, 0.1, 0.2, 0.2, 0.2, 0.2, 0.1, 0, 0])
    assert rank_histogram([(0.0, 1.0)]) == pytest.approx([0.1] * BINS)


def test_a_pit_without_width_falls_into_one_bin():
    for at, bin_ in ((0.0, 0), (0.55, 5), (0.95, BINS - 1)):
        assert rank_histogram([(at, at)]).argmax() == bin_
        assert rank_histogram([(at, at)]).sum() == pytest.approx(1.0)


def test_what_was_seen_above_all_futures_falls_into_the_last_bin():
    assert rank_histogram([pit(np.array([1, 2]), 3)]) == pytest.approx([0] * 9 + [1])


def test_what_was_seen_below_all_futures_falls_into_the_first_bin():
    assert rank_histogram([pit(np.array([1, 2]), 0)]) == pytest.approx([1] + [0] * 9)


def histogram(shift: float, spread: float) -> np.ndarray:
    """Return the rank histogram of 1000 counts of 30 with chance 0.4, forecast with a shift and another spread."""
    luck = np.random.default_rng(1)
    forecast = np.round(12 + shift + spread * (luck.binomial(30, 0.4, 2000) - 12))
    return rank_histogram([pit(forecast, seen) for seen in luck.binomial(30, 0.4, 1000)])


def z_of(shares: np.ndarray) -> float:
    """Return the largest distance of a share from a tenth, in standard errors of 1000 forecasts."""
    return float(np.abs(shares - 0.1).max() / math.sqrt(0.1 * 0.9 / 1000))


def test_the_histogram_of_right_forecasts_is_flat():
    assert z_of(histogram(0.0, 1.0)) < 4


@pytest.mark.parametrize(("shift", "spread"), [(2.0, 1.0), (-2.0, 1.0), (0.0, 0.5), (0.0, 2.0)])
def test_the_histogram_of_wrong_forecasts_is_not(shift: float, spread: float):
    assert z_of(histogram(shift, spread)) > 4


def test_too_narrow_forecasts_make_a_histogram_with_high_ends():
    shares = histogram(0.0, 0.5)
    assert min(shares[0], shares[-1]) > 0.15 > shares[4:6].max()


@pytest.mark.parametrize(("inside", "n"), [(19, 19), (0, 19), (10, 19), (15, 19), (1, 1)])
def test_the_interval_of_a_coverage_is_that_of_clopper_and_pearson(inside: int, n: int):
    found = coverage([True] * inside + [False] * (n - inside), 0.8)
    low = stats.beta.ppf(0.025, inside, n - inside + 1) if inside else 0.0
    high = stats.beta.ppf(0.975, inside + 1, n - inside) if inside < n else 1.0
    assert (found.low, found.high) == (pytest.approx(low, abs=1e-10), pytest.approx(high, abs=1e-10))
    assert (found.level, found.n, found.inside) == (0.8, n, inside)


def test_bands_that_are_alike_count_as_one():
    """Twelve looks in groups of three are worth four; in one of six and six alone, 144 / 42."""
    inside = [True] * 9 + [False] * 3
    few, uneven = coverage(inside, 0.8, [*"aaabbbcccddd"]), coverage(inside, 0.8, [*"aaaaaabcdefg"])
    assert few == Coverage(0.8, 12, 9, *coverage([True] * 3 + [False], 0.8)[3:])
    worth = 144 / 42
    assert uneven.low == pytest.approx(stats.beta.ppf(0.025, 0.75 * worth, 0.25 * worth + 1))
    assert uneven.high == pytest.approx(stats.beta.ppf(0.975, 0.75 * worth + 1, 0.25 * worth))


def test_a_coverage_holds_where_its_interval_has_the_level():
    assert coverage([True] * 15 + [False] * 4, 0.80).holds
    assert not coverage([True] * 8 + [False] * 11, 0.80).holds
    assert coverage([True] * 19, 0.95).holds
    assert not coverage([True] * 19, 0.50).holds


@pytest.mark.parametrize(("level", "ends"), [(0.50, (25, 75)), (0.80, (10, 90))])
def test_a_band_is_central(level: float, ends: tuple[int, int]):
    assert band(np.arange(1, 101), level) == ends


@pytest.mark.parametrize("level", LEVELS)
def test_a_band_of_counts_holds_at_least_what_it_promises(level: float):
    futures = np.random.default_rng(2).binomial(51, 0.3, 2000)
    low, high = band(futures, level)
    assert ((low <= futures) & (futures <= high)).mean() >= level


def test_the_points_of_a_diagram_are_tenths_by_rising_chance():
    chance = np.arange(100) / 100
    found = reliability(chance[::-1], (np.arange(100) < 50).astype(int))
    assert found["n"].tolist() == [10] * BINS
    assert found["forecast"].to_numpy() == pytest.approx(np.arange(BINS) / 10 + 0.045)
    assert found["observed"].tolist() == [0.0] * 5 + [1.0] * 5


def test_the_bars_of_a_diagram_are_those_of_the_binomial_distribution():
    (low,), (high,) = (reliability(np.full(1000, 0.2), np.zeros(1000, int))[name].unique() for name in ("low", "high"))
    assert stats.binom.cdf(round(low * 100) - 1, 100, 0.2) <= 0.025 < stats.binom.cdf(round(low * 100), 100, 0.2)
    assert stats.binom.cdf(round(high * 100) - 1, 100, 0.2) < 0.975 <= stats.binom.cdf(round(high * 100), 100, 0.2)


def test_right_forecasts_stay_within_the_bars_and_wrong_ones_do_not():
    luck = np.random.default_rng(4)
    chance = luck.random(5000)
    happened = (luck.random(5000) < chance).astype(int)
    right, wrong = (reliability(one, happened) for one in (chance, chance**2))
    inside = [one["observed"].between(one["low"], one["high"]).sum() for one in (right, wrong)]
    assert inside[0] >= BINS - 2 > 3 >= inside[1]


def test_bars_of_worlds_whose_cells_are_independent_are_those_of_the_binomial_distribution():
    """All chances are equal, so that every cell of the worlds belongs to the first tenth."""
    happened = np.random.default_rng(6).random((4000, 100)) < 0.2
    found = reliability(np.full(1000, 0.2), np.zeros(1000, int), [Cells(np.full(100, 0.2), happened | True, happened)])
    expected = stats.binom.ppf([0.025, 0.975], 100, 0.2) / 100
    assert found.loc[0, ["low", "high"]].to_numpy(float) == pytest.approx(expected, abs=0.01)


def test_bars_of_worlds_whose_cells_go_together_are_as_wide_as_can_be():
    together = np.repeat(np.arange(1000)[:, np.newaxis] < 200, 100, axis=1)
    worlds = Cells(np.full(100, 0.2), together | True, together)
    found = reliability(np.full(1000, 0.2), np.zeros(1000, int), [worlds])
    assert found.loc[0, ["low", "high"]].tolist() == [0.0, 1.0]


def test_cells_that_wait_no_more_do_not_count():
    happened = np.zeros((50, 4), bool)
    happened[:, 0] = True
    found = reliability(np.full(4, 0.5), np.ones(4, int), [Cells(np.full(4, 0.5), happened, happened)])
    assert found.loc[0, ["low", "high"]].tolist() == [1.0, 1.0]


def test_cells_belong_to_the_tenth_of_their_chance():
    chance = np.arange(1, 101) / 100
    happened = np.broadcast_to(chance > 0.5, (3, 100))
    found = reliability(chance, np.zeros(100, int), [Cells(chance, happened | True, happened)])
    assert found["low"].tolist() == found["high"].tolist() == [0.0] * 5 + [1.0] * 5


def test_of_few_forecasts_there_is_a_point_each():
    assert reliability(np.array([0.2, 0.1, 0.3]), np.array([0, 0, 1]))["n"].tolist() == [1, 1, 1]


def test_a_mean_over_groups_that_are_all_alike_is_certain():
    found = resampled_mean(np.full(6, 0.25), pd.Series(list("aabbcc")), 1)
    assert found == {"gain": 0.25, "low": 0.25, "high": 0.25}


def test_an_interval_of_a_mean_resamples_whole_groups():
    """A thousand rows in two groups, each all alike, are two facts: nothing lies between the ends and the middle."""
    values, group = np.repeat([0.0, 1.0], 500), pd.Series(np.repeat(["a", "b"], 500))
    assert resampled_mean(values, group, 1) == {"gain": 0.5, "low": 0.0, "high": 1.0}
    apart = resampled_mean(values, pd.Series(range(1000)), 1)
    assert apart["high"] - apart["low"] == pytest.approx(4 * 0.5 / math.sqrt(1000), rel=0.05)


def test_groups_count_by_their_rows():
    values, group = np.array([0.0, 0.0, 0.0, 1.0]), pd.Series(["a", "a", "a", "b"])
    assert resampled_mean(values, group, 1)["gain"] == 0.25


def test_the_histogram_of_no_forecasts_is_empty():
    assert rank_histogram([]).tolist() == [0] * 10


@pytest.mark.parametrize(
    ("low", "high", "groups", "told"),
    [
        (0.1, 0.2, 6, "better"),
        (-0.2, -0.1, 6, "worse"),
        (-0.1, 0.2, 6, "open"),
        (0.0, 0.2, 6, "open"),
        (0.1, 0.2, 5, "few"),
        (-0.1, 0.2, 1, "few"),
    ],
)
def test_a_verdict_needs_an_interval_without_zero_and_enough_groups(low: float, high: float, groups: int, told: str):
    assert verdict(low, high, groups) == told
