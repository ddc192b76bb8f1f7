"""A connector to EMA Workbench: the model as one of those that its users drive, and an evaluator for many runs."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from foresight.arguments import runs_from
from foresight.errors import InputError, Problem
from foresight.experiments.ema_blocks import InBlocks
from foresight.experiments.ema_function import BY_YEAR, EmaFunction, identifier
from foresight.experiments.parcels import packed, unpacked
from foresight.extras import EXPLORE, extra
from foresight.runs import DRAWN, Effects
from foresight.scenario.factors import Factor, cells_taken_twice, factor_called
from foresight.scenario.factors import factors as all_factors
from foresight.scenario.loading import scenario_of
from foresight.scenario.scenario import Scenario

#: Every parameter that can be varied, over all its actions and phases together.
WHOLE: Final = tuple(name for name in all_factors() if "." not in name)

#: Outcomes of the last year unless others are asked for.
LAST: Final = ("mean_delivered", "trust", "overdue_share", "coverage", "baiji_heading", "completed")


def ema_model(
    scenario: Scenario | str | Path = "historical-pace",
    factors: Sequence[str] | None = None,
    outcomes: Sequence[str] = LAST,
    replicates: int = 1,
    seed: int = 1,
    name: str = "foresight",
    *,
    by_year: Sequence[str] = (),
    effects: Effects = DRAWN,
) -> Any:
    """Return the model for EMA Workbench (Kwakkel 2017), to be given to any of its evaluators, or to `ema_evaluator`.

    What nobody knows is an uncertainty of EMA Workbench and what people choose a lever, each with its declared range;
    one that an experiment leaves out has the value of the scenario. All experiments share their luck. Whole numbers
    are drawn as such but told as floats: PRIM of EMA Workbench fails on columns of integers beside pandas 3. What a
    sampler draws between two of them (those of SALib, in EMA Workbench 2) is rounded.

    Parameters
    ----------
    scenario : Scenario, str or Path
        What the factors are varied on top of.
    factors : sequence of str, optional
        Names such as "delivery_rate" or "pledge_effort.transparency.phase_2", see `factors.factors`; all
        uncertainties that can be varied, and all levers over all actions and phases, unless given. In EMA Workbench
        dots are two underscores: "pledge_effort__transparency__phase_2".
    outcomes : sequence of str
        Series such as "trust", "mean_delivered.transparency" or "completed", see `series.series_called`: their value
        in the last year, the mean over the replicates. Dots are two underscores again.
    replicates : int
        Runs an experiment, 1 to 2**32, which differ by chance and what ``effects`` draws.
    seed : int
        0 to 2**64 - 1.
    name : str
        Of the model; EMA Workbench allows letters and digits.
    by_year : sequence of str
        Series of which every year is an outcome, the mean over the replicates: "trust" as "trust__by_year".
    effects : "drawn" or "posterior"
        As for `simulate`; an uncertainty that is a factor is never that of a draw.

    Returns
    -------
    ema_workbench.Model
        It can be sent to other processes.

    Raises
    ------
    InputError
        If the scenario, a factor or an outcome cannot be used, two factors set the same, or the extra "explore" is
        missing.
    """
    runs = runs_from(replicates, seed, effects)
    words, last, years = packed(scenario_of(scenario)), tuple(outcomes), tuple(by_year)
    unpacked(words, (*last, *years))  # tells at once what cannot be used
    chosen = _chosen(WHOLE if factors is None else factors)
    ema = extra("ema_workbench", EXPLORE)
    model = ema.Model(name, function=EmaFunction(words, last, years, runs))
    model.uncertainties = [_parameter(ema, one) for one in chosen if one.section == "uncertainties"]
    model.levers = [_parameter(ema, one) for one in chosen if one.section == "levers"]
    scalars = [ema.ScalarOutcome(identifier(one)) for one in last]
    model.outcomes = [*scalars, *(ema.TimeSeriesOutcome(identifier(one) + BY_YEAR) for one in years)]
    return model


def ema_evaluator(models: Any) -> Any:
    """Return an evaluator of EMA Workbench that runs many experiments in one call of the engine, on all cores.

    Outcomes, their order and what is said of a failure are those of `ema_workbench.SequentialEvaluator`, bit for bit.
    Progress is told after every block of experiments.

    Parameters
    ----------
    models : ema_workbench.Model, or sequence of them
        As `ema_model` returns them. Others run too, one experiment at a time.

    Returns
    -------
    ema_workbench.SequentialEvaluator
        For ``with``, ``perform_experiments``, ``optimize`` and ``robust_optimize``.

    Raises
    ------
    InputError
        If the extra "explore" is missing.
    """
    base = extra("ema_workbench", EXPLORE).SequentialEvaluator
    return type("BlockEvaluator", (InBlocks, base), {})(models)


def _chosen(names: Sequence[str]) -> list[Factor]:
    """Return factors by their names; InputError if one is unknown, or two set the same."""
    chosen = [factor_called(one) for one in names]
    if twice := cells_taken_twice(names):
        raise InputError([Problem("Python", one, "also_set", details={"other": twice[one]}) for one in twice])
    return chosen


def _parameter(ema: Any, factor: Factor) -> Any:
    """Return a factor as EMA Workbench has it, over its declared range."""
    from scipy.stats import randint  # late: half a second

    item = factor.parameter
    made = ema.RealParameter(identifier(factor.name), item.low, item.high)
    if item.whole:
        low, beyond = int(item.low), int(item.high) + 1
        made.dist, made.resolution = randint(low, beyond), [float(number) for number in range(low, beyond)]
    return made
