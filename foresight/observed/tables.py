"""Tables as other people write them: where their header is, what stands around it, what parts their cells."""

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

import pandas as pd

from foresight.errors import InputError, Problem, listed, nearest, shortened
from foresight.sheets import is_workbook, rows_of_workbook

#: Largest table, in bytes; looked at before a file is read.
LARGEST: Final = 20_000_000

#: Problems of a table that are described one by one; of more, their number.
MOST: Final = 100

#: Signs that may part cells; of several that give a header, the first.
_SEPARATORS: Final = ",;\t"

_HEADER: Final = 1  # number of the first row, as in a spreadsheet
_BLANK: Final = re.compile(r"[^\S\t\r\n]")  # of whatever width, and unbroken or not
_UNSEEN: Final = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))  # signs without a width

#: Rows with their numbers.
_Rows = list[tuple[int, list[str]]]


class Read(NamedTuple):
    """A table of texts without stray blanks, its index the number of each row; and what stood around it."""

    table: pd.DataFrame
    around: tuple[str, ...] = ()


def first_of(path: Path, problems: list[Problem]) -> list[Problem]:
    """Return the first problems of a table, and how many more there are."""
    more = len(problems) - MOST
    return [*problems[:MOST], Problem(str(path), "", "more", details={"count": more})] if more > 0 else problems


def read_table(
    path: Path, columns: Sequence[str], further: Mapping[str, str], is_key: Callable[[str], object] = bool
) -> Read:
    """Read a table of CSV or of the first sheet of a workbook.

    Parameters
    ----------
    path : Path
    columns : sequence of str
        What the table has to have. The first row with all of them is its header.
    further : mapping of str to str
        Columns that it may have, with what stands in their empty cells, or everywhere if it has none.
    is_key : callable
        Tells whether a cell alone in its row belongs to the table, and is no note below it.

    Raises
    ------
    InputError
        If it cannot be read, lacks or repeats a column, or has a row with more cells than its header.
    """
    content = _content(path)
    if is_workbook(content):
        return _under_header(path, _filled(path, rows_of_workbook(content, str(path))), columns, further, is_key)
    rows = _rows_of_text(path, _decoded(path, content), columns)
    return _under_header(path, rows, columns, further, is_key)


def _content(path: Path) -> bytes:
    """Read a file of bearable size; InputError if it cannot be."""
    try:
        if not path.is_file():
            raise InputError([Problem(str(path), "", "a_directory" if path.is_dir() else "missing_file")])
        if path.stat().st_size > LARGEST:
            raise InputError([Problem(str(path), "", "too_large", f"{path.stat().st_size:,}", f"{LARGEST:,}")])
        return path.read_bytes()
    except PermissionError:
        raise InputError([Problem(str(path), "", "no_permission")]) from None
    except OSError as error:
        raise InputError([Problem(str(path), "", "unreadable", str(error.strerror))]) from None


def _decoded(path: Path, content: bytes) -> str:
    try:
        return content.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise InputError([Problem(str(path), "", "not_utf8", details={"offset": error.start})]) from None


def _separators(text: str) -> str:
    """Return what may part the cells: what the first line with any sign has first, then the others of the text."""
    header = next((line for line in io.StringIO(text, newline="") if line.strip(f"{_SEPARATORS} \r\n")), "")
    first = next((sign for sign in _SEPARATORS if sign in header), _SEPARATORS[0])
    return first + "".join(sign for sign in _SEPARATORS if sign != first and sign in text)


def _rows_of_text(path: Path, text: str, columns: Sequence[str]) -> _Rows:
    """Return the rows between those signs that give a header with all columns that are needed."""
    signs = _separators(text)
    for sign in signs:
        with suppress(InputError):
            if _header_at(rows := _parsed(path, text, sign), columns) is not None:
                return rows
    return _parsed(path, text, signs[0])


def _parsed(path: Path, text: str, separator: str) -> _Rows:
    """Return the rows that are not blank with their numbers; InputError if there are none, or it is no table."""
    lines = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=separator)
    try:
        return _filled(path, list(lines))
    except csv.Error as error:
        raise InputError([Problem(str(path), "", "no_table", str(error))]) from None


def _filled(path: Path, rows: Sequence[Sequence[str]]) -> _Rows:
    clean = [[_BLANK.sub(" ", cell.translate(_UNSEEN)).strip() for cell in row] for row in rows]
    if filled := [(number, row) for number, row in enumerate(clean, start=_HEADER) if any(row)]:
        return filled
    raise InputError([Problem(str(path), "", "no_rows")])


def _header_at(rows: _Rows, columns: Sequence[str]) -> int | None:
    """Return which row is the header, if any has all columns that are needed."""
    small = ([cell.lower() for cell in row] for _, row in rows)
    return next((at for at, row in enumerate(small) if all(name in row for name in columns)), None)


def _under_header(
    path: Path, rows: _Rows, columns: Sequence[str], further: Mapping[str, str], is_key: Callable[[str], object]
) -> Read:
    """Return rows under their header; InputError if it lacks or repeats a column, or a row has more cells than it."""
    at = _header_at(rows, columns) or 0
    header, below = rows[at][1], rows[at + 1 :]
    while not header[-1]:
        header = header[:-1]
    end = len(below)
    while end and _is_note(below[end - 1][1], header, is_key):
        end -= 1
    around = [*rows[:at], *below[end:]]
    table = _table(path, header, below[:end], columns, further)
    return Read(table, tuple(shortened(next(filter(None, row))) for _, row in around))


def _is_note(row: Sequence[str], header: Sequence[str], is_key: Callable[[str], object]) -> bool:
    """Tell whether a row below a table is a note: one cell alone that names nothing of the table."""
    filled = [cell for cell in row if cell]
    return len(filled) == 1 < len(header) and not is_key(filled[0])


def _table(
    path: Path, header: Sequence[str], rows: _Rows, columns: Sequence[str], further: Mapping[str, str]
) -> pd.DataFrame:
    names = [name if name.lower() in header else name.lower() for name in header]
    problems = [_lacking(path, name, header) for name in columns if name not in names]
    wanted = dict.fromkeys((*columns, *further))
    problems += [Problem(str(path), name, "column_twice") for name in wanted if names.count(name) > 1]
    problems += [
        Problem(str(path), f"[{number}]", "extra_cells", str(len(row)), f"≤ {len(header)}")
        for number, row in rows
        if any(row[len(header) :])
    ]
    if problems:
        raise InputError(first_of(path, problems))
    cells = [(row + [""] * len(header))[: len(header)] for _, row in rows]
    table = pd.DataFrame(cells, [number for number, _ in rows], names, dtype=object)
    table = table.loc[:, ~table.columns.duplicated()]
    defaults = {name: table[name].replace("", value) if name in table else value for name, value in further.items()}
    return table.assign(**defaults)


def _lacking(path: Path, name: str, header: Sequence[str]) -> Problem:
    return Problem(str(path), name, "no_column", nearest=nearest(name, header), details={"columns": listed(header)})
