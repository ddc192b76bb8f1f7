"""Files are chosen with words of the page: by a click, by the keyboard, or by dropping one."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from foresight_ui.words import catalogue
from playwright.sync_api import Locator, expect

pytestmark = pytest.mark.costly

FILE = """id = "coast"
title = { en = "Coast", zh = "海岸" }
storyline = { en = "More.", zh = "更多。" }
[levers.pledge_effort]
transparency = [2, 2, 2]
"""


def button(screen: Any) -> Locator:
    return screen.main.locator(".upload")


def opened(screen: Any, path: str = "compare") -> Locator:
    screen.open(path)
    return button(screen)


@pytest.fixture
def coast(tmp_path: Path) -> Path:
    path = tmp_path / "coast.toml"
    path.write_text(FILE)
    return path


@pytest.mark.parametrize(
    ("locale", "language"),
    [("en-GB", "en"), ("zh-CN", "zh"), ("fr-FR", "fr"), ("ru-RU", "ru")],
    ids=["en", "zh", "fr", "ru"],
)
def test_the_button_speaks_the_language_of_the_page(visitor: Callable[..., Any], locale: str, language: str):
    said = catalogue(language)["compare.upload"]
    upload = opened(visitor(locale=locale))
    expect(upload).to_have_text(said)
    chooser = upload.locator("input")
    expect(chooser).to_have_css("opacity", "0")  # and with it what the browser says
    expect(chooser).to_have_attribute("title", said)


def test_the_keyboard_opens_it_and_the_name_stands_beside_it(screen: Any, coast: Path):
    upload = opened(screen)
    upload.locator("input").focus()
    expect(upload.locator("label")).to_have_css("outline-style", "solid")
    with screen.page.expect_file_chooser() as choosing:
        upload.locator("input").press("Enter")
    choosing.value.set_files(coast)
    expect(screen.message()).to_contain_text("Loaded “Coast”.")
    expect(upload.locator(".upload-name")).to_have_text("coast.toml")


def test_focus_stays_where_it_was_as_the_page_is_made_anew(screen: Any):
    """A scenario is chosen by the keyboard, which draws the page again: the next Tab goes on from there."""
    opened(screen)
    boxes = screen.main.locator(".chooser input[type=checkbox]")
    count = boxes.count()
    boxes.nth(1).evaluate("(box) => { window.before = box; box.focus(); }")
    screen.page.keyboard.press("Space")
    screen.page.wait_for_function("() => !window.before.isConnected")
    expect(boxes).to_have_count(count)
    expect(boxes.nth(1)).to_be_focused()


def test_a_file_that_is_dropped_on_it_is_loaded(screen: Any, coast: Path):
    upload = opened(screen)
    box = upload.locator("label").bounding_box()
    at = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    data = {"items": [], "files": [str(coast)], "dragOperationsMask": 1}
    browser = screen.page.context.new_cdp_session(screen.page)
    for what in ("dragEnter", "dragOver", "drop"):
        browser.send("Input.dispatchDragEvent", {"type": what, **at, "data": data})
    expect(screen.message()).to_contain_text("Loaded “Coast”.")
    expect(upload.locator(".upload-name")).to_have_text("coast.toml")
