"""Rooms of a workshop that were played, without a server: what desk and phones ask for, and what comes of it."""

import hashlib
from collections.abc import Iterable
from functools import cache
from typing import Any

from foresight.actions import ACTIONS
from foresight.arrays import Floats
from foresight.scenario.scenario import Scenario
from foresight.version import program_version
from foresight.workshop.delegations import subregional
from foresight.workshop.events import Event, Joined, KeyMade, Opened
from foresight.workshop.hands import levers_of
from foresight.workshop.moves import done, said
from foresight.workshop.numbers import simulator
from foresight.workshop.requests import doing_from, saying_from
from foresight.workshop.room import Room, room_of

#: When rooms of tests are opened, in seconds since 1970: 2026-11-30 09:00 in UTC.
OPENED = 1_796_029_200.0

RUNS = 8

#: What delegations of members do in `play`, one round a phase; others do nothing.
PLAN = {
    2: {"SEA": (4, 4, 0, 0, 0), "Pacific": (0, 2, 2, 2, 2), "partners": (3, 1), "secretariat": (2, 1, 1)},
    3: {"SEA": (4, 4, 0, 0, 0), "ENEA": (2, 2, 2, 1, 1), "partners": (4, 0)},
    4: {"SSWA": (0, 0, 4, 4, 0), "ENEA": (2, 2, 2, 1, 1)},
}


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def opened(**changes: Any) -> Opened:
    """Return how a room was opened; `changes` replace fields."""
    usual: dict[str, Any] = {
        "code": "ABCDEF",
        "language": "en",
        "title": "Suva",
        "delegations": subregional(),
        "budget": 8,
        "agenda": 90,
        "scenario": "historical-pace",
        "seed": 1,
        "replicates": RUNS,
        "version": program_version(),
    }
    return Opened(**{**usual, **changes})


class Played:
    """A room, and all that happened in it; every happening is a second after the one before."""

    def __init__(self, first: Opened | None = None) -> None:
        self.events: list[Event] = [first or opened(), KeyMade(digest=digest("key"))]
        self.room: Room = room_of(self.events)

    @property
    def now(self) -> float:
        return OPENED + len(self.events)

    @property
    def record(self) -> list[tuple[float, Event]]:
        return [(OPENED + at, event) for at, event in enumerate(self.events)]

    def happen(self, events: Iterable[Event | None]) -> list[Event]:
        new = [event for event in events if event is not None]
        for event in new:
            self.room.apply(event)
        self.events += new
        return new

    def join(self) -> int:
        """Let somebody join; return their number."""
        person = self.room.joined + 1
        self.happen([Joined(person=person, digest=digest(f"phone {person}"))])
        return person

    def desk(self, do: str, pick: int = 0, **fields: Any) -> list[Event]:
        return self.happen(done(self.room, doing_from({"do": do, **fields}), self.now, pick))

    def phone(self, person: int, say: str, mark: int | None = None, **fields: Any) -> list[Event]:
        number = self.room.people[person].mark + 1 if mark is None else mark
        return self.happen([said(self.room, person, saying_from({"say": say, "mark": number, **fields}))])

    def seated(self, count: int, **fields: Any) -> "Played":
        """Let people join, and sit at the delegations in turn."""
        homes = list(self.room.delegations)
        for _ in range(count):
            person = self.join()
            self.phone(person, "describe", delegation=homes[(person - 1) % len(homes)], **fields)
        return self

    def round(self, plan: dict[str, tuple[int, ...]], card: str = "") -> "Played":
        """Play a round: everybody proposes what the plan has for their delegation, which is adopted; see the run."""
        self.desk("stage", stage="round")
        self.desk("ask", open=True)
        for person in self.room.people.values():
            if person.delegation:
                points = plan.get(person.delegation, (0,) * len(levers_of(person.delegation)))
                self.phone(person.number, "propose", points=points, reason="as agreed" if any(points) else "")
        for delegation, points in plan.items():
            self.desk("adopt", delegation=delegation, how="value", points=points)
        self.desk("lock", locked=True)
        if card:
            self.desk("deal", card=card)
        self.desk("reveal")
        return self


_FOUND: dict[str, Floats] = {}


def simulated(scenario: Scenario) -> Floats:
    """Run a scenario as a room that is opened as usual does; what was run before is remembered."""
    key = scenario.digest()
    if key not in _FOUND:
        _FOUND[key] = simulator(room_of([opened()]))(scenario)
    return _FOUND[key]


@cache
def played() -> Played:
    """Return a whole session: predictions, three rounds with a card, a branch from phase 3, and the survey.

    Of 18 people 8 say that they gave the official reply, 6 that they are government experts, and 4 say nothing.
    """
    made = Played().seated(18)
    for person in range(1, 15):
        home = made.room.people[person].delegation
        group = "official" if person <= 8 else "government_expert"
        made.phone(person, "describe", delegation=home, group=group)
    made.desk("stage", stage="predict")
    made.desk("ask", open=True)
    for person in made.room.people:
        made.phone(person, "predict", steps=person / 10)
    made.desk("stage", stage="base")
    made.round(PLAN[2]).round(PLAN[3], "crisis").round(PLAN[4])
    made.desk("branch", phase=3, name="Without the crisis")
    made.round({"NCA": (2, 2, 2, 2, 0)}).round({})
    made.desk("stage", stage="survey")
    made.desk("ask", open=True)
    for person in made.room.people:
        turned = person % 2
        made.phone(person, "rank", order=[*ACTIONS[turned:], *ACTIONS[:turned]])
    made.desk("stage", stage="debrief")
    return made
