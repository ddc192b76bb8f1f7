"""EMA Workbench drives the model, and gets the numbers that the library gives."""

import pickle
from inspect import signature
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from foresight.errors import InputError
from foresight.experiments.ema import LAST, ema_evaluator, ema_model
from foresight.extras import EXPLORE, extra
from foresight.results.outcomes import outcome_values
from foresight.results.pathway import completed
from foresight.results.results import Results
from foresight.results.simulation import simulate
from foresight.scenario.factors import factors, settings_from_factors
from foresight.scenario.loading import load_scenario

pytestmark = pytest.mark.costly  # EMA Workbench takes seconds to import

#: One of each kind: uncertainty, whole number, lever, lever of one action in one phase.
FACTORS = ("delivery_rate", "grace_years", "linking", "pledge_effort.transparency.phase_2")
SCENARIO = "baiji-returns"
REPLICATES = 3

#: Means are taken over runs in another order.
ROUNDING = 1e-12

Outcomes = dict[str, np.ndarray]


@pytest.fixture(scope="module")
def ema() -> Any:
    return extra("ema_workbench", EXPLORE)


def performed(ema: Any, model: Any, *how_many: int) -> tuple[pd.DataFrame, Outcomes]:
    with ema.SequentialEvaluator(model) as evaluator:
        experiments, outcomes = evaluator.perform_experiments(*how_many)
    return experiments, outcomes


def directly(row: pd.Series, names: list[str]) -> Results:
    """Return what the library gives for one experiment."""
    values = {name.replace("__", "."): float(row[name]) for name in names}
    changed = load_scenario(SCENARIO, set=settings_from_factors(values, load_scenario(SCENARIO)))
    return simulate(changed, REPLICATES, seed=7, keep="summary")


def test_experiments_give_the_numbers_of_the_library(ema: Any):
    outcomes = ["trust", "mean_delivered.transparency", "completed"]
    model = ema_model(SCENARIO, FACTORS, outcomes, REPLICATES, seed=7, by_year=["trust.Pacific"])
    experiments, found = performed(ema, model, 3, 2)
    names = [name.replace(".", "__") for name in FACTORS]
    assert len(experiments) == 6
    for number, row in experiments.iterrows():
        results = directly(row, names)
        trust = outcome_values(results.summary, "trust").mean("replicate")
        rungs = outcome_values(results.summary, "mean_delivered").mean("replicate")
        meant = {
            "trust": trust.sel(scope="region", year=2040),
            "mean_delivered__transparency": rungs.sel(scope="region", action="transparency", year=2040),
            "completed": completed(results)["share"].item(),
            "trust__Pacific__by_year": trust.sel(scope="Pacific"),
        }
        assert found.keys() == meant.keys()
        for name, value in meant.items():
            np.testing.assert_allclose(found[name][number], value, rtol=0, atol=ROUNDING, err_msg=name)


def whole_numbers(ema: Any, sampler: str) -> list[float]:
    """Return the values of a factor of whole numbers that a sampler draws."""
    model = ema_model(SCENARIO, ["grace_years"], ["trust"])
    with ema_evaluator(model) as evaluator:
        way = getattr(ema.Samplers, sampler)
        experiments, _ = evaluator.perform_experiments(400, uncertainty_sampling=way)
    assert experiments["grace_years"].dtype == np.float64
    return sorted(set(experiments["grace_years"]))


@pytest.mark.parametrize("sampler", ["LHS", "MC", "FF"])
def test_whole_numbers_are_floats_that_are_whole(ema: Any, sampler: str):
    assert whole_numbers(ema, sampler) == [3.0, 4.0, 5.0, 6.0, 7.0]


def test_what_lies_between_whole_numbers_is_rounded():
    function = ema_model(SCENARIO, ["grace_years"], ["trust"]).function
    four, five = function(grace_years=4.0), function(grace_years=5.0)
    assert (function(grace_years=4.4), function(grace_years=4.6)) == (four, five)
    assert four != five


@pytest.mark.filterwarnings("ignore:The inplace keyword")  # of pandas, to EMA Workbench
def test_prim_of_ema_workbench_limits_whole_numbers():
    """It ends in a TypeError on a column of integers beside pandas 3; nothing here may be one."""
    model = ema_model("historical-pace", ["delivery_rate", "grace_years", "linking"], ["trust"])
    with ema_evaluator(model) as evaluator:
        experiments, _ = evaluator.perform_experiments(100, 2)
    interesting = ((experiments["grace_years"] >= 5) & (experiments["delivery_rate"] > 0.4)).to_numpy()
    prim = extra("ema_workbench.analysis.prim", EXPLORE)
    threshold = {"threshold": 0.5} if "threshold" in signature(prim.Prim.__init__).parameters else {}
    box = prim.Prim(experiments.drop(columns="model"), interesting, **threshold).find_box()
    low, high = box.box_lim["grace_years"]
    assert (4 < low <= 5, high) == (True, 7)


@pytest.mark.filterwarnings("ignore:.*still to be tested:UserWarning")  # of EMA Workbench: its series
def test_experiments_and_outcomes_survive_a_file(ema: Any, tmp_path: Path):
    model = ema_model(SCENARIO, FACTORS, ["trust", "completed"], REPLICATES, by_year=["trust.Pacific"])
    with ema_evaluator(model) as evaluator:
        experiments, outcomes = evaluator.perform_experiments(3, 2)
    ema.save_results((experiments, outcomes), tmp_path / "results.tar.gz")
    again, found = ema.load_results(tmp_path / "results.tar.gz")
    pd.testing.assert_frame_equal(again, experiments, check_exact=False, rtol=1e-12, check_categorical=False)
    assert found.keys() == outcomes.keys()
    for name, values in outcomes.items():
        np.testing.assert_allclose(found[name], values, rtol=0, atol=ROUNDING, err_msg=name)


def test_what_an_experiment_leaves_out_is_as_in_the_scenario(ema: Any):
    experiments, found = performed(ema, ema_model(SCENARIO, FACTORS, ["trust"], REPLICATES, seed=7), 2)
    assert "linking" not in experiments
    for number, row in experiments.iterrows():
        trust = outcome_values(directly(row, ["delivery_rate", "grace_years"]).summary, "trust")
        meant = trust.sel(scope="region", year=2040).values.mean()
        assert found["trust"][number] == pytest.approx(meant, rel=0, abs=ROUNDING)


def test_all_that_can_be_varied_is_an_uncertainty_or_a_lever_with_its_range():
    model = ema_model()
    declared = {name: factor for name, factor in factors().items() if "." not in name}
    for section in ("uncertainties", "levers"):
        own = {name: factor.parameter for name, factor in declared.items() if factor.section == section}
        ranges = {one.name: (one.lower_bound, one.upper_bound) for one in getattr(model, section)}
        assert ranges == {name: (item.low, item.high) for name, item in own.items()}
    assert [one.name for one in model.uncertainties if one.resolution] == ["grace_years"]
    assert [one.name for one in model.outcomes] == list(LAST)


def test_names_are_those_of_python():
    model = ema_model(factors=list(factors())[-30:-28], outcomes=["mean_delivered.LDC.transparency"], by_year=["trust"])
    assert all(one.name.isidentifier() for one in [*model.levers, *model.uncertainties, *model.outcomes])


def test_a_model_can_be_sent_to_another_process():
    """As the evaluators of several processes do."""
    model = ema_model(SCENARIO, FACTORS, ["trust"])
    values = {"delivery_rate": 0.3, "pledge_effort__transparency__phase_2": 2.0}
    sent = pickle.loads(pickle.dumps(model))
    assert sent.function(**values) == model.function(**values)


@pytest.mark.parametrize(
    ("wrong", "kind"),
    [
        ({"scenario": "no-such-scenario"}, "unknown_scenario"),
        ({"factors": ["delivery_rat"]}, "unknown_factor"),
        ({"factors": ["pledge_effort", "pledge_effort.phase_2"]}, "also_set"),
        ({"outcomes": ["trusts"]}, "unknown_name"),
        ({"by_year": ["trusts"]}, "unknown_name"),
        ({"replicates": 0}, "out_of_range"),
        ({"seed": -1}, "out_of_range"),
    ],
)
def test_what_cannot_be_is_refused_at_once(wrong: dict[str, Any], kind: str):
    with pytest.raises(InputError) as caught:
        ema_model(**wrong)
    assert caught.value.problems[0].kind == kind


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch):
    def missing(name: str) -> Any:
        raise ModuleNotFoundError(f"No module named {name!r}")

    monkeypatch.setattr("foresight.extras.import_module", missing)
    with pytest.raises(InputError, match=r"pip install 'foresight-escap\[explore\]'"):
        ema_model()
