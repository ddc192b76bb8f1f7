"""Scopes: the region, a subregion, a group in a special situation, a body, or one member."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from foresight.actions import GROUPS, SUBREGIONS
from foresight.checks import listed, nearest, shown
from foresight.errors import InputError, Problem
from foresight.members import REGION, group_members
from foresight.settings import bodies

#: The scopes of every summary.
SCOPES: Final = (REGION, *SUBREGIONS, *GROUPS)


def scope_masks(scopes: Sequence[str], table: pd.DataFrame) -> list[npt.NDArray[np.bool_]]:
    """Mark the members of each scope.

    Parameters
    ----------
    scopes : sequence of str
        "region", a subregion, LDC, LLDC, SIDS, REST, a body, or the iso3 of a member.
    table : pandas.DataFrame
        `Scenario.members()`: those who take part, with the facts of the member table.

    Returns
    -------
    list of bool[member]
        In the order of the rows. A body none of whose members takes part is an empty scope.

    Raises
    ------
    InputError
        If a scope is none of these, or is a member that does not take part.
    """
    names = scope_names(table)
    problems = [_unknown(scope, names) for scope in scopes if scope not in names]
    if problems:
        raise InputError(problems)
    return [_mask(scope, table) for scope in scopes]


def listed_scopes(scopes: str | Sequence[str]) -> tuple[str, ...]:
    """Return scopes as given, one alone or several."""
    return (scopes,) if isinstance(scopes, str) else tuple(scopes)


def scope_names(table: pd.DataFrame) -> tuple[str, ...]:
    """Return every scope there is, for the members that take part."""
    return (*SCOPES, *bodies(), *table.index)


def _mask(scope: str, table: pd.DataFrame) -> npt.NDArray[np.bool_]:
    if scope in SCOPES:
        return group_members(scope, table)
    codes = bodies().get(scope, (scope,))
    return np.asarray(table.index.isin(list(codes)))


def _unknown(scope: str, names: Sequence[str]) -> Problem:
    return Problem("Python", "scope", "no_such_scope", shown(scope), listed(names), nearest(str(scope), names))
