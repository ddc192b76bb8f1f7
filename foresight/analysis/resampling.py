"""Intervals by resampling: what another design, and what other luck, would have found."""

from collections.abc import Callable, Iterable
from typing import Final

import numpy as np

from foresight.analysis.indices import Estimator
from foresight.arrays import Floats
from foresight.results.comparison import mean_and_reach
from foresight.results.intervals import student_width

#: Resamples of replicates to one of points: chance needs fewer, as it moves all points at once.
_LUCK_SHARE: Final = 0.25

#: Splits of the replicates in two that `luck_alone` is found from.
_SPLITS: Final = 8


def expected(values: Floats) -> Floats:
    """Return the mean over the replicates that have a value, float64[...]; NaN where none has."""
    return mean_and_reach(np.moveaxis(values, -1, 0), np.isfinite(values).sum(axis=-1))[0]


def over_points(estimator: Estimator, design: Floats, values: Floats, times: int, rng: np.random.Generator) -> Floats:
    """Estimate indices from as many blocks, drawn with replacement, many times.

    Efron, B. and Tibshirani, R. J. (1993), An Introduction to the Bootstrap; for indices Archer, G. E. B., Saltelli,
    A. and Sobol', I. M. (1997), J. Stat. Comput. Simul. 58(2). Rows of a block depend on each other, blocks do not.

    Parameters
    ----------
    estimator : Estimator
    design : float64[block, row, factor]
    values : float64[block, row, replicate]
    times : int
    rng : numpy.random.Generator

    Returns
    -------
    float64[time, index, factor]
    """
    outcome = expected(values)
    drawn = rng.integers(len(design), size=(times, len(design)))
    return np.stack([estimator(design[blocks], outcome[blocks]) for blocks in drawn])


def over_replicates(
    estimator: Estimator, design: Floats, values: Floats, times: int, rng: np.random.Generator
) -> Floats:
    """Estimate indices from as many replicates, drawn with replacement, the same ones at all points.

    Arguments and what is returned are as for `over_points`, with fewer times. A point whose drawn replicates all
    failed keeps its mean.
    """
    return np.stack([estimator(design, outcome) for outcome in _other_means(values, int(times * _LUCK_SHARE), rng)])


def _other_means(values: Floats, times: int, rng: np.random.Generator) -> Iterable[Floats]:
    """Yield the mean over replicates that were drawn again."""
    replicates = values.shape[-1]
    there = np.isfinite(values).astype(np.float64)
    present, outcome = np.where(there, values, 0.0), expected(values)
    for weights in rng.multinomial(replicates, np.full(replicates, 1 / replicates), size=times):
        counted = there @ weights
        yield np.divide(present @ weights, counted, out=outcome.copy(), where=counted > 0)


def luck_alone(measure: Callable[[Floats], Floats], values: Floats, rng: np.random.Generator) -> Floats:
    """Return what a measure finds in outcomes that have the luck left in the means, and nothing else.

    The replicates are set against each other with weights that add up to nothing: what is expected at a point
    cancels out, and the luck is as large as in the mean. An index cannot be told from nothing below that.

    Parameters
    ----------
    measure : callable
        From an outcome, float64[block, row].
    values : float64[block, row, replicate]
        Of at least two replicates.
    rng : numpy.random.Generator

    Returns
    -------
    float64[...]
        The mean over some ways to set them against each other.
    """
    replicates = values.shape[-1]
    filled = np.where(np.isfinite(values), values, expected(values)[..., np.newaxis])
    against = rng.standard_normal((_SPLITS, replicates))
    against -= against.mean(axis=1, keepdims=True)
    against /= np.linalg.norm(against, axis=1, keepdims=True) * np.sqrt(replicates)
    return np.asarray(np.mean([measure(filled @ weights) for weights in against], axis=0), np.float64)


def spread(indices: Floats, drawn: int) -> Floats:
    """Return the covariance of the indices of factors, float64[factor, factor], from resamples [time, factor].

    Resampling few things spreads too little, which is put right.
    """
    centred = indices - indices.mean(axis=0)
    return np.asarray(centred.T @ centred / (len(indices) - 1) * drawn / (drawn - 1), np.float64)


def half_width(indices: Floats, drawn: int) -> Floats:
    """Return the half width of the 95 % interval, float64[index, factor], from resamples of so many things drawn.

    Symmetric, as in SALib: resamples of indices that cannot be negative are biased upwards, which shifts percentiles
    but not their spread. Resampling few things spreads too little, which is put right, and Student's t makes up for
    a spread that is found from few.
    """
    width = student_width(drawn - 1) * np.sqrt(drawn / (drawn - 1))
    return np.asarray(width * indices.std(axis=0, ddof=1), np.float64)
