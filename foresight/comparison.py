"""Scenarios side by side, under the same luck."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from foresight.band import Labels, band_of, ratio, tidy
from foresight.errors import InputError, Problem
from foresight.inputs import Floats
from foresight.outcomes import labels_of, outcome_values
from foresight.pathway import WIDTH
from foresight.results import Results, simulate
from foresight.scenario import Scenario
from foresight.scopes import SCOPES

#: Texts of a scenario, which change no number.
_TEXTS = {"id", "extends", "author", "title", "storyline", "origin"}


@dataclass(frozen=True)
class Comparison:
    """Scenarios run with the same seed, so that run r of each has the same luck.

    Parameters
    ----------
    results : tuple[Results, ...]
        The first is what the others are compared with.
    """

    results: tuple[Results, ...]

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
            All are exactly 0 for scenarios that do the same.
        """
        base, *others = (results.series(scopes) for results in self.results)
        labels, before = labels_of(base, outcome), outcome_values(base, outcome).values
        parts = [_differences(outcome_values(other, outcome).values - before, labels) for other in others]
        for part, results in zip(parts, self.results[1:], strict=True):
            part.insert(0, "scenario", results.scenario.id)
        return pd.concat(parts, ignore_index=True)

    def settings(self) -> pd.DataFrame:
        """Return every lever, rule, uncertainty, coalition, event and fact in which the scenarios differ.

        Returns
        -------
        pandas.DataFrame
            Index ``setting``, a dotted path as in a scenario file; one column a scenario, empty where it has none.
        """
        columns = {str(at): dict(settings_of(results.scenario)) for at, results in enumerate(self.results)}
        table = pd.DataFrame(columns, dtype=object)
        differ = [len({repr(value) for value in row}) > 1 for row in table.to_numpy()]
        shown = table[differ].sort_index().rename_axis("setting")
        shown.columns = pd.Index([results.scenario.id for results in self.results])
        return shown.where(shown.notna(), "")


def compare(items: Sequence[Results | Scenario | str | Path], replicates: int = 200, seed: int = 1) -> Comparison:
    """Run scenarios with the same luck and set them side by side.

    Parameters
    ----------
    items : sequence of Results, Scenario, str or Path
        At least two; the first is what the others are compared with. What has been run already is not run
        again, and says how many replicates and which seed the others get.
    replicates, seed : int
        As for `simulate`.

    Raises
    ------
    InputError
        If results were not run with the same replicates and seed, or fewer than two are given.
    """
    if len(items) < 2:  # a comparison takes two
        raise InputError([Problem("Python", "items", "one_scenario", str(len(items)), "2")])
    done = [item for item in items if isinstance(item, Results)]
    size = _size(done[0]) if done else (replicates, seed)
    results = tuple(item if isinstance(item, Results) else simulate(item, *size) for item in items)
    strange = [item for item in results if _size(item) != size]
    if strange:
        given, allowed = (", ".join(map(str, pair)) for pair in (_size(strange[0]), size))
        raise InputError([Problem("Python", "items", "unpaired", given, allowed)])
    return Comparison(results)


def settings_of(scenario: Scenario) -> Iterator[tuple[str, Any]]:
    """Yield everything that a scenario does, by dotted path; coalitions and events by their names."""
    table = scenario.model_dump(by_alias=True, exclude=_TEXTS)
    for kind in ("coalition", "event"):
        table[kind] = {entry.pop("name"): entry for entry in table[kind]}
    yield from _flat(table)


def _flat(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield prefix + name, value


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

    NaN where there are too few: fewer than one, or than two for the reach.
    """
    counted = np.isfinite(values)
    mean = ratio(np.where(counted, values, 0.0).sum(axis=0), n, empty=np.nan)
    squares = (np.where(counted, values - mean, 0.0) ** 2).sum(axis=0)
    return mean, WIDTH * np.sqrt(ratio(squares, n * (n - 1), empty=np.nan))
