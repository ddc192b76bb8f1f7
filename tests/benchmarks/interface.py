"""How fast the web interface is, how many people it bears at once, and whether its memory stays as it is.

Run as ``python tests/benchmarks/interface.py [--json] [latency] [crowd] [sessions]``; about six minutes for all
three. Each part has a server of its own. Chromium is that of FORESIGHT_CHROMIUM, or the one of the system; the load
average stands beside the figures, because machines are shared.
"""

import argparse
import asyncio
import json
import os
import random
import re
import shutil
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from statistics import median, quantiles
from typing import Any, Final, NamedTuple, Self
from urllib.parse import urlsplit

from playwright.async_api import Browser, Page, Request, async_playwright
from playwright.async_api import TimeoutError as PlaywrightTimeout
from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

CHROMIUM: Final = (
    os.environ.get("FORESIGHT_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-headless-shell")
)
FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SCREEN: Final = {"width": 1280, "height": 800}
HOST: Final = "127.0.0.1"

#: Key presses that are measured, in rounds that each start from other levers.
ROUNDS: Final = 4
PRESSES: Final = 25

#: Seconds between presses: shorter than the half second after which a slider counts as settled.
PAUSE: Final = 0.25

#: Seconds after which a slider, its link and its memory are settled for sure.
SETTLED: Final = 1.5

#: Fresh browsers that open the page.
OPENINGS: Final = 5

#: People at once, one of them with a real browser; seconds between the moves of one, and for how long.
PEOPLE: Final = 20
EVERY: Final = 2.0
DURATION: Final = 60.0

#: Sessions that come and go: before memory is read first, and in all.
FIRST_SESSIONS: Final = 50
SESSIONS: Final = 500
AT_ONCE: Final = 4

#: Milliseconds that a session outlives its connection, where memory is measured.
LIFETIME: Final = 400

#: Seconds that an answer may take before the session counts as lost.
PATIENCE: Final = 20.0

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
serve(int(sys.argv[1]), functools.partial(print, flush=True), lifetime=int(sys.argv[2]))
"""

#: Notes when everything of the first picture has been painted.
_FIRST_PICTURE: Final = """
(() => {
  window.drawnAt = null;
  const drawn = () => {
    const lines = [...document.querySelectorAll("[data-chart] path.median")];
    const said = document.querySelector(".headline")?.textContent;
    return said && lines.length && lines.every((line) => line.getAttribute("d"));
  };
  const look = () => {
    if (!drawn()) return requestAnimationFrame(look);
    const channel = new MessageChannel();
    channel.port1.onmessage = () => { window.drawnAt = performance.now(); };
    channel.port2.postMessage(0);
  };
  requestAnimationFrame(look);
})()
"""

#: Measures from a key press to the frame after the last change of a chart in sight by the first picture that answers.
_WATCH: Final = """
() => {
  window.waits = [];
  let pressed = 0;
  let answer = "";
  document.addEventListener("keydown", (event) => {
    pressed = event.timeStamp;
    answer = "";
    window.waits.push(null);
  }, true);
  const differs = (one) => one.type === "childList" || one.oldValue !== one.target.getAttribute(one.attributeName);
  const observer = new MutationObserver((records) => {
    const stamp = document.documentElement.dataset.stamp;
    if (!pressed || !(Number(stamp) >= pressed) || (answer && answer !== stamp) || !records.some(differs)) return;
    answer = stamp;
    const [start, at] = [pressed, window.waits.length - 1];
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => { window.waits[at] = performance.now() - start; };
      channel.port2.postMessage(0);
    });
  });
  for (const svg of document.querySelectorAll("[data-chart=delivered] svg, [data-chart=opening] svg")) {
    observer.observe(svg, { subtree: true, attributes: true, attributeOldValue: true, childList: true });
  }
}
"""

_ANSWERED: Final = "window.waits.at(-1) !== null"


class Row(NamedTuple):
    """One measured figure, and the most it may be where something is asked."""

    part: str
    name: str
    value: float
    unit: str = ""
    limit: float | None = None


class LostError(Exception):
    """A session ended, or did not answer, though nobody closed it."""


# The server ----------------------------------------------------------------------------------------------------------


class Server:
    """The interface in a process of its own."""

    program = _SERVER

    def __init__(self, lifetime: int = 60_000) -> None:
        with socket.create_server((HOST, 0)) as free:
            port = free.getsockname()[1]
        command = [sys.executable, "-c", self.program, str(port), str(lifetime)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
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


# A person without a browser ------------------------------------------------------------------------------------------


class Visitor:
    """A session as a browser has one, but for the drawing: it speaks the protocol of Bokeh and Panel."""

    def __init__(self, socket: WebSocketClientConnection) -> None:
        self._socket = socket
        self._model = ""
        self._stamp = 0

    @classmethod
    async def come(cls, server: Server) -> Self:
        """Open the page and wait for the first picture."""
        page = await AsyncHTTPClient().fetch(f"http://{server.address}/", request_timeout=PATIENCE)
        found = re.search(rb'(?:"token":"|data-ticket=")([^"]+)"', page.body)
        assert found
        request = HTTPRequest(f"ws://{server.address}/ws", request_timeout=PATIENCE)
        socket = await websocket_connect(request, subprotocols=["bokeh", found[1].decode()])
        socket.protocol.stream.set_nodelay(True)  # as browsers have it
        visitor = cls(socket)
        await visitor._message()  # the server acknowledges
        await visitor._say("PULL-DOC-REQ", {})
        content = await visitor._message("PULL-DOC-REPLY")
        visitor._model = json.loads(content)["doc"]["roots"][0]["id"]
        await visitor._happen("document_ready", {})
        await visitor._send(type="open", link="", memory="", page="", language="")
        await visitor._frame(None)
        return visitor

    async def move(self, action: str, value: float, final: bool) -> float:
        """Move the slider of an action and return the milliseconds until its picture has come."""
        self._stamp += 1
        values = {f"levers.{part}_effort.{action}": [value] * 3 for part in ("pledge", "delivery")}
        start = time.perf_counter()
        await self._send(type="move", what=f"effort.{action}", values=values, final=final, stamp=self._stamp)
        return 1000 * (await self._frame(self._stamp) - start)

    def leave(self) -> None:
        self._socket.close()

    async def _send(self, **data: Any) -> None:
        """Send what `model.send_msg` does in a browser."""
        await self._happen("data_event", {"model": {"id": self._model}, "data": _mapping(data)})

    async def _happen(self, name: str, values: Mapping[str, Any]) -> None:
        event = {"type": "event", "name": name, "values": _mapping(values)}
        sent = {"kind": "MessageSent", "msg_type": "bokeh_event", "msg_data": event}
        await self._say("PATCH-DOC", {"events": [sent]})

    async def _say(self, kind: str, content: Mapping[str, Any]) -> None:
        header = {"msgid": uuid.uuid4().hex, "msgtype": kind}
        for part in (header, {}, content):
            await self._socket.write_message(json.dumps(part))

    async def _message(self, kind: str = "") -> str:
        """Return the content of the next message of a kind."""
        while True:
            header = json.loads(await self._part())
            await self._part()
            content = str(await self._part())
            if header["msgtype"] == "ERROR":
                raise LostError(content)
            if kind in ("", header["msgtype"]):
                return content

    async def _frame(self, stamp: int | None) -> float:
        """Wait for the picture with a stamp, and return when it came."""
        while True:
            content = await self._message("PATCH-DOC")
            came = time.perf_counter()
            if any(picture["stamp"] == stamp for picture in _pictures(json.loads(content))):
                return came

    async def _part(self) -> Any:
        try:
            part = await asyncio.wait_for(self._socket.read_message(), PATIENCE)
        except TimeoutError:
            raise LostError("no answer") from None
        if part is None:
            raise LostError("closed")
        return part


def _pictures(content: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the pictures that a message of Bokeh carries."""
    for event in content["events"]:
        if event["kind"] == "MessageSent":
            message = dict(dict(event["msg_data"]["values"]["entries"])["data"]["entries"])
            if message["type"] == "frame":
                yield json.loads(message["content"])


def _mapping(table: Mapping[str, Any]) -> dict[str, Any]:
    """Write a mapping as Bokeh does."""
    entries = [[key, _mapping(value) if key == "values" else value] for key, value in table.items()]
    return {"type": "map", "entries": entries}


# A person with one ---------------------------------------------------------------------------------------------------


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Start a browser."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS])
        try:
            yield browser
        finally:
            await browser.close()


class Opening(NamedTuple):
    """How a page came: milliseconds until the first picture, kB of all bodies, hosts that were asked."""

    page: Page
    milliseconds: float
    kilobytes: float
    hosts: set[str]


async def opened(browser: Browser, server: Server) -> Opening:
    """Open the page as somebody who has never been there."""
    context = await browser.new_context(viewport=SCREEN, locale="en", bypass_csp=True)  # type: ignore[arg-type]
    await context.add_init_script(_FIRST_PICTURE)
    page = await context.new_page()
    asked: list[str] = []
    answered: list[Request] = []
    page.on("request", lambda one: asked.append(one.url))
    page.on("websocket", lambda one: asked.append(one.url))
    page.on("requestfinished", lambda one: answered.append(one))
    await page.goto(f"http://{server.address}/")
    await page.wait_for_function("window.drawnAt !== null", polling=100)
    milliseconds = await page.evaluate("window.drawnAt")
    await asyncio.sleep(SETTLED)
    sizes = [await one.sizes() for one in answered if one.url.startswith("http")]
    hosts = {str(urlsplit(url).hostname) for url in asked if url.startswith(("http", "ws"))}
    return Opening(page, milliseconds, sum(size["responseBodySize"] for size in sizes) / 1000, hosts)


class Hand:
    """A hand on the keys of the first slider."""

    def __init__(self, page: Page, chance: random.Random) -> None:
        self._page = page
        self._chance = chance
        self._key = "ArrowRight"

    async def begin(self) -> None:
        """Put the other efforts where nobody has had them, and the first slider at one end."""
        efforts = self._page.locator(".lever.effort")
        for at in range(1, await efforts.count()):
            field = efforts.nth(at).locator("input.typed").first
            await field.fill(str(round(self._chance.uniform(LOW, HIGH), 3)))
            await field.press("Enter")
        await self._page.focus("input[type=range] >> nth=0")
        end, self._key = self._chance.choice((("Home", "ArrowRight"), ("End", "ArrowLeft")))
        await self._page.keyboard.press(end)
        await asyncio.sleep(SETTLED)
        await self._page.evaluate("() => { window.waits.length = 0; }")

    async def press(self, pause: float) -> None:
        """Press a key once, wait a while that is a little different each time, and on until pixels have changed."""
        await self._page.keyboard.press(self._key)
        await asyncio.sleep(pause * self._chance.uniform(0.9, 1.1))
        with suppress(PlaywrightTimeout):  # then it is one without an answer
            await self._page.wait_for_function(_ANSWERED, polling=50, timeout=1000 * PATIENCE)

    async def waits(self) -> list[float | None]:
        """Return the milliseconds from each press to changed pixels, None where none changed."""
        await asyncio.sleep(SETTLED)
        found: list[float | None] = await self._page.evaluate("window.waits")
        return found


# What is measured ----------------------------------------------------------------------------------------------------


async def latency(chance: random.Random) -> list[Row]:
    """Measure how long one person waits."""
    waits: list[float | None] = []
    openings = []
    with Server() as server:
        async with chromium() as browser:
            await _left(await opened(browser, server))  # the server has served before, the browser has run
            for _ in range(OPENINGS):
                openings.append(await opened(browser, server))
                await _left(openings[-1])
            page = (await opened(browser, server)).page
            await page.evaluate(_WATCH)
            hand = Hand(page, chance)
            for _ in range(ROUNDS):
                await hand.begin()
                for _ in range(PRESSES):
                    await hand.press(PAUSE)
                waits += await hand.waits()
    hosts = set().union(*(one.hosts for one in openings)) - {HOST}
    return [
        *_waits("latency", "key to pixels", [one for one in waits if one is not None]),
        Row("latency", "presses without an answer", waits.count(None), limit=0),
        Row("latency", "first picture", median(one.milliseconds for one in openings), "ms"),
        Row("latency", "page", median(one.kilobytes for one in openings), "kB"),
        Row("latency", " ".join(["other hosts asked", *sorted(hosts)]), len(hosts), limit=0),
    ]


async def crowd(chance: random.Random) -> list[Row]:
    """Measure how long people wait when there are many."""
    waits: list[float] = []
    lost: list[str] = []

    async def person(server: Server, seed: float, ready: asyncio.Barrier) -> None:
        own = random.Random(seed)
        visitor = await Visitor.come(server)
        await ready.wait()
        try:
            await _every(own, lambda: moved(visitor, own))
        except Exception as error:
            lost.append(repr(error))
        visitor.leave()

    async def moved(visitor: Visitor, own: random.Random) -> None:
        """Move a slider, then let it settle, as the keyboard does."""
        value = round(own.uniform(LOW, HIGH), 4)
        waits.append(await visitor.move("solidarity", value, final=False))
        await asyncio.sleep(0.5)
        await visitor.move("solidarity", value, final=True)

    async with chromium() as browser:
        with Server() as server:
            page = (await opened(browser, server)).page
            await page.evaluate(_WATCH)
            hand = Hand(page, chance)
            await hand.begin()
            ready = asyncio.Barrier(PEOPLE)
            async with asyncio.TaskGroup() as tasks:
                for _ in range(PEOPLE - 1):
                    tasks.create_task(person(server, chance.random(), ready))
                await ready.wait()
                await _every(chance, lambda: hand.press(PAUSE))
            seen = await hand.waits()
    return [
        *_waits("crowd", "key to pixels", [one for one in seen if one is not None]),
        *_waits("crowd", "message to frame", waits),
        Row("crowd", "presses without an answer", seen.count(None), limit=0),
        Row("crowd", " ".join(["sessions lost", *lost]), len(lost), limit=0),
    ]


async def sessions(chance: random.Random) -> list[Row]:
    """Measure what sessions leave behind."""
    waiting = asyncio.Semaphore(AT_ONCE)

    async def visit(server: Server) -> None:
        async with waiting:
            visitor = await Visitor.come(server)
            await visitor.move("solidarity", round(chance.uniform(LOW, HIGH), 4), final=True)
            visitor.leave()

    async def visits(server: Server, number: int) -> float:
        """Let people come and go, and return the memory once the last of them is gone."""
        ended = await asyncio.gather(*(visit(server) for _ in range(number)), return_exceptions=True)
        lost.extend(repr(one) for one in ended if one is not None)
        await asyncio.sleep(10 * LIFETIME / 1000)
        return server.memory()

    lost: list[str] = []
    with Server(LIFETIME) as server:
        before = await visits(server, FIRST_SESSIONS)
        after = await visits(server, SESSIONS - FIRST_SESSIONS)
        held = server.sessions()
    return [
        Row("sessions", f"memory after {FIRST_SESSIONS}", before, "MB"),
        Row("sessions", f"memory after {SESSIONS}", after, "MB"),
        Row("sessions", "growth", 100 * (after / before - 1), "%", limit=10),
        Row("sessions", "sessions still held", held, limit=0),
        Row("sessions", " ".join(["sessions lost", *sorted(set(lost))]), len(lost), limit=0),
    ]


PARTS: Final[Mapping[str, Callable[[random.Random], Coroutine[Any, Any, list[Row]]]]] = {
    "latency": latency,
    "crowd": crowd,
    "sessions": sessions,
}


async def _left(opening: Opening) -> None:
    await opening.page.context.close()


async def _every(chance: random.Random, act: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Act at a steady pace, beginning at a moment of one's own."""
    start = time.perf_counter() + chance.uniform(0, EVERY)
    for turn in range(int(DURATION / EVERY)):
        await asyncio.sleep(max(0.0, start + turn * EVERY - time.perf_counter()))
        await act()


def _waits(part: str, name: str, waits: Sequence[float]) -> list[Row]:
    """Return how many there are, and what half and all but one in twenty of them stay below."""
    middle, high = median(waits), quantiles(waits, n=20, method="inclusive")[-1]
    return [
        Row(part, f"{name}, measured", len(waits)),
        Row(part, f"{name}, median", middle, "ms"),
        Row(part, f"{name}, 95 %", high, "ms"),
    ]


# What is said --------------------------------------------------------------------------------------------------------


def main() -> None:
    """Measure what is asked for and print it; exit 1 if something is above its limit."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"{', '.join(PARTS)}; all by default")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--seed", type=int, help="of the levers; another each time by default")
    given = parser.parse_args()
    if unknown := [part for part in given.parts if part not in PARTS]:
        parser.error(f"{unknown[0]} is none of {', '.join(PARTS)}")
    rows: list[Row] = []
    for part in given.parts or PARTS:
        before = os.getloadavg()[0]
        rows.append(Row(part, "load average before", before))
        rows += asyncio.run(PARTS[part](random.Random(given.seed)))
    if given.json:
        print(json.dumps([row._asdict() for row in rows], indent=2))
    else:
        for row in rows:
            limit = "" if row.limit is None else f"  at most {row.limit:g}"
            print(f"{row.part:9} {row.name:32} {row.value:10.1f} {row.unit:3}{limit}".rstrip())
    raise SystemExit(any(row.limit is not None and row.value > row.limit for row in rows))


if __name__ == "__main__":
    main()
