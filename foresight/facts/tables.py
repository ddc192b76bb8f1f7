"""The tables of facts, their dictionary and their digest: the only reader of `foresight/data/*.csv`.

Every table is read once and handed out as a copy. In all of them an empty cell is "" in a text column and NaN
in a column of numbers; `dictionary` says what each column means and what a run puts in place of a gap.
"""

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np
import pandas as pd

_DIGESTED: Final = (".csv", ".parquet", ".toml")


def read(name: str) -> pd.DataFrame:
    """Read a table as texts; no text, not even "NA", stands for a missing value."""
    return _table(name).copy()


def numeric(table: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Turn columns of texts into int64, or float64 with NaN where a cell is empty or has decimals."""
    return table.assign(**{column: pd.to_numeric(table[column]) for column in columns})


def dictionary() -> pd.DataFrame:
    """Return what every column of every table means.

    Returns
    -------
    pandas.DataFrame
        Index `file` and `column`; columns `meaning`, `unit` and `rule` (what a run puts in the place of an empty
        cell), each with `_en` and `_zh`, `year`, `source`, `licence` and `missing` (int, number of empty cells).
    """
    return read("dictionary.csv").astype({"missing": np.int64}).set_index(["file", "column"])


@cache
def data_digest() -> str:
    """Return the SHA-256 of the tables and declarations that a run reads, in hexadecimal."""
    folder = files("foresight.data")
    return digest({f.name: f.read_bytes() for f in folder.iterdir() if f.name.endswith(_DIGESTED)})


def digest(contents: Mapping[str, bytes]) -> str:
    """Return the SHA-256 of named files, in hexadecimal.

    Parameters
    ----------
    contents
        File name to content. Neither the order of the names nor the style of the line ends matters.
    """
    total = hashlib.sha256()
    for name in sorted(contents):
        content = hashlib.sha256(contents[name].replace(b"\r\n", b"\n")).hexdigest()
        total.update(f"{content}  {name}\n".encode())
    return total.hexdigest()


@cache
def _table(name: str) -> pd.DataFrame:
    """Read a table once."""
    with files("foresight.data").joinpath(name).open(encoding="utf-8") as stream:
        return pd.read_csv(stream, dtype=str, keep_default_na=False)
