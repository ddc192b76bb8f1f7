"""Pages on paper: which future it is stands on the first page, no chart is torn, and nothing is cut."""

import re
from dataclasses import replace
from typing import Any

import pytest
from foresight_ui.parts.paper import print_head
from foresight_ui.visit.state import AppState
from foresight_ui.words import words
from playwright.sync_api import Browser, expect
from rooms import Played

from foresight.scenario.loading import shipped
from foresight.texts import Words
from foresight.workshop.kit import kit_page

#: What is left of each paper within its margins, in pixels of CSS (96 an inch, margins of 12 mm).
MARGIN = 24
PAPERS = {
    (name, landscape): tuple(round((side - MARGIN) * 96 / 25.4) for side in (size[::-1] if landscape else size))
    for name, size in {"A4": (210, 297), "Letter": (215.9, 279.4)}.items()
    for landscape in (False, True)
}
PAGES = ("explore", "members/FJI", "compare", "changes")
WITHOUT_CHARTS = ("changes", "assumptions", "experiments", "about")
OTHERS = ("members", "bodies/ASEAN", "why", "assumptions", "experiments", "about")
LANGUAGES = {"en-GB": "Transparency", "zh-CN": "透明度", "fr-FR": "Transparence", "ru-RU": "Прозрачность"}

#: Where everything is that is seen on paper: cards with their drawings, and whatever reaches over the edge.
SEEN = """(width) => {
  const box = (node) => {
    const { left, top, right, bottom } = node.getBoundingClientRect();
    return [left, top, right, bottom];
  };
  const looks = (node) => getComputedStyle(node);
  const names = (nodes) => nodes.map((node) => node.className || node.tagName);
  const isSeen = (node) => node.checkVisibility({ checkVisibilityCSS: true }) && box(node)[3] > box(node)[1];
  const seen = [...document.querySelectorAll("body *")].filter(isSeen);
  const next = (node) => seen.slice(seen.indexOf(node) + 1).find((one) => one.parentNode === node.parentNode);
  const isOver = (node) => box(node)[2] > width + 1 && !node.closest("svg");
  const isCut = (node) => looks(node).overflowX !== "visible" && node.scrollWidth > node.clientWidth + 1;
  return {
    cards: seen.filter((node) => node.matches(".card")).map((card) => ({
      box: box(card),
      name: card.dataset.chart ?? card.textContent.slice(0, 30),
      unbroken: looks(card).breakInside === "avoid",
      drawings: [...card.querySelectorAll(".chart-plot > svg")].filter(isSeen).map(box),
    })),
    over: names(seen.filter(isOver)),
    stuck: names(seen.filter((node) => ["fixed", "sticky"].includes(looks(node).position))),
    cut: names(seen.filter((node) => isCut(node) && !node.closest("svg"))),
    controls: names(seen.filter((node) => node.matches("select, button, textarea, summary, input:not(.field input)"))),
    empty: seen.filter((node) => node.matches(".page > h2") && next(node)?.matches("h2")).map((h2) => h2.textContent),
    pale: names(seen.filter((node) => node.matches("i.fill, .bar > *") && looks(node).printColorAdjust === "economy")),
    wide: document.documentElement.scrollWidth,
  };
}"""


def laid_out(screen: Any, size: tuple[int, int]) -> dict[str, Any]:
    """Lay a page out as it is printed, and return where everything is."""
    page = screen.page
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(media="print")
    found = dict(page.evaluate(SEEN, size[0]))
    found["head"] = page.locator(".print-head").inner_text()
    found["top"] = page.locator(".print-head").bounding_box()
    page.emulate_media(media="null")
    page.set_viewport_size({"width": 1280, "height": 800})
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    return found


def opened(screen: Any, path: str, lever: str) -> None:
    """Open a page of a future that has been changed."""
    screen.open("explore")
    settled = screen.settled()
    screen.slider(lever).press("PageUp")
    screen.wait_settled(settled)
    if path != "explore":
        settled = screen.settled()
        screen.page.evaluate(
            "(path) => { history.pushState({}, '', `#${path}`); dispatchEvent(new PopStateEvent('popstate')); }", path
        )
        screen.wait_settled(settled)
        expect(screen.page.locator(".viewer")).to_have_count(0)


def overlap(one: list[float], other: list[float]) -> bool:
    return one[0] < other[2] - 1 and other[0] < one[2] - 1 and one[1] < other[3] - 1 and other[1] < one[3] - 1


@pytest.mark.costly
@pytest.mark.parametrize(
    "locale", ["en-GB", *(pytest.param(one, marks=pytest.mark.slow) for one in list(LANGUAGES)[1:])]
)
@pytest.mark.parametrize("path", [*PAGES, *OTHERS])
def test_a_page_fits_paper(visitor: Any, path: str, locale: str):
    screen = visitor(locale=locale)
    opened(screen, path, LANGUAGES[locale])
    for paper, (width, height) in PAPERS.items():
        found = laid_out(screen, (width, height))
        assert found["wide"] <= width, paper
        assert not found["over"], paper
        assert not found["stuck"], paper
        assert not found["cut"], paper
        assert not found["controls"], paper
        assert not found["empty"], paper
        assert not found["pale"], paper
        assert bool(found["cards"]) == (path not in WITHOUT_CHARTS), paper
        boxes = [card["box"] for card in found["cards"]]
        assert not [(one, other) for at, one in enumerate(boxes) for other in boxes[at + 1 :] if overlap(one, other)], (
            paper
        )
        for card in found["cards"]:
            assert card["unbroken"], card["name"]
            assert card["box"][3] - card["box"][1] <= height, card["name"]
            for left, top, right, bottom in card["drawings"]:
                assert card["box"][0] <= left, card["name"]
                assert card["box"][1] <= top, card["name"]
                assert right <= card["box"][2], card["name"]
                assert bottom <= card["box"][3], card["name"]
                assert right - left >= 0.85 * (card["box"][2] - card["box"][0]), card["name"]  # fills it
        assert LANGUAGES[locale] in found["head"]
        assert "×1" in found["head"]
        assert found["top"]["y"] >= 0
        assert found["top"]["y"] + found["top"]["height"] <= height / 3


def pages(screen: Any, paper: str, landscape: bool) -> int:
    """Return how many pages are printed."""
    return sheets(screen.page.pdf(format=paper, landscape=landscape))


def sheets(printed: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", printed))


@pytest.mark.costly
@pytest.mark.parametrize("locale", list(LANGUAGES))
def test_the_first_screen_takes_one_upright_page(visitor: Any, locale: str):
    screen = visitor(locale=locale)
    opened(screen, "explore", LANGUAGES[locale])
    assert {paper: pages(screen, paper, landscape=False) for paper, _ in PAPERS} == {"A4": 1, "Letter": 1}


@pytest.mark.costly
@pytest.mark.parametrize("language", ["en", "zh", "fr", "ru"])
def test_every_role_sheet_of_the_kit_takes_one_page(browser: Browser, language: str):
    context = browser.new_context()
    page = context.new_page()
    page.set_content(kit_page(Played().room, Words(language), ""))
    page.evaluate("document.querySelectorAll('header, main > :not(:has(.ballot))').forEach((node) => node.remove())")
    for paper in ("A4", "Letter"):
        page.add_style_tag(content=f"@page {{ size: {paper} }}")
        assert sheets(page.pdf(prefer_css_page_size=True)) == len(Played().room.delegations), paper
    context.close()


@pytest.mark.costly
def test_pages_take_as_many_sheets_as_they_need(screen: Any):
    most = {"explore": 2, "members/FJI": 4, "compare": 4, "changes": 3}
    for path in PAGES:
        opened(screen, path, "Transparency")
        for paper, landscape in PAPERS:
            assert 1 <= pages(screen, paper, landscape) <= most[path], (path, paper, landscape)
    expect(screen.page.locator(":root.printing")).to_have_count(0)


@pytest.mark.costly
def test_all_charts_of_the_first_screen_are_printed(screen: Any):
    screen.open()
    names = screen.page.locator("figure.chart").evaluate_all("all => all.map((one) => one.id)")
    found = laid_out(screen, PAPERS["A4", False])
    assert {card["name"] for card in found["cards"]} == set(names)
    assert all(len(card["drawings"]) == 1 for card in found["cards"])


@pytest.mark.costly
def test_the_head_says_when_and_where_and_leads_back(screen: Any):
    screen.open()
    screen.set("Transparency", 2.5)
    page = screen.page
    head = page.locator(".print-head")
    expect(head).to_be_hidden()
    found = laid_out(screen, PAPERS["A4", False])
    assert "Effort: Transparency ×2.5 (×1)" in found["head"]
    assert "200 runs, seed 1" in found["head"]
    assert page.evaluate("new Intl.DateTimeFormat('en', { dateStyle: 'medium' }).format(new Date())") in found["head"]
    link = head.locator("a")
    assert link.text_content() == screen.server.url.removeprefix("http://")
    assert link.get_attribute("href") == page.url


# What it says --------------------------------------------------------------------------------------------------------


def test_the_head_names_the_future_the_digest_and_what_differs():
    state = AppState()
    told = print_head(state, words("en"))
    assert told["name"] == "Historical pace"
    assert told["levers"] == []
    assert told["nothing"] == "Nothing is changed: Historical pace as it was opened."
    effort = {f"levers.{one}_effort.transparency": [2.5, 2.5, 2.5] for one in ("pledge", "delivery")}
    state.move("effort.transparency", effort)
    state.move(
        "x", {"levers.pledge_effort.solidarity": [1, 2, 2.5], "levers.linking": 1.25, "structure.gate": "calendar"}
    )
    told = print_head(state, words("en"))
    assert told["levers"] == [
        ["Effort: Solidarity, Pledging, phase 3", "×2", "×1"],
        ["Effort: Solidarity, Pledging, phase 4", "×2.5", "×1"],
        ["Effort: Transparency", "×2.5", "×1"],
        ["Links between subregions", "1.25", "the uncertain value"],
        [
            "Gate of more ambitious goals",
            "the calendar alone",
            "trust, and first transparency, networking and solidarity",
        ],
    ]
    assert state.setting.key[0][:12] in told["made"]


def test_coalitions_and_events_are_named_once_each():
    state = AppState()
    coalition = {"name": "front-runners", "members": ["FJI"], "pledge_effort": {"solidarity": [2, 2, 2]}}
    state.move("coalition", {"coalitions": [coalition]})
    (row,) = print_head(state, words("en"))["levers"]
    assert row == ["Coalition “front-runners”", "new: members: 1, Solidarity Pledging ×2", ""]
    rows = changed("historical-pace", "drifting-apart", "en")
    assert len({row[0] for row in rows}) == len(rows)
    assert ["Effort: Transparency, Delivering", "×0.6", "×1"] in rows  # pledging stays as it was


def changed(base: str, now: str, language: str) -> list[list[str]]:
    """Return what is said to be changed where the second of two scenarios is on the screen, the first its base."""
    state = AppState(language)
    state.open(shipped()[base])
    state.history.write(replace(state.history.now, setting=replace(state.setting, scenario=shipped()[now])), 10)
    return list(print_head(state, words(language))["levers"])


@pytest.mark.parametrize("language", ["en", "zh", "fr", "ru"])
def test_every_difference_between_scenarios_can_be_said_in_every_language(language: str):
    for base in shipped():
        for now in shipped():
            rows = changed(base, now, language)
            assert bool(rows) == (base != now)
            assert all(label and value != before for label, value, before in rows)
