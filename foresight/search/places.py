"""Places that a search may go to, what is asked of them, and what they come to.

Shares of replicates are compared as standard normal quantiles, so that all these words count in standard deviations:

- score: the quantile of the share of replicates in which a place reaches the target;
- needed: the score that a place has to have;
- lacking: by how much its score falls short of that, at least 0; infinite for a place that is not admissible;
- surplus: by how much its score is above that, negative if it falls short;
- luck: by how much the replicates of a search score better than many more would, which is added to what is needed;
- patience: the most that the best place of a first look may lack for a search to go on from there.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple, Self

import numpy as np
from scipy.stats import norm

from foresight.arrays import Floats, Mask

#: Settings are different where at least this part of all they do is not done alike, see `apart`.
APART: Final = 0.15

#: What a doubling costs beside its price, so that levers without effect or price stay at home.
_PULL: Final = 0.01

#: Differences between scores, and between margins, that rounding may make.
_ROUNDING: Final = 1e-9

#: Width of the kernel that smooths shares, in standard deviations of the margins: moves shares by a hundredth at most.
_KERNEL: Final = 0.3


class Bounds(NamedTuple):
    """Where a search may go, each float64[lever]; equal bounds where a lever stays at home."""

    low: Floats
    high: Floats
    home: Floats


@dataclass(frozen=True)
class Task:
    """What is searched for.

    Parameters
    ----------
    box : Bounds
        All that is allowed.
    groups : Mapping[str, bool[lever]]
        Levers that belong together, by name: another setting may have to do without them.
    settable : callable
        From places float64[place, lever] to the nearest that people can set.
    price : callable
        From places to prices, float64[place].
    evaluate : callable
        From places and a number of replicates, the same for all, to margins float64[place, replicate]: not below 0
        where the target is reached; -inf where nothing can be said.
    share : float
        Of replicates that a place should reach the target in, with what the search leaves for bad luck; 0..1.
    draws : int
        Replicates of a step; half as many for a first look.
    cap : float
        Highest price.
    taken : tuple of float64[lever]
        Places found already: others have to be at least `APART` from them.
    luck : float
        How much more often than many replicates those of the search reach the target, in standard deviations.
    """

    box: Bounds
    groups: Mapping[str, Mask]
    settable: Callable[[Floats], Floats]
    price: Callable[[Floats], Floats]
    evaluate: Callable[[Floats, int], Floats]
    share: float
    draws: int
    cap: float = np.inf
    taken: tuple[Floats, ...] = ()
    luck: float = 0.0

    def needed(self, draws: int) -> float:
        """Return the score that a place needs; half a draw less than all will do: smoothed shares fall short of 1."""
        asked, most = _quantile(np.array([self.share, 1 - 0.5 / draws]), draws)
        return float(min(asked + self.luck, most)) - _ROUNDING

    def surplus(self, judged: "Judged") -> float:
        """Return how many standard deviations the only place judged has to spare."""
        return float(judged.scores[0]) - self.needed(self.draws)


class Judged(NamedTuple):
    """Places and what they come to."""

    places: Floats  # [place, lever]
    costs: Floats  # [place], the price and a little for each doubling
    scores: Floats  # [place], see `scores_of`
    lacking: Floats  # [place], standard deviations that the score falls short by; inf if not admissible

    def best(self) -> int:
        """Return the position of the cheapest place that reaches the share, or of the one that lacks least."""
        return int(np.lexsort((self.costs, self.lacking))[0])

    def at(self, positions: int | Mask) -> Self:
        """Return one place alone, or those that are marked."""
        return type(self)(*(values[np.atleast_1d(positions)] for values in self))


def judge(task: Task, places: Floats, draws: int) -> Judged:
    """Find what places come to under the first replicates; those not admissible too, for what they tell of others."""
    prices, scores = task.price(places), scores_of(task.evaluate(places, draws))
    costs = prices + _PULL * np.abs(places - task.box.home).sum(axis=1)
    lacking = np.maximum(task.needed(draws) - scores, 0.0)
    return Judged(places, costs, scores, np.where(admissible(task, places, prices), lacking, np.inf))


def admissible(task: Task, places: Floats, prices: Floats, part: float = APART) -> Mask:
    """Tell which places are within the cap and apart from those that are taken."""
    within = prices <= task.cap
    for other in task.taken:
        within &= apart(places, other, task.box.home) >= part
    return within


def apart(places: Floats, other: Floats, home: Floats) -> Floats:
    """Return how different places are from another: 0 for the same, 1 for those that use no lever both.

    The dissimilarity of Bray and Curtis (1957): of all that both do, in doublings, the part that they do not do alike.

    Parameters
    ----------
    places : float64[place, lever]
    other, home : float64[lever]
        Another place, and where nothing is done.

    Returns
    -------
    float64[place]
        0 where neither does anything.
    """
    moved = np.abs(places - home).sum(axis=1) + np.abs(other - home).sum()
    return np.asarray(np.abs(places - other).sum(axis=1) / np.where(moved > 0, moved, 1.0))


def scores_of(margins: Floats) -> Floats:
    """Return shares as standard normal quantiles, smoothed so that small steps show.

    Parameters
    ----------
    margins : float64[place, replicate]
        As `Task.evaluate` gives them. A margin of exactly 0, common where outcomes are whole numbers, is reached.

    Returns
    -------
    float64[place]
        Finite, also where all or none reach the target.
    """
    finite = np.isfinite(margins)
    spread = np.std(np.where(finite, margins, 0.0), axis=1, keepdims=True)
    reached = norm.cdf(margins / np.maximum(_KERNEL * spread, _ROUNDING))
    share = np.where(margins == 0, 1.0, reached).mean(axis=1)
    return _quantile(share, margins.shape[1])


def _quantile(share: Floats, draws: int) -> Floats:
    """Return the standard normal quantile of a share of so many draws, kept off 0 and 1 by half a draw."""
    return np.asarray(norm.ppf((share * draws + 0.5) / (draws + 1)))
