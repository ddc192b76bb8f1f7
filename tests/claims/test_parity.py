"""The two drivers are one model: the same integers every year, and reals to 1e-12."""

import numpy as np
import pytest
from cases import BASE, CASES, LONG_SEED, MECHANISMS, SCENARIOS
from drivers import INTEGERS, OF_MEMBERS, OF_THE_REGION, TOLERANCE, states
from histories import simulate_history

from foresight.engine.state import History

REPLICATES = (0, 7)

#: What stands for all mechanisms where luck is the matter: what ships, and all at once.
TYPICAL = (*SCENARIOS, "everything")


# Seed and replicate are two addresses of luck, which no mechanism but the draws meets: where both have their far ends,
# every case is compared, and where both have their near ones, some are.
@pytest.mark.costly
@pytest.mark.parametrize(
    ("name", "seed", "run"), [*((name, LONG_SEED, 1) for name in CASES), *((name, 1, 0) for name in TYPICAL)]
)
def test_the_drivers_agree_in_every_year(name: str, seed: int, run: int):
    history = simulate_history(CASES[name], seed, REPLICATES)._asdict()
    ours = states(CASES[name], seed, REPLICATES[run])
    for part in INTEGERS:
        np.testing.assert_array_equal(ours[part], history[part][..., run], part)
    for part in (*OF_MEMBERS, *OF_THE_REGION):
        np.testing.assert_allclose(ours[part], history[part][..., run], rtol=0, atol=TOLERANCE, err_msg=part)


@pytest.fixture(scope="module")
def usual() -> History:
    return simulate_history(BASE, 1, range(20))


@pytest.mark.costly
@pytest.mark.parametrize("name", MECHANISMS)
def test_every_mechanism_moves_something(name: str, usual: History):
    parts = zip(usual, simulate_history(MECHANISMS[name], 1, range(20)), strict=True)
    assert not all(np.array_equal(one, other) for one, other in parts)


def test_the_comparison_would_notice_one_rung_in_one_year():
    inputs = CASES["historical-pace"]
    other = inputs.replace(delivery_rate=inputs.uncertainties.delivery_rate * 1.01)
    history = simulate_history(other, 1, REPLICATES)
    assert (states(inputs, 1, 0)["delivered"] != history.delivered[..., 0]).any()
