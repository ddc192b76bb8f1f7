"""People with phones in a room, a desk, and the server they come to, without a browser."""

import asyncio
import csv
import io
import json
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, Self

from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest
from tornado.websocket import WebSocketClientConnection, WebSocketClosedError, websocket_connect

HOST: Final = "127.0.0.1"

#: Seconds between two tries to come back, at the least and at the most.
_AGAIN: Final = (0.1, 0.6)

#: What ends a try to come in, or a connection.
_GONE: Final = (OSError, HTTPClientError, WebSocketClosedError, TimeoutError)


class Server:
    """Rooms in a process of its own, which can be killed and started again.

    Parameters
    ----------
    record : Path
        The record of its one room, begun when it starts first.
    host : str
        The address that people come to; other than `HOST`, the server listens at all there are.
    program : sequence of str
        How Python is called to run the program.
    """

    def __init__(self, record: Path, host: str = HOST, program: Sequence[str] = ("-m", "foresight")) -> None:
        self.record, self.host, self._program = record, host, program
        with socket.create_server((HOST, 0)) as free:
            self.port = free.getsockname()[1]
        self.told: Mapping[str, Any] = {}
        self._process: subprocess.Popen[str] | None = None

    @property
    def room(self) -> Mapping[str, str]:
        """What the server has told of its room: code, and the addresses of desk and wall."""
        room: Mapping[str, str] = self.told["rooms"][0]
        return room

    @property
    def secret(self) -> str:
        return self.room["desk"].partition("#")[2]

    def start(self) -> Self:
        """Begin the room, or go on with it; wait until it answers."""
        files = ["--open" if self.record.exists() else "--out", str(self.record)]
        where = ["--port", str(self.port), *(["--address", HOST] if self.host == HOST else [])]
        command = [sys.executable, "-P", *self._program, "--json", "--quiet", "room", *where, *files]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.told = json.loads(self._answer())
        return self

    def kill(self) -> None:
        """Kill it, as a power cut does."""
        self.end(signal.SIGKILL)

    def end(self, number: int = signal.SIGTERM) -> None:
        """End it with a signal."""
        if self._process is not None:
            self._process.send_signal(number)
            self._process.communicate()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.end()

    def _answer(self) -> str:
        """Read what it puts out once it is there: a table that ends in a line of its own."""
        assert self._process
        assert self._process.stdout
        lines: list[str] = []
        while not lines or lines[-1].rstrip() != "}":
            lines.append(self._process.stdout.readline())
            if not lines[-1]:
                raise RuntimeError("the server did not start")
        return "".join(lines)


class Caller:
    """Somebody with a connection, who comes back by themselves until they leave.

    Parameters
    ----------
    server : Server
    """

    def __init__(self, server: Server) -> None:
        self.server = server
        self.view: dict[str, Any] = {}
        self.free = asyncio.Event()  # whether there is a network
        self.free.set()
        self._socket: WebSocketClientConnection | None = None
        self._news = asyncio.Condition()
        self._living: asyncio.Task[None] | None = None

    def begin(self) -> Self:
        """Come, and stay."""
        self._living = asyncio.create_task(self._live())
        return self

    async def leave(self) -> None:
        """Go for good."""
        if self._living is not None:
            self._living.cancel()
            with suppress(asyncio.CancelledError):
                await self._living
        self.cut()

    def cut(self) -> None:
        """Lose the connection."""
        if self._socket is not None:
            self._socket.close()

    async def cut_for(self, seconds: float) -> None:
        """Have no network for a while."""
        self.free.clear()
        self.cut()
        await asyncio.sleep(seconds)
        self.free.set()

    async def until(self, fits: Any) -> dict[str, Any]:
        """Wait for a view in which something is true."""
        async with self._news:
            await self._news.wait_for(lambda: bool(self.view) and fits(self.view))
        return self.view

    def hello(self) -> dict[str, Any]:
        """Return what is said first."""
        raise NotImplementedError

    async def welcomed(self, welcome: dict[str, Any]) -> None:
        """Take the welcome."""

    async def told(self, message: dict[str, Any]) -> None:
        """Take another message."""

    def looked(self) -> None:
        """Look at a new view."""

    async def write(self, message: Mapping[str, Any]) -> None:
        """Say something, if there is somebody to hear it."""
        if self._socket is not None:
            with suppress(*_GONE):
                await self._socket.write_message(json.dumps(message))

    async def _live(self) -> None:
        own = random.Random(id(self))
        while True:
            await self.free.wait()
            with suppress(*_GONE):
                await self._once()
            self._socket = None
            await asyncio.sleep(own.uniform(*_AGAIN))

    async def _once(self) -> None:
        address = f"ws://{self.server.host}:{self.server.port}/room/live"
        connection = await websocket_connect(HTTPRequest(address, connect_timeout=20, request_timeout=20))
        try:
            await connection.write_message(json.dumps({"hello": self.hello()}))
            while (text := await connection.read_message()) is not None:
                message = json.loads(text)
                if "welcome" in message:
                    self._socket = connection
                    await self.welcomed(message["welcome"])
                elif "view" in message:
                    self.view = message["view"]
                    self.looked()
                else:
                    await self.told(message)
                async with self._news:
                    self._news.notify_all()
        finally:
            connection.close()


class Phone(Caller):
    """A phone: it keeps its token, and what it has said until that is heard."""

    def __init__(self, server: Server) -> None:
        super().__init__(server)
        self.token, self.person, self.mark = "", 0, 0
        self.heard: dict[int, float] = {}
        self.refused: dict[int, dict[str, Any]] = {}
        self.waiting: dict[int, Mapping[str, Any]] = {}
        self._sent = 0  # the last mark on this connection

    def hello(self) -> dict[str, Any]:
        return {"face": "phone", "code": self.server.room["code"], "token": self.token, "language": "en"}

    async def welcomed(self, welcome: dict[str, Any]) -> None:
        self.token, self.person = welcome["token"], welcome["person"]
        self._sent = 0
        await self._send()

    async def told(self, message: dict[str, Any]) -> None:
        if "heard" in message:
            self.heard[message["heard"]] = time.perf_counter()
            self.waiting.pop(message["heard"], None)
        elif "mark" in message:
            self.refused[message["mark"]] = message

    async def say(self, what: str, **message: Any) -> int:
        """Say something; return its mark."""
        self.mark += 1
        self.waiting[self.mark] = {"say": what, "mark": self.mark, **message}
        mark = self.mark
        await self._send()
        return mark

    async def _send(self) -> None:
        """Send what waits, in order: what comes after something later counts as heard before."""
        connection = self._socket
        for mark in sorted(self.waiting):
            if mark > self._sent and self._socket is connection is not None:
                self._sent = mark
                await self.write(self.waiting[mark])

    async def until_heard(self, mark: int) -> float:
        """Wait until something that was said is heard, and return when; RuntimeError if it is refused."""
        async with self._news:
            await self._news.wait_for(lambda: mark in self.heard or mark in self.refused)
        if mark in self.refused:
            raise RuntimeError(self.refused[mark]["text"])
        return self.heard[mark]


class Desk(Caller):
    """The desk: it keeps when it saw each entry first."""

    def __init__(self, server: Server) -> None:
        super().__init__(server)
        self.secret = server.secret
        self.entries: dict[tuple[int, tuple[int, ...]], float] = {}
        self._done: dict[int, dict[str, Any]] = {}
        self._number = 0

    def hello(self) -> dict[str, Any]:
        return {"face": "desk", "secret": self.secret, "language": "en"}

    async def told(self, message: dict[str, Any]) -> None:
        self._done[message.get("done", message.get("id", 0))] = message

    async def do(self, what: str, **message: Any) -> dict[str, Any]:
        """Ask for something, and return the answer."""
        self._number += 1
        number = self._number
        await self.write({"do": what, "id": number, **message})
        async with self._news:
            await self._news.wait_for(lambda: number in self._done)
        return self._done[number]

    def looked(self) -> None:
        for one in self.view["persons"]:
            if one["entry"] and "points" in one["entry"]:
                self.entries.setdefault((one["person"], tuple(one["entry"]["points"])), time.perf_counter())

    async def file(self, name: str) -> bytes:
        """Return a file of the room."""
        asked = json.dumps({"secret": self.secret, "name": name})
        request = HTTPRequest(
            f"http://{self.server.host}:{self.server.port}/room/file", "POST", body=asked, request_timeout=120
        )
        content: bytes = (await AsyncHTTPClient().fetch(request)).body
        return content

    async def rows(self) -> list[dict[str, str]]:
        """Return the rows of the table of votes."""
        return list(csv.DictReader(io.StringIO((await self.file("votes.csv")).decode())))
