"""Sensitivity indices, their intervals and the verdict on them, against functions whose indices are known."""

import dataclasses
import json
from typing import Any

import numpy as np
import pandas as pd
import pytest
import SALib.analyze.morris
import SALib.analyze.sobol
import SALib.sample.morris
import SALib.sample.sobol
from functions import Values, design, ishigami, linear, names, problem, sampled, with_chance

from foresight import InputError
from foresight.analysis.convergence import convergence_curve
from foresight.analysis.indices import delta_indices, pawn_index, quick_delta_indices, quick_pawn_index
from foresight.analysis.ranking import MOST, WIDEST, size_to_try, widest_allowed
from foresight.analysis.sample import is_constant, is_nearly_constant, odd_ones
from foresight.analysis.sensitivity import METHODS, Sample, Sensitivity, analyze, default_method
from foresight.analysis.variance import SOURCES, variance_shares
from foresight.experiments.sampler import DESIGNS
from foresight.texts import drafts, languages

#: Exact indices of the Ishigami function with a = 7 and b = 0.1, by factor.
ISHIGAMI = {"S1": (0.3139, 0.4424, 0.0), "ST": (0.5576, 0.4424, 0.2437)}

#: Coefficients of the g function: factors from important to idle.
G = np.array([0.0, 1.0, 4.5, 9.0, 99.0, 99.0])


def sobol_g(unit: Values) -> Values:
    return np.prod((np.abs(4 * unit - 2) + G) / (1 + G), axis=1)


def exact_g() -> dict[str, Values]:
    """Return the exact indices of the g function: Saltelli and Sobol' (1995)."""
    partial = 1 / (3 * (1 + G) ** 2)
    total = np.prod(1 + partial) - 1
    return {"S1": partial / total, "ST": partial * np.prod(1 + partial) / (1 + partial) / total}


def values_of(found: Sensitivity, index: str) -> Values:
    return found.rows_of(index)["value"].to_numpy()


def within(found: Sensitivity, index: str, exact: Any, intervals: float = 2.0) -> bool:
    """Say whether indices are within so many half widths of the exact ones."""
    rows = found.rows_of(index)
    return bool((np.abs(rows["value"] - np.asarray(exact)) <= intervals * (rows["high"] - rows["value"]) + 1e-9).all())


def group_of(found: Sensitivity, factor: str) -> int:
    return next(at for at, group in enumerate(found.ranking) if factor in group)


# Known functions -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [2048, 4096])
def test_indices_of_the_ishigami_function_are_the_exact_ones(size: int):
    found = analyze(sampled(ishigami, "saltelli", 3, size), "sobol")
    assert all(within(found, index, exact) for index, exact in ISHIGAMI.items())
    assert found.ranking == (("x1",), ("x2",), ("x3",))
    assert (found.converged, found.needed, found.idle) == (True, size, ())


def test_indices_of_the_g_function_are_the_exact_ones():
    found = analyze(sampled(sobol_g, "saltelli", 6, 2048), "sobol")
    assert all(within(found, index, exact) for index, exact in exact_g().items())
    assert found.converged
    assert found.ranking[:4] == (("x1",), ("x2",), ("x3",), ("x4",))


def test_second_order_rows_change_next_to_nothing():
    unit = SALib.sample.sobol.sample(problem(3), 512, calc_second_order=True, seed=1)
    long = Sample(names(3), unit, ishigami(unit)[:, np.newaxis], "saltelli", second_order=True)
    short = sampled(ishigami, "saltelli", 3, 512)
    assert analyze(long, "sobol").n == analyze(short, "sobol").n == 512
    # SALib centres the outcome on all rows, which moves first-order indices by next to nothing.
    pd.testing.assert_frame_equal(analyze(long, "sobol").table, analyze(short, "sobol").table, rtol=0, atol=1e-3)


def ishigami_pairs(size: int = 1024) -> Sample:
    """Return what a design with points for interactions finds of the Ishigami function."""
    unit = SALib.sample.sobol.sample(problem(3), size, calc_second_order=True, seed=1)
    return Sample(names(3), unit, ishigami(unit)[:, np.newaxis], "saltelli", second_order=True)


def test_interactions_of_the_ishigami_function_are_the_exact_ones():
    """The first and the third factor have all of it: what the total effect of the third one is."""
    found = analyze(ishigami_pairs(4096), "sobol").interactions
    assert list(zip(found["factor"], found["other"], strict=True)) == [("x1", "x2"), ("x1", "x3"), ("x2", "x3")]
    assert (found["index"] == "S2").all()
    exact = np.array([0.0, ISHIGAMI["ST"][2], 0.0])
    assert (np.abs(found["value"] - exact) <= 2 * (found["high"] - found["value"])).all()
    assert (found["low"] > 0).tolist() == [False, True, False]


def test_interactions_are_about_those_of_salib():
    sample = ishigami_pairs(1024)
    theirs = SALib.analyze.sobol.analyze(problem(3), sample.values[:, 0], calc_second_order=True, seed=1)
    found = analyze(sample, "sobol").interactions
    pairs = np.triu_indices(3, 1)
    assert (np.abs(found["value"] - theirs["S2"][pairs]) < theirs["S2_conf"][pairs]).all()
    assert (found["high"] - found["value"] <= theirs["S2_conf"][pairs]).all()


def test_a_factor_that_does_nothing_interacts_with_none():
    unit = SALib.sample.sobol.sample(problem(4), 64, calc_second_order=True, seed=1)
    found = analyze(Sample(names(4), unit, ishigami(unit)[:, np.newaxis], "saltelli", second_order=True), "sobol")
    rows = found.interactions[found.interactions["other"] == "x4"]
    np.testing.assert_allclose(rows[["value", "low", "high"]], 0, atol=1e-15)


def test_chance_has_its_part_in_interactions():
    found = analyze(with_chance(ishigami_pairs(128), replicates=4), "sobol").interactions
    assert (found["noise"] > 0).all()


def test_only_a_design_with_points_for_interactions_has_them():
    assert analyze(sampled(ishigami, "saltelli", 3, 64), "sobol").interactions.empty
    assert analyze(ishigami_pairs(64), "pawn", resamples=8).interactions.empty


def test_a_few_points_do_not_converge():
    found = analyze(sampled(ishigami, "saltelli", 3, 32), "sobol")
    assert not found.converged
    assert (found.ranking, found.apart, found.idle, found.places) == ((), (), (), {})
    assert found.order == found.factors
    assert found.needed == 4096
    assert found.table[["low", "high"]].notna().all(axis=None)


@pytest.mark.parametrize("size", [64, 128, 256, 512])
def test_too_wide_intervals_do_not_converge(size: int):
    found = analyze(sampled(ishigami, "saltelli", 3, size), "sobol")
    assert found.verdict == "wide"
    assert found.order == ("x1", "x2", "x3")  # by the estimates, and no pair is told apart the wrong way
    assert set(found.apart) <= {("x1", "x2"), ("x1", "x3"), ("x2", "x3")}
    assert found.needed in (1024, 2048, 4096)
    assert found.width > found.allowed


@pytest.mark.parametrize(("of", "factors", "ordered"), [(ishigami, 3, False), (linear, 4, True)])
def test_wide_intervals_leave_the_order_open_only_where_places_are_shared(of: Any, factors: int, ordered: bool):
    found = analyze(sampled(of, "saltelli", factors, 128), "sobol")
    assert found.verdict == "wide"
    assert all(best == worst for best, worst in found.places.values()) == ordered
    assert ("the order may change" in found.sentence()) != ordered
    assert ("The order is sure" in found.sentence()) == ordered
    assert f"try n = {found.needed}" in found.sentence().lower()


def test_effects_of_a_linear_function_are_its_slopes():
    found = analyze(sampled(linear, "morris", 4, 10), "morris")
    np.testing.assert_allclose(values_of(found, "mu_star"), range(4), atol=1e-12)
    np.testing.assert_allclose(values_of(found, "mu"), range(4), atol=1e-12)
    np.testing.assert_allclose(values_of(found, "sigma"), 0, atol=1e-12)
    assert found.ranking == (("x4",), ("x3",), ("x2",), ("x1",))
    assert found.idle == ("x1",)


def test_effects_are_over_the_range_whatever_the_levels():
    unit = SALib.sample.morris.sample(problem(3), 12, num_levels=6, seed=1)
    found = analyze(Sample(names(3), unit, linear(unit)[:, np.newaxis], "morris", levels=6), "morris")
    np.testing.assert_allclose(values_of(found, "mu_star"), range(3), atol=1e-12)


@pytest.mark.parametrize("method", ["pawn", "delta"])
def test_methods_for_any_design_rank_the_ishigami_function(method: str):
    found = analyze(sampled(ishigami, "latin_hypercube", 4, 2048), method, resamples=25)
    assert found.ranking[:2] == (("x2",), ("x1",))
    assert "x4" in found.ranking[-1]
    assert "x4" in found.idle


def test_one_factor_alone_is_ranked():
    for method, sampler, size in (("sobol", "saltelli", 2048), ("morris", "morris", 60), ("pawn", "table", 2000)):
        found = analyze(sampled(lambda unit: unit[:, 0] ** 2, sampler, 1, size), method, resamples=50)
        assert found.converged
        assert found.ranking == (("x1",),)


# What SALib finds ------------------------------------------------------------------------------------------------


def test_indices_are_those_of_salib():
    sample = with_chance(sampled(ishigami, "saltelli", 3, 256))
    theirs = SALib.analyze.sobol.analyze(problem(3), sample.values.mean(axis=1), calc_second_order=False, seed=1)
    found = analyze(sample, "sobol")
    for index in ("S1", "ST"):
        np.testing.assert_allclose(values_of(found, index), theirs[index], rtol=1e-10)
        np.testing.assert_allclose(found.rows_of(index).eval("high - value"), theirs[f"{index}_conf"], rtol=0.35)


def test_effects_are_those_of_salib():
    sample = with_chance(sampled(ishigami, "morris", 3, 30))
    theirs = SALib.analyze.morris.analyze(problem(3), sample.unit, sample.values.mean(axis=1), seed=1)
    found = analyze(sample, "morris")
    for index in ("mu", "mu_star", "sigma"):
        np.testing.assert_allclose(values_of(found, index), theirs[index].astype(float), rtol=1e-10)


@pytest.mark.parametrize("decimals", [12, 0])
def test_the_quick_estimators_are_those_of_salib(decimals: int):
    """With ties too; delta is counted in bins, which moves it by far less than its interval."""
    unit = design("table", 3, 1500)[:, np.newaxis]
    outcome = np.round(ishigami(unit[:, 0]), decimals)[:, np.newaxis]
    np.testing.assert_allclose(quick_pawn_index(unit, outcome), pawn_index(unit, outcome), rtol=0, atol=1e-12)
    np.testing.assert_allclose(quick_delta_indices(unit, outcome), delta_indices(unit, outcome), rtol=0, atol=2e-3)


# Chance ----------------------------------------------------------------------------------------------------------


NOISY = [("sobol", "saltelli", 2048), ("morris", "morris", 300), ("pawn", "table", 2000), ("delta", "table", 2000)]


@pytest.mark.costly
@pytest.mark.parametrize(("method", "sampler", "size"), NOISY)
@pytest.mark.parametrize("seed", [1, 2])
def test_an_input_that_does_nothing_is_never_above_others(method: str, sampler: str, size: int, seed: int):
    """Not even where luck of each point makes differences of its own."""
    sample = with_chance(sampled(ishigami, sampler, 5, size, seed), own=3.0, seed=seed)
    found = analyze(sample, method, resamples=25, seed=seed)
    assert found.converged
    assert set(found.idle) >= {"x4", "x5"}
    last = len(found.ranking) - 1
    assert (group_of(found, "x4"), group_of(found, "x5")) == (last, last)
    assert "x1" not in found.idle


def test_chance_that_is_the_same_everywhere_changes_no_index():
    sample = sampled(ishigami, "saltelli", 3, 256)
    found, plain = analyze(with_chance(sample, own=0.0), "sobol"), analyze(sample, "sobol")
    np.testing.assert_allclose(found.table["value"], plain.table["value"], rtol=1e-9)
    assert (found.table["noise"] < 1e-9).all()
    assert (plain.table["noise"]).isna().all()


def test_more_replicates_are_less_noise():
    sample = sampled(ishigami, "saltelli", 3, 256)
    few, many = (analyze(with_chance(sample, count, own=4.0), "sobol").rows_of("S1")["noise"] for count in (5, 80))
    assert few.mean() > 2 * many.mean()


def test_the_verdict_counts_chance():
    """The effect of a factor that differs between replicates is not seen by resampling points."""
    unit = design("saltelli", 2, 1024)
    luck = np.random.default_rng(1).standard_normal((1, 4))
    sample = Sample(names(2), unit, 3 * unit[:, [1]] + unit[:, [0]] * (2 + 3 * luck), "saltelli")
    found = analyze(sample, "sobol")
    assert (found.main["high"] - found.main["low"]).max() < found.allowed
    assert found.verdict == "chance"
    assert found.more_replicates > found.replicates == 4
    assert found.needed == found.n  # more points would not help
    assert f"{found.more_replicates} replicates" in found.sentence()


def test_the_variance_is_split_into_its_components():
    rng = np.random.default_rng(1)
    points, replicates, deviations = 600, 300, (2.0, 1.0, 0.5)
    shapes = ((points, 1), (1, replicates), (points, replicates))
    values = sum(sd * rng.standard_normal(shape) for sd, shape in zip(deviations, shapes, strict=True))
    shares = variance_shares(np.asarray(values)).set_index("source")
    assert tuple(shares.index) == SOURCES
    # Relative standard errors are the square roots of 2/599, 2/299 and 2/179,101; three of them.
    np.testing.assert_allclose(shares["variance"], [4, 1, 0.25], rtol=0.25)
    np.testing.assert_allclose(shares.loc["parameters", "variance"], 4, rtol=3 * np.sqrt(2 / 599))
    np.testing.assert_allclose(shares.loc["both", "variance"], 0.25, rtol=3 * np.sqrt(2 / 179_101))
    np.testing.assert_allclose(shares["share"].sum(), 1)


def test_variance_components_are_unbiased():
    """Over 400 small tables, within three standard errors; the largest is that of the four replicates, 4 %."""
    rng, shapes = np.random.default_rng(1), ((8, 1), (1, 4), (8, 4))
    tables = [
        np.asarray(sum(sd * rng.standard_normal(shape) for sd, shape in zip((9, 30, 1), shapes, strict=True)))
        for _ in range(400)
    ]
    found = np.mean([variance_shares(table)["variance"] for table in tables], axis=0)
    np.testing.assert_allclose(found, [81, 900, 1], rtol=0.12)


def test_one_replicate_says_nothing_of_chance():
    found = analyze(sampled(ishigami, "saltelli", 3, 64), "sobol")
    assert found.shares[["variance", "share"]].isna().all(axis=None)
    assert found.table["noise"].isna().all()


# Runs that failed ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "sampler", "size", "lost"), [("sobol", "saltelli", 128, 5), ("morris", "morris", 30, 4)]
)
def test_blocks_drop_out_whole(method: str, sampler: str, size: int, lost: int):
    sample = with_chance(sampled(ishigami, sampler, 3, size), replicates=3)
    failed = sample.values.copy()
    failed[7] = np.nan
    found = analyze(sample._replace(values=failed), method, resamples=20)
    assert (found.failed, found.excluded, found.used) == (3, lost, len(failed) - lost)
    kept = np.arange(len(failed)) // lost != 7 // lost
    rest = analyze(sample._replace(unit=sample.unit[kept], values=failed[kept]), method, resamples=20)
    pd.testing.assert_frame_equal(found.table, rest.table)


@pytest.mark.parametrize("method", ["pawn", "delta"])
@pytest.mark.parametrize("sampler", ["table", "saltelli"])
def test_other_methods_lose_points_alone(method: str, sampler: str):
    sample = sampled(ishigami, sampler, 3, 256)
    failed = sample.values.copy()
    failed[[3, 9]] = [[np.nan], [np.inf]]
    found = analyze(sample._replace(values=failed), method, resamples=20)
    assert (found.failed, found.excluded, found.used) == (2, 2, len(failed) - 2)
    assert np.isfinite(found.main["value"]).all()


def test_a_point_with_one_run_left_is_used():
    sample = with_chance(sampled(ishigami, "saltelli", 3, 64), replicates=4)
    failed = sample.values.copy()
    failed[5, 1:] = np.nan
    found = analyze(sample._replace(values=failed), "sobol")
    assert (found.failed, found.excluded, found.used) == (3, 0, len(failed))
    assert np.isfinite(found.table[["value", "low", "high", "noise"]]).all(axis=None)


@pytest.mark.parametrize("method", METHODS)
def test_without_any_value_there_is_no_ranking(method: str):
    sampler = {"sobol": "saltelli", "morris": "morris"}.get(method, "table")
    sample = sampled(ishigami, sampler, 3, 16)
    found = analyze(sample._replace(values=np.full((len(sample.values), 2), np.nan)), method)
    assert (found.verdict, found.used, found.ranking) == ("few", 0, ())
    assert found.table["value"].isna().all()
    assert found.needed > found.n


@pytest.mark.parametrize("method", METHODS)
def test_what_never_varies_has_no_ranking(method: str):
    sampler = {"sobol": "saltelli", "morris": "morris"}.get(method, "table")
    sample = sampled(lambda unit: np.full(len(unit), 0.3), sampler, 3, 128)
    found = analyze(sample, method)
    assert (found.verdict, found.converged, found.ranking, found.needed) == ("constant", False, (), found.n)
    assert convergence_curve(sample, method)["value"].isna().all()


def test_what_differs_at_two_points_of_three_hundred_is_nearly_constant_and_not_ranked():
    """However narrow the intervals are that resampling such points gives."""
    sample = sampled(lambda unit: np.zeros(len(unit)), "latin_hypercube", 6, 300)
    values = np.repeat(sample.values, 8, axis=1)
    values[[7, 90], 3] = 1.0
    found = analyze(sample._replace(values=values), "pawn")
    assert (found.verdict, found.odd, found.used, found.ranking) == ("nearly_constant", 2, 300, ())
    assert (found.needed, found.more_replicates) == (300, 8)
    assert found.table["value"].isna().all()
    assert found.sentence() == "No ranking: the outcome is nearly constant; 2 of 300 points differ"
    assert found.tiers == ()


@pytest.mark.parametrize(
    ("points", "odd", "factors", "verdict"),
    [(300, 15, 6, True), (300, 16, 6, False), (4000, 59, 6, True), (4000, 60, 6, False), (4000, 60, 7, True)],
)
def test_few_are_one_in_twenty_and_fewer_than_ten_a_factor(points: int, odd: int, factors: int, verdict: bool):
    values = np.full((points, 1), 0.3)
    values[:odd] = np.arange(odd)[:, np.newaxis] + 1.0
    assert is_nearly_constant(values, factors) is verdict
    assert odd_ones(values) == odd


def test_rounding_makes_no_point_odd():
    values = np.array([0.1 + 0.2, 0.3, 0.3, 0.3, np.nan])[:, np.newaxis]
    assert odd_ones(values) == 0
    assert is_constant(values)


@pytest.mark.parametrize("blocks", [1, 2])
def test_one_or_two_blocks_are_too_few(blocks: int):
    for method, sampler in (("sobol", "saltelli"), ("morris", "morris"), ("pawn", "table"), ("delta", "table")):
        found = analyze(sampled(ishigami, sampler, 3, blocks), method, resamples=8)
        assert (found.verdict, found.ranking) == ("few", ())
        assert found.needed >= 10


# The verdict -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["sobol", "morris"])
def test_what_is_apart_is_told_apart_and_the_least_important_never_stands_second(method: str):
    """One wide interval joins no others: the first factor depends on luck, those after it lie clear of each other."""
    sampler = {"sobol": "saltelli", "morris": "morris"}[method]
    unit, slopes = design(sampler, 5, 512), np.array([0.0, 2.5, 0.4, 1.2, 2.5])
    luck = np.random.default_rng(2).standard_normal((1, 8))
    sample = Sample(names(5), unit, (unit @ slopes)[:, np.newaxis] + 0.4 * unit[:, [1]] * luck, sampler)
    found = analyze(sample, method)
    assert set(found.order[:2]) == {"x2", "x5"}
    assert found.order[2:] == ("x4", "x3", "x1")
    assert {("x5", "x4"), ("x5", "x3"), ("x5", "x1"), ("x4", "x3"), ("x4", "x1"), ("x3", "x1")} <= set(found.apart)
    assert ("x5", "x2") not in found.apart
    assert found.places["x1"] == (5, 5)
    assert found.main.set_index("factor")["value"][list(found.order)].is_monotonic_decreasing


@pytest.mark.slow
@pytest.mark.parametrize("replicates", [1, 3, 8])
def test_factors_that_do_the_same_are_seldom_told_apart(replicates: int):
    """In at most 5 % of designs any pair of the six is; of 200, that is 9.6 % with three standard errors.

    Luck has its own part in what each factor does.
    """
    rng, wrong = np.random.default_rng(1), []
    for _ in range(200):
        unit = rng.random((64, 1, 4)) + np.zeros((64, 6, 1))
        other = rng.random((64, 4))
        for at in range(4):
            unit[:, 1 + at, at] = other[:, at]
        unit[:, 5] = other
        points = unit.reshape(-1, 4)
        luck = rng.standard_normal((4, replicates)) if replicates > 1 else np.zeros((4, 1))
        values = points.sum(axis=1, keepdims=True) + 0.2 * points @ luck
        found = analyze(Sample(names(4), points, values, "saltelli"), "sobol", resamples=100)
        wrong.append(bool(found.apart))
    assert np.mean(wrong) < 0.096


def test_what_is_allowed_is_the_threshold_of_the_field_or_a_quarter_of_the_largest():
    assert widest_allowed(np.array([0.1, 0.02]), unit_free=True) == WIDEST
    assert widest_allowed(np.array([0.8, 0.02]), unit_free=True) == 0.2
    assert widest_allowed(np.array([0.1, 0.02]), unit_free=False) == 0.025


@pytest.mark.parametrize(
    ("present", "width", "power_of_two", "wanted"),
    [
        (100, 0.2, False, 400),
        (128, 0.2, True, 512),
        (128, 0.21, True, 1024),
        (128, 1e9, True, MOST),
        (100, 0.01, False, 101),
        (10, np.nan, False, 64),
        (2 * MOST, 1.0, False, 2 * MOST + 1),
    ],
)
def test_a_size_is_named_that_may_do(present: int, width: float, power_of_two: bool, wanted: int):
    assert size_to_try(present, width, 0.1, 64, power_of_two=power_of_two) == wanted


def test_equal_seeds_give_equal_tables():
    for method, sampler, size in NOISY:
        sample = with_chance(sampled(ishigami, sampler, 3, size // 16), replicates=3)
        first, again = (analyze(sample, method, resamples=8) for _ in range(2))
        pd.testing.assert_frame_equal(first.table, again.table)
        assert not first.table.equals(analyze(sample, method, resamples=8, seed=2).table)


def test_random_numbers_of_others_are_left_alone():
    np.random.seed(5)  # noqa: NPY002 - the state that SALib would set
    before = np.random.get_state()[1].tolist()  # noqa: NPY002
    analyze(sampled(ishigami, "table", 3, 128), "delta", resamples=10)
    assert np.random.get_state()[1].tolist() == before  # noqa: NPY002


@pytest.mark.parametrize(
    ("size", "words"), [(32, ("4096", "not converged", "未收敛")), (2048, ("2048", "rank", "可以排序"))]
)
def test_the_verdict_is_said_in_both_languages(size: int, words: tuple[str, str, str]):
    found = analyze(sampled(ishigami, "saltelli", 3, size), "sobol", resamples=100)
    number, english, chinese = words
    assert number in found.sentence()
    assert english in found.sentence().lower()
    assert number in found.sentence("zh")
    assert chinese in found.sentence("zh")


@pytest.mark.parametrize("size", [4, 64])
def test_the_plain_form_is_json_without_nan(size: int):
    found = analyze(sampled(ishigami, "saltelli", 3, size), "sobol")
    plain = json.loads(json.dumps(found.plain(), allow_nan=False))
    assert plain["ranking"] == [list(group) for group in found.ranking]
    assert plain["places"] == {name: list(ends) for name, ends in found.places.items()}
    assert plain["converged"] is False
    assert plain["needed"] == found.needed
    assert plain["table"][0]["factor"] == "x1"
    assert plain["table"][0]["noise"] is None
    assert [row["source"] for row in plain["shares"]] == list(SOURCES)


@pytest.mark.slow
def test_intervals_hold_the_exact_index_as_often_as_they_say():
    """Random points, as the bootstrap supposes; of 200 designs, 95 % less three standard errors is 90.4 %."""
    rng, exact = np.random.default_rng(1), np.array(ISHIGAMI["ST"])
    held = []
    for _ in range(200):
        first, last = rng.random((2, 512, 3))
        rows = [first, *(np.where(np.arange(3) == at, last, first) for at in range(3)), last]
        unit = np.stack(rows, axis=1).reshape(-1, 3)
        main = analyze(Sample(names(3), unit, ishigami(unit)[:, np.newaxis], "saltelli"), "sobol", resamples=100).main
        held.append((main["low"] <= exact) & (exact <= main["high"]))
    assert (np.mean(held, axis=0) > 0.904).all()


# The curve -------------------------------------------------------------------------------------------------------


def test_the_curve_halves_the_design():
    curve = convergence_curve(sampled(ishigami, "saltelli", 3, 256), "sobol")
    assert curve.columns.tolist() == ["N", "factor", "value", "low", "high"]
    assert sorted(set(curve["N"])) == [64, 128, 256]  # fewer cannot be judged
    assert (curve.groupby("N")["factor"].agg(tuple) == names(3)).all()
    whole = analyze(sampled(ishigami, "saltelli", 3, 256), "sobol").main
    np.testing.assert_allclose(curve[curve["N"] == 256]["value"], whole["value"], rtol=1e-12)
    width = curve.assign(width=curve["high"] - curve["low"]).groupby("N")["width"].max()
    assert width[64] == pytest.approx(2 * width[256], rel=0.2)  # four times the points, half as wide


def test_half_of_a_grid_is_not_one_side_of_it():
    side = np.linspace(0, 1, 16)
    unit = np.stack(np.meshgrid(side, side, indexing="ij"), axis=-1).reshape(-1, 2)
    sample = Sample(names(2), unit, unit.sum(axis=1, keepdims=True), "full_factorial")
    curve = convergence_curve(sample, "pawn").set_index(["N", "factor"])["value"]
    assert np.isclose(curve[128, "x1"], curve[128, "x2"], atol=0.15)


# What is refused -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "sampler", "allowed"),
    [("morris", "saltelli", "sobol"), ("sobol", "latin_hypercube", "pawn"), ("pawn", "morris", "morris")],
)
def test_a_method_that_does_not_fit_is_named_with_those_that_do(method: str, sampler: str, allowed: str):
    with pytest.raises(InputError) as caught:
        analyze(sampled(ishigami, sampler, 3, 16), method)
    (found,) = caught.value.problems
    assert (found.field, found.kind, found.given) == ("method", "wrong_sampler", f'"{method}"')
    assert allowed in found.allowed
    for language in ("en", "zh"):
        assert all(part in found.message(language) for part in (method, sampler, allowed))


@pytest.mark.parametrize(
    ("changes", "field", "kind"),
    [
        ({"method": "sobel"}, "method", "unknown_name"),
        ({"seed": -1}, "seed", "out_of_range"),
        ({"resamples": 1}, "resamples", "out_of_range"),
    ],
)
def test_what_cannot_be_used_is_refused(changes: dict[str, Any], field: str, kind: str):
    with pytest.raises(InputError) as caught:
        analyze(**{"sample": sampled(ishigami, "saltelli", 3, 16), "method": "sobol", **changes})
    assert [(found.field, found.kind) for found in caught.value.problems] == [(field, kind)]


def test_an_unknown_design_is_refused():
    for call in (lambda: default_method("grid"), lambda: analyze(sampled(ishigami, "grid", 3, 16), "pawn")):
        with pytest.raises(InputError) as caught:
            call()
        assert (caught.value.problems[0].field, caught.value.problems[0].kind) == ("sampler", "unknown_name")


def test_a_design_that_was_cut_is_refused():
    sample = sampled(ishigami, "saltelli", 3, 16)
    with pytest.raises(InputError) as caught:
        analyze(sample._replace(unit=sample.unit[:-1], values=sample.values[:-1]), "sobol")
    assert caught.value.problems[0].kind == "cut_design"
    assert "5" in caught.value.problems[0].message("zh")


def test_designs_name_methods_that_there_are_and_no_method_is_without_a_design():
    assert {method for design in DESIGNS.values() for method in design.methods} == set(METHODS)


def test_every_design_has_a_method_that_takes_it():
    for sampler in DESIGNS:
        assert default_method(sampler) in METHODS
        assert analyze(sampled(ishigami, sampler, 3, 8), default_method(sampler), resamples=8).verdict == "few"


@pytest.mark.parametrize("language", [*languages(), *drafts()])
@pytest.mark.parametrize("verdict", ["converged", "wide", "chance", "few", "constant", "nearly_constant"])
def test_every_verdict_can_be_told_in_every_language(verdict: str, language: str):
    found = analyze(sampled(ishigami, "saltelli", 3, 64), "sobol", resamples=8)
    assert str(found.n) in dataclasses.replace(found, verdict=verdict).sentence(language) or "constant" in verdict
