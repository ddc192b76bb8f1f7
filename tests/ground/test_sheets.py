"""Workbooks are read as texts, or refused in one line."""

import io
import random
from datetime import date, datetime
from zipfile import ZipFile

import openpyxl
import pytest

from foresight.errors import InputError
from foresight.sheets import is_workbook, rows_of_workbook


def workbook(*rows: list[object]) -> bytes:
    book, content = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(content)
    return content.getvalue()


GOOD = workbook(["FJI", 1, 2.0, 2.5, True, None, date(2002, 5, 6), datetime(2002, 5, 6, 7, 8)])


def test_cells_are_written_as_in_a_table_of_text():
    assert is_workbook(GOOD)
    assert rows_of_workbook(GOOD, "x") == [["FJI", "1", "2", "2.5", "True", "", "2002-05-06", "2002-05-06 07:08:00"]]


@pytest.mark.parametrize("parts", [{}, {"content.xml": "<office/>"}, {"[Content_Types].xml": "<Types"}])
def test_a_packed_file_of_another_kind_is_no_table(parts: dict[str, str]):
    content = io.BytesIO()
    with ZipFile(content, "w") as packed:
        for name, words in parts.items():
            packed.writestr(name, words)
    with pytest.raises(InputError) as caught:
        rows_of_workbook(content.getvalue(), "x")
    assert [one.kind for one in caught.value.problems] == ["no_table"]


@pytest.mark.costly
def test_a_damaged_workbook_is_read_or_refused_and_nothing_else():
    dice, kinds = random.Random(1), set()
    for _ in range(100):
        damaged = bytearray(GOOD)
        for _ in range(3):
            damaged[dice.randrange(4, len(GOOD))] = dice.randrange(256)
        try:
            rows_of_workbook(bytes(damaged), "x")
        except InputError as error:
            kinds |= {one.kind for one in error.problems}
    assert {"no_table"} <= kinds <= {"no_table", "too_large", "no_result"}
