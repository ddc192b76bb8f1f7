"""The log says what differs, in the order that it tells, with what was left beside the way."""

from typing import Any

import pytest
from foresight_ui.parts.differences import told, told_shortly
from foresight_ui.parts.log import lines, log
from foresight_ui.visit.state import AppState
from foresight_ui.words import LANGUAGES, words

from foresight.scenario.loading import load_scenario

PLEDGE, DELIVER = "levers.pledge_effort.transparency", "levers.delivery_effort.transparency"


def said_of(*moves: dict[str, Any], language: str = "en") -> list[tuple[str, str]]:
    """Return what the log says of moves."""
    state = AppState(language)
    state.open(load_scenario("historical-pace", set={"events": []}))
    for values in moves:
        state.move("x", values)
    return [told(state.history, at, words(language)) for at in range(2, len(state.history.entries))]


@pytest.mark.parametrize(
    ("values", "what", "told_of_it"),
    [
        ({PLEDGE: 2.5, DELIVER: 2.5}, "Effort: Transparency", "×1 → ×2.5"),
        ({PLEDGE: [1.7, 1, 1]}, "Effort: Transparency, Pledging, phase 2", "×1 → ×1.7"),
        ({DELIVER: [1.7, 1, 1]}, "Effort: Transparency, Delivering, phase 2", "×1 → ×1.7"),
        ({DELIVER: [1, 3, 3]}, "Effort: Transparency, Delivering, phases 3, 4", "×1 → ×3"),
        ({"levers.linking": 1.5}, "Links between subregions", "the uncertain value → 1.5"),
        ({"levers.assistance": [0.1, 0.2, 0.3]}, "Technical assistance", "0 → 0.1 · 0.2 · 0.3"),
        ({"run.seed": 2**64 - 1}, "Seed of the luck", f"1 → {2**64 - 1}"),
        ({"run.effects": "drawn"}, "Effects of members", "Treaty records → Anonymous draws"),
        ({"structure.members": "states"}, "Who takes part", "58 members and associate members → 49 member States"),
        (
            {"coalitions": [{"name": "Reefs", "members": ["FJI", "WSM"], "pledge_effort": {"financing": [2, 3, 4]}}]},
            "Coalition “Reefs”",
            "new: members: 2, Financing Pledging ×2 · 3 · 4",
        ),
        (
            {"events": [{"name": "flood", "year": 2031, "scope": "SEA", "resources_lost": 0.2}]},
            "Event “flood”",
            "new: 2031, South-East Asia: own resources -20%",
        ),
    ],
)
def test_a_line_says_what_differs_from_what_to_what(values: dict[str, Any], what: str, told_of_it: str):
    assert said_of(values) == [(what, told_of_it)]


def test_what_happens_to_a_coalition_is_told():
    reefs = {"name": "Reefs", "bodies": ["PIF"]}
    efforts = {
        name: dict.fromkeys(("solidarity", "transparency"), 2.5) for name in ("pledge_effort", "delivery_effort")
    }
    lines = said_of({"coalitions": [reefs]}, {"coalitions": [{**reefs, **efforts}]}, {"coalitions": []})
    gist = "members: 18, Solidarity ×2.5, Transparency ×2.5"
    assert [values for _, values in lines] == [
        "new: members: 18, no efforts of their own",
        f"now: {gist}",
        f"removed; it was: {gist}",
    ]


def test_several_things_at_once_are_told_one_by_one_and_the_rest_counted():
    efforts = {f"levers.pledge_effort.{one}": 2 for one in ("solidarity", "accountability", "financing", "networking")}
    ((what, values),) = said_of(efforts)
    assert what == "Effort: Solidarity, Effort: Accountability, Effort: Financing"
    assert values.endswith("Effort: Financing, Pledging: ×1 → ×2; and 1 more")


def test_parts_of_one_effort_are_told_under_its_name():
    ((what, values),) = said_of({PLEDGE: [1.7, 1, 1], DELIVER: 6})
    assert (what, values) == ("Effort: Transparency", "Pledging, phase 2: ×1 → ×1.7; Delivering: ×1 → ×6")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_line_has_words_in_every_language(language: str):
    state = AppState(language)
    state.move("x", {PLEDGE: [1, 2, 3], "run.seed": 4, "structure.gate": "calendar"})
    state.move("x", {"coalitions": [{"name": "a", "members": ["FJI"]}]})
    state.open(load_scenario("drifting-apart"))
    state.move("events", {"events": []})
    for at in range(len(state.history.entries)):
        assert told_shortly(state.history, at, words(language))


def test_what_was_left_is_set_in_above_where_it_began():
    """Entries 2 and 3 were left after 1, and 5 after 4; the way goes on with 6."""
    state = AppState()
    for number, back_to in ((1, None), (2, None), (3, None), (4, 1), (5, None), (6, 4)):
        if back_to is not None:
            state.jump(back_to)
        state.move("run.seed", {"run.seed": 10 + number})
    assert lines(state.history) == [(6, 0), (5, 1), (4, 0), (3, 1), (2, 1), (1, 0), (0, 0)]
    state.jump(3)
    assert lines(state.history) == [(3, 0), (2, 0), (6, 1), (5, 2), (4, 1), (1, 0), (0, 0)]


def test_the_table_marks_where_one_is_and_leads_anywhere_else():
    state = AppState()
    state.move("run.seed", {"run.seed": 5})
    state.undo()
    state.move("run.seed", {"run.seed": 6})
    _, table = log(state.history, words("en"))
    assert [row[1:] for row in table["rows"]] == [
        [{"text": "Seed of the luck", "note": "Historical pace"}, "1 → 6", {"text": "here", "tag": "here"}],
        [{"text": "Seed of the luck", "note": "Historical pace", "left": 1}, "1 → 5", go(1)],
        [{"text": "Opened: Historical pace", "note": ""}, "", go(0)],
    ]


def test_each_line_names_the_future_it_made():
    state = AppState()
    state.open(load_scenario("drifting-apart"))
    state.move("x", {PLEDGE: [2, 2, 2]})
    state.move("x", {"levers.linking": 1.25})
    _, table = log(state.history, words("en"))
    assert [row[1]["note"] for row in table["rows"]] == [
        "Drifting apart + links between subregions 1.25 + transparency (pledging) ×2",
        "Drifting apart + transparency (pledging) ×2",
        *("", ""),
    ]


def go(position: int) -> dict[str, Any]:
    return {"text": "Go to this", "button": {"type": "jump", "position": position}}
