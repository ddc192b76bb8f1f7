"""Blocks of experiments give what EMA Workbench gives one experiment at a time, bit for bit, failures included."""

import random
from collections.abc import Callable, Iterator
from importlib.metadata import version
from inspect import signature
from typing import Any

import numpy as np
import pandas as pd
import pytest

from foresight.errors import InputError
from foresight.experiments.ema import ema_evaluator, ema_model
from foresight.experiments.ema_function import EmaFunction
from foresight.extras import EXPLORE, extra

pytestmark = pytest.mark.costly  # EMA Workbench takes seconds to import

SCENARIO = "baiji-returns"
FACTORS = ("delivery_rate", "grace_years", "body_weight", "linking", "pledge_effort.transparency.phase_2")
PLACES = ((SCENARIO, "one"), ("historical-pace", "two"))

#: What EMA Workbench 3.0.0 fails at by itself, whoever evaluates.
before_3 = pytest.mark.skipif(version("ema_workbench") == "3.0.0", reason="this version of EMA Workbench fails at it")

Build = Callable[[], Any]
Found = tuple[pd.DataFrame, dict[str, np.ndarray]]


@pytest.fixture(scope="module")
def ema() -> Any:
    return extra("ema_workbench", EXPLORE)


def each_way(ema: Any, build: Build) -> Iterator[Any]:
    """Give an evaluator of one experiment at a time and one of blocks, from the same luck."""
    for make in (ema.SequentialEvaluator, ema_evaluator):
        np.random.seed(1)  # noqa: NPY002  # EMA Workbench and Platypus draw from global generators
        random.seed(1)
        with make(build()) as evaluator:
            yield evaluator


def luck_of_samples(way: Any) -> dict[str, Any]:
    """Return what sets the luck of an evaluator's samples; before EMA Workbench 3 it is that of the process."""
    names = ("uncertainty_sampling_kwargs", "lever_sampling_kwargs")
    return {name: {"rng": 1} for name in names if name in signature(way.perform_experiments).parameters}


def assert_same(ema: Any, build: Build, *how_many: Any) -> Found:
    """Compare all outcomes and experiments of both ways."""
    ways = each_way(ema, build)
    one, other = (way.perform_experiments(*how_many, log_progress=True, **luck_of_samples(way)) for way in ways)
    assert one[1].keys() == other[1].keys()
    for name, values in one[1].items():
        np.testing.assert_array_equal(values, other[1][name], strict=True, err_msg=name)
    running = ["scenario", "policy"]  # numbered on and on
    pd.testing.assert_frame_equal(one[0].drop(columns=running), other[0].drop(columns=running), check_exact=True)
    return other


def points(ema: Any, *several: dict[str, Any]) -> list[Any]:
    kind = ema.Scenario if hasattr(ema, "Scenario") else ema.Sample  # since EMA Workbench 3
    return [kind(f"point {number}", **values) for number, values in enumerate(several)]


def rates(ema: Any, *rates: Any) -> list[Any]:
    return points(ema, *({"delivery_rate": rate} for rate in rates))


def of_rate() -> Any:
    return ema_model(SCENARIO, ["delivery_rate"], ["trust"])


def test_all_factors_with_one_run_each(ema: Any):
    experiments, _ = assert_same(ema, ema_model, 8, 2)
    assert len(experiments) == 16


@pytest.mark.parametrize("effects", ["drawn", "posterior"])
def test_replicates_series_and_policies(ema: Any, effects: Any):
    outcomes = ["trust", "mean_delivered.LDC.transparency"]
    by_year = ["trust.Pacific", "trust"]
    assert_same(ema, lambda: ema_model(SCENARIO, FACTORS, outcomes, 5, seed=7, by_year=by_year, effects=effects), 6, 2)


def test_more_replicates_than_a_block_has_room_for(ema: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("foresight.experiments.ema_function._ROOM", 1)
    monkeypatch.setattr("foresight.experiments.ema_function.BLOCK", 4)
    assert_same(ema, lambda: ema_model(SCENARIO, FACTORS, ["trust"], 2), 3)  # two experiments a block
    assert_same(ema, lambda: ema_model(SCENARIO, FACTORS, ["trust"], 5), 3)


def test_experiments_with_and_without_peers_share_a_block(ema: Any):
    several = points(ema, *({"body_weight": weight} for weight in (0.0, 0.5, 0.0)))
    assert_same(ema, lambda: ema_model(SCENARIO, FACTORS, ["trust"], 2), several)


def test_parameters_of_other_kinds(ema: Any):
    def build() -> Any:
        model = ema_model(SCENARIO, ["delivery_rate", "body_weight"], ["trust", "completed"], 2)
        model.uncertainties["body_weight"].default = 0.25
        model.constants = [ema.Constant("trust_gain", 0.1)]
        model.levers = [
            ema.CategoricalParameter("linking", [0.0, 0.25, 1]),
            ema.BooleanParameter("assistance"),
            ema.IntegerParameter("grace", 3, 7, variable_name="grace_years"),
        ]
        return model

    assert_same(ema, build, 4, 3)


@before_3
def test_points_of_some_parameters_beside_sampled_policies(ema: Any):
    def build() -> Any:
        model = ema_model(SCENARIO, ["delivery_rate", "body_weight", "linking"], ["trust"], 2)
        model.uncertainties["body_weight"].default = 0.25
        return model

    assert_same(ema, build, points(ema, {"delivery_rate": 0.3}, {"delivery_rate": 0.3, "body_weight": 0.0}), 2)


def twice(one: float, other: float) -> float:
    return 2 * one + other


def test_functions_of_outcomes(ema: Any):
    def build() -> Any:
        model = ema_model(SCENARIO, FACTORS, ["trust", "fund"], by_year=["trust"])
        peak = ema.ScalarOutcome("peak", variable_name="trust__by_year", function=np.max)
        model.outcomes = [ema.ScalarOutcome("sum", variable_name=["trust", "fund"], function=twice), peak]
        return model

    assert_same(ema, build, 3)


def elsewhere(**values: float) -> dict[str, float]:
    return {"trust": values["delivery_rate"] / 2}


def test_several_models_and_one_of_others(ema: Any):
    def build() -> list[Any]:
        other = ema.Model("other", function=elsewhere)
        other.uncertainties = [ema.RealParameter("delivery_rate", 0.2, 0.8)]
        other.outcomes = [ema.ScalarOutcome("trust")]
        pair = (ema_model(place, ["delivery_rate"], ["trust"], name=name) for place, name in PLACES)
        return [*pair, other]

    experiments, _ = assert_same(ema, build, 3)
    assert list(experiments["model"].value_counts()) == [3, 3, 3]


def test_runs_are_simulated_together(ema: Any, monkeypatch: pytest.MonkeyPatch):
    def alone(*_: EmaFunction, **values: Any) -> None:
        raise AssertionError(values)

    monkeypatch.setattr(EmaFunction, "__call__", alone)
    with ema_evaluator(of_rate()) as evaluator:
        experiments, _ = evaluator.perform_experiments(rates(ema, 0.3, 0.4), log_progress=True)
    assert len(experiments) == 2


def too_much(value: float) -> float:
    if value > 0:
        raise ValueError("too much")
    return value


def with_outcome(ema: Any, **own: Any) -> Any:
    model = of_rate()
    model.outcomes = [ema.ScalarOutcome("strange", **own)]
    return model


def set_twice(ema: Any) -> Any:
    model = of_rate()
    model.constants = [ema.Constant("delivery_rate", 0.3)]
    return model


@pytest.mark.parametrize(
    ("build", "last", "done", "words"),
    [
        (lambda _: of_rate(), 17.0, 2, "Caused by: InputError: Python: design.delivery_rate: is out of range"),
        (lambda _: of_rate(), "fast", 2, 'design.delivery_rate: must be a number; given "fast"'),
        (lambda ema: with_outcome(ema, variable_name="trust", function=too_much), 0.4, 0, "ValueError: too much"),
        (with_outcome, 0.4, 0, "Outcome strange should be a scalar"),
        (set_twice, 0.4, 0, "overlap is delivery_rate"),
    ],
)
def test_a_failure_is_told_as_ever(ema: Any, build: Callable[[Any], Any], last: Any, done: int, words: str):
    class Counted(ema.em_framework.callbacks.DefaultCallback):
        def __call__(self, experiment: Any, outcomes: Any) -> None:
            super().__call__(experiment, outcomes)
            seen.append((experiment.experiment_id, dict(outcomes)))

    told = []
    for way in each_way(ema, lambda: build(ema)):
        seen: list[Any] = []
        with pytest.raises(ema.util.EMAError, match=words) as caught:
            way.perform_experiments(rates(ema, 0.3, 0.4, last, 0.5), log_progress=True, callback=Counted)
        told.append((str(caught.value), seen))
    assert told[0] == told[1]
    assert len(told[0][1]) == done


def test_who_interrupts_it_can_go_on(ema: Any):
    class Interrupted(ema.em_framework.callbacks.DefaultCallback):
        def __call__(self, *_: Any) -> None:
            raise KeyboardInterrupt

    model, several = of_rate(), rates(ema, 0.3, 0.4)
    with ema_evaluator(model) as evaluator:
        with pytest.raises(KeyboardInterrupt):
            evaluator.perform_experiments(several, log_progress=True, callback=Interrupted)
        _, found = evaluator.perform_experiments(several, log_progress=True)
    assert found["trust"].tolist() == [model.function(delivery_rate=rate)["trust"] for rate in (0.3, 0.4)]


def to_optimize(ema: Any) -> Any:
    model = ema_model(SCENARIO, ["linking", "pledge_effort.transparency"], ["trust", "fund"], 2)
    kinds = {"trust": ema.ScalarOutcome.MAXIMIZE, "fund": ema.ScalarOutcome.MINIMIZE}
    model.outcomes = [ema.ScalarOutcome(name, kind) for name, kind in kinds.items()]
    return model


@before_3
def test_optimization_takes_the_same_way(ema: Any):
    settings: dict[str, Any] = {"nfe": 40, "epsilons": [0.001, 0.001], "population_size": 10}
    one, other = (way.optimize(**settings) for way in each_way(ema, lambda: to_optimize(ema)))
    pd.testing.assert_frame_equal(one, other, check_exact=True)


@before_3
def test_robust_optimization_takes_the_same_way(ema: Any):
    robust = {"trust": (np.mean, ema.ScalarOutcome.MAXIMIZE), "fund": (np.std, ema.ScalarOutcome.MINIMIZE)}
    wanted = [
        ema.ScalarOutcome(f"robust_{name}", kind, variable_name=name, function=function)
        for name, (function, kind) in robust.items()
    ]
    settings: dict[str, Any] = {"nfe": 20, "epsilons": [0.001, 0.001], "population_size": 10}
    ways = each_way(ema, lambda: to_optimize(ema))
    one, other = (way.robust_optimize(wanted, rates(ema, 0.3, 0.5), **settings) for way in ways)
    pd.testing.assert_frame_equal(one, other, check_exact=True)


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch):
    def missing(name: str) -> Any:
        raise ModuleNotFoundError(f"No module named {name!r}")

    monkeypatch.setattr("foresight.extras.import_module", missing)
    with pytest.raises(InputError, match=r"pip install 'foresight-escap\[explore\]'"):
        ema_evaluator(None)
