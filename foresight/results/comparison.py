"""Scenarios side by side, under the same luck."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from foresight.arrays import Floats
from foresight.errors import InputError, Problem, shown
from foresight.facts.parameters import levers
from foresight.facts.scopes import SCOPES
from foresight.results.bands import Labels, band_of, difference, ratio, settled, tidy
from foresight.results.intervals import student_width
from foresight.results.outcomes import labels_of, outcome_values
from foresight.results.results import Results
from foresight.results.simulation import simulate
from foresight.runs import DRAWN, NAME, Effects
from foresight.scenario.layer import HEADER
from foresight.scenario.scenario import Scenario

#: Attributes that results have in common if they can be compared, and the problem with those that have not.
_MADE_WITH = {"version": "other_versions", "data_digest": "other_facts", NAME: "other_effects"}


@dataclass(frozen=True)
class Comparison:
    """Scenarios run with the same seed, so that run r of each has the same luck.

    Parameters
    ----------
    results : tuple[Results, ...]
        At least two; the first is what the others are compared with.

    Raises
    ------
    InputError
        If they are fewer than two, or differ in replicates, seed or where effects come from, or were made by different
        versions of the program or from different facts and declarations.
    """

    results: tuple[Results, ...]

    def __post_init__(self) -> None:
        if len(self.results) < 2:  # a comparison takes two
            raise InputError([Problem("Python", "items", "one_scenario", str(len(self.results)), "2")])
        first, *others = self.results
        if problems := [problem for other in others for problem in _unlike(other, first)]:
            raise InputError(problems)

    def differences(self, outcome: str, scopes: str | Sequence[str] = SCOPES) -> pd.DataFrame:
        """Return how far each scenario differs from the first in one outcome, run by run.

        Parameters
        ----------
        outcome : str
            A key of `OUTCOMES`.
        scopes : str or sequence of str
            As for `Results.series`.

        Returns
        -------
        pandas.DataFrame
            ``scenario``, the labels of the outcome and ``year``; ``n``, ``median``, ``p10``, ``p90`` of the difference
            of a run; ``mean``, and the 95 % interval ``low`` to ``high`` of the mean difference of endless runs.
            All are exactly 0 for scenarios that do the same, and where no more than rounding tells numbers apart.

        Raises
        ------
        InputError
            If there is no such outcome or scope.
        """
        base, *others = (results.series(scopes) for results in self.results)
        labels, before = labels_of(base, outcome), outcome_values(base, outcome).values
        parts = [_differences(difference(outcome_values(other, outcome).values, before), labels) for other in others]
        for part, results in zip(parts, self.results[1:], strict=True):
            part.insert(0, "scenario", results.scenario.id)
        return pd.concat(parts, ignore_index=True)

    def settings(self) -> pd.DataFrame:
        """Return every lever, rule, uncertainty, coalition, event and fact in which the scenarios differ.

        Returns
        -------
        pandas.DataFrame
            Index ``setting``, a dotted path as in a scenario file; one column a scenario, empty where it has none. Of
            what a scenario leaves open, it is the value that acts.
        """
        table = settings_apart([results.scenario for results in self.results])
        return table.set_axis([results.scenario.id for results in self.results], axis="columns")


def compare(
    items: Sequence[Results | Scenario | str | Path], replicates: int = 200, seed: int = 1, effects: Effects = DRAWN
) -> Comparison:
    """Run scenarios with the same luck and set them side by side.

    Parameters
    ----------
    items : sequence of Results, Scenario, str or Path
        At least two; the first is what the others are compared with. What has been run already is not run
        again, and says how many replicates, which seed and which effects the others get.
    replicates, seed : int
    effects : "drawn" or "posterior"
        As for `simulate`.

    Raises
    ------
    InputError
        If an item cannot be used, or as `Comparison` says.
    """
    if isinstance(items, str) or not isinstance(items, Iterable):
        raise InputError([Problem("Python", "items", "not_a_list", shown(items))])
    several = tuple(items)
    done = [item for item in several if isinstance(item, Results)]
    size, origin = (_size(done[0]), done[0].effects) if done else ((replicates, seed), effects)
    run = partial(simulate, replicates=size[0], seed=size[1], effects=origin)
    return Comparison(tuple(item if isinstance(item, Results) else run(item) for item in several))


def settings_apart(scenarios: Sequence[Scenario]) -> pd.DataFrame:
    """Return every setting in which scenarios differ, as `Comparison.settings` does; columns by position."""
    columns = {at: dict(_set_by(scenario)) for at, scenario in enumerate(scenarios)}
    table = pd.DataFrame(columns, dtype=object)
    table = table.where(table.notna(), "")
    differ = [len({repr(value) for value in row}) > 1 for row in table.to_numpy()]
    return table[differ].sort_index().rename_axis("setting")


def flat_settings(scenario: Scenario) -> Iterator[tuple[str, Any]]:
    """Yield everything that a scenario does, by dotted path; coalitions and events by their names."""
    table = scenario.model_dump(by_alias=True, exclude=set(HEADER))
    for kind in ("coalition", "event"):
        table[kind] = {entry.pop("name"): entry for entry in table[kind]}
    yield from _flat(table)


def acting(scenario: Scenario) -> Scenario:
    """Return a scenario with what it leaves open set to what acts.

    A lever that replaces an uncertainty has the value of that; a coalition has the common efforts where it has none of
    its own.
    """
    open_ones = {name: one.replaces for name, one in levers().items() if getattr(scenario.levers, name) is None}
    closed = {name: getattr(scenario.uncertainties, str(replaced)) for name, replaced in open_ones.items()}
    common = {name: getattr(scenario.levers, name) for name, one in levers().items() if one.by_action}
    coalitions = [
        coalition.model_copy(update={name: _filled(getattr(coalition, name), common[name]) for name in common})
        for coalition in scenario.coalitions
    ]
    changes = {"levers": scenario.levers.model_copy(update=closed), "coalitions": tuple(coalitions)}
    return scenario.model_copy(update=changes)


def _filled(own: Any, common: Any) -> Any:
    """Return efforts by action, the common one where there is none of its own."""
    return own.model_copy(update={name: value for name, value in common if getattr(own, name) is None})


def _set_by(scenario: Scenario) -> Iterator[tuple[str, Any]]:
    """Yield what a scenario does, what it leaves open as it acts; nothing of what it does not have."""
    return ((path, value) for path, value in flat_settings(acting(scenario)) if value not in (None, ()))


def _flat(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield prefix + name, value


def _unlike(other: Results, first: Results) -> Iterator[Problem]:
    """Say what keeps results from being compared with the first."""
    if _size(other) != _size(first):
        given, allowed = (", ".join(map(str, _size(one))) for one in (other, first))
        yield Problem("Python", "items", "unpaired", given, allowed)
    for name, kind in _MADE_WITH.items():
        made, allowed = (one.dataset.attrs[name] for one in (other, first))
        if made != allowed:
            names = {"scenario": other.scenario.id, "first": first.scenario.id}
            yield Problem("Python", "items", kind, details={"made": made, "allowed": allowed, **names})


def _size(results: Results) -> tuple[int, int]:
    """Return what makes runs comparable: their number and their seed."""
    return results.replicates, results.dataset.attrs["seed"]


def _differences(values: npt.NDArray[Any], labels: Labels) -> pd.DataFrame:
    """Return bands, means and intervals of paired differences [run, *labels]."""
    band = band_of(np.ascontiguousarray(np.moveaxis(values, 0, -1)), labels)
    mean, reach = mean_and_reach(values, band.n)
    columns = {"n": band.n, "median": band.median, "p10": band.p10, "p90": band.p90}
    return tidy(labels, {**columns, "mean": mean, "low": mean - reach, "high": mean + reach})


def mean_and_reach(values: npt.NDArray[Any], n: npt.NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Return the mean over the first axis, NaN left out, and how far its 95 % interval reaches on either side.

    By Student's t, so that intervals of few runs hold about as often as they say; but few runs that all come to the
    same show no spread, and their interval has no width. NaN where there are too few: fewer than
    one, or than two for the reach.
    """
    counted = np.isfinite(values)
    present = np.where(counted, values, 0.0)
    mean = ratio(settled(present.sum(axis=0), np.abs(present).sum(axis=0)), n, empty=np.nan)
    squares = (np.where(counted, values - mean, 0.0) ** 2).sum(axis=0)
    return mean, student_width(n - 1) * np.sqrt(ratio(squares, n * (n - 1), empty=np.nan))
