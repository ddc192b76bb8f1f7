"""Experiments: what is varied and how, a run beside the pictures, and what came of it."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from foresight.experiments.distributions import Distribution
from foresight.experiments.experiment import Experiment
from foresight.scenario.factors import factors

from ..parts.blocks import Block, button, fold, prose, row, table, tag
from ..parts.trials import duration, ended, running
from ..parts.unknowns import results
from ..runs.trial import DONE, PACE, runs_of
from ..visit.files import EXPERIMENT
from ..visit.futures import title_of
from ..visit.laboratory import STRATEGIES, Laboratory, fits, too_large
from ..visit.state import AppState
from ..words import Words

PATH: Final = "experiments"

#: Kinds of distribution that a range says all of.
_PLAIN: Final = ("uniform", "log_uniform")


def page(state: AppState, words: Words, _rest: str, _progress: Callable[[int, int], None]) -> dict[str, Any]:
    """Return the experiment that is planned, how far it is, and what came of the one that was run."""
    trial = state.laboratory.trial
    planned = state.laboratory.planned(state.future)
    blocks = [prose(words.say("experiments.lead"), "lead"), prose(words.say("experiments.lead_bands"), "hint")]
    if trial is not None and trial.under_way:
        blocks += [running(trial, words), _varied_part(trial.experiment, words)]
    else:
        blocks += [*_plan(state, planned, words), *ended(trial, words)]
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


def _plan(state: AppState, planned: Experiment, words: Words) -> Iterator[Block]:
    """Yield the button that runs what is planned, what that is, and how another is planned."""
    lab = state.laboratory
    if lab.uploaded is not None:
        key = "experiments.of_strategies" if lab.uploaded.id == STRATEGIES else "experiments.of_file"
        yield prose(words.say(key, name=lab.uploaded.id), "hint")
    for problem in too_large(planned):
        yield prose(
            words.say("experiments.too_large", what=problem.message(words.language), file=EXPERIMENT), "warning"
        )
    same = lab.trial is not None and lab.trial.stage == DONE and lab.trial.experiment.digest() == planned.digest()
    if fits(planned) and not same:
        run = words.say("experiments.run", seconds=duration(PACE.expected(runs_of(planned)), words))
        yield row(button(run, {"type": "experiment", "act": "run"}, strong=True, focus="trial"))
    if lab.uploaded is None:
        yield row(button(words.say("experiments.strategies"), {"type": "experiment", "act": "strategies"}))
    yield _varied_part(planned, words)
    yield fold("own", words.say("experiments.own"), row(*_files(lab, words)))


def _varied_part(experiment: Experiment, words: Words) -> Block:
    """Return what varies and how, shown once somebody opens it."""
    return fold(
        "varied", words.say("experiments.varied"), prose(design(experiment, words)), varied_table(experiment, words)
    )


def _files(lab: Laboratory, words: Words) -> Iterator[Block]:
    save = {"type": "experiment", "act": "save", "name": EXPERIMENT, "planned": True}
    yield button(words.say("experiments.save_experiment"), save)
    if lab.uploaded is not None:
        yield button(words.say("experiments.ready"), {"type": "experiment", "act": "ready"})
    yield {
        "kind": "upload",
        "label": words.say("experiments.upload"),
        "message": {"type": "experiment", "act": "upload"},
    }


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
