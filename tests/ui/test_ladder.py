"""A step has a name, and every page that counts steps leads to it."""

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from foresight_ui.menu import PAGES, page_of
from foresight_ui.pages import explore, ladder
from foresight_ui.runs.live import LIVE
from foresight_ui.runs.setting import first_setting
from foresight_ui.visit.state import AppState
from foresight_ui.words import LANGUAGES, words
from playwright.sync_api import expect

from foresight import simulate
from foresight.actions import ACTIONS, RUNGS, SUBREGIONS
from foresight.engine.readiness import NotReadyError
from foresight.facts.members import REGION
from foresight.results.outcomes import values_of
from foresight.results.results import Results

#: Paths of pages, with one member and one body.
PATHS = [*PAGES, "members/FJI", "bodies/ASEAN"]


def page(state: AppState, path: str = ladder.PATH) -> dict[str, Any]:
    state.page = path
    return page_of(state, words(state.language), lambda *_: None)


def block(state: AppState, path: str = ladder.PATH) -> dict[str, Any]:
    (found,) = (one for one in page(state, path)["blocks"] if one["kind"] == "ladder")
    return dict(found)


def shares(found: dict[str, Any], name: str) -> list[list[float]]:
    return [[cell[name] for cell in row["cells"]] for row in found["rows"]]


@pytest.fixture
def moved() -> AppState:
    state = AppState()
    state.move("transparency", {f"levers.{one}.transparency": 2.5 for one in ("pledge_effort", "delivery_effort")})
    return state


@pytest.fixture(scope="module")
def results() -> Results:
    setting = first_setting()
    return simulate(setting.scenario, setting.replicates, setting.seed, effects=setting.effects)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_ladder_names_every_step_and_phase(language: str):
    state, own = AppState(language), words(language)
    found = block(state)
    cells = [(cell["name"], cell["sentence"]) for row in found["rows"] for cell in row["cells"]]
    assert cells == [own.rung(action, rung) for action in ACTIONS for rung in range(1, RUNGS + 1)]
    assert [(one["name"], one["years"]) for one in found["columns"]] == [
        (own.phase(rung), years) for rung, years in enumerate(("2020–2024", "2025–2029", "2030–2034", "2035–2040"), 1)
    ]
    assert len({name for name, _ in cells}) == len(ACTIONS) * RUNGS


@pytest.mark.parametrize("scope", [REGION, "Pacific"])
def test_shares_are_those_of_the_library(scope: str, results: Results):
    series = results.series((scope,))
    arrays = {str(name): np.moveaxis(series[name].values, 0, -1) for name in series}
    arrays |= {name: series[name].values for name in ("scope", "members")}
    expected = values_of(arrays, "delivered_share")[-1, 0, 1:].mean(axis=-1)  # [action, rung]
    np.testing.assert_allclose(shares(block(AppState(), f"ladder/{scope}"), "share"), expected, rtol=0, atol=6e-5)


def test_of_a_member_the_share_is_its_chance(results: Results):
    own = results.dataset["delivered"].sel(member="FJI", year=2040).values  # [run, action]
    expected = [[(own[:, at] >= rung).mean() for rung in range(1, RUNGS + 1)] for at in range(len(ACTIONS))]
    found = block(AppState(), "ladder/FJI")
    np.testing.assert_allclose(shares(found, "share"), expected, rtol=0, atol=6e-5)
    assert "Fiji" in found["told"]


def test_what_was_before_stands_beside(moved: AppState):
    found, base = block(moved), block(AppState())
    assert shares(found, "base") == shares(base, "share")
    at = ACTIONS.index("transparency")
    assert all(
        now > then for now, then in zip(shares(found, "share")[at][:2], shares(base, "share")[at][:2], strict=True)
    )
    written = [cell.get("before") for cell in found["rows"][at]["cells"][:2]]
    assert written == [f"{words('en').share(one)} before" for one in shares(base, "share")[at][:2]]
    assert "base" not in base["rows"][0]["cells"][0]


def test_ones_own_country_comes_first_and_all_may_be_chosen():
    state = AppState()
    state.view = {**state.view, "country": "FJI"}
    found = block(state)
    assert found["scope"]["value"] == "FJI"
    codes = [one["value"] for group in found["scope"]["groups"] for one in group["options"]]
    assert sorted(codes) == sorted((REGION, *SUBREGIONS, *state.setting.scenario.codes()))
    assert block(state, "ladder/region")["scope"]["value"] == REGION
    assert block(state, "ladder/nowhere")["scope"]["value"] == "FJI"


def test_names_are_there_before_the_engine_is(monkeypatch: pytest.MonkeyPatch):
    def not_ready(*_args: Any) -> None:
        raise NotReadyError

    monkeypatch.setattr(LIVE, "picture", not_ready)
    found = block(AppState())
    assert found["rows"][0]["cells"][0].keys() == {"name", "sentence"}
    assert found["told"] == words("en").say("ladder.later")
    assert page(AppState())["waits"]


@pytest.mark.parametrize("path", [one for one in PATHS if one not in (explore.PATH, ladder.PATH)])
def test_every_page_of_blocks_leads_to_the_ladder(path: str):
    assert page(AppState(), path)["blocks"][-1] == {"kind": "foot", "page": "ladder", "text": "What is a step?"}


@pytest.mark.parametrize("path", [one for one in PATHS if one != ladder.PATH])
def test_no_page_is_without_a_way_to_the_ladder(screen: Any, path: str):
    screen.open(path)
    link = screen.page.locator("a[href='#ladder']:visible").last
    link.click()
    screen.shows("The ladder: what a step is")


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_names_are_one_click_from_explore(visitor: Callable[..., Any], language: str):
    screen = visitor(locale=words(language).tag).open()
    screen.page.locator("a[href='#ladder']:visible").last.click()
    for action in ACTIONS:
        for rung in range(1, RUNGS + 1):
            name = words(language).rung(action, rung)[0]
            expect(
                screen.page.locator(".stairs td strong", has_text=re.compile(f"^{re.escape(name)}$"))
            ).to_be_visible()


@pytest.mark.parametrize(("language", "sheet"), [("en", "A4"), ("zh", "A4"), ("fr", "Letter"), ("ru", "Letter")])
def test_the_ladder_is_printed_on_one_sheet(visitor: Callable[..., Any], language: str, sheet: str):
    screen = visitor(locale=words(language).tag).open("ladder")
    printed = screen.page.pdf(format=sheet, prefer_css_page_size=True)
    ((width, height),) = re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", printed)  # one page
    assert float(width) > float(height)


def test_a_phone_scrolls_nothing_sideways(visitor: Callable[..., Any]):
    screen = visitor(viewport={"width": 390, "height": 844}).open("ladder")
    expect(screen.page.locator(".stairs td strong", has_text="Binding commitments")).to_be_visible()
    assert screen.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    widths = screen.page.locator(".stairs td").evaluate_all(
        "(cells) => cells.map((one) => one.getBoundingClientRect().right)"
    )
    assert max(widths) <= 390


def test_another_scope_is_another_address(screen: Any):
    screen.open("ladder")
    screen.page.get_by_label("Whose steps").select_option("FJI")
    expect(screen.page.locator(".stairs caption")).to_contain_text("chance that Fiji")
    screen.page.wait_for_url("**#ladder/FJI*")
