"""What one future does to one member: means over its runs, and its runs in the last year."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np

from foresight.actions import ACTIONS, RUNGS
from foresight.arrays import Floats
from foresight.results.bands import band_of, difference, ratio
from foresight.results.comparison import mean_and_reach
from foresight.results.outcomes import ALL_ACTIONS

from .live import LIVE, Run
from .picture import DECIMALS, Triples, member_means, overdue
from .setting import Setting

#: Outcomes of a member whose path is drawn beside that of what it has delivered.
PATHS: Final = ("trust", "overdue", "capacity")


class Country(NamedTuple):
    """What the page of a member shows of one setting; of the three numbers of a year the middle one is the mean."""

    runs: int
    delivered: dict[str, Triples]  # by action, and all together
    circles: dict[str, list[float]]  # means of the subregion and of the region, all actions
    paths: dict[str, Triples]  # by outcome
    chances: dict[str, list[float]]  # by action: of having delivered each rung by the last year
    place: int  # among all members in the last year, the furthest first
    members: int
    peers: tuple[tuple[str, float], ...]  # the subregion with the number of each member, the furthest first
    last: Floats  # [run], mean rung delivered in the last year

    @property
    def number(self) -> float:
        """The mean rung delivered in the last year, all actions together, as the map has it."""
        return float(self.delivered[ALL_ACTIONS][-1][1] or 0.0)

    @property
    def place_among_peers(self) -> int:
        """The place in the subregion in the last year."""
        return 1 + sum(number > self.number for _, number in self.peers)


class Change(NamedTuple):
    """How far one future is from another, run by run: the mean, its 95 % interval, and 8 of 10 runs."""

    mean: float
    low: float
    high: float
    p10: float
    p90: float


def country(setting: Setting, code: str) -> Country:
    """Return what a setting does to a member; NotReadyError while the engine is being compiled."""
    picture: Country = LIVE.picture(setting, ("country", code), lambda run: country_of(run, code))
    return picture


def country_of(run: Run, code: str) -> Country:
    """Draw what a run does to a member."""
    table = run.setting.scenario.members()
    codes = run.setting.scenario.codes()
    at = codes.index(code)
    means = member_means(run, "delivered", ALL_ACTIONS)  # [year, member]
    delivered = run.history.delivered[:, at]  # [year, action, run]
    subregion = table["subregion"].to_numpy() == table.loc[code, "subregion"]
    ends = means[-1].round(DECIMALS)
    paths = {ALL_ACTIONS: delivered.mean(axis=1), **{name: delivered[:, k] for k, name in enumerate(ACTIONS)}}
    return Country(
        runs=run.setting.replicates,
        delivered={name: _triples(path, path.mean(axis=1)) for name, path in paths.items()},
        circles={
            str(table.loc[code, "subregion"]): means[:, subregion].mean(axis=1).round(DECIMALS).tolist(),
            "region": means.mean(axis=1).round(DECIMALS).tolist(),
        },
        paths={name: _triples(_runs_of(run, name, at), _mean(run, name, at)) for name in PATHS},
        chances={name: _chances(delivered[-1, k]) for k, name in enumerate(ACTIONS)},
        place=1 + int((ends > ends[at]).sum()),
        members=len(ends),
        peers=tuple((codes[k], float(ends[k])) for k in np.argsort(-ends, kind="stable") if subregion[k]),
        last=paths[ALL_ACTIONS][-1].copy(),
    )


def change(after: Country, before: Country) -> Change:
    """Return how far what a member has delivered by the last year is from what it has in another future."""
    apart = difference(after.last, before.last)
    mean, reach = (float(value) for value in mean_and_reach(apart, np.asarray(apart.size)))
    band = band_of(apart[np.newaxis], {})
    return Change(mean, mean - reach, mean + reach, float(band.p10[0]), float(band.p90[0]))


def _runs_of(run: Run, outcome: str, at: int) -> Floats:
    """Return an outcome of a member, [year, run]."""
    if outcome != "overdue":
        return np.asarray(getattr(run.history, outcome)[:, at])
    late, promised = overdue(run, slice(at, at + 1))
    return ratio(late.sum(axis=(1, 2)), promised.sum(axis=(1, 2)))


def _mean(run: Run, outcome: str, at: int) -> Floats:
    """Return the mean of an outcome of a member in every year, as the map has it."""
    return member_means(run, outcome, "", slice(at, at + 1))[:, 0]


def _triples(values: Floats, mean: Floats) -> Triples:
    """Return 10 %, mean and 90 % of every year, of values [year, run]."""
    band = band_of(values, {})
    rows: Any = np.round(np.stack([band.p10, mean, band.p90], axis=1), DECIMALS)
    return [[None if value != value else value for value in row] for row in rows.tolist()]


def _chances(rungs: Sequence[int]) -> list[float]:
    """Return the share of the runs that have delivered each rung."""
    return [float((np.asarray(rungs) >= rung).mean()) for rung in range(1, RUNGS + 1)]
