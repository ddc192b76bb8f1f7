"""What did what: how much of the difference between two scenarios each action makes, and all that is no effort."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from math import comb
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from foresight.actions import ACTIONS
from foresight.arguments import runs_from
from foresight.arrays import Floats
from foresight.errors import InputError, Problem, listed, shown
from foresight.facts.parameters import levers
from foresight.facts.scopes import SCOPES, scope_masks
from foresight.results.bands import band_of, difference, settled, tidy
from foresight.results.comparison import mean_and_reach
from foresight.results.series import MEASURED, series_called, simulated_series
from foresight.runs import DRAWN, Effects, Progress, Runs
from foresight.scenario.building import build
from foresight.scenario.loading import scenario_of
from foresight.scenario.scenario import Scenario
from foresight.scenario.schema import Coalition

#: What everything but the efforts did, and all that tells the scenarios apart; beside the actions.
OTHER: Final = "other"
TOTAL: Final = "total"

#: What the difference is split between.
PLAYERS: Final = (*ACTIONS, OTHER)

#: The rows of each outcome: the players add up to `TOTAL`.
PARTS: Final = (*PLAYERS, TOTAL)

#: Outcomes that are explained unless others are asked for.
EXPLAINED: Final = ("mean_delivered", "trust", "overdue_share", "coverage", "baiji_heading")

#: Levers that a scenario sets for each action.
_EFFORTS: Final = tuple(name for name, lever in levers().items() if lever.by_action)


def explain(
    base: Scenario | str | Path,
    changed: Scenario | str | Path,
    replicates: int = 200,
    seed: int = 1,
    *,
    outcomes: str | Sequence[str] = EXPLAINED,
    effects: Effects = DRAWN,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Split how far a scenario differs from a base into what each of the five actions did and the rest, run by run.

    An action is on where its efforts, the common ones and those of coalitions, are as in the changed scenario, and
    off where they are as in the base; everything that is no effort is one more player, on or off as a whole. The
    parts are the Shapley values over all 64 combinations, see `shapley`; so they are the same both ways, with the
    other sign.

    Parameters
    ----------
    base, changed : Scenario, str or Path
        As for `simulate`.
    replicates, seed : int
        As for `simulate`; all combinations have the same luck. Combinations that are the same are run once.
    outcomes : str or sequence of str
        Series, see `series.series_called`, such as "trust" or "trust.KAZ"; their last year is split. One named twice
        is taken once.
    effects : "drawn" or "posterior"
        As for `simulate`.
    progress : callable, optional
        Called after each combination with the combinations done and to do.

    Returns
    -------
    pandas.DataFrame
        ``outcome``; ``part``, one of `PARTS`; ``unit`` (a key of the section `unit` of the text catalogue); ``n``;
        ``mean``, and the 95 % interval ``low`` to ``high`` of the mean of endless runs; ``median``, ``p10``, ``p90``
        of the part in a run. The parts of a run add up to its total, and so do means, but medians need not. A run
        in which a combination has no value is left out of all parts. What changed nothing is exactly 0.

    Raises
    ------
    InputError
        If a scenario cannot be used, an argument is out of its range, or an outcome cannot be explained.
    """
    names = _chosen(outcomes)
    before, after = scenario_of(base), scenario_of(changed)
    runs = runs_from(replicates, seed, effects)
    mixed = {on: _mixed(before, after, on) for on in subsets(PLAYERS)}
    digests = {on: scenario.digest() for on, scenario in mixed.items()}
    distinct = {digests[on]: scenario for on, scenario in mixed.items()}
    found = {}
    for done, (digest, scenario) in enumerate(distinct.items(), start=1):
        found[digest] = _last(scenario, runs, names)
        if progress is not None:
            progress(done, len(distinct))
    return _table({on: found[digest] for on, digest in digests.items()}, names)


def shapley(values: Mapping[frozenset[str], Floats], players: Sequence[str]) -> dict[str, Floats]:
    """Return the Shapley value of each player: what it adds, on average over all orders in which players may join.

    A player that joins those already in, s of n, adds with the weight s! (n - s - 1)! / n!. The values of all players
    add up to what all have together less what none has. Shapley, L. S. (1953), A value for n-person games, in Kuhn
    and Tucker (eds), Contributions to the Theory of Games II, Princeton University Press, pp. 307-317.

    Parameters
    ----------
    values : Mapping[frozenset of str, float64[...]]
        What every set of players has, from nobody to all of them; arrays of one shape.
    players : sequence of str
        Each once.

    Returns
    -------
    dict of str to float64[...]
        By player; exactly 0 where no more than rounding tells what the sets have apart.
    """
    size = np.max([np.abs(value) for value in values.values()], axis=0)
    return {player: settled(_added(values, players, player), size) for player in players}


def _added(values: Mapping[frozenset[str], Floats], players: Sequence[str], player: str) -> Floats:
    """Return the weighted mean of what a player adds to the sets of the others."""
    others = [other for other in players if other != player]
    gains = [(values[joined | {player}] - values[joined], len(joined)) for joined in subsets(others)]
    return np.asarray(sum(gain / (len(players) * comb(len(others), joined)) for gain, joined in gains), np.float64)


def subsets(players: Sequence[str]) -> Iterator[frozenset[str]]:
    """Yield all sets of players, the smallest first."""
    return (frozenset(some) for size in range(len(players) + 1) for some in combinations(players, size))


def _chosen(outcomes: str | Sequence[str]) -> tuple[str, ...]:
    """Return the names of series, one alone or several, each once; InputError if there is no such series."""
    several = outcomes if isinstance(outcomes, Iterable) and not isinstance(outcomes, str) else [outcomes]
    if not (names := tuple(dict.fromkeys(str(series_called(name)) for name in several))):
        raise InputError([Problem("Python", "outcome", "empty", shown([]), listed(tuple(MEASURED)))])
    return names


# The combinations ------------------------------------------------------------------------------------------------


def _mixed(base: Scenario, changed: Scenario, on: frozenset[str]) -> Scenario:
    """Return a scenario in which the players that are on are as in the changed one, and the others as in the base."""
    frame = changed if OTHER in on else base
    common = {name: _with_efforts(getattr(base.levers, name), getattr(changed.levers, name), on) for name in _EFFORTS}
    every = _mixed_coalitions(base, changed, on)
    changes = {
        "levers": frame.levers.model_copy(update=common),
        "coalitions": tuple(coalition for coalition in every if _does_something(coalition)),
    }
    return frame.model_copy(update=changes)


def _mixed_coalitions(base: Scenario, changed: Scenario, on: frozenset[str]) -> Iterator[Coalition]:
    """Yield members who are in the same coalition, or in none, in each scenario, with their own efforts of these."""
    homes = [{code: one for one in scenario.coalitions for code in one.codes} for scenario in (base, changed)]
    groups: dict[tuple[str, ...], list[str]] = {}
    for code in sorted({*homes[0], *homes[1]}):
        groups.setdefault(tuple(home[code].name if code in home else "" for home in homes), []).append(code)
    for names, codes in groups.items():
        before, after = (home.get(codes[0]) for home in homes)
        efforts = {
            name: _with_efforts(getattr(before, name, None), getattr(after, name, None), on) for name in _EFFORTS
        }
        whose = {"name": " + ".join(dict.fromkeys(filter(None, names))), "members": tuple(codes), "bodies": ()}
        yield (before or after).model_copy(update={**whose, **efforts})  # type: ignore[union-attr]  # one is there


def _with_efforts(before: Any, after: Any, on: frozenset[str]) -> Any:
    """Return the efforts on each action of the one who has it: after where it is on, before where it is not."""
    sources = {action: after if action in on else before for action in ACTIONS}
    return (before or after).model_copy(update={action: getattr(one, action, None) for action, one in sources.items()})


def _does_something(coalition: Coalition) -> bool:
    """Say whether a coalition has efforts of its own; without any it is like no coalition."""
    efforts = [getattr(getattr(coalition, name), action) for name in _EFFORTS for action in ACTIONS]
    return any(effort is not None for effort in efforts)


# What they come to -----------------------------------------------------------------------------------------------


def _last(scenario: Scenario, runs: Runs, names: Sequence[str]) -> Floats:
    """Simulate a scenario; return series in the last year, float64[series, run]."""
    series = [series_called(name) for name in names]
    # All scopes, as a summary has them: sums of the region alone would be rounded otherwise.
    scopes = tuple(dict.fromkeys((*SCOPES, *(one.scope for one in series))))
    masks = dict(zip(scopes, scope_masks(scopes, scenario.members()), strict=True))
    return simulated_series(build(scenario, runs=runs), runs, masks, series)[:, -1].copy()  # the other years can go


def _table(values: Mapping[frozenset[str], Floats], names: Sequence[str]) -> pd.DataFrame:
    """Return means, intervals and bands of the parts of outcomes [outcome, run]."""
    total = difference(values[frozenset(PLAYERS)], values[frozenset()])
    rows = [*shapley(values, PLAYERS).values(), total]
    parts = np.stack(rows, axis=1)  # [outcome, part, run]
    parts = np.where(np.isfinite(parts).all(axis=1, keepdims=True), parts, np.nan)
    band = band_of(parts, {"outcome": names, "part": PARTS})
    mean, reach = mean_and_reach(np.moveaxis(parts, -1, 0), band.n)
    columns = {"n": band.n, "mean": mean, "low": mean - reach, "high": mean + reach}
    table = tidy(band.labels, {**columns, "median": band.median, "p10": band.p10, "p90": band.p90})
    table.insert(2, "unit", [series_called(name).unit for name in table["outcome"]])
    return table
