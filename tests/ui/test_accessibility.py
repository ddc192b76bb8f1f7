"""Pages have no grave violation that axe-core finds, in a language of letters and one of signs, wide and on a phone."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect
from visits import PHONE, WIDE, grave

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
SIZES = {"wide": WIDE, "phone": PHONE}
SOLIDARITY = {"en": "Solidarity", "zh": "团结"}


def walk(screen: Any) -> dict[str, list[str]]:
    """Return what is wrong with each page of which anything is, visiting one after the other."""
    screen.open()
    found = {}
    for path in PAGES:
        settled = screen.settled()
        screen.page.goto(f"{screen.server.url}#{path}")
        if path != PAGES[0]:
            screen.wait_settled(settled)
        expect(screen.main.get_by_role("heading", level=1)).to_have_count(1)
        found[path] = [*grave(screen), *too_wide(screen)]
    return {path: bad for path, bad in found.items() if bad}


def too_wide(screen: Any) -> list[str]:
    """Return by how much a page is wider than the window, if it is."""
    over = screen.page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return [f"wider by {over}"] if over > 0 else []


def unfold(screen: Any, folds: str) -> None:
    """Open all folds of a kind."""
    closed = screen.page.locator(f"{folds}:not([open]) > summary")
    while closed.count():
        closed.first.click()


@pytest.fixture(params=[f"{language}-{size}" for language in LANGUAGES for size in SIZES])
def spoken(request: pytest.FixtureRequest, visitor: Callable[..., Any]) -> Any:
    """A visitor whose browser asks for a language, wide or on a phone."""
    language, size = request.param.split("-")
    return visitor(locale=LANGUAGES[language], viewport=SIZES[size], has_touch=size == "phone")


def test_every_page_can_be_used_by_everybody(spoken):
    assert not walk(spoken)


@pytest.mark.parametrize("spoken", ["en-wide", "zh-phone"], indirect=True)
def test_what_changed_can_be_read_by_everybody_after_a_change(spoken):
    spoken.open()
    if not spoken.page.locator(".drawer[open]").count():
        spoken.page.locator(".drawer > summary").click()
    expect(spoken.page.locator(".drawer[open]")).to_have_count(1)
    settled = spoken.settled()
    spoken.slider(SOLIDARITY[spoken.language()]).press("End")
    spoken.wait_settled(settled)
    unfold(spoken, ".lever-group")
    for form in spoken.page.locator(".adder").all():  # a coalition and an event
        settled = spoken.settled()
        if (shock := form.locator(".numbers input")).count():
            shock.last.fill("-10")
        form.get_by_role("button").first.click()
        spoken.wait_settled(settled)
    unfold(spoken, ".parts")
    spoken.page.locator(".lever .what").first.click()
    assert not [*grave(spoken), *too_wide(spoken)]
    menu = spoken.page.get_by_role("navigation")
    menu.locator("summary").click()
    assert not grave(spoken, "header")
    menu.locator(".drop-list a").first.click()
    expect(spoken.page.locator("figure").first).to_be_visible()
    assert not grave(spoken)


@pytest.mark.parametrize("spoken", ["en-wide", "zh-phone"], indirect=True)
def test_menus_and_dialogs_can_be_used_by_everybody(spoken):
    spoken.open()
    menu, dialog = spoken.page.get_by_role("banner").locator(".tools details").last, spoken.page.get_by_role("dialog")
    menu.locator("summary").click()
    assert not grave(spoken, "header")
    menu.get_by_role("button").nth(0).click()
    expect(dialog).to_be_visible()
    unfold(spoken, "dialog details")
    assert not grave(spoken, "dialog")
    spoken.page.keyboard.press("Escape")
    menu.locator("summary").click()
    menu.get_by_role("button").nth(1).click()
    expect(dialog.locator("#digest")).to_be_visible()
    assert not grave(spoken, "dialog")
    spoken.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    for opener in ("button.keep", "button.asking"):
        spoken.page.locator(opener).click()
        expect(dialog).to_be_visible()
        assert not grave(spoken, "dialog")
        spoken.page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)


def test_a_refusal_can_be_read_by_everybody(screen):
    screen.open("explore?1.nothing")
    expect(screen.message().get_by_role("alert")).to_be_visible()
    assert not grave(screen, ".messages")


def test_all_charts_can_be_used_by_everybody(screen):
    screen.open()
    screen.wall()
    assert not grave(screen)


def test_all_that_can_be_compared_can_be_used_by_everybody(screen):
    screen.open("compare")
    candidates = screen.main.locator(".chooser input[type=checkbox]")
    while (left := screen.main.locator(".chooser input[type=checkbox]:not(:checked)")).count():
        settled = screen.settled()
        left.first.click()
        screen.wait_settled(settled)
    expect(candidates).to_have_count(4)
    unfold(screen, "main details")
    assert not [*grave(screen), *too_wide(screen)]


@pytest.mark.slow
@pytest.mark.parametrize("locale", ["fr-FR", "ru-RU"])
def test_drafts_can_be_used_by_everybody(visitor, locale):
    assert not walk(visitor(locale=locale))
