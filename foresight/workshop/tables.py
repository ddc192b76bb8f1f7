"""What was said and decided in a room as a table for other programs, one row for all that was acknowledged."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

import pandas as pd

from foresight.actions import ACTIONS
from foresight.cells import csv_text
from foresight.workshop.events import (
    PRACTICE,
    Adopted,
    Cleared,
    Event,
    Opened,
    Predicted,
    Proposed,
    Ranked,
    Removed,
    Struck,
    Undecided,
)
from foresight.workshop.hands import PARTNERS, ROUNDS, SECRETARIAT, levers_of
from foresight.workshop.room import Question, Room, question_of

#: All levers that points can be on.
LEVERS: Final = (*ACTIONS, *(lever.name for home in (PARTNERS, SECRETARIAT) for lever in levers_of(home)))

#: What became of an entry.
COUNTS: Final = "counts"
REPLACED: Final = "replaced"
TAKEN_OUT: Final = "taken out"

_COLUMNS: Final = (
    *("n", "time", "kind", "round", "branch", "phase", "delegation", "person"),
    *LEVERS,
    *("steps", "order", "reason", "how", "status"),
)

Row = dict[str, Any]

_Entry = Predicted | Proposed | Ranked | Adopted

#: What an entry answers, and whose it is: a person's, or a delegation's where it was decided.
_Place = tuple[Question, int | str]


def votes_csv(record: Sequence[tuple[float, Event]]) -> str:
    """Return every entry and every decision as CSV, in order.

    Parameters
    ----------
    record : sequence of (float, Event)
        As `Record.events` gives it.

    Returns
    -------
    str
        One row for everything that a phone was told is heard, and for every decision: where it stands in the record;
        when, in UTC; the kind; round, branch and phase; who; points by lever, steps guessed, or actions in order; the
        reason; how it was decided; whether it counts. Round and branch of practice are 0. What was taken out has no
        reason any more.
    """
    opened = record[0][1]
    if not isinstance(opened, Opened):
        raise ValueError("a record begins with how its room was opened")
    room = Room(opened)
    rows: list[Row] = []
    standing: dict[_Place, list[Row]] = {}
    for number, (at, event) in enumerate(record[1:], start=2):
        room.apply(event)
        match event:
            case Predicted() | Proposed() | Ranked() | Adopted():
                rows.append(_row(number, at, event))
                _put(standing.setdefault(_place(event), []), rows[-1])
            case Removed() | Struck() | Cleared() | Undecided():
                _take_out(standing, room)
    return csv_text(pd.DataFrame(rows, columns=list(_COLUMNS)).convert_dtypes())


def _put(chain: list[Row], row: Row) -> None:
    """Let an entry replace those before it."""
    for before in chain:
        before["status"] = REPLACED
    chain.append(row)


def _take_out(standing: dict[_Place, list[Row]], room: Room) -> None:
    """Mark entries that are no more in a room, with all that they replaced."""
    for place in [place for place in standing if not _stands(room, *place)]:
        for row in standing.pop(place):
            row |= {"status": TAKEN_OUT, "reason": ""}


def _stands(room: Room, question: Question, whose: int | str) -> bool:
    if isinstance(whose, int):
        return whose in room.answers(question)
    return whose in room.branches[question.branch].decisions.get(question.phase, {})


def _place(event: _Entry) -> _Place:
    if isinstance(event, Adopted):
        return Question("proposals", event.branch, event.phase), event.delegation
    return question_of(event), event.person


def _row(number: int, at: float, event: _Entry) -> Row:
    time = datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds")
    row = {"n": number, "time": time, "person": event.person, "status": COUNTS, **_said(event)}
    if isinstance(event, Proposed | Adopted):
        row |= {name: getattr(event, name) for name in ("branch", "phase", "delegation", "reason")}
        row["round"] = 0 if event.branch == PRACTICE else ROUNDS.index(event.phase) + 1
        levers = [lever.name for lever in levers_of(event.delegation)]
        row |= dict(zip(levers, event.points, strict=True))
    return row


def _said(event: _Entry) -> Row:
    match event:
        case Predicted():
            return {"kind": "prediction", "steps": event.steps}
        case Proposed():
            return {"kind": "proposal"}
        case Ranked():
            return {"kind": "ranking", "order": " > ".join(event.order)}
        case Adopted():
            return {"kind": "decision", "how": event.how}
