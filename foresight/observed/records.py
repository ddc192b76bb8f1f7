"""Records of adoption: which member became a party to which agreement, and when.

Two tables: one of agreements and one of members' acts. Those of the project ship in `foresight/data/records`; a
user's own are read and checked the same way.
"""

from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from foresight.actions import SUBREGIONS
from foresight.arrays import Mask
from foresight.errors import InputError
from foresight.facts.bodies import memberships
from foresight.facts.members import member_table
from foresight.facts.tables import digest
from foresight.observed.register import read_register
from foresight.observed.remarks import Remark

#: Year of adoption of a member that is not a party on the date of the list.
NEVER: Final = 9999

#: What an agreement of the project's own tables is for.
TRAINING: Final = "calibration"
FORWARD: Final = "held-out validation"

#: States that were parties before their date of sovereignty, as they continue a state that ended.
CONTINUING: Final = ("RUS",)

Years = npt.NDArray[np.int64]


class Agreement(NamedTuple):
    """One agreement, in calendar years."""

    name: str
    opened: int  # year in which one could become a party first
    last: int  # last full year that the list of parties covers
    use: str  # calibration, held-out validation, ... or empty
    fund: bool  # whether a fund pays developing parties
    domain: str = ""  # what it is about: agreements of one domain are siblings

    @property
    def family(self) -> str:
        """The domain, or the agreement alone where none is known."""
        return self.domain or self.name


@dataclass(frozen=True, eq=False)
class Records:
    """Who adopted what, and when.

    Parameters
    ----------
    agreements : tuple of Agreement
        In the order of opening.
    year : int64[agreement, member]
        Year of adoption; `NEVER` where the member is no party on the date of the list. Members in the order of
        `member_table()`.
    since : int64[agreement, member]
        First year in which the member could adopt; `NEVER` where it cannot at all.
    digest : str
        SHA-256 of the two tables.
    left_aside : tuple of str
        Codes in the tables of states that are no regional members.
    remarks : tuple of Remark
        What somebody should know who takes the tables as they are.
    """

    agreements: tuple[Agreement, ...]
    year: Years
    since: Years
    digest: str
    left_aside: tuple[str, ...] = ()
    remarks: tuple[Remark, ...] = ()

    def only(self, names: Collection[str]) -> "Records":
        """Return the records of some agreements."""
        kept = [k for k, one in enumerate(self.agreements) if one.name in names]
        chosen = tuple(self.agreements[k] for k in kept)
        return replace(self, agreements=chosen, year=self.year[kept], since=self.since[kept])

    def without(self, name: str) -> "Records":
        """Return the records of all agreements but one."""
        return self.only([one.name for one in self.agreements if one.name != name])

    def at_risk(self, k: int, years: Years) -> Mask:
        """Tell who could adopt an agreement in each year and had not before, bool[year, member]."""
        past = years[:, np.newaxis]
        return np.asarray((self.since[k] <= past) & (self.year[k] >= past))

    def full_years(self, k: int, start: int = 0) -> Years:
        """Return the years of an agreement that its list covers in full, from its opening or a later start on."""
        about = self.agreements[k]
        return np.arange(max(about.opened, start), about.last + 1)

    def used_for(self, use: str) -> "Records":
        """Return the records of the agreements that serve a purpose, `TRAINING` or `FORWARD`."""
        return self.only([one.name for one in self.agreements if one.use == use])

    def known_by(self, year: int) -> "Records":
        """Return what was known at the start of a year: agreements open before it, and acts before it."""
        known = [one.name for one in self.agreements if one.opened < year]
        past = self.only(known)
        cut = tuple(one._replace(last=min(one.last, year - 1)) for one in past.agreements)
        return replace(past, agreements=cut, year=np.where(past.year < year, past.year, NEVER))


@cache
def own_records() -> Records:
    """Return the records that ship with the program."""
    folder = Path(str(files("foresight.data.records")))
    return load_records(folder / "ratifications.csv", folder / "agreements.csv")


def tested() -> Records:
    """Return the agreements of the project that forecasts are judged by: the training set and the open test set."""
    return own_records().only([one.name for one in own_records().agreements if one.use in (TRAINING, FORWARD)])


@cache
def names_in(language: str) -> Mapping[str, str]:
    """Return the names of the project's agreements in a language, where their table has any."""
    with files("foresight.data.records").joinpath("agreements.csv").open(encoding="utf-8") as stream:
        table = pd.read_csv(stream, index_col="treaty", dtype=str)
    column = f"name_{language}"
    return dict(table[column].dropna()) if column in table else {}


def load_records(acts: str | Path, agreements: str | Path) -> Records:
    """Read records of adoption from two tables.

    Cells stand between commas, semicolons or tabs; names of columns and codes of members may be written in any case.
    States without a row, and dates after that of the list or after today, are among the `remarks`.

    Parameters
    ----------
    acts : str or Path
        One row a member and agreement, columns `register.ACTS` at least; a member without a row cannot join.
    agreements : str or Path
        One row an agreement, columns `register.AGREEMENTS` at least.

    Raises
    ------
    InputError
        With everything that is wrong in either table.
    """
    register = read_register(Path(acts), Path(agreements))
    if register.problems:
        raise InputError(register.problems)
    table = register.agreements.sort_values(["opened", "treaty"], kind="stable")
    kept = tuple(map(_agreement, table.to_dict("records")))
    codes = list(member_table().index)
    acted = register.acts.pivot(index="treaty", columns="iso3", values="year").reindex(table["treaty"])
    able = register.acts.pivot(index="treaty", columns="iso3", values="eligible").reindex(table["treaty"])
    year = acted.reindex(columns=codes).fillna(NEVER).to_numpy(np.int64)
    eligible = able.reindex(columns=codes).fillna(0).to_numpy(np.int64) == 1
    opened = np.array([one.opened for one in kept])[:, np.newaxis]
    content = {"acts": Path(acts).read_bytes(), "agreements": Path(agreements).read_bytes()}
    return Records(kept, year, _since(eligible, year, opened), digest(content), register.others, register.remarks)


def _since(eligible: Mask, year: Years, opened: Years) -> Years:
    """Return from when members can adopt; one that did so before its sovereignty could all along."""
    able = np.maximum(opened, np.where(year < sovereign_from(), 0, sovereign_from()))
    return np.where(eligible, np.minimum(able, year), NEVER)


def sovereign_from() -> Years:
    """Return the year from which each member could act for itself; 0 where it always could, int64[member]."""
    table = member_table()
    years = pd.to_numeric(table["sovereign_since"].str[:4]).fillna(0).to_numpy(np.int64)
    return np.where(table.index.isin(CONTINUING), 0, years)


@cache
def least_developed(year: int) -> Mask:
    """Tell which members were on the list of least developed countries at the start of a year, bool[member]."""
    table = member_table()
    first, last = table["ldc_since"].fillna(NEVER), table["ldc_until"].fillna(NEVER)
    return ((first < year) & (year <= last)).to_numpy(np.bool_)


@cache
def subregions() -> Years:
    """Return the position of each member's subregion, int64[member]."""
    return member_table()["subregion"].map(SUBREGIONS.index).to_numpy(np.int64)


@cache
def circles() -> Mask:
    """Tell who belongs to which body, bool[body, member]."""
    index = member_table().index
    return np.array([index.isin(members) for members in memberships().values()])


def _agreement(row: Mapping[Hashable, Any]) -> Agreement:
    return Agreement(row["treaty"], row["opened"], row["last"], row["use"], row["fund"] == 1, row["domain"])
