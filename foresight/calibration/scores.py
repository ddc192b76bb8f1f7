"""Scores of forecasts against what happened: smaller is better for every score."""

from collections import Counter
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import beta, binom

from foresight.arrays import Floats, Integers

#: Chances are held this far from 0 and 1 in the log score, which is infinite where something happens at 0.
FLOOR: Final = 0.001

#: Nominal levels of the bands whose coverage is counted.
LEVELS: Final = (0.50, 0.80, 0.95)

#: Level of the bars of a reliability diagram, and of the intervals of a coverage.
_CONSISTENT: Final = 0.95

_NARROW: Final = 2.0**-30  # the least width of a PIT; a power of two, so that no rounding is lost

#: Groups below which resampling them tells nothing.
FEWEST: Final = 6

#: Resamples of groups for the interval of a mean.
RESAMPLES: Final = 4000

#: Bins of histograms and diagrams.
BINS: Final = 10


class Coverage(NamedTuple):
    """How often a band held what it promises."""

    level: float
    n: int
    inside: int
    low: float  # exact 95 % interval of the share, Clopper & Pearson (1934)
    high: float

    @property
    def holds(self) -> bool:
        """Whether the interval contains the nominal level."""
        return self.low <= self.level <= self.high


def brier(chance: Floats, happened: Integers) -> Floats:
    """Return the squared error of each chance, Brier (1950)."""
    return (chance - happened) ** 2


def log_score(chance: Floats, happened: Integers) -> Floats:
    """Return minus the log of the chance that was given to what happened, Good (1952)."""
    held = np.clip(chance, FLOOR, 1.0 - FLOOR)
    return -np.where(happened == 1, np.log(held), np.log1p(-held))


def crps(futures: Floats | Integers, seen: float) -> float:
    """Return the continuous ranked probability score of a set of futures, Gneiting & Raftery (2007)."""
    ordered = np.sort(futures)
    weights = 2.0 * np.arange(1, len(ordered) + 1) - len(ordered) - 1
    return float(np.abs(ordered - seen).mean() - (weights * ordered).sum() / len(ordered) ** 2)


def pit(futures: Floats | Integers, seen: float) -> tuple[float, float]:
    """Return the shares of futures below what was seen, and not above it: the ends of its PIT."""
    return float((futures < seen).mean()), float((futures <= seen).mean())


def rank_histogram(ends: Sequence[tuple[float, float]]) -> Floats:
    """Return the share of forecasts in each of ten bins of the PIT, for counts, Czado, Gneiting & Held (2009).

    0 without forecasts. Each one is spread evenly over its ends, so that no luck decides between equal counts.
    """
    if not ends:
        return np.zeros(BINS)
    edges = np.linspace(0.0, 1.0, BINS + 1)
    low, high = np.array(ends).T[:, :, np.newaxis]
    low = np.minimum(low, 1.0 - _NARROW)  # what was above all futures falls into the last bin
    width = np.maximum(high - low, _NARROW)
    below = np.clip((edges - low) / width, 0.0, 1.0)
    shares: Floats = np.diff(below, axis=1).mean(axis=0)
    return shares


class Cells(NamedTuple):
    """Cells of forecasts that hang together, and worlds in which the forecasts are right.

    Parameters
    ----------
    chance : float64[cell]
    waiting : bool[world, cell]
        Whether it could still happen.
    happened : bool[world, cell]
    """

    chance: Floats
    waiting: npt.NDArray[np.bool_]
    happened: npt.NDArray[np.bool_]


def reliability(chance: Floats, happened: Integers, worlds: Sequence[Cells] = ()) -> pd.DataFrame:
    """Return the points of a reliability diagram, Bröcker & Smith (2007).

    Parameters
    ----------
    chance : float64[row]
    happened : int64[row]
    worlds : sequence of Cells, optional
        What the bars are made of; cells of different members of the sequence are independent. Without it all rows are
        taken for independent.

    Returns
    -------
    pandas.DataFrame
        One row a tenth of the forecasts, by rising chance: ``forecast`` (their mean), ``observed`` (share in which it
        happened), ``low`` and ``high`` (the consistency bar: where ``observed`` lies in 95 of 100 cases if the
        forecasts are right), ``n``.
    """
    tenths = [part for part in np.array_split(np.argsort(chance, kind="stable"), BINS) if len(part)]
    points = [(float(chance[part].mean()), float(happened[part].mean()), len(part)) for part in tenths]
    table = pd.DataFrame(points, columns=["forecast", "observed", "n"])
    levels = [0.5 - _CONSISTENT / 2, 0.5 + _CONSISTENT / 2]
    if worlds:
        low, high = np.quantile(_shares(worlds, [float(chance[part[-1]]) for part in tenths]), levels, axis=0)
    else:
        low, high = (binom.ppf(level, table["n"], table["forecast"]) / table["n"] for level in levels)
    return table.assign(low=low, high=high)[["forecast", "observed", "low", "high", "n"]]


def _shares(worlds: Sequence[Cells], top: Sequence[float]) -> Floats:
    """Return the share of cells in which it happened, float64[world, tenth]; a tenth ends with its top chance."""
    waiting = np.zeros((len(worlds[0].waiting), len(top)))
    happened = np.zeros_like(waiting)
    for one in worlds:
        tenth = np.searchsorted(top[:-1], one.chance)
        into = (tenth[:, np.newaxis] == np.arange(len(top))).astype(np.float32)
        waiting += one.waiting.astype(np.float32) @ into
        happened += one.happened.astype(np.float32) @ into
    return happened / np.maximum(waiting, 1.0)


def band(futures: Integers, level: float) -> tuple[int, int]:
    """Return the central band of a level."""
    tail = (1.0 - level) / 2
    low, high = np.quantile(futures, [tail, 1.0 - tail], method="inverted_cdf")
    return int(low), int(high)


def coverage(inside: Sequence[bool], level: float, groups: Sequence[str] = ()) -> Coverage:
    """Return how often bands of a level held what was seen, with the interval of that share.

    Parameters
    ----------
    inside : sequence of bool
    level : float
    groups : sequence of str, optional
        Bands of one group are alike: they count as one, and groups that differ in size as fewer than there are, by the
        effective number of Kish (1965). By default each stands alone.
    """
    n, held = len(inside), sum(inside)
    alike = Counter(groups).values()
    alone = n / sum(size**2 for size in alike) if alike else 1.0  # what one band weighs
    low = beta.ppf((1 - _CONSISTENT) / 2, held * alone, (n - held) * alone + 1) if held else 0.0
    high = beta.ppf((1 + _CONSISTENT) / 2, held * alone + 1, (n - held) * alone) if held < n else 1.0
    return Coverage(level, n, held, float(low), float(high))


def verdict(low: float, high: float, groups: int = FEWEST) -> str:
    """Say what the interval of a gain means: "better", "worse", "open" where it holds 0, "few" from too few groups."""
    if groups < FEWEST:
        return "few"
    return "better" if low > 0 else "worse" if high < 0 else "open"


def resampled_mean(values: npt.NDArray[np.float64], group: "pd.Series[str]", seed: int) -> dict[str, float]:
    """Return a mean over rows with its 95 % interval, resampling whole groups: ``gain``, ``low``, ``high``.

    Rows of one agreement are alike, so that what is uncertain is which agreements there are.
    """
    parts = pd.DataFrame({"value": values, "group": group.to_numpy()}).groupby("group")["value"].agg(["sum", "size"])
    chosen = np.random.default_rng(seed).integers(len(parts), size=(RESAMPLES, len(parts)))
    sums, sizes = (parts[column].to_numpy()[chosen].sum(axis=1) for column in ("sum", "size"))
    low, high = np.quantile(sums / sizes, [0.025, 0.975])
    return {"gain": float(values.mean()), "low": float(low), "high": float(high)}


#: Scores of a chance, by name.
SCORES: Final = {"brier": brier, "log_score": log_score}
