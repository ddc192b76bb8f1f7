"""The same messages for browsers whose network lets no connection stay: one request says, another waits to hear."""

import asyncio
from contextlib import suppress
from http import HTTPStatus
from typing import Any, Final

import orjson
from tornado.web import HTTPError

from foresight.bounds import FACES
from foresight.errors import InputError, Problem

from .face import Face
from .keys import new_secret
from .pace import too_fast
from .rooms import Rooms
from .shapes import strange, table_from
from .wire import Roomed

#: Where they are.
SAY: Final = "/room/say"
HEAR: Final = "/room/hear"

#: Seconds that a request waits for something to hear, and after which who asks no more is gone.
_WAIT: Final = 20.0
_GONE: Final = 60.0


class Polls:
    """Those who ask again and again, by the name that each was given.

    Parameters
    ----------
    rooms : Rooms
    """

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms
        self._faces: dict[str, tuple[Face, str]] = {}
        self._ends: dict[str, asyncio.TimerHandle] = {}

    def begin(self, face: Face, address: str) -> str:
        """Return the name of somebody who has come."""
        name = new_secret()
        self._rooms.faces.enter(address)
        self._faces[name] = face, address
        self.stay(name)
        return name

    def of(self, name: object) -> Face:
        """Return whose name it is; InputError if it is nobody's any more, or they ask too fast."""
        if not isinstance(name, str) or name not in self._faces:
            raise InputError([Problem("", "", "gone")])
        face = self._faces[name][0]
        if not face.asks.take():
            raise too_fast()
        return face

    def stay(self, name: str, seconds: float = _GONE) -> None:
        """Wait for the next that somebody asks."""
        if name in self._ends:
            self._ends.pop(name).cancel()
        if name in self._faces:
            self._ends[name] = asyncio.get_running_loop().call_later(seconds, self.end, name)

    def end(self, name: str) -> None:
        """Forget somebody."""
        if name not in self._faces:
            return
        self._ends.pop(name).cancel()
        face, address = self._faces.pop(name)
        self._rooms.faces.leave(address)
        if hub := self._rooms.hub_of(face):
            hub.leave(face)


class Poll(Roomed):
    """A request with a message, of somebody who asks again and again."""

    methods = ("POST",)

    def initialize(self, rooms: Rooms, polls: Polls) -> None:  # type: ignore[override]
        """Take the rooms and those who ask."""
        super().initialize(rooms)
        self.polls = polls

    async def post(self) -> None:
        """Answer as JSON; the answer to what cannot be is a refusal, once it is its turn."""
        try:
            answer = await self.answer()
        except InputError as error:
            if not await self.rooms.turn(self.address):
                raise HTTPError(HTTPStatus.TOO_MANY_REQUESTS) from None
            answer = {"messages": [self.refused(error)]}
        self.set_header("Content-Type", "application/json")
        self.set_header("Cache-Control", "no-store")
        self.finish(orjson.dumps(answer))

    async def answer(self) -> dict[str, Any]:
        """Return the answer."""
        raise NotImplementedError


class Say(Poll):
    """Takes a message, the first of which gives a name."""

    async def answer(self) -> dict[str, Any]:
        """Let somebody in, or do what somebody asks for."""
        table = table_from(self.request.body)
        if "hello" in table:
            FACES.check(FACES.most + 1 if self.rooms.faces.refusal(self.address) else 0)
            if not self.rooms.may_come(self.address):
                raise too_fast()
            face = await self.greeted(self.request.body)
            return {"poll": self.polls.begin(face, self.address), "messages": await _taken(face)}
        face = self.polls.of(table.get("poll"))
        if not isinstance(table.get("message"), dict):
            raise strange()
        await self.heard(face, orjson.dumps(table["message"]))
        return {"messages": []}


class Hear(Poll):
    """Waits until there is something to hear."""

    async def answer(self) -> dict[str, Any]:
        """Return what there is to hear; nothing after a while."""
        name = table_from(self.request.body).get("poll")
        face = self.polls.of(name)
        self.polls.stay(str(name), _WAIT + _GONE)
        messages: list[Any] = []
        with suppress(TimeoutError):
            messages = await asyncio.wait_for(_taken(face), _WAIT)
        if face.is_over:
            self.polls.end(str(name))
        else:
            self.polls.stay(str(name))
        return {"messages": messages}


async def _taken(face: Face) -> list[Any]:
    return [orjson.Fragment(message) for message in await face.take()]
