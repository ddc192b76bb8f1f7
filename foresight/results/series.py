"""Named series: one number a year of a run, such as ``trust.Pacific`` or ``delivered_share.financing.rung_2``.

A name is an outcome and, after dots and in any order, the labels that pick one number of it: a scope, an action, a
rung, a domain. The region and all actions together are meant where none is named.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from foresight.actions import ACTIONS, DOMAINS, RUNGS, SUBREGIONS
from foresight.arrays import Arrays, Floats, Mask
from foresight.engine.ensemble import Past, new_tally, simulate_blocks
from foresight.engine.inputs import Inputs
from foresight.errors import InputError, Problem, listed, nearest, shown
from foresight.facts.bodies import memberships
from foresight.facts.members import REGION, member_codes
from foresight.facts.scopes import SCOPES
from foresight.facts.states import proposal
from foresight.results.bands import ratio
from foresight.results.datasets import SERIES, arrays_of_tally
from foresight.results.outcomes import ALL_ACTIONS, LABELS, OUTCOMES, Outcome
from foresight.runs import Runs

#: The pathway is completed where rung 4 is on offer in all subregions: 1, else 0.
COMPLETED: Final = "completed"

#: Every outcome that has series, by name.
MEASURED: Final[Mapping[str, Outcome]] = {
    **OUTCOMES,
    COMPLETED: Outcome((), "share", lambda arrays: (arrays["offer"] == RUNGS).all(axis=1)),
}

#: What is meant where a name has no label of a dimension.
_MEANT: Final = {"scope": REGION, "region": REGION, "action": ALL_ACTIONS}

_RUNG: Final = "rung_"


class SeriesName(NamedTuple):
    """The name of a series, taken apart.

    Parameters
    ----------
    outcome : str
        A key of `MEASURED`.
    labels : Mapping[str, Any]
        The label of every dimension of the outcome.
    """

    outcome: str
    labels: Mapping[str, Any]

    @property
    def scope(self) -> str:
        """Return whose series it is."""
        return str(self.labels.get("scope", REGION))

    @property
    def unit(self) -> str:
        """Return the key of its unit in the section `unit` of the text catalogue."""
        return MEASURED[self.outcome].unit

    def __str__(self) -> str:
        said = [_said(dim, label) for dim, label in self.labels.items() if label != _MEANT.get(dim)]
        return ".".join([self.outcome, *said])


def series_called(name: str, file: str = "Python", field: str = "outcome") -> SeriesName:
    """Take the name of a series apart.

    Parameters
    ----------
    name : str
        Such as ``mean_delivered``, ``trust.Pacific`` or ``delivered_share.LDC.rung_2``.
    file, field : str
        Where the name stands, for messages.

    Raises
    ------
    InputError
        If there is no such outcome or label, a label is given twice, or one that has no default is missing.
    """
    outcome, *parts = str(name).split(".")
    if outcome not in MEASURED:
        near = nearest(outcome, MEASURED)
        raise InputError([Problem(file, field, "unknown_name", shown(name), listed(tuple(MEASURED)), near)])
    choices = {dim: _choices(dim) for dim in MEASURED[outcome].dims}
    labels = {dim: _MEANT[dim] for dim in choices if dim in _MEANT}
    own: dict[str, Any] = {}
    for part in parts:
        own |= _labelled(part, {dim: names for dim, names in choices.items() if dim not in own}, name, file, field)
    labels |= own
    if missing := [names for dim, names in choices.items() if dim not in labels]:
        raise InputError([Problem(file, field, "needs_label", shown(name), listed(tuple(missing[0])))])
    return SeriesName(outcome, {dim: labels[dim] for dim in choices})


def simulated_series(
    inputs: Inputs,
    runs: Runs,
    masks: Mapping[str, Mask],
    names: Sequence[SeriesName],
    threads: int | None = None,
    past: Past | None = None,
    check: Callable[[], None] | None = None,
) -> Floats:
    """Simulate runs and return series of them.

    Parameters
    ----------
    inputs : Inputs
        Run axes of length 1 or the number of runs.
    runs : Runs
        Those that the inputs were made for.
    masks : Mapping[str, bool[member]]
        Members of every scope that is named.
    names : sequence of SeriesName
    threads, past
        As for `engine.simulate_blocks`.
    check : callable, optional
        Called after each block of runs; what it raises ends the work.

    Returns
    -------
    float64[series, year, run]
        Given a past, of the years after it alone; what stands before has no meaning.
    """
    count = len(runs.replicates)
    read = set().union(*(_arrays_of(name.outcome, tuple(masks)) for name in names))
    tally = new_tally(inputs, list(masks.values()), count, read)
    for _ in simulate_blocks(inputs, runs, tally=tally, past=past, threads=threads):
        if check is not None:
            check()
    arrays = arrays_of_tally(tally, list(masks), inputs)
    values: dict[str, npt.NDArray[Any]] = {}
    table = np.empty((len(names), len(inputs.years), count))
    for row, name in zip(table, names, strict=True):
        outcome = MEASURED[name.outcome]
        if name.outcome not in values:
            values[name.outcome] = outcome.values(arrays)
        row[:] = _picked(values[name.outcome], outcome, name, arrays, list(masks))
    return table


@cache
def _arrays_of(outcome: str, scopes: tuple[str, ...]) -> frozenset[str]:
    """Return the names of the arrays that an outcome of scopes is made of, as found by making it of no run."""
    count = len(scopes)
    labels = {"action": ACTIONS, "rung": range(RUNGS), "domain": DOMAINS, "subregion": SUBREGIONS}
    sizes = {"scope": count, **{dim: len(known) for dim, known in labels.items()}}
    arrays = {name: np.zeros((*(sizes.get(dim, 1) for dim in dims), 0)) for name, dims in SERIES.items()}
    read = _Read(arrays, scope=np.array(scopes), members=np.ones(count, np.int64))
    MEASURED[outcome].values(read)
    return frozenset(read.names)


class _Read(dict[str, Any]):
    """Arrays that know which of them have been read."""

    def __init__(self, *arrays: Any, **more: Any) -> None:
        super().__init__(*arrays, **more)
        self.names: set[str] = set()

    def __getitem__(self, name: str) -> Any:
        self.names.add(name)
        return super().__getitem__(name)


def _picked(
    values: npt.NDArray[Any], outcome: Outcome, name: SeriesName, arrays: Arrays, scopes: Sequence[str]
) -> npt.NDArray[Any]:
    """Return one series, [year, run], of the values of an outcome, [year, *dims, run]."""
    labels = {**LABELS, "scope": scopes}
    place = tuple(list(labels[dim]).index(label) for dim, label in name.labels.items())
    index: tuple[Any, ...] = (slice(None), *place)
    chosen: npt.NDArray[Any] = values[index]
    if outcome.per is None:
        return chosen
    return ratio(chosen, np.broadcast_to(outcome.per(arrays), values.shape[1:-1])[place])


def _choices(dim: str) -> dict[str, Any]:
    """Return the labels of a dimension by what they are called in a name."""
    labels = (*SCOPES, *memberships(), *member_codes()) if dim == "scope" else LABELS[dim]
    return {_said(dim, label): label for label in labels}


def _said(dim: str, label: Any) -> str:
    return f"{_RUNG}{label}" if dim == "rung" else str(label)


def _labelled(part: str, choices: Mapping[str, Mapping[str, Any]], name: str, file: str, field: str) -> dict[str, Any]:
    """Return the dimension that a part of a name labels, and its label."""
    for dim, names in choices.items():
        if part in names:
            return {dim: names[part]}
    known = [known for names in choices.values() for known in names]
    allowed, near = listed(known), proposal(part, map(str, known))
    raise InputError([Problem(file, field, "unknown_label", shown(name), allowed, near, {"label": part})])
