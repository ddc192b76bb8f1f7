"""Samples: what a design found, and the blocks of points that belong together."""

from typing import Final, NamedTuple

import numpy as np

from foresight.analysis.indices import METHODS, Method, method_of
from foresight.analysis.resampling import expected
from foresight.arguments import check_name
from foresight.arrays import Floats
from foresight.errors import InputError, Problem, listed, shown
from foresight.experiments.sampler import DESIGNS, MORRIS_LEVELS, Design
from foresight.results.bands import ROUNDING

#: The largest share of points that differ from all others with which an outcome counts as nearly constant, a choice of
#: the project; and how many to a factor tell enough all the same, after Peduzzi, P. et al. (1996), A simulation study
#: of the number of events per variable in logistic regression analysis, J. Clin. Epidemiol. 49(12), 1373-1379.
MOST_ODD: Final = 0.05
ODD_PER_FACTOR: Final = 10


class Sample(NamedTuple):
    """What a design of experiments found for one outcome in one year.

    Parameters
    ----------
    factors : tuple of str
        Names.
    unit : float64[point, factor], 0..1
        The design in the unit cube, in the order in which the sampler made it.
    values : float64[point, replicate]
        NaN where a run failed or has no value. Replicate r has the same luck at all points.
    sampler : str
        One of `DESIGNS`.
    levels : int
        Of the grid of Morris trajectories.
    second_order : bool
        Whether a Saltelli design has the rows for second-order indices.
    """

    factors: tuple[str, ...]
    unit: Floats
    values: Floats
    sampler: str
    levels: int = MORRIS_LEVELS
    second_order: bool = False

    @property
    def design(self) -> Design:
        """What the sampler is."""
        return DESIGNS[self.sampler]

    @property
    def rows(self) -> int:
        """Points that belong together: of a trajectory, of a base sample, else each alone."""
        return self.design.block(len(self.factors), second_order=self.second_order)


def checked_method(sample: Sample, method: str) -> Method:
    """Return a method by name; InputError if it cannot be used with the design of a sample."""
    check_name("method", method, tuple(METHODS))
    check_name("sampler", sample.sampler, tuple(DESIGNS))
    fitting, points = sample.design.methods, len(sample.values)
    if method not in fitting:
        details = {"sampler": sample.sampler}
        raise InputError(
            [Problem("Python", "method", "wrong_sampler", shown(method), listed(fitting), details=details)]
        )
    if points % sample.rows:
        raise InputError([Problem("Python", "unit", "cut_design", str(points), details={"rows": sample.rows})])
    return method_of(method, sample.levels)


def usable_blocks(sample: Sample, method: Method) -> tuple[Floats, Floats]:
    """Return the design [block, row, factor] and the values [block, row, replicate] of blocks that can be used.

    A block is a trajectory, a base sample or a point. Methods that take it whole lose it with any of its points.
    """
    blocks = len(sample.values) // sample.rows
    design = sample.unit.reshape(blocks, sample.rows, len(sample.factors))
    finite = np.where(np.isfinite(sample.values), sample.values, np.nan)
    values = finite.reshape(blocks, sample.rows, sample.values.shape[1])
    there = np.isfinite(values).any(axis=2)
    usable = np.all(there, axis=1) if method.whole else np.any(there, axis=1)
    return design[usable], values[usable]


def is_constant(values: Floats) -> bool:
    """Say whether no more than rounding tells the outcomes expected at points apart; values [..., replicate]."""
    return int(np.isfinite(values).any(axis=-1).sum()) > 1 and odd_ones(values) == 0


def odd_ones(values: Floats) -> int:
    """Return how many points differ from what most have, by more than rounding; values [..., replicate]."""
    outcome = np.sort(expected(values)[np.isfinite(values).any(axis=-1)], axis=None)
    apart = np.diff(outcome, prepend=outcome[:1]) > ROUNDING * np.abs(outcome).max(initial=0.0)
    return int(outcome.size - np.bincount(apart.cumsum()).max(initial=0))


def is_nearly_constant(values: Floats, factors: int) -> bool:
    """Say whether all but a few points have the same outcome, too few to tell what makes the difference."""
    points, odd = int(np.isfinite(values).any(axis=-1).sum()), odd_ones(values)
    return 0 < odd <= MOST_ODD * points and odd < ODD_PER_FACTOR * factors
