"""Sensitivity indices of one outcome: the estimators of each method."""

import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from foresight.arrays import Floats, Integers

#: From a design, float64[block, row, factor] in 0..1, and the outcome, float64[block, row], to float64[index, factor].
Estimator = Callable[[Floats, Floats], Floats]

#: Slides that PAWN cuts the range of a factor into, equally many points in each: what SALib takes.
SLIDES: Final = 10

#: Points of the grid on which delta compares densities, and most classes of a factor: what SALib takes.
GRID: Final = 100
MOST_CLASSES: Final = 48

#: Bins between two points of that grid, and bins added so that no density reaches round, where densities come from
#: counts.
_FINE: Final = 4
_BINS: Final = (GRID - 1) * _FINE + 1
_AROUND: Final = 1024

#: Decimals kept of an outcome in standard deviations: what rounding alone tells apart has no density of its own.
_DECIMALS: Final = 9


class Method(NamedTuple):
    """How a method of sensitivity analysis is carried out.

    Parameters
    ----------
    indices : tuple of str
        What it estimates, in this order; factors are ranked by the first.
    fewest : int
        Blocks if it takes them whole, points if not, below which no interval is to be trusted.
    whole : bool
        Whether it takes blocks (trajectories, base samples) as a whole, and loses one with any point of it.
    share : bool
        Whether the first index is a share of the variance of the outcome.
    unit_free : bool
        Whether the first index is 0 to 1 whatever the outcome, and so small or not by itself.
    estimate : Estimator
        By SALib; may be slow.
    resampled : Estimator
        The same quantities, quick enough for hundreds of resamples.
    """

    indices: tuple[str, ...]
    fewest: int
    whole: bool
    share: bool
    unit_free: bool
    estimate: Estimator
    resampled: Estimator


def morris_effects(design: Floats, outcome: Floats, levels: int = 4) -> Floats:
    """Return mu*, sigma and mu of the elementary effects of factors, in units of the outcome over the range of one.

    A block is a trajectory on a grid of so many levels. Morris, M. D. (1991), Technometrics 33(2); mu* by Campolongo,
    F., Cariboni, J. and Saltelli, A. (2007), Environ. Model. Softw. 22(10).
    """
    from SALib.analyze import morris  # late: it brings half of SciPy

    factors = design.shape[-1]
    problem = {"num_vars": factors, "names": [f"factor {at}" for at in range(factors)], "bounds": [[0, 1]] * factors}
    points = design.reshape(-1, factors)
    # The resamples of SALib are one factor at a time, and not wanted: two are the fewest that it makes.
    found = morris.analyze(problem, points, outcome.ravel(), num_resamples=2, num_levels=levels, seed=1)
    return np.stack([np.asarray(found[name], np.float64) for name in ("mu_star", "sigma", "mu")])


def sobol_indices(design: Floats, outcome: Floats) -> Floats:
    """Return total and first order Sobol' indices of factors.

    A block is a base sample: the point A, A with each factor from B (and B with each from A), and B. Saltelli, A. et
    al. (2010), Comput. Phys. Commun. 181(2); total order by Jansen, M. J. W. (1999), Comput. Phys. Commun. 117(1-2).
    A first order index estimated below zero is zero as far as the design can tell, and its interval reaches there.
    """
    from SALib.analyze import sobol  # late: it brings half of SciPy

    values = standardized(outcome)
    mixed = values[:, 1 : design.shape[-1] + 1]
    first, last = (np.broadcast_to(values[:, [row]], mixed.shape) for row in (0, -1))
    return np.stack([sobol.total_order(first, mixed, last), sobol.first_order(first, mixed, last)])


def pawn_index(design: Floats, outcome: Floats) -> Floats:
    """Return the PAWN index of factors: the median distance of distributions over slides of the factor.

    Pianosi, F. and Wagener, T. (2018), Distribution-based sensitivity analysis from a generic input-output sample,
    Environ. Model. Softw. 108. Points without a value are left out.
    """
    from SALib.analyze import pawn  # late: it brings half of SciPy

    points, values = _points(design, outcome)
    problem = {"num_vars": points.shape[1], "names": [f"factor {at}" for at in range(points.shape[1])]}
    return np.asarray(pawn.analyze(problem, points, values, S=SLIDES)["median"], np.float64)[np.newaxis]


def quick_pawn_index(design: Floats, outcome: Floats) -> Floats:
    """Return the PAWN index as `pawn_index` does, without the significance tests that SALib pays for and drops."""
    points, values = _points(design, outcome)
    order = np.argsort(values)
    last = np.append(np.diff(values[order]) > 0, True)  # of equal values the distribution counts all at once
    return np.array([[_slide_distance(column[order], last) for column in points.T]])


def _slide_distance(column: Floats, last: npt.NDArray[np.bool_]) -> float:
    """Return the median Kolmogorov-Smirnov distance of slides of a factor; points in the order of the outcome."""
    edges = np.quantile(column, np.arange(SLIDES + 1) * (1 / SLIDES))
    slide = np.searchsorted(edges, column, side="right") - 1  # as in SALib, the largest value is in no slide
    inside = slide[:, np.newaxis] == np.arange(SLIDES)
    counts = inside.sum(axis=0)
    below = inside.cumsum(axis=0, dtype=np.int32)[last][:, counts > 0] / counts[counts > 0]
    everybody = (np.flatnonzero(last) + 1) / last.size
    return float(np.median(np.abs(below - everybody[:, np.newaxis]).max(axis=0))) if below.size else 0.0


def delta_indices(design: Floats, outcome: Floats) -> Floats:
    """Return the moment-independent importance delta of factors, and first order indices from the same classes.

    Plischke, E., Borgonovo, E. and Smith, C. L. (2013), Global sensitivity measures from given data, Eur. J. Oper.
    Res. 226(3), before their reduction of bias. Points without a value are left out.
    """
    from SALib.analyze import delta  # late: it brings half of SciPy

    points, values = _points(design, outcome)
    values = np.round(standardized(values), _DECIMALS)
    edges = np.linspace(0, values.size, _classes(values.size) + 1)
    grid = np.linspace(values.min(), values.max(), GRID)
    importance = [delta.calc_delta(values, grid, column, edges) for column in points.T]
    return np.array([importance, [delta.sobol_first(values, column, edges) for column in points.T]])


def quick_delta_indices(design: Floats, outcome: Floats) -> Floats:
    """Return what `delta_indices` does, the densities from counts in bins by fast Fourier transform.

    Silverman, B. W. (1982), Algorithm AS 176: kernel density estimation using the fast Fourier transform, Appl.
    Stat. 31(1).
    """
    from scipy.stats import rankdata  # late: half a second

    points, values = _points(design, outcome)
    edges = np.linspace(0, values.size, _classes(values.size) + 1)
    width = np.ptp(values) / (_BINS - 1)
    if width == 0:
        return np.zeros((2, points.shape[1]))
    bins = np.rint((values - values.min()) / width).astype(np.int64)
    ranks = rankdata(points, method="ordinal", axis=0)
    every = np.searchsorted(edges, ranks, side="left") - 1
    importance = [_density_distance(classes, bins, edges.size - 1) for classes in every.T]
    return np.array([importance, [_share_between(classes, standardized(values)) for classes in every.T]])


def _share_between(classes: Integers, values: Floats) -> float:
    """Return the share of the variance of a standardized outcome that is between the classes of a factor."""
    sums, sizes = np.bincount(classes, values), np.bincount(classes)
    return float((sums[sizes > 0] ** 2 / sizes[sizes > 0]).sum() / values.size)


def _classes(points: int) -> int:
    """Return into how many classes of equally many points delta cuts a factor; Plischke et al. (2013), as SALib."""
    power = 2 / (7 + np.tanh((1500 - points) / 500))
    return int(min(np.ceil(points**power), MOST_CLASSES))


def _density_distance(classes: Integers, bins: Integers, number: int) -> float:
    """Return half the mean area between the densities of the outcome in each class of a factor and in all."""
    counts = np.bincount(classes * _BINS + bins, minlength=number * _BINS).reshape(number, _BINS)
    rows = np.vstack([counts.sum(axis=0), counts])
    sizes = rows.sum(axis=1)
    density = _densities(rows, sizes)
    area = np.trapezoid(np.abs(density[0] - density[1:]), dx=_FINE, axis=1)
    return float(np.nansum(area * sizes[1:]) / (2 * sizes[0]))


def _densities(counts: Integers, sizes: Integers) -> Floats:
    """Return Gaussian kernel densities [row, grid] of counts [row, bin], Silverman's bandwidth; NaN without spread."""
    places = np.arange(_BINS)
    mean = counts @ places / sizes
    variance = (counts @ places**2 - sizes * mean**2) / (sizes - 1)
    bandwidth = np.sqrt(np.where(variance > 0, variance, np.nan)) * (0.75 * sizes) ** -0.2
    size = _BINS + _AROUND
    wave = np.exp(-2 * (np.pi * np.fft.rfftfreq(size) * bandwidth[:, np.newaxis]) ** 2)
    found = np.fft.irfft(np.fft.rfft(counts, size, axis=1) * wave, size, axis=1)[:, :_BINS:_FINE]
    return np.asarray(found / sizes[:, np.newaxis], np.float64)


def _points(design: Floats, outcome: Floats) -> tuple[Floats, Floats]:
    """Return the points [point, factor] and the outcome [point] where there is one."""
    there = np.isfinite(outcome)
    return design[there], outcome[there]


def standardized(outcome: Floats) -> Floats:
    """Return an outcome less its mean, in standard deviations if it has any."""
    centred = outcome - outcome.mean()
    deviation = centred.std()
    return np.asarray(centred / deviation if deviation > 0 else centred, np.float64)


#: By name; `sampler.Design` says which of them a design can be used with.
METHODS: Final[Mapping[str, Method]] = {
    "morris": Method(("mu_star", "sigma", "mu"), 10, True, False, False, morris_effects, morris_effects),
    "sobol": Method(("ST", "S1"), 64, True, True, True, sobol_indices, sobol_indices),
    "pawn": Method(("pawn",), 100, False, False, True, pawn_index, quick_pawn_index),
    "delta": Method(("delta", "S1"), 100, False, False, True, delta_indices, quick_delta_indices),
}


def method_of(name: str, levels: int) -> Method:
    """Return a method by name, for trajectories on a grid of so many levels."""
    method = METHODS[name]
    effects = partial(morris_effects, levels=levels)
    return method._replace(estimate=effects, resampled=effects) if name == "morris" else method


@contextmanager
def quiet() -> Iterator[None]:
    """Keep what the libraries remark on small or odd samples from users: the verdict on them is ours."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield
