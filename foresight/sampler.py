"""Samplers: how the points of an experiment are spread over what varies.

All but tables are made in the unit cube; `distributions.quantiles` gives the values. The same seed gives the same
points.
"""

from collections.abc import Mapping, Sequence
from itertools import product
from math import prod
from typing import Annotated, Any, Final

import numpy as np
from pydantic import Field, model_validator

from foresight.arrays import Floats
from foresight.settings import Flag, Table, one_of, wrong

#: What each method needs, and what it may be given besides.
METHODS: Final[Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "sobol_sequence": (("n",), ()),
    "latin_hypercube": (("n",), ()),
    "full_factorial": (("levels",), ()),
    "morris": (("n",), ("levels",)),
    "saltelli": (("n",), ("second_order",)),
    "table": (("file",), ()),
}

#: Levels of the grid of Morris trajectories unless a file says otherwise: Morris 1991, Technometrics 33(2), 161-174.
MORRIS_LEVELS: Final = 4

#: Methods that are balanced at powers of two only: Owen 2021, arXiv:2008.08051.
_BALANCED: Final = ("sobol_sequence", "saltelli")

_OWN_KEYS: Final = ("n", "levels", "second_order", "file")


class Sampler(Table):
    """How points are chosen."""

    method: Annotated[str, one_of("unknown_name", lambda: tuple(METHODS))]
    """`sobol_sequence`, `latin_hypercube`, `full_factorial`, `morris`, `saltelli` or `table`."""
    n: int | None = Field(default=None, ge=1, strict=True)
    """Points; trajectories of `morris`; base samples of `saltelli`."""
    levels: int | None = Field(default=None, ge=2, strict=True)
    """Values of each factor of `full_factorial`; levels of the grid of `morris`, an even number."""
    second_order: Flag = False
    """Whether `saltelli` has the points for interactions of two factors."""
    file: str | None = Field(default=None, min_length=1)
    """A CSV or Parquet file, beside that of the experiment, with a column for each factor."""

    @model_validator(mode="after")
    def _has_what_it_needs(self) -> "Sampler":
        needed, allowed = METHODS[self.method]
        given = [name for name in _OWN_KEYS if getattr(self, name) not in (None, False)]
        if missing := [name for name in needed if name not in given]:
            raise wrong("sampler_needs", names=needed, method=self.method, keys=", ".join(missing))
        if strange := [name for name in given if name not in (*needed, *allowed)]:
            raise wrong("sampler_refuses", names=(*needed, *allowed), method=self.method, keys=", ".join(strange))
        if self.method in _BALANCED and self.n and self.n & (self.n - 1):
            lower = 1 << (self.n.bit_length() - 1)
            raise wrong("not_a_power_of_two", names=(f"n = {lower}", f"n = {2 * lower}"))
        if self.method == "morris" and self.grid % 2:
            raise wrong("odd_levels", names=(f"levels = {self.grid + 1}",))
        return self

    @property
    def grid(self) -> int:
        """Return the levels of Morris trajectories."""
        return self.levels or MORRIS_LEVELS

    def count(self, kinds: Sequence[int]) -> int:
        """Return how many points there are, for factors that have so many values each (0: any)."""
        n, k = self.n or 0, len(kinds)
        match self.method:
            case "full_factorial":
                return prod(values or self.levels or 0 for values in kinds)
            case "morris":
                return n * (k + 1)
            case "saltelli":
                return n * (2 * k + 2 if self.second_order else k + 2)
            case _:
                return n


def unit_design(sampler: Sampler, kinds: Sequence[int], seed: int) -> Floats:
    """Return points in the unit cube.

    Parameters
    ----------
    sampler : Sampler
        Any but a table.
    kinds : sequence of int
        How many values each factor has; 0 where it has a range.
    seed : int
        Of the sampler.

    Returns
    -------
    float64[point, factor], 0..1
    """
    match sampler.method:
        case "full_factorial":
            axes = [_levels(values, sampler.levels or 0) for values in kinds]
            return np.array(list(product(*axes)), np.float64).reshape(-1, len(kinds))
        case "morris" | "saltelli":
            return _by_salib(sampler, len(kinds), seed)
        case _:
            return _by_scipy(sampler, len(kinds), seed)


def _levels(values: int, levels: int) -> Floats:
    """Return the middle of each value's part of the unit interval, or levels from end to end."""
    return (np.arange(values) + 0.5) / values if values else np.linspace(0.0, 1.0, levels)


def _by_scipy(sampler: Sampler, factors: int, seed: int) -> Floats:
    from scipy.stats import qmc  # late: half a second

    kind = qmc.Sobol if sampler.method == "sobol_sequence" else qmc.LatinHypercube
    return np.asarray(kind(factors, rng=np.random.default_rng(seed)).random(sampler.n or 0), np.float64)


def _by_salib(sampler: Sampler, factors: int, seed: int) -> Floats:
    from SALib.sample import morris, sobol  # late: it brings matplotlib

    names = [str(position) for position in range(factors)]
    problem: dict[str, Any] = {"num_vars": factors, "names": names, "bounds": [[0.0, 1.0]] * factors}
    short = seed % 2**32  # SALib hands it to a generator of NumPy's older kind
    if sampler.method == "morris":
        return np.asarray(morris.sample(problem, sampler.n, num_levels=sampler.grid, seed=short), np.float64)
    points = sobol.sample(problem, sampler.n, calc_second_order=sampler.second_order, seed=short)
    return np.asarray(points, np.float64)
