"""Where the time of a move goes, from a key to a painted frame with its new values.

Run as ``python tests/benchmarks/moves.py [--json] [--rounds 4] [--seed 1] [--against FOLDER]``; about a minute. Both
the server and the page note what they have come to; one clock stands behind both. Given the folder of another build
with a virtual environment of its own, both builds take turns with the same moves, and only the page notes. Chromium is
that of FORESIGHT_CHROMIUM, or the one of the system.
"""

import argparse
import asyncio
import json
import os
import random
import time
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from statistics import median, quantiles
from typing import Any, Final

from foresight._benchmarks.interface import PRESSES, ROUNDS, SCREEN, SETTLED, Hand, chromium
from foresight._benchmarks.visitors import Server
from playwright.async_api import BrowserContext, Page

#: Seconds between presses: shorter than the half second after which a slider counts as settled.
PAUSE: Final = 0.3

#: Readings of the clock of the page, of which the narrowest count.
READINGS: Final = 60

#: What a move comes to, in this order, and what it has done since the one before.
STAGES: Final[Mapping[str, str]] = {
    "key": "",
    "heard": "browser: key to listener",
    "sent": "browser: lever, message, send",
    "received": "wire to the server",
    "asked": "Bokeh and Panel take the message",
    "moved": "state moved",
    "begun": "to the thread",
    "run": "digests, a seat",
    "simulated": "engine",
    "pictured": "bands, map",
    "framed": "sentences",
    "handed": "back from the thread",
    "packed": "JSON",
    "written": "ticks of Bokeh",
    "arrived": "wire to the browser",
    "drawn": "browser: message, SVG, texts",
    "frame": "browser: until the frame begins",
    "painted": "browser: style, layout, paint",
}

#: A server that notes what moves have come to; for each line it reads it writes the notes since the last.
_SERVER: Final = """
import functools, json, os, sys, threading, time
from bokeh.server.views.ws import WSHandler
from foresight_ui import app, drawing, post, session
from foresight_ui.parts import frame
from foresight_ui.serving.connection import Connection
from foresight_ui.runs.live import Live
from foresight_ui.visit.state import AppState
marks = []
def mark(name):
    marks.append((name, 1000 * time.monotonic()))
def noted(owner, name, before=None, after=None):
    inner = getattr(owner, name)
    @functools.wraps(inner)
    def outer(*args, **options):
        if before:
            mark(before)
        try:
            return inner(*args, **options)
        finally:
            if after:
                mark(after)
    setattr(owner, name, outer)
write = WSHandler.write_message
async def written(self, message, binary=False, locked=True):
    if len(message) > 5000:  # no other message of a move is as long as a picture
        mark("written")
    await write(self, message, binary, locked)
WSHandler.write_message = written
noted(Connection, "on_message", before="received")
noted(session.Session, "hear", before="asked")
noted(AppState, "move", after="moved")
noted(drawing, "frame", before="begun", after="framed")
noted(Live, "_run", before="run", after="simulated")
noted(frame, "pictured", after="pictured")
noted(post.Post, "frame", before="handed", after="packed")
def tell():
    for _ in sys.stdin:
        told, marks[:] = list(marks), []
        print(json.dumps(told), flush=True)
    os._exit(0)  # nobody is there to ask
threading.Thread(target=tell, daemon=True).start()
app.serve(int(sys.argv[1]), functools.partial(print, flush=True), lifetime=int(sys.argv[2]))
"""

#: A page that does the same; what is painted is what stood there when the frame began.
_PAGE: Final = """
(() => {
  const marks = window.marks = [];
  const mark = (name, at = performance.now()) => marks.push([name, at]);
  const waits = window.waits = [];
  addEventListener("keydown", (event) => {
    mark("key", event.timeStamp);
    mark("heard");
    waits.push(null);
  }, true);
  const { send } = WebSocket.prototype;
  WebSocket.prototype.send = function (content) { send.call(this, content); mark("sent"); };
  window.WebSocket = class extends WebSocket {
    constructor(...all) {
      super(...all);
      this.addEventListener("message", ({ data }) => { if (data.length > 5000) mark("arrived"); });
    }
  };
  const painted = () => {
    mark("frame");
    const channel = new MessageChannel();
    channel.port1.onmessage = () => { mark("painted"); waits.splice(-1, 1, 0); };
    channel.port2.postMessage(0);
  };
  const drawn = () => { mark("drawn"); requestAnimationFrame(painted); };
  new MutationObserver(drawn).observe(document, { subtree: true, attributeFilter: ["data-stamp"] });
})()
"""

Marks = list[tuple[str, float]]


class NotingServer(Server):
    """A server that notes what moves have come to."""

    program = _SERVER

    def marks(self) -> Marks:
        """Return the notes since they were asked for last."""
        return [(name, at) for name, at in json.loads(self._asked())]


async def measured(chance: random.Random, rounds: int) -> list[dict[str, float]]:
    """Press keys, and return when each move came to each stage, in milliseconds since its key."""
    moves: list[dict[str, float]] = []
    with NotingServer() as server:
        async with chromium() as browser:
            page = await _opened(await browser.new_context(viewport=SCREEN, locale="en", bypass_csp=True), server)  # type: ignore[arg-type]
            hand = Hand(page, chance)
            for _ in range(rounds):
                await hand.begin()
                await _forget(page, server)
                for _ in range(PRESSES):
                    await hand.press(PAUSE)
                moves += _moves(await _marks(page), server.marks())
    return moves


async def compared(chance: random.Random, rounds: int, against: Path) -> list[list[float]]:
    """Press the same keys in this build and in another by turns; return the milliseconds to painted frames of each."""
    taken: list[list[float]] = [[], []]
    with Server() as own, Server(folder=against) as other:
        async with chromium() as browser:
            sizes: Any = {"viewport": SCREEN, "locale": "en", "bypass_csp": True}
            pages = [await _opened(await browser.new_context(**sizes), server) for server in (own, other)]
            for _ in range(rounds):
                seed = chance.random()
                for page, times in zip(pages, taken, strict=True):
                    hand = Hand(page, random.Random(seed))
                    await page.bring_to_front()
                    await hand.begin()
                    await page.evaluate("() => { window.marks.length = 0; }")
                    for _ in range(PRESSES):
                        await hand.press(PAUSE)
                    times += _waits(await page.evaluate("window.marks"))
    return taken


def _waits(marks: Marks) -> Iterator[float]:
    """Yield the milliseconds from each key to the frame that is painted before the next one."""
    keys = [at for at, (name, _) in enumerate(marks) if name == "key"]
    for start, end in pairwise([*keys, len(marks)]):
        painted = [at for name, at in marks[start:end] if name == "painted"]
        if painted:
            yield painted[0] - marks[start][1]


async def _opened(context: BrowserContext, server: Server) -> Page:
    await context.add_init_script(_PAGE)
    page = await context.new_page()
    await page.goto(f"http://{server.address}/")
    await page.wait_for_function("document.querySelector('.headline')?.textContent")
    await asyncio.sleep(SETTLED)
    return page


async def _forget(page: Page, server: NotingServer) -> None:
    await page.evaluate("() => { window.marks.length = 0; }")
    server.marks()


async def _marks(page: Page) -> Marks:
    """Return the notes of a page, by the clock of this machine."""
    ahead = await _ahead(page)
    return [(name, at + ahead) for name, at in await page.evaluate("window.marks")]


async def _ahead(page: Page) -> float:
    """Return how far the clock of this machine is ahead of that of a page: between the narrowest of many readings."""
    low, high = float("-inf"), float("inf")
    for _ in range(READINGS):
        before = 1000 * time.monotonic()
        there = await page.evaluate("performance.now()")
        low, high = max(low, before - there), min(high, 1000 * time.monotonic() - there)
    return (low + high) / 2


# From notes to moves -------------------------------------------------------------------------------------------------


def _moves(page: Marks, server: Marks) -> Iterator[dict[str, float]]:
    """Yield each move that was answered by a picture of its own."""
    marks = sorted((*page, *server), key=lambda mark: mark[1])
    keys = [at for name, at in marks if name == "key"]
    times = [at for _, at in marks]
    for start, end in pairwise([*keys, float("inf")]):
        window = marks[bisect_left(times, start) : bisect_left(times, end)]
        move = {name: at - start for name, at in _staged(window)}
        if move.keys() == STAGES.keys():
            yield move


def _staged(marks: Sequence[tuple[str, float]]) -> Iterator[tuple[str, float]]:
    """Yield the last note of each stage that comes before those of the next, since the painted frame ends a move."""
    at = float("inf")
    for name in reversed(STAGES):
        found = [when for what, when in marks if what == name and when <= at + 1]  # the clocks may be apart by as much
        if found:
            at = found[0] if name == "painted" else found[-1]
            yield name, at


# What is said --------------------------------------------------------------------------------------------------------


def main() -> None:
    """Measure moves and print the medians of their parts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="print every move as JSON")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"of {PRESSES} moves each")
    parser.add_argument("--seed", type=int, help="of the levers; another each time by default")
    parser.add_argument("--against", type=Path, help="folder of another build")
    given = parser.parse_args()
    load = os.getloadavg()[0]
    if given.against:
        _say_both(asyncio.run(compared(random.Random(given.seed), given.rounds, given.against.resolve())), load)
        return
    moves = asyncio.run(measured(random.Random(given.seed), given.rounds))
    if given.json:
        print(json.dumps(moves))
        return
    print(f"{len(moves)} moves, load average before {load:.1f}; medians in ms")
    for (before, after), part in zip(pairwise(STAGES), list(STAGES.values())[1:], strict=True):
        print(f"{part:36} {median(move[after] - move[before] for move in moves):8.1f}")
    waits = [move["painted"] for move in moves]
    print(f"{'key to painted frame':36} {median(waits):8.1f}   95 % {quantiles(waits, n=20)[-1]:.1f}")


def _say_both(taken: list[list[float]], load: float) -> None:
    """Print what both builds take, and how they compare."""
    print(f"load average before {load:.1f}; key to painted frame in ms")
    for name, times in zip(("this build", "the other"), taken, strict=True):
        print(f"{name:12} {len(times):4} moves   median {median(times):6.1f}   95 % {quantiles(times, n=20)[-1]:6.1f}")
    own, other = map(median, taken)
    print(f"ratio of the medians {own / other:.2f}")


if __name__ == "__main__":
    main()
