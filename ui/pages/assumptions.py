"""Assumptions: every parameter with its value, range, unit, tag and source, and who changed it."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import pandas as pd

from foresight.calibrated import described
from foresight.effects import POSTERIOR
from foresight.parameters import TAGS, Parameter, uncertainties
from foresight.posterior import ESTIMATED, posterior

from ..parts.blocks import Block, heading, prose, table, tag
from ..parts.frame import ENVIRONMENT
from ..runs.setting import Setting
from ..visit.state import AppState
from ..words import Words

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


def _table(state: AppState, said: Words, parameters: list[Parameter], part: str) -> Block:
    columns = [
        said.say(f"assumptions.{one}") for one in ("parameter", "value", "range", "unit", "known", "source", "changed")
    ]
    changes = changed_by(state, said)
    rows = [_row(one, state, said, changes) for one in parameters]
    return table(said.say(f"assumptions.{part}"), columns, rows, save=f"assumptions-{part}")


def _row(parameter: Parameter, state: AppState, said: Words, changes: Mapping[str, str]) -> list[Any]:
    path = f"uncertainties.{parameter.name}"
    value = getattr(state.setting.scenario.uncertainties, parameter.name)
    estimate = _of_records(parameter, state.setting)
    current = said.value(value) if estimate is None else said.number(estimate["mean"], _PLACES)
    field = {
        "path": path,
        "low": parameter.low,
        "high": parameter.high,
        "value": value if estimate is None else None,
        "instead": current,
        "default": parameter.default,
        "whole": parameter.whole,
        "label": said.label(parameter),
    }
    return [
        {
            "text": f"{said.label(parameter)} {parameter.symbol}",
            "title": said.meaning(parameter),
            "note": said.meaning(parameter),
            "id": parameter.name,
        },
        {"text": current} if parameter.fixed else {"text": current, "input": field},
        said.say("assumptions.fixed")
        if parameter.fixed
        else said.say("compare.from_to", low=said.value(parameter.low), high=said.value(parameter.high)),
        said.say(f"unit.{parameter.unit}"),
        tag(said, parameter.tag),
        said.source(parameter),
        changes.get(path) or _who_set(parameter, state.setting, estimate, said),
    ]


def _who_set(parameter: Parameter, setting: Setting, estimate: "pd.Series[Any] | None", said: Words) -> str:
    if getattr(setting.scenario.uncertainties, parameter.name) != parameter.default:
        return said.say("assumptions.by_scenario")
    if estimate is None:
        return said.say("assumptions.by_default")
    ends = {end: said.number(estimate[end], _PLACES) for end in ("low", "high")}
    return said.say("assumptions.by_records", **ends)


def _of_records(parameter: Parameter, setting: Setting) -> "pd.Series[Any] | None":
    """Return what treaty records tell of a parameter if runs take it from there."""
    unset = getattr(setting.scenario.uncertainties, parameter.name) == parameter.default
    taken = unset and setting.effects == POSTERIOR and parameter.name in ESTIMATED
    return described({parameter.name: posterior().parameters[parameter.name]}).iloc[0] if taken else None


def changed_by(state: AppState, said: Words) -> dict[str, str]:
    """Return who changed a parameter in this session, and when, by path."""
    changes: dict[str, str] = {}
    for number, entry in enumerate(state.entries[: state.position + 1]):
        if entry.what == "open":
            changes = {}
        changes |= {path: said.say("assumptions.by_you", at=entry.at, number=number) for path in entry.values}
    return changes
