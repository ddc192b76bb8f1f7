"""The first screen says one thing in every window: few words, a whole chart, and no country further than a click."""

import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Locator, expect
from visits import PHONE

pytestmark = pytest.mark.costly

MOST_WORDS = 160
FULL_HD = {"width": 1920, "height": 1080}

#: Texts that are seen in the window; of a choice what is chosen.
SEEN = """() => {
    const texts = [], range = document.createRange();
    const inSight = ({ width, bottom, top, right }) => width > 1 && bottom > 0 && top < innerHeight && right > 0;
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const node = walker.currentNode, parent = node.parentElement;
        if (parent.closest("option, script, style, .visually-hidden, .chart-live")) continue;
        if (!parent.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
        if (parent.clientWidth === 1) continue; // for those who listen
        range.selectNodeContents(node);
        if (inSight(range.getBoundingClientRect())) texts.push(node.data);
    }
    for (const one of document.querySelectorAll("select")) {
        if (one.checkVisibility() && inSight(one.getBoundingClientRect())) texts.push(one.selectedOptions[0].text);
    }
    return texts.join(" ");
}"""


def words_in_sight(screen: Any) -> list[str]:
    """Return the words in the window; codes of members on tiles and numbers are none."""
    seen = screen.page.evaluate(SEEN).split()
    return [word for word in seen if re.search(r"[^\W\d_]", word) and not re.fullmatch(r"[A-Z]{3}", word)]


def inside(box: dict[str, float], window: dict[str, int]) -> bool:
    """Return whether something is wholly in a window."""
    return box["y"] >= 0 and box["x"] >= 0 and box["y"] + box["height"] <= window["height"]


#: Whether the chart is wholly in sight above the levers, which make place for it once they are open.
ABOVE_LEVERS = """() => {
    const box = (name) => document.querySelector(name).getBoundingClientRect();
    const { x, y, bottom } = box(".charts .card:not([hidden]) figure .chart-plot > svg");
    return x >= 0 && y >= 0 && bottom <= Math.floor(box(".side").y);
}"""


def plot(screen: Any) -> Locator:
    return screen.page.locator(".charts figure:visible .chart-plot > svg")


def test_the_first_screen_has_few_words_and_one_whole_chart(screen):
    screen.open()
    expect(screen.page.locator(".tagline")).to_have_text("Multilateral action in Asia and the Pacific, to 2040")
    assert len(words_in_sight(screen)) <= MOST_WORDS
    box = plot(screen).bounding_box()
    assert inside(box, {"width": 1280, "height": 800})
    assert box["width"] >= 0.4 * 1280
    expect(plot(screen)).to_contain_text("1 Infrastructure of change")
    expect(plot(screen)).to_contain_text("should be done by 2025")


def test_on_a_phone_results_and_a_chart_are_above_the_fold_and_levers_leave_the_chart_in_sight(visitor):
    screen = visitor(viewport=PHONE, has_touch=True).open()
    expect(screen.page.locator(".future-name")).to_have_text("Historical pace")
    expect(screen.page.locator(".future-name")).to_be_visible()
    expect(screen.page.locator(".tagline")).to_be_visible()
    assert screen.page.locator("header.top").bounding_box()["height"] < 100
    drawer = screen.page.locator(".drawer > summary")
    fold = {**PHONE, "height": int(drawer.bounding_box()["y"])}
    assert all(inside(tile.bounding_box(), fold) for tile in screen.page.locator(".result").all())
    assert inside(plot(screen).bounding_box(), fold)
    drawer.click()
    expect(screen.slider("Transparency")).to_be_visible()
    screen.page.wait_for_function(ABOVE_LEVERS)
    assert screen.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


@pytest.mark.parametrize("window", [{"width": 1280, "height": 800}, FULL_HD], ids=["small", "large"])
def test_charts_fill_the_window(visitor: Callable[..., Any], window: dict[str, int]):
    screen = visitor(viewport=window).open()
    for card in (".chart-pages", ".who"):
        box = screen.page.locator(card).bounding_box()
        assert 0.95 * window["height"] < box["y"] + box["height"] <= window["height"]
    assert plot(screen).bounding_box()["height"] > 0.5 * window["height"]
    tiles = screen.page.locator("#map .chart-plot > svg")
    lowest = max(tile.bounding_box()["y"] + tile.bounding_box()["height"] for tile in tiles.locator(".tile").all()[-3:])
    assert lowest > tiles.bounding_box()["y"] + 0.75 * tiles.bounding_box()["height"]


def test_results_say_what_was_changed(screen):
    screen.open()
    changes = screen.page.locator(".result-change")
    expect(changes).to_have_text([""] * 4)
    screen.set("Transparency", 2.5)
    expect(changes.first).to_have_text(re.compile(r"▲ \+0\.\d\d"))
    expect(screen.page.locator(".range")).to_contain_text("More transparency added")
    screen.page.get_by_role("button", name="Undo").click()
    expect(changes).to_have_text([""] * 4)


def test_base_and_before_are_drawn_and_named_beside_now(screen):
    screen.open()
    labels = screen.page.locator("#delivered .label, #delivered .label-before").locator("visible=true")
    expect(labels).to_have_text([re.compile(r"^\d\.\d$")])
    screen.set("Transparency", 2.5)
    expect(labels).to_have_text([re.compile(r"^\d\.\d+ now$"), re.compile(r"^\d\.\d+ before$")])
    screen.set("Transparency", 6)
    three = [re.compile(rf"^\d\.\d+ {name}$") for name in ("now", "before", "unchanged")]
    expect(labels).to_have_text(three)


def test_ends_that_lie_near_have_a_digit_more_and_equal_ones_are_said_once(screen):
    screen.open()
    labels = screen.page.locator("#delivered .label, #delivered .label-before").locator("visible=true")
    screen.set("Networking", 1.1)
    expect(labels).to_have_text([re.compile(r"^\d\.\d\d now$"), re.compile(r"^\d\.\d\d before$")])
    now = str(labels.first.text_content())
    screen.set("Networking", 1.101)
    expect(labels).to_have_text([now, re.compile(r"^\d\.\d\d unchanged$")])


def test_the_axis_shows_what_is_needed_or_the_whole_scale(screen):
    screen.open()
    names = screen.page.locator("#delivered .level")
    expect(names).to_have_text(["nothing yet", "1 Infrastructure of change", "2 Growing trust"])
    whole = screen.page.locator("#delivered").get_by_role("button", name="Whole scale")
    whole.click()
    expect(names).to_have_count(5)
    expect(names.last).to_have_text("4 Full action")
    screen.page.locator("#delivered").get_by_role("button", name="Closer").click()
    expect(names).to_have_count(3)


def test_the_axis_grows_at_once_and_gets_smaller_only_when_the_hand_rests(screen):
    screen.open()
    window = """async (moves) => {
        const { makeWindow } = await import("./assets/charts/window.js");
        const one = makeWindow([0, 4], 1);
        return moves.map((most) => { if (most === null) one.settle(); else one.hold(0, most); return one.domain[1]; });
    }"""
    assert screen.page.evaluate(window, [1.2, 1.9, 2.3, 1.2, 1.2, None, 1.2]) == [2, 2, 3, 3, 3, 2, 2]


def test_ones_own_country_is_framed_named_and_remembered(screen):
    screen.open()
    own = screen.page.locator(".own")
    frame = screen.page.locator("#map .tile-own")
    expect(frame).to_be_hidden()
    settled = screen.settled()
    own.get_by_label("My country").select_option("Fiji")
    expect(frame).to_be_visible()
    screen.wait_settled(settled)
    screen.page.wait_for_function("localStorage.getItem('foresight.country') === 'FJI'")
    expect(own.locator(".own-numbers")).to_have_text(re.compile(r"^\d\.\d\d$"))
    screen.set("Transparency", 2.5)
    numbers = own.locator(".own-numbers")
    expect(numbers).to_contain_text(" → ")
    before, now = map(float, numbers.inner_text().split(" → "))
    assert now > before
    screen.page.evaluate("sessionStorage.clear()")
    screen.open()
    expect(own.get_by_label("My country")).to_have_value("FJI")
    own.get_by_role("link", name="open").click()
    screen.shows("Fiji")


def test_tiles_show_changes_once_there_are_any(screen):
    screen.open()
    expect(screen.page.get_by_role("heading", name="Where members stand")).to_be_visible()
    screen.set("Transparency", 2.5)
    expect(screen.page.get_by_role("heading", name="Who gains")).to_be_visible()
    expect(screen.page.locator(".who-head")).to_contain_text("against Historical pace")
    tiles = screen.page.locator("#map .chart-plot > svg")
    tiles.focus()
    tiles.press("ArrowDown")
    expect(screen.page.locator("#map .chart-tip")).to_have_text(re.compile(r"\d\.\d\d → \d\.\d\d"))


def test_another_scenario_shows_who_gains_as_soon_as_it_is_open(screen):
    screen.open()
    screen.page.get_by_label("Scenario", exact=True).select_option("baiji-returns")
    expect(screen.page.get_by_role("heading", name="Who gains")).to_be_visible()
    expect(screen.page.locator(".who-head")).to_contain_text("against Historical pace")


def test_lines_are_told_apart_without_their_colours(screen):
    screen.open()
    screen.page.keyboard.press("2")
    lines = screen.page.locator("#actions .lines .median")
    patterns = lines.evaluate_all("(all) => all.map((line) => getComputedStyle(line).strokeDasharray)")
    assert len(patterns) == len(set(patterns)) == 5
    expect(screen.page.locator("#actions .lines .label").locator("visible=true")).to_have_count(5)


def test_headings_do_not_jump(screen):
    for wall in (False, True):
        screen.open()
        if wall:
            screen.wall()
        levels = screen.main.get_by_role("heading").evaluate_all(
            "(all) => all.map(({ tagName }) => Number(tagName[1]))"
        )
        assert levels[0] == 1
        assert all(after - before <= 1 for before, after in pairwise(levels))


@pytest.mark.parametrize(
    ("tile", "rests"),
    [("delivered", "Pace of delivery"), ("overdue", "Patience with pledges"), ("trust", "Trust in 2017")],
    ids=["delivered", "overdue", "trust"],
)
def test_a_press_on_a_result_says_what_it_is_and_leads_to_what_it_rests_on(screen, tile: str, rests: str):
    screen.open()
    screen.page.locator(f'[data-result="{tile}"]').click()
    about = screen.page.get_by_role("dialog")
    expect(about).to_contain_text(rests)
    about.get_by_role("link", name="See these assumptions").click()
    screen.shows("Assumptions")
    expect(about).to_have_count(0)


#: Which of some parts of the page lie below a part, wholly or a little.
BELOW = """([name, others]) => {
    const box = (node) => node.getBoundingClientRect(), a = box(document.querySelector(name));
    const meets = (b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
    return [...document.querySelectorAll(others)].filter((node) => meets(box(node))).map((node) => node.className);
}"""


def test_news_cover_nothing_and_go_with_the_page(screen):
    screen.open()
    screen.page.get_by_label("Scenario", exact=True).select_option("baiji-returns")
    expect(screen.message()).to_contain_text("Opened “Baiji returns”")
    assert screen.page.evaluate(BELOW, [".message", "h1, .result, .card, .side, .top"]) == []
    left = """() => {
        document.querySelector(".menu a[href='#why']").click();
        return document.querySelectorAll(".message").length;
    }"""
    assert screen.page.evaluate(left) == 0  # at once, before the new page comes


def test_an_axis_holds_what_was_before_a_move(screen):
    """Money that was asked for before is not cut off at the edge of what is asked for now."""
    screen.open()
    for name in ("paper-promises", "historical-pace"):
        settled = screen.settled()
        screen.page.get_by_label("Scenario", exact=True).select_option(name)
        screen.wait_settled(settled)
    screen.page.get_by_role("tab", name="Money").click()
    before = screen.page.locator("[data-chart=coverage] path.ghost").first
    expect(before).to_have_attribute("d", re.compile("L"))
    heights = [float(point.split(",")[1]) for point in re.split("[ML]", before.get_attribute("d"))[1:]]
    assert heights.count(min(heights)) == 1


def test_the_arrow_of_the_choice_of_scenarios_is_in_sight(screen):
    screen.open()
    assert screen.page.evaluate(BELOW, [".story summary", ".scenario > select"]) == []
