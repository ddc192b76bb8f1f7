"""What each face shows of a room, as plain tables; nothing that it must not know is in them."""

from foresight.workshop.events import PRACTICE, Adopted, Predicted, Proposed, Ranked
from foresight.workshop.hands import ROUNDS, budget_of, held, levers_of, years_of
from foresight.workshop.moves import standing_of
from foresight.workshop.numbers import Course, Outcome
from foresight.workshop.room import Person, Question, Room
from foresight.workshop.survey import survey_of

from .figures import (
    DIGITS,
    NOTHING_YET,
    Hindsight,
    Table,
    added,
    brief_of,
    card_of,
    least_to_greatest,
    looked_back,
    result_of,
)


def of_phone(room: Room, person: Person, course: Course | None) -> Table:
    """Return what the phone of a person shows: the question, and what they themselves have said."""
    question = room.question
    mine = room.answers(question).get(person.number) if question else None
    you = {"delegation": person.delegation, "name": person.name, "group": person.group, "mark": person.mark}
    return {
        **_common(room),
        "you": you,
        "hand": _hand(room, person.delegation),
        "mine": _entry(mine),
        "decided": _decided(room, person.delegation),
        "result": brief_of(room, course, person),
    }


def of_wall(room: Room, course: Course | None, hindsight: Hindsight = NOTHING_YET) -> Table:
    """Return what the wall shows: entries only once they are shown, decisions only once they are locked."""
    question = room.question
    return {
        **_common(room),
        "people": len(room.people),
        "seats": _seats(room),
        "entries": len(room.answers(question)) if question else 0,
        "spread": _spread(room) if room.shown else None,
        "promised": _promised(room) if question and _is_locked(room, question) else None,
        "result": result_of(room, course),
        "branches": [_branch(room, number, hindsight.outcome) for number in room.branches if number != PRACTICE],
        "deeds": added(hindsight.deeds) if room.look == "deeds" else None,
        "outcome": looked_back(room, hindsight.outcome),
        "priorities": hindsight.priorities if room.shown else None,
    }


def of_desk(room: Room, course: Course | None, hindsight: Hindsight = NOTHING_YET) -> Table:
    """Return what a desk shows: all that the wall does, and all that is hidden there."""
    return {
        **of_wall(room, course, hindsight),
        "spread": _spread(room),
        "decided": _promised(room),
        "hands": {one: _hand(room, one) for one in room.delegations},
        "persons": [_person(room, one) for one in room.people.values()],
        "keys": len(room.keys),
    }


def _common(room: Room) -> Table:
    question = room.question
    asked = None
    if question:
        years = years_of(question.phase) if question.phase else range(0)
        asked = {
            "kind": question.kind,
            "branch": question.branch,
            "phase": question.phase,
            "years": [years[0], years[-1]] if years else [],
            "locked": _is_locked(room, question),
            "card": card_of(room, question.branch, question.phase),
        }
    return {
        "n": room.count,
        "code": room.opened.code,
        "title": room.opened.title,
        "agenda": room.opened.agenda,
        "stage": room.stage,
        "asking": room.asking,
        "asked": room.asked,
        "shown": room.shown,
        "look": room.look,
        "surveyed": room.surveyed,
        "until": room.until,
        "branch": room.at,
        "seen": room.seen,
        "question": asked,
    }


def _is_locked(room: Room, question: Question) -> bool:
    return question.kind == "proposals" and room.is_locked(question.branch, question.phase)


def _hand(room: Room, delegation: str) -> Table | None:
    """Return the levers of a delegation, and the points there are; None for no delegation."""
    if delegation not in room.delegations:
        return None
    question = room.question
    phase = question.phase if question and question.phase else ROUNDS[0]
    levers = [
        {"name": lever.name, "stops": lever.stops, "free": movable, "lasting": lever.lasting, "fixed": fixed}
        for lever, movable, fixed in zip(
            levers_of(delegation), held(delegation, phase), _fixed(room, delegation), strict=True
        )
    ]
    earlier = room.earlier(question).get(delegation) if question else None
    return {
        "levers": levers,
        "budget": budget_of(delegation, room.opened.budget),
        "earlier": earlier.points if earlier else None,
    }


def _fixed(room: Room, delegation: str) -> list[int | None]:
    """Return the points of levers that were decided in the first round for all years; None of others."""
    question = room.question
    if question is None or not question.phase:
        return [None] * len(levers_of(delegation))
    decided = room.decided(question.branch, ROUNDS[0]).get(delegation)
    movable = held(delegation, question.phase)
    return [None if free or decided is None else decided.points[place] for place, free in enumerate(movable)]


def _decided(room: Room, delegation: str) -> Table | None:
    """Return what was decided for a delegation, once that is fixed."""
    question = room.question
    if question is None or not _is_locked(room, question):
        return None
    return _entry(room.decided(question.branch, question.phase).get(delegation))


def _entry(entry: object) -> Table | None:
    match entry:
        case Predicted():
            return {"steps": entry.steps}
        case Ranked():
            return {"order": entry.order}
        case Proposed() | Adopted():
            return {"points": entry.points, "reason": entry.reason, "delegation": entry.delegation}
    return None


def _seats(room: Room) -> list[Table]:
    """Return the delegations with what they hold, how many sit there, and how many of them have answered."""
    question = room.question
    answered = set(room.answers(question)) if question else set()
    people = room.people.values()
    return [
        {
            "id": seat,
            "members": len(room.delegations[seat].members),
            "levers": [lever.name for lever in levers_of(seat)],
            "budget": budget_of(seat, room.opened.budget),
            "fixed": _fixed(room, seat),
            "people": sum(person.delegation == seat for person in people),
            "answered": sum(person.delegation == seat and person.number in answered for person in people),
        }
        for seat in room.delegations
    ]


def _spread(room: Room) -> Table | None:
    """Return the least, middle and greatest of the entries to the present question."""
    question = room.question
    if question is None:
        return None
    entries = list(room.answers(question).values())
    match question.kind:
        case "predict":
            return {"steps": least_to_greatest([one.steps for one in entries if isinstance(one, Predicted)])}
        case "survey":
            return {"count": len(entries), "groups": None if room.asking else _ranks(room)}
        case "proposals":
            return {"delegations": {one: _proposed(room, question, one) for one in room.delegations}}


def _ranks(room: Room) -> list[Table] | None:
    """Return how groups rank the actions; not while people answer, as what changes would show what one of them said."""
    survey = survey_of(room)
    if survey is None:
        return None
    everybody, *groups = survey.groups
    several = [one for one in groups if one.people < everybody.people]  # one group alone is everybody
    return [{"group": one.group, "people": one.people, "mean": one.mean} for one in (everybody, *several)]


def _proposed(room: Room, question: Question, delegation: str) -> Table:
    proposals = room.proposals(question.branch, question.phase, delegation)
    columns = [[one.points[place] for one in proposals] for place, _ in enumerate(levers_of(delegation))]
    standing = standing_of(room, question, delegation)
    return {
        "count": len(proposals),
        "levers": [{**least_to_greatest(column), "touched": sum(map(bool, column))} for column in columns],
        "median": standing.points,
        "budget": budget_of(delegation, room.opened.budget),
    }


def _promised(room: Room) -> dict[str, Table] | None:
    """Return what was decided for each delegation in the present phase."""
    question = room.question
    if question is None or question.kind != "proposals":
        return None
    decided = room.decided(question.branch, question.phase)
    return {
        name: {"points": one.points, "how": one.how, "person": one.person, "reason": one.reason}
        for name, one in decided.items()
    }


def _branch(room: Room, number: int, outcome: Outcome | None) -> Table:
    branch = room.branches[number]
    phases = [phase for phase in ROUNDS if room.is_revealed(number, phase)]
    own = outcome.ends.get(number, {}) if outcome else {}
    return {
        "number": number,
        "parent": branch.parent,
        "first": branch.first,
        "name": branch.name,
        "revealed": phases,
        "cards": [card for phase in phases if (card := card_of(room, number, phase))],
        "ends": [round(own[phase], DIGITS) for phase in phases if phase in own],
    }


def _person(room: Room, person: Person) -> Table:
    """Return what a desk knows of a person: proposals it reads one by one; guesses and rankings nobody does."""
    question = room.question
    entry = room.answers(question).get(person.number) if question else None
    return {
        "person": person.number,
        "name": person.name,
        "delegation": person.delegation,
        "group": person.group,
        "answered": entry is not None,
        "entry": _entry(entry) if isinstance(entry, Proposed) else None,
    }
