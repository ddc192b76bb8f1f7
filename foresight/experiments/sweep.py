"""Run an experiment into a store: part by part, on all cores or on many machines, and go on where it was left.

A part is a pure function of the experiment and its number, so that it does not matter which worker computes it, when,
or for the how manieth time: the bytes are the same.
"""

import platform
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from foresight.arrays import Floats
from foresight.engine.ensemble import BLOCK, announce_compilation, cores
from foresight.errors import InputError, Problem, listed, shown
from foresight.experiments.experiment import Experiment
from foresight.experiments.manifest import MANIFEST, Shard, made_with, plan_of
from foresight.experiments.parcels import packed, unpacked
from foresight.experiments.parts import REPLICATE, YEAR, parquet, part_name
from foresight.experiments.points import POINT, SCENARIO
from foresight.experiments.store import (
    POINTS,
    Store,
    adopt,
    at_work,
    commit,
    new_store,
    open_store,
    plan_like,
    restore_points,
    sweep_up,
    without,
)
from foresight.results.series import series_called, simulated_series
from foresight.runs import Effects, Progress, Runs
from foresight.scenario.building import with_design
from foresight.version import program_version

#: Runs and scopes that are simulated together; of many scopes, fewer runs.
_ROOM: Final = 8192

#: Parts in the hands of each worker: one that it computes, and one that waits.
_AHEAD: Final = 2

WHOLE: Final = Shard(1, 1)

T = TypeVar("T")


class Piece(NamedTuple):
    """The points of one scenario and one choice of categories within a part."""

    scenario: str  # see `parcels.packed`
    values: dict[str, Floats]  # [point], by factor
    points: npt.NDArray[np.int32]  # [point], their numbers, rising


class Task(NamedTuple):
    """All that a worker needs to compute one part."""

    part: int
    runs: range
    replicates: int
    pieces: tuple[Piece, ...]
    outcomes: tuple[str, ...]
    years: tuple[int, ...]
    seed: int
    effects: Effects
    made_with: dict[str, Any]  # a worker that has other versions may compute other numbers


class Computed(NamedTuple):
    """A part, and how long it took."""

    part: int
    content: bytes
    seconds: float


#: Gives an executor and tells how many workers it has at the moment.
Workers = Callable[[], AbstractContextManager[tuple[Executor, Callable[[], int]]]]


def sweep(
    experiment: Experiment | None,
    path: str | Path,
    *,
    shard: Shard = WHOLE,
    resume: bool = False,
    repair: bool = False,
    workers: Workers | None = None,
    progress: Progress | None = None,
    check: Callable[[], None] | None = None,
) -> Store:
    """Run an experiment, or what is left of it, into a store.

    Parameters
    ----------
    experiment : Experiment or None
        What to run; None to go on with what a store has.
    path : str or Path
        The folder of the store.
    shard : Shard
        Of several stores that share the parts of the experiment.
    resume : bool
        Whether to go on with a store that is there; without one, it is begun.
    repair : bool
        Whether parts that are missing or damaged are computed again.
    workers : callable, optional
        `local_workers` on all cores by default, or `cluster.cluster_workers`.
    progress : callable, optional
        Called with the runs finished and the runs to do, those of earlier sessions included.
    check : callable, optional
        Called in workers of this process whenever some runs are done; what it raises ends the sweep.

    Raises
    ------
    InputError
        If the store cannot be made, is one of another experiment, version or shard, has damaged parts, or the disk
        is full. Finished parts are never touched.
    """
    folder = Path(path)
    if experiment is None and not (folder / MANIFEST).exists():
        raise InputError([Problem(str(folder), "", "no_store", details={"file": MANIFEST})])
    # Workers first: who cannot be reached leaves no store behind.
    with (workers or local_workers())() as hands, at_work(folder) as note:
        store = _begun(experiment, folder, shard, resume or repair, repair)
        note(event="start", version=program_version(), cores=cores(), finished=sorted(store.finished))
        return _complete(store, *hands, note, progress, check)


def merge(paths: Sequence[str | Path], path: str | Path) -> Store:
    """Put the parts of several stores of one experiment into one store, which is that of the unsharded run.

    Raises
    ------
    InputError
        If the stores are not of the same experiment, version and points, or a part is damaged or missing.
    """
    stores = [open_store(one) for one in paths]
    first, *others = stores
    problems = [problem for other in others for problem in _unlike(other, first)]
    if problems := [*problems, *(problem for store in stores for problem in store.damaged())]:
        raise InputError(problems)
    absent = set(first.all_parts) - {number for store in stores for number in store.finished}
    if absent:
        names = listed([part_name(number) for number in sorted(absent)])
        raise InputError([Problem(str(path), "", "not_all_parts", names)])
    folder = Path(path)
    with at_work(folder) as note:
        if (folder / MANIFEST).exists():
            raise InputError([Problem(str(folder), "", "store_exists")])
        merged = new_store(folder, *plan_like(first, WHOLE))
        for store in stores:
            merged = adopt(merged, store)
        note(event="merge", stores=len(stores))
    return merged


@contextmanager
def _local(count: int) -> Iterator[tuple[Executor, Callable[[], int]]]:
    with ThreadPoolExecutor(count) as pool:
        try:
            yield pool, lambda: count
        finally:
            pool.shutdown(cancel_futures=True)


def local_workers(count: int | None = None) -> Workers:
    """Return workers that are threads of this process, one a core unless said otherwise."""
    return lambda: _local(count or cores())


# A part --------------------------------------------------------------------------------------------------------------


def _tasks(store: Store) -> Iterator[Task]:
    """Yield the tasks of computing the parts that are missing from a store, each when it is asked for."""
    versions = {name: store.manifest[name] for name in made_with()}
    parts = ((number, store.runs_of(number)) for number in store.missing)
    return tasks_of(store.experiment, store.points(), parts, versions)


def tasks_of(
    experiment: Experiment, points: pd.DataFrame, parts: Iterable[tuple[int, range]], versions: dict[str, Any]
) -> Iterator[Task]:
    """Yield the tasks of computing parts of an experiment, each when it is asked for.

    Parameters
    ----------
    experiment : Experiment
    points : pandas.DataFrame
        As `Experiment.table` gives them.
    parts : iterable of int and range
        The number of each part, and its runs.
    versions : dict
        What the numbers have to be made with, see `manifest.made_with`.
    """
    texts = {names: packed(scenario) for names, scenario in experiment.variants().items()}
    parted = [SCENARIO, *experiment.categories]
    outcomes, luck = tuple(map(str, experiment.outcomes)), (experiment.seed, experiment.effects)
    for number, runs in parts:
        rows = points.iloc[runs.start // experiment.replicates : -(-runs.stop // experiment.replicates)]
        groups = rows.groupby(parted, sort=False)
        pieces = tuple(_piece(texts[tuple(map(str, names))], some, parted) for names, some in groups)
        yield Task(number, runs, experiment.replicates, pieces, outcomes, experiment.years, *luck, versions)


def _piece(scenario: str, rows: pd.DataFrame, parted: Sequence[str]) -> Piece:
    names = [name for name in rows.columns if name not in (POINT, *parted)]
    return Piece(scenario, {name: rows[name].to_numpy() for name in names}, rows[POINT].to_numpy())


def compute(task: Task, check: Callable[[], None] | None = None) -> Computed:
    """Compute one part, on one core; `check` is called whenever some runs are done."""
    started = time.perf_counter()
    if problems := [*unlike_here(task.made_with, platform.node())]:
        raise InputError(problems)
    content = parquet(_table(task, series_of(task, check)), len(task.runs))
    return Computed(task.part, content, time.perf_counter() - started)


def series_of(task: Task, check: Callable[[], None] | None = None) -> npt.NDArray[np.float32]:
    """Simulate the runs of one part, on one core, and return float32[outcome, year, run]."""
    point, replicate = _addresses(task)
    series = np.empty((len(task.outcomes), len(task.years), len(task.runs)), np.float32)
    for piece in task.pieces:
        at = np.flatnonzero(np.isin(point, piece.points))
        _simulate(task, piece, at, point, replicate, series, check)
    return series


def _addresses(task: Task) -> tuple[Any, Any]:
    """Return the point and the replicate of every run of a part."""
    return np.divmod(np.arange(task.runs.start, task.runs.stop), task.replicates)


def _simulate(
    task: Task,
    piece: Piece,
    at: npt.NDArray[np.int64],
    point: Any,
    replicate: Any,
    series: npt.NDArray[np.float32],
    check: Callable[[], None] | None,
) -> None:
    """Fill the series of the runs of one scenario, some runs at a time."""
    scenario, inputs, masks = unpacked(piece.scenario, task.outcomes)
    names = [series_called(name) for name in task.outcomes]
    kept = [inputs.years.index(year) for year in task.years]
    width = max(_ROOM // len(masks), BLOCK)
    for some in (at[start : start + width] for start in range(0, len(at), width)):
        rows = np.searchsorted(piece.points, point[some])
        design = {name: values[rows] for name, values in piece.values.items()}
        runs = Runs(task.effects, task.seed, replicate[some])
        varied = with_design(inputs, scenario, design, runs)
        values = simulated_series(varied, runs, masks, names, threads=1, check=check)
        series[:, :, some] = values[:, kept]


def _table(task: Task, series: npt.NDArray[np.float32]) -> pa.Table:
    """Return a part as a table, the years one after the other."""
    (point, replicate), years = _addresses(task), len(task.years)
    columns = {
        POINT: np.tile(point.astype(np.int32), years),
        REPLICATE: np.tile(replicate.astype(np.uint32), years),
        YEAR: np.repeat(np.array(task.years, np.int16), len(point)),
    }
    named = zip(task.outcomes, series, strict=True)
    return pa.table(columns | {name: values.reshape(-1) for name, values in named})


# All parts -----------------------------------------------------------------------------------------------------------


def _complete(
    store: Store,
    executor: Executor,
    count: Callable[[], int],
    note: Callable[..., None],
    progress: Progress | None,
    check: Callable[[], None] | None,
) -> Store:
    """Compute what is missing, and commit each part as it comes."""
    total = sum(len(store.runs_of(number)) for number in store.wanted)
    before = done = total - sum(len(store.runs_of(number)) for number in store.missing)
    started, tasks = time.monotonic(), _tasks(store)
    announce_compilation()
    for computed in done_of(partial(compute, check=check), tasks, executor, count):
        note(event="part", part=computed.part, seconds=round(computed.seconds, 3))
        store = commit(store, computed.part, computed.content)
        done += len(store.runs_of(computed.part))
        if progress is not None:
            progress(done, total)
    took = round(time.monotonic() - started, 3)
    note(event="end", runs=done - before, workers=count(), seconds=took)
    return store


def done_of(
    work: Callable[[Task], T], tasks: Iterable[Task], executor: Executor, count: Callable[[], int]
) -> Iterator[T]:
    """Yield what is done of tasks as it comes; never more in hand than workers need, so that memory stays as it is."""
    waiting: set[Future[T]] = set()
    todo = iter(tasks)
    while True:
        room = max(_AHEAD * count() - len(waiting), 0)  # workers may have gone
        waiting |= {executor.submit(work, task) for task in islice(todo, room)}
        if not waiting:
            return
        done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
        for future in done:
            yield future.result()


def _begun(experiment: Experiment | None, folder: Path, shard: Shard, resume: bool, repair: bool) -> Store:
    """Return the store to fill: a new one, or the one that is there."""
    if experiment is not None and not (folder / MANIFEST).exists():
        sweep_up(folder)
        return new_store(folder, *plan_of(experiment, shard))
    store = open_store(folder)
    if not resume:
        raise InputError([Problem(str(folder), "", "store_exists")])
    sweep_up(folder)
    if problems := [
        *unlike_here(store.manifest, str(folder / MANIFEST)),
        *_other_experiment(store, experiment, shard),
    ]:
        raise InputError(problems)
    return _sound(store, repair)


def _sound(store: Store, repair: bool) -> Store:
    """Return a store without damaged parts; InputError naming them unless they are to be repaired."""
    damaged = store.damaged()
    if repair and str(store.path / POINTS) in {problem.file for problem in damaged}:
        restore_points(store)
        damaged = store.damaged()
    bad = {problem.file for problem in damaged}
    lost = [number for number in store.finished if str(store.path / part_name(number)) in bad]
    if damaged and (not repair or len(lost) < len(damaged)):
        raise InputError(damaged)
    return without(store, lost) if lost else store


def unlike_here(made: Mapping[str, Any], file: str) -> Iterator[Problem]:
    """Find what may give other numbers or bytes here than where a store was begun."""
    for name, here in made_with().items():
        if made[name] != here:
            yield Problem(file, name, "made_with_others", _versions(made[name]), _versions(here))


def _versions(made: Any) -> str:
    """Write a version, a digest, or the versions of libraries."""
    return listed([f"{name} {version}" for name, version in made.items()]) if isinstance(made, dict) else shown(made)


def _other_experiment(store: Store, experiment: Experiment | None, shard: Shard) -> Iterator[Problem]:
    file = str(store.path / MANIFEST)
    if experiment is not None and store.manifest["experiment_digest"] != experiment.digest():
        yield Problem(file, "experiment", "other_experiment", shown(experiment.id), shown(store.experiment.id))
    if experiment is not None and store.shard != shard:
        yield Problem(
            file, "shard", "other_shard", f"{shard.number}/{shard.of}", f"{store.shard.number}/{store.shard.of}"
        )


def _unlike(store: Store, first: Store) -> Iterator[Problem]:
    """Find what keeps the parts of two stores from being those of one."""
    for name in (*made_with(), "experiment_digest", "points"):
        if store.manifest[name] != first.manifest[name]:
            given, allowed = _versions(store.manifest[name]), _versions(first.manifest[name])
            yield Problem(str(store.path / MANIFEST), name, "other_store", given, allowed)
