"""Results as a netCDF file that the tools of the field read as it is, and back.

A file of format 2 keeps the CF conventions, and what CDO, NCO and R want besides:

- `time` comes first and can be gone along; the calendar year stands beside it. Runs come last, as the engine has them.
- No variable has more than four dimensions: counts of each rung are on their own, such as ``pledged_count_rung_1``.
- Whole numbers are floats, exactly: means that a tool writes in the type of what it read are not rounded.
- Labels and attributes are plain characters; units are of UDUNITS, and what they count stands in ``long_name``.

Files of format 1 hold the arrays with the dimensions that they have in memory. Both are read.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import xarray as xr

from foresight.actions import RUNGS
from foresight.arrays import Arrays
from foresight.errors import InputError, Problem, shortened, shown
from foresight.results.datasets import JUDGED, UNITS, run_last
from foresight.texts import Words

#: What every file of this format says of itself.
CONVENTIONS: Final[Mapping[str, str]] = {"Conventions": "CF-1.8", "format": "2"}

#: Types of whole numbers in memory, by their unit; in files they are `_WHOLE_IN_FILES`, which holds each exactly.
_WHOLE: Final[Mapping[str, type[np.integer[Any]]]] = {"rung": np.int8, "members": np.int16, "years": np.int16}
_WHOLE_IN_FILES: Final = np.float32

_TIME, _YEAR, _RUNG, _RUN = "time", "year", "rung", "replicate"

_COMPRESSION: Final = {"compression": "gzip", "compression_opts": 1, "shuffle": True}

#: Characters of an attribute that the head of a file has room for.
_MOST_CHARACTERS: Final = 60_000


def netcdf_bytes(dataset: xr.Dataset, attributes: Mapping[str, str]) -> bytes:
    """Return the content of a file; in memory, because HDF5 crashes where a disk is full.

    Parameters
    ----------
    dataset : xarray.Dataset
        Of `Results`.
    attributes : Mapping[str, str]
        Of the file.
    """
    import h5netcdf  # late: whoever saves nothing need not wait for it

    content = BytesIO()
    with h5netcdf.File(content, "w") as file:
        file.attrs.update({name: _characters(text) for name, text in {**CONVENTIONS, **attributes}.items()})
        file.dimensions = {_TIME: None}
        file.resize_dimension(_TIME, dataset.sizes[_YEAR])
        for name, variable in (*_axes(dataset), *_columns(dataset)):
            _write(file, name, variable)
    return content.getvalue()


def read_netcdf(path: str | Path) -> xr.Dataset:
    """Read a file as it is, its attributes as texts; InputError if it cannot be read."""
    if not isinstance(path, str | os.PathLike):
        raise InputError([Problem("Python", "path", "not_a_path", shown(path))])
    try:
        file = xr.load_dataset(path, engine="h5netcdf", decode_times=False)
    except FileNotFoundError:
        raise InputError([Problem(str(path), "", "no_such_file")]) from None
    except MemoryError:
        raise
    except Exception as error:  # whatever a library makes of a file of somebody else
        raise InputError([Problem(str(path), "", "no_results", shortened(str(error)))]) from None
    file.attrs = {name: _text(value) for name, value in file.attrs.items()}
    return file


def arrays_of_file(
    file: xr.Dataset, kind: Mapping[str, tuple[str, ...]], axes: Mapping[str, xr.Variable], path: str | Path
) -> Arrays:
    """Return the arrays of a file by their names in memory, runs last.

    Parameters
    ----------
    file : xarray.Dataset
        As `read_netcdf` gives it.
    kind : Mapping
        `MEMBERS` or `SERIES`.
    axes : Mapping
        The labels that every dimension has to have.
    path : str or Path
        The file, for messages.

    Raises
    ------
    InputError
        If the file lacks a variable, a dimension or a part of one; all of them are named.
    """
    split = file.attrs.get("format") == CONVENTIONS["format"]
    parts = {name: _parts(name, dims, split) for name, dims in kind.items()}
    layout = {part: dims for of in parts.values() for part, dims in of.items()}
    if problems := [*_lost_variables(file, layout, path), *_lost_dimensions(file, layout, axes, path)]:
        raise InputError(problems)
    arrays = {part: file[part].transpose(*dims).values for part, dims in layout.items()}
    joined = {name: _joined([arrays[part] for part in of], kind[name]) for name, of in parts.items()}
    return {name: _in_memory(name, values, path) for name, values in joined.items()}


# Writing ---------------------------------------------------------------------------------------------------------


def _axes(dataset: xr.Dataset) -> Iterator[tuple[str, xr.Variable]]:
    """Yield the coordinates of a file."""
    yield _TIME, _time(dataset[_YEAR].values)
    for name, variable in dataset.coords.items():
        if name != _RUNG:
            dims = tuple(_TIME if dim == _YEAR else str(dim) for dim in variable.dims)
            described = variable.attrs or {"long_name": Words().say(f"coordinate.{name}")}
            yield str(name), xr.Variable(dims, variable.values, described)


def _time(years: npt.NDArray[np.int64]) -> xr.Variable:
    """Return the first days of years, in days since the first of them."""
    days = (years - 1970).astype("datetime64[Y]").astype("datetime64[D]")
    attributes = {
        "standard_name": "time",
        "long_name": Words().say("coordinate.time"),
        "units": f"days since {days[0]}",
        "calendar": "standard",
        "axis": "T",
    }
    return xr.Variable(_TIME, (days - days[0]).astype(np.float64), attributes)


def _columns(dataset: xr.Dataset) -> Iterator[tuple[str, xr.Variable]]:
    """Yield the variables of a file."""
    for name in map(str, dataset.data_vars):
        variable = dataset[name].variable
        dims = [str(dim) for dim in variable.dims if dim != _RUN]
        values = run_last(variable)
        each = np.moveaxis(values, dims.index(_RUNG), 0) if _RUNG in dims else [values]
        beside = {"coordinates": " ".join(_beside(dataset, dims))}
        for rung, (part, kept) in enumerate(_parts(name, dims, split=True).items(), 1):
            attributes = _described(name, rung if _RUNG in dims else None)
            yield part, xr.Variable(kept, each[rung - 1], {**attributes, **beside})


def _described(name: str, rung: int | None) -> dict[str, str]:
    """Return what the attributes of a variable say; the prose of a unit is none of UDUNITS."""
    words, unit = Words(), UNITS[name]
    said = [words.say(f"variable.{name}"), *([] if rung is None else [words.say("coordinate.rung", n=rung)])]
    described = {"long_name": f"{', '.join(said)} ({words.say(f'unit.{unit}')})"}
    described["units"] = "year" if unit == "years" else "1"
    return {**described, "source": words.say("results.judged")} if name in JUDGED else described


def _beside(dataset: xr.Dataset, dims: Sequence[str]) -> Iterator[str]:
    """Yield what stands beside the axes of a variable: its years, and what is known of members."""
    for name, coordinate in dataset.coords.items():
        if (name == _YEAR or name not in dims) and set(coordinate.dims) <= set(dims):
            yield str(name)


def _write(file: Any, name: str, variable: xr.Variable) -> None:
    """Write one variable, with the dimensions that it brings."""
    values, dims = _in_file(variable.values), variable.dims
    if values.ndim > len(dims):
        dims = (*dims, f"string{values.shape[-1]}")
    for dim, size in zip(dims, values.shape, strict=True):
        if dim not in file.dimensions:
            file.dimensions[dim] = size
    large = {**_COMPRESSION, "chunks": (1, *values.shape[1:])} if dims[-1] == _RUN and len(dims) > 1 else {}
    written = file.create_variable(name, dims, values.dtype, data=values, **large)
    written.attrs.update({key: _characters(text) for key, text in variable.attrs.items()})
    if variable.dtype.kind == "U":
        written.attrs["_Encoding"] = _characters("utf-8")
    if variable.dtype.kind == "b":
        written.attrs["flag_values"] = np.array([0, 1], np.int8)
        written.attrs["flag_meanings"] = _characters("no yes")


def _in_file(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return an array in a type that every tool reads."""
    match values.dtype.kind:
        case "U":
            encoded = np.char.encode(values, "utf-8")
            return encoded.view("S1").reshape(*values.shape, -1)
        case "b":
            return values.astype(np.int8)
        case "i":
            return values.astype(np.int32 if values.itemsize > np.dtype(np.int32).itemsize else _WHOLE_IN_FILES)
    return values


def _characters(text: str) -> np.bytes_ | str:
    """Return a text as plain characters, which all tools read, unless it is none or has others."""
    plain = text.isascii() and 0 < len(text) < _MOST_CHARACTERS
    return np.bytes_(text.encode()) if plain else text


# Reading ---------------------------------------------------------------------------------------------------------


def _parts(name: str, dims: Sequence[str], split: bool) -> dict[str, tuple[str, ...]]:
    """Return which variables of a file hold one of memory, with their dimensions; in format 2 it is split."""
    if not split:
        return {name: (*dims, _RUN)}
    kept = (_TIME, *(dim for dim in dims[1:] if dim != _RUNG), _RUN)
    names = [f"{name}_rung_{rung}" for rung in range(1, RUNGS + 1)] if _RUNG in dims else [name]
    return dict.fromkeys(names, kept)


def _joined(parts: Sequence[npt.NDArray[Any]], dims: Sequence[str]) -> npt.NDArray[Any]:
    return parts[0] if len(parts) == 1 else np.stack(parts, axis=dims.index(_RUNG))


def _in_memory(name: str, values: npt.NDArray[Any], path: str | Path) -> npt.NDArray[Any]:
    """Return an array in the type that it has in memory; InputError if it has what is no whole number of it."""
    kind = _WHOLE.get(UNITS[name], np.float64)
    with np.errstate(invalid="ignore"):
        kept = values.astype(kind, copy=False)
    if kind is not np.float64 and not np.array_equal(kept, values):
        raise InputError([Problem(str(path), name, "altered")])
    return kept


def _lost_variables(file: xr.Dataset, layout: Mapping[str, Any], path: str | Path) -> Iterator[Problem]:
    return (Problem(str(path), name, "no_variable") for name in layout if name not in file)


def _lost_dimensions(
    file: xr.Dataset, layout: Mapping[str, Sequence[str]], axes: Mapping[str, xr.Variable], path: str | Path
) -> Iterator[Problem]:
    """Say which dimensions are gone from what there is, or do not have all labels."""
    for dim in dict.fromkeys(dim for dims in layout.values() for dim in dims):
        label = _YEAR if dim == _TIME else dim
        known = axes[label].values
        users = [name for name, dims in layout.items() if dim in dims and name in file]
        if any(dim not in file[name].dims for name in users):
            yield Problem(str(path), dim, "no_dimension")
        elif users and not _same_labels(file, dim, label, known):
            yield Problem(str(path), dim, "part_of_dimension", str(file.sizes[dim]), str(len(known)))


def _same_labels(file: xr.Dataset, dim: str, label: str, known: npt.NDArray[Any]) -> bool:
    """Tell whether a dimension is whole; some tools leave texts out."""
    return file.sizes[dim] == len(known) and (label not in file or np.array_equal(file[label].values, known))


def _text(value: object) -> str:
    """Return an attribute as text, also where a tool has made plain characters of other ones."""
    return str(value).encode(errors="surrogateescape").decode(errors="replace")
