"""The engine says whether it is ready, and how far it is while a thread compiles it."""

import queue
import threading
from collections.abc import Iterator
from typing import Any

import numba
import pytest

from foresight.engine import kernel, readiness
from foresight.engine.readiness import READY, NotReadyError, Readiness

LONG = 60.0  # seconds after which what never comes is given up


class Slow:
    """A first call that goes on when it is told to."""

    def __init__(self) -> None:
        self.begun, self.go_on = threading.Event(), threading.Event()
        self.fails = False

    def __call__(self) -> None:
        self.begun.set()
        assert self.go_on.wait(LONG)
        if self.fails:
            raise OSError("no room")


@pytest.fixture
def slow() -> Iterator[Slow]:
    call = Slow()
    yield call
    call.go_on.set()


def cold() -> Readiness:
    return Readiness(lambda: False)


def test_nobody_waits_for_what_nobody_prepares():
    engine = Readiness()
    engine.check()
    assert (engine.is_ready, engine.share) == (True, READY)


def test_an_engine_that_was_compiled_before_is_ready_at_once(slow: Slow):
    engine = Readiness(lambda: True)
    engine.prepare(slow)
    assert slow.begun.wait(LONG)
    engine.check()


def test_nothing_is_ready_before_the_first_call_is_done(slow: Slow):
    engine, told = cold(), queue.SimpleQueue[float]()
    engine.prepare(slow)
    engine.watch(told.put)
    assert told.get(timeout=LONG) == 0.0
    assert slow.begun.wait(LONG)
    assert not engine.is_ready
    with pytest.raises(NotReadyError):
        engine.check()
    assert not engine.wait(0.0)
    slow.go_on.set()
    assert told.get(timeout=LONG) == READY
    assert engine.wait(LONG)
    engine.check()


def test_who_asks_when_it_is_ready_is_told_once(slow: Slow):
    engine, told = cold(), queue.SimpleQueue[float]()
    slow.go_on.set()
    engine.prepare(slow)
    assert engine.wait(LONG)
    engine.watch(told.put)
    assert (told.get_nowait(), told.empty()) == (READY, True)


def test_a_call_that_fails_leaves_it_to_others_to_fail(slow: Slow, caplog: pytest.LogCaptureFixture):
    engine = cold()
    slow.fails = True
    slow.go_on.set()
    engine.prepare(slow)
    assert engine.wait(LONG)
    assert "no room" in caplog.text


def test_it_tells_how_far_it_is_function_by_function(monkeypatch: pytest.MonkeyPatch):
    """Functions that are compiled now, in place of the kernel that was compiled before."""

    @numba.njit
    def inner(x: Any) -> Any:
        return x + 1.0

    @numba.njit
    def other(x: Any) -> Any:
        return x * 2.0

    @numba.njit
    def outer(x: Any) -> Any:
        return x

    known = {"inner": inner, "other": other}
    monkeypatch.setattr(readiness, "simulate_block", outer)
    monkeypatch.setattr(readiness, "_named", lambda function: list(known.values()) if function is outer.py_func else [])
    told: list[float] = []
    readiness._compile(lambda: [one(1.5) for one in (inner, other, outer)], told.append)
    assert told == [pytest.approx(counted / 6) for counted in (1, 2, 5)]


def test_who_compiles_is_not_refused():
    engine, refused = cold(), queue.SimpleQueue[bool]()

    def first_call() -> None:
        try:
            engine.check()
        except NotReadyError:
            refused.put(True)
        refused.put(False)

    engine.prepare(first_call)
    assert refused.get(timeout=LONG) is False


def test_a_watcher_that_fails_keeps_nobody_from_being_told(slow: Slow):
    engine, told = cold(), queue.SimpleQueue[float]()

    def fails_in_the_end(share: float) -> None:
        if share == READY:
            raise RuntimeError("gone")

    engine.prepare(slow)
    engine.watch(fails_in_the_end)
    engine.watch(told.put)
    assert told.get(timeout=LONG) == 0.0
    slow.go_on.set()
    while told.get(timeout=LONG) != READY:
        pass


def test_the_kernel_is_made_of_all_that_it_names():
    parts = readiness._parts(kernel.simulate_block)
    names = {f"{part.py_func.__module__.rpartition('.')[2]}.{part.py_func.__name__}" for part in parts}
    assert {
        "kernel.simulate_block",
        "pledges.act",
        "rules.pledge_log_hazard",
        "draws.fill_words",
        "stocks.recover",
    } <= names
    assert "state.year_of" not in names  # written into those that call it


def test_what_is_made_of_more_counts_more():
    for part in readiness._parts(kernel.simulate_block):
        assert all(
            readiness._parts(one) <= readiness._parts(part)
            for one in readiness._named(part.py_func)
            if one.targetoptions.get("inline") != "always"
        )
