"""Remarks on tables of agreements and acts that can be used, and yet lead to answers that nobody meant."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final, NamedTuple

import pandas as pd

from foresight.errors import listed
from foresight.facts.members import member_table
from foresight.observed.dates import before, last_day

#: Kinds of remarks on how tables were read where scores hang on it; they are told whatever else is not.
CHANGING: Final = ("read_as", "other_acts", "several_acts")


class Remark(NamedTuple):
    """What somebody should know of tables that can be used all the same."""

    kind: str  # `remark_` and it are a key in the section `hindcast` of the text catalogue
    details: Mapping[str, object]  # values that its sentence mentions


def remarks_on(acts: pd.DataFrame, agreements: pd.DataFrame) -> Iterator[Remark]:
    """Remark on what leads to answers that nobody meant."""
    lists = dict(zip(agreements["treaty"], agreements["list_as_of"], strict=True))
    yield from _without_rows(acts, lists)
    yield from _after_lists(acts, lists)
    today = date.today().isoformat()
    if ahead := [name for name, listed_on in lists.items() if before(today, listed_on)]:
        yield Remark("list_ahead", {"names": listed(ahead)})


def _without_rows(acts: pd.DataFrame, lists: Mapping[str, str]) -> Iterator[Remark]:
    """Remark on agreements without rows of states that there were at the date of the list."""
    members, rows = member_table(), {*zip(acts["iso3"], acts["treaty"], strict=True)}
    states = members.loc[members["kind"] == "member", "sovereign_since"].to_dict()
    counts = {
        name: sum((code, name) not in rows and not before(listed_on, since) for code, since in states.items())
        for name, listed_on in lists.items()
    }
    if told := [f"{name} ({count})" for name, count in counts.items() if count]:
        yield Remark("no_row", {"names": listed(told)})


def _after_lists(acts: pd.DataFrame, lists: Mapping[str, str]) -> Iterator[Remark]:
    """Remark on acts after the date of the list, unless their row has a later source of its own that knows them."""
    sources = acts["source_as_of"] if "source_as_of" in acts else [""] * len(acts)
    rows = zip(acts["treaty"], acts["action_date"], sources, strict=True)
    late = [
        name
        for name, acted, source in rows
        if acted and before(lists[name], acted) and not (last_day(source) and not before(source, acted))
    ]
    if late:
        yield Remark("after_list", {"count": len(late), "names": listed(tuple(dict.fromkeys(late)))})
