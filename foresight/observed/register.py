"""Tables of agreements and of members' acts: read, and checked for everything that is wrong at once."""

import csv
import io
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import pandas as pd
from babel.core import get_global

from foresight.errors import InputError, Problem, listed, nearest, shortened, shown
from foresight.facts.members import member_table
from foresight.observed.dates import FORMS, before, last_day, last_full_year, year_of
from foresight.observed.remarks import Remark, remarks_on

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

_FLAGS: Final = {"0": 0, "1": 1, "0.0": 0, "1.0": 1, "no": 0, "yes": 1, "false": 0, "true": 1}
_FLAGS_WRITTEN: Final = "0, 1, no, yes, false, true"
_SEPARATORS: Final = ",;\t"  # the first that the header has
_HEADER: Final = 1  # number of the first row, as in a spreadsheet

#: Three letters that ISO 3166-1 leaves to whoever needs them, so that no state or territory has them.
_UNASSIGNED: Final = re.compile("AA.|Q[M-Z].|X..|ZZ.")

#: What is wrong with a value that stands in several rows, by what is wrong with it in one.
_IN_ROWS: Final[Mapping[str, str]] = {
    "empty": "empty_rows",
    "not_a_flag": "not_a_flag_rows",
    "unknown_agreement": "unknown_agreement_rows",
    "unknown_member": "unknown_member_rows",
}


class Register(NamedTuple):
    """Two tables as read, and what is wrong with them; the columns that follow hold where nothing is."""

    acts: pd.DataFrame  # + eligible (0 or 1), year (float, NaN for no party); regional members only
    agreements: pd.DataFrame  # + opened, last (whole years), use, fund (0 or 1)
    others: tuple[str, ...]  # codes of states that are no regional members
    problems: tuple[Problem, ...]
    remarks: tuple[Remark, ...] = ()


def read_register(acts: Path, agreements: Path) -> Register:
    """Read the two tables: cells between commas, semicolons or tabs, names of columns and codes in any case.

    Raises
    ------
    InputError
        If a file cannot be read as a table with the columns that are needed, with what is wrong in the other too;
        everything else is among the problems.
    """
    about, problems = _read(agreements, AGREEMENTS)
    done, lacking = _read(acts, ACTS)
    treaties = None if about is None else _Agreements(agreements, about)
    rows = None if done is None else _Acts(acts, done)
    problems += _first_of(agreements, [] if treaties is None else [*treaties.problems(), *treaties.idle(rows)])
    problems += lacking
    opened = None if treaties is None else treaties.opened()
    problems += _first_of(acts, [] if rows is None else list(rows.problems(opened)))
    if treaties is None or rows is None:
        raise InputError(problems)
    if problems:
        return Register(rows.table, treaties.table, (), tuple(problems))
    remarks = tuple(remarks_on(rows.typed(), treaties.typed()))
    return Register(rows.typed(), treaties.typed(), rows.others(), (), remarks)


def _first_of(path: Path, problems: list[Problem]) -> list[Problem]:
    """Return the first problems of a table, and how many more there are."""
    more = len(problems) - MOST
    return [*problems[:MOST], Problem(str(path), "", "more", details={"count": more})] if more > 0 else problems


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
            if cell and last_day(cell) is None:
                yield self.problem(row, column, "not_a_date", cell, FORMS)

    def flags(self, column: str) -> Iterator[Problem]:
        """Find what says neither yes nor no."""
        wrong = {cell for cell in self.table[column] if cell and cell.lower() not in _FLAGS}
        yield from self.alike(column, "empty", {""}, _FLAGS_WRITTEN)
        yield from self.alike(column, "not_a_flag", wrong, _FLAGS_WRITTEN)

    def alike(
        self, column: str, kind: str, wrong: Collection[str], allowed: str = "", near: Mapping[str, str] | None = None
    ) -> Iterator[Problem]:
        """Say of each wrong value of a column once in which row it stands first, and in how many it stands."""
        rows: dict[str, list[int]] = {}
        for row, cell in self.cells(column):
            if cell in wrong:
                rows.setdefault(cell, []).append(row)
        for value, (first, *more) in rows.items():
            one = self.problem(first, column, kind, value, allowed, (near or {}).get(value, ""))
            yield replace(one, kind=_IN_ROWS[kind], details={"count": 1 + len(more)}) if more else one

    def again(self, columns: Sequence[str]) -> Iterator[tuple[int, int]]:
        """Yield each row that is of the same as an earlier one, with that one."""
        first: dict[tuple[str, ...], int] = {}
        for row, *key in self.table[list(columns)].itertuples(index=True, name=None):
            earlier = first.setdefault(tuple(key), row)
            if earlier != row and all(key):
                yield row, earlier


class _Agreements(_Rows):
    """The table of agreements."""

    def problems(self) -> Iterator[Problem]:
        """Find everything that is wrong with it by itself."""
        yield from self.empty()
        yield from self.alike("treaty", "empty", {""})
        yield from self._repeated()
        for column in ("adopted", "open_for_signature", "list_as_of"):
            yield from self.dates(column)
        yield from self.flags("fund")
        yield from self.alike("list_as_of", "empty", {""})
        yield from self._order()

    def idle(self, acts: "_Acts | None") -> Iterator[Problem]:
        """Find agreements that no regional member has a row of, if there are rows."""
        if acts is None or acts.table.empty:
            return
        named = {*acts.regional()["treaty"]}
        for row, name in self.table["treaty"].drop_duplicates().items():
            if name and name not in named:
                place = f"treaty[{row}]"
                yield Problem(str(self.path), place, "no_acts", shown(name), details={"file": str(acts.path)})

    def _repeated(self) -> Iterator[Problem]:
        """Find agreements that stand in an earlier row too."""
        for row, earlier in self.again(["treaty"]):
            name, at = shown(self.table.at[row, "treaty"]), {"line": row, "first": earlier}
            yield Problem(str(self.path), f"treaty[{row}]", "repeated_agreement", name, details=at)

    def _order(self) -> Iterator[Problem]:
        """Find agreements without an opening, or with a list older than it."""
        for (row, listed_on), opened in zip(self.cells("list_as_of"), self._opening(), strict=True):
            if not opened:
                yield self.problem(row, "open_for_signature", "no_opening")
            if not last_day(opened) or not last_day(listed_on):
                continue
            if before(listed_on, opened):
                yield self.problem(row, "list_as_of", "before_opening", listed_on, f"≥ {opened}")

    def _opening(self) -> "pd.Series[str]":
        signed, adopted = self.table["open_for_signature"], self.table["adopted"]
        return signed.where(signed != "", adopted)

    def opened(self) -> dict[str, str]:
        """Return the date of opening of each agreement; empty where it is not known."""
        dates = zip(self.table["treaty"], self._opening(), strict=True)
        return {name: opened if last_day(opened) else "" for name, opened in dates if name}

    def typed(self) -> pd.DataFrame:
        """Return the table with its years."""
        last = [last_full_year(written) for written in self.table["list_as_of"]]
        opened = [year_of(written) for written in self._opening()]
        fund = self.table["fund"].str.lower().map(_FLAGS)
        return self.table.assign(opened=opened, last=last, use=self.table["suggested_use"], fund=fund)


class _Acts(_Rows):
    """The table of acts, codes of states in capitals."""

    def __init__(self, path: Path, table: pd.DataFrame) -> None:
        super().__init__(path, table.assign(iso3=table["iso3"].map(_code)))

    def problems(self, opened: Mapping[str, str] | None) -> Iterator[Problem]:
        """Find everything that is wrong with it, given when each agreement was opened, if that is known at all."""
        yield from self.empty()
        yield from self._strange_members()
        yield from self.alike("treaty", "empty", {""})
        yield from self._repeated()
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
        yield from self.alike("iso3", "empty", {""})
        yield from self.alike("iso3", "unknown_member", near, listed(codes), near)

    def _repeated(self) -> Iterator[Problem]:
        """Find rows of a state and an agreement that have an earlier one, with what both say if they differ."""
        columns = ["iso3", "treaty", "eligible", "action_date"]
        rows = {row: cells for row, *cells in self.table[columns].itertuples(index=True, name=None)}
        for row, earlier in self.again(columns[:2]):
            (code, name, *here), (_, _, *there) = rows[row], rows[earlier]
            if not _is_state(code):
                continue
            given, place, at = shown(f"{code} {name}"), f"iso3[{row}]", {"line": row, "first": earlier}
            if _meaning(*here) == _meaning(*there):
                yield Problem(str(self.path), place, "repeated_act", given, details=at)
            else:
                both = {"here": _told(*here), "there": _told(*there)}
                yield Problem(str(self.path), place, "differing_act", given, details={**at, **both})

    def _strange_agreements(self, opened: Mapping[str, str]) -> Iterator[Problem]:
        """Find agreements that the other table does not have."""
        near = {name: nearest(name, opened) for name in {*self.table["treaty"]} - {*opened} if name}
        yield from self.alike("treaty", "unknown_agreement", near, listed(tuple(opened)), near)

    def _not_eligible(self) -> Iterator[Problem]:
        """Find parties that cannot be any."""
        for (row, able), acted in zip(self.cells("eligible"), self.table["action_date"], strict=True):
            if acted and _FLAGS.get(able.lower()) == 0:
                yield self.problem(row, "eligible", "party_not_eligible", able, "1")

    def _too_early(self, opened: Mapping[str, str]) -> Iterator[Problem]:
        """Find acts before the opening that no succession explains."""
        for (row, acted), name in zip(self.cells("action_date"), self.table["treaty"], strict=True):
            start = opened.get(name, "")
            if start and last_day(acted) and before(acted, start) and not self._succeeds(row):
                yield self.problem(row, "action_date", "before_opening", acted, f"≥ {start}")

    def _succeeds(self, row: int) -> bool:
        """Tell whether an act is one of succession, or said to be."""
        said = (str(self.table.at[row, column]) for column in ("action", "note") if column in self.table)
        return any(SUCCESSION in words.lower() for words in said)

    def others(self) -> tuple[str, ...]:
        """Return the codes of states that are no regional members."""
        return tuple(sorted(set(self.table["iso3"]) - set(member_table().index)))

    def regional(self) -> pd.DataFrame:
        """Return the rows of regional members."""
        return self.table[self.table["iso3"].isin(member_table().index)]

    def typed(self) -> pd.DataFrame:
        """Return the acts of regional members, with flags and years as numbers."""
        kept = self.regional()
        years = pd.to_numeric(kept["action_date"].str[:4])
        return kept.assign(eligible=kept["eligible"].str.lower().map(_FLAGS), year=years)


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
    lines = csv.reader(io.StringIO(content, newline=""), strict=True, delimiter=_separator(content))
    try:
        rows = [[cell.strip() for cell in row] for row in lines]
    except csv.Error as error:
        raise InputError([Problem(str(path), "", "no_table", str(error))]) from None
    filled = [(number, row) for number, row in enumerate(rows, start=_HEADER) if any(row)]
    if not filled:
        raise InputError([Problem(str(path), "", "no_rows")])
    return filled


def _separator(content: str) -> str:
    """Return what stands between the cells of the first line that has any."""
    header = next((line for line in io.StringIO(content, newline="") if line.strip(f"{_SEPARATORS} \r\n")), "")
    return next((sign for sign in _SEPARATORS if sign in header), _SEPARATORS[0])


def _table(path: Path, rows: list[tuple[int, list[str]]], columns: Sequence[str]) -> pd.DataFrame:
    """Return rows under their header; InputError if it lacks or repeats a column, or a row has more cells than it."""
    header, below = rows[0][1], rows[1:]
    while not header[-1]:
        header = header[:-1]
    names = [name if name.lower() in header else name.lower() for name in header]
    problems = [_lacking(path, name, header) for name in columns if name not in names]
    wanted = dict.fromkeys((*columns, *FURTHER))
    problems += [Problem(str(path), name, "column_twice") for name in wanted if names.count(name) > 1]
    problems += [
        Problem(str(path), f"[{number}]", "extra_cells", str(len(row)), f"≤ {len(header)}")
        for number, row in below
        if any(row[len(header) :])
    ]
    if problems:
        raise InputError(_first_of(path, problems))
    cells = [(row + [""] * len(header))[: len(header)] for _, row in below]
    table = pd.DataFrame(cells, [number for number, _ in below], names, dtype=object)
    table = table.loc[:, ~table.columns.duplicated()]
    defaults = {name: table[name].replace("", value) if name in table else value for name, value in FURTHER.items()}
    return table.assign(**defaults)


def _lacking(path: Path, name: str, header: Sequence[str]) -> Problem:
    return Problem(str(path), name, "no_column", nearest=nearest(name, header), details={"columns": listed(header)})


def _meaning(eligible: str, acted: str) -> tuple[int | str, str]:
    """Return what a row of acts says, however it writes it."""
    return _FLAGS.get(eligible.lower(), eligible), acted


def _told(eligible: str, acted: str) -> str:
    """Write what a row of acts says."""
    return f"eligible {shortened(eligible) or '–'}, action_date {shortened(acted) or '–'}"


def _code(written: str) -> str:
    """Return a code of a state in capitals, anything else as it is written."""
    code = written.upper()
    return code if _is_state(code) else written


@cache
def _is_state(code: str) -> bool:
    """Tell whether there is a state or territory of this ISO 3166-1 alpha-3 code."""
    if not re.fullmatch("[A-Z]{3}", code) or _UNASSIGNED.fullmatch(code):
        return False
    return code in get_global("territory_aliases")
