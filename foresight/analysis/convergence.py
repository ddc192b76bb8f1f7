"""How the main index of each factor settles as a design grows."""

import numpy as np
import pandas as pd

from foresight.analysis.estimates import empty, estimated
from foresight.analysis.indices import Method
from foresight.analysis.resampling import expected
from foresight.analysis.sample import Sample, checked_method, is_constant, usable_blocks
from foresight.arrays import Floats


def convergence_curve(sample: Sample, method: str, *, seed: int = 1, resamples: int = 100) -> pd.DataFrame:
    """Estimate the first index of a method on the first half of a design, on half of that, and so on.

    Parameters
    ----------
    sample, method, seed
        As for `analyze`.
    resamples : int
        As for `analyze`; at every size.

    Returns
    -------
    pandas.DataFrame
        ``N``, the usable trajectories, base samples or points, growing; ``factor``; ``value`` and its 95 % interval
        ``low`` to ``high`` from resampling points. NaN where the outcome does not vary.

    Raises
    ------
    InputError
        As `analyze` does.
    """
    way = checked_method(sample, method)
    design, values = usable_blocks(sample, way)
    if sample.design.in_order:
        order = np.random.default_rng(seed).permutation(len(design))
        design, values = design[order], values[order]
    sizes = _sizes(len(design), way.fewest)
    parts = [_part(sample, way, design[:n], values[:n], resamples, seed) for n in sizes]
    return pd.concat(parts, ignore_index=True)


def _sizes(blocks: int, fewest: int) -> list[int]:
    """Return the sizes of designs to look at, growing: those that can be judged, and the whole one."""
    halves = [blocks // 2**power for power in range(blocks.bit_length())]
    return sorted({blocks, *(size for size in halves if size >= fewest)})


def _part(sample: Sample, method: Method, design: Floats, values: Floats, resamples: int, seed: int) -> pd.DataFrame:
    """Return the rows of one size."""
    estimates = empty(method, len(sample.factors))
    if len(design) > 1 and not is_constant(values):
        outcome = expected(values)[..., np.newaxis]  # one replicate, as chance has no interval here
        estimates = estimated(method, design, outcome, resamples, np.random.default_rng(seed))
    columns = {"value": estimates.value[0], "low": estimates.low[0], "high": estimates.high[0]}
    return pd.DataFrame({"N": len(design), "factor": sample.factors, **columns})
