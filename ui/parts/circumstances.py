"""Under which conditions an outcome of an experiment comes about, and how the experiment is made again elsewhere."""

import shlex
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from foresight.analysis.discovery import sentence
from foresight.analysis.sensitivity import default_method
from foresight.results.series import COMPLETED, series_called

from ..runs.trial import Looked, Trial
from ..visit.files import EXPERIMENT, TABLES, scenario_files
from ..visit.inquiry import (
    HIGH,
    SHARE,
    Asked,
    Conditions,
    conditions,
    conditions_of,
    holds_several,
    middle_of,
    target_of,
)
from ..words import Words
from .blocks import Block, button, choice, copyable, heading, listed, prose, row
from .naming import series_label, writer_of

#: Message of whatever is chosen to look at.
CHOOSE: Final = {"type": "experiment", "act": "choose"}

#: The folder of the runs, in commands.
_STORE: Final = "store"


def told(answer: Looked | None, words: Words, tell: Callable[[Any], Iterable[Block]]) -> Iterator[Block]:
    """Yield what was found, or that it is still looked for, or what is wrong."""
    if answer is None:
        yield prose(words.say("experiments.looking"), "hint")
    elif answer.found is not None:
        yield from tell(answer.found)
    elif answer.problems:
        yield listed([problem.message(words.language) for problem in answer.problems])
    else:
        yield prose(words.say("message.fault"), "warning")


def circumstances(trial: Trial, asked: Asked, words: Words) -> Iterator[Block]:
    """Yield under which few conditions something comes about."""
    yield heading(words.say("experiments.conditions"))
    names = conditions_of(trial.experiment, asked.outcome)
    options = [(name, condition_label(name, trial, asked, words)) for name in names]
    yield row(choice(words.say("experiments.condition"), "condition", options, asked.condition, message=CHOOSE))
    yield from told(conditions(trial, asked), words, lambda result: _first_box(result, words))


def condition_label(name: str, trial: Trial, asked: Asked, words: Words) -> str:
    """Say what is looked for."""
    if name == COMPLETED:
        return words.say("experiments.condition_completed", year=asked.year)
    value = writer_of(series_called(asked.outcome), words)(middle_of(trial.store, asked))
    key = "experiments.condition_high" if name == HIGH else "experiments.condition_low"
    return words.say(key, outcome=series_label(asked.outcome, words), value=value)


def _first_box(result: Conditions, words: Words) -> Iterator[Block]:
    discovery = result.discovery
    counts = {"interesting": words.count(discovery.interesting), "points": words.count(discovery.points)}
    yield prose(words.say("experiments.counted", **counts, share=words.share(SHARE)))
    if not discovery.boxes:
        yield prose(words.say("experiments.no_box"), "warning")
        return
    box = discovery.boxes[0]
    yield prose(sentence(box, words.language), "lead")
    measured = {"coverage": words.share(box.coverage), "density": words.share(box.density)}
    yield prose(words.say("experiments.measured", **measured), "hint")
    load = {"type": "experiment", "act": "load"}
    yield row(button(words.say("experiments.load"), load, strong=True, page="explore"))
    yield prose(words.say("experiments.load_hint"), "hint")


# Elsewhere -------------------------------------------------------------------------------------------------------


def again(trial: Trial, asked: Asked, words: Words) -> Iterator[Block]:
    """Yield the files of an experiment, and what makes the same numbers of them on any machine."""
    yield heading(words.say("experiments.again"))
    yield prose(words.say("experiments.again_hint", folder=_STORE), "hint")
    labels = {EXPERIMENT: words.say("experiments.save_experiment")}
    labels |= {name: words.say("experiments.save_scenario", name=name) for name in scenario_files(trial.experiment)}
    labels |= {name: words.say(f"experiments.save_{name}") for name in TABLES}
    save = {"type": "experiment", "act": "save"}
    yield row(*(button(label, {**save, "name": name}) for name, label in labels.items()))
    yield copyable(words.say("client.command"), commands(trial, asked))
    yield copyable(words.say("client.python"), python(trial, asked))


def commands(trial: Trial, asked: Asked) -> str:
    """Return the command lines that run the experiment and ask what is on the screen."""
    several = ["--scenario", asked.scenario] if len(trial.experiment.scenarios) > 1 else []
    at = ["--year", str(asked.year)]
    lines = [
        ["sweep", EXPERIMENT, "--out", _STORE],
        ["analyze", _STORE, "--outcome", asked.outcome, *at, *several],
        ["discover", _STORE, "--outcome", target_of(trial.store, asked), "--share", f"{SHARE:g}", *several],
    ]
    if holds_several(trial.experiment):
        at = ["--experiment", EXPERIMENT, "--target", target_of(trial.store, asked), "--share", f"{SHARE:g}"]
        lines.append(["stress", *trial.experiment.scenario_words(), *at])
    return "\n".join(shlex.join(["foresight", *line]) for line in lines)


def python(trial: Trial, asked: Asked) -> str:
    """Return the lines of Python that do the same."""
    method = default_method(trial.experiment.sampler.method)
    return "\n".join(
        [
            "from foresight import analyze, load_experiment, sample_of, sweep",
            "",
            f"store = sweep(load_experiment({EXPERIMENT!r}), {_STORE!r})",
            f"sample = sample_of(store, {asked.outcome!r}, {asked.year}, {asked.scenario!r})",
            f"print(analyze(sample, {method!r}).sentence())",
        ]
    )
