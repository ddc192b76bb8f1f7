"""Pages have no grave violation that axe-core finds, in a language of letters and one of signs, wide and on a phone."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect
from visits import PHONE, grave

pytestmark = pytest.mark.costly

PAGES = (
    "explore",
    "changes",
    "compare",
    "why",
    "experiments",
    "members",
    "members/FJI",
    "ladder",
    "bodies",
    "bodies/ASEAN",
    "assumptions",
    "about",
)
LANGUAGES = {"en": "en-GB", "zh": "zh-CN"}
SOLIDARITY = {"en": "Solidarity", "zh": "团结"}


def walk(screen: Any, pages: tuple[str, ...] = PAGES) -> dict[str, list[str]]:
    """Return the grave violations of each page that has any, visiting one after the other."""
    screen.open()
    found = {}
    for path in pages:
        settled = screen.settled()
        screen.page.goto(f"{screen.server.url}#{path}")
        if path != pages[0]:
            screen.wait_settled(settled)
        expect(screen.main.get_by_role("heading", level=1)).to_have_count(1)
        found[path] = grave(screen)
    return {path: bad for path, bad in found.items() if bad}


@pytest.fixture(params=LANGUAGES)
def spoken(request: pytest.FixtureRequest, visitor: Callable[..., Any]) -> Any:
    """A visitor whose browser asks for a language."""
    return visitor(locale=LANGUAGES[request.param])


def test_every_page_can_be_used_by_everybody(spoken):
    assert not walk(spoken)


def test_what_changed_can_be_read_by_everybody_after_a_change(spoken):
    spoken.open()
    settled = spoken.settled()
    spoken.slider(SOLIDARITY[spoken.language()]).press("End")
    spoken.wait_settled(settled)
    closed = spoken.page.locator(".lever-group:not([open]) > summary")
    while closed.count():
        closed.first.click()
    for fold in spoken.page.locator(".parts > summary").all():
        fold.click()
    spoken.page.locator(".what").first.click()
    assert not grave(spoken)
    menu = spoken.page.get_by_role("navigation")
    menu.locator("summary").click()
    assert not grave(spoken, "header")
    menu.locator(".drop-list a").first.click()
    expect(spoken.page.locator("figure").first).to_be_visible()
    assert not grave(spoken)


def test_menus_and_dialogs_can_be_used_by_everybody(spoken):
    spoken.open()
    menu, dialog = spoken.page.get_by_role("banner").locator(".tools details").last, spoken.page.get_by_role("dialog")
    menu.locator("summary").click()
    assert not grave(spoken, "header")
    menu.get_by_role("button").nth(0).click()
    assert not grave(spoken, "dialog")
    spoken.page.keyboard.press("Escape")
    menu.locator("summary").click()
    menu.get_by_role("button").nth(1).click()
    expect(dialog.locator("#digest")).to_be_visible()
    assert not grave(spoken, "dialog")
    spoken.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    spoken.page.locator("button.keep").click()
    expect(dialog).to_be_visible()
    assert not grave(spoken, "dialog")


def test_a_refusal_can_be_read_by_everybody(screen):
    screen.open("explore?1.nothing")
    expect(screen.message().get_by_role("alert")).to_be_visible()
    assert not grave(screen, ".messages")


def test_all_charts_can_be_used_by_everybody(screen):
    screen.open()
    screen.wall()
    assert not grave(screen)


def test_explore_can_be_used_by_everybody_on_a_phone(visitor):
    screen = visitor(viewport=PHONE, has_touch=True)
    assert not walk(screen, PAGES[:1])
    assert screen.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


@pytest.mark.slow
@pytest.mark.parametrize("locale", ["fr-FR", "ru-RU"])
def test_drafts_can_be_used_by_everybody(visitor, locale):
    assert not walk(visitor(locale=locale))


@pytest.mark.slow
@pytest.mark.parametrize("path", PAGES)
def test_a_page_fits_a_phone(visitor, path):
    screen = visitor(viewport=PHONE, has_touch=True)
    screen.open(path)
    assert not grave(screen)
    assert screen.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
