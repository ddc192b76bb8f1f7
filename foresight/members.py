"""The members, their groups and bodies, and the words of the axes: the only reader of `foresight/data/*.csv`.

Every table is read once and handed out as a copy. In all of them an empty cell is "" in a text column and NaN
in a column of numbers; `dictionary` says what each column means and what a run puts in place of a gap.
"""

import hashlib
import math
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from foresight.actions import GROUPS, SUBREGIONS

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
_DIGESTED: Final = (".csv", ".parquet", ".toml")


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


def member_called(name: str) -> str:
    """Return the iso3 code of a member by its code or its name in English or Chinese, or an empty text."""
    table = _members()
    wanted = name.strip().lower()
    for names in (table.index, table["name_en"], table["name_zh"]):
        found = table.index[names.str.lower() == wanted]
        if len(found):
            return str(found[0])
    return ""


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


def memberships() -> dict[str, tuple[str, ...]]:
    """Return who belongs to which body; dates of joining play no part.

    Returns
    -------
    dict
        Slug of a body, in the order of `body_table`, to the iso3 of its members, sorted.
    """
    rows = _read("memberships.csv")
    slugs = _read("bodies.csv")["slug"]
    return {slug: tuple(sorted(rows.loc[rows["body"] == slug, "iso3"])) for slug in slugs}


def body_table() -> pd.DataFrame:
    """Return the bodies that make circles of peers.

    Returns
    -------
    pandas.DataFrame
        Index `slug`, sorted; columns `name_en`, `name_zh`, `why` and `members`, the number of members.
    """
    table = _read("bodies.csv").set_index("slug")
    return table.assign(members=[len(members) for members in memberships().values()])


def rung_table() -> pd.DataFrame:
    """Return what delivering each rung of each action means, in the project's own words.

    Returns
    -------
    pandas.DataFrame
        Index `action` and `rung` (int, 1 to 4), 20 rows; columns `name_en`, `name_zh`, `sentence_en`,
        `sentence_zh`, `paragraph` and `origin`.
    """
    return _read("rungs.csv").astype({"rung": np.int64}).set_index(["action", "rung"])


def axis_table() -> pd.DataFrame:
    """Return the names of the actions, domains and phases.

    Returns
    -------
    pandas.DataFrame
        Index `axis` ("action", "domain" or "phase") and `code`; columns `name_en`, `name_zh`, `first_year`
        and `last_year` (calendar years of a phase, NaN elsewhere), `paragraph` and `origin`.
    """
    table = _read("axes.csv").set_index(["axis", "code"])
    return _numeric(table, ["first_year", "last_year"])


def group_table() -> pd.DataFrame:
    """Return the names of the scopes that `group_members` knows.

    Returns
    -------
    pandas.DataFrame
        Index `code`; columns `name_en`, `name_zh`, `meaning_en` and `meaning_zh`.
    """
    return _read("groups.csv").set_index("code")


def dictionary() -> pd.DataFrame:
    """Return what every column of every table means.

    Returns
    -------
    pandas.DataFrame
        Index `file` and `column`; columns `meaning`, `unit` and `rule` (what a run puts in the place of an empty
        cell), each with `_en` and `_zh`, `year`, `source`, `licence` and `missing` (int, number of empty cells).
    """
    return _read("dictionary.csv").astype({"missing": np.int64}).set_index(["file", "column"])


@cache
def data_digest() -> str:
    """Return the SHA-256 of the tables and declarations that a run reads, in hexadecimal."""
    folder = files("foresight.data")
    return digest({f.name: f.read_bytes() for f in folder.iterdir() if f.name.endswith(_DIGESTED)})


def digest(contents: Mapping[str, bytes]) -> str:
    """Return the SHA-256 of named files, in hexadecimal.

    Parameters
    ----------
    contents
        File name to content. Neither the order of the names nor the style of the line ends matters.
    """
    total = hashlib.sha256()
    for name in sorted(contents):
        content = hashlib.sha256(contents[name].replace(b"\r\n", b"\n")).hexdigest()
        total.update(f"{content}  {name}\n".encode())
    return total.hexdigest()


@cache
def _members() -> pd.DataFrame:
    """Read the member table with its columns typed and its income groups resolved."""
    table = _read("members.csv").set_index("iso3").sort_index()
    table = _numeric(table, table.columns.difference(_TEXTS).tolist()).astype(dict.fromkeys(_FLAGS, bool))
    world_bank, gapminder = table["income_group_wb"], table["income_group_gapminder"]
    label = world_bank.where(world_bank != "", gapminder)
    return table.assign(
        income_group=_income_group(label).replace("", UNCLASSIFIED_INCOME_GROUP),
        income_group_basis=np.select(
            [world_bank != "", gapminder != ""], ["World Bank", "Gapminder"], "rule: upper middle"
        ),
    )


def _income_group(labels: "pd.Series[str]") -> "pd.Series[str]":
    """Turn a source's wording, such as "Upper middle income", into a key of `FISCAL_CAPACITY`."""
    return labels.str.lower().str.removesuffix(" income").str.replace(" ", "-")


def _numeric(table: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Turn columns of texts into int64, or float64 with NaN where a cell is empty or has decimals."""
    return table.assign(**{column: pd.to_numeric(table[column]) for column in columns})


def _known(income_group: str, values: Mapping[str, float]) -> float:
    """Look an income group up."""
    if income_group not in values:
        raise ValueError(f"unknown income group {income_group!r}; known are {', '.join(values)}")
    return values[income_group]


def _read(name: str) -> pd.DataFrame:
    """Read a table as texts; no text, not even "NA", stands for a missing value."""
    return _table(name).copy()


@cache
def _table(name: str) -> pd.DataFrame:
    """Read a table once."""
    with files("foresight.data").joinpath(name).open(encoding="utf-8") as stream:
        return pd.read_csv(stream, dtype=str, keep_default_na=False)
