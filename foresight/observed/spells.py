"""Spells: how long members waited before they followed up, and the yearly hazard that such waiting speaks for.

The hazard has the form of `rules.delivery_hazard` without money and effort: a rate times the weight of a member, such
as its base capacity. A follow-up is known to lie between two moments, as exact as its date is, and a member that had
not followed up when the list ends has waited at least so long: the likelihood of interval-censored exponential times,
Sun, J. (2006), The Statistical Analysis of Interval-censored Failure Time Data, chapter 2. Over whole years it is
that of the model, which follows up in a year with probability 1 - exp(-hazard).
"""

from collections.abc import Callable
from math import exp
from typing import Final, NamedTuple

import numpy as np
from scipy.optimize import brentq, minimize_scalar
from scipy.stats import chi2

from foresight.arrays import Floats

#: Probability that an interval is meant to hold.
CONFIDENCE: Final = 0.95

#: How far below its top a log likelihood is at the ends of the interval: Wilks, S. S. (1938), Ann. Math. Stat. 9(1).
_DROP: Final = float(chi2.ppf(CONFIDENCE, 1)) / 2

#: Range in which the top of a log likelihood is looked for: logarithms of rates a year, of ratios, and exponents.
_RANGE: Final = (-8.0, 8.0)

#: First step, and most doublings of it, on the way to the ends of an interval; no end is found beyond.
_STEP, _DOUBLINGS = 0.1, 9


class Spells(NamedTuple):
    """Times at risk, one row a member, or a part of its time; years since the wait began.

    Parameters
    ----------
    entry : float64[spell]
        From when on it is looked at.
    low, high : float64[spell]
        Between which the follow-up lies; `high` is infinite where there is none by `low`.
    weight : float64[spell]
        What the rate is multiplied by, above 0.
    """

    entry: Floats
    low: Floats
    high: Floats
    weight: Floats

    @property
    def events(self) -> int:
        """Return the number of follow-ups."""
        return int(np.isfinite(self.high).sum())


class Estimate(NamedTuple):
    """A value and its 95 % likelihood-ratio interval, which is infinite where no end is found."""

    value: float
    low: float
    high: float

    def of(self, change: Callable[[float], float]) -> "Estimate":
        """Return the estimate of a growing function of the value."""
        return Estimate(*map(change, self))


Shaped = Callable[[float], Spells]


def log_likelihood(rate: float, spells: Spells) -> float:
    """Return the log likelihood of a yearly rate."""
    hazard = rate * spells.weight
    within = np.log(-np.expm1(-hazard * (spells.high - spells.low)))
    return float(np.sum(within - hazard * (spells.low - spells.entry)))


def rate_of(spells: Spells) -> Estimate:
    """Estimate the yearly rate, per unit of weight; of no follow-ups it is 0, with an upper end."""
    if not spells.events:
        return Estimate(0.0, 0.0, _DROP / float(np.sum(spells.weight * (spells.low - spells.entry))))
    return _top_of(lambda log_rate: log_likelihood(exp(log_rate), spells)).of(exp)


def effect_of(shaped: Shaped) -> Estimate:
    """Estimate what shapes the spells, whatever the rate: the profile likelihood."""
    return _top_of(lambda effect: _best(shaped(effect)))


def by_group(spells: Spells, member: Floats) -> Shaped:
    """Return spells whose hazard is exp(effect) times as high where `member` is 1."""
    return lambda effect: spells._replace(weight=spells.weight * np.exp(effect * member))


def by_power(spells: Spells) -> Shaped:
    """Return spells whose hazard grows with their weight to the power of the effect; 1 is the form of the model."""
    return lambda effect: spells._replace(weight=spells.weight**effect)


def by_clock(spells: Spells) -> Shaped:
    """Return spells on a clock of years to the power of exp(effect): Weibull times; 0 is a constant hazard."""

    def clocked(effect: float) -> Spells:
        power = np.exp(effect)
        return Spells(spells.entry**power, spells.low**power, spells.high**power, spells.weight)

    return clocked


def in_same_time(calendar: Spells, member: Floats) -> Estimate:
    """Estimate the same effect against those who could follow up at the same moment, whatever the hazard then.

    Cox, D. R. (1972), J. R. Stat. Soc. B 34(2), ties by Breslow; `calendar` has calendar years in place of years
    since the wait began. What moves everybody at once, such as a common deadline, drops out.
    """
    happened = np.isfinite(calendar.high)
    last = np.where(happened, calendar.high, calendar.low)
    moments = last[happened]
    waiting = (calendar.entry < moments[:, np.newaxis]) & (moments[:, np.newaxis] <= last)

    def log_partial(effect: float) -> float:
        hazard = by_group(calendar, member)(effect).weight
        return float(np.sum(np.log(hazard[happened]) - np.log(waiting @ hazard)))

    return _top_of(log_partial)


def _best(spells: Spells) -> float:
    """Return the log likelihood of the best rate."""
    best = minimize_scalar(lambda log_rate: -log_likelihood(exp(log_rate), spells), bounds=_RANGE, method="bounded")
    return -float(best.fun)


def _top_of(curve: Callable[[float], float]) -> Estimate:
    """Return where a log likelihood is greatest, and where it has fallen so far that the interval ends."""
    top = float(minimize_scalar(lambda at: -curve(at), bounds=_RANGE, method="bounded").x)
    level = curve(top) - _DROP
    low, high = (_crossing(lambda at: curve(at) - level, top, step) for step in (-_STEP, _STEP))
    return Estimate(top, low, high)


def _crossing(above: Callable[[float], float], top: float, step: float) -> float:
    """Return where a curve that is above 0 at the top falls to 0 on the way of a step."""
    for doubling in range(_DOUBLINGS):
        far = top + step * 2**doubling
        if above(far) < 0:
            return float(brentq(above, top, far))
    return float(np.copysign(np.inf, step))
