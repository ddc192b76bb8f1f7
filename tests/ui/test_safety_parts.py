"""The parts that keep strangers out: names, tickets, how many may be here, short logs, shapes of messages."""

import logging
from collections.abc import Iterator

import pytest
from foresight_ui.messages import FIELDS, checked
from foresight_ui.serving import crowd
from foresight_ui.serving.crowd import Crowd, Room, room_of
from foresight_ui.serving.incoming import Drawn, ForeignError, Incoming, Message, Said
from foresight_ui.serving.names import Names, machine
from foresight_ui.serving.sparing import LONGEST, MOST_LINES, Sparing
from foresight_ui.serving.tickets import LIFETIME, Tickets
from foresight_ui.session import Session

from foresight.bounds import CONNECTIONS, VISITORS
from foresight.errors import InputError

# Names ---------------------------------------------------------------------------------------------------------------


def test_a_server_of_this_machine_has_the_names_of_this_machine_for_itself():
    names = Names(5006, "127.0.0.1")
    assert names.all == ("localhost:5006", "127.0.0.1:5006", "[::1]:5006")
    assert names.has("LOCALHOST:5006", "127.0.0.1")
    assert not any(
        names.has(host, "127.0.0.1") for host in ("localhost", "localhost:80", "localhost.:5006", "", "[::2]")
    )


def test_a_server_at_the_usual_port_is_called_without_it():
    assert Names(80, "127.0.0.1").has("localhost", "127.0.0.1")


def test_the_address_that_a_visitor_came_to_is_a_name():
    names = Names(5006, "0.0.0.0")
    assert names.has("198.51.100.7:5006", "198.51.100.7")
    assert names.has("198.51.100.7:5006", "::ffff:198.51.100.7")
    assert names.has("[fe80::1]:5006", "fe80::1%eth0")
    assert not names.has("198.51.100.8:5006", "198.51.100.7")


def test_a_server_for_all_has_the_names_of_the_machine(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("socket.gethostname", lambda: "Desk")
    monkeypatch.setattr("foresight_ui.serving.names._ways_out", lambda: iter(["198.51.100.7", "2001:db8::7"]))
    monkeypatch.setattr("foresight_ui.serving.names._cards", lambda: iter(["198.51.100.7", "192.168.77.1"]))
    monkeypatch.setattr("socket.getaddrinfo", lambda *_args, **_kinds: [(2, 1, 6, "", ("198.51.100.7", 0))])
    assert machine() == ["198.51.100.7", "[2001:db8::7]", "192.168.77.1", "desk", "desk.local"]
    assert "desk.local:5006" in Names(5006, "::").all


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("127.0.0.1", ""),
        ("127.0.1.1", ""),
        ("localhost", ""),
        ("::1", ""),
        ("192.0.2.9", "http://192.0.2.9:5006"),
        ("0.0.0.0", "http://198.51.100.7:5006"),
        ("::", "http://198.51.100.7:5006"),
    ],
)
def test_a_server_knows_the_address_that_others_can_use(address: str, place: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("foresight_ui.serving.names.machine", lambda: ["127.0.1.1", "198.51.100.7", "desk"])
    assert Names(5006, address).place == place


@pytest.mark.parametrize(
    "origin", ["http://a.example", "a.example/", "a b", "", "a.example:x", "a.example:65536", "*", "[::1", "http://…"]
)
def test_an_origin_that_is_no_name_is_refused(origin: str):
    with pytest.raises(InputError) as caught:
        Names(5006, "127.0.0.1", [origin])
    assert [problem.kind for problem in caught.value.problems] == ["not_a_host"]
    assert caught.value.problems[0].nearest == ("a.example" if origin.startswith("http://a") else "")


# Tickets -------------------------------------------------------------------------------------------------------------


def test_a_ticket_is_taken_once_and_soon():
    clock = iter([1000.0, 1001.0, 1e12])
    tickets = Tickets(lambda: next(clock))
    one, late = tickets.issue("en"), tickets.issue("en")
    assert tickets.redeem(one) is not None
    assert tickets.redeem(one) is None
    assert tickets.redeem(late) is None
    assert LIFETIME == 300


def test_a_changed_ticket_is_none():
    tickets = Tickets()
    ticket = tickets.issue("en")
    at = len(ticket) // 3
    assert tickets.redeem(f"{ticket[:at]}{'a' if ticket[at] != 'a' else 'b'}{ticket[at + 1 :]}") is None


# How many ------------------------------------------------------------------------------------------------------------


def test_a_room_of_a_hundred_behind_one_address_fits_in_and_others_have_place():
    visitors = Crowd(VISITORS, VISITORS.most)
    for _ in range(100):
        assert visitors.refusal("203.0.113.1") is None
        visitors.enter("203.0.113.1")
    while visitors.refusal("203.0.113.1") is None:
        visitors.enter("203.0.113.1")
    problem = visitors.refusal("203.0.113.1")
    assert problem is not None
    assert problem.kind == "too_many_visitors_of_one"
    assert visitors.refusal("203.0.113.2") is None
    visitors.leave("203.0.113.1")
    assert visitors.refusal("203.0.113.1") is None


def test_no_more_are_let_in_than_files_may_be_open():
    assert room_of(None) == room_of(100_000) == Room(CONNECTIONS.most, VISITORS.most)
    for files in (140, 256, 1024, 1500):
        assert 0 < sum(room_of(files)) <= files - crowd._KEPT


# Logs ----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[logging.Logger]:
    clock = iter([*[0.0] * (2 * MOST_LINES + 50), 61.0, *[62.0] * 10])
    one = logging.Logger("test")
    one.addFilter(Sparing(lambda: next(clock)))
    one.addHandler(caplog.handler)
    yield one
    one.removeHandler(caplog.handler)


def test_a_log_takes_short_lines_and_few_of_them(log: logging.Logger, caplog: pytest.LogCaptureFixture):
    for _ in range(MOST_LINES + 20):
        log.warning("sent: %s", "\x1b[2J\n\x00" + "x" * 10_000)
    lines = [record.getMessage() for record in caplog.records]
    assert len(lines) == MOST_LINES
    assert {len(line) for line in lines} == {LONGEST}
    assert all(line.isprintable() for line in lines)


# Messages ------------------------------------------------------------------------------------------------------------


def test_every_message_that_is_answered_has_a_shape():
    assert set(Session._answers) == set(FIELDS)


def test_what_a_message_does_not_hold_is_left_out():
    assert checked({"type": "go", "page": "about", "more": 1}) == {"type": "go", "page": "about"}
    assert checked({"type": "jump", "position": 3}) == {"type": "jump", "position": 3}


@pytest.mark.parametrize(
    ("message", "field", "kind"),
    [
        (["go"], "message", "not_a_table"),
        ({"type": "nothing"}, "type", "unknown_name"),
        ({"type": "go"}, "page", "missing"),
        ({"type": "jump", "position": 1.5}, "position", "not_whole"),
        ({"type": "jump", "position": True}, "position", "not_whole"),
        ({"type": "view", "name": "invented", "value": 1}, "name", "unknown_name"),
        ({"type": "view", "name": "map", "value": "x" * 200}, "value", "name_too_long"),
        ({"type": "move", "what": "x", "values": {str(k): k for k in range(300)}}, "values", "too_many_changes"),
        ({"type": "move", "what": "x", "values": {"a": ["\udc00"]}}, "values", "unreadable_text"),
        ({"type": "move", "what": "x", "values": {}, "final": 1}, "final", "not_a_flag"),
        ({"type": "compare", "names": ["x" * 200]}, "names", "name_too_long"),
        ({"type": "open", "link": "x" * 300_000}, "link", "link_too_long"),
    ],
)
def test_a_message_of_another_shape_is_refused_by_field(message: object, field: str, kind: str):
    with pytest.raises(InputError) as caught:
        checked(message)
    assert [(problem.field, problem.kind) for problem in caught.value.problems] == [(field, kind)]
    assert len(caught.value.message("en")) < 500


def said(*pieces: str) -> Message | None:
    incoming = Incoming()
    return [incoming.take(piece) for piece in pieces][-1]


HEADER = '{"msgid": "1", "msgtype": "PATCH-DOC"}'
EVENT = '{"events": [{"kind": "MessageSent", "msg_type": "bokeh_event", "msg_data": {"type": "event", %s}}]}'


def test_what_a_page_says_is_read():
    drawn = '"name": "document_ready", "values": {"type": "map"}'
    assert said(HEADER, "{}", EVENT % drawn) == Drawn()
    data = '{"type": "map", "entries": [["n", {"type": "number", "value": "+inf"}], ["list", [1, null, true, "a"]]]}'
    values = f'{{"type": "map", "entries": [["model", {{"id": "p1"}}], ["data", {data}]]}}'
    told = said(HEADER, "{}", EVENT % f'"name": "data_event", "values": {values}')
    assert told == Said("p1", {"n": float("inf"), "list": [1, None, True, "a"]})


def test_tables_may_not_be_too_deep():
    values = "[" * 20 + "]" * 20
    whole = EVENT % f'"name": "data_event", "values": {{"type": "map", "entries": [["data", {values}]]}}'
    with pytest.raises(ForeignError):
        said(HEADER, "{}", whole)
