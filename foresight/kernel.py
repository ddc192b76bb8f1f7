"""The years of one block of runs: the rules applied along rows of runs.

Every array has the runs as its last axis and every loop over runs is innermost and flat, so that the compiler
turns the scalar rules into vector instructions. Runs never meet: no sum crosses the last axis, hence a run alone
equals the same run in any block, bit for bit.

A step reads one year and writes the next; two years take turns, and what is wanted of each is kept elsewhere.
"""
# mypy: disable-error-code="no-untyped-def, no-untyped-call, no-any-return"

import numpy as np

from foresight import draws, rules, state
from foresight.actions import NETWORKING
from foresight.compiled import compiled
from foresight.counting import count_members, open_gates, share_peers, sum_actions
from foresight.deciding import act, set_place
from foresight.financing import share_out
from foresight.levels import build_capacity, form_trust, recover
from foresight.state import ACTION_COUNT, SUBREGION_COUNT, Luck, Now, U, new_desk
from foresight.tally import new_sheet, tally_year


@compiled
def simulate_block(
    k0, k1, replicate, u, known, levers, members, events, weights, structure, circle, ring, first, start, whole, tally
):
    """Simulate a block of runs and keep what is asked for of every year.

    Parameters
    ----------
    k0, k1 : uint64
        Words of the key, see `draws.seed_key`.
    replicate : uint32[run]
        Replicate numbers, the addresses of the runs' luck.
    u : float64[uncertainty, run]
        Rows in the order of `Uncertainties`.
    known : float64[member, run]
        `Inputs.member_effects`, filled to the numbers of members and runs.
    levers, members, events, structure, circle
        Parts of `Inputs`, run axes filled to the number of runs.
    weights : float64[domain, action]
        Distinct rows of the action weights.
    ring : History
        Two years that take turns, so that a block stays in a core's cache. That of `first` is filled.
    first : int
        Position of the year to start from: 0, or that of a year known already. Earlier years are not kept again.
    start : int
        The place of the first run of the block among all runs.
    whole : History
        Of all runs; of none where it is not wanted.
    tally : Tally
        The same for the series of scopes.
    """
    size, count = replicate.shape[0], members.code.shape[0]
    luck = draw_luck(k0, k1, replicate, u, known, members)
    desk = new_desk(size, count, members.body_size.shape[0], levers.pledge_effort.shape[0], weights.shape[0], u)
    sheet = new_sheet(tally, size, count, weights.shape[0], u)
    hand = Now(
        np.empty((count, ACTION_COUNT, size), np.int8),
        np.empty((count, ACTION_COUNT, size), np.int8),
        np.empty((count, ACTION_COUNT, size), np.int16),
        np.empty((count, size)),
        np.empty((count, size)),
    )
    member_count = np.zeros(SUBREGION_COUNT)
    for i in range(count):
        member_count[members.subregion[i]] += 1.0
    mixed = u[U.body_weight].any()
    if first == 0:
        _keep(0, state.year_of(ring, 0), members.subregion, weights, u, start, whole, tally, sheet)
    for step in range(first, structure.last_year - structure.first_year):
        year = structure.first_year + step
        old, new = state.year_of(ring, step % 2), state.year_of(ring, (step + 1) % 2)
        now = _start_of_year(step, old, events, structure.rungs, hand)
        _set_policy(year, u, levers, structure, desk)
        count_members(now, old.offer, u, members, mixed, desk)
        open_gates(year, member_count, old, u, structure, luck, desk, new)
        share_out(k0, k1, step, year, replicate, now, old, u, members, events, desk, new)
        sum_actions(now.delivered, members.subregion, member_count, weights, desk.acted, desk.acted_mean)
        for g in range(SUBREGION_COUNT):
            share_peers(g, member_count, desk)
            set_place(u, luck.place[g], new.offer[g], desk)
            act(k0, k1, step, year, g, replicate, now, u, members, mixed, structure, circle, luck, old, desk, new)
            _change_levels(step, g, now, member_count, u, members, old, desk, new)
        _keep(step + 1, new, members.subregion, weights, u, start, whole, tally, sheet)


@compiled
def _keep(k, year, subregion, weights, u, start, whole, tally, sheet):
    """Keep of a year, at position k, what is asked for."""
    if whole.fund.shape[1] > 0:
        state.keep_year(k, year, start, whole)
    if tally.series.fund.shape[1] > 0:
        tally_year(k, year, subregion, weights, u, start, tally, sheet)


@compiled
def draw_luck(k0, k1, replicate, u, known, members):
    """Draw the effects and the gate noise of every run."""
    size = replicate.shape[0]
    count = members.code.shape[0]
    luck = Luck(
        np.empty((count, size)),
        np.empty((SUBREGION_COUNT, ACTION_COUNT, size)),
        np.empty((SUBREGION_COUNT, size)),
    )
    for i in range(count):
        for r in range(size):
            z = draws.effect_draw(replicate[r], members.code[i], draws.MEMBER_EFFECT, k0, k1)
            luck.member[i, r] = rules.member_effect(known[i, r], u[U.sd_member, r], z)
    for a in range(ACTION_COUNT):
        for r in range(size):
            everywhere = draws.effect_draw(replicate[r], a, draws.ACTION_EFFECT, k0, k1)
            for g in range(SUBREGION_COUNT):
                entity = draws.place_entity(g, a)
                here = draws.effect_draw(replicate[r], entity, draws.SUBREGION_ACTION_EFFECT, k0, k1)
                luck.place[g, a, r] = rules.place_effect(
                    u[U.sd_action, r], everywhere, u[U.sd_subregion_action, r], here
                )
    for g in range(SUBREGION_COUNT):
        for r in range(size):
            z = draws.effect_draw(replicate[r], g, draws.GATE_NOISE, k0, k1)
            luck.gate_trust[g, r] = rules.trust_needed(u[U.gate_trust, r], u[U.sd_gate, r], z)
    return luck


@compiled
def _start_of_year(step, old, events, highest, hand):
    """Return the state that a year starts with: that of the history, or a copy that events have moved."""
    trust, capacity = events.trust[step], events.capacity[step]
    pledged, delivered = events.pledged[step], events.delivered[step]
    if not (trust.any() or capacity.any() or pledged.any() or delivered.any()):
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


@compiled
def _change_levels(step, g, now, member_count, u, members, old, desk, new):
    """Sub-steps (8) to (10) of the members of a subregion."""
    for i in range(members.code.shape[0]):
        if members.subregion[i] != g:
            continue
        build_capacity(
            members.base_capacity[step, i],
            now.capacity[i],
            new.need[i],
            new.grant[i],
            now.delivered[i, NETWORKING],
            u,
            new.capacity[i],
        )
        form_trust(g, member_count, desk.kept, desk.broken, desk.seen[i], now.trust[i], u, desk.circle, new.trust[i])
        for d in range(desk.acted.shape[1]):
            recover(old.condition[i, d], desk.acted[i, d], desk.acted_mean[g, d], u, new.condition[i, d])


@compiled
def _set_policy(year, u, levers, structure, desk):
    """Read the levers of the year: from `levers_from` on what people chose, before it history."""
    size = u.shape[1]
    if year >= structure.levers_from:
        k = rules.lever_phase(year)
        for r in range(size):
            desk.policy[state.SUPPORT, r] = levers.support_multiplier[k, r]
            desk.policy[state.ASSISTANCE, r] = levers.assistance[k, r]
            desk.policy[state.SOLIDARITY_SHARE, r] = levers.solidarity_share[r]
            desk.policy[state.PERFORMANCE_SHARE, r] = levers.performance_share[r]
            desk.policy[state.LINKING, r] = levers.linking[r]
        for c in range(desk.effort.shape[0]):
            for a in range(ACTION_COUNT):
                for r in range(size):
                    desk.effort[c, a, r] = rules.effort_log_hazard(
                        levers.pledge_effort[c, a, k, r], year, levers.review_deadline[r]
                    )
                    desk.delivery[c, a, r] = levers.delivery_effort[c, a, k, r]
            desk.uneven[c] = (desk.delivery[c] != desk.delivery[c, 0]).any()
        return
    for r in range(size):
        desk.policy[state.SUPPORT, r] = 1.0
        desk.policy[state.ASSISTANCE, r] = 0.0
        desk.policy[state.SOLIDARITY_SHARE, r] = u[U.base_solidarity_share, r]
        desk.policy[state.PERFORMANCE_SHARE, r] = u[U.base_performance_share, r]
        desk.policy[state.LINKING, r] = u[U.outside_peer_effect, r]
    state.clear(desk.effort)
    desk.delivery[:] = 1.0
    desk.uneven[:] = False
