"""Sub-step (3) of a block, and what all count before: pledges, deliveries, promises, and shares of peers."""
# mypy: disable-error-code="no-untyped-def, no-untyped-call, no-any-return"

import numpy as np

from foresight.actions import RUNGS, TRANSPARENCY
from foresight.engine import rules
from foresight.engine.compiled import rows, view
from foresight.engine.desk import Promises
from foresight.engine.state import ACTION_COUNT, SUBREGION_COUNT, U, clear


@rows
def count_members(now, offer, u, members, mixed, census, promises):
    """Count pledges and deliveries, and sum trust and what the others see of each member."""
    clear(census.pledged)
    clear(census.ready)
    clear(census.trust)
    clear(census.total.kept)
    clear(census.total.broken)
    for i in range(members.code.shape[0]):
        g = members.subregion[i]
        _count_pledges(now.pledged[i], census.pledged[g])
        _count_promises(now.pledged[i], now.delivered[i], now.waiting[i], census.grace, promises)
        _count_ready(now.delivered[i], offer[g], census.ready[g])
        own, everywhere = promises_of(census.total, g), promises_of(census.total, SUBREGION_COUNT)
        seen, least = promises_of(census.seen, i), u[U.least_visibility]
        _weigh_promises(now.delivered[i, TRANSPARENCY], promises, least, seen, own, everywhere)
        _add(census.trust[g], now.trust[i])
    for g in range(SUBREGION_COUNT):
        for a in range(ACTION_COUNT):
            for q in range(RUNGS):
                _add(census.pledged[SUBREGION_COUNT, a, q], census.pledged[g, a, q])
    if mixed:
        _count_bodies(now.pledged, members, census.bodies)


@view
def promises_of(promises, k):
    """Return the promises of one among many."""
    return Promises(promises.kept[k], promises.broken[k])


@rows
def _count_pledges(pledged, count):
    """Add one member's pledges, int8[action, run], to a count of members by action and rung."""
    for a in range(ACTION_COUNT):
        count_rungs(pledged[a], count[a, 0], count[a, 1], count[a, 2], count[a, 3])


@rows
def count_rungs(rungs, first, second, third, fourth):
    """Add to the counts of those who have reached each rung."""
    for r in range(rungs.shape[0]):
        first[r] += rungs[r] > 0
        second[r] += rungs[r] > 1
        third[r] += rungs[r] > 2
        fourth[r] += rungs[r] > 3


@rows
def _count_ready(delivered, offer, count):
    """Add one member to the count of those who have delivered the rung on offer."""
    for a in range(ACTION_COUNT):
        for r in range(offer.shape[0]):
            count[a, r] += np.int16(delivered[a, r] >= offer[r])


@rows
def _count_promises(pledged, delivered, waiting, grace, promises):
    """Count one member's promises kept and broken."""
    for r in range(grace.shape[0]):
        kept, broken = np.int8(0), np.int8(0)
        for a in range(ACTION_COUNT):
            late = rules.overdue(delivered[a, r], pledged[a, r], waiting[a, r], grace[r])
            kept += np.int8(rules.kept(delivered[a, r], late))
            broken += np.int8(late)
        promises.kept[r], promises.broken[r] = kept, broken


@rows
def _weigh_promises(transparent, promises, least, seen, own, everywhere):
    """Weigh one member's promises by how visible it is, and add them to the sums of its subregion and of all."""
    for r in range(least.shape[0]):
        visible = rules.visibility(least[r], rules.effect(transparent[r]))
        kept = rules.promises_seen(visible, promises.kept[r], ACTION_COUNT)
        broken = rules.promises_seen(visible, promises.broken[r], ACTION_COUNT)
        seen.kept[r], seen.broken[r] = kept, broken
        own.kept[r] += kept
        own.broken[r] += broken
        everywhere.kept[r] += kept
        everywhere.broken[r] += broken


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
    clear(acted_mean)
    for i in range(subregion.shape[0]):
        g = subregion[i]
        for d in range(weights.shape[0]):
            _sum_parts(delivered[i], weights[d], size[g], acted[i, d], acted_mean[g, d])


@rows
def _sum_parts(delivered, weights, size, acted, mean):
    """Compute what a member does for a domain, and add it to the mean of its subregion."""
    for r in range(acted.shape[0]):
        done = 0.0
        for a in range(ACTION_COUNT):
            done += rules.action_part(weights[a], delivered[a, r])
        acted[r] = done
        mean[r] += done / size
