"""Sensitivity of an outcome to the factors of a design, with a verdict whether factors can be ranked."""

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from foresight.analysis.estimates import Estimates, empty, estimated
from foresight.analysis.indices import METHODS as _METHODS
from foresight.analysis.indices import Method
from foresight.analysis.interactions import interactions
from foresight.analysis.ranking import (
    places,
    replicates_to_try,
    room_beside,
    size_to_try,
    steps,
    tiers,
    told_apart,
    too_much_chance,
    widest_allowed,
)
from foresight.analysis.sample import Sample as Sample
from foresight.analysis.sample import checked_method, is_constant, is_nearly_constant, odd_ones, usable_blocks
from foresight.analysis.variance import variance_shares
from foresight.arguments import LARGEST_SEED, check_name, check_whole
from foresight.arrays import Floats, Mask
from foresight.experiments.sampler import DESIGNS
from foresight.texts import Words

#: Methods of analysis by name.
METHODS: Final = tuple(_METHODS)

#: Fields that are tables.
_TABLES: Final = ("table", "interactions", "shares")

#: Verdicts with which no interval is to be trusted.
_UNRANKED: Final = ("few", "constant", "nearly_constant")

_MOST_RESAMPLES: Final = 100_000


@dataclass(frozen=True, eq=False)
class Sensitivity:
    """What a method found about how an outcome depends on factors, and whether that is enough to rank them.

    Parameters
    ----------
    method, sampler : str
        One of `METHODS` and of `DESIGNS`.
    factors : tuple of str
    table : pandas.DataFrame
        A row for each index of each factor: ``factor``; ``index``, of `Method.indices`; ``value``, the index of the
        mean over replicates; ``low`` to ``high``, its 95 % interval from resampling points; ``noise``, half the width
        of the 95 % interval that chance alone gives it, from resampling replicates (NaN with one); ``floor``, what
        the first index may come to for a factor that does nothing (NaN for others).
    interactions : pandas.DataFrame
        A row for each pair of factors: see `interactions.interactions`. Empty but for "sobol" on a design with points
        for interactions of two factors.
    shares : pandas.DataFrame
        What parameters, chance and both do to the variance of a run: see `variance_shares`.
    points, used, excluded : int
        Points of the design; those that indices come from; those left out, as no run of them, or of another point of
        their trajectory or base sample, has a value.
    odd : int
        Of the points used, those whose outcome is not the one that most have.
    failed : int
        Runs without a value; a point with another run is used with the mean of these.
    n, needed : int
        Trajectories, base samples or points there are, and to try: the same if no more are needed.
    replicates, more_replicates : int
        Of each point there are, and to try.
    verdict : str
        "converged"; "wide" if the widest interval of the first index, with chance in it, is wider than allowed;
        "chance" if it is so wide by chance that more points alone do not help; "few" if there are too few points to
        trust intervals; "constant" if the outcome does not vary at all; "nearly_constant" if all but a few points have
        the same: see `is_nearly_constant`.
    width, allowed : float
        The widest interval of the first index with chance in it, and how wide it may be: see `widest_allowed`.
    ranking : tuple of tuple of str
        Groups of factors from the most to the least important, and in each the largest estimate first; every factor of
        a group is told apart from every factor of later ones. Empty where intervals cannot be trusted.
    apart : tuple of tuple of str
        Pairs of factors that are told apart, the more important one first, by their difference as points and
        replicates are resampled; with 95 % confidence no pair of all misleads.
    idle : tuple of str
        Factors whose interval reaches down to nothing or the floor; never above others. Empty as the ranking is.
    """

    method: str
    sampler: str
    factors: tuple[str, ...]
    table: pd.DataFrame
    interactions: pd.DataFrame
    shares: pd.DataFrame
    points: int
    used: int
    excluded: int
    odd: int
    failed: int
    n: int
    needed: int
    replicates: int
    more_replicates: int
    verdict: str
    width: float
    allowed: float
    ranking: tuple[tuple[str, ...], ...]
    apart: tuple[tuple[str, str], ...]
    idle: tuple[str, ...]

    @property
    def converged(self) -> bool:
        """Whether intervals are narrow enough to rank factors."""
        return self.verdict == "converged"

    @property
    def indices(self) -> tuple[str, ...]:
        """What is estimated of each factor; factors are ranked by the first."""
        return _METHODS[self.method].indices

    @property
    def main(self) -> pd.DataFrame:
        """The rows of the first index."""
        return self.rows_of(self.indices[0])

    def rows_of(self, index: str) -> pd.DataFrame:
        """Return the rows of one index, in the order of the factors."""
        return self.table.loc[self.table["index"] == index].reset_index(drop=True)

    @property
    def order(self) -> tuple[str, ...]:
        """The factors, the largest estimate first, or as given where intervals cannot be trusted."""
        return tuple(name for group in self.ranking for name in group) or self.factors

    @property
    def places(self) -> dict[str, tuple[int, int]]:
        """The best and the worst place that each factor may have; empty where intervals cannot be trusted."""
        best, worst = (part.tolist() for part in places(self._above()))
        found = dict(zip(self.factors, zip(best, worst, strict=True), strict=True))
        return {name: found[name] for group in self.ranking for name in group}

    @property
    def tiers(self) -> tuple[tuple[str, ...], ...]:
        """Groups of factors as far as the first of each is told apart; see `ranking.tiers`. Empty as the ranking is."""
        return tiers(self.factors, self.main["value"].to_numpy(), self._above()) if self.ranking else ()

    def _above(self) -> Mask:
        """Return whether the first of two factors is told to be more important, bool[factor, factor]."""
        pairs = set(self.apart)
        return np.array([[(one, other) in pairs for other in self.factors] for one in self.factors])

    @property
    def said(self) -> str:
        """What the sentence says: the verdict, in other words where intervals are wide and all factors told apart."""
        ordered = "" if self.converged or len(self.ranking) < len(self.factors) else "_ordered"
        return f"{self.verdict}{ordered}"

    @property
    def sizes(self) -> dict[str, int]:
        """How large the design is and should be, and what is odd, by what the sentence calls them."""
        return {name: getattr(self, name) for name in ("n", "needed", "replicates", "more_replicates", "odd", "used")}

    def sentence(self, language: str = "en") -> str:
        """Say in one sentence whether factors can be ranked, and what to do if not."""
        return Words(language).say(f"sensitivity.{self.said}", **self.sizes)

    def plain(self) -> dict[str, Any]:
        """Return everything as JSON has it: None for what is not known."""
        header = {name: value for name, value in vars(self).items() if name not in _TABLES}
        tables = {name: getattr(self, name).to_dict("records") for name in _TABLES}
        plain: dict[str, Any] = _plain({**header, "converged": self.converged, "places": self.places, **tables})
        return plain


def default_method(sampler: str) -> str:
    """Return the method that a design is made for, or takes least for granted.

    Raises
    ------
    InputError
        If there is no such sampler.
    """
    check_name("sampler", sampler, tuple(DESIGNS))
    return DESIGNS[sampler].methods[0]


def analyze(sample: Sample, method: str, *, seed: int = 1, resamples: int = 200) -> Sensitivity:
    """Estimate how much an outcome depends on each factor, and say whether that is enough to rank them.

    Indices are those of the outcome expected at a point, estimated by its mean over replicates. What is unsure about
    them is told apart: few points (the interval) and few replicates (the noise); the verdict counts both. All factors
    can be ranked if the widest interval of the first index is at most as wide as `widest_allowed` says; pairs may be
    told apart before. Those that are not told from nothing are not told apart.

    Parameters
    ----------
    sample : Sample
    method : str
        One of `METHODS`. "morris" and "sobol" need their own designs, "pawn" and "delta" take any but trajectories.
    seed : int
        Of resampling: equal seeds give equal tables.
    resamples : int
        Resamples of the points, a quarter as many of replicates; "pawn" and "delta" make fewer of large designs.

    Raises
    ------
    InputError
        If there is no such method, it cannot be used with the design, or the design is not whole.
    """
    check_whole("seed", seed, 0, LARGEST_SEED)
    check_whole("resamples", resamples, 8, _MOST_RESAMPLES)
    way = checked_method(sample, method)
    design, values = usable_blocks(sample, way)
    there = int(np.isfinite(values).any(axis=-1).sum())
    obstacle = _obstacle(way, values, there, len(sample.factors))
    if len(design) > 1 and obstacle in ("", "few"):
        estimates = estimated(way, design, values, resamples, np.random.default_rng(seed))
    else:
        estimates = empty(way, len(sample.factors))
    return Sensitivity(
        method=method,
        sampler=sample.sampler,
        factors=sample.factors,
        table=_table(sample, way, estimates),
        interactions=interactions(sample, method, design, values, resamples, seed),
        shares=variance_shares(values.reshape(-1, values.shape[-1])),
        points=len(sample.values),
        used=there,
        excluded=len(sample.values) - there,
        odd=odd_ones(values),
        failed=int((~np.isfinite(sample.values)).sum()),
        n=len(sample.values) // sample.rows,
        **_judged(sample, way, estimates, obstacle),
    )


def _obstacle(method: Method, values: Floats, there: int, factors: int) -> str:
    """Return why there can be no ranking whatever the intervals are, or nothing."""
    if is_constant(values):
        return "constant"
    if is_nearly_constant(values, factors):
        return "nearly_constant"
    return "few" if (len(values) if method.whole else there) < method.fewest else ""


def _judged(sample: Sample, method: Method, estimates: Estimates, obstacle: str) -> dict[str, Any]:
    """Return the verdict with all that follows from it."""
    low, high = estimates.outer()
    width, allowed = float((high - low).max()), widest_allowed(estimates.value[0], unit_free=method.unit_free)
    points, chance = (float(reach.max()) for reach in estimates.reaches())
    wide = "chance" if too_much_chance(chance, allowed / 2) else "wide"
    verdict = obstacle or ("converged" if width <= allowed else wide)
    judged = {"verdict": verdict, "width": width, "allowed": allowed}
    judged |= _ranked(sample, estimates) if verdict not in _UNRANKED else {"ranking": (), "apart": (), "idle": ()}
    present, replicates = len(sample.values) // sample.rows, sample.values.shape[1]
    judged |= {"needed": present, "replicates": replicates, "more_replicates": replicates}
    if verdict in ("constant", "nearly_constant", "converged"):
        return judged
    room = room_beside(chance, allowed / 2)
    more = replicates_to_try(replicates, chance, allowed / 2)
    needed = present if verdict == "chance" and points <= room else _more(sample, method, points, room)
    return {**judged, "needed": needed, "more_replicates": more}


def _ranked(sample: Sample, estimates: Estimates) -> dict[str, Any]:
    """Return the ranking, the pairs that are told apart, and the factors that are not told from nothing."""
    factors, value = sample.factors, estimates.value[0]
    idle = estimates.outer()[0] <= estimates.floor
    apart = told_apart(value, estimates.doubt, idle)
    pairs = tuple((factors[one], factors[other]) for one, other in np.argwhere(apart).tolist())
    nothing = tuple(factors[at] for at in np.flatnonzero(idle).tolist())
    return {"ranking": steps(factors, value, apart), "apart": pairs, "idle": nothing}


def _more(sample: Sample, method: Method, points: float, room: float) -> int:
    """Return how many trajectories, base samples or points to try."""
    fewest = method.fewest if method.whole else math.ceil(method.fewest / sample.rows)
    present = len(sample.values) // sample.rows
    return size_to_try(present, points, room, fewest, power_of_two=sample.design.balanced)


def _table(sample: Sample, method: Method, estimates: Estimates) -> pd.DataFrame:
    """Return a row for each index of each factor."""
    indices, factors = len(method.indices), len(sample.factors)
    floor = np.vstack([estimates.floor, np.full((indices - 1, factors), np.nan)])
    columns = {
        "value": estimates.value,
        "low": estimates.low,
        "high": estimates.high,
        "noise": estimates.noise,
        "floor": floor,
    }
    labels = {"factor": np.repeat(sample.factors, indices), "index": np.tile(method.indices, factors)}
    return pd.DataFrame({**labels, **{name: part.T.ravel() for name, part in columns.items()}})


def _plain(value: Any) -> Any:
    """Return a value as JSON has it."""
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value
