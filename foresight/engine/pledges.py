"""Sub-steps (4) to (7) of a block: members pledge, deliver, lapse and leave."""
# mypy: disable-error-code="no-untyped-def, no-untyped-call, no-any-return"

from typing import Final

import numpy as np

from foresight.actions import ACCOUNTABILITY, FINANCING, NETWORKING, RUNGS
from foresight.engine import draws, rules, state
from foresight.engine.compiled import rows, view
from foresight.engine.desk import Moves, Rounds
from foresight.engine.flat import flat
from foresight.engine.inputs import Link
from foresight.engine.screen import strike_surely
from foresight.engine.state import ACTION_COUNT, U

_LINK_EXP: Final = int(Link.EXP)
_LINK_LINEAR: Final = int(Link.LINEAR)


@rows
def set_place(step, u, effects, before, offer, place):
    """Compute the part of the log hazard that a subregion's members share, and put its offer beside every action.

    `before` is what was on offer until the gate of this step.
    """
    is_first_year = step == 0
    for a in range(ACTION_COUNT):
        state.copy(offer, place.offer[a])
    for a in range(ACTION_COUNT):
        slow = 1.0 if a in (ACCOUNTABILITY, FINANCING) else 0.0
        for q in range(RUNGS):
            for r in range(u.shape[1]):
                near = rules.near_part(1.0 - u[U.body_weight, r], place.near[a, q, r])
                opens = rules.has_opened(before[r], offer[r], is_first_year) & (offer[r] == q + 1)
                place.pull[a, q, r] = rules.place_log_hazard(
                    u[U.pledge_log_hazard_base, r],
                    effects[a, r],
                    rules.near_log_hazard(u[U.peer_effect, r], near),
                    rules.rung_log_hazard(
                        q + 1.0, u[U.depth_penalty, r], u[U.slow_start, r], slow, u[U.opening_year, r], opens
                    ),
                )


@rows
def act(when, g, turn, u, setup, effects, desk):
    """Sub-steps (4) to (7) of the members of a subregion: pledge, deliver, lapse, leave, and the clocks."""
    now, new, members, structure = turn.now, turn.new, setup.members, setup.structure
    policy, place, mine, dice = desk.policy, desk.place, desk.mine, desk.dice
    body_weight, highest = u[U.body_weight], np.int8(structure.rungs)
    for i in range(members.code.shape[0]):
        if members.subregion[i] != g:
            continue
        c, ldc, special = members.group[i], members.ldc[when.step, i], members.assisted[when.step, i]
        _set_member_hazard(ldc, special, turn.old.coverage, effects[i], now.trust[i], u, policy.assistance, mine)
        _set_effects(now.delivered[i, NETWORKING], now.delivered[i, ACCOUNTABILITY], desk.guard, mine)
        _set_delivery_hazard(new.need[i], new.own[i], new.grant[i], now.capacity[i], u, mine)
        state.clear(mine.bodies)
        for a in range(ACTION_COUNT):
            pledged, near, far, pull = now.pledged[i, a], place.near[a], place.far[a], place.pull[a]
            if setup.mixed:
                _ask_bodies(i, a, pledged, members, body_weight, desk.census.bodies, near, mine)
            if structure.link == _LINK_EXP:
                effort, hazard = policy.effort[c, a], dice.pledge[a]
                _set_log_hazard(pledged, pull, far, effort, u[U.peer_effect], policy.linking, mine, hazard)
            else:
                _set_textbook_chance(i, a, now.pledged, setup, body_weight, near, mine, dice.pledge[a])
            if a == 0 or policy.uneven[c]:
                _set_delivery(policy.delivery[c, a], mine.delivery_hazard, dice.delivery[a])
        _draw(when, members.code[i], policy.uneven[c], dice, mine)
        _strike_pledges(structure.link, flat(dice.word), flat(dice.pledge), flat(dice.moves.pledge))
        _move(i, now, new, place.offer, highest, dice)


@rows
def _set_member_hazard(ldc, special, coverage, effect, trust, u, assistance, mine):
    """Compute the part of the log hazard of pledging that a member carries for every action."""
    for r in range(trust.shape[0]):
        mine.log_hazard[r] = rules.member_log_hazard(
            effect[r],
            u[U.ldc_penalty, r],
            ldc,
            coverage[r],
            u[U.reference_coverage, r],
            u[U.trust_effect, r],
            trust[r],
            u[U.assistance_effect, r],
            assistance[r] * special,
        )


@rows
def _set_effects(networking, accountability, guard, mine):
    """Look up what a member's delivered networking and accountability do."""
    for r in range(networking.shape[0]):
        mine.networked[r] = rules.effect(networking[r])
    _choose(accountability, guard.speed, mine.speed)
    _choose(accountability, guard.lapse, mine.lapse)
    _choose(accountability, guard.exit, mine.exit)


@rows
def _choose(accountability, guard, row):
    """Look up what belongs to a member's delivered accountability."""
    for r in range(accountability.shape[0]):
        row[r] = rules.choose_delivered(
            accountability[r], guard[0, r], guard[1, r], guard[2, r], guard[3, r], guard[4, r]
        )


@rows
def _set_delivery_hazard(need, own, granted, capacity, u, mine):
    """Compute a member's hazard of delivery before any effort."""
    for r in range(need.shape[0]):
        mine.delivery_hazard[r] = rules.means(own[r], granted[r], need[r])
    for r in range(need.shape[0]):
        mine.delivery_hazard[r] = rules.delivery_hazard(
            u[U.delivery_rate, r], capacity[r], mine.delivery_hazard[r], mine.speed[r]
        )


@rows
def _ask_bodies(i, a, pledged, members, body_weight, count, near, mine):
    """Sub-step (3): the part of a member's near share that comes from its bodies."""
    start, stop = members.body_offset[i], members.body_offset[i + 1]
    state.clear(mine.near)
    for m in range(start, stop):
        b = members.body_index[m]
        joined, others = count[b, a], members.body_size[b] - 1.0
        for r in range(pledged.shape[0]):
            ahead = rules.choose(pledged[r] + 1, joined[0, r], joined[1, r], joined[2, r], joined[3, r])
            mine.near[r] += rules.share(ahead, others)
    if start == stop:  # a member of none has its subregion alone
        _look_up(pledged, near, mine.near)
    several = max(stop - start, 1)
    for r in range(pledged.shape[0]):
        mine.bodies[r] = rules.near_part(body_weight[r], rules.share(mine.near[r], several))


@rows
def _look_up(pledged, shares, share):
    """Look up the share of peers that have pledged a member's next rung."""
    for r in range(pledged.shape[0]):
        share[r] = rules.choose(pledged[r] + 1, shares[0, r], shares[1, r], shares[2, r], shares[3, r])


@rows
def _set_log_hazard(pledged, pull, far, effort, peer_effect, linking, mine, log_hazard):
    """Sub-step (4), the model's own link: the log hazard of pledging the next rung."""
    for r in range(pledged.shape[0]):
        k = pledged[r] + 1
        far_share = rules.choose(k, far[0, r], far[1, r], far[2, r], far[3, r])
        log_hazard[r] = rules.pledge_log_hazard(
            rules.choose(k, pull[0, r], pull[1, r], pull[2, r], pull[3, r]),
            mine.log_hazard[r],
            effort[r],
            rules.far_log_hazard(linking[r], far_share, mine.networked[r]),
            rules.near_log_hazard(peer_effect[r], mine.bodies[r]),
        )


@rows
def _strike_pledges(link, words, pledge, pledges):
    """Tell which pledges the draws allow, given their log hazards, or chances of the links with textbook limits."""
    if link == _LINK_EXP:
        if strike_surely(words, pledge, pledges):
            return
        _set_probability(pledge)
    for r in range(words.shape[0]):
        pledges[r] = draws.strikes(words[r], pledge[r])


@rows
def _set_probability(log_hazard):
    """Turn log hazards into chances, in two loops: two exponentials in a row keep a processor waiting."""
    for r in range(log_hazard.shape[0]):
        log_hazard[r] = rules.exponential(log_hazard[r])
    for r in range(log_hazard.shape[0]):
        log_hazard[r] = rules.probability(log_hazard[r])


@rows
def _set_textbook_chance(i, a, pledged, setup, body_weight, near, mine, chance):
    """Sub-step (4), the two links with textbook limits, for tests alone; an infinite hazard is a certain pledge."""
    structure, circle = setup.structure, setup.circle
    if circle.neighbour_offset.shape[0] > 0:
        _ask_neighbours(i, a, pledged, circle, mine.near)
    else:
        _look_up(pledged[i, a], near, mine.near)
        for r in range(near.shape[1]):
            own = rules.near_part(1.0 - body_weight[r], mine.near[r])
            mine.near[r] = own + mine.bodies[r]
    for r in range(near.shape[1]):
        share = mine.near[r]
        if structure.link == _LINK_LINEAR:
            hazard = rules.linear_hazard(structure.innovation, structure.imitation, share)
        else:
            hazard = np.inf if share >= circle.threshold[i] else 0.0
        chance[r] = rules.probability(hazard)


@rows
def _ask_neighbours(i, a, pledged, circle, share):
    """Take a member's neighbours on a graph for its near peers, in a textbook limit alone."""
    start, stop = circle.neighbour_offset[i], circle.neighbour_offset[i + 1]
    for r in range(share.shape[0]):
        joined = 0
        for m in range(start, stop):
            joined += pledged[circle.neighbour[m], a, r] > pledged[i, a, r]
        share[r] = rules.share(joined, stop - start)


@rows
def _set_delivery(effort, hazard, chance):
    """Sub-step (5): the chance of delivering the next rung."""
    for r in range(effort.shape[0]):
        chance[r] = rules.probability(hazard[r] * effort[r])


@rows
def _draw(when, entity, uneven, dice, mine):
    """Draw for all actions of a member."""
    rounds = dice.rounds
    c1, c2, c3 = draws.year_rounds(when.k0, when.k1, when.year, entity)
    draws.replicate_round(c2, when.replicate, rounds.third_high, rounds.third_low)
    k0, k1 = draws.next_key(*draws.next_key(when.k0, when.k1))
    for a in range(ACTION_COUNT):
        of_action = Rounds(rounds.second_high[a], rounds.second_low[a], rounds.third_high, rounds.third_low)
        delivery = dice.delivery[a if uneven else 0]
        _strike(c1, c3, k0, k1, of_action, delivery, mine, dice.word[a], _moves_of(dice.moves, a))


@rows
def _strike(c1, c3, k0, k1, rounds, delivery, mine, words, moves):
    """Draw for one action of a member: keep the word of pledging, and tell which other moves the draws allow."""
    for r in range(delivery.shape[0]):
        word0, word1, word2, word3 = draws.last_rounds(
            c1, c3, rounds.second_high[r], rounds.second_low[r], rounds.third_high[r], rounds.third_low[r], k0, k1
        )
        words[r] = word0
        moves.delivery[r] = draws.strikes(np.uint32(word1), delivery[r])
        moves.lapse[r] = np.int64(word2) < mine.lapse[r]
        moves.exit[r] = np.int64(word3) < mine.exit[r]


@view
def _moves_of(moves, action):
    """Return the moves of an action."""
    return Moves(moves.pledge[action], moves.delivery[action], moves.lapse[action], moves.exit[action])


@rows
def _move(i, now, new, offer, highest, dice):
    """Write a member's next rungs and clocks in all its actions (sub-steps 4 to 7)."""
    pledged, delivered = flat(now.pledged[i]), flat(now.delivered[i])
    next_pledged, next_delivered = flat(new.pledged[i]), flat(new.delivered[i])
    moves, waits = dice.moves, flat(dice.waits)
    all_moves = Moves(flat(moves.pledge), flat(moves.delivery), flat(moves.lapse), flat(moves.exit))
    _settle(pledged, delivered, flat(offer), highest, all_moves, next_pledged, next_delivered, waits)
    _wait(flat(now.waiting[i]), waits, flat(new.waiting[i]))


@rows
def _settle(pledged, delivered, offer, highest, moves, next_pledged, next_delivered, waits):
    """Make the moves that a member can make, and find the pledges that go on waiting."""
    for r in range(pledged.shape[0]):
        p, d = pledged[r], delivered[r]
        rises = rules.may_pledge(p, offer[r], highest) & (moves.pledge[r] != 0)
        falls = rules.may_slip(p, rises) & (moves.exit[r] != 0)
        new_p = np.int8(rules.next_pledged(p, np.int8(rises), np.int8(falls)))
        comes = rules.unmet(d, p) & (moves.delivery[r] != 0)
        goes = rules.may_slip(d, comes) & (moves.lapse[r] != 0)
        new_d = np.int8(rules.next_delivered(d, np.int8(comes), np.int8(goes), new_p))
        next_pledged[r], next_delivered[r] = new_p, new_d
        waits[r] = rules.still_waiting(d, p, comes, new_d, new_p)


@rows
def _wait(waiting, waits, next_waiting):
    """Count the years that pledges wait (sub-step 7)."""
    for r in range(waiting.shape[0]):
        next_waiting[r] = rules.next_waiting(waiting[r], waits[r])
