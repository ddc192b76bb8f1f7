"""Rule induction: the limits of many boxes, as PRIM and CART of EMA Workbench (Kwakkel 2017) find them."""

import warnings
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from foresight.box import SCENARIO, Bools
from foresight.extras import extra

#: The extra that brings EMA Workbench.
EXTRA: Final = "explore"

#: Smallest part of the points in a box: the usual 5 %, or half as many as are of interest where these are fewer.
LEAST_MASS: Final = 0.05
_LEAST_OF_INTEREST: Final = 0.5

#: What columns are called that EMA Workbench gets: it drops those named "scenario", where it numbers its draws.
_RENAMED: Final = "base scenario"
_IS: Final = f"{_RENAMED} = "

#: From lowest to highest value by name of the factor; of "scenario", the ids.
Limits = dict[str, Sequence[Any]]


def peeled(points: pd.DataFrame, interesting: Bools) -> list[Limits]:
    """Return the limits of every box that PRIM peels, the first of them of all points (Friedman and Fisher 1999).

    Parameters
    ----------
    points : pandas.DataFrame
        float64, one row a point and one column a factor; texts in a column "scenario", if there is one.
    interesting : bool[point]
        True for one or more.

    Raises
    ------
    InputError
        If the extra is missing.
    """
    prim = extra("ema_workbench.analysis.prim", EXTRA)
    renamed = points.set_axis([_RENAMED if name == SCENARIO else name for name in points], axis="columns")
    any_density = interesting.mean() / 2  # without it in the last box, those before are not told
    with warnings.catch_warnings(action="ignore"):  # of what EMA Workbench 2.5 uses and pandas is about to drop
        peeling = prim.Prim(renamed, interesting, any_density, mass_min=_least_mass(interesting))
        peeling._paste = lambda box: box  # the second half takes twice as long and widens the last box alone
        found = [lims.to_dict("list") for lims in peeling.find_box().box_lims]
    return [{SCENARIO if name == _RENAMED else name: _ends(pair) for name, pair in one.items()} for one in found]


def leaves(points: pd.DataFrame, interesting: Bools, most_conditions: int) -> list[Limits]:
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
        If the extra is missing.
    """
    cart = extra("ema_workbench.analysis.cart", EXTRA)
    numbers = _numbered(points)
    with warnings.catch_warnings(action="ignore"):  # as above
        tree = cart.CART(numbers, interesting, _least_mass(interesting))
        tree.build_tree()
        tree.clf.set_params(max_depth=2 * most_conditions, random_state=0)  # two limits a factor; ties have a seed
        tree.clf.fit(numbers.to_numpy(), interesting)
        tree.feature_names += ["", ""]  # leaves have feature -2, which EMA Workbench looks up even of one column
        branched = tree.clf.get_n_leaves() > 1  # of a tree that is not, EMA Workbench cannot tell the limits
        found = [lims.to_dict("list") for lims in tree.boxes] if branched else []
    return [_with_ids(one) for one in found]


def _ends(pair: Sequence[Any]) -> Sequence[Any]:
    """Return the ids of scenarios, which EMA Workbench has twice, or lowest and highest value."""
    return tuple(pair[0]) if isinstance(pair[0], set) else pair


def _numbered(points: pd.DataFrame) -> pd.DataFrame:
    """Put a column of 0 and 1 for each scenario in place of the ids: EMA Workbench misses limits to one of them."""
    ids = sorted(set(points.get(SCENARIO, ())))
    known = {f"{_IS}{one}": (points[SCENARIO] == one).astype(np.float64) for one in ids}
    return points.drop(columns=SCENARIO, errors="ignore").assign(**known)


def _with_ids(found: Mapping[str, Sequence[Any]]) -> Limits:
    """Put the ids of scenarios in place of limits of their columns of 0 and 1."""
    limits = {name: pair for name, pair in found.items() if not name.startswith(_IS)}
    known = {name.removeprefix(_IS): pair for name, pair in found.items() if name.startswith(_IS)}
    only = tuple(one for one, (low, _) in known.items() if low > 0)
    left = only or tuple(one for one, (_, high) in known.items() if high == 1)
    return {**limits, SCENARIO: left} if known else limits


def _least_mass(interesting: Bools) -> float:
    """Return the smallest part of the points in a box, two points or more."""
    return max(2 / interesting.size, min(LEAST_MASS, _LEAST_OF_INTEREST * float(interesting.mean())))
