"""What is asked of an experiment that was run: two bands, what moves an outcome, and under which conditions."""

from collections.abc import Sequence
from functools import partial
from typing import Final, NamedTuple

import numpy as np

from foresight.analysis.discovery import Discovery, discover, scenario_inside
from foresight.analysis.picking import Picked, picked, points_of, reached, sample_of, values_of
from foresight.analysis.sensitivity import Sensitivity, analyze, default_method
from foresight.analysis.stress import Stress, stress_of, unfit
from foresight.analysis.variance import variance_shares
from foresight.arrays import Floats
from foresight.experiments.experiment import Experiment
from foresight.experiments.store import Store
from foresight.results.series import COMPLETED
from foresight.results.targets import parse_target
from foresight.scenario.scenario import Scenario

from ..runs.trial import Looked, Trial
from .laboratory import Laboratory

#: What is looked for at points beside completion: in half of the runs the outcome is at its median or beyond.
HIGH, LOW = "high", "low"

#: Share of the runs of a point that have to fulfil a condition.
SHARE: Final = 0.5

#: Digits of a median that a condition is made of: what is said is what is asked.
_DIGITS: Final = 3

#: The ends of a band and its middle.
_BAND: Final = (0.1, 0.5, 0.9)


class Asked(NamedTuple):
    """What somebody looks at."""

    outcome: str
    year: int
    scenario: str
    condition: str


class Bands(NamedTuple):
    """What nobody knows, and chance, each by itself: 10 %, middle and 90 %.

    Parameters
    ----------
    unknown : tuple of float
        Of the means of points.
    chance : tuple of float
        At a typical point: the medians of what its runs have. NaN of single runs.
    points, replicates : int
        How many there are.
    shares : dict of str to float
        Of the variance of a run, by source, see `variance_shares`; NaN where they cannot be told apart.
    """

    unknown: tuple[float, ...]
    chance: tuple[float, ...]
    points: int
    replicates: int
    shares: dict[str, float]


class Conditions(NamedTuple):
    """What discovery found, and a scenario in the middle of the first box if there is one."""

    discovery: Discovery
    inside: Scenario | None


def asked_of(lab: Laboratory, experiment: Experiment) -> Asked:
    """Return what is looked at: what was chosen, as far as the experiment has it."""
    outcomes = [str(name) for name in experiment.outcomes]
    outcome = _chosen(lab, "outcome", outcomes)
    year = _chosen(lab, "year", [str(year) for year in sorted(experiment.years, reverse=True)])
    scenario = _chosen(lab, "scenario", [one.id for one in experiment.scenarios])
    return Asked(outcome, int(year), scenario, _chosen(lab, "condition", conditions_of(experiment, outcome)))


def conditions_of(experiment: Experiment, outcome: str) -> list[str]:
    """Return the conditions that can be looked for: completion where it was kept; a yes or no has no median."""
    kept = COMPLETED in map(str, experiment.outcomes)
    medians = [] if outcome == COMPLETED else [HIGH, LOW]
    return [*medians, COMPLETED] if kept else medians


def bands(store: Store, asked: Asked) -> Bands:
    """Return the band over points and the band within a typical point.

    Quantiles are unbiased in the median (Hyndman, R. J. and Fan, Y. 1996, Am. Stat. 50(4), type 8), as few runs a
    point would make the band of chance too narrow otherwise.
    """
    values = values_of(store, _picked(store, asked))
    finite = values[np.isfinite(values).all(axis=1)]
    points, replicates = finite.shape
    nothing = (float("nan"),) * len(_BAND)
    chance = tuple(np.median(_quantiles(finite), axis=1)) if points and replicates > 1 else nothing
    unknown = tuple(_quantiles(finite.mean(axis=1))) if points else nothing
    shares = variance_shares(values).set_index("source")["share"].to_dict()
    return Bands(unknown, chance, points, replicates, {str(name): float(share) for name, share in shares.items()})


def moves(trial: Trial, asked: Asked) -> Looked | None:
    """Return what moves an outcome, a Sensitivity; None while that is worked out."""
    about = (asked.outcome, asked.year, asked.scenario)
    return trial.look("moves", about, partial(_moves, about))


def conditions(trial: Trial, asked: Asked) -> Looked | None:
    """Return under which conditions something comes about, as Conditions; None while that is worked out."""
    about = asked._replace(outcome="") if asked.condition == COMPLETED else asked
    return trial.look("conditions", about, partial(_conditions, trial.experiment, asked))


def holds_several(experiment: Experiment) -> bool:
    """Tell whether an experiment has several scenarios, in futures that can say which of them holds up."""
    count = len(experiment.scenarios)
    return count > 1 and not unfit(experiment, experiment.points // count)


def holds_up(trial: Trial, asked: Asked) -> Looked | None:
    """Return how robust the scenarios are where a condition is the goal, a Stress; None while that is worked out."""
    return trial.look("holds_up", asked, partial(_held_up, asked))


def target_of(store: Store, asked: Asked) -> str:
    """Return a condition as the command line takes it."""
    at = f" in {asked.year}"
    if asked.condition == COMPLETED:
        return str(parse_target(COMPLETED + at))
    relation = ">=" if asked.condition == HIGH else "<="
    return str(parse_target(f"{asked.outcome} {relation} {middle_of(store, asked):.{_DIGITS}g}{at}"))


def middle_of(store: Store, asked: Asked) -> float:
    """Return the median of an outcome over all runs, in as few digits as a condition has."""
    return float(f"{np.nanmedian(values_of(store, _picked(store, asked))):.{_DIGITS}g}")


def _chosen(lab: Laboratory, name: str, known: Sequence[str]) -> str:
    chosen = lab.chosen.get(name, "")
    return chosen if chosen in known else known[0]


def _picked(store: Store, asked: Asked) -> Picked:
    return picked(store, asked.outcome, asked.year, asked.scenario)


def _moves(about: tuple[str, int, str], store: Store) -> Sensitivity:
    sample = sample_of(store, *about)
    return analyze(sample, default_method(sample.sampler))


def _conditions(experiment: Experiment, asked: Asked, store: Store) -> Conditions:
    _, _, interesting = reached(store, target_of(store, asked), SHARE, asked.scenario)
    # what was run, not what the store says of it: it knows what it builds on
    base = next(one for one in experiment.scenarios if one.id == asked.scenario)
    points = points_of(store, base)
    found = discover(points, interesting)
    inside = scenario_inside(found.boxes[0], points, base, f"{base.id}-box-1") if found.boxes else None
    return Conditions(found, inside)


def _held_up(asked: Asked, store: Store) -> Stress:
    return stress_of(store, target_of(store, asked), share=SHARE)


def _quantiles(values: Floats) -> Floats:
    """Return the ends and the middle of the last axis, float64[3, ...]."""
    return np.quantile(values, _BAND, axis=-1, method="median_unbiased")
