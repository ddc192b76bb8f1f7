"""How fast the web interface is, how many people it bears at once, and whether its memory stays as it is.

Run as ``python tests/benchmarks/interface.py [--json] [latency] [crowd] [sessions]``; about six minutes for all
three. Each part has a server of its own. Chromium is that of FORESIGHT_CHROMIUM, or the one of the system; the load
average stands beside the figures, because machines are shared.
"""

import argparse
import asyncio
import os
import random
import shutil
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager, suppress
from statistics import median
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from foresight._benchmarks.visitors import HIGH, HOST, LOW, PATIENCE, Row, Server, Visitor, say, waits_of
from playwright.async_api import Browser, Page, Request, async_playwright
from playwright.async_api import TimeoutError as PlaywrightTimeout

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
        *waits_of("latency", "key to pixels", [one for one in waits if one is not None]),
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
        *waits_of("crowd", "key to pixels", [one for one in seen if one is not None]),
        *waits_of("crowd", "message to frame", waits),
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
    say(rows, given.json)


if __name__ == "__main__":
    main()
