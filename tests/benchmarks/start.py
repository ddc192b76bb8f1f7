"""How soon the interface is there after its command with an empty cache, and what it costs to fetch.

Run as ``python tests/benchmarks/start.py [--against FOLDER] [--rounds 7] [--json]``; a minute or more. Given the
folder of another build with a virtual environment of its own, both take turns. Chromium is that of FORESIGHT_CHROMIUM,
or the one of the system; it runs already when the command is given.
"""

import argparse
import asyncio
import json
import os
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from typing import Any, Final

from foresight._benchmarks.interface import SCREEN, chromium
from foresight._benchmarks.visitors import HOST
from playwright.async_api import Browser, Page

#: What is measured: its unit, and what is asked of it.
FIGURES: Final[Mapping[str, tuple[str, float]]] = {
    "terminal speaks": ("s", 1.0),
    "port answers": ("s", 2.0),
    "useful picture": ("s", 4.0),
    "over the wire": ("kB", 1000.0),
    "requests": ("", 0.0),
}

#: The first picture is there once all lines of the charts that are seen are, and has been painted.
_DRAWN: Final = """
() => {
  const seen = (one) => one.closest("[data-chart]").getClientRects().length;
  const lines = [...document.querySelectorAll("[data-chart] path.median")].filter(seen);
  return lines.length > 0 && lines.every((line) => line.getAttribute("d"));
}
"""

#: Seconds between looks whether the port answers, and for which a start may take.
_LOOK: Final = 0.02
_PATIENCE: Final = 900.0


class Start:
    """A command that has just been given.

    Parameters
    ----------
    folder : Path
        Of the build.
    cache : str
        An empty folder.
    """

    def __init__(self, folder: Path, cache: str) -> None:
        with socket.create_server((HOST, 0)) as free:
            self.port = free.getsockname()[1]
        command = [str(folder / ".venv" / "bin" / "foresight"), "ui", "--port", str(self.port)]
        own = {**os.environ, "FORESIGHT_CACHE": cache, "PYTHONUNBUFFERED": "1"}
        self._begun = time.monotonic()
        self._process = subprocess.Popen(
            command, cwd=cache, env=own, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL
        )
        self.spoke = float("nan")
        self._ear = threading.Thread(target=self._listen, daemon=True)
        self._ear.start()

    @property
    def seconds(self) -> float:
        """Seconds since the command."""
        return time.monotonic() - self._begun

    def _listen(self) -> None:
        assert self._process.stdout
        for _ in self._process.stdout:
            if self.spoke != self.spoke:
                self.spoke = self.seconds

    async def answers(self) -> float:
        """Return after how many seconds the page is answered with."""
        while self.seconds < _PATIENCE:
            try:
                reader, writer = await asyncio.open_connection(HOST, self.port)
            except OSError:
                await asyncio.sleep(_LOOK)
                continue
            writer.write(f"GET / HTTP/1.1\r\nHost: {HOST}:{self.port}\r\nConnection: close\r\n\r\n".encode())
            first = await reader.readline()
            writer.close()
            if b" 200 " in first:
                return self.seconds
        raise TimeoutError

    def stop(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.wait()
        self._ear.join()


class Weight:
    """What a page fetches, as it comes over the wire: headers, compressed bodies, and messages of the session."""

    def __init__(self) -> None:
        self.bytes, self.requests = 0, 0

    async def watch(self, page: Page) -> None:
        """Count from now on."""
        tools = await page.context.new_cdp_session(page)
        tools.on("Network.loadingFinished", self._fetched)
        tools.on("Network.webSocketFrameReceived", self._heard)
        await tools.send("Network.enable")

    def _fetched(self, event: Mapping[str, Any]) -> None:
        if event["encodedDataLength"]:  # modules that Panel makes in the page itself have none
            self.bytes += int(event["encodedDataLength"])
            self.requests += 1

    def _heard(self, event: Mapping[str, Any]) -> None:
        self.bytes += len(event["response"]["payloadData"].encode())


async def measured(browser: Browser, folder: Path) -> dict[str, float]:
    """Start a build with an empty cache, and look at it."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as cache:
        context = await browser.new_context(viewport=SCREEN, locale="en", bypass_csp=True)  # type: ignore[arg-type]
        page, weight = await context.new_page(), Weight()
        await weight.watch(page)
        start = Start(folder, cache)
        try:
            answered = await start.answers()
            await page.goto(f"http://{HOST}:{start.port}/")
            await page.wait_for_function(_DRAWN, timeout=1000 * _PATIENCE)
            drawn = start.seconds
        finally:
            start.stop()
            await context.close()
    taken = (start.spoke, answered, drawn, weight.bytes / 1000, weight.requests)
    return dict(zip(FIGURES, taken, strict=True))


async def alternated(builds: list[Path], rounds: int) -> list[list[dict[str, float]]]:
    """Measure builds by turns; a first round warms files and browser, and does not count."""
    taken: list[list[dict[str, float]]] = [[] for _ in builds]
    async with chromium() as browser:
        for turn in range(rounds + 1):
            for build, folder in enumerate(builds):
                one = await measured(browser, folder)
                if turn:
                    taken[build].append(one)
    return taken


def main() -> None:
    """Measure and print medians."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--against", type=Path, help="folder of another build")
    parser.add_argument("--rounds", type=int, default=7, help="starts of each build")
    parser.add_argument("--json", action="store_true", help="print every start as JSON")
    given = parser.parse_args()
    builds = [Path(__file__).parents[2], *([given.against.resolve()] if given.against else [])]
    load = os.getloadavg()[0]
    taken = asyncio.run(alternated(builds, given.rounds))
    if given.json:
        print(json.dumps(taken))
        return
    print(f"medians of {given.rounds}, load average before {load:.1f}")
    for name, (unit, limit) in FIGURES.items():
        values = [f"{median(one[name] for one in starts):9.2f}" for starts in taken]
        print(f"{name:16}", *values, unit, f"(at most {limit:g})" if limit else "")


if __name__ == "__main__":
    main()
