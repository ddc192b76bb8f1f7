"""In what scenarios differ: every setting, in the order and the words of the levers."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from foresight.actions import ACTIONS
from foresight.results.comparison import settings_apart
from foresight.scenario.scenario import Scenario
from foresight.texts import UNKNOWN

from ..words import Words
from .levers import GROUPS

#: Levers of one action that are one slider.
_PAIR: Final = ("levers.pledge_effort", "levers.delivery_effort")

#: Beginnings of paths in the order in which they are told, after the efforts of each action.
_ORDER: Final = (
    *(f"levers.{name}" for group in GROUPS.values() for name in group),
    *("levers", "structure", "coalition", "event", "uncertainties", "members"),
)


def settings_rows(scenarios: Sequence[Scenario], words: Words) -> list[list[str]]:
    """Return exactly the settings in which scenarios differ, in words; an event is one setting.

    Pledging and delivering of an action stand in one row where they are alike in each scenario.
    """
    table = settings_apart(scenarios)
    values = {str(path): tuple(row) for path, row in zip(table.index, table.to_numpy(), strict=True)}
    plain = {path: row for path, row in values.items() if not path.startswith("event.")}
    rows = [
        [label, *(words.named_value(path, value) for value in row)]
        for path, label, row in _named(dict(sorted(plain.items(), key=lambda item: _place(item[0]))), words)
    ]
    return [*rows, *_event_rows(scenarios, words)]


def _place(path: str) -> tuple[int, int, str]:
    """Return where a setting stands: efforts first, by action."""
    start, _, action = path.rpartition(".")
    if start in _PAIR:
        return -1, len(_PAIR) * ACTIONS.index(action) + _PAIR.index(start), path
    at = next((at for at, name in enumerate(_ORDER) if path == name or path.startswith(f"{name}.")), len(_ORDER))
    return at, 0, path


def _named(values: dict[str, tuple[Any, ...]], words: Words) -> Iterator[tuple[str, str, tuple[Any, ...]]]:
    """Yield each setting with what it is called; of a pair that is alike only one."""
    for path, row in values.items():
        start, _, action = path.rpartition(".")
        others = [values.get(f"{one}.{action}") for one in _PAIR if one != start]
        alike = start in _PAIR and others == [row]
        if alike and start != _PAIR[0]:
            continue
        yield path, words.say("changes.effort", action=words.action(action)) if alike else words.setting(path), row


def _event_rows(scenarios: Sequence[Scenario], words: Words) -> Iterator[list[str]]:
    """Yield a row for each event that the scenarios do not share, with what it does in each."""
    by_name = [{event.name: event for event in scenario.events} for scenario in scenarios]
    for name in dict.fromkeys(name for events in by_name for name in events):
        if any(events.get(name) != by_name[0].get(name) for events in by_name):
            cells = [words.happening(events[name]) if name in events else UNKNOWN for events in by_name]
            yield [words.say("compare.event", name=words.event(name)), *cells]
