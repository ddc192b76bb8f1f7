"""Tables of agreements and of members' acts: read, and checked for everything that is wrong at once."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import pandas as pd
from babel.core import get_global

from foresight.checks import listed, nearest, shown
from foresight.errors import InputError, Problem
from foresight.members import member_table

#: Columns that a table of acts has to have: who, which agreement, whether it can become a party, when it did.
ACTS: Final = ("iso3", "treaty", "eligible", "action_date")

#: Columns that a table of agreements has to have; where it was not opened for signature, `adopted` is its opening.
AGREEMENTS: Final = ("treaty", "adopted", "open_for_signature", "list_as_of")

#: Columns of agreements that say more, each with the value it has where the table does not have it.
FURTHER: Final[Mapping[str, str]] = {"suggested_use": "", "fund": "0", "domain": ""}

#: Largest table, in bytes; looked at before a file is read.
LARGEST: Final = 20_000_000

#: Problems of a table that are described one by one; of more, their number.
MOST: Final = 100

#: Acts by which a state takes on what was binding before it existed, or what another had accepted for it.
SUCCESSION: Final = "succession"

_WRITTEN: Final = "YYYY, YYYY-MM, YYYY-MM-DD"
_DATE: Final = re.compile(r"([12][0-9]{3})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_FLAGS: Final = {"0": 0, "1": 1, "0.0": 0, "1.0": 1}
_HEADER: Final = 1  # number of the first row, as in a spreadsheet

#: Three letters that ISO 3166-1 leaves to whoever needs them, so that no state or territory has them.
_UNASSIGNED: Final = re.compile("AA.|Q[M-Z].|X..|ZZ.")


class Register(NamedTuple):
    """Two tables as read, and what is wrong with them; the columns that follow hold where nothing is."""

    acts: pd.DataFrame  # + eligible (0 or 1), year (float, NaN for no party); regional members only
    agreements: pd.DataFrame  # + opened, last (whole years), use, fund (0 or 1)
    others: tuple[str, ...]  # codes of states that are no regional members
    problems: tuple[Problem, ...]


def read_register(acts: Path, agreements: Path) -> Register:
    """Read the two tables.

    Raises
    ------
    InputError
        If a file cannot be read as a table with the columns that are needed, with what is wrong in the other too;
        everything else is among the problems.
    """
    about, found = _read(agreements, AGREEMENTS)
    done, lacking = _read(acts, ACTS)
    known = None if about is None else _Agreements(agreements, about)
    given = None if done is None else _Acts(acts, done)
    found += _first_of(agreements, [] if known is None else list(known.problems()))
    found += lacking
    found += _first_of(acts, [] if given is None else list(given.problems(None if known is None else known.opened())))
    if known is None or given is None:
        raise InputError(found)
    if found:
        return Register(given.table, known.table, (), tuple(found))
    return Register(given.typed(), known.typed(), given.others(), ())


def year_of(written: str) -> int:
    """Return the year of a date that is written as a year, a month or a day."""
    return int(written[:4])


def _first_of(path: Path, found: list[Problem]) -> list[Problem]:
    """Return the first problems of a table, and how many more there are."""
    more = len(found) - MOST
    return [*found[:MOST], Problem(str(path), "", "more", details={"count": more})] if more > 0 else found


class _Rows:
    """A table of a file; its index is the number of each row, as a spreadsheet shows it."""

    def __init__(self, path: Path, table: pd.DataFrame) -> None:
        self.path, self.table = path, table

    def problem(self, row: int, column: str, kind: str, given: str = "", allowed: str = "", near: str = "") -> Problem:
        said = shown(given) if given else ""
        return Problem(str(self.path), f"{column}[{row}]", kind, said, allowed, near)

    def empty(self) -> Iterator[Problem]:
        """Find that there are no rows."""
        if self.table.empty:
            yield Problem(str(self.path), "", "no_rows")

    def cells(self, column: str) -> list[tuple[int, str]]:
        return list(zip(self.table.index.tolist(), self.table[column].tolist(), strict=True))

    def dates(self, column: str) -> Iterator[Problem]:
        """Find what is no date."""
        for row, cell in self.cells(column):
            if cell and _last_day(cell) is None:
                yield self.problem(row, column, "not_a_date", cell, _WRITTEN)

    def flags(self, column: str) -> Iterator[Problem]:
        """Find what is neither 0 nor 1."""
        for row, cell in self.cells(column):
            if cell not in _FLAGS:
                yield self.problem(row, column, "not_a_flag" if cell else "empty", cell, "0, 1")

    def repeated(self, columns: Sequence[str]) -> Iterator[Problem]:
        """Find rows that give again what an earlier one has given."""
        first: dict[tuple[str, ...], int] = {}
        keys = self.table[list(columns)].itertuples(index=True, name=None)
        for row, *key in keys:
            earlier = first.setdefault(tuple(key), row)
            if earlier != row and all(key):
                given, at = shown(" ".join(key)), {"line": earlier}
                yield Problem(str(self.path), f"{columns[0]}[{row}]", "repeated", given, details=at)


class _Agreements(_Rows):
    """The table of agreements."""

    def problems(self) -> Iterator[Problem]:
        """Find everything that is wrong with it by itself."""
        yield from self.empty()
        for row, name in self.cells("treaty"):
            if not name:
                yield self.problem(row, "treaty", "empty")
        yield from self.repeated(["treaty"])
        for column in ("adopted", "open_for_signature", "list_as_of"):
            yield from self.dates(column)
        yield from self.flags("fund")
        yield from self._order()

    def _order(self) -> Iterator[Problem]:
        """Find agreements without an opening or a date of the list, or with a list older than the opening."""
        for (row, listed_on), opened in zip(self.cells("list_as_of"), self._opening(), strict=True):
            if not opened:
                yield self.problem(row, "open_for_signature", "no_opening")
            if not listed_on:
                yield self.problem(row, "list_as_of", "empty")
            if not _last_day(opened) or not _last_day(listed_on):
                continue
            if _before(listed_on, opened):
                yield self.problem(row, "list_as_of", "before_opening", listed_on, f"≥ {opened}")

    def _opening(self) -> "pd.Series[str]":
        signed, adopted = self.table["open_for_signature"], self.table["adopted"]
        return signed.where(signed != "", adopted)

    def opened(self) -> dict[str, str]:
        """Return the date of opening of each agreement; empty where it is not known."""
        dates = zip(self.table["treaty"], self._opening(), strict=True)
        return {name: opened if _last_day(opened) else "" for name, opened in dates if name}

    def typed(self) -> pd.DataFrame:
        """Return the table with its years."""
        last = [_last_full_year(written) for written in self.table["list_as_of"]]
        opened = [year_of(written) for written in self._opening()]
        fund = self.table["fund"].map(_FLAGS)
        return self.table.assign(opened=opened, last=last, use=self.table["suggested_use"], fund=fund)


class _Acts(_Rows):
    """The table of acts."""

    def problems(self, opened: Mapping[str, str] | None) -> Iterator[Problem]:
        """Find everything that is wrong with it, given when each agreement was opened, if that is known at all."""
        yield from self.empty()
        yield from self._strange_members()
        for row, name in self.cells("treaty"):
            if not name:
                yield self.problem(row, "treaty", "empty")
        yield from self.repeated(["iso3", "treaty"])
        yield from self.flags("eligible")
        yield from self.dates("action_date")
        yield from self._not_eligible()
        if opened is not None:
            yield from self._strange_agreements(opened)
            yield from self._too_early(opened)

    def _strange_members(self) -> Iterator[Problem]:
        """Find codes of no state."""
        codes = tuple(member_table().index)
        near = {code: nearest(code, codes) for code in {*self.table["iso3"]} - {*codes} if code and not _is_state(code)}
        for row, code in self.cells("iso3"):
            if not code:
                yield self.problem(row, "iso3", "empty")
            elif code in near:
                yield self.problem(row, "iso3", "unknown_member", code, listed(codes), near[code])

    def _strange_agreements(self, opened: Mapping[str, str]) -> Iterator[Problem]:
        """Find agreements that the other table does not have, and those of it that no regional member has a row of."""
        near = {name: nearest(name, opened) for name in {*self.table["treaty"]} - {*opened} if name}
        for row, name in self.cells("treaty"):
            if name in near:
                yield self.problem(row, "treaty", "unknown_agreement", name, listed(tuple(opened)), near[name])
        regional = self.table[self.table["iso3"].isin(member_table().index)]
        for name in sorted(set(opened) - set(regional["treaty"])):
            yield Problem(str(self.path), "treaty", "no_acts", shown(name))

    def _not_eligible(self) -> Iterator[Problem]:
        """Find parties that cannot be any."""
        for (row, able), acted in zip(self.cells("eligible"), self.table["action_date"], strict=True):
            if acted and _FLAGS.get(able) == 0:
                yield self.problem(row, "eligible", "party_not_eligible", able, "1")

    def _too_early(self, opened: Mapping[str, str]) -> Iterator[Problem]:
        """Find acts before the opening that no succession explains."""
        for (row, acted), name in zip(self.cells("action_date"), self.table["treaty"], strict=True):
            start = opened.get(name, "")
            if start and _last_day(acted) and _before(acted, start) and not self._succeeds(row):
                yield self.problem(row, "action_date", "before_opening", acted, f"≥ {start}")

    def _succeeds(self, row: int) -> bool:
        """Tell whether an act is one of succession, or said to be."""
        said = (str(self.table.at[row, column]) for column in ("action", "note") if column in self.table)
        return any(SUCCESSION in words.lower() for words in said)

    def others(self) -> tuple[str, ...]:
        """Return the codes of states that are no regional members."""
        return tuple(sorted(set(self.table["iso3"]) - set(member_table().index)))

    def typed(self) -> pd.DataFrame:
        """Return the acts of regional members, with flags and years as numbers."""
        kept = self.table[self.table["iso3"].isin(member_table().index)]
        years = pd.to_numeric(kept["action_date"].str[:4])
        return kept.assign(eligible=kept["eligible"].map(_FLAGS), year=years)


def _read(path: Path, columns: Sequence[str]) -> tuple[pd.DataFrame | None, list[Problem]]:
    """Return a table as texts without stray blanks, or what keeps it from being one."""
    try:
        rows = _parsed(path, _content(path))
        return _table(path, rows, columns), []
    except InputError as error:
        return None, list(error.problems)


def _content(path: Path) -> str:
    """Read a file of bearable size as text; InputError if it cannot be."""
    try:
        if not path.is_file():
            raise InputError([Problem(str(path), "", "a_directory" if path.is_dir() else "missing_file")])
        if path.stat().st_size > LARGEST:
            raise InputError([Problem(str(path), "", "too_large", f"{path.stat().st_size:,}", f"{LARGEST:,}")])
        return path.read_bytes().decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise InputError([Problem(str(path), "", "not_utf8", details={"offset": error.start})]) from None
    except PermissionError:
        raise InputError([Problem(str(path), "", "no_permission")]) from None
    except OSError as error:
        raise InputError([Problem(str(path), "", "unreadable", str(error.strerror))]) from None


def _parsed(path: Path, content: str) -> list[tuple[int, list[str]]]:
    """Return the rows that are not blank with their numbers; InputError if there are none, or it is no table."""
    try:
        rows = [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(content, newline=""), strict=True)]
    except csv.Error as error:
        raise InputError([Problem(str(path), "", "no_table", str(error))]) from None
    filled = [(number, row) for number, row in enumerate(rows, start=_HEADER) if any(row)]
    if not filled:
        raise InputError([Problem(str(path), "", "no_rows")])
    return filled


def _table(path: Path, rows: list[tuple[int, list[str]]], columns: Sequence[str]) -> pd.DataFrame:
    """Return rows under their header; InputError if it lacks or repeats a column, or a row has more cells than it."""
    header, below = rows[0][1], rows[1:]
    while not header[-1]:
        header = header[:-1]
    found = [_lacking(path, name, header) for name in columns if name not in header]
    wanted = dict.fromkeys((*columns, *FURTHER))
    found += [Problem(str(path), name, "given_twice") for name in wanted if header.count(name) > 1]
    found += [
        Problem(str(path), f"[{number}]", "extra_cells", str(len(row)), f"≤ {len(header)}")
        for number, row in below
        if any(row[len(header) :])
    ]
    if found:
        raise InputError(_first_of(path, found))
    cells = [(row + [""] * len(header))[: len(header)] for _, row in below]
    table = pd.DataFrame(cells, [number for number, _ in below], header, dtype=object)
    table = table.loc[:, ~table.columns.duplicated()]
    defaults = {name: table[name].replace("", value) if name in table else value for name, value in FURTHER.items()}
    return table.assign(**defaults)


def _lacking(path: Path, name: str, header: Sequence[str]) -> Problem:
    return Problem(str(path), name, "no_column", "", listed(header), nearest(name, header))


def _last_day(written: str) -> date | None:
    """Return the last day that a date can mean, or nothing if it is none."""
    found = _DATE.fullmatch(written)
    if not found:
        return None
    year, month, day = int(found[1]), int(found[2] or 12), found[3]
    try:
        return date(year, month, int(day)) if day else _month_end(year, month)
    except ValueError:
        return None


def _month_end(year: int, month: int) -> date:
    """Return the last day of a month; ValueError if there is no such month."""
    first = date(year, month, 1)
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _before(one: str, other: str) -> bool:
    """Tell whether a date lies before another in all that both say."""
    return one < other[: len(one)]


def _last_full_year(written: str) -> int:
    """Return the last year that a list of this date covers in full; of a month or a year, its first day counts."""
    day = date.fromisoformat(f"{written}-01-01"[: len("YYYY-MM-DD")])
    return (day + timedelta(days=1)).year - 1


@cache
def _is_state(code: str) -> bool:
    """Tell whether there is a state or territory of this ISO 3166-1 alpha-3 code."""
    if not re.fullmatch("[A-Z]{3}", code) or _UNASSIGNED.fullmatch(code):
        return False
    return code in get_global("territory_aliases")
