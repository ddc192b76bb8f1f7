"""Assumptions: every parameter with its value, range, unit, tag and source, and who changed it."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import pandas as pd

from foresight.facts.parameters import TAGS, Parameter, uncertainties
from foresight.facts.posterior import ESTIMATED, posterior
from foresight.runs import POSTERIOR

from ..parts.blocks import Block, button, heading, prose, table, tag
from ..parts.frame import ENVIRONMENT
from ..runs.setting import Setting
from ..visit.state import AppState
from ..words import Words

#: Decimals of what records tell.
_PLACES: Final = 2


def page(state: AppState, words: Words, _rest: str, _progress: Callable[[int, int], None]) -> dict[str, Any]:
    """Return all parameters, editable."""
    counts = {name: sum(parameter.tag == name for parameter in uncertainties().values()) for name in TAGS}
    blocks: list[Block] = [
        prose(words.say("assumptions.lead", **{name: str(number) for name, number in counts.items()}), "lead"),
        prose(words.say("assumptions.dominant"), "warning"),
        button(words.say("assumptions.trust"), {"type": "go", "page": "why"}, page="why"),
        heading(words.say("assumptions.people")),
        _table(
            state,
            words,
            [parameter for parameter in uncertainties().values() if parameter.name not in ENVIRONMENT],
            "people",
        ),
        heading(words.say("assumptions.environment")),
        prose(words.say("assumptions.direction"), "hint"),
        _table(state, words, [uncertainties()[name] for name in ENVIRONMENT], "environment"),
    ]
    if words.draft:
        blocks.append(prose(words.say("members.english_sources"), "hint"))
    return {"kind": "blocks", "title": words.say("menu.assumptions"), "blocks": blocks}


def _table(state: AppState, words: Words, parameters: list[Parameter], part: str) -> Block:
    columns = [
        words.say(f"assumptions.{one}") for one in ("parameter", "value", "range", "unit", "known", "source", "changed")
    ]
    changes = changed_by(state, words)
    rows = [_row(one, state, words, changes) for one in parameters]
    return table(words.say(f"assumptions.{part}"), columns, rows, save=f"assumptions-{part}")


def _row(parameter: Parameter, state: AppState, words: Words, changes: Mapping[str, str]) -> list[Any]:
    path = f"uncertainties.{parameter.name}"
    value = getattr(state.setting.scenario.uncertainties, parameter.name)
    estimate = _of_records(parameter, state.setting)
    current = words.value(value)
    field = {
        "path": path,
        "low": parameter.low,
        "high": parameter.high,
        "value": value,
        "default": parameter.default,
        "whole": parameter.whole,
        "label": words.label(parameter),
    }
    return [
        {
            "text": f"{words.label(parameter)} {parameter.symbol}",
            "title": words.meaning(parameter),
            "note": words.meaning(parameter),
            "id": parameter.name,
        },
        {"text": current} if parameter.fixed else {"text": current, "input": field},
        words.say("assumptions.fixed")
        if parameter.fixed
        else words.say("compare.from_to", low=words.value(parameter.low), high=words.value(parameter.high)),
        words.say(f"unit.{parameter.unit}"),
        tag(words, parameter.tag),
        words.source(parameter),
        changes.get(path) or _who_set(parameter, state.setting, estimate, words),
    ]


def _who_set(parameter: Parameter, setting: Setting, estimate: "pd.Series[Any] | None", words: Words) -> str:
    if getattr(setting.scenario.uncertainties, parameter.name) != parameter.default:
        return words.say("assumptions.by_scenario")
    if estimate is None:
        return words.say("assumptions.by_default")
    ends = {end: words.number(estimate[end], _PLACES) for end in ("low", "high")}
    return words.say("assumptions.by_records", **ends)


def _of_records(parameter: Parameter, setting: Setting) -> "pd.Series[Any] | None":
    """Return what treaty records tell of a parameter if runs take it from there."""
    from foresight.calibration.shipped import described  # late: SciPy takes half a second

    unset = getattr(setting.scenario.uncertainties, parameter.name) == parameter.default
    taken = unset and setting.effects == POSTERIOR and parameter.name in ESTIMATED
    return described({parameter.name: posterior().parameters[parameter.name]}).iloc[0] if taken else None


def changed_by(state: AppState, words: Words) -> dict[str, str]:
    """Return who changed a parameter in this session, and when, by path."""
    changes: dict[str, str] = {}
    history = state.history
    for number, place in enumerate(history.way_to(history.position)):
        entry = history.entries[place]
        if entry.what == "open":
            changes = {}
        changes |= {path: words.say("assumptions.by_you", at=entry.at, number=number) for path in entry.values}
    return changes
