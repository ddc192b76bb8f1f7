"""Samples: what a store says of one outcome in one year, as analyses take it."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
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
        As `picked` does, or if the points of the store are not those that its experiment makes here.
    """
    choice = picked(store, outcome, year, scenario)
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
