"""Distributions: how likely an experiment takes the values of a factor to be."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Final

import numpy as np
from pydantic import Field, model_validator

from foresight import bounds
from foresight.arrays import Floats
from foresight.facts.parameters import Parameter
from foresight.scenario.schema import Number, Table, at_most, one_of, wrong

#: Keys that each kind of distribution needs; all but `values` have a range too.
KINDS: Final[Mapping[str, tuple[str, ...]]] = {
    "uniform": (),
    "log_uniform": (),
    "triangular": ("mode",),
    "normal": ("mean", "sd"),
    "values": ("values",),
}

_SHAPES: Final = ("mode", "mean", "sd", "values")


class Distribution(Table):
    """How the values of one factor are drawn; what is not said is as `parameters.toml` declares it."""

    distribution: Annotated[str, one_of("unknown_name", lambda: tuple(KINDS))] = ""
    """`uniform`, `log_uniform`, `triangular`, `normal` (cut off at the range) or `values` (each as often)."""
    low: Number | None = None
    """The least value."""
    high: Number | None = None
    """The greatest value."""
    mode: Number | None = None
    """The likeliest value of a triangular distribution."""
    mean: Number | None = None
    """The mean of a normal distribution, before it is cut off."""
    sd: Number | None = Field(default=None, gt=0)
    """The standard deviation of a normal distribution, before it is cut off."""
    values: Annotated[tuple[Number, ...] | None, Field(min_length=1), at_most(bounds.LEVELS)] = None
    """The only values there are."""

    @model_validator(mode="after")
    def _is_one_kind(self) -> "Distribution":
        given = tuple(name for name in _SHAPES if getattr(self, name) is not None)
        kind = self.distribution or ("values" if given == ("values",) else "")
        needed = KINDS.get(kind, ())
        if given != needed:
            strange = ", ".join(sorted(set(given) ^ set(needed)))
            raise wrong("shape", names=needed or ("low", "high"), of=kind or "uniform", keys=strange)
        return self


def declared(parameter: Parameter) -> Distribution:
    """Return how a parameter is drawn where an experiment says no more than that it varies."""
    return resolved(Distribution(), parameter)


def resolved(distribution: Distribution, parameter: Parameter) -> Distribution:
    """Return a distribution with everything that the declaration of its parameter fills in.

    Raises
    ------
    PydanticCustomError
        If it reaches beyond the declared range, its range is reversed or empty, or a value is not whole that
        has to be.
    """
    low = parameter.low if distribution.low is None else distribution.low
    high = parameter.high if distribution.high is None else distribution.high
    kind = distribution.distribution or ("values" if distribution.values else parameter.distribution)
    if not low < high:
        raise wrong("reversed", names=(f"{parameter.low:g} … {parameter.high:g}",))
    inner = [value for value in (distribution.mode, distribution.mean) if value is not None]
    for value in (low, high, *(distribution.values or ())):
        _check(value, parameter.low, parameter.high, parameter)
    for value in inner:
        _check(value, low, high)
    if kind == "log_uniform" and low <= 0:
        raise wrong("not_positive", names=("> 0",))
    return distribution.model_copy(update={"distribution": kind, "low": low, "high": high})


def _check(value: float, low: float, high: float, parameter: Parameter | None = None) -> None:
    if not low <= value <= high:
        raise wrong("out_of_range", names=(f"{low:g} … {high:g}",))
    if parameter is not None and parameter.whole and not value.is_integer():
        raise wrong("not_whole")


def quantiles(distribution: Distribution, unit: Floats, whole: bool = False) -> Floats:
    """Return the values of a factor at places of the unit interval.

    Parameters
    ----------
    distribution : Distribution
        As `resolved` returns it.
    unit : float64[point], 0..1
    whole : bool
        Whether the values have to be whole: each then has an equal part of the unit interval.

    Returns
    -------
    float64[point]
        Within the range.
    """
    low, high = float(distribution.low or 0.0), float(distribution.high or 0.0)
    if distribution.values is not None:
        values = np.array(distribution.values)
        return np.asarray(values[np.minimum((unit * len(values)).astype(int), len(values) - 1)])
    if whole:
        wider = distribution.model_copy(update={"high": high + 1.0})
        return np.clip(np.floor(_inverse(wider)(unit)), low, high)
    return np.clip(_inverse(distribution)(unit), low, high)


def _inverse(distribution: Distribution) -> Callable[[Floats], Floats]:
    """Return the inverse of the cumulative distribution function."""
    from scipy import stats  # late: half a second

    d: Any = distribution
    width = d.high - d.low
    match d.distribution:
        case "log_uniform":
            frozen = stats.loguniform(d.low, d.high)
        case "triangular":
            frozen = stats.triang((d.mode - d.low) / width, d.low, width)
        case "normal":
            frozen = stats.truncnorm((d.low - d.mean) / d.sd, (d.high - d.mean) / d.sd, d.mean, d.sd)
        case _:
            frozen = stats.uniform(d.low, width)
    inverse: Callable[[Floats], Floats] = frozen.ppf
    return inverse
