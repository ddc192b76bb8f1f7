"""Forecast who adopts an agreement and when, from a calibration and what was known at the start."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from foresight.actions import SUBREGIONS
from foresight.arrays import Floats, Integers, Mask
from foresight.calibration.at_risk import exposure, facts
from foresight.calibration.baselines import Chance
from foresight.calibration.fit import TAIL, Fit
from foresight.calibration.hazards import columns, covariates_of, log_hazard
from foresight.observed.records import Records, subregions

#: Futures of each forecast: the error of a chance of one half is 1.1 per cent.
FUTURES: Final = 2000

#: Guesses of an agreement's own speed that are weighed against what is known of it, for each draw of the calibration.
GUESSES: Final = 100

#: How much wider than the calibration the guesses lie, so that an agreement of unheard-of speed is found too.
REACH: Final = 2.0

#: Draws of the calibration that learn from an agreement's past; each has its own guesses.
LEARNING: Final = 250


@dataclass(frozen=True, eq=False)
class Forecast:
    """Futures of one agreement.

    Parameters
    ----------
    start : int
        Nothing that happened in this year or later was known.
    years : int64[year]
        From the start to the year after the last full one of the list, of which it may cover a part.
    adopted : bool[future, year, member]
        Who has adopted by the end of a year.
    hazard : float64[year, member]
        Chance of adopting in a year for who has not before, the mean over the futures in which it has not.
    """

    start: int
    years: Integers
    adopted: Mask
    hazard: Floats

    @property
    def chance(self) -> Floats:
        """Chance of having adopted by the end of a year, float64[year, member], of who has not at the start."""
        return np.asarray(1.0 - np.cumprod(1.0 - self.hazard, axis=0), np.float64)

    @property
    def count(self) -> Integers:
        """Number of members that have adopted by the end of a year, int64[future, year]."""
        return np.asarray(self.adopted.sum(axis=2), np.int64)


def futures(
    chance: Chance, records: Records, k: int, start: int, luck: np.random.Generator, count: int = FUTURES
) -> Forecast:
    """Let chances decide, year by year, from what was known at the start.

    Parameters
    ----------
    chance : callable
        Chance of adopting in a year, given who can and who has, see `baselines.Chance`.
    records, k, start
        As `forecast` has them.
    luck : numpy.random.Generator
    count : int
        How many futures.
    """
    years = np.arange(start, records.agreements[k].last + 2)
    now = np.repeat((records.year[k] < start)[np.newaxis], count, axis=0)
    adopted, hazard = np.empty((count, len(years), now.shape[1]), np.bool_), np.zeros((len(years), now.shape[1]))
    for position, year in enumerate(years.tolist()):
        able = records.since[k] <= year
        risk = chance(year, able, now)
        hazard[position] = np.where(able, _mean_where(risk, ~now), 0.0)
        now = now | (able & (luck.random(now.shape) < risk))
        adopted[:, position] = now
    return Forecast(start, years, adopted, hazard)


def _mean_where(values: Floats, chosen: Mask) -> Floats:
    """Return the mean of each column where something holds, of all where it holds nowhere."""
    count = chosen.sum(axis=0)
    mean: Floats = np.where(count > 0, (values * chosen).sum(axis=0) / np.maximum(count, 1), values.mean(axis=0))
    return mean


class _World:
    """Draws of a calibration, and an agreement."""

    def __init__(self, fit: Fit, records: Records, k: int, draw: Integers, luck: np.random.Generator) -> None:
        self.fit, self.records, self.k, self.draw, self.luck = fit, records, k, draw, luck
        shape = len(draw), records.year.shape[1]
        anonymous = fit.sds["sd_member"][self.draw, np.newaxis] * luck.standard_normal(shape)
        own = fit.member_effects[self.draw]
        self.member = np.where(np.isnan(own), anonymous, own)

    def speeds(self, guesses: int, reach: float = 1.0) -> tuple[Floats, Floats]:
        """Draw v + w of an agreement that nothing is known of, and how much each guess weighs.

        Parameters
        ----------
        guesses : int
        reach : float
            How many times as wide as in the calibration guesses of v lie; their weights make up for it.

        Returns
        -------
        float64[draw, guess, subregion], float64[draw, guess]
            The weight as its logarithm.
        """
        size, sds = len(self.draw), {name: sd[self.draw, np.newaxis] for name, sd in self.fit.sds.items()}
        guess, tail = self.luck.standard_normal((size, guesses)), self.fit.variant.tails
        if tail:
            guess /= np.sqrt(self.luck.chisquare(TAIL, guess.shape) / TAIL)
        away = reach * guess
        here = self.luck.standard_normal((size, guesses, len(SUBREGIONS)))
        there = sds["sd_subregion_action"][:, :, np.newaxis] * here
        return (sds["sd_action"] * away)[:, :, np.newaxis] + there, _log_density(away, tail) - _log_density(guess, tail)

    def able(self, year: int) -> Mask:
        return np.asarray(self.records.since[self.k] <= year)

    def hazard(self, year: int, adopted: Mask) -> Floats:
        """Return the hazard at v + w = 0 where some have adopted, float64[draw, member]."""
        member = np.arange(adopted.shape[1])
        shares = exposure(self.able(year)[np.newaxis], adopted, covariates_of(self.fit.variant))
        at = {**shares, **facts(self.records, np.full_like(member, self.k), member, np.full_like(member, year))}
        slopes = {term: values[self.draw, np.newaxis] for term, values in self.fit.coefficients.items()}
        terms = columns(self.fit.variant, at, self.fit.body_weight[self.draw, np.newaxis])
        return np.asarray(np.exp(log_hazard(self.fit.base[self.draw, np.newaxis], slopes, terms, self.member)))

    def exposed(self, year: int) -> Mask:
        """Tell who could adopt in a year and had not before, bool[member]."""
        return np.asarray(self.records.at_risk(self.k, np.array([year]))[0])

    def seen(self, year: int) -> Mask:
        """Tell who had adopted by the start of a year, bool[1, member]."""
        return np.asarray(self.records.year[self.k] < year)[np.newaxis]

    def evidence(self, year: int, factor: Floats) -> Floats:
        """Return the log likelihood of what members did in a year, float64[draw, guess], for e^(v + w)."""
        acted, exposed = self.records.year[self.k] == year, self.exposed(year)
        hazard = self.hazard(year, self.seen(year))
        total = np.zeros(factor.shape[:2])
        for g in range(len(SUBREGIONS)):
            waited = hazard[:, exposed & ~acted & (subregions() == g)].sum(axis=1)
            total -= waited[:, np.newaxis] * factor[:, :, g]
        for i in np.nonzero(exposed & acted)[0]:
            total += np.log(-np.expm1(-hazard[:, i, np.newaxis] * factor[:, :, subregions()[i]]))
        return total


def forecast(fit: Fit, records: Records, k: int, start: int, seed: int = 1) -> Forecast:
    """Forecast an agreement from its opening, or from a later year on.

    Parameters
    ----------
    fit : Fit
    records : Records
    k : int
        Position of the agreement.
    start : int
        What members did before it is known, and says how fast the agreement is.
    seed : int
        Of the futures' luck.
    """
    return drawn(fit, _spaced(fit, FUTURES), records, k, start, np.random.default_rng([seed, k]))


def drawn(fit: Fit, draw: Integers, records: Records, k: int, start: int, luck: np.random.Generator) -> Forecast:
    """Let draws of a calibration decide, a future each, int64[future]; the rest is as `forecast` has it."""
    world = _World(fit, records, k, draw, luck)
    speed = np.exp(_learned(world, start))[:, subregions()]

    def chance(year: int, _able: Mask, now: Mask) -> Floats:
        return -np.expm1(-world.hazard(year, now) * speed)

    return futures(chance, records, k, start, luck, len(draw))


def year_ahead(fit: Fit, records: Records, k: int, seed: int = 1) -> Floats:
    """Return the chance of adopting in each year, given all that was known at its start, float64[year, member].

    0 where a member was not at risk.
    The agreement's own speed is learnt from year to year within each draw; what all agreements share is not.
    """
    about = records.agreements[k]
    world = _World(fit, records, k, _spaced(fit, LEARNING), np.random.default_rng([seed, k]))
    speeds, log_weight = world.speeds(GUESSES, REACH)
    factor = np.exp(speeds)
    chances = np.zeros((about.last + 1 - about.opened, records.year.shape[1]))
    for position, year in enumerate(range(about.opened, about.last + 1)):
        weight, hazard = _weights(log_weight), world.hazard(year, world.seen(year))
        for i in np.nonzero(world.exposed(year))[0]:
            risk = -np.expm1(-hazard[:, i, np.newaxis] * factor[:, :, subregions()[i]])
            chances[position, i] = (weight * risk).sum(axis=1).mean()
        log_weight = log_weight + world.evidence(year, factor)
    return chances


def _spaced(fit: Fit, count: int) -> Integers:
    """Return positions of draws, evenly spaced."""
    return np.linspace(0, len(fit.base), count, endpoint=False).astype(np.int64)


def _learned(world: _World, start: int) -> Floats:
    """Draw v + w given what members did before the start, float64[draw, subregion]."""
    opened = world.records.agreements[world.k].opened
    if start <= opened:
        return world.speeds(1)[0][:, 0]
    speeds, log_weight = world.speeds(GUESSES, REACH)
    for year in range(opened, start):
        log_weight = log_weight + world.evidence(year, np.exp(speeds))
    rising = _weights(log_weight).cumsum(axis=1)
    chosen = (rising < world.luck.random((len(rising), 1))).sum(axis=1).clip(max=GUESSES - 1)
    learned: Floats = speeds[np.arange(len(speeds)), chosen]
    return learned


def _log_density(away: Floats, tail: bool) -> Floats:
    """Return the log density of Student's t or of the normal, but for what does not depend on where."""
    return np.asarray(-(TAIL + 1.0) / 2 * np.log1p(away**2 / TAIL) if tail else -(away**2) / 2)


def _weights(log_weight: Floats) -> Floats:
    """Return weights that sum to 1 for each draw."""
    weight = np.exp(log_weight - log_weight.max(axis=1, keepdims=True))
    return np.asarray(weight / weight.sum(axis=1, keepdims=True))
