"""Types of arrays, by what they hold; their shapes stand where they are used."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Rungs = npt.NDArray[np.int8]
Bytes = npt.NDArray[np.uint8]
Counts = npt.NDArray[np.int16]  # of members, or of whole years
Codes = npt.NDArray[np.uint32]  # of members, or numbers of replicates
RandomWords = npt.NDArray[np.uint32]
WideWords = npt.NDArray[np.uint64]

#: Series by name, the runs last; `members` and `scope` beside them.
Arrays = Mapping[str, npt.NDArray[Any]]
