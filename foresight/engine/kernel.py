"""The years of one block of runs: the rules applied along rows of runs.

Every array has the runs as its last axis and every loop over runs is innermost and flat, so that the compiler
turns the scalar rules into vector instructions. Runs never meet: no sum crosses the last axis, hence a run alone
equals the same run in any block, bit for bit.

A step reads one year and writes the next; two years take turns, and what is wanted of each is kept elsewhere.
"""
# mypy: disable-error-code="no-untyped-def, no-untyped-call, no-any-return"

from typing import NamedTuple

import numpy as np

from foresight.actions import NETWORKING
from foresight.engine import draws, rules, state
from foresight.engine.compiled import entry, rows, view
from foresight.engine.desk import Desk, new_desk, set_desk
from foresight.engine.exposure import count_members, share_peers, sum_actions
from foresight.engine.finance import share_out
from foresight.engine.flat import flat
from foresight.engine.gates import open_gates
from foresight.engine.pledges import act, set_place
from foresight.engine.state import (
    ACTION_COUNT,
    SUBREGION_COUNT,
    History,
    Luck,
    Now,
    Setup,
    Turn,
    U,
    When,
    new_luck,
    new_now,
)
from foresight.engine.stocks import build_capacity, form_trust, recover
from foresight.engine.tally import Sheet, Tally, new_sheet, set_sheet, tally_year


class Archive(NamedTuple):
    """Where years of a block are kept."""

    start: int  # place of the first run of the block among all runs
    whole: History  # of all runs; of none where it is not wanted
    tally: Tally  # the same for the series of scopes
    luck: Luck  # the same for draws that last a whole run; read where earlier years are known


class Room(NamedTuple):
    """All that a block is computed in, beside the two years that take turns."""

    luck: Luck
    desk: Desk
    sheet: Sheet
    hand: Now  # the start of a year that events have moved


def new_room(setup: Setup, tally: Tally, size: int) -> Room:
    """Make the room of a block of so many runs that fills a tally."""
    members, domains, groups = setup.members, len(setup.weights), len(setup.levers.pledge_effort)
    count = len(members.code)
    return Room(
        luck=new_luck(count, size),
        desk=new_desk(members, domains, groups, size),
        sheet=new_sheet(tally, members.subregion, domains, size),
        hand=new_now(count, size),
    )


@entry
def simulate_block(when, u, effects, setup, ring, room, archive):
    """Simulate a block of runs and keep what is asked for of every year.

    Parameters
    ----------
    when : When
        The year to start from: the first, or one that is known already. It and earlier ones are not kept again.
    u : float64[uncertainty, run]
        Rows in the order of `Uncertainties`.
    effects : float64[member, run]
        `Inputs.member_effects`, filled to the numbers of members and runs.
    setup : Setup
    ring : History
        Two years that take turns, so that a block stays in a core's cache. That of `when` is filled.
    room : Room
    archive : Archive
    """
    members, structure = setup.members, setup.structure
    luck, desk, sheet = room.luck, room.desk, room.sheet
    policy, census, place, mine = desk.policy, desk.census, desk.place, desk.mine
    _set_luck(when, u, effects, members, archive, luck, desk)
    set_desk(when, u, desk)
    set_sheet(u, sheet)
    if when.step == 0:  # no literal 0 below: numba would compile all that keeps a year a second time
        _keep(when.step, state.year_of(ring, when.step), setup, u, archive, sheet)
    for step in range(when.step, structure.last_year - structure.first_year):
        at = When(when.k0, when.k1, when.replicate, step, structure.first_year + step)
        old, new = state.year_of(ring, step % 2), state.year_of(ring, (step + 1) % 2)
        now = _start_of_year(step, old, setup.events, structure.rungs, room.hand)
        turn = Turn(old, now, new)
        _set_policy(at.year, u, setup, policy)
        count_members(now, old.offer, u, members, setup.mixed, census, mine.promises)
        open_gates(at.year, old.offer, new.offer, u, structure, luck.gate_trust, census, place.ready)
        share_out(at, turn, u, setup, policy, desk.money, desk.dice.words)
        sum_actions(now.delivered, members.subregion, census.size, setup.weights, census.acted, census.acted_mean)
        for g in range(SUBREGION_COUNT):
            share_peers(g, census, place)
            set_place(step, u, luck.place[g], old.offer[g], new.offer[g], place)
            act(at, g, turn, u, setup, luck.member, desk)
            _change_levels(step, g, turn, u, members, census)
        _keep(step + 1, new, setup, u, archive, sheet)


@rows
def _keep(k, year, setup, u, archive, sheet):
    """Keep of a year, at position k, what is asked for."""
    start, whole, tally = archive.start, archive.whole, archive.tally
    if whole.fund.shape[1] > 0:
        state.keep_year(k, year, start, whole)
    if tally.series.fund.shape[1] > 0:
        tally_year(k, year, setup.members.subregion, setup.weights, u, start, tally, sheet)


@rows
def _set_luck(when, u, effects, members, archive, luck, desk):
    """Take the draws that last a whole run from where they are kept, or draw them and keep them."""
    start, kept, runs, here = archive.start, archive.luck, u.shape[1], np.int64(0)  # compiled once, see above
    is_kept = kept.member.shape[1] > 0
    if is_kept and when.step > 0:
        state.move_luck(kept, start, luck, here, runs)
        return
    _draw_luck(when, u, effects, members, luck, desk)
    if is_kept:
        state.move_luck(luck, here, kept, start, runs)


@rows
def _draw_luck(when, u, effects, members, luck, desk):
    """Draw the effects that are not known and the gate noise of every run."""
    k0, k1, replicate = when.k0, when.k1, when.replicate
    first, second, z, everywhere = desk.dice.words[0], desk.dice.words[1], desk.mine.near, desk.mine.bodies
    for i in range(members.code.shape[0]):
        draws.fill_effects(k0, k1, np.int64(members.code[i]), draws.MEMBER_EFFECT, replicate, first, second, z)
        for r in range(z.shape[0]):
            luck.member[i, r] = rules.member_effect(effects[i, r], u[U.sd_member, r], z[r])
    for a in range(ACTION_COUNT):
        draws.fill_effects(k0, k1, a, draws.ACTION_EFFECT, replicate, first, second, everywhere)
        for g in range(SUBREGION_COUNT):
            entity = draws.place_entity(g, a)
            draws.fill_effects(k0, k1, entity, draws.SUBREGION_ACTION_EFFECT, replicate, first, second, z)
            for r in range(z.shape[0]):
                luck.place[g, a, r] = rules.place_effect(
                    u[U.sd_action, r], everywhere[r], u[U.sd_subregion_action, r], z[r]
                )
    for g in range(SUBREGION_COUNT):
        draws.fill_effects(k0, k1, g, draws.GATE_NOISE, replicate, first, second, z)
        for r in range(z.shape[0]):
            luck.gate_trust[g, r] = rules.trust_needed(u[U.gate_trust, r], u[U.sd_gate, r], z[r])


@view
def _start_of_year(step, old, events, highest, hand):
    """Return the state that a year starts with: that of the history, or a copy that events have moved."""
    trust, capacity = events.trust[step], events.capacity[step]
    pledged, delivered = events.pledged[step], events.delivered[step]
    if not (_any(trust) or _any(capacity) or _any(flat(pledged)) or _any(flat(delivered))):
        return Now(old.pledged, old.delivered, old.waiting, old.trust, old.capacity)
    for i in range(trust.shape[0]):
        for r in range(hand.trust.shape[1]):
            hand.trust[i, r] = rules.shifted_level(old.trust[i, r], trust[i])
            hand.capacity[i, r] = rules.shifted_level(old.capacity[i, r], capacity[i])
        for a in range(ACTION_COUNT):
            for r in range(hand.trust.shape[1]):
                p = rules.shifted_rung(np.int64(old.pledged[i, a, r]), pledged[i, a], highest)
                d = rules.shifted_rung(np.int64(old.delivered[i, a, r]), delivered[i, a], p)
                hand.pledged[i, a, r] = p
                hand.delivered[i, a, r] = d
                hand.waiting[i, a, r] = old.waiting[i, a, r]
    return hand


@rows
def _change_levels(step, g, turn, u, members, census):
    """Sub-steps (8) to (10) of the members of a subregion."""
    old, now, new = turn.old, turn.now, turn.new
    for i in range(members.code.shape[0]):
        if members.subregion[i] != g:
            continue
        base, networking = members.base_capacity[step, i], now.delivered[i, NETWORKING]
        build_capacity(base, now.capacity[i], new.need[i], new.grant[i], networking, u, new.capacity[i])
        form_trust(i, g, now.trust[i], u, census, new.trust[i])
        for d in range(census.acted.shape[1]):
            recover(old.condition[i, d], census.acted[i, d], census.acted_mean[g, d], u, new.condition[i, d])


@rows
def _set_policy(year, u, setup, policy):
    """Read the levers of the year: from `levers_from` on what people chose, before it history."""
    if year < setup.structure.levers_from:
        _set_history(u, policy)
        return
    levers, k = setup.levers, rules.lever_phase(year)
    state.copy(levers.support_multiplier[k], policy.support)
    state.copy(levers.assistance[k], policy.assistance)
    state.copy(levers.solidarity_share, policy.solidarity_share)
    state.copy(levers.performance_share, policy.performance_share)
    state.copy(levers.linking, policy.linking)
    for c in range(policy.effort.shape[0]):
        for a in range(ACTION_COUNT):
            for r in range(u.shape[1]):
                effort = levers.pledge_effort[c, a, k, r]
                policy.effort[c, a, r] = rules.effort_log_hazard(effort, year, levers.review_deadline[r])
                policy.delivery[c, a, r] = levers.delivery_effort[c, a, k, r]
        policy.uneven[c] = _differ(policy.delivery[c])


@rows
def _any(row):
    """Tell whether any number is not zero."""
    found = False
    for r in range(row.shape[0]):
        found |= row[r] != 0
    return found


@rows
def _differ(efforts):
    """Tell whether the efforts of actions differ."""
    found = False
    for a in range(1, efforts.shape[0]):
        for r in range(efforts.shape[1]):
            found |= efforts[a, r] != efforts[0, r]
    return found


@rows
def _set_history(u, policy):
    """Take what was done before levers act."""
    policy.support[:] = 1.0
    policy.assistance[:] = 0.0
    state.copy(u[U.base_solidarity_share], policy.solidarity_share)
    state.copy(u[U.base_performance_share], policy.performance_share)
    state.copy(u[U.outside_peer_effect], policy.linking)
    state.clear(policy.effort)
    policy.delivery[:] = 1.0
    policy.uneven[:] = False
