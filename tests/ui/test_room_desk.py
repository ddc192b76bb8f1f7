"""The desk of a room in a browser: from welcome to debrief by the one button, decisions, paths, people and files."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, WebSocketRoute, expect
from room_served import ServedRoom, Voice
from visits import PATIENCE, grave

from foresight.actions import ACTIONS

pytestmark = pytest.mark.costly

PHONE = {"width": 390, "height": 844}
LAPTOP = {"width": 1280, "height": 800}


class Desk:
    """A facilitator with a laptop."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def open(self, address: str) -> "Desk":
        self.page.goto(address)
        expect(self.next).to_be_visible()
        return self

    @property
    def next(self) -> Any:
        return self.page.locator("button.desk-next")

    def press(self, step: str) -> None:
        """Go on by the keyboard alone: the next step has the focus, and is the one that is expected."""
        expect(self.next).to_have_text(f"Next{step}")
        expect(self.next).to_be_focused()
        self.page.keyboard.press("Enter")
        expect(self.page.locator("button.desk-next", has_text=re.compile(f"^Next{re.escape(step)}$"))).to_have_count(0)

    def button(self, name: str) -> Any:
        return self.page.get_by_role("button", name=name, exact=True)

    def look_at(self, delegation: str) -> Any:
        """Open a delegation, and return what it shows."""
        self.button(delegation).click()
        return self.page.get_by_role("region", name=delegation)

    def decides(self, delegation: str, *points: str) -> None:
        """Wait until just this is decided for a delegation: what stands boldly in its row."""
        row = self.page.locator(".desk-vote", has=self.button(delegation))
        expect(row.locator("b:not(.median)")).to_have_text(points)

    def at(self, stage: str) -> None:
        """Wait until it shows a part of the agenda."""
        expect(self.page.locator(f"[data-focus=stage-{stage}][aria-current=step]")).to_be_visible()


@pytest.fixture
def come(browser: Browser) -> Iterator[Callable[..., Desk]]:
    """Make desks, under the rules that the server gives browsers; nothing must go wrong on any."""
    desks: list[Desk] = []

    def one(**options: Any) -> Desk:
        context = browser.new_context(**{"viewport": LAPTOP, "locale": "en-GB", "accept_downloads": True, **options})
        context.set_default_timeout(PATIENCE)
        desks.append(Desk(context.new_page()))
        return desks[-1]

    yield one
    for desk in desks:
        desk.page.context.close()
        assert desk.errors == []


@pytest.fixture
def phones(room: ServedRoom) -> list[Voice]:
    return [room.phone_voice(one) for one in ("Pacific", "Pacific", "Pacific", "partners")]


def propose(phones: list[Voice], *points: list[int], reason: str = "") -> None:
    for phone, own in zip(phones, points, strict=False):
        assert "heard" in phone.say("propose", points=own, reason=reason)


def test_a_session_goes_from_welcome_to_debrief_by_one_button(
    come: Callable[..., Desk], room: ServedRoom, phones: list[Voice]
):
    desk = come().open(room.desk)
    page = desk.page
    expect(page.locator(".desk-seats li", has_text="Pacific")).to_contain_text("3")
    desk.press("go to the guess")
    desk.press("open the question")
    for phone, steps in zip(phones, (1.0, 2.0, 4.0), strict=False):
        phone.say("predict", steps=steps)
    expect(page.locator("figcaption")).to_have_text("Median 2.00 steps; from 1.00 to 4.00")
    desk.press("close the question")
    desk.press("show the answers on the wall")
    desk.press("reveal historical pace")
    expect(page.locator(".desk-lead")).to_have_text(
        re.compile(r"^Historical pace delivers 0\.\d\d of 4 .* guessed 2\.00")
    )
    desk.press("go to practice")
    desk.press("open the question")
    propose(phones, [4, 4, 0, 0, 0])
    desk.press("close the question")
    desk.press("show the answers on the wall")
    desk.press("fix the decisions")
    desk.press("reveal what 2025–29 bring")
    desk.button("Practise again").click()
    expect(desk.next).to_have_text("Nextopen the question")
    desk.decides("Pacific")
    page.locator("[data-focus=stage-round2]").click()
    for years in ("2025–29", "2030–34", "2035–40"):
        expect(page.locator("[aria-current=step]")).to_contain_text(years)
        desk.next.focus()
        desk.press("open the question")
        propose(phones, [4, 4, 0, 0, 0], [0, 0, 0, 4, 4], [4, 0, 0, 0, 0])
        desk.press("close the question")
        desk.press("show the answers on the wall")
        desk.press("fix the decisions")
        desk.decides("Pacific", "4", "0", "0", "0", "0")
        desk.press(f"reveal what {years} bring")
        expect(page.locator(".desk-gain")).to_have_text(
            re.compile(rf"^This round’s points add [+−-]?\d\.\d\d steps by 20{years[-2:]}$")
        )
        if years != "2035–40":
            desk.press({"2025–29": "begin the round 2030–34", "2030–34": "begin the round 2035–40"}[years])
    desk.press("go to the survey")
    desk.press("open the question")
    phones[0].say("rank", order=["financing", "solidarity", "transparency", "accountability", "networking"])
    expect(page.locator(".desk-count")).to_have_text("1 of 4 have answered")
    desk.press("close the question")
    desk.press("go to the debrief")
    expect(desk.next).to_have_text("Nextsave the session page")


def test_nobody_need_answer_and_another_path_leads_back_to_all(come: Callable[..., Desk], room: ServedRoom):
    desk, voice = come().open(room.desk), room.desk_voice()
    desk.press("go to the guess")
    desk.press("open the question")
    desk.press("close the question")
    desk.press("reveal historical pace")
    played(voice, 3)
    expect(desk.next).to_have_text("Nextgo to the survey")
    voice.do("stage", stage="survey")
    voice.do("stage", stage="debrief")
    desk.button("Round 2: 2030–34").click()
    assert voice.fits(lambda view: view["look"] == 3 and view["result"])["result"]["last"] == 2034
    desk.button("All paths on the wall").click()
    voice.until("look", "paths")
    voice.do("branch", phase=4)
    played(voice, 1)
    desk.next.focus()
    desk.press("look at all paths")
    expect(desk.next).to_have_text("Nextsave the session page")


def test_a_page_that_is_being_made_says_so_and_is_not_asked_for_twice(come: Callable[..., Desk], room: ServedRoom):
    room.desk_voice().do("stage", stage="debrief")
    desk, held = come().open(room.desk), list[Route]()
    desk.page.route("**/room/file", lambda route: held.append(route))
    desk.next.click()
    expect(desk.page.locator(".desk-next")).to_have_text("Making the page …")
    expect(desk.next).to_have_count(0)
    with desk.page.expect_download():
        held[0].continue_()
    expect(desk.next).to_have_text("Nextsave the session page")


def test_the_desk_is_in_the_language_that_is_chosen_and_so_is_its_wall(come: Callable[..., Desk], room: ServedRoom):
    desk = come().open(room.desk)
    desk.page.get_by_label("Language of desk, wall and kit").select_option("zh")
    expect(desk.page.get_by_role("heading", name="议程")).to_be_visible()
    expect(desk.page.locator("[data-focus=wall]")).to_have_attribute("href", f"/wall?c={room.code}&l=zh")


def test_decisions_are_the_median_a_proposal_or_any_points(
    come: Callable[..., Desk], room: ServedRoom, phones: list[Voice]
):
    voice = room.desk_voice()
    voice.do("stage", stage="round")
    voice.do("ask", open=True)
    propose(phones, [4, 0, 0, 0, 0], [2, 2, 0, 0, 0], [0, 1, 0, 0, 0], [1, 1], reason="<img src=x onerror=alert(1)>")
    desk = come().open(room.desk)
    own = desk.look_at("Pacific")
    expect(own.locator("q")).to_have_text(["<img src=x onerror=alert(1)>"] * 3)
    expect(own.locator("img")).to_have_count(0)
    own.get_by_role("button", name="Adopt: No. 2").click()
    desk.decides("Pacific", "2", "2", "0", "0", "0")
    own.get_by_role("button", name="Adopt the median").click()
    desk.decides("Pacific", "2", "1", "0", "0", "0")
    for _ in range(3):
        own.get_by_role("button", name="Networking: more").click()
    own.get_by_role("button", name="Solidarity: less").click()
    expect(own.get_by_role("heading", name="Decide: 3 of 8 points left")).to_be_visible()
    own.get_by_role("button", name="Adopt these points").click()
    desk.decides("Pacific", "1", "1", "0", "0", "3")
    own.get_by_role("button", name="Strike: No. 1").click()
    expect(own.locator("li")).to_have_count(2)
    desk.button("Start over").click()
    desk.page.get_by_role("dialog").get_by_role("button", name="No").click()
    desk.button("+1 min").click()  # whatever was asked for before is done before
    assert voice.fits(lambda view: view["until"])["entries"] == 3
    desk.button("Start over").click()
    desk.page.get_by_role("dialog").get_by_role("button", name="Yes").click()
    voice.until("entries", 0)
    desk.decides("Pacific")


def test_where_people_sit_can_be_read_whole(come: Callable[..., Desk], room: ServedRoom, phones: list[Voice]):
    desk = come().open(room.desk)
    desk.page.get_by_role("heading", name="People (4)").click()
    seats = desk.page.locator(".desk-people select")
    expect(seats).to_have_count(len(phones))
    cut = "(node) => [node.offsetWidth, (node.style.width = 'max-content', node.offsetWidth)]"
    has, needs = seats.first.evaluate(cut)
    assert has >= needs


def test_a_survey_of_five_people_is_shown(come: Callable[..., Desk], room: ServedRoom, phones: list[Voice]):
    desk = come().open(room.desk)
    desk.page.locator("[data-focus=stage-survey]").click()
    desk.next.focus()
    desk.press("open the question")
    first, second = ACTIONS, (ACTIONS[0], *reversed(ACTIONS[1:]))
    for phone, order in zip([*phones, room.phone_voice("SEA")], [first, first, first, second, second], strict=True):
        phone.say("rank", order=order)
    expect(desk.page.locator(".desk-count")).to_have_text("5 of 5 have answered")
    expect(desk.page.locator(".desk-ranks")).to_have_count(0)
    desk.press("close the question")
    rows = desk.page.locator(".desk-ranks li")
    expect(rows).to_have_text(
        ["Solidarity1.0", "Transparency3.2", "Accountability3.4", "Financing3.6", "Networking3.8"]
    )
    desk.press("show the answers on the wall")
    expect(desk.next).to_have_text("Nextgo to the debrief")


def played(voice: Voice, rounds: int) -> None:
    for _ in range(rounds):
        for do in ({"do": "stage", "stage": "round"}, {"do": "lock", "locked": True}, {"do": "reveal"}):
            assert "done" in voice.do(**do)


def test_a_phase_is_decided_anew_on_a_path_of_its_own(come: Callable[..., Desk], room: ServedRoom):
    voice = room.desk_voice()
    played(voice, 2)
    desk = come().open(room.desk)
    paths = desk.page.locator(".desk-paths li")
    desk.button("Decide round 2 anew").click()
    desk.page.get_by_label("Name of the new path").fill("Money <i>first</i>")
    desk.page.keyboard.press("Enter")
    expect(paths).to_have_count(2)
    expect(paths.nth(1)).to_have_class("here")
    expect(paths.nth(1).locator(".desk-path")).to_have_text("Money <i>first</i>")
    expect(paths.nth(1).locator(".from-before")).to_have_text("1")
    expect(desk.page.get_by_role("heading", level=1)).to_have_text("Round 2, 2030–34: what to do?")
    desk.button("First path").click()
    expect(paths.nth(0)).to_have_class("here")
    voice.do("stage", stage="debrief")
    expect(desk.page.locator(".desk-title .desk-state")).to_have_text("First path")  # what the numbers are of
    assert (
        voice.fits(lambda view: len(view["branches"]) == 2 and view["branch"] == 1)["branches"][1]["name"]
        == "Money <i>first</i>"
    )


def test_two_desks_show_the_same_and_what_is_refused_is_said(come: Callable[..., Desk], room: ServedRoom):
    voice = room.desk_voice()
    played(voice, 1)
    desk, other = come().open(room.desk), come().open(room.desk)
    desk.button("Decide round 1 anew").click()
    other.button("Decide round 1 anew").click()
    other.button("Begin the path").click()
    for one in (desk, other):
        expect(one.page.locator(".desk-paths li")).to_have_count(2)
    desk.button("Begin the path").click()
    expect(desk.page.get_by_role("alert")).to_contain_text("annot be done now")
    desk.button("Close").click()
    expect(desk.page.get_by_role("alert")).to_be_empty()
    desk.button("Cancel").click()
    desk.next.click()
    for one in (desk, other):
        expect(one.page.locator(".desk-state").first).to_have_text("open")


def test_a_press_is_not_lost_where_votes_come_in_meanwhile(
    come: Callable[..., Desk], room: ServedRoom, phones: list[Voice]
):
    voice = room.desk_voice()
    voice.do("stage", stage="round")
    voice.do("ask", open=True)
    desk = come()
    with desk.page.expect_websocket() as opened:
        desk.open(room.desk)
    box = desk.button("Pacific").bounding_box()
    assert box
    desk.page.mouse.move(box["x"] + 40, box["y"] + 10)
    desk.page.mouse.down()
    with opened.value.expect_event("framereceived", lambda text: json.loads(text).get("view", {}).get("entries")):
        propose(phones, [4, 0, 0, 0, 0])
    desk.page.mouse.up()
    expect(desk.page.locator(".desk-proposals li")).to_have_count(1)


def test_without_phones_decisions_are_typed_at_the_desk(come: Callable[..., Desk], room: ServedRoom):
    room.desk_voice().do("stage", stage="round")
    desk = come().open(room.desk)
    own = desk.look_at("Pacific")
    own.get_by_role("button", name="Solidarity: more").click()
    own.get_by_role("button", name="Adopt these points").click()
    expect(desk.next).to_have_text("Nextfix the decisions")
    desk.decides("Pacific", "1", "0", "0", "0", "0")


def test_points_that_are_given_while_others_are_adopted_stay(come: Callable[..., Desk], room: ServedRoom):
    room.desk_voice().do("stage", stage="round")
    desk, held = come(), list[str | bytes]()
    lines: list[WebSocketRoute] = []

    def between(line: WebSocketRoute) -> None:
        """Pass all on until something is adopted, and from then on hold what the server says."""
        server = line.connect_to_server()
        server.on_message(lambda text: held.append(text) if lines else line.send(text))

        def said(text: str | bytes) -> None:
            if json.loads(text).get("do") == "adopt":
                lines.append(line)
            server.send(text)

        line.on_message(said)

    desk.page.route_web_socket("**/room/live", between)
    desk.open(room.desk)
    own = desk.look_at("Pacific")
    more = own.get_by_role("button", name="Solidarity: more")
    more.click()
    own.get_by_role("button", name="Adopt these points").click()
    more.click()
    expect(own.get_by_role("heading", name="Decide: 6 of 8 points left")).to_be_visible()
    room.desk_voice().fits(lambda view: view["decided"])
    (line,) = lines
    lines.clear()
    for text in held:
        line.send(text)
    desk.decides("Pacific", "1", "0", "0", "0", "0")
    expect(own.get_by_role("heading", name="Decide: 6 of 8 points left")).to_be_visible()


def test_people_are_moved_and_sent_away(come: Callable[..., Desk], room: ServedRoom, phones: list[Voice]):
    phones[1].say("describe", delegation="Pacific", name="Ana <b>")
    desk = come().open(room.desk)
    desk.page.get_by_text("People (4)").click()
    desk.page.get_by_label("Delegation of Ana <b>").select_option("secretariat")
    expect(desk.page.locator(".desk-seats li", has_text="Secretariat")).to_contain_text("1")
    desk.button("Remove No. 3").click()
    desk.page.get_by_role("dialog").get_by_role("button", name="Yes").click()
    expect(desk.page.locator(".desk-people li")).to_have_count(3)
    expect(desk.page.locator(".desk-people li > span")).to_have_text(["No. 1", "Ana <b>", "No. 4"])


def test_another_facilitator_is_let_in_and_shown_out(come: Callable[..., Desk], room: ServedRoom):
    desk, other = come().open(room.desk), come()
    desk.page.get_by_text("Another facilitator", exact=True).click()
    desk.button("Make a link").click()
    link = desk.page.get_by_label("Link for another facilitator").input_value()
    picture = desk.page.get_by_role("img", name="The address as a picture for cameras")
    assert picture.evaluate("(node) => node.decode().then(() => node.naturalWidth)") > 0
    other.open(link)
    desk.button("Withdraw all others").click()
    desk.page.get_by_role("dialog").get_by_role("button", name="Yes").click()
    expect(other.page.get_by_label("Facilitator's secret")).to_be_visible()
    expect(other.page.get_by_role("alert")).not_to_be_empty()
    other.page.get_by_label("Facilitator's secret").fill(room.desk.partition("#")[2])
    other.button("Open the desk").click()
    expect(other.next).to_be_visible()


def test_files_are_saved(come: Callable[..., Desk], room: ServedRoom, phones: list[Voice]):
    voice = room.desk_voice()
    voice.do("stage", stage="round")
    voice.do("ask", open=True)
    propose(phones, [4, 0, 0, 0, 0], [2, 2, 0, 0, 0])
    desk = come().open(room.desk)
    desk.page.get_by_text("Files", exact=True).click()
    with desk.page.expect_download() as got:
        desk.button("Proposals and decisions (CSV)").click()
    rows = list(csv.DictReader(io.StringIO(Path(got.value.path()).read_text("utf-8-sig"))))
    assert got.value.suggested_filename == f"{room.code}-votes.csv"
    assert [row["delegation"] for row in rows] == ["Pacific", "Pacific"]


def test_brief_and_scenarios_wait_for_a_round_that_counts(come: Callable[..., Desk], room: ServedRoom):
    voice, desk = room.desk_voice(), come().open(room.desk)
    desk.page.get_by_text("Files", exact=True).click()
    files = [desk.button(name) for name in ("Brief, four sheets", "Scenarios of all paths (ZIP)")]
    for stage, waits in (("practice", True), ("round", False)):
        for file in files:
            expect(file).to_be_disabled()
        expect(desk.button("Session page")).to_be_enabled()
        voice.do("stage", stage=stage)
        voice.do("lock", locked=True)
        voice.do("reveal")
        expect(desk.page.locator(".desk-outcome section")).to_have_count(5)
        expect(desk.page.get_by_text("Brief and scenarios: once the years")).to_have_count(int(waits))
    for file in files:
        expect(file).to_be_enabled()


def test_the_timer_runs_on_all_desks(come: Callable[..., Desk], room: ServedRoom):
    desk, other = come().open(room.desk), come().open(room.desk)
    desk.button("Start 5 min").click()
    desk.button("+1 min").click()
    for one in (desk, other):
        expect(one.page.get_by_role("timer")).to_have_text(re.compile(r"^(6:00|5:5\d)$"))
    other.button("Stop").click()
    for one in (desk, other):
        expect(one.page.get_by_role("timer")).to_have_text("–:––")


def test_a_desk_comes_back_after_the_server_was_killed(come: Callable[..., Desk], room: ServedRoom):
    desk = come().open(room.desk)
    desk.press("go to the guess")
    room.kill()
    expect(desk.page.get_by_role("alert")).to_contain_text("No connection")
    room.start()
    expect(desk.page.get_by_role("alert")).to_be_empty()
    desk.next.focus()
    desk.press("open the question")


@pytest.mark.parametrize("screen", [LAPTOP, PHONE], ids=["laptop", "phone"])
@pytest.mark.parametrize("locale", ["en-GB", "zh-CN"])
def test_a_desk_can_be_used_by_everybody(
    come: Callable[..., Desk], room: ServedRoom, phones: list[Voice], locale: str, screen: dict[str, int]
):
    voice = room.desk_voice()
    desk = come(locale=locale, viewport=screen)
    page = desk.page

    def look() -> None:
        assert grave(desk) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= screen["width"]

    page.goto(f"{room.url}/desk")
    expect(page.locator("#secret")).to_be_visible()
    look()
    page.goto("about:blank")
    desk.open(room.desk)
    for key in ("people", "way_in", "helpers", "files"):
        page.locator(f"[data-focus={key}]").click()
    expect(page.locator(".desk-people li")).to_have_count(4)
    look()
    for stage in ("predict", "round", "survey"):
        voice.do("stage", stage=stage)
        voice.do("ask", open=True)
        desk.at({"round": "round2"}.get(stage, stage))
        expect(page.locator(".desk-state.open")).to_be_visible()
        if stage == "round":
            propose(phones, [4, 0, 0, 0, 0], [2, 2, 0, 0, 0], reason="because")
            page.locator("[data-focus=look-Pacific]").click()
            expect(page.locator(".desk-proposals li")).to_have_count(2)
        look()
    voice.do("stage", stage="round")
    voice.do("lock", locked=True)
    voice.do("deal")
    desk.at("round2")
    expect(page.locator(".desk-drawn")).to_be_visible()
    look()
    voice.do("reveal")
    expect(page.locator(".desk-outcome section")).to_have_count(5)
    page.locator("[data-focus=rewind-2]").click()
    look()
