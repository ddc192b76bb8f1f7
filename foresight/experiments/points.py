"""Tables of points: read from CSV, Parquet or a workbook, one array a factor."""

import csv
import os
import re
import warnings
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from foresight import bounds
from foresight.arrays import Floats
from foresight.errors import InputError, Problem, listed, shortened, shown
from foresight.exact import EXACT
from foresight.scenario.design import checked_design
from foresight.scenario.factors import factors
from foresight.sheets import rows_of_workbook

#: Columns of a table of points beside the factors.
POINT: Final = "point"
SCENARIO: Final = "scenario"

#: Lines at the beginning of a file that are looked through for its header, and the longest that is looked at.
_LINES: Final = 50
_LONGEST: Final = 1_000_000

_SEPARATORS: Final = {";": ";", "\t": "tab"}
_DECIMAL_COMMA: Final = re.compile(r"\s*[-+]?\d*,\d+(?:[eE][-+]?\d+)?\s*")


def read_points(path: str | Path) -> dict[str, Floats]:
    """Read a table of points, by the ending of its file, as one array a factor.

    The points that a store holds can be read too: they are numbered, and stand once for each scenario.

    Raises
    ------
    InputError
        If there is no such file, or it holds no such table; with what is wrong in each column.
    """
    label = str(path)
    if (ending := Path(path).suffix.lower()) not in _READERS:
        raise InputError([Problem(label, "", "unknown_ending", shown(ending), listed(tuple(_READERS)))])
    if not os.path.isfile(path):
        raise InputError([Problem(label, "", "no_such_file")])
    try:
        table = _READERS[ending](Path(path), label)
    except (OSError, ValueError) as error:
        raise InputError([Problem(label, "", "no_table", shortened(" ".join(str(error).split())))]) from None
    if table.empty:
        raise InputError([Problem(label, "", "no_points")])
    table = _of_one_scenario(table, label).drop(columns=[POINT, SCENARIO], errors="ignore")
    problems = list(_strange_cells(table, label))
    usable = table.drop(columns=[one.field.partition("[")[0] for one in problems])
    try:
        design = checked_design({str(name): column.to_numpy() for name, column in usable.items()}, label)
    except InputError as error:
        raise InputError([*problems, *error.problems]) from None
    if problems:
        raise InputError(problems)
    return design


def _of_one_scenario(table: pd.DataFrame, label: str) -> pd.DataFrame:
    """Return the points of the first scenario; InputError if another has others."""
    if SCENARIO not in table:
        return table
    groups = [
        group.drop(columns=[POINT, SCENARIO], errors="ignore") for _, group in table.groupby(SCENARIO, sort=False)
    ]
    if not all(np.array_equal(groups[0].to_numpy(), other.to_numpy()) for other in groups[1:]):
        raise InputError([Problem(label, SCENARIO, "points_differ")])
    return table.loc[groups[0].index]


def _strange_cells(table: pd.DataFrame, label: str) -> Iterator[Problem]:
    """Find the first cell of each factor that is empty or no number, by its row."""
    for name in table.columns.intersection([*factors()]):
        column = table[name]
        numbers = pd.to_numeric(column, errors="coerce")
        lacking = column[numbers.isna()]
        empty = lacking.isna() | lacking.eq("")
        if empty.any():
            yield Problem(label, f"{name}[{empty.idxmax()}]", "empty_rows", details={"count": int(empty.sum())})
        elif len(lacking):
            given = str(lacking.iloc[0])
            kind = "decimal_commas" if _DECIMAL_COMMA.fullmatch(given) else "not_a_number"
            yield Problem(label, f"{name}[{lacking.index[0]}]", kind, shown(given))


def _read_csv(path: Path, label: str) -> pd.DataFrame:
    """Read a table of CSV, no more of it than shows that it is too large; its index is the number of each row."""
    _check_header(path, label)
    columns = len(pd.read_csv(path, nrows=0).columns)
    bounds.LIST.check(columns, label)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)  # rows that are all too long lose their ends
            most = bounds.VALUES.most // max(columns, 1) + 1
            table = pd.read_csv(path, nrows=most, index_col=False, **EXACT)
    except (pd.errors.ParserError, pd.errors.ParserWarning):
        raise _uneven(path, label, columns) from None
    bounds.VALUES.check(table.size, label)
    return _numbered(table, path)


def _numbered(table: pd.DataFrame, path: Path) -> pd.DataFrame:
    """Give rows the numbers that they have in a spreadsheet, which counts blank ones too."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        numbers = [at for at, row in enumerate(csv.reader(stream), start=1) if row and any(map(str.strip, row))]
    return table.set_axis(numbers[1 : len(table) + 1], axis="index") if len(numbers) > len(table) else table


def _check_header(path: Path, label: str) -> None:
    """Refuse a table whose header is not in its first line, or whose cells stand between other signs than commas."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        lines = [line[:_LONGEST] for line in islice(stream, _LINES)]
    filled = [(number, line) for number, line in enumerate(lines, start=1) if line.strip()]
    for at, (number, line) in enumerate(filled):
        if _names_factors(line, ","):
            if at:
                raise InputError([Problem(label, f"[{number}]", "header_below")])
            return
        for sign, name in _SEPARATORS.items():
            if _names_factors(line, sign):
                raise InputError([Problem(label, "", "other_separator", name, ",")])


def _names_factors(line: str, sign: str) -> bool:
    cells = next(csv.reader([line], delimiter=sign), [])
    return not factors().keys().isdisjoint(cell.strip() for cell in cells)


def _uneven(path: Path, label: str, columns: int) -> InputError:
    """Say which row has more cells than there are columns, and whether decimal commas are the cause."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = enumerate(csv.reader(stream), start=1)
        number, row = next(((number, row) for number, row in rows if len(row) > columns), (0, []))
    whole = all(cell.strip().lstrip("+-").isdecimal() for cell in row)
    kind = "decimal_commas" if row and whole else "extra_cells"
    return InputError([Problem(label, f"[{number}]", kind, shortened(",".join(row)))])


def _read_parquet(path: Path, label: str) -> pd.DataFrame:
    """Read a table of Parquet, after a look at its size."""
    import pyarrow.parquet as pq

    size = pq.read_metadata(path)
    bounds.LIST.check(size.num_columns, label)
    bounds.VALUES.check(size.num_columns * size.num_rows, label)
    table = pd.read_parquet(path)
    return table.set_axis(range(1, len(table) + 1), axis="index")


def _read_workbook(path: Path, label: str) -> pd.DataFrame:
    """Read the only sheet of a workbook that holds anything."""
    rows = rows_of_workbook(path.read_bytes(), label)
    filled = [(number, row) for number, row in enumerate(rows, start=1) if any(row)]
    header, below = filled[0][1] if filled else [], filled[1:]
    bounds.LIST.check(len(header), label)
    bounds.VALUES.check(len(header) * len(below), label)
    if later := next((number for number, row in below if not factors().keys().isdisjoint(row)), 0):
        raise InputError([Problem(label, f"[{later}]", "header_below")])
    table = pd.DataFrame(_squared([row for _, row in below], len(header)), [number for number, _ in below], header)
    return table.loc[:, [name != "" for name in header]]


def _squared(rows: Sequence[list[str]], width: int) -> list[list[str]]:
    return [(row + [""] * width)[:width] for row in rows]


_READERS: Final[dict[str, Callable[[Path, str], pd.DataFrame]]] = {
    ".csv": _read_csv,
    ".parquet": _read_parquet,
    ".xlsx": _read_workbook,
}
