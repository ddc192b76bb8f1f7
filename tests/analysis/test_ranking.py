"""Ranks of factors as far as they are told apart."""

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from foresight.analysis.ranking import doubts, places, steps, tiers, told_apart

values = st.lists(st.integers(0, 9), min_size=1, max_size=9)


def above(value: Any, gap: float, idle: Any = ()) -> Any:
    """Return which factors are told above which, where a gap is enough and chance is no matter."""
    value = np.asarray(value, np.float64)
    doubt = np.where(np.abs(np.subtract.outer(value, value)) > gap, 0.0, 1.0)
    return told_apart(value, doubt, np.isin(np.arange(len(value)), idle))


def test_one_stands_clear_of_others_that_are_not_told_apart():
    value = np.array([0.15, 0.34, 0.18, 0.1])
    apart = above(value, 0.1)
    assert steps("abcd", value, apart) == (("b",), ("c", "a", "d"))
    assert tiers("abcd", value, apart) == (("b",), ("c", "a", "d"))
    best, worst = places(apart)
    assert (best.tolist(), worst.tolist()) == ([2, 1, 2, 2], [4, 1, 4, 4])


def test_a_chain_of_neighbours_does_not_hide_that_its_ends_are_apart():
    value = np.array([0.1, 0.3, 0.2])
    apart = above(value, 0.15)
    assert apart.sum() == 1
    assert apart[1, 0]
    assert steps("abc", value, apart) == (("b", "c", "a"),)
    assert tiers("abc", value, apart) == (("b", "c"), ("a",))
    best, worst = places(apart)
    assert (best.tolist(), worst.tolist()) == ([2, 1, 1], [3, 2, 3])


def test_what_is_not_told_from_nothing_is_above_no_other():
    apart = above([0.5, 0.3, 0.1], 0.1, idle=[1, 2])
    assert np.argwhere(apart).tolist() == [[0, 1], [0, 2]]


def test_more_pairs_ask_for_less_doubt():
    """Holm: of three pairs, the first at 5 % / 3, the next at 5 % / 2, the last at 5 %; none after one that fails."""
    doubt = np.ones((3, 3))
    doubt[0, 1], doubt[0, 2], doubt[1, 2] = 0.016, 0.024, 0.049
    value, none = np.array([3.0, 2.0, 1.0]), np.zeros(3, np.bool_)
    assert told_apart(value, doubt, none).sum() == 3
    doubt[0, 1] = 0.017
    assert told_apart(value, doubt, none).sum() == 0
    doubt[0, 1], doubt[0, 2] = 0.016, 0.026
    assert np.argwhere(told_apart(value, doubt, none)).tolist() == [[0, 1]]


def test_doubt_is_that_of_welch():
    """Difference 3, variances 1 by 9 points and 1 by 5 replicates, each index with half of both: 8 + 4 in Welch's."""
    halves = np.diag([0.5, 0.5])
    found = doubts(np.array([1.0, 4.0]), [(halves, 9), (halves, 5)])
    # t = 3 / sqrt(2) at 4 / (1/8 + 1/4) = 10.67 degrees of freedom, from scipy.stats.t.sf.
    np.testing.assert_allclose(found, [[1, 0.058203], [0.058203, 1]], atol=1e-6)


def test_what_has_no_spread_is_told_apart_unless_it_is_the_same():
    found = doubts(np.array([1.0, 1.0, 2.0]), [(np.zeros((3, 3)), 9)])
    assert found.tolist() == [[1, 1, 0], [1, 1, 0], [0, 0, 1]]


@given(values, st.integers(0, 5))
def test_groups_hold_each_factor_once_and_those_of_later_groups_are_told_apart(value: list[int], gap: int):
    names = [str(at) for at in range(len(value))]
    apart = above(value, gap)
    for groups in (steps(names, np.array(value), apart), tiers(names, np.array(value), apart)):
        assert sorted(name for group in groups for name in group) == sorted(names)
        for at, (first, *_) in enumerate(groups):
            assert all(apart[int(first), int(name)] for group in groups[at + 1 :] for name in group)
    order = [name for group in steps(names, np.array(value), apart) for name in group]
    assert [value[int(name)] for name in order] == sorted(value, reverse=True)
    best, worst = places(apart)
    assert (best <= worst).all()
