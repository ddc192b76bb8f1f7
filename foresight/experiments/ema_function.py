"""What a model of EMA Workbench calls: the values of an experiment go in, its outcomes come out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import starmap
from typing import Any, Final

import numpy as np

from foresight.engine.ensemble import BLOCK
from foresight.experiments.parcels import Unpacked, unpacked
from foresight.results.series import series_called, simulated_series
from foresight.runs import Runs
from foresight.scenario.building import with_design
from foresight.scenario.factors import factors

#: Ends the name of an outcome that has a value for every year.
BY_YEAR: Final = "__by_year"

#: Runs and scopes that are simulated together; of many scopes, fewer runs.
_ROOM: Final = 8192

Values = Mapping[str, Any]  # by name of the factor, dots as two underscores


@dataclass(frozen=True)
class EmaFunction:
    """Runs experiments of one model, one on one core or many together; it can be sent to other processes.

    Parameters
    ----------
    words : str
        The scenario as text, see `parcels.packed`.
    last, by_year : tuple of str
        Series of which the last year is wanted, or every year.
    runs : Runs
        Of every experiment.
    """

    words: str
    last: tuple[str, ...]
    by_year: tuple[str, ...]
    runs: Runs

    def __call__(self, **values: Any) -> dict[str, Any]:
        """Return the outcomes of one experiment: of each a float, or float64[year]."""
        return self._outcomes(values, self.runs, threads=1)[0]

    def together(self, several: Sequence[Values]) -> list[dict[str, Any]]:
        """Return the outcomes of experiments that give the same factors, on all cores."""
        each, replicates = self._each, np.asarray(self.runs.replicates, np.uint32)
        design = {name: np.repeat([values[name] for values in several], each) for name in several[0]}
        return self._outcomes(design, self.runs._replace(replicates=np.tile(replicates, len(several))))

    @property
    def at_once(self) -> int:
        """Return how many experiments are worth running together."""
        return max(max(_ROOM // len(self._unpacked.masks), BLOCK) // self._each, 1)

    @property
    def _each(self) -> int:
        return len(self.runs.replicates)

    @property
    def _names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.last, *self.by_year)))

    @property
    def _unpacked(self) -> Unpacked:
        return unpacked(self.words, self._names)

    def _outcomes(self, values: Values, runs: Runs, threads: int | None = None) -> list[dict[str, Any]]:
        """Simulate all runs of some experiments, and return the means of each."""
        scenario, inputs, masks = self._unpacked
        varied = with_design(inputs, scenario, dict(starmap(_factor, values.items())), runs)
        series = simulated_series(varied, runs, masks, [series_called(name) for name in self._names], threads)
        found = series.reshape(*series.shape[:2], -1, self._each).mean(axis=3)  # [series, year, experiment]
        means = dict(zip(self._names, np.moveaxis(found, 2, 1), strict=True))
        return [self._named({name: rows[at] for name, rows in means.items()}) for at in range(found.shape[2])]

    def _named(self, means: Values) -> dict[str, Any]:
        """Return means by year, float64[year], as outcomes of EMA Workbench."""
        ends = {identifier(name): float(means[name][-1]) for name in self.last}
        return {**ends, **{identifier(name) + BY_YEAR: means[name].copy() for name in self.by_year}}


def _factor(name: str, given: Any) -> tuple[str, Any]:
    """Return a factor by our name, with its values; those of whole numbers rounded, as samplers draw between them."""
    called = name.replace("__", ".")
    factor, values = factors().get(called), np.asarray(given)
    return called, np.rint(values) if factor and factor.parameter.whole and values.dtype.kind == "f" else given


def identifier(name: str) -> str:
    """Write the name of a factor or an outcome as Python's: EMA Workbench asks for that."""
    return name.replace(".", "__")
