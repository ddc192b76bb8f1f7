"""Draw the picture of the README: the interface with "Baiji returns" open and one lever moved.

Run as `make picture`; it needs Chromium.
"""

import os
import shutil
import threading
from pathlib import Path
from typing import Final

from foresight_ui.app import serve
from playwright.sync_api import Page, sync_playwright

TARGET: Final = Path(__file__).with_suffix(".png")

SIZE: Final = {"width": 1600, "height": 1000}

CHROMIUM: Final = (
    os.environ.get("FORESIGHT_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-headless-shell")
)

FLAGS: Final = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]


def main() -> None:
    """Serve, look, and save what is seen."""
    found: list[int] = []
    ready = threading.Event()

    def told(port: int) -> None:
        found.append(port)
        ready.set()

    threading.Thread(target=serve, args=(0, told), daemon=True).start()
    ready.wait()
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport=SIZE, locale="en")
        _look(page, f"http://localhost:{found[0]}/")
        page.screenshot(path=TARGET)
        browser.close()
    print(TARGET)
    os._exit(0)  # the server has no end of its own


def _look(page: Page, url: str) -> None:
    """Open the scenario and hold transparency back, so that the ghost of before shows."""
    page.goto(url)
    page.get_by_label("Scenario", exact=True).select_option("baiji-returns")
    page.locator(".headline", has_text="Baiji returns").wait_for()
    slider = page.get_by_role("slider", name="Transparency", exact=True)
    for _ in range(20):
        slider.press("ArrowLeft")
    page.locator("html[data-settled]").wait_for()
    slider.blur()
    page.locator(".message").wait_for(state="hidden")
    page.mouse.move(0, 0)


if __name__ == "__main__":
    main()
