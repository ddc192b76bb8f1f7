"""Functions whose sensitivities are known, and what designs find of them."""

from typing import Any

import numpy as np
import numpy.typing as npt
import SALib.sample.morris
import SALib.sample.sobol

from foresight.analysis.sensitivity import Sample

Values = npt.NDArray[np.float64]


def ishigami(unit: Values) -> Values:
    x = (2 * unit[:, :3] - 1) * np.pi
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def linear(unit: Values) -> Values:
    return unit @ np.arange(unit.shape[1], dtype=np.float64)


def names(count: int) -> tuple[str, ...]:
    return tuple(f"x{at}" for at in range(1, count + 1))


def problem(count: int) -> dict[str, Any]:
    return {"num_vars": count, "names": list(names(count)), "bounds": [[0.0, 1.0]] * count}


def design(sampler: str, count: int, size: int, seed: int = 1) -> Values:
    """Return a design in the unit cube; what is not made by SALib is random."""
    if sampler == "saltelli":
        return SALib.sample.sobol.sample(problem(count), size, calc_second_order=False, seed=seed)
    if sampler == "morris":
        return SALib.sample.morris.sample(problem(count), size, seed=seed)
    return np.random.default_rng(seed).random((size, count))


def sampled(function: Any, sampler: str, count: int, size: int, seed: int = 1) -> Sample:
    """Return what a design finds of a function without chance."""
    unit = design(sampler, count, size, seed)
    return Sample(names(count), unit, function(unit)[:, np.newaxis], sampler)


def with_chance(sample: Sample, replicates: int = 10, common: float = 1.0, own: float = 1.0, seed: int = 1) -> Sample:
    """Add luck to a sample: some the same at all points, some not."""
    rng = np.random.default_rng(seed)
    everywhere = common * rng.standard_normal((1, replicates))
    return sample._replace(
        values=sample.values + everywhere + own * rng.standard_normal((len(sample.values), replicates))
    )
