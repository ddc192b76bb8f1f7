"""How far up the ladder one future comes: who has delivered which step by the last year."""

import numpy as np

from foresight.actions import RUNGS
from foresight.arrays import Floats
from foresight.facts.scopes import scope_masks

from .live import LIVE, Run
from .setting import Setting


def reached(setting: Setting, scope: str) -> Floats:
    """Return the share of a scope's members that have delivered each rung by the last year, mean of the runs.

    Parameters
    ----------
    setting : Setting
        What to run.
    scope : str
        As `scope_masks` takes it; of one member the share is the chance of its having delivered the rung.

    Returns
    -------
    float64[action, rung]

    Raises
    ------
    NotReadyError
        While the engine is being compiled.
    """
    chances: Floats = LIVE.picture(setting, "ladder", chances_of)
    (mask,) = scope_masks([scope], setting.scenario.members())
    return np.asarray(chances[mask].mean(axis=0))


def chances_of(run: Run) -> Floats:
    """Return the chance that a member has delivered a rung by the last year, float64[member, action, rung]."""
    last = run.history.delivered[-1]  # [member, action, run]
    return np.stack([(last >= rung).mean(axis=-1) for rung in range(1, RUNGS + 1)], axis=-1)
