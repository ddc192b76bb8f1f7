"""What the charts show of a setting, and what stands around them: the newest picture, in numbers and words."""

from collections.abc import Mapping
from typing import Any, Final

from foresight.headline import worded
from foresight.loading import shipped
from foresight.parameters import all_parameters

from ..runs.live import LIVE
from ..runs.picture import Picture, map_of, picture_of
from ..runs.setting import Setting
from ..visit.state import CURRENT, AppState
from ..words import Words
from .charts import CHARTS, FANS, OPENING, TOP

#: Parameters that move the environment alone: all others move every chart.
ENVIRONMENT: Final = ("recovery_rate", "pressure", "action_effect", "spillover", "initial_condition", "action_weights")


def pictured(setting: Setting, what: str) -> tuple[Picture, dict[str, list[float]]]:
    """Return what the charts and the map show of a setting; `what` is one of `MAP`."""
    shown: tuple[Picture, dict[str, list[float]]]
    shown = LIVE.picture(setting, what, lambda run: (picture_of(run), map_of(run, what)))
    return shown


def frame(state: AppState, said: Words, ghost: Setting | None) -> dict[str, Any]:
    """Return the numbers of every chart, and what they say; those of the setting before where they are asked for."""
    setting, what = state.setting, state.view["map"]
    picture, members = pictured(setting, what)
    content = {
        **_told(picture, setting, said),
        "charts": drawn(picture, said),
        "map": _map(members, what, state, said),
    }
    if ghost is not None:
        before, _ = pictured(ghost, what)
        content["ghosts"] = ghosts(before)
    return content


def drawn(picture: Picture, said: Words) -> dict[str, Any]:
    """Return the numbers and the sentence of every chart but the map."""
    return {chart.id: chart.drawn(picture, said) for chart in CHARTS}


def ghosts(picture: Picture) -> dict[str, Any]:
    """Return what every chart but the map showed before."""
    return {chart.id: chart.ghost(picture) for chart in (*FANS, OPENING)}


def _told(picture: Picture, setting: Setting, said: Words) -> dict[str, str]:
    """Return what stands above the charts and beside the levers."""
    findings = picture.findings
    title, gate = said.title(setting.scenario), setting.scenario.structure.gate
    return {
        "sentence": worded(findings, title, gate, said.language, said.number, said.share),
        "glance": said.say(
            "explore.glance",
            delivered=said.number(findings.delivered),
            trust=said.share(findings.trust),
            overdue=said.share(findings.overdue),
        ),
        "points": said.say("explore.points", points=said.number(picture.points, 1)),
        "runs": said.say("explore.runs", n=picture.runs, seed=setting.seed),
        "effects": said.say(f"explore.effects_{setting.effects}"),
        "bands": said.say("explore.bands"),
    }


# The map -------------------------------------------------------------------------------------------------------------


def _map(members: Mapping[str, list[float]], what: str, state: AppState, said: Words) -> dict[str, Any]:
    ordered = sorted(members, key=lambda code: members[code][-1])
    top = TOP if what.startswith(("delivered", "pledged")) else 1.0
    ends = {"most": ordered[::-1][:3], "least": ordered[:3]}
    names = {end: said.listed(said.member(code) for code in codes) for end, codes in ends.items()}
    return {
        "values": members,
        "domain": [0, top],
        "title": map_label(what, said),
        "percent": top == 1.0,
        "sentence": said.say("sentence.map", **names),
        "note": map_note(state, said),
    }


def map_label(name: str, said: Words) -> str:
    """Name what the map shows."""
    outcome, _, action = name.partition(".")
    return said.say(f"map.{outcome}", action=said.action(action)) if action else said.say(f"map.{outcome}")


# What has been changed -----------------------------------------------------------------------------------------------


def edited_note(state: AppState, said: Words, environment: bool = False) -> str:
    """Say which assumptions have been changed that a chart depends on; empty where none has."""
    changed = edited(state)
    names = [name for name in changed if environment or name not in ENVIRONMENT]
    labels = [said.label(all_parameters()[name]) for name in names]
    return said.say("explore.edited", names=said.listed(labels)) if labels else ""


def map_note(state: AppState, said: Words) -> str:
    """Say which assumptions have been changed that the map depends on."""
    return edited_note(state, said, environment=state.view["map"] == "condition")


def edited(state: AppState) -> list[str]:
    """Return the uncertainties that differ from those of the scenario that changes are counted from."""
    now, base = (scenario.uncertainties.model_dump() for scenario in (state.setting.scenario, state.base))
    return [name for name, value in now.items() if value != base[name]]


# The scenario --------------------------------------------------------------------------------------------------------


def scenarios(state: AppState, said: Words) -> dict[str, Any]:
    """Return what can be opened, and what is."""
    names = [*shipped(), *state.kept]
    options = [{"value": name, "label": said.title(state.scenario_called(name))} for name in shipped()]
    options += [{"value": name, "label": name} for name in state.kept]
    now = state.setting.scenario
    same = next((name for name in names if state.scenario_called(name).digest() == now.digest()), CURRENT)
    return {
        "options": options,
        "value": same,
        "title": said.title(now),
        "storyline": said.storyline(now),
        "origin": said.say(
            "explore.origin", title=_origin(now.origin.title, said), story=_origin(now.origin.storyline, said)
        ),
        "base": said.title(state.base),
    }


def _origin(origin: str, said: Words) -> str:
    kind, _, paragraph = origin.partition(" ")
    return said.say(f"origin.{kind}", paragraph=paragraph)
