"""Cells of tables that other programs open: none of them is ever a formula."""

import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import pandas as pd

#: What spreadsheets take for the beginning of a formula, or pass over before one.
_BEGINNINGS: Final = tuple("=+-@\t\r\n＝＋－＠")

_NUMBER: Final = r"[-+]?\d[\d.,\s]*(?:[eE][-+]?\d+)?%?"

#: Numbers and ranges are none, whatever their sign.
_PLAIN: Final = re.compile(rf"{_NUMBER}(?:\s?…\s?{_NUMBER})?")

#: What tells a spreadsheet that a text follows.
GUARD: Final = "'"


def guarded(cell: Any) -> Any:
    """Return a cell as a file of CSV may have it: a text that could be taken for a formula begins with `GUARD`."""
    formula = isinstance(cell, str) and cell.startswith(_BEGINNINGS) and not _PLAIN.fullmatch(cell)
    return f"{GUARD}{cell}" if formula else cell


def unguarded(cell: Any) -> Any:
    """Return what `guarded` was given."""
    bare = cell.removeprefix(GUARD) if isinstance(cell, str) else cell
    return bare if isinstance(cell, str) and guarded(bare) == cell else cell


def csv_text(table: "pd.DataFrame") -> str:
    """Write a table as CSV, every text in it guarded; the only writer of CSV."""
    safe = table.copy()
    for name in table.select_dtypes(exclude=["number", "bool"]):
        safe[name] = table[name].astype(object).map(guarded, na_action="ignore")
    safe.columns = [guarded(name) for name in table.columns]
    return safe.to_csv(index=False, lineterminator="\n")
