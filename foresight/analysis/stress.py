"""Stress tests: several strategies over the same uncertain futures and the same luck."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import pandas as pd

from foresight.analysis.box import Bools, Box
from foresight.analysis.discovery import discover, parts_of
from foresight.analysis.picking import check_share, often_enough, picked, points_of, values_of
from foresight.analysis.resampling import expected
from foresight.analysis.robustness import FEWEST_FUTURES, MEASURES, SAMPLED, Luck, Performance, measured
from foresight.arguments import check_name
from foresight.arrays import Floats
from foresight.errors import InputError, Problem, listed
from foresight.experiments.categories import CATEGORIES
from foresight.experiments.experiment import Experiment
from foresight.experiments.in_memory import series_in_memory
from foresight.experiments.points import SCENARIO
from foresight.experiments.sampler import DESIGNS
from foresight.experiments.store import Store
from foresight.experiments.sweep import Workers
from foresight.results.comparison import settings_apart
from foresight.results.series import series_called
from foresight.results.targets import Target, checked_target, parse_target
from foresight.runs import Progress
from foresight.scenario.factors import factors
from foresight.scenario.loading import scenario_of
from foresight.scenario.scenario import Scenario
from foresight.scenario.validation import validated_as
from foresight.scenario.words import setting
from foresight.texts import Words, drafts, languages

#: What is asked of a future unless said otherwise: the mean member has delivered half of the ladder of each action.
GOAL: Final = "mean_delivered >= 2"

#: How often luck is drawn again: chance needs fewer times than futures, as it moves all of them at once.
_TIMES: Final = 250

#: Tables of a scenario by which strategies are meant to differ.
_CHOSEN: Final = ("levers", "coalition")


#: What strategies are called, by id.
Titles = Mapping[str, str]


@dataclass(frozen=True)
class Failure:
    """In which futures a strategy misses the goal.

    Parameters
    ----------
    strategy : str
        Its id.
    futures : int
        In how many.
    box : Box or None
        The few conditions under which it does, see `discovery.discover`; None if it never or always does, or no few
        conditions tell these futures from the others.
    """

    strategy: str
    futures: int
    box: Box | None


@dataclass(frozen=True)
class Stress:
    """How strategies did over the same futures.

    Parameters
    ----------
    target : Target
        The goal.
    share : float
        It is met in a future where at least this share of the runs reaches it.
    strategies : tuple of str
        Ids of scenarios.
    futures, excluded : int
        Futures that are counted, and those that are not, as the outcome has no value there with some strategy.
    replicates : int
        Runs of each strategy in each future.
    circumstances : tuple of str
        Settings by which strategies differ though they are no levers, neither of all nor of a coalition, nor varied,
        such as ``structure.gate`` or ``event.global recession``.
    overruled : tuple of str
        Settings by which strategies differ and that the experiment varies, such as ``uncertainties.delivery_rate``:
        in each future all strategies have the value of that future.
    measures : pandas.DataFrame
        ``strategy``, ``measure`` (a key of `robustness.MEASURES`), ``value``, and the 95 % interval ``low`` to
        ``high`` from resampling futures and their luck, NaN for extremes and of one run a future. Regrets and worst
        outcomes are in the unit of the outcome expected in a future, the mean over its runs.
    pairs : pandas.DataFrame
        ``measure``, ``first``, ``second``, their ``difference``, its interval ``low`` to ``high``, and whether they
        are told ``apart``, see `robustness.measured`.
    outcomes : pandas.DataFrame
        A row a future: the factors, and for each strategy ``ID``, the outcome expected, and ``ID.met``.
    failures : tuple of Failure
        One a strategy.
    """

    target: Target
    share: float
    strategies: tuple[str, ...]
    futures: int
    excluded: int
    replicates: int
    circumstances: tuple[str, ...]
    overruled: tuple[str, ...]
    measures: pd.DataFrame
    pairs: pd.DataFrame
    outcomes: pd.DataFrame
    failures: tuple[Failure, ...]

    def rows_of(self, measure: str) -> pd.DataFrame:
        """Return the rows of one measure, in the order of the strategies; InputError if there is no such measure."""
        check_name("measure", measure, tuple(MEASURES))
        return self.measures[self.measures["measure"] == measure].reset_index(drop=True)

    def best(self, measure: str) -> tuple[str, ...]:
        """Return the strategies that are best in a measure: the best one, and those not told apart from it.

        Raises
        ------
        InputError
            If there is no such measure.
        """
        value, kind = self.rows_of(measure).set_index("strategy")["value"], MEASURES[measure]
        sign = kind.sign * (direction_of(self.target) if kind.oriented else 1)
        first = str((sign * value).idxmax())
        pairs = self.pairs[(self.pairs["measure"] == measure) & ~self.pairs["apart"].astype(bool)]
        alike = {name for pair in zip(pairs["first"], pairs["second"], strict=True) if first in pair for name in pair}
        return first, *(name for name in self.strategies if name in alike - {first})

    def sentence(self, language: str = "en", titles: Titles = MappingProxyType({})) -> str:
        """Say which of several strategies are best in what, one sentence a line; nothing of a single one.

        InputError if there are no texts in the language.

        Parameters
        ----------
        language : str
        titles : Mapping[str, str]
            What strategies are called, by id; else by their ids.
        """
        check_name("language", language, (*languages(), *drafts()))
        words, asked = Words(language), SAMPLED if len(self.strategies) > 1 else ()
        return "\n".join(self._verdict(name, words, titles) for name in asked)

    def _verdict(self, measure: str, words: Words, titles: Titles) -> str:
        first, *others = (titles.get(name, name) for name in self.best(measure))
        kind = "best" if not others else "alike" if len(others) + 1 < len(self.strategies) else "all_alike"
        return words.say(
            f"stress.{kind}", measure=words.say(f"stress.{measure}"), best=first, others=words.listed(others)
        )

    def why(self, failure: Failure, language: str = "en", titles: Titles = MappingProxyType({})) -> str:
        """Say in one sentence under which conditions a strategy misses the goal; texts and titles as in `sentence`."""
        check_name("language", language, (*languages(), *drafts()))
        words, name = Words(language), titles.get(failure.strategy, failure.strategy)
        box, counts = failure.box, {"strategy": name, "failing": words.count(failure.futures)}
        if box is not None:
            return words.say("stress.fails", **parts_of(box, words), **counts, futures=words.count(self.futures))
        kind = {0: "never", self.futures: "always"}.get(failure.futures, "no_box")
        return words.say(f"stress.{kind}", **counts, futures=words.count(self.futures))

    def remarks(self, language: str = "en") -> Iterator[str]:
        """Yield what else sets strategies apart, and what of that is overruled; texts as in `sentence`."""
        check_name("language", language, (*languages(), *drafts()))
        words = Words(language)
        for name in ("circumstances", "overruled"):
            if settings := getattr(self, name):
                yield words.say(f"stress.{name}", settings=words.listed(_named(one, words) for one in settings))

    def plain(self) -> dict[str, Any]:
        """Return everything but the outcomes of single futures as JSON has it: None for what is not known."""
        measures = self.measures.astype(object).where(self.measures.notna(), None)
        boxes = [{"strategy": one.strategy, "futures": one.futures, "box": _plain(one.box)} for one in self.failures]
        return {
            "target": str(self.target),
            **{name: getattr(self, name) for name in ("share", "futures", "excluded", "replicates")},
            "strategies": list(self.strategies),
            "circumstances": list(self.circumstances),
            "overruled": list(self.overruled),
            "best": {name: list(self.best(name)) for name in MEASURES},
            "measures": measures.to_dict("records"),
            "pairs": self.pairs.to_dict("records"),
            "failures": boxes,
        }


def stress(
    strategies: Sequence[Scenario | str | Path],
    experiment: Experiment,
    target: Target | str = GOAL,
    *,
    share: float = 0.5,
    workers: Workers | None = None,
    progress: Progress | None = None,
) -> Stress:
    """Run strategies over the same futures with the same luck, and say how robust they are.

    Measures are those of McPhail et al. (2018), see `robustness.MEASURES`. How strategies do in a future is the mean
    of the outcome over its runs, of "completed" the share of runs: few replicates leave luck in it, which makes
    intervals wider, and extremes more so. An uncertainty that the experiment varies has its value in every strategy,
    whatever a strategy sets.

    Parameters
    ----------
    strategies : sequence of Scenario, str or Path
        One or more, each with an id of its own.
    experiment : Experiment
        Its points are the futures; its replicates, seed and effects are those of the runs. Its own scenarios, outcomes
        and years play no part.
    target : Target or str
        See `targets.parse_target`.
    share : float
        Of the runs of a future that have to reach the target for the goal to be met, above 0 and at most 1.
    workers : callable, optional
        `sweep.local_workers` on all cores by default. What comes out does not depend on it.
    progress : callable, optional
        Called with the runs done and the runs to do.

    Raises
    ------
    InputError
        If a strategy, the target or an argument cannot be used, two strategies have one id, or the experiment varies
        levers, which are the strategies' own, has points that belong together, or too few.
    """
    goal = checked_target(target) if isinstance(target, Target) else parse_target(target)
    check_share(share)
    trial = _trial([scenario_of(one) for one in strategies], experiment, goal)
    points = trial.table()
    futures = points[points[SCENARIO] == trial.scenarios[0].id].reset_index(drop=True)
    _check(trial, len(futures))
    series = series_in_memory(trial, points, workers=workers, progress=progress)
    return _judged(trial, goal, share, futures, series.astype(np.float64))


def stress_of(store: Store, target: str = GOAL, *, share: float = 0.5) -> Stress:
    """Say how robust the scenarios of a store are, as `stress` does; InputError also as `picking.picked` does."""
    goal, trial = parse_target(target), store.experiment
    check_share(share)
    choices = [picked(store, goal.outcome, goal.year, one.id) for one in trial.scenarios]
    futures = points_of(store, trial.scenarios[0])
    _check(trial, len(futures))
    return _judged(trial, goal, share, futures, np.stack([values_of(store, one) for one in choices]))


def direction_of(target: Target) -> int:
    """Return 1 where more of the outcome is better, -1 where less is."""
    return -1 if target.relation.startswith("<") or (not target.relation and not target.value) else 1


def _trial(strategies: Sequence[Scenario], experiment: Experiment, goal: Target) -> Experiment:
    """Return an experiment of the strategies that keeps what the goal asks for alone."""
    own = {name: getattr(experiment, name) for name in type(experiment).model_fields}
    asked = {"scenarios": tuple(strategies), "outcomes": (series_called(goal.outcome),), "years": (goal.year,)}
    return validated_as(Experiment, {**own, **asked}, "Python")


def unfit(trial: Experiment, futures: int) -> list[Problem]:
    """Return what keeps so many points of an experiment from being futures that strategies are tried in."""
    chosen = [f"levers.{name}" for name in trial.varied if factors()[name].section == "levers"]
    problems = [_useless("lever_of_strategy", listed(chosen), "")] if chosen else []
    if trial.sampler.design.rows is not None:
        usual = [name for name, design in DESIGNS.items() if design.rows is None]
        problems.append(_useless("belong_together", trial.sampler.method, listed(usual)))
    elif futures < FEWEST_FUTURES:
        problems.append(_useless("too_few_futures", str(futures), f"{FEWEST_FUTURES} …"))
    return problems


def _check(trial: Experiment, futures: int) -> None:
    if problems := unfit(trial, futures):
        raise InputError(problems)


def _useless(kind: str, given: str, allowed: str) -> Problem:
    return Problem("Python", "experiment", kind, given, allowed)


def _judged(trial: Experiment, goal: Target, share: float, futures: pd.DataFrame, values: Floats) -> Stress:
    """Return what values of the outcome come to; they are in the order of strategies, futures and replicates."""
    names = tuple(one.id for one in trial.scenarios)
    values = values.reshape(len(names), len(futures), trial.replicates)
    outcome = expected(values)
    there = np.flatnonzero(np.isfinite(outcome).all(axis=0))
    if not there.size:
        raise InputError([Problem("Python", "target", "no_value_anywhere", str(goal))])
    values, outcome, met = values[:, there], outcome[:, there], often_enough(goal, values, share)[:, there]
    points = pd.DataFrame({name: futures[name].iloc[there] for name in (*factors(), *CATEGORIES) if name in futures})
    sign = direction_of(goal)
    luck = _luck(goal, share, values, sign, trial.seed)
    circumstances, overruled = _apart(trial)
    measures, pairs = measured(Performance(sign * outcome, met), names, trial.seed, luck)
    return Stress(
        target=goal,
        share=share,
        strategies=names,
        futures=len(points),
        excluded=len(futures) - len(there),
        replicates=trial.replicates,
        circumstances=circumstances,
        overruled=overruled,
        measures=_turned(measures, ("value", "low", "high"), sign),
        pairs=_turned(pairs, ("difference", "low", "high"), sign),
        outcomes=points.assign(**_columns(names, outcome, met)).reset_index(drop=True),
        failures=tuple(_failure(name, points, ~own) for name, own in zip(names, met, strict=True)),
    )


def _luck(goal: Target, share: float, values: Floats, sign: int, seed: int) -> Luck:
    """Draw the runs of each future again, the same ones of all strategies and futures."""
    usual, replicates = expected(values), values.shape[-1]
    drawn = np.random.default_rng([seed, 1]).integers(replicates, size=(_TIMES, replicates))
    return Luck([_performance(goal, share, values[..., some], usual, sign) for some in drawn], replicates)


def _performance(goal: Target, share: float, values: Floats, usual: Floats, sign: int) -> Performance:
    """Return what some runs come to; a future of which none of them has a value keeps its usual one."""
    outcome = expected(values)
    return Performance(sign * np.where(np.isfinite(outcome), outcome, usual), often_enough(goal, values, share))


def _apart(trial: Experiment) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return settings, no levers, that differ between strategies: those that stand, and those that are varied."""
    varied = {*trial.categories, *(f"{factors()[name].section}.{name}" for name in trial.varied)}
    paths = (str(path).split(".") for path in settings_apart(trial.scenarios).index)
    differ = dict.fromkeys(".".join(parts[:2]) for parts in paths if parts[0] not in _CHOSEN)
    return tuple(name for name in differ if name not in varied), tuple(name for name in differ if name in varied)


def _turned(table: pd.DataFrame, columns: tuple[str, str, str], sign: int) -> pd.DataFrame:
    """Put measures that are in the direction of the outcome back into its own unit."""
    value, low, high = columns
    rows = table["measure"].isin([name for name, measure in MEASURES.items() if measure.oriented])
    if sign < 0:
        table.loc[rows, list(columns)] = -table.loc[rows, [value, high, low]].to_numpy()
    return table


def _columns(names: Sequence[str], outcome: Floats, met: Bools) -> dict[str, Any]:
    """Return the columns of the strategies, by name."""
    pairs = zip(names, outcome, met, strict=True)
    return {label: column for name, *own in pairs for label, column in zip((name, f"{name}.met"), own, strict=True)}


def _failure(name: str, points: pd.DataFrame, missed: Bools) -> Failure:
    """Return in which futures a strategy misses the goal, and why."""
    count = int(missed.sum())
    boxes = discover(points, missed).boxes if 0 < count < len(points) else ()
    return Failure(name, count, boxes[0] if boxes else None)


def _named(path: str, words: Words) -> str:
    """Say which setting a dotted path is; an event and a member go by their own names."""
    table, _, rest = path.partition(".")
    return setting(path, words) if table in ("uncertainties", "structure") else rest


def _plain(box: Box | None) -> dict[str, Any] | None:
    """Return a box as JSON has it."""
    return None if box is None else {**vars(box), "limits": {name: list(limit) for name, limit in box.limits.items()}}
