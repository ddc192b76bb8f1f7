"""How long an experiment would take and how large its store would be, told from a few of its runs."""

from pathlib import Path
from typing import Final, NamedTuple

from foresight.engine.ensemble import announce_compilation, cores
from foresight.experiments.experiment import Experiment
from foresight.experiments.manifest import made_with, plan_of
from foresight.experiments.store import Store
from foresight.experiments.sweep import WHOLE, Computed, compute, tasks_of

#: Runs that are tried: first those that make the engine ready, then those that are timed.
_FIRST: Final = 16
_TIMED: Final = 512


class Estimate(NamedTuple):
    """What a sweep would come to.

    Parameters
    ----------
    points, runs, parts : int
        All scenarios together; exactly.
    cores : int
        That would share the work.
    seconds : float
        About, on so many cores.
    bytes : int
        Of the store, about.
    """

    points: int
    runs: int
    parts: int
    cores: int
    seconds: float
    bytes: int


def estimate(experiment: Experiment, workers: int | None = None) -> Estimate:
    """Tell what a sweep would come to, from some runs of the middle of it; nothing is written.

    Parameters
    ----------
    experiment : Experiment
    workers : int, optional
        Cores that would share the work; all by default.
    """
    manifest, points = plan_of(experiment, WHOLE)
    store, hands = Store(Path(), manifest), workers or cores()
    announce_compilation()
    _tried(store, experiment, _FIRST)
    tried = _tried(store, experiment, _TIMED)
    share = store.runs / min(_TIMED, store.runs)
    seconds, size = tried.seconds * share / hands, len(points) + round(len(tried.content) * share)
    return Estimate(len(experiment.table()), store.runs, len(store.all_parts), hands, seconds, size)


def _tried(store: Store, experiment: Experiment, most: int) -> Computed:
    """Compute some runs from the middle of an experiment on, or all where there are few."""
    start = max(0, min(store.runs // 2, store.runs - most))
    runs = range(start, min(start + most, store.runs))
    (task,) = tasks_of(experiment, experiment.table(), [(0, runs)], made_with())
    return compute(task)
