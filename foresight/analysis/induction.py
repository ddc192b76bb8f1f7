"""Rule induction on tables of points: the limits of many boxes by name of the factor."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd

from foresight.analysis import cart, prim
from foresight.analysis.box import CATEGORICAL, Bools
from foresight.analysis.limits import Groups, Limits
from foresight.arrays import Floats

#: Smallest part of the points in a box: the usual 5 %, or half as many as are of interest where these are fewer.
LEAST_MASS: Final = 0.05
_LEAST_OF_INTEREST: Final = 0.5

#: A box has as many points or more, however few there are.
_LEAST_POINTS: Final = 2

#: From lowest to highest value by name of the factor; of a category, its names.
Named = Mapping[str, Sequence[Any]]


def peeled(points: pd.DataFrame, interesting: Bools) -> list[Named]:
    """Return the limits of every box that PRIM peels, the first of them of all points (Friedman and Fisher 1999).

    Parameters
    ----------
    points : pandas.DataFrame
        float64, one row a point and one column a factor; texts in columns of `box.CATEGORICAL`.
    interesting : bool[point]
        True for one or more.
    """
    table = _table(points)
    least_mass = max(_LEAST_POINTS / interesting.size, _least_mass(interesting))
    return [table.named(limits) for limits in prim.peel(*table.arrays(), interesting, least_mass)]


def leaves(points: pd.DataFrame, interesting: Bools, most_conditions: int) -> list[Named]:
    """Return the limits of every leaf of a tree (Breiman et al. 1984).

    Parameters
    ----------
    points, interesting
        As in `peeled`.
    most_conditions : int
        Factors that a leaf is to have limits of; it may have some more.

    Raises
    ------
    InputError
        If the extra "explore" is missing.
    """
    table = _table(points)
    least_points = max(_LEAST_POINTS, int(_least_mass(interesting) * interesting.size))
    depth = 2 * most_conditions  # two limits a factor
    return [table.named(one) for one in cart.leaves(*table.arrays(), interesting, least_points, depth)]


class _Table(NamedTuple):
    """Points as arrays: values float64[point, factor] and classes bool[point, class], with what each stands for."""

    factors: Sequence[str]
    values: Floats
    names: Sequence[tuple[str, str]]  # category and name of each class
    classes: Bools
    groups: Groups

    def arrays(self) -> tuple[Floats, Bools, Groups]:
        """Return what boxes are found in."""
        return self.values, self.classes, self.groups

    def named(self, limits: Limits) -> Named:
        """Return limits by name of the factor."""
        named: dict[str, Sequence[Any]] = dict(
            zip(self.factors, zip(limits.low, limits.high, strict=True), strict=True)
        )
        within = [one for one, inside in zip(self.names, limits.classes, strict=True) if inside]
        for category in dict.fromkeys(category for category, _ in self.names):
            named[category] = tuple(name for of, name in within if of == category)
        return named


def _table(points: pd.DataFrame) -> _Table:
    factors = [str(name) for name in points if name not in CATEGORICAL]
    categories = [name for name in CATEGORICAL if name in points]
    names = [(category, name) for category in categories for name in sorted(set(points[category]))]
    classes = [(points[category] == name).to_numpy(np.bool_) for category, name in names]
    groups = np.array([categories.index(category) for category, _ in names], np.int64)
    columns = np.array(classes, np.bool_).reshape(len(names), len(points)).T
    return _Table(factors, points[factors].to_numpy(np.float64), names, columns, groups)


def _least_mass(interesting: Bools) -> float:
    """Return the smallest part of the points in a box, 0..1."""
    return min(LEAST_MASS, _LEAST_OF_INTEREST * float(interesting.mean()))
