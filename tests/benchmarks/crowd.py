"""How many answers a second a server gives to a crowd, and what each costs it, beside another build.

Run as ``python tests/benchmarks/crowd.py [--against FOLDER] [--people 60] [--every 2] [--seconds 30] [--rounds 2]``.
FOLDER is a checkout with its virtual environment in ``.venv``; the builds take turns, each with a fresh server. Nobody
has a browser. What an answer costs in time of a processor hardly hangs on what else the machine does, unlike the waits.
"""

import argparse
import asyncio
import os
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Final, NamedTuple

from foresight._benchmarks.visitors import HIGH, LOW, Row, Server, Visitor, say, waits_of, warmed

#: Who opens the page at once.
AT_ONCE: Final = 4

ACTION: Final = "solidarity"


class Crowd(NamedTuple):
    """How people move: how many, how many seconds apart (0 for as soon as they are answered), for how long."""

    people: int
    every: float
    seconds: float


class Met(NamedTuple):
    """How a crowd was met."""

    waits: list[float]
    lost: list[str]
    seconds: float
    processor: float  # milliseconds
    memory: float


async def met(crowd: Crowd, folder: Path | None, chance: random.Random) -> Met:
    """Let a crowd come to a fresh server and move."""
    with Server(folder=folder) as server:
        await warmed(server)
        visitors = await _come(server, crowd.people)
        waits: list[float] = []
        seeds = [chance.random() for _ in visitors]
        start, before = time.perf_counter(), server.processor()
        people = (_move(one, crowd, random.Random(seed), waits) for one, seed in zip(visitors, seeds, strict=True))
        ended = await asyncio.gather(*people, return_exceptions=True)
        spent, seconds = server.processor() - before, time.perf_counter() - start
        return Met(waits, [repr(one) for one in ended if one], seconds, spent, server.memory())


async def _come(server: Server, people: int) -> list[Visitor]:
    door = asyncio.Semaphore(AT_ONCE)

    async def come() -> Visitor:
        async with door:
            return await Visitor.come(server)

    return await asyncio.gather(*(come() for _ in range(people)))


async def _move(visitor: Visitor, crowd: Crowd, own: random.Random, waits: list[float]) -> None:
    """Move a slider to where it has not been, at a steady pace that begins at a moment of one's own."""
    end = time.perf_counter() + crowd.seconds
    due = end - crowd.seconds + own.uniform(0, crowd.every)
    while due < end:
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        waits.append(await visitor.move(ACTION, round(own.uniform(LOW, HIGH), 6), final=True))
        due = max(due + crowd.every, time.perf_counter())


def rows(name: str, rounds: Sequence[Met]) -> Iterator[Row]:
    """Say how a build met its crowds."""
    waits = [wait for one in rounds for wait in one.waits]
    yield from waits_of(name, "answers", waits)
    yield Row(name, "answers a second", median(len(one.waits) / one.seconds for one in rounds))
    yield Row(name, "processor an answer", median(_cost(one) for one in rounds), "ms")
    yield Row(name, "memory", max(one.memory for one in rounds), "MB")
    lost = [why for one in rounds for why in one.lost]
    yield Row(name, " ".join(["sessions lost", *sorted(set(lost))]), len(lost), limit=0)


def _cost(one: Met) -> float:
    return one.processor / len(one.waits)


def main() -> None:
    """Measure and print; exit 1 if a session was lost."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--against", type=Path, metavar="FOLDER", help="another build")
    parser.add_argument("--people", type=int, default=60)
    parser.add_argument(
        "--every", type=float, default=2.0, help="seconds between moves; 0 as soon as they are answered"
    )
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--json", action="store_true", help="print JSON")
    given = parser.parse_args()
    crowd, chance = Crowd(given.people, given.every, given.seconds), random.Random()
    builds = {"this": None, **({"other": given.against} if given.against else {})}
    taken: dict[str, list[Met]] = {name: [] for name in builds}
    load = os.getloadavg()[0]
    for done in range(given.rounds):
        for name in list(builds)[:: 1 if done % 2 else -1]:
            taken[name].append(asyncio.run(met(crowd, builds[name], chance)))
    found = [row for name, some in taken.items() for row in rows(name, some)]
    if given.against:
        times = median(map(_cost, taken["other"])) / median(map(_cost, taken["this"]))
        found.append(Row("both", "answers for the same processor", times, "times"))
    say([Row("both", "load average before", load), *found], given.json)


if __name__ == "__main__":
    main()
