"""Present: one chart for a whole room, over the page or in a second window that follows the first."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from visits import grave

pytestmark = pytest.mark.costly

#: Of the projectors that rooms have.
SCREENS = ((1024, 768), (1280, 720), (1280, 800), (1366, 768), (1920, 1080))

#: The box of the plot of the stage, in pixels, and the sizes of its type.
MEASURED = """() => {
  const plot = document.querySelector(".present .chart-plot > svg");
  const { left, top, right, bottom } = plot.getBoundingClientRect();
  const size = (node) => parseFloat(getComputedStyle(node).fontSize);
  const text = plot.querySelector(".label, .lane-label, .group-label");
  const texts = [...plot.querySelectorAll("text")].filter((node) => node.textContent && node.checkVisibility());
  return { left, top, right, bottom, label: size(text), least: Math.min(...texts.map(size)),
    result: size(document.querySelector(".present-result")) };
}"""

#: The smallest wall with the shape of a screen. A window of its own for each size: none that was full is resized.
WALL = {"width": 1280, "height": 720}


def present(screen: Any) -> Any:
    """Fill the screen with the stage, and return it."""
    menu(screen, "Full screen")
    return staged(screen.page)


def menu(screen: Any, item: str) -> None:
    screen.page.locator("summary", has_text="Present").click()
    screen.page.get_by_role("button", name=item).click()


def staged(page: Page) -> Any:
    """Return the stage of a window, once it says what comes of the future that is open."""
    stage = page.get_by_role("region", name="Present")
    expect(stage.get_by_role("heading", level=1)).to_contain_text("of 4 steps by 2040")
    return stage


def charts(screen: Any) -> list[str]:
    """Return the names of the charts of the page, in their order."""
    return screen.page.locator("figure.chart").evaluate_all("all => all.map((one) => one.id)")


@pytest.mark.parametrize("size", SCREENS, ids=lambda size: f"{size[0]}x{size[1]}")
def test_every_chart_is_wholly_on_the_wall_and_large(visitor: Callable[..., Any], size: tuple[int, int]):
    width, height = size
    screen = visitor(viewport={"width": width, "height": height}).open()
    stage = present(screen)
    for number in range(1, 10):
        stage.press(str(number))
        expect(stage.locator(".present-place")).to_have_text(f"{number} / 9")
        found = screen.page.evaluate(MEASURED)
        assert found["left"] >= 0
        assert found["top"] >= 0
        assert found["right"] <= width
        assert found["bottom"] <= height
        share = (found["right"] - found["left"]) * (found["bottom"] - found["top"]) / (width * height)
        assert share >= 0.55, number
        assert found["bottom"] - found["top"] >= 0.6 * height, number
        assert found["result"] >= 40
    assert screen.page.evaluate("document.documentElement.scrollHeight") <= height


def test_names_of_lines_can_be_read_from_the_far_end_of_a_room(visitor: Callable[..., Any]):
    screen = visitor(viewport=WALL).open()
    stage = present(screen)
    for number in range(1, 9):
        stage.press(str(number))
        expect(stage.locator(".present-place")).to_have_text(f"{number} / 9")
        found = screen.page.evaluate(MEASURED)
        assert found["label"] >= 24
        assert found["least"] >= 18  # shares, and numbers of steps


def test_tiles_of_the_map_are_as_large_as_the_wall_lets_them_be(visitor: Callable[..., Any]):
    screen = visitor(viewport=WALL).open()
    stage = present(screen)
    stage.press("9")
    expect(stage.locator(".present-place")).to_have_text("9 / 9")
    boxes = stage.locator(".tile").evaluate_all("(all) => all.map((one) => one.getBoundingClientRect().toJSON())")
    assert len(boxes) == 58
    assert min(min(box["width"], box["height"]) for box in boxes) >= 60
    taken = [(box["left"], box["top"], box["right"], box["bottom"]) for box in boxes]
    assert not [(a, b) for a in taken for b in taken if a < b and a[2] > b[0] and b[1] < a[3] and a[1] < b[3]]


def test_the_roadmap_names_its_steps_in_type_as_large_as_that_of_other_charts(visitor: Callable[..., Any]):
    screen = visitor(viewport=WALL).open()
    number = charts(screen).index("opening") + 1
    stage = present(screen)
    stage.press(str(number))
    expect(stage.locator(".chart-legend li")).to_have_text(["2 Growing trust", "3 Higher ambition", "4 Full action"])
    expect(stage.locator(".milestone-word, .milestone-label")).to_have_text(["to open", "2", "3", "4"])
    sizes = "(all) => all.map((one) => parseFloat(getComputedStyle(one).fontSize))"
    assert min(stage.locator(".dot text, .share").evaluate_all(sizes)) >= 18


def test_the_result_says_in_which_range_most_futures_lie(screen: Any):
    screen.open()
    told = screen.page.locator(".range").inner_text()
    low, high = re.findall(r"\d\.\d", told)[:2]
    expect(present(screen).locator(".present-range")).to_have_text(f"8 of 10 futures: {low} to {high}")


def test_a_key_opens_one_scenario_after_the_other_under_its_name(screen: Any):
    screen.open()
    names = screen.page.get_by_label("Scenario", exact=True).locator("option").all_inner_texts()
    stage = present(screen)
    shown = stage.locator(".present-name")
    at = names.index(shown.inner_text())
    for name in (*names[at + 1 :], *names[: at + 1]):
        stage.press("s")
        expect(shown).to_have_text(name)
    assert float(shown.evaluate("(one) => parseFloat(getComputedStyle(one).fontSize)")) >= 22


def test_levers_on_the_wall_are_large_and_say_their_keys(visitor: Callable[..., Any]):
    stage = present(visitor(viewport={"width": 1920, "height": 1080}).open())
    hint = stage.locator(".present-hint")
    expect(hint).to_contain_text("S next scenario")
    stage.press("l")
    expect(hint).to_have_text("Tab next lever · ← → move it · Esc close")
    expect(hint).to_be_visible()
    inside = "(one) => one.getBoundingClientRect().right + 8 <= one.closest('aside').getBoundingClientRect().right"
    assert stage.get_by_role("slider").first.evaluate(inside)
    assert stage.locator(".lever-name").first.bounding_box()["height"] >= 24
    stage.press("Escape")
    expect(hint).to_contain_text("L levers")


def test_the_axis_names_the_steps(screen: Any):
    screen.open()
    stage = present(screen)
    stage.press("1")
    expect(stage.locator(".level")).to_have_text(
        ["nothing yet", "1 Infrastructure of change", "2 Growing trust", "3 Higher ambition", "4 Full action"]
    )


def test_nothing_but_the_stage_stands_on_the_wall_and_all_comes_back(screen: Any):
    screen.open()
    stage = present(screen)
    expect(screen.page.get_by_role("banner")).to_have_count(0)
    expect(screen.page.get_by_role("navigation")).to_have_count(0)
    expect(screen.page.get_by_role("slider")).to_have_count(0)
    stage.press("Escape")
    expect(stage).to_have_count(0)
    expect(screen.page.get_by_role("navigation")).to_be_visible()
    expect(screen.page.locator("summary", has_text="Present")).to_be_focused()


def test_keys_lead_from_chart_to_chart_and_a_reload_keeps_the_one_that_is_shown(screen: Any):
    screen.open()
    names = charts(screen)
    stage = present(screen)
    shown = stage.locator("figure")
    expect(shown).to_have_id(f"present-{names[0]}")
    stage.press("ArrowLeft")
    expect(shown).to_have_id(f"present-{names[-1]}")
    stage.press("PageDown")
    stage.press("ArrowRight")
    expect(shown).to_have_id(f"present-{names[1]}")
    stage.press("3")
    expect(shown).to_have_id(f"present-{names[2]}")
    screen.page.reload()
    expect(staged(screen.page).locator("figure")).to_have_id(f"present-{names[2]}")
    staged(screen.page).press("Escape")
    screen.page.reload()
    expect(screen.page.get_by_role("navigation")).to_be_visible()
    expect(stage).to_have_count(0)


def test_black_covers_all_until_it_is_pressed_again(screen: Any):
    screen.open()
    stage = present(screen)
    cover = "getComputedStyle(document.querySelector('.present'), '::after')"
    stage.press("b")
    screen.page.wait_for_function(f"{cover}.backgroundColor === 'rgb(0, 0, 0)' && {cover}.inset === '0px'")
    stage.press("b")
    screen.page.wait_for_function(f"{cover}.content === 'none'")


def test_years_are_played_one_by_one_and_end_with_all(visitor: Callable[..., Any]):
    screen = visitor()
    screen.page.clock.install()
    screen.open()
    stage = present(screen)
    screen.page.clock.pause_at(screen.page.evaluate("Date.now()") / 1000 + 60)
    result = stage.get_by_role("heading", level=1)
    line = stage.locator(".median.c0")

    def shows(year: int) -> None:
        expect(result).to_contain_text(str(year))
        expect(line).to_have_attribute("d", re.compile(rf"^([ML][^ML]*){{{year - 2016}}}$"))

    stage.press("p")
    for year in range(2017, 2040):
        shows(year)
        screen.page.clock.run_for(500)
    shows(2040)
    screen.page.clock.run_for(500)
    shows(2040)
    stage.press("p")
    shows(2017)
    stage.press("p")
    shows(2040)


def test_goals_are_shown_in_the_year_in_which_they_open(screen: Any):
    screen.open()
    number = charts(screen).index("opening") + 1
    stage = present(screen)
    stage.press(str(number))
    dots = stage.locator(".dot:visible")
    expect(dots).to_have_count(15)
    stage.press("p")
    expect(dots).to_have_count(0)
    stage.press("p")
    expect(dots).to_have_count(15)


def test_levers_move_what_is_on_the_wall(screen: Any):
    screen.open()
    screen.set("Solidarity", 2.5)
    stage = present(screen)
    result = stage.get_by_role("heading", level=1)
    before = result.inner_text()
    stage.press("l")
    expect(stage.get_by_role("slider", name="Solidarity", exact=True)).to_have_attribute("aria-valuetext", "×2.5")
    lever = stage.get_by_role("slider", name="Transparency", exact=True)
    settled = screen.settled()
    lever.press("End")
    expect(result).not_to_have_text(before)
    expect(result).to_contain_text("was 0.9")
    screen.wait_settled(settled)
    lever.press("b")  # a lever keeps its own keys
    expect(stage).not_to_have_class(re.compile("black"))
    lever.press("Escape")
    expect(lever).to_be_hidden()
    stage.press("Escape")
    expect(screen.field("Transparency")).to_have_value("6")


def test_it_begins_on_any_page(screen: Any):
    screen.open("about")
    present(screen).press("Escape")
    screen.shows("Explore")


# The second window ---------------------------------------------------------------------------------------------------


def second(screen: Any) -> Page:
    """Open the window that follows."""
    with screen.page.expect_popup() as opened:
        menu(screen, "Second window that follows")
    return opened.value


def same_stamp(screen: Any, follower: Page) -> None:
    """Wait until the second window shows the newest picture of the first."""
    stamp = screen.page.locator("html").get_attribute("data-stamp")
    assert stamp
    follower.wait_for_function("(stamp) => document.documentElement.dataset.stamp === stamp", arg=stamp)


def test_a_second_window_shows_what_the_first_shows_and_has_no_session(screen: Any):
    screen.open()
    screen.set("Transparency", 2.5)
    follower = second(screen)
    sockets: list[str] = []
    follower.on("websocket", lambda socket: sockets.append(socket.url))
    stage = staged(follower)
    same_stamp(screen, follower)
    before = stage.get_by_role("heading", level=1).inner_text()
    screen.set("Solidarity", 4)
    same_stamp(screen, follower)
    expect(stage.get_by_role("heading", level=1)).not_to_have_text(before)
    stage.press("4")
    names = charts(screen)
    expect(stage.locator("figure")).to_have_id(f"present-{names[3]}")
    follower.reload()
    same_stamp(screen, follower)
    expect(staged(follower).locator("figure")).to_have_id(f"present-{names[3]}")
    assert not sockets
    stage.press("l")
    expect(stage.get_by_role("slider")).to_have_count(0)
    follower.close()


def test_a_second_window_follows_the_first_through_a_reload_and_into_another_language(screen: Any):
    screen.open()
    screen.set("Transparency", 2.5)
    follower = second(screen)
    staged(follower)
    screen.page.reload()
    screen.set("Transparency", 4)
    same_stamp(screen, follower)
    screen.page.get_by_label("Language").select_option("zh")
    expect(follower.get_by_role("region", name="演示").get_by_role("heading", level=1)).to_contain_text("共4步")
    screen.page.get_by_label("语言").select_option("en")
    staged(follower)
    follower.close()


def test_a_tab_of_the_first_window_turns_the_chart_of_the_second(screen: Any):
    screen.open()
    follower = second(screen)
    stage = staged(follower)
    screen.page.get_by_role("tab", name="Trust").click()
    expect(stage.locator("figure")).to_have_id("present-trust")
    follower.close()


def test_a_second_window_says_that_the_first_has_changed_where_it_shows_no_picture(screen: Any):
    screen.open()
    screen.set("Transparency", 2.5)
    follower = second(screen)
    status = staged(follower).get_by_role("status")
    settled = screen.settled()
    screen.page.goto(f"{screen.server.url}#about")
    screen.wait_settled(settled)
    expect(status).to_have_text("")
    screen.page.get_by_role("button", name="Undo").click()
    expect(status).to_contain_text("The first window has changed")
    screen.go("Explore")
    expect(status).to_have_text("")
    expect(staged(follower).get_by_role("heading", level=1)).to_contain_text("0.9 of 4 steps by 2040")
    follower.close()


def test_two_visitors_do_not_meet_on_one_wall(screen: Any):
    screen.open()
    screen.set("Transparency", 6)
    follower = second(screen)
    same_stamp(screen, follower)
    told = staged(follower).get_by_role("heading", level=1).inner_text()
    with screen.page.context.expect_page() as opened:
        screen.page.evaluate("window.open(location.pathname + '#explore', '_blank', 'noopener')")
    other = opened.value
    other.wait_for_function("Number(document.documentElement.dataset.settled) > 0")
    other.get_by_role("spinbutton", name="Solidarity", exact=True).fill("6")
    other.keyboard.press("Enter")
    other.wait_for_function("Number(document.documentElement.dataset.settled) > 1")
    screen.page.get_by_role("tab", name="Trust").click()  # what the other told would have come before this
    expect(staged(follower).locator("figure")).to_have_id("present-trust")
    expect(staged(follower).get_by_role("heading", level=1)).to_have_text(told)
    other.close()
    follower.close()


def test_a_window_that_follows_none_says_so(screen: Any):
    screen.page.goto(f"{screen.server.url}#present")
    status = screen.page.get_by_role("status").filter(has_text="Open Explore in another window of this browser")
    expect(status).to_be_visible()
    expect(screen.page.locator("figure")).to_have_count(0)


# For everybody -------------------------------------------------------------------------------------------------------


def test_the_stage_can_be_used_by_everybody(screen: Any):
    screen.open()
    stage = present(screen)
    assert not grave(screen)
    stage.press("l")
    expect(stage.get_by_role("slider").first).to_be_focused()
    assert not grave(screen)
    stage.press("8")
