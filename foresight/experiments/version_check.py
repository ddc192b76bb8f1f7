"""What this version of the program gives for the runs of a store: what moved, by how much, and where first.

The same runs are made anew, with the luck that they had, so that every run has its own pair and chance leaves no
trace where nothing has changed.
"""

import operator
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from foresight.arrays import Floats
from foresight.engine.ensemble import announce_compilation
from foresight.errors import InputError, Problem
from foresight.experiments.manifest import made_with
from foresight.experiments.parts import REPLICATE, YEAR
from foresight.experiments.points import POINT
from foresight.experiments.store import Store
from foresight.experiments.sweep import Workers, compute, done_of, local_workers, tasks_of
from foresight.results.intervals import CONFIDENCE, student_width
from foresight.runs import Progress

#: Verdicts on a series in a year: its mean has moved; its runs have, and their mean cannot be told from the one before.
MOVED: Final = "moved"
RUNS_ALONE: Final = "runs_alone"

_OUTCOME: Final = "outcome"


@dataclass(frozen=True)
class VersionCheck:
    """What moved.

    Parameters
    ----------
    runs, points : int
        That were made anew.
    moved : pandas.DataFrame
        A row for each series and year in which a run moved, the earliest year first: ``year``, ``outcome``, ``runs``
        (share of those that moved), ``before``, ``after`` (means), ``difference``, ``low``, ``high`` and ``verdict``.
        The interval of the mean difference is the wider of that over points and that over luck, which points share,
        and holds for all series and years together; over points alone where each has one run, and not a number where
        there is one point.
    """

    runs: int
    points: int
    moved: pd.DataFrame

    @property
    def verdict(self) -> str:
        """Return ``same`` where every run is what it was, else the gravest of the verdicts."""
        found = set(self.moved["verdict"])
        return next((verdict for verdict in (MOVED, RUNS_ALONE) if verdict in found), "same")

    @property
    def first(self) -> pd.DataFrame:
        """Return the rows of the first year in which anything moved."""
        return self.moved.query("year == year.min()")

    def plain(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        rows = self.moved.astype(object).where(self.moved.notna(), None).to_dict("records")
        return {"verdict": self.verdict, "runs": self.runs, "points": self.points, "moved": rows}


class _Sums(NamedTuple):
    """Sums over runs, those of differences also by cluster; each ``[outcome, year]`` where nothing else is said."""

    moved: Floats
    before: Floats
    after: Floats
    by_luck: Floats  # [outcome, year, replicate], of differences
    runs_by_luck: Floats  # [replicate]
    clusters: int  # points, as far as they lie in one part
    squares: Floats  # of the sums of clusters
    products: Floats  # of the sums and the runs of clusters
    widths: float  # squares of the runs of clusters

    @property
    def runs(self) -> int:
        """Return how many there are."""
        return int(self.runs_by_luck.sum())

    @property
    def mean(self) -> Floats:
        """Return the mean differences."""
        return np.asarray(self.by_luck.sum(axis=-1) / self.runs)

    def plus(self, other: "_Sums") -> "_Sums":
        """Add those of other runs."""
        return _Sums(*map(operator.add, self, other))


def check_version(store: Store, *, workers: Workers | None = None, progress: Progress | None = None) -> VersionCheck:
    """Make the runs of a store anew and tell what moved.

    Parameters
    ----------
    store : Store
        Of any version whose experiment this one can read.
    workers : callable, optional
        As for `sweep.sweep`.
    progress : callable, optional
        Called with the runs finished and the runs to do.

    Returns
    -------
    VersionCheck

    Raises
    ------
    InputError
        If parts are damaged, none is finished, or this version cannot run the experiment.
    """
    if problems := store.damaged() or _empty(store):
        raise InputError(problems)
    total = sum(len(store.runs_of(number)) for number in store.finished)
    replicates = store.experiment.replicates
    shape = (len(store.experiment.outcomes), len(store.experiment.years))
    none = np.zeros(shape)
    sums = _Sums(none, none, none, np.zeros((*shape, replicates)), np.zeros(replicates), 0, none, none, 0.0)
    announce_compilation()
    with (workers or local_workers())() as hands:
        parts = ((number, store.runs_of(number)) for number in sorted(store.finished))
        tasks = tasks_of(store.experiment, store.points(), parts, made_with())
        for part in done_of(compute, tasks, *hands):
            sums = sums.plus(_sums_of(store.content(part.part), part.content, store))
            if progress is not None:
                progress(sums.runs, total)
    return VersionCheck(sums.runs, -(-sums.runs // replicates), _rows(sums, store))


def _empty(store: Store) -> list[Problem]:
    """Find a store without a part."""
    return [] if store.finished else [Problem(str(store.path), "", "unfinished", f"0 / {len(store.all_parts)}")]


def _sums_of(before: bytes, after: bytes, store: Store) -> _Sums:
    """Return the sums over the runs of one part; a point that goes on in another part counts in both."""
    (points, luck, old), (_, _, new) = _read(before, store), _read(after, store)
    same = (old == new) | (np.isnan(old) & np.isnan(new))
    difference = np.where(same, 0.0, np.nan_to_num(new) - np.nan_to_num(old))
    starts = np.flatnonzero(np.diff(points, prepend=points[0] - 1))
    widths = np.diff(starts, append=len(points)).astype(np.float64)
    clusters = np.add.reduceat(difference, starts, axis=-1)
    lucks = (np.arange(store.experiment.replicates) == luck[:, None]).astype(np.float64)
    return _Sums(
        (~same).sum(axis=-1, dtype=np.float64),
        np.nansum(old, axis=-1),
        np.nansum(new, axis=-1),
        difference @ lucks,
        lucks.sum(axis=0),
        len(starts),
        np.square(clusters).sum(axis=-1),
        clusters @ widths,
        float(widths @ widths),
    )


def _read(content: bytes, store: Store) -> tuple[Any, Any, Floats]:
    """Return the point and the replicate of each run of a part, and its series, float64[outcome, year, run]."""
    table = pq.read_table(pa.BufferReader(content))
    years = len(store.experiment.years)
    values = [table[str(name)].to_numpy().reshape(years, -1) for name in store.experiment.outcomes]
    first = slice(values[0].shape[1])
    return table[POINT].to_numpy()[first], table[REPLICATE].to_numpy()[first], np.array(values, np.float64)


def _rows(sums: _Sums, store: Store) -> pd.DataFrame:
    """Return a row for each series and year in which a run moved."""
    columns = [YEAR, _OUTCOME, "runs", "before", "after", "difference", "low", "high", "verdict"]
    return pd.DataFrame(_row_by_row(sums, store, _reach(sums)), columns=columns)


def _row_by_row(sums: _Sums, store: Store, reach: Floats) -> Iterator[tuple[Any, ...]]:
    means = np.stack([sums.moved, sums.before, sums.after]) / sums.runs
    ends = sums.mean, sums.mean - reach, sums.mean + reach
    for j, year in enumerate(store.experiment.years):
        for i, name in enumerate(store.experiment.outcomes):
            if sums.moved[i, j]:
                mean, low, high = (float(end[i, j]) for end in ends)
                verdict = MOVED if low > 0 or high < 0 else RUNS_ALONE
                yield year, str(name), *means[:, i, j].tolist(), mean, low, high, verdict


def _reach(sums: _Sums) -> Floats:
    """Return how far an interval reaches: the wider of that over points and that over luck."""
    squares = sums.squares - 2 * sums.mean * sums.products + sums.mean**2 * sums.widths
    over_points = _half_width(np.sqrt(squares.clip(0)) * sums.clusters / sums.runs, sums.clusters)
    drawn = sums.runs_by_luck > 0
    by_luck = sums.by_luck[..., drawn] / sums.runs_by_luck[drawn] - sums.mean[..., None]
    over_luck = _half_width(np.sqrt(np.square(by_luck).sum(axis=-1)), int(drawn.sum()))
    return np.fmax(over_points, over_luck) if sums.clusters > 1 else over_points


def _half_width(deviation: Floats, count: int) -> Floats:
    """Return half of an interval of a mean, given the root of the sum of squares from it.

    All intervals hold together (Student's t, Bonferroni). Not a number for one alone.
    """
    width = student_width(count - 1, 1 - (1 - CONFIDENCE) / deviation.size)
    return np.asarray(width * deviation / np.sqrt(max(count * (count - 1), 1)))
