"""What the charts of a future are drawn from: bands over the runs, as plain numbers."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from foresight.actions import ACTIONS, DOMAINS, RUNGS, SUBREGIONS
from foresight.arrays import Arrays, Floats
from foresight.engine.ensemble import every_domain
from foresight.facts.members import REGION
from foresight.facts.scopes import SCOPES
from foresight.results.bands import Band, band_of, difference, ratio
from foresight.results.datasets import arrays_of_tally
from foresight.results.headline import Findings
from foresight.results.left_behind import REST, SPECIAL
from foresight.results.money import paid
from foresight.results.outcomes import ALL_ACTIONS, OUTCOMES
from foresight.results.pathway import OPENING, opened_in, openings_of_all, together
from foresight.scenario.efforts import effort_points

from .live import Run

#: Decimals of the numbers that are sent: finer than any screen.
DECIMALS: Final = 4

#: Decimals of the numbers that differences between runs are taken of.
_FINE: Final = 6

#: Groups whose paths are set side by side.
GROUPS: Final = (*SPECIAL, REST)

#: What the map can show of a member: an outcome, and an action where it has one for each.
MAP: Final = (
    *(f"delivered.{name}" for name in (ALL_ACTIONS, *ACTIONS)),
    *(f"pledged.{name}" for name in (ALL_ACTIONS, *ACTIONS)),
    *("overdue", "trust", "capacity", "condition"),
)

#: Charts that can be looked at alone, in the order of their keys, and all of them at once.
TABS: Final = ("delivered", "actions", "opening", "trust", "overdue", "coverage", "behind", "condition", "all")

Triples = list[list[float | None]]


class Opening(NamedTuple):
    """When a rung opens, over all runs; None stands for a year after the last, as where it never opens."""

    median: float | None
    p10: float | None
    p90: float | None
    share: float


class Picture(NamedTuple):
    """Everything that the charts of one setting show; a band is [p10, median, p90] of each year."""

    years: tuple[int, int]
    runs: int
    points: float
    delivered: dict[str, Triples]  # by action, and all together
    groups: dict[str, Triples]  # by group, all actions
    trust: Triples
    overdue: Triples
    coverage: Triples
    money: dict[str, Triples]  # what is needed for all that is due, and what of it is paid
    members: int
    baiji: Triples  # the index
    heading: Triples
    domains: dict[str, tuple[float, float]]  # condition in the last year and where it is heading, 0..1, medians
    opening: dict[str, dict[int, Opening]]  # by scope, the region and its subregions, and by rung
    findings: Findings
    last: dict[str, Floats]  # what the tiles tell of the last year, of every run; it is not sent


#: What the charts show, and what the map shows of every member by year.
Shown = tuple[Picture, dict[str, list[float]]]


def shown_of(run: Run, what: str) -> Shown:
    """Draw what the charts and the map show of a run; `what` is one of `MAP`."""
    return picture_of(run), map_of(run, what)


def picture_of(run: Run) -> Picture:
    """Draw what the charts show of a run."""
    arrays = arrays_of_tally(run.tally, SCOPES, run.inputs)
    region, groups = _only(arrays, [REGION]), _only(arrays, list(GROUPS))
    delivered = _band(region, "mean_delivered")
    trust, overdue = _band(region, "trust"), _band(region, "overdue_share")
    by_group = _band(groups, "mean_delivered")
    first, last = run.inputs.years[0], run.inputs.years[-1]
    return Picture(
        years=(first, last),
        runs=run.setting.replicates,
        points=effort_points(run.setting.scenario),
        delivered={name: _triples(delivered, 0, at) for at, name in enumerate((ALL_ACTIONS, *ACTIONS))},
        groups={name: _triples(by_group, at, 0) for at, name in enumerate(GROUPS)},
        trust=_triples(trust, 0),
        overdue=_triples(overdue, 0, 0),
        coverage=_triples(_band(region, "coverage"), 0),
        money={"need": _triples(_band(region, "need"), 0), "paid": _triples(band_of(paid(region), {}), 0)},
        members=int(region["members"][0]),
        baiji=_triples(_band(region, "baiji_index"), 0),
        heading=_triples(_band(region, "baiji_heading"), 0),
        domains=_domains(region),
        opening=_openings(arrays["offer"], np.asarray(run.inputs.years)),
        findings=_findings(run, arrays, delivered, trust, overdue),
        last=_last(arrays, region),
    )


def map_of(run: Run, what: str) -> dict[str, list[float]]:
    """Return the mean over the runs of one outcome of every member, by code and year; `what` is one of `MAP`."""
    outcome, _, action = what.partition(".")
    means = np.round(member_means(run, outcome, action), DECIMALS)  # [year, member]
    return dict(zip(run.setting.scenario.codes(), means.T.tolist(), strict=True))


def member_means(run: Run, outcome: str, action: str, members: slice = slice(None)) -> Floats:
    """Return the mean over the runs of an outcome of some members, [year, member]."""
    history = run.history
    if outcome in ("delivered", "pledged"):
        rungs = getattr(history, outcome)[:, members]
        chosen = rungs if action == ALL_ACTIONS else rungs[:, :, [ACTIONS.index(action)]]
        return np.asarray(chosen.mean(axis=(2, 3), dtype=np.float64))
    if outcome == "overdue":
        late, promised = overdue(run, members)
        return ratio(late.sum(axis=(2, 3)), promised.sum(axis=(2, 3)))
    if outcome == "condition":
        return np.asarray(every_domain(history.condition[:, members], run.inputs, axis=2).mean(axis=(2, 3)))
    return np.asarray(getattr(history, outcome)[:, members].mean(axis=2))


def overdue(run: Run, members: slice) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Return which pledges of some members are overdue and which there are, [year, member, action, run]."""
    history = run.history
    pledged, waiting = history.pledged[:, members], history.waiting[:, members]
    late = (history.delivered[:, members] < pledged) & (waiting >= run.inputs.uncertainties.grace_years)
    return late, pledged > 0


#: Axis of the scopes, of every array that has one.
_SCOPE_AXIS: Final = {
    **dict.fromkeys(("pledged_count", "delivered_count", "overdue_count"), 1),
    **dict.fromkeys(("trust", "capacity", "need", "own", "gap", "grant", "contribution"), 1),
    **dict.fromkeys(("condition", "heading"), 2),
    **dict.fromkeys(("members", "scope"), 0),
}


def _only(arrays: Arrays, scopes: Sequence[str]) -> Arrays:
    """Return the series of some scopes."""
    at = [SCOPES.index(scope) for scope in scopes]
    where = slice(at[0], at[-1] + 1)  # scopes that stand together are not copied
    places = {name: (*(slice(None),) * axis, where) for name, axis in _SCOPE_AXIS.items()}
    return {name: array[places[name]] if name in places else array for name, array in arrays.items()}


def _band(arrays: Arrays, name: str) -> Band:
    outcome = OUTCOMES[name]
    return band_of(outcome.values(arrays), {}, None if outcome.per is None else outcome.per(arrays))


def _triples(band: Band, *at: int) -> Triples:
    """Return 10 %, median and 90 % of every year, at a place of the other axes; None where no run has a value."""
    columns = [part.T[at[::-1]] for part in (band.p10, band.median, band.p90)]
    rows = np.round(np.stack(columns, axis=1), DECIMALS)
    return [[None if value != value else value for value in row] for row in rows.tolist()]


def _domains(region: Arrays) -> dict[str, tuple[float, float]]:
    """Return the condition of every domain in the last year, and what it is heading for."""
    now, then = (
        np.median(region[name][-1, :, 0], axis=-1).round(DECIMALS).tolist() for name in ("condition", "heading")
    )
    return dict(zip(DOMAINS, zip(now, then, strict=True), strict=True))


def _openings(offers: npt.NDArray[Any], years: npt.NDArray[Any]) -> dict[str, dict[int, Opening]]:
    opened = opened_in(offers, years)  # [subregion, rung, run]
    scopes = {REGION: together(opened)[0], **dict(zip(SUBREGIONS, opened, strict=True))}
    return {scope: _openings_of(rungs) for scope, rungs in scopes.items()}


def _openings_of(years: Floats) -> dict[int, Opening]:
    """Return when each rung opens, from the years [rung, run]."""
    band, shares = openings_of_all(years, {}), np.isfinite(years).mean(axis=-1)
    columns = (map(_plain, part) for part in (band.median, band.p10, band.p90))
    return dict(zip(OPENING, map(Opening, *columns, shares.tolist()), strict=True))


def _plain(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _findings(run: Run, arrays: Arrays, delivered: Band, trust: Band, overdue: Band) -> Findings:
    """Return what the sentence tells."""
    behind = _behind(arrays)
    completed = (arrays["offer"][-1] == RUNGS).all(axis=0)
    return Findings(
        first=run.inputs.years[0],
        year=run.inputs.years[-1],
        delivered=float(delivered.median[-1, 0, 0]),
        low=float(delivered.p10[-1, 0, 0]),
        high=float(delivered.p90[-1, 0, 0]),
        start=float(trust.median[0, 0]),
        trust=float(trust.median[-1, 0]),
        overdue=float(overdue.median[-1, 0, 0]),
        ahead=float(band_of(-behind[np.newaxis], {}).median[0]),
        completed=int(completed.sum()),
        runs=int(completed.size),
        effects=run.setting.effects,
    )


def _last(arrays: Arrays, region: Arrays) -> dict[str, Floats]:
    """Return what the tiles tell of the last year, of every run."""
    values = {
        "delivered": _share(region, "mean_delivered"),
        "overdue": _share(region, "overdue_share"),
        "trust": region["trust"][-1, 0],
        "lag": _behind(arrays),
    }
    return {name: np.asarray(value, np.float64).round(_FINE) for name, value in values.items()}


def _behind(arrays: Arrays) -> Floats:
    """Return how many rungs LDCs are behind members in no special group in the last year, of every run."""
    rest, least = (_share(_only(arrays, [scope]), "mean_delivered") for scope in (REST, "LDC"))
    return difference(rest, least)


def _share(arrays: Arrays, name: str) -> Floats:
    """Return an outcome of the first scope in the last year, all actions together, of every run."""
    last = {one: array[-1:] if one.endswith("_count") else array for one, array in arrays.items()}
    outcome = OUTCOMES[name]
    values = outcome.values(last)[0, 0, 0]
    return values if outcome.per is None else ratio(values, np.asarray(outcome.per(last)[0, 0]))
