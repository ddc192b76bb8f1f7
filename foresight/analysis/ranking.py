"""Ranks of factors, as far as intervals tell them apart."""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from foresight.arrays import Floats

#: Widest interval of an index of 0 to 1 with which indices count as converged: Sarrazin, F., Pianosi, F. and Wagener,
#: T. (2016), Global sensitivity analysis of environmental models: convergence and validation, Environ. Model. Softw.
#: 79, 135-152.
WIDEST: Final = 0.05

#: The same as a share of the largest index, where that allows more: to rank, factors need to be told apart on the
#: scale of the most important one. A choice of the project; a quarter is four steps between nothing and that one.
WIDEST_SHARE: Final = 0.25

#: The share of what is allowed beyond which chance leaves no room for anything else.
CHANCE: Final = 0.9

#: The most that is asked for, in the unit of the sampler.
MOST: Final = 2**20


def widest_allowed(values: Floats, *, unit_free: bool) -> float:
    """Return how wide the interval of an index, float64[factor], may be at most for factors to be ranked."""
    return max(WIDEST_SHARE * float(values.max()), WIDEST if unit_free else 0.0)


def size_to_try(present: int, width: float, allowed: float, fewest: int, *, power_of_two: bool) -> int:
    """Return how many trajectories, base samples or points may be enough: intervals narrow with the square root.

    Parameters
    ----------
    present : int
        How many there are, in the unit of the sampler.
    width, allowed : float
        Of the widest interval, what want of points makes of it, as it is and as it may be; NaN if it is not known.
    fewest : int
        Fewer will not do whatever the intervals are.
    power_of_two : bool
        Whether the sampler takes powers of two only.
    """
    ratio = (width / allowed) ** 2 if allowed > 0 and np.isfinite(width) else 1.0
    wanted = max(min(present * ratio, MOST), present + 1, fewest)
    return int(2 ** np.ceil(np.log2(wanted)) if power_of_two else np.ceil(wanted))


def room_beside(chance: float, allowed: float) -> float:
    """Return how far intervals may reach for want of points, beside how far chance makes them reach.

    Both add in quadrature up to what is allowed. Where chance alone takes nearly all of it, more points do not help
    before there are more replicates; then each is to have half.
    """
    return math.sqrt(allowed**2 / 2 if too_much_chance(chance, allowed) else allowed**2 - chance**2)


def too_much_chance(chance: float, allowed: float) -> bool:
    """Return whether chance alone takes nearly all of what intervals may reach."""
    return chance > CHANCE * allowed


def replicates_to_try(present: int, chance: float, allowed: float) -> int:
    """Return how many replicates may be enough: what chance does shrinks with their square root."""
    if not too_much_chance(chance, allowed):
        return present
    return math.ceil(min(present * 2 * (chance / allowed) ** 2, MOST)) if allowed > 0 else present


def told_apart(factors: Sequence[str], low: Floats, high: Floats) -> tuple[tuple[str, ...], ...]:
    """Return groups of factors, the most important first: intervals of different groups do not overlap.

    Those of one group overlap, each with another of them at least, and stand in the order given.

    Parameters
    ----------
    factors : sequence of str
    low, high : float64[factor]
        Intervals of the index that they are ranked by.
    """
    groups: list[list[int]] = []
    bottom = np.inf
    for at in np.argsort(-high, kind="stable").tolist():
        if high[at] < bottom:
            groups.append([])
        groups[-1].append(at)
        bottom = min(bottom, low[at])
    return tuple(tuple(factors[at] for at in sorted(group)) for group in groups)


def tiers(factors: Sequence[str], value: Floats, low: Floats, high: Floats) -> tuple[tuple[str, ...], ...]:
    """Return groups of factors, the most important first, also where intervals are too wide to rank all of them.

    The first of a group has the highest value of those that are left. The others of its group are not told apart from
    it, as their intervals overlap; those of later groups are.

    Parameters
    ----------
    factors : sequence of str
    value, low, high : float64[factor]
        Of the index that they are ranked by, with its interval.
    """
    left = np.argsort(-value, kind="stable")
    groups = []
    while left.size:
        level = high[left] >= low[left[0]]
        groups.append(tuple(factors[at] for at in left[level].tolist()))
        left = left[~level]
    return tuple(groups)
