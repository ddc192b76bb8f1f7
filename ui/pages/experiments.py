"""Experiments: what is varied and how, a run beside the pictures, and what came of it."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from foresight.experiments.distributions import Distribution
from foresight.experiments.experiment import Experiment
from foresight.scenario.factors import factors

from ..parts.blocks import Block, button, fold, heading, listed, prose, row, table, tag
from ..parts.naming import title_of
from ..parts.unknowns import results
from ..runs.trial import DONE, FAILED, PACE, STOPPED, WAITING, Trial, runs_of
from ..visit.files import EXPERIMENT
from ..visit.laboratory import fits, too_large
from ..visit.state import AppState
from ..words import Words

PATH: Final = "experiments"

#: Seconds above which minutes are told.
_LONG: Final = 90

#: Kinds of distribution that a range says all of.
_PLAIN: Final = ("uniform", "log_uniform")


def page(state: AppState, words: Words, _rest: str, _progress: Callable[[int, int], None]) -> dict[str, Any]:
    """Return the experiment that is planned, how far it is, and what came of the one that was run."""
    trial = state.laboratory.trial
    planned = state.laboratory.planned(state.future)
    blocks = [prose(words.say("experiments.lead"), "lead"), prose(words.say("experiments.lead_bands"))]
    if trial is not None and trial.under_way:
        blocks += [heading(words.say("experiments.plan")), prose(design(trial.experiment, words))]
        blocks += [_running(trial, words)]
    else:
        blocks += [*_plan(state, planned, words), *_ended(trial, words)]
    if trial is not None and trial.stage == DONE:
        changed = trial.experiment.digest() != planned.digest()
        with trial.held() as there:  # else another is run in its place by now
            blocks += results(state.laboratory, trial, words, changed) if there else ()
    return {"kind": "blocks", "title": words.say("menu.experiments"), "blocks": blocks}


def design(experiment: Experiment, words: Words) -> str:
    """Say what varies, how points are chosen, how many runs that is, and where effects of members come from."""
    varied = words.say(
        "experiments.design",
        factors=words.count(len(experiment.varied)),
        bases=words.listed(title_of(one, words) for one in experiment.scenarios),
        sampler=words.say(f"experiments.sampler_{experiment.sampler.method}"),
        points=words.count(experiment.points),
        replicates=words.count(experiment.replicates),
        runs=words.count(runs_of(experiment)),
    )
    return words.joined(varied, words.say(f"experiments.effects_{experiment.effects}"))


def progress(trial: Trial, words: Words) -> dict[str, Any]:
    """Return how far an experiment is."""
    if trial.stage == WAITING:
        place = trial.place
        text = words.say("experiments.queue", n=words.count(place)) if place else words.say("experiments.waiting")
    else:
        numbers = {"done": words.count(trial.done), "total": words.count(trial.total)}
        text = words.say("experiments.running", **numbers, left=duration(trial.left, words))
    return {"done": trial.done, "total": trial.total, "text": text}


def duration(seconds: float, words: Words) -> str:
    """Write a time, in seconds or minutes."""
    if seconds > _LONG:
        return words.say("experiments.minutes", n=words.count(round(seconds / 60)))
    return words.say("experiments.seconds", n=words.count(max(round(seconds), 1)))


def _plan(state: AppState, planned: Experiment, words: Words) -> Iterator[Block]:
    """Yield what would be run, and what can be done about it."""
    lab = state.laboratory
    yield heading(words.say("experiments.plan"))
    if lab.uploaded is not None:
        yield prose(words.say("experiments.of_file", name=lab.uploaded.id), "hint")
    yield prose(design(planned, words))
    yield fold("varied", words.say("experiments.varied"), varied_table(planned, words))
    for problem in too_large(planned):
        yield prose(
            words.say("experiments.too_large", what=problem.message(words.language), file=EXPERIMENT), "warning"
        )
    yield row(*_controls(state, planned, words))


def _controls(state: AppState, planned: Experiment, words: Words) -> Iterator[Block]:
    lab = state.laboratory
    same = lab.trial is not None and lab.trial.stage == DONE and lab.trial.experiment.digest() == planned.digest()
    if fits(planned) and not same:
        seconds = duration(PACE.expected(runs_of(planned)), words)
        run = words.say("experiments.run", seconds=seconds)
        yield button(run, {"type": "experiment", "act": "run"}, strong=True, focus="trial")
    save = {"type": "experiment", "act": "save", "name": EXPERIMENT, "planned": True}
    yield button(words.say("experiments.save_experiment"), save)
    if lab.uploaded is not None:
        yield button(words.say("experiments.ready"), {"type": "experiment", "act": "ready"})
    yield {
        "kind": "upload",
        "label": words.say("experiments.upload"),
        "message": {"type": "experiment", "act": "upload"},
    }


def _running(trial: Trial, words: Words) -> Block:
    cancel = button(words.say("experiments.cancel"), {"type": "experiment", "act": "cancel"}, focus="trial")
    bar = {"kind": "progress", "label": words.say("experiments.progress"), **progress(trial, words)}
    return row(bar, cancel)


def _ended(trial: Trial | None, words: Words) -> Iterator[Block]:
    """Yield what happened to an experiment that was not finished."""
    if trial is None:
        return
    if trial.stage == STOPPED:
        yield prose(words.say("experiments.stopped"), "hint")
    if trial.stage == FAILED:
        problems = trial.problem.problems if trial.problem is not None else ()
        yield prose(words.say("experiments.failed" if problems else "message.fault"), "warning")
        if problems:
            yield listed([problem.message(words.language) for problem in problems])


def varied_table(experiment: Experiment, words: Words) -> Block:
    """Return what varies: range, how it is drawn, unit, how it is known and the source."""
    names = ("parameter", "range", "unit", "known", "source")
    columns = [words.say(f"assumptions.{one}") for one in names]
    columns.insert(2, words.say("experiments.drawn"))
    rows = [_varied(name, drawn, words) for name, drawn in experiment.varied.items()]
    return table(words.say("experiments.varied"), columns, rows, save="varied")


def _varied(name: str, drawn: Distribution, words: Words) -> list[Any]:
    factor = factors()[name]
    parameter = factor.parameter
    return [
        {"text": factor.label(words.language), "title": words.meaning(parameter)},
        words.say("compare.from_to", low=words.value(drawn.low), high=words.value(drawn.high)),
        _drawn(drawn, words),
        words.say(f"unit.{parameter.unit}"),
        tag(words, parameter.tag),
        words.source(parameter),
    ]


def _drawn(drawn: Distribution, words: Words) -> str:
    """Say how values are drawn: the kind, and its numbers beside the range."""
    kind = words.say(f"experiments.drawn_{drawn.distribution}")
    if drawn.distribution in _PLAIN:
        return kind
    values = drawn.values or [one for one in (drawn.mode, drawn.mean, drawn.sd) if one is not None]
    return words.say("experiments.drawn_of", kind=kind, values=words.listed(map(words.value, values)))
