"""A future that somebody changed has one name and one digest wherever it goes."""

import io
import re
import tomllib
from typing import Any

import pandas as pd
import pytest
from foresight_ui.parts.frame import frame, scenarios
from foresight_ui.parts.signature import name_of, screen_name, signature
from foresight_ui.runs.setting import Setting, first_setting
from foresight_ui.sharing import reproduction, settled
from foresight_ui.visit.alterations import alterations
from foresight_ui.visit.files import KINDS, file_of
from foresight_ui.visit.futures import MARK, changed_title, fitted, stem_of, title_of
from foresight_ui.visit.link import decode
from foresight_ui.visit.state import CURRENT, AppState, Entry
from foresight_ui.visit.uploads import scenario_from_text
from foresight_ui.words import LANGUAGES, words
from futures import setting_of

from foresight.bounds import IDENTIFIER, TITLE
from foresight.scenario.loading import load_scenario, shipped

TRANSPARENCY = {"levers.pledge_effort.transparency": 2.5, "levers.delivery_effort.transparency": 2.5}

#: States that go through all exports each time, and those that do where there is time.
FEW, MANY = range(1, 5), range(5, 51)


def state_of(number: int) -> AppState:
    """Return a session with changes by chance on the screen."""
    state = AppState()
    state.history.write(Entry(setting_of(number), state.base, "by chance"), 10)
    return state


def changed(values: dict[str, Any], name: str = "historical-pace", language: str = "en") -> str:
    """Return the name of a scenario that ships once values of it were changed."""
    state = AppState(language)
    state.open(shipped()[name])
    state.move("x", values)
    return screen_name(state, words(language))


# Names -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "name"),
    [
        (TRANSPARENCY, "Historical pace + transparency ×2.5"),
        ({"levers.pledge_effort.transparency": 2.5}, "Historical pace + transparency (pledging) ×2.5"),
        ({"levers.delivery_effort.financing": [1.0, 1.7, 2.5]}, "Historical pace + financing (delivering) ×1–2.5"),
        ({"levers.linking": 1.2}, "Historical pace + links between subregions 1.2"),
        ({"levers.assistance": [0.0, 0.5, 1.0]}, "Historical pace + technical assistance 0–100%"),
        ({"levers.support_multiplier": 0.5}, "Historical pace + external support ×0.5"),
        ({"structure.gate": "calendar"}, "Historical pace + gate of more ambitious goals: the calendar alone"),
        ({"members.NPL.ldc": False}, "Historical pace + facts of Nepal"),
        ({"uncertainties.delivery_rate": 0.3}, "Historical pace + pace of delivery 0.3"),
        ({"coalitions": [{"name": "a", "members": ["FJI"]}]}, "Historical pace + coalition “a”"),
        ({"events": []}, "Historical pace + without pandemic 2020 + without pandemic 2021"),
    ],
)
def test_a_changed_future_is_named_after_its_change(values: dict[str, Any], name: str):
    assert changed(values) == name


@pytest.mark.parametrize(
    ("language", "name"),
    [
        ("en", "Historical pace + financing ×6 + transparency ×2.5 + 2 more"),
        ("zh", "历史步伐 + 筹资 ×6 + 透明度 ×2.5 + 另 2 项"),
        ("fr", "Rythme historique + financement ×6 + transparence ×2,5 + 2 de plus"),
        ("ru", "Исторический темп + финансирование ×6 + прозрачность ×2,5 + ещё 2"),
    ],
)
def test_the_largest_changes_come_first_and_the_others_are_counted(language: str, name: str):
    both = {f"levers.{kind}.financing": 6.0 for kind in ("pledge_effort", "delivery_effort")}
    values = {"levers.linking": 0.9, **TRANSPARENCY, **both, "levers.assistance": 0.1}
    assert changed(values, language=language) == name


def test_a_change_of_direction_is_named_too():
    both = {f"levers.{kind}.transparency": 1.0 for kind in ("pledge_effort", "delivery_effort")}
    assert changed(both, "baiji-returns") == "Baiji returns + transparency ×1"


@pytest.mark.parametrize("name", shipped())
def test_what_does_what_another_does_has_the_name_of_that(name: str):
    state = AppState()
    state.history.write(Entry(Setting(load_scenario(name)), state.base, "by chance"), 10)
    assert screen_name(state, words("en")) == shipped()[name].title.en
    assert state.future.scenario == shipped()[name]


@pytest.mark.parametrize("number", [*FEW, *MANY])
def test_names_keep_to_their_bounds_and_say_what_was_changed(number: int):
    scenario = state_of(number).future.scenario
    for title in (scenario.title.en, scenario.title.zh):
        assert 0 < len(title) <= TITLE.most
    assert len(scenario.id) <= IDENTIFIER.most
    base = first_setting().scenario
    assert len(alterations(base, scenario, words("en"))) > 0
    assert scenario.id == f"historical-pace-{scenario.digest()[:MARK]}"
    assert stem_of(scenario) == "historical-pace"


def test_a_change_on_top_of_a_change_is_told_from_the_first_base():
    state = AppState()
    state.move("x", TRANSPARENCY)
    state.open(state.kept[state.keep(state.future.scenario.id, state.future.scenario)])
    state.move("y", {"levers.linking": 1.0})
    assert screen_name(state, words("fr")) == "Rythme historique + transparence ×2,5 + liens entre sous-régions 1"
    assert re.fullmatch(r"historical-pace-[0-9a-f]{4}", state.future.scenario.id)


def test_a_name_that_somebody_gave_is_the_base_of_others():
    state = AppState()
    state.move("x", TRANSPARENCY)
    state.open(state.kept[state.keep("Our plan", state.future.scenario)])
    assert screen_name(state, words("ru")) == "Our plan"
    state.move("y", {"levers.linking": 1.6})
    assert screen_name(state, words("en")) == "Our plan + links between subregions 1.6"


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_kept_without_a_name_is_named_in_each_language(language: str):
    state, said = AppState(), words(language)
    state.move("x", TRANSPARENCY)
    name = screen_name(state, said)
    kept = state.keep(state.future.scenario.id, state.future.scenario)
    assert name == title_of(state.kept[kept], said) == name_of(kept, state, said)


def test_two_futures_that_do_the_same_have_two_names_and_each_keeps_its_own():
    text = 'id = "{0}"\nextends = "baiji-returns"\n[title]\nen = "{1}"\nzh = "{1}"\n'
    state = AppState()
    first, second, third = (
        state.keep(name, scenario_from_text("a.toml", text.format(name, title)))
        for name, title in (("one", "Ours"), ("two", "Theirs"), ("three", "Ours"))
    )
    for name, title in ((second, "Theirs"), (first, "Ours"), (third, "Ours (2)"), ("baiji-returns", "Baiji returns")):
        state.open(state.scenario_called(name))
        assert (state.name, screen_name(state, words("en"))) == (name, title)


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("Historical pace + transparency ×2.5", "Historical pace + transparency ×2.5"),
        (
            "A name of many words that somebody wrote into a file of their own + solidarity ×1.7 + transparency ×2.5",
            "A name of many words that somebody … solidarity ×1.7 + transparency ×2.5",
        ),
        ("x" * 100, f"{'x' * 36} … {'x' * 36}"),
    ],
)
def test_a_name_that_is_too_long_for_a_line_lacks_its_middle(name: str, line: str):
    assert fitted(name) == line


def test_an_id_that_looks_like_a_changed_one_is_left_alone():
    scenario = load_scenario("baiji-returns").model_copy(update={"id": "plan-2025"})
    assert stem_of(scenario) == "plan-2025"
    name = changed_title(scenario.model_copy(update={"events": ()}), scenario, words("en"))
    assert name.startswith("Baiji returns + without")


# Everywhere ------------------------------------------------------------------------------------------------------


def agree(state: AppState) -> None:
    """Compare name and digest of what is on the screen in all places that they go to."""
    english, future = words("en"), state.future
    scenario = future.scenario
    name, digest = scenario.title.en, scenario.digest()
    drawn = frame(state, english, None)
    signed = drawn["future"]
    assert drawn["sentence"].startswith(f"{name}: ")
    assert (signed["name"], signed["id"], signed["digest"]) == (name, scenario.id, digest[:12])
    assert signed["digest"] in signed["made"]
    assert scenarios(state, english)["title"] == name
    exported = {kind: file_of(future, kind) for kind in KINDS}
    assert {file for file, _, _ in exported.values()} == {f"{scenario.id}{ending}" for ending, _ in KINDS.values()}
    content = {kind: io.BytesIO(text) for kind, (_, _, text) in exported.items()}
    plain = tomllib.loads(content["toml"].getvalue().decode())
    assert (plain["id"], plain["title"]["en"]) == (scenario.id, name)
    assert scenario_from_text("x.toml", content["toml"].getvalue().decode()).digest() == digest
    table = pd.read_csv(content["csv"])
    assert (set(table["scenario"]), set(table["title"])) == ({scenario.id}, {name})
    iamc = pd.read_csv(content["iamc"])
    assert set(iamc["Scenario"]) == {f"{name} ({digest[:8]})"}
    told = pd.read_excel(content["xlsx"], "provenance").set_index("name")["value"]
    assert (told["scenario"], told["title"], told["scenario_digest"]) == (scenario.id, name, digest)
    assert told["sentence"].startswith(f"{name}: ")
    other = AppState()
    other.follow(decode(settled(state)["link"]))
    assert signature(other, english) == signed
    assert reproduction(future)["name"] == f"{scenario.id}.toml"


@pytest.mark.costly
@pytest.mark.parametrize("number", FEW)
def test_name_and_digest_agree_everywhere(number: int):
    agree(state_of(number))


@pytest.mark.slow
@pytest.mark.parametrize("number", MANY)
def test_name_and_digest_agree_everywhere_always(number: int):
    agree(state_of(number))


@pytest.mark.costly
def test_a_scenario_that_ships_goes_everywhere_under_its_own_name():
    state = AppState()
    assert (state.name, signature(state, words("en"))["id"]) == ("historical-pace", "historical-pace")
    table = pd.read_csv(io.BytesIO(file_of(state.future, "iamc")[2]))
    assert set(table["Scenario"]) == {"Historical pace"}
    assert state.future.scenario == state.scenario_called(CURRENT)


def test_a_changed_scenario_says_what_it_was_changed_from():
    state = AppState()
    state.move("x", TRANSPARENCY)
    scenario = state.future.scenario
    assert scenario.storyline.en == "Changed from “Historical pace”: transparency ×2.5."
    assert scenario.storyline.zh == "由“历史步伐”更改而来：透明度 ×2.5。"
    assert (scenario.author, scenario.origin.title, scenario.origin.storyline) == ("", "project", "project")
