"""Comparisons: scenarios under the same luck."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from foresight import InputError, Results, compare, load_scenario, simulate
from foresight.facts.members import REGION
from foresight.results.comparison import Comparison, mean_and_reach
from foresight.results.intervals import WIDTH
from foresight.results.outcomes import OUTCOMES, outcome_values

RUNS = 20
STATISTICS = ["median", "p10", "p90", "mean", "low", "high"]


@pytest.mark.costly
@pytest.mark.parametrize("outcome", OUTCOMES)
def test_identical_scenarios_differ_by_exactly_nothing(outcome: str):
    renamed = load_scenario("baiji-returns").model_copy(update={"id": "other"})
    table = compare(["baiji-returns", renamed], RUNS).differences(outcome)
    assert (table.loc[table["n"] > 1, STATISTICS] == 0).all(axis=None)
    assert (table["n"] == RUNS).any()


def test_differences_are_taken_run_by_run():
    pair = compare(["historical-pace", "baiji-returns"], RUNS)
    table = pair.differences("trust", [REGION, "ASEAN"]).set_index(["scenario", "scope", "year"])
    before, after = (outcome_values(results.series([REGION, "ASEAN"]), "trust") for results in pair.results)
    sample = (after - before).sel(scope="ASEAN", year=2040).values
    row = table.loc[("baiji-returns", "ASEAN", 2040)]
    error = sample.std(ddof=1) / np.sqrt(RUNS)
    expected = [RUNS, *np.quantile(sample, [0.5, 0.1, 0.9]), sample.mean()]
    expected += list(stats.t.interval(0.95, RUNS - 1, loc=sample.mean(), scale=error))
    np.testing.assert_allclose(row[["n", *STATISTICS]].astype(float), expected, rtol=1e-12)


def test_common_luck_narrows_the_interval():
    pair = compare(["historical-pace", "baiji-returns"], RUNS)
    row = pair.differences("trust", [REGION]).iloc[-1]
    apart = [outcome_values(results.summary, "trust").sel(scope=REGION, year=2040) for results in pair.results]
    unpaired = WIDTH * np.sqrt(sum(float(values.var(ddof=1)) for values in apart) / RUNS)
    assert row["high"] - row["mean"] < unpaired


def test_settings_name_all_that_differs_and_nothing_else():
    one = load_scenario("historical-pace")
    changes = {
        "levers.pledge_effort.transparency": [1.0, 2.0, 2.0],
        "uncertainties.delivery_rate": 0.2,
        "structure.gate": "all_five",
    }
    two = load_scenario("historical-pace", set=changes).model_copy(update={"id": "changed", "author": "another"})
    table = compare([one, two], 1).settings()
    assert table.columns.tolist() == ["historical-pace", "changed"]
    assert table.index.tolist() == sorted(changes)
    assert table.loc["uncertainties.delivery_rate"].tolist() == [0.4, 0.2]


def test_settings_that_a_scenario_leaves_open_are_those_that_act():
    club = {"name": "club", "bodies": ["ASEAN"], "pledge_effort": {"financing": 4.0}}
    other = {**club, "delivery_effort": {"financing": 3.0}}
    one = load_scenario("historical-pace", set={"coalitions": [club], "levers.delivery_effort.financing": 2.0})
    two = load_scenario(
        "historical-pace",
        set={"coalitions": [other], "levers.linking": 1.2, "uncertainties.base_solidarity_share": 0.7},
    )
    table = compare([one, two.model_copy(update={"id": "two"})], 1).settings()
    assert table.loc["levers.linking"].tolist() == [0.8, 1.2]
    assert table.loc["levers.solidarity_share"].tolist() == [0.5, 0.7]
    assert table.loc["coalition.club.delivery_effort.financing"].tolist() == [(2.0, 2.0, 2.0), (3.0, 3.0, 3.0)]
    assert (table != "").all(axis=None)


def test_settings_list_events_of_one_scenario_alone():
    table = compare(["historical-pace", "drifting-apart"], 1).settings()
    assert table.loc["event.trade dispute.trust"].tolist() == ["", -0.06]
    assert not any(name.startswith("event.pandemic") for name in table.index)


def test_results_at_hand_are_not_run_again_and_say_how_the_others_are():
    done = simulate("historical-pace", 3, seed=7)
    pair = compare([done, "baiji-returns"])
    assert pair.results[0] is done
    assert (pair.results[1].replicates, pair.results[1].dataset.attrs["seed"]) == (3, 7)


@pytest.mark.parametrize(("replicates", "seed"), [(2, 7), (3, 8)])
def test_runs_of_other_luck_are_refused(replicates: int, seed: int):
    with pytest.raises(InputError) as caught:
        compare([simulate("historical-pace", 3, seed=7), simulate("baiji-returns", replicates, seed=seed)])
    assert caught.value.problems[0].kind == "unpaired"


@pytest.mark.costly
@pytest.mark.parametrize("outcome", OUTCOMES)
def test_nothing_is_told_of_rounding(outcome: str):
    """Without repair: means of 1e-18, middles of 1e-15."""
    slightly = load_scenario("historical-pace", set={"uncertainties.delivery_rate": 0.41})
    items = ["historical-pace", slightly.model_copy(update={"id": "faster"})]
    table = compare(items, 30).differences(outcome)[STATISTICS].to_numpy()
    assert not ((table != 0) & (np.abs(table) < 1e-10)).any()
    assert not np.signbit(table[table == 0]).any()


@pytest.fixture(scope="module")
def many() -> dict[str, np.ndarray]:
    """Return how far two scenarios differ in each of many runs."""
    series = [
        simulate(name, 6000, keep="summary").series([REGION]).sel(year=[2040])
        for name in ("historical-pace", "baiji-returns")
    ]
    found = {}
    for outcome in ("trust", "mean_delivered"):
        before, after = (outcome_values(one, outcome) for one in series)
        found[outcome] = (after - before).isel({name: 0 for name in before.dims if name != "replicate"}).values
    return found


@pytest.mark.slow
@pytest.mark.parametrize("outcome", ["trust", "mean_delivered"])
@pytest.mark.parametrize(("n", "by_errors_alone"), [(2, 0.70), (3, 0.82), (5, 0.88)])
def test_intervals_of_few_runs_hold_as_often_as_they_say(
    many: dict[str, np.ndarray], outcome: str, n: int, by_errors_alone: float
):
    """About 95, 94 and 94 in 100 of 1,200 and more; 1.96 standard errors would hold in 70, 81 and 87."""
    runs = many[outcome][: 6000 // n * n].reshape(-1, n).T
    mean, reach = mean_and_reach(runs, np.full(runs.shape[1], n))
    away = np.abs(mean - many[outcome].mean())
    assert 0.925 < (away <= reach).mean() < 0.97
    assert (away <= WIDTH * runs.std(axis=0, ddof=1) / np.sqrt(n)).mean() < by_errors_alone + 0.02


def test_the_mean_of_numbers_that_cancel_out_is_nothing():
    mean, reach = mean_and_reach(np.array([[0.3], [-0.1], [-0.2]]), np.array([3]))
    assert mean == [0]
    assert reach > 0


def made_with(**attributes: str) -> Results:
    results = simulate("baiji-returns", 2, keep="summary")
    return replace(results, dataset=results.dataset.assign_attrs(attributes))


@pytest.mark.parametrize(
    ("name", "value", "kind"), [("version", "0.0.1", "other_versions"), ("data_digest", "0" * 64, "other_facts")]
)
def test_results_of_another_program_or_other_facts_are_refused(name: str, value: str, kind: str):
    first = simulate("historical-pace", 2)
    for make in (compare, Comparison):
        with pytest.raises(InputError) as caught:
            make((first, made_with(**{name: value})))
        (problem,) = caught.value.problems
        assert problem.kind == kind
        for language in ("en", "zh"):
            assert value in problem.message(language)
            assert first.dataset.attrs[name] in problem.message(language)


def test_results_of_one_older_program_may_be_compared():
    old = made_with(version="0.0.1")
    assert compare([old, old]).differences("trust")["mean"].eq(0).all()


@pytest.mark.parametrize(("outcome", "nearest"), [("trusts", "trust"), ("nope", ""), (None, ""), ([], "")])
def test_an_unknown_outcome_is_named_with_the_nearest(outcome: object, nearest: str):
    with pytest.raises(InputError) as caught:
        compare(["historical-pace", "baiji-returns"], 1).differences(outcome)  # type: ignore[arg-type]
    (problem,) = caught.value.problems
    assert (problem.field, problem.kind, problem.nearest) == ("outcome", "unknown_name", nearest)
    assert "baiji_index" in problem.allowed


@pytest.mark.parametrize("items", ["historical-pace", None, 5])
def test_what_is_no_list_of_scenarios_is_refused(items: object):
    with pytest.raises(InputError) as caught:
        compare(items)  # type: ignore[arg-type]
    assert caught.value.problems[0].kind == "not_a_list"


def test_an_item_that_is_no_scenario_is_refused():
    with pytest.raises(InputError) as caught:
        compare(["historical-pace", None], 1)  # type: ignore[list-item]
    assert caught.value.problems[0].kind == "not_a_scenario"


def test_one_scenario_is_no_comparison():
    with pytest.raises(InputError) as caught:
        compare(["historical-pace"])
    assert caught.value.problems[0].kind == "one_scenario"
