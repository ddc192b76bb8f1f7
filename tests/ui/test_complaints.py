"""What is refused is told in the words of the page, what was meant first, and what may be behind a click."""

from typing import Any

import pytest
from foresight_ui.parts.complaints import complaint, named
from foresight_ui.visit.state import AppState
from foresight_ui.visit.uploads import scenario_from_text
from foresight_ui.words import LANGUAGES, words

from foresight.errors import InputError

FILE = """id = "mine"
title.en = "Mine"
title.zh = "我的"
[levers]
linkng = 3
"""

REEFS = {"name": "Reefs", "members": ["FJI", "THA"]}
ASEAN = {"name": "South-East", "bodies": ["ASEAN"]}


def refusals(values: dict[str, Any], language: str = "en") -> list[dict[str, str]]:
    """Return what is told of values that cannot be."""
    with pytest.raises(InputError) as refused:
        AppState().move("x", values)
    return [complaint(problem, words(language)) for problem in refused.value.problems]


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"levers.linking": 9}, "Links between subregions: is out of range; given 9; allowed -0.4 … 1.6"),
        ({"run.seed": -1}, f"Seed of the luck: is out of range; given -1; allowed 0..{2**64 - 1}"),
        (
            {"levers.pledge_effort.transparency": [1, 9, 1]},
            "Pledging effort, Transparency, phase 3: is out of range; given 9; allowed 0.25 … 6",
        ),
        (
            {"coalitions": [ASEAN, REEFS]},
            "Thailand would be in two coalitions: “Reefs” and “South-East”. A member can be in one only.",
        ),
        ({"coalitions": [{"name": "a"}]}, "Coalition of front-runners 1: has no members; name members or bodies"),
    ],
)
def test_fields_are_called_as_on_the_page(values: dict[str, Any], text: str):
    (told,) = refusals(values)
    assert (told["text"], told["allowed"]) == (text, "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_is_told_of_the_command_line(language: str):
    for values in ({"levers.linking": 9}, {"run.seed": -1}, {"coalitions": [ASEAN, REEFS]}, {"uncertainties.x": 1}):
        for told in refusals(values, language):
            assert "--set" not in told["text"]
            assert "Python" not in told["text"]


def test_of_a_file_what_was_meant_comes_first_and_the_whole_list_behind_a_click():
    with pytest.raises(InputError) as refused:
        scenario_from_text("mine.toml", FILE)
    (told,) = (complaint(problem, words("en")) for problem in refused.value.problems)
    assert told["text"] == "mine.toml: levers.linkng: there is no such entry; did you mean linking?"
    assert "support_multiplier" in told["allowed"]


def test_what_the_page_has_no_name_for_stays_as_it_is():
    assert named("nothing.at.all", words("en")) == "nothing.at.all"
    assert named("", words("en")) == ""
