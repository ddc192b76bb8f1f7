"""A design: uncertainties that differ between runs, checked against their declarations."""

from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt

from foresight.checks import listed, nearest, shown
from foresight.errors import InputError, Problem
from foresight.inputs import Floats
from foresight.parameters import Parameter, uncertainties


def checked_design(design: Mapping[str, npt.ArrayLike]) -> dict[str, Floats]:
    """Return a design as float64[run], one array an uncertainty.

    Raises
    ------
    InputError
        With everything that is wrong: unknown or fixed names, lengths that differ, values out of range.
    """
    columns = {name: np.atleast_1d(np.asarray(values, np.float64)) for name, values in design.items()}
    if found := [*_strange_names(columns), *_lengths(columns), *_strange_values(columns)]:
        raise InputError(found)
    return columns


def _strange_names(columns: Mapping[str, Floats]) -> Iterator[Problem]:
    names = [name for name, item in uncertainties().items() if not item.fixed]
    for name in columns:
        if name not in names:
            yield Problem("Python", f"design.{name}", "unknown_name", shown(name), listed(names), nearest(name, names))


def _lengths(columns: Mapping[str, Floats]) -> Iterator[Problem]:
    """Find arrays that are not one value a run."""
    runs = max((column.size for column in columns.values()), default=1)
    for name, column in columns.items():
        if column.ndim != 1 or column.size != runs:
            yield Problem("Python", f"design.{name}", "design_length", str(column.shape), f"({runs},)")


def _strange_values(columns: Mapping[str, Floats]) -> Iterator[Problem]:
    for name, column in columns.items():
        item = uncertainties().get(name)
        if item is None or item.fixed:
            continue
        wrong = column[~_fits(item, column)]
        if wrong.size:
            kind = "not_whole" if item.whole else "out_of_range"
            yield Problem("Python", f"design.{name}", kind, shown(float(wrong[0])), f"{item.low:g}..{item.high:g}")


def _fits(item: Parameter, column: Floats) -> npt.NDArray[np.bool_]:
    """Tell which values are in range, and whole where they have to be."""
    within = (column >= item.low) & (column <= item.high)
    return within & (column == np.floor(column)) if item.whole else within
