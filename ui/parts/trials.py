"""How far an experiment is, and what became of one that was not finished."""

from collections.abc import Iterator
from typing import Any, Final

from ..runs.trial import FAILED, STOPPED, WAITING, Trial
from ..words import Words
from .blocks import Block, button, listed, prose, row

#: Seconds above which minutes are told.
_LONG: Final = 90

#: The name of its bar.
_BAR: Final = "trial"


def running(trial: Trial, words: Words) -> Block:
    """Return how far an experiment is, and the button that cancels it."""
    cancel = button(words.say("experiments.cancel"), {"type": "experiment", "act": "cancel"}, focus="trial")
    bar = {"kind": "progress", "label": words.say("experiments.progress"), **progress(trial, words)}
    return row(bar, cancel)


def progress(trial: Trial, words: Words) -> dict[str, Any]:
    """Return how far an experiment is."""
    if trial.stage == WAITING:
        place = trial.place
        text = words.say("experiments.queue", n=words.count(place)) if place else words.say("experiments.waiting")
    else:
        numbers = {"done": words.count(trial.done), "total": words.count(trial.total)}
        text = words.say("experiments.running", **numbers, left=duration(trial.left, words))
    return {"name": _BAR, "done": trial.done, "total": trial.total, "text": text}


def duration(seconds: float, words: Words) -> str:
    """Write a time, in seconds or minutes."""
    if seconds > _LONG:
        return words.say("experiments.minutes", n=words.count(round(seconds / 60)))
    return words.say("experiments.seconds", n=words.count(max(round(seconds), 1)))


def ended(trial: Trial | None, words: Words) -> Iterator[Block]:
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
