"""Labelled datasets from the arrays of the engine, and back: labels return here, once.

Arrays keep the engine's layout, runs last; the datasets show them transposed, replicate first, without a copy.
"""

import hashlib
import operator
import platform
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib.metadata import version
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import xarray as xr

from foresight.actions import ACTIONS, DOMAINS, RUNGS, SUBREGIONS
from foresight.arrays import Arrays
from foresight.engine.ensemble import cores, distinct_domains, every_domain
from foresight.engine.inputs import Inputs
from foresight.engine.state import History
from foresight.engine.tally import Tally
from foresight.facts.tables import data_digest
from foresight.runs import NAME, Effects
from foresight.scenario.scenario import Scenario
from foresight.texts import Words
from foresight.version import DISTRIBUTION, program_version

#: Dimensions of every variable of a members dataset after `replicate`.
MEMBERS: Final[Mapping[str, tuple[str, ...]]] = {
    "pledged": ("year", "member", "action"),
    "delivered": ("year", "member", "action"),
    "waiting": ("year", "member", "action"),
    "offer": ("year", "subregion"),
    "trust": ("year", "member"),
    "capacity": ("year", "member"),
    "condition": ("year", "member", "domain"),
    "fund": ("year",),
    "coverage": ("year",),
    "need": ("year", "member"),
    "own": ("year", "member"),
    "grant": ("year", "member"),
    "contribution": ("year", "member"),
}

#: Dimensions of the series of scopes after `replicate`.
SERIES: Final[Mapping[str, tuple[str, ...]]] = {
    "pledged_count": ("year", "scope", "action", "rung"),
    "delivered_count": ("year", "scope", "action", "rung"),
    "overdue_count": ("year", "scope", "action"),
    "trust": ("year", "scope"),
    "capacity": ("year", "scope"),
    "need": ("year", "scope"),
    "own": ("year", "scope"),
    "gap": ("year", "scope"),
    "grant": ("year", "scope"),
    "contribution": ("year", "scope"),
    "condition": ("year", "domain", "scope"),
    "heading": ("year", "domain", "scope"),
    "offer": ("year", "subregion"),
    "fund": ("year",),
    "coverage": ("year",),
}

#: Units by variable, keys of the section `unit` of the text catalogue.
UNITS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("pledged", "delivered", "offer"), "rung"),
    **dict.fromkeys(("pledged_count", "delivered_count", "overdue_count"), "members"),
    **dict.fromkeys(("fund", "need", "own", "gap", "grant", "contribution"), "account"),
    **dict.fromkeys(("trust", "capacity", "condition", "heading", "coverage"), "share"),
    "waiting": "years",
}

#: Variables whose size rests on judgement more than on evidence.
JUDGED: Final = ("trust", "capacity", "condition", "heading", "fund", "coverage")

_FLAGS: Final = ("ldc", "lldc", "sids")


def provenance(scenario: Scenario, seed: int, replicates: int, keep: str, effects: Effects) -> dict[str, Any]:
    """Return where results come from, as attributes of their dataset; no time, so that files can be made again."""
    return {
        "program": DISTRIBUTION,
        "version": program_version(),
        "scenario": scenario.id,
        "scenario_digest": scenario.digest(),
        "data_digest": data_digest(),
        "seed": operator.index(seed),
        "replicates": operator.index(replicates),
        "keep": keep,
        NAME: effects,
        "python": platform.python_version(),
        **_library_versions(),
    }


def members_dataset(
    history: History, scenario: Scenario, inputs: Inputs, numbers: Iterable[int], attributes: Mapping[str, Any]
) -> xr.Dataset:
    """Label the history of every member.

    Parameters
    ----------
    history : History
        Runs last, with the distinct domains only; shown, not copied.
    scenario, inputs : Scenario, Inputs
        What was run.
    numbers : iterable of int
        Replicate numbers.
    attributes : Mapping
        Of the dataset.
    """
    arrays = history._replace(condition=every_domain(history.condition, inputs, axis=2))._asdict()
    return labelled(arrays, MEMBERS, member_axes(scenario, inputs, numbers), attributes)


def series_dataset(
    tally: Tally,
    scopes: Sequence[str],
    inputs: Inputs,
    numbers: Iterable[int],
    attributes: Mapping[Any, Any],
) -> xr.Dataset:
    """Label the series of scopes.

    Parameters
    ----------
    tally : Tally
        Series with the runs last and the distinct domains only; shown, not copied.
    scopes : sequence of str
        Names of the scopes.
    inputs, numbers, attributes
        As in `members_dataset`.
    """
    arrays = arrays_of_tally(tally, scopes, inputs)
    return labelled(arrays, SERIES, series_axes(scopes, arrays["members"], inputs, numbers), attributes)


def labelled(
    arrays: Arrays,
    kind: Mapping[str, tuple[str, ...]],
    axes: Mapping[str, xr.Variable],
    attributes: Mapping[Any, Any],
) -> xr.Dataset:
    """Show arrays with the runs last as a dataset: `MEMBERS` or `SERIES`, with the coordinates of either."""
    return xr.Dataset({name: _variable(name, kind[name], arrays[name]) for name in kind}, axes, attributes)


def member_axes(scenario: Scenario, inputs: Inputs, numbers: Iterable[int]) -> dict[str, xr.Variable]:
    """Return the coordinates of a members dataset."""
    table = scenario.members()
    return {
        **_axes(inputs, numbers),
        **_labels(member=table.index.to_numpy(str), subregion=SUBREGIONS),
        "member_subregion": _as_is("member", table["subregion"].to_numpy(str)),
        **{flag: _as_is("member", table[flag].to_numpy(bool)) for flag in _FLAGS},
    }


def series_axes(
    scopes: Sequence[str], members: npt.NDArray[np.int64], inputs: Inputs, numbers: Iterable[int]
) -> dict[str, xr.Variable]:
    """Return the coordinates of the series of scopes, which have so many members."""
    return {
        **_axes(inputs, numbers),
        **_labels(scope=scopes, rung=range(1, RUNGS + 1), subregion=SUBREGIONS),
        "members": _as_is("scope", members),
    }


def arrays_of_tally(tally: Tally, scopes: Sequence[str], inputs: Inputs) -> Arrays:
    """Return the series of scopes by name, as outcomes take them: runs last, and every domain in a place of its own.

    Beside them stand `scope`, the names of the scopes, and `members`, int64[scope]. Nothing is copied.
    """
    arrays = tally.series._asdict()
    for name in ("condition", "heading"):
        arrays[name] = every_domain(arrays[name], inputs, axis=1)
    return {**arrays, "scope": np.array(scopes), "members": tally.scopes.size.astype(np.int64)}


def history_of(dataset: xr.Dataset, inputs: Inputs) -> History:
    """Return the arrays of a members dataset as the engine has them, copied only where they lie otherwise."""
    arrays = {name: np.ascontiguousarray(run_last(dataset[name])) for name in MEMBERS if name != "condition"}
    _, first = np.unique(distinct_domains(inputs)[1], return_index=True)
    return History(**arrays, condition=np.ascontiguousarray(run_last(dataset["condition"])[:, :, first]))


def run_last(variable: xr.DataArray | xr.Variable) -> npt.NDArray[Any]:
    """Return the values of a variable with the replicate as last axis, uncopied."""
    return np.moveaxis(variable.values, variable.get_axis_num("replicate"), -1)


@cache
def _library_versions() -> dict[str, str]:
    return {name: version(name) for name in ("numpy", "numba", "xarray")}


def _axes(inputs: Inputs, numbers: Iterable[int]) -> dict[str, Any]:
    """Return the coordinates that all datasets have."""
    return {
        "replicate": _as_is("replicate", np.asarray(numbers, np.int64)),
        "year": _as_is("year", np.asarray(inputs.years, np.int64), _year_attributes()),
        **_labels(action=ACTIONS, domain=DOMAINS),
    }


def _year_attributes() -> dict[str, str]:
    return {"long_name": Words().say("unit.year"), "comment": Words().say("variable.year")}


def _variable(name: str, dims: tuple[str, ...], values: npt.NDArray[Any]) -> xr.Variable:
    """Show an array with the replicate first."""
    attributes = {"long_name": Words().say(f"variable.{name}"), "units": Words().say(f"unit.{UNITS[name]}")}
    if name in JUDGED:
        attributes["source"] = Words().say("results.judged")
    return _as_is(("replicate", *dims), np.moveaxis(values, -1, 0), attributes)


def _labels(**names: npt.ArrayLike) -> dict[str, xr.Variable]:
    """Return coordinates of labels, by dimension."""
    return {dim: _as_is(dim, np.asarray(labels)) for dim, labels in names.items()}


def _as_is(dims: str | tuple[str, ...], values: npt.NDArray[Any], attributes: Any = None) -> xr.Variable:
    """Name the dimensions of an array; xarray need not look, which takes it a while where dask is installed."""
    return xr.Variable(dims, values, attributes, fastpath=True)


def result_digest(dataset: xr.Dataset) -> str:
    """Return the SHA-256 over the whole numbers of results, in hexadecimal.

    Each integer variable gives a line of its name and the SHA-256 of its values: little-endian bytes, the
    replicate varying fastest and the other dimensions in the order of `MEMBERS` or `SERIES`. This is how the engine
    lays them out, so that nothing is copied; threads, blocks and saving play no part. The lines are sorted.
    """
    whole = {str(name): run_last(array) for name, array in dataset.data_vars.items() if array.dtype.kind == "i"}
    with ThreadPoolExecutor(cores()) as pool:
        lines = pool.map(lambda name: f"{_sha256(whole[name])}  {name}\n", sorted(whole))
        return hashlib.sha256("".join(lines).encode()).hexdigest()


def _sha256(values: npt.NDArray[Any]) -> str:
    little = np.ascontiguousarray(values, values.dtype.newbyteorder("<"))
    return hashlib.sha256(little.data).hexdigest()
