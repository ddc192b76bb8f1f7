"""Files that are uploaded are told of by the names that they have, and by nothing of the server."""

import tempfile

import pytest
from foresight_ui.runs.setting import first_setting
from foresight_ui.visit.uploads import experiment_from_text, scenario_from_text

from foresight.errors import InputError

HEADER = 'id = "mine"\ntitle = { en = "Mine", zh = "我的" }\n'


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ('extends = "mine.toml"', "mine.toml: extends: the scenario builds on itself; given mine.toml → mine.toml"),
        ('extends = "other.toml"', "mine.toml: extends: there is no scenario or file of that name"),
        ("author = 5", "mine.toml: author: must be a text"),
        ('author = "\ud800"', "mine.toml: author: has a character that cannot be read"),
        ("= 5", "mine.toml: cannot be read from line 3"),
        ("#" * 300_000, "mine.toml: a file has at most 300,000 bytes"),
    ],
)
def test_a_scenario_is_told_of_by_its_name_alone(body: str, told: str):
    with pytest.raises(InputError) as caught:
        scenario_from_text("C:\\mine\\mine.toml", HEADER + body)
    assert str(caught.value).startswith(told)
    assert tempfile.gettempdir() not in str(caught.value)


def test_an_experiment_is_told_of_by_its_name_alone():
    with pytest.raises(InputError) as caught:
        experiment_from_text("some/plan.toml", "id = 5", first_setting().scenario)
    assert {problem.file for problem in caught.value.problems} == {"plan.toml"}
