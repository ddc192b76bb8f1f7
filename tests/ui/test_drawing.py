"""What is drawn and settled of moves, and how messages go to the browser."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from foresight_ui.drawing import Drawing
from foresight_ui.post import Post
from foresight_ui.runs.live import Live
from foresight_ui.sharing import numbers_of
from foresight_ui.visit.state import AppState


class Letters:
    """Takes what is drawn, in the place of the way to a browser."""

    def __init__(self, has_company: bool = False) -> None:
        self.has_company = has_company
        self.taken: list[Any] = []
        self.tasks: list[asyncio.Task[None]] = []

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        self.tasks.append(asyncio.ensure_future(work))

    def frame(self, frame: dict[str, Any]) -> None:
        self.taken.append(frame["stamp"])

    def fault(self, what: str) -> None:
        raise AssertionError(what)


class Paper:
    """A document of Bokeh that writes at once."""

    def hold(self, _policy: str) -> None: ...

    def unhold(self) -> None: ...

    def add_next_tick_callback(self, call: Callable[[], None]) -> None:
        call()


def test_a_change_settles_once_after_the_newest_picture_which_is_made_once(monkeypatch: pytest.MonkeyPatch):
    made, run = [], Live._run
    monkeypatch.setattr(Live, "_run", lambda *given: made.append(given[1].key) or run(*given))
    state, letters = AppState(), Letters()
    drawing: Any = Drawing(state, letters)  # type: ignore[arg-type]

    def settle(name: str) -> None:
        letters.taken.append((name, numbers_of(state)["delivered"] > 0))

    async def moved() -> None:
        for number, effort in enumerate((2.123, 2.456, 2.789), start=1):
            state.move("effort.solidarity", {"levers.pledge_effort.solidarity": [effort] * 3}, final=True)
            drawing.draw(number, lambda number=number: settle(f"settled {number}"))
        drawing.draw(4)
        await asyncio.gather(*letters.tasks)

    asyncio.run(moved())
    assert letters.taken == [4, ("settled 3", True)]
    assert made.count(state.setting.key) == 1


@pytest.mark.parametrize("has_company", [False, True])
def test_one_who_never_stops_rests_as_long_as_they_draw_where_others_are(
    has_company: bool, monkeypatch: pytest.MonkeyPatch
):
    rests: list[float] = []

    async def rest(seconds: float) -> None:
        rests.append(seconds)

    monkeypatch.setattr(asyncio, "sleep", rest)
    letters = Letters(has_company)
    drawing: Any = Drawing(AppState(), letters)  # type: ignore[arg-type]

    async def moved() -> None:
        drawing.draw(1)
        await letters.tasks[0]

    take = letters.frame
    monkeypatch.setattr(
        letters, "frame", lambda frame: take(frame) or (frame["stamp"] < 3 and drawing.draw(frame["stamp"] + 1))
    )
    asyncio.run(moved())
    assert letters.taken == [1, 2, 3]
    assert len(rests) == (2 if has_company else 0)
    assert all(seconds > 0 for seconds in rests)


def test_who_is_alone_has_no_company_and_who_has_gone_is_none():
    async def opened() -> list[bool]:
        posts = [Post(AppState(), lambda _message: None) for _ in range(2)]
        had = []
        for post, change in ((posts[0], "open"), (posts[1], "open"), (posts[1], "close")):
            getattr(post, change)(*([Paper()] if change == "open" else []))
            had.append(posts[0].has_company)
        posts[0].close()
        return had

    assert asyncio.run(opened()) == [False, True, False]


def test_a_message_is_json_in_one_piece():
    sent: list[Any] = []

    async def opened() -> None:
        post = Post(AppState("zh"), sent.append)
        post.open(Paper())
        post.tell("good", "保存")
        post.frame({"stamp": 1, "charts": {"trust": [[0.1, None]]}})

    asyncio.run(opened())
    assert [message["type"] for message in sent] == ["message", "frame"]
    assert json.loads(sent[0]["content"]) == {"type": "message", "tone": "good", "text": "保存"}
    assert sent[1]["content"] == '{"type":"frame","stamp":1,"charts":{"trust":[[0.1,null]]}}'
