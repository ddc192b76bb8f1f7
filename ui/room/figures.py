"""What each face shows of runs, as plain tables."""

import statistics
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np

from foresight.actions import FIRST_YEAR
from foresight.arrays import Floats
from foresight.facts.members import REGION, member_codes
from foresight.workshop.debrief import Deeds
from foresight.workshop.events import Predicted
from foresight.workshop.future import base_of
from foresight.workshop.hands import ROUNDS, budget_of
from foresight.workshop.numbers import DELIVERED, PLEDGED, TRUST, Course, Outcome, at_the_end
from foresight.workshop.room import Person, Question, Room

Table = dict[str, Any]

#: Digits of numbers that are drawn.
DIGITS: Final = 4


class Hindsight(NamedTuple):
    """What a room looks back on, as far as it is worked out.

    Parameters
    ----------
    outcome : Outcome, optional
        What all branches have come to.
    deeds : Deeds, optional
        What each delegation did on the present branch.
    priorities : Mapping[str, float], optional
        What each action does in the model, see `survey.priorities_of`.
    """

    outcome: Outcome | None = None
    deeds: Deeds | None = None
    priorities: Mapping[str, float] | None = None


NOTHING_YET: Final = Hindsight()


def result_of(room: Room, course: Course | None) -> Table | None:
    """Return the run up to the last year that may be seen, with what the room had predicted."""
    if course is None:
        return None
    end = course.last - FIRST_YEAR + 1
    branch, phase = room.display or (room.at, 0)
    gain = at_the_end(course.own - course.before, course.last)[DELIVERED, 0]
    return {
        "last": course.last,
        "years": list(range(FIRST_YEAR, course.last + 1)),
        "own": _bands(course.own[DELIVERED, 0, :end]),
        "base": _bands(course.base[DELIVERED, 0, :end]),
        "trust": _bands(course.own[TRUST, 0, :end]),
        "guess": _guess(room),
        "gain": round(float(gain.mean()), DIGITS),
        "card": card_of(room, branch, phase),
        "cards": sum(room.card(branch, one) is not None for one in ROUNDS if one <= phase),
        "acts": base_of(room).structure.levers_from,
        "delegations": {one: _played(room, course, place) for place, one in enumerate(course.scopes) if place},
    }


def looked_back(room: Room, outcome: Outcome | None) -> Table | None:
    """Return what the room set out from comes to, and what the room had predicted of it."""
    return None if outcome is None else {"pace": round(outcome.pace, DIGITS), "guess": _guess(room)}


def added(deeds: Deeds | None) -> Table | None:
    """Return by how many steps each delegation that spent anything, and the cards, raised the region; means of runs."""
    if deeds is None:
        return None
    gains = {one.delegation: one.gains[REGION].mean for one in deeds.delegations}
    return {
        "year": deeds.year,
        "members": len(member_codes()),
        "total": round(deeds.total[REGION].mean, DIGITS),
        "cards": round(deeds.cards[REGION].mean, DIGITS),
        "delegations": {name: round(gain, DIGITS) for name, gain in gains.items()},
    }


def _guess(room: Room) -> Table:
    entries = room.answers(Question("predict")).values()
    return least_to_greatest([one.steps for one in entries if isinstance(one, Predicted)])


def _played(room: Room, course: Course, place: int) -> Mapping[str, float]:
    """Return what a delegation of members has come to, and the points that it has spent of those that it had."""
    branch, last = room.display or (room.at, 0)
    phases = [phase for phase in ROUNDS if phase <= last]
    decisions = [room.decided(branch, phase).get(course.scopes[place]) for phase in phases]
    return {
        **_of_scope(course, place),
        "spent": sum(sum(one.points) for one in decisions if one),
        "budget": len(phases) * budget_of(course.scopes[place], room.opened.budget),
    }


def brief_of(room: Room, course: Course | None, person: Person) -> Table | None:
    """Return what a phone shows of a run: its region's number, and that of the person's delegation."""
    if course is None:
        return None
    own = person.delegation in course.scopes[1:]
    place = course.scopes.index(person.delegation) if own else 0
    return {
        "last": course.last,
        "region": _of_scope(course, 0),
        "own": _played(room, course, place) if own else None,
    }


def _of_scope(course: Course, place: int) -> Mapping[str, float]:
    """Return steps pledged and delivered by the last year.

    Of the region it is the middle of the runs, as wherever it is told. Of a delegation it is the mean: few members
    have few steps to go, so that the middle stays where it is until half of the runs have gone one further.
    """
    told = np.mean if place else np.median
    own, base = (told(at_the_end(values, course.last)[:, place], axis=-1) for values in (course.own, course.base))
    numbers = {
        "promised": own[PLEDGED],
        "delivered": own[DELIVERED],
        "promised_base": base[PLEDGED],
        "delivered_base": base[DELIVERED],
        "trust": own[TRUST],
    }
    return {name: round(float(value), DIGITS) for name, value in numbers.items()}


def _bands(values: Floats) -> Table:
    """Return low, middle and high of runs by year, [year, run]."""
    low, middle, high = np.quantile(values, [0.1, 0.5, 0.9], axis=-1).round(DIGITS).tolist()
    return {"low": low, "median": middle, "high": high}


def least_to_greatest(values: Sequence[float]) -> Table:
    """Return values from the least to the greatest, with the middle."""
    if not values:
        return {"values": [], "low": None, "median": None, "high": None}
    return {"values": sorted(values), "low": min(values), "median": statistics.median(values), "high": max(values)}


def card_of(room: Room, branch: int, phase: int) -> Table | None:
    """Return the surprise card of a phase; None where there is none."""
    card = room.card(branch, phase) if phase else None
    return {"name": card.card, "year": card.year, "scope": card.scope} if card else None
