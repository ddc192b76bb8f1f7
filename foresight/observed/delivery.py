"""The delivery side: what records say about how fast pledges are followed up, and how much hangs on it.

Filing a document is not delivering an action. What is estimated here has the form of the delivery hazard, but not its
meaning: `delivery_rate` and `accountability_effect` stay as declared, a range and a distribution that somebody chose.
"""

from collections.abc import Callable, Iterator, Mapping
from math import exp, nan
from typing import Any, Final

import pandas as pd

from foresight.engine.rules import effect
from foresight.facts.members import REGION
from foresight.observed.filings import FILINGS, pledge_table
from foresight.observed.follow_up import (
    FOLLOW_UPS,
    LDC,
    REVIEWED,
    after_first,
    by_review,
    column,
    in_calendar_years,
    spells_of,
)
from foresight.observed.spells import Estimate, by_clock, by_group, by_power, effect_of, in_same_time, rate_of

#: Members that are no least developed countries.
NOT_LDC: Final = "not_LDC"

#: Pledges of the climate conference of 2021.
COP26: Final = ("forests", "methane")

#: What is estimated of the waits of each kind of follow-up besides the rate, and how it is told.
_SHAPES: Final[Mapping[str, Callable[[pd.DataFrame], Estimate]]] = {
    "ldc_ratio": lambda table: effect_of(by_group(spells_of(table), column(table, LDC))).of(exp),
    "capacity_power": lambda table: effect_of(by_power(spells_of(table))),
    "clock_power": lambda table: effect_of(by_clock(spells_of(table))).of(exp),
}


def estimates() -> pd.DataFrame:
    """Return what the records allow to be estimated of follow-ups.

    Returns
    -------
    pandas.DataFrame
        ``measure``: a key of `FOLLOW_UPS`, "reviewed" or "cop26"; ``quantity``; ``group``: "region", "LDC" or
        "not_LDC", by the member table; ``estimate``, ``low``, ``high``: 95 % likelihood-ratio interval;
        ``at_risk``, ``events``, ``censored``: members. Quantities are

        - ``rate``: of the hazard rate * base capacity, a year, as `delivery_rate` is, money and effort left out;
        - ``ldc_ratio``: how many times as high the hazard of least developed countries is, at the same capacity;
        - ``capacity_power``: the power of base capacity that the hazard grows with; the model has 1;
        - ``clock_power``: the power of time that the cumulative hazard grows with; the model has 1;
        - ``ratio``, ``ratio_any_time``: how many times as high the hazard is after a review, against others at the
          same moment, and without regard to the moment;
        - ``effect``: `accountability_effect` if a review were rung 1 of accountability and all of the ratio its doing.

        Of "cop26" nothing is estimated: NaN, and no number of events.
    """
    followed = (row for name, waited in FOLLOW_UPS.items() for row in _followed(name, waited()))
    return pd.DataFrame([*followed, *_reviewed(), _cop26()])


def _followed(measure: str, table: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Yield all estimates of one kind of follow-up."""
    ldc = column(table, LDC) == 1
    for group, members in ((REGION, table), ("LDC", table[ldc]), (NOT_LDC, table[~ldc])):
        yield _row(measure, "rate", group, rate_of(spells_of(members)), members)
    for quantity, estimate in _SHAPES.items():
        yield _row(measure, quantity, REGION, estimate(table), table)


def _reviewed() -> Iterator[dict[str, Any]]:
    """Yield whether members that had presented a review updated their NDC faster."""
    parts, members = by_review(), after_first()
    had = column(parts, REVIEWED)
    at_once = in_same_time(in_calendar_years(parts), had)
    ratios = {"ratio": at_once.of(exp), "ratio_any_time": effect_of(by_group(spells_of(parts), had)).of(exp)}
    for quantity, estimate in {**ratios, "effect": at_once.of(lambda size: size / effect(1))}.items():
        yield _row("reviewed", quantity, REGION, estimate, members)


def _cop26() -> dict[str, Any]:
    """Return the row of what cannot be estimated: nothing records what followed the pledges of 2021."""
    table = pledge_table()
    joined = table.loc[table["pledge"].isin([FILINGS[kind].pledge for kind in COP26]), "iso3"].nunique()
    unknown = {"estimate": nan, "low": nan, "high": nan, "events": pd.NA, "censored": pd.NA}
    return {"measure": "cop26", "quantity": "rate", "group": REGION, **unknown, "at_risk": joined}


def _row(measure: str, quantity: str, group: str, estimate: Estimate, members: pd.DataFrame) -> dict[str, Any]:
    events = spells_of(members).events
    counts = {"at_risk": len(members), "events": events, "censored": len(members) - events}
    numbers = {"estimate": estimate.value, "low": estimate.low, "high": estimate.high}
    return {"measure": measure, "quantity": quantity, "group": group, **numbers, **counts}
