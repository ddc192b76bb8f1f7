"""What members filed, joined and presented: the only reader of `records/pledges.csv`. No run reads it.

Dates are as exact as their source says; here each is a stretch of calendar years, from `earliest` to `latest`, where
2021.5 is the middle of 2021. What is not in the table is not known to be so after the day its list ends.
"""

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from foresight.facts.members import member_table

#: Associate members that file under the Paris Agreement and join declarations in their own name, as the table shows.
FILING_ASSOCIATES: Final = ("COK", "NIU")

#: Precisions of a date that say by when, but not from when on.
_BY_WHEN: Final = ("", "approx")

_DATE: Final = re.compile(r"\d{4}(?:-\d{2}){0,2}")


class Filing(NamedTuple):
    """A kind of record.

    Parameters
    ----------
    pledge : str
        Its name in the column `pledge`.
    opened : str
        Day before which nobody could file.
    until : str
        Last day that the table covers; what happened later is not known.
    associates : bool
        Whether `FILING_ASSOCIATES` could file beside the member states.
    complete : bool
        Whether a member that is not in the table had not filed by the last day.
    """

    pledge: str
    opened: str
    until: str
    associates: bool = True
    complete: bool = True


#: The kinds of records that are dated for most of their members. The Paris Agreement was adopted on 12 December 2015;
#: its filings of the round of 2024 to 2026 are not in the table. The sheet of reviews misses some.
FILINGS: Final[Mapping[str, Filing]] = {
    "indc": Filing("INDC submission", "2015-01-01", "2017-11-01"),
    "ndc_first": Filing("NDC first submission", "2015-12-12", "2023-12-31"),
    "ndc_update": Filing("NDC update or later submission", "2015-12-12", "2023-12-31"),
    "review": Filing("Voluntary National Review (VNR)", "2016-01-01", "2020-12-31", associates=False, complete=False),
    "forests": Filing("Glasgow Leaders' Declaration on Forests and Land Use", "2021-11-01", "2021-11-30"),
    "methane": Filing("Global Methane Pledge", "2021-09-17", "2021-11-30"),
    "coalition": Filing("High Ambition Coalition for Nature and People", "2021-01-11", "2022-06-30", complete=False),
}


def pledge_table() -> pd.DataFrame:
    """Return every record of the regional members and associate members.

    Returns
    -------
    pandas.DataFrame
        The columns of `pledges.csv` as texts, and ``earliest`` and ``latest``, calendar years as numbers: the
        stretch in which it happened. ``earliest`` is NaN where the source says only by when.
    """
    return _records().copy()


def filings(kind: str, which: int = 1) -> pd.DataFrame:
    """Return when each member that could file did so for the first, second ... time.

    Parameters
    ----------
    kind : str
        A key of `FILINGS`.
    which : int
        1 for the first time.

    Returns
    -------
    pandas.DataFrame
        Index `iso3`, those that could file; ``earliest`` and ``latest``, NaN where there is no such record. Where
        the source says only by when, ``earliest`` is the day on which it opened.
    """
    table = _records()
    own = table[table["pledge"] == FILINGS[kind].pledge].sort_values(["iso3", "latest"])
    chosen = own[own.groupby("iso3").cumcount() == which - 1].set_index("iso3")[["earliest", "latest"]]
    chosen = chosen.fillna({"earliest": opened(kind)})
    return chosen.reindex(able(kind))


def able(kind: str) -> pd.Index:
    """Return the iso3 of the members that could file, sorted."""
    table = member_table()
    others = FILING_ASSOCIATES if FILINGS[kind].associates else ()
    return table.index[table["kind"].eq("member") | table.index.isin(others)]


def opened(kind: str) -> float:
    """Return the calendar year, as a number, from which members could file."""
    return stretch(FILINGS[kind].opened)[0]


def until(kind: str) -> float:
    """Return the calendar year, as a number, up to which the table knows who filed."""
    return stretch(FILINGS[kind].until)[1]


def stretch(words: str) -> tuple[float, float]:
    """Return the start and the end of a year, month or day as calendar years.

    Parameters
    ----------
    words : str
        The last date in it counts: ``2021``, ``2021-11``, ``2021-11-02``; NaN where there is none.
    """
    found = _DATE.findall(words)
    if not found:
        return np.nan, np.nan
    year, month, day = ([*map(int, found[-1].split("-")), 0, 0])[:3]
    first = date(year, month or 1, day or 1)
    if day:
        return _calendar_year(first.toordinal()), _calendar_year(first.toordinal() + 1)
    after = date(year + month // 12, month % 12 + 1, 1) if month else date(year + 1, 1, 1)
    return _calendar_year(first.toordinal()), _calendar_year(after.toordinal())


def _calendar_year(ordinal: int) -> float:
    """Return a day, counted as `date.toordinal` does, as a calendar year."""
    year = date.fromordinal(ordinal).year
    first, last = date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal()
    return year + (ordinal - first) / (last - first)


@cache
def _records() -> pd.DataFrame:
    """Read the table once."""
    with files("foresight.data.records").joinpath("pledges.csv").open(encoding="utf-8") as stream:
        table = pd.read_csv(stream, dtype=str, keep_default_na=False)
    dated, listed = (np.array([*map(stretch, table[column])]) for column in ("date", "source_as_of"))
    by_when = table["date_precision"].isin(_BY_WHEN)
    latest = np.where(table["date"] == "", listed[:, 1], dated[:, 1])
    return table.assign(earliest=np.where(by_when, np.nan, dated[:, 0]), latest=latest)
