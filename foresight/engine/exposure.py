"""Sub-step (3) of a block, and what all count before: pledges, deliveries, promises, and shares of peers."""
# mypy: disable-error-code="no-untyped-def, no-untyped-call, no-any-return"

import numpy as np

from foresight.actions import RUNGS, TRANSPARENCY
from foresight.engine import rules, state
from foresight.engine.compiled import rows
from foresight.engine.state import ACTION_COUNT, SUBREGION_COUNT, U, clear


@rows
def count_members(now, offer, u, members, mixed, census, promises):
    """Count pledges and deliveries, and sum trust and what the others see of each member."""
    clear(census.pledged)
    clear(census.ready)
    clear(census.trust)
    clear(census.kept)
    clear(census.broken)
    for i in range(members.code.shape[0]):
        g = members.subregion[i]
        _count_pledges(now.pledged[i], census.pledged[g])
        _count_promises(now.pledged[i], now.delivered[i], now.waiting[i], census.grace, promises)
        _count_ready(now.delivered[i], offer[g], census.ready[g])
        _weigh_promises(now.delivered[i, TRANSPARENCY], promises, u, census.seen[i])
        for place in (g, SUBREGION_COUNT):
            _add(census.kept[place], census.seen[i, state.KEPT])
            _add(census.broken[place], census.seen[i, state.BROKEN])
        _add(census.trust[g], now.trust[i])
    for g in range(SUBREGION_COUNT):
        for a in range(ACTION_COUNT):
            for q in range(RUNGS):
                _add(census.pledged[SUBREGION_COUNT, a, q], census.pledged[g, a, q])
    if mixed:
        _count_bodies(now.pledged, members, census.bodies)


@rows
def _count_pledges(pledged, count):
    """Add one member's pledges, int8[action, run], to a count of members by action and rung."""
    for a in range(ACTION_COUNT):
        for q in range(RUNGS):
            for r in range(pledged.shape[1]):
                count[a, q, r] += np.int16(pledged[a, r] > q)


@rows
def _count_ready(delivered, offer, count):
    """Add one member to the count of those who have delivered the rung on offer."""
    for a in range(ACTION_COUNT):
        for r in range(offer.shape[0]):
            count[a, r] += np.int16(delivered[a, r] >= offer[r])


@rows
def _count_promises(pledged, delivered, waiting, grace, promises):
    """Count one member's promises kept and broken."""
    clear(promises)
    for a in range(ACTION_COUNT):
        for r in range(grace.shape[0]):
            late = rules.overdue(delivered[a, r], pledged[a, r], waiting[a, r], grace[r])
            promises[state.KEPT, r] += np.int8(rules.kept(delivered[a, r], late))
            promises[state.BROKEN, r] += np.int8(late)


@rows
def _weigh_promises(transparent, promises, u, seen):
    """Weigh one member's promises kept and broken by how visible it is."""
    for r in range(u.shape[1]):
        visible = rules.visibility(u[U.least_visibility, r], rules.effect(transparent[r]))
        seen[state.KEPT, r] = rules.promises_seen(visible, promises[state.KEPT, r], ACTION_COUNT)
        seen[state.BROKEN, r] = rules.promises_seen(visible, promises[state.BROKEN, r], ACTION_COUNT)


@rows
def _add(total, part):
    """Add one row to another."""
    for r in range(total.shape[0]):
        total[r] += part[r]


@rows
def _count_bodies(pledged, members, count):
    """Count pledges in each body."""
    clear(count)
    for i in range(members.code.shape[0]):
        for m in range(members.body_offset[i], members.body_offset[i + 1]):
            _count_pledges(pledged[i], count[members.body_index[m]])


@rows
def share_peers(g, census, place):
    """Sub-step (3): shares of near and far members at each rung, as seen from a subregion."""
    inside = census.size[g]
    outside = census.size.sum() - inside
    count, total = census.pledged[g], census.pledged[SUBREGION_COUNT]
    for a in range(ACTION_COUNT):
        for q in range(RUNGS):
            for r in range(count.shape[2]):
                place.near[a, q, r] = rules.share(count[a, q, r], inside - 1.0)
            for r in range(count.shape[2]):
                place.far[a, q, r] = rules.share(np.int16(total[a, q, r] - count[a, q, r]), outside)


@rows
def sum_actions(delivered, subregion, size, weights, acted, acted_mean):
    """Compute what each member does for each domain, and the means by subregion.

    Parameters
    ----------
    delivered : int8[member, action, run]
    subregion : int64[member]
    size : float64[subregion]
        Members.
    weights : float64[domain, action]
    acted, acted_mean : float64[member, domain, run], float64[subregion, domain, run]
        The outcome, 0..1.
    """
    clear(acted)
    clear(acted_mean)
    for i in range(subregion.shape[0]):
        for d in range(weights.shape[0]):
            for a in range(ACTION_COUNT):
                for r in range(acted.shape[2]):
                    acted[i, d, r] += rules.action_part(weights[d, a], delivered[i, a, r])
            for r in range(acted.shape[2]):
                acted_mean[subregion[i], d, r] += acted[i, d, r] / size[subregion[i]]
