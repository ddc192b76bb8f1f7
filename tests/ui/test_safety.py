"""What strangers may ask of the server: its own names, one connection a ticket, our messages alone; never a trace."""

import asyncio
import json
import logging
from collections.abc import Mapping
from typing import Any

import pytest
from foresight_ui.serving.policy import HEADERS
from foresight_ui.serving.shortened import SHORTENED
from wire import HOST, PATIENCE, Gone, House, Wire, mapping, visited

pytestmark = pytest.mark.costly

STRANGE = "strange.example:5006"


async def still_there(wire: Wire) -> None:
    """Assert that a session goes on."""
    await wire.tell(type="go", page="about")
    assert (await wire.told("page"))["path"] == "about"


# One session, one visitor --------------------------------------------------------------------------------------------


def test_a_ticket_opens_one_connection_also_at_the_same_moment():
    async def visit(house: House) -> tuple[list[object], int]:
        ticket = await house.ticket()
        both = await asyncio.gather(house.connect(ticket), house.connect(ticket), return_exceptions=True)
        wire = next(one for one in both if isinstance(one, Wire))
        await wire.pull()
        await still_there(wire)
        wire.socket.close()
        return [getattr(one, "code", None) for one in both], await house.refused(ticket)

    codes, later = visited(visit)
    assert sorted(codes, key=str) == [403, None]
    assert later == 403


def test_nobody_chooses_the_name_of_a_session():
    async def visit(house: House) -> list[int]:
        ticket = await house.ticket()
        answers = (
            await house.ask("/?bokeh-session-id=mine"),
            await house.ask(f"/?bokeh-token={ticket}"),
            await house.ask("/", **{"Bokeh-Session-Id": "mine"}),
        )
        return [answer.code for answer in answers]

    assert visited(visit) == [403, 403, 403]


def test_a_ticket_of_another_server_or_one_made_up_opens_nothing():
    async def visit(house: House) -> list[int]:
        other = House()
        foreign = [await other.ticket(), "e30", "e30.e30", "not.a.ticket", "x" * 2000]
        other.web._http.stop()
        return [await house.refused(ticket) for ticket in foreign]

    assert visited(visit) == [403] * 5


def test_two_pages_are_two_sessions():
    async def visit(house: House) -> tuple[str, str]:
        one, other = await house.come(), await house.come()
        await one.tell(type="language", language="zh")
        await one.told("page")
        await other.tell(type="go", page="about")
        return one.model, (await other.told("page"))["language"]

    model, language = visited(visit)
    assert model
    assert language == "en"


# Own names -----------------------------------------------------------------------------------------------------------

PATHS = ("/", "/ready", "/s/abcdefghjk", "/assets/app.css", "/assets/bokeh/bokeh.min.js", "/nothing")


@pytest.mark.parametrize("path", PATHS)
def test_nothing_is_answered_under_a_strange_name(path: str):
    async def visit(house: House) -> tuple[int, bytes]:
        answer = await house.ask(path, Host=STRANGE, **{"Accept-Language": "en"})
        return answer.code, answer.body

    code, body = visited(visit)
    assert code == 421
    assert body.decode().startswith("This server does not answer to the name in the address")


def test_no_connection_is_opened_under_a_strange_name_or_from_a_strange_page():
    async def visit(house: House) -> list[int]:
        own, ticket = f"{HOST}:{house.port}", await house.ticket()
        strange = (
            {"Host": STRANGE, "Origin": f"http://{STRANGE}"},
            {"Host": own, "Origin": f"http://{STRANGE}"},
            {"Host": own, "Origin": "null"},
            {"Host": own, "Origin": ""},
            {"Host": own, "Origin": f"http://{own}.strange.example"},
            {"Host": own, "Origin": f"http://{HOST}:1"},
            {"Host": own, "Origin": f"file://{own}"},
        )
        codes = [await house.refused(ticket, **headers) for headers in strange]
        wire = await house.connect(ticket, Host=own, Origin=f"http://{own}")  # none of them took the ticket
        await wire.pull()
        return codes

    assert visited(visit) == [421, 403, 403, 403, 403, 403, 403]


def test_a_name_that_was_given_is_answered_to():
    async def visit(house: House) -> list[int]:
        names = ("example.org", "EXAMPLE.org", "example.org:81")
        return [(await house.ask("/assets/app.css", Host=name)).code for name in names]

    assert visited(visit, origins=["example.org"]) == [200, 200, 421]


# Our own messages ----------------------------------------------------------------------------------------------------

#: Messages of Bokeh's protocol that no page of ours sends.
FOREIGN: Mapping[str, tuple[Any, Any]] = {
    "a document": ({"msgid": "3", "msgtype": "PUSH-DOC"}, {"doc": {}}),
    "a question": ({"msgid": "3", "msgtype": "SERVER-INFO-REQ"}, {}),
    "an answer": ({"msgid": "3", "msgtype": "OK"}, {}),
    "a second look": ({"msgid": "3", "msgtype": "PULL-DOC-REQ"}, {}),
    "a property": (
        {"msgid": "3", "msgtype": "PATCH-DOC"},
        {"events": [{"kind": "ModelChanged", "model": {"id": "MODEL"}, "attr": "name", "new": "mine"}]},
    ),
    "a model": (
        {"msgid": "3", "msgtype": "PATCH-DOC"},
        {"events": [{"kind": "RootAdded", "model": {"type": "object", "name": "Div", "id": "d"}}]},
    ),
    "a title": ({"msgid": "3", "msgtype": "PATCH-DOC"}, {"events": [{"kind": "TitleChanged", "title": "mine"}]}),
    "two events": ({"msgid": "3", "msgtype": "PATCH-DOC"}, {"events": [{}, {}]}),
    "buffers": ({"msgid": "3", "msgtype": "PATCH-DOC", "num_buffers": 1}, {"events": []}),
    "no shape": ([], []),
    "no content": ({"msgid": "3", "msgtype": "PATCH-DOC"}, None),
    "a long header": ({"msgid": "3" * 1000, "msgtype": "PATCH-DOC"}, {}),
}


@pytest.mark.parametrize("name", FOREIGN)
def test_a_foreign_message_ends_its_connection_and_no_other(name: str, caplog: pytest.LogCaptureFixture):
    async def visit(house: House) -> Gone:
        wire, other = await house.come(), await house.come()
        header, content = json.loads(json.dumps(FOREIGN[name]).replace("MODEL", wire.model))
        await wire.say(header, content)
        gone = await wire.end()
        await still_there(other)
        return gone

    with caplog.at_level(logging.DEBUG, "foresight.ui"):
        assert visited(visit) == Gone(1008, None)
    assert [record.getMessage() for record in caplog.records if record.name == "foresight.ui"] == [
        "a connection was ended: what came is no message of the page"
    ]


@pytest.mark.parametrize(
    "data", [{"type": "object", "name": "Div"}, {"type": "ndarray"}, {"type": "map", "entries": [1]}]
)
def test_data_of_a_message_makes_no_model(data: Mapping[str, Any]):
    async def visit(house: House) -> Gone:
        wire = await house.come()
        values = mapping({"model": {"id": wire.model}, "data": mapping({"type": "go", "page": data})})
        await wire.patch({"type": "event", "name": "data_event", "values": values})
        return await wire.end()

    assert visited(visit) == Gone(1008, None)


@pytest.mark.parametrize("piece", ["{", b"\x00", "", '{"msgtype"', "[" * 400])
def test_a_piece_that_is_no_json_ends_its_connection(piece: str | bytes):
    async def visit(house: House) -> int | None:
        wire = await house.come()
        for one in (piece, "{}", "{}"):
            if wire.socket.protocol is not None:
                await wire.socket.write_message(one, binary=isinstance(one, bytes))
        return (await wire.end()).code

    assert visited(visit) == 1008


@pytest.mark.parametrize(
    "message",
    [
        {"type": "unknown"},
        {"type": ["go"]},
        {"type": "go"},
        {"type": "go", "page": 3},
        {"type": "go", "page": "nowhere"},
        {"type": "go", "page": "x" * 200},
        {"type": "view", "name": "invented", "value": 1},
        {"type": "move", "what": "x", "values": [1]},
        {"type": "jump", "position": True},
        {"type": "checkpoint", "name": "\ud83d"},
        {"type": "compare", "names": [1]},
        {"type": "open", "link": 7},
    ],
    ids=str,
)
def test_a_message_of_a_wrong_shape_is_refused_in_words(message: dict[str, Any], caplog: pytest.LogCaptureFixture):
    async def visit(house: House) -> Mapping[str, Any]:
        wire = await house.come()
        await wire.tell(**message)
        told = await wire.told("message")
        await still_there(wire)
        return told

    told = visited(visit)
    assert (told["tone"], len(told["problems"])) == ("error", 1)
    assert [record for record in caplog.records if record.exc_info] == []


def test_what_a_session_answers_with_holds_no_trace_of_the_program():
    async def visit(house: House) -> str:
        wire = await house.come()
        await wire.tell(type="scenario", name="nowhere")
        return json.dumps(await wire.told("message"))

    told = visited(visit)
    assert "Traceback" not in told
    assert ".py" not in told


# Answers -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "method", "code"),
    [
        ("/", "GET", 200),
        ("/assets/app.js", "GET", 200),
        ("/assets/app.js", "HEAD", 200),
        ("/", "HEAD", 200),
        ("/nothing", "HEAD", 404),
        ("/assets/panel/panel.min.js", "GET", 200),
        ("/assets/bokeh/bokeh-gl.min.js", "GET", 404),
        ("/static/js/bokeh.min.js", "GET", 404),
        ("/ws", "GET", 403),
        ("/?bokeh-session-id=mine", "GET", 403),
        ("/nothing", "GET", 404),
        ("/metadata", "GET", 404),
        ("/autoload.js", "GET", 404),
        ("/assets/__init__.py", "GET", 404),
        ("/assets/index.html", "GET", 404),
        ("/assets/../app.py", "GET", 404),
        ("/assets/%2e%2e/app.py", "GET", 404),
        ("/assets/bokeh/%2e%2e/server.py", "GET", 404),
        ("/assets/bokeh/%00", "GET", 400),
        ("/assets/%0d%0ax", "GET", 400),
        ("/assets/panel/nothing", "GET", 404),
        *((path, "OPTIONS", 405) for path in ("/", "/ws", "/assets/app.js", "/nothing", "/autoload.js")),
        ("/", "POST", 405),
        ("/ready", "DELETE", 405),
    ],
)
def test_every_answer_has_the_rules_for_browsers(path: str, method: str, code: int):
    async def visit(house: House) -> tuple[int, Mapping[str, str]]:
        answer = await house.ask(path, method)
        return answer.code, answer.headers

    got, headers = visited(visit)
    assert got == code
    assert {name: headers.get(name) for name in HEADERS} == HEADERS
    assert "Server" not in headers


def test_a_fault_is_told_in_a_sentence_with_the_rules_and_without_a_trace(monkeypatch: pytest.MonkeyPatch):
    def fail(_self: object) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr("foresight_ui.serving.guards.Ready.get", fail)

    async def visit(house: House) -> tuple[int, str, Mapping[str, str]]:
        answer = await house.ask("/ready", **{"Accept-Language": "en"})
        return answer.code, answer.body.decode(), answer.headers

    code, body, headers = visited(visit)
    assert (code, body) == (500, "Something went wrong in the program; the log of the server says more.\n")
    assert {name: headers.get(name) for name in HEADERS} == HEADERS


# No more than there may be -------------------------------------------------------------------------------------------


def test_who_finds_no_place_is_told_so_and_comes_in_once_another_has_left(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("foresight_ui.app.raise_limit", lambda: 140)  # files: place for three visitors, one an address

    async def visit(house: House) -> tuple[int, str, int, str]:
        spare, first = await house.ticket(), await house.come()
        full, refused = await house.ask("/", **{"Accept-Language": "en"}), await house.refused(spare)
        await still_there(first)
        first.socket.close()
        while (await house.ask("/")).code == 503:
            await asyncio.sleep(0)
        return full.code, full.body.decode(), refused, (await house.come()).model

    code, body, refused, model = visited(visit)
    assert model
    assert (code, refused) == (503, 503)
    assert body == "There is no place at the moment: too many are here. Please try again in a minute.\n"


def test_half_requests_are_given_up_and_stand_in_nobodys_way(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("foresight_ui.serving.door._PATIENCE", 0.5)

    async def visit(house: House) -> tuple[bytes, int]:
        halves = [await house.write(b"GET / HTTP/1.1\r\nHost: ") for _ in range(20)]
        meanwhile = (await house.ask("/assets/app.css")).code
        ends = [await asyncio.wait_for(reader.read(), PATIENCE) for reader in halves]
        return b"".join(ends), meanwhile

    assert visited(visit) == (b"", 200)


def test_a_session_ends_with_its_connection():
    async def visit(house: House) -> int:
        wire = await house.come()
        (session,) = house.web.get_sessions("/")
        gone = asyncio.Event()
        session.document.on_session_destroyed(lambda _context: gone.set())
        wire.socket.close()
        await asyncio.wait_for(gone.wait(), PATIENCE)
        return len(house.web.get_sessions("/"))

    assert visited(visit, lifetime=20) == 0


def test_who_gives_no_sign_of_life_is_put_out(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("foresight_ui.serving.application._SIGN_OF_LIFE", 0.3)

    async def visit(house: House) -> int:
        lines = (
            "GET /ws HTTP/1.1",
            f"Host: {HOST}:{house.port}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
            f"Sec-WebSocket-Protocol: bokeh, {await house.ticket()}",
        )
        answer = await house.write("\r\n".join([*lines, "", ""]).encode())
        told = await asyncio.wait_for(answer.read(), PATIENCE)  # as nobody answers its signs
        return int(told.split()[1])

    assert visited(visit) == 101


def test_connections_beyond_the_most_are_told_so(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("foresight_ui.app.raise_limit", lambda: 144)  # files: place for seven connections of an address

    async def visit(house: House) -> bytes:
        for _ in range(7):
            await house.write()
        answer = await house.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        return await asyncio.wait_for(answer.read(), PATIENCE)

    told = visited(visit).decode()
    assert told.startswith("HTTP/1.1 503 ")
    assert "one address has at most 7 connections at once" in told


def test_a_request_with_a_body_is_refused_before_it_is_read():
    async def visit(house: House) -> bytes:
        answer = await house.write(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\n")
        return await asyncio.wait_for(answer.read(), PATIENCE)

    assert visited(visit).startswith(b"HTTP/1.1 400 ")


# Short links ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "code", "place"),
    [
        ("/s/{known}", 302, "/#members/FJI?1.a.b"),
        ("/s/abcdefghjk", 302, "/#explore?forgotten"),
        ("/s/", 404, None),
        ("/s/abcdefghjkm", 404, None),
        ("/s/ABCDEFGHJK", 404, None),
        ("/s/abcdefgh%0d", 400, None),
    ],
)
def test_a_short_link_leads_on(path: str, code: int, place: str | None):
    async def visit(house: House) -> tuple[int, str | None]:
        answer = await house.ask(path.format(known=known))
        return answer.code, answer.headers.get("Location")

    known = SHORTENED.keep("members/FJI?1.a.b")
    assert visited(visit) == (code, place)
