"""What analyses take from a store is what was run: the right points, runs, outcome and year."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from batches import SAMPLERS, begun, copied, sampled, swept

from foresight.analysis.picking import picked, points_of, reached, reached_in_all, sample_of, values_of, watched
from foresight.errors import InputError
from foresight.experiments.loading import experiment_of
from foresight.experiments.manifest import MANIFEST, Shard
from foresight.experiments.store import Store, open_store
from foresight.experiments.sweep import merge
from foresight.results.series import series_called, simulated_series
from foresight.runs import DRAWN, Runs
from foresight.scenario.building import build
from foresight.scenario.loading import load_scenario


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Return a store of 16 points of 3 replicates on each of two scenarios, in several parts."""
    store = swept(tmp_path_factory.mktemp("whole"))
    assert len(store.finished) > 4
    return store


def problems(function: Any, *arguments: Any) -> list[tuple[str, str]]:
    """Return field and kind of all that is refused."""
    with pytest.raises(InputError) as caught:
        function(*arguments)
    assert all(str(problem) for problem in caught.value.problems)
    return [(problem.field, problem.kind) for problem in caught.value.problems]


def run_alone(point: pd.Series, base: str, outcome: str, year: int) -> np.ndarray:
    """Simulate the three replicates of a point by themselves."""
    from foresight.scenario.building import with_design

    scenario = load_scenario(base)
    inputs = build(scenario)
    region = np.ones(len(scenario.members()), np.bool_)
    runs = Runs(DRAWN, 1, range(3))
    varied = with_design(inputs, scenario, {name: np.full(3, value) for name, value in point.items()}, runs)
    series = simulated_series(varied, runs, {"region": region}, [series_called(outcome)])
    return series[0, inputs.years.index(year)]


# What is looked at ---------------------------------------------------------------------------------------------------


def test_what_is_not_said_is_the_first_series_and_the_last_year(store: Store):
    chosen = picked(store, scenario="mine")
    assert (chosen.outcome, chosen.year, chosen.scenario.id) == ("mean_delivered", 2040, "mine")


def test_the_only_scenario_need_not_be_named(tmp_path: Path):
    assert picked(swept(tmp_path, sampled("table"))).scenario.id == "historical-pace"


def test_one_of_several_scenarios_has_to_be_named(store: Store):
    assert problems(picked, store) == [("scenario", "several_scenarios")]
    assert problems(reached, store, "completed", 0.5) == [("scenario", "several_scenarios")]


def test_what_was_not_kept_is_told_at_once_with_what_comes_nearest(store: Store):
    with pytest.raises(InputError) as caught:
        picked(store, "trust.Pacfic", 2035, "mein")
    told = {problem.field: (problem.kind, problem.nearest) for problem in caught.value.problems}
    assert told == {
        "outcome": ("not_kept", "trust.Pacific"),
        "year": ("not_kept", ""),
        "scenario": ("unknown_name", "mine"),
    }
    assert all(str(store.path) in str(problem) for problem in caught.value.problems)


def test_an_unfinished_store_is_refused_and_says_how_far_it_is(tmp_path: Path):
    store = begun(tmp_path, sampled("sobol_sequence"))
    with pytest.raises(InputError) as caught:
        picked(store)
    (problem,) = caught.value.problems
    assert problem.kind == "unfinished"
    assert problem.given == f"{len(store.finished)} / {len(store.all_parts)}"
    assert problems(sample_of, store) == problems(reached, store, "completed", 0.5) == [("", "unfinished")]


@pytest.mark.costly
def test_the_store_of_a_shard_is_refused_until_it_is_merged(tmp_path: Path):
    words = sampled("latin_hypercube")
    shards = [swept(tmp_path / str(number), words, Shard(number, 2)) for number in (1, 2)]
    assert not any(one.missing for one in shards)
    assert [problems(sample_of, one) for one in shards] == [[("", "unfinished")]] * 2
    merged = sample_of(merge([one.path for one in shards], tmp_path / "merged"))
    whole = sample_of(swept(tmp_path / "whole", words))
    np.testing.assert_array_equal(merged.values, whole.values)
    np.testing.assert_array_equal(merged.unit, whole.unit)


# Points and replicates -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("base", ["historical-pace", "mine"])
@pytest.mark.parametrize("year", [2030, 2040])
def test_values_stand_in_the_order_of_points_and_replicates(store: Store, base: str, year: int):
    """Each number is found again in the row of its point and replicate, parts and years notwithstanding."""
    sample = sample_of(store, "mean_delivered", year, base)
    assert sample.values.shape == (16, 3)
    rows = store.table(["mean_delivered"]).set_index(["point", "replicate", "year"])["mean_delivered"]
    points = store.points().query("scenario == @base")["point"]
    for position, point in enumerate(points):
        for replicate in range(3):
            assert sample.values[position, replicate] == rows[point, replicate, year]


@pytest.mark.parametrize("position", [0, 9, 15])
def test_values_are_those_that_the_point_has_if_it_is_run_alone(store: Store, position: int):
    sample, points = sample_of(store, scenario="historical-pace"), store.points().query("scenario == 'historical-pace'")
    point = points.drop(columns=["point", "scenario"]).iloc[position]
    alone = run_alone(point, "historical-pace", "mean_delivered", 2040)
    np.testing.assert_allclose(sample.values[position], alone, rtol=1e-6)  # single precision


def test_points_of_both_scenarios_are_the_same_and_their_values_are_not(store: Store):
    one, other = (sample_of(store, scenario=name) for name in ("historical-pace", "mine"))
    np.testing.assert_array_equal(one.unit, other.unit)
    assert (one.values != other.values).any()


def test_factors_are_in_the_order_of_the_columns(store: Store):
    sample = sample_of(store, scenario="mine")
    points = points_of(store, store.experiment.scenarios[1])
    assert sample.factors == tuple(points.columns)
    assert set(sample.factors) == {"delivery_rate", "peer_effect", "pledge_effort.transparency.phase_2"}
    assert points.index.tolist() == list(range(16))


@pytest.mark.costly
@pytest.mark.parametrize("method", sorted(SAMPLERS))
def test_the_unit_cube_is_mapped_to_the_points(method: str, tmp_path: Path):
    """Each column of the cube grows with its factor, in proportion if it is drawn evenly; a table is its own cube."""
    store = swept(tmp_path, sampled(method))
    sample, points = sample_of(store), points_of(store, store.experiment.scenarios[0])
    assert (sample.sampler, len(sample.values)) == (method, len(points))
    assert len(sample.values) % sample.rows == 0
    if method == "table":
        np.testing.assert_array_equal(sample.unit, points)
        return
    for column, (name, drawn) in zip(sample.unit.T, store.experiment.varied.items(), strict=True):
        assert points[name].iloc[np.argsort(column, kind="stable")].is_monotonic_increasing
        if drawn.distribution == "uniform":
            np.testing.assert_allclose(drawn.low + column * (drawn.high - drawn.low), points[name])
    assert any(drawn.distribution == "uniform" for drawn in store.experiment.varied.values())


def test_what_a_sampler_was_told_reaches_the_analysis(tmp_path: Path):
    trajectories = sample_of(swept(tmp_path / "grid", f"{sampled('morris')}levels = 6\n"))
    assert (trajectories.levels, trajectories.rows) == (6, 4)
    assert set(np.round(trajectories.unit.ravel() * 5, 9)) <= set(range(6))
    assert sample_of(swept(tmp_path / "second", sampled("saltelli"))).rows == 8
    first = sampled("saltelli").replace("second_order = true", "second_order = false")
    assert sample_of(swept(tmp_path / "first", first)).rows == 5


def test_points_that_the_experiment_does_not_make_here_are_refused(store: Store, tmp_path: Path):
    """A library that draws other points would give an index to a point that it does not belong to."""
    copy = copied(store, tmp_path)
    other = {**copy.manifest["experiment"], "seed": 2}
    manifest = {**copy.manifest, "experiment": other, "experiment_digest": experiment_of(other, "").digest()}
    (copy.path / MANIFEST).write_text(json.dumps(manifest), "utf-8")
    with pytest.raises(InputError) as caught:
        sample_of(open_store(copy.path), scenario="mine")
    (problem,) = caught.value.problems
    assert problem.kind == "other_points"
    assert all(f"{name} {store.manifest['libraries'][name]}" in str(problem) for name in ("scipy", "salib", "numpy"))


# What is reached -----------------------------------------------------------------------------------------------------


def middle(values: np.ndarray) -> float:
    """Return a value that half of the others reach, one of them, so that equality counts."""
    return float(np.sort(values, axis=None)[values.size // 2])


def test_a_point_is_of_interest_where_enough_of_its_runs_fulfil_the_condition(store: Store):
    values = sample_of(store, "mean_delivered", 2040, "mine").values
    level = middle(values)
    for share in (0.01, 1 / 3, 0.5, 1.0):
        chosen, target, interesting = reached(store, f"mean_delivered >= {level!r}", share, "mine")
        expected = [sum(value >= level for value in runs) >= 3 * share - 1e-9 for runs in values]
        assert interesting.tolist() == expected
        assert (chosen.scenario.id, target.year) == ("mine", 2040)


def test_a_condition_and_its_contrary_divide_the_points_between_them(store: Store):
    level = middle(values_of(store, picked(store, "trust.Pacific", 2030, "mine")))
    above, below = (
        reached(store, f"trust.Pacific {relation} {level!r} in 2030", share, "mine")[2]
        for relation, share in ((">", 0.5), ("<=", 0.5))
    )
    assert (above ^ below).all()  # of three runs, two are on one of the sides
    assert above.any()
    assert below.any()


def test_completed_can_be_asked_as_yes_or_no(store: Store):
    (_, _, yes), (_, _, no) = (reached(store, words, 0.5, "mine") for words in ("completed", "not completed"))
    runs = values_of(store, picked(store, "completed", 2040, "mine"))
    assert yes.tolist() == (runs.mean(axis=1) >= 0.5).tolist()
    assert (yes ^ no).all()


@pytest.mark.parametrize(
    ("condition", "field", "kind"),
    [
        ("trust >= 0.5", "outcome", "not_kept"),
        ("completed in 2035", "year", "not_kept"),
        ("complete", "target", "unknown_name"),
        ("mean_delivered", "target", "not_a_target"),
        ("mean_delivered >= much", "target", "not_a_number"),
        ("completed in 2050", "target", "out_of_range"),
    ],
)
def test_conditions_on_what_was_not_kept_or_cannot_be_understood_are_refused(
    store: Store, condition: str, field: str, kind: str
):
    assert problems(reached, store, condition, 0.5, "mine") == [(field, kind)]


@pytest.mark.costly
def test_a_value_that_equals_the_target_reaches_it(tmp_path: Path):
    words = sampled("latin_hypercube").replace("n = 7", "n = 200").replace("replicates = 3", "replicates = 20")
    store = swept(tmp_path, words)
    values = values_of(store, picked(store, "mean_delivered", 2030))
    equal = np.isclose(values, 0.7, atol=1e-6)
    assert equal.any()
    shares = ((values >= 0.7) | equal).mean(axis=1)
    point = int(np.flatnonzero(equal.any(axis=1))[0])
    assert reached(store, "mean_delivered >= 0.7 in 2030", shares[point])[2][point]


def test_all_base_scenarios_are_looked_at_unless_one_is_named(store: Store):
    level = middle(values_of(store, picked(store, "mean_delivered", scenario="mine")))
    condition = f"mean_delivered >= {level!r}"
    together = reached_in_all(store, condition, 0.5)
    parts = [reached(store, condition, 0.5, base.id)[2] for base in store.experiment.scenarios]
    assert [base.id for base in together.scenarios] == ["historical-pace", "mine"]
    np.testing.assert_array_equal(together.interesting, np.concatenate(parts))
    assert list(together.points["scenario"]) == ["historical-pace"] * 16 + ["mine"] * 16
    alone = reached_in_all(store, condition, 0.5, "mine")
    pd.testing.assert_frame_equal(alone.points, points_of(store, store.experiment.scenarios[1]))


@pytest.mark.parametrize("scenario", ["", "mine"])
def test_what_runs_show_early_stands_beside_whether_they_arrive(store: Store, scenario: str):
    level = middle(values_of(store, picked(store, "mean_delivered", scenario="mine")))
    found = watched(store, reached_in_all(store, f"mean_delivered >= {level!r}", 0.5, scenario), 2030)
    runs = store.table().pivot(index=["point", "replicate"], columns="year").loc[np.unique(found.groups)]
    assert list(found.observables) == ["mean_delivered", "trust.Pacific", "completed"]
    for name in found.observables:
        np.testing.assert_array_equal(found.observables[name], runs[name][2030])
    np.testing.assert_array_equal(found.arrived, runs["mean_delivered"][2040] >= np.float32(level))
    np.testing.assert_array_equal(found.groups, runs.index.get_level_values("point"))


@pytest.mark.parametrize(("year", "condition"), [(2040, "completed"), (2030, "completed in 2030"), (2029, "completed")])
def test_a_year_to_watch_comes_before_that_of_the_condition(store: Store, year: int, condition: str):
    with pytest.raises(InputError, match="watch"):
        watched(store, reached_in_all(store, condition, 0.5), year)
