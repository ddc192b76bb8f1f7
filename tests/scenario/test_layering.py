"""What a file adds to its base, and what is set on top of both."""

from pathlib import Path

import numpy as np
import pytest
from scenario_files import write

from foresight.errors import InputError
from foresight.scenario.layering import parse_assignments
from foresight.scenario.loading import load_scenario


def test_assignments_are_read_as_toml_or_bare_words():
    lines = ["levers.linking=1.2", "structure.gate = calendar", "events=[]", 'author="A = B"', "x=true"]
    assert parse_assignments(lines) == {
        "levers.linking": 1.2,
        "structure.gate": "calendar",
        "events": [],
        "author": "A = B",
        "x": True,
    }


def test_every_broken_assignment_is_named():
    lines = ["levers", "=1", "a=", "a..b=1", "a=[1", "a=1\nb=2", "a={" + "b={" * 9_000]
    with pytest.raises(InputError) as caught:
        parse_assignments(lines)
    assert [problem.kind for problem in caught.value.problems] == ["not_an_assignment"] * len(lines)
    assert all(problem.file == "--set" for problem in caught.value.problems)


def test_an_assignment_with_two_values_is_a_clash():
    with pytest.raises(InputError, match=r"--set: levers\.linking: is given two values; given 2"):
        parse_assignments(["levers.linking=1", "levers.linking=2"])
    assert parse_assignments(["levers.linking=1", "levers.linking=1"]) == {"levers.linking": 1}


@pytest.mark.parametrize(
    "values",
    [{"events": [], "event": [{}]}, {"levers": {"linking": 1}, "levers.linking": 1.1}, {"a": 1, "a.b": 1}],
)
def test_two_ways_to_set_one_thing_are_a_clash(values: dict[str, object]):
    with pytest.raises(InputError, match="is given two values"):
        load_scenario("baiji-returns", set=values)


def test_a_decimal_comma_is_explained():
    with pytest.raises(InputError, match=r'--set: levers\.linking: must be a number; given "0,5"; allowed -0\.4'):
        load_scenario("baiji-returns", set=parse_assignments(["levers.linking=0,5"]))


def test_a_common_effort_cannot_be_taken_away():
    with pytest.raises(InputError, match=r"Python: levers\.pledge_effort\.solidarity: must be a number"):
        load_scenario("baiji-returns", set={"levers.pledge_effort.solidarity": None})


def test_a_base_cannot_be_set():
    with pytest.raises(InputError, match="can only be written in a scenario file"):
        load_scenario("baiji-returns", set={"extends": "paper-promises"})


def test_what_is_set_goes_on_top_and_lists_take_the_place_of_lists():
    changed = load_scenario(
        "baiji-returns",
        set={
            "events": [{"name": "storm", "year": 2030, "trust": -0.1}],
            "levers.pledge_effort": {"solidarity": np.array([1, 2, 3])},
            "uncertainties.grace_years": np.int64(4),
            "levers.linking": None,
        },
    )
    assert [event.name for event in changed.events] == ["storm"]
    assert changed.levers.pledge_effort.solidarity == (1, 2, 3)
    assert changed.levers.pledge_effort.transparency == (2.5, 2.5, 2.5)
    assert changed.uncertainties.grace_years == 4
    assert changed.levers.linking is None


@pytest.mark.parametrize("name", ["event", "events"])
def test_an_empty_list_clears(name: str):
    assert load_scenario("drifting-apart", set={name: []}).events == ()


def test_a_file_adds_to_the_lists_of_its_base_and_replaces_by_name(tmp_path: Path):
    path = write(
        tmp_path,
        'extends = "historical-pace"\n'
        '[[event]]\nname = "pandemic 2021"\nyear = 2021\ntrust = -0.1\n'
        '[[event]]\nname = "storm"\nyear = 2030\ntrust = -0.1\n',
    )
    events = load_scenario(path).events
    assert [event.name for event in events] == ["pandemic 2020", "pandemic 2021", "storm"]
    assert events[1].resources_lost == 0


def test_a_header_is_not_inherited(tmp_path: Path):
    inherited = load_scenario(write(tmp_path, 'extends = "baiji-returns"'))
    assert inherited.title.en == "Mine"
    assert inherited.storyline.en == inherited.author == ""
    assert inherited.origin.title == "project"
    assert inherited.extends == ("baiji-returns", "historical-pace")
    assert inherited.digest() == load_scenario("baiji-returns").digest()
