"""On a phone the chart that answers the levers stays in sight while they are open, whichever lever is moved."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.costly

PLOTS = {"explore": ".charts figure:visible .chart-plot > svg", "members/FJI": "#own-delivered .chart-plot > svg"}

IN_SIGHT = """([plot, drawer]) => {
  const box = (name) => document.querySelector(name).getBoundingClientRect();
  const { top, bottom, height } = box(plot.replace(":visible", ":not([hidden] *)"));
  return box("header.top").bottom <= top && bottom <= box(drawer).top + 1 && height >= 100;
}"""


@pytest.mark.parametrize("size", [(390, 844), (360, 740)], ids=["390", "360"])
@pytest.mark.parametrize("path", list(PLOTS), ids=["explore", "country"])
def test_a_chart_stays_in_sight_while_levers_are_open(visitor: Callable[..., Any], path: str, size: tuple[int, int]):
    screen = visitor(viewport={"width": size[0], "height": size[1]}, has_touch=True).open(path)
    screen.page.locator(".drawer > summary").click()
    where = [PLOTS[path], ".side"]
    screen.page.wait_for_function(IN_SIGHT, arg=where)
    for name in ("Solidarity", "Networking"):
        settled = screen.settled()
        screen.slider(name).press("PageUp")
        screen.wait_settled(settled)
        screen.page.wait_for_function(IN_SIGHT, arg=where)
    screen.page.locator(".drawer > summary").click()
    expect(screen.slider("Solidarity")).to_be_hidden()
    expect(screen.page.locator(".filled #own-delivered")).to_have_count(0)
