"""Where the effects of members come from: anonymous draws, or one draw a run of the posterior of treaty records."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, get_args

if TYPE_CHECKING:  # help pages do not wait for arrays
    from foresight.arrays import Codes

Effects = Literal["drawn", "posterior"]

#: What may be chosen.
EFFECTS: Final[tuple[Effects, ...]] = get_args(Effects)
DRAWN, POSTERIOR = EFFECTS

#: What the command line and the interface take unless told otherwise; the library takes `DRAWN`.
USUAL: Final[Effects] = POSTERIOR

#: What results and links say of the effects; those that were made before there was a choice say nothing.
NAME: Final = "effects"


#: Called with what is done, runs unless said otherwise, and with all there is to do.
Progress = Callable[[int, int], None]


class Runs(NamedTuple):
    """Which runs inputs are for: where their effects come from, and the addresses of their luck."""

    effects: Effects
    seed: int  # 0 to 2**64 - 1
    replicates: "Sequence[int] | Codes"  # replicate number of every run
