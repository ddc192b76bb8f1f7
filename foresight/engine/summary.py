"""Series of scopes from histories, and what holds members up.

A scope is any set of members.
"""
# mypy: disable-error-code="no-untyped-def, no-untyped-call"

import math
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Final

import numpy as np

from foresight.actions import ACCOUNTABILITY, RUNGS
from foresight.arrays import Floats, Mask
from foresight.engine import rules
from foresight.engine.compiled import entry, rows
from foresight.engine.ensemble import (
    BLOCK,
    cores,
    distinct_domains,
    new_history,
    new_tally,
    solid,
    split,
    uncertainty_table,
)
from foresight.engine.inputs import Inputs, Members
from foresight.engine.state import ACTION_COUNT, History, U, take_year, year_of
from foresight.engine.tally import Tally, new_sheet, set_sheet, tally_year

#: What holds up deliveries and pledges (H5), in the order of `obstacle_gains`.
DELIVERY_OBSTACLES: Final = ("resources", "capacity", "accountability")
PLEDGE_OBSTACLES: Final = ("coverage", "trust")


def summarised(inputs: Inputs, masks: Sequence[Mask], history: History) -> Tally:
    """Return the series of a whole history, domains with equal weights once, on all cores.

    Parameters
    ----------
    inputs : Inputs
        What was simulated.
    masks : sequence of bool[member]
        One a scope.
    history : History
        Contiguous, run last, with the distinct domains only.
    """
    runs = history.fund.shape[1]
    tally = new_tally(inputs, masks, runs)
    with ThreadPoolExecutor(cores()) as pool:
        list(pool.map(partial(_tally_part, inputs, history, tally), split(runs, BLOCK, cores())))
    return tally


def _tally_part(inputs: Inputs, history: History, tally: Tally, part: slice) -> None:
    """Fill the series of some runs."""
    width = part.stop - part.start
    room, table = new_history(inputs, width, years=1), uncertainty_table(inputs, part, width)
    weights, subregion = distinct_domains(inputs)[0], solid(inputs.members.subregion)
    sheet = new_sheet(tally, subregion, len(weights), width)
    _tally_years(history, room, subregion, weights, table, part.start, tally, sheet)


@entry
def _tally_years(history, room, subregion, weights, u, start, tally, sheet):
    """Fill runs start and after of the series, with room for a year of them."""
    year = year_of(room, 0)
    set_sheet(u, sheet)
    for k in range(history.fund.shape[0]):
        take_year(k, history, start, year)
        tally_year(k, year, subregion, weights, u, start, tally, sheet)


def obstacle_gains(inputs: Inputs, history: History, ample: float) -> Floats:
    """Return what removing each obstacle would add to the log hazards of members, summed over their actions.

    Deliveries: every action with an unmet pledge counts. Without want of resources m = 1, of capacity
    C = `ample`, of accountability D = 4 on that action. Pledges: every action counts whose next rung is
    on offer. Coverage s = 1, trust T = 1. An obstacle that is none adds 0. Events are left aside.

    Parameters
    ----------
    inputs : Inputs
        What was simulated.
    history : History
        As for `summarised`.
    ample : float
        Capacity of a member that capacity does not hold up, 0..1.

    Returns
    -------
    float64[obstacle, step, member, run]
        `DELIVERY_OBSTACLES`, then `PLEDGE_OBSTACLES`; a step has the year that it starts in.
    """
    runs = history.fund.shape[1]
    obstacles = len(DELIVERY_OBSTACLES) + len(PLEDGE_OBSTACLES)
    gains = np.empty((obstacles, len(inputs.years) - 1, len(inputs.members.code), runs))
    table = uncertainty_table(inputs, slice(0, runs), runs)
    unmet, open_next = np.empty((2, runs))
    members = Members(*map(solid, inputs.members))
    _find_gains(history, members, table, ample, unmet, open_next, gains)
    return gains


@entry
def _find_gains(history, members, u, ample, unmet, open_next, gains):
    """Fill the gains of every step and member."""
    size = u.shape[1]
    for step in range(gains.shape[1]):
        for i in range(gains.shape[2]):
            pledged, delivered = history.pledged[step, i], history.delivered[step, i]
            offer = history.offer[step + 1, members.subregion[i]]
            unmet[:] = 0.0
            open_next[:] = 0.0
            for a in range(ACTION_COUNT):
                for r in range(size):
                    unmet[r] += 1.0 if delivered[a, r] < pledged[a, r] else 0.0
                    open_next[r] += 1.0 if pledged[a, r] < offer[r] else 0.0
            _gain_deliveries(step, i, history, u, ample, unmet, gains)
            _gain_pledges(step, i, history, members.ldc[step, i], u, open_next, gains)


@rows
def _gain_deliveries(step, i, history, u, ample, unmet, gains):
    """Compare the hazard of delivery with what it would be without each obstacle."""
    for r in range(unmet.shape[0]):
        pull = u[U.accountability_effect, r]
        factor = rules.safeguard(pull, rules.effect(history.delivered[step, i, ACCOUNTABILITY, r]))
        full = rules.safeguard(pull, rules.effect(RUNGS))
        capacity = history.capacity[step, i, r]
        paid = rules.means(history.own[step + 1, i, r], history.grant[step + 1, i, r], history.need[step + 1, i, r])
        now = rules.delivery_hazard(1.0, capacity, paid, factor)
        gains[0, step, i, r] = unmet[r] * max(math.log(rules.delivery_hazard(1.0, capacity, 1.0, factor) / now), 0.0)
        gains[1, step, i, r] = unmet[r] * max(math.log(rules.delivery_hazard(1.0, ample, paid, factor) / now), 0.0)
        gains[2, step, i, r] = unmet[r] * max(math.log(rules.delivery_hazard(1.0, capacity, paid, full) / now), 0.0)


@rows
def _gain_pledges(step, i, history, ldc, u, open_next, gains):
    """Compare the log hazard of pledging with what it would be without each obstacle."""
    for r in range(open_next.shape[0]):
        penalty, reference, pull = u[U.ldc_penalty, r], u[U.reference_coverage, r], u[U.trust_effect, r]
        coverage, trust = history.coverage[step, r], history.trust[step, i, r]
        now = rules.member_log_hazard(0.0, penalty, ldc, coverage, reference, pull, trust, 0.0, 0.0)
        covered = rules.member_log_hazard(0.0, penalty, ldc, 1.0, reference, pull, trust, 0.0, 0.0)
        trusting = rules.member_log_hazard(0.0, penalty, ldc, coverage, reference, pull, 1.0, 0.0, 0.0)
        gains[3, step, i, r] = open_next[r] * max(covered - now, 0.0)
        gains[4, step, i, r] = open_next[r] * max(trusting - now, 0.0)
