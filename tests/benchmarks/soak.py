"""Whether the memory of a server stays as it is while one visitor goes on and on, with experiments.

Run as ``python tests/benchmarks/soak.py [--minutes 60]``.
"""

import argparse
import asyncio
import random
import time
from typing import Final

from foresight._benchmarks.visitors import HIGH, LOW, Row, Server, Visitor, say, waits_of, warmed

#: Seconds between moves, and between experiments, which are of the size that is ready.
EVERY: Final = 0.5
EXPERIMENT: Final = 60.0

#: Seconds between looks at the memory.
LOOK: Final = 5.0

#: How many looks there must be, of which the first and the last fifth are compared.
LEAST: Final = 10

#: Growth of the memory in per cent.
GROWTH: Final = 5.0


async def soaked(minutes: float) -> list[Row]:
    """Go on for some minutes."""
    own, waits, looks = random.Random(), list[float](), list[float]()
    with Server() as server:
        await warmed(server)
        visitor = await Visitor.come(server)
        watch = asyncio.create_task(_watched(server, looks))
        end, experiment = time.perf_counter() + 60 * minutes, time.perf_counter()
        while time.perf_counter() < end:
            if time.perf_counter() >= experiment:
                await _experimented(visitor)
                experiment += EXPERIMENT
            waits.append(await visitor.move("solidarity", round(own.uniform(LOW, HIGH), 6), final=True))
            await asyncio.sleep(EVERY)
        visitor.leave()
        watch.cancel()
    fifth = max(len(looks) // 5, 1)
    first, last = max(looks[:fifth]), max(looks[-fifth:])
    return [
        *waits_of("soak", "moves", waits),
        *(Row("soak", f"memory, {k * LOOK / 60:.1f} min", looks[k], "MB") for k in range(0, len(looks), fifth)),
        Row("soak", "growth, last fifth against first", 100 * (last / first - 1), "%", GROWTH),
    ]


async def _experimented(visitor: Visitor) -> None:
    """Run an experiment anew unless one is under way, and go on with moves meanwhile."""
    await visitor.go("experiments")
    await visitor.send(type="experiment", act="run")
    await visitor.go("explore")


async def _watched(server: Server, looks: list[float]) -> None:
    while True:
        await asyncio.sleep(LOOK)
        looks.append(server.memory())


def main() -> None:
    """Measure and print; exit 1 if memory grows."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--json", action="store_true", help="print JSON")
    given = parser.parse_args()
    if given.minutes * 60 < LEAST * LOOK:
        parser.error(f"--minutes: at least {LEAST * LOOK / 60:.1f}")
    say(asyncio.run(soaked(given.minutes)), given.json)


if __name__ == "__main__":
    main()
