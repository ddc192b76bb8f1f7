"""What visitors do, from the first look to the link they hand on."""

import csv
import io
import math
import re
import shlex
import subprocess
import sys
import tomllib
from functools import partial
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pytest
from foresight_ui.runs.setting import first_setting
from foresight_ui.visit.link import encode, pack, unpack
from foresight_ui.visit.state import FIRST_VIEW
from playwright.sync_api import Locator, expect
from visits import grave, upload

from foresight.scenario.loading import load_scenario
from foresight.version import program_version

pytestmark = pytest.mark.costly

EXPORTS = {"csv": "Table (CSV)", "xlsx": "Workbook (XLSX)", "iamc": "IAMC table (CSV)", "toml": "Scenario file (TOML)"}
OTHERS = ("When goals open", "Trust", "Condition of the environment", "Delivered: All five")
NO_EFFORT = "Effort asked: 0 of 39 · Baiji returns asks 18"
NO_LINKS = ("1.", "2.abc.def", "1.%E0%A4%A.x", "<script>")
PNG = b"\x89PNG\r\n\x1a\n"

GOOD_FILE = """
extends = "historical-pace"
id = "my-coast"
author = "somebody"
[title]
en = "My coast"
zh = "我的海岸"
[levers]
linking = 0.5
"""

BAD_FILE = """
extends = "historical-pace"
id = "bad"
[title]
en = "Bad"
zh = "坏"
[levers]
linkin = 0.5
support_multiplier = 99
"""


def line_of(chart: Locator) -> Locator:
    """Return the last line of a chart."""
    return chart.locator("path.median").last


def path_of(line: Locator) -> str:
    return line.get_attribute("d") or ""


def linked() -> dict[str, Any]:
    """Return what a link to the first screen carries."""
    return unpack(encode(first_setting(), "en", "explore", FIRST_VIEW, {}))


def rows_of(content: bytes) -> list[list[str]]:
    """Return the rows of a CSV file, all of them as wide as its header."""
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert {len(row) for row in rows} == {len(rows[0])}
    return rows


def has_rows(table: Locator, *rows: list[str]) -> None:
    """Wait until a table has just these rows."""
    expect(table.locator("tbody tr")).to_have_count(len(rows))
    expect(table.locator("tbody tr").locator("th, td")).to_have_text(
        [cell for row in rows for cell in row], use_inner_text=True
    )


def table_rows(table: Locator) -> list[list[str]]:
    return [row.locator("th, td").all_inner_texts() for row in table.locator("tbody tr").all()]


def table_called(screen: Any, name: str) -> Locator:
    return screen.page.get_by_role("table", name=name, exact=True)


# --- Levers


def test_dragging_a_lever_changes_sentence_points_and_charts(screen):
    screen.open()
    line = line_of(screen.chart("Steps delivered by all"))
    before, path = screen.sentence(), path_of(line)
    expect(screen.points).to_have_text(NO_EFFORT)
    box = screen.slider("Solidarity").bounding_box()
    middle = box["y"] + box["height"] / 2
    screen.page.mouse.move(box["x"] + box["width"] / 2, middle)
    screen.page.mouse.down()
    screen.page.mouse.move(box["x"] + box["width"] * 0.75, middle, steps=6)
    screen.page.mouse.up()
    expect(screen.headline).not_to_have_text(before)
    expect(screen.points).not_to_have_text(NO_EFFORT)
    expect(line).not_to_have_attribute("d", path)
    expect(screen.field("Solidarity")).to_have_value(re.compile(r"^(1\.\d*[1-9]|[2-6](\.\d+)?)$"))
    expect(screen.page.get_by_role("button", name="Undo")).to_be_enabled()


def test_keys_on_a_slider_do_what_about_says_they_do(screen):
    screen.open()
    slider, field = screen.slider("Financing"), screen.field("Financing")
    slider.focus()
    slider.press("ArrowRight")
    expect(field).to_have_value("1.04")
    slider.press("End")
    expect(field).to_have_value("6")
    slider.press("PageUp")
    expect(field).to_have_value("6")
    slider.press("Home")
    expect(field).to_have_value("0.25")
    slider.press("PageUp")
    expect(slider).to_have_attribute("aria-valuetext", "×1")
    slider.press("PageUp")
    expect(field).to_have_value("1.2")
    slider.press("Delete")
    expect(field).to_have_value("1")


def test_a_held_key_makes_one_entry_of_the_log(screen):
    screen.open()
    before, settled = screen.sentence(), screen.settled()
    for _ in range(12):
        screen.slider("Networking").press("ArrowRight")
    screen.wait_settled(settled)
    screen.page.get_by_role("button", name="Undo").click()
    expect(screen.headline).to_have_text(before)
    expect(screen.page.get_by_role("button", name="Undo")).to_be_disabled()
    expect(screen.field("Networking")).to_have_value("1")


@pytest.mark.slow
def test_a_number_typed_beyond_the_range_becomes_its_end(screen):
    screen.open()
    screen.set("Solidarity", 5000)
    expect(screen.field("Solidarity")).to_have_value("6")
    screen.field("Transparency").focus()
    screen.go("About")
    screen.go("Explore")
    expect(screen.field("Solidarity")).to_have_value("6")


def test_charts_out_of_sight_follow_too(screen):
    screen.open()
    line = screen.page.locator("[data-chart=behind] path.median").last
    before = line.get_attribute("d")
    screen.set("Accountability", 3)
    expect(line).not_to_be_in_viewport()
    expect(line).not_to_have_attribute("d", before)


def test_what_was_before_a_move_stays_as_a_ghost(screen):
    screen.open()
    screen.wall()
    chart = screen.chart("Trust")
    chart.get_by_role("button", name="Whole scale").click()
    expect(chart.get_by_role("button", name="Closer")).to_be_visible()
    line, ghosts = line_of(chart), chart.locator("g.ghosts path.ghost")
    before = path_of(line)
    expect(ghosts.last).to_have_attribute("d", "")
    screen.set("Accountability", 3)
    expect(line).not_to_have_attribute("d", before)
    expect(ghosts.first).to_have_attribute("d", before)
    expect(chart.get_by_text("% before")).to_be_visible()
    expect(chart.get_by_text("% now")).to_be_visible()


def test_phases_pledging_and_delivering_can_be_set_apart(screen):
    screen.open()
    screen.page.locator("[data-group=efforts] > .parts > summary").click()
    screen.page.locator(".parts.action > summary", has_text="Solidarity").click()
    screen.set("Solidarity: Pledging, Phase 3", 4)
    expect(screen.slider("Solidarity")).to_have_attribute("aria-valuetext", "several, ×1 to ×4")
    expect(screen.field("Solidarity")).to_have_value("")
    expect(screen.field("Solidarity")).to_have_attribute("placeholder", "several")
    expect(screen.field("Solidarity: Delivering, Phase 3")).to_have_value("1")
    expect(screen.field("Solidarity: Pledging, Phase 2")).to_have_value("1")


def test_a_lever_with_several_values_says_that_it_has_become_the_same_in_all_years(screen):
    screen.open()
    screen.page.locator("[data-group=efforts] > .parts > summary").click()
    screen.page.locator(".parts.action > summary", has_text="Solidarity").click()
    screen.set("Solidarity: Pledging, Phase 3", 4)
    levelled = screen.page.get_by_text("now the same in all years").locator("visible=true")
    expect(levelled).to_have_count(0)
    settled = screen.settled()
    screen.slider("Solidarity").press("ArrowRight")
    expect(levelled).to_have_count(1)
    screen.wait_settled(settled)
    screen.slider("Transparency").focus()
    expect(levelled).to_have_count(0)


def test_a_coalition_is_made_of_a_body_and_taken_apart_again(screen):
    screen.open()
    before = screen.sentence()
    screen.page.locator("summary", has_text="Coalition of front-runners").click()
    adder = screen.page.get_by_role("group", name="Add", exact=True).first
    adder.get_by_role("combobox", name="Members", exact=True).select_option("ASEAN")
    adder.get_by_role("button", name="Add").click()
    expect(screen.headline).not_to_have_text(before)
    expect(screen.page.get_by_text("): Association of Southeast Asian Nations")).to_be_visible()
    screen.page.get_by_role("button", name="Remove: ASEAN").click()
    expect(screen.headline).to_have_text(before)


def test_an_event_happens_in_the_year_that_is_set(screen):
    screen.open()
    before = screen.sentence()
    screen.page.locator("summary", has_text="Events").click()
    adder = screen.page.get_by_role("group", name="Add", exact=True).last
    adder.get_by_label("Name").fill("great flood")
    adder.get_by_label("Own resources lost, per cent").fill("60")
    adder.get_by_role("button", name="Add").click()
    expect(screen.headline).not_to_have_text(before)
    expect(screen.page.get_by_role("button", name="Remove: great flood")).to_be_visible()


def test_an_event_is_told_as_results_are_and_does_nothing_unless_said(screen):
    screen.open()
    screen.page.locator("summary", has_text="Events").click()
    adder = screen.page.get_by_role("group", name="Add", exact=True).last
    adder.get_by_label("Trust, change in percentage points").fill("-30")
    adder.get_by_role("button", name="Add").click()
    remove = screen.page.get_by_role("button", name="Remove: Year")
    events = screen.page.get_by_role("listitem").filter(has=remove)
    expect(events).to_contain_text("trust -0.3")
    expect(events).not_to_contain_text("resources")


def test_an_event_that_does_nothing_is_refused(screen):
    screen.open()
    screen.page.locator("summary", has_text="Events").click()
    adder = screen.page.get_by_role("group", name="Add", exact=True).last
    adder.get_by_role("button", name="Add").click()
    expect(screen.message().get_by_role("alert")).to_contain_text("changes nothing")


def test_more_runs_and_another_seed_are_said_with_the_method(screen):
    screen.open()
    before = screen.sentence()
    says_of_method(screen, "200 runs, seed 1")
    screen.page.locator("summary", has_text="Runs and luck").click()
    screen.page.get_by_role("combobox", name="Runs").select_option("500")
    expect(screen.headline).not_to_have_text(before)
    screen.set("Seed of the luck", 7)
    says_of_method(screen, "500 runs, seed 7")


def says_of_method(screen: Any, told: str) -> None:
    """Wait until something is said of how the numbers came about."""
    screen.page.get_by_role("button", name="What is in this range?").click()
    dialog = screen.page.get_by_role("dialog", name="What is in this range?")
    expect(dialog.get_by_role("listitem").filter(has_text=re.compile(f"^{told}$"))).to_have_count(1)
    dialog.get_by_role("button", name="Close").click()


def test_another_scenario_is_opened_and_says_what_it_tells(screen):
    screen.open()
    before = screen.sentence()
    screen.page.get_by_label("Scenario", exact=True).select_option("Baiji returns")
    expect(screen.headline).not_to_have_text(before)
    expect(screen.headline).to_contain_text("Baiji returns")
    screen.page.locator("summary[aria-label=Storyline]").click()
    expect(screen.page.get_by_text("Title: ")).to_be_visible()


# --- Undo, log, checkpoints


def test_undo_and_redo_give_back_the_exact_sentence_by_button_and_by_key(screen):
    screen.open()
    sentences = [screen.sentence(), screen.set("Solidarity", 3), screen.set("Networking", 5)]
    undo, redo = (screen.page.get_by_role("button", name=name) for name in ("Undo", "Redo"))
    undo.click()
    expect(screen.headline).to_have_text(sentences[1])
    undo.click()
    expect(screen.headline).to_have_text(sentences[0])
    expect(undo).to_be_disabled()
    redo.click()
    expect(screen.headline).to_have_text(sentences[1])
    screen.slider("Solidarity").focus()
    screen.page.keyboard.press("Control+y")
    expect(screen.headline).to_have_text(sentences[2])
    screen.page.keyboard.press("Control+z")
    expect(screen.headline).to_have_text(sentences[1])
    screen.page.keyboard.press("Control+Shift+z")
    expect(screen.headline).to_have_text(sentences[2])
    expect(redo).to_be_disabled()


def test_the_log_leads_back_to_any_change(screen):
    screen.open()
    sentences = [screen.sentence(), screen.set("Solidarity", 3), screen.set("Networking", 5)]
    screen.go("What changed")
    log = table_called(screen, "Log of changes")
    expect(log.get_by_role("button", name="Go to this")).to_have_count(2)
    log.get_by_role("row", name="Effort: Solidarity").get_by_role("button").click()
    expect(log.get_by_role("row", name="Effort: Solidarity")).to_contain_text("here")
    screen.go("Explore")
    expect(screen.headline).to_have_text(sentences[1])


def test_a_checkpoint_is_kept_and_can_be_opened(screen):
    screen.open()
    there = screen.set("Solidarity", 4)
    screen.page.get_by_role("button", name="Checkpoint").click()
    dialog = screen.page.get_by_role("dialog", name="Checkpoint")
    dialog.get_by_label("Name of the checkpoint").fill("my place")
    dialog.get_by_role("button", name="Checkpoint").click()
    expect(screen.message()).to_contain_text("Kept as “my place”.")
    away = screen.set("Solidarity", 6)
    assert away != there
    screen.go("What changed")
    kept = table_called(screen, "Checkpoints and uploads")
    kept.get_by_role("row", name="my place").get_by_role("button", name="Open").click()
    screen.go("Explore")
    expect(screen.headline).to_have_text(f"my place: {there.partition(': ')[2]}")
    expect(screen.page.get_by_label("Scenario", exact=True)).to_have_value("my place")


@pytest.mark.slow
def test_closing_the_dialog_of_checkpoints_keeps_nothing(screen):
    screen.open()
    for close in ("Escape", "Close"):
        screen.page.get_by_role("button", name="Checkpoint").click()
        dialog = screen.page.get_by_role("dialog", name="Checkpoint")
        dialog.get_by_label("Name of the checkpoint").fill("not kept")
        if close == "Escape":
            screen.page.keyboard.press(close)
        else:
            dialog.get_by_role("button", name=close, exact=True).click()
        expect(dialog).to_have_count(0)
    screen.go("What changed")
    expect(screen.main).to_contain_text("None yet.")


# --- Compare


def test_a_scenario_that_does_the_same_differs_by_exactly_zero(screen):
    screen.open()
    screen.page.get_by_role("button", name="Checkpoint").click()
    screen.page.get_by_label("Name of the checkpoint").fill("as it is")
    screen.page.get_by_label("Name of the checkpoint").press("Enter")
    screen.go("Compare")
    chooser = screen.page.get_by_role("group", name="Scenarios", exact=True)
    chooser.get_by_label("as it is", exact=True).check()
    table = table_called(screen, "How far outcomes differ from Historical pace in 2040")
    expect(table.get_by_role("columnheader", name="as it is")).to_have_count(1)
    heads = table.get_by_role("columnheader").all_inner_texts()
    zeros, others = ([row[heads.index(name)] for row in table_rows(table)] for name in ("as it is", "Baiji returns"))
    assert zeros == ["0"] * 6  # as many as there are outcomes
    assert re.fullmatch(r"\+\d\.\d\d \(\d\.\d\d to \d\.\d\d\)", others[0])


@pytest.mark.slow
def test_what_is_compared_is_chosen(screen):
    screen.open("compare")
    chooser = screen.page.get_by_role("group", name="Scenarios", exact=True)
    expect(chooser.get_by_role("checkbox", checked=True)).to_have_count(3)
    chooser.get_by_label("Drifting apart").uncheck()
    expect(screen.page.locator("figure", has_text="Baiji returns:")).to_have_count(1)
    expect(screen.page.locator("figure", has_text="Drifting apart:")).to_have_count(0)
    chooser.get_by_label("Baiji returns").uncheck()
    expect(screen.page.get_by_role("heading", name="How far outcomes differ")).to_have_count(0)
    expect(screen.page.locator("figure")).to_have_count(1)


def test_compare_shows_exactly_the_settings_that_differ(screen):
    screen.open()
    screen.set("Solidarity", 3)
    screen.go("Compare")
    chooser = screen.page.get_by_role("group", name="Scenarios", exact=True)
    settings = table_called(screen, "What they do differently")
    for name in ("Baiji returns", "Drifting apart"):
        chooser.get_by_label(name).uncheck()
        expect(settings.get_by_role("columnheader", name=name)).to_have_count(0)
    chooser.get_by_label("Historical pace", exact=True).check()
    names = ["Setting", "Historical pace + solidarity ×3", "Historical pace"]
    expect(settings.get_by_role("columnheader")).to_have_text(names)
    rows = settings.locator("tbody tr")
    expect(rows).to_have_count(2)  # the effort points too
    expect(rows.first.locator("th, td")).to_have_text(["Effort: Solidarity", "3", "1"])


def test_another_outcome_is_chosen_for_all_charts_of_the_comparison(screen):
    screen.open("compare")
    figures = screen.page.locator("figure")
    expect(figures.first).to_contain_text("Steps delivered in 2040, medians: Historical pace")
    settled = screen.settled()
    screen.page.get_by_role("combobox", name="Outcome").select_option("Broken promises")
    expect(figures.first).to_contain_text("Broken promises in 2040, medians: Historical pace")
    expect(figures.last).to_contain_text("Mean difference from Historical pace")
    screen.wait_settled(settled)
    screen.page.reload()
    expect(screen.page.get_by_role("combobox", name="Outcome")).to_have_value("overdue_share")


# --- Links


def test_a_link_shows_another_visitor_the_same_numbers(screen, visitor):
    screen.open()
    sentence, digest = screen.set("Transparency", 2.5), screen.digest()
    assert re.fullmatch(r"[0-9a-f:]{12,}", digest)
    screen.share("Link")
    dialog = screen.page.get_by_role("dialog", name="Share")
    short = dialog.get_by_label("Link to exactly what is on the screen").input_value()
    assert re.fullmatch(re.escape(screen.server.url) + r"s/\w{10}", short)
    expect(dialog.get_by_role("img", name="Code of the address for cameras")).to_be_visible()
    expect(dialog).to_contain_text("This address opens on this machine alone.")
    dialog.get_by_text("The whole link, for always").click()
    assert not grave(screen, "dialog")
    expect(dialog.get_by_role("textbox", name="The whole link")).to_have_value(screen.page.url)
    other = visitor()
    other.follow(short)
    expect(other.headline).to_have_text(sentence)
    expect(other.field("Transparency")).to_have_value("2.5")
    assert other.digest() == digest
    expect(other.page.get_by_role("button", name="Undo")).to_be_disabled()


def test_a_short_link_brings_the_comparison(screen, visitor):
    screen.open()
    screen.set("Transparency", 2.5)
    screen.page.get_by_role("button", name="Checkpoint").click()
    screen.page.get_by_role("dialog").get_by_role("button", name="Checkpoint").click()
    expect(screen.message()).to_contain_text("Kept as “Historical pace + transparency ×2.5”.")
    screen.set("Solidarity", 4)
    screen.go("Compare")
    chooser = screen.page.get_by_role("group", name="Scenarios", exact=True)
    settled = screen.settled()
    chooser.get_by_label("Historical pace + transparency ×2.5", exact=True).check()
    chooser.get_by_label("Drifting apart").uncheck()
    expect(screen.chart("Drifting apart")).to_have_count(0)
    screen.wait_settled(settled)
    screen.share("Link")
    other = visitor()
    other.follow(screen.page.get_by_label("Link to exactly what is on the screen").input_value())
    here, there = (one.page.locator("figure").first.locator(".chart-sentence") for one in (screen, other))
    expect(there).to_have_text(here.inner_text())
    expect(there).to_contain_text("Historical pace + solidarity ×4 + transparency ×2.5")


def test_a_short_link_that_nobody_knows_says_so(screen):
    screen.follow(f"{screen.server.url}s/abcdefghjk")
    expect(screen.message()).to_contain_text("this server does not know the short link any more")
    expect(screen.headline).to_contain_text("Historical pace: ")


def test_a_link_brings_page_map_and_language(screen, visitor):
    screen.open()
    screen.wall()
    screen.page.get_by_label("The map shows").select_option("Capacity")
    expect(screen.chart("Capacity")).to_be_visible()
    screen.page.get_by_role("banner").get_by_role("combobox").select_option("Français")
    screen.page.wait_for_function("document.documentElement.lang.startsWith('fr')")
    screen.page.get_by_role("banner").get_by_role("link", name="Mon pays", exact=True).click()
    screen.shows("Mon pays")
    screen.page.wait_for_url("**#members?*")
    other = visitor().open(f"members?{screen.link}")
    other.shows("Mon pays")
    expect(other.page.locator("html")).to_have_attribute("lang", "fr")


def test_a_link_with_a_value_out_of_range_names_the_field(screen):
    table = linked()
    table["scenario"]["levers"] = {"support_multiplier": [99, 1, 1]}
    screen.open(f"explore?{pack(table)}")
    alert = screen.message().get_by_role("alert")
    expect(alert).to_contain_text("This link could not be opened")
    expect(alert).to_contain_text("External support, phase 2: is out of range; given 99")
    expect(screen.headline).to_contain_text("Historical pace")


def test_a_link_of_another_version_shows_both_numbers(screen):
    table = linked() | {"version": "0.0.9", "numbers": {"delivered": 3.21}}
    screen.open(f"explore?{pack(table)}")
    expect(screen.page.get_by_text("This link was made by version 0.0.9")).to_be_visible()
    row = screen.page.locator(".notice").get_by_role("row", name="Steps delivered, mean of members, median")
    now = re.search(r"delivered ([\d.]+) of 4", screen.sentence())[1]
    expect(row.get_by_role("cell")).to_have_text(["3.21", now])
    assert program_version() != "0.0.9"


# --- Languages


def test_languages_change_words_alone(screen):
    screen.open()
    english, link = screen.set("Solidarity", 3), screen.link
    choice = screen.page.get_by_role("banner").get_by_role("combobox")
    spoken = {"中文": ("zh-Hans-CN", "团结"), "Français": ("fr", "Solidarité"), "Русский": ("ru", "Солидарность")}
    for language, (tag, solidarity) in spoken.items():
        choice.select_option(language)
        expect(screen.page.locator("html")).to_have_attribute("lang", tag)
        expect(screen.headline).not_to_have_text(english)
        expect(screen.field(solidarity)).to_have_value("3")
        assert "2040" in screen.sentence()
    choice.select_option("English")
    expect(screen.page.locator("html")).to_have_attribute("lang", "en")
    expect(screen.headline).to_have_text(english)
    screen.page.wait_for_url(f"**?{link}")


@pytest.mark.slow
def test_drafts_say_that_nobody_has_reviewed_them(screen):
    screen.open()
    choice = screen.page.get_by_role("banner").get_by_role("combobox")
    expect(screen.page.locator(".draft")).to_have_count(0)
    choice.select_option("Français")
    expect(screen.page.locator(".draft")).to_be_visible()
    choice.select_option("中文")
    expect(screen.page.locator(".draft")).to_have_count(0)


def test_the_language_of_the_browser_is_the_first_one_shown(visitor):
    screen = visitor(locale="zh-CN").open()
    expect(screen.page.locator("html")).to_have_attribute("lang", "zh-Hans-CN")
    expect(screen.page.get_by_role("navigation").get_by_role("link").first).to_have_text("探索")


# --- Coming back


def test_a_reload_keeps_log_checkpoints_and_page(screen):
    screen.open()
    screen.set("Solidarity", 3)
    sentence = screen.set("Networking", 5)
    screen.page.get_by_role("button", name="Checkpoint").click()
    screen.page.get_by_role("dialog").get_by_label("Name of the checkpoint").fill("kept")
    screen.page.keyboard.press("Enter")
    expect(screen.message()).to_contain_text("Kept as “kept”.")
    screen.go("What changed")
    log = table_called(screen, "Log of changes")
    before = table_rows(log)
    assert len(before) == 3
    screen.page.wait_for_url("**#changes?*")
    screen.page.reload()
    screen.shows("What changed")
    has_rows(log, *before)
    expect(table_called(screen, "Checkpoints and uploads").get_by_role("row", name="kept")).to_have_count(1)
    screen.go("Explore")
    expect(screen.headline).to_have_text(f"kept: {sentence.partition(': ')[2]}")


def test_back_leads_from_page_to_page_and_keeps_the_lever(screen):
    screen.open()
    sentence = screen.set("Solidarity", 3)
    screen.go("My country")
    screen.page.wait_for_url("**#members?*")
    screen.page.get_by_role("link", name="Fiji", exact=True).click()
    screen.shows("Fiji")
    screen.page.wait_for_url("**#members/FJI?*")
    screen.page.go_back()
    screen.shows("My country")
    screen.page.go_back()
    screen.shows("Explore")
    expect(screen.headline).to_have_text(sentence)
    expect(screen.field("Solidarity")).to_have_value("3")
    screen.page.go_forward()
    screen.shows("My country")


def test_a_lost_connection_is_told_and_what_was_moved_meanwhile_is_kept(alone, own_server):
    screen = alone.open()
    screen.set("Solidarity", 3)
    own_server.stop()
    expect(screen.message()).to_contain_text("The connection is lost.")
    screen.field("Networking").fill("5")
    screen.field("Networking").press("Enter")
    own_server.start()
    expect(screen.message()).not_to_contain_text("The connection is lost.")
    expect(screen.field("Solidarity")).to_have_value("3")
    expect(screen.field("Networking")).to_have_value("5")
    expect(screen.points).not_to_have_text(NO_EFFORT)
    screen.go("What changed")
    expect(table_called(screen, "Log of changes").locator("tbody tr")).to_have_count(3)


def test_visitors_do_not_see_each_others_changes(screen, visitor):
    screen.open()
    other = visitor().open()
    before = other.sentence()
    screen.set("Solidarity", 6)
    expect(other.headline).to_have_text(before)
    other.set("Networking", 2)
    expect(screen.field("Networking")).to_have_value("1")
    expect(other.field("Solidarity")).to_have_value("1")


# --- Files


def test_a_file_that_is_wrong_is_refused_with_every_message_of_the_loader(screen):
    screen.open("compare")
    screen.page.get_by_label("Upload a scenario file").set_input_files(upload(BAD_FILE, "bad.toml"))
    alert = screen.message().get_by_role("alert")
    expect(alert.get_by_role("listitem")).to_have_count(2)
    for text in ("bad.toml", "linkin", "did you mean linking?", "support_multiplier", "99"):
        expect(alert).to_contain_text(text)
    alert.get_by_role("button", name="Dismiss").click()
    expect(alert).to_have_count(0)
    screen.go("Explore")
    expect(screen.headline).to_contain_text("Historical pace")


def test_a_file_that_is_right_is_opened_and_can_be_compared(screen):
    screen.open()
    before = screen.sentence()
    screen.page.locator("summary[aria-label=Storyline]").click()
    screen.page.get_by_label("Upload a scenario").set_input_files(upload(GOOD_FILE, "coast.toml"))
    expect(screen.message()).to_contain_text("Loaded “My coast”.")
    expect(screen.headline).not_to_have_text(before)
    expect(screen.headline).to_contain_text("My coast")
    screen.go("Compare")
    expect(screen.page.get_by_role("checkbox", name="My coast", exact=True)).to_be_visible()


def test_what_is_on_the_screen_is_exported(screen, tmp_path):
    screen.open()
    screen.set("Solidarity", 3)
    found = {kind: screen.saved(partial(screen.share, label)) for kind, label in EXPORTS.items()}
    assert all(
        re.match(r"historical-pace-[0-9a-f]{4}\.", name) and len(content) > 500 for name, content in found.values()
    )
    assert len({name for name, _ in found.values()}) == len(EXPORTS)
    (tmp_path / "scenario.toml").write_bytes(found["toml"][1])
    assert load_scenario(tmp_path / "scenario.toml").levers.pledge_effort.solidarity == (3, 3, 3)
    assert len(openpyxl.load_workbook(io.BytesIO(found["xlsx"][1]), read_only=True).sheetnames) > 1
    assert len(rows_of(found["csv"][1])) > 20
    assert {"model", "scenario", "region", "variable", "unit"} <= {one.lower() for one in rows_of(found["iamc"][1])[0]}


@pytest.mark.parametrize(
    "title", ["Steps delivered by all", *(pytest.param(one, marks=pytest.mark.slow) for one in OTHERS)]
)
def test_a_chart_is_saved_as_picture_drawing_and_numbers(screen, title):
    screen.open()
    screen.wall()
    chart, found = screen.chart(title), {}
    for kind in ("PNG", "SVG", "CSV"):
        chart.get_by_role("button", name="Save or show as a table").click()
        item = chart.get_by_role("button", name=re.compile(rf"\({kind}\)"))
        name, found[kind] = screen.saved(item.click)
        assert name.endswith(f".{kind.lower()}")
    assert found["PNG"].startswith(PNG)
    assert len(found["PNG"]) > 10_000
    assert int.from_bytes(found["PNG"][16:20], "big") > 1000  # pixels across
    root = ElementTree.fromstring(found["SVG"])
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert root.find("{*}title").text == title
    assert {"Historical pace"} < {text.text for text in root.iter("{http://www.w3.org/2000/svg}text")}
    assert len(rows_of(found["CSV"])) > 5


@pytest.mark.slow
def test_a_table_is_saved(screen):
    screen.open("assumptions")
    name, content = screen.saved(lambda: screen.page.get_by_role("button", name="Numbers (CSV)").first.click())
    assert name == "historical-pace-assumptions-people.csv"
    header, *rows = rows_of(content)
    assert header[:2] == ["Parameter", "Value"]
    assert all(math.isfinite(float(row[1])) for row in rows)


def test_reproduce_this_gives_a_file_that_loads(screen):
    screen.open()
    screen.set("Solidarity", 3)
    screen.share("Reproduce this")
    dialog = screen.page.get_by_role("dialog", name="Reproduce this")
    name, content = screen.saved(lambda: dialog.get_by_role("button", name=re.compile(r"\.toml$")).click())
    assert re.fullmatch(r"historical-pace-[0-9a-f]{4}\.toml", name)
    assert f"{tomllib.loads(content.decode())['id']}.toml" == name
    expect(dialog.get_by_label("Scenario file")).to_have_value(content.decode().replace("\r", ""))


@pytest.mark.slow
def test_the_command_and_the_lines_of_python_give_the_digest_of_the_screen(screen):
    screen.open()
    screen.set("Solidarity", 3)
    screen.share("Reproduce this")
    dialog = screen.page.get_by_role("dialog", name="Reproduce this")
    digest = dialog.locator("#digest").inner_text()
    command = shlex.split(dialog.get_by_label("Command line").input_value())
    ways = [[sys.executable, "-m", *command], [sys.executable, "-c", dialog.get_by_label("Python").input_value()]]
    for way in ways:
        assert digest in subprocess.run(way, capture_output=True, text=True, check=True).stdout


# --- Keyboard


def tab_to(screen: Any, target: Locator, key: str = "Tab", most: int = 60) -> None:
    """Press Tab until something has the focus."""
    for _ in range(most):
        screen.page.keyboard.press(key)
        if target.evaluate("(node) => node === document.activeElement"):  # a key is over once the focus has moved
            return
    pytest.fail(f"{key} does not lead there")


def test_a_visitor_without_a_mouse_moves_a_lever_compares_and_shares(screen):
    screen.open()
    before, keyboard = screen.sentence(), screen.page.keyboard
    keyboard.press("Tab")
    skip = screen.page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    keyboard.press("Enter")
    expect(screen.main).to_be_focused()
    tab_to(screen, screen.slider("Solidarity"), most=8)
    keyboard.press("PageUp")
    keyboard.press("ArrowRight")
    expect(screen.headline).not_to_have_text(before)
    expect(screen.slider("Solidarity")).to_be_focused()
    compare = screen.page.get_by_role("navigation", name="Pages").get_by_role("link", name="Compare")
    tab_to(screen, compare, "Shift+Tab")
    keyboard.press("Enter")
    screen.shows("Compare")
    expect(screen.main).to_be_focused()
    share = screen.page.locator("summary", has_text="Share")
    tab_to(screen, share, "Shift+Tab", most=6)
    keyboard.press("Enter")
    tab_to(screen, screen.page.get_by_role("button", name="Link", exact=True), most=1)
    keyboard.press("Enter")
    dialog = screen.page.get_by_role("dialog", name="Share")
    expect(dialog).to_be_visible()
    expect(dialog.locator(":focus")).to_have_count(1)
    keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(share).to_be_focused()


def test_the_focus_stays_where_it_was_when_undo_shows_the_page_anew(screen):
    screen.open()
    before = screen.sentence()
    screen.set("Solidarity", 3)
    screen.slider("Solidarity").focus()
    screen.page.keyboard.press("Control+z")
    expect(screen.headline).to_have_text(before)
    expect(screen.slider("Solidarity")).to_be_focused()


def test_the_list_of_pages_stays_open_when_undo_shows_the_page_anew(screen):
    screen.open()
    before = screen.sentence()
    screen.set("Solidarity", 3)
    pages = screen.page.get_by_role("navigation", name="Pages").locator("details")
    pages.locator("summary").click()
    screen.page.keyboard.press("Control+z")
    expect(screen.headline).to_have_text(before)
    expect(pages).to_have_attribute("open", "")
    expect(pages.locator("summary")).to_be_focused()


def test_arrow_keys_on_a_chart_say_the_numbers_of_a_year(screen):
    screen.open()
    screen.page.keyboard.press("4")
    chart = screen.chart("Trust")
    drawing = chart.get_by_role("img")
    drawing.focus()
    drawing.press("Home")
    expect(chart.locator(".chart-live")).to_contain_text("2017")
    drawing.press("ArrowRight")
    expect(chart.locator(".chart-live")).to_contain_text("2018")
    expect(chart.locator(".chart-live")).to_contain_text("median")


# --- Charts


def test_a_chart_is_also_a_table(screen):
    screen.open()
    screen.page.keyboard.press("4")
    chart = screen.chart("Trust")
    chart.get_by_role("button", name="Table", exact=True).click()
    expect(chart.get_by_role("rowheader", name="2040")).to_be_visible()
    expect(chart.get_by_role("img")).to_be_hidden()
    last = chart.get_by_role("row").last.inner_text()
    screen.set("Accountability", 5)
    expect(chart.get_by_role("row").last).not_to_have_text(last)
    chart.get_by_role("button", name="Table", exact=True).click()
    expect(chart.get_by_role("img")).to_be_visible()


@pytest.mark.slow
def test_an_enlarged_chart_fills_the_window_until_escape(screen):
    screen.open()
    screen.page.keyboard.press("4")
    chart = screen.chart("Trust")
    chart.get_by_role("button", name="Enlarge").click()
    box = chart.bounding_box()
    assert (box["width"], box["height"]) == (1280, 800)
    screen.page.keyboard.press("Escape")
    expect(chart.get_by_role("button", name="Enlarge")).to_be_visible()
    assert chart.bounding_box()["width"] < 900


def test_the_map_plays_the_years(visitor):
    screen = visitor()
    clock = screen.page.clock
    clock.install()
    screen.open()
    screen.wall()
    clock.pause_at(screen.page.evaluate("Date.now()") / 1000 + 60)
    figure = screen.chart("Delivered: All five")
    year = figure.get_by_role("status")
    expect(year).to_have_text("2040")
    figure.get_by_role("button", name="Play the years").click()
    expect(year).to_have_text("2017")
    clock.run_for(600)
    expect(year).to_have_text("2018")
    figure.get_by_role("button", name="Pause").click()
    figure.get_by_role("slider").press("Home")
    expect(year).to_have_text("2017")


def test_a_tile_of_the_map_leads_to_its_member(screen):
    screen.open()
    screen.page.locator("#map").get_by_role("option", name="Fiji", exact=True).click()
    screen.shows("Fiji")
    screen.page.go_back()
    screen.shows("Explore")
    tiles = screen.chart("Delivered: All five").get_by_role("listbox")
    tiles.focus()
    tiles.press("ArrowDown")
    name = screen.page.locator(f"#{tiles.get_attribute('aria-activedescendant')}").get_attribute("aria-label")
    tiles.press("Enter")
    screen.shows(name)


def test_the_map_shows_what_is_chosen(screen):
    screen.open()
    screen.wall()
    settled = screen.settled()
    screen.page.get_by_label("The map shows").select_option("Trust")
    screen.wait_settled(settled)
    figure = screen.page.locator("figure#map")
    expect(figure.get_by_role("heading")).to_have_text("Trust")
    screen.page.reload()
    expect(figure.get_by_role("heading")).to_have_text("Trust")


def test_one_chart_is_chosen_by_its_tab_or_its_key_or_all_are_shown(screen):
    screen.open()
    charts, tabs = screen.page.locator(".charts figure:visible"), screen.page.get_by_role("tab")
    expect(tabs).to_have_count(8)
    expect(charts.get_by_role("heading")).to_have_text(["Steps delivered by all"])
    tabs.nth(1).click()
    expect(charts.get_by_role("heading")).to_have_text(["Delivered by action"])
    tabs.nth(1).press("ArrowRight")
    expect(tabs.nth(2)).to_be_focused()
    expect(charts.get_by_role("heading")).to_have_text(["When goals open"])
    screen.slider("Solidarity").focus()
    screen.page.keyboard.press("8")
    expect(charts.get_by_role("heading")).to_have_text(["Condition of the environment"])
    expect(screen.page.get_by_role("tab", selected=True)).to_have_text(["Nature"])
    screen.field("Solidarity").press("4")
    expect(screen.page.get_by_role("tab", selected=True)).to_have_text(["Nature"])
    screen.wall()
    expect(charts).to_have_count(8)
    settled = screen.settled()
    screen.page.get_by_role("button", name="One chart").click()
    screen.wait_settled(settled)
    expect(charts.get_by_role("heading")).to_have_text(["Steps delivered by all"])


# --- Pages


def test_a_link_to_a_member_shows_its_page(screen):
    screen.open("members/FJI")
    screen.shows("Fiji")
    expect(screen.page).to_have_title("Fiji · foresight")
    expect(screen.page.locator("figure")).not_to_have_count(0)
    expect(screen.main).to_contain_text("small island State")
    screen.page.get_by_role("link", name="Back to My country").click()
    screen.shows("My country")


@pytest.mark.slow
def test_a_body_leads_to_its_members(screen):
    screen.open("bodies")
    screen.page.get_by_role("link", name="Association of Southeast Asian Nations", exact=True).click()
    screen.shows("Association of Southeast Asian Nations")
    screen.page.get_by_role("table", name="Members").get_by_role("link", name="Viet Nam").click()
    screen.shows("Viet Nam")


@pytest.mark.slow
def test_an_unknown_page_is_the_first_one(screen):
    screen.open("nowhere/at/all")
    screen.shows("Explore")


def test_an_assumption_that_is_changed_is_said_beside_charts_until_it_is_undone(screen):
    screen.open("assumptions")
    table = table_called(screen, "People and institutions")
    field = table.get_by_role("spinbutton").first
    label, default = field.get_attribute("aria-label"), field.input_value()
    high = field.get_attribute("max")
    field.fill(high)
    field.press("Enter")
    expect(table.get_by_role("row", name=label)).to_contain_text("you, ")
    screen.go("Explore")
    screen.wall()
    expect(screen.chart("Trust")).to_contain_text(f"Rests on assumptions changed here: {label}.")
    screen.page.get_by_role("button", name="Undo").click()
    expect(screen.chart("Trust")).not_to_contain_text("Rests on assumptions")
    screen.go("Assumptions")
    expect(field).to_have_value(default)


@pytest.mark.slow
def test_an_assumption_of_the_environment_is_said_beside_its_chart_alone(screen):
    screen.open("assumptions")
    field = table_called(screen, "Environment").get_by_role("spinbutton").first
    field.fill(field.get_attribute("max"))
    field.press("Enter")
    expect(screen.page.get_by_role("button", name="Back to ")).to_be_visible()
    screen.go("Explore")
    screen.wall()
    expect(screen.chart("Condition of the environment")).to_contain_text("Rests on assumptions changed here")
    expect(screen.chart("Trust")).not_to_contain_text("Rests on assumptions changed here")


def test_an_assumption_out_of_range_becomes_its_end_and_says_so(screen):
    screen.open("assumptions")
    table = table_called(screen, "People and institutions")
    field = table.get_by_role("spinbutton").first
    high = field.get_attribute("max")
    field.fill("99999")
    field.press("Enter")
    expect(table.get_by_role("row", name=field.get_attribute("aria-label"))).to_contain_text("you, ")
    expect(field).to_have_value(high)
    expect(table.get_by_role("status").first).to_have_text(f"most is {high}")
