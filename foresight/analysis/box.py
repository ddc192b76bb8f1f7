"""A box: a few conditions on factors, and how well they tell the points of interest from the others."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Context
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from foresight.arrays import Floats
from foresight.experiments.categories import CATEGORIES
from foresight.scenario.factors import factor_called

#: The column of points that has the id of the scenario that everything was varied on top of.
SCENARIO: Final = "scenario"

#: Columns of points that have names and no numbers.
CATEGORICAL: Final = (SCENARIO, *CATEGORIES)

#: A limit whose quasi-p-value is larger may be chance: Bryant and Lempert 2010, Technol. Forecast. Soc. 77(1), 34-49.
SIGNIFICANT: Final = 0.05

#: Digits of a limit: what is said is what was counted.
DIGITS: Final = 3

_LOW: Final = "low"
_HIGH: Final = "high"
_NAMES: Final = "names"

Bools = npt.NDArray[np.bool_]

#: Lowest and highest value, both within, None where it is open; of a category, such as "scenario", the names.
Limit = tuple[Any, ...]


@dataclass(frozen=True)
class Box:
    """A few conditions, and how well they tell the points of interest from the others.

    Parameters
    ----------
    limits : Mapping[str, tuple]
        By name of the factor, lowest and highest value, both within, None where it is open; of a category, its names.
        Factors without limits are left out.
    coverage : float
        Share of all points of interest that are within, 0..1.
    density : float
        Share of all points within that are of interest, 0..1.
    mass : float
        Share of all points that are within, 0..1.
    quasi_p : Mapping[str, float]
        Of each factor the chance of as many points of interest within if its limit did nothing; of two limits the
        larger (Bryant and Lempert 2010).
    """

    limits: Mapping[str, Limit]
    coverage: float
    density: float
    mass: float
    quasi_p: Mapping[str, float]

    def inside(self, points: pd.DataFrame) -> Bools:
        """Tell which points are within all limits, bool[point]."""
        within: Bools = np.ones(len(points), np.bool_)
        for one in _conditions(self.limits):
            within &= one.holds(points)
        return within


class _Condition(NamedTuple):
    """A limit on one side, or the names of a category."""

    name: str
    side: str
    value: Any

    def holds(self, points: pd.DataFrame) -> Bools:
        """Tell for which points it holds, bool[point]."""
        column = points[self.name]
        if self.side == _NAMES:
            return np.asarray(column.isin(self.value), np.bool_)
        return np.asarray(column >= self.value if self.side == _LOW else column <= self.value, np.bool_)


def box_of(limits: Mapping[str, Limit], points: pd.DataFrame, interesting: Bools) -> Box:
    """Drop limits that may be chance, weakest first, and count what the others tell apart.

    Parameters
    ----------
    limits : Mapping[str, tuple]
        As `told` gives them.
    points : pandas.DataFrame
        One row a point, one column a factor.
    interesting : bool[point]
        True for one or more.
    """
    conditions, chances = _significant(list(_conditions(limits)), points, interesting)
    by_factor = {one.name: 0.0 for one in conditions}
    for one, chance in zip(conditions, chances, strict=True):
        by_factor[one.name] = max(by_factor[one.name], float(chance))
    within = Box(_limits(conditions), 0.0, 0.0, 0.0, by_factor).inside(points)
    hits = int((within & interesting).sum())
    shares = (hits / int(interesting.sum()), hits / max(1, int(within.sum())), float(within.mean()))
    return Box(_limits(conditions), *shares, by_factor)


def told(limits: Mapping[str, Sequence[Any]], points: pd.DataFrame) -> dict[str, Limit]:
    """Return limits as they are told: rounded, open where no point is beyond, and none that leave nothing out.

    Parameters
    ----------
    limits : Mapping[str, sequence]
        Lowest and highest value of every factor; of a category, its names.
    points : pandas.DataFrame
    """
    found = {name: _told(name, limit, points[name]) for name, limit in limits.items()}
    return {name: limit for name, limit in found.items() if limit is not None}


def _told(name: str, limit: Sequence[Any], column: pd.Series) -> Limit | None:
    """Return one limit, rounded outward to `DIGITS`, whole numbers inward; None where it leaves nothing out."""
    if name in CATEGORICAL:
        return None if set(column) <= set(limit) else tuple(sorted(limit))
    if factor_called(name).parameter.whole:
        low, high = math.ceil(limit[0]), math.floor(limit[1])
    else:
        low, high = _rounded(limit[0], ROUND_FLOOR), _rounded(limit[1], ROUND_CEILING)
    ends = (None if low <= column.min() else float(low), None if high >= column.max() else float(high))
    return None if ends == (None, None) else ends


def _rounded(value: float, rounding: str) -> float:
    """Round a number as it is written: 0.45 stays 0.45 both ways."""
    return float(Context(prec=DIGITS, rounding=rounding).create_decimal(repr(float(value))))


def _conditions(limits: Mapping[str, Limit]) -> Iterator[_Condition]:
    """Yield limits one side at a time."""
    for name, limit in limits.items():
        sides = [(_NAMES, limit)] if name in CATEGORICAL else zip((_LOW, _HIGH), limit, strict=True)
        yield from (_Condition(name, side, value) for side, value in sides if value is not None)


def _limits(conditions: Iterable[_Condition]) -> dict[str, Limit]:
    """Put the sides of limits together."""
    limits: dict[str, Limit] = {}
    for name, side, value in conditions:
        low, high = (None, None) if side == _NAMES else limits.get(name, (None, None))
        limits[name] = {_NAMES: value, _LOW: (value, high), _HIGH: (low, value)}[side]
    return limits


def _significant(
    conditions: list[_Condition], points: pd.DataFrame, interesting: Bools
) -> tuple[list[_Condition], Floats]:
    """Return the conditions left when those that may be chance are dropped, and their quasi-p-values."""
    held = np.array([one.holds(points) for one in conditions], np.bool_).reshape(len(conditions), len(points))
    while True:
        chances = _quasi_p(held, interesting)
        if not conditions or chances.max() <= SIGNIFICANT:
            return conditions, chances
        weakest = int(chances.argmax())
        conditions = [*conditions[:weakest], *conditions[weakest + 1 :]]
        held = np.delete(held, weakest, axis=0)


def _quasi_p(held: Bools, interesting: Bools) -> Floats:
    """Return the chance of as many points of interest if a condition did nothing (Bryant and Lempert 2010).

    Parameters
    ----------
    held : bool[condition, point]
    interesting : bool[point]

    Returns
    -------
    float64[condition], 0..1
        Of a binomial distribution with the density of the box without the condition, upper tail.
    """
    from scipy.stats import binom  # late: half a second

    missed = (~held).sum(axis=0)
    within = missed == 0
    without = within | (~held & (missed == 1))  # [condition, point]
    density = (without & interesting).sum(axis=1) / np.maximum(1, without.sum(axis=1))
    return np.asarray(binom.sf((within & interesting).sum() - 1, within.sum(), density), np.float64)
