"""How an evaluator of EMA Workbench runs its experiments in blocks.

EMA Workbench calls the function of a model once an experiment. Here it is worked out first what the function would be
called with, and many experiments are run together. What cannot be, or fails, goes the usual way instead, one
experiment at a time, so that a failure is told as EMA Workbench tells it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import chdir
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

from foresight.errors import InputError
from foresight.experiments.ema_function import EmaFunction, Values
from foresight.extras import EXPLORE, extra


class InBlocks:
    """Evaluates experiments in blocks; it goes before `ema_workbench.SequentialEvaluator`."""

    _msis: Sequence[Any]

    def evaluate_experiments(self, *given: Any, **ways: Any) -> None:
        """Run experiments, and hand each with its outcomes to a callback, in their order."""
        *points, callback = given
        experiments, runner = iter(_experiments(self._msis, *points, **ways)), _runner(self._msis)
        width = min(model.function.at_once if _is_ours(model) else 1 for model in self._msis)
        with chdir(Path.cwd()):  # models of others may go elsewhere
            while some := list(islice(experiments, width)):
                for experiment, outcomes in _evaluated(runner, some):
                    callback(experiment, outcomes)
            runner.cleanup()


def _experiments(models: Sequence[Any], *points: Any, **ways: Any) -> Iterable[Any]:
    """Return the experiments themselves, or, before EMA Workbench 3, make them of scenarios and policies."""
    if len(points) == 1:
        return points[0]  # type: ignore[no-any-return]
    scenarios, policies = points
    made: Iterable[Any] = _framework("points").experiment_generator(scenarios, models, policies, **ways)
    return made


def _runner(models: Sequence[Any]) -> Any:
    """Return what runs experiments of some models one at a time."""
    named = _framework("util").NamedObjectMap(_framework("model").AbstractModel)
    named.extend(models)
    return _framework("experiment_runner").ExperimentRunner(named)


@cache
def _framework(room: str) -> Any:
    return extra(f"ema_workbench.em_framework.{room}", EXPLORE)


def _is_ours(model: Any) -> bool:
    """Tell whether a model calls our function, once an experiment, with one value for each name."""
    plain = type(model) is _framework("model").Model and isinstance(model.function, EmaFunction)
    return plain and not any(getattr(one, "multivalue", False) for one in (*model.uncertainties, *model.levers))


def _evaluated(runner: Any, some: Sequence[Any]) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Yield each experiment of a block with its outcomes."""
    answers = _answers(runner.msis, some)
    for place, experiment in enumerate(some):
        found = _processed(runner.msis[experiment.model_name], answers[place]) if place in answers else None
        yield experiment, runner.run_experiment(experiment) if found is None else found


def _processed(model: Any, answer: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the outcomes of an answer, as the model makes them; None where it fails to."""
    try:
        model.outcomes_output = answer
    except (Exception, _framework("util").EMAError):
        return None
    outcomes: dict[str, Any] = model.outcomes_output
    return outcomes


def _answers(models: Any, some: Sequence[Any]) -> dict[int, dict[str, Any]]:
    """Return what the functions of the models answer, by the place of the experiment; nothing where that fails."""
    ours = {model.name for model in models if _is_ours(model)}
    together: dict[Any, dict[int, Values]] = defaultdict(dict)
    for place, experiment in enumerate(some):
        name = experiment.model_name
        values = _asked(models[name], experiment.scenario, experiment.policy) if name in ours else None
        if values is not None:
            together[name, frozenset(values)][place] = values
    answers: dict[int, dict[str, Any]] = {}
    for (name, _), asked in together.items():
        answers |= zip(asked, _answered(models[name].function, list(asked.values())), strict=False)
    return answers


def _answered(function: EmaFunction, several: Sequence[Values]) -> list[dict[str, Any]]:
    """Return what a function answers, nothing where it fails: one experiment of many has values that cannot be."""
    try:
        return function.together(several)
    except InputError:
        return []


def _asked(model: Any, scenario: Any, policy: Any) -> Values | None:
    """Return what EMA Workbench calls the function of a model with, None where only itself can tell."""
    if any(hasattr(model, name) for name in policy):  # it would be set on the model
        return None
    constants = {one.name: one.value for one in model.constants}
    parts = (_named(scenario, model.uncertainties), _named(policy, model.levers), constants)
    values = {name: value for part in parts for name, value in part.items()}
    return values if len(values) == sum(map(len, parts)) else None


def _named(point: Any, parameters: Any) -> Mapping[str, Any]:
    """Return the values of a point by what the function calls them, defaults included."""
    if not parameters:
        return dict(point)
    known = {one.name: one.default for one in parameters if one.default is not None} | point.data
    return {variable: known[one.name] for one in parameters if one.name in known for variable in one.variable_name}
