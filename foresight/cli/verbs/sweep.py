"""Run experiments from the command line: into a store, on with one, several into one, and how far one is."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

from foresight.cli.calls import all_of, beside, check_workers
from foresight.cli.layout import hint, pairs
from foresight.cli.screen import Screen
from foresight.errors import InputError, Problem, shown
from foresight.experiments import extension
from foresight.experiments import store as stores
from foresight.experiments import sweep as runner
from foresight.experiments.cluster import LOCAL, cluster_workers
from foresight.experiments.estimate import estimate
from foresight.experiments.experiment import Experiment
from foresight.experiments.journal import read_journal
from foresight.experiments.loading import load_experiment
from foresight.experiments.manifest import Shard
from foresight.interruption import say_instead

#: Seconds between remarks on how far a sweep is where there is no terminal to show a bar.
_REMARKS: Final = 30.0

_OUT: Final = "--out"
_SHARD: Final = "--shard"


class Task(NamedTuple):
    """What is named, where the store is, and whether one that is there is gone on with or repaired."""

    sources: Sequence[Path]
    folder: Path | None
    resume: bool
    repair: bool


class Hands(NamedTuple):
    """Who does the work, and which part of it."""

    workers: int | None
    cluster: str
    shard: str


def sweep(screen: Screen, task: Task, hands: Hands) -> None:
    """Run an experiment, or what is left of it, and say how long it took."""
    folder, experiment, shard, workers = all_of(
        partial(_folder, task.folder),
        partial(_experiment, task),
        partial(_shard, hands.shard),
        partial(_workers, hands),
    )
    resume = task.resume or task.repair
    with screen.waiting(screen.say("sweep.running"), speed="sweep.speed") as progress:
        work = partial(runner.sweep, experiment, folder, shard=shard, resume=resume, repair=task.repair)
        with _resumable():
            store = beside(partial(work, workers=workers, progress=_telling(screen, progress)))
    _finished(screen, store)


def merge(screen: Screen, task: Task) -> None:
    """Put the parts of several stores into one."""
    if len(task.sources) < 2:
        raise InputError([Problem("--merge", "", "needs_stores", str(len(task.sources)), "2 …")])
    store = runner.merge(task.sources, _folder(task.folder))
    screen.emit({"store": str(store.path), "parts": len(store.finished)}, screen.say("sweep.merged", path=store.path))


def dry_run(screen: Screen, task: Task, hands: Hands) -> None:
    """Tell how many points and runs an experiment has, and about how long and how large it would be."""
    experiment, workers = all_of(partial(_experiment, task), partial(check_workers, hands.workers))
    if experiment is None:
        raise InputError([Problem("EXPERIMENT", "", "missing")])
    with screen.waiting(screen.say("sweep.estimating")):
        trial = beside(partial(estimate, experiment, workers))
    plain = {
        "experiment": experiment.id,
        "points": trial.points,
        "replicates": experiment.replicates,
        "runs_wanted": trial.runs,
        "parts_wanted": trial.parts,
        "cores": trial.cores,
        "seconds": round(trial.seconds, 1),
        "megabytes": round(trial.bytes / 1e6, 3),
    }
    screen.emit(
        plain,
        pairs(screen, [(name, _said(screen, value)) for name, value in plain.items()]),
        hint(screen.say("sweep.dry")),
    )


def extend(screen: Screen, task: Task, hands: Hands, n: int) -> None:
    """Grow a store by further points of its design, and say how long it took."""
    folder, workers = all_of(partial(_one_folder, task), partial(_workers, hands))
    with screen.waiting(screen.say("sweep.running"), speed="sweep.speed") as progress:
        work = partial(extension.extend, folder, n, progress=_telling(screen, progress))
        with _resumable():
            store = beside(partial(work, workers=workers))
    _finished(screen, store)


def status(screen: Screen, task: Task) -> None:
    """Show how far a store is."""
    store = stores.open_store(_one_folder(task))
    damaged = store.damaged()
    plain = {**_progress(store), "damaged": [Path(problem.file).name for problem in damaged]}
    rows = [(name, _said(screen, value)) for name, value in plain.items()]
    screen.emit(plain, pairs(screen, rows))
    if damaged:
        raise InputError(damaged)


def _folder(path: Path | None) -> Path:
    """Return the folder of a store; InputError if none is named."""
    if path is None:
        raise InputError([Problem(_OUT, "", "missing")])
    return path.expanduser()


def _one_folder(task: Task) -> Path:
    """Return the folder of the one store that is named, by the option or alone."""
    if task.folder and task.sources:
        raise InputError([Problem(str(task.sources[0]), "", "extra_words")])
    return _folder(task.folder or next(iter(task.sources), None))


def _experiment(task: Task) -> Experiment | None:
    """Load the experiment; None where a store that is there says what it is."""
    if len(task.sources) > 1:
        raise InputError([Problem(str(task.sources[1]), "", "extra_words")])
    if not task.sources and not (task.resume or task.repair):
        raise InputError([Problem("EXPERIMENT", "", "missing")])
    return load_experiment(task.sources[0].expanduser()) if task.sources else None


def _shard(words: str) -> Shard:
    number, _, of = words.partition("/")
    try:
        shard = Shard(int(number), int(of))
    except ValueError:
        raise InputError([Problem(_SHARD, "", "malformed", shown(words), "i/n")]) from None
    if not 1 <= shard.number <= shard.of:
        raise InputError([Problem(_SHARD, "", "out_of_range", shown(words), "1/n … n/n")])
    return shard


def _workers(hands: Hands) -> runner.Workers:
    """Return those who do the work."""
    check_workers(hands.workers)
    if hands.workers and hands.cluster not in ("", LOCAL):
        raise InputError([Problem("--workers", "", "cluster_has_workers", str(hands.workers))])
    if hands.cluster:
        return cluster_workers(hands.cluster, hands.workers)
    return runner.local_workers(hands.workers)


@contextmanager
def _resumable() -> Iterator[None]:
    """Say of a full disk how to go on."""
    try:
        yield
    except InputError as error:
        raise InputError(
            [replace(one, kind="store_full") if one.kind == "disk_full" else one for one in error.problems]
        ) from None


def _telling(screen: Screen, progress: Callable[[int, int], None]) -> Callable[[int, int], None]:
    """Tell how far a sweep is; once it has begun, an interruption says how to go on."""
    tell = progress if screen.err.is_terminal else _told(screen, progress)

    def advance(done: int, total: int) -> None:
        say_instead(screen.last_words("sweep.interrupted"))
        tell(done, total)

    return advance


def _told(screen: Screen, progress: Callable[[int, int], None]) -> Callable[[int, int], None]:
    """Tell now and then how far a sweep is, in lines."""
    started = latest = time.monotonic()
    first = -1

    def advance(done: int, total: int) -> None:
        nonlocal latest, first
        progress(done, total)
        now = time.monotonic()
        first = done if first < 0 else first
        if now - latest > _REMARKS and done > first:
            latest, speed = now, (done - first) / (now - started)
            left = _minutes((total - done) / speed)
            screen.note(
                screen.say("sweep.so_far", done=f"{done:,}", total=f"{total:,}", speed=f"{speed:,.0f}", left=left)
            )

    return advance


def _minutes(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def _finished(screen: Screen, store: stores.Store) -> None:
    """Say what was run, by how many, how long it took, and how long a run takes."""
    last = next(line for line in reversed(read_journal(store.path / stores.LOG)) if line["event"] == "end")
    took = {"runs": last["runs"], "cores": last["workers"], "seconds": last["seconds"]}
    per_run = 1000 * took["seconds"] / took["runs"] if took["runs"] else 0.0
    plain = {**_progress(store), **took, "milliseconds_per_run": round(per_run, 4)}
    words = screen.say(
        "sweep.finished" if took["runs"] else "sweep.nothing_left",
        runs=f"{took['runs']:,}",
        cores=took["cores"],
        elapsed=f"{took['seconds']:.1f}",
        per_run=f"{per_run:.2f}",
        path=store.path,
    )
    screen.emit(plain, words)


def _progress(store: stores.Store) -> dict[str, Any]:
    """Return how far a store is."""
    done = sum(len(store.runs_of(number)) for number in store.finished)
    return {
        "experiment": store.manifest["experiment"]["id"],
        "store": str(store.path),
        "version": store.manifest["version"],
        "shard": f"{store.shard.number}/{store.shard.of}",
        "points": store.manifest["points"]["rows"],
        "replicates": store.manifest["experiment"]["replicates"],
        "runs_done": done,
        "runs_wanted": sum(len(store.runs_of(number)) for number in store.wanted),
        "parts_done": len(store.finished),
        "parts_wanted": len(store.wanted),
        "megabytes": round(sum(part["bytes"] for part in store.finished.values()) / 1e6, 3),
    }


def _said(screen: Screen, value: Any) -> str:
    if isinstance(value, list):
        return screen.say("table.comma").join(value)
    return f"{value:,}" if isinstance(value, int | float) else str(value)
