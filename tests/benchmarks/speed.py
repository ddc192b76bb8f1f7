"""How fast the engine is, side by side with plain Mesa and plain NumPy, in one sitting.

Machines are shared and noisy, so the methods take turns and what counts is the median of the ratios of a round;
seconds are given beside them.
"""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from statistics import median
from typing import Final, NamedTuple

from foresight._benchmarks import numpy_model

import foresight
from foresight.agents.model import ForesightModel
from foresight.engine import ensemble
from foresight.engine.inputs import Inputs
from foresight.facts.scopes import SCOPES, scope_masks
from foresight.results.outcomes import bands
from foresight.runs import DRAWN, Progress, Runs
from foresight.scenario.building import build

SCENARIO: Final = "historical-pace"
ROUNDS: Final = 7

#: Runs of one measurement: long enough to measure, short enough to take turns.
ENGINE_RUNS: Final = 1024
NUMPY_RUNS: Final = 200
MESA_RUNS: Final = 2

#: Run counts between which memory must not grow.
FEW_RUNS: Final = 2_048
MANY_RUNS: Final = 32_768

_START: Final = "import time; t = time.perf_counter(); import foresight; foresight.simulate('{}', replicates=1); \
print(time.perf_counter() - t)"
_PEAK: Final = "import foresight, resource; [None for _ in foresight.stream('{}', {})]; \
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"


class Row(NamedTuple):
    """One measured figure, and what is asked of it.

    Parameters
    ----------
    name, unit, goal : str
        Keys of the sections `bench`, `unit` and `bench_goal` of the text catalogue; no goal where nothing is asked.
    value : float
        What was measured.
    limit, aim : float
        What is asked for, and what would be better still.
    runs : int
        How many runs the figure is about.
    """

    name: str
    value: float
    unit: str
    goal: str = ""
    limit: float = 0
    aim: float = 0
    runs: int = 0


def measure(progress: Progress | None = None) -> list[Row]:
    """Measure everything; about two minutes on two cores.

    Parameters
    ----------
    progress : callable, optional
        Called with the rounds done and the rounds to do.
    """
    inputs = build(foresight.load_scenario(SCENARIO))
    foresight.simulate(SCENARIO, replicates=1)
    rounds = []
    for done in range(ROUNDS):
        rounds.append([rate(task) for task in _rates(inputs)])
        if progress is not None:
            progress(done + 1, ROUNDS)
    return [*_rows(rounds), *_waiting(), *_starting(), *_memory()]


def rate(task: tuple[int, Callable[[], object]]) -> float:
    """Return the runs a second of one measurement."""
    runs, call = task
    start = time.perf_counter()
    call()
    return runs / (time.perf_counter() - start)


def _rates(inputs: Inputs) -> Iterator[tuple[int, Callable[[], object]]]:
    """Give the methods in turn: engine on one core, on two, NumPy, Mesa."""
    yield ENGINE_RUNS, lambda: _simulate(inputs, 1)
    yield ENGINE_RUNS, lambda: _simulate(inputs, 2)
    yield NUMPY_RUNS, lambda: numpy_model.simulate(inputs, 1, range(NUMPY_RUNS))
    yield MESA_RUNS, lambda: [ForesightModel(inputs, seed=1, replicate=r).run_model() for r in range(MESA_RUNS)]


def _simulate(inputs: Inputs, threads: int) -> None:
    """Simulate and keep the series of all scopes, as every batch of runs does."""
    tally = ensemble.new_tally(inputs, scope_masks(SCOPES, foresight.load_scenario(SCENARIO).members()), ENGINE_RUNS)
    runs = Runs(DRAWN, 1, range(ENGINE_RUNS))
    for _ in ensemble.simulate_blocks(inputs, runs, tally=tally, threads=threads):
        pass


def _rows(rounds: list[list[float]]) -> list[Row]:
    """Turn the rates of all rounds into medians and medians of ratios."""
    names = ("engine_one", "engine_two", "numpy", "mesa")
    speeds = (median(values) for values in zip(*rounds, strict=True))
    against_mesa = median(one / mesa for one, _, _, mesa in rounds)
    against_numpy = median(one / plain for one, _, plain, _ in rounds)
    against_one = median(two / one for one, two, _, _ in rounds)
    return [
        *(Row(name, speed, "runs_per_second") for name, speed in zip(names, speeds, strict=True)),
        Row("against_mesa", against_mesa, "multiple", "at_least", 300, 600),
        Row("against_numpy", against_numpy, "multiple", "at_least", 12, 20),
        Row("against_one", against_one, "multiple", "at_least_only", 1.6),
    ]


def _waiting() -> Iterator[Row]:
    """Measure what a user of the interface waits for: runs and all bands of region, subregions and groups."""
    for runs, limit, aim in ((200, 100, 40), (1000, 250, 120)):
        times = []
        for _ in range(ROUNDS):
            start = time.perf_counter()
            bands(foresight.simulate(SCENARIO, replicates=runs, keep="summary").summary)
            times.append(time.perf_counter() - start)
        yield Row("waiting", 1000 * median(times), "milliseconds", "at_most", limit, aim, runs)


def _starting() -> Iterator[Row]:
    """Measure a fresh process: import and first call, with the compiled engine in its cache."""
    times = [_printed(_START.format(SCENARIO)) for _ in range(3)]
    yield Row("starting", median(times), "seconds", "at_most", 2, 1)


def _memory() -> Iterator[Row]:
    """Measure how much the peak memory of a fresh process grows with the number of runs."""
    few, many = (_printed(_PEAK.format(SCENARIO, runs)) for runs in (FEW_RUNS, MANY_RUNS))
    yield Row("memory", few, "megabytes", runs=FEW_RUNS)
    yield Row("memory", many, "megabytes", "no_more", runs=MANY_RUNS)


def _printed(program: str) -> float:
    """Run a program in a fresh process and return the number it prints."""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return float(done.stdout)
