"""What the compiled years of a block work on: the history, the state of a year, luck and working space.

Every array has the runs as its last axis.
"""
# mypy: disable-error-code="no-untyped-def, no-untyped-call, no-any-return"

from enum import IntEnum
from typing import Any, Final, NamedTuple

import numpy as np

from foresight import draws, rules
from foresight.actions import ACTIONS, RUNGS, SUBREGIONS
from foresight.arrays import Codes, Counts, Floats, Mask, RandomWords, Rungs
from foresight.compiled import compiled
from foresight.inputs import Circle, Events, Levers, Members, Structure, Uncertainties


def _rows(names: tuple[str, ...]) -> Any:
    """Return an enumeration of the names from 0, which compiled code reads as constants."""
    return IntEnum("U", names, start=0, module=__name__)


ACTION_COUNT: Final = len(ACTIONS)
SUBREGION_COUNT: Final = len(SUBREGIONS)

#: Row of each uncertainty in the block's table [uncertainty, run].
U: Any = _rows(Uncertainties._fields)

#: Promises of a member: rows of what is counted, weighed and seen of them.
KEPT, BROKEN = range(2)


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


class Policy(NamedTuple):
    """The levers of a year."""

    support: Floats  # [run], multiplier
    assistance: Floats  # [run]
    solidarity_share: Floats  # [run]
    performance_share: Floats  # [run]
    linking: Floats  # [run]
    effort: Floats  # [group, action, run], log hazard added by levers
    delivery: Floats  # [group, action, run], multiplier
    uneven: Mask  # [group], whether delivery efforts differ between actions


class Census(NamedTuple):
    """Counts of members and sums over them at the start of a year."""

    size: Floats  # [subregion], members
    pledged: Counts  # [subregion + 1, action, rung, run], members with P >= rung; the last is the region
    bodies: Counts  # [body, action, rung, run], the same
    ready: Counts  # [subregion, action, run], members with D >= the rung on offer
    trust: Floats  # [subregion, run], sum
    kept: Floats  # [subregion + 1, run], sum of promises seen kept; the last row is the region
    broken: Floats  # [subregion + 1, run]
    seen: Floats  # [member, 2, run], promises of a member seen kept and seen broken
    acted: Floats  # [member, domain, run], a_id
    acted_mean: Floats  # [subregion, domain, run]
    grace: Counts  # [run], whole years


class Money(NamedTuple):
    """Totals of a year."""

    gap: Floats  # [run]
    weight: Floats  # [run]
    answerable: Floats  # [run], sum of what delivered accountability does
    fund: Floats  # [run]
    grants: Floats  # [run]
    crisis: Floats  # [subregion, run], 0 or 1


class Place(NamedTuple):
    """The subregion at hand, as its members see it."""

    near: Floats  # [action, rung, run], share of the others with P >= rung
    far: Floats  # [action, rung, run], share of the members outside it
    pull: Floats  # [action, rung, run], log hazard that its members share
    offer: Rungs  # [action, run], the rung on offer, the same for every action
    ready: Floats  # [run], share of the cells of its gate that are ready


class Guard(NamedTuple):
    """What delivered accountability does, in all years alike."""

    speed: Floats  # [rung delivered, run], factor of delivery
    lapse: Floats  # [rung delivered, run], chance
    exit: Floats  # [rung delivered, run], chance


class Mine(NamedTuple):
    """Rows of the member at hand."""

    speed: Floats  # [run], of `Guard`
    lapse: Floats  # [run], of `Guard`
    exit: Floats  # [run], of `Guard`
    log_hazard: Floats  # [run], part of the log hazard of pledging for every action
    networked: Floats  # [run], what delivered networking does
    delivery_hazard: Floats  # [run], before any effort
    near: Floats  # [run], share of peers
    bodies: Floats  # [run], part of the near share that comes from bodies
    promises: Rungs  # [2, run], how many it has kept and broken
    circle: Floats  # [2, run], promises of others that it sees kept and broken


class Dice(NamedTuple):
    """What the member at hand draws, and what it does; in the order of `draws.PLEDGE` to `draws.EXIT`."""

    words: RandomWords  # [4, action, run]; the first action serves draws of a subregion
    chance: Floats  # [4, action, run]
    moves: Rungs  # [4, action x run], 0 or 1
    waits: Rungs  # [action x run], 0 or 1: whether a pledge goes on waiting


class Desk(NamedTuple):
    """Working space of a block."""

    policy: Policy
    census: Census
    money: Money
    place: Place
    guard: Guard
    mine: Mine
    dice: Dice


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
def new_now(count, size):
    """Make room for the state at the start of a year."""
    return Now(
        pledged=np.empty((count, ACTION_COUNT, size), np.int8),
        delivered=np.empty((count, ACTION_COUNT, size), np.int8),
        waiting=np.empty((count, ACTION_COUNT, size), np.int16),
        trust=np.empty((count, size)),
        capacity=np.empty((count, size)),
    )


@compiled
def new_desk(setup, u):
    """Make the working space of a block."""
    return Desk(
        policy=_new_policy(setup.levers.pledge_effort.shape[0], u.shape[1]),
        census=_new_census(setup, u),
        money=_new_money(u.shape[1]),
        place=_new_place(u.shape[1]),
        guard=_new_guard(u),
        mine=_new_mine(u.shape[1]),
        dice=_new_dice(u.shape[1]),
    )


@compiled
def _new_policy(groups, size):
    return Policy(
        support=np.empty(size),
        assistance=np.empty(size),
        solidarity_share=np.empty(size),
        performance_share=np.empty(size),
        linking=np.empty(size),
        effort=np.empty((groups, ACTION_COUNT, size)),
        delivery=np.empty((groups, ACTION_COUNT, size)),
        uneven=np.empty(groups, np.bool_),
    )


@compiled
def _new_census(setup, u):
    """Make room for counts and sums; sizes and years of grace are those of all years."""
    members, size = setup.members, u.shape[1]
    count, domains = members.code.shape[0], setup.weights.shape[0]
    census = Census(
        size=np.zeros(SUBREGION_COUNT),
        pledged=np.empty((SUBREGION_COUNT + 1, ACTION_COUNT, RUNGS, size), np.int16),
        bodies=np.empty((members.body_size.shape[0], ACTION_COUNT, RUNGS, size), np.int16),
        ready=np.empty((SUBREGION_COUNT, ACTION_COUNT, size), np.int16),
        trust=np.empty((SUBREGION_COUNT, size)),
        kept=np.empty((SUBREGION_COUNT + 1, size)),
        broken=np.empty((SUBREGION_COUNT + 1, size)),
        seen=np.empty((count, BROKEN + 1, size)),
        acted=np.empty((count, domains, size)),
        acted_mean=np.empty((SUBREGION_COUNT, domains, size)),
        grace=np.empty(size, np.int16),
    )
    for i in range(count):
        census.size[members.subregion[i]] += 1.0
    for r in range(size):
        census.grace[r] = rules.whole_years(u[U.grace_years, r])
    return census


@compiled
def _new_money(size):
    return Money(
        gap=np.empty(size),
        weight=np.empty(size),
        answerable=np.empty(size),
        fund=np.empty(size),
        grants=np.empty(size),
        crisis=np.empty((SUBREGION_COUNT, size)),
    )


@compiled
def _new_place(size):
    return Place(
        near=np.empty((ACTION_COUNT, RUNGS, size)),
        far=np.empty((ACTION_COUNT, RUNGS, size)),
        pull=np.empty((ACTION_COUNT, RUNGS, size)),
        offer=np.empty((ACTION_COUNT, size), np.int8),
        ready=np.empty(size),
    )


@compiled
def _new_guard(u):
    """Compute what delivered accountability does."""
    size = u.shape[1]
    guard = Guard(np.empty((RUNGS + 1, size)), np.empty((RUNGS + 1, size)), np.empty((RUNGS + 1, size)))
    for rung in range(RUNGS + 1):
        for r in range(size):
            factor = rules.safeguard(u[U.accountability_effect, r], rules.effect(rung))
            guard.speed[rung, r] = factor
            guard.lapse[rung, r] = rules.probability(rules.slipping_hazard(u[U.lapse_rate, r], factor))
            guard.exit[rung, r] = rules.probability(rules.slipping_hazard(u[U.exit_rate, r], factor))
    return guard


@compiled
def _new_mine(size):
    return Mine(
        speed=np.empty(size),
        lapse=np.empty(size),
        exit=np.empty(size),
        log_hazard=np.empty(size),
        networked=np.empty(size),
        delivery_hazard=np.empty(size),
        near=np.empty(size),
        bodies=np.empty(size),
        promises=np.empty((BROKEN + 1, size), np.int8),
        circle=np.empty((BROKEN + 1, size)),
    )


@compiled
def _new_dice(size):
    return Dice(
        words=np.empty((draws.WORDS, ACTION_COUNT, size), np.uint32),
        chance=np.empty((draws.WORDS, ACTION_COUNT, size)),
        moves=np.empty((draws.WORDS, ACTION_COUNT * size), np.int8),
        waits=np.empty(ACTION_COUNT * size, np.int8),
    )


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
