"""The last moves are replayed: each picture stands under the name of its future, and the newest comes back."""

from typing import Any

import pytest
from playwright.sync_api import Locator, expect

pytestmark = pytest.mark.costly


def button(screen: Any) -> Locator:
    return screen.page.get_by_role("button", name="Replay the last moves")


def test_the_pictures_of_the_last_moves_come_one_after_the_other_and_the_newest_stays(screen: Any):
    screen.open()
    expect(button(screen)).to_be_hidden()
    told = [screen.sentence(), screen.set("Transparency", 2.5), screen.set("Solidarity", 6)]
    name = screen.page.locator(".replay-name")
    button(screen).click()
    for at, sentence in enumerate(told, start=1):
        expect(name).to_contain_text(f"{at}/3 · Historical pace")
        expect(screen.headline).to_have_text(sentence)
    expect(name).to_be_hidden()
    assert screen.sentence() == told[-1]


def test_a_move_ends_the_replay_and_another_base_begins_anew(screen: Any):
    screen.open()
    screen.set("Transparency", 2.5)
    button(screen).click()
    name = screen.page.locator(".replay-name")
    expect(name).to_be_visible()
    moved = screen.set("Transparency", 6)
    expect(name).to_be_hidden()
    assert "transparency ×6" in moved
    settled = screen.settled()
    screen.page.get_by_label("Scenario", exact=True).select_option("baiji-returns")
    screen.wait_settled(settled)
    expect(button(screen)).to_be_hidden()
