"""What visitors do with experiments: run the ready-made one, see what moves an outcome, upload their own, cancel it."""

import csv
import io
import re
import tomllib
from typing import Any

import pytest
from foresight_ui.visit.state import AppState
from playwright.sync_api import Locator, expect
from visits import PHONE, grave, upload

pytestmark = pytest.mark.costly

#: Milliseconds until an analysis is done on a busy machine.
PATIENCE = 90_000

FILE = """
id = "three-numbers"
scenarios = ["historical-pace"]
replicates = 4
outcomes = ["mean_delivered", "completed"]
years = [2040]
[uncertainties]
delivery_rate = true
grace_years = true
trust_gain = true
[sampler]
method = "latin_hypercube"
n = {n}
"""


def button(screen: Any, name: str) -> Locator:
    return screen.main.get_by_role("button", name=name)


def uploaded(screen: Any, text: str) -> None:
    screen.page.get_by_label("Upload an experiment file").set_input_files(upload(text, "mine.toml"))


def had_run(state: AppState) -> bool:
    """Tell whether a reload would bring back what was run; what was uploaded before is settled by itself."""
    return state.laboratory.had_run


def commands(screen: Any, *verbs: str) -> None:
    """Wait until the lines to be typed call these verbs, and look for what is better than the middle."""
    lines = "\n".join(rf"\S+ {verb} .*" for verb in verbs)
    found = screen.page.get_by_label("Command line")
    expect(found).to_have_value(re.compile(rf"^{lines}\n?$"))
    expect(found).to_have_value(re.compile(r" discover .*--outcome 'mean_delivered >= "))


def looked_into(screen: Any) -> None:
    """Wait until everything has been worked out."""
    expect(screen.page.locator("#moves")).to_be_visible(timeout=PATIENCE)
    expect(screen.main.get_by_text("Being worked out")).to_have_count(0, timeout=PATIENCE)


def test_from_what_nobody_knows_to_a_scenario_and_back(screen):
    screen.open()
    screen.set("Solidarity", 2)
    screen.go("How sure")
    expect(screen.main).to_contain_text("Points (N): 1,024. Runs of each, with different luck: 4. Runs in all: 4,096.")
    screen.main.locator("summary", has_text="What varies").click()
    expect(screen.main.get_by_role("row", name="Pace of delivery")).to_contain_text("0.2 to 0.8")
    button(screen, "Run the experiment").click()
    expect(screen.message()).to_contain_text("The experiment has finished. Runs: 4,096.", timeout=PATIENCE)
    bands = screen.chart("Steps delivered")
    expect(bands).to_contain_text("What nobody knows (points: 1,024)", timeout=PATIENCE)
    expect(bands).to_contain_text("Chance (runs a point: 4)")
    looked_into(screen)
    screen.main.get_by_label("Outcome").select_option("trust")
    expect(screen.chart("Trust")).to_be_visible()
    looked_into(screen)
    screen.page.get_by_label("Language").select_option("zh")
    expect(screen.chart("信任")).to_contain_text("未知因素（1,024 个点）")
    screen.page.get_by_label("语言").select_option("en")
    button(screen, "Load into the sliders").click()
    expect(screen.headline).to_contain_text("where the outcome holds")
    expect(screen.field("Solidarity")).to_have_value("2")
    screen.page.get_by_role("button", name="Undo").click()
    expect(screen.headline).not_to_contain_text("where the outcome holds")
    screen.page.go_back()
    expect(screen.chart("Trust")).to_contain_text("What nobody knows (points: 1,024)")


def test_a_file_of_ones_own_is_refused_run_and_handed_on(screen):
    screen.open("experiments")
    uploaded(screen, FILE.format(n="0").replace("grace_years", "grace_year"))
    alert = screen.message().get_by_role("alert")
    expect(alert).to_contain_text("mine.toml: uncertainties.grace_year: there is no such entry")
    expect(alert).to_contain_text("mine.toml: sampler.n")
    expect(button(screen, "Run the experiment")).to_be_visible()
    uploaded(screen, FILE.format(n=128))
    expect(screen.main).to_contain_text("Points (N): 128. Runs of each, with different luck: 4.")
    button(screen, "Run the experiment").click()
    expect(screen.page.locator("#bands")).to_be_visible(timeout=PATIENCE)
    name, content = screen.saved(button(screen, "Table of runs").click)
    rows = list(csv.DictReader(io.StringIO(content.decode())))
    assert (name, len(rows)) == ("three-numbers-runs.csv", 512)
    name, content = screen.saved(button(screen, "Experiment file").first.click)
    assert (name, tomllib.loads(content.decode())["sampler"]["n"]) == ("experiment.toml", 128)
    commands(screen, "sweep", "analyze", "discover")


def test_a_long_experiment_is_cancelled(screen):
    screen.open("experiments")
    uploaded(screen, FILE.format(n=20_000))
    button(screen, "Run the experiment").click()
    expect(screen.main.get_by_role("progressbar")).to_be_visible()
    expect(screen.main.locator(".progress")).to_contain_text("of 80,000")
    button(screen, "Cancel").click()
    expect(screen.main).to_contain_text("The experiment was cancelled.", timeout=PATIENCE)
    expect(button(screen, "Run the experiment")).to_be_visible()
    uploaded(screen, FILE.format(n=500_000))
    expect(screen.main).to_contain_text("foresight sweep experiment.toml --out DIR")
    expect(button(screen, "Run the experiment")).to_have_count(0)


def test_an_experiment_comes_back_after_a_reload(screen):
    screen.open("experiments")
    uploaded(screen, FILE.format(n=128))
    button(screen, "Run the experiment").click()
    looked_into(screen)
    screen.main.get_by_label("Outcome").select_option("completed")
    screen.wait_kept(lambda state: had_run(state) and state.laboratory.chosen.get("outcome") == "completed")
    assert "three-numbers" not in screen.link
    screen.page.reload()
    expect(screen.page.locator("#bands")).to_be_visible(timeout=PATIENCE)
    expect(screen.main).to_contain_text("From the uploaded file, “three-numbers”.")
    expect(screen.main.get_by_label("Outcome")).to_have_value("completed")
    expect(button(screen, "Run the experiment")).to_have_count(0)


def test_an_experiment_under_way_goes_on_through_a_reload(screen):
    screen.open("experiments")
    uploaded(screen, FILE.format(n=20_000))
    button(screen, "Run the experiment").click()
    expect(screen.main.get_by_role("progressbar")).to_be_visible()
    screen.wait_kept(had_run)
    screen.page.reload()
    expect(screen.main.locator(".progress")).to_contain_text("of 80,000", timeout=PATIENCE)
    button(screen, "Cancel").click()
    expect(screen.main).to_contain_text("The experiment was cancelled.", timeout=PATIENCE)


def test_after_a_server_was_restarted_the_plan_is_there_and_the_runs_are_to_be_made_again(alone):
    alone.open("experiments")
    uploaded(alone, FILE.format(n=64))
    button(alone, "Run the experiment").click()
    expect(alone.page.locator("#bands")).to_be_visible(timeout=PATIENCE)
    alone.wait_kept(had_run)
    alone.server.stop()
    alone.server.start()
    expect(alone.message()).to_contain_text("run it again", timeout=PATIENCE)
    expect(alone.main).to_contain_text("Points (N): 64. Runs of each, with different luck: 4.")
    expect(button(alone, "Run the experiment")).to_be_visible()


def test_what_came_of_it_can_be_read_by_everybody_wide_and_on_a_phone(visitor):
    screen = visitor(viewport=PHONE, has_touch=True)
    screen.open("experiments")
    uploaded(screen, FILE.format(n=128))
    button(screen, "Run the experiment").click()
    looked_into(screen)
    screen.main.locator("summary", has_text="What varies").click()
    assert not grave(screen)
    assert screen.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    screen.page.set_viewport_size({"width": 1280, "height": 800})
    assert not grave(screen)


def test_futures_are_put_to_the_same_test(screen):
    screen.open("experiments")
    button(screen, "Which future holds up best?").click()
    expect(screen.main).to_contain_text("put to the same test")
    button(screen, "Run the experiment").click()
    chart = screen.chart("Share of futures that meet the goal")
    expect(chart).to_contain_text("Drifting apart", timeout=PATIENCE)
    expect(screen.main.get_by_text("misses the goal")).not_to_have_count(0)
    expect(screen.main.get_by_role("row", name="Baiji returns")).to_contain_text("to")
    commands(screen, "sweep", "analyze", "discover", "stress")
