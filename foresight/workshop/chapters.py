"""The chapters of the record of a session: delegations, guesses, rounds, what they did, survey, branches."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from foresight.actions import ACTIONS, LAST_YEAR
from foresight.documents.document import Part, Section, Table
from foresight.facts.members import REGION
from foresight.workshop import pictures
from foresight.workshop.debrief import Deeds, Guesses, Mean, Round
from foresight.workshop.events import Adopted, Dealt
from foresight.workshop.hands import budget_of, levers_of, round_of
from foresight.workshop.numbers import Course
from foresight.workshop.room import Room
from foresight.workshop.survey import LEAST, Survey, priorities_of
from foresight.workshop.words import branch_name, card_name
from foresight.workshop.writing import SheetWords

Parts = tuple[Part, ...]

#: Rounds by branch, of branches in which any was seen.
ByBranch = Mapping[int, Sequence[Round]]

#: Digits of what is gained, which is small beside what is delivered.
FINE = 3


def run(seen: Sequence[Round], course: Course, words: SheetWords) -> Parts:
    """Draw the run of a branch, as far as it was seen, with its numbers."""
    rows = tuple((str(own.years[1]), *map(words.number, _numbers(own))) for own in seen)
    return pictures.course(course, words), Table("run", words.heads("year promised delivered base trust"), rows)


def _numbers(own: Round) -> tuple[float, ...]:
    return own.promised, own.delivered, own.base, own.trust


def delegations(room: Room, words: SheetWords) -> Parts:
    """Tell who sat where, and what they held."""
    people = [person.delegation for person in room.people.values()]
    rows = tuple(
        (
            words.delegation(own),
            words.say("session.members", count=len(own.members)) if own.members else words.say("session.no_members"),
            words.count(people.count(own.id)),
            words.count(budget_of(own.id, room.opened.budget)),
            words.listed(words.lever(lever) for lever in levers_of(own.id)),
        )
        for own in room.opened.delegations
    )
    return words.say("session.delegations"), Table(
        "delegations", words.heads("delegation for people points holds"), rows
    )


def guesses(guessed: Guesses | None, words: SheetWords) -> Parts:
    """Tell what was guessed and what historical pace brings."""
    return (guess(guessed, "guess", words), pictures.guessed(guessed, words)) if guessed else ()


def guess(guessed: Guesses, how: Literal["guess", "guessed"], words: SheetWords) -> str:
    """Say what was guessed beside what historical pace brings, at length or in short."""
    low, middle, high = guessed.outcome
    return words.say(
        f"session.{how}",
        count=words.count(len(guessed.guesses)),
        median=words.number(guessed.median),
        year=LAST_YEAR,
        middle=words.number(middle),
        low=words.number(low),
        high=words.number(high),
        within=words.share(guessed.within),
        nearest=words.number(guessed.nearest),
    )


def rounds(seen: ByBranch, room: Room, words: SheetWords) -> Parts:
    """Tell the rounds of each branch that were decided in it."""
    return tuple(
        Section(
            branch_name(room, branch, words), tuple(_round(own, room, words) for own in played if own.branch == branch)
        )
        for branch, played in seen.items()
    )


def _round(own: Round, room: Room, words: SheetWords) -> Section:
    parts: list[Part] = [*_decisions(own, room, words)]
    if own.card:
        parts.append(_card(own.card, room, words))
    came = words.say(
        "session.round_came",
        year=own.years[1],
        promised=words.number(own.promised),
        delivered=words.number(own.delivered),
        base=words.number(own.base),
        gain=_between(own.gain, words),
    )
    heading = words.say("session.round", number=round_of(own.phase), first=own.years[0], last=own.years[1])
    return Section(heading, (*parts, came))


def _decisions(own: Round, room: Room, words: SheetWords) -> Iterator[Part]:
    """Yield what was decided, and who spent nothing without a reason."""
    told = {name: one for name, one in own.decisions.items() if any(one.points) or one.reason}
    rows = tuple(_decided(told[name], room, words) for name in room.delegations if name in told)
    idle = [words.scope(room, name) for name in room.delegations if name not in told]
    if rows:
        width = 3 + any(row[3] for row in rows)  # reasons where there are any
        heads = words.heads("delegation decided how reason")[:width]
        yield Table("round", heads, tuple(row[:width] for row in rows))
    if idle:
        yield words.say("session.idle", delegations=words.listed(idle))


def _decided(adopted: Adopted, room: Room, words: SheetWords) -> tuple[str, ...]:
    """Return what was decided for a delegation, how and why."""
    name = adopted.delegation
    how = words.say(f"session.how_{adopted.how}")
    return words.scope(room, name), words.spent(name, adopted.points), how, adopted.reason


def _card(card: Dealt, room: Room, words: SheetWords) -> str:
    title, text = (words.say(f"workshop.card.{card.card}.{part}") for part in ("title", "text"))
    whom = words.scope(room, card.scope)
    return words.say("session.card", year=card.year, title=title, whom=whom, text=text)


def _between(mean: Mean, words: SheetWords) -> str:
    """Write a gain with its interval."""
    interval = words.between(mean.low, mean.high, lambda value: words.signed(value, FINE))
    return f"{words.signed(mean.mean, FINE)} ({interval})"


def deeds(attributed: Deeds | None, branch: int, room: Room, words: SheetWords) -> Parts:
    """Tell what each delegation did, for all and for its own members, and who gained without a point."""
    if attributed is None:
        return ()
    did = {deed.delegation: deed for deed in attributed.delegations}
    rows = []
    for own in room.delegations:
        gains = did[own].gains if own in did else None
        rows.append(
            (
                words.scope(room, own),
                words.count(did[own].points if own in did else 0),
                _between(gains[REGION], words) if gains else words.number(0, FINE),
                words.signed(gains[own].mean, FINE) if gains and own in gains else "",
                words.signed(attributed.total[own].mean, FINE) if own in attributed.total else "",
            )
        )
    whole = (
        (words.say("session.cards"), "", _between(attributed.cards[REGION], words), "", ""),
        (words.say("session.total"), "", _between(attributed.total[REGION], words), "", ""),
    )
    table = Table(
        "deeds",
        words.heads("delegation spent region own gained"),
        (*rows, *whole),
        note=words.say("session.deeds_note"),
    )
    told = words.say("session.deeds", path=branch_name(room, branch, words), year=attributed.year)
    return told, pictures.deeds(attributed, room, words), table


def survey(ranked: Survey | None, room: Room, words: SheetWords) -> Parts:
    """Tell how groups rank the actions, beside what each does in the model."""
    if ranked is None:
        return ()
    priorities = priorities_of(room)
    places = words.ranked(priorities)
    rows = tuple(
        (
            words.say(f"action.{action}"),
            *(words.number(group.mean[action], 1) for group in ranked.groups),
            words.say("session.place", place=places[action], gain=words.signed(priorities[action])),
        )
        for action in ACTIONS
    )
    heads = [f"{words.group(one.group)} ({words.count(one.people)})" for one in ranked.groups]
    columns = (words.say("session.column.action"), *heads, words.say("session.column.model"))
    left_out = words.listed(words.group(group) for group in ranked.left_out)
    said = (words.say("session.left_out", groups=left_out, least=LEAST),) if ranked.left_out else ()
    return words.say("session.survey"), Table("survey", columns, rows, note=words.say("session.survey_note")), *said


def branches(seen: ByBranch, deeds: Mapping[int, Deeds], room: Room, words: SheetWords) -> Parts:
    """Set the branches side by side, where there are several: what they came to, and who added what."""
    if len(seen) < 2:
        return ()
    ends = tuple(_end(branch, played, room, words) for branch, played in seen.items())
    added = tuple((branch_name(room, branch, words), *_added(own, room, words)) for branch, own in deeds.items())
    who = (*map(words.delegation, room.delegations.values()), words.say("session.cards"), words.say("session.total"))
    return (
        Table("branches", words.heads("branch begins year promised delivered trust cards"), ends),
        words.say("session.branches"),
        Table("added", (*words.heads("branch"), *who), added),
    )


def _added(own: Deeds, room: Room, words: SheetWords) -> Iterator[str]:
    """Yield what each delegation, the cards, and all together added to the region."""
    gains = {one.delegation: one.gains[REGION].mean for one in own.delegations}
    for gain in (*(gains.get(name, 0.0) for name in room.delegations), own.cards[REGION].mean, own.total[REGION].mean):
        yield words.signed(gain, FINE)


def _end(branch: int, played: Sequence[Round], room: Room, words: SheetWords) -> tuple[str, ...]:
    """Return where a branch begins, what it came to, and which cards it had."""
    own, last = room.branches[branch], played[-1]
    begins = words.say("session.begins", branch=branch_name(room, own.parent, words), round=round_of(own.first))
    numbers = (last.promised, last.delivered, last.trust)
    name = branch_name(room, branch, words)
    cards = words.listed(card_name(one.card.card, words) for one in played if one.card)
    return name, begins if own.parent != branch else "", str(last.years[1]), *map(words.number, numbers), cards
