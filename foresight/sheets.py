"""Workbooks of spreadsheets as rows of texts."""

import io
import warnings
import zlib
from collections.abc import Iterable, Iterator
from datetime import datetime, time
from typing import Any, Final
from zipfile import BadZipFile, ZipFile

from foresight.errors import InputError, Problem, listed, shortened

#: How a workbook begins, whatever its file is called.
_BEGINNING: Final = b"PK\x03\x04"

#: What libraries raise where a workbook is none, is damaged or needs a password.
_DAMAGES: Final = (
    *(ArithmeticError, AttributeError, BadZipFile, EOFError, LookupError, OSError, RuntimeError),
    *(SyntaxError, TypeError, ValueError, zlib.error),
)

#: Most bytes of a workbook once it is unpacked.
_UNPACKED: Final = 200_000_000


def is_workbook(content: bytes) -> bool:
    """Tell whether bytes are those of a workbook of XLSX."""
    return content.startswith(_BEGINNING)


def rows_of_workbook(content: bytes, label: str) -> list[list[str]]:
    """Return the rows of the only sheet of a workbook that holds anything, as texts.

    Dates are written as in ISO 8601, whole numbers without a point.

    Parameters
    ----------
    content : bytes
    label : str
        What the file is called in messages.

    Raises
    ------
    InputError
        If it cannot be read, several sheets hold something, or a formula was never worked out.
    """
    try:
        with ZipFile(io.BytesIO(content)) as packed:
            size = sum(part.file_size for part in packed.infolist())
        if size > _UNPACKED:
            raise InputError([Problem(label, "", "too_large", f"{size:,}", f"{_UNPACKED:,}")])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # on what a file that is written anew would lack
            values, formulas = (_sheets(content, worked_out) for worked_out in (True, False))
    except _DAMAGES as error:
        raise InputError([Problem(label, "", "no_table", shortened(" ".join(str(error).split())))]) from None
    if len(formulas) > 1:
        raise InputError([Problem(label, "", "several_sheets", listed(tuple(formulas)))])
    for name, rows in formulas.items():
        if problems := list(_not_worked_out(label, values.get(name, []), rows)):
            raise InputError(problems)
    return [[_text(cell) for cell in row] for rows in values.values() for row in rows]


def _sheets(content: bytes, worked_out: bool) -> dict[str, list[tuple[Any, ...]]]:
    """Return the cells of every sheet that holds anything, formulas as such or what they come to."""
    from openpyxl import load_workbook  # late: whoever reads no workbook need not wait for it

    book = load_workbook(io.BytesIO(content), read_only=True, data_only=worked_out)
    sheets = {}
    for sheet in book.worksheets:
        sheet.reset_dimensions()  # some programs write wrong ones
        rows = list(sheet.iter_rows(values_only=True))
        if any(cell is not None for row in rows for cell in row):
            sheets[sheet.title] = rows
    return sheets


def _not_worked_out(
    label: str, values: Iterable[tuple[Any, ...]], formulas: Iterable[tuple[Any, ...]]
) -> Iterator[Problem]:
    """Find the first formula whose result the file does not hold."""
    for number, (row, written) in enumerate(zip(values, formulas, strict=False), start=1):
        lost = [cell for value, cell in zip(row, written, strict=False) if value is None and cell is not None]
        if lost:
            yield Problem(label, f"[{number}]", "no_result", shortened(str(lost[0])))
            return


def _text(cell: Any) -> str:
    """Write a cell as a table of CSV would have it."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
