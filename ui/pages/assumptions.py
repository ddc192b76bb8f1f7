"""Assumptions: every parameter with its value, range, unit, tag and source, and who changed it."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import pandas as pd

from foresight.effects import POSTERIOR
from foresight.parameters import TAGS, Parameter, uncertainties
from foresight.posterior import ESTIMATED, posterior
from foresight.shipped import described

from ..setting import Setting
from ..state import AppState
from ..words import Words
from .blocks import Block, heading, prose, table, tag
from .explore import ENVIRONMENT

#: Decimals of what records tell.
_PLACES: Final = 2


def page(state: AppState, said: Words, _rest: str, _progress: Callable[[int, int], None]) -> dict[str, Any]:
    """Return all parameters, editable."""
    counts = {name: sum(one.tag == name for one in uncertainties().values()) for name in TAGS}
    blocks: list[Block] = [
        prose(said.say("assumptions.lead", **{name: str(number) for name, number in counts.items()}), "lead"),
        prose(said.say("assumptions.dominant"), "warning"),
        prose(said.say("assumptions.trust"), "hint"),
        heading(said.say("assumptions.people")),
        _table(state, said, [one for one in uncertainties().values() if one.name not in ENVIRONMENT], "people"),
        heading(said.say("assumptions.environment")),
        prose(said.say("assumptions.direction"), "hint"),
        _table(state, said, [uncertainties()[name] for name in ENVIRONMENT], "environment"),
    ]
    if said.draft:
        blocks.append(prose(said.say("members.english_sources"), "hint"))
    return {"kind": "blocks", "title": said.say("menu.assumptions"), "blocks": blocks}


def _table(state: AppState, said: Words, shown: list[Parameter], part: str) -> Block:
    columns = [
        said.say(f"assumptions.{one}") for one in ("parameter", "value", "range", "unit", "known", "source", "changed")
    ]
    changes = changed_by(state, said)
    rows = [_row(one, state, said, changes) for one in shown]
    return table(said.say(f"assumptions.{part}"), columns, rows, save=f"assumptions-{part}")


def _row(one: Parameter, state: AppState, said: Words, changes: Mapping[str, str]) -> list[Any]:
    path = f"uncertainties.{one.name}"
    value = getattr(state.setting.scenario.uncertainties, one.name)
    estimate = _of_records(one, state.setting)
    shown = said.value(value) if estimate is None else said.number(estimate["mean"], _PLACES)
    field = {
        "path": path,
        "low": one.low,
        "high": one.high,
        "value": value if estimate is None else None,
        "instead": shown,
        "default": one.default,
        "whole": one.whole,
        "label": said.label(one),
    }
    return [
        {
            "text": f"{said.label(one)} {one.symbol}",
            "title": said.meaning(one),
            "note": said.meaning(one),
            "id": one.name,
        },
        {"text": shown} if one.fixed else {"text": shown, "input": field},
        said.say("assumptions.fixed")
        if one.fixed
        else said.say("compare.from_to", low=said.value(one.low), high=said.value(one.high)),
        said.say(f"unit.{one.unit}"),
        tag(said, one.tag),
        said.source(one),
        changes.get(path) or _who_set(one, state.setting, estimate, said),
    ]


def _who_set(one: Parameter, setting: Setting, estimate: "pd.Series[Any] | None", said: Words) -> str:
    if getattr(setting.scenario.uncertainties, one.name) != one.default:
        return said.say("assumptions.by_scenario")
    if estimate is None:
        return said.say("assumptions.by_default")
    ends = {end: said.number(estimate[end], _PLACES) for end in ("low", "high")}
    return said.say("assumptions.by_records", **ends)


def _of_records(one: Parameter, setting: Setting) -> "pd.Series[Any] | None":
    """Return what treaty records tell of a parameter if runs take it from there."""
    unset = getattr(setting.scenario.uncertainties, one.name) == one.default
    taken = unset and setting.effects == POSTERIOR and one.name in ESTIMATED
    return described({one.name: posterior().parameters[one.name]}).iloc[0] if taken else None


def changed_by(state: AppState, said: Words) -> dict[str, str]:
    """Return who changed a parameter in this session, and when, by path."""
    found: dict[str, str] = {}
    for number, entry in enumerate(state.entries[: state.position + 1]):
        if entry.what == "open":
            found = {}
        found |= {path: said.say("assumptions.by_you", at=entry.at, number=number) for path in entry.values}
    return found
