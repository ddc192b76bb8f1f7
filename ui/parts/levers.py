"""Levers as controls: what each is called, means, rests on and may be, all read from the declarations."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from foresight.actions import ACTIONS, SUBREGIONS
from foresight.facts.bodies import memberships
from foresight.facts.parameters import Parameter, levers
from foresight.runs import EFFECTS
from foresight.scenario.schema import GATES, TAKING_PART

from ..runs.setting import REPLICATES
from ..visit.state import AppState
from ..words import Words

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


def controls(state: AppState, words: Words) -> list[dict[str, Any]]:
    """Return every control, in groups."""
    scenario = state.setting.scenario
    efforts = [_effort(action, scenario.levers, words) for action in ACTIONS]
    groups = [{"id": "efforts", "label": words.say("levers.efforts"), "controls": efforts, "open": True}]
    for name, members in GROUPS.items():
        group = [_slider(levers()[one], scenario, words) for one in members]
        if name == "rules":
            group += [_gate(state, words), _members(state, words)]
        groups.append({"id": name, "label": words.say(f"levers.{name}"), "controls": group})
    groups.append({"id": "coalition", "label": words.say("levers.coalition"), "controls": [_coalition(state, words)]})
    groups.append({"id": "events", "label": words.say("levers.events"), "controls": [_events(state, words)]})
    groups.append({"id": "run", "label": words.say("levers.run"), "controls": list(_run(state, words))})
    return groups


def _described(parameter: Parameter, words: Words) -> dict[str, Any]:
    """Return what is said of a parameter beside its control."""
    return {
        "label": words.label(parameter),
        "meaning": words.meaning(parameter),
        "unit": words.say(f"unit.{parameter.unit}"),
        "symbol": parameter.symbol,
        "tag": parameter.tag,
        "tagged": words.say(f"tag.{parameter.tag}"),
        "source": words.source(parameter),
        "low": parameter.low,
        "high": parameter.high,
    }


def _effort(action: str, values: Any, words: Words) -> dict[str, Any]:
    """Return the control of an action: one slider that opens into pledging and delivering, by phase."""
    pledge, deliver = levers()["pledge_effort"], levers()["delivery_effort"]
    _, sentence = words.rung(action, 1)
    return {
        **_described(pledge, words),
        "kind": "effort",
        "id": f"effort.{action}",
        "action": action,
        "label": words.action(action),
        "meaning": words.say("levers.effort_meaning", name=words.action_name(action), sentence=sentence),
        "default": pledge.default,
        "marks": [
            {"value": mark.value, "label": words.mark(mark, at), "tag": words.say(f"tag.{mark.tag}")}
            for at, mark in enumerate(pledge.marks, start=1)
        ],
        "parts": [
            {
                "path": f"levers.{lever.name}.{action}",
                "label": words.say(f"levers.{lever.name}"),
                "meaning": words.meaning(lever),
                "values": list(getattr(getattr(values, lever.name), action)),
            }
            for lever in (pledge, deliver)
        ],
    }


def _slider(parameter: Parameter, scenario: Any, words: Words) -> dict[str, Any]:
    """Return the control of another lever; one that is not set has the uncertain value."""
    value = getattr(scenario.levers, parameter.name)
    default, unset = parameter.default, value is None
    if parameter.replaces is not None:
        default = getattr(scenario.uncertainties, parameter.replaces)
        value = default if unset else value
    return {
        **_described(parameter, words),
        "kind": "slider",
        "id": f"levers.{parameter.name}",
        "path": f"levers.{parameter.name}",
        "default": default,
        "step": (parameter.high - parameter.low) / _STEPS,
        "values": list(value) if parameter.by_phase else [value],
        "unset": words.say("levers.unset") if unset else "",
        "resets": None if parameter.replaces is not None else default,
    }


def _gate(state: AppState, words: Words) -> dict[str, Any]:
    return {
        "kind": "select",
        "id": "structure.gate",
        "path": "structure.gate",
        "label": words.say("structure.gate"),
        "meaning": words.say("levers.gate_meaning"),
        "options": [{"value": name, "label": words.say(f"gate.{name}")} for name in GATES],
        "value": state.setting.scenario.structure.gate,
    }


def _members(state: AppState, words: Words) -> dict[str, Any]:
    return {
        "kind": "select",
        "id": "structure.members",
        "path": "structure.members",
        "label": words.say("structure.members"),
        "options": [{"value": name, "label": words.say(f"taking_part.{name}")} for name in TAKING_PART],
        "value": state.setting.scenario.structure.members,
    }


def _coalition(state: AppState, words: Words) -> dict[str, Any]:
    """Return the coalitions there are, and what a new one may be made of."""
    scenario = state.setting.scenario
    present = scenario.members()
    return {
        "kind": "coalition",
        "id": "coalition",
        "label": words.say("levers.coalition"),
        "meaning": words.say("levers.coalition_meaning"),
        "own": COALITION,
        "effort": COALITION_EFFORT,
        "low": levers()["pledge_effort"].low,
        "high": levers()["pledge_effort"].high,
        "actions": list(ACTIONS),
        "entries": [_coalition_entry(item, words) for item in scenario.coalitions],
        "bodies": [{"value": slug, "label": f"{slug} · {words.body(slug)}"} for slug in memberships()],
        "groups": [
            {"value": code, "label": words.group(code), "members": list(present.index[present["subregion"] == code])}
            for code in SUBREGIONS
        ],
        "members": sorted(
            ({"value": code, "label": words.member(code)} for code in present.index), key=lambda item: item["label"]
        ),
    }


def _coalition_entry(coalition: Any, words: Words) -> dict[str, Any]:
    table = coalition.model_dump(exclude_defaults=True, mode="json")
    names = [words.body(one) for one in coalition.bodies] + [words.member(one) for one in coalition.members]
    return {
        "table": table,
        "label": coalition.name,
        "text": words.say("levers.coalition_of", n=len(coalition.codes), names=words.listed(names)),
    }


def _events(state: AppState, words: Words) -> dict[str, Any]:
    """Return the events there are, and what a new one may be."""
    scopes = ["all", *SUBREGIONS, *memberships()]
    return {
        "kind": "events",
        "id": "events",
        "label": words.say("levers.events"),
        "meaning": words.say("levers.events_meaning"),
        "entries": [_event_entry(event, words) for event in state.setting.scenario.events],
        "scopes": [{"value": one, "label": words.scope(one)} for one in scopes],
        "actions": [{"value": one, "label": words.action(one)} for one in ACTIONS],
    }


def _event_entry(event: Any, words: Words) -> dict[str, Any]:
    table = event.model_dump(exclude_defaults=True, mode="json")
    return {"table": table, "label": words.event(event.name), "text": words.happening(event)}


def _run(state: AppState, words: Words) -> Iterator[dict[str, Any]]:
    """Yield the controls of chance: how many runs, which luck, and where the effects of members come from."""
    setting = state.setting
    yield {
        "kind": "select",
        "id": "run.replicates",
        "path": "run.replicates",
        "label": words.say("levers.replicates"),
        "meaning": words.say("levers.replicates_meaning"),
        "whole": True,
        "options": [{"value": n, "label": str(n)} for n in REPLICATES],
        "value": setting.replicates,
    }
    yield {
        "kind": "number",
        "id": "run.seed",
        "path": "run.seed",
        "label": words.say("levers.seed"),
        "meaning": words.say("levers.seed_meaning"),
        "value": setting.seed,
    }
    yield {
        "kind": "select",
        "id": "run.effects",
        "path": "run.effects",
        "label": words.say("levers.effects"),
        "meaning": words.say("levers.effects_meaning"),
        "options": [{"value": one, "label": words.say(f"levers.effects_{one}")} for one in EFFECTS],
        "value": setting.effects,
    }
