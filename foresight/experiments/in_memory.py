"""An experiment run in memory: for what is looked at once and not kept in a store."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from foresight.engine.ensemble import announce_compilation
from foresight.experiments.experiment import Experiment
from foresight.experiments.manifest import FEWEST_RUNS, made_with
from foresight.experiments.sweep import Task, Workers, done_of, local_workers, series_of, tasks_of
from foresight.runs import Progress


def series_in_memory(
    experiment: Experiment,
    points: pd.DataFrame,
    *,
    workers: Workers | None = None,
    progress: Progress | None = None,
) -> npt.NDArray[np.float32]:
    """Run all points of an experiment.

    Parameters
    ----------
    experiment : Experiment
    points : pandas.DataFrame
        As `Experiment.table` gives them.
    workers : callable, optional
        `sweep.local_workers` on all cores by default. What comes out does not depend on it.
    progress : callable, optional
        Called with the runs done and the runs to do.

    Returns
    -------
    float32[outcome, year, run]
        In the order of points, then replicates; the numbers that a store of the experiment has.
    """
    total = len(points) * experiment.replicates
    series = np.empty((len(experiment.outcomes), len(experiment.years), total), np.float32)
    parts = (range(start, min(start + FEWEST_RUNS, total)) for start in range(0, total, FEWEST_RUNS))
    tasks, done = tasks_of(experiment, points, enumerate(parts), made_with()), 0
    announce_compilation()
    with (workers or local_workers())() as (executor, count):
        for runs, values in done_of(_simulated, tasks, executor, count):
            series[:, :, runs.start : runs.stop] = values
            done += len(runs)
            if progress is not None:
                progress(done, total)
    return series


def _simulated(task: Task) -> tuple[range, npt.NDArray[np.float32]]:
    """Return the runs of a task and their series."""
    return task.runs, series_of(task)
