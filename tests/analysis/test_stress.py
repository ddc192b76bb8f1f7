"""Strategies under stress: the same futures and luck, who is best in what, and when each fails."""

import json
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest

from foresight.analysis.stress import Stress, stress, stress_of
from foresight.errors import InputError
from foresight.experiments.experiment import Experiment
from foresight.experiments.sweep import local_workers, sweep
from foresight.scenario.loading import load_scenario
from foresight.scenario.scenario import Scenario
from foresight.texts import drafts, languages

BASE = load_scenario("baiji-returns")
STRATEGIES = ("historical-pace", "baiji-returns")

PLAIN: dict[str, Any] = {
    "id": "futures",
    "scenarios": ("historical-pace",),
    "replicates": 2,
    "uncertainties": {"delivery_rate": True, "peer_effect": True},
    "sampler": {"method": "latin_hypercube", "n": 100},
}


def experiment(**changes: Any) -> Experiment:
    return Experiment.model_validate({**PLAIN, **changes})


@cache
def found(target: str = "mean_delivered >= 2", strategies: tuple[str, ...] = STRATEGIES, workers: int = 2) -> Stress:
    return stress(strategies, experiment(), target, workers=local_workers(workers))


def like(id: str) -> Scenario:  # noqa: A002
    """Return a scenario of another name that does the same."""
    return BASE.model_copy(update={"id": id})


def problems(*args: Any, **kwargs: Any) -> list[tuple[str, str]]:
    """Return field and kind of all that is refused."""
    with pytest.raises(InputError) as caught:
        stress(*args, **kwargs)
    return [(problem.field, problem.kind) for problem in caught.value.problems]


def test_outcomes_are_those_of_runs_by_hand():
    """Each future by a simulation of its own, of the same luck."""
    from foresight.results.simulation import simulate

    outcomes = found().outcomes
    for row in (0, 57, 99):
        values = {name: float(outcomes[name][row]) for name in ("delivery_rate", "peer_effect")}
        changed = {f"uncertainties.{name}": value for name, value in values.items()}
        for name in STRATEGIES:
            series = simulate(load_scenario(name, set=changed), 2, keep="summary").series(["region"])
            delivered = series["delivered_count"].sel(year=2040).sum(["action", "rung"]).isel(scope=0)
            by_hand = (delivered / (5 * series["members"].item())).to_numpy()
            assert outcomes[name][row] == pytest.approx(by_hand.mean(), abs=1e-6)
            assert outcomes[f"{name}.met"][row] == ((by_hand >= 2).mean() >= 0.5)


def test_one_worker_and_two_give_the_same_bytes():
    one, two = found(workers=1), found(workers=2)
    assert json.dumps(one.plain()) == json.dumps(two.plain())
    pd.testing.assert_frame_equal(one.outcomes, two.outcomes)


def test_the_order_of_strategies_plays_no_part():
    turned = found(strategies=STRATEGIES[::-1])
    keys = ["measure", "strategy"]
    first, second = (one.measures.set_index(keys).sort_index() for one in (found(), turned))
    pd.testing.assert_frame_equal(first, second)
    assert found().failures == turned.failures[::-1]


def test_a_strategy_against_itself_has_no_regret_and_is_not_told_apart():
    twins = stress([like("one"), like("other")], experiment())
    regrets = pd.concat([twins.rows_of("regret_90"), twins.rows_of("minimax_regret")])
    assert (regrets["value"] == 0).all()
    assert all(set(twins.best(measure)) == {"one", "other"} for measure in ("satisficing", "regret_90", "worst_decile"))


@pytest.mark.parametrize(("target", "share"), [("trust >= 0", 1.0), ("trust > 1", 0.0)])
def test_a_goal_that_is_always_or_never_met_has_a_share_of_all_or_nothing_and_no_box(target: str, share: float):
    result = found(target)
    assert (result.rows_of("satisficing")["value"] == share).all()
    assert [one.box for one in result.failures] == [None, None]
    assert [one.futures for one in result.failures] == [round((1 - share) * 100)] * 2


def test_where_less_is_better_the_worst_is_the_most_and_less_is_best():
    more, less = found("overdue_share >= 0.3"), found("overdue_share < 0.3")
    assert set(less.rows_of("maximin")["value"]) == {float(less.outcomes[name].max()) for name in STRATEGIES}
    assert set(more.rows_of("maximin")["value"]) == {float(more.outcomes[name].min()) for name in STRATEGIES}
    worst = less.rows_of("worst_decile")
    assert (worst["low"] < worst["high"]).all()
    assert less.best("worst_decile")[0] == worst["strategy"][int(worst["value"].argmin())]


def test_why_a_strategy_fails_is_a_box_around_its_failures():
    (failure,) = [one for one in found().failures if one.strategy == "baiji-returns"]
    outcomes = found().outcomes
    assert failure.futures == int((~outcomes["baiji-returns.met"]).sum())
    assert failure.box is not None
    inside = failure.box.inside(outcomes)
    assert failure.box.density == (~outcomes["baiji-returns.met"][inside]).mean()
    assert "Pace of delivery" in found().why(failure)


def test_a_store_of_the_strategies_says_the_same(tmp_path: Any):
    kept = experiment(scenarios=STRATEGIES, outcomes=("mean_delivered",), years=(2040,))
    store = sweep(kept, tmp_path / "store")
    assert stress_of(store).plain() == found().plain()


@pytest.mark.parametrize("language", [*languages(), *drafts()])
def test_verdicts_are_said_in_every_language(language: str):
    verdicts = found().sentence(language).splitlines()
    assert len(verdicts) == 3
    assert all("baiji-returns" in verdict for verdict in verdicts)
    assert all(one.strategy in found().why(one, language) for one in found().failures)


def changed(id: str, **settings: Any) -> Scenario:  # noqa: A002
    """Return the base with settings of its own, by dotted path with lines for dots."""
    values = {path.replace("__", "."): value for path, value in settings.items()}
    return load_scenario("baiji-returns", set=values).model_copy(update={"id": id})


def test_settings_that_nobody_chooses_are_named_unless_they_are_varied():
    states = changed("states", structure__members="states", levers__linking=0.1, uncertainties__delivery_rate=0.5)
    found = stress([BASE, states], experiment())
    assert found.circumstances == ("structure.members",)
    assert found.overruled == ("uncertainties.delivery_rate",)


@pytest.mark.parametrize(("language", "pace"), [("en", ": Pace of delivery."), ("zh", "：落实步伐。")])
def test_what_sets_strategies_apart_beside_levers_is_said(language: str, pace: str):
    own = {"structure__members": "states", "uncertainties__delivery_rate": 0.5}
    stands, overruled = stress([BASE, changed("others", **own)], experiment()).remarks(language)
    assert pace in overruled
    assert pace not in stands


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"levers": {"pledge_effort": True}}, "lever_of_strategy"),
        ({"sampler": {"method": "morris", "n": 40}}, "belong_together"),
        ({"sampler": {"method": "latin_hypercube", "n": 99}}, "too_few_futures"),
    ],
    ids=["levers", "trajectories", "few"],
)
def test_futures_that_strategies_cannot_be_tried_in_are_refused(changes: dict[str, Any], told: str):
    assert problems(STRATEGIES, experiment(**changes)) == [("experiment", told)]


@pytest.mark.parametrize(
    ("strategies", "options", "kind"),
    [
        ([BASE, BASE], {}, "named_twice"),
        ([], {}, "empty"),
        (["baiji"], {}, "unknown_scenario"),
        (STRATEGIES, {"target": "trst >= 1"}, "unknown_name"),
        (STRATEGIES, {"share": 0.0}, "out_of_range"),
        (STRATEGIES, {"share": np.nan}, "out_of_range"),
    ],
)
def test_what_cannot_be_tried_is_refused(strategies: Any, options: dict[str, Any], kind: str):
    assert [told for _, told in problems(strategies, experiment(), **options)] == [kind]
