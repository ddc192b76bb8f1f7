"""How fast and how large batches of runs are: the store, the runner, a cluster, and what people use today.

Run as ``python tests/benchmarks/batch.py [--json] [PART ...]``; about ten minutes for all. Each measurement has a
process of its own, so that memory is its own too. Machines are shared and noisy: ratios are of one sitting, medians of
rounds that take turns; the load average stands beside the figures.
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any, Final, NamedTuple

import mesa
import numpy as np

from foresight import ForesightModel, load_scenario
from foresight.engine.ensemble import cores, new_tally, simulate_blocks
from foresight.experiments.cluster import cluster_workers
from foresight.experiments.ema import ema_model
from foresight.experiments.experiment import Experiment
from foresight.experiments.journal import read_journal
from foresight.experiments.store import LOG, Store, open_store
from foresight.experiments.sweep import Workers, local_workers, sweep
from foresight.extras import extra
from foresight.facts.parameters import uncertainties
from foresight.facts.scopes import scope_masks
from foresight.runs import Runs
from foresight.scenario.building import build
from foresight.scenario.factors import factors

SCENARIO: Final = "historical-pace"
ROUNDS: Final = 5

#: Every uncertainty that a design of 25 varies: those that act without bodies as circles, as in the default.
VARIED: Final = tuple(name for name in uncertainties() if name in factors() and name != "body_weight")[:25]

RUNS: Final = 100_000
MANY: Final = 1_000_000
MESA_RUNS: Final = 6
EMA_RUNS: Final = 100


class Row(NamedTuple):
    """One measured figure, and the most or the least it may be where something is asked."""

    part: str
    name: str
    value: float
    unit: str = ""
    most: float | None = None
    least: float | None = None

    @property
    def missed(self) -> bool:
        """Whether it is not what is asked."""
        above = self.most is not None and self.value > self.most
        return above or (self.least is not None and self.value < self.least)


# What is run -----------------------------------------------------------------------------------------------------


def replicated(runs: int) -> Experiment:
    """Return an experiment of one point: 24 years and 20 series of many replicates."""
    return _experiment(runs, {"delivery_rate": True}, {"method": "latin_hypercube", "n": 1})


def designed(base: int) -> Experiment:
    """Return a full Saltelli design of 25 parameters."""
    return _experiment(1, dict.fromkeys(VARIED, True), {"method": "saltelli", "n": base})


def sampled(points: int, replicates: int) -> Experiment:
    """Return a Latin hypercube over everything that varies."""
    return _experiment(replicates, dict.fromkeys(VARIED, True), {"method": "latin_hypercube", "n": points})


def _experiment(replicates: int, drawn: Mapping[str, Any], sampler: Mapping[str, Any]) -> Experiment:
    given = {"id": "bench", "scenarios": [SCENARIO], "replicates": replicates}
    return Experiment.model_validate({**given, "uncertainties": drawn, "sampler": sampler})


@contextmanager
def folder() -> Iterator[Path]:
    """Give a folder for a store."""
    with tempfile.TemporaryDirectory() as name:
        yield Path(name, "store")


def swept(experiment: Experiment, path: Path, workers: Workers | None = None) -> tuple[Store, float]:
    """Sweep and return the store, and the seconds from the experiment to the finished store."""
    shutil.rmtree(path, ignore_errors=True)
    started = time.perf_counter()
    store = sweep(experiment, path, workers=workers)
    return store, time.perf_counter() - started


def peak() -> float:
    """Return the most memory this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


# The parts -------------------------------------------------------------------------------------------------------


def hundred() -> Iterator[Row]:
    """Sweep 100,000 runs, of one point and of a design."""
    with folder() as path:
        warm_up(path)
        for name, experiment in (("24 years, 20 series", replicated(RUNS)), ("Saltelli, 25 factors", designed(4096))):
            store, seconds = swept(experiment, path)
            yield Row("hundred", f"{store.runs:,} runs, {name}", seconds, "s", most=30)
        yield Row("hundred", "peak memory", peak(), "MB")


def million() -> Iterator[Row]:
    """Sweep a million runs, 24 years and 20 series, and ask the store a question."""
    with folder() as path:
        store, seconds = swept(sampled(MANY // 20, 20), path)
        yield Row("million", f"{store.runs:,} runs", seconds, "s")
        yield Row("million", "size", sum(part["bytes"] for part in store.finished.values()) / 1e6, "MB")
        yield Row("million", "peak memory of the sweep", peak(), "MB", most=1024)
        again = open_store(path)
        started = time.perf_counter()
        found = again.table(["mean_delivered", "trust"], years=[2040], where="delivery_rate > 0.5")
        yield Row("million", f"query of {len(found):,} rows", time.perf_counter() - started, "s", most=2)
        yield Row("million", "peak memory with the query", peak(), "MB", most=1024)


def overhead() -> Iterator[Row]:
    """Compare the runner with the bare engine, on one worker each, taking turns."""
    experiment = sampled(1024, 16)
    with folder() as path:
        warm_up(path)
        ratios = []
        for _ in range(ROUNDS):
            _, ours = swept(experiment, path, local_workers(1))
            ratios.append(ours / bare(experiment))
        yield Row("overhead", "runner over the bare engine", 100 * (median(ratios) - 1), "%", most=20)


def bare(experiment: Experiment) -> float:
    """Return the seconds that the engine alone takes for all runs of an experiment, series of the region kept."""
    scenario = load_scenario(SCENARIO)
    values = experiment.design()[1]
    design = {name: np.repeat(values[name].to_numpy(), experiment.replicates) for name in values}
    numbers = np.tile(np.arange(experiment.replicates), len(values))
    runs = Runs(experiment.effects, experiment.seed, numbers)
    inputs, masks = build(scenario, design, runs), scope_masks(["region"], scenario.members())
    tally = new_tally(inputs, masks, len(numbers))
    started = time.perf_counter()
    for _ in simulate_blocks(inputs, runs, tally=tally, threads=1):
        pass
    return time.perf_counter() - started


def cluster() -> Iterator[Row]:
    """Compare two workers of Dask with one, and with threads, from the first part to the last."""
    experiment = replicated(RUNS)
    with folder() as path:
        ratios, rates = [], {}
        for _ in range(3):
            for count in (1, 2):
                store, _ = swept(experiment, path, cluster_workers("local", count))
                last = read_journal(store.path / LOG)[-1]
                rates[count] = last["runs"] / last["seconds"]
            ratios.append(rates[2] / rates[1])
        yield Row("cluster", "one worker", rates[1], "runs/s")
        yield Row("cluster", "two workers against one", median(ratios), "times", least=1.6)


def rivals() -> Iterator[Row]:
    """Compare with the batch runner of Mesa and an evaluator of EMA Workbench, driving the same model on one core."""
    experiment = sampled(512, 4)
    with folder() as path:
        warm_up(path)
        rounds = []
        for _ in range(ROUNDS):
            store, seconds = swept(experiment, path, local_workers(1))
            rounds.append((store.runs / seconds, _by_mesa(), _by_ema()))
    names = ("foresight sweep", "Mesa batch_run", "EMA Workbench")
    for name, values in zip(names, zip(*rounds, strict=True), strict=True):
        yield Row("rivals", name, median(values), "runs/s")
    yield Row("rivals", "against Mesa batch_run", median(ours / mesa for ours, mesa, _ in rounds), "times")
    yield Row("rivals", "against EMA Workbench", median(ours / ema for ours, _, ema in rounds), "times")


def _by_mesa() -> float:
    """Return the runs a second of Mesa's own batch runner, in one process."""
    inputs = build(load_scenario(SCENARIO))
    given = {"scenario": [inputs], "replicate": list(range(MESA_RUNS))}
    started = time.perf_counter()
    mesa.batch_run(ForesightModel, given, number_processes=1, max_steps=len(inputs.years), display_progress=False)
    return MESA_RUNS / (time.perf_counter() - started)


def _by_ema() -> float:
    """Return the runs a second of EMA Workbench with the connector, in one process."""
    workbench = extra("ema_workbench", "explore")
    model = ema_model(SCENARIO, factors=VARIED)
    with workbench.SequentialEvaluator(model) as evaluator:
        evaluator.perform_experiments(scenarios=2)
        started = time.perf_counter()
        evaluator.perform_experiments(scenarios=EMA_RUNS)
        return EMA_RUNS / (time.perf_counter() - started)


def warm_up(path: Path) -> None:
    """Load the compiled engine."""
    swept(sampled(16, 1), path)


PARTS: Final[Mapping[str, Callable[[], Iterator[Row]]]] = {
    part.__name__: part for part in (hundred, million, overhead, cluster, rivals)
}


def main() -> None:
    """Measure what is asked for and print it; exit 1 if a figure is not what is asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"{', '.join(PARTS)}; all by default")
    parser.add_argument("--json", action="store_true", help="print JSON")
    given = parser.parse_args()
    if unknown := [part for part in given.parts if part not in PARTS]:
        parser.error(f"{unknown[0]} is none of {', '.join(PARTS)}")
    if given.json and len(given.parts) == 1:
        print(json.dumps([row._asdict() for row in PARTS[given.parts[0]]()]))
        return
    rows = [row for part in given.parts or PARTS for row in apart(part)]
    for row in rows:
        asked = "" if row.most is None else f"  at most {row.most:g}"
        asked = asked if row.least is None else f"  at least {row.least:g}"
        print(f"{row.part:9} {row.name:44} {row.value:12,.2f} {row.unit:6}{asked}".rstrip())
    raise SystemExit(any(row.missed for row in rows))


def apart(part: str) -> list[Row]:
    """Measure one part in a process of its own."""
    before = os.getloadavg()[0]
    command = [sys.executable, __file__, "--json", part]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    rows = [Row(**row) for row in json.loads(done.stdout.splitlines()[-1])]
    return [Row(part, f"load average before, of {cores()} cores", before), *rows]


if __name__ == "__main__":
    main()
