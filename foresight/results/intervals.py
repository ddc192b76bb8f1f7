"""Intervals of means and shares: how wide they are, and that of a share."""

import math
from statistics import NormalDist
from typing import Final

#: Probability that an interval of a mean or a share is meant to hold.
CONFIDENCE: Final = 0.95

#: Standard errors on either side that give that probability.
WIDTH: Final = NormalDist().inv_cdf(0.5 + CONFIDENCE / 2)


def wilson_interval(successes: int, trials: int, width: float = WIDTH) -> tuple[float, float]:
    """Return the interval of a share, which also holds where none or all succeed (Wilson 1927)."""
    share, square = successes / trials, width**2
    centre = (share + square / (2 * trials)) / (1 + square / trials)
    reach = width * math.sqrt(share * (1 - share) / trials + square / (4 * trials**2)) / (1 + square / trials)
    return max(centre - reach, 0.0), min(centre + reach, 1.0)
