"""Who may come to a room, and who may do what there."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
import segno
from foresight_ui.room.keys import LENGTH, LETTERS, new_code, new_secret
from foresight_ui.room.pace import Buckets, Guesses
from foresight_ui.room.rooms import Rooms
from roomed import Place, met
from tornado.httpclient import HTTPClientError

from foresight.bounds import FACES_OF_ONE, GUESSES, GUESSES_OF_ONE, PEOPLE, PEOPLE_OF_ONE
from foresight.errors import InputError

#: All that a desk can ask for.
DOINGS: tuple[dict[str, Any], ...] = (
    {"do": "stage", "stage": "round"},
    {"do": "ask", "open": True},
    {"do": "show", "shown": True},
    {"do": "clear"},
    {"do": "time", "seconds": 60},
    {"do": "adopt", "delegation": "SEA", "how": "median"},
    {"do": "lock", "locked": True},
    {"do": "deal"},
    {"do": "reveal"},
    {"do": "branch", "phase": 2},
    {"do": "switch", "branch": 1},
    {"do": "strike", "person": 1},
    {"do": "remove", "person": 1},
    {"do": "seat", "person": 1, "delegation": "SEA"},
    {"do": "key"},
    {"do": "withdraw"},
)


# Who may come -----------------------------------------------------------------------------------------------------


def test_a_cookie_is_neither_read_nor_set(tmp_path: Path):
    async def visit(place: Place) -> list[Any]:
        token = (await place.phone()).welcome["token"]
        forged = f"token={token}; secret={place.made[0].secret}; session=admin"
        stranger = await place.connect(Cookie=forged)
        welcome = await stranger.say(hello={"face": "phone", "code": place.code})
        desk = await place.connect(Cookie=forged)
        refused = await desk.say(hello={"face": "desk"})
        pages = [await place.ask(path, Cookie=forged) for path in ("/join", "/desk", "/wall")]
        set_ = [name for page in pages for name in page.headers if name.lower() == "set-cookie"]
        return [welcome["welcome"]["person"], refused["refused"], set_]

    assert met(visit, tmp_path) == [2, "no_such_key", []]


def test_pages_of_others_and_strange_names_reach_no_room(tmp_path: Path):
    async def visit(place: Place) -> list[int]:
        foreign = {"Origin": "http://evil.example"}
        codes = []
        for headers in (foreign, {"Origin": "null"}, {"Host": "evil.example"}):
            with pytest.raises(HTTPClientError) as refused:
                await place.connect(**headers)
            codes.append(refused.value.code)
        posts = ("/room/say", "/room/hear", "/room/file")
        codes += [(await place.ask(path, "POST", "{}", **foreign)).code for path in posts]
        codes += [(await place.ask("/join", "POST", "{}")).code, (await place.ask("/room/say")).code]
        own = {"Origin": f"http://127.0.0.1:{place.port}"}
        assert (await (await place.connect(**own)).say(hello={"face": "wall", "code": place.code}))["welcome"]
        return codes

    assert met(visit, tmp_path) == [403, 403, 421, 403, 403, 403, 405, 405]


def test_a_secret_and_a_token_open_their_own_room_alone(tmp_path: Path):
    async def visit(place: Place) -> None:
        first, second = place.made
        desk = await place.come("desk", secret=first.secret, code=second.hub.code)
        assert (await desk.until(bool))["code"] == first.hub.code
        await desk.do("stage", stage="predict")
        assert (first.hub.room.stage, second.hub.room.stage) == ("predict", "welcome")
        token = (await place.phone("SEA", room=0)).welcome["token"]
        other = await place.phone(token=token, room=1)
        assert other.welcome["token"] != token
        assert second.hub.room.people[other.welcome["person"]].delegation == ""
        for secret in ("", new_secret(), token, first.hub.code, first.secret[:-1]):
            stranger = await place.connect()
            assert (await stranger.say(hello={"face": "desk", "secret": secret}))["refused"] == "no_such_key"
            assert await stranger.ended() is not None

    met(visit, tmp_path, rooms=2)


async def guessed(rooms: Rooms, code: str, address: str, token: str = "") -> str:
    """Return what somebody is told who comes with a code."""
    hello = {"face": "phone" if token else "wall", "code": code, "token": token}
    try:
        face = await rooms.greet(json.dumps({"hello": hello}), address, "")
    except InputError as error:
        return error.problems[0].kind
    rooms.hubs[0].leave(face)
    return "in"


def test_ten_thousand_guesses_of_codes_are_hardly_heard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Of one address at most twenty are told right from wrong; of five hundred addresses at most two hundred."""

    async def visit(place: Place) -> None:
        monkeypatch.setattr(
            place.rooms, "_hellos", Buckets(FACES_OF_ONE._replace(most=20_000), 1)
        )  # guesses alone count
        monkeypatch.setattr(place.rooms, "_guesses", Guesses(lambda: 0.0))  # all of them in one moment
        phone = await place.phone()
        codes = [new_code() for _ in range(5_000)]
        assert place.code not in codes
        told = [await guessed(place.rooms, code, "192.0.2.1") for code in codes]
        assert told.count("no_such_room") == GUESSES_OF_ONE.most
        assert await guessed(place.rooms, place.code, "192.0.2.1") == "too_many_guesses_of_one"
        assert await guessed(place.rooms, place.code, "192.0.2.2") == "in"  # others are not held up
        told += [await guessed(place.rooms, code, f"198.51.100.{at % 500}") for at, code in enumerate(codes)]
        assert told.count("no_such_room") == GUESSES.most
        assert await guessed(place.rooms, place.code, "203.0.113.1") == "too_many_guesses"
        assert (
            await guessed(place.rooms, place.code, "192.0.2.1", phone.welcome["token"]) == "in"
        )  # who was here before

    met(visit, tmp_path)


def test_codes_and_secrets_are_random_and_long():
    codes, secrets = {new_code() for _ in range(1_000)}, {new_secret() for _ in range(1_000)}
    assert len(codes) > 990
    assert len(secrets) == 1_000
    assert len(LETTERS) ** LENGTH > 10**8
    assert {len(secret) for secret in secrets} == {24}  # of 64 signs: 144 bits


def test_a_room_that_is_full_says_so_and_one_address_cannot_fill_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    async def visit(place: Place) -> list[str]:
        monkeypatch.setattr("foresight_ui.room.hub.PEOPLE", PEOPLE._replace(most=2))
        told = [(await (await place.connect()).say(hello={"face": "phone", "code": place.code})) for _ in range(3)]
        monkeypatch.undo()
        monkeypatch.setattr(place.rooms._new, "_bound", PEOPLE_OF_ONE._replace(most=1))
        place.rooms._new._buckets.clear()
        told += [(await (await place.connect()).say(hello={"face": "phone", "code": place.code})) for _ in range(2)]
        return [one.get("refused", "in") for one in told]

    assert met(visit, tmp_path) == ["in", "in", "too_many_people", "in", "too_many_people_of_one"]


# Who may do what --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("face", ["phone", "wall"])
def test_only_a_desk_does_what_a_desk_does(face: str, tmp_path: Path):
    async def visit(place: Place) -> list[Any]:
        caller = await place.come(face, code=place.code)
        before = place.happened
        answers = [(await caller.say(**doing)).get("refused") for doing in DOINGS]
        answers.append((await caller.say(say="hear", do="stage", stage="round", id=1, secret="")).get("refused"))
        return [set(answers), place.happened - before]

    assert met(visit, tmp_path) == [{"strange_message"}, 0]


def test_nobody_speaks_for_another(tmp_path: Path):
    async def visit(place: Place) -> list[Any]:
        ada, bob = await place.phone("SEA"), await place.phone("Pacific")
        said = {"say": "describe", "mark": 9, "delegation": "NCA", "person": bob.welcome["person"]}
        refused = (await ada.say(**said))["refused"]
        views = json.dumps([ada.view, ada.welcome])
        people = place.made[0].hub.room.people
        return [refused, people[2].delegation, bob.welcome["token"] in views]

    assert met(visit, tmp_path) == ["strange_message", "Pacific", False]


def test_a_wall_and_a_phone_are_told_nothing_that_is_hidden(tmp_path: Path):
    async def visit(place: Place) -> None:
        desk, wall, ada, bob = (
            await place.desk(),
            await place.wall(),
            await place.phone("SEA"),
            await place.phone("SEA"),
        )
        await ada.mark_and_say("describe", delegation="SEA", name="Ada Lovelace")
        await desk.do("stage", stage="round")
        await desk.do("ask", open=True)
        await ada.mark_and_say("propose", points=[3, 1, 0, 0, 0], reason="my own reason")
        await desk.do("time", seconds=60)  # all are told of it, after all else
        for view in [await face.until(lambda view: view["until"]) for face in (wall, bob)]:
            assert "my own reason" not in json.dumps(view)
            assert "Lovelace" not in json.dumps(view)
            assert [3, 1, 0, 0, 0] not in list(view.values())
        assert (wall.view["entries"], wall.view["spread"]) == (1, None)

    met(visit, tmp_path)


def test_who_is_sent_away_is_out_and_their_phone_opens_nothing(tmp_path: Path):
    async def visit(place: Place) -> list[Any]:
        desk, phone = await place.desk(), await place.phone("SEA")
        await desk.do("remove", person=phone.welcome["person"])
        told = await phone.answer()
        assert await phone.ended() is not None
        again = await place.phone(token=phone.welcome["token"])
        return [told["refused"], again.welcome["person"], again.view["you"]["delegation"]]

    assert met(visit, tmp_path) == ["sent_away", 2, ""]


def test_a_secret_that_is_withdrawn_opens_nothing_any_more(tmp_path: Path):
    async def visit(place: Place) -> list[Any]:
        desk = await place.desk()
        key = await desk.do("key")
        place_of_desk, _, secret = key["link"].partition("#")
        assert place_of_desk == desk.welcome["names"]["join"]["address"].replace("/join", "/desk")
        assert key["picture"] == segno.make(key["link"], error="m", micro=False).svg_data_uri(border=2)
        helper = await place.come("desk", secret=secret)
        assert await helper.do("time", seconds=60) == {"done": 1}
        await desk.do("withdraw")
        told = (await helper.answer())["refused"]
        assert await helper.ended() is not None
        stranger = await (await place.connect()).say(hello={"face": "desk", "secret": secret})
        file = await place.ask("/room/file", "POST", json.dumps({"secret": secret, "name": "votes.csv"}))
        return [told, stranger["refused"], json.loads(file.body)["refused"], await desk.do("time", seconds=0)]

    assert met(visit, tmp_path)[:3] == ["no_such_key"] * 3


def test_two_desks_at_once_lock_once_and_reveal_once(tmp_path: Path):
    async def visit(place: Place) -> list[Any]:
        one, other = await place.desk(), await place.desk()
        await one.do("stage", stage="round")
        locks = await asyncio.gather(*(desk.do("lock", locked=True) for desk in (one, other)))
        reveals = await asyncio.gather(*(desk.do("reveal") for desk in (one, other)))
        branches = await asyncio.gather(*(desk.do("branch", phase=2) for desk in (one, other)))
        room = place.made[0].hub.room
        decided = [room.decided(1, 2)[name].points for name in ("SEA", "partners")]
        kinds = [sorted(told.get("refused", "done") for told in some) for some in (locks, reveals, branches)]
        return [kinds, decided, len(room.branches)]

    kinds, decided, branches = met(visit, tmp_path)
    assert kinds == [["done", "done"], ["done", "not_now"], ["done", "not_now"]]
    assert decided == [(0, 0, 0, 0, 0), (0, 0)]
    assert branches == 3
