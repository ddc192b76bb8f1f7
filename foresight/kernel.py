"""The years of one block of runs: the rules applied along rows of runs.

Every array has the runs as its last axis and every loop over runs is innermost and flat, so that the compiler
turns the scalar rules into vector instructions. Runs never meet: no sum crosses the last axis, hence a run alone
equals the same run in any block, bit for bit.

The history holds the states of all years; a step reads one year of it and writes the next.
"""
# mypy: disable-error-code="no-untyped-def, no-untyped-call, no-any-return"

from enum import IntEnum
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from foresight import draws, rules
from foresight.actions import ACCOUNTABILITY, ACTIONS, FINANCING, INFRASTRUCTURE, NETWORKING, RUNGS, SOLIDARITY
from foresight.actions import SUBREGIONS, TRANSPARENCY
from foresight.compiled import compiled
from foresight.inputs import Floats, Gate, Link, Rungs, Uncertainties

Counts = npt.NDArray[np.int16]
Words = npt.NDArray[np.uint32]

#: Row of each uncertainty in the block's table [uncertainty, run].
U: Any = IntEnum("U", Uncertainties._fields, start=0)

_A: Final = len(ACTIONS)
_G: Final = len(SUBREGIONS)
_GATE_CALENDAR: Final = int(Gate.CALENDAR)
_GATE_ANY_THREE: Final = int(Gate.ANY_THREE)
_GATE_ALL_FIVE: Final = int(Gate.ALL_FIVE)
_GATE_INFRASTRUCTURE: Final = int(Gate.INFRASTRUCTURE)
_LINK_EXP: Final = int(Link.EXP)
_LINK_LINEAR: Final = int(Link.LINEAR)


class History(NamedTuple):
    """States of all years, and the flows of each step stored in the year it leads to."""

    pledged: Rungs  # [year, member, action, run]
    delivered: Rungs  # [year, member, action, run]
    waiting: npt.NDArray[np.int16]  # [year, member, action, run]
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


class Now(NamedTuple):
    """State at the start of a year, after its events."""

    pledged: Rungs  # [member, action, run]
    delivered: Rungs  # [member, action, run]
    waiting: npt.NDArray[np.int16]  # [member, action, run]
    trust: Floats  # [member, run]
    capacity: Floats  # [member, run]


class Luck(NamedTuple):
    """Draws that last a whole run."""

    member: Floats  # [member, run], u
    place: Floats  # [subregion, action, run], v + w
    gate_trust: Floats  # [subregion, run]


class Desk(NamedTuple):
    """Working space of a block; what each part holds is said where it is filled."""

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
    mine: Floats  # [6, run]: rows of the member at hand
    cell: Floats  # [4, run]: rows of the member and action at hand
    words: Words  # [4, run]
    moves: Rungs  # [2, run]: moves of the pledged and delivered rung at hand; or promises kept and broken
    uneven: npt.NDArray[np.bool_]  # [group], whether delivery efforts differ between actions


_GAP, _WEIGHT, _ANSWERABLE, _FUND, _GRANTED = range(5)
_SUPPORT, _ASSISTANCE, _SOLIDARITY_SHARE, _PERFORMANCE_SHARE, _LINKING = range(5)
_SPEED, _LAPSE, _EXIT, _LOG_HAZARD, _NETWORKED, _DELIVERY_HAZARD = range(6)
_NEAR, _BODIES, _PLEDGE, _DELIVERY = range(4)
_KEPT, _BROKEN = range(2)
_PLEDGED, _DELIVERED = range(2)


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
    luck = _draw_luck(k0, k1, replicate, u, members)
    desk = _new_desk(size, count, members.body_size.shape[0], levers.pledge_effort.shape[0], weights.shape[0], u)
    hand = Now(
        np.empty((count, _A, size), np.int8),
        np.empty((count, _A, size), np.int8),
        np.empty((count, _A, size), np.int16),
        np.empty((count, size)),
        np.empty((count, size)),
    )
    member_count = np.zeros(_G)
    for i in range(count):
        member_count[members.subregion[i]] += 1.0
    mixed = u[U.body_weight].any()
    for step in range(history.fund.shape[0] - 1):
        year = structure.first_year + step
        now = _start_of_year(step, history, events, structure.rungs, hand)
        _set_policy(year, u, levers, structure, desk)
        _count(step, now, u, members, mixed, history, desk)
        _open_gates(step, year, member_count, u, structure, luck, history, desk)
        _finance(k0, k1, step, year, replicate, now, u, members, events, history, desk)
        _sum_actions(now, members, member_count, weights, desk)
        for g in range(_G):
            _share_peers(g, member_count, desk)
            _set_place(u, luck.place[g], desk)
            for i in range(count):
                if members.subregion[i] == g:
                    _act(
                        k0, k1, step, year, i, replicate, now, u, members, mixed, structure, circle, luck, history, desk
                    )
                    _feel(step, i, g, member_count, now, u, members, history, desk)
                    _recover(step, i, g, u, history, desk)


@compiled
def _draw_luck(k0, k1, replicate, u, members):
    """Draw the effects and the gate noise of every run."""
    size = replicate.shape[0]
    count = members.code.shape[0]
    luck = Luck(np.empty((count, size)), np.empty((_G, _A, size)), np.empty((_G, size)))
    for i in range(count):
        for r in range(size):
            z = draws.effect_draw(replicate[r], members.code[i], draws.MEMBER_EFFECT, k0, k1)
            luck.member[i, r] = u[U.sd_member, r] * z
    for a in range(_A):
        for r in range(size):
            common = u[U.sd_action, r] * draws.effect_draw(replicate[r], a, draws.ACTION_EFFECT, k0, k1)
            for g in range(_G):
                z = draws.effect_draw(replicate[r], 8 * g + a, draws.SUBREGION_ACTION_EFFECT, k0, k1)
                luck.place[g, a, r] = common + u[U.sd_subregion_action, r] * z
    for g in range(_G):
        for r in range(size):
            z = draws.effect_draw(replicate[r], g, draws.GATE_NOISE, k0, k1)
            luck.gate_trust[g, r] = rules.trust_needed(u[U.gate_trust, r], u[U.sd_gate, r], z)
    return luck


@compiled
def _new_desk(size, count, bodies, groups, domains, u):
    """Make the working space of a block."""
    desk = Desk(
        np.empty((_G + 1, _A, RUNGS, size), np.int16),
        np.empty((bodies, _A, RUNGS, size), np.int16),
        np.empty((_G, _A, size), np.int16),
        np.empty(size, np.int16),
        np.empty((_A, RUNGS, size)),
        np.empty((_A, RUNGS, size)),
        np.empty((_A, RUNGS, size)),
        np.empty((3, RUNGS + 1, size)),
        np.empty((_G, size)),
        np.empty((_G + 1, size)),
        np.empty((_G + 1, size)),
        np.empty((count, 2, size)),
        np.empty((groups, _A, size)),
        np.empty((groups, _A, size)),
        np.empty((count, domains, size)),
        np.empty((_G, domains, size)),
        np.empty((5, size)),
        np.empty((_G, size)),
        np.empty((5, size)),
        np.empty((6, size)),
        np.empty((4, size)),
        np.empty((4, size), np.uint32),
        np.empty((2, size), np.int8),
        np.empty(groups, np.bool_),
    )
    for r in range(size):
        desk.grace[r] = rules.whole_years(u[U.grace_years, r])
    for rung in range(RUNGS + 1):
        for r in range(size):
            factor = rules.safeguard(u[U.accountability_effect, r], rules.effect(rung))
            desk.guard[_SPEED, rung, r] = factor
            desk.guard[_LAPSE, rung, r] = rules.probability(rules.slipping_hazard(u[U.lapse_rate, r], factor))
            desk.guard[_EXIT, rung, r] = rules.probability(rules.slipping_hazard(u[U.exit_rate, r], factor))
    return desk


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
        for a in range(_A):
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
            desk.policy[_SUPPORT, r] = levers.support_multiplier[k, r]
            desk.policy[_ASSISTANCE, r] = levers.assistance[k, r]
            desk.policy[_SOLIDARITY_SHARE, r] = levers.solidarity_share[r]
            desk.policy[_PERFORMANCE_SHARE, r] = levers.performance_share[r]
            desk.policy[_LINKING, r] = levers.linking[r]
        for c in range(desk.effort.shape[0]):
            for a in range(_A):
                for r in range(size):
                    desk.effort[c, a, r] = rules.effort_log_hazard(
                        levers.pledge_effort[c, a, k, r], year, levers.review_deadline[r]
                    )
                    desk.delivery[c, a, r] = levers.delivery_effort[c, a, k, r]
            desk.uneven[c] = (desk.delivery[c] != desk.delivery[c, 0]).any()
        return
    for r in range(size):
        desk.policy[_SUPPORT, r] = 1.0
        desk.policy[_ASSISTANCE, r] = 0.0
        desk.policy[_SOLIDARITY_SHARE, r] = u[U.base_solidarity_share, r]
        desk.policy[_PERFORMANCE_SHARE, r] = u[U.base_performance_share, r]
        desk.policy[_LINKING, r] = u[U.outside_peer_effect, r]
    desk.effort[:] = 0.0
    desk.delivery[:] = 1.0
    desk.uneven[:] = False


@compiled
def _count(step, now, u, members, mixed, history, desk):
    """Count pledges and deliveries, and sum trust and what the others see of each member."""
    desk.pledged_count[:] = 0
    desk.ready_count[:] = 0
    desk.trust[:] = 0.0
    desk.kept[:] = 0.0
    desk.broken[:] = 0.0
    for i in range(members.code.shape[0]):
        g = members.subregion[i]
        _count_pledges(now.pledged[i], desk.pledged_count[g])
        _count_promises(now.pledged[i], now.delivered[i], now.waiting[i], desk.grace, desk.moves)
        _count_ready(now.delivered[i], history.offer[step, g], desk.ready_count[g])
        _see_member(i, g, now, u, desk)
        for r in range(u.shape[1]):
            desk.trust[g, r] += now.trust[i, r]
    for g in range(_G):
        desk.pledged_count[_G] += desk.pledged_count[g]
    if mixed:
        _count_bodies(now, members, desk)


@compiled
def _count_pledges(pledged, count):
    """Add one member's pledges, int8[action, run], to a count of members by action and rung."""
    for a in range(_A):
        for q in range(RUNGS):
            for r in range(pledged.shape[1]):
                count[a, q, r] += np.int16(pledged[a, r] > q)


@compiled
def _count_ready(delivered, offer, count):
    """Add one member to the count of those who have delivered the rung on offer."""
    for a in range(_A):
        for r in range(offer.shape[0]):
            count[a, r] += np.int16(delivered[a, r] >= offer[r])


@compiled
def _count_promises(pledged, delivered, waiting, grace, promises):
    """Count one member's promises kept and broken."""
    promises[:] = 0
    for a in range(_A):
        for r in range(grace.shape[0]):
            late = rules.overdue(delivered[a, r], pledged[a, r], waiting[a, r], grace[r])
            promises[_KEPT, r] += np.int8(rules.kept(delivered[a, r], late))
            promises[_BROKEN, r] += np.int8(late)


@compiled
def _see_member(i, g, now, u, desk):
    """Weigh a member's promises kept and broken by how visible it is, and add them to the sums."""
    size = desk.grace.shape[0]
    for r in range(size):
        visible = rules.visibility(u[U.least_visibility, r], rules.effect(now.delivered[i, TRANSPARENCY, r]))
        desk.seen[i, _KEPT, r] = visible * desk.moves[_KEPT, r] / _A
        desk.seen[i, _BROKEN, r] = visible * desk.moves[_BROKEN, r] / _A
    for place in (g, _G):
        for r in range(size):
            desk.kept[place, r] += desk.seen[i, _KEPT, r]
        for r in range(size):
            desk.broken[place, r] += desk.seen[i, _BROKEN, r]


@compiled
def _count_bodies(now, members, desk):
    """Count pledges in each body."""
    desk.body_count[:] = 0
    for i in range(members.code.shape[0]):
        for m in range(members.body_offset[i], members.body_offset[i + 1]):
            _count_pledges(now.pledged[i], desk.body_count[members.body_index[m]])


@compiled
def _open_gates(step, year, member_count, u, structure, luck, history, desk):
    """Sub-step (1): raise the rung on offer where the gate opens."""
    gate = structure.gate if year >= structure.gate_from else _GATE_INFRASTRUCTURE
    calendar = rules.phase(year)
    for g in range(_G):
        offer, next_offer = history.offer[step, g], history.offer[step + 1, g]
        if gate == _GATE_CALENDAR:
            for r in range(u.shape[1]):
                next_offer[r] = max(offer[r], calendar)
            continue
        _ready_share(gate, g, offer, member_count[g], desk)
        for r in range(u.shape[1]):
            mean_trust = rules.share(desk.trust[g, r], member_count[g])
            next_offer[r] = rules.next_offer(
                offer[r], calendar, mean_trust, desk.cell[0, r], luck.gate_trust[g, r], u[U.gate_delivery, r]
            )


@compiled
def _ready_share(gate, g, offer, size, desk):
    """Find the share of the cells that a gate looks at which have delivered the rung on offer."""
    ready = desk.ready_count[g]
    for r in range(offer.shape[0]):
        five = ready[0, r] + ready[1, r] + ready[2, r] + ready[3, r] + ready[4, r]
        if gate == _GATE_ANY_THREE:
            three = rules.best_three(ready[0, r], ready[1, r], ready[2, r], ready[3, r], ready[4, r])
        else:
            three = ready[SOLIDARITY, r] + ready[TRANSPARENCY, r] + ready[NETWORKING, r]
        all_five = (offer[r] > 1) | (gate == _GATE_ALL_FIVE)
        desk.cell[0, r] = rules.share(five if all_five else three, size * (_A if all_five else 3))


@compiled
def _finance(k0, k1, step, year, replicate, now, u, members, events, history, desk):
    """Sub-step (2): needs, own means, contributions and grants."""
    _draw_crises(k0, k1, year, replicate, u, desk)
    desk.money[:] = 0.0
    count = members.code.shape[0]
    for i in range(count):
        _set_need(step, i, now, u, history)
        _set_own(step, i, now, u, members, events, history, desk)
        _add_money(step, i, now, history, desk)
    for r in range(u.shape[1]):
        desk.money[_FUND, r] += history.fund[step, r] + rules.external_inflow(
            u[U.external_support, r],
            desk.policy[_SUPPORT, r],
            count,
            u[U.external_support_growth, r],
            year,
            u[U.accountability_catalysis, r],
            desk.money[_ANSWERABLE, r] / count,
        )
    for i in range(count):
        _set_grant(step, i, now, history, desk)
    for r in range(u.shape[1]):
        history.fund[step + 1, r] = rules.next_fund(desk.money[_FUND, r], desk.money[_GRANTED, r])
        history.coverage[step + 1, r] = rules.next_coverage(
            history.coverage[step, r], desk.money[_GRANTED, r], desk.money[_GAP, r]
        )


@compiled
def _draw_crises(k0, k1, year, replicate, u, desk):
    """Draw which subregions a crisis strikes."""
    for g in range(_G):
        _fill_words(k0, k1, year, g, draws.CRISIS, replicate, desk.words)
        for r in range(u.shape[1]):
            struck = draws.uniform(desk.words[0, r]) < u[U.crisis_probability, r]
            desk.crisis[g, r] = 1.0 if struck else 0.0


@compiled
def _set_need(step, i, now, u, history):
    """Sum the cost of the next rung of every unmet pledge of a member."""
    need = history.need[step + 1]
    need[i, :] = 0.0
    for a in range(_A):
        for r in range(u.shape[1]):
            need[i, r] += rules.cost(now.delivered[i, a, r], now.pledged[i, a, r], u[U.cost_growth, r])


@compiled
def _set_own(step, i, now, u, members, events, history, desk):
    """Compute what a member can pay itself and what it gives to the fund."""
    income, left, g = members.income[step, i], events.resources_kept[step, i], members.subregion[i]
    own = history.own[step + 1]
    for r in range(u.shape[1]):
        own[i, r] = rules.own_resources(
            income,
            u[U.financing_catalysis, r],
            rules.effect(now.delivered[i, FINANCING, r]),
            u[U.crisis_loss, r],
            desk.crisis[g, r],
            left,
        )
    need, given = history.need[step + 1], history.contribution[step + 1]
    for r in range(u.shape[1]):
        given[i, r] = rules.contribution(
            desk.policy[_SOLIDARITY_SHARE, r],
            rules.effect(now.delivered[i, SOLIDARITY, r]),
            now.trust[i, r],
            own[i, r],
            need[i, r],
        )


@compiled
def _add_money(step, i, now, history, desk):
    """Add a member's gap, weight, accountability and contribution to the region's totals."""
    need, own, given = history.need[step + 1], history.own[step + 1], history.contribution[step + 1]
    for r in range(desk.money.shape[1]):
        gap = rules.excess(need[i, r], own[i, r])
        answerable = rules.effect(now.delivered[i, ACCOUNTABILITY, r])
        desk.money[_GAP, r] += gap
        desk.money[_WEIGHT, r] += rules.grant_weight(gap, desk.policy[_PERFORMANCE_SHARE, r], answerable)
        desk.money[_ANSWERABLE, r] += answerable
        desk.money[_FUND, r] += given[i, r]


@compiled
def _set_grant(step, i, now, history, desk):
    """Grant a member its part of the fund."""
    need, own, granted = history.need[step + 1], history.own[step + 1], history.grant[step + 1]
    for r in range(desk.money.shape[1]):
        gap = rules.excess(need[i, r], own[i, r])
        answerable = rules.effect(now.delivered[i, ACCOUNTABILITY, r])
        weight = rules.grant_weight(gap, desk.policy[_PERFORMANCE_SHARE, r], answerable)
        part = rules.grant(gap, desk.money[_FUND, r], weight, desk.money[_WEIGHT, r])
        granted[i, r] = part
        desk.money[_GRANTED, r] += part


@compiled
def _sum_actions(now, members, member_count, weights, desk):
    """Compute what each member does for each domain, and the means by subregion."""
    desk.acted[:] = 0.0
    desk.acted_mean[:] = 0.0
    for i in range(members.code.shape[0]):
        g = members.subregion[i]
        for d in range(weights.shape[0]):
            for a in range(_A):
                part = weights[d, a] / RUNGS
                for r in range(desk.grace.shape[0]):
                    desk.acted[i, d, r] += part * now.delivered[i, a, r]
            for r in range(desk.grace.shape[0]):
                desk.acted_mean[g, d, r] += desk.acted[i, d, r] / member_count[g]


@compiled
def _share_peers(g, member_count, desk):
    """Sub-step (3): shares of near and far members at each rung, as seen from a subregion."""
    inside = member_count[g]
    outside = member_count.sum() - inside
    count, total = desk.pledged_count[g], desk.pledged_count[_G]
    for a in range(_A):
        for q in range(RUNGS):
            for r in range(desk.grace.shape[0]):
                desk.near[a, q, r] = rules.share(count[a, q, r], inside - 1.0)
            for r in range(desk.grace.shape[0]):
                desk.far[a, q, r] = rules.share(np.int16(total[a, q, r] - count[a, q, r]), outside)


@compiled
def _set_place(u, effects, desk):
    """Compute the part of the log hazard that a subregion's members share."""
    for a in range(_A):
        slow = 1.0 if a == ACCOUNTABILITY or a == FINANCING else 0.0
        for q in range(RUNGS):
            for r in range(u.shape[1]):
                circle_weight = 1.0 - u[U.body_weight, r]
                desk.place[a, q, r] = rules.place_log_hazard(
                    u[U.pledge_log_hazard_base, r],
                    effects[a, r],
                    rules.near_log_hazard(u[U.peer_effect, r], circle_weight, desk.near[a, q, r]),
                    rules.rung_log_hazard(q + 1.0, u[U.depth_penalty, r], u[U.slow_start, r], slow),
                )


@compiled
def _act(k0, k1, step, year, i, replicate, now, u, members, mixed, structure, circle, luck, history, desk):
    """Sub-steps (4) to (7) of one member: pledge, deliver, lapse, leave, and the clock of each pledge."""
    _prepare_member(step, i, now, u, members, luck, history, desk)
    desk.cell[_BODIES, :] = 0.0
    g, c, highest = members.subregion[i], members.group[i], structure.rungs
    next_pledged, next_delivered = history.pledged[step + 1], history.delivered[step + 1]
    next_waiting = history.waiting[step + 1]
    for a in range(_A):
        _fill_words(k0, k1, year, members.code[i], a, replicate, desk.words)
        if structure.link == _LINK_EXP:
            if mixed:
                _ask_bodies(i, a, now, u, members, desk)
            _set_hazard(
                now.pledged[i, a], desk.place[a], desk.far[a], desk.effort[c, a], desk.policy, desk.mine, desk.cell
            )
        else:
            _set_textbook_hazard(i, a, now, structure, circle, desk)
        if a == 0 or desk.uneven[c]:
            _set_delivery(desk.delivery[c, a], desk.mine, desk.cell)
        _decide(
            now.pledged[i, a], now.delivered[i, a], history.offer[step + 1, g], highest, desk.words, desk.mine,
            desk.cell, desk.moves,
        )
        _commit(
            now.pledged[i, a], now.delivered[i, a], now.waiting[i, a], desk.moves, next_pledged[i, a],
            next_delivered[i, a], next_waiting[i, a],
        )


@compiled
def _prepare_member(step, i, now, u, members, luck, history, desk):
    """Compute what a member brings to all of its five actions."""
    ldc, special = members.ldc[step, i], members.assisted[step, i]
    coverage, effect = history.coverage[step], luck.member[i]
    for r in range(u.shape[1]):
        desk.mine[_LOG_HAZARD, r] = rules.member_log_hazard(
            effect[r],
            u[U.ldc_penalty, r],
            ldc,
            coverage[r],
            u[U.reference_coverage, r],
            u[U.trust_effect, r],
            now.trust[i, r],
            u[U.assistance_effect, r],
            desk.policy[_ASSISTANCE, r] * special,
        )
    for r in range(u.shape[1]):
        desk.mine[_NETWORKED, r] = rules.effect(now.delivered[i, NETWORKING, r])
    for row in (_SPEED, _LAPSE, _EXIT):
        _choose_guard(now.delivered[i, ACCOUNTABILITY], desk.guard[row], desk.mine[row])
    _set_delivery_hazard(step, i, now, u, history, desk)


@compiled
def _choose_guard(answerable, guard, mine):
    """Look up what a member's delivered accountability does."""
    for r in range(mine.shape[0]):
        mine[r] = rules.choose_delivered(
            answerable[r], guard[0, r], guard[1, r], guard[2, r], guard[3, r], guard[4, r]
        )


@compiled
def _set_delivery_hazard(step, i, now, u, history, desk):
    """Compute a member's hazard of delivery before any effort."""
    need, own, granted = history.need[step + 1, i], history.own[step + 1, i], history.grant[step + 1, i]
    for r in range(u.shape[1]):
        desk.cell[0, r] = rules.means(own[r], granted[r], need[r])
    capacity = now.capacity[i]
    for r in range(u.shape[1]):
        desk.mine[_DELIVERY_HAZARD, r] = rules.delivery_hazard(
            u[U.delivery_rate, r], capacity[r], desk.cell[0, r], desk.mine[_SPEED, r]
        )


@compiled
def _ask_bodies(i, a, now, u, members, desk):
    """Sub-step (3): what the peers of a member's bodies add to its log hazard."""
    start, stop = members.body_offset[i], members.body_offset[i + 1]
    desk.cell[_NEAR, :] = 0.0
    for m in range(start, stop):
        b = members.body_index[m]
        joined, others = desk.body_count[b, a], members.body_size[b] - 1.0
        for r in range(u.shape[1]):
            count = rules.choose(now.pledged[i, a, r] + 1, joined[0, r], joined[1, r], joined[2, r], joined[3, r])
            desk.cell[_NEAR, r] += rules.share(count, others) / (stop - start)
    if start == stop:
        _look_up(now.pledged[i, a], desk.near[a], desk.cell[_NEAR])
    for r in range(u.shape[1]):
        desk.cell[_BODIES, r] = rules.near_log_hazard(
            u[U.peer_effect, r], u[U.body_weight, r], desk.cell[_NEAR, r]
        )


@compiled
def _look_up(pledged, shares, found):
    """Look up the share of peers that have pledged a member's next rung."""
    for r in range(pledged.shape[0]):
        found[r] = rules.choose(pledged[r] + 1, shares[0, r], shares[1, r], shares[2, r], shares[3, r])


@compiled
def _set_hazard(pledged, place, far, effort, policy, mine, cell):
    """Sub-step (4), the model's own link: the chance of pledging the next rung."""
    for r in range(pledged.shape[0]):
        k = pledged[r] + 1
        far_share = rules.choose(k, far[0, r], far[1, r], far[2, r], far[3, r])
        hazard = rules.pledge_hazard(
            rules.choose(k, place[0, r], place[1, r], place[2, r], place[3, r]),
            mine[_LOG_HAZARD, r],
            effort[r],
            rules.far_log_hazard(policy[_LINKING, r], far_share, mine[_NETWORKED, r]),
            cell[_BODIES, r],
        )
        cell[_PLEDGE, r] = rules.probability(hazard)


@compiled
def _set_textbook_hazard(i, a, now, structure, circle, desk):
    """Sub-step (4), the two links with textbook limits; an infinite hazard is a certain pledge."""
    if circle.neighbour_offset.shape[0] > 0:
        _ask_neighbours(i, a, now, circle, desk.cell[_NEAR])
    else:
        _look_up(now.pledged[i, a], desk.near[a], desk.cell[_NEAR])
    for r in range(desk.grace.shape[0]):
        share = desk.cell[_NEAR, r]
        if structure.link == _LINK_LINEAR:
            hazard = rules.linear_hazard(structure.innovation, structure.imitation, share)
        else:
            hazard = np.inf if share >= circle.threshold[i] else 0.0
        desk.cell[_PLEDGE, r] = rules.probability(hazard)


@compiled
def _ask_neighbours(i, a, now, circle, found):
    """Take a member's neighbours on a given graph for its near peers."""
    start, stop = circle.neighbour_offset[i], circle.neighbour_offset[i + 1]
    for r in range(found.shape[0]):
        joined = 0
        for m in range(start, stop):
            joined += now.pledged[circle.neighbour[m], a, r] > now.pledged[i, a, r]
        found[r] = rules.share(joined, stop - start)


@compiled
def _set_delivery(effort, mine, cell):
    """Sub-step (5): the chance of delivering the next rung."""
    for r in range(effort.shape[0]):
        cell[_DELIVERY, r] = rules.probability(mine[_DELIVERY_HAZARD, r] * effort[r])


@compiled
def _decide(pledged, delivered, offer, highest, words, mine, cell, moves):
    """Draw the moves of one action of a member: pledge or exit, delivery or lapse (sub-steps 4 to 6)."""
    for r in range(pledged.shape[0]):
        p = pledged[r]
        pledges = (p < offer[r]) & (p < highest) & (draws.uniform(words[draws.PLEDGE, r]) < cell[_PLEDGE, r])
        leaves = (p > 0) & (not pledges) & (draws.uniform(words[draws.EXIT, r]) < mine[_EXIT, r])
        moves[_PLEDGED, r] = np.int8(pledges) - np.int8(leaves)
    for r in range(pledged.shape[0]):
        d = delivered[r]
        delivers = (d < pledged[r]) & (draws.uniform(words[draws.DELIVERY, r]) < cell[_DELIVERY, r])
        lapses = (d > 0) & (not delivers) & (draws.uniform(words[draws.LAPSE, r]) < mine[_LAPSE, r])
        moves[_DELIVERED, r] = np.int8(delivers) - np.int8(lapses)


@compiled
def _commit(pledged, delivered, waiting, moves, next_pledged, next_delivered, next_waiting):
    """Write the next year's rungs and clock of one action of a member (sub-step 7)."""
    for r in range(pledged.shape[0]):
        next_pledged[r] = np.int8(pledged[r] + moves[_PLEDGED, r])
    for r in range(pledged.shape[0]):
        moved = np.int8(delivered[r] + moves[_DELIVERED, r])
        next_delivered[r] = moved if moved < next_pledged[r] else next_pledged[r]
    for r in range(pledged.shape[0]):
        next_waiting[r] = rules.next_waiting(
            waiting[r], delivered[r], pledged[r], moves[_DELIVERED, r] > 0, next_delivered[r], next_pledged[r]
        )


@compiled
def _feel(step, i, g, member_count, now, u, members, history, desk):
    """Sub-steps (8) and (9) of one member: capacity and trust."""
    base, size = members.base_capacity[step, i], u.shape[1]
    inside, everybody = member_count[g], member_count.sum()
    need, granted = history.need[step + 1], history.grant[step + 1]
    next_capacity, next_trust = history.capacity[step + 1], history.trust[step + 1]
    for r in range(size):
        helped = rules.support(granted[i, r], need[i, r], desk.mine[_NETWORKED, r])
        next_capacity[i, r] = rules.next_capacity(
            now.capacity[i, r], base, helped, u[U.capacity_gain, r], u[U.capacity_decay, r]
        )
    for r in range(size):
        weight = u[U.own_subregion_weight, r]
        desk.cell[_KEPT, r] = rules.circle_mean(
            weight, desk.kept[g, r], desk.seen[i, _KEPT, r], inside, desk.kept[_G, r], everybody
        )
        desk.cell[_BROKEN, r] = rules.circle_mean(
            weight, desk.broken[g, r], desk.seen[i, _BROKEN, r], inside, desk.broken[_G, r], everybody
        )
    for r in range(size):
        next_trust[i, r] = rules.next_trust(
            now.trust[i, r], desk.cell[_KEPT, r], desk.cell[_BROKEN, r], u[U.trust_gain, r], u[U.trust_asymmetry, r]
        )


@compiled
def _recover(step, i, g, u, history, desk):
    """Sub-step (10) of one member: the condition of its domains."""
    for d in range(history.condition.shape[2]):
        before, after = history.condition[step, i, d], history.condition[step + 1, i, d]
        for r in range(u.shape[1]):
            left = rules.pressure_left(
                u[U.pressure, r],
                u[U.action_effect, r],
                u[U.spillover, r],
                desk.acted[i, d, r],
                desk.acted_mean[g, d, r],
            )
            after[r] = rules.next_condition(before[r], u[U.recovery_rate, r], left)


@compiled
def _fill_words(k0, k1, year, entity, purpose, replicate, words):
    """Draw the four words of an address for every run."""
    c1, c2, c3 = np.uint64(year), np.uint64(entity), np.uint64(purpose)
    for r in range(words.shape[1]):
        word0, word1, word2, word3 = draws.philox(np.uint64(replicate[r]), c1, c2, c3, k0, k1)
        words[0, r] = word0
        words[1, r] = word1
        words[2, r] = word2
        words[3, r] = word3
