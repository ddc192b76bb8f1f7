"""How fast a room is with many phones, whether anything is lost, and what others notice of a flood.

Run as ``python tests/benchmarks/room.py [--phones 100] [--json]``; about three minutes. Server and phones share the
machine. Nobody has a browser, so what a phone takes to draw is not in the figures.
"""

import argparse
import asyncio
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import quantiles
from typing import Final

from foresight._benchmarks.phones import Desk, Phone, Server
from foresight._benchmarks.visitors import Row, say, waits_of

SEATS: Final = ("ENEA", "NCA", "Pacific", "SSWA", "SEA", "partners", "secretariat")

#: What is asked of a hundred phones: seconds until all have joined, milliseconds from a vote to the desk and until what
#: a phase brought is on all phones, and how many times longer than in calm times others wait in a flood.
JOINED: Final = 30.0
AGGREGATE: Final = 300.0
REVEALED: Final = 1_000.0
FLOODED: Final = 2.0

#: Seconds of a vote, of calm and of a flood, and for which connections are cut.
VOTING: Final = 10.0
CALM: Final = 10.0
CUT: Final = 30.0

#: What a phone can pour out, in a process of its own.
FLOODS: Final = ("words", "pages")
TORRENT: Final = Path(__file__).with_name("torrent.py")


@asynccontextmanager
async def session(folder: str, count: int) -> AsyncIterator[tuple[Server, Desk, list[Phone]]]:
    """Give a server with a desk and phones that have nowhere to sit yet."""
    with Server(Path(folder, "one.room")) as server:
        desk, phones = Desk(server).begin(), [Phone(server) for _ in range(count)]
        await desk.until(bool)
        try:
            yield server, desk, phones
        finally:
            for one in (desk, *phones):
                await one.leave()


async def joined(phones: Sequence[Phone]) -> float:
    """Let all come at once and sit down; return the seconds until the last does."""
    start = time.perf_counter()

    async def come(at: int, phone: Phone) -> None:
        await phone.begin().until(bool)
        await phone.until_heard(await phone.say("describe", delegation=SEATS[at % len(SEATS)]))

    await asyncio.gather(*(come(at, phone) for at, phone in enumerate(phones)))
    return time.perf_counter() - start


async def proposed(phone: Phone, own: random.Random) -> tuple[float, tuple[int, ...], int]:
    """Propose something; return when, what, and its mark."""
    points = tuple(own.choice((0, 1)) if lever["free"] else 0 for lever in phone.view["hand"]["levers"])
    start = time.perf_counter()
    return start, points, await phone.say("propose", points=points, reason="because it is due")


async def voted(desk: Desk, phones: Sequence[Phone], seconds: float) -> tuple[list[float], list[float]]:
    """Let each vote once; return the milliseconds until each is heard, and until the desk sees it."""

    async def vote(at: int, phone: Phone) -> tuple[float, float]:
        own = random.Random(at)
        await asyncio.sleep(own.uniform(0, seconds))
        start, points, mark = await proposed(phone, own)
        heard = await phone.until_heard(mark)
        entry = phone.person, points
        await desk.until(lambda _: entry in desk.entries)
        return 1000 * (heard - start), 1000 * (desk.entries[entry] - start)

    waits = await asyncio.gather(*(vote(at, phone) for at, phone in enumerate(phones)))
    return [heard for heard, _ in waits], [seen for _, seen in waits]


async def revealed(desk: Desk, phones: Sequence[Phone]) -> float:
    """Reveal a phase; return the milliseconds until the last phone shows what it brought."""
    await desk.do("lock", locked=True)
    await desk.do("deal", card="crisis")
    start = time.perf_counter()
    await desk.do("reveal")
    await asyncio.gather(*(phone.until(lambda view: view["result"] and view["seen"]) for phone in phones))
    return 1000 * (time.perf_counter() - start)


async def lost(server: Server, desk: Desk, phones: Sequence[Phone]) -> tuple[int, int, int]:
    """Cut half of the connections for a while and kill the server twice; return votes heard, rows, and votes lost."""
    before = [row for row in await desk.rows() if row["kind"] == "proposal"]
    cuts = [asyncio.create_task(phone.cut_for(CUT)) for phone in phones[::2]]
    marks: list[tuple[Phone, int]] = []
    own = random.Random(1)
    for _ in range(3):
        marks += [(phone, (await proposed(phone, own))[2]) for phone in phones]
        server.kill()
        await asyncio.to_thread(server.start)
    await asyncio.gather(*cuts, *(phone.until_heard(mark) for phone, mark in marks))
    rows = [row for row in await desk.rows() if row["kind"] == "proposal"]
    return len(marks), len(rows) - len(before), len(marks) + len(before) - len(rows)


async def heard(phones: Sequence[Phone], seconds: float) -> list[float]:
    """Let all vote about once a second for a while; return the milliseconds until each vote is heard."""
    waits: list[float] = []
    end = time.perf_counter() + seconds

    async def go_on(at: int, phone: Phone) -> None:
        own = random.Random(at)
        while time.perf_counter() < end:
            await asyncio.sleep(own.uniform(0.5, 1.5))
            start, _, mark = await proposed(phone, own)
            waits.append(1000 * (await phone.until_heard(mark) - start))

    await asyncio.gather(*(go_on(at, phone) for at, phone in enumerate(phones)))
    return waits


async def besieged(server: Server, phones: Sequence[Phone]) -> dict[str, list[float]]:
    """Return the waits of others in calm times, and while one phone says, or asks for pages, as much as it can."""
    bad, *others = phones
    await bad.leave()
    waits = {"calm": await heard(others, CALM)}
    for kind in FLOODS:
        words = [kind, str(server.port), server.room["code"], bad.token]
        flood = subprocess.Popen([sys.executable, TORRENT, *words])
        try:
            waits[kind] = await heard(others, CALM)
        finally:
            flood.terminate()
            flood.wait()
    return waits


async def measured(count: int) -> list[Row]:
    """Measure a room of so many phones."""
    part, asked = f"{count} phones", count <= 100
    with tempfile.TemporaryDirectory() as folder:
        async with session(folder, count) as (server, desk, phones):
            rows = [Row(part, "all joined", await joined(phones), "s", JOINED if asked else None)]
            await desk.do("stage", stage="round")
            await desk.do("ask", open=True)
            await phones[-1].until(lambda view: view["asking"])
            told, seen = await voted(desk, phones, VOTING)
            rows += [*waits_of(part, "vote to heard", told), *limited(waits_of(part, "vote to desk", seen), asked)]
            shown = await revealed(desk, phones)
            rows.append(Row(part, "reveal on all phones", shown, "ms", REVEALED if asked else None))
            await desk.do("stage", stage="round")
            await desk.do("ask", open=True)
            await phones[-1].until(lambda view: view["asking"])
            votes, written, missing = await lost(server, desk, phones)
            rows += [Row(part, "votes over cuts and kills", votes), Row(part, "rows of them", written)]
            rows.append(Row(part, "votes lost", missing, limit=0))
            rows += list(siege(part, await besieged(server, phones)))
    return rows


def limited(rows: list[Row], asked: bool) -> list[Row]:
    """Ask something of the last of some figures."""
    return [*rows[:-1], rows[-1]._replace(limit=AGGREGATE if asked else None)]


def siege(part: str, waits: dict[str, list[float]]) -> Iterator[Row]:
    """Say what others notice of a flood."""
    high = {kind: quantiles(some, n=20, method="inclusive")[-1] for kind, some in waits.items()}
    for kind, value in high.items():
        yield Row(part, f"vote to heard, {kind}, 95 %", value, "ms")
    for kind in FLOODS:
        yield Row(part, f"times longer in a flood of {kind}", high[kind] / high["calm"], "", FLOODED)


def main() -> None:
    """Measure and print; exit 1 if a figure is above its limit."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--phones", type=int, nargs="+", default=[100, 500])
    parser.add_argument("--json", action="store_true", help="print JSON")
    given = parser.parse_args()
    load = os.getloadavg()[0]
    rows = [row for count in given.phones for row in asyncio.run(measured(count))]
    say([Row("machine", "load average before", load), *rows], given.json)


if __name__ == "__main__":
    main()
