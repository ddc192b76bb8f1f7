"""CART, classification and regression trees: boxes that are the leaves of one (Breiman et al. 1984)."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from foresight.analysis.box import Bools
from foresight.analysis.limits import Groups, Limits, limits_of_all
from foresight.arrays import Floats
from foresight.extras import EXPLORE, extra


def leaves(
    values: Floats, classes: Bools, groups: Groups, interesting: Bools, least_points: int, depth: int
) -> list[Limits]:
    """Return the limits of every leaf of a tree.

    Parameters
    ----------
    values : float64[point, column]
    classes : bool[point, class]
        Of which class each point is; without classes, of length 0.
    groups : int64[class]
        Of which category each class is: a point is of one class of each.
    interesting : bool[point]
    least_points : int
        A leaf has as many or more.
    depth : int
        Limits on the way to a leaf, at most.

    Raises
    ------
    InputError
        If the extra "explore" is missing.
    """
    trees = extra("sklearn.tree", EXPLORE)
    # branches that are as good as each other are drawn: with one seed always the same
    grown = trees.DecisionTreeClassifier(max_depth=depth, min_samples_leaf=least_points, random_state=0)
    columns = np.column_stack([values, classes])  # classes as 0 and 1
    grown.fit(columns, interesting)
    everything = limits_of_all(columns, classes)
    return [_with_classes(one, groups, values.shape[1]) for one in _leaves(grown.tree_, 0, everything)]


def _leaves(tree: Any, node: int, box: Limits) -> Iterator[Limits]:
    """Yield the limits of all leaves below a node, those of numbers at most the threshold first."""
    below, above = tree.children_left[node], tree.children_right[node]
    if below == above:  # both are missing
        yield box
        return
    cut = np.arange(box.low.size) == tree.feature[node]
    yield from _leaves(tree, below, box._replace(high=np.where(cut, tree.threshold[node], box.high)))
    yield from _leaves(tree, above, box._replace(low=np.where(cut, tree.threshold[node], box.low)))


def _with_classes(box: Limits, groups: Groups, columns: int) -> Limits:
    """Put the classes that are within in place of limits of their columns of 0 and 1, which follow the others."""
    only, left = box.low[columns:] > 0, box.high[columns:] == 1
    alone = np.isin(groups, groups[only])
    return Limits(box.low[:columns], box.high[:columns], np.where(alone, only, left))
