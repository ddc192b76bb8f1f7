"""Runs of a scenario with some of what nobody knows varied, run by run."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from foresight.arrays import Codes, Floats, Integers
from foresight.experiments.distributions import declared, quantiles
from foresight.facts.parameters import uncertainties
from foresight.facts.scopes import scope_masks
from foresight.results.series import series_called, simulated_series
from foresight.runs import DRAWN, Runs
from foresight.scenario.building import build, with_design
from foresight.scenario.factors import factors
from foresight.scenario.scenario import Scenario


class Varied:
    """A scenario of which some series are asked; effects of members are anonymous.

    Parameters
    ----------
    scenario : Scenario
    names : sequence of str
        Of series, such as ``mean_delivered`` or ``trust.Pacific``.
    seed : int
        Of the luck.
    """

    def __init__(self, scenario: Scenario, names: Sequence[str], seed: int) -> None:
        self.scenario, self.seed = scenario, seed
        self.names = [series_called(name) for name in names]
        self.built = build(scenario)
        scopes = list(dict.fromkeys(name.scope for name in self.names))
        self.masks = dict(zip(scopes, scope_masks(scopes, scenario.members()), strict=True))

    def series(self, values: Mapping[str, npt.ArrayLike], replicates: Codes | Integers) -> Floats:
        """Run, and return the series, float64[series, year, run].

        Parameters
        ----------
        values : Mapping[str, array]
            Of uncertainties, one a run; all others have the values of the scenario.
        replicates : int[run]
            The luck of each run.
        """
        runs = Runs(DRAWN, self.seed, replicates.astype(np.uint32))
        inputs = with_design(self.built, self.scenario, values, runs)
        return simulated_series(inputs, runs, self.masks, self.names)

    def at(self, year: int) -> int:
        """Return the position of a year."""
        return self.built.years.index(year)


def varied_names() -> tuple[str, ...]:
    """Return the uncertainties that can be varied."""
    return tuple(name for name in factors() if name in uncertainties())


def drawn(name: str, unit: Floats) -> Floats:
    """Return the values of an uncertainty at places in the unit interval, as it is declared to be drawn."""
    parameter = factors()[name].parameter
    return quantiles(declared(parameter), unit, parameter.whole)
