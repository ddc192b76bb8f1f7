"""Dates as tables write them: a year, a month or a day."""

import re
from datetime import date, timedelta
from typing import Final

#: How a date may be written.
FORMS: Final = "YYYY, YYYY-MM, YYYY-MM-DD"

_DATE: Final = re.compile(r"([12][0-9]{3})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")

#: What spreadsheets make of dates: days of one order of day and month or another, months by name, days since 1900.
_REWRITTEN: Final = re.compile(
    r"(?:\d{1,2}[./-]\d{1,2}[./-](?:\d\d)?\d\d|\d{4}/\d{1,2}/\d{1,2}|\d{1,2}-[^\W\d]{3,4}\.?(?:-(?:\d\d)?\d\d)?"
    r"|[^\W\d]{3,4}\.?-\d\d|[1-6]\d{4}(?:[.,]\d+)?|[12]\d{3}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d)?)"
    r"(?: \d{1,2}:\d\d(?::\d\d)?)?"
)


def rewritten(written: str) -> bool:
    """Tell whether this is no date here, but what a spreadsheet makes of one."""
    return last_day(written) is None and _REWRITTEN.fullmatch(written) is not None


def year_of(written: str) -> int:
    """Return the year of a date that is written as a year, a month or a day."""
    return int(written[:4])


def last_day(written: str) -> date | None:
    """Return the last day that a date can mean, or nothing if it is none."""
    parts = _DATE.fullmatch(written)
    if not parts:
        return None
    year, month, day = int(parts[1]), int(parts[2] or 12), parts[3]
    try:
        return date(year, month, int(day)) if day else _month_end(year, month)
    except ValueError:
        return None


def _month_end(year: int, month: int) -> date:
    """Return the last day of a month; ValueError if there is no such month."""
    first = date(year, month, 1)
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def before(one: str, other: str) -> bool:
    """Tell whether a date lies before another in all that both say."""
    return one < other[: len(one)]


def last_full_year(written: str) -> int:
    """Return the last year that a list of this date covers in full; of a month or a year, its first day counts."""
    day = date.fromisoformat(f"{written}-01-01"[: len("YYYY-MM-DD")])
    return (day + timedelta(days=1)).year - 1
