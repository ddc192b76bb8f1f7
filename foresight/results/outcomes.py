"""Outcomes: what is asked of a run in a year, and its band over the replicates.

The band is chance alone where effects are "drawn": replicates of one scenario differ in their luck. Where they are
"posterior", replicates also differ in their draw of what treaty records tell of members and estimated parameters.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import xarray as xr

from foresight.actions import ACTIONS, DOMAINS, RUNGS, SUBREGIONS
from foresight.arguments import check_name
from foresight.arrays import Arrays, Floats
from foresight.engine.ensemble import cores
from foresight.facts.members import REGION
from foresight.results.bands import Band, band_of, ratio, settled
from foresight.results.datasets import run_last

#: All five actions taken together, beside the actions.
ALL_ACTIONS: Final = "all"

#: Labels of every dimension but the scope.
LABELS: Final[Mapping[str, Sequence[Any]]] = {
    "action": (ALL_ACTIONS, *ACTIONS),
    "rung": range(1, RUNGS + 1),
    "domain": DOMAINS,
    "subregion": SUBREGIONS,
    "region": (REGION,),
}
_RUNGED: Final = ("scope", "action", "rung")


#: Runs from which on cores share the bands: of fewer, they wait for each other longer than they work.
_SHARED: Final = 500


class Outcome(NamedTuple):
    """What is asked of a run.

    Parameters
    ----------
    dims : tuple of str
        After the year and before the run.
    unit : str
        Key of the section `unit` of the text catalogue.
    values : callable
        From the series of scopes (arrays with the run last, and `members` and `scope` [scope]) to
        [year, *dims, run]; NaN where there is nothing to speak of.
    per : callable, optional
        From the same to the size [scope, ...] that whole numbers are shares of; bands of whole numbers are fast.
    """

    dims: tuple[str, ...]
    unit: str
    values: Callable[[Arrays], npt.NDArray[Any]]
    per: Callable[[Arrays], npt.NDArray[Any]] | None = None


def outcome_values(series: xr.Dataset, name: str) -> xr.DataArray:
    """Return one outcome of every run.

    Parameters
    ----------
    series : xarray.Dataset
        As `Results.series` gives it.
    name : str
        A key of `OUTCOMES`.

    Returns
    -------
    xarray.DataArray
        [replicate, year, *dims]

    Raises
    ------
    InputError
        If there is no such outcome.
    """
    labels, values = labels_of(series, name), values_of(arrays_of(series), name)
    coordinates = {"replicate": series["replicate"], **{dim: list(names) for dim, names in labels.items()}}
    return xr.DataArray(np.moveaxis(values, -1, 0), coordinates, ("replicate", *labels))


def means_of(series: xr.Dataset, name: str) -> xr.DataArray:
    """Return the mean of one outcome over the runs, [year, *dims]: what is told of a single member.

    Its runs end a fifth of a step apart, which a median jumps between. Overdue is the share of the pledges of all runs
    together, of which one run has too few.
    """
    if name == "overdue_share":
        pooled = series[["overdue_count", "pledged_count", "members"]].sum("replicate").expand_dims(replicate=[0])
        return outcome_values(pooled, name).squeeze("replicate")
    return outcome_values(series, name).mean("replicate")


def values_of(arrays: Arrays, name: str) -> npt.NDArray[Any]:
    """Return one outcome of every run, [year, *dims, run], of what `arrays_of` gives."""
    outcome = OUTCOMES[name]
    values = outcome.values(arrays)
    return values if outcome.per is None else ratio(values, outcome.per(arrays)[..., np.newaxis])


def labels_of(series: xr.Dataset, name: str) -> dict[str, Sequence[Any]]:
    """Return the dimensions of an outcome but the run, with their labels."""
    return _labels(_known(series), name)


def _known(series: xr.Dataset) -> dict[str, Sequence[Any]]:
    """Return the labels of every dimension."""
    return {**LABELS, **{dim: series.variables[dim].values.tolist() for dim in ("year", "scope")}}


def _labels(known: Mapping[str, Sequence[Any]], name: str) -> dict[str, Sequence[Any]]:
    return {dim: known[dim] for dim in ("year", *outcome_called(name).dims)}


def outcome_called(name: str) -> Outcome:
    """Return one of `OUTCOMES`; InputError with the nearest name if there is none of that name."""
    check_name("outcome", name, tuple(OUTCOMES))
    return OUTCOMES[name]


def arrays_of(series: xr.Dataset) -> Arrays:
    """Return the arrays of a summary with the run last, uncopied, and the scopes and their members."""
    known = series.variables
    own = {str(name): run_last(known[name]) for name in series}
    return {**own, **{name: known[name].values for name in ("scope", "members")}}


def bands(series: xr.Dataset) -> dict[str, Band]:
    """Return the bands of all outcomes at once, of many runs on all cores.

    Parameters
    ----------
    series : xarray.Dataset
        As `Results.series` gives it.

    Returns
    -------
    dict
        By the keys of `OUTCOMES`.
    """
    arrays, known = arrays_of(series), _known(series)

    def made(name: str) -> Band:
        return _banded(arrays, _labels(known, name), name)

    if series.sizes["replicate"] < _SHARED:
        return {name: made(name) for name in OUTCOMES}
    with ThreadPoolExecutor(cores()) as pool:
        return dict(zip(OUTCOMES, pool.map(made, OUTCOMES), strict=True))


def outcome_table(series: xr.Dataset, name: str) -> pd.DataFrame:
    """Return the bands of one outcome as a table, see `Band.table`; InputError if there is no such outcome."""
    return _banded(arrays_of(series), labels_of(series, name), name).table()


def _banded(arrays: Arrays, labels: Mapping[str, Sequence[Any]], name: str) -> Band:
    named = {"scope" if dim in ("subregion", "region") else dim: of for dim, of in labels.items()}
    outcome = OUTCOMES[name]
    return band_of(outcome.values(arrays), named, None if outcome.per is None else outcome.per(arrays))


# The outcomes ----------------------------------------------------------------------------------------------------


def _with_all(by_action: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Put the sum over the actions before [year, scope, action, ...]."""
    return np.concatenate([by_action.sum(axis=2, keepdims=True, dtype=by_action.dtype), by_action], axis=2)


def _cells(arrays: Arrays) -> npt.NDArray[Any]:
    """Return members times actions, [scope, action]; of all actions first."""
    actions = np.array([len(ACTIONS)] + [1] * len(ACTIONS))
    return np.asarray(arrays["members"][:, np.newaxis] * actions)


def _runged_cells(arrays: Arrays) -> npt.NDArray[Any]:
    return _cells(arrays)[:, :, np.newaxis]


def _delivered_rungs(arrays: Arrays) -> npt.NDArray[Any]:
    """Sum D over members: the number of rungs that D has reached."""
    return _with_all(arrays["delivered_count"].sum(axis=3, dtype=np.int16))


def _overdue_share(arrays: Arrays) -> Floats:
    overdue, pledged = arrays["overdue_count"], arrays["pledged_count"][:, :, :, 0]
    return ratio(_with_all(overdue), _with_all(pledged))


def _coverage(arrays: Arrays) -> Floats:
    """Return s of the region, and of smaller scopes the part of their gap that grants closed."""
    whole, of_region = (arrays["scope"] == REGION)[:, np.newaxis], arrays["coverage"][:, np.newaxis]
    if whole.all():
        return np.asarray(of_region)
    closed = ratio(arrays["grant"], arrays["gap"], empty=np.nan)
    return np.where(whole, of_region, closed)


def _fund(arrays: Arrays) -> Floats:
    """Return the fund, empty where it holds what rounding leaves of one that grants have spent."""
    return settled(arrays["fund"][:, np.newaxis], 1.0)


def _geometric_mean(condition: Floats) -> Floats:
    """Return 100 times the geometric mean over the domains of [year, domain, scope, run]."""
    return np.asarray(100.0 * np.prod(condition, axis=1) ** (1.0 / len(DOMAINS)))


def _plain(name: str, unit: str) -> Outcome:
    """Make an outcome of what the series have as it is."""
    return Outcome(("scope",), unit, lambda arrays: arrays[name])


#: Every outcome, by name.
OUTCOMES: Final[Mapping[str, Outcome]] = {
    "pledged_share": Outcome(_RUNGED, "share", lambda a: _with_all(a["pledged_count"]), _runged_cells),
    "delivered_share": Outcome(_RUNGED, "share", lambda a: _with_all(a["delivered_count"]), _runged_cells),
    "mean_delivered": Outcome(("scope", "action"), "rung", _delivered_rungs, _cells),
    "overdue_share": Outcome(("scope", "action"), "share", _overdue_share),
    "trust": _plain("trust", "share"),
    "capacity": _plain("capacity", "share"),
    "coverage": Outcome(("scope",), "share", _coverage),
    "condition": Outcome(("scope", "domain"), "share", lambda a: a["condition"].swapaxes(1, 2)),
    "baiji_index": Outcome(("scope",), "index", lambda a: _geometric_mean(a["condition"])),
    "baiji_heading": Outcome(("scope",), "index", lambda a: _geometric_mean(a["heading"])),
    "need": _plain("need", "account"),
    "own": _plain("own", "account"),
    "gap": _plain("gap", "account"),
    "grant": _plain("grant", "account"),
    "contribution": _plain("contribution", "account"),
    "offer": Outcome(("subregion",), "rung", lambda a: a["offer"]),
    "fund": Outcome(("region",), "account", _fund),
}
