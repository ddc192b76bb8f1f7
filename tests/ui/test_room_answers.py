"""Desk, wall and phone show every part of the agenda, whether nobody, somebody or everybody has answered."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from room_served import ServedRoom, Voice
from visits import PATIENCE

from foresight.actions import ACTIONS
from foresight.workshop.hands import levers_of

pytestmark = pytest.mark.costly

SEATS = ("SEA", "ENEA", "NCA", "Pacific", "SSWA", "partners", "secretariat")


class Faces:
    """A desk, a wall and a phone that watches, in browsers."""

    def __init__(self, browser: Browser, room: ServedRoom) -> None:
        self.errors: list[str] = []
        context = browser.new_context(reduced_motion="reduce", locale="en-GB")
        context.set_default_timeout(PATIENCE)
        self.desk, self.wall, self.phone = (self._open(context.new_page(), address) for address in addresses(room))
        self.phone.get_by_role("button", name="South-East Asia").click()

    def _open(self, page: Page, address: str) -> Page:
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.goto(address)
        return page

    def show(self, scene: str) -> None:
        """Assert that the wall shows a scene and all faces something, also once they are loaded anew."""
        expect(self.wall.locator(f".scene.{scene}")).to_be_visible()
        for page in (self.desk, self.wall, self.phone):
            page.reload()
        expect(self.wall.locator(f".scene.{scene}")).to_be_visible()
        expect(self.desk.locator("button.desk-next")).to_be_visible()
        expect(self.phone.locator("main:not(.joining) h1")).to_be_visible()
        assert self.errors == []


def addresses(room: ServedRoom) -> tuple[str, str, str]:
    return room.desk, f"{room.url}/wall?c={room.code}", room.join


@pytest.fixture
def faces(browser: Browser, room: ServedRoom) -> Iterator[Faces]:
    made = Faces(browser, room)
    yield made
    made.desk.context.close()


def ask(desk: Voice, phones: list[Voice], say: str, entry: Callable[[int], dict[str, Any]]) -> None:
    """Let people answer, and put the answers on the wall."""
    desk.do("ask", open=True)
    for at, phone in enumerate(phones):
        phone.fits(lambda view: view["asking"])
        assert "heard" in phone.say(say, **entry(at))
    desk.do("ask", open=False)
    desk.do("show", shown=True)


def points(at: int) -> dict[str, Any]:
    return {"points": [1, *[0] * (len(levers_of(SEATS[at])) - 1)]}


@pytest.mark.parametrize("people", [0, 1, 7])
def test_every_part_is_shown_whoever_has_answered(faces: Faces, room: ServedRoom, desk: Voice, people: int):
    phones = [room.phone_voice(seat) for seat in SEATS[:people]]
    faces.show("welcome")
    desk.do("stage", stage="predict")
    faces.show("guessing")
    ask(desk, phones, "predict", lambda at: {"steps": at / 2})
    faces.show("guessing")
    desk.do("stage", stage="base")
    faces.show("pace-scene")
    for stage in ("practice", "round", "round", "round"):
        desk.do("stage", stage=stage)
        faces.show("asking")
        ask(desk, phones, "propose", points)
        faces.show("table")
        desk.do("lock", locked=True)
        faces.show("table")
        desk.do("reveal")
        faces.show("reveal")
    desk.do("stage", stage="survey")
    faces.show("asking")
    ask(desk, phones, "rank", lambda _: {"order": ACTIONS})
    faces.show("ranks" if people == 7 else "asking")
    desk.do("stage", stage="debrief")
    faces.show("debrief")
    for at, scene in ((2, "reveal"), (4, "reveal"), ("deeds", "deeds"), ("paths", "debrief")):
        desk.do("look", at=at)
        faces.show(scene)
