"""A branch as a scenario, which runs, compares and opens like any other."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

from foresight import bounds
from foresight.actions import ACTIONS
from foresight.scenario.loading import load_scenario
from foresight.scenario.scenario import Scenario
from foresight.scenario.schema import Coalition, Event, Levers, Storyline, Title
from foresight.texts import Words
from foresight.workshop.cards import CARDS
from foresight.workshop.delegations import BESIDE, Delegation
from foresight.workshop.events import NAME, PRACTICE, Dealt
from foresight.workshop.hands import ROUNDS, levers_of
from foresight.workshop.room import Room
from foresight.workshop.words import branch_name, card_name, delegation_name

#: Characters that the title of a room has in that of a scenario, which names the branch too.
_ROOM_TITLE: Final = bounds.TITLE.most - 2 * NAME

#: Points of delegations by phase: 0 where nothing is decided yet.
Plan = Mapping[str, Mapping[int, tuple[int, ...]]]


def base_of(room: Room) -> Scenario:
    """Return the scenario that the room sets out from."""
    return _scenario(room.opened.scenario)


_scenario = cache(load_scenario)


def plan_of(room: Room, branch: int, last: int = ROUNDS[-1], without: frozenset[str] = frozenset()) -> Plan:
    """Return what delegations decided in a branch.

    Parameters
    ----------
    room : Room
    branch : int
    last : int, optional
        The last phase whose decisions count.
    without : frozenset of str, optional
        Delegations that go on as they did before.
    """
    phases = [phase for phase in ROUNDS if phase <= last]
    taken = {phase: room.decided(branch, phase) for phase in phases}
    return {
        one: {phase: taken[phase][one].points for phase in phases if one in taken[phase]}
        for one in room.delegations
        if one not in without
    }


def seen_of(room: Room, branch: int) -> list[int]:
    """Return the phases of a branch whose run was seen."""
    return [phase for phase in ROUNDS if room.is_revealed(branch, phase)]


def scenarios_seen(room: Room) -> list[Scenario]:
    """Return a scenario for each branch of which a phase was seen, up to the last of these."""
    scenarios = []
    for number, branch in room.branches.items():
        if number != PRACTICE and branch.revealed:
            last = seen_of(room, number)[-1]
            scenarios.append(scenario_of(room, number, plan_of(room, number, last), last))
    return scenarios


def names_seen(room: Room, words: Words) -> dict[str, str]:
    """Return what `scenarios_seen` and what stands in them are called in a language, by what files call them."""
    names = {_id(room, branch): branch_name(room, branch, words) for branch in room.branches}
    dealt = [card for branch in room.branches for phase in ROUNDS if (card := room.card(branch, phase))]
    cards = {_event_name(card, Words("en")): _event_name(card, words) for card in dealt}
    return names | cards | {_coalition_name(own): delegation_name(own, words) for own in room.opened.delegations}


def scenario_files(room: Room) -> dict[str, str]:
    """Return the scenarios of `scenarios_seen` as files, by their names."""
    return {f"{scenario.id}.toml": scenario.to_toml() for scenario in scenarios_seen(room)}


def scenario_of(room: Room, branch: int, plan: Plan, last: int = ROUNDS[-1]) -> Scenario:
    """Return a branch as a scenario, with the cards up to a phase.

    Parameters
    ----------
    room : Room
    branch : int
    plan : Plan
        As `plan_of` gives it.
    last : int, optional
        The last phase whose card acts.
    """
    coalitions = tuple(_coalitions(room, plan))
    events = tuple(_event(card) for phase in ROUNDS if phase <= last and (card := room.card(branch, phase)))
    base = base_of(room)
    changes: dict[str, Any] = {
        "id": _id(room, branch),
        "author": room.opened.title,
        "title": Title(en=_title(room, branch, "en"), zh=_title(room, branch, "zh")),
        "storyline": Storyline(),
        "levers": Levers.model_validate({**base.levers.model_dump(), **_common(plan)}),
        "coalitions": coalitions,
        "events": (*base.events, *events),
    }
    return base.model_copy(update=changes)


def _id(room: Room, branch: int) -> str:
    return f"room-{room.opened.code.lower()}-{branch}"


def _title(room: Room, branch: int, language: str) -> str:
    words = Words(language)
    return words.say("workshop.future", room=room.opened.title[:_ROOM_TITLE], branch=branch_name(room, branch, words))


def _coalitions(room: Room, plan: Plan) -> Iterator[Coalition]:
    """Yield delegations of members that do more than before, as coalitions with efforts of their own."""
    for name, by_phase in plan.items():
        own = room.delegations[name]
        if not own.members or not any(map(any, by_phase.values())):
            continue
        efforts = {lever.name: _by_phase(lever.stops, by_phase, place) for place, lever in enumerate(levers_of(name))}
        moved = {action: efforts[action] for action in ACTIONS if set(efforts[action]) != {1.0}}
        yield Coalition(name=_coalition_name(own), members=own.members, pledge_effort=moved, delivery_effort=moved)


@cache
def _coalition_name(own: Delegation) -> str:
    return delegation_name(own, Words("en"))


def _common(plan: Plan) -> dict[str, Any]:
    """Return the levers that delegations hold which are no members."""
    levers: dict[str, Any] = {}
    for name in BESIDE:
        by_phase = plan.get(name, {})
        for place, lever in enumerate(levers_of(name)):
            values = _by_phase(lever.stops, by_phase, place)
            value = values[0] if lever.lasting else values
            if any(points[place] for points in by_phase.values()):
                levers[lever.name] = value
    return levers


def _by_phase(stops: tuple[float | None, ...], by_phase: Mapping[int, tuple[int, ...]], place: int) -> tuple[Any, ...]:
    """Return the value of a lever in each phase; where nothing is decided it stands as before."""
    return tuple(stops[by_phase[phase][place] if phase in by_phase else 0] for phase in ROUNDS)


def _event(card: Dealt) -> Event:
    """Return a card as an event; the name tells it from others of its kind."""
    name = _event_name(card, Words("en"))
    return Event(name=name, year=card.year, scope=card.scope, tag="judgement", **CARDS[card.card].effects)


def _event_name(card: Dealt, words: Words) -> str:
    return f"{card_name(card.card, words)} {card.year}"
