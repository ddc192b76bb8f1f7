"""The two drivers are one model: the same integers every year, and reals to 1e-12."""

from typing import Any

import numpy as np
import pytest
from cases import BASE, CASES, LONG_SEED, MECHANISMS

from foresight.engine import simulate_history
from foresight.inputs import Inputs
from foresight.model import ForesightModel

#: Means over members may be rounded differently; nothing else may differ.
TOLERANCE = 1e-12

REPLICATES = (0, 7)
INTEGERS = ("pledged", "delivered", "waiting", "offer")
OF_MEMBERS = ("trust", "capacity", "condition", "need", "own", "grant", "contribution")
OF_THE_REGION = ("fund", "coverage")


def state(model: ForesightModel) -> dict[str, Any]:
    """Return what the history has for one year."""
    of_members = ("pledged", "delivered", "waiting", *OF_MEMBERS)
    return {
        **{name: model.agents.get(name) for name in of_members},
        **{name: getattr(model, name) for name in OF_THE_REGION},
        "offer": list(model.offer.values()),
    }


def states(inputs: Inputs, seed: int, replicate: int) -> dict[str, np.ndarray]:
    """Run the Mesa model and return its states as arrays, year first."""
    model = ForesightModel(inputs, seed, replicate)
    years = [state(model)]
    for _ in inputs.years[1:]:
        model.step()
        years.append(state(model))
    return {name: np.array([year[name] for year in years]) for name in years[0]}


@pytest.mark.parametrize("seed", [1, LONG_SEED])
@pytest.mark.parametrize("name", CASES)
def test_the_drivers_agree_in_every_year(name: str, seed: int):
    history = simulate_history(CASES[name], seed, REPLICATES)._asdict()
    for run, replicate in enumerate(REPLICATES):
        ours = states(CASES[name], seed, replicate)
        for part in INTEGERS:
            np.testing.assert_array_equal(ours[part], history[part][..., run], part)
        for part in (*OF_MEMBERS, *OF_THE_REGION):
            np.testing.assert_allclose(ours[part], history[part][..., run], rtol=0, atol=TOLERANCE, err_msg=part)


@pytest.mark.parametrize("name", MECHANISMS)
def test_every_mechanism_moves_something(name: str):
    parts = zip(*(simulate_history(inputs, 1, range(20)) for inputs in (BASE, MECHANISMS[name])), strict=True)
    assert not all(np.array_equal(one, other) for one, other in parts)


def test_the_comparison_would_notice_one_rung_in_one_year():
    inputs = CASES["historical-pace"]
    other = inputs.replace(delivery_rate=inputs.uncertainties.delivery_rate * 1.01)
    history = simulate_history(other, 1, REPLICATES)
    assert (states(inputs, 1, 0)["delivered"] != history.delivered[..., 0]).any()
