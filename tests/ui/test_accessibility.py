"""Pages have no violation of impact serious or critical that axe-core finds, in a language of letters and one of signs."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

GRAVE = ("serious", "critical")
PHONE = {"width": 390, "height": 844}
PAGES = ("explore", "changes", "compare", "members", "members/FJI", "bodies", "bodies/ASEAN", "assumptions", "about")
LANGUAGES = {"en": "en-GB", "zh": "zh-CN"}


def grave(screen: Any) -> list[str]:
    """Return each grave violation as its rule and the places where it is broken."""
    found = Axe().run(screen.page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"{one['id']}: "
        + "; ".join(f"{node['html'][:120]} ({node['failureSummary'][:200]})" for node in one["nodes"][:3])
        for one in found
        if one["impact"] in GRAVE
    ]


@pytest.fixture(params=LANGUAGES)
def spoken(request: pytest.FixtureRequest, visitor: Callable[..., Any]) -> Any:
    """A visitor whose browser asks for a language."""
    return visitor(locale=LANGUAGES[request.param])


@pytest.mark.parametrize("path", PAGES)
def test_a_page_can_be_used_by_everybody(spoken, path):
    spoken.open(path)
    expect(spoken.main.get_by_role("heading", level=1)).to_have_count(1)
    assert not grave(spoken)


def test_pages_can_be_used_by_everybody_after_a_change(spoken):
    spoken.open()
    spoken.slider({"en": "Solidarity", "zh": "团结"}[spoken.language()]).press("End")
    expect(spoken.points).not_to_contain_text("0.0")
    closed = spoken.page.locator(".lever-group:not([open]) > summary")
    while closed.count():
        closed.first.click()
    spoken.page.locator(".parts > summary").first.click()
    spoken.page.locator(".what").first.click()
    assert not grave(spoken)
    spoken.page.get_by_role("navigation").get_by_role("link").nth(1).click()
    expect(spoken.page.locator("figure").first).to_be_visible()
    assert not grave(spoken)


def test_dialogs_and_menus_can_be_used_by_everybody(spoken):
    spoken.open()
    menu = spoken.page.get_by_role("banner").locator("details")
    menu.locator("summary").click()
    assert not grave(spoken)
    menu.get_by_role("button").nth(0).click()
    for opened in range(3):
        if opened == 1:
            menu.locator("summary").click()
            menu.get_by_role("button").nth(1).click()
        elif opened == 2:
            spoken.page.locator("button.keep").click()
        expect(spoken.page.get_by_role("dialog")).to_be_visible()
        assert not grave(spoken)
        spoken.page.keyboard.press("Escape")
        expect(spoken.page.get_by_role("dialog")).to_have_count(0)


def test_a_refusal_can_be_used_by_everybody(screen):
    screen.open("explore?1.nothing")
    expect(screen.message().get_by_role("alert")).to_be_visible()
    assert not grave(screen)


def test_explore_can_be_used_by_everybody_on_a_phone(visitor):
    screen = visitor(viewport=PHONE, has_touch=True)
    screen.open()
    assert not grave(screen)
    width = screen.page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"]


@pytest.mark.slow
@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("locale", ["fr-FR", "ru-RU"])
def test_a_draft_can_be_used_by_everybody(visitor, locale, path):
    screen = visitor(locale=locale)
    screen.open(path)
    assert not grave(screen)


@pytest.mark.slow
@pytest.mark.parametrize("path", PAGES)
def test_a_page_fits_a_phone(visitor, path):
    screen = visitor(viewport=PHONE, has_touch=True)
    screen.open(path)
    assert not grave(screen)
    assert screen.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_the_room_can_be_used_by_everybody(screen):
    screen.open()
    screen.page.get_by_role("button", name="Room").click()
    expect(screen.page.locator("figure:visible")).to_have_count(1)
    assert not grave(screen)
