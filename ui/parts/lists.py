"""Coalitions and events as controls: which there are, and what a new one may be made of."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from foresight.actions import ACTIONS, FIRST_YEAR, LAST_YEAR, SUBREGIONS
from foresight.facts.bodies import memberships
from foresight.facts.parameters import levers
from foresight.scenario.scenario import Scenario
from foresight.scenario.schema import Coalition, Event

from ..words import Words
from .differences import PARTS, efforts_of

#: Effort of a new coalition: what regional instruments did.
COALITION_EFFORT: Final = 2.5

#: The year of a new event, unless somebody says another.
EVENT_YEAR: Final = 2030


def _coalitions(scenario: Scenario, words: Words) -> dict[str, Any]:
    """Return the coalitions there are, and what a new one may be made of."""
    present, lever = scenario.members(), levers()[PARTS[0]]
    members = ({"value": code, "label": words.member(code)} for code in present.index)
    return {
        "kind": "coalition",
        "id": "coalition",
        "label": words.say("levers.coalition"),
        "meaning": words.say("levers.coalition_meaning"),
        "own": words.say("log.own_coalition"),
        "effort": COALITION_EFFORT,
        "low": lever.low,
        "high": lever.high,
        "actions": [{"value": one, "label": words.action(one)} for one in ACTIONS],
        "parts": [{"value": one, "label": words.say(f"levers.{one}")} for one in PARTS],
        "entries": [_coalition_entry(item, words) for item in scenario.coalitions],
        "bodies": [{"value": slug, "label": f"{slug} · {words.body(slug)}"} for slug in memberships()],
        "groups": [
            {"value": code, "label": words.group(code), "members": list(present.index[present["subregion"] == code])}
            for code in SUBREGIONS
        ],
        "members": sorted(members, key=lambda item: item["label"]),
    }


def _coalition_entry(coalition: Coalition, words: Words) -> dict[str, Any]:
    names = [words.body(one) for one in coalition.bodies] + [words.member(one) for one in coalition.members]
    return {
        "table": coalition.model_dump(exclude_defaults=True, mode="json"),
        "label": coalition.name,
        "text": words.say("levers.coalition_of", n=len(coalition.codes), names=words.listed(names)),
        "more": efforts_of(coalition, words),
    }


def _events(scenario: Scenario, words: Words) -> dict[str, Any]:
    """Return the events there are, and what a new one may be."""
    scopes = ["all", *SUBREGIONS, *memberships()]
    return {
        "kind": "events",
        "id": "events",
        "label": words.say("levers.events"),
        "meaning": words.say("levers.events_meaning"),
        "years": [FIRST_YEAR, LAST_YEAR - 1],
        "year": EVENT_YEAR,
        "entries": [_event_entry(event, words) for event in scenario.events],
        "scopes": [{"value": one, "label": words.scope(one)} for one in scopes],
    }


def _event_entry(event: Event, words: Words) -> dict[str, Any]:
    table = event.model_dump(exclude_defaults=True, mode="json")
    return {"table": table, "label": words.event(event.name), "text": words.happening(event)}


#: Controls of lists, by the names of their groups.
LISTS: Final[Mapping[str, Callable[[Scenario, Words], dict[str, Any]]]] = {"coalition": _coalitions, "events": _events}
