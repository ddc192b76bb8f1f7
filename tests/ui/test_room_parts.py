"""Parts of the server of rooms by themselves: buckets, guesses, faces, runs, and codes as people type them."""

import asyncio
import json
import logging
from pathlib import Path
from typing import Any

import pytest
from foresight_ui.room.courses import Courses
from foresight_ui.room.face import Face
from foresight_ui.room.keys import typed
from foresight_ui.room.pace import Bucket, Buckets, Guesses, Turns
from foresight_ui.words import words
from roomed import Place, met

from foresight.bounds import GUESSES, GUESSES_OF_ONE
from foresight.errors import InputError


class Clock:
    """A clock that stands still until somebody turns it."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_bucket_gives_what_it_has_and_fills_at_its_pace():
    clock = Clock()
    bucket = Bucket(3, 2, clock)
    assert [bucket.take() for _ in range(4)] == [True, True, True, False]
    clock.now = 0.5
    assert [bucket.take() for _ in range(2)] == [True, False]
    clock.now = 100.0
    assert bucket.drops == 3


def test_wrong_guesses_are_forgotten_after_a_minute():
    clock = Clock()
    guesses = Guesses(clock)
    for _ in range(GUESSES_OF_ONE.most):
        guesses.check("192.0.2.1")
        guesses.wrong("192.0.2.1")
    with pytest.raises(InputError, match="at most 20 wrong codes"):
        guesses.check("192.0.2.1")
    guesses.check("192.0.2.2")
    clock.now = 60.0 / GUESSES_OF_ONE.most
    guesses.check("192.0.2.1")  # one comes back every three seconds
    for at in range(GUESSES.most):
        guesses.wrong(f"198.51.100.{at}")
    with pytest.raises(InputError, match="at most 200 wrong codes"):
        guesses.check("192.0.2.3")


def test_full_buckets_are_forgotten_and_of_too_many_the_fullest(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("foresight_ui.room.pace._KEPT", 3)
    clock = Clock()
    buckets = Buckets(GUESSES_OF_ONE, 60, clock)
    for address, drops in (("a", 5), ("b", 1), ("c", 9)):
        for _ in range(drops):
            buckets.of(address).take()
    buckets.of("d").take()
    assert set(buckets._buckets) == {"a", "c", "d"}
    clock.now = 60.0
    buckets.of("e")
    assert set(buckets._buckets) == {"e"}


def test_turns_come_at_a_pace_and_each_address_has_its_own():
    clock = Clock()
    turns = Turns(2, 3, 1, clock)
    assert [turns.wait("a") for _ in range(6)] == [0, 0, 0, 0.5, 1, None]
    assert turns.wait("b") == 0
    clock.now = 0.5
    assert [turns.wait("a") for _ in range(2)] == [1, None]
    clock.now = 100
    assert [turns.wait("a") for _ in range(4)] == [0, 0, 0, 0.5]


def test_turns_of_who_asks_no_more_are_forgotten(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("foresight_ui.room.pace._KEPT", 2)
    clock = Clock()
    turns = Turns(1, 1, 10, clock)
    for address in ("a", "b", "b"):
        turns.wait(address)
    clock.now = 1.5
    assert turns.wait("c") == 0
    assert set(turns._next) == {"b", "c"}


@pytest.mark.parametrize("code", ["ABCDEF", "abcdef", " abc def ", "ABC-DEF", "a.b.c.d.e.f"])
def test_a_code_may_be_typed_in_any_way(code: str):
    assert typed(code) == "ABCDEF"


def test_a_face_is_told_answers_in_order_and_the_last_view_alone():
    async def visit() -> list[Any]:
        face = Face("wall", words("en"))
        face.show({"entries": 1}, 5)
        face.tell({"done": 1})
        face.show({"entries": 2}, 6)
        face.tell({"done": 2})
        taken = [json.loads(one) for one in await face.take()]
        face.show({"entries": 2}, 7)  # nothing that it does not show
        assert not face._some.is_set()
        return taken

    assert asyncio.run(visit()) == [{"done": 1}, {"done": 2}, {"view": {"n": 6, "entries": 2}}]


def test_what_was_locked_is_worked_out_before_it_is_revealed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    async def visit(place: Place) -> list[Any]:
        desk, courses = await place.desk(), place.made[0].hub._courses
        await desk.do("stage", stage="round")
        made, told, loop = asyncio.Event(), courses._made, asyncio.get_running_loop()
        monkeypatch.setattr(courses, "_made", lambda: [told(), loop.call_soon_threadsafe(made.set)])
        await desk.do("lock", locked=True)
        await made.wait()
        assert (await desk.until(lambda view: view["promised"]))["result"] is None
        await desk.do("reveal")
        view = await desk.until(lambda view: view["seen"])
        return [view["working"], view["result"]["last"]]

    assert met(visit, tmp_path) == [False, 2029]


def test_of_what_was_worked_out_the_last_looked_at_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("foresight_ui.room.courses._KEPT", 2)

    async def visit(place: Place) -> list[list[int]]:
        hub, shown, loop = place.made[0].hub, asyncio.Event(), asyncio.get_running_loop()
        courses, kept = Courses(hub.room, lambda: loop.call_soon_threadsafe(shown.set)), list[list[int]]()
        for phase in (2, 3, 2, 4, 3):
            shown.clear()
            if courses._course(hub.room, 1, phase) is None:
                await shown.wait()
            kept.append([int(key[4]) for key in courses._courses])  # "(1, 2, …"
        return kept

    assert met(visit, tmp_path) == [[2], [2, 3], [3, 2], [2, 4], [4, 3]]


def test_a_run_that_fails_is_told_in_the_log_and_nobody_waits_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    def failing(*_: object) -> None:
        raise ValueError("no such run")

    monkeypatch.setattr("foresight_ui.room.courses.course_of", failing)

    async def visit(place: Place) -> list[Any]:
        desk = await place.desk()
        await desk.do("stage", stage="base")
        view = await desk.until(lambda view: view["stage"] == "base" and not view["working"])
        return [view["result"], await desk.do("stage", stage="round")]

    with caplog.at_level(logging.ERROR, "foresight.ui"):
        assert met(visit, tmp_path) == [None, {"done": 2}]
    assert "a run of a room could not be worked out" in caplog.text
