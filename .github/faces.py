"""Draw phone, desk and wall of a workshop in each language, for the pages of the book for facilitators.

Run as `make picture`; it needs Chromium.
"""

import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from facilitator import LANGUAGES
from picture import CHROMIUM, FLAGS
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright
from room_served import ServedRoom, Voice

FOLDER: Final = Path(__file__).parent.parent / "notebooks" / "workshop"

DESK: Final = {"width": 1120, "height": 690}
WALL: Final = {"width": 1120, "height": 630}
PHONE: Final = {"width": 360, "height": 720}

#: Milliseconds in which years run, on a busy machine too.
PATIENCE: Final = 180_000

#: Colours of a picture: enough for what has no photographs.
COLOURS: Final = 48

#: What delegations propose, two people each.
PLAN: Final = {
    "ENEA": ((2, 2, 2, 1, 1), (4, 0, 2, 2, 0)),
    "NCA": ((0, 2, 0, 2, 0), (0, 1, 1, 2, 0)),
    "SEA": ((4, 4, 0, 0, 0), (2, 2, 2, 2, 0)),
    "SSWA": ((0, 0, 0, 0, 0), (1, 0, 0, 0, 0)),
    "Pacific": ((0, 2, 2, 2, 2), (0, 0, 4, 2, 2)),
    "partners": ((3, 1), (4, 2)),
    "secretariat": ((2, 1, 1), (2, 2, 2)),
}


def main() -> None:
    """Open a room for each language, play a round, and save what is seen."""
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for language in LANGUAGES:
            with served() as room:
                look(browser, room, language)
        browser.close()


@contextmanager
def served() -> Iterator[ServedRoom]:
    """Serve a room."""
    with tempfile.TemporaryDirectory() as folder:
        room = ServedRoom(Path(folder))
        room.start()
        try:
            yield room
        finally:
            room.kill()


def look(browser: Browser, room: ServedRoom, language: str) -> None:
    """Play the first round up to what it brought, and look at each face when it has most to show."""
    desk = room.desk_voice()
    people = [(room.phone_voice(home), points) for home, both in PLAN.items() for points in both]
    phone = opened(browser, room.join, language, PHONE)
    phone.locator(".place").first.click()
    desk.do("stage", stage="round")
    desk.do("ask", open=True)
    for place, points in enumerate((4, 2, 1)):
        phone.locator(".lever").nth(place).locator("label").nth(points).click()
    phone.evaluate("scrollTo(0, 0)")
    save(phone, f"{language}-phone")
    phone.locator(".send").click()
    phone.locator(".send.done").wait_for()
    propose(people)
    desk.do("ask", open=False)
    desk.do("show", shown=True)
    own = opened(browser, room.desk, language, DESK)
    own.locator(".desk-vote").first.wait_for()
    save(own, f"{language}-desk")
    desk.do("lock", locked=True)
    wall = opened(browser, f"{room.url}/wall?c={room.code}", language, WALL)
    wall.locator(".pips .on").first.wait_for()
    desk.do("reveal")
    wall.locator(".reveal.ended .kept li").first.wait_for()
    save(wall, f"{language}-wall")
    for page in (phone, own, wall):
        page.context.close()


def opened(browser: Browser, url: str, language: str, size: dict[str, int]) -> Page:
    """Open a face in a language, where nothing moves."""
    context = browser.new_context(viewport=size, locale=language, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(url)
    return page


def propose(people: list[tuple[Voice, tuple[int, ...]]]) -> None:
    """Let all propose."""
    for voice, points in people:
        voice.fits(lambda view: view["asking"])
        voice.say("propose", points=points)


def save(page: Page, name: str) -> None:
    """Save what is seen, in few colours."""
    page.evaluate("document.fonts.ready")
    seen = Image.open(io.BytesIO(page.screenshot()))
    seen.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(FOLDER / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
