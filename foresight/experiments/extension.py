"""More points for a store that is there: its design goes on, and parts whose runs are the same stay."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from foresight.errors import InputError, Problem, listed, shown
from foresight.experiments.loading import experiment_of
from foresight.experiments.manifest import MANIFEST, plan_of
from foresight.experiments.sampler import DESIGNS
from foresight.experiments.store import Store, at_work, grown, open_store
from foresight.experiments.sweep import Workers, sweep, unlike_here
from foresight.runs import Progress


def extend(path: str | Path, n: int, *, workers: Workers | None = None, progress: Progress | None = None) -> Store:
    """Grow a store by further points of its design; it is then byte for byte the one made in one go.

    Parts are kept as far as their runs stay the same, and the others are computed anew: of an experiment on several
    scenarios all but those of the first, and all where the experiment becomes so large that its parts do too.

    Parameters
    ----------
    path : str or Path
        The folder of the store.
    n : int
        What `n` of the sampler is to be: points of `sobol_sequence`, base samples of `saltelli`.
    workers, progress
        As for `sweep`.

    Raises
    ------
    InputError
        If the design has no further points, `n` is none that it can have or not more than it has, or as `sweep` says.
        The store is then as it was.
    """
    store = open_store(path)
    experiment = experiment_of(_longer(store, n), str(store.path / MANIFEST))
    with at_work(store.path):
        grown(store, *plan_of(experiment, store.shard), _same_points(store.points(), experiment.table()))
    return sweep(None, path, resume=True, workers=workers, progress=progress)


def _longer(store: Store, n: int) -> dict[str, Any]:
    """Return the experiment of a store with more points, as plain data; InputError if it cannot have more."""
    file, sampler = str(store.path / MANIFEST), store.experiment.sampler
    problems = [*unlike_here(store.manifest, file), *store.damaged()]
    if not sampler.design.goes_on:
        able = listed([name for name, design in DESIGNS.items() if design.goes_on])
        problems.append(Problem(str(store.path), "sampler", "no_further_points", shown(sampler.method), able))
    elif n <= (sampler.n or 0):
        problems.append(Problem("--extend", "", "out_of_range", str(n), f"> {sampler.n}"))
    if problems:
        raise InputError(problems)
    plain = store.experiment.plain()
    return {**plain, "sampler": {**plain["sampler"], "n": n}}


def _same_points(before: pd.DataFrame, after: pd.DataFrame) -> int:
    """Return how many points the longer table begins with that are those of the shorter one."""
    unlike = (before != after.head(len(before)).reset_index(drop=True)).any(axis=1).to_numpy()
    return int(np.argmax(unlike)) if unlike.any() else len(before)
