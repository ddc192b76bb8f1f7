"""What a browser keeps: each tab its own session, past the end of the tab, until it is forgotten."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

STORED = "Object.keys(localStorage).filter((name) => name.startsWith('foresight.session.')).length"


@pytest.fixture
def tabs(visitor: Callable[..., Any]) -> Callable[[], Any]:
    """Open tabs of one browser of somebody's own."""
    screens: list[Any] = []

    def tab() -> Any:
        if not screens:
            screens.append(visitor())
        else:
            screens.append(type(screens[0])(screens[0].page.context.new_page(), screens[0].server))
        return screens[-1].open()

    return tab


def test_a_session_is_there_after_its_tab_was_closed(tabs):
    first = tabs()
    sentence = first.set("Solidarity", 3)
    first.page.close()
    second = tabs()
    expect(second.field("Solidarity")).to_have_value("1")
    expect(second.message()).to_contain_text("Your last session is kept")
    second.message().get_by_role("button", name="Go on with this").click()
    expect(second.field("Solidarity")).to_have_value("3")
    expect(second.headline).to_have_text(sentence)
    second.page.get_by_role("button", name="Undo", exact=True).click()
    expect(second.field("Solidarity")).to_have_value("1")


def test_tabs_are_independent_of_each_other(tabs):
    first = tabs()
    first.set("Solidarity", 3)
    second = tabs()
    second.message().get_by_role("button", name="Go on with this").click()
    expect(second.field("Solidarity")).to_have_value("3")
    second.wait_drawn()
    second.set("Networking", 2)
    first.set("Networking", 5)
    for screen, value in ((first, "5"), (second, "2")):
        screen.page.reload()
        expect(screen.field("Networking")).to_have_value(value)
    first.page.wait_for_function(f"{STORED} === 2")


def test_sessions_are_listed_and_forgotten(tabs):
    tabs().set("Solidarity", 3)
    second = tabs()
    second.go("What changed")
    kept = second.page.locator(".sessions li")
    expect(kept).to_have_count(1)
    expect(kept).to_contain_text("Historical pace + solidarity ×3 · changes: 1 · checkpoints: 0")
    kept.get_by_role("button", name="Forget").click()
    expect(second.page.locator(".sessions")).to_have_text("None yet.")
    second.page.wait_for_function(f"{STORED} === 0")


def test_no_more_sessions_are_kept_than_eight(tabs):
    first = tabs()
    first.page.evaluate(
        """() => { for (let k = 0; k < 12; k += 1) localStorage.setItem(
          `foresight.session.${k}`, JSON.stringify({ memory: "x", link: "", at: k, title: "", log: 2, kept: 0 })); }"""
    )
    first.set("Solidarity", 3)
    first.page.wait_for_function(f"{STORED} === 8")
    assert first.page.evaluate("() => localStorage.getItem('foresight.session.11') !== null")
    assert first.page.evaluate("() => localStorage.getItem('foresight.session.4') === null")


def test_folds_of_the_panel_stay_on_a_reload_and_on_the_way_from_page_to_page(screen: Any):
    screen.open()
    screen.page.locator("[data-group=rules] > summary").click()
    screen.page.locator("[data-group=efforts] > summary").click()
    screen.go("About")
    screen.go("Explore")
    rules, efforts = (screen.page.locator(f"[data-group={name}]") for name in ("rules", "efforts"))
    for _ in range(2):
        expect(rules).to_have_attribute("open", "")
        expect(efforts).not_to_have_attribute("open", "")
        screen.page.reload()


def test_undo_says_what_it_undid_and_a_scenario_how_to_come_back(screen: Any):
    screen.open()
    screen.set("Transparency", 2.5)
    screen.page.get_by_label("Scenario", exact=True).select_option("Baiji returns")
    expect(screen.message()).to_contain_text("Opened “Baiji returns”. Undo brings back what was open.")
    undo = screen.page.get_by_role("button", name="Undo", exact=True)
    undo.click()
    expect(screen.message()).to_contain_text("Undone: Opened: Baiji returns")
    undo.click()
    expect(screen.message()).to_contain_text("Undone: Effort: Transparency: ×1 → ×2.5")
    screen.page.get_by_role("button", name="Redo", exact=True).click()
    expect(screen.message()).to_contain_text("Done again: Effort: Transparency: ×1 → ×2.5")


def test_the_storyline_stays_open_when_the_page_is_loaded_anew(screen: Any):
    screen.open()
    story = screen.page.locator("details.story")
    for is_open in (True, False):
        settled = screen.settled()
        story.locator("summary").click()
        screen.slider("Solidarity").press("ArrowRight")
        screen.wait_settled(settled)
        screen.page.reload()
        expect(screen.headline).to_contain_text("2040")
        expect(story).to_have_js_property("open", is_open)
