"""What the two drivers give of one run, side by side."""

from typing import Any

import numpy as np

from foresight.agents.model import ForesightModel
from foresight.engine import draws
from foresight.engine.inputs import Inputs

#: Means over members may be rounded differently; nothing else may differ.
TOLERANCE = 1e-12
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


def words(counter: tuple[int, ...], key: tuple[int, int] = (0, 0)) -> tuple[int, ...]:
    """Return the four words of luck at an address."""
    return tuple(int(w) for w in draws.philox(*(np.uint64(v) for v in (*counter, *key))))
