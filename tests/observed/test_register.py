"""Anybody's tables of adoption are read, and everything that is wrong with them is said at once."""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from adoption import CODES, at

from foresight.errors import InputError, Problem
from foresight.facts.members import member_table
from foresight.observed.records import NEVER, Records, load_records
from foresight.observed.register import ACTS, AGREEMENTS
from foresight.observed.tables import LARGEST, MOST
from foresight.texts import Words, drafts, keys, languages

Table = list[list[str]]

WET: Table = [
    ["treaty", "adopted", "open_for_signature", "list_as_of"],
    ["Wetlands", "1999-06-01", "2000-01-15", "2006-03-01"],
    ["Rivers", "2001", "", "2005-12-31"],
]

DONE: Table = [
    ["iso3", "treaty", "eligible", "action_date"],
    ["FJI", "Wetlands", "1", "2002-05-06"],
    ["TON", "Wetlands", "1", ""],
    ["GUM", "Wetlands", "0", ""],
    ["FJI", "Rivers", "1", "2003-04"],
    ["TON", "Rivers", "1.0", "2004"],
]


def text(table: Iterable[Iterable[str]], end: str = "\n") -> str:
    return "".join(",".join(row) + end for row in table)


def changed(table: Table, row: int, column: str, value: str) -> Table:
    """Return a table with another value in a row, numbered as in a spreadsheet."""
    new = [list(one) for one in table]
    new[row - 1][table[0].index(column)] = value
    return new


class Folder:
    """Two tables in a folder."""

    def __init__(self, path: Path) -> None:
        self.acts, self.agreements = path / "acts.csv", path / "agreements.csv"

    def load(self, acts: str | bytes | Table = DONE, agreements: str | bytes | Table = WET) -> Records:
        for path, content in ((self.acts, acts), (self.agreements, agreements)):
            written = text(content) if isinstance(content, list) else content
            path.write_bytes(written.encode() if isinstance(written, str) else written)
        return load_records(self.acts, self.agreements)

    def problems(self, acts: str | bytes | Table = DONE, agreements: str | bytes | Table = WET) -> list[Problem]:
        with pytest.raises(InputError) as caught:
            self.load(acts, agreements)
        return list(caught.value.problems)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def same(one: Records, other: Records) -> bool:
    arrays = np.array_equal(one.year, other.year) and np.array_equal(one.since, other.since)
    return arrays and one.agreements == other.agreements


def remarks(found: Records) -> dict[str, Mapping[str, object]]:
    return {one.kind: one.details for one in found.remarks}


def complete(*names: str, day: str = "") -> Table:
    """Return rows of all members for some agreements."""
    return [DONE[0], *([code, name, "1", day] for name in names for code in CODES)]


def said(problem: Problem) -> tuple[str, str, str, str, str]:
    return Path(problem.file).name, problem.field, problem.kind, problem.given, problem.allowed


def test_a_users_tables_become_records(folder: Folder):
    found = folder.load()
    assert [(one.name, one.opened, one.last) for one in found.agreements] == [
        ("Wetlands", 2000, 2005),
        ("Rivers", 2001, 2005),
    ]
    expected = np.full((2, len(CODES)), NEVER)
    expected[:, at("FJI")], expected[1, at("TON")] = (2002, 2003), 2004
    assert np.array_equal(found.year, expected)
    able = np.full((2, len(CODES)), NEVER)
    able[:, [at("FJI"), at("TON")]] = [[2000], [2001]]
    assert np.array_equal(found.since, able)
    assert {(one.use, one.fund) for one in found.agreements} == {("", False)}


def test_a_member_without_a_row_is_not_at_risk(folder: Folder):
    assert (folder.load().since[:, at("WSM")] == NEVER).all()


def test_columns_may_come_in_any_order_with_others_beside_them(folder: Folder):
    turned = [[*reversed(row), "more", "1"] for row in DONE]
    turned[0][-2:] = ["remark", "year"]
    about = [["-", *reversed(row)] for row in WET]
    about[0][0] = "last"
    assert same(folder.load(turned, about), folder.load())


def test_rows_may_come_in_any_order(folder: Folder):
    assert same(folder.load([DONE[0], *DONE[:0:-1]], [WET[0], *WET[:0:-1]]), folder.load())


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_mark_of_the_byte_order_and_ends_of_lines_do_not_matter(folder: Folder, mark: str, end: str):
    assert same(folder.load(mark + text(DONE, end), mark + text(WET, end)), folder.load())


def test_a_table_may_end_without_an_end_of_line(folder: Folder):
    assert same(folder.load(text(DONE).rstrip("\n"), text(WET).rstrip("\n")), folder.load())


def test_blanks_around_cells_and_blank_rows_do_not_matter(folder: Folder):
    blank = [[f"  {cell}\t" for cell in row] for row in DONE]
    assert same(folder.load([[""], *blank[:3], [], [""] * 6, *blank[3:], [""]]), folder.load())


def test_cells_in_quotes_may_hold_commas(folder: Folder):
    acts, about = (text(table).replace("Wetlands", '"Wetlands, wide"') for table in (DONE, WET))
    assert folder.load(acts, about).agreements[0].name == "Wetlands, wide"


@pytest.mark.parametrize("written", ["2002", "2002-05", "2002-05-06", "2002-01-01", "2002-12-31"])
def test_a_date_may_be_a_year_a_month_or_a_day(folder: Folder, written: str):
    assert folder.load(changed(DONE, 2, "action_date", written)).year[0, at("FJI")] == 2002


@pytest.mark.parametrize(
    ("written", "last"),
    [
        ("2005", 2004),  # it may be of any day of the year
        ("2005-12", 2004),
        ("2005-11", 2004),
        ("2005-12-31", 2005),
        ("2005-12-30", 2004),
        ("2004-02-29", 2003),
    ],
)
def test_a_list_covers_the_years_that_were_over(folder: Folder, written: str, last: int):
    assert folder.load(agreements=changed(WET, 3, "list_as_of", written)).agreements[1].last == last


def test_states_that_are_no_regional_members_are_left_aside_and_named(folder: Folder):
    others = [[code, "Wetlands", "1", "2001-01-01"] for code in ("USA", "GBR", "FRA", "NLD", "DEU", "BRA")]
    found = folder.load([*DONE, *others])
    assert found.left_aside == ("BRA", "DEU", "FRA", "GBR", "NLD", "USA")
    assert same(found, folder.load())


def test_purpose_and_fund_are_read_where_they_are_given(folder: Folder):
    about = [[*row, *more] for row, more in zip(WET, [["suggested_use", "fund"], ["mine", "1"], ["", ""]], strict=True)]
    first, second = folder.load(agreements=about).agreements
    assert (first.use, first.fund, second.use, second.fund) == ("mine", True, "", False)


def test_a_fund_may_be_written_as_a_spreadsheet_writes_it(folder: Folder):
    about = [[*row, fund] for row, fund in zip(WET, ["fund", "1.0", "0.0"], strict=True)]
    assert [one.fund for one in folder.load(agreements=about).agreements] == [True, False]


@pytest.mark.parametrize("action", ["Notification of Succession", "succession", "d"])
def test_an_act_before_the_opening_is_explained_by_a_succession(folder: Folder, action: str):
    acts = [[*row, ""] for row in changed(DONE, 2, "action_date", "1998-01-01")]
    acts[0][-1], acts[1][-1] = "action", action
    found = folder.load(acts)
    assert found.year[0, at("FJI")] == found.since[0, at("FJI")] == 1998


@pytest.mark.parametrize("written", ["2000", "2000-01", "2000-01-15"])
def test_an_act_in_the_year_month_or_day_of_the_opening_is_none_before_it(folder: Folder, written: str):
    assert folder.load(changed(DONE, 2, "action_date", written)).year[0, at("FJI")] == 2000


def test_missing_files_are_all_named(tmp_path: Path):
    with pytest.raises(InputError) as caught:
        load_records(tmp_path / "none.csv", tmp_path / "neither.csv")
    assert [said(one) for one in caught.value.problems] == [
        ("neither.csv", "", "missing_file", "", ""),
        ("none.csv", "", "missing_file", "", ""),
    ]


def test_a_folder_is_no_table(folder: Folder, tmp_path: Path):
    folder.load()
    with pytest.raises(InputError) as caught:
        load_records(tmp_path, folder.agreements)
    assert [one.kind for one in caught.value.problems] == ["a_directory"]


@pytest.mark.parametrize(
    ("content", "kind", "details"),
    [
        (b"iso3,treaty\nFJI,\xff\n", "not_utf8", {"offset": 16}),
        (text(DONE).encode("utf-16"), "not_utf8", {"offset": 0}),
        (b'iso3,treaty,eligible,action_date\n"FJI', "no_table", {}),
        (b"", "no_rows", {}),
        (b"\n , ,\n\n", "no_rows", {}),
        (b"iso3,treaty,eligible,action_date\n", "no_rows", {}),
    ],
)
def test_what_is_no_table_is_said(folder: Folder, content: bytes, kind: str, details: dict[str, int]):
    first = folder.problems(content)[0]
    assert (Path(first.file).name, first.field, first.kind, first.details) == ("acts.csv", "", kind, details)


def test_a_table_that_is_too_large_is_not_read(folder: Folder):
    folder.load()
    with folder.acts.open("ab") as stream:
        stream.truncate(LARGEST + 1)
    with pytest.raises(InputError) as caught:
        load_records(folder.acts, folder.agreements)
    assert [said(one)[2:] for one in caught.value.problems] == [("too_large", "20,000,001", "20,000,000")]


@pytest.mark.parametrize("column", ACTS)
def test_a_missing_column_of_acts_is_named_with_the_nearest(folder: Folder, column: str):
    acts = [[f"{cell}s" if cell == column else cell for cell in DONE[0]], *DONE[1:]]
    (found,) = folder.problems(acts)
    assert said(found) == ("acts.csv", column, "no_column", "", "")
    assert found.details == {"columns": ", ".join(acts[0])}
    assert found.nearest == f"{column}s"


@pytest.mark.parametrize("column", AGREEMENTS)
def test_a_missing_column_of_agreements_is_named_with_the_nearest(folder: Folder, column: str):
    other = f"{column}s".upper()
    (found,) = folder.problems(agreements=[[other if cell == column else cell for cell in WET[0]], *WET[1:]])
    assert (found.field, found.kind, found.nearest) == (column, "no_column", other)


def test_a_missing_column_is_said_to_be_needed_with_what_the_file_has(folder: Folder):
    (found,) = folder.problems([["iso", *DONE[0][1:]], *DONE[1:]])
    assert found.message().endswith(
        "iso3: this column is needed; the file has: iso, treaty, eligible, action_date; did you mean iso?"
    )
    assert "allowed" not in found.message()


def test_names_of_columns_may_be_written_in_any_case(folder: Folder):
    acts, about = ([[cell.upper() for cell in table[0]], *table[1:]] for table in (DONE, WET))
    assert same(folder.load(acts, about), folder.load())
    succession = [[*row, ""] for row in changed(DONE, 2, "action_date", "1998")]
    succession[0], succession[1][-1] = ["Iso3", "Treaty", "Eligible", "Action_Date", "Action"], "succession"
    assert folder.load(succession).year[0, at("FJI")] == 1998


def test_of_columns_that_differ_in_case_alone_the_small_one_is_meant_if_there_is_one(folder: Folder):
    assert same(folder.load([[*row, row[1].upper()] for row in DONE]), folder.load())
    acts = [[*row, "GUM"] for row in DONE]
    acts[0] = [*DONE[0], "ISO3"]
    assert same(folder.load(acts), folder.load())
    acts[0] = ["Iso3", *DONE[0][1:], "ISO3"]
    assert [said(one)[1:3] for one in folder.problems(acts)] == [("iso3", "column_twice")]


def test_a_column_that_stands_twice_is_said_where_it_matters(folder: Folder):
    noted = [[*row, "", ""] for row in DONE]
    noted[0][-2:] = ["note", "note"]
    assert same(folder.load(noted), folder.load())
    noted[0][-1] = "treaty "
    assert [said(one)[1:3] for one in folder.problems(noted)] == [("treaty", "column_twice")]


def test_a_row_with_cells_beyond_the_columns_is_said(folder: Folder):
    assert same(folder.load([[*row, "", ""] for row in DONE]), folder.load())
    acts = [*DONE[:3], [*DONE[3], "", "more"], *DONE[4:]]
    assert said(folder.problems(acts)[0]) == ("acts.csv", "[4]", "extra_cells", "6", "≤ 4")


def test_a_short_row_ends_with_empty_cells(folder: Folder):
    assert same(folder.load([*DONE[:2], DONE[2][:3], *DONE[3:]]), folder.load())


@pytest.mark.parametrize(
    ("row", "column", "value", "kind", "given", "nearest"),
    [
        (3, "iso3", "TNO", "unknown_member", '"TNO"', ""),
        (3, "iso3", "tno", "unknown_member", '"tno"', ""),
        (3, "iso3", "XXX", "unknown_member", '"XXX"', ""),
        (3, "iso3", "AAA", "unknown_member", '"AAA"', ""),
        (3, "iso3", "", "empty", "", ""),
        (3, "treaty", "Wetland", "unknown_agreement", '"Wetland"', "Wetlands"),
        (3, "treaty", "", "empty", "", ""),
        (3, "eligible", "maybe", "not_a_flag", '"maybe"', ""),
        (3, "eligible", "2", "not_a_flag", '"2"', ""),
        (3, "eligible", "", "empty", "", ""),
        (2, "eligible", "0", "party_not_eligible", '"0"', ""),
        (2, "action_date", "1999-12-31", "before_opening", '"1999-12-31"', ""),
        (2, "action_date", "1999", "before_opening", '"1999"', ""),
        *(
            (2, "action_date", written, "not_a_date", f'"{written}"', "")
            for written in (
                *("6 May 2002", "2002-13", "2002-00", "2002-02-30", "2002-5-6", "20020506"),
                *("0000", "9999-12-31", "２００２", "never"),
            )
        ),
        *(
            (2, "action_date", written, "rewritten_date", f'"{written}"', "")
            for written in (
                *("06/05/2002", "6.5.02", "06-05-2002", "2002/05/06", "6-May-02", "6-Mai", "May-02", "mai-02"),
                *("37382", "37382.5", "2002-05-06 00:00:00", "2002-05-06T00:00", "06/05/2002 00:00"),
            )
        ),
    ],
)
def test_a_bad_cell_of_an_act_is_said_with_its_row(
    folder: Folder, row: int, column: str, value: str, kind: str, given: str, nearest: str
):
    (found,) = folder.problems(changed(DONE, row, column, value))
    assert said(found)[:4] == ("acts.csv", f"{column}[{row}]", kind, given)
    assert found.nearest == nearest


@pytest.mark.parametrize(
    ("row", "column", "value", "kind", "field", "given", "allowed"),
    [
        (3, "adopted", "", "no_opening", "open_for_signature", "", ""),
        (
            2,
            "open_for_signature",
            "spring",
            "not_a_date",
            "open_for_signature",
            '"spring"',
            "YYYY, YYYY-MM, YYYY-MM-DD",
        ),
        (2, "list_as_of", "", "empty", "list_as_of", "", ""),
        (2, "list_as_of", "1999-01-01", "before_opening", "list_as_of", '"1999-01-01"', "≥ 2000-01-15"),
    ],
)
def test_a_bad_cell_of_an_agreement_is_said_with_its_row(
    folder: Folder, row: int, column: str, value: str, kind: str, field: str, given: str, allowed: str
):
    (found,) = folder.problems(agreements=changed(WET, row, column, value))
    assert said(found) == ("agreements.csv", f"{field}[{row}]", kind, given, allowed)


def test_a_list_of_the_opening_year_covers_no_full_year_and_is_no_fault(folder: Folder):
    assert folder.load(agreements=changed(WET, 2, "list_as_of", "2000")).agreements[0].last == 1999


def test_a_bad_fund_is_said(folder: Folder):
    about = [[*row, fund] for row, fund in zip(WET, ["fund", "GEF", "0"], strict=True)]
    assert said(folder.problems(agreements=about)[0])[1:] == (
        "fund[2]",
        "not_a_flag",
        '"GEF"',
        "0, 1, no, yes, false, true",
    )


@pytest.mark.parametrize("again", [DONE[1], ["fji", "Wetlands", "YES", "2002-05-06"]])
def test_a_repeated_row_is_named_with_the_one_before(folder: Folder, again: list[str]):
    (found,) = folder.problems([*DONE, again])
    assert said(found) == ("acts.csv", "iso3[7]", "repeated_act", '"FJI Wetlands"', "")
    assert found.details == {"line": 7, "first": 2}
    assert "iso3[7]: line 7 gives again the member and agreement of line 2;" in found.message()


@pytest.mark.parametrize(
    ("eligible", "day", "here"),
    [
        ("1", "2003", "eligible 1, action_date 2003"),
        ("1", "", "eligible 1, action_date –"),
        ("0", "", "eligible 0, action_date –"),
    ],
)
def test_rows_that_contradict_each_other_are_both_shown(folder: Folder, eligible: str, day: str, here: str):
    (found,) = folder.problems([*DONE, ["FJI", "Wetlands", eligible, day]])
    there = "eligible 1, action_date 2002-05-06"
    assert (found.field, found.kind) == ("iso3[7]", "differing_act")
    assert found.details == {"line": 7, "first": 2, "here": here, "there": there}
    assert f"yet says {here} where line 2 says {there}" in found.message()


def test_a_repeated_agreement_is_named_with_the_one_before(folder: Folder):
    (found,) = folder.problems(agreements=[*WET, WET[1]])
    assert said(found)[1:4] == ("treaty[4]", "repeated_agreement", '"Wetlands"')
    assert found.details == {"line": 4, "first": 2}


def test_an_agreement_without_rows_is_said(folder: Folder):
    (found,) = folder.problems(DONE[:4])
    assert said(found) == ("agreements.csv", "treaty[3]", "no_acts", '"Rivers"', "")
    assert found.details == {"file": str(folder.acts)}


def test_a_table_of_acts_without_rows_is_said_once(folder: Folder):
    assert [one.kind for one in folder.problems(DONE[:1])] == ["no_rows"]


def test_an_agreement_with_rows_of_other_states_alone_is_said(folder: Folder):
    (found,) = folder.problems([*DONE[:4], ["USA", "Rivers", "1", ""]])
    assert (found.kind, found.given) == ("no_acts", '"Rivers"')


def test_row_numbers_are_those_of_a_spreadsheet(folder: Folder):
    bad = changed(DONE, 4, "eligible", "?")
    (found,) = folder.problems([[""], *bad[:2], [""], ["", ""], *bad[2:]])
    assert found.field == "eligible[7]"


def test_a_bad_opening_makes_no_other_dates_wrong(folder: Folder):
    found = folder.problems(agreements=changed(WET, 2, "open_for_signature", "9 May"))
    assert [one.kind for one in found] == ["not_a_date"]


def test_everything_that_is_wrong_is_said_at_once(folder: Folder):
    about = [*WET, ["Seas", "", "", "later"], ["", "2001", "", "2000"]]
    acts = [
        *DONE,
        ["FJI", "Wetlands", "1", "2002"],
        ["FIJ", "Wetland", "maybe", "1.2.3"],
        ["WSM", "Wetlands", "0", "1990"],
    ]
    found = [said(one)[:3] for one in folder.problems(acts, about)]
    assert sorted(found) == sorted(
        [
            ("agreements.csv", "treaty[5]", "empty"),
            ("agreements.csv", "list_as_of[4]", "not_a_date"),
            ("agreements.csv", "open_for_signature[4]", "no_opening"),
            ("agreements.csv", "list_as_of[5]", "before_opening"),
            ("acts.csv", "iso3[7]", "differing_act"),
            ("acts.csv", "iso3[8]", "unknown_member"),
            ("acts.csv", "treaty[8]", "unknown_agreement"),
            ("acts.csv", "eligible[8]", "not_a_flag"),
            ("acts.csv", "action_date[8]", "not_a_date"),
            ("acts.csv", "eligible[9]", "party_not_eligible"),
            ("acts.csv", "action_date[9]", "before_opening"),
            ("agreements.csv", "treaty[4]", "no_acts"),
        ]
    )


def test_one_table_without_a_column_does_not_hide_what_is_wrong_in_the_other(folder: Folder):
    bad = changed(DONE, 3, "eligible", "?")
    found = folder.problems(bad, [row[:3] for row in WET])
    assert [one.kind for one in found] == ["no_column", "not_a_flag"]
    found = folder.problems([row[:3] for row in DONE], changed(WET, 2, "list_as_of", "?"))
    assert [one.kind for one in found] == ["not_a_date", "no_column"]


def test_of_very_many_problems_the_first_are_said_and_the_others_counted(folder: Folder):
    found = folder.problems([*DONE, *([f"Q{n:03}", "Wetlands", "1", ""] for n in range(MOST + 7))])
    assert len(found) == MOST + 1
    assert (found[-1].kind, found[-1].details) == ("more", {"count": 7})


@pytest.mark.parametrize(
    ("column", "value", "kind", "given"),
    [
        ("eligible", "maybe", "not_a_flag_rows", '"maybe"'),
        ("eligible", "", "empty_rows", ""),
        ("treaty", "Wetland", "unknown_agreement_rows", '"Wetland"'),
        ("treaty", "", "empty_rows", ""),
        ("iso3", "FIJ", "unknown_member_rows", '"FIJ"'),
        ("iso3", "", "empty_rows", ""),
    ],
)
def test_equal_values_of_a_column_are_one_problem(folder: Folder, column: str, value: str, kind: str, given: str):
    once = changed(complete("Wetlands", "Rivers"), 3, column, value)
    twice = changed(once, 5, column, value)
    assert [(one.field, one.kind) for one in folder.problems(once)] == [(f"{column}[3]", kind.removesuffix("_rows"))]
    (found,) = folder.problems(twice)
    assert (said(found)[1:4], found.details) == ((f"{column}[3]", kind, given), {"count": 2})
    others = folder.problems(changed(twice, 4, column, "?"))
    assert {one.field for one in others} == {f"{column}[3]", f"{column}[4]"}
    assert len(others) == 2


def test_an_agreement_that_the_other_table_lacks_is_one_problem(folder: Folder):
    (found,) = folder.problems([*DONE, *complete("Mountains")[1:]])
    assert (found.field, found.kind, found.details) == ("treaty[7]", "unknown_agreement_rows", {"count": len(CODES)})


def test_rows_of_no_state_are_not_said_to_be_repeated_too(folder: Folder):
    found = folder.problems([*DONE, *[["FIJ", "Wetlands", "1", ""]] * 3])
    assert [(one.field, one.kind, one.details) for one in found] == [("iso3[7]", "unknown_member_rows", {"count": 3})]


def test_dates_stay_row_by_row(folder: Folder):
    found = folder.problems(complete("Wetlands", "Rivers", day="1999"))
    assert {one.kind for one in found} == {"before_opening", "more"}
    found = folder.problems([*DONE, *([code, "Wetlands", "1", "soon"] for code in ("WSM", "TUV"))])
    assert [(one.field, one.kind) for one in found] == [
        ("action_date[7]", "not_a_date"),
        ("action_date[8]", "not_a_date"),
    ]


def test_equal_flags_of_agreements_are_one_problem(folder: Folder):
    about = [[*row, fund] for row, fund in zip(WET, ["fund", "GEF", "GEF"], strict=True)]
    (found,) = folder.problems(agreements=about)
    assert (found.field, found.kind, found.details) == ("fund[2]", "not_a_flag_rows", {"count": 2})


@pytest.mark.costly
@pytest.mark.parametrize("yes", ["1", "1.0", "yes", "YES", "true", "True"])
@pytest.mark.parametrize("no", ["0", "0.0", "no", "No", "false", "FALSE"])
def test_flags_may_be_words(folder: Folder, yes: str, no: str):
    able = {"eligible": "eligible", "0": no, "1": yes, "1.0": yes}
    acts = [[code, name, able[eligible], day] for code, name, eligible, day in DONE]
    about = [[*row, fund] for row, fund in zip(WET, ["fund", yes, no], strict=True)]
    found = folder.load(acts, about)
    assert np.array_equal(found.since, folder.load().since)
    assert [one.fund for one in found.agreements] == [True, False]


def test_a_date_of_a_member_that_says_no_in_words_is_said(folder: Folder):
    (found,) = folder.problems(changed(DONE, 2, "eligible", "False"))
    assert (found.field, found.kind) == ("eligible[2]", "party_not_eligible")


def test_codes_may_be_written_in_small_letters(folder: Folder):
    acts = [DONE[0], *([code.lower(), *rest] for code, *rest in DONE[1:]), ["usa", "Rivers", "1", ""]]
    found = folder.load(acts)
    assert found.left_aside == ("USA",)
    assert same(found, folder.load())


@pytest.mark.parametrize("separator", [";", "\t"])
def test_cells_may_stand_between_semicolons_or_tabs(folder: Folder, separator: str):
    acts, about = (
        "\r\n" + text(table).replace(",", separator).replace("Wetlands", f'"Wetlands{separator} so, wide"')
        for table in (DONE, WET)
    )
    found = folder.load(acts, about)
    assert found.agreements[0].name == f"Wetlands{separator} so, wide"
    assert np.array_equal(found.year, folder.load().year)
    assert np.array_equal(found.since, folder.load().since)


def test_a_header_with_commas_is_read_with_commas(folder: Folder):
    acts = [[*row, "a; b\tc"] for row in DONE]
    assert same(folder.load(acts), folder.load())


def test_complete_tables_give_no_remark(folder: Folder):
    assert folder.load(complete("Wetlands", "Rivers")).remarks == ()


def test_states_without_a_row_are_remarked_by_agreement_and_territories_are_not(folder: Folder):
    kinds = member_table()["kind"]
    acts = complete("Wetlands", "Rivers")
    territories = [row for row in acts if kinds.get(row[0]) != "associate"]
    assert folder.load(territories).remarks == ()
    some = [row for row in acts if row[0] not in {"FJI", "TON", "GUM"} or row[1] == "Rivers"]
    assert remarks(folder.load(some)) == {"no_row": {"names": "Wetlands (2)"}}
    fewer = [row for row in some if row[0] != "WSM"]
    assert remarks(folder.load(fewer)) == {"no_row": {"names": "Wetlands (3), Rivers (1)"}}


@pytest.mark.parametrize(("listed_on", "lacking"), [("2001-12-31", False), ("2002-12-31", True)])
def test_a_state_that_was_none_at_the_date_of_the_list_needs_no_row(folder: Folder, listed_on: str, lacking: bool):
    """Timor-Leste became one in May 2002."""
    acts = [row for row in complete("Wetlands", "Rivers") if row[:2] != ["TLS", "Wetlands"]]
    found = folder.load(acts, changed(WET, 2, "list_as_of", listed_on))
    assert ("no_row" in remarks(found)) == lacking


@pytest.mark.parametrize(
    ("acted", "late"),
    [("2006-03-01", 0), ("2006", 0), ("2006-03", 0), ("2006-03-02", 1), ("2006-04", 1), ("2007", 1)],
)
def test_acts_after_the_date_of_the_list_are_remarked(folder: Folder, acted: str, late: int):
    found = folder.load(changed(complete("Wetlands", "Rivers"), 2, "action_date", acted))
    assert remarks(found) == ({"after_list": {"count": late, "names": "Wetlands"}} if late else {})


def test_late_acts_are_counted_over_all_agreements_and_regional_members_alone(folder: Folder):
    acts = [*complete("Rivers", day="2010"), *complete("Wetlands")[1:], ["USA", "Wetlands", "1", "2010"]]
    assert remarks(folder.load(acts)) == {"after_list": {"count": len(CODES), "names": "Rivers"}}


@pytest.mark.parametrize(("source", "late"), [("2007-01-01", False), ("2006-12-31", True), ("", True), ("web", True)])
def test_an_act_that_a_later_source_of_its_own_knows_is_no_remark(folder: Folder, source: str, late: bool):
    acts = [[*row, source] for row in changed(complete("Wetlands", "Rivers"), 2, "action_date", "2007-01-01")]
    acts[0][-1] = "source_as_of"
    assert ("after_list" in remarks(folder.load(acts))) == late


def test_lists_that_are_still_to_come_are_remarked(folder: Folder):
    acts, ahead = complete("Wetlands", "Rivers"), changed(WET, 3, "list_as_of", "2999")
    found = folder.load(acts, ahead)
    assert remarks(found) == {"list_ahead": {"names": "Rivers"}}
    assert found.agreements[1].last == 2998
    both = folder.load(acts, changed(ahead, 2, "list_as_of", "2998-01-31"))
    assert remarks(both) == {"list_ahead": {"names": "Wetlands, Rivers"}}


def test_remarks_stay_with_records_that_are_cut(folder: Folder):
    found = folder.load()
    assert found.remarks
    assert found.only(["Rivers"]).remarks == found.known_by(2003).remarks == found.remarks


@pytest.mark.parametrize("language", [*languages(), *drafts()])
def test_every_remark_can_be_told_in_every_language(folder: Folder, language: str):
    acts = [*with_actions(("2010", "Accession", "1"), ("2011", "Approval", "1"), ("2001", "Signature", "1"))]
    acts = [["Title"], *acts, ["Viet Nam", "Rivers", "1", "", ""], ["Brazil", "Rivers", "1", "", ""]]
    found = folder.load(acts, changed(WET, 3, "list_as_of", "2999"))
    assert {*remarks(found)} == {key.removeprefix("hindcast.remark_") for key in keys() if "hindcast.remark_" in key}
    told = [Words(language).say(f"hindcast.remark_{one.kind}", **one.details) for one in found.remarks]
    assert len({*told}) == len(found.remarks)


@pytest.mark.parametrize("language", [*languages(), *drafts()])
def test_every_problem_can_be_told_in_every_language(folder: Folder, language: str):
    about = [*WET, ["Seas", "", "", "later"], ["Lakes", "2001-05", "", "2001-07"]]
    acts = [*DONE, ["FIJ", "Wetland", "maybe", "1.2.3"], ["WSM", "Wetlands", "0", "1990"], DONE[1]]
    acts += [["TON", "Wetlands", "1", "2003"], *([code, "Hills", "?", "2001"] for code in ("QQQ", "QQQ"))]
    acts += [["Korea", "Rivers", "1", "6/5/02"], *(["刚果", "Rivers", "1", ""] for _ in range(2))]
    acts = [[*row, ""] for row in acts]
    acts[0][-1] = "action"
    acts += [[code, "Rivers", "1", "", action] for code, action in (("WSM", "?"), ("TUV", "!"), ("KIR", "!"))]
    told = [one.message(language) for one in folder.problems(acts, [*about, WET[1]])]
    assert len(set(told)) == len(told) == 21
    assert all(one.startswith(str(folder.acts.parent)) for one in told)


# Tables of strangers ---------------------------------------------------------------------------------------------


def with_actions(*acts: tuple[str, str, str]) -> Table:
    """Return the table with acts of Fiji towards the wetlands: date, action, eligible."""
    rows = [["FJI", "Wetlands", eligible, day, action] for day, action, eligible in acts]
    return [[*DONE[0], "action"], *rows, *([*row, ""] for row in DONE[2:])]


@pytest.mark.parametrize(
    ("written", "code"),
    [
        *(("TMP", "TLS"), ("BUR", "MMR"), ("IN", "IND"), ("Afghanistan", "AFG"), ("Lao PDR", "LAO")),
        *(("Micronesia (F.S.)", "FSM"), ("Kyrgyz Republic", "KGZ"), ("Turkey", "TUR"), ("Viet\u00a0Nam 2", "VNM")),
        *(("356", "IND"), ("South Korea", "KOR")),
    ],
)
def test_a_member_by_another_code_or_name_is_the_member_and_told(folder: Folder, written: str, code: str):
    found = folder.load([*DONE, [written, "Wetlands", "1", "2001-02-03"]])
    assert found.year[0, at(code)] == 2001
    assert found.left_aside == ()
    assert remarks(found)["read_as"] == {"names": f"{' '.join(written.split())} → {code}"}


def test_a_name_with_a_comma_is_read(folder: Folder):
    found = folder.load(text(DONE) + '"Hong Kong, China",Wetlands,1,2001\n"Korea, Rep.",Wetlands,1,2002\n')
    assert (found.year[0, at("HKG")], found.year[0, at("KOR")]) == (2001, 2002)
    assert remarks(found)["read_as"] == {"names": "Hong Kong, China → HKG; Korea, Rep. → KOR"}


def test_unions_and_states_without_a_code_are_left_aside_like_others(folder: Folder):
    found = folder.load([*DONE, *([code, "Wetlands", "1", "2001"] for code in ("EUU", "XKX", "USA", "Brazil"))])
    assert found.left_aside == ("BRA", "EUU", "USA", "XKX")
    assert remarks(found)["read_as_others"] == {"names": "Brazil → BRA"}
    assert "read_as" not in remarks(found)
    assert same(found, folder.load())


@pytest.mark.parametrize(
    ("written", "kind", "allowed", "nearest"),
    [
        ("Korea", "which_state", "KOR, PRK", ""),
        ("ROK", "unknown_member", "", "KOR"),
        ("PRC", "unknown_member", "", "CHN"),
        ("IRA", "unknown_member", "", ""),
        ("Philipines", "unknown_member", "", "PHL"),
    ],
)
def test_a_state_that_is_not_named_clearly_is_refused(
    folder: Folder, written: str, kind: str, allowed: str, nearest: str
):
    (found,) = folder.problems([*DONE, [written, "Wetlands", "1", "2001"]])
    assert (found.field, found.kind, found.nearest) == ("iso3[7]", kind, nearest)
    assert found.allowed == (allowed or ", ".join((*CODES[:3], f"… {CODES[-1]} ({len(CODES)})")))
    (again,) = folder.problems([*DONE, *([written, name, "1", "2001"] for name in ("Wetlands", "Rivers"))])
    assert (again.kind, again.details) == (f"{kind}_rows", {"count": 2})


def test_a_state_under_two_names_stands_twice(folder: Folder):
    (found,) = folder.problems([*DONE, ["Fiji", "Wetlands", "1", "2002-05-06"]])
    assert (found.field, found.kind, found.given) == ("iso3[7]", "repeated_act", '"FJI Wetlands"')


@pytest.mark.parametrize("action", ["Signature", "Simple signature", "Withdrawal", "Denunciation", "Declaration"])
def test_an_act_that_makes_no_party_is_left_aside_and_told(folder: Folder, action: str):
    found = folder.load(with_actions(("2001-02-03", action, "1")))
    assert (found.year[0, at("FJI")], found.since[0, at("FJI")]) == (NEVER, 2000)
    assert remarks(found)["other_acts"] == {"names": f"{action} (1)"}


def test_of_signature_ratification_and_withdrawal_the_ratification_counts(folder: Folder):
    acts = with_actions(("2001", "Signature", "1"), ("2003", "Ratification", "1"), ("2005", "Withdrawal", "1"))
    found = folder.load(acts)
    assert found.year[0, at("FJI")] == 2003
    assert remarks(found)["other_acts"] == {"names": "Signature (1), Withdrawal (1)"}
    assert "several_acts" not in remarks(found)


def test_of_several_acts_that_make_a_party_the_first_counts_and_that_is_told(folder: Folder):
    acts = with_actions(("2005", "Accession", "1"), ("2002-03", "Acceptance", "1"), ("2004", "Withdrawal", "1"))
    found = folder.load(acts)
    assert found.year[0, at("FJI")] == 2002
    assert remarks(found)["several_acts"] == {"count": 1, "names": "FJI Wetlands"}


def test_two_dates_of_one_act_contradict_each_other(folder: Folder):
    (found,) = folder.problems(with_actions(("2002", "Accession", "1"), ("2003", "Accession", "1")))
    assert (found.field, found.kind) == ("iso3[3]", "differing_act")


def test_acts_that_differ_in_who_could_join_contradict_each_other(folder: Folder):
    (found,) = folder.problems(with_actions(("2002", "Signature", "0"), ("2003", "Ratification", "1")))
    assert (found.field, found.kind) == ("iso3[3]", "differing_act")


def test_an_act_that_nobody_knows_is_refused(folder: Folder):
    (found,) = folder.problems(with_actions(("2002", "Telephone call", "1")))
    assert said(found)[1:4] == ("action[2]", "unknown_action", '"Telephone call"')


@pytest.mark.parametrize("letter", ["a", "A", "AA", "c", "s"])
def test_letters_of_the_treaty_collection_are_acts(folder: Folder, letter: str):
    for acts in (with_actions(("2002-05-06", letter, "1")), changed(DONE, 2, "action_date", f"2002-05-06 {letter}")):
        assert same(folder.load(acts), folder.load())
    early = with_actions(("1998-01-01", letter, "1"))
    assert [one.kind for one in folder.problems(early)] == ["before_opening"]


@pytest.mark.parametrize("written", ["1998-01-01 d", "1998-01-01\u00a0d", "1998d"])
def test_a_d_behind_a_date_is_a_succession(folder: Folder, written: str):
    assert folder.load(changed(DONE, 2, "action_date", written)).year[0, at("FJI")] == 1998


def test_a_note_on_a_succession_makes_none(folder: Folder):
    acts = [[*row, ""] for row in changed(DONE, 2, "action_date", "1998-01-01")]
    acts[0][-1], acts[1][-1] = "note", "typo; not a succession"
    assert [one.kind for one in folder.problems(acts)] == ["before_opening"]


@pytest.mark.parametrize("blank", ["\u00a0", "\u202f", "\u3000", "\u2009", "\u200b", "\ufeff"])
def test_blanks_of_every_kind_around_cells_do_not_matter(folder: Folder, blank: str):
    wide = [[f"{blank}{cell}{blank}" for cell in row] for row in DONE]
    assert same(folder.load(wide), folder.load())


def test_rows_above_the_header_and_notes_below_are_left_aside_and_told(folder: Folder):
    above = 'Parties to two agreements; as of 2006\n"Made by hand, twice"\n\n'
    found = folder.load(above + text(DONE) + '\n"Source: a list, and another"\n* not by all\n')
    assert same(found, folder.load())
    assert remarks(found)["around"]["rows"] == (
        "Parties to two agreements; as of 2006, Made by hand, twice, Source: a list, and another, * not by all"
    )
    bad = above + text(changed(DONE, 3, "eligible", "?"))
    assert [one.field for one in folder.problems(bad)] == ["eligible[6]"]


def test_a_state_alone_in_the_last_row_is_no_note(folder: Folder):
    assert {one.field for one in folder.problems([*DONE, ["WSM"]])} == {"treaty[7]", "eligible[7]"}


def test_semicolons_below_a_title_with_commas_are_found(folder: Folder):
    assert same(folder.load("Parties, all\n" + text(DONE).replace(",", ";")), folder.load())


def workbook(path: Path, *tables: Iterable[Iterable[object]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for table in tables:
        sheet = book.create_sheet()
        for row in table:
            sheet.append(list(row))
    book.save(path)
    return path.read_bytes()


def test_a_workbook_is_read_like_a_table_of_text(folder: Folder, tmp_path: Path):
    typed: list[list[object]] = [["Parties, all"], [], *([*row] for row in DONE)]
    typed[3][2:], typed[4][2:], typed[7][3] = [1, date(2002, 5, 6)], [True, None], 2004
    acts = workbook(tmp_path / "acts.xlsx", typed, [])
    found = folder.load(acts, workbook(tmp_path / "about.xlsx", WET))
    assert same(found, folder.load())
    assert remarks(found)["around"] == {"rows": "Parties, all"}


def test_a_bad_cell_of_a_workbook_is_said_with_its_row(folder: Folder, tmp_path: Path):
    (found,) = folder.problems(workbook(tmp_path / "acts.xlsx", [["", ""], *changed(DONE, 3, "eligible", "?")]))
    assert found.field == "eligible[4]"


def test_a_workbook_of_several_sheets_or_with_a_formula_without_a_result_is_refused(folder: Folder, tmp_path: Path):
    (found,) = folder.problems(workbook(tmp_path / "acts.xlsx", DONE, WET))
    assert (found.kind, found.given) == ("several_sheets", "Sheet, Sheet1")
    lost = [*DONE, ["WSM", "Wetlands", "1", "=DATE(2002,5,6)"]]
    (found,) = folder.problems(workbook(tmp_path / "acts.xlsx", lost))
    assert said(found)[1:4] == ("[7]", "no_result", "=DATE(2002,5,6)")


@pytest.mark.parametrize("content", [b"PK\x03\x04", b"PK\x03\x04" + bytes(100)])
def test_what_only_begins_like_a_workbook_is_no_table(folder: Folder, content: bytes):
    assert folder.problems(content)[0].kind == "no_table"
