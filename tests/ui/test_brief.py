"""The brief of what is on the screen."""

import briefs
import papers
import pytest
from foresight_ui.runs.setting import Setting
from foresight_ui.visit.brief import brief_of
from foresight_ui.visit.state import AppState

from foresight.errors import InputError
from foresight.scenario.loading import load_scenario

pytestmark = pytest.mark.costly


def text_of(setting: Setting, language: str, member: str | None = None) -> tuple[str, str]:
    name, kind, content = brief_of(setting, language, member)
    assert kind == "text/html"
    assert len(list(briefs.cited(content.decode()))) > 200
    return name, papers.text_of(content.decode())


def test_a_scenario_that_ships_is_set_beside_historical_pace():
    name, words = text_of(Setting(load_scenario("baiji-returns")), "en", "FJI")
    assert name == "brief-baiji-returns-FJI.html"
    assert "Baiji returns goes furthest" in words
    assert "Fiji delivers" in words
    command = (
        "foresight brief historical-pace baiji-returns --members FJI --seed 1 --replicates 200 --effects posterior"
    )
    assert command in words


def test_a_change_of_historical_pace_is_told_apart_from_it():
    state = AppState()
    state.move("levers.linking", {"levers.linking": 1.2})
    future = state.future
    name, words = text_of(future, "ru")
    assert name == f"brief-{future.scenario.id}.html"
    assert f"foresight brief historical-pace {future.scenario.id}.toml" in words


def test_historical_pace_alone_is_nothing_to_compare():
    with pytest.raises(InputError, match="two"):
        brief_of(Setting(load_scenario("historical-pace")), "en")
