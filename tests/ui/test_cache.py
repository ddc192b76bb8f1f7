"""What is kept to answer faster: counted in bytes, under one ceiling, and given back."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from foresight_ui.runs.amounts import bytes_called
from foresight_ui.runs.cache import Cache
from foresight_ui.runs.live import NUMBERS, Live
from foresight_ui.runs.picture import shown_of
from foresight_ui.runs.setting import first_setting
from foresight_ui.runs.weight import USUAL, bytes_of, usual
from foresight_ui.visit.state import FIRST_VIEW

from foresight.errors import InputError

KB = 1000


def array(size: int) -> np.ndarray:
    return np.zeros(size, np.int8)


def cache(most: int = 10 * KB, number: int = 9) -> Cache:
    return Cache(most, {"a": number, "b": number})


def test_what_was_used_longest_ago_gives_way_to_bytes_of_all_kinds():
    one = cache()
    for name in (("a", 1), ("b", 1), ("a", 2)):
        one.put(name, array(3 * KB))
    assert one.find(("a", 1)) is not None  # used again
    one.put(("b", 2), array(3 * KB))
    assert [name for name in (("a", 1), ("b", 1), ("a", 2), ("b", 2)) if one.find(name) is not None] == [
        ("a", 1),
        ("a", 2),
        ("b", 2),
    ]
    assert one.size == 9 * KB


def test_what_is_larger_than_all_room_is_made_and_not_kept():
    one = cache()
    one.put(("a", 1), array(3 * KB))
    assert len(one.get(("a", 2), lambda: array(11 * KB))) == 11 * KB
    assert one.find(("a", 2)) is None
    assert one.size == 3 * KB


def test_of_a_kind_there_are_so_many():
    one = cache(number=2)
    for name in (("a", 1), ("b", 1), ("a", 2), ("a", 3)):
        one.put(name, array(1))
    assert one.find(("a", 1)) is None
    assert one.find(("b", 1)) is not None


def test_what_is_taken_out_or_replaced_is_not_counted():
    one = cache()
    one.put(("a", 1), array(3 * KB))
    one.put(("a", 1), array(2 * KB))
    assert one.size == 2 * KB
    assert len(one.take(("a", 1))) == 2 * KB
    assert (one.size, one.take(("a", 1))) == (0, None)


def test_what_nobody_has_used_is_forgotten():
    one = cache()
    one.put(("a", 1), array(3 * KB))
    one.forget(3600.0)
    assert one.size == 3 * KB
    one.forget(0.0)
    assert one.size == 0


@dataclass
class _Pair:
    one: object
    other: object


def test_things_weigh_what_they_hold_and_arrays_that_share_memory_count_once():
    whole = array(50 * KB)
    assert bytes_of(whole) == 50 * KB
    assert 50 * KB <= bytes_of(_Pair(whole[:10], (whole.reshape(5, -1).T, {"x": whole}))) < 52 * KB
    dataset = xr.Dataset({"x": (("i", "j"), np.zeros((100, 50)).T)})
    assert 40 * KB <= bytes_of(dataset) < 44 * KB
    assert bytes_of(pd.DataFrame({"x": np.zeros(5 * KB)})) >= 40 * KB


def test_runs_and_pictures_are_counted():
    live, setting = Live(), first_setting()
    live.picture(setting, "test", lambda run: shown_of(run, FIRST_VIEW["map"]))
    drawn = live.kept.size
    assert 10_000_000 < drawn < 100_000_000  # a bench of 200 runs
    results = live.results(setting, "members")
    assert live.kept.size - drawn == pytest.approx(bytes_of(results), rel=0.05)
    assert bytes_of(results) > results.dataset["trust"].nbytes + results.dataset["pledged"].nbytes
    assert {key[0] for key in live.kept._kept} == {"bench", "picture", "results"} < set(NUMBERS)
    live.kept.forget(0.0)
    assert live.kept.size == 0


@pytest.mark.parametrize(
    ("name", "given"), [("2GB", 2 * 10**9), ("500MB", 5 * 10**8), ("1.5gb", 15 * 10**8), ("64 MB", 64_000_000)]
)
def test_memory_has_names(name: str, given: int):
    assert bytes_called(name, "--memory") == given


@pytest.mark.parametrize("name", ["", "2", "GB", "-2GB", "0GB", "2TB", "1e9GB", "nan GB", "2GB 2GB", "9" * 400 + "GB"])
def test_what_is_no_memory_is_refused_by_name(name: str):
    with pytest.raises(InputError) as refused:
        bytes_called(name, "--memory")
    (problem,) = refused.value.problems
    assert (problem.file, problem.kind) == ("--memory", "no_memory")
    assert "\n" not in problem.message()


def test_usually_there_is_a_sensible_share_of_the_machine():
    assert 0 < usual() <= USUAL
