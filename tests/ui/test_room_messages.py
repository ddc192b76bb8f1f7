"""Messages to a room: malformed, of a wrong shape, too long, at random, with scripts in them."""

import json
import random
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from foresight_ui.room.face import Face
from foresight_ui.words import words
from roomed import Place, met

from foresight.actions import ACTIONS
from foresight.bounds import SAID
from foresight.workshop.record import Record
from foresight.workshop.room import room_of

SCRIPT = "<script>alert(1)</script>\"'&<img src=x onerror=alert(1)>"


#: Messages that are none, for a phone that is in.
MALFORMED: dict[str, str | bytes] = {
    "empty": "",
    "no JSON": "{",
    "no table": "[]",
    "nested": "[" * 2_000,
    "nested in a table": '{"say":' + "[" * 1_500 + "]" * 1_500 + "}",
    "null": "null",
    "not a number": '{"say": "predict", "mark": 1, "steps": NaN}',
    "endless": '{"say": "predict", "mark": 1, "steps": 1e999}',
    "half a character": '{"say": "describe", "mark": 1, "name": "\\ud800"}',
    "bytes": b"\xff\xfe\x00",
}

#: Messages of a wrong shape, which are refused and end nothing.
MISSHAPEN: dict[str, dict[str, Any]] = {
    "unknown": {"say": "shout", "mark": 2},
    "no mark": {"say": "predict", "steps": 1},
    "mark of text": {"say": "predict", "mark": "x", "steps": 1},
    "mark below": {"say": "predict", "mark": -1, "steps": 1},
    "mark beyond": {"say": "predict", "mark": 2**31, "steps": 1},
    "very long mark": {"say": "predict", "mark": 10**18, "steps": 1},
    "steps of text": {"say": "predict", "mark": 2, "steps": "many"},
    "more": {"say": "predict", "mark": 2, "steps": 1, "admin": True},
    "long name": {"say": "describe", "mark": 2, "name": "x" * 41},
    "long reason": {"say": "propose", "mark": 2, "points": [0] * 5, "reason": "x" * 281},
    "many points": {"say": "propose", "mark": 2, "points": [1] * 50},
    "points below": {"say": "propose", "mark": 2, "points": [-1, 0, 0, 0, 0]},
    "order of one": {"say": "rank", "mark": 2, "order": ["solidarity"] * 5},
    "order of others": {"say": "rank", "mark": 2, "order": ["a", "b", "c", "d", "e"]},
    "strange delegation": {"say": "describe", "mark": 2, "delegation": "__proto__"},
    "hello again": {"hello": {"face": "desk"}},
}


@pytest.mark.parametrize("what", MALFORMED)
def test_what_is_no_message_ends_its_connection_and_no_other(what: str, tmp_path: Path):
    async def visit(place: Place) -> list[Any]:
        phone, other, stranger = await place.phone("SEA"), await place.phone("SEA"), await place.connect()
        before = place.happened
        for caller in (phone, stranger):
            await caller.write(MALFORMED[what])
            told = await caller.answer()  # nothing where what came was no text
            assert told.get("refused", "strange_message") == "strange_message"
            await caller.ended()
        return [place.happened - before, await other.mark_and_say("describe", delegation="NCA")]

    assert met(visit, tmp_path) == [0, {"heard": 2}]


@pytest.mark.parametrize("what", MISSHAPEN)
def test_a_message_of_a_wrong_shape_is_refused_and_changes_nothing(what: str, tmp_path: Path):
    async def visit(place: Place) -> list[Any]:
        phone, desk = await place.phone("SEA"), await place.desk()
        await desk.do(
            "stage", stage={"predict": "predict", "rank": "survey"}.get(MISSHAPEN[what].get("say", ""), "round")
        )
        await desk.do("ask", open=True)
        before = place.happened
        answer = await phone.say(**MISSHAPEN[what])
        return ["refused" in answer and bool(answer["text"]), place.happened - before]

    assert met(visit, tmp_path) == [True, 0]


def test_a_message_that_is_too_long_ends_its_connection(tmp_path: Path):
    async def visit(place: Place) -> list[Any]:
        long, longer = await place.phone("SEA"), await place.phone("SEA")
        before = place.happened
        await long.write(json.dumps({"say": "describe", "mark": 2, "name": "x" * SAID.most}))
        told = (await long.answer())["refused"]
        await longer.write("x" * 100_000)
        post = await place.ask("/room/say", "POST", "x" * 100_000)
        return [told, await longer.ended(), post.code, place.happened - before]

    assert met(visit, tmp_path) == ["message_too_long", 1009, 400, 0]


#: What fields of messages hold, right and wrong.
VALUES: dict[str, tuple[Any, ...]] = {
    "mark": (1, 2, 3, 5, 2**40, None),
    "stage": ("round", "predict", "survey", "practice", "base", "end", 1),
    "open": (True, False, "yes"),
    "points": ([1, 0, 0, 0, 0], [4, 4, 4, 4, 4], [0, 0], [], [1.5] * 5, None),
    "steps": (0, 1.5, 4, 5, "many"),
    "order": (list(ACTIONS), ["solidarity"] * 5, []),
    "delegation": ("SEA", "partners", "", "nobody", 7),
    "person": (1, 0, 99, None),
    "how": ("median", "value", "proposal", "might"),
    "locked": (True, False),
    "phase": (2, 3, 9),
    "card": ("", "crisis", "joker"),
}
FIELDS = {
    ("say", "describe"): "mark delegation",
    ("say", "predict"): "mark steps",
    ("say", "propose"): "mark points",
    ("say", "rank"): "mark order",
    ("do", "stage"): "stage",
    ("do", "ask"): "open",
    ("do", "adopt"): "delegation how person points",
    ("do", "lock"): "locked",
    ("do", "deal"): "card",
    ("do", "reveal"): "",
    ("do", "branch"): "phase",
    ("do", "clear"): "",
    ("do", "strike"): "person",
}


def test_random_messages_break_nothing(tmp_path: Path):
    """What is not refused is in the record, and what is in the record can be read."""
    chance = random.Random(1)

    async def visit(place: Place) -> tuple[int, Any]:
        hub = place.made[0].hub
        person, _ = await hub.join()
        faces = {
            "say": Face("phone", words("en"), person),
            "do": Face("desk", words("en"), 0, next(iter(hub.room.keys))),
        }
        for _ in range(3_000):
            verb, what = chance.choice(list(FIELDS))
            fields = {name: chance.choice(VALUES[name]) for name in FIELDS[verb, what].split()}
            await hub.hear(faces[verb], {verb: what, **fields})
            (answer, *_) = await faces[verb].take()
            assert json.loads(answer).keys() & {"heard", "done", "refused"}
        return hub.room.count, vars(hub.room)

    happened, room = met(visit, tmp_path)
    with closing(Record(tmp_path / "one.room")) as record:
        events = [event for _, event in record.events()]
    assert len(events) == happened > 500
    assert vars(room_of(events)) == room


def test_texts_that_people_type_stay_texts(tmp_path: Path):
    async def visit(place: Place) -> None:
        desk, phone = await place.desk(), await place.phone("SEA")
        assert "heard" in await phone.mark_and_say("describe", delegation="SEA", name=SCRIPT[:40])
        await desk.do("stage", stage="round")
        await desk.do("ask", open=True)
        assert "heard" in await phone.mark_and_say("propose", points=[1, 0, 0, 0, 0], reason=SCRIPT)
        await desk.do("adopt", delegation="SEA", how="value", points=[0] * 5, reason=SCRIPT)
        await desk.do("lock", locked=True)
        await desk.do("reveal")
        await desk.do("branch", phase=2, name=SCRIPT[:40])
        await desk.do("switch", branch=1)
        view = await desk.until(lambda view: len(view["branches"]) == 2)
        assert view["persons"][0]["name"] == SCRIPT[:40]
        assert view["branches"][1]["name"] == SCRIPT[:40]
        assert view["title"] == SCRIPT
        assert place.made[0].hub.room.decided(1, 2)["SEA"].reason == SCRIPT
        for path in ("/join", "/desk", "/wall"):
            assert b"alert(1)" not in (await place.ask(path)).body
        for name in ("session.html", "brief.html", "kit.html"):
            asked = json.dumps({"secret": place.made[0].secret, "name": name})
            page = (await place.ask("/room/file", "POST", asked)).body.decode()
            assert "<script>alert" not in page
            assert "<img src=x" not in page

    met(visit, tmp_path, title=SCRIPT)


def test_control_characters_become_blanks(tmp_path: Path):
    async def visit(place: Place) -> str:
        phone = await place.phone("SEA")
        await phone.mark_and_say("describe", delegation="SEA", name="A\x00\x1b[31md\u2028a")
        return place.made[0].hub.room.people[1].name

    assert met(visit, tmp_path) == "A  [31md a"
