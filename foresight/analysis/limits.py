"""The limits of a box on columns of numbers and on classes, as arrays."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from foresight.analysis.box import Bools
from foresight.arrays import Floats

#: Of which category each class is, int64[class].
Groups = npt.NDArray[np.int64]


class Limits(NamedTuple):
    """What a box asks of a point.

    Parameters
    ----------
    low, high : float64[column]
        Lowest and highest value, both within.
    classes : bool[class]
        The classes that are within.
    """

    low: Floats
    high: Floats
    classes: Bools


def limits_of_all(values: Floats, classes: Bools) -> Limits:
    """Return the limits of the smallest box that has all points within.

    Parameters
    ----------
    values : float64[point, column]
    classes : bool[point, class]
        Of which class each point is; without classes, of length 0.
    """
    return Limits(values.min(axis=0), values.max(axis=0), np.ones(classes.shape[1], np.bool_))
