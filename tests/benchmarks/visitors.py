"""Visitors of the web interface without a browser, and the server they visit."""

import asyncio
import json
import os
import re
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median, quantiles
from typing import IO, Any, Final, NamedTuple, NoReturn, Self

from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

HOST: Final = "127.0.0.1"

#: Seconds that an answer may take before the session counts as lost.
PATIENCE: Final = 20.0

#: Seconds that the engine may take to be compiled.
COMPILING: Final = 600.0

#: Range of an effort.
LOW, HIGH = 0.25, 6.0

#: A server that says its port once visitors may come, then, for each line it reads, how many sessions it holds.
_SERVER: Final = """
import functools, gc, os, sys, threading
from foresight_ui.app import serve
from foresight_ui.session import Session
def count():
    for _ in sys.stdin:
        gc.collect()
        print(sum(type(one) is Session for one in gc.get_objects()), flush=True)
    os._exit(0)  # nobody is there to ask
threading.Thread(target=count, daemon=True).start()
gc.set_threshold(100_000, 50, 100)  # as the command line does
serve(int(sys.argv[1]), functools.partial(print, flush=True), lifetime=int(sys.argv[2]))
"""

#: What a picture says of the move that it answers, however deep it is packed.
_STAMP: Final = re.compile(rb'"stamp\\?": ?(null|\d+)')

#: What a page opens its connection with.
_TICKET: Final = re.compile(rb'(?:"token":|data-ticket=)"([^"]+)"')

#: The model of a session in its document, and the head of a message that says that something failed.
_ROOT: Final = re.compile(rb'"roots":\[\{[^]]*?"id":"([^"]+)"')
_ERROR: Final = re.compile(rb'^\{[^{]*"msgtype":"ERROR"')


class Row(NamedTuple):
    """One measured figure, and the most it may be where something is asked."""

    part: str
    name: str
    value: float
    unit: str = ""
    limit: float | None = None


class LostError(Exception):
    """A session ended, or did not answer, though nobody closed it."""


class Server:
    """The interface in a process of its own.

    Parameters
    ----------
    lifetime : int
        Milliseconds that a session outlives its connection.
    folder : Path, optional
        A checkout with a virtual environment in `.venv`; this one by default.
    temporary : Path, optional
        Where it makes temporary files.
    log : file, optional
        Takes what it logs.
    """

    program = _SERVER

    def __init__(
        self,
        lifetime: int = 60_000,
        folder: Path | None = None,
        temporary: Path | None = None,
        log: IO[Any] | None = None,
    ) -> None:
        with socket.create_server((HOST, 0)) as free:
            port = free.getsockname()[1]
        python = sys.executable if folder is None else str(folder.resolve() / ".venv" / "bin" / "python")
        command = [python, "-P", "-c", self.program, str(port), str(lifetime)]
        own = {} if temporary is None else {"TMPDIR": str(temporary)}
        pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": log}
        self._process = subprocess.Popen(command, env={**os.environ, **own}, text=True, **pipes)
        self.port = int(self._line())

    @property
    def address(self) -> str:
        return f"{HOST}:{self.port}"

    def memory(self) -> float:
        """Return the resident memory in MB."""
        status = Path(f"/proc/{self._process.pid}/status").read_text("utf-8")
        found = re.search(r"VmRSS:\s+(\d+) kB", status)
        assert found
        return int(found[1]) / 1000

    def processor(self) -> float:
        """Return the milliseconds of processor that the process has had, of all its threads."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text("utf-8").rpartition(")")[2].split()
        return 1000 * sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")

    def files(self) -> int:
        """Return how many files and connections are open."""
        return len(os.listdir(f"/proc/{self._process.pid}/fd"))

    def sessions(self) -> int:
        """Return how many sessions the process holds, once all garbage has been collected."""
        return int(self._asked())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(10)

    def _asked(self) -> str:
        assert self._process.stdin
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return self._line()

    def _line(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline()


class Visitor:
    """A session as a browser has one, but for the drawing: it speaks the protocol of Bokeh and Panel."""

    def __init__(self, socket: WebSocketClientConnection) -> None:
        self._socket = socket
        self._model = ""
        self._stamp = 0

    @classmethod
    async def come(cls, server: Server, patience: float = PATIENCE) -> Self:
        """Open the page and wait for the first picture."""
        page = await page_of(server)
        found = _TICKET.search(page)
        assert found
        request = HTTPRequest(f"ws://{server.address}/ws", request_timeout=PATIENCE)
        socket = await websocket_connect(request, subprotocols=["bokeh", found[1].decode()])
        socket.protocol.stream.set_nodelay(True)  # as browsers have it
        visitor = cls(socket)
        await visitor._part()  # the server acknowledges
        await visitor._say("PULL-DOC-REQ", {})
        while not (model := _ROOT.search(await visitor._part())):
            pass
        visitor._model = model[1].decode()
        await visitor._happen("document_ready", {})
        await visitor.send(type="open", link="", memory="", page="", language="")
        await visitor._frame(b"null", patience)
        return visitor

    async def move(self, action: str, value: float, final: bool, patience: float = PATIENCE) -> float:
        """Move the slider of an action and return the milliseconds until its picture has come."""
        start = time.perf_counter()
        await self.begin(action, value, final)
        await self._frame(str(self._stamp).encode(), patience)
        return 1000 * (time.perf_counter() - start)

    async def begin(self, action: str, value: float, final: bool) -> None:
        """Move the slider of an action, and do not wait."""
        self._stamp += 1
        values = {f"levers.{part}_effort.{action}": [value] * 3 for part in ("pledge", "delivery")}
        await self.send(type="move", what=f"effort.{action}", values=values, final=final, stamp=self._stamp)

    async def go(self, page: str, patience: float = PATIENCE) -> float:
        """Open another page and return the milliseconds until it has come."""
        start = time.perf_counter()
        await self.send(type="go", page=page)
        await self.answer("page", patience=patience)
        return 1000 * (time.perf_counter() - start)

    async def answer(self, *kinds: str, patience: float = PATIENCE) -> dict[str, Any]:
        """Wait for a message of one of these kinds, and return it."""
        while True:
            part = await self._part(patience)
            if part.startswith(b'{"events"'):
                for message in _messages(json.loads(part)):
                    if message.get("type") in kinds:
                        return message

    async def send(self, **data: Any) -> None:
        """Send what `model.send_msg` does in a browser."""
        await self._happen("data_event", {"model": {"id": self._model}, "data": _mapping(data)})

    async def listen(self) -> None:
        """Take whatever comes, until the connection ends."""
        while await self._socket.read_message() is not None:
            pass

    def leave(self) -> None:
        self._socket.close()

    async def _happen(self, name: str, values: Mapping[str, Any]) -> None:
        event = {"type": "event", "name": name, "values": _mapping(values)}
        sent = {"kind": "MessageSent", "msg_type": "bokeh_event", "msg_data": event}
        await self._say("PATCH-DOC", {"events": [sent]})

    async def _say(self, kind: str, content: Mapping[str, Any]) -> None:
        header = {"msgid": uuid.uuid4().hex, "msgtype": kind}
        for part in (header, {}, content):
            await self._socket.write_message(json.dumps(part))

    async def _frame(self, stamp: bytes, patience: float = PATIENCE) -> None:
        """Wait for the picture with a stamp."""
        while True:
            found = _STAMP.search(await self._part(patience))
            if found and found[1] == stamp:
                return

    async def _part(self, patience: float = PATIENCE) -> bytes:
        """Return the next part of a message; they are not looked into, as all visitors share a core."""
        try:
            part = await asyncio.wait_for(self._socket.read_message(), patience)
        except TimeoutError:
            raise LostError("no answer") from None
        if part is None:
            raise LostError("closed")
        plain = part.encode() if isinstance(part, str) else part
        if _ERROR.search(plain):
            raise LostError(plain.decode())
        return plain


async def warmed(server: Server) -> None:
    """Wait until the engine is compiled: until a move is answered, and not from pictures that ship."""
    visitor = await Visitor.come(server, COMPILING)
    await visitor.move("solidarity", LOW, final=True, patience=COMPILING)
    visitor.leave()


async def page_of(server: Server, patience: float = PATIENCE) -> bytes:
    """Ask for the page itself."""
    limits = {"connect_timeout": patience, "request_timeout": patience}
    return (await AsyncHTTPClient().fetch(f"http://{server.address}/", **limits)).body


def _messages(content: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield what a message of Bokeh carries of the interface."""
    for event in content["events"]:
        if event["kind"] == "MessageSent":
            yield dict(dict(event["msg_data"]["values"]["entries"])["data"]["entries"])


def _mapping(table: Mapping[str, Any]) -> dict[str, Any]:
    """Write a mapping as Bokeh does."""
    entries = [[key, _mapping(value) if key == "values" else value] for key, value in table.items()]
    return {"type": "map", "entries": entries}


def waits_of(part: str, name: str, waits: Sequence[float]) -> list[Row]:
    """Return how many there are, and what half and all but one in twenty of them stay below."""
    middle, high = median(waits), quantiles(waits, n=20, method="inclusive")[-1]
    return [
        Row(part, f"{name}, measured", len(waits)),
        Row(part, f"{name}, median", middle, "ms"),
        Row(part, f"{name}, 95 %", high, "ms"),
    ]


def say(rows: Sequence[Row], as_json: bool = False) -> NoReturn:
    """Print figures, and exit with 1 if one is above its limit."""
    if as_json:
        print(json.dumps([row._asdict() for row in rows], indent=2))
    else:
        parts, names = (max(map(len, column)) for column in list(zip(*rows, strict=True))[:2])
        for row in rows:
            limit = "" if row.limit is None else f"  at most {row.limit:g}"
            print(f"{row.part:{parts}} {row.name:{names}} {row.value:10.1f} {row.unit:3}{limit}".rstrip())
    raise SystemExit(any(row.limit is not None and row.value > row.limit for row in rows))
