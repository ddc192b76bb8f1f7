"""Samplers: how the points of an experiment are spread over what varies.

All but tables are made in the unit cube; `distributions.quantiles` gives the values. The same seed gives the same
points. A sampler is one record of `DESIGNS` and one function that makes its points: whoever asks what a sampler is,
before a sweep or after it, reads the record.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Annotated, Any, Final

import numpy as np
from pydantic import Field, model_validator

from foresight import bounds
from foresight.arrays import Floats
from foresight.scenario.schema import Flag, Table, at_most, one_of, wrong

#: Levels of the grid of Morris trajectories unless a file says otherwise: Morris 1991, Technometrics 33(2), 161-174.
MORRIS_LEVELS: Final = 4

_OWN_KEYS: Final = ("n", "levels", "second_order", "file")


@dataclass(frozen=True, kw_only=True)
class Design:
    """What a sampler is.

    Parameters
    ----------
    make : callable, optional
        From a sampler, how many values each factor has (0 where it has a range) and a seed to points in the unit cube,
        float64[point, factor]. None if a file has the points.
    needs, takes : tuple of str
        Keys that a file has to give, and those that it may give besides.
    rows : callable, optional
        From the number of factors, and whether there are points for interactions of two, to the points of a block: a
        trajectory, a base sample. None if each point stands alone.
    balanced : bool
        Whether it is balanced at powers of two only, and so refused at other sizes: Owen 2021, arXiv:2008.08051.
    grid : bool
        Whether points lie on a grid that needs an even number of levels.
    in_order : bool
        Whether points stand in an order of their own: the first half is not a smaller design, a random half is.
    goes_on : bool
        Whether a larger design of the same seed begins with the points of a smaller one.
    methods : tuple of str
        Methods of sensitivity analysis that it can be used with, by name; the first is the one that it is made for, or
        that takes least for granted.
    """

    make: "Callable[[Sampler, Sequence[int], int], Floats] | None"
    needs: tuple[str, ...]
    takes: tuple[str, ...] = ()
    rows: Callable[[int, bool], int] | None = None
    balanced: bool = False
    grid: bool = False
    in_order: bool = False
    goes_on: bool = False
    methods: tuple[str, ...] = ("pawn", "delta")

    def block(self, factors: int, *, second_order: bool = False) -> int:
        """Return how many points belong together."""
        return self.rows(factors, second_order) if self.rows else 1


class Sampler(Table):
    """How points are chosen."""

    method: Annotated[str, one_of("unknown_name", lambda: tuple(DESIGNS), lambda word: _meant(word))]
    """`sobol_sequence`, `latin_hypercube`, `full_factorial`, `morris`, `saltelli` or `table`."""
    n: Annotated[int | None, Field(ge=1, strict=True), at_most(bounds.VALUES)] = None
    """Points; trajectories of `morris`; base samples of `saltelli`."""
    levels: Annotated[int | None, Field(ge=2, strict=True), at_most(bounds.LEVELS)] = None
    """Values of each factor of `full_factorial`; levels of the grid of `morris`, an even number."""
    second_order: Flag = False
    """Whether `saltelli` has the points for interactions of two factors."""
    file: str | None = Field(default=None, min_length=1)
    """A CSV, Parquet or XLSX file, beside that of the experiment, with a column for each factor."""

    @model_validator(mode="after")
    def _has_what_it_needs(self) -> "Sampler":
        design, keys = self.design, [name for name in _OWN_KEYS if getattr(self, name) not in (None, False)]
        usable = (*design.needs, *design.takes)
        if missing := [name for name in design.needs if name not in keys]:
            raise wrong("sampler_needs", names=design.needs, method=self.method, keys=", ".join(missing))
        if strange := [name for name in keys if name not in usable]:
            raise wrong("sampler_refuses", names=usable, method=self.method, keys=", ".join(strange))
        if design.balanced and self.n and self.n & (self.n - 1):
            lower = 1 << (self.n.bit_length() - 1)
            raise wrong("not_a_power_of_two", names=(f"n = {lower}", f"n = {2 * lower}"))
        if design.grid and self.grid % 2:
            raise wrong("odd_levels", names=(f"levels = {self.grid + 1}",))
        return self

    @property
    def design(self) -> Design:
        """Return what the sampler is."""
        return DESIGNS[self.method]

    @property
    def grid(self) -> int:
        """Return the levels of Morris trajectories."""
        return self.levels or MORRIS_LEVELS

    def count(self, kinds: Sequence[int]) -> int:
        """Return how many points there are, for factors that have so many values each (0: any); 0 for a table."""
        if "levels" in self.design.needs:
            return prod(values or self.levels or 0 for values in kinds)
        return (self.n or 0) * self.design.block(len(kinds), second_order=self.second_order)


def _meant(word: object) -> str:
    """Return the samplers that begin with a word, and those made for the analysis that it names."""
    return ", ".join(name for name, made in DESIGNS.items() if word in (name.partition("_")[0], made.methods[0]))


def unit_design(sampler: Sampler, kinds: Sequence[int], seed: int) -> Floats:
    """Return points in the unit cube.

    Parameters
    ----------
    sampler : Sampler
    kinds : sequence of int
        How many values each factor has; 0 where it has a range.
    seed : int
        Of the sampler.

    Returns
    -------
    float64[point, factor], 0..1

    Raises
    ------
    ValueError
        If a file has the points.
    """
    if sampler.design.make is None:
        raise ValueError(sampler.method)
    return sampler.design.make(sampler, kinds, seed)


def _sobol_sequence(sampler: Sampler, kinds: Sequence[int], seed: int) -> Floats:
    from scipy.stats import qmc  # late: half a second

    sequence = qmc.Sobol(len(kinds), rng=np.random.default_rng(seed))
    return np.asarray(sequence.random(sampler.n or 0), np.float64)


def _latin_hypercube(sampler: Sampler, kinds: Sequence[int], seed: int) -> Floats:
    from scipy.stats import qmc  # late: half a second

    hypercube = qmc.LatinHypercube(len(kinds), rng=np.random.default_rng(seed))
    return np.asarray(hypercube.random(sampler.n or 0), np.float64)


def _full_factorial(sampler: Sampler, kinds: Sequence[int], _: int) -> Floats:
    axes = [_levels(values, sampler.levels or 0) for values in kinds]
    return np.array(list(product(*axes)), np.float64).reshape(-1, len(kinds))


def _levels(values: int, levels: int) -> Floats:
    """Return the middle of each value's part of the unit interval, or levels from end to end."""
    return (np.arange(values) + 0.5) / values if values else np.linspace(0.0, 1.0, levels)


def _morris(sampler: Sampler, kinds: Sequence[int], seed: int) -> Floats:
    from SALib.sample import morris  # late: it brings matplotlib

    points = morris.sample(_problem(len(kinds)), sampler.n, num_levels=sampler.grid, seed=_short(seed))
    return np.asarray(points, np.float64)


def _saltelli(sampler: Sampler, kinds: Sequence[int], seed: int) -> Floats:
    """Return the points of SALib's `sample.sobol`, in its order; its own loop takes seconds."""
    from scipy.stats import qmc  # late: half a second

    width, at = len(kinds), np.arange(len(kinds))
    sequence = qmc.Sobol(2 * width, seed=_short(seed))  # as SALib says it; `rng` would give other points
    first, second = np.split(sequence.random(sampler.n or 0), 2, axis=1)
    block = sampler.design.block(width, second_order=sampler.second_order)
    points = np.empty((len(first), block, width))  # [base sample, point, factor]
    points[:, : width + 1] = first[:, np.newaxis]
    points[:, width + 1 :] = second[:, np.newaxis]
    points[:, 1 + at, at] = second
    if sampler.second_order:
        points[:, 1 + width + at, at] = first
    return points.reshape(-1, width)


def _problem(factors: int) -> dict[str, Any]:
    """Return the unit cube as SALib has it."""
    return {"num_vars": factors, "names": [str(at) for at in range(factors)], "bounds": [[0.0, 1.0]] * factors}


def _short(seed: int) -> int:
    """Return a seed as SALib hands it to a generator of NumPy's older kind."""
    return seed % 2**32


#: What each sampler is, by the name that files have for it.
DESIGNS: Final[Mapping[str, Design]] = {
    "sobol_sequence": Design(make=_sobol_sequence, needs=("n",), balanced=True, goes_on=True),
    "latin_hypercube": Design(make=_latin_hypercube, needs=("n",)),
    "full_factorial": Design(make=_full_factorial, needs=("levels",), in_order=True),
    "morris": Design(
        make=_morris,
        needs=("n",),
        takes=("levels",),
        rows=lambda factors, _: factors + 1,
        grid=True,
        methods=("morris",),
    ),
    "saltelli": Design(
        make=_saltelli,
        needs=("n",),
        takes=("second_order",),
        rows=lambda factors, second_order: (2 if second_order else 1) * factors + 2,
        balanced=True,
        goes_on=True,
        methods=("sobol", "pawn", "delta"),
    ),
    "table": Design(make=None, needs=("file",), in_order=True),
}
