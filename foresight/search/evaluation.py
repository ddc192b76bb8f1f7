"""The engine as a search sees it: from places to margins and prices."""

from collections.abc import Callable
from typing import Final

import numpy as np

from foresight.actions import FIRST_YEAR
from foresight.arrays import Floats
from foresight.engine.ensemble import Past
from foresight.engine.inputs import Inputs
from foresight.facts.scopes import scope_masks
from foresight.results.series import series_called, simulated_series
from foresight.results.simulation import repeated, simulate_before_levers
from foresight.results.targets import Target
from foresight.runs import Effects, Runs
from foresight.scenario.building import build, with_design
from foresight.scenario.efforts import group_shares, points_of_levers
from foresight.search.controls import Controls

#: Runs at a time: some tens of megabytes.
_AT_ONCE: Final = 8192


class Evaluation:
    """What places of controls come to.

    Parameters
    ----------
    controls : Controls
        The levers that are moved, and the scenario.
    goal : Target
        What runs should reach; years after it are not simulated.
    seed, threads, effects
        As for `simulate`.
    watch : callable
        Called with all the runs done so far.
    """

    def __init__(
        self,
        controls: Controls,
        goal: Target,
        seed: int,
        threads: int | None,
        effects: Effects,
        watch: Callable[[int], None],
    ) -> None:
        self.controls, self.goal, self.seed, self.threads, self.watch = controls, goal, seed, threads, watch
        self.effects = effects
        self.scenario = controls.scenario
        self.series = series_called(goal.outcome)
        self.built = build(self.scenario).replace(last_year=max(goal.year, FIRST_YEAR + 1))
        self.masks = {self.series.scope: scope_masks([self.series.scope], self.scenario.members())[0]}
        self.shares = group_shares(self.scenario)
        self.runs = 0
        self._pasts: dict[tuple[int, int], Past | None] = {}

    def price(self, places: Floats) -> Floats:
        """Return effort points, float64[place]."""
        points = points_of_levers(self._inputs(places).levers, self.shares)
        return np.array(np.broadcast_to(points, len(places)))

    def margins(self, places: Floats, draws: int, seed: int | None = None) -> Floats:
        """Return margins, float64[place, replicate], of the first replicates of a seed."""
        at_once = max(_AT_ONCE // draws, 1)
        parts = [places[start : start + at_once] for start in range(0, len(places), at_once)]
        return np.vstack([self._run(part, draws, self.seed if seed is None else seed) for part in parts])

    def _run(self, places: Floats, draws: int, seed: int) -> Floats:
        """Simulate some places at once."""
        runs = Runs(self.effects, seed, np.tile(np.arange(draws, dtype=np.uint32), len(places)))
        inputs = self._inputs(np.repeat(places, draws, axis=0), runs)
        past = self._past(len(places), draws, seed)
        values = simulated_series(inputs, runs, self.masks, [self.series], self.threads, past)
        self.runs += len(runs.replicates)
        self.watch(self.runs)
        return self.goal.margins(values[0, inputs.years.index(self.goal.year)].reshape(len(places), draws))

    def _past(self, places: int, draws: int, seed: int) -> Past | None:
        """Return the years before levers act, which are the same at all places; None where there are no others."""
        if (seed, draws) not in self._pasts:
            runs = Runs(self.effects, seed, range(draws))
            inputs = with_design(self.built, self.scenario, {}, runs)
            self._pasts[seed, draws] = simulate_before_levers(inputs, runs, self.threads)
        past = self._pasts[seed, draws]
        return None if past is None else repeated(past, places)

    def _inputs(self, places: Floats, runs: Runs | None = None) -> Inputs:
        return with_design(self.built, self.scenario, self.controls.design(places), runs)
