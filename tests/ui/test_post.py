"""What is made for one visitor beside the loop: the newest of a kind, one sign for all, nothing for who has gone."""

import asyncio
import json
import threading
from collections.abc import Callable
from typing import Any

import pytest
from foresight_ui import post
from foresight_ui.post import Post
from foresight_ui.runs.live import LIVE, UNUSED
from foresight_ui.runs.turns import Turns
from foresight_ui.visit.state import AppState

PATIENCE = 60.0  # seconds


class Document:
    """A document that sends at once."""

    def add_next_tick_callback(self, call: Callable[[], None]) -> None:
        call()

    def hold(self, _policy: str) -> None:
        """Hold nothing back."""

    def unhold(self) -> None:
        """Let nothing go."""


class Visitor:
    """A visitor, with what was sent; one job of somebody else has the only thread."""

    def __init__(self, turns: Turns) -> None:
        self.sent: list[Any] = []
        self.post = Post(AppState(), lambda message: self.sent.append(json.loads(message["content"])))
        self.post.open(Document())
        self.go_on, begun = threading.Event(), threading.Event()
        turns.ask("another", "page", lambda: begun.set() or self.go_on.wait(PATIENCE))
        assert begun.wait(PATIENCE)

    async def over(self) -> None:
        """Let the thread go on, and wait until nothing is under way."""
        self.go_on.set()
        while self.post._tasks:
            await asyncio.wait(self.post._tasks)

    @property
    def signs(self) -> list[bool]:
        return [one["busy"] for one in self.sent if one["type"] == "busy"]


@pytest.fixture
def turns(monkeypatch: pytest.MonkeyPatch) -> Turns:
    LIVE.readiness.wait(PATIENCE)
    turns = Turns(1, "test")
    monkeypatch.setattr(post, "_BESIDE", turns)
    return turns


def test_of_many_wishes_of_a_kind_the_newest_is_made_under_one_sign(turns: Turns):
    async def visit() -> tuple[Visitor, list[int], list[int]]:
        visitor, made, over = Visitor(turns), [], []
        for number in range(100):
            visitor.post.later("page", lambda number=number: number, made.append, after=lambda: over.append(1))
            await asyncio.sleep(0)  # so that the loop begins it
        await visitor.over()
        return visitor, made, over

    visitor, made, over = asyncio.run(visit())
    assert made == [99]
    assert len(over) == 100
    assert visitor.signs == [True, False]


def test_who_has_gone_has_nothing_made(turns: Turns):
    async def visit() -> tuple[Visitor, list[int]]:
        visitor, made = Visitor(turns), []
        visitor.post.later("page", lambda: 1, made.append)
        visitor.post.close()
        visitor.post.later("settled", lambda: 2, made.append)
        await visitor.over()
        return visitor, made

    visitor, made = asyncio.run(visit())
    assert made == []
    assert visitor.sent == []


def test_what_a_visitor_alone_used_is_forgotten_once_they_have_gone(turns: Turns, monkeypatch: pytest.MonkeyPatch):
    forgotten: list[float] = []
    monkeypatch.setattr(LIVE.kept, "forget", forgotten.append)

    async def visit() -> None:
        visitor = Visitor(turns)
        visitor.post.close()
        visitor.go_on.set()
        turns.ask("another", "last", lambda: None).result(PATIENCE)

    asyncio.run(visit())
    assert forgotten == [UNUSED]


def test_files_of_two_kinds_are_both_made(turns: Turns):
    async def visit() -> Visitor:
        visitor = Visitor(turns)
        for kind in ("csv", "xlsx", "csv"):
            visitor.post.file(kind, lambda kind=kind: (f"a.{kind}", "text/csv", b"1"))
        await visitor.over()
        return visitor

    visitor = asyncio.run(visit())
    assert sorted(one["name"] for one in visitor.sent if one["type"] == "file") == ["a.csv", "a.xlsx"]
    assert visitor.signs == [True, False]
