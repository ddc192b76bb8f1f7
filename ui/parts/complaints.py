"""What is wrong with what was asked for, in the words of the page: fields as they are called there."""

import re
from collections.abc import Mapping
from typing import Final

from foresight.errors import Problem
from foresight.scenario.layering import Assignments

from ..words import Words

#: Places that are no file of the visitor's: values come from the page itself.
_PAGE: Final = frozenset(("", "Python", Assignments.label))

#: What may stand there is told at once up to this length.
_SHORT: Final = 40

#: Settings of chance, as they are called where they are checked.
_LUCK: Final = frozenset(("seed", "replicates", "effects"))

#: Groups of controls, as tables of a scenario are called.
_LISTS: Final[Mapping[str, str]] = {"coalition": "coalition", "event": "events"}

_ENTRY: Final = re.compile(r"(coalition|event)\[(\d+)\](?:\.(.+))?")
_PHASE: Final = re.compile(r"(.+)\[([123])\]")

#: The first phase that levers act in, less one.
_BEFORE: Final = 1


def complaint(problem: Problem, words: Words) -> dict[str, str]:
    """Return what to tell of a problem, and, where that is long, what may stand there instead."""
    of_page = problem.file in _PAGE
    if problem.kind == "overlap" and of_page:
        return {"text": _overlap(problem, words), "allowed": ""}
    place = (named(problem.field, words),) if of_page else (problem.file, problem.field)
    says = [words.say(f"problem.{problem.kind}", **problem.details)]
    whole = of_page and problem.given.startswith("{")  # a whole entry of a list: its keys are no words of the page
    given = "" if problem.kind == "unknown_key" or whole else problem.given
    at_once = whole or len(problem.allowed) <= _SHORT
    parts = {"nearest": problem.nearest, "given": given, "allowed": problem.allowed if at_once and not whole else ""}
    says += [words.say(f"problem_part.{name}", value=value) for name, value in parts.items() if value]
    told = ": ".join([*filter(None, place), words.say("problem_part.separator").join(says)])
    return {"text": _printable(told), "allowed": "" if at_once else _printable(problem.allowed)}


def named(field: str, words: Words) -> str:
    """Name a field as the page does; one that the page does not have as it is."""
    if entry := _ENTRY.fullmatch(field):
        kind, number, rest = entry.groups()
        name = words.say("complaint.entry", name=words.say(f"levers.{_LISTS[kind]}"), n=number)
        return name if rest is None else words.listed((name, named(rest, words)))
    if phase := _PHASE.fullmatch(field):
        path, number = phase.groups()
        return words.listed((named(path, words), words.say("log.phase", n=int(number) + _BEFORE)))
    for path in (f"run.{field}" if field in _LUCK else field, f"levers.{field}"):
        try:
            return words.setting(path)
        except KeyError:
            continue
    return field


def _overlap(problem: Problem, words: Words) -> str:
    """Say which members would be in two coalitions."""
    codes = problem.given.split(", ")
    return words.say("complaint.overlap", members=words.listed(map(words.member, codes)), **problem.details)


def _printable(text: str) -> str:
    return "".join(sign if sign.isprintable() else "�" for sign in text)
