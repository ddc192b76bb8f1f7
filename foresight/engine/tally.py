"""What a year of members comes to in sets of members: counts, means and sums, for every run.

As in the engine, runs are the last axis and never meet: no sum crosses it.
"""
# mypy: disable-error-code="no-untyped-def, no-untyped-call"

from typing import Final, NamedTuple

import numpy as np

from foresight.actions import RUNGS
from foresight.arrays import Bytes, Counts, Floats, Integers, Rungs
from foresight.engine import rules
from foresight.engine.compiled import rows
from foresight.engine.exposure import count_rungs, sum_actions
from foresight.engine.state import ACTION_COUNT, SUBREGION_COUNT, U, clear, copy, flat, subregion_sizes

#: Layers of whole numbers that a member adds to its scopes: pledged and delivered rungs, one a rung, then overdue.
_PLEDGED: Final = 0
_DELIVERED: Final = RUNGS
_OVERDUE: Final = 2 * RUNGS
_COUNTS: Final = _OVERDUE + 1
#: Rows of real numbers; the condition of each domain and its heading follow.
_TRUST, _CAPACITY, _NEED, _OWN, _GAP, _GRANT, _CONTRIBUTION = range(7)
_LEVELS: Final = 7

#: Members whose counts fit into a byte.
_FEW: Final = 255


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
    """Which scopes a member is in; members who share all their scopes stand together and are added up first."""

    order: Integers  # [member], members by the scopes they share
    stop: Integers  # [set of scopes + 1]: order[stop[k]:stop[k + 1]] are those of the k-th set
    offset: Integers  # [set of scopes + 1]: the k-th set is entry[offset[k]:offset[k + 1]]
    entry: Integers  # [membership], positions of scopes
    size: Floats  # [scope], members


class Tally(NamedTuple):
    """The series to fill, and the members that each scope has."""

    scopes: Scopes
    series: Series


class Sheet(NamedTuple):
    """Working space: what the members of a set of scopes add up to, and what scopes do."""

    set_counts: Bytes  # [layer, action, run], of at most `_FEW` members
    set_levels: Floats  # [row, run]
    counts: Counts  # [scope, layer, action, run]
    levels: Floats  # [scope, row, run]
    acted: Floats  # [member, domain, run]
    acted_mean: Floats  # [subregion, domain, run]
    size: Floats  # [subregion], members
    grace: Counts  # [action, run], whole years, the same for every action


def new_sheet(scopes: int, subregion: Integers, domains: int, runs: int) -> Sheet:
    """Make the working space of a block."""
    levels = _LEVELS + 2 * domains
    return Sheet(
        set_counts=np.empty((_COUNTS, ACTION_COUNT, runs), np.uint8),
        set_levels=np.empty((levels, runs)),
        counts=np.empty((scopes, _COUNTS, ACTION_COUNT, runs), np.int16),
        levels=np.empty((scopes, levels, runs)),
        acted=np.empty((len(subregion), domains, runs)),
        acted_mean=np.empty((SUBREGION_COUNT, domains, runs)),
        size=subregion_sizes(subregion),
        grace=np.empty((ACTION_COUNT, runs), np.int16),
    )


@rows
def set_sheet(u, sheet):
    """Write what stays the same in all years: the years of grace."""
    for a in range(ACTION_COUNT):
        for r in range(u.shape[1]):
            sheet.grace[a, r] = rules.whole_years(u[U.grace_years, r])


@rows
def tally_year(k, year, subregion, weights, u, start, tally, sheet):
    """Fill year k, runs start and after, of the series from a year of a block."""
    scopes = tally.scopes
    clear(sheet.counts)
    clear(sheet.levels)
    sum_actions(year.delivered, subregion, sheet.size, weights, sheet.acted, sheet.acted_mean)
    for n in range(scopes.stop.shape[0] - 1):
        some = scopes.order[scopes.stop[n] : scopes.stop[n + 1]]
        places = scopes.entry[scopes.offset[n] : scopes.offset[n + 1]]
        _count_set(year, some, places, sheet)
        _sum_set(year, some, places, subregion, u, sheet)
    _write_counts(sheet.counts, k, start, tally.series)
    _write_levels(sheet.levels, scopes.size, k, start, tally.series)
    _write_region(year, k, start, tally.series)


@rows
def _count_set(year, some, places, sheet):
    """Count some members, of a set of scopes, into each of these."""
    for first in range(0, some.shape[0], _FEW):
        clear(sheet.set_counts)
        for i in some[first : first + _FEW]:
            _count_layers(flat(year.pledged[i]), sheet.set_counts, _PLEDGED)
            _count_layers(flat(year.delivered[i]), sheet.set_counts, _DELIVERED)
            _count_overdue(year, i, sheet)
        for s in places:
            _add_counts(flat(sheet.set_counts), flat(sheet.counts[s]))


@rows
def _count_layers(rungs, counts, layer):
    """Count in which cells a member has reached each rung, from a layer on."""
    count_rungs(rungs, flat(counts[layer]), flat(counts[layer + 1]), flat(counts[layer + 2]), flat(counts[layer + 3]))


@rows
def _count_overdue(year, i, sheet):
    """Count which pledges of a member are overdue."""
    pledged, delivered, waiting = flat(year.pledged[i]), flat(year.delivered[i]), flat(year.waiting[i])
    _add_overdue(delivered, pledged, waiting, flat(sheet.grace), flat(sheet.set_counts[_OVERDUE]))


@rows
def _add_overdue(delivered, pledged, waiting, grace, overdue):
    """Add to the counts of those whose pledge is overdue."""
    for r in range(overdue.shape[0]):
        overdue[r] += np.uint8(rules.overdue(delivered[r], pledged[r], waiting[r], grace[r]))


@rows
def _sum_set(year, some, places, subregion, u, sheet):
    """Sum the real numbers of some members, of a set of scopes, into each of these."""
    level, domains = sheet.set_levels, sheet.acted.shape[1]
    clear(level)
    for i in some:
        _add(year.trust[i], level[_TRUST])
        _add(year.capacity[i], level[_CAPACITY])
        _add(year.need[i], level[_NEED])
        _add(year.own[i], level[_OWN])
        _add_gap(year.need[i], year.own[i], level[_GAP])
        _add(year.grant[i], level[_GRANT])
        _add(year.contribution[i], level[_CONTRIBUTION])
        for d in range(domains):
            _add(year.condition[i, d], level[_LEVELS + d])
            _add_heading(u, sheet.acted[i, d], sheet.acted_mean[subregion[i], d], level[_LEVELS + domains + d])
    for s in places:
        _add(flat(level), flat(sheet.levels[s]))


@rows
def _add_gap(need, own, total):
    """Add what a member cannot pay itself."""
    for r in range(total.shape[0]):
        total[r] += rules.excess(need[r], own[r])


@rows
def _add_counts(row, total):
    """Add the counts of a set of members to those of a scope."""
    for k in range(total.shape[0]):
        total[k] += np.int16(row[k])


@rows
def _add(row, total):
    """Add what a member or a set of members has to a sum."""
    for k in range(total.shape[0]):
        total[k] += row[k]


@rows
def _write_counts(counts, k, start, series):
    """Put the counts of all scopes into their place."""
    stop = start + counts.shape[3]
    for s in range(counts.shape[0]):
        for a in range(ACTION_COUNT):
            for q in range(RUNGS):
                copy(counts[s, _PLEDGED + q, a], series.pledged_count[k, s, a, q, start:stop])
                copy(counts[s, _DELIVERED + q, a], series.delivered_count[k, s, a, q, start:stop])
            copy(counts[s, _OVERDUE, a], series.overdue_count[k, s, a, start:stop])


@rows
def _write_levels(levels, size, k, start, series):
    """Put the sums of all scopes into their place, and the means where the series is one of means."""
    domains, stop = series.condition.shape[1], start + levels.shape[2]
    for s in range(levels.shape[0]):
        copy(levels[s, _NEED], series.need[k, s, start:stop])
        copy(levels[s, _OWN], series.own[k, s, start:stop])
        copy(levels[s, _GAP], series.gap[k, s, start:stop])
        copy(levels[s, _GRANT], series.grant[k, s, start:stop])
        copy(levels[s, _CONTRIBUTION], series.contribution[k, s, start:stop])
        _average(levels[s, _TRUST], size[s], series.trust[k, s, start:stop])
        _average(levels[s, _CAPACITY], size[s], series.capacity[k, s, start:stop])
        for d in range(domains):
            _average(levels[s, _LEVELS + d], size[s], series.condition[k, d, s, start:stop])
            _average(levels[s, _LEVELS + domains + d], size[s], series.heading[k, d, s, start:stop])


@rows
def _write_region(year, k, start, series):
    """Put what the region and its subregions have as it is into its place."""
    stop = start + year.fund.shape[0]
    for g in range(SUBREGION_COUNT):
        copy(year.offer[g], series.offer[k, g, start:stop])
    copy(year.fund, series.fund[k, start:stop])
    copy(year.coverage, series.coverage[k, start:stop])


@rows
def _average(total, size, target):
    """Write the means over a scope."""
    for r in range(total.shape[0]):
        target[r] = rules.share(total[r], size)


@rows
def _add_heading(u, own_action, subregion_action, total):
    """Add the condition that one domain of a member tends to."""
    for r in range(total.shape[0]):
        left = rules.pressure_left(
            u[U.pressure, r], u[U.action_effect, r], u[U.spillover, r], own_action[r], subregion_action[r]
        )
        total[r] += rules.heading(u[U.recovery_rate, r], left)
