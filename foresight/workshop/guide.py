"""What a facilitator needs from the week before to the day after: the kit of a usual room, and what it leaves out."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from foresight.documents.document import Document, Findings, Part, Section, Table
from foresight.version import program_version
from foresight.workshop.agenda import USUAL_MINUTES
from foresight.workshop.delegations import subregional
from foresight.workshop.events import Opened
from foresight.workshop.hands import BUDGET
from foresight.workshop.kit import JOINING, cards, session, told
from foresight.workshop.roles import role_sheets
from foresight.workshop.room import Room
from foresight.workshop.writing import SheetWords

#: What is made ready in the days before.
_WEEK: Final = ("people", "laptop", "network", "firewall", "trial", "paper")

#: What people and the room look at.
_FACES: Final = ("phone", "desk", "wall")

#: What is left to do.
_NEXT: Final = ("send", "open", "path", "delete")

#: What is whose in a session.
_OWN: Final = ("document", "project")


def guide(language: str, pictures: tuple[Part, ...] = ()) -> Document:
    """Return the guide.

    Parameters
    ----------
    language : str
    pictures : tuple of Part
        Of phone, desk and wall; they stand below what these are for.
    """
    words, room = SheetWords(language), _usual(language)
    faces = told("faces", _FACES, words)
    sections = (
        told("week", _WEEK, words),
        replace(faces, parts=(*faces.parts, *pictures)),
        told("join", JOINING, words),
        *session(room, words),
        told("next", _NEXT, words),
        Section(words.say("kit.section.roles"), tuple(_roles(room, words))),
        cards(words),
        Section(words.say("session.section.own"), tuple(words.say(f"session.own_{name}") for name in _OWN)),
    )
    return Document(words.say("kit.guide"), language, (words.say("kit.guide_lead"), *sections))


def _roles(room: Room, words: SheetWords) -> Iterator[Part]:
    """Yield role sheets without tables to write into; what all sheets of members have stands on the first alone."""
    yield words.say("kit.roles")
    sheets = role_sheets(room, words)
    rows = [[row for part in sheet.parts for row in _told(part)] for sheet in sheets]
    members = [set(own) for own, home in zip(rows, room.opened.delegations, strict=True) if home.members]
    common = set.intersection(*members)
    for place, (sheet, own) in enumerate(zip(sheets, rows, strict=True)):
        yield Section(sheet.heading, (Findings(tuple(row for row in own if not place or row not in common)),))


def _told(part: Part) -> Iterator[tuple[str, str, str]]:
    """Yield what a part of a role sheet tells; of a table to write into, what its rows mean."""
    match part:
        case Findings(rows):
            yield from rows
        case Table(rows=rows):
            yield from ((lever, meaning, "") for lever, meaning, *_ in rows)


def _usual(language: str) -> Room:
    """Return a room as it is opened where nothing else is asked for."""
    return Room(
        Opened(
            code="",
            language=language,
            title="",
            delegations=subregional(),
            budget=BUDGET,
            agenda=USUAL_MINUTES,
            scenario="historical-pace",
            seed=1,
            replicates=200,
            version=program_version(),
        )
    )
