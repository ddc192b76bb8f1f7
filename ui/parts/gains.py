"""What each lever does for a member at twice its value, in order, each with a button that sets it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from foresight.actions import ACTIONS, LAST_YEAR
from foresight.facts.parameters import levers

from ..runs.country import change, country
from ..visit.state import AppState
from ..words import Words
from .blocks import Block, table
from .differences import PARTS

#: How many times its value each lever is set to.
SIZE: Final = 2.0

#: Money from outside, the one lever besides efforts that is a multiple.
_SUPPORT: Final = "support_multiplier"

#: A gain of one lever: its label, what sets it, the mean and the ends of its interval.
Gain = dict[str, Any]


def gains(state: AppState, code: str, words: Words) -> Iterator[Block]:
    """Yield the table of the gains, the largest first; those that intervals cannot tell apart share a place."""
    now = country(state.setting, code)
    found: list[Gain] = []
    for what, (label, values) in _doubled(state, words).items():
        apart = change(country(state.setting.changed(values), code), now)
        message = {"type": "change", "what": what, "values": values}
        found.append({"label": label, "button": message, "mean": apart.mean, "low": apart.low, "high": apart.high})
    if found:
        columns = [
            words.say("country_page.gain_lever", size=words.value(SIZE)),
            words.say("country_page.gain", year=LAST_YEAR),
            words.say("country_page.gain_place"),
        ]
        ordered = sorted(found, key=lambda one: -one["mean"])
        yield table(words.say("country_page.gains"), columns, list(_rows(ordered, words)))


def ties_of(rows: Sequence[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Return rows, the largest first, in groups that cannot be told apart: those whose intervals reach the first's."""
    groups: list[list[dict[str, Any]]] = []
    for row in rows:
        if groups and row["high"] >= groups[-1][0]["low"]:
            groups[-1].append(row)
        else:
            groups.append([row])
    return groups


def _rows(found: Sequence[Gain], words: Words) -> Iterator[list[Any]]:
    place = 1
    for group in ties_of(found):
        for one in group:
            ends = {"low": words.signed(one["low"], 2), "high": words.signed(one["high"], 2)}
            gain = words.say("scope.difference", mean=words.signed(one["mean"], 2), **ends)
            yield [{"text": one["label"], "button": one["button"]}, gain, words.count(place)]
        place += len(group)


def _doubled(state: AppState, words: Words) -> Mapping[str, tuple[str, dict[str, Any]]]:
    """Return by lever its label, and the values that double it; a lever that is at its end is left out."""
    now, support = state.setting.scenario.levers, f"levers.{_SUPPORT}"
    held = {
        f"effort.{action}": {f"levers.{part}.{action}": (part, getattr(getattr(now, part), action)) for part in PARTS}
        for action in ACTIONS
    }
    held[support] = {support: (_SUPPORT, getattr(now, _SUPPORT))}
    labels = {**{f"effort.{action}": words.action(action) for action in ACTIONS}, support: words.setting(support)}
    doubled = {what: {path: _twice(*one) for path, one in paths.items()} for what, paths in held.items()}
    return {
        what: (labels[what], values)
        for what, values in doubled.items()
        if any(values[path] != list(before) for path, (_, before) in held[what].items())
    }


def _twice(name: str, values: Sequence[float]) -> list[float]:
    """Return twice the values of a lever, as far as it goes."""
    return [min(SIZE * value, levers()[name].high) for value in values]
