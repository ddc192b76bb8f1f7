"""How fast the program is, side by side with plain Mesa, plain NumPy and, if asked, another build, in one sitting.

Machines are shared and noisy, so all that is compared takes turns, and what counts is the median of the ratios of a
round. Work of one core is measured in processor seconds, what people wait for on the clock; the load of the machine
stands beside it.
"""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from foresight._benchmarks.driver import Build, Taken, in_turn, started
from foresight._benchmarks.figures import Figure, Row, multiple

from foresight.facts.members import member_table
from foresight.folders import temporary_folder
from foresight.runs import Progress

ROUNDS: Final = 7

#: Run counts between which memory must not grow.
FEW_RUNS: Final = 2_048
MANY_RUNS: Final = 32_768

#: Measured of this build alone.
YARDSTICKS: Final = (
    Figure("numpy", "numpy", "runs_per_second", "cpu"),
    Figure("mesa", "mesa", "runs_per_second", "cpu"),
)


def measure(progress: Progress | None = None, *, quick: bool = False, against: Path | None = None) -> list[Row]:
    """Measure everything; about five minutes on two cores, and three times as long against another build.

    Parameters
    ----------
    progress : callable, optional
        Called with the rounds done and the rounds to do.
    quick : bool
        Whether to make do with smaller batches.
    against : Path, optional
        A checkout of another build, which takes turns with this one.
    """
    figures = [*_engine(), *_waiting(), *_batches(10_000 if quick else 100_000), *_tables(1_000 if quick else 20_000)]
    asked, own = [figure.ask for figure in figures], [figure.ask for figure in YARDSTICKS]
    load = os.getloadavg()[0]
    with temporary_folder() as folder:
        checkouts = [None, against] if against else [None]
        builds = [Build(checkout, folder / str(at)) for at, checkout in enumerate(checkouts)]
        first = started(builds, ROUNDS)
        taken = [one | two for one, two in zip(first, in_turn(builds, asked, own, ROUNDS, progress), strict=True)]
        peaks = [*_memory(builds)]
    how = [Row("rounds", ROUNDS, "rounds"), Row("load", max(load, os.getloadavg()[0]), "processes")]
    rows = (figure.row(*taken) for figure in (*YARDSTICKS, *_starting(), *figures))
    return [*how, *_multiples(taken[0]), *(row for row in rows if row), *peaks]


def _engine() -> Iterator[Figure]:
    """Give what the engine does in a second."""
    yield Figure("ten 1", "engine_one", "runs_per_second", "cpu")
    yield Figure("nothing", "engine_none", "runs_per_second", "cpu")
    yield Figure("ten 2", "engine_two", "runs_per_second", "wall")


def _waiting() -> Iterator[Figure]:
    """Give what a user of the interface waits for."""
    goal: dict[str, Any] = {"unit": "milliseconds", "clock": "wall", "goal": "at_most"}
    yield Figure("screen uncertainties.delivery_rate", "screen", limit=100, aim=40, runs=200, **goal)
    yield Figure("screen levers.linking", "lever", limit=100, aim=25, runs=200, **goal)
    yield Figure("bands 200", "waiting", limit=100, aim=40, runs=200, **goal)
    yield Figure("bands 1000", "waiting", limit=250, aim=120, runs=1000, **goal)


def _starting() -> Iterator[Figure]:
    """Give what a fresh process takes."""
    yield Figure("first", "starting", "processor_seconds", "cpu", "at_most", 0.9, 0.7)
    yield Figure("cold", "compiling", "processor_seconds", "cpu", "at_most_only", 25)


def _batches(runs: int) -> Iterator[Figure]:
    """Give what batches of runs take."""
    yield Figure(f"store {runs}", "store", "seconds", "wall", runs=runs)
    yield Figure("ema one", "ema_one", "experiments_per_second", "wall")
    yield Figure("ema fast", "ema_blocks", "experiments_per_second", "wall")


def _tables(most: int) -> Iterator[Figure]:
    """Give what a run costs, by members, replicates and scopes: what should grow with them, or not at all."""
    cost: dict[str, Any] = {"unit": "microseconds_a_run", "clock": "cpu"}
    for copies in (1, 2, 10):
        yield Figure(f"members {copies}", "members", runs=copies * len(member_table()), **cost)
    for runs in (1, 10, 50, 100, 200, 1_000, 5_000, 20_000):
        if runs <= most:
            yield Figure(f"replicates {runs}", "replicates", runs=runs, **cost)
    for scopes in (0, 1, 5, 10, 20, 40):
        yield Figure(f"scopes {scopes}", "scopes", runs=scopes, **cost)


def _multiples(taken: Taken) -> Iterator[Row]:
    """Yield how many times as fast this build is as its yardsticks."""
    yield from multiple("against_mesa", "ten 1", "mesa", "cpu", taken, goal="at_least", limit=300, aim=600)
    yield from multiple("against_numpy", "ten 1", "numpy", "cpu", taken, goal="at_least", limit=12, aim=20)
    yield from multiple("against_one", "ten 2", "ten 1", "wall", taken, goal="at_least_only", limit=1.6)
    yield from multiple("against_ema", "ema fast", "ema one", "wall", taken, goal="at_least", limit=20, aim=40)


def _memory(builds: Sequence[Build]) -> Iterator[Row]:
    """Measure how much the peak memory of a fresh process grows with the number of runs."""
    for runs, goal in ((FEW_RUNS, ""), (MANY_RUNS, "no_more")):
        own, *others = (build.fresh(f"stream {runs}").peak for build in builds)
        before = others[0] if others else None
        yield Row("memory", own, "megabytes", goal, runs=runs, before=before, ratio=before and before / own)
