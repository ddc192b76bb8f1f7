"""Points of samplers are those of the libraries that they are named after."""

import numpy as np
import pytest
from SALib.sample import sobol

from foresight.experiments.sampler import DESIGNS, Sampler, unit_design


@pytest.mark.parametrize("second_order", [False, True])
@pytest.mark.parametrize(("factors", "size"), [(1, 4), (3, 1), (5, 16), (44, 32)])
@pytest.mark.parametrize("seed", [0, 7, 2**32 + 7, 2**64 - 1])
def test_saltelli_points_are_those_of_salib(factors: int, size: int, seed: int, second_order: bool):
    cube = {"num_vars": factors, "names": [str(at) for at in range(factors)], "bounds": [[0.0, 1.0]] * factors}
    meant = sobol.sample(cube, size, calc_second_order=second_order, seed=seed % 2**32)
    sampler = Sampler(method="saltelli", n=size, second_order=second_order)
    found = unit_design(sampler, [0] * factors, seed)
    np.testing.assert_array_equal(found, meant, strict=True)
    assert len(found) == sampler.count([0] * factors)


@pytest.mark.parametrize("method", [name for name, design in DESIGNS.items() if design.goes_on])
def test_a_design_that_goes_on_begins_with_the_points_of_a_smaller_one(method: str):
    less, more = (unit_design(Sampler(method=method, n=n), [0, 0, 2], 7) for n in (4, 32))
    np.testing.assert_array_equal(more[: len(less)], less)
