"""What visitors ask on the page Why, and how soon they are answered."""

import re

import pytest
from foresight_ui.visit.questions import WAYS
from playwright.sync_api import expect
from visits import grave

pytestmark = pytest.mark.costly

#: Milliseconds until a question is answered on a busy machine.
PATIENCE = 90_000


def test_why_is_answered_within_three_clicks_of_the_first_page(screen):
    screen.open()
    screen.go("Why")
    expect(screen.main).to_contain_text("with “Baiji returns” instead of “Historical pace”. The largest parts are")
    expect(screen.main).to_contain_text("Forecasts held for 14 of 19 agreements")
    screen.main.get_by_label("Is to reach").select_option("3")
    screen.main.get_by_role("button", name="Find ways").click()
    expect(screen.main).to_contain_text("No way was found. The best that was tried", timeout=PATIENCE)
    screen.main.get_by_role("button", name="Find out").click()
    expect(screen.main).to_contain_text("Chance alone gives", timeout=PATIENCE)
    expect(screen.main).to_contain_text("moves it most", timeout=PATIENCE)
    assert not grave(screen)


def test_a_search_goes_on_when_the_page_is_loaded_anew(screen):
    screen.open("why")
    screen.main.get_by_label("Who").select_option("SIDS")  # nobody has asked of them
    screen.wait_kept(lambda state: state.laboratory.chosen.get("whose") == "SIDS")
    screen.main.get_by_role("button", name="Find ways").click()
    screen.wait_kept(lambda state: WAYS in state.questions.awaited)
    screen.page.reload()
    expect(screen.main.get_by_label("Who")).to_have_value("SIDS")
    expect(screen.main).to_contain_text(re.compile("Effort points: \\d|No way was found"), timeout=PATIENCE)


def test_a_search_is_cancelled_and_a_way_goes_into_the_levers(screen):
    screen.open("why")
    search = screen.main.get_by_role("button", name="Find ways")
    search.click()
    cancel = screen.main.get_by_role("button", name="Cancel")  # the split may be under way too
    cancel.and_(screen.page.locator("[data-focus=ways]")).click()
    expect(search).to_be_visible()
    screen.main.get_by_label("Is to reach").select_option("1.5")
    search.click()
    screen.main.get_by_role("button", name="Load way 1 into the levers").click(timeout=PATIENCE)
    expect(screen.message()).to_contain_text("Way 1 is in the levers.")
    expect(screen.field("Accountability")).not_to_have_value("1")
    screen.page.get_by_role("button", name="Undo").click()
    expect(screen.field("Accountability")).to_have_value("1")
