"""What to watch: early signs of a run that arrives, and how often each of them misleads."""

import math
from collections.abc import Iterator
from statistics import NormalDist
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from foresight.analysis.box import DIGITS, Bools
from foresight.arrays import Floats
from foresight.errors import InputError, Problem
from foresight.results.intervals import CONFIDENCE, wilson_interval

#: Names of points, or of whatever else runs have in common.
Groups = npt.NDArray[np.int64]

COLUMNS: Final = (
    *("observable", "relation", "threshold"),
    *("false_alarm", "false_alarm_low", "false_alarm_high"),
    *("miss", "miss_low", "miss_high", "tells"),
)


class _Share(NamedTuple):
    """A share of runs, its standard error, and as how many runs on their own those counted are worth."""

    value: float
    error: float
    worth: float

    def interval(self) -> tuple[float, float]:
        low, high = wilson_interval(self.value * self.worth, self.worth)
        return min(low, self.value), max(high, self.value)  # rounding at 0 and 1


def signs(observables: pd.DataFrame, arrived: Bools, groups: Groups | None = None, seed: int = 1) -> pd.DataFrame:
    """Find the value of each observable that best tells runs that arrive from those that do not.

    It has the greatest index of Youden (1950), Index for rating diagnostic tests, Cancer 3(1), 32-35: 1 less the false
    alarms and the misses. It is chosen in one half of the points; in the other half it is counted how often it
    misleads, so that luck in choosing does not flatter it.

    Parameters
    ----------
    observables : pandas.DataFrame
        One row a run, one column an observable, numbers. A run without a value shows no sign.
    arrived : bool[run]
        Whether the goal was met in the end.
    groups : int64[run], optional
        The point of each run: runs of one point have much in common. Each run by itself by default.
    seed : int
        Of how the points are halved.

    Returns
    -------
    pandas.DataFrame
        Those that mislead least first: ``observable``, ``relation`` (">=" or "<=") and ``threshold``, which make the
        sign; ``false_alarm``, the share of the runs that do not arrive with the sign, ``miss``, the share of those
        that arrive without it, each with its 95 % interval ``_low`` to ``_high`` (Wilson 1927, of as many runs as
        those of points are worth); ``tells``, whether it is better than a coin, of all observables together with 95 %.

    Raises
    ------
    InputError
        If in a half of the points no run arrives, or all do.
    """
    points = np.arange(len(arrived)) if groups is None else groups
    first = _half(points, seed)
    for half in (first, ~first):
        if arrived[half].all() or not arrived[half].any():
            counts = {"count": len(arrived), "arrived": int(arrived.sum())}
            raise InputError([Problem("Python", "watch", "too_few_arrive", details=counts)])
    width = NormalDist().inv_cdf(1 - (1 - CONFIDENCE) / 2 / max(observables.shape[1], 1))
    rows = [
        (str(name), *_sign(column.to_numpy(np.float64), arrived, points, first, width))
        for name, column in observables.items()
    ]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    order = (table["false_alarm"] + table["miss"]).argsort(kind="stable")
    return table.iloc[order].reset_index(drop=True)


def _half(points: Groups, seed: int) -> Bools:
    """Mark the runs of half of the points, drawn by chance."""
    names, which = np.unique(points, return_inverse=True)
    drawn = np.random.default_rng(seed).permutation(len(names)) < len(names) / 2
    return np.asarray(drawn[which], np.bool_)


def _sign(values: Floats, arrived: Bools, points: Groups, first: Bools, width: float) -> Iterator[object]:
    """Yield the relation, the threshold, how often it misleads in the other half, and whether it tells anything."""
    relation, threshold = _threshold(values[first], arrived[first])
    shown = (values >= threshold if relation == ">=" else values <= threshold)[~first]
    reached, others = arrived[~first], points[~first]
    false_alarm = _share(shown[~reached], others[~reached])
    miss = _share(~shown[reached], others[reached])
    yield from (relation, threshold)
    for share in (false_alarm, miss):
        yield from (share.value, *share.interval())
    yield 1 - false_alarm.value - miss.value > width * math.hypot(false_alarm.error, miss.error)


def _threshold(values: Floats, arrived: Bools) -> tuple[str, float]:
    """Return the relation and the threshold of the greatest index of Youden."""
    there = np.isfinite(values)
    steps, which = np.unique(values[there], return_inverse=True)
    if not steps.size:
        return ">=", math.nan
    reach, fail = (np.bincount(which, of[there], len(steps)) / of.sum() for of in (arrived, ~arrived))
    above = np.cumsum((reach - fail)[::-1])[::-1]  # of runs at each step or above
    below = np.cumsum(reach - fail)
    if above.max() >= below.max():
        at = int(above.argmax())
        return ">=", _between(steps[max(at - 1, 0)], steps[at])
    at = int(below.argmax())
    return "<=", _between(steps[min(at + 1, len(steps) - 1)], steps[at])


def _between(beyond: float, within: float) -> float:
    """Return a number halfway between two values, of few digits where these do."""
    middle = (beyond + within) / 2
    short = float(f"{middle:.{DIGITS}g}")
    return short if min(beyond, within) < short <= max(beyond, within) else float(within)


def _share(marked: Bools, points: Groups) -> _Share:
    """Return the share of runs that are marked, which come in points: a ratio of sums (Cochran 1977, 6.3)."""
    _, which = np.unique(points, return_inverse=True)
    runs, hits = np.bincount(which), np.bincount(which, marked)
    value, count = float(marked.mean()), len(runs)
    error = math.sqrt(count / max(count - 1, 1) * float(((hits - value * runs) ** 2).sum())) / len(marked)
    worth = value * (1 - value) / error**2 if error > 0 else count
    return _Share(value, error, min(worth, len(marked)))
