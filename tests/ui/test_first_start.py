"""A server answers while the engine is being compiled: who comes sees something and is told how far it is."""

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from playwright.sync_api import expect

#: Serves with an engine that takes as long to be compiled as no line comes.
HELD = """
import sys
from foresight.engine.readiness import Readiness
from foresight_ui.runs.live import LIVE

class Held(Readiness):
    def prepare(self, first_call):
        super().prepare(lambda: (sys.stdin.readline(), first_call()))

LIVE.readiness = Held(lambda: False)
"""

pytestmark = pytest.mark.costly


@pytest.fixture
def held(early: Callable[..., Any]) -> Any:
    """Return what somebody sees who comes while the engine is held back."""
    return early(before=HELD).open()


def compile_now(server: Any) -> None:
    assert server.process
    assert server.process.stdin
    server.process.stdin.write(b"\n")
    server.process.stdin.flush()


def readiness(server: Any) -> tuple[int, dict[str, Any]]:
    try:
        with urlopen(f"{server.url}ready", timeout=60) as answer:
            return answer.status, json.load(answer)
    except HTTPError as answer:
        return answer.code, json.load(answer)


def test_a_scenario_is_shown_and_how_far_the_engine_is(held: Any):
    assert readiness(held.server) == (503, {"ready": False, "share": 0.0})
    assert "2040" in held.sentence()
    bar = held.page.get_by_role("progressbar")
    expect(bar).to_have_attribute("aria-label", re.compile("is being compiled"))
    compile_now(held.server)
    expect(bar).to_have_count(0)


def test_what_is_changed_meanwhile_is_kept_and_shown_as_soon_as_it_can_be(held: Any):
    before = held.sentence()
    held.field("Solidarity").fill("2")
    held.field("Solidarity").press("Enter")
    expect(held.page.get_by_role("progressbar")).to_be_visible()
    held.turn("About")
    held.turn("Explore")
    expect(held.field("Solidarity")).to_have_value("2")
    expect(held.headline).to_be_empty()
    compile_now(held.server)
    expect(held.headline).to_contain_text("2040")
    assert held.sentence() != before
    assert readiness(held.server) == (200, {"ready": True, "share": 1.0})


def test_pages_that_need_the_engine_come_with_it(held: Any):
    held.menu_link("Bodies").click()
    expect(held.page.get_by_role("progressbar")).to_be_visible()
    compile_now(held.server)
    held.shows("Bodies")


def test_the_ladder_fills_itself_once_the_engine_is_ready(held: Any):
    held.turn("Ladder", "The ladder: what a step is")
    shares = held.main.locator(".stairs .shares")
    expect(held.main.locator(".stairs strong")).to_have_count(20)
    expect(held.main.locator("caption")).to_contain_text("shows here by itself")
    expect(held.page.get_by_role("progressbar")).to_be_visible()
    expect(shares).to_have_count(0)
    compile_now(held.server)
    expect(shares).to_have_count(20)
    expect(held.main.locator("caption")).to_contain_text("mean of 200 futures")


def test_the_page_of_a_country_says_what_it_waits_for_and_fills_itself(held: Any):
    held.page.goto(f"{held.server.url}#members/FJI")
    held.shows("Fiji")
    waits = held.main.get_by_text("The numbers come by themselves.")
    expect(waits).to_be_visible()
    expect(held.page.get_by_role("progressbar")).to_be_visible()
    compile_now(held.server)
    expect(held.main.locator(".own-number")).to_have_text("1.06")
    expect(waits).to_be_hidden()
    expect(held.main.locator(".own-help")).not_to_be_empty()


@pytest.mark.slow  # half a minute of compiling
def test_a_server_with_an_empty_cache_answers_before_it_has_compiled(early: Callable[..., Any], tmp_path: Path):
    screen = early(environment={**os.environ, "FORESIGHT_CACHE": str(tmp_path / "cache")}).open()
    assert "2040" in screen.sentence()
    assert readiness(screen.server)[0] == 503
    expect(screen.page.get_by_role("progressbar")).to_have_count(0, timeout=300_000)
    assert readiness(screen.server) == (200, {"ready": True, "share": 1.0})
