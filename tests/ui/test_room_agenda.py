"""The whole agenda of 90 minutes on a desk, a wall and three phones, with a rewind, in a language of each script."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from command_line import Answer
from foresight_ui.room.pages import texts_of
from playwright.sync_api import Browser, Locator, Page, expect
from room_served import ServedRoom, Voice
from visits import PATIENCE, grave, unfit

from foresight.actions import ACTIONS
from foresight.workshop.future import scenario_files
from foresight.workshop.hands import ROUNDS
from foresight.workshop.numbers import course_of, simulator
from foresight.workshop.record import Record
from foresight.workshop.room import Room, room_of

pytestmark = pytest.mark.costly

DESK = {"width": 1280, "height": 800}
WALL = {"width": 1280, "height": 720}
PHONE = {"width": 360, "height": 740}

#: What one would have to move sideways to read.
OVER = """() => [document.documentElement, ...document.querySelectorAll(".desk > *")]
  .filter((node) => node.scrollWidth > node.clientWidth).map((node) => node.id || node.tagName)"""

#: Milliseconds in which a file is made, which may take many runs.
MAKING = 120_000

#: Who has a phone with a screen, by the place of their delegation in the list, and the points that each gives at first.
SEATS = {0: (4, 2, 0, 0, 0), 2: (0, 4, 0, 4, 0), 5: (3, 1)}

#: Delegations of others, so that a group of the survey is large enough to be shown beside another.
OTHERS = ("NCA", "SSWA", "SEA", "secretariat", "NCA", "SSWA", "SEA")

#: What of all that a phone says is an entry of the table, by what it is called there.
ENTRIES = {"predict": "prediction", "propose": "proposal", "rank": "ranking"}


class Face:
    """A browser that looks at the room: what went wrong on it, and which entries it was told are heard."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.errors: list[str] = []
        self.heard: list[str] = []
        self._said: dict[int, str] = {}
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda one: self.errors.append(one.text) if one.type == "error" else None)
        page.on("websocket", self._follow)

    def _follow(self, socket: Any) -> None:
        socket.on("framesent", lambda text: self._say(json.loads(text)))
        socket.on("framereceived", lambda text: self._hear(json.loads(text)))

    def _say(self, message: dict[str, Any]) -> None:
        if message.get("say") in ENTRIES:
            self._said[message["mark"]] = ENTRIES[message["say"]]

    def _hear(self, message: dict[str, Any]) -> None:
        if message.get("heard") in self._said:
            self.heard.append(self._said.pop(message["heard"]))

    def shows(self, selector: str) -> Locator:
        """Wait until something is on it."""
        found = self.page.locator(selector)
        expect(found.first).to_be_visible()
        return found


class Session:
    """A room with all who are in it."""

    def __init__(self, browser: Browser, room: ServedRoom, locale: str) -> None:
        def face(size: dict[str, int], **options: Any) -> Face:
            context = browser.new_context(viewport=size, locale=locale, **options)  # type: ignore[arg-type]
            context.set_default_timeout(PATIENCE)
            return Face(context.new_page())

        self.room = room
        self.language = locale[:2]
        self.texts = texts_of("desk", self.language)
        self.desk = face(DESK, accept_downloads=True)
        self.wall = face(WALL, reduced_motion="reduce")
        self.phones = [face(PHONE, has_touch=True) for _ in SEATS]
        self.others: list[Voice] = []
        self.spoken: list[str] = []

    @property
    def faces(self) -> list[Face]:
        return [self.desk, self.wall, *self.phones]

    def look(self, stage: str) -> None:
        """Assert that nothing is cut on any face, and that the wall can be read from afar."""
        assert unfit(self.wall.page) == [], stage
        for face in (self.desk, *self.phones):
            assert face.page.evaluate(OVER) == [], stage

    def press(self, step: str, phase: int = 0) -> None:
        """Go on by the one button, which is called after the next step."""
        years = self.texts[f"years_{phase}"] if phase else ""
        name = self.texts["next"] + self.texts["press"][step].format(years=years)
        button = self.desk.page.locator("button.desk-next")
        expect(button).to_have_text(name)
        button.click()
        expect(self.desk.page.locator("button.desk-next", has_text=re.compile(f"^{re.escape(name)}$"))).to_have_count(0)

    def choose(self, name: str) -> None:
        """Press something else at the desk."""
        self.desk.page.locator(f"[data-focus={name}]").click()

    def send(self, phone: Face) -> None:
        """Send what was entered, and wait until it is told that it is saved."""
        phone.page.locator(".send").click()
        expect(phone.page.locator(".send.done")).to_be_visible()

    def say(self, kind: str, **message: Any) -> None:
        """Let all others say something."""
        for one in self.others:
            assert "heard" in one.say(kind, **message)
            self.spoken.append(ENTRIES[kind])

    def propose(self, phase: int, turn: int) -> None:
        """Let all propose: those with a screen points, on other levers each turn; others leave all as it is."""
        for phone, points in zip(self.phones, SEATS.values(), strict=True):
            levers = phone.shows(".lever")
            for at, own in enumerate(points):
                lever = levers.nth((at + turn) % len(points))
                if lever.locator("input").nth(own).is_enabled():
                    lever.locator("label").nth(own).click()
            phone.page.locator("#reason").fill("公平" if self.language == "zh" else "It is fair")
            self.send(phone)
        for one in self.others:
            view = one.fits(lambda view: view["asking"] and view["question"]["phase"] == phase)
            assert "heard" in one.say("propose", points=[0 for _ in view["hand"]["levers"]])
            self.spoken.append("proposal")

    def saved(self, press: Callable[[], None]) -> bytes:
        """Return a file that the desk saves."""
        with self.desk.page.expect_download(timeout=MAKING) as got:
            press()
        return Path(got.value.path()).read_bytes()

    def file(self, name: str) -> bytes:
        return self.saved(lambda: self.choose(f"'file-{name}'"))

    @property
    def heard(self) -> list[str]:
        """All entries that somebody was told are heard."""
        return sorted([*self.spoken, *(kind for phone in self.phones for kind in phone.heard)])

    # The agenda -------------------------------------------------------------------------------------------------------

    def welcome(self) -> None:
        self.desk.page.goto(self.room.desk)
        self.desk.shows("button.desk-next")
        self.wall.page.goto(f"{self.room.url}/wall?c={self.room.code}")
        self.wall.shows(".code")
        for phone, place in zip(self.phones, SEATS, strict=True):
            phone.page.goto(self.room.join if place else f"{self.room.url}/join")
            if not place:
                phone.page.locator("#code").fill(self.room.code.lower())
                phone.page.keyboard.press("Enter")
            phone.shows(".place")
        self.look("joining")
        for phone, place in zip(self.phones, SEATS, strict=True):
            phone.page.locator(".place").nth(place).click()
            phone.shows("main.wait")
        self.others += [self.room.phone_voice(one) for one in OTHERS]
        for at, (one, place) in enumerate(zip(self.others, OTHERS, strict=True)):
            group = "official" if at < 2 else "government_expert"
            assert "heard" in one.say("describe", delegation=place, group=group)
        expect(self.wall.page.locator(".present-seats .empty")).to_have_count(0)
        self.choose("time")
        self.wall.shows(".timer")
        self.look("welcome")

    def predict(self) -> None:
        self.press("predict")
        self.press("open")
        for phone, presses in zip(self.phones, (-8, -2, 5), strict=True):
            sign = phone.shows(".slide button").nth(int(presses > 0))
            for _ in range(abs(presses)):
                sign.click()
            self.send(phone)
        self.say("predict", steps=1.3)
        expect(self.wall.page.locator(".tally")).to_contain_text("10")
        self.look("predicting")
        self.press("close")
        self.press("show")
        expect(self.wall.page.locator(".brick")).to_have_count(10)
        self.look("guesses")
        self.press("base")
        self.wall.shows(".pace-scene.ended")
        self.shown()
        self.look("base")

    def round(self, phase: int, name: str, decide: Callable[[], None], card: str = "", turn: int = 0) -> None:
        """Play a round from the open question to what it brought."""
        self.press("open")
        self.propose(phase, turn)
        expect(self.wall.page.locator(".turnout .whole")).to_have_count(7)
        self.look(f"{name}, proposing")
        self.press("close")
        self.press("show")
        self.wall.shows(".range")
        decide()
        self.look(f"{name}, proposals")
        self.press("lock")
        self.wall.shows(".pips .on")
        self.look(f"{name}, promised")
        if card:
            self.desk.page.locator(".desk-card select").select_option(card)
            self.choose("deal")
            self.choose("yes")
            self.wall.shows(".scene.card")
            self.phones[0].shows("main .card")
            self.look(f"{name}, card")
        self.press("reveal", phase)
        self.wall.shows(".reveal.ended .kept li")
        self.shown()
        self.look(f"{name}, revealed")

    def shown(self) -> None:
        """Wait until all phones show what came of it."""
        for phone in self.phones:
            phone.shows("main.result .outcome")

    def adopt(self, delegation: str, *buttons: str) -> Callable[[], None]:
        """Return what decides for a delegation by buttons of the desk."""

        def decide() -> None:
            self.choose(f"look-{delegation}")
            for one in buttons:
                self.choose(one)
            self.desk.shows(".desk-vote.open.decided")
            self.choose(f"look-{delegation}")

        return decide

    def rewound(self) -> None:
        """Decide the last phase anew, on a path of its own."""
        self.choose("rewind-4")
        self.desk.page.locator("#path-name").fill("共同" if self.language == "zh" else "Together")
        self.desk.page.keyboard.press("Enter")
        expect(self.desk.page.locator(".desk-paths .here")).to_have_count(1)
        expect(self.desk.page.locator(".desk-paths li")).to_have_count(2)
        self.wall.shows(".corner")

    def survey(self) -> None:
        self.press("survey")
        self.press("open")
        for at, phone in enumerate(self.phones):
            phone.shows(".groups label").nth(1).click()
            for place in range(len(ACTIONS)):
                phone.page.locator(".ranked").nth((place + at) % len(ACTIONS)).click()
            self.send(phone)
        self.say("rank", order=[*ACTIONS])
        self.look("survey")
        self.press("close")
        self.press("show")
        self.wall.shows("th.model")
        expect(self.wall.page.locator(".ranks thead th")).to_have_count(4)  # everybody, two groups, the model
        self.look("ranks")

    def debrief(self) -> None:
        self.press("debrief")
        expect(self.wall.page.locator(".paths li")).to_have_count(3)
        self.look("debrief")


@pytest.fixture(params=["en-GB", "zh-CN"])
def session(browser: Browser, room: ServedRoom, request: pytest.FixtureRequest) -> Iterator[Session]:
    session = Session(browser, room, request.param)
    yield session
    for face in session.faces:
        face.page.context.close()
        assert face.errors == []


def kept(content: bytes, path: Path) -> Room:
    """Return a room as its record has it."""
    path.write_bytes(content)
    record = Record(path)
    room = room_of([event for _, event in record.events()])
    record.close()
    return room


def first_path(room: Room) -> tuple[str, bytes]:
    """Return the first path of a room: as a file, and all that it comes to, bit for bit."""
    course = course_of(room, 1, ROUNDS[-1], simulator(room))
    return scenario_files(room)[f"room-{room.opened.code.lower()}-1.toml"], course.own.tobytes()


def test_the_whole_agenda(session: Session, call: Callable[..., Answer], tmp_path: Path):
    session.welcome()
    session.predict()
    session.press("practice")
    session.round(2, "practice", lambda: None)
    session.press("round", 2)
    session.round(2, "round 1", session.adopt("ENEA", "adopt-1"))
    session.press("round", 3)
    session.round(3, "round 2", session.adopt("Pacific", "median"), card="crisis", turn=1)
    session.press("round", 4)
    session.round(4, "round 3", session.adopt("SEA", "step-3-1", "value"), turn=2)
    session.choose("files")
    before = first_path(kept(session.file("record"), tmp_path / "before.room"))
    session.rewound()
    session.round(4, "round 3 anew", session.adopt("Pacific", "adopt-2"), turn=1)
    session.survey()
    session.debrief()
    page = session.saved(lambda: session.choose("next")).decode()
    assert first_path(kept(session.file("record"), tmp_path / "after.room")) == before

    assert "Suva" in page
    assert f'lang="{session.language}' in page
    assert page.count("<svg") == 3  # guesses, the run, and what each delegation did
    rows = list(csv.DictReader(io.StringIO(session.file("votes.csv").decode("utf-8-sig"))))
    assert sorted(row["kind"] for row in rows if row["kind"] != "decision") == session.heard
    with zipfile.ZipFile(io.BytesIO(session.file("scenarios.zip"))) as scenarios:
        scenarios.extractall(tmp_path)
        files = [str(tmp_path / name) for name in scenarios.namelist()]
    assert len(files) == 2
    answer = call("--json", "run", *files, "--replicates", "4")
    assert answer.code == 0, answer.err
    assert session.file("kit.html").startswith(b"<!doctype html>")
    for face in session.faces:
        assert grave(face) == []
