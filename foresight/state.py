"""What the compiled years of a block work on: the history, the state of a year, luck and working space.

Every array has the runs as its last axis.
"""
# mypy: disable-error-code="no-untyped-def, no-untyped-call, no-any-return"

from enum import IntEnum
from typing import Any, Final, NamedTuple

import numpy as np

from foresight import draws, rules
from foresight.actions import ACTIONS, RUNGS, SUBREGIONS
from foresight.arrays import Counts, Floats, Mask, RandomWords, Rungs
from foresight.compiled import compiled
from foresight.inputs import Uncertainties


def _rows(names: tuple[str, ...]) -> Any:
    """Return an enumeration of the names from 0, which compiled code reads as constants."""
    return IntEnum("U", names, start=0, module=__name__)


ACTION_COUNT: Final = len(ACTIONS)
SUBREGION_COUNT: Final = len(SUBREGIONS)

#: Row of each uncertainty in the block's table [uncertainty, run].
U: Any = _rows(Uncertainties._fields)

#: Rows of `Desk.money`: totals of a year.
GAP, WEIGHT, ANSWERABLE, FUND, GRANTED = range(5)
#: Rows of `Desk.policy`: the levers of a year.
SUPPORT, ASSISTANCE, SOLIDARITY_SHARE, PERFORMANCE_SHARE, LINKING = range(5)
#: Rows of `Desk.mine`: the member at hand; the first three are also those of `Desk.guard`.
SPEED, LAPSE, EXIT, LOG_HAZARD, NETWORKED, DELIVERY_HAZARD, NEAR, BODIES = range(8)
#: Promises of a member.
KEPT, BROKEN = range(2)
#: Row of `Desk.moves` after those of a member's draws: whether a pledge goes on waiting.
WAITS: Final = draws.WORDS


class History(NamedTuple):
    """States of all years, and the flows of each step stored in the year it leads to."""

    pledged: Rungs  # [year, member, action, run]
    delivered: Rungs  # [year, member, action, run]
    waiting: Counts  # [year, member, action, run]
    offer: Rungs  # [year, subregion, run]
    trust: Floats  # [year, member, run], 0..1
    capacity: Floats  # [year, member, run], 0..1
    condition: Floats  # [year, member, domain, run], 0..1; domains with equal weights stand once
    fund: Floats  # [year, run], units
    coverage: Floats  # [year, run], 0..1
    need: Floats  # [year, member, run], units a year
    own: Floats  # [year, member, run], units a year
    grant: Floats  # [year, member, run], units a year
    contribution: Floats  # [year, member, run], units a year


class Year(NamedTuple):
    """One year of a history, by the same names."""

    pledged: Rungs  # [member, action, run]
    delivered: Rungs  # [member, action, run]
    waiting: Counts  # [member, action, run]
    offer: Rungs  # [subregion, run]
    trust: Floats  # [member, run]
    capacity: Floats  # [member, run]
    condition: Floats  # [member, domain, run]
    fund: Floats  # [run]
    coverage: Floats  # [run]
    need: Floats  # [member, run]
    own: Floats  # [member, run]
    grant: Floats  # [member, run]
    contribution: Floats  # [member, run]


class Now(NamedTuple):
    """State at the start of a year, after its events."""

    pledged: Rungs  # [member, action, run]
    delivered: Rungs  # [member, action, run]
    waiting: Counts  # [member, action, run]
    trust: Floats  # [member, run]
    capacity: Floats  # [member, run]


class Luck(NamedTuple):
    """Draws that last a whole run."""

    member: Floats  # [member, run], u
    place: Floats  # [subregion, action, run], v + w
    gate_trust: Floats  # [subregion, run]


class Desk(NamedTuple):
    """Working space of a block."""

    pledged_count: Counts  # [subregion + 1, action, rung, run], members with P >= rung; the last is the region
    body_count: Counts  # [body, action, rung, run]
    ready_count: Counts  # [subregion, action, run], members with D >= the rung on offer
    grace: Counts  # [run], whole years
    near: Floats  # [action, rung, run], share of the others of a subregion with P >= rung
    far: Floats  # [action, rung, run], share of the members outside it
    place: Floats  # [action, rung, run], log hazard common to a subregion
    guard: Floats  # [3, delivered accountability, run]: speed of delivery, chance of lapse, of exit
    trust: Floats  # [subregion, run], sum
    kept: Floats  # [subregion + 1, run], sum of promises seen kept; the last row is the region
    broken: Floats  # [subregion + 1, run]
    seen: Floats  # [member, 2, run], promises of a member seen kept and seen broken
    effort: Floats  # [group, action, run], log hazard added by levers
    delivery: Floats  # [group, action, run], multiplier
    acted: Floats  # [member, domain, run], a_id
    acted_mean: Floats  # [subregion, domain, run]
    money: Floats  # [5, run]: gap, weight and accountability totals, fund, grants
    crisis: Floats  # [subregion, run], 0 or 1
    policy: Floats  # [5, run]: support, assistance, solidarity share, performance share, linking of the year
    mine: Floats  # [8, run]: rows of the member at hand
    circle: Floats  # [2, run]: promises that a member sees kept and broken
    ready: Floats  # [run]: share of a gate's cells that are ready
    offer: Rungs  # [action, run]: the rung on offer in a subregion, the same for every action
    words: RandomWords  # [4, action, run]: draws of the member at hand; the first action serves draws of a subregion
    chance: Floats  # [4, action, run]: chances of pledge, delivery, lapse and exit of the member at hand
    moves: Rungs  # [5, action x run], 0 or 1: what it does
    promises: Rungs  # [2, run]: how many it has kept and broken
    uneven: Mask  # [group], whether delivery efforts differ between actions


@compiled
def year_of(history, k):
    """Return one year of a history, uncopied."""
    return Year(
        history.pledged[k],
        history.delivered[k],
        history.waiting[k],
        history.offer[k],
        history.trust[k],
        history.capacity[k],
        history.condition[k],
        history.fund[k],
        history.coverage[k],
        history.need[k],
        history.own[k],
        history.grant[k],
        history.contribution[k],
    )


@compiled
def keep_year(k, year, start, whole):
    """Copy a year of a block into its place in a whole history."""
    _copy_year(year, 0, year_of(whole, k), start, year.fund.shape[0])


@compiled
def take_year(k, whole, start, year):
    """Copy the year of a block from its place in a whole history."""
    _copy_year(year_of(whole, k), start, year, 0, year.fund.shape[0])


@compiled
def _copy_year(year, first, target, start, runs):
    """Copy some runs of a year to others of another."""
    old, new = slice(first, first + runs), slice(start, start + runs)
    copy(year.fund[old], target.fund[new])
    copy(year.coverage[old], target.coverage[new])
    for g in range(SUBREGION_COUNT):
        copy(year.offer[g, old], target.offer[g, new])
    for i in range(year.trust.shape[0]):
        for a in range(ACTION_COUNT):
            copy(year.pledged[i, a, old], target.pledged[i, a, new])
            copy(year.delivered[i, a, old], target.delivered[i, a, new])
            copy(year.waiting[i, a, old], target.waiting[i, a, new])
        for d in range(year.condition.shape[1]):
            copy(year.condition[i, d, old], target.condition[i, d, new])
        copy(year.trust[i, old], target.trust[i, new])
        copy(year.capacity[i, old], target.capacity[i, new])
        copy(year.need[i, old], target.need[i, new])
        copy(year.own[i, old], target.own[i, new])
        copy(year.grant[i, old], target.grant[i, new])
        copy(year.contribution[i, old], target.contribution[i, new])


@compiled
def new_desk(size, count, bodies, groups, domains, u):
    """Make the working space of a block."""
    desk = Desk(
        np.empty((SUBREGION_COUNT + 1, ACTION_COUNT, RUNGS, size), np.int16),
        np.empty((bodies, ACTION_COUNT, RUNGS, size), np.int16),
        np.empty((SUBREGION_COUNT, ACTION_COUNT, size), np.int16),
        np.empty(size, np.int16),
        np.empty((ACTION_COUNT, RUNGS, size)),
        np.empty((ACTION_COUNT, RUNGS, size)),
        np.empty((ACTION_COUNT, RUNGS, size)),
        np.empty((3, RUNGS + 1, size)),
        np.empty((SUBREGION_COUNT, size)),
        np.empty((SUBREGION_COUNT + 1, size)),
        np.empty((SUBREGION_COUNT + 1, size)),
        np.empty((count, 2, size)),
        np.empty((groups, ACTION_COUNT, size)),
        np.empty((groups, ACTION_COUNT, size)),
        np.empty((count, domains, size)),
        np.empty((SUBREGION_COUNT, domains, size)),
        np.empty((5, size)),
        np.empty((SUBREGION_COUNT, size)),
        np.empty((5, size)),
        np.empty((BODIES + 1, size)),
        np.empty((BROKEN + 1, size)),
        np.empty(size),
        np.empty((ACTION_COUNT, size), np.int8),
        np.empty((draws.WORDS, ACTION_COUNT, size), np.uint32),
        np.empty((draws.WORDS, ACTION_COUNT, size)),
        np.empty((WAITS + 1, ACTION_COUNT * size), np.int8),
        np.empty((BROKEN + 1, size), np.int8),
        np.empty(groups, np.bool_),
    )
    for r in range(size):
        desk.grace[r] = rules.whole_years(u[U.grace_years, r])
    for rung in range(RUNGS + 1):
        for r in range(size):
            factor = rules.safeguard(u[U.accountability_effect, r], rules.effect(rung))
            desk.guard[SPEED, rung, r] = factor
            desk.guard[LAPSE, rung, r] = rules.probability(rules.slipping_hazard(u[U.lapse_rate, r], factor))
            desk.guard[EXIT, rung, r] = rules.probability(rules.slipping_hazard(u[U.exit_rate, r], factor))
    return desk


@compiled
def copy(row, target):
    """Copy one row."""
    for r in range(row.shape[0]):
        target[r] = row[r]


@compiled
def flat(array):
    """Return an array as one row: long rows are faster than many."""
    return array.reshape(array.size)


@compiled
def clear(array):
    """Set every number of an array to zero."""
    row = flat(array)
    for k in range(row.shape[0]):
        row[k] = 0
