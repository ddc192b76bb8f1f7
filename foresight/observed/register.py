"""Tables of agreements and of members' acts: read, and checked for everything that is wrong at once."""

from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, NamedTuple

import pandas as pd

from foresight.errors import InputError, Problem, listed, nearest, shortened, shown
from foresight.facts.members import member_table
from foresight.facts.states import states_called, states_proposed
from foresight.observed.acts import WORDS, Kind, date_and_letter, kind_of
from foresight.observed.dates import FORMS, before, last_day, last_full_year, rewritten, year_of
from foresight.observed.remarks import Remark, remarks_on
from foresight.observed.tables import Read, first_of, read_table

#: Columns that a table of acts has to have: who, which agreement, whether it can become a party, when it did.
ACTS: Final = ("iso3", "treaty", "eligible", "action_date")

#: Columns that a table of agreements has to have; where it was not opened for signature, `adopted` is its opening.
AGREEMENTS: Final = ("treaty", "adopted", "open_for_signature", "list_as_of")

#: Columns of agreements that say more, each with the value it has where the table does not have it.
FURTHER: Final[Mapping[str, str]] = {"suggested_use": "", "fund": "0", "domain": ""}

_FLAGS: Final = {"0": 0, "1": 1, "0.0": 0, "1.0": 1, "no": 0, "yes": 1, "false": 0, "true": 1}
_FLAGS_WRITTEN: Final = "0, 1, no, yes, false, true"

#: A row of acts, by column.
_Act = Mapping[Hashable, Any]

#: What is wrong with a value that stands in several rows, by what is wrong with it in one.
_IN_ROWS: Final[Mapping[str, str]] = {
    "empty": "empty_rows",
    "not_a_flag": "not_a_flag_rows",
    "unknown_agreement": "unknown_agreement_rows",
    "unknown_member": "unknown_member_rows",
    "unknown_action": "unknown_action_rows",
    "which_state": "which_state_rows",
}


class Register(NamedTuple):
    """Two tables as read, and what is wrong with them; the columns that follow hold where nothing is."""

    acts: pd.DataFrame  # + eligible (0 or 1), year (float, NaN for no party); regional members only
    agreements: pd.DataFrame  # + opened, last (whole years), use, fund (0 or 1)
    others: tuple[str, ...]  # codes of states that are no regional members
    problems: tuple[Problem, ...]
    remarks: tuple[Remark, ...] = ()


def read_register(acts: Path, agreements: Path) -> Register:
    """Read the two tables: of CSV or workbooks, names of columns in any case, states by codes or names.

    Raises
    ------
    InputError
        If a file cannot be read as a table with the columns that are needed, with what is wrong in the other too;
        everything else is among the problems.
    """
    about, problems = _read(agreements, AGREEMENTS, bool)
    done, lacking = _read(acts, ACTS, states_called)
    treaties = None if about is None else _Agreements(agreements, about.table)
    rows = None if done is None else _Acts(acts, done.table)
    problems += first_of(agreements, [] if treaties is None else [*treaties.problems(), *treaties.idle(rows)])
    problems += lacking
    opened = None if treaties is None else treaties.opened()
    problems += first_of(acts, [] if rows is None else list(rows.problems(opened)))
    if treaties is None or rows is None or about is None or done is None:
        raise InputError(problems)
    if problems:
        return Register(rows.table, treaties.table, (), tuple(problems))
    around = (Remark("around", {"rows": listed(one.around)}) for one in (about, done) if one.around)
    remarks = (*rows.remarks(), *around, *remarks_on(rows.typed(), treaties.typed()))
    return Register(rows.typed(), treaties.typed(), rows.others(), (), remarks)


def _read(path: Path, columns: Sequence[str], is_key: Callable[[str], object]) -> tuple[Read | None, list[Problem]]:
    """Return a table as texts, or what keeps it from being one."""
    try:
        return read_table(path, columns, FURTHER, is_key), []
    except InputError as error:
        return None, list(error.problems)


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
                yield self.problem(row, column, "rewritten_date" if rewritten(cell) else "not_a_date", cell, FORMS)

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
    """The table of acts: states by their codes, letters behind dates with the acts."""

    def __init__(self, path: Path, table: pd.DataFrame) -> None:
        dates, letters = zip(*map(date_and_letter, table["action_date"]), strict=True) if len(table) else ((), ())
        named = table["action"] if "action" in table else pd.Series("", table.index, object)
        action = named.where(named != "", pd.Series(letters, table.index, object))
        read = table.assign(written=table["iso3"], iso3=table["iso3"].map(_code))
        super().__init__(path, read.assign(action_date=list(dates), action=action, kind=action.map(kind_of)))

    def problems(self, opened: Mapping[str, str] | None) -> Iterator[Problem]:
        """Find everything that is wrong with it, given when each agreement was opened, if that is known at all."""
        yield from self.empty()
        yield from self._strange_members()
        yield from self.alike("treaty", "empty", {""})
        yield from self._repeated()
        yield from self.flags("eligible")
        yield from self.dates("action_date")
        yield from self.alike("action", "unknown_action", {*self._of(Kind.UNKNOWN)["action"]}, WORDS)
        yield from self._not_eligible()
        if opened is not None:
            yield from self._strange_agreements(opened)
            yield from self._too_early(opened)

    def remarks(self) -> Iterator[Remark]:
        """Tell how states were read, and which acts make nobody a party."""
        read = self.table[self.table["written"].str.upper() != self.table["iso3"]]
        names = {row["written"]: row["iso3"] for row in read.to_dict("records")}
        for kind, regional in (("read_as", True), ("read_as_others", False)):
            told = [f"{name} → {code}" for name, code in names.items() if (code in member_table().index) == regional]
            if told:
                yield Remark(kind, {"names": "; ".join(told)})
        if counts := self.regional()[self.regional()["kind"] == Kind.OTHER]["action"].value_counts().to_dict():
            yield Remark("other_acts", {"names": ", ".join(f"{name} ({count})" for name, count in counts.items())})
        if several := [f"{code} {name}" for code, name in self._filed_often()]:
            yield Remark("several_acts", {"count": len(several), "names": listed(several)})

    def _of(self, kind: Kind) -> pd.DataFrame:
        return self.table[self.table["kind"] == kind]

    def _strange_members(self) -> Iterator[Problem]:
        """Find words for no state, or for several."""
        codes = {word: states_called(word) for word in {*self.table["iso3"]} if word}
        near = {word: listed(states_proposed(word)) for word, meant in codes.items() if not meant}
        yield from self.alike("iso3", "empty", {""})
        yield from self.alike("iso3", "unknown_member", near, listed(tuple(member_table().index)), near)
        for word, meant in codes.items():
            if len(meant) > 1:
                yield from self.alike("iso3", "which_state", {word}, listed(meant))

    def _repeated(self) -> Iterator[Problem]:
        """Find rows of a state and an agreement that have an earlier one, with what both say if they differ."""
        rows = dict(zip(self.table.index.tolist(), self.table.to_dict("records"), strict=True))
        for row, earlier in self.again(["iso3", "treaty"]):
            here, there = rows[row], rows[earlier]
            if len(states_called(here["iso3"])) != 1 or _in_turn(here, there):
                continue
            pair, place = shown(f"{here['iso3']} {here['treaty']}"), f"iso3[{row}]"
            at = {"line": row, "first": earlier}
            if _meaning(here) == _meaning(there):
                yield Problem(str(self.path), place, "repeated_act", pair, details=at)
            else:
                both = {"here": _told(here), "there": _told(there)}
                yield Problem(str(self.path), place, "differing_act", pair, details={**at, **both})

    def _filed_often(self) -> list[tuple[str, str]]:
        """Return members and agreements with several acts that make a party."""
        kept = self.regional()
        kept = kept[(kept["kind"] != Kind.OTHER) & (kept["action_date"] != "")]
        return list(
            dict.fromkeys(kept.loc[kept.duplicated(["iso3", "treaty"]), ["iso3", "treaty"]].itertuples(False, None))
        )

    def _strange_agreements(self, opened: Mapping[str, str]) -> Iterator[Problem]:
        """Find agreements that the other table does not have."""
        near = {name: nearest(name, opened) for name in {*self.table["treaty"]} - {*opened} if name}
        yield from self.alike("treaty", "unknown_agreement", near, listed(tuple(opened)), near)

    def _not_eligible(self) -> Iterator[Problem]:
        """Find parties that cannot be any."""
        for row, (able, acted, kind) in self._rows("eligible", "action_date", "kind"):
            if acted and kind != Kind.OTHER and _FLAGS.get(able.lower()) == 0:
                yield self.problem(row, "eligible", "party_not_eligible", able, "1")

    def _too_early(self, opened: Mapping[str, str]) -> Iterator[Problem]:
        """Find acts before the opening that no succession explains."""
        for row, (acted, name, kind) in self._rows("action_date", "treaty", "kind"):
            start = opened.get(name, "")
            if start and last_day(acted) and before(acted, start) and kind == Kind.JOINING:
                yield self.problem(row, "action_date", "before_opening", acted, f"≥ {start}")

    def _rows(self, *columns: str) -> Iterator[tuple[int, tuple[str, ...]]]:
        return zip(self.table.index.tolist(), self.table[list(columns)].itertuples(False, None), strict=True)

    def others(self) -> tuple[str, ...]:
        """Return the codes of states that are no regional members."""
        return tuple(sorted(set(self.table["iso3"]) - set(member_table().index)))

    def regional(self) -> pd.DataFrame:
        """Return the rows of regional members."""
        return self.table[self.table["iso3"].isin(member_table().index)]

    def typed(self) -> pd.DataFrame:
        """Return the first act of each regional member towards each agreement, with flags and years as numbers.

        Acts that make nobody a party are none, but say that the state could act.
        """
        kept = self.regional()
        kept = kept.assign(action_date=kept["action_date"].where(kept["kind"] != Kind.OTHER, ""))
        in_order = kept["action_date"].replace("", "9").sort_values(kind="stable").index
        kept = kept.loc[in_order].drop_duplicates(["iso3", "treaty"]).sort_index()
        years = pd.to_numeric(kept["action_date"].str[:4])
        return kept.assign(eligible=kept["eligible"].str.lower().map(_FLAGS), year=years)


def _in_turn(one: _Act, other: _Act) -> bool:
    """Tell whether two rows of a state and an agreement are different acts, each named, that both may have done."""
    acts = {one["action"], other["action"]}
    again = one["kind"] == other["kind"] == Kind.OTHER and one["action_date"] != other["action_date"]
    return (again or len(acts) == 2) and "" not in acts and _flag(one["eligible"]) == _flag(other["eligible"])


def _meaning(row: _Act) -> tuple[int | str, str]:
    """Return what a row of acts says, however it writes it."""
    return _flag(row["eligible"]), row["action_date"]


def _flag(written: str) -> int | str:
    return _FLAGS.get(written.lower(), written)


def _told(row: _Act) -> str:
    """Write what a row of acts says."""
    return f"eligible {shortened(row['eligible']) or '–'}, action_date {shortened(row['action_date']) or '–'}"


def _code(written: str) -> str:
    """Return the code of the only state that a word means, anything else as it is written."""
    codes = states_called(written)
    return codes[0] if len(codes) == 1 else written
