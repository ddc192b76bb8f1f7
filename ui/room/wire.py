"""Connections of phones, desks and walls: messages both ways as they come."""

import asyncio
from contextlib import suppress
from http import HTTPStatus
from typing import Any, Final, cast

from tornado.web import HTTPError
from tornado.websocket import WebSocketClosedError, WebSocketHandler

from foresight.bounds import SAID
from foresight.errors import InputError

from ..serving.guards import Guarded
from ..serving.sparing import LOG
from ..words import words
from .face import Face, refusal
from .pace import too_fast
from .rooms import Rooms
from .shapes import number_of, table_from

#: Where it is.
LIVE: Final = "/room/live"

#: Why a connection is closed (RFC 6455): its messages are not taken; the program failed.
REFUSED: Final = 1008
FAULT: Final = 1011

#: Seconds within which a connection must say where it belongs, and between signs of life.
_PATIENCE: Final = 20.0
_SIGN_OF_LIFE: Final = 20.0

#: Seconds that who is shown out has to read why.
_LAST_WORDS: Final = 0.5


class Roomed(Guarded):
    """Something of the rooms, which a page of this server alone may ask for."""

    def initialize(self, rooms: Rooms) -> None:
        """Take the rooms."""
        self.rooms = rooms

    def prepare(self) -> None:
        """Refuse who comes from another page."""
        super().prepare()
        if not self.check_origin(self.request.headers.get("Origin")):
            raise HTTPError(HTTPStatus.FORBIDDEN)

    @property
    def address(self) -> str:
        """Where a request comes from; it is kept nowhere."""
        return str(self.request.remote_ip)

    @property
    def place(self) -> str:
        """The address of this server for others: in its network, or the one that this one has come by."""
        return self.names.present_place or f"{self.request.protocol}://{self.request.host}"

    async def greeted(self, text: str | bytes) -> Face:
        """Return the face of somebody who comes; InputError if they are not let in."""
        return await self.rooms.greet(text, self.address, self.place)

    def refused(self, error: InputError) -> dict[str, Any]:
        """Say why somebody is not let in, in the language that their browser asks for."""
        return dict(refusal(error, words(self.words.language)))

    async def heard(self, face: Face, text: str | bytes) -> None:
        """Do what a face asks for; who asks too fast, or for nothing that there is, is shown out."""
        hub = self.rooms.hub_of(face)
        try:
            message = table_from(text)
            if not face.pace.take():
                face.tell(refusal(too_fast(), face.words, **number_of(message, "mark")))
                face.end()
        except InputError as error:
            face.end(error)
        if hub is not None and not face.ended:
            await hub.hear(face, message)


class Live(Roomed, WebSocketHandler):
    """A connection."""

    @property
    def max_message_size(self) -> int:
        """Bytes of a message: characters have four at the most."""
        return 4 * SAID.most

    @property
    def ping_interval(self) -> float:
        """Seconds between signs of life."""
        return _SIGN_OF_LIFE

    def prepare(self) -> None:
        """Refuse who finds no place, or comes again and again."""
        super().prepare()
        self._face: Face | None = None
        self._telling: asyncio.Task[None] | None = None
        self._late: asyncio.TimerHandle | None = None
        self._over, self._gone = False, asyncio.Event()
        if self.rooms.faces.refusal(self.address) or not self.rooms.may_come(self.address):
            raise HTTPError(HTTPStatus.SERVICE_UNAVAILABLE)

    def open(self) -> None:
        """Wait until it says where it belongs, but not for long."""
        self.rooms.faces.enter(self.address)
        self.set_nodelay(True)
        self._late = asyncio.get_running_loop().call_later(_PATIENCE, self._end)

    async def on_message(self, message: str | bytes) -> None:
        """Take a message; of who is shown out nothing more is read."""
        try:
            if self._over or (self._face is not None and self._face.ended):
                await self._gone.wait()
            elif self._face is None:
                await self._greet(message)
            else:
                await self.heard(self._face, message)
        except Exception:
            LOG.exception("a message to a room could not be answered")
            self._end(FAULT)

    def on_close(self) -> None:
        """Forget it."""
        self._gone.set()
        if self._late is not None:
            self._late.cancel()
            self.rooms.faces.leave(self.address)
        if self._face is not None and (hub := self.rooms.hub_of(self._face)):
            hub.leave(self._face)
        if self._telling is not None:
            self._telling.cancel()

    async def _greet(self, message: str | bytes) -> None:
        try:
            self._face = face = await self.greeted(message)
        except InputError as error:
            with suppress(WebSocketClosedError):
                await self.write_message(self.refused(error))
            self._end()
            return
        cast(asyncio.TimerHandle, self._late).cancel()
        if not self._gone.is_set():
            self._telling = asyncio.create_task(self._tell(face))
        elif hub := self.rooms.hub_of(face):  # it went while it was let in
            hub.leave(face)

    async def _tell(self, face: Face) -> None:
        """Send all that the face is to be told, each once the one before is gone."""
        with suppress(WebSocketClosedError):
            while True:
                for message in await face.take():
                    await self.write_message(message)
                if face.is_over:
                    self._end()
                    return

    def _end(self, why: int = REFUSED) -> None:
        """End it, with a moment for the last words to come through."""
        self._over = True
        self.close(why)
        asyncio.get_running_loop().call_later(_LAST_WORDS, self._drop)

    def _drop(self) -> None:
        if self.ws_connection is not None and self.ws_connection.stream is not None:
            self.ws_connection.stream.close()
