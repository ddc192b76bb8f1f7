"""What followed what: from filings to spells of waiting, for the four kinds of follow-up that the records date."""

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
import pandas as pd

from foresight.arrays import Floats
from foresight.facts.members import base_capacity, member_table
from foresight.observed.filings import able, filings, opened, until
from foresight.observed.spells import Spells

#: Columns of a table of follow-ups.
LOW, HIGH, CAPACITY, LDC = "low", "high", "capacity", "ldc"

#: Column of those who had presented a review before.
REVIEWED: Final = "reviewed"


def waits(start: pd.Series, done: pd.DataFrame, end: float) -> pd.DataFrame:
    """Return how long members waited, in years.

    Parameters
    ----------
    start : float, by member
        Calendar year from which a member could follow up; NaN where it never could.
    done : pandas.DataFrame
        ``earliest`` and ``latest`` of the follow-up, as `filings` returns them.
    end : float
        Calendar year in which the list ends.

    Returns
    -------
    pandas.DataFrame
        Index iso3; ``entry`` (0), ``low``, ``high`` (infinite where there was no follow-up by the end),
        ``capacity`` (base capacity) and ``ldc`` (1 or 0). Members that could not wait at all are left out.
    """
    table = pd.DataFrame({"entry": 0.0, LOW: done["earliest"].fillna(end) - start, HIGH: done["latest"] - start})
    table = table[(table[HIGH].fillna(np.inf) > 0) & ((table[LOW] > 0) | table[HIGH].notna())]
    waited = table.assign(low=table[LOW].clip(lower=0.0), high=table[HIGH].fillna(np.inf))
    return waited.join(_facts())


def spells_of(table: pd.DataFrame) -> Spells:
    """Return the spells of a table of follow-ups, weighted with base capacity."""
    return Spells(*(table[name].to_numpy(np.float64) for name in ("entry", LOW, HIGH, CAPACITY)))


def after_intent() -> pd.DataFrame:
    """Return the waits from an intended contribution (INDC), the Paris Agreement once adopted, to the first NDC."""
    begun = filings("indc")["latest"].clip(lower=opened("ndc_first"))
    return waits(begun, filings("ndc_first"), until("ndc_first"))


def after_first() -> pd.DataFrame:
    """Return the waits from the first NDC to its first update or a later NDC."""
    return waits(filings("ndc_first")["latest"], filings("ndc_update"), until("ndc_update"))


def to_review() -> pd.DataFrame:
    """Return the waits for the first voluntary national review, from the year in which there were any."""
    begun = pd.Series(opened("review"), able("review"))
    return waits(begun, filings("review"), until("review"))


def to_next_review() -> pd.DataFrame:
    """Return the waits for the second voluntary national review, from the year after the first."""
    return waits(filings("review")["latest"], filings("review", 2), until("review"))


#: Every follow-up, by name.
FOLLOW_UPS: Final[Mapping[str, Callable[[], pd.DataFrame]]] = {
    "intent_to_first": after_intent,
    "first_to_update": after_first,
    "first_review": to_review,
    "second_review": to_next_review,
}


def by_review() -> pd.DataFrame:
    """Return the waits from the first NDC to an update, each cut in two where the member had presented a review.

    A review counts from the year after it. Who presented its first after the sheet ends counts as not reviewed.

    Returns
    -------
    pandas.DataFrame
        As `waits`, with ``reviewed``, 1 or 0, and ``begun``, the calendar year in which the wait began; a member has
        one row or two.
    """
    table = after_first()
    table["begun"] = filings("ndc_first")["latest"]
    review = (filings("review")["latest"].reindex(table.index) - table["begun"]).fillna(np.inf).clip(lower=0.0)
    later = table[LOW] > review
    before = table.assign(reviewed=0.0, low=table[LOW].clip(upper=review), high=table[HIGH].where(~later, np.inf))
    after = table.assign(reviewed=1.0, entry=review)[later]
    parts: pd.DataFrame = pd.concat([before[(before[LOW] > 0) | np.isfinite(before[HIGH])], after])
    return parts


def in_calendar_years(table: pd.DataFrame) -> Spells:
    """Return the spells of `by_review` in calendar years in place of years since the wait began."""
    spells, begun = spells_of(table), column(table, "begun")
    return spells._replace(entry=spells.entry + begun, low=spells.low + begun, high=spells.high + begun)


def column(table: pd.DataFrame, name: str) -> Floats:
    """Return a column as numbers."""
    return table[name].to_numpy(np.float64)


def _facts() -> pd.DataFrame:
    """Return base capacity and the flag of least developed countries, as the member table has them."""
    table = member_table()
    capacity = map(base_capacity, table["government_effectiveness"], table["income_group"])
    return pd.DataFrame({CAPACITY: [*capacity], LDC: table["ldc"].astype(float)}, table.index)
