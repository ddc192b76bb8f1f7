"""PRIM, the patient rule induction method: boxes that are peeled a little at a time (Friedman and Fisher 1999)."""

from collections.abc import Iterator
from operator import itemgetter
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from foresight.analysis.box import Bools
from foresight.analysis.limits import Groups, Limits, limits_of_all
from foresight.arrays import Floats

#: Part of the points in a box that a peel cuts off, where no two are equal: the usual 5 %.
FRACTION: Final = 0.05


class _Peel(NamedTuple):
    """A box that is a little smaller than the one before, and which of that one's points it keeps."""

    limits: Limits
    kept: Bools


def peel(values: Floats, classes: Bools, groups: Groups, interesting: Bools, least_mass: float) -> list[Limits]:
    """Return the limits of every box that is peeled, the first of them of all points, each within the one before.

    Of all peels the next is the one whose density rises most for each point that it cuts off (Kwakkel and Jaxa-Rozen
    2016), of equals the one with limits of fewer columns, then the first: columns in their order, the upper end of
    each before the lower, then classes. It ends where that one makes the box no denser or smaller than it may be.
    Nothing is pasted back.

    Parameters
    ----------
    values : float64[point, column]
        A cut goes halfway between two values; whole numbers are numbers like others.
    classes : bool[point, class]
        Of which class each point is, peeled one class at a time; without classes, of length 0.
    groups : int64[class]
        Of which category each class is: a point is of one class of each.
    interesting : bool[point]
    least_mass : float
        Part of all points that a box has at least, 0..1.
    """
    boxes = [limits_of_all(values, classes)]
    inside = np.arange(len(values))
    while best := _best(boxes[-1], boxes[0], values[inside], classes[inside], groups, interesting[inside]):
        inside = inside[best.kept]
        if inside.size / len(values) < least_mass:
            break
        boxes.append(best.limits)
    return boxes


def _best(
    box: Limits, everything: Limits, values: Floats, classes: Bools, groups: Groups, interesting: Bools
) -> _Peel | None:
    """Return the best peel of the points in a box; None if there is none that makes it denser."""
    peels = [*_lower_and_upper(box, values), *_without_a_class(box, classes, groups)]
    scored = [(_gain(one.kept, interesting), -_limited(one.limits, everything, groups), one) for one in peels]
    gain, _, best = max(scored, key=itemgetter(0, 1), default=(0.0, 0, None))
    return best if gain > 0 else None


def _lower_and_upper(box: Limits, values: Floats) -> Iterator[_Peel]:
    """Yield a peel at the upper and the lower end of every column that has two values or more.

    It cuts off the value at which the outer `FRACTION` of the points begins, so all points that are equal there.
    """
    lasts = np.quantile(values, 1 - FRACTION, axis=0, method="higher")
    firsts = np.quantile(values, FRACTION, axis=0, method="lower")
    for column, (first, last) in enumerate(zip(firsts, lasts, strict=True)):
        own = values[:, column]
        if (below := own < last).any():
            yield _Peel(box._replace(high=_with(box.high, column, (own[below].max() + last) / 2)), below)
        if (above := own > first).any():
            yield _Peel(box._replace(low=_with(box.low, column, (first + own[above].min()) / 2)), above)


def _without_a_class(box: Limits, classes: Bools, groups: Groups) -> Iterator[_Peel]:
    """Yield the box without each of its classes, as long as it has two or more of the category."""
    several = np.bincount(groups[box.classes], minlength=len(groups))[groups] > 1
    for column in map(int, np.flatnonzero(box.classes & several)):
        yield _Peel(box._replace(classes=_with(box.classes, column, False)), ~classes[:, column])


def _with(ends: npt.NDArray[Any], place: int, value: object) -> npt.NDArray[Any]:
    """Return a copy with one value changed."""
    changed = ends.copy()
    changed[place] = value
    return changed


def _gain(kept: Bools, interesting: Bools) -> float:
    """Return how much the density rises for each point that is cut off; 0 where none is, or all are."""
    count = int(kept.sum())
    if count in (0, kept.size):
        return 0.0
    rise = int((kept & interesting).sum()) / count - int(interesting.sum()) / kept.size
    return rise / (kept.size - count)


def _limited(limits: Limits, everything: Limits, groups: Groups) -> int:
    """Return how many columns have limits, the classes of a category as one."""
    numbers = (limits.low != everything.low) | (limits.high != everything.high)
    return int(numbers.sum()) + len(np.unique(groups[~limits.classes]))
