"""Whether money is what holds steps up: how much is asked for, and what of it is paid."""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from foresight.actions import ACTIONS
from foresight.arrays import Arrays, Floats


class Threshold(NamedTuple):
    """A share below which something is told in other words.

    Parameters
    ----------
    share : float
        Of what it is compared with.
    tag : str
        How it is known, one of `facts.parameters.TAGS`.
    """

    share: float
    tag: str


#: Need below this share of what the first rung of every action costs in every member is little.
LITTLE: Final = Threshold(0.4, "judgement")

#: Need below this share of the same is next to nothing, and how much of it is covered says nothing.
NOTHING: Final = Threshold(0.1, "judgement")

#: Unpaid need below this share of the need holds nothing up.
UNPAID: Final = Threshold(0.1, "judgement")


def paid(arrays: Arrays) -> Floats:
    """Return what members pay themselves of the cost of what is due and what the fund adds, [year, scope, run]."""
    return np.asarray(arrays["need"] - arrays["gap"] + arrays["grant"], np.float64)


def first_rungs(members: int) -> float:
    """Return what the first rung of every action costs in so many members for a year, in units of account."""
    return float(members * len(ACTIONS))


def is_enough(need: float, paid: float, members: int) -> bool:
    """Tell whether little is asked for and nearly all of it is paid, so that money is not what stops it."""
    return need < LITTLE.share * first_rungs(members) and need - paid <= UNPAID.share * need


def is_next_to_nothing(need: npt.NDArray[np.float64], members: int) -> npt.NDArray[np.bool_]:
    """Tell where so little is needed that the share of it which is covered says nothing."""
    return need < NOTHING.share * first_rungs(members)
