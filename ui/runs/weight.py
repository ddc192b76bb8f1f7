"""How much memory things take, and how it is given back."""

import ctypes
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

import numpy as np
import pandas as pd
import xarray as xr

#: Bytes of the caches unless somebody says otherwise; half of the machine's memory where that is less.
USUAL: Final = 2_000_000_000

#: Bytes of a number that stands by itself.
_NUMBER: Final = sys.getsizeof(0.0)


def usual() -> int:
    """Return the bytes that caches may take on this machine."""
    with suppress(AttributeError, OSError, ValueError):  # a system that does not say
        return min(USUAL, os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2)
    return USUAL


def bytes_of(thing: Any) -> int:
    """Return how many bytes something takes with all that it holds, arrays that share memory once."""
    return _bytes_of(thing, set())


def give_back() -> None:
    """Give memory that is free back to the system: glibc keeps it otherwise."""
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)


def _bytes_of(thing: Any, seen: set[int]) -> int:
    while isinstance(thing, np.ndarray) and isinstance(thing.base, np.ndarray):
        thing = thing.base
    if id(thing) in seen:
        return 0
    seen.add(id(thing))
    if isinstance(thing, float | int | str | None):  # most of what there is
        return sys.getsizeof(thing)
    if isinstance(thing, np.ndarray):
        return int(thing.nbytes)
    if isinstance(thing, pd.DataFrame):
        return int(thing.memory_usage(deep=True).sum())
    if isinstance(thing, list) and thing and (like := _like(thing[0])):  # to its end: pictures are full of them
        return sys.getsizeof(thing) + len(thing) * like
    return sys.getsizeof(thing) + sum(_bytes_of(part, seen) for part in _parts(thing))


def _like(first: Any) -> int:
    """Return the bytes of each part of a list of numbers, or of bands of three, by its first; 0 if it is neither."""
    if type(first) is float:
        return _NUMBER
    return sys.getsizeof(first) + len(first) * _NUMBER if type(first) is list and len(first) == 3 else 0


def _parts(thing: Any) -> list[Any]:
    if isinstance(thing, xr.Dataset):
        return [variable.data for variable in thing.variables.values()]
    if isinstance(thing, Mapping):
        return [*thing, *thing.values()]
    if isinstance(thing, list | tuple | set | frozenset):
        return list(thing)
    return list(getattr(thing, "__dict__", {}).values())
