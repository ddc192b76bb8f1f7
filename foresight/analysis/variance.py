"""The variance of an outcome over points and replicates, and what it comes from."""

from typing import Final

import numpy as np
import pandas as pd

from foresight.arrays import Floats
from foresight.results.bands import ROUNDING

#: Where variance comes from: parameters alone, luck that is the same at all points, and luck that is not.
SOURCES: Final = ("parameters", "chance", "both")


def variance_shares(values: Floats) -> pd.DataFrame:
    """Split the variance of a single run into what parameters do, what chance does, and what both do together.

    Replicates have common random numbers, so points and replicates cross: the two-way random-effects analysis of
    variance with one run a cell, from its mean squares; Searle, S. R., Casella, G. and McCulloch, C. E. (1992),
    Variance Components, chapter 4. Components are unbiased before those below zero are set to zero.

    Parameters
    ----------
    values : float64[point, replicate]
        Points with a run that has no value are left out.

    Returns
    -------
    pandas.DataFrame
        ``source``, one of `SOURCES`; ``variance``, in the unit of the outcome squared; ``share`` of their sum. NaN if
        there are not two points and two replicates to tell them apart; shares are also NaN if nothing varies.
    """
    crossed = values[np.isfinite(values).all(axis=1)]
    variance = _components(crossed) if min(crossed.shape) > 1 else np.full(len(SOURCES), np.nan)
    total, size = variance.sum(), np.abs(crossed).max(initial=0.0)
    share = variance / total if total > (ROUNDING * size) ** 2 else np.full(len(SOURCES), np.nan)
    return pd.DataFrame({"source": SOURCES, "variance": variance, "share": share})


def _components(crossed: Floats) -> Floats:
    """Return the variance components of a crossed table, in the order of the sources."""
    points, replicates = crossed.shape
    of_points, of_replicates = crossed.mean(axis=1, keepdims=True), crossed.mean(axis=0, keepdims=True)
    rest = crossed - of_points - of_replicates + crossed.mean()
    left = (rest**2).sum() / ((points - 1) * (replicates - 1))
    parameters = of_points.var(ddof=1) - left / replicates
    chance = of_replicates.var(ddof=1) - left / points
    return np.maximum([parameters, chance, left], 0.0)
