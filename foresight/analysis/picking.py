"""Samples: what a store says of one outcome in one year, as analyses take it."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from foresight.analysis.box import Bools
from foresight.analysis.sample import Sample
from foresight.arrays import Floats
from foresight.errors import InputError, Problem, listed, nearest, shown
from foresight.experiments.points import POINT, SCENARIO
from foresight.experiments.store import Store
from foresight.results.targets import Target, parse_target
from foresight.scenario.scenario import Scenario

#: The most by which values of the same point, made anew, may differ: rounding of the last digits.
_ROUNDING: Final = 1e-9


class Picked(NamedTuple):
    """What is looked at: one series in one year, of the points of one base scenario."""

    outcome: str
    year: int
    scenario: Scenario


def picked(store: Store, outcome: str = "", year: int = 0, scenario: str = "") -> Picked:
    """Return what is looked at; what is not said is the first series, the last year, and the only scenario.

    Raises
    ------
    InputError
        If the store is not finished, was made by another version, or has no such series, year or scenario.
    """
    experiment = store.experiment
    kept = [str(name) for name in experiment.outcomes]
    ids = [base.id for base in experiment.scenarios]
    problems = [*_unfinished(store)]
    if outcome and outcome not in kept:
        problems.append(
            Problem(str(store.path), "outcome", "not_kept", shown(outcome), listed(kept), nearest(outcome, kept))
        )
    if year and year not in experiment.years:
        problems.append(Problem(str(store.path), "year", "not_kept", str(year), listed(experiment.years)))
    if scenario not in ids and (scenario or len(ids) > 1):
        kind = "unknown_name" if scenario else "several_scenarios"
        problems.append(
            Problem(str(store.path), "scenario", kind, shown(scenario), listed(ids), nearest(scenario, ids))
        )
    if problems:
        raise InputError(problems)
    base = experiment.scenarios[ids.index(scenario) if scenario else 0]
    return Picked(outcome or kept[0], year or max(experiment.years), base)


def sample_of(store: Store, outcome: str = "", year: int = 0, scenario: str = "") -> Sample:
    """Return what a store says of one outcome in one year, with the design in the unit cube.

    Raises
    ------
    InputError
        As `picked` does, if the experiment varies categories, or if the points of the store are not those that its
        experiment makes here.
    """
    choice = picked(store, outcome, year, scenario)
    if names := listed(tuple(store.experiment.categories)):
        raise InputError([Problem(str(store.path), "structure", "no_sensitivity", names)])
    values = points_of(store, choice.scenario)
    sampler = store.experiment.sampler
    unit = values.to_numpy(np.float64) if sampler.file else _unit(store, values)
    return Sample(
        factors=tuple(values.columns),
        unit=unit,
        values=values_of(store, choice),
        sampler=sampler.method,
        levels=sampler.grid,
        second_order=sampler.second_order,
    )


def points_of(store: Store, scenario: Scenario) -> pd.DataFrame:
    """Return the values of the factors at the points of one base scenario."""
    points = store.points()
    return points[points[SCENARIO] == scenario.id].drop(columns=[POINT, SCENARIO]).reset_index(drop=True)


def values_of(store: Store, choice: Picked) -> Floats:
    """Return a series in a year, float64[point, replicate], of the points of one base scenario."""
    where = f"{SCENARIO} == {choice.scenario.id!r}"
    table = store.table([choice.outcome], years=[choice.year], where=where)  # in the order of runs
    return table[choice.outcome].to_numpy(np.float64).reshape(-1, store.experiment.replicates)


def reached(store: Store, condition: str, share: float, scenario: str = "") -> tuple[Picked, Target, Bools]:
    """Return what is looked at, the condition, and at which points enough runs fulfil it, bool[point].

    Parameters
    ----------
    store : Store
    condition : str
        As `targets.parse_target` takes it.
    share : float
        Of the runs of a point that have to fulfil it, above 0 and at most 1.
    scenario : str
        Id of the base scenario, where there are several.

    Raises
    ------
    InputError
        As `picked` and `targets.parse_target` do.
    """
    check_share(share)
    target = parse_target(condition)
    choice = picked(store, target.outcome, target.year, scenario)
    return choice, target, often_enough(target, values_of(store, choice), share)


class Reached(NamedTuple):
    """Where a condition is fulfilled.

    Parameters
    ----------
    target : Target
        The condition.
    scenarios : tuple of Scenario
        The base scenarios that are looked at.
    points : pandas.DataFrame
        One row a point, one column a factor; of several base scenarios, their ids in a column "scenario" too.
    interesting : bool[point]
        At which points enough runs fulfil it.
    """

    target: Target
    scenarios: tuple[Scenario, ...]
    points: pd.DataFrame
    interesting: Bools


def reached_in_all(store: Store, condition: str, share: float, scenario: str = "") -> Reached:
    """Return where a condition is fulfilled, in all base scenarios unless one is named.

    Parameters and what is refused are those of `reached`.
    """
    ids = [scenario] if scenario else [base.id for base in store.experiment.scenarios]
    parts = [reached(store, condition, share, name) for name in ids]
    bases = tuple(choice.scenario for choice, _, _ in parts)
    points = [points_of(store, base) for base in bases]
    if len(bases) > 1:
        points = [table.assign(**{SCENARIO: base.id}) for table, base in zip(points, bases, strict=True)]
    interesting = np.concatenate([own for _, _, own in parts])
    return Reached(parts[0][1], bases, pd.concat(points, ignore_index=True), interesting)


class Watched(NamedTuple):
    """What runs show early, and whether they arrive.

    Parameters
    ----------
    observables : pandas.DataFrame
        One row a run, one column a series.
    arrived : bool[run]
    groups : int64[run]
        The point of each run.
    """

    observables: pd.DataFrame
    arrived: Bools
    groups: npt.NDArray[np.int64]


def watched(store: Store, reached: Reached, year: int) -> Watched:
    """Return what runs show in a year, and whether they fulfil a condition that is asked later.

    Raises
    ------
    InputError
        If the store has not kept that year, or the condition is not asked later.
    """
    target, ids = reached.target, [base.id for base in reached.scenarios]
    earlier = [one for one in store.experiment.years if one < target.year]
    if year not in earlier:
        raise InputError([Problem("Python", "watch", "not_kept_before", str(year), listed(earlier))])
    where = f"{SCENARIO} == {ids[0]!r}" if len(ids) == 1 else ""
    early = store.table(years=[year], where=where)
    late = store.table([target.outcome], years=[target.year], where=where)[target.outcome]
    observables = early[[str(name) for name in store.experiment.outcomes]]
    return Watched(observables, fulfilled(target, late.to_numpy(np.float64)), early[POINT].to_numpy(np.int64))


def check_share(share: float) -> None:
    """Refuse what is no share of runs above 0."""
    if not 0 < share <= 1:
        raise InputError([Problem("Python", "share", "out_of_range", shown(share), "> 0 … 1")])


def fulfilled(target: Target, values: Floats) -> Bools:
    """Tell which runs fulfil a condition, bool[...], of stored values of its series, float64[...]."""
    stored = target._replace(value=float(np.float32(target.value)))  # in the precision of the series
    return np.asarray(stored.margins(values) >= 0, np.bool_)


def often_enough(target: Target, values: Floats, share: float) -> Bools:
    """Tell where enough runs fulfil a condition, bool[...], of values of its series, float64[..., replicate]."""
    return np.asarray(fulfilled(target, values).mean(axis=-1) >= share, np.bool_)


def _unit(store: Store, values: pd.DataFrame) -> Floats:
    """Make the design anew, and refuse it if it is not that of the points."""
    unit, anew = store.experiment.design()
    same = list(anew.columns) == list(values.columns) and anew.shape == values.shape
    if not same or not np.allclose(anew, values, rtol=_ROUNDING, atol=_ROUNDING):
        libraries = store.manifest["libraries"]
        given = listed([f"{name} {libraries[name]}" for name in ("scipy", "salib", "numpy")])
        raise InputError([Problem(str(store.path), "points", "other_points", given)])
    return unit


def _unfinished(store: Store) -> Sequence[Problem]:
    """Find out whether a store has all runs of its experiment."""
    if set(store.all_parts) <= store.finished.keys():
        return []
    count = f"{len(store.finished)} / {len(store.all_parts)}"
    return [Problem(str(store.path), "", "unfinished", count)]
