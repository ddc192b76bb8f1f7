"""Floods of messages, requests and connections, and what of all that is kept on disk."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from foresight_ui.room.face import Face
from foresight_ui.room.pace import Bucket, Buckets, Turns
from foresight_ui.words import words
from roomed import Caller, Place, met, place
from tornado.httpclient import HTTPClientError

from foresight.bounds import BURST, FACES_OF_ONE
from foresight.errors import InputError, Problem

# Floods -----------------------------------------------------------------------------------------------------------


def test_a_flood_ends_its_own_connection_and_holds_up_nobody(tmp_path: Path):
    async def visit(place: Place) -> list[Any]:
        flood, other = await place.phone("SEA"), await place.phone("SEA")
        hub, person = place.made[0].hub, flood.welcome["person"]
        next(face for face in hub.faces if face.person == person).pace = Bucket(BURST.most, 0)
        before = place.happened
        for mark in range(2, 500):
            await flood.write(json.dumps({"say": "describe", "mark": mark, "delegation": "SEA"}))
        assert await other.mark_and_say("describe", delegation="NCA") == {"heard": 2}
        refused: list[str] = []
        while (told := await flood.heard()) is not None:
            refused += [told["refused"]] if "refused" in told else []
        happened = place.happened - before
        hub._paces[person] = Bucket(0, 0)  # it has not waited
        hello = {"face": "phone", "code": place.code, "token": flood.welcome["token"]}
        again = await (await place.connect()).say(hello=hello)
        return [refused, happened - 1, again["refused"]]  # one of them is of the other

    assert met(visit, tmp_path) == [["too_fast"], BURST.most, "too_fast"]


def test_who_comes_again_and_again_is_held_up_before_they_can_say_anything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    async def visit(place: Place) -> list[Any]:
        monkeypatch.setattr(place.rooms, "_hellos", Buckets(FACES_OF_ONE._replace(most=2), 3_600))
        for _ in range(2):
            await place.connect()
        with pytest.raises(HTTPClientError) as refused:
            await place.connect()
        said = await place.post("/room/say", hello={"face": "phone", "code": place.code})
        return [refused.value.code, said["messages"][0]["refused"]]

    assert met(visit, tmp_path) == [503, "too_fast"]


def test_pages_and_requests_that_are_refused_are_answered_at_a_pace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    async def visit(place: Place) -> list[Any]:
        came = await place.post("/room/say", hello={"face": "wall", "code": place.code})
        monkeypatch.setattr(place.rooms, "_turns", Turns(1 / 3_600, 3, 0))
        codes = [(await place.ask("/join")).code for _ in range(2)]
        codes += [(await place.ask("/room/hear", "POST", "{}")).code for _ in range(2)]
        last = await place.ask("/wall")
        say = json.dumps({"poll": came["poll"], "message": {}})
        told = [codes, last.code, last.headers["Retry-After"], last.body.decode()]
        return [*told, (await place.ask("/room/say", "POST", say)).code]  # who is in goes on

    full = words("en").say("refused.full")
    assert met(visit, tmp_path) == [[200, 200, 200, 429], 429, "60", f"{full}\n", 200]


def test_of_many_pages_at_once_each_comes_in_its_turn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    async def visit(place: Place) -> list[Any]:
        turns = Turns(200, 1, 20)
        monkeypatch.setattr(place.rooms, "_turns", turns)
        begun = turns._now()
        asked = [asyncio.ensure_future(place.ask("/join", method)) for method in ("GET", "HEAD") * 10]
        waited = await place.desk()  # who is not among them comes in meanwhile
        codes = {(await one).code for one in asked}
        return [bool(waited.welcome), codes, turns._now() - begun >= 19 / 200]

    assert met(visit, tmp_path) == [True, {200}, True]


def test_who_asks_too_often_by_requests_is_not_answered_and_heard_again_later(tmp_path: Path):
    async def visit(place: Place) -> list[Any]:
        came = await place.post("/room/say", hello={"face": "phone", "code": place.code})
        said = {"poll": came["poll"], "message": {"say": "describe", "mark": 1, "name": "Ada"}}
        face = next(iter(place.made[0].hub.faces))
        face.asks = Bucket(1, 0)
        told = [await place.post("/room/say", **said) for _ in range(2)]
        face.asks = Bucket(1, 0)
        return [
            told[0],
            told[1]["messages"][0]["refused"],
            (await place.post("/room/hear", poll=came["poll"]))["messages"][0],
        ]

    assert met(visit, tmp_path) == [{"messages": []}, "too_fast", {"heard": 1}]


def test_who_does_not_listen_is_dropped_before_answers_fill_the_memory():
    async def visit() -> tuple[bool, int]:
        face = Face("phone", words("en"), 1)
        for number in range(100):
            face.tell({"heard": number})
            face.show({"entries": number}, number)
        return face.ended, len(await face.take())

    ended, waiting = asyncio.run(visit())
    assert ended
    assert waiting <= 102


def test_a_connection_that_says_nothing_is_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("foresight_ui.room.wire._PATIENCE", 0.01)

    async def visit(place: Place) -> tuple[bool, int]:
        caller = await place.connect()
        await caller.ended()
        while place.rooms.faces._here:
            await asyncio.sleep(0)
        return True, place.rooms.faces._here.total()

    assert met(visit, tmp_path) == (True, 0)


def test_of_the_connections_of_a_person_the_first_goes(tmp_path: Path):
    async def visit(place: Place) -> list[Any]:
        first = await place.phone("SEA")
        more = [await place.phone(token=first.welcome["token"]) for _ in range(3)]
        return [(await first.answer())["refused"], await more[-1].mark_and_say("describe", delegation="NCA")]

    assert met(visit, tmp_path) == ["too_many_of_person", {"heard": 2}]


# What is kept -----------------------------------------------------------------------------------------------------


def test_the_record_holds_nothing_of_a_person_but_what_they_typed(tmp_path: Path):
    agent = "Mozilla/5.0 (Telltale 7)"

    async def visit(place: Place) -> list[str]:
        phone = await place.connect(**{"User-Agent": agent, "X-Forwarded-For": "203.0.113.77"})
        hello = {"face": "phone", "code": place.code, "language": "fr"}
        token = (await phone.say(hello=hello))["welcome"]["token"]
        await phone.mark_and_say("describe", delegation="SEA", name="Typed Name")
        return [token, place.made[0].secret]

    secrets = met(visit, tmp_path)
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"Typed Name" in kept
    strange = ("127.0.0.1", "203.0.113.77", "Telltale", "Mozilla", str(tmp_path), *secrets)
    assert [one for one in strange if one.encode() in kept] == []
    assert (tmp_path / "one.room").stat().st_mode & 0o777 == 0o600


def failing(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing be written any more."""
    path = str(place.made[0].hub.record.path)

    def append(*_: object) -> None:
        raise InputError([Problem(path, "", "disk_full")])

    monkeypatch.setattr(place.made[0].hub.record, "append", append)


def test_what_cannot_be_written_is_refused_shown_to_nobody_and_names_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    async def visit(place: Place) -> list[Any]:
        desk, phone = await place.desk(), await place.phone("SEA")
        with monkeypatch.context() as patch:
            failing(place, patch)
            told = [await phone.mark_and_say("describe", delegation="NCA"), await desk.do("stage", stage="round")]
        assert (place.made[0].hub.room.stage, place.made[0].hub.room.people[1].delegation) == ("welcome", "SEA")
        fine = await phone.say(say="describe", mark=2, delegation="NCA")
        return [[one["refused"] for one in told], str(tmp_path) in json.dumps(told), fine]

    assert met(visit, tmp_path) == [["disk_full", "disk_full"], False, {"heard": 2}]


def test_nobody_is_told_of_anything_before_it_is_on_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    async def visit(place: Place) -> None:
        phone, record = await place.phone("SEA"), place.made[0].hub.record
        before, going = len(record.events()), asyncio.Event()
        loop, written = asyncio.get_running_loop(), asyncio.Event()
        append: Callable[..., None] = record.append

        def slow(*batch: Any) -> None:
            asyncio.run_coroutine_threadsafe(going.wait(), loop).result()
            append(*batch)
            loop.call_soon_threadsafe(written.set)

        monkeypatch.setattr(record, "append", slow)
        asking = asyncio.ensure_future(phone.mark_and_say("describe", delegation="NCA"))
        while not place.made[0].hub.ledger._work:
            await asyncio.sleep(0)
        assert not asking.done()
        assert place.made[0].hub.room.people[1].delegation == "SEA"
        going.set()
        assert await asking == {"heard": 2}
        assert written.is_set()
        assert len(record.events()) == before + 1

    met(visit, tmp_path)


async def vote(phone: Caller) -> dict[str, Any]:
    return await phone.mark_and_say("propose", points=[1, 0, 0, 0, 0])


def test_votes_that_come_together_go_to_the_disk_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    async def visit(place: Place) -> tuple[int, int]:
        desk = await place.desk()
        await desk.do("stage", stage="round")
        await desk.do("ask", open=True)
        phones = [await place.phone("SEA") for _ in range(20)]
        record, batches = place.made[0].hub.record, list[int]()
        append: Callable[..., None] = record.append

        def counting(events: list[Any], at: float) -> None:
            batches.append(len(events))
            append(events, at)

        monkeypatch.setattr(record, "append", counting)
        told = await asyncio.gather(*map(vote, phones))
        assert told == [{"heard": 2}] * 20
        return sum(batches), len(batches)

    events, batches = met(visit, tmp_path)
    assert events == 20
    assert batches < 20


def test_rooms_are_as_many_as_there_may_be(tmp_path: Path):
    async def visit() -> None:
        async with place(tmp_path, rooms=21):
            pass

    with pytest.raises(InputError, match="at most 20 rooms"):
        asyncio.run(visit())
    assert list(tmp_path.iterdir()) == []
