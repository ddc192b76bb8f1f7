"""Runs are cut into blocks that leave vector instructions no rest."""

import pytest

from foresight.engine.ensemble import BLOCK, split


@pytest.mark.parametrize("runs", [0, 1, 15, 16, 17, 200, 257, 1000, 4097])
@pytest.mark.parametrize("threads", [1, 2, 7])
@pytest.mark.parametrize("block", [1, 2, 40, BLOCK])
def test_blocks_are_all_the_runs_in_order_none_too_wide_and_one_alone_with_a_rest(runs: int, threads: int, block: int):
    parts = list(split(runs, block, threads))
    assert [run for part in parts for run in range(part.start, part.stop)] == list(range(runs))
    widths = [part.stop - part.start for part in parts]
    assert all(0 < width <= block for width in widths)
    assert block % 16 or not any(width % 16 for width in widths[:-1])
    assert max(widths, default=0) - min(widths[:-1], default=max(widths, default=0)) <= 16


def test_threads_share_what_is_enough_for_them():
    assert [part.stop - part.start for part in split(200, BLOCK, 2)] == [96, 104]
