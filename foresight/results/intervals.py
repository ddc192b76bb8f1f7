"""Intervals of means and shares: how wide they are, and that of a share."""

import math
from statistics import NormalDist
from typing import Final

import numpy as np
import numpy.typing as npt

from foresight.arrays import Floats

#: Probability that an interval of a mean or a share is meant to hold.
CONFIDENCE: Final = 0.95

#: Standard errors on either side that give that probability.
WIDTH: Final = NormalDist().inv_cdf(0.5 + CONFIDENCE / 2)


def wilson_interval(successes: float, trials: float, width: float = WIDTH) -> tuple[float, float]:
    """Return the interval of a share, which also holds where none or all succeed (Wilson 1927)."""
    share, square = successes / trials, width**2
    centre = (share + square / (2 * trials)) / (1 + square / trials)
    reach = width * math.sqrt(share * (1 - share) / trials + square / (4 * trials**2)) / (1 + square / trials)
    return max(centre - reach, 0.0), min(centre + reach, 1.0)


def student_width(freedom: npt.ArrayLike, confidence: float = CONFIDENCE) -> Floats:
    """Return how many standard errors an interval reaches on either side, where these are estimated too.

    Student (1908), The probable error of a mean, Biometrika 6(1). With endless degrees of freedom it is `WIDTH`.

    Parameters
    ----------
    freedom : array_like of float[...]
        Degrees of freedom: of a mean of n values, n - 1.
    confidence : float
        That the interval holds what it is of.

    Returns
    -------
    float64[...]
        NaN where there is no degree of freedom.
    """
    from scipy.special import stdtrit  # late: half a second

    some = np.asarray(freedom, np.float64)
    return np.asarray(stdtrit(np.where(some > 0, some, np.nan), 0.5 + confidence / 2), np.float64)


def two_sided(errors: Floats, freedom: Floats) -> Floats:
    """Return how likely a difference of none comes out at least so many standard errors away from it (Student 1908)."""
    from scipy.special import stdtr  # late: half a second

    return np.asarray(2 * stdtr(freedom, -errors), np.float64)
