"""Twelve questions of those who advise: each is answered within three presses of the first page."""

from typing import Any

import pytest
from playwright.sync_api import Locator, expect

pytestmark = pytest.mark.costly

#: Presses within which a question is answered.
FEW = 3

#: Milliseconds until something that takes a while is worked out on a busy machine.
PATIENCE = 90_000


class Hand:
    """A hand that counts what it presses; a name that is typed and taken, or an entry chosen, is one press."""

    def __init__(self, screen: Any) -> None:
        self.screen, self.presses = screen.open(), 0

    def press(self, what: Locator) -> None:
        self.presses += 1
        what.click()

    def page(self, name: str, title: str = "") -> None:
        """Open a page of the menu; one that the menu folds away is two presses."""
        self.screen.go(name, title)
        self.presses += 1 if self.screen.page.locator(".menu > a").filter(has_text=name).count() else 2

    def country(self, name: str) -> None:
        """Open the page of a country."""
        self.page("My country")
        self.presses += 1
        field = self.screen.page.get_by_role("combobox", name="Find your country")
        field.fill(name)
        field.press("Enter")
        self.screen.shows(name)

    def choose(self, label: str, option: str) -> None:
        self.presses += 1
        self.screen.page.get_by_role("combobox", name=label, exact=True).select_option(label=option)


@pytest.fixture
def hand(screen: Any) -> Hand:
    return Hand(screen)


def answered(hand: Hand) -> None:
    assert 0 < hand.presses <= FEW


def test_what_is_the_path_of_my_country(hand: Hand):
    hand.country("Fiji")
    expect(hand.screen.chart("Its path")).to_contain_text("by 2040")
    answered(hand)


def test_what_holds_it_up(hand: Hand):
    hand.country("Fiji")
    expect(hand.screen.page.locator(".own-helping")).to_contain_text("To keep its promises:")
    answered(hand)


def test_what_does_my_country_gain_from_a_lever(hand: Hand):
    hand.country("Fiji")
    hand.presses += 1
    hand.screen.slider("Transparency").press("End")
    expect(hand.screen.page.locator(".own-base")).to_contain_text("Historical pace 1.06: +")
    answered(hand)


def test_two_futures_for_my_country(hand: Hand):
    hand.page("Compare")
    hand.choose("For", "Fiji")
    expect(hand.screen.page.locator("figure").first).to_contain_text("Fiji in 2040, means: Historical pace 1.06")
    answered(hand)


def test_which_action_does_most_for_my_country(hand: Hand):
    hand.country("Fiji")
    expect(hand.screen.page.locator(".own-helping")).to_contain_text("about equally")
    answered(hand)


def test_why_another_future_is_better(hand: Hand):
    hand.page("Why")
    expect(hand.screen.main).to_contain_text("with “Baiji returns” instead of “Historical pace”. The largest parts are")
    answered(hand)


def test_what_would_it_take(hand: Hand):
    hand.page("Why")
    hand.choose("Is to reach", "step 1.5 of 4 by 2040")
    hand.press(hand.screen.main.get_by_role("button", name="Find ways"))
    expect(hand.screen.main).to_contain_text("Effort points", timeout=PATIENCE)
    answered(hand)


def test_what_a_step_is(hand: Hand):
    hand.page("Ladder", "The ladder: what a step is")
    expect(hand.screen.main.get_by_text("Bodies that work together", exact=True)).to_be_visible()
    answered(hand)


def test_how_far_to_trust_it(hand: Hand):
    hand.page("Why")
    expect(hand.screen.main).to_contain_text("Forecasts held for 14 of 19 agreements")
    answered(hand)


def test_send_what_is_seen(hand: Hand):
    hand.page("Compare")
    hand.press(hand.screen.page.locator("summary", has_text="Share"))
    hand.press(hand.screen.page.get_by_role("button", name="Link", exact=True))
    expect(hand.screen.page.get_by_role("dialog")).to_contain_text("The whole link")
    answered(hand)


def test_one_chart_for_a_slide(hand: Hand):
    chart = hand.screen.page.locator("figure").first
    hand.press(chart.get_by_role("button", name="Save or show as a table"))
    hand.presses += 1
    name, _ = hand.screen.saved(chart.get_by_role("button", name="Picture (PNG)").click)
    assert name.startswith("historical-pace-")
    answered(hand)


def test_a_page_of_paper(hand: Hand):
    hand.presses += 1
    assert hand.screen.page.pdf(format="A4").startswith(b"%PDF")  # as the browser's own key for printing makes it
    answered(hand)
