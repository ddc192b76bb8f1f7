"""One's own country: its number is one wherever it stands, and it answers the levers."""

from typing import Any

import pytest
from foresight_ui.menu import page_of
from foresight_ui.parts import country as page
from foresight_ui.parts.closer import closer
from foresight_ui.parts.facts import facts
from foresight_ui.parts.gains import gains_of, gains_table, ties_of
from foresight_ui.runs.country import PATHS, change, country
from foresight_ui.runs.live import LIVE
from foresight_ui.runs.picture import map_of
from foresight_ui.runs.setting import Setting, first_setting
from foresight_ui.visit.state import AppState
from foresight_ui.words import LANGUAGES, words

from foresight import simulate
from foresight.actions import ACTIONS, LAST_YEAR
from foresight.facts.members import member_codes
from foresight.results.outcomes import ALL_ACTIONS
from foresight.scenario.loading import load_scenario

#: A step of a key on the slider of an effort, in doublings.
STEP = 0.0625

#: Up to where two hundred runs tell each step of the key from the one before: further up luck may hide one.
TOLD_APART = 3.0

TWO = ("FJI", "VNM")


def with_transparency(effort: float) -> dict[str, Any]:
    return {f"levers.{kind}.transparency": [effort] * 3 for kind in ("pledge_effort", "delivery_effort")}


def session(code: str = "FJI", effort: float = 1.0) -> AppState:
    state = AppState()
    state.page = f"members/{code}"
    if effort != 1.0:
        state.move("effort.transparency", with_transparency(effort))
    return state


def table_of(state: AppState) -> dict[str, str]:
    """Return what the list, and so its CSV, says of each member by name."""
    state.page = "members"
    blocks = page_of(state, words("en"), lambda *_: None)["blocks"]
    (rows,) = (block["rows"] for block in blocks if block["kind"] == "table")
    return {row[0]["text"]: row[-1]["text"] for row in rows}


@pytest.mark.what_now(
    "Each row is an effort, the number at it and the number one step before.\n"
    "Are they equal since a rule or a fact changed? Two hundred runs tie by luck: TOLD_APART goes below that effort."
)
@pytest.mark.parametrize("code", TWO)
def test_each_step_of_a_lever_moves_the_number_of_a_country(code: str):
    efforts = [round(2 ** (k * STEP), 2) for k in range(42)]
    numbers = [country(first_setting().changed(with_transparency(min(one, 6.0))), code).number for one in efforts]
    pairs = list(zip(efforts[1:], numbers[1:], numbers, strict=False))
    assert [pair for pair in pairs if pair[1] <= pair[2] and pair[0] <= TOLD_APART] == []
    assert all(after > before - 0.003 for _, after, before in pairs)
    assert numbers[-1] > numbers[0] + 0.15


@pytest.mark.parametrize("effort", [1.0, 1.7])
@pytest.mark.parametrize("code", [*TWO, "CHN", "TUV"])
def test_list_map_page_and_chart_say_one_number(code: str, effort: float):
    state = session(code, effort)
    sent = page.frame(state, code, words("en"))
    on_map = LIVE.picture(state.setting, "test", lambda run: map_of(run, f"delivered.{ALL_ACTIONS}"))[code]
    path = [year[1] for year in sent["charts"]["own-delivered"]["series"]["now"]]
    assert path == on_map
    assert sent["number"] == words("en").number(on_map[-1]) == table_of(state)[words("en").member(code)]
    assert sent["number"] in sent["charts"]["own-delivered"]["sentence"]


def test_the_number_is_the_mean_of_the_runs():
    history = simulate(first_setting().scenario, 200, effects=first_setting().effects, keep="members").dataset
    own = history["delivered"].sel(member="FJI", year=LAST_YEAR)
    now = country(first_setting(), "FJI")
    assert now.number == round(float(own.mean()), 4)
    for action in ACTIONS:
        chances = [float((own.sel(action=action) >= rung).mean()) for rung in range(1, 5)]
        assert now.chances[action] == pytest.approx(chances)


@pytest.mark.parametrize("code", member_codes())
def test_paths_of_every_member_are_those_of_the_map(code: str):
    now = country(first_setting(), code)
    for outcome in PATHS:
        on_map = LIVE.picture(first_setting(), f"test.{outcome}", lambda run, name=outcome: map_of(run, name))[code]
        assert [year[1] for year in now.paths[outcome]] == on_map
    assert 1 <= now.place <= now.members == len(member_codes())
    for chances in now.chances.values():
        assert chances == sorted(chances, reverse=True)


def test_the_base_and_what_was_before_are_told_once_each():
    plain = page.frame(session(), "FJI", words("en"))
    assert (plain["base"], plain["before"], plain["ladders"][0]["base"]) == ("As in Historical pace", "", None)
    state = session(effort=1.7)
    once = page.frame(state, "FJI", words("en"))
    assert once["base"].startswith(f"Historical pace {plain['number']}: +0.0")
    assert once["before"] == ""
    state.move("effort.transparency", with_transparency(2.5))
    twice = page.frame(state, "FJI", words("en"))
    assert twice["before"] == f"Before the last move {once['number']}"
    assert twice["ladders"][1]["before"] == once["ladders"][1]["chances"]
    assert twice["ladders"][1]["base"] == plain["ladders"][1]["chances"]


@pytest.mark.parametrize("name", ["own-delivered", "own-peers"])
def test_axes_hold_what_was_before(name: str):
    state = AppState()
    for scenario in ("baiji-returns", "historical-pace"):
        state.open(load_scenario(scenario))
    chart = page.frame(state, "VUT", words("en"))["charts"][name]
    assert max(chart["ghost"]["now"]) > 2
    assert chart["y"] == [0, 3]


def test_what_is_the_same_in_most_futures_is_no_range():
    state = AppState()
    state.open(load_scenario("baiji-returns"))
    sentence = page.frame(state, "FJI", words("en"))["charts"]["own-overdue"]["sentence"]
    assert sentence == "<1% by 2040 (0% in 8 of 10 futures)."


def test_small_changes_are_told_as_the_chart_has_them():
    state = AppState()
    state.open(load_scenario("baiji-returns"))
    (chart,) = (one for one in closer(state, "FJI", words("en"), lambda *_: None)["blocks"] if one["kind"] == "chart")
    alone, circle = (words("en").signed(row["mean"]) for row in chart["data"]["rows"][:2])
    assert alone.startswith("-0.0")
    assert f"Fiji changes by {alone} steps alone, by {circle} with its whole subregion" in chart["spec"]["sentence"]


def test_the_headline_has_its_range_and_the_subregion_is_told_in_order():
    now = country(first_setting(), "VNM")
    sent = page.frame(session("VNM"), "VNM", words("en"))
    low, mean, high = (words("en").number(value) for value in now.delivered[ALL_ACTIONS][-1])
    assert (sent["number"], sent["range"]) == (mean, f"(mean; {low} to {high} in 8 of 10 futures)")
    peers = first_setting().scenario.members().query("subregion == 'SEA'").index
    assert sorted(one["code"] for one in sent["order"]) == sorted(peers)
    numbers = [number for _, number in now.peers]
    assert numbers == sorted(numbers, reverse=True)
    at = 1 + [one["code"] for one in sent["order"]].index("VNM")
    assert sent["place"] == f"Place {at} of 11 in its subregion, {now.place} of 58 in all"
    assert sent["circle"].startswith("South-East Asia, mean ")


def test_a_change_is_the_mean_of_pairs():
    before, after = (country(Setting(session(effort=one).setting.scenario), "FJI") for one in (1.0, 2.5))
    apart = change(after, before)
    assert apart.mean == pytest.approx(after.number - before.number, abs=1e-4)
    assert 0 < apart.low < apart.mean < apart.high
    assert change(before, before) == (0, 0, 0, 0, 0)


def lane(label: str, mean: float, low: float, high: float) -> dict[str, Any]:
    return {"label": label, "mean": mean, "low": low, "high": high}


def test_what_cannot_be_told_apart_is_a_tie():
    rows = [lane("a", 0.5, 0.33, 0.72), lane("b", 0.49, 0.28, 0.66), lane("c", 0.01, 0.0, 0.1)]
    assert [[row["label"] for row in group] for group in ties_of(rows)] == [["a", "b"], ["c"]]
    assert ties_of([]) == []


def test_levers_are_told_in_the_order_of_their_gains_and_a_press_brings_what_is_told():
    state = session("VNM")
    (told,) = gains_table(gains_of(state, "VNM", words("en")), words("en"))
    rows = told["rows"]
    assert {row[0]["text"] for row in rows} == {*map(words("en").action, ACTIONS), "External support"}
    sizes = [float(row[1]) for row in rows]
    assert sizes == sorted(sizes, reverse=True)
    places = [int(row[2]) for row in rows]
    assert places[0] == 1
    assert places == sorted(places)
    before, message = country(state.setting, "VNM"), rows[0][0]["sets"]["message"]
    state.move(message["what"], message["values"])
    assert set(map(tuple, message["values"].values())) == {(2.0, 2.0, 2.0)}
    assert change(country(state.setting, "VNM"), before).mean == pytest.approx(sizes[0], abs=0.006)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_would_help_leaves_out_what_is_always_so(language: str):
    state = session()
    told = closer(state, "FJI", words(language), lambda *_: None)
    said = words(language)
    assert len(told["help"]) == 1  # of pledging trust alone would help, always
    assert said.say("obstacle.trust") not in told["help"][0]
    both = {said.say("obstacle.accountability"), said.say("obstacle.capacity")}
    assert all(name[:1].lower() + name[1:] in told["help"][0] for name in both)
    (together,) = told["blocks"]
    alone, subregion, *_ = together["data"]["rows"]
    assert said.member("FJI") in alone["label"]
    assert subregion["label"] == said.group("Pacific")
    assert 0 < alone["low"] < subregion["low"]


def test_facts_have_units_and_say_never():
    rows = {row[0]["text"]: row[1] for row in next(facts("FJI", words("en")))["rows"]}
    assert rows["Population"] == "0.92 million"
    assert rows["Income a person"] == "12,118 international dollars"
    assert rows["Least developed country"] == "never"
    assert rows["Independent since"] == "1970"
    past = {row[0]["text"]: row[1] for row in next(facts("MDV", words("en")))["rows"]}
    assert past["Least developed country"] == "1971 to 2010"
    few = {row[0]["text"]: row[1] for row in next(facts("NIU", words("en")))["rows"]}
    assert few["Population"].endswith(" people")
    assert few["Government effectiveness"] == "–"


def test_a_member_is_found_by_its_name_in_any_language():
    state = session()
    state.page = "members"
    found = page_of(state, words("zh"), lambda *_: None)["blocks"][0]
    (fiji,) = (one for one in found["members"] if one["code"] == "FJI")
    assert fiji["name"] == "斐济"
    assert {"FJI", "Fiji", "Fidji"} <= set(fiji["also"])
