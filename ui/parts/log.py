"""The log as it is shown: the newest change first, and what was left beside the way, set in, above where it began."""

from collections.abc import Iterator
from typing import Any, Final

from ..visit.futures import changed_title, title_of
from ..visit.history import Entry, History
from ..words import Words
from .blocks import Block, heading, table
from .differences import told

#: How far what was left is set in, at most.
DEEPEST: Final = 4


def log(history: History, words: Words) -> Iterator[Block]:
    """Yield the log of a session."""
    title = words.say("changes.log")
    yield heading(title)
    columns = [words.say(f"changes.{one}") for one in ("time", "change", "value", "go")]
    yield table(title, columns, list(_rows(history, words)))


def lines(history: History) -> list[tuple[int, int]]:
    """Return each entry with how deep it is set in: 0 on the path that is followed; the newest first."""
    after: dict[int, list[int]] = {}
    for at, entry in enumerate(history.entries):
        if entry.parent is not None:
            after.setdefault(entry.parent, []).append(at)
    path, waiting, told_first = {*history.path}, [(0, 0)], []
    while waiting:
        at, depth = waiting.pop()
        told_first.append((at, depth))
        others = after.get(at, [])
        if others:
            on = next((one for one in others if one in path), others[-1])
            waiting += [(on, depth), *((one, depth + 1) for one in reversed(others) if one != on)]
    return told_first[::-1]


def _rows(history: History, words: Words) -> Iterator[list[Any]]:
    for at, depth in lines(history):
        what, values = told(history, at, words)
        here = {"text": words.say("changes.here"), "tag": "here"}
        there = {"text": words.say("changes.go_there"), "button": {"type": "jump", "position": at}}
        left = {"left": min(depth, DEEPEST)} if depth else {}
        change = {"text": what, "note": _future(history.entries[at], words), **left}
        yield [history.entries[at].at, change, values, here if at == history.position else there]


def _future(entry: Entry, words: Words) -> str:
    """Name the future that a line made; one that opens a future names it itself."""
    if entry.what == "open":
        return ""
    same = entry.setting.key[0] == entry.base.digest()
    return title_of(entry.base, words) if same else changed_title(entry.setting.scenario, entry.base, words)
