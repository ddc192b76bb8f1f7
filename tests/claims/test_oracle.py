"""The engine agrees with an independent reading of the model's description: the plain NumPy version."""

import numpy as np
import pytest
from cases import BASE, CASES, COUNT, LONG_SEED
from foresight._benchmarks.numpy_model import simulate
from histories import simulate_history

from foresight.engine.inputs import Inputs
from foresight.facts import parameters

pytestmark = pytest.mark.what_now(
    "The engine and its second reading, `tests/benchmarks/numpy_model.py`, no longer agree.\n"
    "Is the change of a rule meant? Make it there too, by hand, from the words of the rule and not from its code."
)

#: The two sum in different order and have different exponentials; relative for the fund, which may be large.
TOLERANCE = 1e-12

REPLICATES = range(100)
INTEGERS = ("pledged", "delivered", "waiting", "offer")


def assert_agree(inputs: Inputs, seed: int) -> None:
    """Compare every part of the two histories."""
    ours = simulate_history(inputs, seed, REPLICATES)._asdict()
    theirs = simulate(inputs, seed, REPLICATES)._asdict()
    assert ours.keys() == theirs.keys()
    for part in INTEGERS:
        np.testing.assert_array_equal(ours[part], theirs[part], part)
    for part in ours.keys() - set(INTEGERS):
        np.testing.assert_allclose(ours[part], theirs[part], rtol=TOLERANCE, atol=TOLERANCE, err_msg=part)


def design() -> Inputs:
    """Return inputs of which every run has its own uncertainties and levers, drawn from their ranges."""
    rng = np.random.default_rng(20400101)
    runs = len(REPLICATES)
    declared = parameters.uncertainties()
    drawn = {
        name: rng.uniform(declared[name].low, declared[name].high, runs)
        for name in BASE.uncertainties._fields
        if name in declared
    }
    chosen = {
        name: rng.uniform(parameters.levers()[name].low, parameters.levers()[name].high, (*old.shape[:-1], runs))
        for name, old in BASE.levers._asdict().items()
    }
    base = rng.normal(-1.9, 0.3, runs)
    grace = np.floor(drawn["grace_years"])
    return BASE.replace(**{**drawn, **chosen, "pledge_log_hazard_base": base, "grace_years": grace})


@pytest.mark.costly
@pytest.mark.parametrize("name", CASES)
def test_two_readings_of_the_model_agree(name: str):
    assert_agree(CASES[name], 1)


def test_they_agree_under_a_seed_of_two_words():
    assert_agree(CASES["everything"], LONG_SEED)


def test_they_agree_when_every_run_has_its_own_parameters():
    assert_agree(design(), 1)


def test_the_cases_take_the_members_to_every_rung_and_back():
    delivered = simulate_history(CASES["everything"], 1, REPLICATES).delivered
    assert delivered.shape[1] == COUNT
    assert set(np.unique(delivered)) == {0, 1, 2, 3, 4}
    assert (np.diff(delivered, axis=0) < 0).any()
