"""What a scenario asks of people: effort is not free."""

from pathlib import Path
from typing import Final

import numpy as np

from foresight.loading import scenario_of
from foresight.scenario import Scenario

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
    chosen = scenario_of(scenario)
    present = set(chosen.members().index)
    shares = [len(present & coalition.codes) / len(present) for coalition in chosen.coalitions]
    levers = chosen.lever_values
    efforts = np.stack([levers.pledge_effort, levers.delivery_effort])[..., 0]  # [kind, group, action, phase]
    points = POINTS_PER_DOUBLING * np.maximum(np.log2(efforts), 0.0).sum(axis=(0, 2, 3))  # [group]
    return float(points @ [1.0 - sum(shares), *shares])
