"""What did what: the Shapley split of a difference over the five actions."""

from functools import cache
from itertools import chain, combinations, permutations
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pytest

import foresight.results.attribution
from foresight import InputError, Scenario, compare, load_scenario, simulate
from foresight.actions import ACTIONS, LAST_YEAR
from foresight.facts.members import REGION
from foresight.results.attribution import EXPLAINED, OTHER, PARTS, PLAYERS, TOTAL, explain, shapley
from foresight.results.outcomes import ALL_ACTIONS, OUTCOMES, outcome_values
from foresight.results.series import simulated_series
from foresight.scenario.building import build

RUNS = 8

#: Outcomes that are one number where no label is named.
EXPLAINABLE = [name for name, outcome in OUTCOMES.items() if set(outcome.dims) <= {"scope", "action", "region"}]

STATISTICS = ["mean", "low", "high", "median", "p10", "p90"]
EFFORTS = ("pledge_effort", "delivery_effort")

BASE = load_scenario("historical-pace")
HOPEFUL = load_scenario("baiji-returns")


def with_values(scenario: str = "historical-pace", **changes: Any) -> Scenario:
    """Return a scenario with values on top, `__` in place of the dots of their paths."""
    return load_scenario(scenario, set={path.replace("__", "."): value for path, value in changes.items()})


def with_club(scenario: str = "historical-pace", bodies: tuple[str, ...] = ("ASEAN",), **efforts: Any) -> Scenario:
    """Return a scenario with a coalition that has efforts of its own."""
    return with_values(scenario, coalitions=[{"name": "club", "bodies": list(bodies), **efforts}])


#: Scenarios that differ from the base in so little that few combinations explain it.
TWO_ACTIONS = with_values(levers__pledge_effort__transparency=3.0, levers__delivery_effort__financing=[1.0, 2.0, 3.0])
TWO_AND_MORE = TWO_ACTIONS.model_copy(
    update={"levers": TWO_ACTIONS.levers.model_copy(update={"linking": 1.2}), "id": "more"}
)
CLUB = with_club(pledge_effort={"networking": 4.0}, delivery_effort={"networking": 3.0, "solidarity": 3.0})

PAIRS = {
    "only efforts": (BASE, TWO_ACTIONS),
    "efforts and more": (BASE, HOPEFUL),
    "one way": (HOPEFUL, load_scenario("drifting-apart")),
    "other rules": (load_scenario("paper-promises"), HOPEFUL),
    "other members": (BASE, with_values("baiji-returns", structure__members="states")),
    "coalitions": (CLUB, with_club("baiji-returns", ("ASEAN",), delivery_effort={"accountability": 5.0})),
}


def means(table: pd.DataFrame) -> pd.DataFrame:
    """Return means, one row an outcome and one column a part."""
    return table.pivot(index="outcome", columns="part", values="mean")


def did_it_all(part: str, table: pd.DataFrame) -> bool:
    """Say whether one part is the total, up to rounding, and the others are exactly nothing."""
    rest = table.drop(columns=[part, TOTAL])
    return bool((rest == 0).all(axis=None) and np.allclose(table[part], table[TOTAL], rtol=0, atol=1e-12))


def subsets(names: tuple[str, ...]) -> list[frozenset[str]]:
    return [frozenset(some) for size in range(len(names) + 1) for some in combinations(names, size)]


def over_all_orders(values: dict[frozenset[str], Any], players: tuple[str, ...]) -> dict[str, Any]:
    """Return what each player adds on average over every order of joining, by walking through all of them."""
    orders = list(permutations(players))
    added = {player: np.zeros_like(values[frozenset()]) for player in players}
    for order in orders:
        for place, player in enumerate(order):
            gain = values[frozenset(order[: place + 1])] - values[frozenset(order[:place])]
            added[player] = added[player] + gain / len(orders)
    return added


def random_game(players: tuple[str, ...]) -> dict[frozenset[str], Any]:
    luck = np.random.default_rng(1)
    return {some: luck.normal(size=(2, 3)) for some in subsets(players)}


def last_of_region(scenario: Scenario, outcome: str) -> np.ndarray:
    """Return an outcome of the region in the last year, run by run."""
    values = outcome_values(simulate(scenario, RUNS, keep="summary").series(REGION), outcome).sel(
        year=LAST_YEAR, scope=REGION
    )
    return (values.sel(action=ALL_ACTIONS) if "action" in values.dims else values).values


def watch(monkeypatch: pytest.MonkeyPatch) -> list[Scenario]:
    """Return the scenarios that are run from now on, one after the other."""
    seen: list[Scenario] = []

    def watched(scenario: Scenario, **options: Any) -> Any:
        seen.append(scenario)
        return build(scenario, **options)

    monkeypatch.setattr(foresight.results.attribution, "build", watched)
    return seen


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[Scenario]:
    return watch(monkeypatch)


# The arithmetic --------------------------------------------------------------------------------------------------


def test_the_glove_game_is_shared_as_in_the_books():
    """Two have a left glove each, one has the right one; a pair is worth 1."""
    players = ("left", "other left", "right")
    worth = {some: np.array(float("right" in some and len(some) > 1)) for some in subsets(players)}
    shares = shapley(worth, players)
    np.testing.assert_allclose([shares[player] for player in players], [1 / 6, 1 / 6, 2 / 3], rtol=1e-15)


@pytest.mark.parametrize("count", [1, 2, 4, 5])
def test_a_share_is_the_mean_of_what_a_player_adds_over_all_orders(count: int):
    players = ACTIONS[:count]
    game = random_game(players)
    expected = over_all_orders(game, players)
    for player, share in shapley(game, players).items():
        np.testing.assert_allclose(share, expected[player], rtol=0, atol=1e-14)


def test_the_order_of_players_does_not_matter():
    game = random_game(ACTIONS)
    one, two = shapley(game, ACTIONS), shapley(game, ACTIONS[::-1])
    for player in ACTIONS:
        np.testing.assert_allclose(one[player], two[player], rtol=0, atol=1e-14)


def test_shares_add_up_to_what_all_have_less_what_nobody_has():
    game = random_game(ACTIONS)
    whole = game[frozenset(ACTIONS)] - game[frozenset()]
    np.testing.assert_allclose(sum(shapley(game, ACTIONS).values()), whole, rtol=0, atol=1e-14)


def test_a_player_that_adds_nothing_has_exactly_nothing():
    game = random_game(ACTIONS[1:])
    idle = {some: game[some - {ACTIONS[0]}] for some in subsets(ACTIONS)}
    assert (shapley(idle, ACTIONS)[ACTIONS[0]] == 0).all()


def test_what_cancels_out_up_to_rounding_is_exactly_nothing():
    gains = {"": 0.0, "a": 0.1, "b": 0.3, "ab": 0.1 + 0.2 - 0.1}
    shares = shapley({frozenset(some): np.array([worth]) for some, worth in gains.items()}, ("a", "b"))
    assert gains["ab"] - gains["b"] != -0.1
    assert shares["a"] == [0]
    assert not np.signbit(shares["a"])


# The parts -------------------------------------------------------------------------------------------------------


class Explained(NamedTuple):
    """What did what to every outcome, for nobody to write into; the scenarios that were run, and the progress told."""

    table: pd.DataFrame
    runs: list[Scenario]
    told: list[tuple[int, int]]


@cache
def explained(pair: str) -> Explained:
    told: list[tuple[int, int]] = []
    with pytest.MonkeyPatch.context() as patch:
        runs = watch(patch)
        table = explain(*PAIRS[pair], RUNS, outcomes=EXPLAINABLE, progress=lambda *at: told.append(at))
    return Explained(table, runs, told)


@pytest.mark.costly
@pytest.mark.parametrize("pair", PAIRS)
def test_parts_add_up_to_the_total(pair: str):
    table = means(explained(pair).table)
    error = (table[[*ACTIONS, OTHER]].sum(axis=1) - table[TOTAL]).abs()
    assert (error < 1e-9).all()
    assert (table[TOTAL] != 0).any()


def test_parts_of_one_run_add_up_to_its_total():
    table = explain(BASE, TWO_AND_MORE, 1, 5).pivot(index="outcome", columns="part", values="median")
    np.testing.assert_allclose(table[[*ACTIONS, OTHER]].sum(axis=1), table[TOTAL], rtol=0, atol=1e-9)


@pytest.mark.costly
def test_parts_are_those_of_scenarios_written_out_one_by_one():
    """An independent way to the same: each combination loaded as a user would write it, each order walked through."""
    outcome, values = "mean_delivered", {}
    for on in subsets(PLAYERS):
        efforts = {
            f"levers.{effort}.{action}": getattr(getattr(HOPEFUL.levers, effort), action) if action in on else 1.0
            for effort in EFFORTS
            for action in ACTIONS
        }
        frame = "baiji-returns" if OTHER in on else "historical-pace"
        values[on] = last_of_region(load_scenario(frame, set=efforts), outcome)
    expected = over_all_orders(values, PLAYERS)
    expected |= {TOTAL: values[frozenset(PLAYERS)] - values[frozenset()]}
    table = explained("efforts and more").table.query("outcome == @outcome").set_index("part")
    for part, sample in expected.items():
        row = [sample.mean(), *np.quantile(sample, [0.5, 0.1, 0.9])]
        np.testing.assert_allclose(table.loc[part, ["mean", "median", "p10", "p90"]].astype(float), row, atol=1e-12)


@pytest.mark.costly
@pytest.mark.parametrize("pair", PAIRS)
def test_the_total_is_what_a_comparison_finds(pair: str):
    table = explained(pair).table.query("part == @TOTAL and outcome in ('trust', 'overdue_share')")
    compared = compare(PAIRS[pair], RUNS)
    for outcome, row in table.set_index("outcome").iterrows():
        found = compared.differences(str(outcome), REGION).query("year == @LAST_YEAR")
        expected = found[found["action"] == ALL_ACTIONS] if "action" in found else found
        columns = ["n", *STATISTICS]
        np.testing.assert_allclose(row[columns].astype(float), expected[columns].iloc[0], rtol=0, atol=1e-12)


@pytest.mark.parametrize("scenario", ["historical-pace", "baiji-returns", "drifting-apart"])
def test_a_scenario_does_not_differ_from_itself(scenario: str):
    same = load_scenario(scenario).model_copy(update={"id": "renamed"})
    table = explain(scenario, same, RUNS, outcomes=EXPLAINABLE)
    assert (table[STATISTICS] == 0).all(axis=None)
    assert not np.signbit(table[STATISTICS]).any(axis=None)


def test_an_action_that_is_untouched_did_exactly_nothing():
    table = explained("only efforts").table
    untouched = table[~table["part"].isin(["transparency", "financing", TOTAL])]
    assert set(untouched["part"]) == {"solidarity", "accountability", "networking", OTHER}
    assert (untouched[STATISTICS] == 0).all(axis=None)


def test_one_action_alone_did_all_there_is():
    alone = with_values(levers__delivery_effort__accountability=3.0)
    table = means(explain(BASE, alone, RUNS))
    assert did_it_all("accountability", table)
    assert table[TOTAL].ne(0).all()


def test_what_is_no_effort_is_other():
    table = means(explain(BASE, with_values(levers__support_multiplier=3.0, events=[]), RUNS))
    assert did_it_all(OTHER, table)
    assert table[OTHER].ne(0).any()


@pytest.mark.costly
@pytest.mark.parametrize("pair", PAIRS)
def test_the_way_back_undoes_what_each_part_did(pair: str):
    """All that is no effort as well, whatever it does through the actions, and coalitions that differ."""
    there, back = explained(pair).table, explain(*PAIRS[pair][::-1], RUNS, outcomes=EXPLAINABLE)
    np.testing.assert_allclose(means(there), -means(back), rtol=0, atol=1e-9)
    np.testing.assert_allclose(there["low"], -back["high"], rtol=0, atol=1e-9)
    assert means(there)[OTHER].ne(0).any() == (pair != "only efforts")


def test_members_who_do_not_take_part_are_other():
    table = means(explain(BASE, with_values(structure__members="states"), RUNS))
    assert did_it_all(OTHER, table)
    assert table[TOTAL].ne(0).any()


# Coalitions ------------------------------------------------------------------------------------------------------


def test_a_coalition_counts_with_the_actions_it_has_efforts_on(runs: list[Scenario]):
    table = means(explain(BASE, CLUB, RUNS))
    did_something = table.columns[table.ne(0).any()]
    assert set(did_something) == {"solidarity", "networking", TOTAL}
    assert len(runs) == 4
    assert sum(not scenario.coalitions for scenario in runs) == 1


def test_a_coalition_of_the_changed_scenario_alone_does_what_everybody_does_while_off(runs: list[Scenario]):
    """Its members have the common efforts of the base then, whatever those of the changed scenario are."""
    club = {"name": "club", "bodies": ["ASEAN"], "pledge_effort": {"financing": 4.0}}
    changed = with_values(levers__pledge_effort__financing=2.0, coalitions=[club])
    table = means(explain(BASE, changed, RUNS))
    assert len(runs) == 2
    assert did_it_all("financing", table)


def test_a_coalition_of_both_keeps_its_efforts_where_an_action_is_off(runs: list[Scenario]):
    more = with_club(delivery_effort={"networking": 3.0, "solidarity": 5.0}, pledge_effort={"networking": 4.0})
    table = means(explain(CLUB, more, RUNS))
    assert did_it_all("solidarity", table)
    assert len(runs) == 2


def test_a_coalition_is_the_same_by_whom_it_reaches_not_by_how_they_are_listed():
    (club,) = CLUB.coalitions
    listed = [club.model_copy(update={"bodies": (), "members": tuple(sorted(club.codes))})]
    assert (means(explain(CLUB, CLUB.model_copy(update={"coalitions": tuple(listed)}), RUNS)) == 0).all(axis=None)


def test_what_a_coalition_did_that_is_gone_is_a_part_of_the_actions_too():
    """As what one does that is new; members of both have the efforts of the one or of the other."""
    (club,) = CLUB.coalitions
    changed = with_club("historical-pace", ("ASEAN", "SAARC"), delivery_effort={"networking": 3.0})
    table = means(explain(CLUB, changed, RUNS))
    assert set(table.columns[table.ne(0).any()]) == {"solidarity", "networking", TOTAL}
    assert club.codes < changed.coalitions[0].codes


def test_a_coalition_without_efforts_makes_no_difference():
    assert (means(explain(BASE, with_club(), RUNS)) == 0).all(axis=None)
    assert (means(explain(with_club(), BASE, RUNS)) == 0).all(axis=None)


# The runs --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "count"),
    [
        (BASE, 1),
        (with_values(levers__linking=1.2), 2),
        (with_values(levers__pledge_effort__solidarity=1.1), 2),
    ],
)
def test_combinations_that_are_the_same_are_run_once(runs: list[Scenario], changed: Scenario, count: int):
    told: list[tuple[int, int]] = []
    explain(BASE, changed, 1, outcomes="trust", progress=lambda done, total: told.append((done, total)))
    assert len(runs) == len({scenario.digest() for scenario in runs}) == count
    assert told == [(done, count) for done in range(1, count + 1)]


@pytest.mark.costly
@pytest.mark.parametrize(("pair", "count"), [("only efforts", 4), ("efforts and more", 64)])
def test_all_other_combinations_are_run(pair: str, count: int):
    _, runs, told = explained(pair)
    assert len(runs) == len({scenario.digest() for scenario in runs}) == count
    assert told == [(done, count) for done in range(1, count + 1)]


@pytest.mark.costly
def test_all_but_the_efforts_is_as_a_whole_in_the_one_or_in_the_other():
    """Its events, rules, assumptions and all other levers."""
    pair, frames = PAIRS["one way"], []
    for scenario in explained("one way").runs:
        without = [
            one.levers.model_copy(update=dict.fromkeys(EFFORTS, pair[0].levers.pledge_effort))
            for one in (scenario, *pair)
        ]
        same = [
            scenario.model_copy(update={"levers": without[0]}) == one.model_copy(update={"levers": levers})
            for one, levers in zip(pair, without[1:], strict=True)
        ]
        frames.append(same.index(True))
    assert frames.count(0) == frames.count(1) == len(frames) / 2


def test_a_run_without_a_value_is_left_out_of_all_parts(monkeypatch: pytest.MonkeyPatch):
    """Where it is missing in the base alone too, so that means add up still."""
    empty = chain([np.nan], iter(lambda: 0.0, None))

    def lacking(*args: Any) -> Any:
        values = simulated_series(*args)
        values[0, -1, 0] += next(empty)
        return values

    monkeypatch.setattr(foresight.results.attribution, "simulated_series", lacking)
    table = explain(BASE, TWO_AND_MORE, RUNS, outcomes=("trust", "mean_delivered"))
    assert table.groupby("outcome", observed=True)["n"].unique().map(list).to_dict() == {
        "trust": [RUNS - 1],
        "mean_delivered": [RUNS],
    }
    apart = means(table)
    np.testing.assert_allclose(apart[[*ACTIONS, OTHER]].sum(axis=1), apart[TOTAL], rtol=0, atol=1e-9)


# The table and what is refused -----------------------------------------------------------------------------------


def test_the_table_has_a_row_for_each_part_of_each_outcome():
    table = explain(BASE, TWO_ACTIONS, RUNS)
    assert table.columns.tolist() == ["outcome", "part", "unit", "n", *STATISTICS]
    assert list(zip(table["outcome"], table["part"], strict=True)) == [(o, p) for o in EXPLAINED for p in PARTS]
    assert table["unit"].tolist() == [OUTCOMES[outcome].unit for outcome in EXPLAINED for _ in PARTS]
    assert (table["n"] == RUNS).all()
    assert (table[["low", "p10"]].to_numpy() <= table[["mean", "median"]].to_numpy()).all()
    assert (table[["high", "p90"]].to_numpy() >= table[["mean", "median"]].to_numpy()).all()


def test_an_outcome_may_be_named_alone_and_is_taken_once():
    alone = explain(BASE, TWO_ACTIONS, RUNS, outcomes="trust")
    pd.testing.assert_frame_equal(alone, explain(BASE, TWO_ACTIONS, RUNS, outcomes=["trust", "trust"]))


@pytest.mark.parametrize(("outcome", "nearest"), [("trusts", "trust"), ("nope", ""), (None, ""), ([[]], "")])
def test_an_unknown_outcome_is_named_with_the_nearest(runs: list[Scenario], outcome: Any, nearest: str):
    with pytest.raises(InputError) as caught:
        explain(BASE, HOPEFUL, 1, outcomes=outcome)
    (problem,) = caught.value.problems
    assert (problem.field, problem.kind, problem.nearest) == ("outcome", "unknown_name", nearest)
    assert "baiji_index" in problem.allowed
    assert runs == []


@pytest.mark.parametrize("outcome", sorted(set(OUTCOMES) - set(EXPLAINABLE)))
def test_an_outcome_of_many_numbers_is_refused(outcome: str):
    assert set(OUTCOMES[outcome].dims) & {"rung", "domain", "subregion"}
    with pytest.raises(InputError) as caught:
        explain(BASE, HOPEFUL, 1, outcomes=("trust", outcome))
    assert caught.value.problems[0].kind == "needs_label"


def test_series_of_a_member_or_an_action_are_split_too():
    names = ("trust.KAZ", "delivered_share.KAZ.financing.rung_2")
    table = explain(BASE, HOPEFUL, RUNS, outcomes=(*names, "trust"))
    assert list(table["outcome"].unique()) == [*names, "trust"]
    before, after = (simulate(one, RUNS, keep="members") for one in (BASE, HOPEFUL))
    total = table[table["part"] == TOTAL].set_index("outcome")["mean"]
    trust = [one.dataset["trust"].sel(member="KAZ", year=LAST_YEAR).mean().item() for one in (before, after)]
    assert total["trust.KAZ"] == pytest.approx(trust[1] - trust[0])
    alone = explain(BASE, HOPEFUL, RUNS, outcomes="trust")
    np.testing.assert_allclose(table.loc[table["outcome"] == "trust", STATISTICS], alone[STATISTICS], rtol=1e-12)


def test_no_outcome_at_all_is_refused():
    with pytest.raises(InputError) as caught:
        explain(BASE, HOPEFUL, 1, outcomes=())
    assert (caught.value.problems[0].field, caught.value.problems[0].kind) == ("outcome", "empty")


@pytest.mark.parametrize(("wrong", "field"), [({"replicates": 0}, "replicates"), ({"seed": -1}, "seed")])
def test_runs_that_cannot_be_are_refused(wrong: dict[str, int], field: str):
    with pytest.raises(InputError) as caught:
        explain(BASE, HOPEFUL, **wrong)
    assert caught.value.problems[0].field == field


def test_what_is_no_scenario_is_refused():
    for pair in ((None, HOPEFUL), (BASE, "no-such-scenario")):
        with pytest.raises(InputError):
            explain(*pair)  # type: ignore[arg-type]
