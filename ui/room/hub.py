"""One room as the network has it: its record, what comes of it, and the faces that look at it."""

import asyncio
import copy
import secrets
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, Final

from foresight.bounds import BURST, FACES_OF_PERSON, PACE, PEOPLE
from foresight.errors import InputError, Problem
from foresight.workshop.events import (
    Dealt,
    Described,
    Event,
    Joined,
    KeyMade,
    KeyWithdrawn,
    Locked,
    Predicted,
    Proposed,
    Ranked,
)
from foresight.workshop.moves import done, said
from foresight.workshop.record import Record
from foresight.workshop.requests import doing_from, saying_from
from foresight.workshop.room import room_of

from . import views
from .courses import Courses
from .face import Face, refusal
from .keys import digest_of, new_secret
from .ledger import Ledger
from .naming import way_to_desk
from .pace import Bucket
from .shapes import number_of, shaped, strange

#: Seconds between two views of a face.
_APART: Final = 0.1

#: What happens to one person alone.
_OF_ONE: Final = (Joined, Described, Predicted, Proposed, Ranked)


class Hub:
    """A room on the network.

    What is asked for is checked against all that happened, written or still being written; what faces show is on disk.

    Parameters
    ----------
    record : Record
    """

    def __init__(self, record: Record) -> None:
        self.record = record
        self.room = room_of([event for _, event in record.events()])
        self.faces: dict[Face, None] = {}  # in the order in which they came
        self._ahead = copy.deepcopy(self.room)
        self.ledger = Ledger(record, self._written, self._failed)
        self._courses = Courses(self.room, self._worked)
        self._paces: dict[int, Bucket] = {}
        self._pages: dict[str, tuple[int, asyncio.Future[bytes] | None]] = {}
        self._touched: set[int] | None = set()  # people whose view may have changed; None for all
        self._shown, self._coming = 0.0, False
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def code(self) -> str:
        """The code of the room."""
        return self.room.opened.code

    # Who comes and goes ----------------------------------------------------------------------------------------------

    async def join(self) -> tuple[int, str]:
        """Let somebody new in; return who they are, and the secret that their phone keeps."""
        PEOPLE.check(len(self._ahead.people) + 1)
        secret, person = new_secret(), self._ahead.joined + 1
        await self._let([Joined(person=person, digest=digest_of(secret))])
        return person, secret

    async def new_key(self) -> str:
        """Make a secret that opens a desk."""
        secret = new_secret()
        await self._let([KeyMade(digest=digest_of(secret))])
        return secret

    def person_of(self, token: str) -> int | None:
        """Return who a phone belongs to, by the secret that it keeps."""
        return self.room.digests.get(digest_of(token)) if token else None

    def enter(self, face: Face) -> None:
        """Let a face look; of too many of one person the first goes."""
        self._loop = asyncio.get_running_loop()
        own = [one for one in self.faces if face.person and one.person == face.person]
        for one in own[: len(own) + 1 - FACES_OF_PERSON.most]:
            self.faces.pop(one, None)
            one.end(_refused(FACES_OF_PERSON.kind, most=FACES_OF_PERSON.most))
        self.faces[face] = None
        self._show([face])

    def leave(self, face: Face) -> None:
        """Forget a face."""
        self.faces.pop(face, None)

    def pace_of(self, person: int) -> Bucket:
        """Return how fast a person may go on, on all their connections together."""
        return self._paces.setdefault(person, Bucket(BURST.most, PACE.most))

    async def close(self) -> None:
        """Let go of the record."""
        for face in self.faces:
            face.end()
        await asyncio.to_thread(self.ledger.close)

    async def page(self, language: str, make: Callable[[], Awaitable[bytes]]) -> bytes:
        """Return the session page of the room as it stands; many who ask for it get one that is made once."""
        count, made = self._pages.get(language, (0, None))
        if made is None or count != self.room.count or (made.done() and made.exception()):
            made = asyncio.ensure_future(make())
            self._pages[language] = (self.room.count, made)
        return await asyncio.shield(made)

    # What is asked for -----------------------------------------------------------------------------------------------

    async def hear(self, face: Face, message: dict[str, Any]) -> None:
        """Do what a face asks for, and tell it so once that is on disk, or why it is not done."""
        number = number_of(message, "mark" if face.kind == "phone" else "id")
        try:
            match face.kind:
                case "phone":
                    answer = await self._said(face.person, message)
                case "desk":
                    answer = await self._done(face, {key: one for key, one in message.items() if key != "id"})
                case _:
                    raise strange()
        except InputError as error:
            face.tell(refusal(error, face.words, **number))
        else:
            face.tell({**answer, **({"done": number.get("id")} if face.kind == "desk" else {})})

    async def _said(self, person: int, message: dict[str, Any]) -> dict[str, Any]:
        saying = shaped(saying_from, message)
        if person not in self._ahead.people:
            raise _refused("sent_away")
        event = said(self._ahead, person, saying)
        await self._let([event] if event else [])
        return {"heard": saying.mark}

    async def _done(self, face: Face, message: dict[str, Any]) -> dict[str, Any]:
        if face.key not in self._ahead.keys:
            raise _refused("no_such_key")
        if message == {"do": "key"}:
            return way_to_desk(await self.new_key(), face.place)
        if message == {"do": "withdraw"}:
            await self._let([KeyWithdrawn(digest=one) for one in sorted(self._ahead.keys - {face.key})])
            return {}
        doing = shaped(doing_from, message)
        await self._let(done(self._ahead, doing, time.time(), secrets.randbits(30)))
        return {}

    async def _let(self, events: Sequence[Event]) -> None:
        """Let something happen; it has once this returns."""
        for event in events:
            self._ahead.apply(event)
        await self.ledger.write(events)

    def _written(self, events: Sequence[Event]) -> None:
        """Take what is on disk into the room, and show it soon."""
        for event in events:
            self.room.apply(event)
            if not isinstance(event, _OF_ONE):
                self._touched = None
            elif self._touched is not None:
                self._touched.add(event.person)
            if isinstance(event, Locked | Dealt):
                self._courses.prepare(self.room)
        if self._touched is None:
            self._turn_away()
        self._soon()

    def _failed(self) -> None:
        """Forget what could not be written."""
        self._ahead = copy.deepcopy(self.room)

    def _turn_away(self) -> None:
        """End the faces of who was sent away, and of secrets that open nothing any more."""
        for face in list(self.faces):
            if face.person and face.person not in self.room.people:
                self.faces.pop(face, None)
                face.end(_refused("sent_away"))
            elif face.key and face.key not in self.room.keys:
                self.faces.pop(face, None)
                face.end(_refused("no_such_key"))

    # What is shown ---------------------------------------------------------------------------------------------------

    def _worked(self) -> None:
        """Show a run that was worked out; called from its thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._all_soon)

    def _all_soon(self) -> None:
        self._touched = None
        self._soon()

    def _soon(self) -> None:
        """Show what has changed, together with all else that changes until a moment after the last time."""
        if not self._coming:
            self._coming = True
            loop = asyncio.get_running_loop()
            loop.call_later(max(0.0, self._shown + _APART - loop.time()), self._now)

    def _now(self) -> None:
        self._coming, self._shown = False, asyncio.get_running_loop().time()
        touched, self._touched = self._touched, set()
        self._show(one for one in self.faces if not one.person or touched is None or one.person in touched)

    def _show(self, faces: Iterable[Face]) -> None:
        course, working = self._courses.of(self.room), self._courses.is_working(self.room)
        ready: dict[int | str, dict[str, Any]] = {}
        for face in faces:
            about = face.person or face.kind
            if about not in ready:
                ready[about] = {**self._view(face, course), "working": working}
                ready[about].pop("n")
            face.show(ready[about], self.room.count)

    def _view(self, face: Face, course: Any) -> dict[str, Any]:
        match face.kind:
            case "phone":
                return views.of_phone(self.room, self.room.people[face.person], course)
            case "wall":
                return views.of_wall(self.room, course, self._courses.hindsight(self.room))
            case "desk":
                return views.of_desk(self.room, course, self._courses.hindsight(self.room))


def _refused(kind: str, **details: int) -> InputError:
    return InputError([Problem("", "", kind, details=details)])
