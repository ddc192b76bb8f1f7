"""Named series: what a name may say, and that a series is what the results of the same runs say."""

from itertools import permutations
from typing import Any

import numpy as np
import pytest

from foresight import InputError, Results, load_scenario, simulate
from foresight.actions import ACTIONS, RUNGS, SUBREGIONS
from foresight.arrays import Floats
from foresight.errors import Problem
from foresight.facts.bodies import memberships
from foresight.facts.members import REGION
from foresight.facts.scopes import SCOPES, scope_masks
from foresight.results.outcomes import ALL_ACTIONS, LABELS, OUTCOMES, outcome_values
from foresight.results.series import COMPLETED, MEASURED, SeriesName, series_called, simulated_series
from foresight.runs import DRAWN, Runs
from foresight.scenario.building import build
from foresight.texts import Words, languages

#: In it, pathways are completed in some runs and not in others.
SCENARIO, SEED, RUNS = load_scenario("baiji-returns", set={"uncertainties.delivery_rate": 0.7}), 5, 12

#: Of each kind of scope one, and the member of which there is least.
CHOSEN = (REGION, "Pacific", "LDC", "REST", "PIF", "FJI", "TUV")

#: Sums are taken in another order.
ROUNDING = 1e-12


@pytest.fixture(scope="module")
def results() -> Results:
    return simulate(SCENARIO, RUNS, SEED, keep="members")


def simulated(results: Results, names: list[str], replicates: Any = range(RUNS), threads: int | None = None) -> Floats:
    """Return series of the same runs."""
    called = [series_called(name) for name in names]
    scopes = tuple(dict.fromkeys(name.scope for name in called))
    masks = dict(zip(scopes, scope_masks(scopes, results.scenario.members()), strict=True))
    runs = Runs(DRAWN, SEED, replicates)
    return simulated_series(build(results.scenario, runs=runs), runs, masks, called, threads)


def labelled(name: str) -> list[str]:
    """Return the names of several series of an outcome, with every label that is not of a scope."""
    names = [name]
    for dim in MEASURED[name].dims:
        labels = CHOSEN if dim == "scope" else LABELS[dim]
        said = [f"rung_{label}" if dim == "rung" else str(label) for label in labels]
        names = [f"{before}.{label}" for before in names for label in said]
    return names


def problem_of(name: Any) -> Problem:
    with pytest.raises(InputError) as caught:
        series_called(name)
    (problem,) = caught.value.problems
    return problem


# Names ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "outcome", "labels"),
    [
        ("trust", "trust", {"scope": REGION}),
        ("mean_delivered", "mean_delivered", {"scope": REGION, "action": ALL_ACTIONS}),
        ("mean_delivered.networking", "mean_delivered", {"scope": REGION, "action": "networking"}),
        ("coverage.FJI", "coverage", {"scope": "FJI"}),
        ("overdue_share.PIF", "overdue_share", {"scope": "PIF", "action": ALL_ACTIONS}),
        ("offer.Pacific", "offer", {"subregion": "Pacific"}),
        ("fund", "fund", {"region": REGION}),
        ("completed", "completed", {}),
    ],
)
def test_a_name_is_an_outcome_and_labels_and_what_is_not_said_is_the_whole(
    name: str, outcome: str, labels: dict[str, Any]
):
    called = series_called(name)
    assert called == SeriesName(outcome, labels)
    assert str(called) == name


def test_labels_may_stand_in_any_order_and_are_written_in_one():
    parts = ("LDC", "financing", "rung_2")
    called = [series_called(".".join(["delivered_share", *order])) for order in permutations(parts)]
    assert all(one == called[0] for one in called)
    assert {str(one) for one in called} == {"delivered_share.LDC.financing.rung_2"}
    assert called[0].labels == {"scope": "LDC", "action": "financing", "rung": 2}


@pytest.mark.parametrize("name", ["trust.region", "mean_delivered.all", "mean_delivered.all.region", "fund.region"])
def test_what_is_meant_anyhow_is_left_out_of_the_name(name: str):
    assert str(series_called(name)) == name.partition(".")[0]


@pytest.mark.parametrize("outcome", list(MEASURED))
def test_a_name_that_is_written_is_read_as_the_same(outcome: str):
    for name in labelled(outcome):
        called = series_called(name)
        assert series_called(str(called)) == called
        assert str(called).split(".")[0] == outcome


@pytest.mark.parametrize("outcome", list(MEASURED))
def test_every_outcome_has_a_unit_in_every_language(outcome: str):
    unit = series_called(labelled(outcome)[0]).unit
    assert all(Words(language).say(f"unit.{unit}") for language in languages())


@pytest.mark.parametrize(
    ("name", "kind", "nearest"),
    [
        ("mean_deliverd", "unknown_name", "mean_delivered"),
        ("", "unknown_name", ""),
        (".trust", "unknown_name", ""),
        ("Trust", "unknown_name", "trust"),
        ("trust.Pacfic", "unknown_label", "Pacific"),
        ("trust.pacific", "unknown_label", "Pacific"),
        ("trust.", "unknown_label", ""),
        ("trust.networking", "unknown_label", ""),
        ("trust.Pacific.SEA", "unknown_label", ""),
        ("mean_delivered.networking.linking", "unknown_label", ""),
        ("delivered_share.rung_5", "unknown_label", "rung_4"),
        ("completed.Pacific", "unknown_label", ""),
        ("delivered_share", "needs_label", ""),
        ("offer", "needs_label", ""),
        ("condition.Pacific", "needs_label", ""),
    ],
)
def test_a_name_that_says_too_little_too_much_or_the_wrong_thing_is_refused(name: str, kind: str, nearest: str):
    problem = problem_of(name)
    assert (problem.kind, problem.given) == (kind, f'"{name}"')
    assert problem.nearest == nearest or not nearest
    assert all(problem.message(language) for language in languages())


def test_what_is_missing_is_listed():
    assert problem_of("offer").allowed == ", ".join(SUBREGIONS)
    assert problem_of("delivered_share").allowed == ", ".join(f"rung_{rung}" for rung in range(1, RUNGS + 1))


def test_a_problem_names_the_place_where_the_name_stands():
    with pytest.raises(InputError) as caught:
        series_called("nope", "experiment.toml", "outcomes[3]")
    assert str(caught.value).startswith("experiment.toml: outcomes[3]: ")


# Numbers -------------------------------------------------------------------------------------------------------------


@pytest.mark.costly
@pytest.mark.parametrize("outcome", list(OUTCOMES))
def test_a_series_is_what_the_results_of_the_same_runs_say(results: Results, outcome: str):
    names = labelled(outcome)
    values = outcome_values(results.series(CHOSEN), outcome).transpose("year", ..., "replicate")
    for name, series in zip(names, simulated(results, names), strict=True):
        labels = series_called(name).labels
        expected = values.sel({dim: label for dim, label in labels.items() if dim in values.dims}, drop=True)
        np.testing.assert_allclose(series, expected.squeeze().values, rtol=ROUNDING, atol=ROUNDING, err_msg=name)


@pytest.mark.parametrize("outcome", [name for name, item in MEASURED.items() if item.unit == "share"])
def test_shares_are_between_nothing_and_all(results: Results, outcome: str):
    series = simulated(results, labelled(outcome))
    known = series[~np.isnan(series)]
    assert known.size
    assert known.min() >= 0
    assert known.max() <= 1
    assert np.isnan(series).any() <= (outcome == "coverage")  # where nobody lacks anything, nothing is covered


def test_a_higher_rung_is_reached_by_no_more_members(results: Results):
    for outcome in ("pledged_share", "delivered_share"):
        rungs = simulated(results, [f"{outcome}.rung_{rung}" for rung in range(1, RUNGS + 1)])
        assert (np.diff(rungs, axis=0) <= ROUNDING).all()


def test_the_mean_rung_is_the_sum_of_the_shares_and_the_mean_of_the_actions(results: Results):
    shares = simulated(results, [f"delivered_share.rung_{rung}" for rung in range(1, RUNGS + 1)])
    of_actions = simulated(results, [f"mean_delivered.{action}" for action in ACTIONS])
    (whole,) = simulated(results, ["mean_delivered"])
    np.testing.assert_allclose(shares.sum(axis=0), whole, rtol=ROUNDING, atol=ROUNDING)
    np.testing.assert_allclose(of_actions.mean(axis=0), whole, rtol=ROUNDING, atol=ROUNDING)


def test_completed_is_that_rung_4_is_on_offer_in_all_subregions(results: Results):
    (completed,) = simulated(results, [COMPLETED])
    offers = simulated(results, [f"offer.{subregion}" for subregion in SUBREGIONS])
    np.testing.assert_array_equal(completed, (offers == RUNGS).all(axis=0).astype(float))
    assert set(completed.ravel()) == {0.0, 1.0}
    assert not completed[0].any()
    np.testing.assert_array_equal(completed, (results.dataset["offer"] == RUNGS).all("subregion").values.T)


def test_runs_that_are_picked_and_threads_change_no_number(results: Results):
    names = ["mean_delivered", "trust.Pacific", "coverage", "completed"]
    whole = simulated(results, names)
    some = [7, 2, 11]
    np.testing.assert_array_equal(simulated(results, names, some), whole[:, :, some])
    np.testing.assert_array_equal(simulated(results, names, threads=1), whole)


def test_other_scopes_beside_it_do_not_change_a_series(results: Results):
    (alone,) = simulated(results, ["trust.FJI"])
    among = simulated(results, [f"trust.{scope}" for scope in (*SCOPES, *memberships(), "FJI")])
    np.testing.assert_array_equal(among[-1], alone)
