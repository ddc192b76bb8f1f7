"""The years of one block of runs: the rules applied along rows of runs.

Every array has the runs as its last axis and every loop over runs is innermost and flat, so that the compiler
turns the scalar rules into vector instructions. Runs never meet: no sum crosses the last axis, hence a run alone
equals the same run in any block, bit for bit.

The history holds the states of all years; a step reads one year of it and writes the next.
"""
# mypy: disable-error-code="no-untyped-def, no-untyped-call, no-any-return"

import numpy as np

from foresight import draws, rules, state
from foresight.compiled import compiled
from foresight.counting import count_members, open_gates, share_peers, sum_actions
from foresight.deciding import act, set_place
from foresight.financing import share_out
from foresight.levels import build_capacity, form_trust, recover
from foresight.state import ACTION_COUNT, SUBREGION_COUNT, Luck, Now, U, new_desk


@compiled
def simulate_block(k0, k1, replicate, u, levers, members, events, weights, structure, circle, history):
    """Fill a history from its first year on.

    Parameters
    ----------
    k0, k1 : uint64
        Words of the key, see `draws.seed_key`.
    replicate : uint32[run]
        Replicate numbers, the addresses of the runs' luck.
    u : float64[uncertainty, run]
        Rows in the order of `Uncertainties`.
    levers, members, events, structure, circle
        Parts of `Inputs`, run axes filled to the number of runs.
    weights : float64[domain, action]
        Distinct rows of the action weights.
    history : History
        The first year is filled, the others are written.
    """
    size = replicate.shape[0]
    count = members.code.shape[0]
    luck = draw_luck(k0, k1, replicate, u, members)
    desk = new_desk(size, count, members.body_size.shape[0], levers.pledge_effort.shape[0], weights.shape[0], u)
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
    for step in range(history.fund.shape[0] - 1):
        year = structure.first_year + step
        now = _start_of_year(step, history, events, structure.rungs, hand)
        _set_policy(year, u, levers, structure, desk)
        count_members(step, now, u, members, mixed, history, desk)
        open_gates(step, year, member_count, u, structure, luck, history, desk)
        share_out(k0, k1, step, year, replicate, now, u, members, events, history, desk)
        sum_actions(now.delivered, 0, members.subregion, member_count, weights, desk.acted, desk.acted_mean)
        for g in range(SUBREGION_COUNT):
            share_peers(g, member_count, desk)
            set_place(u, luck.place[g], desk)
            for i in range(count):
                if members.subregion[i] == g:
                    act(
                        k0, k1, step, year, i, replicate, now, u, members, mixed, structure, circle, luck, history, desk
                    )
                    build_capacity(
                        members.base_capacity[step, i],
                        now.capacity[i],
                        history.need[step + 1, i],
                        history.grant[step + 1, i],
                        u,
                        desk.mine,
                        history.capacity[step + 1, i],
                    )
                    form_trust(
                        g,
                        member_count,
                        desk.kept,
                        desk.broken,
                        desk.seen[i],
                        now.trust[i],
                        u,
                        desk.cell,
                        history.trust[step + 1, i],
                    )
                    for d in range(weights.shape[0]):
                        recover(
                            history.condition[step, i, d],
                            desk.acted[i, d],
                            desk.acted_mean[g, d],
                            u,
                            history.condition[step + 1, i, d],
                        )


@compiled
def draw_luck(k0, k1, replicate, u, members):
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
            luck.member[i, r] = u[U.sd_member, r] * z
    for a in range(ACTION_COUNT):
        for r in range(size):
            common = u[U.sd_action, r] * draws.effect_draw(replicate[r], a, draws.ACTION_EFFECT, k0, k1)
            for g in range(SUBREGION_COUNT):
                z = draws.effect_draw(replicate[r], 8 * g + a, draws.SUBREGION_ACTION_EFFECT, k0, k1)
                luck.place[g, a, r] = common + u[U.sd_subregion_action, r] * z
    for g in range(SUBREGION_COUNT):
        for r in range(size):
            z = draws.effect_draw(replicate[r], g, draws.GATE_NOISE, k0, k1)
            luck.gate_trust[g, r] = rules.trust_needed(u[U.gate_trust, r], u[U.sd_gate, r], z)
    return luck


@compiled
def _start_of_year(step, history, events, highest, hand):
    """Return the state that a year starts with: the history's own, or a copy that events have moved."""
    trust, capacity = events.trust[step], events.capacity[step]
    pledged, delivered = events.pledged[step], events.delivered[step]
    if not (trust.any() or capacity.any() or pledged.any() or delivered.any()):
        return Now(
            history.pledged[step],
            history.delivered[step],
            history.waiting[step],
            history.trust[step],
            history.capacity[step],
        )
    for i in range(trust.shape[0]):
        for r in range(hand.trust.shape[1]):
            hand.trust[i, r] = rules.shifted_level(history.trust[step, i, r], trust[i])
            hand.capacity[i, r] = rules.shifted_level(history.capacity[step, i, r], capacity[i])
        for a in range(ACTION_COUNT):
            for r in range(hand.trust.shape[1]):
                p = rules.shifted_rung(np.int64(history.pledged[step, i, a, r]), pledged[i, a], highest)
                d = rules.shifted_rung(np.int64(history.delivered[step, i, a, r]), delivered[i, a], p)
                hand.pledged[i, a, r] = p
                hand.delivered[i, a, r] = d
                hand.waiting[i, a, r] = history.waiting[step, i, a, r]
    return hand


@compiled
def _set_policy(year, u, levers, structure, desk):
    """Read the levers of the year: from `levers_from` on what people chose, before it history."""
    size = u.shape[1]
    if year >= structure.levers_from:
        k = max(rules.phase(year) - 2, 0)
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
