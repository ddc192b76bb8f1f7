"""Sub-steps (4) to (7) of a block: members pledge, deliver, lapse and leave."""
# mypy: disable-error-code="no-untyped-def, no-untyped-call, no-any-return"

from typing import Final

import numpy as np

from foresight import draws, rules, state
from foresight.actions import ACCOUNTABILITY, FINANCING, NETWORKING, RUNGS
from foresight.compiled import compiled
from foresight.inputs import Link
from foresight.state import ACTION_COUNT, U

_LINK_EXP: Final = int(Link.EXP)
_LINK_LINEAR: Final = int(Link.LINEAR)


@compiled
def set_place(u, effects, desk):
    """Compute the part of the log hazard that a subregion's members share."""
    for a in range(ACTION_COUNT):
        slow = 1.0 if a in (ACCOUNTABILITY, FINANCING) else 0.0
        for q in range(RUNGS):
            for r in range(u.shape[1]):
                near = rules.near_part(1.0 - u[U.body_weight, r], desk.near[a, q, r])
                desk.place[a, q, r] = rules.place_log_hazard(
                    u[U.pledge_log_hazard_base, r],
                    effects[a, r],
                    rules.near_log_hazard(u[U.peer_effect, r], near),
                    rules.rung_log_hazard(q + 1.0, u[U.depth_penalty, r], u[U.slow_start, r], slow),
                )


@compiled
def act(k0, k1, step, year, i, replicate, now, u, members, mixed, structure, circle, luck, history, desk):
    """Sub-steps (4) to (7) of one member: pledge, deliver, lapse, leave, and the clock of each pledge."""
    mine = desk.mine
    _set_member_hazard(
        members.ldc[step, i],
        members.assisted[step, i],
        history.coverage[step],
        luck.member[i],
        now.trust[i],
        u,
        desk.policy,
        mine,
    )
    _set_effects(now.delivered[i, NETWORKING], now.delivered[i, ACCOUNTABILITY], desk.guard, mine)
    _set_delivery_hazard(
        history.need[step + 1, i], history.own[step + 1, i], history.grant[step + 1, i], now.capacity[i], u, mine
    )
    state.clear(desk.cell[state.BODIES])
    g, c, highest = members.subregion[i], members.group[i], structure.rungs
    next_pledged, next_delivered = history.pledged[step + 1], history.delivered[step + 1]
    next_waiting = history.waiting[step + 1]
    for a in range(ACTION_COUNT):
        draws.fill_words(k0, k1, year, members.code[i], a, replicate, desk.words)
        if mixed:
            _ask_bodies(i, now.pledged[i, a], a, members, u[U.body_weight], desk.body_count, desk.near[a], desk.cell)
        if structure.link == _LINK_EXP:
            _set_hazard(
                now.pledged[i, a],
                desk.place[a],
                desk.far[a],
                desk.effort[c, a],
                u[U.peer_effect],
                desk.policy,
                desk.mine,
                desk.cell,
            )
        else:
            _set_textbook_hazard(i, a, now.pledged, structure, circle, u[U.body_weight], desk.near[a], desk.cell)
        if a == 0 or desk.uneven[c]:
            _set_delivery(desk.delivery[c, a], desk.mine, desk.cell)
        _decide(
            now.pledged[i, a],
            now.delivered[i, a],
            history.offer[step + 1, g],
            highest,
            desk.words,
            desk.mine,
            desk.cell,
            desk.moves,
        )
        _commit(
            now.pledged[i, a],
            now.delivered[i, a],
            now.waiting[i, a],
            desk.moves,
            next_pledged[i, a],
            next_delivered[i, a],
            next_waiting[i, a],
        )


@compiled
def _set_member_hazard(ldc, special, coverage, effect, trust, u, policy, mine):
    """Compute the part of the log hazard of pledging that a member carries for every action."""
    for r in range(trust.shape[0]):
        mine[state.LOG_HAZARD, r] = rules.member_log_hazard(
            effect[r],
            u[U.ldc_penalty, r],
            ldc,
            coverage[r],
            u[U.reference_coverage, r],
            u[U.trust_effect, r],
            trust[r],
            u[U.assistance_effect, r],
            policy[state.ASSISTANCE, r] * special,
        )


@compiled
def _set_effects(networking, accountability, guard, mine):
    """Look up what a member's delivered networking and accountability do."""
    for r in range(networking.shape[0]):
        mine[state.NETWORKED, r] = rules.effect(networking[r])
    for row in (state.SPEED, state.LAPSE, state.EXIT):
        for r in range(networking.shape[0]):
            mine[row, r] = rules.choose_delivered(
                accountability[r],
                guard[row, 0, r],
                guard[row, 1, r],
                guard[row, 2, r],
                guard[row, 3, r],
                guard[row, 4, r],
            )


@compiled
def _set_delivery_hazard(need, own, granted, capacity, u, mine):
    """Compute a member's hazard of delivery before any effort."""
    for r in range(need.shape[0]):
        mine[state.DELIVERY_HAZARD, r] = rules.means(own[r], granted[r], need[r])
    for r in range(need.shape[0]):
        mine[state.DELIVERY_HAZARD, r] = rules.delivery_hazard(
            u[U.delivery_rate, r], capacity[r], mine[state.DELIVERY_HAZARD, r], mine[state.SPEED, r]
        )


@compiled
def _ask_bodies(i, pledged, a, members, body_weight, body_count, near, cell):
    """Sub-step (3): the part of a member's near share that comes from its bodies."""
    start, stop = members.body_offset[i], members.body_offset[i + 1]
    state.clear(cell[state.NEAR])
    for m in range(start, stop):
        b = members.body_index[m]
        joined, others = body_count[b, a], members.body_size[b] - 1.0
        for r in range(pledged.shape[0]):
            count = rules.choose(pledged[r] + 1, joined[0, r], joined[1, r], joined[2, r], joined[3, r])
            cell[state.NEAR, r] += rules.share(count, others) / (stop - start)
    if start == stop:
        _look_up(pledged, near, cell[state.NEAR])
    for r in range(pledged.shape[0]):
        cell[state.BODIES, r] = rules.near_part(body_weight[r], cell[state.NEAR, r])


@compiled
def _look_up(pledged, shares, found):
    """Look up the share of peers that have pledged a member's next rung."""
    for r in range(pledged.shape[0]):
        found[r] = rules.choose(pledged[r] + 1, shares[0, r], shares[1, r], shares[2, r], shares[3, r])


@compiled
def _set_hazard(pledged, place, far, effort, peer_effect, policy, mine, cell):
    """Sub-step (4), the model's own link: the chance of pledging the next rung."""
    for r in range(pledged.shape[0]):
        k = pledged[r] + 1
        far_share = rules.choose(k, far[0, r], far[1, r], far[2, r], far[3, r])
        hazard = rules.pledge_hazard(
            rules.choose(k, place[0, r], place[1, r], place[2, r], place[3, r]),
            mine[state.LOG_HAZARD, r],
            effort[r],
            rules.far_log_hazard(policy[state.LINKING, r], far_share, mine[state.NETWORKED, r]),
            rules.near_log_hazard(peer_effect[r], cell[state.BODIES, r]),
        )
        cell[state.PLEDGE, r] = rules.probability(hazard)


@compiled
def _set_textbook_hazard(i, a, pledged, structure, circle, body_weight, near, cell):
    """Sub-step (4), the two links with textbook limits; an infinite hazard is a certain pledge."""
    if circle.neighbour_offset.shape[0] > 0:
        _ask_neighbours(i, a, pledged, circle, cell[state.NEAR])
    else:
        _look_up(pledged[i, a], near, cell[state.NEAR])
        for r in range(cell.shape[1]):
            own = rules.near_part(1.0 - body_weight[r], cell[state.NEAR, r])
            cell[state.NEAR, r] = own + cell[state.BODIES, r]
    for r in range(cell.shape[1]):
        share = cell[state.NEAR, r]
        if structure.link == _LINK_LINEAR:
            hazard = rules.linear_hazard(structure.innovation, structure.imitation, share)
        else:
            hazard = np.inf if share >= circle.threshold[i] else 0.0
        cell[state.PLEDGE, r] = rules.probability(hazard)


@compiled
def _ask_neighbours(i, a, pledged, circle, found):
    """Take a member's neighbours on a given graph for its near peers."""
    start, stop = circle.neighbour_offset[i], circle.neighbour_offset[i + 1]
    for r in range(found.shape[0]):
        joined = 0
        for m in range(start, stop):
            joined += pledged[circle.neighbour[m], a, r] > pledged[i, a, r]
        found[r] = rules.share(joined, stop - start)


@compiled
def _set_delivery(effort, mine, cell):
    """Sub-step (5): the chance of delivering the next rung."""
    for r in range(effort.shape[0]):
        cell[state.DELIVERY, r] = rules.probability(mine[state.DELIVERY_HAZARD, r] * effort[r])


@compiled
def _decide(pledged, delivered, offer, highest, words, mine, cell, moves):
    """Draw the moves of one action of a member: pledge or exit, delivery or lapse (sub-steps 4 to 6)."""
    for r in range(pledged.shape[0]):
        p = pledged[r]
        pledges = (p < offer[r]) & (p < highest) & (draws.uniform(words[draws.PLEDGE, r]) < cell[state.PLEDGE, r])
        leaves = (p > 0) & (not pledges) & (draws.uniform(words[draws.EXIT, r]) < mine[state.EXIT, r])
        moves[state.PLEDGED, r] = np.int8(pledges) - np.int8(leaves)
    for r in range(pledged.shape[0]):
        d = delivered[r]
        delivers = (d < pledged[r]) & (draws.uniform(words[draws.DELIVERY, r]) < cell[state.DELIVERY, r])
        lapses = (d > 0) & (not delivers) & (draws.uniform(words[draws.LAPSE, r]) < mine[state.LAPSE, r])
        moves[state.DELIVERED, r] = np.int8(delivers) - np.int8(lapses)


@compiled
def _commit(pledged, delivered, waiting, moves, next_pledged, next_delivered, next_waiting):
    """Write the next year's rungs and clock of one action of a member (sub-step 7)."""
    for r in range(pledged.shape[0]):
        next_pledged[r] = np.int8(pledged[r] + moves[state.PLEDGED, r])
    for r in range(pledged.shape[0]):
        moved = np.int8(delivered[r] + moves[state.DELIVERED, r])
        next_delivered[r] = moved if moved < next_pledged[r] else next_pledged[r]
    for r in range(pledged.shape[0]):
        next_waiting[r] = rules.next_waiting(
            waiting[r],
            delivered[r],
            pledged[r],
            moves[state.DELIVERED, r] > 0,
            next_delivered[r],
            next_pledged[r],
        )
