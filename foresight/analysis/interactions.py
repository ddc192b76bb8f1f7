"""Interactions: what two factors do to the variance of an outcome only together."""

from typing import Final

import numpy as np
import pandas as pd

from foresight.analysis.indices import quiet, standardized
from foresight.analysis.resampling import expected, half_width, over_points, over_replicates
from foresight.analysis.sample import Sample, is_constant
from foresight.arrays import Floats

#: Columns of the table.
COLUMNS: Final = ("factor", "other", "index", "value", "low", "high", "noise")


def second_order_indices(design: Floats, outcome: Floats) -> Floats:
    """Return the second-order Sobol' indices of pairs of factors, float64[1, pair], in the order of the upper triangle.

    A block is the point A, A with each factor from B, B with each from A, and B. Saltelli, A. (2002), Making best use
    of model evaluations to compute sensitivity indices, Comput. Phys. Commun. 145(2), with what a factor changes in
    place of the outcome, in both of the ways that a block offers: so the pairs of a factor that does nothing have
    exactly 0, and none more than the total effect of either by an error in their first-order effects.
    """
    factors = design.shape[-1]
    values = standardized(outcome)
    first, last = values[:, [0]], values[:, [-1]]
    mixed, crossed = values[:, 1 : factors + 1] - first, values[:, factors + 1 : -1] - last
    together = crossed.T @ mixed / len(values)
    pairs = np.triu_indices(factors, 1)
    return np.asarray((together + together.T)[pairs][np.newaxis] / 2 / values[:, [0, -1]].var(), np.float64)


def interactions(
    sample: Sample, method: str, design: Floats, values: Floats, resamples: int, seed: int
) -> pd.DataFrame:
    """Estimate second-order indices with their intervals, where a design has the points for them.

    Parameters
    ----------
    sample : Sample
    method : str
        Of the first-order indices: "sobol" alone has second-order ones.
    design : float64[block, row, factor]
    values : float64[block, row, replicate]
    resamples : int
        Of the points, a quarter as many of replicates.
    seed : int
        Of resampling.

    Returns
    -------
    pandas.DataFrame
        A row for each pair of factors, with `COLUMNS`: the index S2, its 95 % interval from resampling points, and half
        the width of the one that chance alone gives it (NaN with one replicate). Without such points there is no row;
        NaN with fewer than two blocks, or where the outcome does not vary.
    """
    if method != "sobol" or not sample.second_order:
        return pd.DataFrame(columns=COLUMNS)
    pairs = np.triu_indices(len(sample.factors), 1)
    names = np.array(sample.factors, object)
    value, reach, noise = np.full((3, pairs[0].size), np.nan)
    if len(design) > 1 and not is_constant(values):
        rng = np.random.default_rng(seed)
        with quiet():
            value = second_order_indices(design, expected(values))[0]
            found = over_points(second_order_indices, design, values, resamples, rng)
            reach = half_width(found, len(design))[0]
            if values.shape[-1] > 1:
                by_luck = over_replicates(second_order_indices, design, values, resamples, rng)
                noise = half_width(by_luck, values.shape[-1])[0]
    columns = [names[pairs[0]], names[pairs[1]], "S2", value, value - reach, value + reach, noise]
    return pd.DataFrame(dict(zip(COLUMNS, columns, strict=True)))
