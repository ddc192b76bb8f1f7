"""What the compiled years of a block read and write: the history, the state of a year, and luck.

Every array has the runs as its last axis.
"""
# mypy: disable-error-code="no-untyped-def, no-untyped-call, no-any-return"

from typing import Any, Final, NamedTuple

import numpy as np

from foresight.actions import ACTIONS, SUBREGIONS
from foresight.arrays import Codes, Counts, Floats, Integers, Rungs
from foresight.engine.compiled import rows, view
from foresight.engine.flat import flat
from foresight.engine.inputs import Circle, Events, Levers, Members, Structure, Uncertainties

ACTION_COUNT: Final = len(ACTIONS)
SUBREGION_COUNT: Final = len(SUBREGIONS)

#: Row of each uncertainty in the block's table [uncertainty, run].
U: Final[Any] = Uncertainties(*range(len(Uncertainties._fields)))


class When(NamedTuple):
    """A year of a block, and what its luck is drawn with."""

    k0: np.uint64  # words of the key, see `draws.seed_key`
    k1: np.uint64
    replicate: Codes  # [run], addresses of the runs' luck
    step: int  # position of the year
    year: int


class Setup(NamedTuple):
    """What a block is simulated from: parts of `Inputs`, run axes filled to its runs."""

    members: Members
    levers: Levers
    events: Events
    weights: Floats  # [domain, action], distinct rows of the action weights
    structure: Structure
    circle: Circle
    mixed: bool  # whether bodies count among the peers of any run


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


#: What a year moves, of which the next year reads nothing.
FLOWS: Final = ("need", "own", "grant", "contribution")


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


class Turn(NamedTuple):
    """A year that is being made: what the year before left, the same after the events of the year, and the next."""

    old: Year
    now: Now
    new: Year


class Luck(NamedTuple):
    """Draws that last a whole run."""

    member: Floats  # [member, run], u
    place: Floats  # [subregion, action, run], v + w
    gate_trust: Floats  # [subregion, run]


@view
def year_of(history, k):
    """Return one year of a history, uncopied; a ring has one place for flows, which no later year reads."""
    flows = k % history.need.shape[0]
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
        history.need[flows],
        history.own[flows],
        history.grant[flows],
        history.contribution[flows],
    )


@rows
def keep_year(k, year, start, whole):
    """Copy a year of a block into its place in a whole history."""
    _copy_year(year, 0, year_of(whole, k), start, year.fund.shape[0])


@rows
def take_year(k, whole, start, year):
    """Copy the year of a block from its place in a whole history."""
    _copy_year(year_of(whole, k), start, year, 0, year.fund.shape[0])


@rows
def _copy_year(year, first, target, start, runs):
    """Copy some runs of a year to others of another."""
    move(year.fund, first, target.fund, start, runs)
    move(year.coverage, first, target.coverage, start, runs)
    for g in range(SUBREGION_COUNT):
        move(year.offer[g], first, target.offer[g], start, runs)
    for i in range(year.trust.shape[0]):
        for a in range(ACTION_COUNT):
            move(year.pledged[i, a], first, target.pledged[i, a], start, runs)
            move(year.delivered[i, a], first, target.delivered[i, a], start, runs)
            move(year.waiting[i, a], first, target.waiting[i, a], start, runs)
        for d in range(year.condition.shape[1]):
            move(year.condition[i, d], first, target.condition[i, d], start, runs)
        move(year.trust[i], first, target.trust[i], start, runs)
        move(year.capacity[i], first, target.capacity[i], start, runs)
        move(year.need[i], first, target.need[i], start, runs)
        move(year.own[i], first, target.own[i], start, runs)
        move(year.grant[i], first, target.grant[i], start, runs)
        move(year.contribution[i], first, target.contribution[i], start, runs)


@rows
def move_luck(luck, first, target, start, runs):
    """Copy the draws of some runs to the place of others."""
    for i in range(luck.member.shape[0]):
        move(luck.member[i], first, target.member[i], start, runs)
    for g in range(SUBREGION_COUNT):
        move(luck.gate_trust[g], first, target.gate_trust[g], start, runs)
        for a in range(ACTION_COUNT):
            move(luck.place[g, a], first, target.place[g, a], start, runs)


def subregion_sizes(subregion: Integers) -> Floats:
    """Count members by the positions of their subregions, float64[subregion]."""
    return np.bincount(subregion, minlength=SUBREGION_COUNT).astype(np.float64)


def new_luck(count: int, size: int) -> Luck:
    """Make room for the draws of so many members and runs."""
    return Luck(
        member=np.empty((count, size)),
        place=np.empty((SUBREGION_COUNT, ACTION_COUNT, size)),
        gate_trust=np.empty((SUBREGION_COUNT, size)),
    )


def new_now(count: int, size: int) -> Now:
    """Make room for the state at the start of a year."""
    return Now(
        pledged=np.empty((count, ACTION_COUNT, size), np.int8),
        delivered=np.empty((count, ACTION_COUNT, size), np.int8),
        waiting=np.empty((count, ACTION_COUNT, size), np.int16),
        trust=np.empty((count, size)),
        capacity=np.empty((count, size)),
    )


@rows
def copy(row, target):
    """Copy one row."""
    for r in range(row.shape[0]):
        target[r] = row[r]


@rows
def move(row, first, target, start, runs):
    """Copy some runs of a row to others of another."""
    copy(row[first : first + runs], target[start : start + runs])


@rows
def clear(array):
    """Set every number of an array to zero."""
    row = flat(array)
    for k in range(row.shape[0]):
        row[k] = 0
