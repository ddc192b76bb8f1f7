"""What others notice while one visitor asks a server for all that it can.

Run as ``python tests/benchmarks/siege.py [--people 20] [--seconds 15]``; some minutes. People move and open pages; one
trouble after the other comes and goes again, with a calm time before each, so that both are measured side by side. No
trouble asks for more than the bounds allow, but for connections that never finish what they ask.
"""

import argparse
import asyncio
import os
import random
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import quantiles
from typing import Final

from foresight._benchmarks.visitors import (
    HIGH,
    HOST,
    LOW,
    LostError,
    Row,
    Server,
    Visitor,
    page_of,
    say,
    waits_of,
    warmed,
)
from foresight_ui.visit.shelf import SECONDS

from foresight.bounds import EVENTS, RUNS, STORYLINE, TITLE
from foresight.scenario.loading import shipped

#: Seconds between two things that one of the others does; every third is a page.
EVERY: Final = 2.0

#: How many times longer than in calm times nineteen of twenty waits may be.
MOVES, PAGES = 2.0, 4.0

#: The most memory, in MB.
CEILING: Final = 2_000

#: Milliseconds that a session outlives its connection, and seconds after which nothing of it may be left; what was
#: run is kept a while longer for who comes back.
LIFETIME: Final = 1_000
GONE: Final = 20.0

#: Seconds that the others wait for an answer.
PATIENCE: Final = 300.0

#: What is asked for.
FLOOD: Final = 200.0  # moves a second
EXPORTS: Final = 100
HALF_REQUESTS: Final = 300
REPLICATES: Final = 8

#: The scenario that files build on.
BASE: Final = "historical-pace"

Waits = Mapping[str, list[float]]


# The troubles --------------------------------------------------------------------------------------------------------


async def flood(visitor: Visitor, _server: Server) -> None:
    """Move without waiting for an answer."""
    own = random.Random(1)
    while True:
        await visitor.begin("solidarity", round(own.uniform(LOW, HIGH), 6), final=False)
        await asyncio.sleep(1 / FLOOD)


async def exports(visitor: Visitor, _server: Server) -> None:
    """Ask for the workbook again and again."""
    for _ in range(EXPORTS):
        await visitor.send(type="export", format="xlsx")


async def half_requests(_visitor: Visitor, server: Server) -> None:
    """Begin requests that never end."""
    doors = [await asyncio.open_connection(HOST, server.port) for _ in range(HALF_REQUESTS)]
    try:
        for _, writer in doors:
            writer.write(f"GET / HTTP/1.1\r\nHost: {server.address}\r\nAccept: ".encode())
        await asyncio.Event().wait()
    finally:
        for _, writer in doors:
            writer.close()


async def largest_file(visitor: Visitor, _server: Server) -> None:
    """Open the largest scenario, and move in it."""
    await visitor.send(type="upload", name="largest.toml", text=largest_scenario())
    own = random.Random(2)
    while True:
        await visitor.begin("solidarity", round(own.uniform(LOW, HIGH), 6), final=True)
        await asyncio.sleep(EVERY)


async def largest_experiment(visitor: Visitor, _server: Server) -> None:
    """Run the largest experiment."""
    await visitor.send(type="go", page="experiments")
    await visitor.send(type="experiment", act="upload", name="largest.toml", text=experiment())
    await visitor.send(type="experiment", act="run")


TROUBLES: Final[Mapping[str, Callable[[Visitor, Server], Awaitable[None]]]] = {
    "flood": flood,
    "exports": exports,
    "half requests": half_requests,
    "largest file": largest_file,
    "largest experiment": largest_experiment,
}


def largest_scenario() -> str:
    """Return a scenario with texts and events as long and as many as may be."""
    lines = ['id = "largest"', f'extends = "{BASE}"']
    for part, most in (("title", TITLE.most), ("storyline", STORYLINE.most)):
        lines += [f"[{part}]", *(f'{language} = "{"x" * most}"' for language in ("en", "zh"))]
    for number in range(EVENTS.most - len(shipped()[BASE].events)):
        lines += ["[[event]]", f'name = "{number}"', f"year = {2020 + number % 20}", f"trust = 0.00{number % 9 + 1}"]
    return "\n".join(lines)


def experiment() -> str:
    """Return an experiment of as many runs as may be."""
    lines = [
        'id = "largest"',
        f'scenarios = ["{BASE}"]',
        f"replicates = {REPLICATES}",
        'uncertainties = "all"',
        'outcomes = ["mean_delivered", "trust", "completed", "overdue_share", "baiji_heading"]',
        "years = [2040]",
        f'sampler = {{ method = "latin_hypercube", n = {RUNS.most // REPLICATES} }}',
    ]
    return "\n".join(lines)


# The others ----------------------------------------------------------------------------------------------------------


class Others:
    """People who go on with what they do."""

    def __init__(self) -> None:
        self.waits: Waits = defaultdict(list)  # of what is going on, moves and pages
        self.going_on = ""
        self._waiting: Counter[str] = Counter()

    async def person(self, visitor: Visitor, own: random.Random) -> None:
        """Move at a steady pace, and open a page now and then."""
        due, turn = time.perf_counter() + own.uniform(0, EVERY), own.randrange(3)
        while True:
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            turn += 1
            if turn % 3:
                value = round(own.uniform(LOW, HIGH), 6)
                await self._noted("moves", visitor.move("solidarity", value, final=True, patience=PATIENCE))
            else:
                await self._noted("pages", visitor.go("members", PATIENCE))
                await visitor.go("explore", PATIENCE)
            due = max(due + EVERY, time.perf_counter())

    async def newcomer(self, server: Server) -> None:
        """Ask for the page itself at a steady pace."""
        while True:
            await self._noted("pages", page_of(server, PATIENCE))
            await asyncio.sleep(EVERY / 4)

    async def answered(self) -> None:
        """Wait until all are answered who asked while this was going on."""
        before, self.going_on = self.going_on, ""
        while self._waiting[before]:
            await asyncio.sleep(0.1)

    async def _noted(self, what: str, asked: Awaitable[object]) -> None:
        """Note how long somebody waits, in what is going on when they begin."""
        start, before = time.perf_counter(), self.going_on
        self._waiting[before] += 1
        try:
            await asked
        finally:
            self._waiting[before] -= 1
        self.waits[f"{before}, {what}"].append(1000 * (time.perf_counter() - start))


@asynccontextmanager
async def others_at(server: Server, people: int) -> AsyncIterator[Others]:
    """Let people come, go on while something happens, and leave; LostError if one was lost."""
    others = Others()
    visitors = [await Visitor.come(server) for _ in range(people)]
    tasks = [asyncio.create_task(others.person(one, random.Random(k))) for k, one in enumerate(visitors)]
    tasks.append(asyncio.create_task(others.newcomer(server)))
    try:
        yield others
    finally:
        lost = [task.exception() for task in tasks if task.done()]
        await _ended(*tasks)
        for visitor in visitors:
            visitor.leave()
    if lost:
        raise LostError(str(lost))


async def besieged(people: int, seconds: float, troubles: Mapping[str, Callable[..., Awaitable[None]]]) -> list[Row]:
    """Measure calm and troubled times in turn, and what is left."""
    with (
        tempfile.TemporaryDirectory() as folder,
        tempfile.TemporaryFile() as log,
        Server(LIFETIME, temporary=Path(folder), log=log) as server,
    ):
        await warmed(server)
        await asyncio.sleep(GONE)
        before, peaks = server.files(), []
        memory = asyncio.create_task(_watched(server, peaks))
        async with others_at(server, people) as others:
            for name, trouble in troubles.items():
                others.going_on = "calm"
                await asyncio.sleep(seconds)
                await others.answered()
                others.going_on = name
                await _troubled(trouble, server, seconds)
                await others.answered()
        await _ended(memory)
        await asyncio.sleep(SECONDS + GONE)
        left = [path.name for path in Path(folder).iterdir()]
        return [
            *_compared(others.waits, troubles),
            Row("memory", "most", max(peaks), "MB", CEILING),
            Row("memory", "once all have gone", server.memory(), "MB"),
            Row("memory", "log", os.fstat(log.fileno()).st_size / 1000, "kB"),
            Row("left", "sessions", server.sessions(), limit=0),
            Row("left", "open files", server.files() - before, limit=0),
            Row("left", " ".join(["temporary files", *left]), len(left), limit=0),
        ]


async def _troubled(trouble: Callable[..., Awaitable[None]], server: Server, seconds: float) -> None:
    """Let somebody come, make trouble for a while, and leave."""
    visitor = await Visitor.come(server)
    tasks = [asyncio.ensure_future(trouble(visitor, server)), asyncio.ensure_future(visitor.listen())]
    await asyncio.sleep(seconds)
    await _ended(*tasks)
    visitor.leave()


async def _watched(server: Server, peaks: list[float]) -> None:
    while True:
        peaks.append(server.memory())
        await asyncio.sleep(0.2)


async def _ended(*tasks: "asyncio.Future[None]") -> None:
    """End tasks; a server that puts out who makes trouble is right to do so."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _compared(waits: Waits, troubles: Mapping[str, object]) -> Iterator[Row]:
    """Say how long the others waited in calm times, and how many times longer in each trouble."""
    for what, most in (("moves", MOVES), ("pages", PAGES)):
        calm = waits[f"calm, {what}"]
        yield from waits_of("calm", what, calm)
        for name in troubles:
            yield from waits_of(name, what, waits[f"{name}, {what}"])
            yield Row(name, f"{what}, 95 % against calm", _high(waits[f"{name}, {what}"]) / _high(calm), "times", most)


def _high(waits: list[float]) -> float:
    return quantiles(waits, n=20, method="inclusive")[-1]


def main() -> None:
    """Measure and print; exit 1 if something is above its limit."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("troubles", nargs="*", metavar="TROUBLE", help=f"{', '.join(TROUBLES)}; all by default")
    parser.add_argument("--people", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=15.0, help="of each calm time and of each trouble")
    parser.add_argument("--json", action="store_true", help="print JSON")
    given = parser.parse_args()
    if unknown := [name for name in given.troubles if name not in TROUBLES]:
        parser.error(f"{unknown[0]} is none of {', '.join(TROUBLES)}")
    load = Row("calm", "load average before", os.getloadavg()[0])
    chosen = {name: TROUBLES[name] for name in given.troubles or TROUBLES}
    say([load, *asyncio.run(besieged(given.people, given.seconds, chosen))], given.json)


if __name__ == "__main__":
    main()
