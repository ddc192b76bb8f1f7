"""What happens when people ask for something; what may not be, or not now, is refused."""

import statistics
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple, NoReturn

from foresight.errors import InputError, Problem, shown
from foresight.workshop import requests
from foresight.workshop.cards import CARDS, dealt
from foresight.workshop.events import (
    PRACTICE,
    Adopted,
    Asked,
    Branched,
    Cleared,
    Dealt,
    Described,
    Event,
    How,
    Locked,
    Looked,
    Predicted,
    Proposed,
    Ranked,
    Removed,
    Revealed,
    Shown,
    Staged,
    Struck,
    Switched,
    Timed,
    Undecided,
)
from foresight.workshop.hands import affordable, budget_of, held, levers_of
from foresight.workshop.requests import Adopt, Deal, Doing, Lock, Remove, Reveal, Rewind, Saying, Seat, Strike, Switch
from foresight.workshop.room import Question, Room

#: Most branches of a room.
BRANCHES: Final = 20


class Standing(NamedTuple):
    """What a delegation does unless somebody decides otherwise, and why."""

    how: How
    points: tuple[int, ...]


def said(room: Room, person: int, saying: Saying) -> Event | None:
    """Return what happens when a person asks for something; None where the room has heard it already.

    Raises
    ------
    InputError
        If it may not be, or not now.
    """
    if saying.mark <= room.people[person].mark:
        return None
    match saying:
        case requests.Describe():
            _check(
                not saying.delegation or saying.delegation in room.delegations, "no_such_delegation", saying.delegation
            )
            return Described(person=person, **saying.model_dump(exclude={"say"}))
        case requests.Predict():
            _open(room, "predict")
            return Predicted(person=person, mark=saying.mark, steps=saying.steps)
        case requests.Rank():
            _check(len(set(saying.order)) == len(saying.order), "named_twice", list(saying.order))
            _open(room, "survey")
            return Ranked(person=person, mark=saying.mark, order=saying.order)
        case requests.Propose():
            question = _open(room, "proposals")
            own = room.people[person].delegation
            _check(own in room.delegations, "no_such_delegation", own)
            _check_points(room, own, question.phase, saying.points)
            return Proposed(
                person=person,
                branch=question.branch,
                phase=question.phase,
                delegation=own,
                **saying.model_dump(exclude={"say"}),
            )


def done(room: Room, doing: Doing, now: float, pick: int) -> list[Event]:
    """Return what happens when a desk asks for something.

    Parameters
    ----------
    room : Room
    doing : Doing
    now : float
        Seconds since 1970.
    pick : int
        A random whole number, which a card is drawn with.

    Raises
    ------
    InputError
        If it may not be, or not now.
    """
    return list(_done(room, doing, now, pick))


def _done(room: Room, doing: Doing, now: float, pick: int) -> Iterator[Event]:
    match doing:
        case requests.GoTo():
            yield Staged(stage=doing.stage)
        case requests.Ask():
            _check(room.question is not None and not _is_fixed(room), "not_now")
            yield Asked(open=doing.open)
        case requests.Show():
            yield Shown(shown=doing.shown)
        case requests.Clear():
            _check(room.stage == "practice" or (room.question is not None and not _is_fixed(room)), "not_now")
            yield Cleared()
        case requests.Time():
            left = max(0.0, (room.until or now) - now) if doing.more else 0.0
            yield Timed(until=now + min(left + doing.seconds, requests.LONGEST) if doing.seconds else None)
        case requests.Look():
            seen = isinstance(doing.at, str) or room.is_revealed(room.branch, doing.at)
            _check(room.stage == "debrief" and seen, "not_now")
            yield Looked(at=doing.at)
        case Adopt():
            yield _adopted(room, doing)
        case Lock() | Deal() | Reveal():
            yield from _on_phase(room, doing, pick)
        case Rewind() | Switch():
            yield from _between_branches(room, doing)
        case Strike() | Remove() | Seat():
            yield _about(room, doing)


def _adopted(room: Room, doing: Adopt) -> Adopted:
    question = _deciding(room)
    _check(doing.delegation in room.delegations, "no_such_delegation", doing.delegation)
    _check(not room.is_locked(question.branch, question.phase), "not_now")
    how: How = doing.how
    points, reason = doing.points, doing.reason
    if doing.how == "median":
        how, points = standing_of(room, question, doing.delegation)
    elif doing.how == "proposal":
        proposals = room.proposals(question.branch, question.phase, doing.delegation)
        found = next((one for one in proposals if one.person == doing.person), None)
        _check(found is not None, "no_such_person", doing.person)
        points, reason = (found.points, reason or found.reason) if found else (None, reason)
    if points is None:
        _refuse("missing", "points")
    _check_points(room, doing.delegation, question.phase, points)
    return Adopted(
        branch=question.branch,
        phase=question.phase,
        delegation=doing.delegation,
        points=points,
        how=how,
        person=doing.person if doing.how == "proposal" else None,
        reason=reason,
    )


def _on_phase(room: Room, doing: Lock | Deal | Reveal, pick: int) -> Iterator[Event]:
    question = _deciding(room)
    branch, phase = question.branch, question.phase
    match doing:
        case Lock():
            yield from _fixed(room, question) if doing.locked else _loosened(room, question)
            yield Locked(branch=branch, phase=phase, locked=doing.locked)
        case Deal():
            yield _card(room, question, doing.card, pick)
        case Reveal():
            _check(room.is_locked(branch, phase), "not_now")
            yield Revealed(branch=branch, phase=phase)


def _fixed(room: Room, question: Question) -> Iterator[Event]:
    """Yield that nothing is taken any more, and what stands for each delegation that nothing was decided for."""
    yield Asked(open=False)
    for delegation in room.delegations:
        if delegation not in room.decided(question.branch, question.phase):
            how, points = standing_of(room, question, delegation)
            yield Adopted(branch=question.branch, phase=question.phase, delegation=delegation, points=points, how=how)


def _loosened(room: Room, question: Question) -> Iterator[Undecided]:
    """Yield that nothing is decided where what stood was fixed: proposals may change it."""
    for delegation, one in room.decided(question.branch, question.phase).items():
        if room.is_locked(question.branch, question.phase) and one.how in ("median", "earlier"):
            yield Undecided(branch=question.branch, phase=question.phase, delegation=delegation)


def _card(room: Room, question: Question, name: str, pick: int) -> Dealt:
    _check(room.card(question.branch, question.phase) is None, "not_now")
    _check(not name or name in CARDS, "no_such_card", name)
    used = {one.card for branch in room.branches.values() for one in branch.cards.values()}
    left = [one for one in CARDS if one not in used] or list(CARDS)
    return dealt(name or left[pick % len(left)], question.branch, question.phase, pick // len(left))


def _between_branches(room: Room, doing: Rewind | Switch) -> Iterator[Event]:
    if isinstance(doing, Switch):
        _check(doing.branch in room.branches and doing.branch != PRACTICE, "no_such_branch", doing.branch)
        yield Switched(branch=doing.branch)
        return
    _check(len(room.branches) < BRANCHES, "too_many_branches", len(room.branches))
    _check(room.is_revealed(room.branch, doing.phase), "not_now")
    number = max(room.branches) + 1
    yield Branched(branch=number, parent=room.branch, phase=doing.phase, name=doing.name)
    yield Switched(branch=number)
    if room.stage != "round":
        yield Staged(stage="round")


def _about(room: Room, doing: Strike | Remove | Seat) -> Event:
    person = room.people.get(doing.person)
    if person is None:
        _refuse("no_such_person", doing.person)
    match doing:
        case Strike():
            _check(room.question is not None, "not_now")
            return Struck(person=doing.person)
        case Remove():
            return Removed(person=doing.person)
        case Seat():
            _check(doing.delegation in room.delegations, "no_such_delegation", doing.delegation)
            return Described(
                person=person.number,
                mark=person.mark,
                delegation=doing.delegation,
                name=person.name,
                group=person.group,
            )


# What is asked of a room -----------------------------------------------------------------------------------------


def standing_of(room: Room, question: Question, delegation: str) -> Standing:
    """Return what a delegation does unless somebody decides otherwise.

    The median of its proposals, cut to what it can pay; where there are none, what it did on the path before, if any.
    """
    proposals = [one.points for one in room.proposals(question.branch, question.phase, delegation)]
    earlier = room.earlier(question).get(delegation)
    if earlier and not proposals:
        return Standing("earlier", earlier.points)
    count = len(levers_of(delegation))
    middle = [statistics.median(column) for column in zip(*proposals, strict=True)] if proposals else [0] * count
    return Standing("median", affordable(middle, budget_of(delegation, room.opened.budget)))


def _open(room: Room, kind: str) -> Question:
    question = room.question
    if question is None or question.kind != kind or not room.asking:
        _refuse("not_open")
    return question


def _deciding(room: Room) -> Question:
    question = room.question
    if question is None or question.kind != "proposals":
        _refuse("not_now")
    return question


def _is_fixed(room: Room) -> bool:
    question = room.question
    return question is not None and question.kind == "proposals" and room.is_locked(question.branch, question.phase)


def _check_points(room: Room, delegation: str, phase: int, points: Sequence[int]) -> None:
    movable = held(delegation, phase)
    most = budget_of(delegation, room.opened.budget)
    _check(len(points) == len(movable), "points_count", list(points), str(len(movable)))
    fixed = [
        lever.name for lever, free, own in zip(levers_of(delegation), movable, points, strict=True) if own and not free
    ]
    _check(not fixed, "decided_once", fixed)
    _check(sum(points) <= most, "too_many_points", sum(points), f"0..{most}")


def _check(fine: bool, kind: str, given: object = "", allowed: str = "") -> None:
    if not fine:
        _refuse(kind, given, allowed)


def _refuse(kind: str, given: object = "", allowed: str = "") -> NoReturn:
    raise InputError([Problem("", "", kind, shown(given) if given != "" else "", allowed)])
