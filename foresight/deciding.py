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
def set_place(u, effects, offer, desk):
    """Compute the part of the log hazard that a subregion's members share, and put its offer beside every action."""
    for a in range(ACTION_COUNT):
        state.copy(offer, desk.offer[a])
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
def act(k0, k1, step, year, g, replicate, now, u, members, mixed, structure, circle, luck, old, desk, new):
    """Sub-steps (4) to (7) of the members of a subregion: pledge, deliver, lapse, leave, and the clocks."""
    for i in range(members.code.shape[0]):
        if members.subregion[i] != g:
            continue
        mine, c = desk.mine, members.group[i]
        _set_member_hazard(
            members.ldc[step, i],
            members.assisted[step, i],
            old.coverage,
            luck.member[i],
            now.trust[i],
            u,
            desk.policy,
            mine,
        )
        _set_effects(now.delivered[i, NETWORKING], now.delivered[i, ACCOUNTABILITY], desk.guard, mine)
        _set_delivery_hazard(new.need[i], new.own[i], new.grant[i], now.capacity[i], u, mine)
        state.clear(mine[state.BODIES])
        for a in range(ACTION_COUNT):
            draws.fill_words(k0, k1, year, members.code[i], a, replicate, desk.words, a)
            if mixed:
                _ask_bodies(i, now.pledged[i, a], a, members, u[U.body_weight], desk.body_count, desk.near[a], mine)
            if structure.link == _LINK_EXP:
                _set_hazard(
                    now.pledged[i, a],
                    desk.place[a],
                    desk.far[a],
                    desk.effort[c, a],
                    u[U.peer_effect],
                    desk.policy,
                    mine,
                    desk.chance[draws.PLEDGE, a],
                )
            else:
                _set_textbook_hazard(
                    i, a, now.pledged, structure, circle, u[U.body_weight], desk.near[a], mine, desk.chance
                )
            _set_slips(mine, desk.chance, a)
            if a == 0 or desk.uneven[c]:
                _set_delivery(desk.delivery[c, a], mine, desk.chance[draws.DELIVERY, a])
            else:
                state.copy(desk.chance[draws.DELIVERY, 0], desk.chance[draws.DELIVERY, a])
        if structure.link == _LINK_EXP:
            _set_probability(state.flat(desk.chance[draws.PLEDGE]))
        _move(
            state.flat(now.pledged[i]),
            state.flat(now.delivered[i]),
            state.flat(now.waiting[i]),
            np.int8(structure.rungs),
            desk,
            state.flat(new.pledged[i]),
            state.flat(new.delivered[i]),
            state.flat(new.waiting[i]),
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
def _ask_bodies(i, pledged, a, members, body_weight, body_count, near, mine):
    """Sub-step (3): the part of a member's near share that comes from its bodies."""
    start, stop = members.body_offset[i], members.body_offset[i + 1]
    state.clear(mine[state.NEAR])
    for m in range(start, stop):
        b = members.body_index[m]
        joined, others = body_count[b, a], members.body_size[b] - 1.0
        for r in range(pledged.shape[0]):
            count = rules.choose(pledged[r] + 1, joined[0, r], joined[1, r], joined[2, r], joined[3, r])
            mine[state.NEAR, r] += rules.share(count, others) / (stop - start)
    if start == stop:
        _look_up(pledged, near, mine[state.NEAR])
    for r in range(pledged.shape[0]):
        mine[state.BODIES, r] = rules.near_part(body_weight[r], mine[state.NEAR, r])


@compiled
def _look_up(pledged, shares, found):
    """Look up the share of peers that have pledged a member's next rung."""
    for r in range(pledged.shape[0]):
        found[r] = rules.choose(pledged[r] + 1, shares[0, r], shares[1, r], shares[2, r], shares[3, r])


@compiled
def _set_hazard(pledged, place, far, effort, peer_effect, policy, mine, hazard):
    """Sub-step (4), the model's own link: the hazard of pledging the next rung."""
    for r in range(pledged.shape[0]):
        k = pledged[r] + 1
        far_share = rules.choose(k, far[0, r], far[1, r], far[2, r], far[3, r])
        hazard[r] = rules.pledge_hazard(
            rules.choose(k, place[0, r], place[1, r], place[2, r], place[3, r]),
            mine[state.LOG_HAZARD, r],
            effort[r],
            rules.far_log_hazard(policy[state.LINKING, r], far_share, mine[state.NETWORKED, r]),
            rules.near_log_hazard(peer_effect[r], mine[state.BODIES, r]),
        )


@compiled
def _set_probability(hazard):
    """Turn hazards into chances; apart from the hazard, as two exponentials in a row keep a processor waiting."""
    for r in range(hazard.shape[0]):
        hazard[r] = rules.probability(hazard[r])


@compiled
def _set_textbook_hazard(i, a, pledged, structure, circle, body_weight, near, mine, chance):
    """Sub-step (4), the two links with textbook limits; an infinite hazard is a certain pledge."""
    if circle.neighbour_offset.shape[0] > 0:
        _ask_neighbours(i, a, pledged, circle, mine[state.NEAR])
    else:
        _look_up(pledged[i, a], near, mine[state.NEAR])
        for r in range(mine.shape[1]):
            own = rules.near_part(1.0 - body_weight[r], mine[state.NEAR, r])
            mine[state.NEAR, r] = own + mine[state.BODIES, r]
    for r in range(mine.shape[1]):
        share = mine[state.NEAR, r]
        if structure.link == _LINK_LINEAR:
            hazard = rules.linear_hazard(structure.innovation, structure.imitation, share)
        else:
            hazard = np.inf if share >= circle.threshold[i] else 0.0
        chance[draws.PLEDGE, a, r] = rules.probability(hazard)


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
def _set_delivery(effort, mine, chance):
    """Sub-step (5): the chance of delivering the next rung."""
    for r in range(effort.shape[0]):
        chance[r] = rules.probability(mine[state.DELIVERY_HAZARD, r] * effort[r])


@compiled
def _set_slips(mine, chance, a):
    """Sub-step (6): the chances of lapse and exit, the same for every action."""
    for r in range(mine.shape[1]):
        chance[draws.LAPSE, a, r] = mine[state.LAPSE, r]
    for r in range(mine.shape[1]):
        chance[draws.EXIT, a, r] = mine[state.EXIT, r]


@compiled
def _move(pledged, delivered, waiting, highest, desk, next_pledged, next_delivered, next_waiting):
    """Draw the moves of a member in all its actions and write its next rungs and clocks (sub-steps 4 to 7)."""
    _strike(state.flat(desk.words), state.flat(desk.chance), state.flat(desk.moves))
    _decide(pledged, delivered, state.flat(desk.offer), highest, desk.moves)
    _commit(pledged, delivered, desk.moves, next_pledged, next_delivered)
    _wait(waiting, desk.moves, next_waiting)


@compiled
def _strike(words, chance, moves):
    """Tell which moves the draws allow; `moves` has rows of its own after them."""
    for r in range(words.shape[0]):
        moves[r] = np.int8(draws.strikes(words[r], chance[r]))


@compiled
def _decide(pledged, delivered, offer, highest, moves):
    """Keep of the moves those that the member can make."""
    for r in range(pledged.shape[0]):
        rises = rules.may_pledge(pledged[r], offer[r], highest) & (moves[draws.PLEDGE, r] != 0)
        falls = rules.may_slip(pledged[r], rises) & (moves[draws.EXIT, r] != 0)
        moves[draws.PLEDGE, r], moves[draws.EXIT, r] = np.int8(rises), np.int8(falls)
    for r in range(pledged.shape[0]):
        rises = rules.unmet(delivered[r], pledged[r]) & (moves[draws.DELIVERY, r] != 0)
        falls = rules.may_slip(delivered[r], rises) & (moves[draws.LAPSE, r] != 0)
        moves[draws.DELIVERY, r], moves[draws.LAPSE, r] = np.int8(rises), np.int8(falls)


@compiled
def _commit(pledged, delivered, moves, next_pledged, next_delivered):
    """Write the next year's rungs, and find the pledges that go on waiting."""
    for r in range(pledged.shape[0]):
        next_pledged[r] = rules.next_pledged(pledged[r], moves[draws.PLEDGE, r], moves[draws.EXIT, r])
    for r in range(pledged.shape[0]):
        next_delivered[r] = rules.next_delivered(
            delivered[r], moves[draws.DELIVERY, r], moves[draws.LAPSE, r], next_pledged[r]
        )
    for r in range(pledged.shape[0]):
        delivers = moves[draws.DELIVERY, r] != 0
        waits = rules.still_waiting(delivered[r], pledged[r], delivers, next_delivered[r], next_pledged[r])
        moves[state.WAITS, r] = np.int8(waits)


@compiled
def _wait(waiting, moves, next_waiting):
    """Count the years that pledges wait (sub-step 7)."""
    for r in range(waiting.shape[0]):
        next_waiting[r] = rules.next_waiting(waiting[r], moves[state.WAITS, r])
