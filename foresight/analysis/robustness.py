"""Robustness measures: how well strategies do over many futures, as numbers alone.

Names after McPhail, C., Maier, H. R., Kwakkel, J. H., Giuliani, M., Castelletti, A. and Westra, S. (2018), Robustness
metrics: how are they calculated, when should they be used and why do they give different results?, Earth's Future 6(2),
169-191.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from statistics import NormalDist
from typing import Any, Final, NamedTuple, Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from foresight.analysis.box import Bools
from foresight.analysis.resampling import half_width
from foresight.arrays import Floats
from foresight.results.intervals import CONFIDENCE, student_width, wilson_interval

#: Fewest futures: with as many or more, 95 % intervals of the worst decile and of the 90th percentile hold the value
#: of endless futures in 88 to 97 of 100 samples of normal, exponential and U-shaped outcomes; with 200, in 92 or more.
FEWEST_FUTURES: Final = 100

_TIMES: Final = 1000
_PERCENTILE: Final = 0.9
_DECILE: Final = 0.1


class Performance(NamedTuple):
    """What strategies come to in the same futures.

    Parameters
    ----------
    value : float64[strategy, future]
        More is better.
    met : bool[strategy, future]
        Whether the goal is met.
    """

    value: Floats
    met: Bools

    def regret(self) -> Floats:
        """Return how far each strategy stays behind the best one of each future, float64[strategy, future]."""
        return np.asarray(self.value.max(axis=0) - self.value)

    def at(self, futures: npt.NDArray[np.int64]) -> Self:
        """Return some futures alone, the same of all strategies."""
        return type(self)(self.value[:, futures], self.met[:, futures])


class Luck(NamedTuple):
    """What strategies come to with other luck.

    Parameters
    ----------
    drawn : sequence of Performance
        Each with as many runs of a future drawn with replacement, the same ones of all strategies and futures.
    replicates : int
        Runs that they are drawn from.
    """

    drawn: Sequence[Performance]
    replicates: int


class _Resamples(NamedTuple):
    """A measure of futures drawn again, float64[time, strategy], and of luck drawn again, where there is any."""

    futures: Floats
    luck: Floats | None


class Measure(NamedTuple):
    """A robustness measure.

    Parameters
    ----------
    of : callable
        From a performance to float64[strategy].
    sign : int
        1 where more is better, -1 where less is.
    sampled : bool
        Whether resampling the futures tells how sure it is. It does not for extremes: the worst of endless futures is
        never better than the worst of those that were run, and nobody knows by how much it is worse.
    oriented : bool
        Whether it is in the direction of the outcome, so that it turns round where less of that is better.
    """

    of: Callable[[Performance], Floats]
    sign: int
    sampled: bool = True
    oriented: bool = False


def _satisficing(performance: Performance) -> Floats:
    """Return the share of futures in which the goal is met: the domain criterion of Starr (1963)."""
    return np.asarray(performance.met.mean(axis=1), np.float64)


def _regret_90(performance: Performance) -> Floats:
    """Return the 90th percentile of the regret."""
    return np.asarray(np.quantile(performance.regret(), _PERCENTILE, axis=1))


def _minimax_regret(performance: Performance) -> Floats:
    """Return the largest regret (Savage 1951)."""
    return np.asarray(performance.regret().max(axis=1))


def _worst_decile(performance: Performance) -> Floats:
    """Return the mean over the worst tenth of the futures of each strategy."""
    count = -(-performance.value.shape[1] // round(1 / _DECILE))
    worst = np.partition(performance.value, count - 1, axis=1)[:, :count]
    return np.asarray(worst.mean(axis=1))


def _maximin(performance: Performance) -> Floats:
    """Return the worst future of each strategy (Wald 1950)."""
    return np.asarray(performance.value.min(axis=1))


#: Every measure, by name, in the order of tables.
MEASURES: Final[Mapping[str, Measure]] = {
    "satisficing": Measure(_satisficing, 1),
    "regret_90": Measure(_regret_90, -1),
    "worst_decile": Measure(_worst_decile, 1, oriented=True),
    "minimax_regret": Measure(_minimax_regret, -1, sampled=False),
    "maximin": Measure(_maximin, 1, sampled=False, oriented=True),
}
SAMPLED: Final = tuple(name for name, measure in MEASURES.items() if measure.sampled)


def measured(
    performance: Performance, strategies: Sequence[str], seed: int, luck: Luck | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Measure strategies and tell them apart.

    Futures are drawn again with replacement, the same for all strategies, so that differences are those of pairs
    (Efron and Tibshirani 1993). All futures share their luck, so it is drawn again too, and both variances are added.
    The interval of a share of futures is that of Wilson (1927), which also holds where all or none meet the goal, made
    wider by luck.

    Parameters
    ----------
    performance : Performance
        Of `FEWEST_FUTURES` or more.
    strategies : sequence of str
        Their names.
    seed : int
        Of the resampling.
    luck : Luck, optional
        Without it, what strategies come to in a future is known exactly. Of one run a future nothing is known of
        luck: intervals are NaN, and nobody is told apart.

    Returns
    -------
    table : pandas.DataFrame
        ``strategy``, ``measure``, ``value``, and the 95 % interval ``low`` to ``high``, NaN for extremes.
    pairs : pandas.DataFrame
        ``measure``, ``first``, ``second``, ``difference`` of the first from the second, its interval ``low`` to
        ``high``, and whether they are told ``apart``: whether that interval, of all pairs of a measure together with
        95 % (Bonferroni), leaves out 0.
    """
    resamples = _resampled(performance, luck, np.random.default_rng(seed))
    rows, pairs = [], []
    for name, measure in MEASURES.items():
        value = measure.of(performance)
        low, high = _interval(name, value, performance, resamples, luck)
        rows.append(pd.DataFrame({"strategy": strategies, "measure": name, "value": value, "low": low, "high": high}))
        if measure.sampled:
            pairs += list(_pairs(name, value, strategies, resamples[name], luck))
    columns = ("measure", "first", "second", "difference", "low", "high", "apart")
    return pd.concat(rows, ignore_index=True), pd.DataFrame(pairs, columns=columns)


def _resampled(performance: Performance, luck: Luck | None, rng: np.random.Generator) -> dict[str, _Resamples]:
    """Return the measures of futures, and of luck, drawn again, by name."""
    futures = performance.value.shape[1]
    values = _of_each(map(performance.at, rng.integers(futures, size=(_TIMES, futures))))
    others = None if luck is None else _of_each(luck.drawn)
    return {
        name: _Resamples(values[:, at], None if others is None else others[:, at]) for at, name in enumerate(SAMPLED)
    }


def _of_each(performances: Iterable[Performance]) -> Floats:
    """Return the measures that are sampled, float64[performance, measure, strategy]."""
    return np.stack([[MEASURES[name].of(one) for name in SAMPLED] for one in performances])


def _interval(
    name: str,
    value: Floats,
    performance: Performance,
    resamples: Mapping[str, _Resamples],
    luck: Luck | None,
) -> tuple[Floats, Floats]:
    """Return the interval of a measure, float64[strategy] each."""
    if name not in resamples:
        return np.full_like(value, np.nan), np.full_like(value, np.nan)
    futures, drawn = performance.value.shape[1], resamples[name]
    by_luck = _reach_of_luck(drawn.luck, luck, CONFIDENCE)
    if name == "satisficing":
        met = performance.met.sum(axis=1).tolist()
        low, high = np.array([wilson_interval(count, futures) for count in met]).T
        low, high = value - np.hypot(value - low, by_luck), value + np.hypot(high - value, by_luck)
        return np.minimum(low.clip(0), value), np.maximum(high.clip(None, 1), value)  # rounding at 0 and 1
    reach = np.hypot(half_width(drawn.futures, futures), by_luck)
    low = value - reach
    return (np.maximum(low, 0.0) if MEASURES[name].sign < 0 else low), value + reach


def _reach_of_luck(drawn: Floats | None, luck: Luck | None, confidence: float) -> Any:
    """Return how far luck makes an interval reach, NaN where there is one run alone; 0 where there is no luck."""
    if drawn is None or luck is None:
        return 0.0
    if luck.replicates < 2:
        return np.nan
    few = np.sqrt(luck.replicates / (luck.replicates - 1))  # few runs drawn again spread too little
    return student_width(luck.replicates - 1, confidence) * few * drawn.std(axis=0, ddof=1)


def _pairs(
    name: str, value: Floats, strategies: Sequence[str], resamples: _Resamples, luck: Luck | None
) -> Iterator[tuple[str, str, str, float, float, float, bool]]:
    """Compare all pairs of strategies in one measure."""
    chosen = list(combinations(range(len(strategies)), 2))
    confidence = 1 - (1 - CONFIDENCE) / max(len(chosen), 1)
    width = NormalDist().inv_cdf((1 + confidence) / 2)
    for first, second in chosen:
        difference = float(value[first] - value[second])
        apart = resamples.futures[:, first] - resamples.futures[:, second]
        by_luck = None if resamples.luck is None else resamples.luck[:, first] - resamples.luck[:, second]
        reach = float(np.hypot(width * apart.std(ddof=1), _reach_of_luck(by_luck, luck, confidence)))
        ends = difference - reach, difference + reach
        yield name, strategies[first], strategies[second], difference, *ends, abs(difference) > reach
