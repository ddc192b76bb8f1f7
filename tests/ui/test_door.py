"""What the door hands out before and after all behind it is loaded: the page, its files, and how far the engine is."""

import asyncio
import gzip
import json
import logging
import re
import subprocess
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from foresight_ui.app import ASSETS, EVERY, opened
from foresight_ui.serving.files import Files
from tornado.httpclient import AsyncHTTPClient, HTTPRequest, HTTPResponse
from wire import HOST, PATIENCE, House, visited

#: What is not to be loaded before the door answers: each takes longer than all that is.
HEAVY = {"bokeh.models", "numba", "pandas", "panel", "pydantic", "xarray"}

#: Bytes that a first visit may take.
MOST = 1_000_000


async def raw(house: House, path: str, method: str = "GET", **headers: str) -> HTTPResponse:
    """Ask for a file, and return the answer as it came."""
    request = HTTPRequest(f"http://{HOST}:{house.port}{path}", method, headers, decompress_response=False)
    return await AsyncHTTPClient().fetch(request, raise_error=False)


def answered(path: str, method: str = "GET", **headers: str) -> HTTPResponse:
    async def visit(house: House) -> HTTPResponse:
        return await raw(house, path.replace("VERSION", Files(ASSETS).version), method, **headers)

    return visited(visit)


# Files ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("accepted", ["gzip", "gzip, deflate, br, zstd", "br;q=1.0, gzip;q=0.8, *;q=0.1", "x-GZIP"])
def test_scripts_go_compressed_to_who_takes_that(accepted: str):
    answer = answered("/assets/VERSION/app.js", **{"Accept-Encoding": accepted})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(answer.body) == (ASSETS / "app.js").read_bytes()
    assert int(answer.headers["Content-Length"]) == len(answer.body) < (ASSETS / "app.js").stat().st_size / 2


@pytest.mark.parametrize("accepted", ["", "identity", "br", "gzip;q=0", "gzip; q=0.0, br"])
def test_scripts_go_as_they_are_to_all_others(accepted: str):
    answer = answered("/assets/VERSION/app.js", **{"Accept-Encoding": accepted})
    assert "Content-Encoding" not in answer.headers
    assert answer.body == (ASSETS / "app.js").read_bytes()
    assert answer.headers["Vary"] == "Accept-Encoding"


def test_a_font_is_compressed_already():
    answer = answered("/assets/VERSION/hans.woff2", **{"Accept-Encoding": "gzip"})
    assert answer.body == (ASSETS / "hans.woff2").read_bytes()
    assert answer.headers["Content-Type"] == "font/woff2"


def test_what_stands_under_its_version_is_asked_for_once_and_all_else_each_time():
    lasting, other = answered("/assets/VERSION/app.css"), answered("/assets/app.css")
    assert lasting.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert other.headers["Cache-Control"] == "no-cache"
    assert lasting.body == other.body
    assert answered("/assets/0123456789abcdef/app.css").code == 404


def test_what_a_browser_has_is_not_sent_again():
    packed = answered("/assets/app.css", **{"Accept-Encoding": "gzip"})
    plain = answered("/assets/app.css")
    tags = [packed.headers["Etag"], plain.headers["Etag"]]
    assert tags[0] != tags[1]
    again = answered("/assets/app.css", **{"Accept-Encoding": "gzip", "If-None-Match": tags[0]})
    assert (again.code, again.body) == (304, b"")
    assert answered("/assets/app.css", **{"Accept-Encoding": "gzip", "If-None-Match": tags[1]}).code == 200


@pytest.mark.parametrize("path", ["/", "/assets/app.js", "/assets/panel/panel.min.js"])
def test_the_head_of_an_answer_is_that_of_the_whole(path: str):
    async def visit(house: House) -> list[HTTPResponse]:
        return [await raw(house, path, method, **{"Accept-Encoding": "gzip"}) for method in ("GET", "HEAD")]

    whole, head = visited(visit)
    assert (head.code, head.body) == (200, b"")
    same = whole.headers.keys() - {"Date", "Etag"}  # the page has another ticket each time
    assert {name: head.headers[name] for name in same} == {name: whole.headers[name] for name in same}


def test_the_page_names_every_module_that_it_needs_at_once():
    async def visit(house: House) -> str:
        return (await house.ask()).body.decode()

    files, page = Files(ASSETS), visited(visit)
    own = {path.relative_to(ASSETS).as_posix() for path in ASSETS.rglob("*.js") if path.parent.name != "room"}
    named = set(re.findall(rf'<link rel="modulepreload" href="assets/{files.version}/([^"]+)">', page))
    assert named == set(files.imported("app.js")) == own
    assert "gl.min.js" not in page


# Before all behind it is there ---------------------------------------------------------------------------------------


def test_little_is_loaded_before_the_door_answers():
    code = "import json, sys, foresight_ui.command; print(json.dumps(sorted(sys.modules)))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, timeout=PATIENCE).stdout
    assert set(json.loads(loaded)) & HEAVY == set()


def at_the_door(visit: Callable[[House, Callable[[], Any]], Awaitable[Any]], monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return what comes of a visit to a door with nothing behind it yet, and what puts something there."""

    async def whole() -> Any:
        place = opened(0)
        furnished: list[Any] = []

        def furnish(*_: object, **__: object) -> Any:
            from foresight_ui import house

            furnished.append(house.furnished(*place, EVERY))
            furnished[0].start()
            return furnished[0]

        class Shell:
            """A server that is nothing but its door."""

            port = place[0].names.port

            def stop(self) -> None:
                (furnished or [place[1]])[0].stop()

        monkeypatch.setattr("wire.server", lambda *_, **__: Shell())
        house = House()
        try:
            return await visit(house, furnish)
        finally:
            await house.leave()

    return asyncio.run(whole())


def test_page_and_files_come_before_there_is_anything_behind(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    async def visit(house: House, _furnish: object) -> list[Any]:
        codes = [(await house.ask(path)).code for path in ("/", "/assets/app.css", "/nothing")]
        ready = await house.ask("/ready")
        return [codes, ready.code, json.loads(ready.body)]

    with caplog.at_level(logging.DEBUG, "tornado"):
        found = at_the_door(visit, monkeypatch)
    assert found == [[200, 200, 404], 503, {"ready": False, "share": 0.0}]
    assert [one for one in caplog.records if one.name != "asyncio"] == []  # nobody's asking is logged


@pytest.mark.costly
def test_who_comes_for_a_session_waits_until_there_is_one(monkeypatch: pytest.MonkeyPatch):
    async def visit(house: House, furnish: Callable[[], Any]) -> tuple[bool, str]:
        coming = asyncio.ensure_future(house.come())
        while (await house.ask("/ready")).code != 503:
            pass
        early = coming.done()
        furnish()
        wire = await asyncio.wait_for(coming, PATIENCE)
        return early, wire.model

    early, model = at_the_door(visit, monkeypatch)
    assert not early
    assert model


# What it weighs ------------------------------------------------------------------------------------------------------


@pytest.mark.costly
def test_a_first_visit_is_light(visitor: Callable[..., Any]):
    screen = visitor()
    taken = {"files": 0, "session": 0}

    def add(name: str, size: int) -> None:
        taken[name] += size

    tools = screen.page.context.new_cdp_session(screen.page)
    tools.on("Network.loadingFinished", lambda event: add("files", int(event["encodedDataLength"])))
    tools.on("Network.webSocketFrameReceived", lambda event: add("session", len(event["response"]["payloadData"])))
    tools.send("Network.enable")
    screen.open()
    assert 0 < taken["session"] < 150_000
    assert 500_000 < sum(taken.values()) < MOST
