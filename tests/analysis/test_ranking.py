"""Groups of factors as far as intervals tell them apart."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from foresight.analysis.ranking import tiers

ends = st.lists(st.tuples(*[st.floats(0, 1)] * 3).map(sorted), min_size=1, max_size=12)


def test_one_stands_clear_where_no_other_interval_reaches_its_own():
    value, low, high = np.array([[0.15, 0.34, 0.18, 0.1], [0.1, 0.3, 0.12, 0.0], [0.2, 0.38, 0.24, 0.2]])
    assert tiers("abcd", value, low, high) == (("b",), ("c", "a", "d"))


def test_those_that_reach_the_first_stand_with_it_whether_or_not_they_reach_each_other():
    value, low, high = np.array([[0.5, 0.45, 0.3, 0.2], [0.4, 0.43, 0.2, 0.1], [0.6, 0.47, 0.41, 0.3]])
    assert tiers("abcd", value, low, high) == (("a", "b", "c"), ("d",))


@given(ends)
def test_each_factor_is_in_one_group_and_no_later_one_reaches_the_first_of_a_group(rows: list[list[float]]):
    low, value, high = np.array(rows).T
    names = [str(at) for at in range(len(rows))]
    groups = tiers(names, value, low, high)
    assert sorted(name for group in groups for name in group) == sorted(names)
    for at, (first, *others) in enumerate(groups):
        assert all(high[int(name)] >= low[int(first)] for name in others)
        assert all(high[int(name)] < low[int(first)] for group in groups[at + 1 :] for name in group)
