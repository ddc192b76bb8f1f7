"""Arguments that the library is called with: what cannot be used is refused with a reason."""

import operator
from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from foresight.errors import InputError, Problem, listed, nearest, shown
from foresight.runs import EFFECTS, Effects, Runs

#: Most replicates and the largest seed: the widths of an address of luck.
MOST_REPLICATES: Final = 2**32
LARGEST_SEED: Final = 2**64 - 1


def check_whole(name: str, value: Any, low: int, high: int) -> None:
    """Refuse what is not a whole number in a range.

    Raises
    ------
    InputError
        With the name of the argument and the range.
    """
    whole = hasattr(value, "__index__") and not isinstance(value, bool | np.bool_)
    if not whole or not low <= operator.index(value) <= high:
        kind = "out_of_range" if whole else "not_whole"
        raise InputError([Problem("Python", name, kind, shown(value), f"{low}..{high}")])


def check_name(name: str, value: object, names: Sequence[str]) -> None:
    """Refuse what is none of the names there are.

    Raises
    ------
    InputError
        With the name of the argument, all values that it may have, and the nearest.
    """
    if not isinstance(value, str) or value not in names:
        near = nearest(str(value), names)
        raise InputError([Problem("Python", name, "unknown_name", shown(value), listed(names), near)])


def runs_from(replicates: int, seed: int, effects: Effects) -> Runs:
    """Return so many runs of a seed, from the first on.

    Raises
    ------
    InputError
        If there are none such.
    """
    check_whole("replicates", replicates, 1, MOST_REPLICATES)
    check_whole("seed", seed, 0, LARGEST_SEED)
    check_name("effects", effects, EFFECTS)
    return Runs(effects, operator.index(seed), range(replicates))
