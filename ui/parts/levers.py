"""Levers as controls: what each is called, means, rests on and may be, all read from the declarations."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from foresight.actions import ACTIONS
from foresight.arguments import LARGEST_SEED
from foresight.facts.parameters import Parameter, levers
from foresight.runs import EFFECTS
from foresight.scenario.schema import GATES, TAKING_PART

from ..runs.setting import REPLICATES, SEED, Setting
from ..visit.state import AppState
from ..words import Words
from .differences import PARTS
from .lists import LISTS

#: Groups of levers below the five efforts.
GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "money": ("support_multiplier", "assistance", "solidarity_share", "performance_share"),
    "rules": ("review_deadline", "linking"),
}

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
    for name, make in LISTS.items():
        groups.append({"id": name, "label": words.say(f"levers.{name}"), "controls": [make(scenario, words)]})
    groups.append({"id": "run", "label": words.say("levers.run"), "controls": list(_run(state, words))})
    return groups


def values_of(setting: Setting) -> dict[str, Any]:
    """Return the value of every control but lists, by dotted path; None where the uncertain value acts."""
    scenario = setting.scenario
    efforts = {
        f"levers.{name}.{action}": list(getattr(getattr(scenario.levers, name), action))
        for name in PARTS
        for action in ACTIONS
    }
    others = {f"levers.{name}": getattr(scenario.levers, name) for names in GROUPS.values() for name in names}
    structure = {f"structure.{name}": getattr(scenario.structure, name) for name in ("gate", "members")}
    run = {"run.replicates": setting.replicates, SEED: str(setting.seed), "run.effects": setting.effects}
    return {**efforts, **others, **structure, **run}


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
        "unset": unset,
        "unset_text": words.say("levers.unset") if parameter.replaces is not None else "",
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
        "options": [{"value": n, "label": words.count(n)} for n in REPLICATES],
        "value": setting.replicates,
    }
    yield {
        "kind": "number",
        "id": SEED,
        "path": SEED,
        "label": words.say("levers.seed"),
        "meaning": words.say("levers.seed_meaning"),
        "value": str(setting.seed),
        "most": str(LARGEST_SEED),
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
