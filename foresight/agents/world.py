"""What members and circles see of a run of the Mesa model: its inputs and rules, the levers of a year, and luck."""
# mypy: disable-error-code="no-any-return"

from functools import partial
from typing import Any, Final

import numpy as np

from foresight.engine import draws, rules
from foresight.engine.inputs import Inputs, Levers, Uncertainties
from foresight.runs import Runs

_LEVERS_BY_PHASE: Final = 4  # the first fields of `Levers`


class World:
    """What members and circles read of a run.

    Parameters
    ----------
    inputs : Inputs
        Run axes of length 1.
    runs : Runs
        The one run.

    Attributes
    ----------
    structure, uncertainties : rules of the run, and `Uncertainties` as plain numbers
    grace : int, whole years
    weights : list[domain] of list[action] of float
    networked : bool, whether peers are the neighbours on a graph, as in a textbook limit alone
    year : int, the year that goes on
    coverage : float, 0..1, share of the gap of the year before that the fund covered
    policy : Levers of the year, without phase and run axes
    effort : list[group] of list[action] of float, what the levers add to the log hazard of pledging
    """

    def __init__(self, inputs: Inputs, runs: Runs) -> None:
        self._key, self._replicate = draws.seed_key(runs.seed), np.uint64(runs.replicates[0])
        self.inputs, self.structure = inputs, inputs.structure
        self.uncertainties: Any = Uncertainties._make(value.item() for value in inputs.uncertainties)
        self.grace = rules.whole_years(self.uncertainties.grace_years)
        self.weights = inputs.action_weights.tolist()
        self.networked = inputs.circle.neighbour_offset.size > 0

    def begin_year(self, year: int, coverage: float) -> None:
        """Take the year and its coverage, and read the levers."""
        self.year, self.coverage = year, coverage
        self.policy = self._levers()
        log_hazard = partial(rules.effort_log_hazard, year=year, review_deadline=self.policy.review_deadline)
        self.effort = [list(map(log_hazard, efforts)) for efforts in self.policy.pledge_effort]

    def _levers(self) -> Any:
        """Return the levers of the year: from `levers_from` on what people chose, before it history."""
        u, levers = self.uncertainties, self.inputs.levers
        if self.year < self.structure.levers_from:
            pace = np.ones(levers.pledge_effort.shape[:2]).tolist()
            shares = u.base_solidarity_share, u.base_performance_share
            return Levers._make((pace, pace, 1.0, 0.0, *shares, 0.0, u.outside_peer_effect))
        phase = rules.lever_phase(self.year)
        alone = [lever.squeeze(-1) for lever in levers]
        by_phase, constant = alone[:_LEVERS_BY_PHASE], alone[_LEVERS_BY_PHASE:]
        return Levers._make([*(lever[..., phase].tolist() for lever in by_phase), *map(np.ndarray.item, constant)])

    def words(self, entity: np.uint64, purpose: np.uint64) -> tuple[int, ...]:
        """Return the four random words of the year at an address."""
        return draws.philox(self._replicate, np.uint64(self.year), entity, purpose, *self._key)

    def effect(self, entity: int, purpose: int) -> float:
        """Return a standard normal number that lasts for the whole run."""
        return draws.effect_draw(self._replicate, entity, purpose, *self._key)
