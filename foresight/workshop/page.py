"""The record of a session as one page that needs nothing else, to read, print and keep."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from foresight.documents.document import Document, Findings, Part, Section, Table
from foresight.documents.webpage import html
from foresight.facts.members import REGION
from foresight.runs import DRAWN
from foresight.texts import Words
from foresight.workshop import chapters
from foresight.workshop.chapters import FINE
from foresight.workshop.debrief import Debrief, Deeds, Mean, debrief_of, rounds_of
from foresight.workshop.events import PRACTICE, Event
from foresight.workshop.future import scenario_files
from foresight.workshop.numbers import Simulate, course_of, outcome_of
from foresight.workshop.room import Room
from foresight.workshop.words import branch_name
from foresight.workshop.writing import SheetWords

Parts = tuple[Part, ...]


def session_page(
    room: Room,
    record: Sequence[tuple[float, Event]],
    simulate: Simulate,
    deeds: Callable[[int], Deeds | None],
    words: Words,
) -> str:
    """Return the session as a page of HTML: the branch that leads furthest in full, others in their rounds.

    Parameters
    ----------
    room : Room
        It must not change meanwhile; `room_of` the record is such a one.
    record : sequence of (float, Event)
        As `Record.events` gives it.
    simulate : callable
        As `numbers.simulator` gives it.
    deeds : callable
        From a branch to what `debrief.deeds_of` gives.
    words : Words
        Of the language of the page.
    """
    own = SheetWords(words.language)
    best = outcome_of(room, simulate).best
    branches = [number for number, branch in room.branches.items() if number != PRACTICE and branch.revealed]
    did = {number: found for number in branches if (found := deeds(number))}
    debrief = debrief_of(room, best, simulate, did.get(best))
    seen = {number: debrief.rounds if number == best else rounds_of(room, number, simulate) for number in branches}
    sections = {
        "delegations": chapters.delegations(room, own),
        "guesses": chapters.guesses(debrief.guesses, own),
        "rounds": chapters.rounds(seen, room, own),
        "deeds": chapters.deeds(debrief.deeds, best, room, own),
        "survey": chapters.survey(debrief.survey, room, own),
        "branches": chapters.branches(seen, did, room, own),
        "again": _again(room, own),
        "own": tuple(own.say(f"session.own_{name}") for name in ("document", "project", "typed")),
    }
    made = (Section(own.say(f"session.section.{name}"), parts) for name, parts in sections.items() if parts)
    lead = (*_first(debrief, room, own), *_run(debrief, room, simulate, own), _held(room, record, own))
    return html(Document(own.say("session.title", room=own.title(room)), own.language, (*lead, *made)))


def _first(debrief: Debrief, room: Room, words: SheetWords) -> Parts:
    """Say what matters most in a few lines."""
    lines = (*_came_to(room, debrief, words), *_who_did(room, debrief, words))
    return (Findings(lines),) if lines else ()


def _run(debrief: Debrief, room: Room, simulate: Simulate, words: SheetWords) -> Parts:
    """Draw the run of the branch, if any of it was seen."""
    if not debrief.rounds:
        return ()
    course = course_of(room, debrief.branch, debrief.rounds[-1].phase, simulate)
    return chapters.run(debrief.rounds, course, words)


def _held(room: Room, record: Sequence[tuple[float, Event]], words: SheetWords) -> str:
    """Say when the session was, and what its numbers are."""
    opened, (began, _) = room.opened, record[0]
    return words.say(
        "session.introduction",
        date=datetime.fromtimestamp(began, UTC).date().isoformat(),
        people=words.count(room.joined),
        runs=opened.replicates,
        version=opened.version,
    )


def _came_to(room: Room, debrief: Debrief, words: SheetWords) -> list[tuple[str, str, str]]:
    """Say what the branch came to, and what had been guessed."""
    lines = []
    if debrief.rounds:
        last = debrief.rounds[-1]
        numbers = {"own": words.number(last.delivered), "base": words.number(last.base), "year": last.years[1]}
        lines.append(("came", words.say("session.came", **numbers), branch_name(room, debrief.branch, words)))
    if debrief.guesses:
        lines.append(("guessed", chapters.guess(debrief.guesses, "guessed", words), ""))
    return [(words.say(f"session.subject_{subject}"), said, basis) for subject, said, basis in lines]


def _who_did(room: Room, debrief: Debrief, words: SheetWords) -> list[tuple[str, str, str]]:
    """Say what each delegation added on the branch, the most first, and who gained without a point."""
    deeds = debrief.deeds
    if deeds is None or not deeds.delegations:
        return []
    added = {deed.delegation: deed.gains[REGION] for deed in deeds.delegations}
    cards = {"": deeds.cards[REGION]} if deeds.cards[REGION].mean else {}
    free = {own: gain for own, gain in deeds.total.items() if own not in added and own != REGION and gain.low > 0}
    lines = {"added": {**added, **cards}, "free": free}
    return [
        (words.say(f"session.subject_{subject}"), _listed(gains, room, words), branch_name(room, debrief.branch, words))
        for subject, gains in lines.items()
        if gains
    ]


def _listed(gains: Mapping[str, Mean], room: Room, words: SheetWords) -> str:
    """List gains of delegations, and of cards without a name, the greatest first."""
    order = sorted(gains, key=lambda own: -gains[own].mean)
    names = {own: words.scope(room, own) if own else words.say("session.cards") for own in order}
    return words.listed(f"{name} {words.signed(gains[own].mean, FINE)}" for own, name in names.items())


def _again(room: Room, words: SheetWords) -> Parts:
    """Say how a branch is run again; the luck and the members are those of the room."""
    opened = room.opened
    size = f"--seed {opened.seed} --replicates {opened.replicates} --effects {DRAWN}"
    commands = tuple((f"foresight run {name} {size}",) for name in scenario_files(room))
    if not commands:
        return ()
    return words.say("session.again"), Table("again", words.heads("command"), commands, code=(0,))
