"""Rooms in this process, and phones, desks and walls that speak with them by hand."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from foresight_ui.app import opened
from foresight_ui.room.addresses import beside
from foresight_ui.room.opening import SUBREGIONS, Room, Wish
from foresight_ui.room.opening import opened as rooms_opened
from foresight_ui.room.polling import Polls
from foresight_ui.room.rooms import Rooms
from tornado.httpclient import AsyncHTTPClient, HTTPRequest, HTTPResponse
from tornado.websocket import WebSocketClientConnection, websocket_connect

HOST = "127.0.0.1"
PATIENCE = 60  # seconds


class Caller:
    """A connection of a phone, desk or wall: what it heard, its last view among that."""

    def __init__(self, socket: WebSocketClientConnection) -> None:
        self.socket = socket
        self.welcome: dict[str, Any] = {}
        self.view: dict[str, Any] = {}
        self.mark = 0
        self._ended = False

    async def say(self, **message: Any) -> dict[str, Any]:
        """Say something, and return the answer."""
        await self.write(json.dumps(message))
        return await self.answer()

    async def write(self, text: str | bytes) -> None:
        await self.socket.write_message(text)

    async def mark_and_say(self, say: str, **message: Any) -> dict[str, Any]:
        """Say what counts once, as a phone does."""
        self.mark += 1
        return await self.say(say=say, mark=self.mark, **message)

    async def do(self, do: str, **message: Any) -> dict[str, Any]:
        """Ask for something as a desk does."""
        self.mark += 1
        return await self.say(do=do, id=self.mark, **message)

    async def heard(self) -> dict[str, Any] | None:
        """Return the next message, None once the connection has ended."""
        text = None if self._ended else await asyncio.wait_for(self.socket.read_message(), PATIENCE)
        self._ended = text is None
        message: dict[str, Any] | None = None if text is None else json.loads(text)
        if message and "view" in message:
            self.view = message["view"]
        return message

    async def answer(self) -> dict[str, Any]:
        """Return the next message that is not a view alone; nothing once the connection has ended."""
        while (message := await self.heard()) is not None:
            if "view" not in message:
                return message
        return {}

    async def until(self, fits: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
        """Wait for a view in which something is true."""
        while not (self.view and fits(self.view)):
            assert await self.heard() is not None, "the connection has ended"
        return self.view

    async def ended(self) -> int | None:
        """Wait until the server ends the connection, and return why."""
        while await self.heard() is not None:
            pass
        return self.socket.close_code


class Place:
    """A server with rooms, in the loop of the test."""

    def __init__(self, rooms: list[Room]) -> None:
        self.made = rooms
        self.rooms = Rooms([one.hub for one in rooms])
        ways = beside(self.rooms)
        self.polls: Polls = next(options["polls"] for _, _, options in ways if "polls" in options)
        self.door, self.listener = opened(0, beside=ways)
        self.port = self.door.names.port
        self._callers: list[Caller] = []

    @property
    def code(self) -> str:
        return self.made[0].hub.code

    @property
    def happened(self) -> int:
        """How many things have happened in the first room."""
        return self.made[0].hub.room.count

    async def ask(self, path: str, method: str = "GET", body: str | None = None, **headers: str) -> HTTPResponse:
        """Ask for a page, or say something; refusals are answers too."""
        request = HTTPRequest(
            f"http://{HOST}:{self.port}{path}",
            method,
            headers=headers,
            body=body,
            allow_nonstandard_methods=True,
            request_timeout=PATIENCE,
        )
        return await AsyncHTTPClient().fetch(request, raise_error=False)

    async def post(self, path: str, **message: Any) -> dict[str, Any]:
        """Say something by a request of its own, and return the answer."""
        answer: dict[str, Any] = json.loads((await self.ask(path, "POST", json.dumps(message))).body)
        return answer

    async def connect(self, **headers: str) -> Caller:
        """Open a connection that has said nothing."""
        request = HTTPRequest(f"ws://{HOST}:{self.port}/room/live", headers=headers, request_timeout=PATIENCE)
        self._callers.append(Caller(await websocket_connect(request)))
        return self._callers[-1]

    async def come(self, face: str, **hello: Any) -> Caller:
        """Open a connection and come in."""
        caller = await self.connect()
        caller.welcome = (await caller.say(hello={"face": face, "language": "en", **hello})).get("welcome", {})
        return caller

    async def phone(self, delegation: str = "", token: str = "", room: int = 0) -> Caller:
        """Let somebody in, who sits down at a delegation."""
        caller = await self.come("phone", code=self.made[room].hub.code, token=token)
        caller.mark = (await caller.until(bool))["you"]["mark"]
        if delegation:
            await caller.mark_and_say("describe", delegation=delegation)
        return caller

    async def wall(self, room: int = 0) -> Caller:
        return await self.come("wall", code=self.made[room].hub.code)

    async def desk(self, room: int = 0) -> Caller:
        return await self.come("desk", secret=self.made[room].secret)

    async def leave(self) -> None:
        for caller in self._callers:
            caller.socket.close()
            with suppress(AssertionError):
                await caller.ended()
        self.listener.stop()
        await self.rooms.close()


def wish(folder: Path, **changes: Any) -> Wish:
    """Return what asks for a room whose record is in a folder."""
    usual = {"title": "Suva", "delegations": SUBREGIONS, "agenda": 90, "budget": 8, "rooms": None, "old": []}
    return Wish(**{**usual, "out": folder / "one.room", "language": "en", **changes})


@asynccontextmanager
async def place(folder: Path, **changes: Any) -> AsyncIterator[Place]:
    one = Place(rooms_opened(wish(folder, **changes)))
    try:
        yield one
    finally:
        await one.leave()


def met(visit: Callable[[Place], Awaitable[Any]], folder: Path, **changes: Any) -> Any:
    """Return what comes of a visit to a server of its own."""

    async def whole() -> Any:
        async with place(folder, **changes) as one:
            return await visit(one)

    return asyncio.run(whole())
