"""What pages say: in every language, of every setting, and only what is so."""

import json
import re
from collections.abc import Iterator
from random import Random
from typing import Any

import numpy as np
import pytest
from foresight_ui.menu import PAGES, notices, page_of
from foresight_ui.pages import explore
from foresight_ui.parts.apart import settings_rows
from foresight_ui.parts.contrast import COMPARED, differences
from foresight_ui.parts.frame import ENVIRONMENT, drawn, frame
from foresight_ui.parts.levers import controls
from foresight_ui.parts.tiles import tiles
from foresight_ui.runs.country import country
from foresight_ui.runs.live import LIVE, Run
from foresight_ui.runs.picture import MAP, map_of, picture_of
from foresight_ui.runs.setting import Setting, first_setting
from foresight_ui.visit.link import decode, pack, unpack
from foresight_ui.visit.state import CURRENT, AppState
from foresight_ui.words import LANGUAGES, Words, words
from futures import FREE, coalitions, setting_of, settings_by_chance
from hypothesis import given, settings
from hypothesis import strategies as st

from foresight.actions import ACTIONS
from foresight.facts.bodies import body_table, memberships
from foresight.facts.members import member_codes
from foresight.facts.parameters import all_parameters, uncertainties
from foresight.facts.posterior import posterior
from foresight.facts.states import names_of
from foresight.facts.tables import dictionary
from foresight.results.comparison import Comparison, acting, flat_settings
from foresight.results.simulation import simulate
from foresight.runs import EFFECTS
from foresight.scenario.loading import bundled, load_scenario
from foresight.texts import drafts

Page = dict[str, Any]

SOME_MEMBERS = ("FJI", "CHN", "NPL")
SOME_BODIES = ("ASEAN", "PIF", "SAARC")
PATHS = (*PAGES, "members/FJI", "bodies/ASEAN")

EFFORTS = ("pledge_effort", "delivery_effort")

#: More Latin words than this in a row are English.
FEW = 3
WORD = "[A-Za-z][A-Za-z'’-]*"


def shown(state: AppState, path: str, language: str = "en") -> Page:
    """Return a page as the browser gets it."""
    state.page, state.language = path, language
    page = page_of(state, words(language), lambda *_: None)
    return json.loads(json.dumps(page, allow_nan=False))


def changed(**more: Any) -> AppState:
    """Return a session in which something was changed."""
    state = AppState()
    state.move("effort.solidarity", {f"levers.{kind}.solidarity": [2.0, 2.5, 3.0] for kind in EFFORTS})
    state.move("coalition", {"coalitions": [{"name": "a", "members": ["FJI"], "pledge_effort": {"financing": 6.0}}]})
    state.move("uncertainties.delivery_rate", {"uncertainties.delivery_rate": 0.3, **more})
    state.keep("mine", state.setting.scenario)
    return state


@pytest.mark.costly
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", PATHS)
def test_every_page_can_be_sent_in_every_language(path: str, language: str):
    page = shown(AppState(), path, language)
    assert page["path"] == path
    assert page["title"]
    assert [one["page"] for one in page["menu"]] == list(PAGES)
    assert not page["missing"]
    assert all(one["label"] for one in page["menu"])
    assert page["language"] == language
    assert bool(page["draft"]) == (language in drafts())
    assert [one["value"] for one in page["languages"]] == list(LANGUAGES)
    if page["kind"] == "blocks":
        assert page["blocks"]


@pytest.mark.costly
@pytest.mark.parametrize("code", SOME_MEMBERS)
def test_a_member_has_a_page(code: str):
    assert shown(AppState(), f"members/{code}")["title"] == words("en").member(code)


@pytest.mark.costly
@pytest.mark.parametrize("slug", SOME_BODIES)
def test_a_body_has_a_page(slug: str):
    assert shown(AppState(), f"bodies/{slug}")["title"] == words("en").body(slug)


@pytest.mark.parametrize("path", ["nowhere", "", "explore/nowhere", "about/x", "Members"])
def test_a_path_that_leads_nowhere_leads_to_a_page(path: str):
    page = shown(AppState(), path)
    assert page["title"]
    assert page["path"] in PAGES
    assert page["missing"] == bool(path)


@pytest.mark.costly
@pytest.mark.parametrize("path", ["members/XXX", "bodies/XXX", "members/"])
def test_a_member_that_is_not_there_leads_to_all(path: str):
    state, first = AppState(), path.partition("/")[0]
    page = shown(state, path)
    assert page["blocks"] == shown(state, first)["blocks"]
    assert (page["path"], page["missing"]) == (first, path != f"{first}/")


def test_an_associate_member_has_no_page_where_it_takes_no_part():
    state = AppState()
    state.move("structure.members", {"structure.members": "states"})
    assert shown(state, "members/GUM")["title"] == words("en").say("menu.members")


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", member_codes())
def test_every_member_has_a_page(code: str, language: str):
    page = shown(AppState(), f"members/{code}", language)
    assert page["title"] == words(language).member(code)
    assert page["up"]["page"] == "members"


@pytest.mark.slow
@pytest.mark.parametrize("slug", memberships())
def test_every_body_has_a_page(slug: str):
    assert shown(AppState(), f"bodies/{slug}")["title"] == words("en").body(slug)


@pytest.mark.costly
def test_all_members_and_bodies_can_be_reached():
    state = AppState()
    assert linked(shown(state, "members")) == {f"members/{code}" for code in member_codes()}
    assert linked(shown(state, "bodies")) == {f"bodies/{slug}" for slug in body_table().index}
    own = linked(shown(state, "members/FJI"))
    assert own == {f"bodies/{slug}" for slug, codes in memberships().items() if "FJI" in codes}


def linked(page: Page) -> set[str]:
    return {part["page"] for part in tables(page["blocks"]) if isinstance(part, dict) and "page" in part}


def tables(blocks: list[Any]) -> Iterator[Any]:
    """Yield the cells of all tables, of those in folds too."""
    for block in blocks:
        yield from (cell for row in block.get("rows", ()) for cell in row)
        yield from tables(block.get("blocks", []))


def efforts(value: float) -> dict[str, float]:
    return {f"levers.{kind}.{action}": value for kind in EFFORTS for action in ACTIONS}


LOST = dict.fromkeys(ACTIONS, -1)

EXTREMES = {
    "nobody does anything": efforts(0.25),
    "everybody does everything": {
        **efforts(6.0),
        "structure.gate": "calendar",
        "levers.support_multiplier": 4.0,
        "levers.assistance": 1.0,
    },
    "all is lost": {
        "events": [{"name": f"{year}", "year": year, "pledged": LOST, "delivered": LOST} for year in range(2033, 2040)],
        "uncertainties.exit_rate": 0.02,
    },
    "no support": {"levers.support_multiplier": 0.0, "levers.solidarity_share": 0.0},
    "nothing to support": {"uncertainties.external_support": 0.3, "levers.support_multiplier": 4.0},
    "states": {"structure.members": "states"},
    "the last year": {"structure.levers_from": 2040, "structure.gate_from": 2040},
    "bound": {"coalitions": [{"name": "together", "bodies": ["ASEAN"], "pledge_effort": {"solidarity": 2.0}}]},
}


#: What most often leaves nothing to take a mean of.
QUICK = ("nobody does anything", "all is lost", "bound")


@pytest.mark.costly
@pytest.mark.parametrize(
    "name", [one if one in QUICK else pytest.param(one, marks=pytest.mark.slow) for one in EXTREMES]
)
def test_pages_of_extreme_settings_can_be_sent(name: str):
    state = AppState()
    state.move("x", EXTREMES[name])
    for path in ("explore", "compare", "members", "members/TUV", "bodies/ASEAN"):
        assert shown(state, path)["title"]
    json.dumps(frame(state, words("en"), state.before), allow_nan=False)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("number", range(4))
def test_charts_of_any_setting_can_be_sent(number: int, language: str):
    state = AppState(language)
    state.move("run.seed", {"run.seed": number})
    state.open(setting_of(number + 20).scenario)
    state.view["map"] = MAP[number]
    page = shown(state, "explore", language)
    sent = json.loads(json.dumps(frame(state, words(language), state.before), allow_nan=False))
    specs = {chart["spec"]["id"]: chart["spec"] for chart in page["charts"]}
    assert specs.keys() == {*sent["charts"], "map"}
    for name, chart in sent["charts"].items():
        assert chart["sentence"]
        if specs[name]["type"] == "fan":
            assert chart["series"].keys() == {one["id"] for one in specs[name]["series"]}
            assert {len(series) for series in chart["series"].values()} == {len(specs[name]["years"])}
    assert set(sent["map"]["values"]) == {tile["id"] for tile in specs["map"]["tiles"]}
    assert sent["sentence"]
    assert sent["ghosts"].keys() == sent["charts"].keys()


def test_every_member_has_a_tile_of_its_own():
    for rule in ("all", "states"):
        scenario = load_scenario("historical-pace", set={"structure.members": rule})
        made = tiles(scenario, words("en"))["tiles"]
        assert sorted(tile["id"] for tile in made) == sorted(scenario.members().index)
        assert len({(tile["col"], tile["row"]) for tile in made}) == len(made)


# Edited assumptions ----------------------------------------------------------------------------------------------


@pytest.mark.costly
@pytest.mark.parametrize("name", FREE)
def test_charts_name_the_edited_assumptions_that_move_them(name: str):
    state = AppState()
    assert set(notes(state).values()) == {""}
    state.move("x", {f"uncertainties.{name}": uncertainties()[name].low})
    state.move("x", {f"uncertainties.{name}": uncertainties()[name].high})
    label = words("en").label(uncertainties()[name])
    named = {chart for chart, note in notes(state).items() if label in note}
    assert named == ({"condition"} if name in ENVIRONMENT else set(notes(state)))
    state.jump(0)
    assert set(notes(state).values()) == {""}


def notes(state: AppState) -> dict[str, str]:
    found = {chart["spec"]["id"]: chart["spec"]["note"] for chart in explore.charts(state, words("en"))}
    sent = frame(state, words("en"), None)["map"]["note"]
    assert sent == found["map"]
    return found


def test_a_map_of_the_environment_names_the_assumptions_of_the_environment():
    state = AppState()
    state.move("x", {"uncertainties.action_effect": 0.9})
    assert notes(state)["map"] == ""
    state.view["map"] = "condition"
    assert words("en").label(uncertainties()["action_effect"]) in notes(state)["map"]


def test_assumptions_of_a_scenario_that_was_opened_are_not_edited():
    state = AppState()
    state.open(load_scenario("historical-pace", set={"uncertainties.delivery_rate": 0.3}))
    assert set(notes(state).values()) == {""}
    state.undo()
    assert set(notes(state).values()) == {""}


def moved(name: str) -> list[set[str]]:
    """Return the charts that each end of the range of an assumption moves; a map of each outcome counts as one."""
    one = uncertainties()[name]
    base = first_setting().changed({"levers.assistance": 1.0})  # so that what it does can be seen
    before = charted(base)
    found = []
    for value in {one.low, one.high} - {one.default}:
        after = charted(base.changed({f"uncertainties.{name}": value}))
        found.append({chart for chart in before if before[chart] != after[chart]})
    return found


def charted(setting: Setting) -> dict[str, Any]:
    """Return everything that charts show."""

    def draw(run: Run) -> dict[str, Any]:
        return drawn(picture_of(run), words("en")) | {f"map {what}": map_of(run, what) for what in MAP}

    return LIVE.picture(setting, "test", draw)


CLIMATE = {"condition", "map condition"}


@pytest.mark.parametrize("name", sorted(set(ENVIRONMENT) & set(FREE)))
def test_assumptions_of_the_environment_move_the_environment_alone(name: str):
    assert moved(name) == [CLIMATE, CLIMATE]


@pytest.mark.costly
@pytest.mark.parametrize("name", ["delivery_rate", "peer_effect", "trust_gain", "external_support", "crisis_loss"])
def test_other_assumptions_move_all_charts(name: str):
    every = {"delivered", "trust", "overdue", "coverage", "condition", "behind"}
    assert all(charts >= every for charts in moved(name))


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in FREE if name not in ENVIRONMENT])
def test_every_other_assumption_moves_more_than_the_environment(name: str):
    assert any(charts - CLIMATE for charts in moved(name))


def test_who_changed_an_assumption_is_told():
    state = changed()
    parts = [block for block in shown(state, "assumptions")["blocks"] if block["kind"] == "table"]
    rows = {row[0]["id"]: row for part in parts for row in part["rows"]}
    assert rows.keys() == uncertainties().keys()
    assert rows["delivery_rate"][-1].startswith("you,")
    assert rows["trust_gain"][-1] == "default"
    assert rows["peer_effect"][-1].startswith("treaty records: another value in every run")
    assert all(("input" in row[1]) == (not uncertainties()[name].fixed) for name, row in rows.items())
    assert rows["delivery_rate"][1]["input"]["value"] == 0.3


def test_an_estimate_is_a_default_where_members_are_anonymous_and_the_scenarios_where_it_is_set():
    def told(name: str, **values: Any) -> str:
        state = AppState()
        state.open(load_scenario("historical-pace", set=values))
        state.move("run.effects", {"run.effects": "drawn"})
        parts = [block for block in shown(state, "assumptions")["blocks"] if block["kind"] == "table"]
        return next(row[-1] for part in parts for row in part["rows"] if row[0]["id"] == name)

    assert told("peer_effect") == "default"
    assert told("peer_effect", **{"uncertainties.peer_effect": 0.9}) == "the scenario"


@pytest.mark.parametrize("effects", EFFECTS)
def test_the_screen_says_where_effects_come_from(effects: str):
    state = changed(**{"run.effects": effects})
    every = [one for group in controls(state, words("en")) for one in group["controls"]]
    control = next(one for one in every if one["id"] == "run.effects")
    assert control["value"] == effects
    assert "Anonymous draws: chance alone tells members apart." in control["meaning"]
    assert [one["value"] for one in control["options"]] == list(EFFECTS)
    said = {"drawn": "anonymous draws", "posterior": "posterior of treaty records"}
    assert frame(state, words("en"), None)["effects"] == f"member effects: {said[effects]}"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("effects", EFFECTS)
def test_the_screen_says_what_its_bands_are_made_of(effects: str, language: str):
    state, said = changed(**{"run.effects": effects}), words(language)
    shown_now = frame(state, said, None)
    (made_of, other) = (said.say(f"effects.range_{one}") for one in sorted(EFFECTS, key=effects.__ne__))
    assert made_of in shown_now["sentence"]
    assert other not in shown_now["sentence"]
    in_english = said.say("effects.range_drawn") == words("en").say("effects.range_drawn")
    assert ("chance alone" in shown_now["sentence"]) == (effects == "drawn" and in_english)


def test_an_assumption_that_runs_take_from_records_shows_what_these_tell():
    """The value is the declared middle of what the records tell, until somebody sets another."""
    values = posterior().parameters["peer_effect"]
    low, high = np.quantile(values, [0.025, 0.975])
    field, who = assumption(AppState(), "peer_effect")
    assert field["value"] == 1.1
    assert f"from {low:.2f} to {high:.2f}" in who
    assert assumption(changed(**{"run.effects": "drawn"}), "peer_effect")[0]["value"] == 1.1
    field, who = assumption(changed(**{"uncertainties.peer_effect": 1.2}), "peer_effect")
    assert field["value"] == 1.2
    assert who.startswith("you, ")


def assumption(state: AppState, name: str) -> tuple[dict[str, Any], str]:
    """Return the field of an assumption, and who set it."""
    tables = [block for block in shown(state, "assumptions", "en")["blocks"] if block["kind"] == "table"]
    (row,) = (row for table in tables for row in table["rows"] if row[0]["id"] == name)
    return row[1]["input"], row[-1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_about_tells_what_bands_are_made_of_either_way(language: str):
    told = [block.get("text", "") for block in shown(AppState(language), "about", language)["blocks"]]
    (meaning,) = (one for one in told if words(language).say("effects.range_drawn") in one)
    assert words(language).say("effects.range_posterior") in meaning


# What changed ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_log_has_every_change_in_words(language: str):
    state = changed(**{"run.seed": 5, "structure.gate": "calendar"})
    state.move("events", {"events": []})
    state.move("levers.linking", {"levers.linking": None})
    state.move("levers.assistance", {"levers.assistance": [0.1, 0.2, 0.3]})
    state.undo()
    rows = next(block["rows"] for block in shown(state, "changes", language)["blocks"] if block["kind"] == "table")
    assert len(rows) == len(state.history.entries)
    assert all(row[1] for row in rows)
    assert [row[3].get("tag") for row in rows].count("here") == 1
    assert rows[1][3]["tag"] == "here"


def test_the_log_leads_to_why():
    (button,) = [block for block in shown(AppState(), "changes")["blocks"] if block["kind"] == "button"]
    assert button["page"] == button["message"]["page"] == "why"


# Compare ---------------------------------------------------------------------------------------------------------


@settings(deadline=None, max_examples=40)
@given(settings_by_chance(), settings_by_chance(), st.sampled_from(LANGUAGES))
def test_the_table_lists_exactly_the_settings_that_differ(one, other, language: str):
    said, scenarios = words(language), (one.scenario, other.scenario)
    values = [{path: is_set(value) for path, value in flat_settings(acting(scenario))} for scenario in scenarios]
    paths = {path for path in {**values[0], **values[1]} if not path.startswith("event.")}
    differ = {path for path in paths if apart(path, values)}
    alike = {action for action in ACTIONS if is_alike(action, differ, values)}
    expected = [(said.say("changes.effort", action=said.action(one)), *cells(said, one, values)) for one in alike]
    expected += [
        (said.setting(path), *(told(said, path, table) for table in values))
        for path in differ
        if path not in {f"levers.{kind}.{action}" for kind in EFFORTS for action in alike}
    ]
    events = [{event.name: event for event in scenario.events} for scenario in scenarios]
    for name in {**events[0], **events[1]}:
        if apart(name, events):
            happenings = (said.happening(table[name]) if name in table else "–" for table in events)
            expected.append((said.say("compare.event", name=said.event(name)), *happenings))
    assert sorted(tuple(row) for row in settings_rows(scenarios, said)) == sorted(expected)


def test_settings_stand_in_the_order_of_the_levers():
    moved = load_scenario(
        "historical-pace",
        set={
            "levers.linking": 1.5,
            "levers.assistance": 0.5,
            **{f"levers.{kind}.networking": 2.0 for kind in EFFORTS},
            **{f"levers.{kind}.solidarity": [1.2, 2.5, 2.5] for kind in EFFORTS},
            "levers.pledge_effort.financing": 3.0,
        },
    )
    rows = settings_rows([load_scenario("historical-pace"), moved], words("en"))
    assert [row[0] for row in rows] == [
        "Effort: Solidarity",
        words("en").setting("levers.pledge_effort.financing"),
        "Effort: Networking",
        words("en").setting("levers.assistance"),
        words("en").setting("levers.linking"),
    ]
    assert rows[0][1:] == ["1", "1.2 · 2.5 · 2.5"]
    assert rows[-1][1:] == ["0.8", "1.5"]


def apart(name: str, tables: list[dict[str, Any]]) -> bool:
    return tables[0].get(name) != tables[1].get(name)


def is_alike(action: str, differ: set[str], tables: list[dict[str, Any]]) -> bool:
    """Return whether an action differs, and pledging as delivering does in each scenario."""
    pledging, delivering = (f"levers.{kind}.{action}" for kind in EFFORTS)
    return {pledging, delivering} <= differ and all(table[pledging] == table[delivering] for table in tables)


def cells(said: Words, action: str, tables: list[dict[str, Any]]) -> list[str]:
    return [told(said, f"levers.pledge_effort.{action}", table) for table in tables]


def told(said: Words, path: str, table: dict[str, Any]) -> str:
    return "–" if table.get(path) is None else said.named_value(path, table[path])


def is_set(value: Any) -> Any:
    """Return a value; None if it leaves things open."""
    return None if value == () else value


def test_scenarios_that_do_the_same_differ_by_exactly_nothing():
    scenario = load_scenario("baiji-returns")
    renamed = scenario.model_copy(update={"id": "other"})
    pair = Comparison(tuple(simulate(one, 200, keep="summary") for one in (scenario, renamed)))
    assert settings_rows([scenario, renamed], words("en")) == []
    rows = differences(pair, ["one", "two"], words("en"))
    assert [row["what"] for row in rows] == list(COMPARED)
    assert {row[name] for row in rows for name in ("mean", "low", "high", "p10", "p90")} == {0.0}


@pytest.mark.costly
@pytest.mark.parametrize("outcome", COMPARED)
def test_every_outcome_can_be_compared(outcome: str):
    state = changed()
    state.compare([CURRENT, "mine", *bundled()][:6])
    state.view["outcome"] = outcome
    page = shown(state, "compare")
    interval = next(block for block in page["blocks"] if block.get("spec", {}).get("type") == "intervals")
    assert interval["data"]["rows"][0]["label"] == "mine"
    assert interval["data"]["rows"][0]["mean"] == 0.0
    assert any(row["mean"] != 0 for row in interval["data"]["rows"])


@pytest.mark.costly
@pytest.mark.parametrize("scope", ["region", "Pacific", "LDC", "ASEAN", "FJI"])
def test_scenarios_are_compared_for_whom_one_likes(scope: str):
    state = AppState()
    state.compare([CURRENT, "baiji-returns"])
    state.view["scope"] = scope
    blocks = shown(state, "compare")["blocks"]
    charts = [block for block in blocks if block["kind"] == "chart"]
    assert len(charts) == 2
    named = "" if scope == "region" else words("en").scope(scope)
    assert all(named in chart["spec"]["title"] and named in chart["spec"]["sentence"] for chart in charts[:1])
    ends = [path[-1] for path in charts[0]["data"]["series"].values()]
    (difference,) = charts[1]["data"]["rows"]
    assert difference["low"] <= difference["mean"] <= difference["high"]
    assert ends[1][1] - ends[0][1] == pytest.approx(difference["mean"], abs=0.06)


def test_a_member_is_compared_by_its_number():
    state = AppState()
    state.compare(["baiji-returns", CURRENT])
    state.view["scope"] = "FJI"
    chart = next(block for block in shown(state, "compare")["blocks"] if block["kind"] == "chart")
    for name, path in zip(state.compared, chart["data"]["series"].values(), strict=True):
        of_page = country(Setting(state.scenario_called(name)), "FJI")
        assert path == of_page.delivered["all"]


@pytest.mark.parametrize(("outcome", "own"), [("overdue_share", "overdue"), ("trust", "trust")])
def test_other_outcomes_of_a_member_are_those_of_its_page(outcome: str, own: str):
    state = AppState()
    state.compare([CURRENT])
    state.view.update(scope="FJI", outcome=outcome)
    chart = next(block for block in shown(state, "compare")["blocks"] if block["kind"] == "chart")
    assert chart["data"]["series"]["0"] == country(state.setting, "FJI").paths[own]


def test_who_takes_no_part_is_not_compared():
    state = AppState()
    state.move("structure.members", {"structure.members": "states"})
    state.view["scope"] = "GUM"
    texts_of = [block["text"] for block in shown(state, "compare")["blocks"] if block["kind"] == "text"]
    assert words("en").say("scope.absent", name="Guam") in texts_of


def test_one_scenario_can_stand_alone():
    state = AppState()
    state.compare([CURRENT])
    assert shown(state, "compare")["blocks"]


# Together --------------------------------------------------------------------------------------------------------


def test_a_coalition_of_all_leaves_nobody_to_move_ahead():
    state = AppState()
    efforts = {"pledge_effort": {"solidarity": 2.0}}
    state.move("coalition", {"coalitions": [{"name": "together", "bodies": ["ASEAN"], **efforts}]})
    assert words("en").say("together.bound") in [block.get("text") for block in shown(state, "bodies/ASEAN")["blocks"]]


# A link from elsewhere -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_link_of_another_version_shows_both_numbers_until_something_is_changed(language: str):
    state = AppState(language)
    table = unpack(state.link({"delivered": 0.1234, "trust": 0.5}))
    state.follow(decode(pack({**table, "version": "0.0.1"})))
    (notice,) = shown(state, "explore", language)["notices"]
    assert "0.0.1" in notice["text"]
    assert [row[1] for row in notice["rows"]].count("–") == len(notice["rows"]) - 2
    assert words(language).number(0.1234) in notice["rows"][0]
    assert all(row[2] != "–" for row in notice["rows"])
    state.move("run.seed", {"run.seed": 99})
    assert notices(state, words(language)) == []


def test_a_link_of_this_version_shows_no_notice():
    state = AppState()
    state.follow(decode(state.link({"trust": 0.1})))
    assert notices(state, words("en")) == []


# Levers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("number", range(3))
def test_every_control_shows_what_is_set(number: int, language: str):
    state = AppState()
    state.open(setting_of(number).scenario)
    state.move("x", {"coalitions": coalitions(Random(number))})
    groups = controls(state, words(language))
    found = {one["id"]: one for group in groups for one in group["controls"]}
    assert all(one["label"] for one in found.values())
    levers = state.setting.scenario.levers
    for action in ACTIONS:
        for part in found[f"effort.{action}"]["parts"]:
            kind = part["path"].split(".")[1]
            assert part["values"] == list(getattr(getattr(levers, kind), action))
    assert found["structure.gate"]["value"] == state.setting.scenario.structure.gate
    assert len(found["coalition"]["entries"]) == len(state.setting.scenario.coalitions)
    assert len(found["events"]["entries"]) == len(state.setting.scenario.events)
    again = {"coalitions": [one["table"] for one in found["coalition"]["entries"]]}
    again["events"] = [one["table"] for one in found["events"]["entries"]]
    assert state.setting.changed(again).key == state.setting.key


# Chinese ---------------------------------------------------------------------------------------------------------


@pytest.mark.costly
@pytest.mark.parametrize("path", PATHS)
def test_chinese_pages_have_no_english_sentences(path: str):
    state = changed()
    said = words("zh")
    foreign = [said.source(one) for one in all_parameters().values()]
    foreign += [part for source in dictionary()["source"] if source for part in (source, source.split(", github")[0])]
    foreign += [words(one).member(code) for one in LANGUAGES for code in member_codes()]  # by which they are found
    foreign += [name for code in member_codes() for name in names_of(code)]
    foreign += [event.source for event in state.setting.scenario.events]
    assert english(shown(state, path, "zh"), foreign) == []


def test_chinese_sentences_of_charts_have_no_english():
    state = changed(**{"uncertainties.trust_gain": 0.3})
    sent = frame(state, words("zh"), state.before)
    assert english(sent, []) == []


def test_a_chinese_page_with_english_would_be_noticed():
    assert english({"blocks": [{"text": "这是 one more plain sentence 吗"}]}, []) == ["这是 one more plain sentence 吗"]


def english(page: Any, foreign: list[str]) -> list[str]:
    """Return the texts of a page with more than a few Latin words in a row."""
    run = re.compile(rf"{WORD}(?:[ ,;:.]+{WORD}){{{FEW},}}")
    return [text for text in texts(page) if run.search(text) and text not in foreign]


def texts(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict | list):
        for one in part.values() if isinstance(part, dict) else part:
            yield from texts(one)
