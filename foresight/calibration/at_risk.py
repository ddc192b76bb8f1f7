"""Members at risk: one row for each year in which a member could have adopted an agreement and had not yet."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

import numpy as np

from foresight.arrays import Floats, Integers, Mask
from foresight.facts.members import member_table
from foresight.observed.records import Records, circles, least_developed, subregions

#: Covariates that are shares of members that have adopted.
SHARES: Final = ("near", "bodies", "far")

#: Income groups whose members pay for themselves, for the variant with income.
_RICH: Final = "high"


@dataclass(frozen=True, eq=False)
class Panel:
    """Rows at risk, in the order of agreement, year and member.

    Parameters
    ----------
    agreement, member, year : int64[row]
        Positions in the records, and the calendar year.
    adopted : int64[row]
        1 in the year in which the member adopted, else 0.
    covariates : mapping of str to float64[row]
        What was so at the start of the year, by name; see `covariates`.
    """

    agreement: Integers
    member: Integers
    year: Integers
    adopted: Integers
    covariates: Mapping[str, Floats]

    def __len__(self) -> int:
        return len(self.year)


@lru_cache(maxsize=4)  # forecasts of many agreements learn from the same records
def at_risk(records: Records) -> Panel:
    """Return the rows of all agreements, from their opening to the last full year of their list."""
    parts = [_rows(records, k) for k in range(len(records.agreements))]
    agreement, member, year, adopted = (np.concatenate(part) for part in zip(*parts, strict=True))
    return Panel(agreement, member, year, adopted, covariates(records, agreement, member, year))


def _rows(records: Records, k: int) -> tuple[Integers, Integers, Integers, Integers]:
    """Return the rows of one agreement."""
    years = records.full_years(k)
    row, member = np.nonzero(records.at_risk(k, years))
    year = years[row]
    return np.full(len(row), k), member, year, (records.year[k][member] == year).astype(np.int64)


def covariates(records: Records, agreement: Integers, member: Integers, year: Integers) -> dict[str, Floats]:
    """Return what was known of members at the start of years.

    Returns
    -------
    dict
        ``near``: share of the other members of the subregion that could adopt and had; ``bodies``: the mean of that
        share over the member's bodies, that of the subregion for a member of none; ``far``: share of the members
        outside the subregion; ``ldc``, ``sids``, ``rich``, ``fund``, ``first`` and ``second`` (the
        agreement's opening year, and the one after): 0 or 1; ``decades`` since the opening.
    """
    moments, moment = np.unique([agreement, year], axis=1, return_inverse=True)
    which, past = moments[0], moments[1][:, np.newaxis]
    shares = exposure(records.since[which] <= past, records.year[which] < past, SHARES)
    known = {name: share[moment.ravel(), member] for name, share in shares.items()}
    return {**known, **facts(records, agreement, member, year)}


def facts(records: Records, agreement: Integers, member: Integers, year: Integers) -> dict[str, Floats]:
    """Return the covariates that do not depend on what others did."""
    sids, rich = _lasting()
    opened = np.array([treaty.opened for treaty in records.agreements])[agreement]
    years, place = np.unique(year, return_inverse=True)
    poor = np.array([least_developed(y) for y in years.tolist()])
    return {
        "ldc": poor[place, member].astype(np.float64),
        "sids": sids[member],
        "rich": rich[member],
        "fund": np.array([treaty.fund for treaty in records.agreements], np.float64)[agreement],
        "first": (year == opened).astype(np.float64),
        "second": (year == opened + 1).astype(np.float64),
        "decades": (year - opened) / 10.0,
    }


@cache
def _lasting() -> tuple[Floats, Floats]:
    """Tell who is a small island state and who has a high income, 0 or 1 for each member."""
    table = member_table()
    return np.asarray(table["sids"], np.float64), np.asarray(table["income_group"] == _RICH, np.float64)


def exposure(able: Mask, adopted: Mask, wanted: Collection[str]) -> dict[str, Floats]:
    """Return shares of peers that have adopted, of those that could, float64[future, member] each.

    Parameters
    ----------
    able, adopted : bool[1 or future, member]
    wanted : collection of str
        Of `SHARES`; others are left aside.
    """
    same = subregions()[:, np.newaxis] == subregions()
    shares: dict[str, Floats] = {}
    if {"near", "bodies"} & set(wanted):
        shares["near"] = _share(same & ~np.eye(len(same), dtype=bool), able, adopted)
    if "bodies" in wanted:
        shares["bodies"] = _bodies(able, adopted, shares["near"])
    if "far" in wanted:
        shares["far"] = _share(~same, able, adopted)
    return shares


def _share(peer: Mask, able: Mask, adopted: Mask) -> Floats:
    """Return the share of each member's peers that have adopted, of those that could; 0 without any."""
    count = (adopted & able).astype(np.float64) @ peer.T
    size = able.astype(np.float64) @ peer.T
    return np.divide(count, size, out=np.zeros_like(count), where=size > 0)


def _bodies(able: Mask, adopted: Mask, near: Floats) -> Floats:
    """Return the mean share over a member's bodies, each without the member itself."""
    count, size = (adopted & able).astype(np.float64), able.astype(np.float64)
    total = np.zeros_like(count)
    for body in circles():
        others = size @ body[:, np.newaxis] - size
        joined = count @ body[:, np.newaxis] - count
        total += np.divide(joined, others, out=np.zeros_like(joined), where=body & (others > 0))
    belongs = circles().sum(axis=0)
    return np.where(belongs > 0, total / np.maximum(belongs, 1), near)
