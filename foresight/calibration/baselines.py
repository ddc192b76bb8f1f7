"""What a forecast has to beat: chances of adopting that know next to nothing."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final

import numpy as np
from scipy.optimize import minimize

from foresight.arrays import Floats, Mask
from foresight.calibration.at_risk import Panel
from foresight.observed.records import Records, least_developed

#: Chance of adopting in a year, float64[future, member]: given the year, who can adopt, bool[member], and who has,
#: bool[future, member].
Chance = Callable[[int, Mask, Mask], Floats]

#: Where searches for the numbers of a curve begin.
Starts = tuple[tuple[float, ...], ...]

#: Years of the past whose pace goes on in the baseline of persistence.
RECENT: Final = 5

_LEAST: Final = 1e-6  # chances and shares are held this far from 0 and 1 while curves are fitted


class Lesson:
    """What the baselines learn from: the rows of other agreements, and the agreement they forecast.

    Parameters
    ----------
    panel : Panel
        Rows at risk of the training set.
    records : Records
        Of what is forecast.
    k : int
        Position of the agreement.
    start : int
        Year from which on nothing of the agreement is known; `NEVER` if every year's start is.
    """

    def __init__(self, panel: Panel, records: Records, k: int, start: int) -> None:
        self.panel, self.records, self.k, self.start = panel, records, k, start
        self.opened = records.agreements[k].opened

    def pace(self, rows: Mask | None = None) -> float:
        """Return the share of rows in which a member adopted, of all or some."""
        adopted = self.panel.adopted if rows is None else self.panel.adopted[rows]
        return float(adopted.mean()) if len(adopted) else 0.0


def constant(lesson: Lesson) -> Chance:
    """Make the baseline of one chance for all."""
    pace = lesson.pace()
    return lambda _year, _able, now: np.full(now.shape, pace)


def constant_ldc(lesson: Lesson) -> Chance:
    """Make the baseline of one chance for least developed countries and another for all others."""
    poor = lesson.panel.covariates["ldc"] == 1
    low, high = lesson.pace(poor), lesson.pace(~poor)
    return lambda year, _able, now: np.broadcast_to(np.where(least_developed(year), low, high), now.shape)


def bass(lesson: Lesson) -> Chance:
    """Make the curve of Bass (1969) in the years since the opening, with a ceiling, fitted to the same rows."""
    return _curve(lesson, _bass, ((0.05, 0.1, 0.9),), (_LEAST, _LEAST, _LEAST))


def logistic(lesson: Lesson) -> Chance:
    """Make the logistic curve in the years since the opening, with a ceiling, fitted to the same rows."""
    starts = tuple((0.15, middle, 0.9) for middle in (-20.0, 0.0, 8.0))  # its likelihood has more than one peak
    return _curve(lesson, _logistic, starts, (_LEAST, -np.inf, _LEAST))


def life_table(lesson: Lesson) -> Chance:
    """Make the life table of the same rows: the share that adopted by years since the opening, over three years."""
    ages = np.rint(lesson.panel.covariates["decades"] * 10.0).astype(np.int64)
    adopted, waited = np.bincount(ages, lesson.panel.adopted), np.bincount(ages).astype(np.float64)
    pace = lesson.pace()

    def chance(year: int, _able: Mask, now: Mask) -> Floats:
        age = year - lesson.opened
        near = slice(0, 1) if age == 0 else slice(max(age - 1, 1), age + 2)
        return np.full(now.shape, (adopted[near].sum() + pace) / (waited[near].sum() + 1.0))

    return chance


def persistence(lesson: Lesson) -> Chance:
    """Make the baseline of a pace that goes on: that of the last five years.

    Of the training set before the opening, as one year of every member; and of the agreement itself as far as known.
    """
    past = (lesson.panel.year < lesson.opened) & (lesson.panel.year >= lesson.opened - RECENT)
    before = lesson.pace(past) if past.any() else lesson.pace()

    def chance(year: int, able: Mask, now: Mask) -> Floats:
        until = min(year, lesson.start)
        years = np.arange(max(lesson.opened, until - RECENT), until)
        adopted = (lesson.records.year[lesson.k] == years[:, np.newaxis]).sum()
        waited = lesson.records.at_risk(lesson.k, years).sum()
        return np.full(now.shape, (before * able.sum() + adopted) / max(able.sum() + waited, 1))

    return chance


BASELINES: Final[Mapping[str, Callable[[Lesson], Chance]]] = {
    "constant": constant,
    "constant_ldc": constant_ldc,
    "bass": bass,
    "logistic": logistic,
    "life_table": life_table,
    "persistence": persistence,
}


def _curve(lesson: Lesson, share: Callable[..., Floats], starts: Starts, least: tuple[float, ...]) -> Chance:
    """Make the baseline of a curve of the share that has adopted, by years since the opening; the last is a ceiling."""
    numbers = _fitted(lesson.panel, share, starts, least)
    return lambda year, _able, now: np.full(now.shape, _risen(share, numbers, np.array(float(year - lesson.opened))))


@lru_cache(maxsize=16)  # of one panel every agreement and mode asks for the same curves
def _fitted(panel: Panel, share: Callable[..., Floats], starts: Starts, least: tuple[float, ...]) -> Floats:
    """Return the numbers of a curve under which what happened is likeliest."""
    ages = np.rint(panel.covariates["decades"] * 10.0)
    kinds, place = np.unique(ages, return_inverse=True)
    joined = np.bincount(place, panel.adopted)
    waited = np.bincount(place) - joined

    def loss(numbers: Floats) -> float:
        if (numbers < least).any() or numbers[-1] > 1.0:
            return np.inf
        chance = np.clip(_risen(share, numbers, kinds), _LEAST, 1.0 - _LEAST)
        return -float((joined * np.log(chance) + waited * np.log1p(-chance)).sum())

    searches = (minimize(loss, start, method="Nelder-Mead", options={"maxiter": 2000}) for start in starts)
    numbers: Floats = min(searches, key=lambda search: float(search.fun)).x
    return numbers


def _risen(share: Callable[..., Floats], numbers: Floats, age: Floats) -> Floats:
    """Return the chance of adopting in a year of age, (F(age + 1) - F(age)) / (1 - F(age))."""
    before, after = share(age, *numbers), share(age + 1.0, *numbers)
    risen: Floats = np.clip((after - before) / np.maximum(1.0 - before, _LEAST), 0.0, 1.0)
    return risen


def _bass(age: Floats, p: float, q: float, ceiling: float) -> Floats:
    faded = np.exp(-(p + q) * age)
    return np.asarray(ceiling * (1.0 - faded) / (1.0 + q / p * faded))


def _logistic(age: Floats, pace: float, middle: float, ceiling: float) -> Floats:
    return np.asarray(ceiling / (1.0 + np.exp(-pace * (age - middle))))
