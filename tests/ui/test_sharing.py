"""What is handed on makes the same numbers again."""

import io
import json
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from command_line import signals_kept
from foresight_ui.runs.live import LIVE, Live
from foresight_ui.runs.picture import Picture, picture_of
from foresight_ui.runs.setting import Setting, first_setting
from foresight_ui.serving.shortened import FORGOTTEN, LENGTH, LETTERS, LONGEST, SHORTENED, Shortened
from foresight_ui.sharing import NUMBERS, addresses, numbers_of, reproduction, settled
from foresight_ui.visit.files import KINDS, file_of
from foresight_ui.visit.link import decode
from foresight_ui.visit.memory import unpacked
from foresight_ui.visit.state import AppState
from foresight_ui.visit.uploads import scenario_from_text
from foresight_ui.words import LANGUAGES
from futures import setting_of

from foresight import load_scenario, simulate
from foresight.cli import main as cli
from foresight.errors import InputError
from foresight.facts.members import REGION
from foresight.results.headline import findings
from foresight.results.outcomes import outcome_table
from foresight.runs import EFFECTS, USUAL
from foresight.scenario.loading import bundled

#: A name that a shell, TOML and Python would each like to read otherwise.
ODD = 'it\'s "so" = [x]; $HOME `ls` \\ 大'

#: Settings whose command lines try a shell and TOML, and some by chance.
FEW = (0, 1, 2, 3)
MANY = range(4, 20)


def digest_in(answer: str) -> str:
    (one,) = json.loads(answer)["scenarios"]
    return str(one["provenance"]["result_digest"])


@pytest.fixture
def run_in(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    """Run a command line in this process; return the digest that it shows."""

    def run(folder: Path, line: str) -> str:
        monkeypatch.chdir(folder)
        program, *words = shlex.split(line)
        assert program == "foresight"
        with signals_kept(), pytest.raises(SystemExit) as ending:
            cli.main(words)
        captured = capsys.readouterr()
        assert not ending.value.code, captured.err
        return digest_in(captured.out)

    return run


@pytest.fixture
def python_of(capsys: pytest.CaptureFixture[str]):
    """Run lines of Python; return what they print."""

    def run(lines: str) -> str:
        exec(lines, {})
        return capsys.readouterr().out.strip()

    return run


def reproduced(setting: Setting, folder: Path, run_in: Any, python_of: Any) -> None:
    """Make the numbers of a setting in all ways that are shown."""
    shown = reproduction(setting)
    (folder / shown["name"]).write_text(shown["file"], "utf-8")
    assert run_in(folder, shown["command"]) == shown["digest"]
    assert run_in(folder, shown["of_file"]) == shown["digest"]
    assert python_of(shown["python"]) == shown["digest"]
    agrees(setting, shown["digest"])


def agrees(setting: Setting, digest: str) -> None:
    """Compare the numbers that the digest is of with those on the screen."""
    results = simulate(setting.scenario, setting.replicates, setting.seed, effects=setting.effects)
    assert results.dataset.attrs["result_digest"] == digest
    picture: Picture = Live().picture(setting, "charts", picture_of)
    (*shown, effects), (*computed, known) = picture.findings, findings(results)
    assert effects == known
    np.testing.assert_allclose([*map(float, shown)], [*map(float, computed)], rtol=0, atol=1e-12)
    table = outcome_table(results.summary, "baiji_heading").sort_values("year")
    table = table[table["scope"] == REGION]
    np.testing.assert_allclose(picture.heading, table[["p10", "median", "p90"]], rtol=0, atol=0.51e-4)


@pytest.mark.costly
@pytest.mark.parametrize("number", FEW)
def test_all_ways_that_are_shown_make_the_same_numbers(number: int, tmp_path: Path, run_in: Any, python_of: Any):
    reproduced(setting_of(number), tmp_path, run_in, python_of)


@pytest.mark.slow
@pytest.mark.parametrize("number", MANY)
def test_all_ways_make_the_same_numbers_always(number: int, tmp_path: Path, run_in: Any, python_of: Any):
    reproduced(setting_of(number), tmp_path, run_in, python_of)


@pytest.mark.costly
@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"events": [], "coalitions": []},
        {"run.effects": "drawn"},
        {"events": [{"name": ODD, "year": 2030, "scope": ["FJI"], "pledged": {"solidarity": -1}}]},
        {"coalitions": [{"name": "a.b", "members": ["FJI"], "delivery_effort": {"financing": [1.0, 2.0, 3.0]}}]},
        {"levers.linking": None, "members.NPL.ldc": False, "members.NPL.from": 2030},
    ],
)
def test_lines_of_a_shell_and_of_python_are_read_as_they_are_meant(
    changes: dict[str, Any], tmp_path: Path, run_in: Any, python_of: Any
):
    setting = Setting(load_scenario("drifting-apart")).changed(changes)
    reproduced(setting, tmp_path, run_in, python_of)


@pytest.mark.costly
def test_a_process_of_its_own_makes_the_same_numbers():
    shown = reproduction(setting_of(0))
    words = shlex.split(shown["command"])[1:]
    done = subprocess.run(
        [sys.executable, "-m", "foresight", *words], capture_output=True, check=True, encoding="utf-8"
    )
    assert digest_in(done.stdout) == shown["digest"]


@pytest.mark.parametrize("name", bundled())
def test_a_scenario_that_ships_is_run_by_its_name_alone(name: str):
    shown = reproduction(Setting(load_scenario(name)))
    assert shown["command"] == f"foresight run {name} --replicates 200 --seed 1 --effects {USUAL} --json"


def test_a_scenario_of_another_name_is_run_from_the_first():
    scenario = load_scenario("baiji-returns").model_copy(update={"id": "mine"})
    shown = reproduction(Setting(scenario))
    assert shown["command"].startswith("foresight run historical-pace --set ")
    assert shown["name"] == "mine.toml"
    assert shown["digest"] == reproduction(Setting(load_scenario("baiji-returns")))["digest"]


def test_headline_numbers_are_those_of_the_library():
    state = AppState()
    state.move("x", {"levers.pledge_effort.solidarity": 3.0})
    results = simulate(state.setting.scenario, 200, 1, keep="summary", effects=state.setting.effects)
    found, told = numbers_of(state), findings(results)
    assert list(found) == list(NUMBERS)
    for name in ("delivered", "low", "high", "trust", "overdue"):
        assert found[name] == round(getattr(told, name), 4)
    assert found["completed"] == round(told.completed / told.runs, 4)


def test_a_change_that_has_settled_has_a_link_and_a_memory():
    state, other, again = AppState(), AppState(), AppState()
    state.move("x", {"levers.linking": 1.25})
    found = settled(state)
    assert found["page"] == "explore"
    other.follow(decode(found["link"]))
    again.take_over(unpacked(found["memory"]))
    assert other.setting.key == again.setting.key == state.setting.key
    assert other.shared.numbers == numbers_of(state)


# Files -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", range(8))
def test_a_scenario_that_was_saved_can_be_opened_again(number: int):
    setting = setting_of(number)
    name, _, content = file_of(setting, "toml")
    assert scenario_from_text(name, content.decode()).digest() == setting.scenario.digest()


@pytest.mark.costly
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_file_is_made(kind: str):
    name, media, content = file_of(first_setting(), kind)
    ending, expected = KINDS[kind]
    assert name == f"historical-pace{ending}"
    assert media == expected
    assert len(content) > 500


@pytest.mark.costly
@pytest.mark.parametrize("effects", EFFECTS)
def test_a_workbook_says_where_effects_come_from(effects: str):
    setting = first_setting().changed({"run.effects": effects})
    told = pd.read_excel(io.BytesIO(file_of(setting, "xlsx")[2]), "provenance").set_index("name")["value"]
    assert told["effects"] == effects


def test_tables_on_the_page_of_a_member_have_its_outcomes_too():
    name, _, content = file_of(first_setting(), "csv", "VNM")
    assert name == "historical-pace-VNM.csv"
    table = pd.read_csv(io.BytesIO(content))
    own = table[(table["scope"] == "VNM") & (table["year"] == 2040)]
    assert set(own["outcome"]) >= {"mean_delivered", "trust", "overdue_share", "capacity"}
    (trust,) = own.loc[own["outcome"] == "trust", "median"]
    drawn = LIVE.results(first_setting(), "members").dataset["trust"].sel(member="VNM", year=2040)
    assert trust == pytest.approx(float(drawn.median()))
    region = table[table["scope"] != "VNM"].reset_index(drop=True)
    pd.testing.assert_frame_equal(region, pd.read_csv(io.BytesIO(file_of(first_setting(), "csv")[2])))
    wide = pd.read_csv(io.BytesIO(file_of(first_setting(), "iamc", "VNM")[2]))
    assert wide.loc[(wide["Region"] == "Viet Nam") & (wide["Variable"] == "Trust|Median"), "2040"].item() == trust


def test_a_kind_of_file_that_is_not_there_is_named():
    with pytest.raises(InputError, match="pdf"):
        file_of(first_setting(), "pdf")


def test_a_file_may_build_on_a_scenario_that_ships():
    content = 'id = "mine"\nextends = "baiji-returns"\n[title]\nen = "Mine"\nzh = "我的"\n'
    assert scenario_from_text("mine.toml", content).digest() == load_scenario("baiji-returns").digest()


@pytest.mark.parametrize("name", ["mine.toml", "../../mine.toml", "C:\\x\\mine.toml", "/etc/mine.toml"])
@pytest.mark.parametrize("content", ["", "x", "id = 1", 'id = "a"\nextends = "../a.toml"', 'id = "a"\nno = 1', "\0"])
def test_what_is_wrong_with_a_file_is_told_by_its_name(name: str, content: str):
    with pytest.raises(InputError) as caught:
        scenario_from_text(name, content)
    assert {problem.file for problem in caught.value.problems} == {"mine.toml"}
    assert "/tmp" not in caught.value.message()


def test_a_file_cannot_reach_other_files(tmp_path: Path):
    (tmp_path / "other.toml").write_text('id = "other"', "utf-8")
    header = 'id = "mine"\n[title]\nen = "Mine"\nzh = "我的"\n'
    for base in (str(tmp_path / "other.toml"), "scenario.toml", "../other.toml"):
        with pytest.raises(InputError):
            scenario_from_text("mine.toml", f'extends = "{base}"\n{header}')


# Addresses -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "place", "base", "here"),
    [
        ("http://localhost:5006/", "http://192.0.2.7:5006", "http://192.0.2.7:5006", False),
        ("http://127.0.0.1:5006/", "http://192.0.2.7:5006", "http://192.0.2.7:5006", False),
        ("http://[::1]:5006/", "", "http://[::1]:5006", True),
        ("http://localhost:5006/", "", "http://localhost:5006", True),
        ("https://example.org/", "http://192.0.2.7:5006", "https://example.org", False),
        ("http://desk.local:5006/", "", "http://desk.local:5006", False),
    ],
)
def test_the_address_that_is_shared_is_one_that_others_can_use(at: str, place: str, base: str, here: bool):
    state = AppState()
    state.page = "members/FJI"
    told = addresses(state, at, place)
    address, _, link = told["long"].partition("?")
    assert (address, told["here"]) == (f"{base}/#members/FJI", here)
    assert decode(link).page == "members/FJI"
    start, _, name = told["short"].rpartition("/")
    assert (start, len(name)) == (f"{base}/s", LENGTH)
    assert SHORTENED.find(name) == f"members/FJI?{link}"
    assert told["code"].startswith("data:image/svg+xml")


@pytest.mark.parametrize(
    "at", ["", "x", "file:///etc", "javascript:alert(1)", "http://a b/", "http://[", "http://a/?x#y"]
)
def test_what_is_no_address_of_a_page_is_refused(at: str):
    with pytest.raises(InputError, match="at"):
        addresses(AppState(), at, "")


def test_a_page_of_strange_letters_is_written_as_addresses_have_it():
    state = AppState()
    state.page = "members/ä\r\n“ ”?#"
    assert "/#members/%C3%A4%0D%0A%E2%80%9C%20%E2%80%9D%3F%23?1." in addresses(state, "http://a.example/", "")["long"]


def test_a_link_has_one_short_name_and_the_oldest_gives_way():
    short = Shortened(most=2)
    first, second = short.keep("a"), short.keep("b")
    assert short.keep("a") == first != second
    third = short.keep("c")
    assert [short.find(name) for name in (first, second, third)] == ["a", None, "c"]
    assert short.find("nowhere") is None
    assert {*first, *second, *third} <= {*LETTERS}


def test_a_link_that_is_too_long_has_no_short_name():
    assert Shortened().keep("x" * (LONGEST + 1)) == ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_short_name_that_is_not_known_says_so(language: str):
    with pytest.raises(InputError) as caught:
        decode(FORGOTTEN)
    assert [problem.kind for problem in caught.value.problems] == ["forgotten_link"]
    assert caught.value.message(language)
