"""Working space of a block: what a year of it is counted, summed and drawn on.

Every array has the runs as its last axis.
"""
# mypy: disable-error-code="no-untyped-def, no-untyped-call, no-any-return"

from typing import Any, NamedTuple

import numpy as np

from foresight.actions import RUNGS
from foresight.arrays import Counts, Floats, Integers, Mask, RandomWords, Rungs, WideWords
from foresight.engine import draws, rules
from foresight.engine.compiled import rows
from foresight.engine.inputs import Members
from foresight.engine.state import ACTION_COUNT, SUBREGION_COUNT, U, subregion_sizes


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


class Promises(NamedTuple):
    """Promises kept and broken: counted, weighed or summed, of one or of many."""

    kept: Any
    broken: Any


class Census(NamedTuple):
    """Counts of members and sums over them at the start of a year."""

    size: Floats  # [subregion], members
    pledged: Counts  # [subregion + 1, action, rung, run], members with P >= rung; the last is the region
    bodies: Counts  # [body, action, rung, run], the same
    ready: Counts  # [subregion, action, run], members with D >= the rung on offer
    trust: Floats  # [subregion, run], sum
    seen: Promises  # float64[member, run] each, promises of a member that the others see
    total: Promises  # float64[subregion + 1, run] each, sums of these; the last row is the region
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
    lapse: Integers  # [rung delivered, run], chance as a `draws.threshold`
    exit: Integers  # [rung delivered, run], likewise


class Mine(NamedTuple):
    """Rows of the member at hand."""

    speed: Floats  # [run], of `Guard`
    lapse: Integers  # [run], of `Guard`
    exit: Integers  # [run], of `Guard`
    log_hazard: Floats  # [run], part of the log hazard of pledging for every action
    networked: Floats  # [run], what delivered networking does
    delivery_hazard: Floats  # [run], before any effort
    near: Floats  # [run], share of peers
    bodies: Floats  # [run], part of the near share that comes from bodies
    promises: Promises  # int8[run] each, how many it has kept and broken


class Moves(NamedTuple):
    """What draws allow, 0 or 1, in the order of their words."""

    pledge: Rungs  # [action, run]
    delivery: Rungs  # [action, run]
    lapse: Rungs  # [action, run]
    exit: Rungs  # [action, run]


class Rounds(NamedTuple):
    """What the first rounds of draws come to, see `draws.purpose_rounds` and `draws.replicate_round`."""

    second_high: WideWords  # [action, run], in all years alike
    second_low: WideWords  # [action, run]
    third_high: WideWords  # [run], of the member at hand
    third_low: WideWords  # [run]


class Dice(NamedTuple):
    """What the member at hand draws, and what it may do."""

    rounds: Rounds
    words: RandomWords  # [2, run], of crises and effects
    word: RandomWords  # [action, run], of pledging
    pledge: Floats  # [action, run], log hazard, or chance where that must be known
    delivery: Floats  # [action, run], chance; where efforts do not differ, the first action serves all
    moves: Moves
    waits: Rungs  # [action, run], 0 or 1: whether a pledge goes on waiting


class Desk(NamedTuple):
    """Working space of a block."""

    policy: Policy
    census: Census
    money: Money
    place: Place
    guard: Guard
    mine: Mine
    dice: Dice


def new_desk(members: Members, domains: int, groups: int, size: int) -> Desk:
    """Make the working space of a block of so many runs, domains and groups of members with levers of their own."""
    return Desk(
        policy=_new_policy(groups, size),
        census=_new_census(members, domains, size),
        money=_new_money(size),
        place=_new_place(size),
        guard=_new_guard(size),
        mine=_new_mine(size),
        dice=_new_dice(size),
    )


def _new_policy(groups: int, size: int) -> Policy:
    # In one block: how rows allocated apart happen to lie makes the speed vary.
    support, assistance, solidarity_share, performance_share, linking = np.empty((5, size))
    return Policy(
        *(support, assistance, solidarity_share, performance_share, linking),
        effort=np.empty((groups, ACTION_COUNT, size)),
        delivery=np.empty((groups, ACTION_COUNT, size)),
        uneven=np.empty(groups, np.bool_),
    )


def _new_census(members: Members, domains: int, size: int) -> Census:
    count = len(members.code)
    return Census(
        size=subregion_sizes(members.subregion),
        pledged=np.empty((SUBREGION_COUNT + 1, ACTION_COUNT, RUNGS, size), np.int16),
        bodies=np.empty((len(members.body_size), ACTION_COUNT, RUNGS, size), np.int16),
        ready=np.empty((SUBREGION_COUNT, ACTION_COUNT, size), np.int16),
        trust=np.empty((SUBREGION_COUNT, size)),
        seen=Promises(*np.empty((2, count, size))),
        total=Promises(*np.empty((2, SUBREGION_COUNT + 1, size))),
        acted=np.empty((count, domains, size)),
        acted_mean=np.empty((SUBREGION_COUNT, domains, size)),
        grace=np.empty(size, np.int16),
    )


def _new_money(size: int) -> Money:
    gap, weight, answerable, fund, grants = np.empty((5, size))
    return Money(gap, weight, answerable, fund, grants, crisis=np.empty((SUBREGION_COUNT, size)))


def _new_place(size: int) -> Place:
    near, far, pull = np.empty((3, ACTION_COUNT, RUNGS, size))
    return Place(
        *(near, far, pull),
        offer=np.empty((ACTION_COUNT, size), np.int8),
        ready=np.empty(size),
    )


def _new_guard(size: int) -> Guard:
    return Guard(np.empty((RUNGS + 1, size)), *np.empty((2, RUNGS + 1, size), np.int64))


def _new_mine(size: int) -> Mine:
    speed, log_hazard, networked, delivery_hazard, near, bodies = np.empty((6, size))
    lapse, exit_ = np.empty((2, size), np.int64)
    return Mine(
        *(speed, lapse, exit_, log_hazard, networked, delivery_hazard, near, bodies),
        promises=Promises(*np.empty((2, size), np.int8)),
    )


def _new_dice(size: int) -> Dice:
    return Dice(
        rounds=Rounds(
            *np.empty((2, ACTION_COUNT, size), np.uint64),
            *np.empty((2, size), np.uint64),
        ),
        words=np.empty((2, size), np.uint32),
        word=np.empty((ACTION_COUNT, size), np.uint32),
        pledge=np.empty((ACTION_COUNT, size)),
        delivery=np.empty((ACTION_COUNT, size)),
        moves=Moves(*np.empty((draws.WORDS, ACTION_COUNT, size), np.int8)),
        waits=np.empty((ACTION_COUNT, size), np.int8),
    )


@rows
def set_desk(when, u, desk):
    """Write what stays the same in all years: years of grace, beginnings of draws, what accountability does."""
    guard, rounds = desk.guard, desk.dice.rounds
    for a in range(ACTION_COUNT):
        draws.purpose_rounds(when.k1, when.replicate, a, rounds.second_high[a], rounds.second_low[a])
    for r in range(u.shape[1]):
        desk.census.grace[r] = rules.whole_years(u[U.grace_years, r])
    for rung in range(RUNGS + 1):
        for r in range(u.shape[1]):
            factor = rules.safeguard(u[U.accountability_effect, r], rules.effect(rung))
            guard.speed[rung, r] = factor
            lapse = rules.probability(rules.slipping_hazard(u[U.lapse_rate, r], factor))
            leave = rules.probability(rules.slipping_hazard(u[U.exit_rate, r], factor))
            guard.lapse[rung, r], guard.exit[rung, r] = draws.threshold(lapse), draws.threshold(leave)
