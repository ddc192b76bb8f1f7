"""Jobs beside the loop: turns, the newest of a kind, and nothing of who has left."""

import threading
from collections.abc import Iterator
from concurrent.futures import CancelledError, wait
from contextlib import contextmanager

import pytest
from foresight_ui.runs.turns import MOST_KINDS, Turns

PATIENCE = 60.0  # seconds


@contextmanager
def taken(turns: Turns, threads: int) -> Iterator[None]:
    """Hold all threads, each with a job of somebody else."""
    go_on, begun = threading.Event(), threading.Barrier(threads + 1)

    def hold() -> None:
        begun.wait(PATIENCE)
        go_on.wait(PATIENCE)

    holding = [turns.ask(f"holder {number}", "hold", hold) for number in range(threads)]
    begun.wait(PATIENCE)
    try:
        yield
    finally:
        go_on.set()
        wait(holding, PATIENCE)


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_of_a_hundred_files_of_one_the_last_is_made_and_the_page_of_another_comes_next(threads: int):
    turns, done = Turns(threads, "test"), []
    with taken(turns, threads):
        files = [turns.ask("one", "file", lambda at=at: done.append(("one", at))) for at in range(100)]
        page = turns.ask("another", "page", lambda: done.append(("another", "page")))
    wait([files[-1], page], PATIENCE)
    assert sorted(done) == [("another", "page"), ("one", 99)]
    assert [future.cancelled() for future in files] == [True] * 99 + [False]


def test_many_kinds_of_one_do_not_stand_before_the_page_of_another():
    """One job of each thread may be before it, none else; and there are not too many."""
    turns, done = Turns(1, "test"), []
    with taken(turns, 1):
        files = [turns.ask("one", at, lambda at=at: done.append(at)) for at in range(100)]
        page = turns.ask("another", "page", lambda: done.append("page"))
    wait([*files[-MOST_KINDS:], page], PATIENCE)
    assert done.index("page") == 1
    assert [at for at in done if at != "page"] == list(range(100 - MOST_KINDS, 100))


def test_files_of_one_are_made_one_after_the_other_and_other_kinds_beside_them():
    turns, going_on, begun, done = Turns(3, "test"), threading.Event(), threading.Event(), []

    def hold() -> None:
        begun.set()
        going_on.wait(PATIENCE)
        done.append("first")

    first = turns.ask("one", ("file", "xlsx"), hold)
    assert begun.wait(PATIENCE)
    second = turns.ask("one", ("file", "csv"), lambda: done.append("second"))
    turns.ask("one", "page", lambda: done.append("page")).result(PATIENCE)
    assert done == ["page"]
    going_on.set()
    wait([first, second], PATIENCE)
    assert done == ["page", "first", "second"]


def test_who_has_a_thread_leaves_the_last_one_to_others():
    turns, going_on, begun = Turns(2, "test"), threading.Event(), threading.Event()

    def hold() -> None:
        begun.set()
        going_on.wait(PATIENCE)

    first = turns.ask("one", "file", hold)
    assert begun.wait(PATIENCE)
    second = turns.ask("one", "page", lambda: "second")
    assert turns.ask("another", "page", lambda: "another").result(PATIENCE) == "another"
    assert not second.running()
    assert not second.done()
    going_on.set()
    assert [first.result(PATIENCE), second.result(PATIENCE)] == [None, "second"]


def test_two_jobs_of_a_kind_of_one_are_never_done_at_once():
    turns, at_work, most = Turns(3, "test"), [], []
    going_on, begun = threading.Event(), threading.Event()

    def work() -> None:
        at_work.append(1)
        most.append(len(at_work))
        begun.set()
        going_on.wait(PATIENCE)
        at_work.pop()

    first = turns.ask("one", "page", work)
    assert begun.wait(PATIENCE)
    second = turns.ask("one", "page", work)
    assert turns.ask("another", "page", lambda: turns.place_of("one")).result(PATIENCE) == 1
    going_on.set()
    wait([first, second], PATIENCE)
    assert most == [1, 1]


def test_jobs_of_who_has_left_are_not_done():
    turns, done = Turns(1, "test"), []
    with taken(turns, 1):
        gone = [turns.ask("one", kind, lambda: done.append("one")) for kind in ("page", "file")]
        stays = turns.ask("another", "page", lambda: done.append("another"))
        assert turns.drop("one")
        assert not turns.drop("one")
    stays.result(PATIENCE)
    assert done == ["another"]
    for future in gone:
        with pytest.raises(CancelledError):
            future.result(PATIENCE)


def test_one_knows_ones_place_and_comes_nearer():
    turns, places = Turns(1, "test"), []
    with taken(turns, 1):
        jobs = [turns.ask(who, "run", lambda: places.append(turns.place_of("c"))) for who in "abc"]
        assert [turns.place_of(who) for who in "abcd"] == [1, 2, 3, 0]
        turns.drop("a")
        assert [turns.place_of(who) for who in "abc"] == [0, 1, 2]
    wait(jobs[1:], PATIENCE)
    assert places == [1, 0]


def test_who_asked_is_told_what_went_wrong_and_others_are_served():
    turns = Turns(1, "test")
    with pytest.raises(ZeroDivisionError):
        turns.ask("one", "page", lambda: 1 / 0).result(PATIENCE)
    assert turns.ask("one", "page", lambda: "page").result(PATIENCE) == "page"


def test_a_job_that_nobody_waits_for_any_more_is_not_done_and_costs_no_thread():
    turns, done = Turns(1, "test"), []
    with taken(turns, 1):
        given_up = turns.ask("one", "page", lambda: done.append("page"))
        assert given_up.cancel()
        after = turns.ask("another", "page", lambda: "made")
    assert after.result(PATIENCE) == "made"
    assert done == []
