"""Tables of the IAMC, read back as they were written: CSV, the sheet of a workbook, or what pyam made netCDF of."""

import os
from collections.abc import Callable, Iterator, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from foresight.cells import unguarded
from foresight.errors import InputError, Problem, listed, nearest, shortened, shown
from foresight.exact import EXACT
from foresight.results.export import DATA

#: A folder of codelists with which nomenclature checks what is exported: variables with their units, and regions.
DEFINITIONS: Final[Traversable] = files("foresight") / "definitions"

#: Columns before the years.
COLUMNS: Final = ("Model", "Scenario", "Region", "Variable", "Unit")


def load_iamc(path: str | Path) -> pd.DataFrame:
    """Read a wide table of the IAMC, such as `to_iamc` writes and pyam writes anew.

    Parameters
    ----------
    path : str or Path
        A file whose name ends in .csv, .xlsx or .nc; the last as `pyam.IamDataFrame.to_netcdf` makes it.

    Returns
    -------
    pandas.DataFrame
        ``Model``, ``Scenario``, ``Region``, ``Variable``, ``Unit`` and a column a year: whole numbers, ascending.
        NaN where a cell is empty.

    Raises
    ------
    InputError
        If the file is none of these, a column is missing, a cell is no number, or a row stands twice; all is named.
    """
    if not isinstance(path, str | os.PathLike):
        raise InputError([Problem("Python", "path", "not_a_path", shown(path))])
    ending = Path(path).suffix.lower()
    if ending not in _READERS:
        raise InputError([Problem(str(path), "", "unknown_ending", shown(ending), listed(tuple(_READERS)))])
    try:
        table = _READERS[ending](Path(path))
    except FileNotFoundError:
        raise InputError([Problem(str(path), "", "no_such_file")]) from None
    except MemoryError:
        raise
    except Exception as error:  # whatever a library makes of a file of somebody else
        raise InputError([Problem(str(path), "", "unreadable", shortened(str(error)))]) from None
    return _checked(table, str(path))


def _checked(table: pd.DataFrame, path: str) -> pd.DataFrame:
    """Return a table with its columns in order and its years as numbers; InputError with all that is wrong."""
    header = [str(name).capitalize() for name in table.columns]
    table = table.set_axis(header, axis=1)
    if missing := [name for name in COLUMNS if name not in header]:
        raise InputError([_no_column(path, name, header) for name in missing])
    years = sorted((name for name in header if name.isdecimal()), key=int)
    texts = table[list(COLUMNS)].map(unguarded)
    numbers = table[years].apply(pd.to_numeric, errors="coerce").astype(np.float64).set_axis(map(int, years), axis=1)
    if problems := [*_no_numbers(table[years], numbers, path), *_repeated(texts, path)]:
        raise InputError(problems)
    whole: pd.DataFrame = pd.concat([texts, numbers], axis=1)
    return whole


def _no_column(path: str, name: str, header: list[str]) -> Problem:
    return Problem(path, name, "no_column", nearest=nearest(name, header), details={"columns": listed(header)})


def _no_numbers(cells: pd.DataFrame, numbers: pd.DataFrame, path: str) -> Iterator[Problem]:
    """Name the cells that are neither empty nor numbers, by the row of the file, whose header is the first."""
    for row, column in zip(*np.nonzero((numbers.isna() & cells.notna().to_numpy()).to_numpy()), strict=True):
        field = f"{row + 2}.{cells.columns[column]}"
        yield Problem(path, field, "not_a_number", shown(cells.iat[row, column]))


def _repeated(texts: pd.DataFrame, path: str) -> Iterator[Problem]:
    twice = texts.duplicated(["Model", "Scenario", "Region", "Variable"])
    for row, one in zip(np.flatnonzero(twice), texts[twice].to_dict("records"), strict=True):
        yield Problem(path, f"{row + 2}", "row_twice", shown(f"{one['Scenario']}, {one['Region']}, {one['Variable']}"))


def _from_netcdf(path: Path) -> pd.DataFrame:
    """Read what pyam makes: a variable with the axes of futures, regions and time for each of the IAMC."""
    import xarray as xr

    file = xr.load_dataset(path, engine="h5netcdf", decode_times=False)
    series = [file[name] for name in file.data_vars if "unit" in file[name].attrs]
    return pd.concat([_side_by_side(one) for one in series], ignore_index=True)


def _side_by_side(series: Any) -> pd.DataFrame:
    wide = pd.DataFrame(series.to_series().dropna().unstack("time")).reset_index()
    return wide.assign(variable=series.attrs["long_name"], unit=series.attrs["unit"])


_READERS: Final[Mapping[str, Callable[[Path], pd.DataFrame]]] = {
    ".csv": lambda path: pd.read_csv(path, **EXACT),
    ".xlsx": lambda path: pd.read_excel(path, sheet_name=DATA),
    ".nc": _from_netcdf,
}
