"""Experiments: what is varied and how, a run beside the pictures, and what came of it."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from foresight.distributions import Distribution
from foresight.experiment import Experiment
from foresight.factors import factors

from ..parts.blocks import Block, button, fold, heading, listed, prose, row, table, tag
from ..parts.unknowns import results
from ..runs.trial import DONE, FAILED, PACE, STOPPED, WAITING, Trial, runs_of
from ..visit.files import EXPERIMENT
from ..visit.laboratory import MOST_RUNS, fits
from ..visit.state import AppState
from ..words import Words

PATH: Final = "experiments"

#: Seconds above which minutes are told.
_LONG: Final = 90

#: Kinds of distribution that a range says all of.
_PLAIN: Final = ("uniform", "log_uniform")


def page(state: AppState, said: Words, _rest: str, _progress: Callable[[int, int], None]) -> dict[str, Any]:
    """Return the experiment that is planned, how far it is, and what came of the one that was run."""
    trial = state.laboratory.trial
    planned = state.laboratory.planned(state.setting)
    blocks = [prose(said.say("experiments.lead"), "lead"), prose(said.say("experiments.lead_bands"))]
    if trial is not None and trial.under_way:
        blocks += [heading(said.say("experiments.plan")), prose(design(trial.experiment, said))]
        blocks += [_running(trial, said)]
    else:
        blocks += [*_plan(state, planned, said), *_ended(trial, said)]
    if trial is not None and trial.stage == DONE:
        changed = trial.experiment.digest() != planned.digest()
        blocks += results(state.laboratory, trial, said, changed)
    return {"kind": "blocks", "title": said.say("menu.experiments"), "blocks": blocks}


def design(experiment: Experiment, said: Words) -> str:
    """Say what varies, how points are chosen, how many runs that is, and where effects of members come from."""
    varied = said.say(
        "experiments.design",
        factors=said.count(len(experiment.varied)),
        bases=said.listed(map(said.title, experiment.scenarios)),
        sampler=said.say(f"experiments.sampler_{experiment.sampler.method}"),
        points=said.count(experiment.points),
        replicates=said.count(experiment.replicates),
        runs=said.count(runs_of(experiment)),
    )
    return said.joined(varied, said.say(f"experiments.effects_{experiment.effects}"))


def progress(trial: Trial, said: Words) -> dict[str, Any]:
    """Return how far an experiment is."""
    if trial.stage == WAITING:
        text = said.say("experiments.waiting")
    else:
        numbers = {"done": said.count(trial.done), "total": said.count(trial.total)}
        text = said.say("experiments.running", **numbers, left=duration(trial.left, said))
    return {"done": trial.done, "total": trial.total, "text": text}


def duration(seconds: float, said: Words) -> str:
    """Write a time, in seconds or minutes."""
    if seconds > _LONG:
        return said.say("experiments.minutes", n=said.count(round(seconds / 60)))
    return said.say("experiments.seconds", n=said.count(max(round(seconds), 1)))


def _plan(state: AppState, planned: Experiment, said: Words) -> Iterator[Block]:
    """Yield what would be run, and what can be done about it."""
    lab = state.laboratory
    yield heading(said.say("experiments.plan"))
    if lab.uploaded is not None:
        yield prose(said.say("experiments.of_file", name=lab.uploaded.id), "hint")
    yield prose(design(planned, said))
    yield fold("varied", said.say("experiments.varied"), varied_table(planned, said))
    if not fits(planned):
        numbers = {"runs": said.count(runs_of(planned)), "most": said.count(MOST_RUNS)}
        yield prose(said.say("experiments.too_large", **numbers, file=EXPERIMENT), "warning")
    yield row(*_controls(state, planned, said))


def _controls(state: AppState, planned: Experiment, said: Words) -> Iterator[Block]:
    lab = state.laboratory
    same = lab.trial is not None and lab.trial.stage == DONE and lab.trial.experiment.digest() == planned.digest()
    if fits(planned) and not same:
        seconds = duration(PACE.expected(runs_of(planned)), said)
        run = said.say("experiments.run", seconds=seconds)
        yield button(run, {"type": "experiment", "act": "run"}, strong=True, focus="trial")
    save = {"type": "experiment", "act": "save", "name": EXPERIMENT, "planned": True}
    yield button(said.say("experiments.save_experiment"), save)
    if lab.uploaded is not None:
        yield button(said.say("experiments.ready"), {"type": "experiment", "act": "ready"})
    yield {
        "kind": "upload",
        "label": said.say("experiments.upload"),
        "message": {"type": "experiment", "act": "upload"},
    }


def _running(trial: Trial, said: Words) -> Block:
    cancel = button(said.say("experiments.cancel"), {"type": "experiment", "act": "cancel"}, focus="trial")
    bar = {"kind": "progress", "label": said.say("experiments.progress"), **progress(trial, said)}
    return row(bar, cancel)


def _ended(trial: Trial | None, said: Words) -> Iterator[Block]:
    """Yield what happened to an experiment that was not finished."""
    if trial is None:
        return
    if trial.stage == STOPPED:
        yield prose(said.say("experiments.stopped"), "hint")
    if trial.stage == FAILED:
        problems = trial.problem.problems if trial.problem is not None else ()
        yield prose(said.say("experiments.failed" if problems else "message.fault"), "warning")
        if problems:
            yield listed([problem.message(said.language) for problem in problems])


def varied_table(experiment: Experiment, said: Words) -> Block:
    """Return what varies: range, how it is drawn, unit, how it is known and the source."""
    names = ("parameter", "range", "unit", "known", "source")
    columns = [said.say(f"assumptions.{one}") for one in names]
    columns.insert(2, said.say("experiments.drawn"))
    rows = [_varied(name, drawn, said) for name, drawn in experiment.varied.items()]
    return table(said.say("experiments.varied"), columns, rows, save="varied")


def _varied(name: str, drawn: Distribution, said: Words) -> list[Any]:
    factor = factors()[name]
    parameter = factor.parameter
    return [
        {"text": factor.label(said.language), "title": said.meaning(parameter)},
        said.say("compare.from_to", low=said.value(drawn.low), high=said.value(drawn.high)),
        _drawn(drawn, said),
        said.say(f"unit.{parameter.unit}"),
        tag(said, parameter.tag),
        said.source(parameter),
    ]


def _drawn(drawn: Distribution, said: Words) -> str:
    """Say how values are drawn: the kind, and its numbers beside the range."""
    kind = said.say(f"experiments.drawn_{drawn.distribution}")
    if drawn.distribution in _PLAIN:
        return kind
    values = drawn.values or [one for one in (drawn.mode, drawn.mean, drawn.sd) if one is not None]
    return said.say("experiments.drawn_of", kind=kind, values=said.listed(map(said.value, values)))
