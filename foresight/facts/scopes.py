"""Scopes: the region, a subregion, a group in a special situation, a body, or one member."""

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from foresight.actions import GROUPS, SUBREGIONS
from foresight.errors import InputError, Problem, listed, shown
from foresight.facts.bodies import memberships
from foresight.facts.members import REGION, group_members, member_codes
from foresight.facts.states import proposal

#: The scopes of every summary. Groups are those of the member table in all years: a graduation in a scenario moves
#: nobody from one group to another.
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
    """Return scopes as given, one alone or several, each once.

    Raises
    ------
    InputError
        If there is none, or one is not a text.
    """
    several = list(scopes) if isinstance(scopes, Iterable) and not isinstance(scopes, str) else [scopes]
    names = (*SCOPES, *memberships(), *member_codes())
    if not several:
        raise InputError([Problem("Python", "scope", "empty", shown(several), listed(names))])
    if strange := [scope for scope in several if not isinstance(scope, str)]:
        raise InputError([_unknown(scope, names) for scope in strange])
    return tuple(dict.fromkeys(several))


def scope_names(table: pd.DataFrame) -> tuple[str, ...]:
    """Return every scope there is, for the members that take part."""
    return (*SCOPES, *memberships(), *table.index)


def _mask(scope: str, table: pd.DataFrame) -> npt.NDArray[np.bool_]:
    if scope in SCOPES:
        return group_members(scope, table)
    codes = memberships().get(scope, (scope,))
    return np.asarray(table.index.isin(list(codes)))


def _unknown(scope: object, names: Sequence[str]) -> Problem:
    return Problem("Python", "scope", "no_such_scope", shown(scope), listed(names), proposal(str(scope), names))
