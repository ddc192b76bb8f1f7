"""A design: uncertainties and levers that differ between runs, checked against their declarations."""

from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt

from foresight.arrays import Floats
from foresight.errors import InputError, Problem, listed, nearest, shown
from foresight.facts.parameters import Parameter
from foresight.scenario.factors import cells_taken_twice, factors


def checked_design(design: Mapping[str, npt.ArrayLike], file: str = "Python") -> dict[str, Floats]:
    """Return a design as float64[run], one array a factor.

    Parameters
    ----------
    design : mapping of str to array
        By name of the factor, see `factors.factors`.
    file : str
        Where it comes from, for messages.

    Raises
    ------
    InputError
        With everything that is wrong: unknown or fixed names, values that are no numbers or out of range, lengths
        that differ, two factors that set the same.
    """
    if not isinstance(design, Mapping):
        raise InputError([Problem(file, "design", "not_a_table", shown(design))])
    columns, found = _columns(design, file)
    found += [*_strange_names(design, file), *_lengths(columns, file), *_strange_values(columns, file)]
    if found := [*found, *_twice(design, file)]:
        raise InputError(found)
    return columns


def _columns(design: Mapping[str, npt.ArrayLike], file: str) -> tuple[dict[str, Floats], list[Problem]]:
    """Return the arrays of a design, and a problem for each that holds no numbers."""
    columns, problems = {}, []
    for name, values in design.items():
        try:
            columns[name] = np.atleast_1d(np.asarray(values, np.float64))
        except (TypeError, ValueError):
            problems.append(Problem(file, f"design.{name}", "not_a_number", shown(values)))
    return columns, problems


def _strange_names(design: Mapping[str, object], file: str) -> Iterator[Problem]:
    for name in design:
        if name not in factors():
            near = nearest(str(name), factors())
            yield Problem(file, f"design.{name}", "unknown_name", shown(name), listed(tuple(factors())), near)


def _lengths(columns: Mapping[str, Floats], file: str) -> Iterator[Problem]:
    """Find arrays that are not one value a run."""
    runs = max([1, *(column.size for column in columns.values())])
    for name, column in columns.items():
        if column.ndim != 1 or column.size != runs:
            yield Problem(file, f"design.{name}", "design_length", str(column.shape), f"({runs},)")


def _strange_values(columns: Mapping[str, Floats], file: str) -> Iterator[Problem]:
    for name, column in columns.items():
        if name not in factors():
            continue
        item = factors()[name].parameter
        wrong = column[~_fits(item, column)]
        if wrong.size:
            kind = "not_whole" if item.whole else "out_of_range"
            yield Problem(file, f"design.{name}", kind, shown(float(wrong[0])), f"{item.low:g}..{item.high:g}")


def _twice(design: Mapping[str, object], file: str) -> Iterator[Problem]:
    known = [name for name in design if name in factors()]
    for name, other in cells_taken_twice(known).items():
        yield Problem(file, f"design.{name}", "also_set", details={"other": other})


def _fits(item: Parameter, column: Floats) -> npt.NDArray[np.bool_]:
    """Tell which values are in range, and whole where they have to be."""
    within = (column >= item.low) & (column <= item.high)
    return within & (column == np.floor(column)) if item.whole else within
