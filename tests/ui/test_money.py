"""Money in the interface: two lines in units, and no triumph where nothing was asked for."""

from typing import Any

import pytest
from foresight_ui.parts.charts import CHARTS
from foresight_ui.parts.paths import path_of
from foresight_ui.runs.live import Live
from foresight_ui.runs.picture import Picture, picture_of
from foresight_ui.runs.setting import Setting, first_setting
from foresight_ui.words import LANGUAGES, words
from playwright.sync_api import expect

from foresight import simulate
from foresight.actions import ACTIONS
from foresight.facts.members import REGION
from foresight.scenario.loading import load_scenario

(MONEY,) = (chart for chart in CHARTS if chart.id == "coverage")
LITTLE = "Little is asked for, so money is not what stops it."


def drawn(setting: Setting) -> Picture:
    picture: Picture = Live().picture(setting, "money", picture_of)
    return picture


def told(picture: Picture, language: str = "en") -> str:
    return str(MONEY.drawn(picture, words(language))["sentence"])


@pytest.fixture(scope="module")
def base() -> Picture:
    return drawn(first_setting())


def of_2040(picture: Picture) -> tuple[float, float]:
    """Return what is needed and what is paid, means of the runs."""
    need, paid = (picture.money[part][-1][1] for part in ("need", "paid"))
    return need, paid


def with_money(picture: Picture, need: float, paid: float) -> Picture:
    return picture._replace(money={"need": [[need, need, need]], "paid": [[paid, paid, paid]]})


def test_who_asks_for_little_is_not_told_of_a_success(base: Picture):
    need, paid = of_2040(base)
    assert told(base) == f"In 2040, {need:.0f} units are needed and {paid:.0f} are paid. {LITTLE}"
    least = {f"levers.{one}.{action}": 0.25 for one in ("pledge_effort", "delivery_effort") for action in ACTIONS}
    assert told(drawn(first_setting().changed(least))).endswith(LITTLE)


def test_what_is_not_paid_is_said():
    picture = drawn(Setting(load_scenario("paper-promises")))
    need, paid = of_2040(picture)
    assert told(picture) == f"In 2040, {need:.0f} units are needed; {1 - paid / need:.0%} of that is not paid."
    assert paid < 0.9 * need


def test_much_that_is_paid_is_no_little(base: Picture):
    assert told(with_money(base, 127, 127)) == "In 2040, 127 units are needed and 127 are paid."
    assert told(with_money(base, 79, 70)) == "In 2040, 79 units are needed; 11% of that is not paid."


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_unit_is_explained_and_two_lines_are_drawn(base: Picture, language: str):
    own = words(language)
    shown = MONEY.drawn(base, own)
    assert list(shown["series"]) == ["need", "paid"]
    assert "rung" not in own.say("unit.account")
    assert own.say("unit.account") != own.say("unit.rung")
    assert own.say("money.little") in told(base, language)


@pytest.mark.parametrize(
    ("most", "top"), [(0.2, 1), (1, 1), (7, 7), (97.3, 100), (136.4, 150), (290, 300), (1234, 1500)]
)
def test_the_axis_ends_at_a_round_number_above_all_that_is_drawn(base: Picture, most: float, top: float):
    assert MONEY.drawn(with_money(base, most, most / 2), words("en"))["y"] == [0, top]


def test_the_share_of_next_to_nothing_is_not_drawn():
    summary = simulate(load_scenario("historical-pace"), 50, keep="summary").summary
    path = path_of(summary, "coverage", REGION)
    assert path[:3] == [[None] * 3] * 3  # 2017 to 2019
    assert all(None not in year for year in path[4:])


def test_the_unit_stands_beside_the_lines(screen: Any):
    """Other charts leave theirs to the axis."""
    screen.open()
    screen.page.get_by_role("tab", name="Money").click()
    unit = screen.page.locator("#coverage .chart-unit")
    expect(unit).to_contain_text("one is the first step of one action in one member for one year; not dollars")
    assert unit.evaluate("(node) => node.getBoundingClientRect().height") > 10
