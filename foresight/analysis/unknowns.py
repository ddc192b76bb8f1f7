"""Runs with everything that nobody knows drawn at once, with nothing but luck, and with one number at its ends."""

from collections.abc import Collection, Sequence
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from foresight.analysis.varied import Varied, drawn, varied_names
from foresight.arrays import Floats
from foresight.facts.parameters import uncertainties
from foresight.scenario.scenario import Scenario

#: Draws of all unknown numbers, a power of two, runs of each, and runs in which only luck varies.
POINTS: Final = 128
RUNS_OF_POINT: Final = 8
LUCKY_RUNS: Final = 256

#: Runs of each end of the range of a number.
RUNS_OF_END: Final = 32

#: Where a number stands as it is varied alone.
PLACES: Final = ("low", "high")
AS_IT_IS: Final = "as_it_is"


class Unknowns(NamedTuple):
    """Series of runs.

    Parameters
    ----------
    chance : float64[series, year, run]
        Unknown numbers as the scenario has them: nothing but luck varies.
    everything : float64[series, year, point, run]
        Unknown numbers drawn, independently, from their declared distributions; runs of a point differ by luck.
    """

    chance: Floats
    everything: Floats


def own_numbers(scenarios: Sequence[Scenario]) -> tuple[str, ...]:
    """Return the uncertainties that some scenario sets: its path, which no draw may take it off."""
    known = uncertainties()
    return tuple(
        name
        for name in varied_names()
        if any(getattr(one.uncertainties, name) != known[name].default for one in scenarios)
    )


def unknowns(scenario: Scenario, names: Sequence[str], seed: int, held: Collection[str] = ()) -> Unknowns:
    """Run a scenario with chance alone, and with everything that nobody knows.

    Parameters
    ----------
    scenario : Scenario
    names : sequence of str
        Of series.
    seed : int
        Of the points and of the luck: scenarios run with one seed share both.
    held : collection of str
        Uncertainties that keep the values of the scenario; the draws of the others do not depend on it.
    """
    from scipy.stats import qmc  # late: half a second

    runs = Varied(scenario, names, seed)
    known = varied_names()
    unit = qmc.Sobol(len(known), rng=np.random.default_rng(seed)).random(POINTS)
    columns = {name: column for name, column in zip(known, unit.T, strict=True) if name not in held}
    values = {name: np.repeat(drawn(name, column), RUNS_OF_POINT) for name, column in columns.items()}
    found = runs.series(values, np.tile(np.arange(RUNS_OF_POINT), POINTS))
    chance = runs.series({}, np.arange(LUCKY_RUNS))
    return Unknowns(chance, found.reshape(*found.shape[:2], POINTS, RUNS_OF_POINT))


def one_at_a_time(scenario: Scenario, outcome: str, year: int, seed: int, held: Collection[str] = ()) -> pd.DataFrame:
    """Run a scenario with one number that nobody knows at either end of its range, the others as they are.

    Parameters
    ----------
    scenario : Scenario
    outcome : str
        A series.
    year : int
    seed : int
        Of the luck, which all ends share.
    held : collection of str
        Uncertainties that are not moved.

    Returns
    -------
    pandas.DataFrame
        ``parameter`` and ``place``, one of `PLACES`, or `AS_IT_IS` where nothing is moved; ``at``, the value there;
        ``outcome``, its mean over the runs.
    """
    runs, own = Varied(scenario, [outcome], seed), scenario.uncertainties.model_dump()
    moved = [name for name in varied_names() if name not in held]
    ends = [(name, place, getattr(uncertainties()[name], place)) for name in moved for place in PLACES]
    places = [(AS_IT_IS, AS_IT_IS, np.nan), *ends]
    values = {name: np.full(len(places), own[name], np.float64) for name in moved}
    for position, (name, _, end) in enumerate(ends, start=1):
        values[name][position] = end
    spread = {name: np.repeat(column, RUNS_OF_END) for name, column in values.items()}
    found = runs.series(spread, np.tile(np.arange(RUNS_OF_END), len(places)))[0, runs.at(year)]
    table = pd.DataFrame(places, columns=["parameter", "place", "at"])
    return table.assign(outcome=found.reshape(-1, RUNS_OF_END).mean(axis=1))
