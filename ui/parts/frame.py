"""What the charts show of a setting, and what stands around them: the newest picture, in numbers and words."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from foresight.engine.readiness import NotReadyError
from foresight.facts.parameters import all_parameters
from foresight.results.headline import worded
from foresight.scenario.loading import shipped

from ..runs.live import LIVE
from ..runs.picture import Picture, Shown, shown_of
from ..runs.setting import Setting, first_setting
from ..runs.stored import stored
from ..visit.futures import fitted
from ..visit.state import AppState
from ..words import Words
from .charts import CHARTS, FANS, OPENING, TOP
from .first import told
from .signature import name_of, screen_name, signature

#: Parameters that move the environment alone: all others move every chart.
ENVIRONMENT: Final = ("recovery_rate", "pressure", "action_effect", "spillover", "initial_condition", "action_weights")


def pictured(setting: Setting, what: str) -> Shown:
    """Return what the charts and the map show of a setting; `what` is one of `MAP`.

    While the engine is being compiled, what ships with its picture is shown; NotReadyError for all else.
    """
    shown: Shown
    try:
        shown = LIVE.picture(setting, what, lambda run: shown_of(run, what))
    except NotReadyError:
        if (kept := stored(setting, what)) is None:
            raise
        shown = kept
    return shown


def frame(state: AppState, words: Words, ghost: Setting | None, anew: bool = False) -> dict[str, Any]:
    """Return the numbers of every chart, and what they say; those of the setting before where they are asked for.

    What changes are counted from comes with it only `anew`, as it seldom changes; on the map that is always the first
    scenario, so that who gains is told of every other.
    """
    setting, what, unchanged = state.setting, state.view["map"], state.unchanged
    first = replace(setting, scenario=first_setting().scenario)
    picture, members = pictured(setting, what)
    same, gains = setting.key == unchanged.key, setting.key != first.key
    base = picture if same else pictured(unchanged, what)[0]
    members_before = pictured(first, what)[1] if gains else members
    future = signature(state, words)
    content = {
        **_told(picture, setting, future["name"], words),
        **told(picture, base, setting, state.base, words),
        "future": future,
        "charts": drawn(picture, words),
        "map": _map(members, members_before if gains else None, what, state, words),
        "changed": not same,
        "based": not same and (state.before is None or state.before.key != unchanged.key),
    }
    if ghost is not None:
        before, _ = pictured(ghost, what)
        content["ghosts"] = ghosts(before)
    if anew:
        content["base"] = {"charts": ghosts(base), "map": members_before}
    return content


def drawn(picture: Picture, words: Words) -> dict[str, Any]:
    """Return the numbers and the sentence of every chart but the map."""
    return {chart.id: chart.drawn(picture, words) for chart in CHARTS}


def ghosts(picture: Picture) -> dict[str, Any]:
    """Return what every chart but the map showed before."""
    return {chart.id: chart.ghost(picture) for chart in (*FANS, OPENING)}


def _told(picture: Picture, setting: Setting, name: str, words: Words) -> dict[str, str]:
    """Return the whole sentence, and what its range is made of."""
    findings = picture.findings
    gate = setting.scenario.structure.gate
    return {
        "sentence": worded(findings, name, gate, words),
        "runs": words.say("explore.runs", n=words.count(picture.runs), seed=setting.seed),
        "effects": words.say(f"explore.effects_{setting.effects}"),
        "bands": words.say("explore.bands"),
    }


# The map -------------------------------------------------------------------------------------------------------------


def _map(
    members: Mapping[str, list[float]],
    before: Mapping[str, list[float]] | None,
    what: str,
    state: AppState,
    words: Words,
) -> dict[str, Any]:
    """Return what the map shows of every member, and what was changed of it if `before` says what it was."""
    ends = {code: years[-1] - (before[code][-1] if before and code in before else 0) for code, years in members.items()}
    ordered = sorted(ends, key=lambda code: ends[code])
    top = TOP if what.startswith(("delivered", "pledged")) else 1.0
    chosen = {"most": ordered[::-1][:3], "least": ordered[:3]}
    names = {end: words.listed(words.member(code) for code in codes) for end, codes in chosen.items()}
    return {
        "values": members,
        "domain": [0, top],
        "title": map_label(what, words),
        "percent": top == 1.0,
        "sentence": words.say("first.map_change" if before else "sentence.map", **names),
        "note": map_note(state, words),
        "gains": before is not None,
    }


def map_label(name: str, words: Words) -> str:
    """Name what the map shows."""
    outcome, _, action = name.partition(".")
    return words.say(f"map.{outcome}", action=words.action(action)) if action else words.say(f"map.{outcome}")


# What has been changed -----------------------------------------------------------------------------------------------


def edited_note(state: AppState, words: Words, environment: bool = False) -> str:
    """Say which assumptions have been changed that a chart depends on; empty where none has."""
    changed = edited(state)
    names = [name for name in changed if environment or name not in ENVIRONMENT]
    labels = [words.label(all_parameters()[name]) for name in names]
    return words.say("explore.edited", names=words.listed(labels)) if labels else ""


def map_note(state: AppState, words: Words) -> str:
    """Say which assumptions have been changed that the map depends on."""
    return edited_note(state, words, environment=state.view["map"] == "condition")


def edited(state: AppState) -> list[str]:
    """Return the uncertainties that differ from those of the scenario that changes are counted from."""
    now, base = (scenario.uncertainties.model_dump() for scenario in (state.setting.scenario, state.base))
    return [name for name, value in now.items() if value != base[name]]


# The scenario --------------------------------------------------------------------------------------------------------


def scenarios(state: AppState, words: Words) -> dict[str, Any]:
    """Return what can be opened, and what is."""
    future = state.future.scenario
    options = [{"value": name, "label": fitted(name_of(name, state, words))} for name in (*shipped(), *state.kept)]
    return {
        "options": options,
        "value": state.name,
        "title": screen_name(state, words),
        "storyline": words.storyline(future),
        "origin": words.say(
            "explore.origin", title=_origin(future.origin.title, words), story=_origin(future.origin.storyline, words)
        ),
        "base": words.title(state.base),
        "first": words.title(first_setting().scenario),
    }


def _origin(origin: str, words: Words) -> str:
    kind, _, paragraph = origin.partition(" ")
    return words.say(f"origin.{kind}", paragraph=paragraph)
