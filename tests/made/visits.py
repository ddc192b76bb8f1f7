"""What visitors bring, and what makes a page hard to use for some of them."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

GRAVE = ("serious", "critical")
#: What axe calls moderate, and what those lose their way by who read with their ears.
ORDER = ("heading-order", "page-has-heading-one", "region", "landmark-unique", "landmark-one-main")
WIDE = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}

#: Milliseconds that a browser waits for what is expected, on a machine that has much else to do.
PATIENCE = 60_000

#: The smallest part of the height of a wall that letters which matter may have.
SMALLEST = 1 / 30

#: What is too small, outside, or would have to be scrolled to.
UNFIT = """(smallest) => {
  const found = [];
  for (const node of document.querySelectorAll("header *, main *, footer *")) {
    const { width, left, right, top, bottom } = node.getBoundingClientRect();
    const inside = left >= -1 && top >= -1 && right <= innerWidth + 1 && bottom <= innerHeight + 1;
    if (!width || ![...node.childNodes].some((one) => one.nodeType === 3 && one.data.trim())) continue;
    const letters = parseFloat(getComputedStyle(node).fontSize);
    if (letters < smallest * innerHeight - 0.01) found.push(`${letters} px: ${node.textContent}`);
    if (!inside) found.push(`outside: ${node.textContent}`);
  }
  for (const node of document.querySelectorAll("main, .scene, .sides, .sides > *")) {
    const over = Math.max(node.scrollHeight - node.clientHeight, node.scrollWidth - node.clientWidth);
    if (over > 1) found.push(`runs over by ${over} px: ${node.className}`);
  }
  return found;
}"""


def grave(screen: Any, part: str | None = None) -> list[str]:
    """Return each grave violation on a page, or in a part of it, as its rule and the places where it is broken."""
    found = Axe().run(screen.page, context=part, options={"resultTypes": ["violations"]}).response["violations"]
    bad = [one for one in found if one["impact"] in GRAVE or one["id"] in ORDER]
    return [
        f"{one['id']}: {node['html'][:120]} ({node['failureSummary'][:200]})"
        for one in bad
        for node in one["nodes"][:3]
    ]


def unfit(wall: Page) -> list[str]:
    """Return what on a wall cannot be read from the far end of a room, or is cut."""
    found: list[str] = wall.evaluate(UNFIT, SMALLEST)
    return found


def upload(text: str, name: str) -> dict[str, Any]:
    """Return a file as a browser uploads it."""
    return {"name": name, "mimeType": "application/toml", "buffer": text.encode()}
