"""The phone of a room in a browser: from the code to what came of it, and what becomes of votes on the way."""

import json
import re
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import foresight_ui
import pytest
from foresight_ui.words import LANGUAGES
from playwright.sync_api import Browser, Page, expect
from room_served import ServedRoom, Voice
from visits import PATIENCE, grave

pytestmark = pytest.mark.costly

ASSETS = Path(foresight_ui.__file__).parent / "assets" / "room"
PHONE = {"width": 360, "height": 740}
LIMIT = 100_000  # bytes

#: What a phone shows while a question is open, by the part of the agenda.
SCENES = {"predict": "predict", "round": "propose", "survey": "rank"}

#: What browsers of 2019 do not read, or do not have.
NEWER = {
    "optional chaining": r"\?\.(?!\d)",
    "nullish": r"\?\?",
    "power assignment": r"\*\*=",
    "catch without a name": r"\bcatch\s*\{",
    "spread of objects": r"\{\s*\.\.\.|,\s*\.\.\.\w+(?:\.\w+)*\s*\}",
    "private field": r"(?:\.|^\s*)#\w",
    "module": r"^\s*(?:import|export)\b|\bimport\(",
    "generator": r"\basync\s*\*|\bfor\s+await\b",
    "number": r"\b\d+n\b|\d_\d",
    "method": r"\.(?:at|flat|flatMap|replaceAll|matchAll|finally|replaceChildren|trimStart|fromEntries|allSettled)\(",
}


class Phone:
    """Somebody with a phone."""

    def __init__(self, page: Page, room: ServedRoom) -> None:
        self.page, self.room = page, room
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def join(self, delegation: str = "") -> "Phone":
        """Come by the picture for cameras, and sit down."""
        self.page.goto(self.room.join)
        self.sit(delegation or "Just watch")
        return self

    def sit(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    @property
    def heading(self) -> Any:
        return self.page.get_by_role("heading", level=1)

    @property
    def send(self) -> Any:
        return self.page.locator(".send")

    def give(self, lever: str, points: int) -> None:
        self.page.get_by_role("group", name=lever).locator("label").nth(points).click()

    def send_and_wait(self) -> None:
        self.send.click()
        expect(self.send).to_have_text("✓ Saved")


@pytest.fixture
def come(browser: Browser, room: ServedRoom) -> Iterator[Callable[..., Phone]]:
    """Make phones, under the rules that the server gives browsers; nothing must go wrong on any."""
    phones: list[Phone] = []

    def one(before: str = "", **options: Any) -> Phone:
        context = browser.new_context(**{"viewport": PHONE, "has_touch": True, "locale": "en-GB", **options})
        context.set_default_timeout(PATIENCE)
        if before:
            context.add_init_script(before)
        phones.append(Phone(context.new_page(), room))
        return phones[-1]

    yield one
    for phone in phones:
        phone.page.context.close()
        assert phone.errors == []


def ask(desk: Voice, stage: str) -> None:
    desk.do("stage", stage=stage)
    desk.do("ask", open=True)


def after_all(desk: Voice) -> dict[str, Any]:
    """Return a view of what is there now: that of the timer that is started."""
    desk.do("time", seconds=60)
    return desk.fits(lambda view: view["until"])


def test_from_the_code_to_what_came_of_it(come: Callable[..., Phone], room: ServedRoom, desk: Voice):
    phone = come()
    page = phone.page
    page.goto(f"{room.url}/join")
    page.get_by_label("Six letters").fill("zzzzzz" if room.code != "ZZZZZZ" else "yyyyyy")
    page.get_by_role("button", name="Join").click()
    expect(page.get_by_role("alert")).to_have_text(re.compile("no room", re.IGNORECASE))
    page.get_by_label("Six letters").fill(f"{room.code[:3].lower()} {room.code[3:]}")
    page.get_by_role("button", name="Join").click()
    page.get_by_text("Say who you are").click()
    page.get_by_label("Name").fill("Mele <b>x</b>")
    page.get_by_label("Expert in government").check()
    phone.sit("Pacific")
    expect(phone.heading).to_have_text("You are in. Look at the wall.")
    person = desk.fits(lambda view: view["people"] and view["persons"][0]["name"])["persons"][0]
    assert (person["name"], person["delegation"], person["group"]) == ("Mele <b>x</b>", "Pacific", "government_expert")

    ask(desk, "predict")
    expect(phone.send).to_be_disabled()
    page.get_by_role("slider").click()
    expect(page.locator("output")).to_have_text("2.0")
    page.get_by_role("slider").press("ArrowLeft")
    page.get_by_role("button", name="Less").click()
    expect(page.locator("output")).to_have_text("1.8")
    phone.send_and_wait()
    assert desk.until("entries", 1)["spread"]["steps"]["values"] == [1.8]
    desk.do("ask", open=False)
    expect(phone.heading).to_have_text("Thank you. Look at the wall.")
    expect(page.locator(".mine")).to_contain_text("1.8 steps")
    desk.do("stage", stage="base")
    expect(page.locator("main")).to_contain_text("You guessed 1.8.")
    expect(page.locator(".outcome h2")).to_have_text(["Pacific", "The whole region"])

    ask(desk, "round")
    expect(phone.heading).to_have_text("What should you do, 2025–\u20602029?")
    phone.give("Solidarity", 4)
    phone.give("Financing", 3)
    expect(page.locator(".purse")).to_contain_text("1 of 8 points left")
    expect(page.get_by_role("group", name="Transparency").get_by_role("radio").nth(2)).to_be_disabled()
    expect(page.get_by_role("group", name="Financing").locator(".effect")).to_have_text("pace × 2.8")
    page.get_by_label("Why?").fill("Money first <script>1</script>")
    phone.send_and_wait()
    entry = desk.until("entries", 1)["persons"][0]["entry"]
    assert entry == {"points": [4, 0, 0, 3, 0], "reason": "Money first <script>1</script>", "delegation": "Pacific"}
    phone.give("Financing", 2)
    expect(phone.send).to_have_text("Send the change")
    phone.send_and_wait()
    page.get_by_role("button", name="Solidarity").click()
    expect(page.get_by_role("group", name="Solidarity")).to_contain_text("First step: Says in public")
    desk.do("adopt", delegation="Pacific", how="value", points=[4, 4, 0, 0, 0])
    desk.do("lock", locked=True)
    expect(phone.heading).to_have_text("It is decided. Look at the wall.")
    expect(page.locator(".mine dd")).to_have_text(["4", "4", "0", "0", "0", "4", "0", "0", "2", "0"])
    desk.do("deal", card="crisis")
    expect(page.locator(".card h2")).to_have_text("A crisis")
    desk.do("reveal")
    expect(phone.heading).to_have_text("By 2029")
    promised = desk.fits(lambda view: view["seen"] == 2 and view["result"])["result"]["delegations"]["Pacific"][
        "promised"
    ]
    expect(page.locator(".outcome").first.locator(".bar strong").first).to_have_text(f"{promised:.2f}")
    desk.do("time", seconds=60)
    expect(page.get_by_role("timer")).to_have_text(re.compile(r"^(1:00|0:5\d)$"))

    ask(desk, "survey")
    for name in ("Financing", "Solidarity", "Transparency", "Networking"):
        page.get_by_role("button", name=name).click()
    expect(phone.send).to_have_text("1 still to rank")
    expect(phone.send).to_be_disabled()
    page.get_by_role("button", name="Solidarity").click()
    for name in ("Accountability", "Solidarity"):
        page.get_by_role("button", name=name).click()
    phone.send_and_wait()
    person = desk.until("entries", 1)["persons"][0]
    assert (person["answered"], person["entry"]) == (True, None)  # nobody reads who ranked how
    forget = "name => localStorage.setItem(name, localStorage.getItem(name).replace('\"draft\"', '\"old\"'))"
    page.evaluate(forget, f"foresight.room.{room.code}")
    page.reload()
    expect(page.locator(".ranked b")).to_have_text(["5", "2", "4", "1", "3"])
    desk.do("ask", open=False)
    expect(phone.heading).to_have_text("Thank you. Look at the wall.")
    expect(page.locator(".mine dt")).to_have_text(["1", "2", "3", "4", "5"])


def test_practice_says_that_it_is_practice(come: Callable[..., Phone], desk: Voice):
    phone = come().join("Pacific")
    place = phone.page.locator("#place")
    expect(place).to_have_text("Pacific")
    ask(desk, "practice")
    expect(place).to_have_text("Practice · Pacific")
    desk.do("stage", stage="round")
    expect(place).to_have_text("Pacific")


def test_a_long_name_and_its_ring_stay_in_their_card(come: Callable[..., Phone], desk: Voice):
    phone = come().join("Development partners")
    ask(desk, "round")
    cards = phone.page.locator(".lever")
    expect(cards).to_have_count(2)
    for card in cards.all():
        name = card.locator(".named")
        name.click()
        outside = name.evaluate(
            """(node) => {
              const box = (one) => one.getBoundingClientRect();
              const style = getComputedStyle(node);
              const reach = parseFloat(style.outlineOffset) + parseFloat(style.outlineWidth);
              const card = node.closest(".lever");
              const [edge, own, meaning] = [card, node, card.querySelector(".meaning")].map(box);
              return [edge.top - (own.top - reach), own.bottom + reach - meaning.top - 4]; // 4: above its first letters
            }"""
        )
        assert max(outside) <= 0


def test_what_is_half_entered_survives_a_reload_and_so_does_who_one_is(come: Callable[..., Phone], desk: Voice):
    phone, sent = come(), list[Any]()
    phone.page.on("websocket", lambda line: line.on("framesent", lambda text: sent.append(json.loads(text))))
    phone.join("Pacific")
    ask(desk, "round")
    phone.give("Solidarity", 2)
    phone.page.get_by_label("Why?").fill("not sent yet")
    phone.page.reload()
    expect(phone.page.get_by_label("Why?")).to_have_value("not sent yet")
    expect(phone.page.get_by_role("group", name="Solidarity").get_by_role("radio").nth(2)).to_be_checked()
    expect(phone.send).to_have_text("Send")
    assert desk.until("people", 1)["entries"] == 0
    phone.send_and_wait()
    desk.until("entries", 1)
    assert len([message for message in sent if message.get("say") == "propose"]) == 1


def test_a_vote_made_while_the_server_was_gone_arrives_by_itself(
    come: Callable[..., Phone], room: ServedRoom, desk: Voice
):
    phone = come().join("Pacific")
    ask(desk, "round")
    phone.give("Solidarity", 1)
    phone.send_and_wait()
    room.kill()
    expect(phone.page.get_by_role("status").last).to_have_text("No connection. Trying again …")
    phone.give("Solidarity", 3)
    phone.send.click()
    expect(phone.page.get_by_role("status").last).to_have_text(
        "No connection. Your answer is kept, and sent by itself."
    )
    room.start()
    expect(phone.send).to_have_text("✓ Saved")
    persons = room.desk_voice().fits(bool)["persons"]
    assert [(one["person"], one["entry"]["points"]) for one in persons] == [(1, [3, 0, 0, 0, 0])]


def test_a_phone_that_slept_opens_a_new_line(come: Callable[..., Phone], desk: Voice):
    counted = "constructor(to) { super(to); window.lines = (window.lines || 0) + 1; }"
    counted = f"window.WebSocket = class extends WebSocket {{ {counted} }};"
    phone = come(before=counted).join("Pacific")
    expect(phone.heading).to_have_text("You are in. Look at the wall.")
    phone.page.evaluate(
        """() => {
          const now = Date.now;
          const turn = (hidden) => {
            Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
            document.dispatchEvent(new Event("visibilitychange"));
          };
          turn(true);
          turn(false); // at once: the line is still trusted
          turn(true);
          Date.now = () => now() + 600000;
          turn(false);
          Date.now = now;
        }"""
    )
    ask(desk, "round")
    phone.give("Solidarity", 1)
    phone.send_and_wait()
    assert phone.page.evaluate("window.lines") == 2
    assert len(desk.fits(lambda view: view["entries"])["persons"]) == 1


def test_a_vote_that_comes_too_late_does_not_count_for_the_next_question(
    come: Callable[..., Phone], room: ServedRoom, desk: Voice
):
    phone = come().join("Pacific")
    ask(desk, "round")
    phone.give("Solidarity", 1)
    room.kill()
    expect(phone.page.get_by_role("status").last).to_have_text("No connection. Trying again …")
    phone.send.click()
    phone.page.goto("about:blank")
    room.start()
    other = room.desk_voice()
    other.do("lock", locked=True)
    other.do("reveal")
    ask(other, "round")
    phone.page.goto(room.join)
    expect(phone.heading).to_have_text("What should you do, 2030–\u20602034?")
    expect(phone.page.get_by_role("status").last).to_have_text("Your last answer came too late.")
    assert after_all(other)["entries"] == 0


@pytest.mark.parametrize(
    "before",
    [
        pytest.param(
            "Object.defineProperty(window, 'localStorage', { get() { throw new Error('no'); } });", id="no store"
        ),
        pytest.param(
            "window.WebSocket = class { constructor() { setTimeout(() => this.onclose(), 0); } close() {} };",
            id="no sockets",
        ),
    ],
)
def test_a_phone_that_lacks_something_does_without(come: Callable[..., Phone], desk: Voice, before: str):
    phone = come(before=before).join("Pacific")
    ask(desk, "round")
    phone.give("Accountability", 4)
    phone.send_and_wait()
    assert desk.until("entries", 1)["persons"][0]["entry"]["points"] == [0, 0, 4, 0, 0]
    desk.do("ask", open=False)
    expect(phone.heading).to_have_text("Thank you. Look at the wall.")


def test_somebody_new_can_sit_down_before_the_line_is_open(come: Callable[..., Phone], room: ServedRoom, desk: Voice):
    held = "window.Own = WebSocket; window.WebSocket = class { constructor() { window.held = this; } close() {} };"
    phone = come(before=held)
    phone.page.goto(room.join)
    phone.sit("South-East Asia")
    expect(phone.heading).to_have_text("Joining …")
    assert after_all(desk)["people"] == 0
    phone.page.evaluate("() => { window.WebSocket = window.Own; window.held.onclose(); }")
    expect(phone.heading).to_have_text("You are in. Look at the wall.")
    desk.fits(lambda view: [person["delegation"] for person in view["persons"]] == ["SEA"])


@pytest.mark.parametrize("code", ["ZZZZZ", "<script>", ""])
def test_a_page_knows_no_room_of_another_code(room: ServedRoom, code: str):
    with urllib.request.urlopen(f"{room.url}/join?c={quote(code)}") as answer:
        page = answer.read().decode()
    assert '"known":null' in page
    assert "Suva" not in page


def test_who_is_sent_away_is_told_and_forgotten(come: Callable[..., Phone], room: ServedRoom, desk: Voice):
    phone = come().join("Pacific")
    desk.until("people", 1)
    desk.do("remove", person=1)
    expect(phone.page.get_by_label("Six letters")).to_have_value(room.code)
    expect(phone.page.get_by_role("alert")).not_to_be_empty()
    kept = phone.page.evaluate("name => JSON.parse(localStorage.getItem(name)).token", f"foresight.room.{room.code}")
    assert kept == ""


def test_who_watches_or_was_moved_sees_what_is_theirs(come: Callable[..., Phone], desk: Voice):
    phone = come().join()
    ask(desk, "round")
    expect(phone.heading).to_have_text("Delegations are deciding. You watch.")
    desk.do("seat", person=1, delegation="secretariat")
    expect(phone.page.get_by_role("group", name="Technical assistance")).to_be_visible()
    expect(phone.page.locator(".purse")).to_contain_text("4 of 4 points left")


def test_a_phone_can_be_used_by_everybody_in_every_scene(come: Callable[..., Phone], room: ServedRoom, desk: Voice):
    phones = [come(locale=locale) for locale in ("en-GB", "zh-CN", "ru-RU")]

    def look() -> None:
        for phone in phones:
            assert grave(phone) == []
            assert phone.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]

    for phone in phones:
        phone.page.goto(f"{room.url}/join")
        expect(phone.page.locator("#code")).to_be_visible()
    look()
    for phone in phones:
        phone.page.goto(room.join)
        expect(phone.page.locator(".places button")).to_have_count(8)
    look()
    for phone in phones:
        phone.page.locator(".places button").first.click()
        expect(phone.page.locator("main.wait")).to_be_visible()
    look()
    for stage, scene in SCENES.items():
        ask(desk, stage)
        for phone in phones:
            expect(phone.page.locator(f"main.{scene}")).to_be_visible()
        look()
    desk.do("stage", stage="base")
    for phone in phones:
        expect(phone.page.locator("main.result")).to_be_visible()
    look()


def test_targets_are_large_enough_for_a_thumb(come: Callable[..., Phone], desk: Voice):
    phone = come().join("Secretariat")
    for stage, scene in SCENES.items():
        ask(desk, stage)
        expect(phone.page.locator(f"main.{scene} .send")).to_be_visible()
        sizes = phone.page.locator("main button, main label:has(input), main input[type=range]").evaluate_all(
            "all => all.map(one => one.getBoundingClientRect()).map(one => Math.min(one.height, one.width))"
        )
        assert min(sizes) >= 44


def test_the_script_of_a_phone_is_read_by_old_browsers():
    for path in sorted(ASSETS.glob("phone*.js")):
        script = re.sub(r"^\s*(?://|/?\*).*$", "", path.read_text("utf-8"), flags=re.MULTILINE)
        found = [name for name, newer in NEWER.items() if re.search(newer, script, re.MULTILINE)]
        assert found == [], path.name


@pytest.mark.parametrize(
    "newer",
    [
        "a?.b",
        "a ?? b",
        "a **= 2",
        "catch {",
        "f({ ...a })",
        "{ b, ...a }",
        "this.#a",
        "  #a = 1",
        "import a from",
        "a.flat()",
    ],
)
def test_what_is_newer_is_found(newer: str):
    assert any(re.search(one, newer, re.MULTILINE) for one in NEWER.values())


def test_the_page_is_small_and_all_there_is(come: Callable[..., Phone], room: ServedRoom):
    for language in LANGUAGES:
        with urllib.request.urlopen(f"{room.url}/join?l={language}") as answer:
            assert len(answer.read()) <= LIMIT
    phone = come()
    asked: list[str] = []
    phone.page.on("request", lambda request: asked.append(request.url))
    phone.join("Pacific")
    expect(phone.heading).to_have_text("You are in. Look at the wall.")
    assert [url for url in asked if not url.startswith("data:")] == [room.join]
    texts = json.loads(phone.page.locator("#texts").text_content() or "")
    assert texts["language"] == "en"
