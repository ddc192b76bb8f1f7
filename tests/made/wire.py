"""A server in this process, and who speaks with it by hand: requests as they are written, messages piece by piece."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any, NamedTuple

from foresight_ui.app import server
from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest, HTTPResponse
from tornado.websocket import WebSocketClientConnection, websocket_connect

HOST = "127.0.0.1"
PATIENCE = 60  # seconds


class Gone(NamedTuple):
    """The server has closed the connection, and why."""

    code: int | None
    reason: str | None


class Wire:
    """A connection of a session."""

    def __init__(self, socket: WebSocketClientConnection) -> None:
        self.socket = socket
        self.model = ""
        self._ended = False

    async def pull(self) -> Mapping[str, Any]:
        """Ask for the document, as a page does first."""
        await self.say({"msgid": "1", "msgtype": "PULL-DOC-REQ"}, {})
        document = await self.heard("PULL-DOC-REPLY")
        self.model = document["doc"]["roots"][0]["id"]
        return document

    async def tell(self, **data: Any) -> None:
        """Send a message of the page."""
        values = mapping({"model": {"id": self.model}, "data": mapping(data)})
        await self.patch({"type": "event", "name": "data_event", "values": values})

    async def patch(self, event: Mapping[str, Any]) -> None:
        sent = {"kind": "MessageSent", "msg_type": "bokeh_event", "msg_data": event}
        await self.say({"msgid": "2", "msgtype": "PATCH-DOC"}, {"events": [sent]})

    async def say(self, header: object, content: object) -> None:
        for piece in (header, {}, content):
            await self.socket.write_message(json.dumps(piece))

    async def heard(self, kind: str) -> Any:
        """Return the content of the next message of a kind; AssertionError once the connection is closed."""
        while (header := await self._piece()) is not None:
            await self._piece()
            content = await self._piece()
            if header["msgtype"] == kind:
                return content
        raise AssertionError(self.gone)

    async def told(self, kind: str) -> Mapping[str, Any]:
        """Return the next message of a type that the session sends."""
        while True:
            for event in (await self.heard("PATCH-DOC"))["events"]:
                message = dict(dict(event["msg_data"]["values"]["entries"])["data"]["entries"])
                if message["type"] == kind:
                    return dict(json.loads(message["content"]))

    async def end(self) -> Gone:
        """Wait until the server closes the connection."""
        while not self._ended:
            await self._piece()
        return self.gone

    @property
    def gone(self) -> Gone:
        return Gone(self.socket.close_code, self.socket.close_reason)

    async def _piece(self) -> Any:
        piece = await asyncio.wait_for(self.socket.read_message(), PATIENCE)
        self._ended = piece is None
        return None if piece is None else json.loads(piece)


class House:
    """A server that runs in the loop of the test."""

    def __init__(self, **options: Any) -> None:
        self.web = server(0, **options)
        self.port = self.web.port
        self._wires: list[Wire] = []
        self._writers: list[asyncio.StreamWriter] = []

    async def ask(self, path: str = "/", method: str = "GET", **headers: str) -> HTTPResponse:
        """Ask for a page; refusals are answers too."""
        request = HTTPRequest(
            f"http://{HOST}:{self.port}{path}",
            method,
            headers=headers,
            allow_nonstandard_methods=True,
            follow_redirects=False,
        )
        return await AsyncHTTPClient().fetch(request, raise_error=False)

    async def ticket(self) -> str:
        found = re.search(rb'data-ticket="([^"]+)"', (await self.ask()).body)
        assert found
        return found[1].decode()

    async def connect(self, ticket: str, **headers: str) -> Wire:
        """Open a connection; HTTPClientError if it is refused."""
        request = HTTPRequest(f"ws://{HOST}:{self.port}/ws", headers=headers, request_timeout=PATIENCE)
        wire = Wire(await websocket_connect(request, subprotocols=["bokeh", ticket]))
        self._wires.append(wire)
        await wire.heard("ACK")
        return wire

    async def come(self) -> Wire:
        """Open the page and its session."""
        wire = await self.connect(await self.ticket())
        await wire.pull()
        return wire

    async def write(self, text: bytes = b"") -> asyncio.StreamReader:
        """Write by hand, and return what the answer is read from."""
        reader, writer = await asyncio.open_connection(HOST, self.port)
        self._writers.append(writer)
        writer.write(text)
        return reader

    async def leave(self) -> None:
        """Close every connection, and the server."""
        for writer in self._writers:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()
        for wire in self._wires:
            wire.socket.close()
            await wire.end()
        self.web.stop()

    async def refused(self, ticket: str, **headers: str) -> int:
        """Return the status that a connection is refused with."""
        try:
            wire = await self.connect(ticket, **headers)
        except HTTPClientError as error:
            return error.code
        raise AssertionError(wire.gone)


@asynccontextmanager
async def house(**options: Any) -> AsyncIterator[House]:
    one = House(**options)
    one.web.start()
    try:
        yield one
    finally:
        await one.leave()


def visited(visit: Callable[[House], Awaitable[Any]], **options: Any) -> Any:
    """Return what comes of a visit to a server of its own."""

    async def whole() -> Any:
        async with house(**options) as one:
            return await visit(one)

    return asyncio.run(whole())


def mapping(table: Mapping[str, Any]) -> dict[str, Any]:
    """Write a table as Bokeh does."""
    return {"type": "map", "entries": [[key, value] for key, value in table.items()]}
