"""Phones, desk and wall of a room through a round, and what each of them is told."""

import base64
import io
import json
import re
import zipfile
from hashlib import sha256
from pathlib import Path
from typing import Any

from roomed import Place, met

from foresight.workshop.record import Record
from foresight.workshop.room import room_of

TEXTS = re.compile(r'id="texts">(.*?)</script>')


def test_a_round_from_the_first_proposal_to_what_it_brought(tmp_path: Path):
    async def visit(place: Place) -> None:
        desk, wall = await place.desk(), await place.wall()
        phones = [await place.phone("SEA"), await place.phone("Pacific")]
        assert await desk.do("stage", stage="round") == {"done": 1}
        assert await desk.do("ask", open=True) == {"done": 2}
        for phone in phones:
            await phone.until(lambda view: view["asking"])
            assert await phone.mark_and_say("propose", points=[2, 2, 0, 0, 0], reason="why not") == {"heard": 2}
        view = await desk.until(lambda view: view["entries"] == 2)
        assert view["spread"]["delegations"]["SEA"]["median"] == [2, 2, 0, 0, 0]
        assert (await wall.until(lambda view: view["entries"] == 2))["spread"] is None
        await desk.do("lock", locked=True)
        assert (await wall.until(lambda view: view["promised"]))["promised"]["SEA"]["points"] == [2, 2, 0, 0, 0]
        await desk.do("deal", card="crisis")
        await desk.do("reveal")
        result = (await wall.until(lambda view: view["result"]))["result"]
        assert result["last"] == 2029
        assert result["delegations"]["SEA"]["promised"] > result["delegations"]["SEA"]["promised_base"]
        own = (await phones[0].until(lambda view: view["result"]))["result"]["own"]
        assert own == result["delegations"]["SEA"]
        assert not phones[0].view["working"]

    met(visit, tmp_path)


def test_a_phone_that_comes_back_is_the_same_person_and_counts_once(tmp_path: Path):
    async def visit(place: Place) -> tuple[Any, ...]:
        first = await place.phone("SEA")
        token, person = first.welcome["token"], first.welcome["person"]
        first.socket.close()
        again = await place.phone(token=token)
        assert (again.welcome["person"], again.view["you"]["delegation"], again.mark) == (person, "SEA", 1)
        before = place.made[0].hub.room.count
        assert await again.say(say="describe", mark=1, delegation="Pacific") == {"heard": 1}
        return place.made[0].hub.room.count - before, place.made[0].hub.room.people[person].delegation

    assert met(visit, tmp_path) == (0, "SEA")


def test_long_polling_has_the_same_messages(tmp_path: Path):
    async def visit(place: Place) -> list[Any]:
        came = await place.post("/room/say", hello={"face": "phone", "code": place.code.lower(), "language": "zh"})
        welcome, view = came["messages"]
        assert welcome["welcome"]["names"]["delegations"]["secretariat"] == "秘书处"
        assert view["view"]["stage"] == "welcome"
        said = {"say": "describe", "mark": 1, "delegation": "SEA", "name": "Ada"}
        assert await place.post("/room/say", poll=came["poll"], message=said) == {"messages": []}
        heard: list[Any] = []
        while len(heard) < 2:
            heard += (await place.post("/room/hear", poll=came["poll"]))["messages"]
        gone = await place.post("/room/hear", poll="nobody")
        return [heard[0], heard[1]["view"]["you"]["name"], gone["messages"][0]["refused"]]

    assert met(visit, tmp_path) == [{"heard": 1}, "Ada", "gone"]


def test_pages_have_their_texts_in_the_language_that_is_asked_for(tmp_path: Path):
    async def visit(place: Place) -> list[Any]:
        pages = {path: await place.ask(path) for path in ("/join", "/desk?l=zh", "/wall")}
        texts = {path: json.loads(TEXTS.findall(page.body.decode())[0]) for path, page in pages.items()}
        french = await place.ask("/join", **{"Accept-Language": "fr-CH, en;q=0.5"})
        rules = pages["/join"].headers["Content-Security-Policy"]
        return [
            [page.code for page in pages.values()],
            texts["/join"]["stage_welcome"],
            texts["/desk?l=zh"]["stage_welcome"],
            '"locale":"fr"' in french.body.decode(),
            f"ws://127.0.0.1:{place.port}" in rules and "unsafe" not in rules,
            pages["/wall"].headers["Content-Security-Policy"].count("'none'"),
        ]

    assert met(visit, tmp_path) == [[200, 200, 200], "Welcome", "欢迎", True, True, 4]


def test_the_script_in_the_page_of_a_phone_is_the_one_that_its_rules_allow(tmp_path: Path):
    async def visit(place: Place) -> tuple[str, str]:
        page = await place.ask("/join")
        return page.body.decode(), page.headers["Content-Security-Policy"]

    page, rules = met(visit, tmp_path)
    for element, rule in (("script", "script-src"), ("style", "style-src")):
        (content,) = re.findall(rf"<{element}>(.*?)</{element}>", page, re.DOTALL)
        digest = base64.b64encode(sha256(content.encode()).digest()).decode()
        assert f"{rule} 'sha256-{digest}'" in rules


def test_every_file_comes_to_who_has_the_secret_alone(tmp_path: Path):
    async def visit(place: Place) -> list[Any]:
        phone, desk = await place.phone("SEA"), await place.desk()
        await desk.do("stage", stage="round")
        await desk.do("ask", open=True)
        await phone.mark_and_say("propose", points=[1, 0, 0, 0, 0], reason="=1+1")
        await desk.do("lock", locked=True)
        await desk.do("reveal")
        names = ("votes.csv", "scenarios.zip", "session.html", "brief.html", "kit.html", "record", "passwords")
        return [await file_of(place, name, place.made[0].secret) for name in names]

    votes, scenarios, session, brief, kit, record, nothing = met(visit, tmp_path)
    assert b",'=1+1," in votes.body  # never a formula
    assert "attachment" in votes.headers["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(scenarios.body)) as archive:
        (name,) = archive.namelist()
        assert b"coalition" in archive.read(name)
    assert b"Suva" in session.body
    assert b"Suva" in kit.body
    assert brief.body.count(b"<data ") > 200
    assert b"Suva" in brief.body
    (tmp_path / "copy.room").write_bytes(record.body)
    assert room_of([event for _, event in Record(tmp_path / "copy.room").events()]).is_revealed(1, 2)
    assert (nothing.code, json.loads(nothing.body)["refused"]) == (400, "unknown_name")


def test_in_the_debrief_every_phone_may_have_the_session_page_and_nothing_else(tmp_path: Path):
    async def visit(place: Place) -> list[Any]:
        phone, desk = await place.phone("SEA"), await place.desk()

        async def wanted(name: str, **changes: str) -> Any:
            asks = {"code": place.code, "token": phone.welcome["token"], "name": name, "language": "en", **changes}
            answer = await place.ask("/room/file", "POST", json.dumps(asks))
            return answer.body if answer.code == 200 else json.loads(answer.body)["refused"]

        early = await wanted("session.html")
        await desk.do("stage", stage="debrief")
        names = ("votes.csv", "record", "kit.html")
        others = [await wanted(name) for name in names]
        stranger = await wanted("session.html", token="nobody")
        pages = [await wanted("session.html") for _ in range(2)]
        return [early, others, stranger, [b"Suva" in page for page in pages]]

    refused = ["unknown_name"] * 3
    assert met(visit, tmp_path) == ["not_now", refused, "no_such_room", [True, True]]


async def file_of(place: Place, name: str, secret: str) -> Any:
    return await place.ask("/room/file", "POST", json.dumps({"secret": secret, "name": name}))
