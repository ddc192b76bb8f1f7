"""Coalitions and events: forms that fit, groups that decide phase by phase, and drafts that survive a refusal."""

from collections.abc import Callable
from typing import Any

import pytest
from foresight_ui.visit.link import decode
from playwright.sync_api import Locator, expect

NARROW, PHONE = {"width": 1024, "height": 768}, {"width": 390, "height": 844}

#: Parts of a form that stand out of the frame they are in.
OUTSIDE = """() => {
  const right = document.querySelector('.side').getBoundingClientRect().right;
  return [...document.querySelectorAll('.adder, .adder *, .entries *')]
    .filter((one) => one.getBoundingClientRect().width > 0 && one.getBoundingClientRect().right > right + 0.5)
    .map((one) => one.outerHTML.slice(0, 80));
}"""


def form(screen: Any, group: str) -> Locator:
    """Open a group of controls, and return its form."""
    part = screen.page.locator(f"[data-group={group}]")
    if part.get_attribute("open") is None:
        part.locator("summary").first.click()
    expect(part).to_have_attribute("open", "")
    return part.locator("fieldset.adder")


def add(screen: Any, adder: Locator) -> None:
    settled = screen.settled()
    adder.get_by_role("button", name="Add", exact=True).click()
    screen.wait_settled(settled)


def coalitions(screen: Any) -> Any:
    return decode(screen.link).setting.scenario.coalitions


def test_a_coalition_has_a_name_and_decides_phase_by_phase(screen: Any):
    screen.open()
    adder = form(screen, "coalition")
    adder.get_by_role("textbox", name="Name").fill("Reefs")
    adder.get_by_role("combobox", name="Who").select_option("list")
    for name in ("Fiji", "Samoa"):
        adder.get_by_role("checkbox", name=name, exact=True).check()
    adder.locator("summary").click()
    adder.get_by_role("spinbutton", name="Transparency, pledging and delivering, phase 3").fill("4")
    for name in ("Solidarity", "Accountability", "Financing"):
        adder.get_by_role("checkbox", name=f"{name}: efforts of their own").uncheck()
    adder.get_by_role("checkbox", name="Pledging and delivering apart").check()
    adder.get_by_role("spinbutton", name="Networking, Delivering, phase 2").fill("1")
    adder.get_by_role("spinbutton", name="Networking, Delivering, phase 2").press("Tab")
    expect(adder.get_by_role("spinbutton", name="Effort on all actions")).to_have_value("")
    add(screen, adder)
    (made,) = coalitions(screen)
    assert (made.name, made.codes) == ("Reefs", {"FJI", "WSM"})
    assert made.pledge_effort.transparency == made.delivery_effort.transparency == (2.5, 4, 2.5)
    assert made.pledge_effort.networking == (2.5, 2.5, 2.5)
    assert made.delivery_effort.networking == (1, 2.5, 2.5)
    assert made.pledge_effort.solidarity is None
    expect(adder.get_by_role("textbox", name="Name")).to_have_value("")


def test_a_coalition_can_be_changed_and_its_members_stay(screen: Any):
    screen.open()
    adder = form(screen, "coalition")
    adder.get_by_role("combobox", name="Members", exact=True).select_option("PIF")
    add(screen, adder)
    (before,) = coalitions(screen)
    screen.page.get_by_role("button", name="Change: PIF").click()
    every = adder.get_by_role("spinbutton", name="Effort on all actions")
    expect(every).to_have_value("2.5")
    every.fill("4")
    settled = screen.settled()
    adder.get_by_role("button", name="Keep the change").click()
    screen.wait_settled(settled)
    (now,) = coalitions(screen)
    assert (now.name, now.bodies) == (before.name, before.bodies) == ("PIF", ("PIF",))
    assert now.delivery_effort.networking == (4, 4, 4)


def test_who_would_be_in_two_coalitions_is_named_and_the_draft_stays(screen: Any):
    screen.open()
    adder = form(screen, "coalition")
    adder.get_by_role("combobox", name="Members", exact=True).select_option("PIF")
    add(screen, adder)
    adder.get_by_role("textbox", name="Name").fill("Mine")
    adder.get_by_role("combobox", name="Who").select_option("list")
    adder.get_by_role("checkbox", name="Fiji", exact=True).check()
    adder.get_by_role("button", name="Add", exact=True).click()
    alert = screen.message().get_by_role("alert")
    expect(alert).to_contain_text("Fiji would be in two coalitions: “Mine” and “PIF”. A member can be in one only.")
    expect(adder.get_by_role("textbox", name="Name")).to_have_value("Mine")
    expect(adder.get_by_role("checkbox", name="Fiji", exact=True)).to_be_checked()
    expect(screen.page.locator(".busy")).to_be_hidden()
    adder.get_by_role("checkbox", name="Fiji", exact=True).uncheck()
    adder.get_by_role("checkbox", name="Nepal", exact=True).check()
    add(screen, adder)
    assert [one.name for one in coalitions(screen)] == ["PIF", "Mine"]


def test_an_event_can_be_changed_and_keeps_what_the_form_does_not_ask_for(screen: Any):
    screen.open()
    before = decode(screen.link).setting.scenario.events[0]
    adder = form(screen, "events")
    screen.page.get_by_role("button", name=f"Change: {before.name}").click()
    year = adder.get_by_role("spinbutton", name="Year")
    year.fill("2050")
    year.press("Tab")
    expect(year).to_have_value("2039")
    expect(adder.get_by_role("status").filter(has_text="most is 2039")).to_be_visible()
    settled = screen.settled()
    adder.get_by_role("button", name="Keep the change").click()
    screen.wait_settled(settled)
    now = decode(screen.link).setting.scenario.events[0]
    assert now == before.model_copy(update={"year": 2039})


@pytest.mark.parametrize("locale", ["en-GB", "zh-CN", "ru-RU"])
@pytest.mark.parametrize("size", [NARROW, PHONE], ids=["panel", "phone"])
def test_forms_stay_in_their_frame(visitor: Callable[..., Any], size: dict[str, int], locale: str):
    page = visitor(viewport=size, locale=locale).open().page
    page.evaluate("() => document.querySelectorAll('.side details').forEach((one) => { one.open = true; })")
    page.locator("[data-group=coalition] select").first.select_option("list")
    page.locator("[data-group=coalition] .efforts input[type=checkbox]").first.check()
    assert page.evaluate(OUTSIDE) == []
