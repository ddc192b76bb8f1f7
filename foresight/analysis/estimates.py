"""Estimates of sensitivity indices with what is unsure about them."""

from typing import Final, NamedTuple

import numpy as np

from foresight.analysis.indices import Method, quiet
from foresight.analysis.ranking import doubts
from foresight.analysis.resampling import expected, half_width, luck_alone, over_points, over_replicates, spread
from foresight.arrays import Floats

#: Columns of random numbers that go through the same estimation as factors do, where nothing else tells what an
#: index of no importance comes to: dummy parameters, as in Khorashadi Zadeh, F. et al. (2017), Environ. Model. Softw.
#: 91, 210-222.
_DUMMIES: Final = 3

#: Numbers in the designs of all resamples of a method that sorts them, which bounds its time to about 10 seconds; and
#: the fewest resamples that a half width can be told from, to about 15 %.
_MOST_NUMBERS: Final = 25_000_000
_FEWEST_RESAMPLES: Final = 25

#: Indices that cannot be negative, and so neither can the low end of their interval.
_NOT_NEGATIVE: Final = ("ST", "mu_star", "sigma", "pawn", "delta")


class Estimates(NamedTuple):
    """Indices of factors and what is unsure about them.

    Parameters
    ----------
    value, low, high : float64[index, factor]
        Of the outcome expected at each point, and the 95 % interval from resampling points.
    noise : float64[index, factor]
        Half width of the 95 % interval from resampling replicates; NaN with one replicate.
    floor : float64[factor]
        What the first index may come to for a factor that does nothing.
    doubt : float64[factor, factor]
        How likely the first indices of two factors come out so far apart by points and luck alone: see `doubts`.
    """

    value: Floats
    low: Floats
    high: Floats
    noise: Floats
    floor: Floats
    doubt: Floats

    def reaches(self) -> tuple[Floats, Floats]:
        """Return how far the interval of the first index reaches for want of points, and by chance, float64[factor]."""
        return self.high[0] - self.value[0], np.nan_to_num(self.noise[0])

    def outer(self) -> tuple[Floats, Floats]:
        """Return the interval of the first index with chance in it too, each float64[factor]."""
        reach = np.hypot(*self.reaches())
        return self.value[0] - reach, self.value[0] + reach


def estimated(method: Method, design: Floats, values: Floats, times: int, rng: np.random.Generator) -> Estimates:
    """Estimate the indices of a method, and resample points and replicates.

    Parameters
    ----------
    method : Method
    design : float64[block, row, factor]
    values : float64[block, row, replicate]
        With two blocks or more, and not the same everywhere.
    times : int
        Resamples of the points; fewer are made where they would take long.
    rng : numpy.random.Generator
    """
    with quiet():
        if method.whole:
            found = _with_intervals(method, design, values, times, rng)
            return found._replace(floor=_luck_floor(method, design, values, rng))
        return _above_dummies(_with_intervals(method, _with_dummies(design, rng), values, times, rng))


def empty(method: Method, factors: int) -> Estimates:
    """Return what is known where nothing can be estimated."""
    nothing = np.full((len(method.indices), factors), np.nan)
    return Estimates(nothing, nothing, nothing, nothing, nothing[0], np.full((factors, factors), np.nan))


def _with_intervals(method: Method, design: Floats, values: Floats, times: int, rng: np.random.Generator) -> Estimates:
    """Return estimates without a floor."""
    times = times if method.whole else int(np.clip(_MOST_NUMBERS // design.size, min(times, _FEWEST_RESAMPLES), times))
    value = method.estimate(design, expected(values))
    by_points = over_points(method.resampled, design, values, times, rng)
    if method.indices[0] == "delta":  # Plischke et al. (2013), equation 30; what is left below zero is zero
        value[0] = np.maximum(2 * value[0] - by_points[:, 0].mean(axis=0), 0.0)
    reach, noise = half_width(by_points, len(design)), np.full_like(value, np.nan)
    sources = [(spread(by_points[:, 0], len(design)), len(design))]
    if (replicates := values.shape[-1]) > 1:
        by_luck = over_replicates(method.resampled, design, values, times, rng)
        noise = half_width(by_luck, replicates)
        sources.append((spread(by_luck[:, 0], replicates), replicates))
    bound = np.where([name in _NOT_NEGATIVE for name in method.indices], 0.0, -np.inf)
    low = np.maximum(value - reach, bound[:, np.newaxis])
    return Estimates(value, low, value + reach, noise, np.zeros(design.shape[-1]), doubts(value[0], sources))


def _luck_floor(method: Method, design: Floats, values: Floats, rng: np.random.Generator) -> Floats:
    """Return what luck left in the means adds to the first index, float64[factor]; 0 with one replicate.

    Squares and absolute values of differences do not cancel out luck as means do.
    """
    spread = expected(values)[:, [0, -1]].var()

    def measure(luck: Floats) -> Floats:
        scale = luck[:, [0, -1]].var() / spread if method.share else 1.0
        return np.asarray(method.resampled(design, luck)[0] * scale, np.float64)

    return luck_alone(measure, values, rng) if values.shape[-1] > 1 else np.zeros(design.shape[-1])


def _with_dummies(design: Floats, rng: np.random.Generator) -> Floats:
    """Add dummies to a design; they are the same all over a block, as most factors are."""
    blocks, rows, _ = design.shape
    dummies = np.broadcast_to(rng.random((blocks, 1, _DUMMIES)), (blocks, rows, _DUMMIES))
    return np.concatenate([design, dummies], axis=2)


def _above_dummies(found: Estimates) -> Estimates:
    """Take the dummies out, and the highest end of their intervals as the floor."""
    top = found.outer()[1][-_DUMMIES:].max()
    value, low, high, noise, floor, doubt = (part[..., :-_DUMMIES] for part in found)
    return Estimates(value, low, high, noise, np.full_like(floor, top), doubt[:-_DUMMIES])
