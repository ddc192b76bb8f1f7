"""The header is whole in every window and language: no name in it is cut, none covers another, its lists fit."""

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.costly

WINDOWS = {360: 740, 390: 844, 768: 1024, 1024: 768, 1280: 800}
LOCALES = ("en-GB", "zh-CN", "fr-FR", "ru-RU")

#: What is cut, covered or outside the window in the header, whichever page is open and whichever list.
FAULTS = """() => {
  const header = document.querySelector("header.top"), faults = [];
  const box = (node) => node.getBoundingClientRect();
  const PASSED = "svg, .skip, option";
  const isSeen = (node) => node.checkVisibility({ opacityProperty: true }) && box(node).width > 1;
  const name = (node) => `${node.tagName}.${node.className}: ${node.textContent.trim().slice(0, 20)}`;
  const look = (when) => {
    const all = [...header.querySelectorAll("*")].filter(isSeen), parts = all.filter((node) => !node.closest(PASSED));
    for (const node of parts) {
      if (box(node).left < 0 || box(node).right > innerWidth) faults.push(`${when}: outside: ${name(node)}`);
      const holds = node.matches("summary, button, a, span, strong") || getComputedStyle(node).overflowX !== "visible";
      const isCut = node.scrollWidth > node.clientWidth + 1 && node.clientWidth > 1;
      if (holds && isCut) faults.push(`${when}: cut: ${name(node)}`);
    }
    const select = header.querySelector("select");
    if (isSeen(select)) {
      const style = getComputedStyle(select), pen = document.createElement("canvas").getContext("2d");
      pen.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
      const arrow = 16, inner = select.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
      if (pen.measureText(select.selectedOptions[0].text).width + arrow > inner) faults.push(`${when}: cut: language`);
    }
    const pressed = parts.filter((node) => node.matches("summary, button, select, .menu a, .brand"));
    const leaves = pressed.filter((node) => !node.closest(".drop-list"));
    leaves.forEach((one, at) => leaves.slice(at + 1).forEach((other) => {
      const [a, b] = [box(one), box(other)];
      const over = a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
      if (over) faults.push(`${when}: ${name(one)} over ${name(other)}`);
    }));
    if (box(header).bottom < Math.max(...leaves.map((node) => box(node).bottom))) faults.push(`${when}: too tall`);
  };
  const here = header.querySelector(".more > summary"), first = here.firstChild.data;
  for (const { textContent } of header.querySelectorAll(".menu a")) {
    here.firstChild.data = textContent;
    look(textContent);
  }
  here.firstChild.data = first;
  for (const list of header.querySelectorAll("details")) {
    if (!isSeen(list)) continue;
    list.open = true;
    look("open");
    list.open = false;
  }
  return faults;
}"""


@pytest.mark.parametrize("locale", LOCALES)
def test_nothing_in_the_header_is_cut(visitor: Callable[..., Any], locale: str):
    screen = visitor(locale=locale).open("about")
    for width, height in WINDOWS.items():
        screen.page.set_viewport_size({"width": width, "height": height})
        screen.page.wait_for_function("Boolean(document.querySelector('.menu > a')) === innerWidth > 800")
        assert not screen.page.evaluate(FAULTS), width
        assert screen.page.locator("header.top").bounding_box()["height"] < 60, width
