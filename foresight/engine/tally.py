"""What a year of members comes to in sets of members: counts, means and sums, for every run.

As in the engine, runs are the last axis and never meet: no sum crosses it.
"""
# mypy: disable-error-code="no-untyped-def, no-untyped-call"

from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np

from foresight.actions import RUNGS
from foresight.arrays import Bytes, Counts, Floats, Integers, Rungs
from foresight.engine import rules
from foresight.engine.compiled import rows
from foresight.engine.exposure import count_rungs, sum_actions
from foresight.engine.flat import flat
from foresight.engine.state import ACTION_COUNT, SUBREGION_COUNT, U, clear, move, subregion_sizes

#: Place of a series that nobody wants.
_NOWHERE: Final = -1

#: Members whose counts fit into a byte.
_FEW: Final = 255


class Series(NamedTuple):
    """What a set of members does, by year and run; counts are of members, means are over members.

    A series of scopes that nobody wants has room for no run.
    """

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


class Places(NamedTuple):
    """Where the series of scopes begin among the counts or the levels of a sheet, `_NOWHERE` if nobody wants them.

    A count has a layer a rung, a level a row, and the condition of domains and its heading a row a domain.
    """

    pledged_count: int
    delivered_count: int
    overdue_count: int
    trust: int
    capacity: int
    need: int
    own: int
    gap: int
    grant: int
    contribution: int
    condition: int
    heading: int


class Sheet(NamedTuple):
    """Working space: what the members of a set of scopes add up to, and what scopes do."""

    places: Places
    set_counts: Bytes  # [layer, action, run], of at most `_FEW` members
    set_levels: Floats  # [row, run]
    counts: Counts  # [scope, layer, action, run]
    levels: Floats  # [scope, row, run]
    acted: Floats  # [member, domain, run]
    acted_mean: Floats  # [subregion, domain, run]
    size: Floats  # [subregion], members
    grace: Counts  # [action, run], whole years, the same for every action


def new_sheet(tally: Tally, subregion: Integers, domains: int, runs: int) -> Sheet:
    """Make the working space of a block."""
    widths = dict.fromkeys(Places._fields, 1) | {"pledged_count": RUNGS, "delivered_count": RUNGS}
    widths |= dict.fromkeys(("condition", "heading"), domains)
    counted = {name: width for name, width in widths.items() if name.endswith("_count")}
    counts, layers = _placed(tally.series, counted)
    levels, rows = _placed(tally.series, {name: width for name, width in widths.items() if name not in counted})
    scopes = len(tally.scopes.size)
    return Sheet(
        places=Places(**counts, **levels),
        set_counts=np.empty((layers, ACTION_COUNT, runs), np.uint8),
        set_levels=np.empty((rows, runs)),
        counts=np.empty((scopes, layers, ACTION_COUNT, runs), np.int16),
        levels=np.empty((scopes, rows, runs)),
        acted=np.empty((len(subregion), domains, runs)),
        acted_mean=np.empty((SUBREGION_COUNT, domains, runs)),
        size=subregion_sizes(subregion),
        grace=np.empty((ACTION_COUNT, runs), np.int16),
    )


def _placed(series: Series, widths: Mapping[str, int]) -> tuple[dict[str, int], int]:
    """Put those series that are wanted one after the other: where each begins, and where the last one ends."""
    places, stop = {}, 0
    for name, width in widths.items():
        wanted = getattr(series, name).size > 0
        places[name] = stop if wanted else _NOWHERE
        stop += width if wanted else 0
    return places, stop


@rows
def set_sheet(u, sheet):
    """Write what stays the same in all years: the years of grace."""
    for a in range(ACTION_COUNT):
        for r in range(u.shape[1]):
            sheet.grace[a, r] = rules.whole_years(u[U.grace_years, r])


@rows
def tally_year(k, year, subregion, weights, u, start, tally, sheet):
    """Fill year k, runs start and after, of the series from a year of a block."""
    scopes, at = tally.scopes, sheet.places
    clear(sheet.counts)
    clear(sheet.levels)
    if at.heading >= 0:
        sum_actions(year.delivered, subregion, sheet.size, weights, sheet.acted, sheet.acted_mean)
    for n in range(scopes.stop.shape[0] - 1):
        some = scopes.order[scopes.stop[n] : scopes.stop[n + 1]]
        places = scopes.entry[scopes.offset[n] : scopes.offset[n + 1]]
        _count_set(year, some, places, at, sheet)
        _sum_set(year, some, places, at, subregion, u, sheet)
    _write_counts(sheet.counts, at, k, start, tally.series)
    _write_levels(sheet.levels, at, scopes.size, k, start, tally.series)
    _write_region(year, k, start, tally.series)


@rows
def _count_set(year, some, places, at, sheet):
    """Count some members, of a set of scopes, into each of these."""
    for first in range(0, some.shape[0], _FEW):
        clear(sheet.set_counts)
        for i in some[first : first + _FEW]:
            if at.pledged_count >= 0:
                _count_layers(flat(year.pledged[i]), sheet.set_counts, at.pledged_count)
            if at.delivered_count >= 0:
                _count_layers(flat(year.delivered[i]), sheet.set_counts, at.delivered_count)
            if at.overdue_count >= 0:
                _count_overdue(year, i, sheet.grace, sheet.set_counts[at.overdue_count])
        for s in places:
            _add_counts(flat(sheet.set_counts), flat(sheet.counts[s]))


@rows
def _count_layers(rungs, counts, layer):
    """Count in which cells a member has reached each rung, from a layer on."""
    count_rungs(rungs, flat(counts[layer]), flat(counts[layer + 1]), flat(counts[layer + 2]), flat(counts[layer + 3]))


@rows
def _count_overdue(year, i, grace, count):
    """Count which pledges of a member are overdue."""
    pledged, delivered, waiting = flat(year.pledged[i]), flat(year.delivered[i]), flat(year.waiting[i])
    _add_overdue(delivered, pledged, waiting, flat(grace), flat(count))


@rows
def _add_overdue(delivered, pledged, waiting, grace, overdue):
    """Add to the counts of those whose pledge is overdue."""
    for r in range(overdue.shape[0]):
        overdue[r] += np.uint8(rules.overdue(delivered[r], pledged[r], waiting[r], grace[r]))


@rows
def _sum_set(year, some, places, at, subregion, u, sheet):
    """Sum the real numbers of some members, of a set of scopes, into each of these."""
    level, domains = sheet.set_levels, sheet.acted.shape[1]
    clear(level)
    for i in some:
        if at.trust >= 0:
            _add(year.trust[i], level[at.trust])
        if at.capacity >= 0:
            _add(year.capacity[i], level[at.capacity])
        if at.need >= 0:
            _add(year.need[i], level[at.need])
        if at.own >= 0:
            _add(year.own[i], level[at.own])
        if at.gap >= 0:
            _add_gap(year.need[i], year.own[i], level[at.gap])
        if at.grant >= 0:
            _add(year.grant[i], level[at.grant])
        if at.contribution >= 0:
            _add(year.contribution[i], level[at.contribution])
        for d in range(domains):
            if at.condition >= 0:
                _add(year.condition[i, d], level[at.condition + d])
            if at.heading >= 0:
                _add_heading(u, sheet.acted[i, d], sheet.acted_mean[subregion[i], d], level[at.heading + d])
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
def _write_counts(counts, at, k, start, series):
    """Put the counts of all scopes into their place."""
    runs = counts.shape[3]
    for s in range(counts.shape[0]):
        for a in range(ACTION_COUNT):
            for q in range(RUNGS):
                if at.pledged_count >= 0:
                    move(counts[s, at.pledged_count + q, a], 0, series.pledged_count[k, s, a, q], start, runs)
                if at.delivered_count >= 0:
                    move(counts[s, at.delivered_count + q, a], 0, series.delivered_count[k, s, a, q], start, runs)
            if at.overdue_count >= 0:
                move(counts[s, at.overdue_count, a], 0, series.overdue_count[k, s, a], start, runs)


@rows
def _write_levels(levels, at, size, k, start, series):
    """Put the sums of all scopes into their place, and the means where the series is one of means."""
    for s in range(levels.shape[0]):
        _write(levels[s], at.need, 1.0, series.need[k, s], start)
        _write(levels[s], at.own, 1.0, series.own[k, s], start)
        _write(levels[s], at.gap, 1.0, series.gap[k, s], start)
        _write(levels[s], at.grant, 1.0, series.grant[k, s], start)
        _write(levels[s], at.contribution, 1.0, series.contribution[k, s], start)
        _write(levels[s], at.trust, size[s], series.trust[k, s], start)
        _write(levels[s], at.capacity, size[s], series.capacity[k, s], start)
        for d in range(series.condition.shape[1]):
            _write(levels[s, d:], at.condition, size[s], series.condition[k, d, s], start)
            _write(levels[s, d:], at.heading, size[s], series.heading[k, d, s], start)


@rows
def _write(levels, place, size, target, start):
    """Put the row of a place, divided by a size, into its place."""
    if place >= 0:
        row = levels[place]
        for r in range(row.shape[0]):
            target[start + r] = rules.share(row[r], size)


@rows
def _write_region(year, k, start, series):
    """Put what the region and its subregions have as it is into its place."""
    runs = year.fund.shape[0]
    for g in range(SUBREGION_COUNT):
        move(year.offer[g], 0, series.offer[k, g], start, runs)
    move(year.fund, 0, series.fund[k], start, runs)
    move(year.coverage, 0, series.coverage[k], start, runs)


@rows
def _add_heading(u, own_action, subregion_action, total):
    """Add the condition that one domain of a member tends to."""
    for r in range(total.shape[0]):
        left = rules.pressure_left(
            u[U.pressure, r], u[U.action_effect, r], u[U.spillover, r], own_action[r], subregion_action[r]
        )
        total[r] += rules.heading(u[U.recovery_rate, r], left)
