"""Ranks of factors, as far as they are told apart."""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from foresight.arrays import Floats, Integers, Mask
from foresight.results.bands import ratio
from foresight.results.intervals import CONFIDENCE, two_sided

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


def doubts(value: Floats, sources: Sequence[tuple[Floats, int]]) -> Floats:
    """Return how likely two indices that are the same come out as far apart as they did, float64[factor, factor].

    Variances of several sources add, with the degrees of freedom of Welch, B. L. (1947), Biometrika 34(1-2), 28-35.

    Parameters
    ----------
    value : float64[factor]
        The index that factors are ranked by.
    sources : sequence of (float64[factor, factor], int)
        Covariance of the indices by each thing that is unsure, and from how many of these it was found.
    """
    variances = [np.add.outer(own := np.diag(found), own) - 2 * found for found, _ in sources]
    together = np.asarray(sum(variances), np.float64)
    parts = sum(variance**2 / (drawn - 1) for variance, (_, drawn) in zip(variances, sources, strict=True))
    freedom = ratio(together**2, np.asarray(parts), empty=np.inf)
    apart = np.abs(np.subtract.outer(value, value))
    errors = ratio(apart, np.sqrt(np.maximum(together, 0.0)), empty=np.inf)
    return two_sided(np.where(apart > 0, errors, 0.0), freedom)


def told_apart(value: Floats, doubt: Floats, idle: Mask) -> Mask:
    """Return whether the first of two factors is told to be more important than the second, bool[factor, factor].

    With 95 % confidence no pair of all misleads: Holm, S. (1979), A simple sequentially rejective multiple test
    procedure, Scand. J. Stat. 6(2), 65-70.

    Parameters
    ----------
    value : float64[factor]
        The index that they are ranked by.
    doubt : float64[factor, factor]
        As from `doubts`.
    idle : bool[factor]
        Which are not told from nothing. These are above no others, whatever they came to.
    """
    pairs = np.triu_indices(len(value), 1)
    order = np.argsort(doubt[pairs], kind="stable")
    allowed = (1 - CONFIDENCE) / np.arange(len(order), 0, -1)
    told = np.zeros(len(order), np.bool_)
    told[order] = np.logical_and.accumulate(doubt[pairs][order] <= allowed)
    apart = np.zeros(doubt.shape, np.bool_)
    apart[pairs] = told
    return (apart | apart.T) & (np.subtract.outer(value, value) > 0) & ~idle[:, np.newaxis]


def places(apart: Mask) -> tuple[Integers, Integers]:
    """Return the best and the worst place that each factor may have, counted from 1, int64[factor] both.

    Mogstad, M., Romano, J. P., Shaikh, A. M. and Wilhelm, D. (2024), Inference for ranks, Rev. Econ. Stud. 91(1).
    """
    return 1 + apart.sum(axis=0), len(apart) - apart.sum(axis=1)


def steps(factors: Sequence[str], value: Floats, apart: Mask) -> tuple[tuple[str, ...], ...]:
    """Return groups of factors, the most important first, and in each the largest estimate first.

    Every factor of a group is told apart from every factor of the groups after it.
    """
    order = np.argsort(-value, kind="stable")
    ordered = apart[np.ix_(order, order)]
    cuts = [at for at in range(1, len(order)) if ordered[:at, at:].all()]
    return tuple(tuple(factors[at] for at in part.tolist()) for part in np.split(order, cuts))


def tiers(factors: Sequence[str], value: Floats, apart: Mask) -> tuple[tuple[str, ...], ...]:
    """Return groups of factors, the most important first.

    The first of a group has the highest value of those that are left. The others of its group are not told apart from
    it, those of later groups are.
    """
    left = np.argsort(-value, kind="stable")
    groups = []
    while left.size:
        level = ~apart[left[0], left]
        groups.append(tuple(factors[at] for at in left[level].tolist()))
        left = left[~level]
    return tuple(groups)
