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
        With everything that is wrong: unknown or fixed names, values that are no numbers or out of range, lengths
        that differ.
    """
    if not isinstance(design, Mapping):
        raise InputError([Problem("Python", "design", "not_a_table", shown(design))])
    columns, found = _columns(design)
    if found := [*found, *_strange_names(design), *_lengths(columns), *_strange_values(columns)]:
        raise InputError(found)
    return columns


def _columns(design: Mapping[str, npt.ArrayLike]) -> tuple[dict[str, Floats], list[Problem]]:
    """Return the arrays of a design, and a problem for each that holds no numbers."""
    columns, problems = {}, []
    for name, values in design.items():
        try:
            columns[name] = np.atleast_1d(np.asarray(values, np.float64))
        except (TypeError, ValueError):
            problems.append(Problem("Python", f"design.{name}", "not_a_number", shown(values)))
    return columns, problems


def _strange_names(design: Mapping[str, object]) -> Iterator[Problem]:
    names = [name for name, item in uncertainties().items() if not item.fixed]
    for name in design:
        if name not in names:
            near = nearest(str(name), names)
            yield Problem("Python", f"design.{name}", "unknown_name", shown(name), listed(names), near)


def _lengths(columns: Mapping[str, Floats]) -> Iterator[Problem]:
    """Find arrays that are not one value a run."""
    runs = max([1, *(column.size for column in columns.values())])
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
