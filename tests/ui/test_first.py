"""What the first screen says: a sentence, its range, four results beside what they were, and the effort asked."""

import re
from dataclasses import replace

import numpy as np
import pytest
from foresight_ui.parts.first import TILES, changes_between, claim, told
from foresight_ui.parts.frame import frame, pictured
from foresight_ui.runs.picture import MAP, Picture
from foresight_ui.runs.setting import Setting, first_setting
from foresight_ui.visit.state import AppState
from foresight_ui.words import LANGUAGES, words

from foresight.actions import ACTIONS
from foresight.facts.members import REGION
from foresight.results.comparison import compare
from foresight.results.outcomes import ALL_ACTIONS
from foresight.results.simulation import simulate
from foresight.scenario.loading import shipped

TRANSPARENCY = {f"levers.{lever}.transparency": 2.5 for lever in ("pledge_effort", "delivery_effort")}
#: Small enough to be lost among what runs do by themselves.
HARDLY = {"levers.pledge_effort.networking": [1.0, 1.0, 1.01]}


def picture(setting: Setting) -> Picture:
    return pictured(setting, MAP[0])[0]


def said(changes: dict, language: str = "en", base: Setting | None = None) -> dict:
    start = base or first_setting()
    setting = start.changed(changes) if changes else start
    now = picture(setting)
    before = now if setting.key == start.key else picture(start)
    return told(now, before, setting, start.scenario, words(language))


def test_changes_are_the_paired_means_that_compare_has():
    base, changed = first_setting(), first_setting().changed(TRANSPARENCY)
    found = changes_between(picture(changed), picture(base))
    runs = [simulate(one.scenario, one.replicates, one.seed, effects=one.effects) for one in (base, changed)]
    labels = {"mean_delivered": {"scope": REGION, "action": ALL_ACTIONS}, "trust": {"scope": REGION}}
    labels["overdue_share"] = labels["mean_delivered"]
    names = {"mean_delivered": "delivered", "trust": "trust", "overdue_share": "overdue"}
    table = compare(runs)
    for outcome, name in names.items():
        rows = table.differences(outcome)
        for column, value in {**labels[outcome], "year": 2040}.items():
            rows = rows[rows[column] == value]
        row = rows.iloc[-1]
        assert found[name] == pytest.approx((row["mean"], row["mean"] - row["low"]), abs=1e-5)


def test_how_far_the_poorest_lag_is_what_the_sentence_tells_of():
    now = picture(first_setting())
    assert np.median(now.last["lag"]) == pytest.approx(-now.findings.ahead, abs=1e-6)
    assert np.median(now.last["delivered"]) == pytest.approx(now.findings.delivered, abs=1e-6)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sentence_is_short(language: str):
    sentence = claim(picture(first_setting()), words(language))
    assert sentence.count("*") == 2
    assert len(re.findall(r"\S+", sentence)) <= 18


def test_nothing_is_said_of_changes_where_there_are_none():
    first = said({})
    assert [tile["change"] for tile in first["tiles"]] == [""] * len(TILES)
    assert re.fullmatch(r"\d\.\d to \d\.\d in 8 of 10 futures\.", first["range"])
    assert first["points"] == "Effort asked: *0* of 39 · Baiji returns asks 18"


def test_a_change_says_which_way_it_goes_and_whether_that_is_good():
    more = said(TRANSPARENCY)
    tones = {name: tile["tone"] for name, tile in zip(TILES, more["tiles"], strict=True)}
    assert (tones["delivered"], tones["overdue"], tones["trust"]) == ("good", "good", "good")
    assert re.fullmatch(r"▲ \+0\.\d\d", more["tiles"][0]["change"])
    assert re.fullmatch(r"▼ −\d\.\d", more["tiles"][1]["change"])
    assert re.search(r"futures\. More transparency added 0\.\d\d\.$", more["range"])
    less = said(dict.fromkeys(TRANSPARENCY, 0.5))
    assert less["tiles"][0]["tone"] == "bad"
    assert re.search(r"Less transparency took away 0\.\d\d\.$", less["range"])
    assert less["points"].startswith("Effort asked: *less than before*")


def test_fewer_promises_overdue_are_no_good_news_where_less_is_delivered():
    collapse = said({f"levers.pledge_effort.{action}": 0.25 for action in ACTIONS})
    tones = {name: tile["tone"] for name, tile in zip(TILES, collapse["tiles"], strict=True)}
    assert collapse["tiles"][1]["change"].startswith("▼")
    assert (tones["delivered"], tones["overdue"]) == ("bad", "plain")
    assert said(TRANSPARENCY)["tiles"][1]["tone"] == "good"


def test_a_change_within_its_interval_is_not_visible():
    hardly = said(HARDLY)
    assert hardly["range"].endswith("More networking: no visible change.")
    assert {tile["change"] for tile in hardly["tiles"]} == {"no visible change"}


@pytest.mark.parametrize(
    "changes",
    [TRANSPARENCY | {"levers.linking": 1.5}, {"levers.linking": 1.5}, {"levers.pledge_effort.solidarity": [2, 0.5, 1]}],
    ids=["an action and a rule", "a rule", "more and less"],
)
def test_what_is_more_than_one_action_is_called_changes(changes: dict):
    assert re.search(r"futures\. Your changes(:| added| took)", said(changes)["range"])


def test_who_opened_the_scenario_of_the_document_is_not_told_its_effort_twice():
    baiji = Setting(shipped()["baiji-returns"])
    assert said({}, base=baiji)["points"] == "Effort asked: *18* of 39"


def test_what_changes_are_counted_from_comes_with_the_first_frame_alone():
    state = AppState()
    state.move("x", TRANSPARENCY)
    first, next_one = (frame(state, words("en"), None, anew) for anew in (True, False))
    assert "base" not in next_one
    assert first["base"]["map"] == pictured(first_setting(), MAP[0])[1]
    assert first["base"]["charts"].keys() == first["charts"].keys()
    assert (first["changed"], first["based"]) == (True, False)  # what was before is the base
    state.move("y", {"levers.linking": 1.5})
    assert frame(state, words("en"), None)["based"]
    state.open(replace(first_setting()).scenario)
    assert not frame(state, words("en"), None)["changed"]


def test_who_gains_is_told_of_every_future_but_the_first():
    state, first = AppState(), pictured(first_setting(), MAP[0])[1]
    assert not frame(state, words("en"), None)["map"]["gains"]
    state.open(shipped()["baiji-returns"])
    opened = frame(state, words("en"), None, anew=True)
    assert (opened["changed"], opened["map"]["gains"]) == (False, True)
    assert opened["base"]["map"] == first
    state.move("x", TRANSPARENCY)
    assert frame(state, words("en"), None, anew=True)["base"]["map"] == first
