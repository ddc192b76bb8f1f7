"""What a run keeps of its years."""

import pytest

from foresight.agents.record import Times


@pytest.mark.parametrize(("n", "wanted"), [(1, [0, 1, 2, 3, 4]), (2, [0, 2, 4]), (3, [0, 3, 4]), (9, [0, 4])])
def test_every_nth_time_comes_with_the_last(n: int, wanted: list[float]):
    assert Times(range(5))[::n] == wanted


def test_other_parts_are_those_of_a_list():
    times = Times(range(5))
    assert (times[-1], times[1:3], Times()[::2]) == (4, [1, 2], [])
