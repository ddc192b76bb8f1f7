"""The peel is that of EMA Workbench, which is asked where it is there."""

import inspect
import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest

from foresight.analysis.limits import Limits
from foresight.analysis.prim import peel

COUNT = 800

#: Smallest part of the points in a box.
LEAST_MASS = 0.05

NO_CLASSES = np.ones((COUNT, 0), bool)
NO_GROUPS = np.zeros(0, np.int64)

Points = tuple[np.ndarray, np.ndarray]


def continuous(seed: int) -> Points:
    """Return points in which a box is planted in two columns of four, and which are of interest; some told wrongly."""
    rng = np.random.default_rng(seed)
    values = rng.random((COUNT, 4))
    return values, ((values[:, 0] > 0.4) & (values[:, 2] < 0.7)) ^ (rng.random(COUNT) < 0.1)


def tied(seed: int) -> Points:
    """Return such points with one decimal in a column, and whole numbers in another."""
    values, _ = continuous(seed)
    values[:, 0] = np.round(values[:, 0], 1)
    values[:, 1] = np.random.default_rng(seed).integers(1, 8, COUNT)
    wrong = np.random.default_rng(seed + 1).random(COUNT) < 0.1
    return values, ((values[:, 0] > 0.35) & (values[:, 1] >= 4)) ^ wrong


def within(limits: Limits, values: np.ndarray) -> np.ndarray:
    return ((limits.low <= values) & (values <= limits.high)).all(axis=1)


def measured(boxes: list[Limits], values: np.ndarray, interesting: np.ndarray) -> np.ndarray:
    """Return coverage, density and mass of boxes, [box, 3]."""
    held = [within(box, values) for box in boxes]
    hits = np.array([(one & interesting).sum() for one in held])
    sizes = np.array([one.sum() for one in held])
    return np.column_stack([hits / interesting.sum(), hits / sizes, sizes / len(values)])


def oracle(values: np.ndarray, interesting: np.ndarray) -> Any:
    """Return the box of EMA Workbench, with all that it peeled, then pasted.

    Whole numbers are floats there too: of columns of integers its peel is another, with limits on values, and its
    paste ends in a TypeError (2.5.3 beside pandas 3.1.1).
    """
    with warnings.catch_warnings(action="ignore"):  # of what EMA Workbench 2.5 uses and pandas is about to drop
        prim = pytest.importorskip("ema_workbench.analysis.prim", exc_type=ImportError)
        asks = inspect.signature(prim.Prim).parameters
        density = {"threshold": interesting.mean() / 2} if "threshold" in asks else {}  # 3.0 has none
        points = pd.DataFrame(values, columns=[f"x{column}" for column in range(values.shape[1])])
        return prim.Prim(points, interesting, mass_min=LEAST_MASS, **density).find_box()


@pytest.mark.parametrize("points", [continuous, tied])
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.costly
def test_boxes_are_those_that_ema_workbench_peels(points: Any, seed: int):
    values, interesting = points(seed)
    boxes = peel(values, NO_CLASSES, NO_GROUPS, interesting, LEAST_MASS)
    theirs = oracle(values, interesting)
    trajectory = theirs.peeling_trajectory
    assert len(boxes) > 5
    for own, other in zip(boxes, theirs.box_lims[: len(boxes)], strict=True):
        np.testing.assert_array_equal([own.low, own.high], other.to_numpy(float))
    measures = trajectory[["coverage", "density", "mass"]].to_numpy(float)
    np.testing.assert_array_equal(measured(boxes, values, interesting), measures[: len(boxes)])
    assert (measures[len(boxes) :, 2] > measures[len(boxes) - 1, 2]).all()  # what it pasted; nothing more was peeled


def test_each_box_is_smaller_and_denser_than_the_one_before():
    values, interesting = tied(7)
    coverage, density, mass = measured(
        peel(values, NO_CLASSES, NO_GROUPS, interesting, LEAST_MASS), values, interesting
    ).T
    assert (np.diff(mass) < 0).all()
    assert (np.diff(density) > 0).all()
    assert (np.diff(coverage) <= 0).all()
    assert mass[0] == coverage[0] == 1
    assert mass[-1] >= LEAST_MASS


def test_a_class_is_peeled_whole():
    classes = np.eye(4, dtype=bool)[np.arange(COUNT) % 4]
    boxes = peel(
        np.zeros((COUNT, 0)), classes, np.zeros(classes.shape[1], np.int64), classes[:, 1] | classes[:, 2], LEAST_MASS
    )
    assert [box.classes.tolist() for box in boxes] == [
        [True, True, True, True],
        [False, True, True, True],
        [False, True, True, False],
    ]


def test_nothing_can_be_peeled_where_all_points_are_equal():
    assert len(peel(np.ones((COUNT, 2)), NO_CLASSES, NO_GROUPS, np.arange(COUNT) < 9, LEAST_MASS)) == 1
