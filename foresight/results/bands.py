"""Bands: the middle and the 10 to 90 % range over the replicates of many rows at once."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from foresight.arrays import Floats
from foresight.engine.ranks import ranked

Labels = Mapping[str, Sequence[Any]]

#: The 10 to 90 % band and its middle: column of every table, and quantile (linear between runs).
BAND: Final[Mapping[str, float]] = {"median": 0.5, "p10": 0.1, "p90": 0.9}

#: Bytes of whole numbers that are counted rather than sorted: of wider ones there may be too many to count.
_COUNTED: Final = 2

#: The most, as a share of its terms, that rounding leaves of a sum whose terms cancel out: far more than rounding ever
#: makes of the terms of a run, far less than anything tells apart.
ROUNDING: Final = 1e-12


class Band(NamedTuple):
    """The middle and the 10 to 90 % band over the replicates; arrays have the axes of the labels, in their order.

    Parameters
    ----------
    labels : Mapping[str, sequence]
        Name and labels of every axis.
    n : int64[*labels]
        Runs that have a value.
    median, p10, p90 : float64[*labels]
        NaN where no run has a value.
    """

    labels: Labels
    n: npt.NDArray[np.int64]
    median: Floats
    p10: Floats
    p90: Floats

    def table(self) -> pd.DataFrame:
        """Return a tidy table: the labels, the year after the others, then ``n``, ``median``, ``p10``, ``p90``."""
        return tidy(self.labels, {name: getattr(self, name) for name in ("n", *BAND)})


def tidy(labels: Labels, columns: Mapping[str, npt.NDArray[Any]]) -> pd.DataFrame:
    """Turn arrays with the axes of the labels into columns, the year varying fastest."""
    names = list(labels)
    order = sorted(range(len(names)), key=lambda axis: names[axis] == "year")
    codes = np.indices([len(labels[names[axis]]) for axis in order]).reshape(len(order), -1)
    described = {names[axis]: _column(row, labels[names[axis]]) for axis, row in zip(order, codes, strict=True)}
    return pd.DataFrame(described | {name: part.transpose(order).ravel() for name, part in columns.items()})


def band_of(values: npt.NDArray[Any], labels: Labels, per: npt.NDArray[Any] | None = None) -> Band:
    """Return the bands of many rows of runs.

    Linear between the two nearest runs, as in `numpy.quantile`, which takes much longer.

    Parameters
    ----------
    values : array[*labels, run]
        Whole or real numbers; NaN in runs that have none. Rows that share memory are looked at once.
    labels : Mapping
        Name and labels of every axis but the last.
    per : array, optional
        What the bands are divided by, to be broadcast over the labels; by 0 gives 0.
    """
    shape = values.shape[:-1]
    rows = values[tuple(slice(1) if stride == 0 else slice(None) for stride in values.strides[:-1])]
    few = values.dtype.kind == "i" and values.itemsize <= _COUNTED
    n, found = _whole_quantiles(rows) if few else _real_quantiles(rows.astype(np.float64, copy=False))
    parts = (np.broadcast_to(part, shape) for part in np.moveaxis(found, -1, 0))
    return Band(labels, np.broadcast_to(n, shape), *(part if per is None else ratio(part, per) for part in parts))


def settled(sums: npt.NDArray[Any], size: npt.NDArray[Any] | float) -> Floats:
    """Return sums of terms of a given size, exactly 0 where they are what rounding leaves of terms that cancel out."""
    return np.where(np.abs(sums) <= ROUNDING * size, 0.0, sums)


def difference(after: npt.NDArray[Any], before: npt.NDArray[Any]) -> Floats:
    """Return how far numbers differ, exactly 0 where no more than rounding tells them apart."""
    return settled(np.subtract(after, before), np.abs(before))


def ratio(part: npt.NDArray[Any], whole: npt.NDArray[Any], empty: float = 0.0) -> Floats:
    """Divide, with a value for where there is nothing to divide by."""
    shape = np.broadcast_shapes(part.shape, whole.shape)
    return np.asarray(np.divide(part, whole, out=np.full(shape, empty), where=whole > 0), np.float64)


def _whole_quantiles(values: npt.NDArray[Any]) -> tuple[npt.NDArray[np.int64], Floats]:
    """Return the runs and the quantiles [..., share] of whole numbers."""
    runs = values.shape[-1]
    low, high, part = _places(np.array(runs))
    found = ranked(values, np.stack([low, high]))
    return np.full(values.shape[:-1], runs), _between(found[..., 0, :], found[..., 1, :], part)


def _real_quantiles(values: npt.NDArray[Any]) -> tuple[npt.NDArray[np.int64], Floats]:
    """Return the runs that have a value and the quantiles [..., share] of real numbers."""
    ordered = np.sort(values, axis=-1)  # NaN last
    n = np.full(ordered.shape[:-1], ordered.shape[-1])
    if np.isnan(ordered[..., -1]).any():
        n -= np.isnan(ordered).sum(axis=-1)
    low, high, part = _places(n)
    return n, _between(np.take_along_axis(ordered, low, -1), np.take_along_axis(ordered, high, -1), part)


def _places(n: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], Floats]:
    """Return which two of n runs in ascending order each quantile lies between, and how far, each [..., share]."""
    last = np.maximum(n - 1, 0)[..., np.newaxis]
    place = np.array(list(BAND.values())) * last
    low = place.astype(np.int64)
    return low, np.minimum(low + 1, last), place - low


def _between(first: npt.NDArray[Any], second: npt.NDArray[Any], part: Floats) -> Floats:
    return settled(first + (second - first) * part, np.maximum(np.abs(first), np.abs(second)))


def _column(codes: npt.NDArray[np.int64], names: Sequence[Any]) -> Any:
    """Repeat labels: texts as ordered categories, which sort as they are listed, numbers as numbers."""
    if isinstance(names[0], str):
        return pd.Categorical.from_codes(codes, pd.Index(list(names)), ordered=True)
    return np.asarray(names)[codes]
