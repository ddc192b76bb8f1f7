"""Anybody's tables of adoption are read, and everything that is wrong with them is said at once."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
from adoption import CODES, at

from foresight.errors import InputError, Problem
from foresight.records import NEVER, Records, load_records
from foresight.register import ACTS, AGREEMENTS, LARGEST, MOST
from foresight.texts import languages

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


@pytest.mark.parametrize("column", ["action", "note"])
def test_an_act_before_the_opening_is_explained_by_a_succession(folder: Folder, column: str):
    acts = [[*row, ""] for row in changed(DONE, 2, "action_date", "1998-01-01")]
    acts[0][-1], acts[1][-1] = column, "Notification of Succession"
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
    assert said(found) == ("acts.csv", column, "no_column", "", ", ".join(acts[0]))
    assert found.nearest == f"{column}s"


@pytest.mark.parametrize("column", AGREEMENTS)
def test_a_missing_column_of_agreements_is_named_with_the_nearest(folder: Folder, column: str):
    (found,) = folder.problems(agreements=[[cell.upper() if cell == column else cell for cell in WET[0]], *WET[1:]])
    assert (found.field, found.kind, found.nearest) == (column, "no_column", column.upper())


def test_a_column_that_stands_twice_is_said_where_it_matters(folder: Folder):
    noted = [[*row, "", ""] for row in DONE]
    noted[0][-2:] = ["note", "note"]
    assert same(folder.load(noted), folder.load())
    noted[0][-1] = "treaty "
    assert [said(one)[1:3] for one in folder.problems(noted)] == [("treaty", "given_twice")]


def test_a_row_with_cells_beyond_the_columns_is_said(folder: Folder):
    assert same(folder.load([[*row, "", ""] for row in DONE]), folder.load())
    acts = [*DONE[:3], [*DONE[3], "", "more"], *DONE[4:]]
    assert said(folder.problems(acts)[0]) == ("acts.csv", "[4]", "extra_cells", "6", "≤ 4")


def test_a_short_row_ends_with_empty_cells(folder: Folder):
    assert same(folder.load([*DONE[:2], DONE[2][:3], *DONE[3:]]), folder.load())


@pytest.mark.parametrize(
    ("row", "column", "value", "kind", "given", "nearest"),
    [
        (3, "iso3", "TNO", "unknown_member", '"TNO"', "TON"),
        (3, "iso3", "ton", "unknown_member", '"ton"', "TON"),
        (3, "iso3", "XXX", "unknown_member", '"XXX"', ""),
        (3, "iso3", "AAA", "unknown_member", '"AAA"', ""),
        (3, "iso3", "", "empty", "", ""),
        (3, "treaty", "Wetland", "unknown_agreement", '"Wetland"', "Wetlands"),
        (3, "treaty", "", "empty", "", ""),
        (3, "eligible", "yes", "not_a_flag", '"yes"', ""),
        (3, "eligible", "2", "not_a_flag", '"2"', ""),
        (3, "eligible", "", "empty", "", ""),
        (2, "eligible", "0", "party_not_eligible", '"0"', ""),
        (2, "action_date", "1999-12-31", "before_opening", '"1999-12-31"', ""),
        (2, "action_date", "1999", "before_opening", '"1999"', ""),
        *(
            (2, "action_date", written, "not_a_date", f'"{written}"', "")
            for written in (
                *("6 May 2002", "2002-13", "2002-00", "2002-02-30", "2002-5-6", "06/05/2002", "20020506"),
                *("0000", "9999-12-31", "２００２", "2002-05-06T00:00", "never"),
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
    assert said(folder.problems(agreements=about)[0])[1:] == ("fund[2]", "not_a_flag", '"GEF"', "0, 1")


def test_a_repeated_row_names_the_line_before(folder: Folder):
    (found,) = folder.problems([*DONE, DONE[1]])
    assert (found.field, found.kind, found.given, found.details) == (
        "iso3[7]",
        "repeated",
        '"FJI Wetlands"',
        {"line": 2},
    )


def test_a_repeated_agreement_names_the_line_before(folder: Folder):
    (found,) = folder.problems(agreements=[*WET, WET[1]])
    assert said(found)[1:4] == ("treaty[4]", "repeated", '"Wetlands"')
    assert found.details == {"line": 2}


def test_an_agreement_without_rows_is_said(folder: Folder):
    (found,) = folder.problems(DONE[:4])
    assert said(found) == ("acts.csv", "treaty", "no_acts", '"Rivers"', "")


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
        ["FIJ", "Wetland", "maybe", "1/2/2003"],
        ["WSM", "Wetlands", "0", "1990"],
    ]
    found = [said(one)[:3] for one in folder.problems(acts, about)]
    assert sorted(found) == sorted(
        [
            ("agreements.csv", "treaty[5]", "empty"),
            ("agreements.csv", "list_as_of[4]", "not_a_date"),
            ("agreements.csv", "open_for_signature[4]", "no_opening"),
            ("agreements.csv", "list_as_of[5]", "before_opening"),
            ("acts.csv", "iso3[7]", "repeated"),
            ("acts.csv", "iso3[8]", "unknown_member"),
            ("acts.csv", "treaty[8]", "unknown_agreement"),
            ("acts.csv", "eligible[8]", "not_a_flag"),
            ("acts.csv", "action_date[8]", "not_a_date"),
            ("acts.csv", "eligible[9]", "party_not_eligible"),
            ("acts.csv", "action_date[9]", "before_opening"),
            ("acts.csv", "treaty", "no_acts"),
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


@pytest.mark.parametrize("language", languages())
def test_every_problem_can_be_told_in_every_language(folder: Folder, language: str):
    about = [*WET, ["Seas", "", "", "later"], ["Lakes", "2001-05", "", "2001-07"]]
    acts = [*DONE, ["FIJ", "Wetland", "maybe", "1/2/2003"], ["WSM", "Wetlands", "0", "1990"]]
    told = [one.message(language) for one in folder.problems(acts, about)]
    assert len(set(told)) == len(told) == 10
    assert all(one.startswith(str(folder.acts.parent)) for one in told)
