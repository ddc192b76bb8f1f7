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

    pledged_count: Floats  # [subregion, action, rung, run], members with P >= rung
    total_count: Floats  # [action, rung, run]
    body_count: Floats  # [body, action, rung, run]
    ready_count: Floats  # [subregion, action, run], members with D >= the rung on offer
    near: Floats  # [action, rung, run], share of the others of a subregion with P >= rung
    far: Floats  # [action, rung, run], share of the members outside it
    trust: Floats  # [subregion, run], sum
    kept: Floats  # [subregion + 1, run], sum of promises seen kept; the last row is the region
    broken: Floats  # [subregion + 1, run]
    seen_kept: Floats  # [member, run]
    seen_broken: Floats  # [member, run]
    effort: Floats  # [group, action, run], log hazard added by levers
    delivery: Floats  # [group, action, run], multiplier
    acted: Floats  # [member, domain, run], a_id
    acted_total: Floats  # [subregion, domain, run]
    money: Floats  # [5, run]: gap, weight and accountability totals, fund, grants
    crisis: Floats  # [subregion, run], 0 or 1
    policy: Floats  # [5, run]: support, assistance, solidarity share, performance share, linking of the year
    mine: Floats  # [5, run]: rows of the member at hand
    cell: Floats  # [3, run]: rows of the member and action at hand
    words: npt.NDArray[np.uint32]  # [4, run]


_GAP, _WEIGHT, _ANSWERABLE, _FUND, _GRANTED = range(5)
_SUPPORT, _ASSISTANCE, _SOLIDARITY_SHARE, _PERFORMANCE_SHARE, _LINKING = range(5)
_LOG_HAZARD, _NETWORKED, _MEANS, _SAFEGUARD, _SLIP = range(5)
_NEAR, _FAR, _HAZARD = range(3)


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
    desk = _new_desk(size, count, members.body_size.shape[0], levers.pledge_effort.shape[0], weights.shape[0])
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
    for step in range(history.fund.shape[0] - 1):
        year = structure.first_year + step
        now = _start_of_year(step, history, events, structure.rungs, hand)
        _set_policy(year, u, levers, structure, desk)
        _count(step, now, u, members, history, desk)
        _open_gates(step, year, member_count, u, structure, luck, history, desk)
        _finance(k0, k1, step, year, replicate, now, u, members, events, history, desk)
        _sum_actions(now, members, weights, desk)
        for g in range(_G):
            _share_peers(g, member_count, desk)
            for i in range(count):
                if members.subregion[i] == g:
                    _act(k0, k1, step, year, i, replicate, now, u, members, structure, circle, luck, history, desk)
                    _feel(step, i, g, member_count, now, u, members, history, desk)
                    _recover(step, i, g, member_count, u, history, desk)


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
def _new_desk(size, count, bodies, groups, domains):
    """Make the working space of a block."""
    return Desk(
        np.empty((_G, _A, RUNGS, size)),
        np.empty((_A, RUNGS, size)),
        np.empty((bodies, _A, RUNGS, size)),
        np.empty((_G, _A, size)),
        np.empty((_A, RUNGS, size)),
        np.empty((_A, RUNGS, size)),
        np.empty((_G, size)),
        np.empty((_G + 1, size)),
        np.empty((_G + 1, size)),
        np.empty((count, size)),
        np.empty((count, size)),
        np.empty((groups, _A, size)),
        np.empty((groups, _A, size)),
        np.empty((count, domains, size)),
        np.empty((_G, domains, size)),
        np.empty((5, size)),
        np.empty((_G, size)),
        np.empty((5, size)),
        np.empty((5, size)),
        np.empty((3, size)),
        np.empty((4, size), np.uint32),
    )


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
        return
    for r in range(size):
        desk.policy[_SUPPORT, r] = 1.0
        desk.policy[_ASSISTANCE, r] = 0.0
        desk.policy[_SOLIDARITY_SHARE, r] = u[U.base_solidarity_share, r]
        desk.policy[_PERFORMANCE_SHARE, r] = u[U.base_performance_share, r]
        desk.policy[_LINKING, r] = u[U.outside_peer_effect, r]
    desk.effort[:] = 0.0
    desk.delivery[:] = 1.0


@compiled
def _count(step, now, u, members, history, desk):
    """Count pledges and deliveries, and sum trust and what the others see of each member."""
    desk.pledged_count[:] = 0.0
    desk.ready_count[:] = 0.0
    desk.trust[:] = 0.0
    desk.kept[:] = 0.0
    desk.broken[:] = 0.0
    for i in range(members.code.shape[0]):
        g = members.subregion[i]
        _count_member(i, g, history.offer[step], now, u, desk)
        for r in range(u.shape[1]):
            visible = rules.visibility(u[U.least_visibility, r], rules.effect(now.delivered[i, TRANSPARENCY, r]))
            desk.seen_kept[i, r] *= visible / _A
            desk.seen_broken[i, r] *= visible / _A
        _add_sums(i, g, now, desk)
    for q in range(RUNGS):
        for a in range(_A):
            for r in range(u.shape[1]):
                total = 0.0
                for g in range(_G):
                    total += desk.pledged_count[g, a, q, r]
                desk.total_count[a, q, r] = total
    if u[U.body_weight].any():
        _count_bodies(now, members, desk)


@compiled
def _count_member(i, g, offer, now, u, desk):
    """Add a member's rungs to the counts of its subregion."""
    desk.seen_kept[i, :] = 0.0
    desk.seen_broken[i, :] = 0.0
    for a in range(_A):
        for q in range(RUNGS):
            for r in range(u.shape[1]):
                desk.pledged_count[g, a, q, r] += 1.0 if now.pledged[i, a, r] > q else 0.0
        for r in range(u.shape[1]):
            desk.ready_count[g, a, r] += 1.0 if now.delivered[i, a, r] >= offer[g, r] else 0.0
        for r in range(u.shape[1]):
            late = rules.overdue(
                now.delivered[i, a, r], now.pledged[i, a, r], now.waiting[i, a, r], u[U.grace_years, r]
            )
            desk.seen_kept[i, r] += 1.0 if rules.kept(now.delivered[i, a, r], late) else 0.0
            desk.seen_broken[i, r] += 1.0 if late else 0.0


@compiled
def _add_sums(i, g, now, desk):
    """Add a member to the sums of its subregion and of the region."""
    for r in range(desk.trust.shape[1]):
        desk.trust[g, r] += now.trust[i, r]
    for place in (g, _G):
        for r in range(desk.trust.shape[1]):
            desk.kept[place, r] += desk.seen_kept[i, r]
        for r in range(desk.trust.shape[1]):
            desk.broken[place, r] += desk.seen_broken[i, r]


@compiled
def _count_bodies(now, members, desk):
    """Count pledges in each body."""
    desk.body_count[:] = 0.0
    for i in range(members.code.shape[0]):
        for m in range(members.body_offset[i], members.body_offset[i + 1]):
            b = members.body_index[m]
            for a in range(_A):
                for q in range(RUNGS):
                    for r in range(desk.words.shape[1]):
                        desk.body_count[b, a, q, r] += 1.0 if now.pledged[i, a, r] > q else 0.0


@compiled
def _open_gates(step, year, member_count, u, structure, luck, history, desk):
    """Sub-step (1): raise the rung on offer where the gate opens."""
    gate = structure.gate if year >= structure.gate_from else _GATE_INFRASTRUCTURE
    calendar = rules.phase(year)
    for g in range(_G):
        for r in range(u.shape[1]):
            offer = np.int64(history.offer[step, g, r])
            if gate == _GATE_CALENDAR:
                history.offer[step + 1, g, r] = max(offer, calendar)
            else:
                mean_trust = rules.share(desk.trust[g, r], member_count[g])
                ready = _ready_share(gate, offer, g, r, member_count, desk)
                history.offer[step + 1, g, r] = rules.next_offer(
                    offer, calendar, mean_trust, ready, luck.gate_trust[g, r], u[U.gate_delivery, r]
                )


@compiled
def _ready_share(gate, offer, g, r, member_count, desk):
    """Return the share of the cells that a gate looks at which have delivered the rung on offer."""
    if offer > 1 or gate == _GATE_ALL_FIVE:
        return rules.share(desk.ready_count[g, :, r].sum(), member_count[g] * _A)
    if gate == _GATE_ANY_THREE:
        return rules.share(np.sort(desk.ready_count[g, :, r])[_A - 3 :].sum(), member_count[g] * 3)
    total = 0.0
    for a in INFRASTRUCTURE:
        total += desk.ready_count[g, a, r]
    return rules.share(total, member_count[g] * len(INFRASTRUCTURE))


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
def _sum_actions(now, members, weights, desk):
    """Compute what each member does for each domain, and the sums by subregion."""
    desk.acted[:] = 0.0
    desk.acted_total[:] = 0.0
    for i in range(members.code.shape[0]):
        g = members.subregion[i]
        for d in range(weights.shape[0]):
            for a in range(_A):
                part = weights[d, a] / RUNGS
                for r in range(desk.words.shape[1]):
                    desk.acted[i, d, r] += part * now.delivered[i, a, r]
            for r in range(desk.words.shape[1]):
                desk.acted_total[g, d, r] += desk.acted[i, d, r]


@compiled
def _share_peers(g, member_count, desk):
    """Sub-step (3): shares of near and far members at each rung, as seen from a subregion."""
    inside = member_count[g]
    outside = member_count.sum() - inside
    for a in range(_A):
        for q in range(RUNGS):
            for r in range(desk.words.shape[1]):
                desk.near[a, q, r] = rules.share(desk.pledged_count[g, a, q, r], inside - 1.0)
            for r in range(desk.words.shape[1]):
                others = desk.total_count[a, q, r] - desk.pledged_count[g, a, q, r]
                desk.far[a, q, r] = rules.share(others, outside)


@compiled
def _act(k0, k1, step, year, i, replicate, now, u, members, structure, circle, luck, history, desk):
    """Sub-steps (4) to (7) of one member: pledge, deliver, lapse, leave, and the clock of each pledge."""
    _prepare_member(step, i, now, u, members, luck, history, desk)
    g, c = members.subregion[i], members.group[i]
    for a in range(_A):
        _fill_words(k0, k1, year, members.code[i], a, replicate, desk.words)
        _find_peers(i, a, now, u, members, circle, desk)
        if structure.link == _LINK_EXP:
            _set_hazard(i, a, g, c, now, u, luck, desk)
        else:
            _set_textbook_hazard(i, structure, circle, desk)
        _update(step, i, a, g, c, structure.rungs, now, u, history, desk)


@compiled
def _prepare_member(step, i, now, u, members, luck, history, desk):
    """Compute what a member brings to all of its five actions."""
    ldc, special = members.ldc[step, i], members.assisted[step, i]
    need, own, granted = history.need[step + 1], history.own[step + 1], history.grant[step + 1]
    coverage = history.coverage[step]
    for r in range(u.shape[1]):
        desk.mine[_LOG_HAZARD, r] = rules.member_log_hazard(
            luck.member[i, r],
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
        desk.mine[_SAFEGUARD, r] = rules.safeguard(
            u[U.accountability_effect, r], rules.effect(now.delivered[i, ACCOUNTABILITY, r])
        )
    for r in range(u.shape[1]):
        desk.mine[_MEANS, r] = rules.means(own[i, r], granted[i, r], need[i, r])


@compiled
def _find_peers(i, a, now, u, members, circle, desk):
    """Look up the shares of near and far members that have pledged a member's next rung."""
    if circle.neighbour_offset.shape[0] > 0:
        _ask_neighbours(i, a, now, circle, desk)
        return
    for r in range(u.shape[1]):
        desk.cell[_NEAR, r] = rules.choose(
            now.pledged[i, a, r] + 1, desk.near[a, 0, r], desk.near[a, 1, r], desk.near[a, 2, r], desk.near[a, 3, r]
        )
    for r in range(u.shape[1]):
        desk.cell[_FAR, r] = rules.choose(
            now.pledged[i, a, r] + 1, desk.far[a, 0, r], desk.far[a, 1, r], desk.far[a, 2, r], desk.far[a, 3, r]
        )
    start, stop = members.body_offset[i], members.body_offset[i + 1]
    if stop > start and u[U.body_weight].any():
        _ask_bodies(i, a, start, stop, now, u, members, desk)


@compiled
def _ask_bodies(i, a, start, stop, now, u, members, desk):
    """Mix the peers of a member's bodies into its near share."""
    desk.cell[_HAZARD, :] = 0.0
    for m in range(start, stop):
        b = members.body_index[m]
        others = members.body_size[b] - 1.0
        for r in range(u.shape[1]):
            joined = rules.choose(
                now.pledged[i, a, r] + 1,
                desk.body_count[b, a, 0, r],
                desk.body_count[b, a, 1, r],
                desk.body_count[b, a, 2, r],
                desk.body_count[b, a, 3, r],
            )
            desk.cell[_HAZARD, r] += rules.share(joined, others) / (stop - start)
    for r in range(u.shape[1]):
        desk.cell[_NEAR, r] = rules.near(u[U.body_weight, r], desk.cell[_NEAR, r], desk.cell[_HAZARD, r])


@compiled
def _ask_neighbours(i, a, now, circle, desk):
    """Look up the share of a member's neighbours on a given graph."""
    start, stop = circle.neighbour_offset[i], circle.neighbour_offset[i + 1]
    for r in range(desk.words.shape[1]):
        joined = 0.0
        for m in range(start, stop):
            joined += 1.0 if now.pledged[circle.neighbour[m], a, r] > now.pledged[i, a, r] else 0.0
        desk.cell[_NEAR, r] = rules.share(joined, stop - start)
        desk.cell[_FAR, r] = 0.0


@compiled
def _set_hazard(i, a, g, c, now, u, luck, desk):
    """Sub-step (4), the model's own link."""
    slow = 1.0 if a == ACCOUNTABILITY or a == FINANCING else 0.0
    for r in range(u.shape[1]):
        desk.cell[_NEAR, r] = rules.peer_log_hazard(
            u[U.peer_effect, r],
            desk.cell[_NEAR, r],
            desk.policy[_LINKING, r],
            desk.mine[_NETWORKED, r],
            desk.cell[_FAR, r],
        )
    for r in range(u.shape[1]):
        desk.cell[_FAR, r] = rules.rung_log_hazard(
            now.pledged[i, a, r] + 1, u[U.depth_penalty, r], u[U.slow_start, r], slow
        )
    for r in range(u.shape[1]):
        desk.cell[_HAZARD, r] = rules.pledge_hazard(
            u[U.pledge_log_hazard_base, r],
            luck.place[g, a, r],
            desk.mine[_LOG_HAZARD, r],
            desk.effort[c, a, r],
            desk.cell[_NEAR, r],
            desk.cell[_FAR, r],
        )


@compiled
def _set_textbook_hazard(i, structure, circle, desk):
    """Sub-step (4), the two links with textbook limits; an infinite hazard is a certain pledge."""
    for r in range(desk.words.shape[1]):
        share = desk.cell[_NEAR, r]
        if structure.link == _LINK_LINEAR:
            desk.cell[_HAZARD, r] = rules.linear_hazard(structure.innovation, structure.imitation, share)
        else:
            desk.cell[_HAZARD, r] = np.inf if share >= circle.threshold[i] else 0.0


@compiled
def _update(step, i, a, g, c, highest, now, u, history, desk):
    """Draw what happens to one action of one member and write the next year's rungs and clock."""
    offer, size = history.offer[step + 1], u.shape[1]
    for r in range(size):
        desk.cell[_HAZARD, r] = rules.probability(desk.cell[_HAZARD, r])
    for r in range(size):
        hazard = rules.delivery_hazard(
            u[U.delivery_rate, r],
            now.capacity[i, r],
            desk.mine[_MEANS, r],
            desk.mine[_SAFEGUARD, r],
            desk.delivery[c, a, r],
        )
        desk.cell[_NEAR, r] = rules.probability(hazard)
    for r in range(size):
        leave = rules.probability(rules.slipping_hazard(u[U.exit_rate, r], desk.mine[_SAFEGUARD, r]))
        desk.cell[_FAR, r] = leave
        lapse = rules.probability(rules.slipping_hazard(u[U.lapse_rate, r], desk.mine[_SAFEGUARD, r]))
        desk.mine[_SLIP, r] = lapse
    next_pledged, next_delivered = history.pledged[step + 1], history.delivered[step + 1]
    next_waiting = history.waiting[step + 1]
    for r in range(size):
        p, d = now.pledged[i, a, r], now.delivered[i, a, r]
        may_pledge = (p < offer[g, r]) & (p < highest)
        pledges = may_pledge & (draws.uniform(desk.words[draws.PLEDGE, r]) < desk.cell[_HAZARD, r])
        leaves = (p > 0) & (not pledges) & (draws.uniform(desk.words[draws.EXIT, r]) < desk.cell[_FAR, r])
        delivers = (d < p) & (draws.uniform(desk.words[draws.DELIVERY, r]) < desk.cell[_NEAR, r])
        lapses = (d > 0) & (not delivers) & (draws.uniform(desk.words[draws.LAPSE, r]) < desk.mine[_SLIP, r])
        p1 = p + (1 if pledges else 0) - (1 if leaves else 0)
        d1 = d + (1 if delivers else 0) - (1 if lapses else 0)
        d1 = p1 if d1 > p1 else d1
        next_pledged[i, a, r] = p1
        next_delivered[i, a, r] = d1
        next_waiting[i, a, r] = rules.next_waiting(now.waiting[i, a, r], d, p, delivers, d1, p1)


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
        desk.cell[_NEAR, r] = rules.circle_mean(
            weight, desk.kept[g, r], desk.seen_kept[i, r], inside, desk.kept[_G, r], everybody
        )
        desk.cell[_FAR, r] = rules.circle_mean(
            weight, desk.broken[g, r], desk.seen_broken[i, r], inside, desk.broken[_G, r], everybody
        )
    for r in range(size):
        next_trust[i, r] = rules.next_trust(
            now.trust[i, r], desk.cell[_NEAR, r], desk.cell[_FAR, r], u[U.trust_gain, r], u[U.trust_asymmetry, r]
        )


@compiled
def _recover(step, i, g, member_count, u, history, desk):
    """Sub-step (10) of one member: the condition of its domains."""
    for d in range(history.condition.shape[2]):
        before, after = history.condition[step, i, d], history.condition[step + 1, i, d]
        for r in range(u.shape[1]):
            left = rules.pressure_left(
                u[U.pressure, r],
                u[U.action_effect, r],
                u[U.spillover, r],
                desk.acted[i, d, r],
                rules.share(desk.acted_total[g, d, r], member_count[g]),
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
