"""The members: their facts, their groups, and the capacities that follow from both."""

import math
from collections.abc import Mapping
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from foresight.actions import GROUPS, SUBREGIONS
from foresight.facts.tables import numeric, read

#: Scope of every member, beside the subregions and the groups in special situations.
REGION: Final = "region"

#: Fiscal capacity y of an income group, in units of one rung-1 action in one member for one year (judgement).
FISCAL_CAPACITY: Final[Mapping[str, float]] = {
    "high": 5.0,
    "upper-middle": 2.5,
    "lower-middle": 1.0,
    "low": 0.6,
}

#: Fiscal capacity of a least developed country, whatever its income group, in the same unit (judgement).
LDC_FISCAL_CAPACITY: Final = 0.6

#: Base capacity C0 of a member whose government effectiveness is 0, the world's mean, 0..1 (judgement).
MEAN_CAPACITY: Final = 0.5

#: Base capacity gained with each point of government effectiveness (judgement).
CAPACITY_PER_POINT: Final = 0.16

#: Lowest base capacity that government effectiveness can lead to, 0..1 (judgement).
LEAST_CAPACITY: Final = 0.15

#: Highest base capacity that government effectiveness can lead to, 0..1 (judgement).
GREATEST_CAPACITY: Final = 0.9

#: Base capacity by income group, for members without a score of government effectiveness, 0..1 (judgement).
CAPACITY_BY_INCOME: Final[Mapping[str, float]] = {
    "high": 0.75,
    "upper-middle": 0.55,
    "lower-middle": 0.45,
    "low": 0.33,
}

#: Income group of a member that neither the World Bank nor Gapminder classifies (judgement).
UNCLASSIFIED_INCOME_GROUP: Final = "upper-middle"

_FLAGS: Final = ["ldc", "lldc", "sids"]
_TEXTS: Final = [
    "name_en",
    "name_zh",
    "kind",
    "subregion",
    "income_group_wb",
    "income_group_gapminder",
    "capital",
    "sovereign_since",
]


def member_table() -> pd.DataFrame:
    """Return the 58 members with their facts and income groups.

    Returns
    -------
    pandas.DataFrame
        Index `iso3`, sorted. The columns of `members.csv` (units and sources in `dictionary`): flags as bool,
        numbers as int or as float with NaN, texts as str. Two more: `income_group`, a key of
        `FISCAL_CAPACITY`, and `income_group_basis`, "World Bank", "Gapminder" or "rule: upper middle".
    """
    return _members().copy()


@cache
def member_codes() -> tuple[str, ...]:
    """Return the codes of all members and associate members, sorted."""
    return tuple(_members().index)


@cache
def state_codes() -> tuple[str, ...]:
    """Return the codes of the members that are no associate members, sorted."""
    return tuple(_members().query("kind == 'member'").index)


def fiscal_capacity(income_group: str, ldc: bool) -> float:
    """Return what a member can spend on the actions in a year, y.

    Parameters
    ----------
    income_group
        A key of `FISCAL_CAPACITY`.
    ldc
        Whether the member is a least developed country in that year.

    Returns
    -------
    float
        Units a year; one unit is the cost of one rung-1 action in one member for one year.

    Raises
    ------
    ValueError
        If the income group is unknown.
    """
    by_income = _known(income_group, FISCAL_CAPACITY)
    return LDC_FISCAL_CAPACITY if ldc else by_income


def base_capacity(effectiveness: float | None, income_group: str) -> float:
    """Return the administrative capacity that a member has without support, C0.

    Parameters
    ----------
    effectiveness
        World Bank score of government effectiveness, about -2.5 to 2.5; None or NaN where missing.
    income_group
        A key of `CAPACITY_BY_INCOME`, used where the score is missing.

    Returns
    -------
    float
        Within `LEAST_CAPACITY` to `GREATEST_CAPACITY`, both included.

    Raises
    ------
    ValueError
        If the income group is unknown.
    """
    by_income = _known(income_group, CAPACITY_BY_INCOME)
    if effectiveness is None or math.isnan(effectiveness):
        return by_income
    capacity = MEAN_CAPACITY + CAPACITY_PER_POINT * effectiveness
    return min(max(capacity, LEAST_CAPACITY), GREATEST_CAPACITY)


def group_members(code: str, table: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Mark the members of a scope.

    Parameters
    ----------
    code
        "region", a subregion or one of `foresight.actions.GROUPS`.
    table
        `member_table`, or a part of it, or one whose flags a scenario has changed.

    Returns
    -------
    numpy.ndarray
        bool[member], in the order of the rows.

    Raises
    ------
    ValueError
        If there is no such scope.
    """
    if code == REGION:
        return np.ones(len(table), dtype=np.bool_)
    if code in SUBREGIONS:
        return table["subregion"].eq(code).to_numpy(dtype=np.bool_)
    if code not in GROUPS:
        raise ValueError(f"unknown group {code!r}; known are {', '.join((REGION, *SUBREGIONS, *GROUPS))}")
    if code == "REST":
        return ~table[_FLAGS].any(axis=1).to_numpy(dtype=np.bool_)
    return table[code.lower()].to_numpy(dtype=np.bool_)


@cache
def _members() -> pd.DataFrame:
    """Read the member table with its columns typed and its income groups resolved."""
    table = read("members.csv").set_index("iso3").sort_index()
    table = numeric(table, table.columns.difference(_TEXTS).tolist()).astype(dict.fromkeys(_FLAGS, bool))
    world_bank, gapminder = table["income_group_wb"], table["income_group_gapminder"]
    label = world_bank.where(world_bank != "", gapminder)
    return table.assign(
        income_group=_income_group(label).replace("", UNCLASSIFIED_INCOME_GROUP),
        income_group_basis=np.select(
            [world_bank != "", gapminder != ""], ["World Bank", "Gapminder"], "rule: upper middle"
        ),
    ).copy()  # in one piece, so that copies of it are cheap


def _income_group(labels: "pd.Series[str]") -> "pd.Series[str]":
    """Turn a source's wording, such as "Upper middle income", into a key of `FISCAL_CAPACITY`."""
    return labels.str.lower().str.removesuffix(" income").str.replace(" ", "-")


def _known(income_group: str, values: Mapping[str, float]) -> float:
    """Look an income group up."""
    if income_group not in values:
        raise ValueError(f"unknown income group {income_group!r}; known are {', '.join(values)}")
    return values[income_group]
