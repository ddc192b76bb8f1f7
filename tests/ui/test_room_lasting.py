"""Nothing is lost: a server that is killed, connections that break, phones that sleep, rooms that are opened again."""

import asyncio
import json
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import pytest
from foresight._benchmarks.phones import Desk, Phone, Server
from foresight_ui.room.opening import Wish, opened
from roomed import Place, met, place, wish

from foresight.errors import InputError
from foresight.workshop.events import KeyMade
from foresight.workshop.record import Record

PATIENCE = 120  # seconds

#: Where the phones of the test sit.
SEATS = ("SEA", "Pacific", "NCA", "SSWA", "ENEA")


@asynccontextmanager
async def session(record: Path, phones: int) -> AsyncIterator[tuple[Server, Desk, list[Phone]]]:
    """Give a server, its desk and phones that sit somewhere, in a round that takes proposals."""
    with Server(record) as server:
        desk, people = Desk(server).begin(), [Phone(server).begin() for _ in range(phones)]
        try:
            await desk.until(bool)
            await desk.do("stage", stage="round")
            await desk.do("ask", open=True)
            for at, phone in enumerate(people):
                await phone.until(bool)
                await phone.until_heard(await phone.say("describe", delegation=SEATS[at % len(SEATS)]))
            yield server, desk, people
        finally:
            for one in (desk, *people):
                await one.leave()


def lived(visit: Callable[[], Awaitable[Any]]) -> Any:
    """Return what comes of a visit that does not take for ever."""

    async def whole() -> Any:
        return await asyncio.wait_for(visit(), PATIENCE)

    return asyncio.run(whole())


def points_of(number: int) -> list[int]:
    return [number % 3, number % 2, 1, 0, 0]


def entries_of(view: dict[str, Any]) -> dict[int, Any]:
    """Return the points of each person, as a desk sees them."""
    return {one["person"]: one["entry"]["points"] for one in view["persons"] if one["entry"]}


@pytest.mark.costly
def test_a_server_that_is_killed_twice_in_a_round_loses_no_vote(tmp_path: Path):
    async def visit() -> None:
        async with session(tmp_path / "one.room", 10) as (server, desk, phones):
            code, secret, marks = server.room["code"], server.secret, list[tuple[Phone, int]]()
            for round_ in range(3):
                marks += [
                    (phone, await phone.say("propose", points=points_of(round_ + at)))
                    for at, phone in enumerate(phones)
                ]
                if round_ < 2:  # whether what was just said is written or not
                    server.kill()
                    await asyncio.to_thread(server.start)
                    assert (server.room["code"], server.secret == secret) == (code, False)
            for phone, mark in marks:
                await phone.until_heard(mark)
            last = {phone.person: points_of(2 + at) for at, phone in enumerate(phones)}
            view = await desk.until(lambda view: entries_of(view) == last)
            assert (view["stage"], view["asking"], len(view["persons"])) == ("round", True, len(phones))
            rows = [row for row in await desk.rows() if row["kind"] == "proposal"]
            assert len(rows) == len(marks) == 30
            assert sum(row["status"] == "counts" for row in rows) == len(phones)

    lived(visit)


@pytest.mark.costly
def test_what_is_said_without_a_network_is_heard_once_there_is_one(tmp_path: Path):
    async def visit() -> None:
        async with session(tmp_path / "one.room", 4) as (_, desk, phones):
            for phone in phones[:3]:
                phone.free.clear()
                phone.cut()
            marks = [(phone, await phone.say("propose", points=points_of(at))) for at, phone in enumerate(phones)]
            assert (await desk.until(lambda view: view["entries"] == 1))["people"] == 4
            for phone in phones:
                phone.free.set()
            for phone, mark in marks:
                await phone.until_heard(mark)
            assert (await desk.until(lambda view: view["entries"] == 4))["people"] == 4

    lived(visit)


def test_a_phone_that_slept_through_a_phase_finds_its_place_and_what_it_brought(tmp_path: Path):
    async def visit(place: Place) -> list[Any]:
        desk, phone = await place.desk(), await place.phone("SEA")
        await desk.do("stage", stage="round")
        await desk.do("ask", open=True)
        await phone.mark_and_say("propose", points=[1, 2, 0, 0, 0])
        phone.socket.close()
        await desk.do("lock", locked=True)
        again = await place.phone(token=phone.welcome["token"])
        mine = again.view["mine"]["points"]
        again.socket.close()
        await desk.do("reveal")
        await desk.until(lambda view: view["result"])
        await desk.do("stage", stage="round")
        awake = await place.phone(token=phone.welcome["token"])
        late = await awake.say(say="propose", mark=2, points=[1, 2, 0, 0, 0])  # it had not heard that it was heard
        return [mine, awake.view["question"]["phase"], awake.view["result"]["last"], awake.view["mine"], late]

    assert met(visit, tmp_path) == [[1, 2, 0, 0, 0], 3, 2029, None, {"heard": 2}]


def test_a_poll_that_nobody_asks_for_is_forgotten_and_its_person_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("foresight_ui.room.polling._WAIT", 0.01)

    async def visit(place: Place) -> list[Any]:
        came = await place.post("/room/say", hello={"face": "phone", "code": place.code})
        assert await place.post("/room/hear", poll=came["poll"]) == {"messages": []}
        place.polls.stay(came["poll"], 0)  # the time is over
        while place.rooms.faces._here:
            await asyncio.sleep(0)
        gone = await place.post("/room/hear", poll=came["poll"])
        token = came["messages"][0]["welcome"]["token"]
        again = await place.post("/room/say", hello={"face": "phone", "code": place.code, "token": token})
        return [gone["messages"][0]["refused"], again["messages"][0]["welcome"]["person"]]

    assert met(visit, tmp_path) == ["gone", 1]


def test_a_room_that_is_opened_again_is_the_same_and_has_one_more_secret(tmp_path: Path):
    async def first() -> tuple[str, str, str]:
        async with place(tmp_path) as one:
            phone, desk = await one.phone("SEA"), await one.desk()
            await desk.do("stage", stage="predict")
            return one.code, one.made[0].secret, phone.welcome["token"]

    async def second(code: str, secret: str, token: str) -> list[Any]:
        async with place(tmp_path, old=[tmp_path / "one.room"], out=None) as one:
            again = await one.come("desk", secret=secret)
            view = await again.until(bool)
            other = await one.desk()
            phone = await one.phone(token=token)
            return [one.code == code, view["stage"], other.welcome != {}, phone.view["you"]["delegation"]]

    assert asyncio.run(second(*asyncio.run(first()))) == [True, "predict", True, "SEA"]
    with closing(Record(tmp_path / "one.room")) as record:
        assert sum(isinstance(event, KeyMade) for _, event in record.events()) == 2


def test_several_rooms_are_several_records(tmp_path: Path):
    async def visit(place: Place) -> list[Any]:
        desks = [await place.desk(room) for room in range(3)]
        await desks[1].do("stage", stage="predict")
        views = [await desk.until(bool) for desk in desks]
        return [[view["title"] for view in views], len({view["code"] for view in views})]

    assert met(visit, tmp_path, rooms=3) == [["Suva 1", "Suva 2", "Suva 3"], 3]
    assert {path.name for path in tmp_path.glob("*.room")} == {"one.room", "one-2.room", "one-3.room"}


def refused(asked: Wish) -> list[tuple[str, str]]:
    with pytest.raises(InputError) as error:
        opened(asked)
    return [(problem.file, problem.kind) for problem in error.value.problems]


def test_all_that_is_wrong_with_a_call_is_told_at_once_and_nothing_is_begun(tmp_path: Path):
    strange = tmp_path / "strange.room"
    strange.write_text("strange")
    asked = wish(tmp_path, agenda=60, budget=21, delegations="ASEAN,ATLANTIS", old=[strange, tmp_path / "nothing"])
    assert refused(asked) == [
        ("--agenda", "unknown_name"),
        ("--budget", "out_of_range"),
        ("--out", "not_with"),
        ("--delegations", "unknown_body"),
        (str(strange), "not_a_record"),
        (str(tmp_path / "nothing"), "missing_file"),
    ]
    assert [path.name for path in tmp_path.iterdir()] == ["strange.room"]


def test_a_record_that_is_there_or_in_use_is_not_begun_or_opened_again(tmp_path: Path):
    async def visit(_: Place) -> list[Any]:
        return [refused(wish(tmp_path)), refused(wish(tmp_path, out=None, old=[tmp_path / "one.room"]))]

    at = str(tmp_path / "one.room")
    assert met(visit, tmp_path) == [[(at, "file_exists")], [(at, "record_in_use")]]


def test_a_copy_made_while_its_room_ran_is_refused_and_stays_as_it_is(tmp_path: Path):
    lone = tmp_path / "lone.room"

    async def visit(_: Place) -> list[Any]:
        shutil.copy(tmp_path / "one.room", lone)
        return []

    met(visit, tmp_path)
    for _ in range(2):
        assert refused(wish(tmp_path, out=None, old=[lone])) == [(str(lone), "headless_record")]


@pytest.mark.costly
def test_the_command_tells_how_to_come_in(tmp_path: Path):
    with Server(tmp_path / "one.room") as server:
        told = server.told
        assert json.loads(json.dumps(told)).keys() == {"url", "rooms", "others"}
        assert server.room["wall"] == f"http://localhost:{server.port}/wall?c={server.room['code']}"
        assert server.room["record"] == str(tmp_path / "one.room")
        assert len(server.secret) == 24


@pytest.mark.costly
def test_a_room_that_is_stopped_is_one_file_and_one_whose_port_is_taken_is_not_begun(tmp_path: Path):
    with Server(tmp_path / "one.room") as server:
        command = [sys.executable, "-m", "foresight", "--json", "room", "--port", str(server.port), "--agenda", "60"]
        refused = subprocess.run([*command, "--out", tmp_path / "two.room"], capture_output=True, text=True)
    problems = json.loads(refused.stderr)["problems"]
    assert (refused.returncode, [problem["kind"] for problem in problems]) == (2, ["port_taken", "unknown_name"])
    assert f"--port {int(problems[0]['given']) + 1}" in problems[0]["message"]
    assert [path.name for path in tmp_path.iterdir()] == ["one.room"]  # and no part of it beside
