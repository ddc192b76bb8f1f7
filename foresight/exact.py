"""Numbers in tables of text, to their last bit."""

from typing import Any, Final

import pandas as pd

#: What `pandas.read_csv` has to be told: before version 3.1 four numbers in ten are off in their last bits unless it
#: is; from then on none is, and it warns of being told.
EXACT: Final[dict[str, Any]] = {}
if tuple(map(int, pd.__version__.split(".")[:2])) < (3, 1):
    EXACT["float_precision"] = "round_trip"
