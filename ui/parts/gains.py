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

#: A gain of one lever: its label, the message that sets it, the mean and the ends of its lines.
Gain = dict[str, Any]


def gains_of(state: AppState, code: str, words: Words) -> list[Gain]:
    """Return what each lever adds to the steps of a member, the largest first."""
    now = country(state.setting, code)
    found = []
    for what, (label, values) in _doubled(state, words).items():
        message = {"type": "change", "what": what, "values": values}
        apart = change(country(state.setting.changed(values), code), now)
        found.append({"label": label, "message": message, **apart._asdict()})
    return sorted(found, key=lambda one: -float(one["mean"]))


def gains_table(gains: Sequence[Gain], words: Words) -> Iterator[Block]:
    """Yield the gains in order; those that intervals cannot tell apart share a place."""
    if gains:
        columns = [
            words.say("country_page.gain_lever"),
            words.say("country_page.gain"),
            words.say("country_page.gain_place"),
        ]
        yield table(words.say("country_page.gains"), columns, list(_rows(gains, words)))


def gains_chart(gains: Sequence[Gain], runs: int, words: Words) -> Iterator[Block]:
    """Yield the gains with their intervals."""
    if gains:
        spec = {
            "id": "gains",
            "type": "intervals",
            "digits": 2,
            "title": words.say("country_page.gains"),
            "unit": words.say("country.circles_unit", effort=words.value(SIZE), year=LAST_YEAR),
            "sentence": words.say("country_page.gains_tied"),
            "n": runs,
        }
        yield {"kind": "chart", "spec": spec, "data": {"rows": gains, "zero": True}}


def ties_of(rows: Sequence[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Return rows, the largest first, in groups that cannot be told apart: those whose intervals reach the first's."""
    groups: list[list[dict[str, Any]]] = []
    for row in rows:
        if groups and row["high"] >= groups[-1][0]["low"]:
            groups[-1].append(row)
        else:
            groups.append([row])
    return groups


def _rows(gains: Sequence[Gain], words: Words) -> Iterator[list[Any]]:
    times, place = words.say("client.times", value=words.value(SIZE)), 1
    for group in ties_of(gains):
        for one in group:
            name = {"text": one["label"], "sets": {"label": times, "message": one["message"]}}
            yield [name, words.signed(one["mean"], 2), words.count(place)]
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
