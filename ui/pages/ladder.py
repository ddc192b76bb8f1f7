"""The ladder: what each step of each action is called and means, and who has delivered it by 2040."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from foresight.actions import ACTIONS, LAST_YEAR, RUNGS, SUBREGIONS
from foresight.arrays import Floats
from foresight.engine.readiness import NotReadyError
from foresight.facts.axes import axis_table
from foresight.facts.members import REGION
from foresight.runs import Progress

from ..parts.blocks import Block, prose
from ..runs.ladder import reached
from ..runs.setting import Setting
from ..visit.futures import title_of
from ..visit.state import AppState
from ..words import Words

PATH: Final = "ladder"


def page(state: AppState, words: Words, rest: str, _progress: Progress) -> dict[str, Any]:
    """Return the ladder of the scope that the path names, or else of one's own country, or of the region."""
    codes = state.setting.scenario.codes()
    known = (REGION, *SUBREGIONS, *codes)
    scope = next((one for one in (rest, state.view.get("country")) if one in known), REGION)
    shares = {"share": _shares(state.setting, scope), "base": _of_base(state, scope)}
    return {
        **({"up": _up(scope, words)} if rest in known else {}),
        "waits": shares["share"] is None,
        "kind": "blocks",
        "title": words.say("ladder.title"),
        "blocks": [
            prose(words.say("ladder.lead"), "lead"),
            {
                "kind": "ladder",
                "scope": _scope(scope, codes, words),
                "columns": [_column(rung, words) for rung in range(1, RUNGS + 1)],
                "rows": [_row(at, action, shares, words) for at, action in enumerate(ACTIONS)],
                "told": _told(scope, scope in codes, shares, state, words),
            },
            prose(words.say("ladder.words"), "hint"),
        ],
    }


def _up(scope: str, words: Words) -> Block:
    """Return what a scope leads back to: the region, and from there the first page."""
    if scope == REGION:
        return {"page": "explore", "label": words.say("menu.explore")}
    return {"page": f"{PATH}/{REGION}", "label": words.group(REGION)}


def _shares(setting: Setting, scope: str) -> Floats | None:
    """Return the shares, None while the engine is being compiled: the names are worth showing alone."""
    try:
        return reached(setting, scope)
    except NotReadyError:
        return None


def _of_base(state: AppState, scope: str) -> Floats | None:
    """Return the shares in what changes are counted from, None where nothing has changed or a member is not in it."""
    base = replace(state.setting, scenario=state.base)
    known = (REGION, *SUBREGIONS, *base.scenario.codes())
    return None if base.key == state.setting.key or scope not in known else _shares(base, scope)


def _scope(scope: str, codes: tuple[str, ...], words: Words) -> Block:
    """Return the choice of whose steps are shown: the region, a subregion, or a member."""
    members = sorted(((code, words.member(code)) for code in codes), key=lambda one: one[1])
    groups = {
        "ladder.all": [(REGION, words.group(REGION))],
        "members.subregion": [(code, words.group(code)) for code in SUBREGIONS],
        "menu.members": members,
    }
    return {
        "label": words.say("ladder.scope"),
        "value": scope,
        "goes": f"{PATH}/",
        "groups": [
            {"label": words.say(key), "options": [{"value": code, "label": name} for code, name in options]}
            for key, options in groups.items()
        ],
    }


def _column(rung: int, words: Words) -> Block:
    """Return the head of a column: the phase in which the step opens by the calendar."""
    first, last = axis_table().loc[("phase", str(rung)), ["first_year", "last_year"]]
    return {"step": words.say("ladder.step", step=rung), "name": words.phase(rung), "years": f"{first:.0f}–{last:.0f}"}


def _row(at: int, action: str, shares: Mapping[str, Floats | None], words: Words) -> Block:
    return {
        "id": action,
        "name": words.action(action),
        "cells": [_cell(at, action, rung, shares, words) for rung in range(1, RUNGS + 1)],
    }


def _cell(at: int, action: str, rung: int, shares: Mapping[str, Floats | None], words: Words) -> Block:
    name, sentence = words.rung(action, rung)
    numbers = {key: round(float(each[at, rung - 1]), 4) for key, each in shares.items() if each is not None}
    cell: dict[str, Any] = {"name": name, "sentence": sentence, **numbers}
    if "share" in numbers:
        cell["now"] = words.share(numbers["share"])
    if "base" in numbers and words.share(numbers["base"]) != cell.get("now"):
        cell["before"] = words.say("ladder.before", share=words.share(numbers["base"]))
    return cell


def _told(scope: str, alone: bool, shares: Mapping[str, Floats | None], state: AppState, words: Words) -> str:
    """Say what the shares are."""
    if shares["share"] is None:
        return words.say("ladder.later")
    values = {"name": words.scope(scope), "year": LAST_YEAR, "n": words.number(state.setting.replicates, 0)}
    told = [words.say("ladder.chances" if alone else "ladder.shares", **values)]
    if shares["base"] is not None:
        told.append(words.say("ladder.compared", base=title_of(state.base, words)))
    return words.joined(*told)
