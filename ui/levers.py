"""Levers as controls: what each is called, means, rests on and may be, all read from the declarations."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from foresight.actions import ACTIONS, SUBREGIONS
from foresight.bodies import memberships
from foresight.effects import EFFECTS
from foresight.parameters import Parameter, levers
from foresight.settings import GATES, TAKING_PART

from .setting import REPLICATES
from .state import AppState
from .words import Words

#: Groups of levers below the five efforts.
GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "money": ("support_multiplier", "assistance", "solidarity_share", "performance_share"),
    "rules": ("review_deadline", "linking"),
}

#: The coalition that the interface itself makes.
COALITION: Final = "front-runners"

#: Effort of a new coalition: what regional instruments did.
COALITION_EFFORT: Final = 2.5

#: Steps that the keyboard takes, of the range from low to high.
_STEPS: Final = 40


def controls(state: AppState, said: Words) -> list[dict[str, Any]]:
    """Return every control, in groups."""
    scenario = state.setting.scenario
    efforts = [_effort(action, scenario.levers, said) for action in ACTIONS]
    groups = [{"id": "efforts", "label": said.say("levers.efforts"), "controls": efforts, "open": True}]
    for name, members in GROUPS.items():
        found = [_slider(levers()[one], scenario, said) for one in members]
        if name == "rules":
            found += [_gate(state, said), _members(state, said)]
        groups.append({"id": name, "label": said.say(f"levers.{name}"), "controls": found})
    groups.append({"id": "coalition", "label": said.say("levers.coalition"), "controls": [_coalition(state, said)]})
    groups.append({"id": "events", "label": said.say("levers.events"), "controls": [_events(state, said)]})
    groups.append({"id": "run", "label": said.say("levers.run"), "controls": list(_run(state, said))})
    return groups


def _described(parameter: Parameter, said: Words) -> dict[str, Any]:
    """Return what is said of a parameter beside its control."""
    return {
        "label": said.label(parameter),
        "meaning": said.meaning(parameter),
        "unit": said.say(f"unit.{parameter.unit}"),
        "symbol": parameter.symbol,
        "tag": parameter.tag,
        "tagged": said.say(f"tag.{parameter.tag}"),
        "source": said.source(parameter),
        "low": parameter.low,
        "high": parameter.high,
    }


def _effort(action: str, values: Any, said: Words) -> dict[str, Any]:
    """Return the control of an action: one slider that opens into pledging and delivering, by phase."""
    pledge, deliver = levers()["pledge_effort"], levers()["delivery_effort"]
    _, sentence = said.rung(action, 1)
    return {
        **_described(pledge, said),
        "kind": "effort",
        "id": f"effort.{action}",
        "action": action,
        "label": said.action(action),
        "meaning": said.say("levers.effort_meaning", name=said.action_name(action), sentence=sentence),
        "default": pledge.default,
        "marks": [
            {"value": mark.value, "label": said.mark(mark, at), "tag": said.say(f"tag.{mark.tag}")}
            for at, mark in enumerate(pledge.marks, start=1)
        ],
        "parts": [
            {
                "path": f"levers.{one.name}.{action}",
                "label": said.say(f"levers.{one.name}"),
                "meaning": said.meaning(one),
                "values": list(getattr(getattr(values, one.name), action)),
            }
            for one in (pledge, deliver)
        ],
    }


def _slider(parameter: Parameter, scenario: Any, said: Words) -> dict[str, Any]:
    """Return the control of another lever; one that is not set has the uncertain value."""
    value = getattr(scenario.levers, parameter.name)
    default, unset = parameter.default, value is None
    if parameter.replaces is not None:
        default = getattr(scenario.uncertainties, parameter.replaces)
        value = default if unset else value
    return {
        **_described(parameter, said),
        "kind": "slider",
        "id": f"levers.{parameter.name}",
        "path": f"levers.{parameter.name}",
        "default": default,
        "step": (parameter.high - parameter.low) / _STEPS,
        "values": list(value) if parameter.by_phase else [value],
        "unset": said.say("levers.unset") if unset else "",
        "resets": None if parameter.replaces is not None else default,
    }


def _gate(state: AppState, said: Words) -> dict[str, Any]:
    return {
        "kind": "select",
        "id": "structure.gate",
        "path": "structure.gate",
        "label": said.say("structure.gate"),
        "meaning": said.say("levers.gate_meaning"),
        "options": [{"value": name, "label": said.say(f"gate.{name}")} for name in GATES],
        "value": state.setting.scenario.structure.gate,
    }


def _members(state: AppState, said: Words) -> dict[str, Any]:
    return {
        "kind": "select",
        "id": "structure.members",
        "path": "structure.members",
        "label": said.say("structure.members"),
        "options": [{"value": name, "label": said.say(f"taking_part.{name}")} for name in TAKING_PART],
        "value": state.setting.scenario.structure.members,
    }


def _coalition(state: AppState, said: Words) -> dict[str, Any]:
    """Return the coalitions there are, and what a new one may be made of."""
    scenario = state.setting.scenario
    present = scenario.members()
    return {
        "kind": "coalition",
        "id": "coalition",
        "label": said.say("levers.coalition"),
        "meaning": said.say("levers.coalition_meaning"),
        "own": COALITION,
        "effort": COALITION_EFFORT,
        "low": levers()["pledge_effort"].low,
        "high": levers()["pledge_effort"].high,
        "actions": list(ACTIONS),
        "entries": [_coalition_entry(one, said) for one in scenario.coalitions],
        "bodies": [{"value": slug, "label": f"{slug} · {said.body(slug)}"} for slug in memberships()],
        "groups": [
            {"value": code, "label": said.group(code), "members": list(present.index[present["subregion"] == code])}
            for code in SUBREGIONS
        ],
        "members": sorted(
            ({"value": code, "label": said.member(code)} for code in present.index), key=lambda one: one["label"]
        ),
    }


def _coalition_entry(coalition: Any, said: Words) -> dict[str, Any]:
    table = coalition.model_dump(exclude_defaults=True, mode="json")
    names = [said.body(one) for one in coalition.bodies] + [said.member(one) for one in coalition.members]
    return {
        "table": table,
        "label": coalition.name,
        "text": said.say("levers.coalition_of", n=len(coalition.codes), names=said.listed(names)),
    }


def _events(state: AppState, said: Words) -> dict[str, Any]:
    """Return the events there are, and what a new one may be."""
    scopes = ["all", *SUBREGIONS, *memberships()]
    return {
        "kind": "events",
        "id": "events",
        "label": said.say("levers.events"),
        "meaning": said.say("levers.events_meaning"),
        "entries": [_event_entry(event, said) for event in state.setting.scenario.events],
        "scopes": [{"value": one, "label": said.scope(one)} for one in scopes],
        "actions": [{"value": one, "label": said.action(one)} for one in ACTIONS],
    }


def _event_entry(event: Any, said: Words) -> dict[str, Any]:
    table = event.model_dump(exclude_defaults=True, mode="json")
    return {"table": table, "label": said.event(event.name), "text": said.happening(event)}


def _run(state: AppState, said: Words) -> Iterator[dict[str, Any]]:
    """Yield the controls of chance: how many runs, which luck, and where the effects of members come from."""
    setting = state.setting
    yield {
        "kind": "select",
        "id": "run.replicates",
        "path": "run.replicates",
        "label": said.say("levers.replicates"),
        "meaning": said.say("levers.replicates_meaning"),
        "whole": True,
        "options": [{"value": n, "label": str(n)} for n in REPLICATES],
        "value": setting.replicates,
    }
    yield {
        "kind": "number",
        "id": "run.seed",
        "path": "run.seed",
        "label": said.say("levers.seed"),
        "meaning": said.say("levers.seed_meaning"),
        "value": setting.seed,
    }
    yield {
        "kind": "select",
        "id": "run.effects",
        "path": "run.effects",
        "label": said.say("levers.effects"),
        "meaning": said.say("levers.effects_meaning"),
        "options": [{"value": one, "label": said.say(f"levers.effects_{one}")} for one in EFFECTS],
        "value": setting.effects,
    }
