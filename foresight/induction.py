"""Rule induction on tables of points: the limits of many boxes by name of the factor."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd

from foresight import cart, prim
from foresight.box import SCENARIO, Bools
from foresight.inputs import Floats
from foresight.limits import Limits

#: Smallest part of the points in a box: the usual 5 %, or half as many as are of interest where these are fewer.
LEAST_MASS: Final = 0.05
_LEAST_OF_INTEREST: Final = 0.5

#: A box has as many points or more, however few there are.
_LEAST_POINTS: Final = 2

#: From lowest to highest value by name of the factor; of "scenario", the ids.
Named = Mapping[str, Sequence[Any]]


def peeled(points: pd.DataFrame, interesting: Bools) -> list[Named]:
    """Return the limits of every box that PRIM peels, the first of them of all points (Friedman and Fisher 1999).

    Parameters
    ----------
    points : pandas.DataFrame
        float64, one row a point and one column a factor; texts in a column "scenario", if there is one.
    interesting : bool[point]
        True for one or more.
    """
    table = _table(points)
    least_mass = max(_LEAST_POINTS / interesting.size, _least_mass(interesting))
    return [table.named(limits) for limits in prim.peel(table.values, table.classes, interesting, least_mass)]


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
    return [table.named(one) for one in cart.leaves(table.values, table.classes, interesting, least_points, depth)]


class _Table(NamedTuple):
    """Points as arrays: values float64[point, factor] and classes bool[point, id], with their names."""

    factors: Sequence[str]
    values: Floats
    ids: Sequence[str]
    classes: Bools

    def named(self, limits: Limits) -> Named:
        """Return limits by name of the factor."""
        named: dict[str, Sequence[Any]] = dict(
            zip(self.factors, zip(limits.low, limits.high, strict=True), strict=True)
        )
        ids = tuple(one for one, within in zip(self.ids, limits.classes, strict=True) if within)
        return {**named, SCENARIO: ids} if ids else named


def _table(points: pd.DataFrame) -> _Table:
    factors = [str(name) for name in points if name != SCENARIO]
    scenarios = points[SCENARIO].to_numpy(str) if SCENARIO in points else np.array([], str)
    ids = sorted(set(scenarios))
    classes = np.array([scenarios == one for one in ids], np.bool_).reshape(len(ids), len(points)).T
    return _Table(factors, points[factors].to_numpy(np.float64), ids, classes)


def _least_mass(interesting: Bools) -> float:
    """Return the smallest part of the points in a box, 0..1."""
    return min(LEAST_MASS, _LEAST_OF_INTEREST * float(interesting.mean()))
