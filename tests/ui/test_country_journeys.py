"""One looks for one's own country, finds it, and sees it answer the levers, in a real browser."""

from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.costly


def finder(screen: Any) -> Any:
    return screen.page.get_by_role("combobox", name="Find your country")


def number(screen: Any) -> float:
    return float(screen.page.locator(".own-number").inner_text())


def grows(screen: Any, before: float) -> None:
    """Wait until the number of the country is more than it was."""
    more = "(before) => Number(document.querySelector('.own-number').textContent) > before"
    screen.page.wait_for_function(more, arg=before)


def move(screen: Any, key: str) -> None:
    """Press a key on the lever of transparency, and wait for what comes of it once it rests."""
    settled = screen.settled()
    screen.slider("Transparency").press(key)
    screen.wait_settled(settled)
    expect(screen.page.locator(".stale")).to_have_count(0)


@pytest.mark.parametrize(
    ("text", "code", "name"), [("viet", "VNM", "Viet Nam"), ("斐济", "FJI", "Fiji"), ("tuv", "TUV", "Tuvalu")]
)
def test_a_country_is_found_by_keys_and_remembered(screen, text: str, code: str, name: str):
    screen.open("members")
    finder(screen).fill(text)
    found = screen.page.get_by_role("listbox", name="Find your country")
    expect(found.get_by_role("option", name=name)).to_be_visible()
    finder(screen).press("ArrowDown")
    finder(screen).press("ArrowUp")
    expect(found.get_by_role("option", selected=True)).to_contain_text(code)
    finder(screen).press("Enter")
    screen.shows(name)
    screen.page.wait_for_url(f"**#members/{code}?*")
    assert screen.page.evaluate("localStorage.getItem('foresight.country')") == code
    expect(screen.page.get_by_role("button", name="My country")).to_have_attribute("aria-pressed", "true")
    screen.go("My country")
    screen.page.get_by_role("link", name=f"Open {name}").click()
    screen.shows(name)


def test_another_tab_of_the_machine_knows_the_country(screen):
    screen.open("members/FJI")
    screen.page.get_by_role("button", name="My country").click()
    screen.page.wait_for_function("localStorage.getItem('foresight.country') === 'FJI'")
    screen.page.evaluate("sessionStorage.clear()")
    screen.open("members")
    expect(screen.page.get_by_role("link", name="Open Fiji")).to_be_visible()
    screen.page.get_by_role("link", name="Open Fiji").click()
    screen.page.get_by_role("button", name="My country").click()
    screen.page.wait_for_function("localStorage.getItem('foresight.country') === null")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Laos", ["Lao People's Democratic Republic"]),
        ("vietnam", ["Viet Nam"]),
        ("south korea", ["Republic of Korea"]),
        ("Turkey", ["Türkiye"]),
        ("korea", ["Democratic People's Republic of Korea", "Republic of Korea"]),
        ("Вьетнам", ["Viet Nam"]),
    ],
    ids=["laos", "vietnam", "south-korea", "turkey", "korea", "russian"],
)
def test_a_country_is_found_as_people_call_it(screen, text: str, names: list[str]):
    screen.open("members")
    finder(screen).fill(text)
    options = screen.page.get_by_role("listbox", name="Find your country").get_by_role("option")
    expect(options.locator("strong")).to_have_text(names)


def test_nobody_of_that_name_is_said(screen):
    screen.open("members")
    finder(screen).fill("atlantis")
    expect(screen.page.locator(".finder").get_by_text("No member of that name").last).to_be_visible()
    expect(screen.page.get_by_role("listbox", name="Find your country")).to_be_hidden()


def test_the_page_of_a_country_follows_the_levers_and_stays(screen):
    screen.open("members/FJI")
    expect(screen.page.locator(".own-help p")).not_to_have_count(0)
    ladders, plot = (
        screen.page.locator(".own-ladders").element_handle(),
        screen.page.locator("figure svg").last.element_handle(),
    )
    share = screen.page.locator(".own-ladder").nth(1).locator(".share").nth(2)
    first, before = number(screen), share.inner_text()
    screen.slider("Transparency").focus()
    move(screen, "End")
    grows(screen, first)
    expect(share).not_to_have_text(before)
    expect(screen.page.locator(".own-base")).to_contain_text(f"Historical pace {first:.2f}: +0.")
    assert all(node.evaluate("(node) => node.isConnected") for node in (ladders, plot))
    expect(screen.slider("Transparency")).to_be_focused()
    move(screen, "Home")
    expect(screen.page.locator(".own-before")).to_contain_text("Before the last move")
    screen.page.get_by_role("button", name="Undo").click()
    expect(screen.field("Transparency")).to_have_value("6")
    assert ladders.evaluate("(node) => node.isConnected")


def test_what_is_read_and_what_is_seen_of_ladders_are_the_same(screen):
    screen.open("members/FJI")
    table = screen.page.get_by_role("table", name="Chance of each step by 2040")
    expect(table.get_by_role("row")).to_have_count(6)
    for at in range(5):
        ladder = screen.page.locator(".own-ladder").nth(at)
        seen = ladder.locator(".share").all_inner_texts()[::-1]
        read = [
            text.rpartition(": ")[2]
            for text in table.get_by_role("row").nth(at + 1).get_by_role("cell").all_inner_texts()
        ]
        assert read == seen


def test_three_blocks_stand_on_the_first_screen(visitor):
    screen = visitor(viewport={"width": 1280, "height": 800}).open("members/FJI")
    expect(screen.page.locator(".own-help p")).not_to_have_count(0)
    for block in (".own-standing", ".own-steps", ".own-helping"):
        box = screen.page.locator(block).bounding_box()
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= 800
    assert screen.page.evaluate("document.documentElement.scrollWidth") <= 1280


def test_on_a_phone_levers_stand_below_what_they_move(visitor):
    screen = visitor(viewport={"width": 390, "height": 844}).open("members/FJI")
    expect(screen.page.locator(".future-name")).to_have_text("Historical pace")
    expect(screen.page.locator(".future-name")).to_be_visible()
    assert screen.page.evaluate("document.documentElement.scrollWidth") <= 390
    screen.page.locator(".drawer > summary").click()
    expect(screen.slider("Solidarity")).to_be_in_viewport()
    expect(screen.page.locator(".own-number")).to_be_in_viewport()


@pytest.mark.parametrize(
    ("path", "title"), [("members/XYZ", "My country"), ("nonsense", "Explore"), ("bodies/XYZ", "Bodies")]
)
def test_an_address_that_names_nothing_says_so(screen, path: str, title: str):
    screen.open(path)
    screen.shows(title)
    expect(screen.message()).to_contain_text(path)
    expect(screen.message()).to_contain_text(title)
    screen.page.wait_for_url(f"**#{path.partition('/')[0] if '/' in path else 'explore'}?*")


def test_a_comparison_is_for_whom_one_likes(screen):
    screen.open("compare")
    screen.page.get_by_role("combobox", name="For").select_option("FJI")
    expect(screen.page.locator("figure").first).to_contain_text("Fiji in 2040, means: Historical pace 1.06")
    settled = screen.settled()
    screen.page.get_by_role("combobox", name="Compared with").select_option("drifting-apart")
    expect(screen.page.get_by_role("heading", name="How far outcomes differ from Drifting apart")).to_be_visible()
    screen.wait_settled(settled)
    screen.page.reload()
    expect(screen.page.get_by_role("combobox", name="For")).to_have_value("FJI")
    expect(screen.page.get_by_role("combobox", name="Compared with")).to_have_value("drifting-apart")


def test_a_seventh_scenario_cannot_be_chosen(screen):
    screen.open()
    for name in ("one", "two", "three"):
        screen.page.get_by_role("button", name="Checkpoint").click()
        screen.page.get_by_role("textbox", name="Name of the checkpoint").fill(name)
        screen.page.get_by_role("textbox", name="Name of the checkpoint").press("Enter")
        expect(screen.message()).to_contain_text(name)
    screen.go("Compare")
    boxes = screen.page.get_by_role("group", name="Scenarios", exact=True).get_by_role("checkbox")
    expect(boxes).to_have_count(7)
    for name in ("Paper promises", "one", "two"):
        boxes.and_(screen.page.get_by_label(name, exact=True)).check()
        expect(
            screen.page.get_by_role("table", name="How far", exact=False).first.get_by_role("columnheader", name=name)
        ).to_have_count(1)
    expect(screen.page.get_by_role("checkbox", checked=False)).to_be_disabled()


def test_a_chart_without_bands_shows_one_number_and_a_future_that_is_the_same_has_no_line(screen):
    screen.open("members/VNM")
    expect(screen.page.locator(".own-number")).not_to_be_empty()
    peers, path = screen.page.locator("#own-peers"), screen.page.locator("#own-delivered")
    peers.get_by_role("img").hover()
    expect(peers.locator(".chart-tip th")).to_have_text(["", "mean"])
    expect(peers.locator(".chart-tip tr")).to_have_count(4)
    path.get_by_role("img").hover()
    expect(path.locator(".chart-tip th")).to_have_text(["", "10%", "mean", "90%"])
    expect(path.locator(".chart-tip tr")).to_have_count(2)
    move(screen, "PageUp")
    path.get_by_role("img").hover()
    expect(path.locator(".chart-tip tr")).to_have_count(3)


def test_the_list_of_all_is_ordered_by_the_head_that_is_pressed(screen):
    screen.open("members")
    rows = screen.page.locator(".table-box tbody tr")
    head = screen.page.get_by_role("columnheader").last
    first = rows.first.inner_text()

    def numbers() -> list[float]:
        return [float(text) for text in rows.locator("td:last-child").all_inner_texts()]

    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "descending")
    assert numbers() == sorted(numbers(), reverse=True)
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "ascending")
    assert numbers() == sorted(numbers())
    screen.page.get_by_role("columnheader", name="Member").get_by_role("button").click()
    expect(rows.first).to_have_text(first, use_inner_text=True)


def test_a_press_beside_a_gain_sets_the_lever(screen):
    screen.open("members/FJI")
    expect(screen.page.locator(".own-helping tbody tr")).to_have_count(6)
    before, settled = number(screen), screen.settled()
    screen.page.get_by_role("button", name="Transparency ×2").click()
    screen.wait_settled(settled)
    expect(screen.page.locator(".own-future")).to_contain_text("transparency ×2")
    grows(screen, before)
