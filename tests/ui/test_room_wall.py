"""The wall of a room in a browser: each part of the agenda shows its own, large enough, and nothing that is hidden."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from room_served import ServedRoom, Voice
from visits import PATIENCE, grave, unfit

from foresight.actions import ACTIONS
from foresight.workshop.hands import levers_of

pytestmark = pytest.mark.costly

#: Walls: size, language, and whether what moves stands still.
WALLS = {
    "usual": (1280, 720, "en-GB"),
    "old": (1024, 768, "en-GB"),
    "large-chinese": (1920, 1080, "zh-CN"),
    "old-french": (1024, 768, "fr-FR"),
    "usual-russian": (1280, 720, "ru-RU"),
}


class Wall:
    """What a room looks at, and all that the server has told it."""

    def __init__(self, page: Page, room: ServedRoom) -> None:
        self.page = page
        self.errors: list[str] = []
        self.views: list[dict[str, Any]] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("websocket", lambda socket: socket.on("framereceived", self._hear))
        page.goto(f"{room.url}/wall?c={room.code}")
        expect(self.scene("welcome")).to_be_visible()

    def _hear(self, text: str | bytes) -> None:
        self.views.append(json.loads(text).get("view", {}))

    def scene(self, name: str) -> Any:
        return self.page.locator(f".scene.{name}")

    @property
    def title(self) -> Any:
        return self.page.get_by_role("heading", level=1)

    def fits(self) -> None:
        """Assert that all can be read from the far end of a room, and used by everybody."""
        assert unfit(self.page) == []
        assert grave(self) == []


@pytest.fixture
def hang(browser: Browser, room: ServedRoom) -> Iterator[Callable[..., Wall]]:
    """Make walls, under the rules that the server gives browsers; nothing must go wrong on any."""
    walls: list[Wall] = []

    def one(width: int = 1280, height: int = 720, locale: str = "en-GB", motion: str = "reduce") -> Wall:
        size = {"width": width, "height": height}
        context = browser.new_context(viewport=size, locale=locale, reduced_motion=motion)
        context.set_default_timeout(PATIENCE)
        walls.append(Wall(context.new_page(), room))
        return walls[-1]

    yield one
    for wall in walls:
        wall.page.context.close()
        assert wall.errors == []


def seated(room: ServedRoom) -> dict[str, Voice]:
    """Let somebody sit down at each delegation."""
    ids = ("ENEA", "NCA", "Pacific", "SSWA", "SEA", "partners", "secretariat")
    return {one: room.phone_voice(one) for one in ids}


def ask(desk: Voice, stage: str) -> None:
    desk.do("stage", stage=stage)
    desk.do("ask", open=True)


def propose(phones: dict[str, Voice], idle: str) -> None:
    """Spend two points on each of the first two levers that can be moved; an idle delegation spends none."""
    for name, phone in phones.items():
        free = [lever["free"] for lever in phone.fits(lambda view: view["asking"])["hand"]["levers"]]
        points = [2 * (name != idle and one and at < 2) for at, one in enumerate(free)]
        assert "heard" in phone.say("propose", points=points)


def bring(desk: Voice, card: str = "") -> None:
    """Lock and reveal a phase."""
    desk.do("lock", locked=True)
    if card:
        desk.do("deal", card=card)
    desk.do("reveal")


@pytest.mark.parametrize("kind", WALLS)
def test_each_part_of_the_agenda_fits_on_the_wall(hang: Callable[..., Wall], room: ServedRoom, desk: Voice, kind: str):
    wall, phones = hang(*WALLS[kind]), seated(room)
    expect(wall.page.locator(".code")).to_have_text(room.code)
    expect(wall.page.locator(".present-seats strong")).to_have_text(["1"] * 7)
    wall.fits()
    ask(desk, "predict")
    desk.do("ask", open=False)
    closed = {"en": "The vote is closed", "zh": "投票已结束", "fr": "Le vote est clos", "ru": "Голосование закрыто"}
    expect(wall.page.locator(".tally > span")).to_have_text(closed[WALLS[kind][2][:2]])  # though nobody has answered
    desk.do("ask", open=True)
    for steps, phone in zip((0.3, 1.1, 1.7, 1.7, 2.2, 2.9, 3.7), phones.values(), strict=True):
        phone.say("predict", steps=steps)
    expect(wall.page.locator(".tally strong")).to_have_text(re.compile(r"7\D+7"))
    wall.fits()
    desk.do("show", shown=True)
    expect(wall.page.locator(".brick")).to_have_count(7)
    expect(wall.page.locator(".tally")).to_have_text(re.compile(r"1[.,]70$"))
    wall.fits()
    desk.do("stage", stage="base")
    expect(wall.scene("pace-scene.ended")).to_be_visible()
    wall.fits()
    ask(desk, "round")
    propose(phones, idle="Pacific")
    expect(wall.page.locator(".turnout .whole")).to_have_count(7)
    wall.fits()
    desk.do("show", shown=True)
    expect(wall.page.locator(".range")).to_have_count(sum(len(levers_of(one)) for one in phones))
    wall.fits()
    desk.do("lock", locked=True)
    expect(wall.page.locator(".pips .on")).to_have_count(6 * 4)
    wall.fits()
    desk.do("deal", card="crisis")
    expect(wall.scene("card")).to_be_visible()
    wall.fits()
    desk.do("reveal")
    expect(wall.page.locator(".reveal.ended .kept li")).to_have_count(5)
    wall.fits()
    desk.do("branch", phase=2, name="Together from the very first year on")
    expect(wall.page.locator(".corner")).to_be_visible()
    ask(desk, "survey")
    for at, phone in enumerate(phones.values()):
        phone.say("rank", order=[*ACTIONS[at % 5 :], *ACTIONS[: at % 5]])
    expect(wall.page.locator(".turnout .whole")).to_have_count(7)
    wall.fits()
    desk.do("ask", open=False)
    desk.do("show", shown=True)
    expect(wall.page.locator("th.model")).to_be_visible()
    expect(wall.page.locator(".place")).to_have_count(5 * 2)
    cells = [wall.page.locator(f"td.model .{one}").all_inner_texts() for one in ("place", "worth")]
    pairs = set(zip(*cells, strict=True))
    assert len(pairs) == len(set(cells[0])) == len(set(cells[1])), "what is written the same has one place"
    wall.fits()
    desk.do("stage", stage="debrief")
    expect(wall.page.locator(".paths li")).to_have_count(3)
    line = wall.page.locator(".ghost .line").bounding_box()
    numbers = [one.bounding_box() for one in wall.page.locator(".paths .number").all()]
    assert line
    assert all(one and one["x"] > line["x"] + line["width"] for one in numbers), "no number lies over the guess"
    wall.fits()
    desk.do("switch", branch=1)
    desk.do("look", at="deeds")
    expect(wall.page.locator(".added li")).to_have_count(8)  # seven delegations, and the card
    expect(wall.page.locator(".corner")).to_be_visible()  # which path it is of
    wall.fits()


def test_the_wall_says_what_a_round_brought_and_who_rode_free(hang: Callable[..., Wall], room: ServedRoom, desk: Voice):
    wall, phones = hang(), seated(room)
    ask(desk, "round")
    propose(phones, idle="Pacific")
    bring(desk)
    result = desk.fits(lambda view: view["seen"] == 2 and view["result"])["result"]
    expect(wall.title).to_have_text(f"This round’s points add +{result['gain']:.2f} steps by 2029")
    expect(wall.page.locator(".chart-side .legend")).to_contain_text("Points act from 2027 on.")
    expect(wall.page.locator(".kept .legend").first).to_have_text(re.compile(r"^By 2029; longest bar \d\.\d\d$"))
    own = result["delegations"]["Pacific"]
    gained = own["delivered"] - own["delivered_base"]
    assert (own["spent"], own["budget"]) == (0, 8)
    end = f"gained {gained:.2f} steps all the same." if gained >= 0.005 else "gained nothing."
    expect(wall.page.locator(".plain")).to_have_text(f"Pacific spent 0 of 8 points and {end}")
    expect(wall.page.locator(".kept li").first).to_contain_text("4/8")
    expect(wall.page.locator(".value")).to_have_text(f"{result['own']['median'][-1]:.2f}")


def test_a_loss_by_a_card_is_told_with_the_card(hang: Callable[..., Wall], room: ServedRoom, desk: Voice):
    wall = hang(1024, 768)
    phones = {"SEA": room.phone_voice("SEA"), "Pacific": room.phone_voice("Pacific")}
    for phase in (2, 3):
        ask(desk, "round")
        propose(phones, idle="SEA")
        bring(desk, card="crisis" if phase == 2 else "")
        result = desk.fits(lambda view, last=phase: view["seen"] == last and view["result"])["result"]
        gained = result["delegations"]["SEA"]["delivered"] - result["delegations"]["SEA"]["delivered_base"]
        if gained <= -0.005:
            end = f"and lost {-gained:.2f} steps, cards included."
        else:
            end = f"and gained {gained:.2f} steps all the same, cards included."
        expect(wall.page.locator(".plain")).to_have_text(f"South-East Asia spent 0 of {8 * (phase - 1)} points {end}")
        expect(wall.title).to_contain_text(f"This round’s points{' and card' if phase == 2 else ''} add")
    expect(wall.page.locator(".chart-side .legend")).not_to_contain_text("Points act from")
    expect(wall.page.locator(".unwritten ~ .name").first).to_have_text("Infrastructure of change")  # nothing covers it
    desk.do("stage", stage="debrief")
    desk.do("look", at="deeds")
    expect(wall.title).to_contain_text("Pacific added most")
    expect(wall.page.locator(".deeds .legend")).to_contain_text("Pacific has 21 of 58 members: size weighs.")


def test_one_path_is_not_the_best(hang: Callable[..., Wall], desk: Voice):
    wall = hang()
    for phase in (2, 3, 4):
        desk.do("stage", stage="round")
        bring(desk)
        desk.fits(lambda view, last=phase: view["seen"] == last and view["result"])
    desk.do("stage", stage="debrief")
    expect(wall.title).to_have_text(re.compile(r"^First path: \d\.\d\d steps by 2040\. Historical pace: \d\.\d\d\.$"))


def test_what_is_hidden_does_not_come_to_the_wall(hang: Callable[..., Wall], room: ServedRoom, desk: Voice):
    wall, phones = hang(), seated(room)
    ask(desk, "predict")
    phones["SEA"].say("predict", steps=3.7)
    expect(wall.page.locator(".tally strong")).to_contain_text("1 of 7")
    ask(desk, "round")
    propose(phones, idle="")
    desk.do("adopt", delegation="SEA", how="value", points=[4, 4, 0, 0, 0])
    expect(wall.page.locator(".turnout .whole")).to_have_count(7)
    told = wall.views
    assert {view.get("entries") for view in told} >= {0, 1, 7}
    assert [view for view in told if view and (view["spread"] or view["promised"] or view["result"])] == []
    assert not any("decided" in view or "persons" in view or "3.7" in json.dumps(view) for view in told)
    desk.do("show", shown=True)
    expect(wall.scene("table")).to_be_visible()
    assert wall.views[-1]["spread"]["delegations"]["SEA"]["median"] == [2, 2, 0, 0, 0]


def test_the_run_draws_itself_once_whatever_else_changes(hang: Callable[..., Wall], room: ServedRoom, desk: Voice):
    wall = hang(motion="no-preference")
    clock = wall.page.clock
    clock.install()
    clock.pause_at(wall.page.evaluate("Date.now()") / 1000 + 1)
    desk.do("stage", stage="base")
    expect(wall.scene("pace-scene")).to_be_visible()
    wall.page.locator(".pace-scene").evaluate("(node) => { node.dataset.first = 'yes'; }")
    clock.run_for(1000)
    expect(wall.title).to_be_hidden()
    expect(wall.page.locator(".passing")).to_have_text(re.compile("20[23][0-9]"))
    room.phone_voice("SEA")
    expect(wall.page.get_by_text("1 here")).to_be_visible()
    clock.run_for(10_000)
    expect(wall.page.locator(".pace-scene.ended")).to_have_attribute("data-first", "yes")
    expect(wall.title).to_have_text(re.compile(r"Historical pace brings 0\.\d\d of 4 steps by 2040\."))


def test_the_wall_comes_back_with_the_server(hang: Callable[..., Wall], room: ServedRoom, desk: Voice):
    wall = hang()
    ask(desk, "round")
    expect(wall.title).to_have_text("What does your delegation do?")
    room.kill()
    expect(wall.page.get_by_role("alert")).to_have_text("Connection lost. Trying again …")
    room.start()
    expect(wall.page.get_by_role("alert")).to_be_hidden()
    expect(wall.title).to_have_text("What does your delegation do?")


def test_keys_darken_the_wall_and_change_its_letters(hang: Callable[..., Wall]):
    wall = hang()
    black, title = wall.page.get_by_role("img", name="Black screen"), wall.page.locator("h1")
    wall.page.keyboard.press("b")
    expect(black).to_be_visible()
    wall.page.keyboard.press("b")
    expect(black).to_be_hidden()
    letters = "(node) => parseFloat(getComputedStyle(node).fontSize)"
    before = title.evaluate(letters)
    wall.page.keyboard.press("-")
    assert title.evaluate(letters) < before
    wall.page.reload()
    expect(wall.scene("welcome")).to_be_visible()
    assert title.evaluate(letters) < before
    wall.page.keyboard.press("f")
    expect(wall.page.locator("html:fullscreen")).to_have_count(1)


def test_a_wrong_code_asks_for_another(hang: Callable[..., Wall], room: ServedRoom):
    wall = hang()
    wrong = "ZZZZZZ" if room.code != "ZZZZZZ" else "YYYYYY"
    wall.page.goto(f"{room.url}/wall?c={wrong}")
    expect(wall.page.get_by_role("alert").first).to_have_text(re.compile("room", re.IGNORECASE))
    wall.page.get_by_label("Code of the room").fill(f"{room.code[:3].lower()} {room.code[3:]}")
    wall.page.get_by_role("button", name="Show").click()
    expect(wall.page.locator(".code")).to_have_text(room.code)
