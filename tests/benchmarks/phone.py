"""How soon a phone can be used on a slow connection, and how large its page is.

Run as ``python tests/benchmarks/phone.py [--rounds 7] [--json]``; less than a minute. Between browser and server
stands a link of 400 kbit/s and 400 ms from end to end and back, which makes every connection wait for its handshake
too. Chromium is that of FORESIGHT_CHROMIUM, or the one of the system; what the browser does itself takes as long as on
this machine.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from statistics import median
from typing import Any, Final
from urllib.parse import urlsplit

from foresight._benchmarks.interface import CHROMIUM, FLAGS
from foresight._benchmarks.visitors import HOST
from playwright.async_api import Browser, async_playwright

#: Bytes a second, and seconds from one end to the other.
_RATE: Final = 400_000 / 8
_WAY: Final = 0.2

#: What of a piece is passed on at once.
_PIECE: Final = 1_460

_SCREEN: Final = {"width": 360, "height": 740}

#: What is measured: the address after that of the server, what of it can be used first, and the most seconds.
_FIRST: Final = {
    "a code can be typed": ("/join", "#code", 1.5),
    "come by the picture for cameras": ("/join?c={code}", ".places button", 1.5),
}
_LIMIT: Final = 100.0  # kB

#: Notes when something is there and has been painted, in milliseconds since the page was asked for.
_WATCH: Final = """
(what) => {
  window.firstAt = null;
  const look = () => {
    if (!document.querySelector(what)) return requestAnimationFrame(look);
    const channel = new MessageChannel();
    channel.port1.onmessage = () => { window.firstAt = performance.now(); };
    channel.port2.postMessage(0);
  };
  requestAnimationFrame(look);
}
"""


class Link:
    """One direction of a slow connection.

    Parameters
    ----------
    taken, given : asyncio.StreamReader, asyncio.StreamWriter
        Where bytes come from, and where they go.
    late : float
        Seconds by which all is later, for the handshake.
    """

    def __init__(self, taken: asyncio.StreamReader, given: asyncio.StreamWriter, late: float) -> None:
        self._taken, self._given = taken, given
        self._free = asyncio.get_running_loop().time() + late

    async def carry(self) -> None:
        """Carry all that comes until one end has gone."""
        loop = asyncio.get_running_loop()
        queue: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        giving = asyncio.create_task(self._give(queue))
        while piece := await self._taken.read(_PIECE):
            self._free = max(self._free, loop.time()) + len(piece) / _RATE
            queue.put_nowait((self._free + _WAY, piece))
        queue.put_nowait((loop.time() + _WAY, b""))
        await giving

    async def _give(self, queue: asyncio.Queue[tuple[float, bytes]]) -> None:
        while True:
            when, piece = await queue.get()
            await asyncio.sleep(when - asyncio.get_running_loop().time())
            if not piece:
                self._given.close()
                return
            self._given.write(piece)


@asynccontextmanager
async def slow(port: int) -> AsyncIterator[int]:
    """Stand before a port; yield the port of the slow link to it."""

    async def come(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner_reader, inner_writer = await asyncio.open_connection(HOST, port)
        ways = Link(reader, inner_writer, 2 * _WAY), Link(inner_reader, writer, 0)
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*(way.carry() for way in ways), return_exceptions=True)

    server = await asyncio.start_server(come, HOST, 0)
    yield server.sockets[0].getsockname()[1]
    server.close()


@asynccontextmanager
async def room(folder: str) -> AsyncIterator[dict[str, Any]]:
    """Open a room; yield what its command tells."""
    command = [sys.executable, "-m", "foresight", "--json", "room", "--port", "0", "--address", HOST]
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert process.stdout
        yield json.loads("".join(iter(process.stdout.readline, "}\n")) + "}")
    finally:
        process.terminate()
        process.wait()


async def measured(browser: Browser, address: str, what: str) -> tuple[float, float]:
    """Return after how many seconds something can be used, and how many kB the page has before it is packed."""
    context = await browser.new_context(viewport=_SCREEN, locale="ru", bypass_csp=True)  # type: ignore[arg-type]
    page = await context.new_page()
    await page.add_init_script(f"({_WATCH})({json.dumps(what)})")
    answer = await page.goto(address)
    assert answer
    await page.wait_for_function("window.firstAt !== null")
    seconds, size = await page.evaluate("window.firstAt / 1000"), len(await answer.body()) / 1000
    await context.close()
    return seconds, size


async def benched(rounds: int) -> dict[str, list[tuple[float, float]]]:
    """Measure; a first round warms up, and does not count."""
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in _FIRST}
    with tempfile.TemporaryDirectory() as folder:
        async with room(folder) as told, async_playwright() as playwright:
            port = urlsplit(told["url"]).port or 0
            async with slow(port) as link:
                flags = [*FLAGS, f"--host-resolver-rules=MAP localhost:{port} {HOST}:{link}"]
                browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
                for turn in range(rounds + 1):
                    for name, (path, what, _) in _FIRST.items():
                        address = f"http://localhost:{port}{path.format(code=told['rooms'][0]['code'])}"
                        one = await measured(browser, address, what)
                        if turn:
                            found[name].append(one)
                await browser.close()
    return found


def main() -> None:
    """Measure and print medians."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7, help="openings of each kind")
    parser.add_argument("--json", action="store_true", help="print every opening as JSON")
    given = parser.parse_args()
    load = os.getloadavg()[0]
    found = asyncio.run(benched(given.rounds))
    if given.json:
        print(json.dumps(found))
        return
    print(f"medians of {given.rounds} at 400 kbit/s and 400 ms there and back, load average before {load:.1f}")
    for name, all_of in found.items():
        print(f"{name:34} {median(seconds for seconds, _ in all_of):6.2f} s (at most {_FIRST[name][2]:g})")
    size = max(size for all_of in found.values() for _, size in all_of)
    print(f"{'the page, before it is packed':34} {size:6.1f} kB (at most {_LIMIT:g})")


if __name__ == "__main__":
    main()
