"""The last moves are replayed: each picture stands under the name of its future, and the newest comes back."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

pytestmark = pytest.mark.costly

#: Milliseconds that each picture is seen.
PACE = 1500


def button(screen: Any) -> Locator:
    return screen.page.get_by_role("button", name="Replay the last moves")


@pytest.fixture
def held(visitor: Callable[..., Any]) -> Any:
    """A visitor whose clock can be held."""
    screen = visitor()
    screen.page.clock.install()
    return screen.open()


def hold(screen: Any) -> None:
    screen.page.clock.pause_at(screen.page.evaluate("Date.now()") / 1000 + 60)


def test_the_pictures_of_the_last_moves_come_one_after_the_other_and_the_newest_stays(held: Any):
    screen = held
    expect(button(screen)).to_be_hidden()
    told = [screen.sentence(), screen.set("Transparency", 2.5), screen.set("Solidarity", 6)]
    name = screen.page.locator(".replay-name")
    hold(screen)
    button(screen).click()
    for at, sentence in enumerate(told, start=1):
        expect(name).to_contain_text(f"{at}/3 · Historical pace")
        expect(screen.headline).to_have_text(sentence)
        screen.page.clock.run_for(PACE)
    expect(name).to_be_hidden()
    expect(screen.headline).to_have_text(told[-1])


def test_a_move_ends_the_replay_and_another_base_begins_anew(held: Any):
    screen = held
    screen.set("Transparency", 2.5)
    hold(screen)
    button(screen).click()
    name = screen.page.locator(".replay-name")
    expect(name).to_be_visible()
    screen.field("Transparency").fill("6")
    screen.field("Transparency").press("Enter")
    expect(name).to_be_hidden()
    expect(screen.headline).to_contain_text("transparency ×6")
    screen.page.get_by_label("Scenario", exact=True).select_option("baiji-returns")
    expect(screen.headline).to_contain_text("Baiji returns")
    expect(button(screen)).to_be_hidden()
