"""Runs are cut into blocks that leave vector instructions no rest."""

import threading
from collections import deque
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt
import pytest

from foresight.engine.ensemble import BLOCK, new_history, simulate_blocks, split
from foresight.runs import Runs
from foresight.scenario.building import build
from foresight.scenario.loading import load_scenario


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


def delivered(threads: int, helpers: ThreadPoolExecutor | None = None) -> npt.NDArray[np.int8]:
    """Return what is delivered in a hundred runs."""
    runs = Runs("drawn", 1, range(100))
    inputs = build(load_scenario("historical-pace"), runs=runs)
    whole = new_history(inputs, 100)
    deque(simulate_blocks(inputs, runs, whole=whole, threads=threads, helpers=helpers), maxlen=0)
    return whole.delivered


def test_threads_that_are_started_end_with_the_runs_so_that_none_keeps_the_priority_of_another():
    before = set(threading.enumerate())
    delivered(threads=2)
    assert set(threading.enumerate()) <= before


def test_threads_that_wait_already_change_no_number():
    with ThreadPoolExecutor(2) as helpers:
        np.testing.assert_array_equal(delivered(2, helpers), delivered(1))
