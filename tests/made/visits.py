"""What visitors bring, and what makes a page hard to use for some of them."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe

GRAVE = ("serious", "critical")
#: What axe calls moderate, and what those lose their way by who read with their ears.
ORDER = ("heading-order", "page-has-heading-one", "region", "landmark-unique", "landmark-one-main")
WIDE = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}


def grave(screen: Any, part: str | None = None) -> list[str]:
    """Return each grave violation on a page, or in a part of it, as its rule and the places where it is broken."""
    found = Axe().run(screen.page, context=part, options={"resultTypes": ["violations"]}).response["violations"]
    bad = [one for one in found if one["impact"] in GRAVE or one["id"] in ORDER]
    return [
        f"{one['id']}: {node['html'][:120]} ({node['failureSummary'][:200]})"
        for one in bad
        for node in one["nodes"][:3]
    ]


def upload(text: str, name: str) -> dict[str, Any]:
    """Return a file as a browser uploads it."""
    return {"name": name, "mimeType": "application/toml", "buffer": text.encode()}
