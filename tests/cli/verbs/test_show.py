"""What can be shown, and files that are checked."""

import json
from pathlib import Path

import pytest
from command_line import lines, undrawn
from scenario_files import write

from foresight.scenario.loading import bundled


@pytest.mark.costly
@pytest.mark.parametrize(
    "name",
    [
        "scenarios",
        "members",
        "parameters",
        "baiji-returns",
        "FJI",
        "fji",
        "delivery_rate",
        "linking",
        "transparency",
    ],
)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_everything_can_be_shown(call, name: str, language: str):
    answer = call("show", name, "--language", language)
    assert answer.code == 0
    assert answer.out.strip()
    assert answer.err == ""
    assert json.loads(call("show", name, "--json").out)


def test_a_scenario_file_can_be_shown(call, tmp_path: Path):
    path = write(tmp_path, "levers.linking = 1.1")
    answer = call("show", str(path))
    assert "levers.linking" in answer.out
    assert "1.1" in answer.out


@pytest.mark.parametrize(
    ("name", "meant"), [("baiji-return", "baiji-returns"), ("FJJ", "FJI"), ("delivry_rate", "delivery_rate")]
)
def test_an_unknown_name_is_answered_with_the_nearest(call, name: str, meant: str):
    answer = call("show", name)
    assert answer.code == 2
    assert meant in answer.err
    assert answer.out == ""


def test_a_member_says_which_rule_fills_a_gap(call):
    answer = call("show", "COK", "--json").out
    assert json.loads(answer)["government_effectiveness"] is None
    assert "missing; base" in call("show", "COK").out


@pytest.mark.parametrize("name", ["FJI", "fji", "Fiji", "斐济"])
def test_a_member_is_shown_by_code_or_name(call, name: str):
    assert json.loads(call("show", name, "--json").out)["iso3"] == "FJI"


@pytest.mark.costly
@pytest.mark.parametrize(("name", "member"), [("PIF", "FJI"), ("pacific", "FJI"), ("ldc", "AFG"), ("REST", "CHN")])
def test_a_body_a_subregion_and_a_group_are_shown_with_their_members(call, name: str, member: str):
    found = json.loads(call("show", name, "--json").out)
    assert member in found["members"]
    assert found["code"].lower() == name.lower()
    assert member in call("show", name).out


def test_all_bodies_are_shown_with_the_number_of_their_members(call):
    found = {row["body"]: row["members"] for row in json.loads(call("show", "bodies", "--json").out)}
    assert "FJI" in found["PIF"]
    assert "PIF" in call("show", "bodies").out


def test_a_parameter_is_shown_by_its_path_too(call):
    assert call("show", "levers.linking").out == call("show", "linking").out
    assert call("show", "levers.pledge_effort.networking").out == call("show", "pledge_effort").out
    assert call("show", "uncertainties.linking").code == 2


def test_a_default_that_stands_for_an_uncertainty_names_it(call):
    assert "outside_peer_effect, 0.8" in call("show", "linking").out


def test_good_files_are_said_to_be_fine(call):
    paths = [str(path) for path in bundled().values()]
    answer = call("check", *paths)
    assert answer.code == 0
    assert undrawn(answer.out) == undrawn("".join(f"{path}: fine" for path in paths))
    assert answer.err == ""


def test_every_problem_of_every_file_is_a_line_on_stderr(call, tmp_path: Path):
    good = write(tmp_path, "", name="good.toml")
    bad = write(tmp_path, "levers.linking = 9\nlevers.linkin = 1", name="bad.toml")
    answer = call("check", str(bad), str(good), str(tmp_path), str(tmp_path / "none.toml"))
    assert answer.code == 2
    assert undrawn(answer.out) == undrawn(f"{good}: fine")
    assert len(lines(answer.err)) == 4
    assert sum(str(bad) in line for line in lines(answer.err)) == 2


def test_checks_are_data_too(call, tmp_path: Path):
    bad = write(tmp_path, "levers.linking = 9")
    answer = call("check", "--json", str(bad))
    assert answer.code == 2
    (found,) = json.loads(answer.out)
    assert found["file"] == str(bad)
    assert found["problems"][0]["field"] == "levers.linking"


def test_a_bundled_scenario_can_be_checked_by_its_id(call):
    assert call("check", "historical-pace").code == 0
