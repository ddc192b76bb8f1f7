"""What is shown until the engine is ready is what the engine draws."""

import json

import pytest
import stored as made
from foresight_ui.parts import frame
from foresight_ui.parts.frame import pictured
from foresight_ui.runs import stored
from foresight_ui.runs.live import Live
from foresight_ui.runs.picture import MAP, shown_of
from foresight_ui.runs.setting import Setting, first_setting
from foresight_ui.visit.state import FIRST_VIEW

from foresight.engine.readiness import NotReadyError, Readiness
from foresight.scenario.loading import shipped

pytestmark = pytest.mark.what_now(
    "What is stored was drawn from other sources or facts.\n"
    "Is their change meant? `make stored`, also where no number moved."
)

#: Bytes that a first look may take in the package.
MOST = 300_000


@pytest.fixture
def unready(monkeypatch: pytest.MonkeyPatch) -> Live:
    """The engine of this process, never compiled."""
    readiness = Readiness(lambda: False)
    readiness._ready.clear()
    live = Live(readiness)
    monkeypatch.setattr(frame, "LIVE", live)
    return live


@pytest.fixture
def of_today():
    """What is stored counts for these sources and facts."""
    assert stored.stored(first_setting(), FIRST_VIEW["map"])


def test_pictures_are_those_that_the_engine_draws_now():
    assert json.loads(made.PATH.read_text("utf-8")) == json.loads(made.written(made.drawn()))


def test_pictures_are_few_and_small():
    assert made.PATH.stat().st_size < MOST
    assert len(json.loads(made.PATH.read_text("utf-8"))) == len(shipped())


@pytest.mark.parametrize("name", shipped())
@pytest.mark.usefixtures("of_today", "unready")
def test_a_scenario_that_ships_is_shown_before_the_engine_is_ready(name: str):
    setting = Setting(shipped()[name])
    drawn = Live().picture(setting, "test", lambda run: shown_of(run, FIRST_VIEW["map"]))
    assert repr(pictured(setting, FIRST_VIEW["map"])) == repr(drawn)


@pytest.mark.parametrize("changes", [{"run.seed": 2}, {"run.replicates": 500}, {"levers.linking": 1.6}], ids=str)
def test_whatever_else_waits_for_the_engine(changes: dict[str, float], unready: Live):
    with pytest.raises(NotReadyError):
        pictured(first_setting().changed(changes), FIRST_VIEW["map"])
    with pytest.raises(NotReadyError):
        pictured(first_setting(), MAP[-1])
    with pytest.raises(NotReadyError):
        unready.results(first_setting())


@pytest.mark.usefixtures("of_today")
@pytest.mark.parametrize("part", ["sources_digest", "data_digest"])
def test_a_picture_of_other_sources_or_facts_is_not_shown(part: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(stored, part, lambda *_: "other")
    assert stored.stored(first_setting(), FIRST_VIEW["map"]) is None
