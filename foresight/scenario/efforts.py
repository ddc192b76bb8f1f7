"""What a scenario asks of people: effort is not free."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from foresight.arrays import Floats
from foresight.engine.inputs import Levers
from foresight.scenario.loading import scenario_of
from foresight.scenario.scenario import Scenario

#: Points for each doubling of the pace of pledging or of delivering one action in one phase.
POINTS_PER_DOUBLING: Final = 0.5


def effort_points(scenario: Scenario | str | Path) -> float:
    """Return the effort points of a scenario: half a point for each doubling of a historical pace.

    Over actions and phases, of pledging and of delivery; efforts at or below the historical pace ask for
    nothing. Where there are coalitions, the mean over the members that take part, each with its own efforts.

    Raises
    ------
    InputError
        If the scenario, its id or its file cannot be used.
    """
    from foresight.scenario.building import (
        lever_values,  # late: numba takes a moment, and listings of facts have no efforts
    )

    future = scenario_of(scenario)
    return float(points_of_levers(lever_values(future), group_shares(future))[0])


def points_of_levers(levers: Levers, shares: Sequence[float]) -> Floats:
    """Return the effort points of levers, run by run (`model.md`, section 5).

    Parameters
    ----------
    levers : Levers
        Efforts [group, action, phase, run], multipliers of the historical pace.
    shares : sequence of float
        Of the members that take part, those in each effort group, 0..1.

    Returns
    -------
    float64[run]
        Points; one value where no effort differs between runs.
    """
    efforts = np.stack(np.broadcast_arrays(levers.pledge_effort, levers.delivery_effort))
    points = POINTS_PER_DOUBLING * np.maximum(np.log2(efforts), 0.0).sum(axis=(0, 2, 3))  # [group, run]
    return np.asarray(np.asarray(shares) @ points)


def group_shares(scenario: Scenario) -> list[float]:
    """Return the share of the members taking part that is in each effort group: in no coalition, then in each."""
    present = set(scenario.codes())
    shares = [len(present & coalition.codes) / len(present) for coalition in scenario.coalitions]
    return [1.0 - sum(shares), *shares]
