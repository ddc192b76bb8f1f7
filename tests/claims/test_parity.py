"""The two drivers are one model: the same integers every year, and reals to 1e-12."""

import numpy as np
import pytest
from cases import BASE, CASES, LONG_SEED, MECHANISMS
from drivers import INTEGERS, OF_MEMBERS, OF_THE_REGION, TOLERANCE, states
from histories import simulate_history

pytestmark = pytest.mark.what_now(
    "The engine and the agents, `foresight/agents`, are no longer one model.\n"
    "Both take their equations from `foresight/engine/rules.py`: change what calls them in both."
)

REPLICATES = (0, 7)


# Seed and replicate are two addresses of luck that do not meet; two runs of each case show both ends of both.
@pytest.mark.costly
@pytest.mark.parametrize(("seed", "run"), [(1, 0), (LONG_SEED, 1)])
@pytest.mark.parametrize("name", CASES)
def test_the_drivers_agree_in_every_year(name: str, seed: int, run: int):
    history = simulate_history(CASES[name], seed, REPLICATES)._asdict()
    ours = states(CASES[name], seed, REPLICATES[run])
    for part in INTEGERS:
        np.testing.assert_array_equal(ours[part], history[part][..., run], part)
    for part in (*OF_MEMBERS, *OF_THE_REGION):
        np.testing.assert_allclose(ours[part], history[part][..., run], rtol=0, atol=TOLERANCE, err_msg=part)


@pytest.mark.costly
@pytest.mark.parametrize("name", MECHANISMS)
def test_every_mechanism_moves_something(name: str):
    parts = zip(*(simulate_history(inputs, 1, range(20)) for inputs in (BASE, MECHANISMS[name])), strict=True)
    assert not all(np.array_equal(one, other) for one, other in parts)


def test_the_comparison_would_notice_one_rung_in_one_year():
    inputs = CASES["historical-pace"]
    other = inputs.replace(delivery_rate=inputs.uncertainties.delivery_rate * 1.01)
    history = simulate_history(other, 1, REPLICATES)
    assert (states(inputs, 1, 0)["delivered"] != history.delivered[..., 0]).any()
