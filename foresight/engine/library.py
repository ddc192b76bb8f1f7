"""A library made beforehand: the entries of the engine as machine code, called without numba.

A wheel has libraries in the folder beside this file, one for each kind of processor, and a list of what they were made
of. One is used only where it was made of the very sources that are there, and is whole.
"""

import ctypes
import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, ParamSpec, TypeVar, cast

import numpy as np

#: The folder of libraries and, in it, their list.
FOLDER: Final = Path(__file__).parent / "libraries"
LIST: Final = "list.json"

P = ParamSpec("P")
R = TypeVar("R")


class Library:
    """Machine code, and the kinds of arguments that each entry takes."""

    def __init__(self, path: Path, kinds: dict[str, list[str]]) -> None:
        self._code, self._kinds = ctypes.CDLL(str(path)), kinds

    def entry(self, function: Callable[P, R]) -> Callable[P, R]:
        """Return what a function is in machine code."""
        name = entry_name(function)
        call, kinds = self._code[name], self._kinds[name]

        def called(*arguments: Any) -> None:
            values = list(values_of(arguments))
            if (given := [kind_of(value) for value in values]) != kinds:
                raise TypeError(f"{name}: given {given}; allowed {kinds}")
            if call(*tables_of(values)):
                raise RuntimeError(f"{name}: failed")

        return cast(Callable[P, R], called)


def entry_name(function: Callable[..., Any]) -> str:
    """Return the name of an entry in libraries and their list."""
    return f"{function.__module__.rpartition('.')[2]}.{function.__name__}"


def fitting(folder: Path, digest: str) -> Library | None:
    """Return the best library of a folder that this processor can run, if it was made of sources with this digest."""
    try:
        listed = json.loads((folder / LIST).read_text("utf-8"))
        path = _best(folder, listed) if listed["digest"] == digest else None
        return Library(path, listed["entries"]) if path else None
    except (OSError, ValueError, LookupError, TypeError):  # missing or broken: numba compiles
        return None


def _best(folder: Path, listed: dict[str, Any]) -> Path | None:
    """Return the first library of a list that this processor can run, if it is whole."""
    can = _abilities()
    for one in listed["libraries"]:
        if any(can.issuperset(needs) for needs in one["needs"]):
            path: Path = folder / one["file"]
            return path if hashlib.sha256(path.read_bytes()).hexdigest() == one["sha256"] else None
    return None


def _abilities() -> set[str]:
    """Return what the processor can, as the versions of numpy name it; they leave out lists that are empty."""
    told: Any = np.show_config(mode="dicts")
    extensions = told.get("SIMD Extensions", {})
    return {*extensions.get("baseline", ()), *extensions.get("found", ())}


def values_of(value: Any) -> Iterator[Any]:
    """Yield the arrays and numbers of nested records."""
    if isinstance(value, tuple):
        for part in value:
            yield from values_of(part)
    else:
        yield value


def kind_of(value: Any) -> str:
    """Return the kind of an argument: of an array its type and number of axes."""
    if isinstance(value, np.ndarray):
        return f"{value.dtype.str} {value.ndim}" if value.flags.c_contiguous else "scattered"
    return "real" if isinstance(value, float) else "whole"


def tables_of(values: list[Any]) -> tuple[Any, Any, Any]:
    """Return arguments as three tables: pointers, whole numbers with the lengths of axes, and real numbers."""
    pointers: list[int] = []
    wholes: list[int] = []
    reals: list[float] = []
    for value in values:
        if isinstance(value, np.ndarray):
            pointers.append(value.__array_interface__["data"][0])
            wholes.extend(value.shape)
        elif isinstance(value, float):
            reals.append(value)
        else:
            wholes.append(int(value))
    return (
        (ctypes.c_void_p * len(pointers))(*pointers),
        (ctypes.c_int64 * len(wholes))(*wholes),  # one of 64 bits without a sign comes as the same bits
        (ctypes.c_double * len(reals))(*reals),
    )
