"""From the history of members to series of scopes: counts, means and sums, for every run and year.

A scope is any set of members. The same compiled reduction serves blocks of runs as they are simulated and whole
histories afterwards. As in the engine, runs are the last axis and never meet: no sum crosses it.
"""
# mypy: disable-error-code="no-untyped-def, no-untyped-call, attr-defined"

import math
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from foresight import rules
from foresight.actions import ACCOUNTABILITY, ACTIONS, RUNGS, SUBREGIONS
from foresight.compiled import compiled
from foresight.counting import sum_actions
from foresight.engine import BLOCK, cores, distinct_domains, split, uncertainty_table
from foresight.inputs import Floats, Inputs, Integers, Rungs
from foresight.state import History, U

Counts = npt.NDArray[np.int16]
Mask = npt.NDArray[np.bool_]

_A: Final = len(ACTIONS)
_G: Final = len(SUBREGIONS)
_AS_THEY_ARE: Final = ("offer", "fund", "coverage")

#: What holds up deliveries and pledges (H5), in the order of `obstacle_gains`.
DELIVERY_OBSTACLES: Final = ("resources", "capacity", "accountability")
PLEDGE_OBSTACLES: Final = ("coverage", "trust")


class Series(NamedTuple):
    """What a set of members does, by year and run; counts are of members, means are over members."""

    pledged_count: Counts  # [year, scope, action, rung, run], members that have pledged the rung
    delivered_count: Counts  # [year, scope, action, rung, run], members that have delivered the rung
    overdue_count: Counts  # [year, scope, action, run], members whose pledge is overdue
    trust: Floats  # [year, scope, run], mean, 0..1
    capacity: Floats  # [year, scope, run], mean, 0..1
    need: Floats  # [year, scope, run], sum, units a year
    own: Floats  # [year, scope, run], sum, units a year
    gap: Floats  # [year, scope, run], sum of what members cannot pay themselves, units a year
    grant: Floats  # [year, scope, run], sum, units a year
    contribution: Floats  # [year, scope, run], sum, units a year
    condition: Floats  # [year, domain, scope, run], mean, 0..1; domains with equal weights stand once
    heading: Floats  # [year, domain, scope, run], mean of what the condition tends to, 0..1; likewise
    offer: Rungs  # [year, subregion, run], as in the history
    fund: Floats  # [year, run], as in the history
    coverage: Floats  # [year, run], as in the history


class Scopes(NamedTuple):
    """Which scopes a member is in, as the compiled reduction reads them."""

    offset: Integers  # [member + 1]: member i is in scopes entry[offset[i]:offset[i + 1]]
    entry: Integers  # [membership], positions of scopes
    size: Floats  # [scope], members


def new_series(inputs: Inputs, scopes: int, runs: int) -> Series:
    """Make empty series for a number of scopes and runs."""
    years, domains = len(inputs.years), len(distinct_domains(inputs)[0])
    pledged, delivered = np.empty((2, years, scopes, _A, RUNGS, runs), np.int16)
    overdue = np.empty((years, scopes, _A, runs), np.int16)
    trust, capacity, need, own, gap, grant, contribution = np.empty((7, years, scopes, runs))
    condition, heading = np.empty((2, years, domains, scopes, runs))
    offer = np.empty((years, _G, runs), np.int8)
    fund, coverage = np.empty((2, years, runs))
    return Series(
        *(pledged, delivered, overdue),
        *(trust, capacity),
        *(need, own, gap, grant, contribution),
        *(condition, heading),
        offer,
        *(fund, coverage),
    )


def scopes_of(masks: Sequence[Mask]) -> Scopes:
    """Turn bool[member], one a scope, into what the reduction reads."""
    belongs = np.array(masks).T  # [member, scope]
    offset = np.concatenate([[0], np.cumsum(belongs.sum(axis=1))]).astype(np.int64)
    return Scopes(offset, np.nonzero(belongs)[1].astype(np.int64), belongs.sum(axis=0).astype(np.float64))


def reduce_block(inputs: Inputs, scopes: Scopes, series: Series, part: slice, history: History) -> slice:
    """Write the series of one block of runs into their place.

    Parameters
    ----------
    inputs : Inputs
        What was simulated.
    scopes : Scopes
        Sets of members.
    series : Series
        Of all runs.
    part : slice
        The runs of the block among all runs.
    history : History
        Of the block alone, or of all runs.

    Returns
    -------
    slice
        `part`, so that a caller can count.
    """
    width = part.stop - part.start
    first = part.start if history.fund.shape[1] > width else 0
    for name in _AS_THEY_ARE:
        getattr(series, name)[..., part] = getattr(history, name)[..., first : first + width]
    table = uncertainty_table(inputs, part, width)
    weights = distinct_domains(inputs)[0]
    _summarise(history, inputs.members.subregion, weights, scopes, table, first, series, part.start, width)
    return part


def summarised(inputs: Inputs, masks: Sequence[Mask], history: History) -> Series:
    """Return the series of a whole history, domains with equal weights once, on all cores.

    Parameters
    ----------
    inputs : Inputs
        What was simulated.
    masks : sequence of bool[member]
        One a scope.
    history : History
        Contiguous, run last, with the distinct domains only.
    """
    runs = history.fund.shape[1]
    series = new_series(inputs, len(masks), runs)
    scopes = scopes_of(masks)
    with ThreadPoolExecutor(cores()) as pool:
        list(pool.map(lambda part: reduce_block(inputs, scopes, series, part, history), split(runs, BLOCK, cores())))
    return series


def obstacle_gains(inputs: Inputs, history: History, ample: float) -> Floats:
    """Return what removing each obstacle would add to the log hazards of members, summed over their actions.

    Deliveries: every action with an unmet pledge counts. Without want of resources m = 1, of capacity
    C = `ample`, of accountability D = 4 on that action. Pledges: every action counts whose next rung is
    on offer. Coverage s = 1, trust T = 1. An obstacle that is none adds 0. Events are left aside.

    Parameters
    ----------
    inputs : Inputs
        What was simulated.
    history : History
        As for `summarised`.
    ample : float
        Capacity of a member that capacity does not hold up, 0..1.

    Returns
    -------
    float64[obstacle, step, member, run]
        `DELIVERY_OBSTACLES`, then `PLEDGE_OBSTACLES`; a step has the year that it starts in.
    """
    runs = history.fund.shape[1]
    obstacles = len(DELIVERY_OBSTACLES) + len(PLEDGE_OBSTACLES)
    gains = np.empty((obstacles, len(inputs.years) - 1, len(inputs.members.code), runs))
    _find_gains(history, inputs.members, uncertainty_table(inputs, slice(0, runs), runs), ample, gains)
    return gains


@compiled
def _find_gains(history, members, u, ample, gains):
    """Fill the gains of every step and member."""
    size = u.shape[1]
    unmet, open_next = np.empty(size), np.empty(size)
    for step in range(gains.shape[1]):
        for i in range(gains.shape[2]):
            pledged, delivered = history.pledged[step, i], history.delivered[step, i]
            offer = history.offer[step + 1, members.subregion[i]]
            unmet[:] = 0.0
            open_next[:] = 0.0
            for a in range(_A):
                for r in range(size):
                    unmet[r] += 1.0 if delivered[a, r] < pledged[a, r] else 0.0
                    open_next[r] += 1.0 if pledged[a, r] < offer[r] else 0.0
            _gain_deliveries(step, i, history, u, ample, unmet, gains)
            _gain_pledges(step, i, history, members.ldc[step, i], u, open_next, gains)


@compiled
def _gain_deliveries(step, i, history, u, ample, unmet, gains):
    """Compare the hazard of delivery with what it would be without each obstacle."""
    for r in range(unmet.shape[0]):
        pull = u[U.accountability_effect, r]
        factor = rules.safeguard(pull, rules.effect(history.delivered[step, i, ACCOUNTABILITY, r]))
        full = rules.safeguard(pull, rules.effect(RUNGS))
        capacity = history.capacity[step, i, r]
        paid = rules.means(history.own[step + 1, i, r], history.grant[step + 1, i, r], history.need[step + 1, i, r])
        now = rules.delivery_hazard(1.0, capacity, paid, factor)
        gains[0, step, i, r] = unmet[r] * max(math.log(rules.delivery_hazard(1.0, capacity, 1.0, factor) / now), 0.0)
        gains[1, step, i, r] = unmet[r] * max(math.log(rules.delivery_hazard(1.0, ample, paid, factor) / now), 0.0)
        gains[2, step, i, r] = unmet[r] * max(math.log(rules.delivery_hazard(1.0, capacity, paid, full) / now), 0.0)


@compiled
def _gain_pledges(step, i, history, ldc, u, open_next, gains):
    """Compare the log hazard of pledging with what it would be without each obstacle."""
    for r in range(open_next.shape[0]):
        penalty, reference, pull = u[U.ldc_penalty, r], u[U.reference_coverage, r], u[U.trust_effect, r]
        coverage, trust = history.coverage[step, r], history.trust[step, i, r]
        now = rules.member_log_hazard(0.0, penalty, ldc, coverage, reference, pull, trust, 0.0, 0.0)
        covered = rules.member_log_hazard(0.0, penalty, ldc, 1.0, reference, pull, trust, 0.0, 0.0)
        trusting = rules.member_log_hazard(0.0, penalty, ldc, coverage, reference, pull, 1.0, 0.0, 0.0)
        gains[3, step, i, r] = open_next[r] * max(covered - now, 0.0)
        gains[4, step, i, r] = open_next[r] * max(trusting - now, 0.0)


@compiled
def _summarise(history, subregion, weights, scopes, u, first, series, start, width):
    """Fill runs start..start + width of the series from runs first..first + width of the history."""
    members, domains = subregion.shape[0], weights.shape[0]
    acted = np.empty((members, domains, width))
    acted_mean = np.empty((_G, domains, width))
    late = np.empty((_A, width), np.int16)
    grace = np.empty(width, np.int16)
    for r in range(width):
        grace[r] = rules.whole_years(u[U.grace_years, r])
    row = np.empty(width)
    size = np.zeros(_G)
    for i in range(members):
        size[subregion[i]] += 1.0
    for year in range(history.fund.shape[0]):
        _clear(year, start, width, series)
        sum_actions(history.delivered[year], first, subregion, size, weights, acted, acted_mean)
        for i in range(members):
            places = scopes.entry[scopes.offset[i] : scopes.offset[i + 1]]
            _count_rungs(history.pledged[year, i], places, first, width, series.pledged_count[year], start)
            _count_rungs(history.delivered[year, i], places, first, width, series.delivered_count[year], start)
            _find_overdue(year, i, history, first, grace, late)
            _count_overdue(late, places, series.overdue_count[year], start)
            _add_levels(year, i, history, places, first, width, series, start)
            _find_gap(history.need[year, i], history.own[year, i], first, row)
            _add(row, 0, width, places, series.gap[year], start)
            for d in range(domains):
                _add(history.condition[year, i, d], first, width, places, series.condition[year, d], start)
                _find_heading(u, acted[i, d], acted_mean[subregion[i], d], row)
                _add(row, 0, width, places, series.heading[year, d], start)
        _average(year, scopes.size, width, series, start)


@compiled
def _clear(year, start, width, series):
    """Set the sums of a year to 0."""
    stop = start + width
    series.pledged_count[year, :, :, :, start:stop] = 0
    series.delivered_count[year, :, :, :, start:stop] = 0
    series.overdue_count[year, :, :, start:stop] = 0
    series.trust[year, :, start:stop] = 0.0
    series.capacity[year, :, start:stop] = 0.0
    series.need[year, :, start:stop] = 0.0
    series.own[year, :, start:stop] = 0.0
    series.gap[year, :, start:stop] = 0.0
    series.grant[year, :, start:stop] = 0.0
    series.contribution[year, :, start:stop] = 0.0
    series.condition[year, :, :, start:stop] = 0.0
    series.heading[year, :, :, start:stop] = 0.0


@compiled
def _count_rungs(rungs, places, first, width, counts, start):
    """Add one member, int8[action, run], to counts [scope, action, rung, run]."""
    for s in places:
        for a in range(_A):
            source = rungs[a, first : first + width]
            for q in range(RUNGS):
                target = counts[s, a, q, start : start + width]
                for r in range(width):
                    target[r] += np.int16(source[r] > q)


@compiled
def _find_overdue(year, i, history, first, grace, late):
    """Tell which pledges of a member are overdue, int16[action, run]."""
    width = late.shape[1]
    for a in range(_A):
        delivered = history.delivered[year, i, a, first : first + width]
        pledged = history.pledged[year, i, a, first : first + width]
        waiting = history.waiting[year, i, a, first : first + width]
        for r in range(width):
            late[a, r] = np.int16(rules.overdue(delivered[r], pledged[r], waiting[r], grace[r]))


@compiled
def _count_overdue(late, places, counts, start):
    """Add one member's overdue pledges to counts [scope, action, run]."""
    width = late.shape[1]
    for s in places:
        for a in range(_A):
            target = counts[s, a, start : start + width]
            for r in range(width):
                target[r] += late[a, r]


@compiled
def _add_levels(year, i, history, places, first, width, series, start):
    """Add what the history has of a member as it is."""
    _add(history.trust[year, i], first, width, places, series.trust[year], start)
    _add(history.capacity[year, i], first, width, places, series.capacity[year], start)
    _add(history.need[year, i], first, width, places, series.need[year], start)
    _add(history.own[year, i], first, width, places, series.own[year], start)
    _add(history.grant[year, i], first, width, places, series.grant[year], start)
    _add(history.contribution[year, i], first, width, places, series.contribution[year], start)


@compiled
def _add(values, first, width, places, sums, start):
    """Add one member's row to the sums [scope, run] of its scopes."""
    source = values[first : first + width]
    for s in places:
        target = sums[s, start : start + width]
        for r in range(width):
            target[r] += source[r]


@compiled
def _find_gap(need, own, first, gap):
    """Compute what a member cannot pay itself."""
    for r in range(gap.shape[0]):
        gap[r] = rules.excess(need[first + r], own[first + r])


@compiled
def _find_heading(u, own_action, subregion_action, level):
    """Compute the condition that one domain of a member tends to."""
    for r in range(level.shape[0]):
        left = rules.pressure_left(
            u[U.pressure, r], u[U.action_effect, r], u[U.spillover, r], own_action[r], subregion_action[r]
        )
        level[r] = rules.heading(u[U.recovery_rate, r], left)


@compiled
def _average(year, size, width, series, start):
    """Turn sums into means where the series is one of means."""
    for s in range(size.shape[0]):
        for r in range(start, start + width):
            series.trust[year, s, r] = rules.share(series.trust[year, s, r], size[s])
            series.capacity[year, s, r] = rules.share(series.capacity[year, s, r], size[s])
        for d in range(series.condition.shape[1]):
            for r in range(start, start + width):
                series.condition[year, d, s, r] = rules.share(series.condition[year, d, s, r], size[s])
                series.heading[year, d, s, r] = rules.share(series.heading[year, d, s, r], size[s])
