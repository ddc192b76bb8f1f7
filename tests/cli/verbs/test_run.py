"""Runs and comparisons from the command line: what they answer, where they save it, and how they end."""

import json
import os
from pathlib import Path

import pytest
from command_line import lines, start
from forked import PATIENCE
from scenario_files import near

from foresight import load_scenario
from foresight.cli import save
from foresight.cli.verbs import run
from foresight.runs import EFFECTS
from foresight.texts import Words

#: Processes of their own, too, speak English.
pytestmark = pytest.mark.usefixtures("english")


FEW = ("--replicates", "3")
PAIR = ("historical-pace", "baiji-returns")


def test_run_alone_compares_the_four_scenarios(call):
    answer = call("run", *FEW)
    assert answer.code == 0
    assert all(title in answer.out for title in ("Baiji", "Historical", "Paper", "Drifting"))
    assert max(map(len, answer.out.splitlines())) <= 80


def test_a_run_is_data_too(call):
    found = json.loads(call("run", "baiji-returns", *FEW, "--json").out)
    assert [one["id"] for one in found["scenarios"]] == ["baiji-returns"]
    assert found["scenarios"][0]["provenance"]["replicates"] == 3


def test_the_same_call_gives_the_same_words(call):
    assert call("run", "baiji-returns", *FEW).out == call("run", "baiji-returns", *FEW).out


@pytest.mark.costly
@pytest.mark.parametrize("verb", ["run", "compare", "explain"])
def test_a_posterior_is_never_called_chance_alone(call, tmp_path: Path, verb: str):
    """The posterior is what the command line takes by itself."""
    names = ["historical-pace"] if verb == "run" else ["historical-pace", near(tmp_path)]
    for more in ((), ("--effects", "posterior")):
        told = " ".join(call(verb, *names, *FEW, *more).out.split())
        assert "chance alone" not in told
        assert (Words().say("effects.range_posterior") in told) == (verb != "compare")  # which shows no band


@pytest.mark.costly
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("effects", EFFECTS)
def test_a_run_says_what_its_bands_are_made_of(call, effects: str, language: str):
    told = "".join(call("run", "baiji-returns", *FEW, "--effects", effects, "--language", language).out.split())
    for one in EFFECTS:
        made_of = "".join(Words(language).say(f"effects.range_{one}").split())
        assert told.count(made_of) == (2 if one == effects else 0)  # in the sentence, and below the table


@pytest.mark.costly
def test_what_is_set_reaches_the_run(call):
    settings = ((), ("--no-events",), ("--set", "events=[]"))
    told = [json.loads(call("run", *PAIR, "--json", "--replicates", "1", *more).out) for more in settings]
    plain, without, by_hand = ([one["provenance"]["scenario_digest"] for one in run["scenarios"]] for run in told)
    assert len(set(plain) | set(without)) == 2 * len(PAIR)
    assert by_hand == without


def test_all_problems_of_a_call_are_told_at_once(call):
    answer = call(
        "run", "baiji-return", "--replicates", "0", "--seed", "-1", "--keep", "all", "--set", "levers.linkin=1"
    )
    assert answer.code == 2
    assert answer.out == ""
    said = lines(answer.err)
    assert len(said) == 5
    for word in ("baiji-returns", "--replicates", "--seed", "--keep", "linking"):
        assert any(word in line for line in said)


def test_two_scenarios_of_one_id_cannot_be_told_apart(call):
    answer = call("compare", "baiji-returns", "baiji-returns")
    assert answer.code == 2
    assert "same id" in answer.err


def test_a_comparison_needs_two(call):
    assert call("compare", "baiji-returns").code == 2


def test_a_comparison_names_the_levers_that_differ_and_no_others(call):
    found = json.loads(call("compare", "historical-pace", "paper-promises", *FEW, "--json").out)
    paths = {row["setting"] for row in found["settings"]}
    assert {"structure.gate", "structure.gate_from"} <= paths
    assert not any("delivery_effort" in path for path in paths)


@pytest.mark.costly
@pytest.mark.parametrize(
    ("words", "names"), [((), ["one.nc"]), (("--format", "csv"), ["one.csv", "one.csv-metadata.json"])]
)
def test_one_scenario_is_saved_as_a_file(call, tmp_path: Path, words: tuple[str, ...], names: list[str]):
    answer = call("run", "baiji-returns", *FEW, "--out", str(tmp_path / names[0]), *words)
    assert answer.code == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == names
    assert names[0] in answer.err


@pytest.mark.costly
@pytest.mark.parametrize("kind", list(save.FORMATS))
def test_several_scenarios_are_saved_in_a_folder(call, tmp_path: Path, kind: str):
    folder = tmp_path / "results"
    names = ("historical-pace", "paper-promises")
    assert call("run", *names, *FEW, "--out", str(folder), "--format", kind).code == 0
    ending = save.FORMATS[kind]
    beside = {f"{name}.csv-metadata.json" for name in names} if ending == ".csv" else set()
    assert {path.name for path in folder.iterdir()} == {f"{name}{ending}" for name in names} | beside


@pytest.mark.costly
def test_a_name_without_the_ending_of_a_format_is_a_folder_for_one_scenario_too(call, tmp_path: Path):
    assert call("run", "baiji-returns", *FEW, "--out", str(tmp_path / "results"), "--format", "xlsx").code == 0
    assert [path.name for path in (tmp_path / "results").iterdir()] == ["baiji-returns.xlsx"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--out", "one.txt"), [".txt", ".nc, .csv, .xlsx"]),
        (("--out", "one.csv", "--format", "xlsx"), ["one.csv", "one.xlsx"]),
        (("baiji-returns", "paper-promises", "--out", "two.nc"), ["two.nc", "2 scenarios"]),
        (("--format", "csv"), ["--format", "--out"]),
        (("--out", "/dev/full", "--force"), ["/dev/full", "ordinary"]),
    ],
    ids=["ending of no format", "ending of another format", "one file for two", "format of nothing", "device"],
)
def test_targets_that_make_no_sense_are_refused(call, words: tuple[str, ...], told: list[str]):
    scenarios = () if words[0] == "baiji-returns" else ("baiji-returns",)
    answer = call("run", *scenarios, *words, *FEW)
    assert answer.code == 2
    (line,) = lines(answer.err)
    assert all(word in line for word in told)


def test_a_name_that_is_too_long_or_an_ending_alone_is_refused(call):
    for name in ("x" * 300 + ".nc", ".nc"):
        answer = call("run", "baiji-returns", "--out", name, *FEW)
        assert answer.code == 2
        assert len(lines(answer.err)) == 1


def test_an_option_and_a_value_that_clash_are_told_by_the_option(call):
    answer = call("run", "baiji-returns", "--no-events", "--set", "events=[]", *FEW)
    assert answer.code == 2
    assert lines(answer.err)[0].startswith("--no-events")


def test_all_scenarios_together_are_no_more_than_memory_holds(call):
    answer = call("run", "--replicates", "50000")
    assert answer.code == 2
    assert "25,000" in answer.err


def test_problems_of_files_values_options_and_targets_come_together(call):
    words = ("nope", "--set", "delivery_rate=0.2", "--members", "some", "--out", "a.txt", "--replicates", "0")
    answer = call("run", *words)
    assert answer.code == 2
    told = ("nope", "uncertainties.delivery_rate", "--members", ".txt", "--replicates")
    assert len(lines(answer.err)) == len(told)
    for word in told:
        assert word in answer.err


def test_a_comparison_can_leave_events_and_members_out(call):
    words = ("compare", "historical-pace", "baiji-returns", *FEW, "--json")
    assert call(*words, "--no-events", "--members", "states").out != call(*words).out


def test_files_are_replaced_only_if_asked_and_quietly_if_asked(call, tmp_path: Path):
    path = tmp_path / "one.nc"
    path.write_text("mine", "utf-8")
    refused = call("run", "baiji-returns", *FEW, "--out", str(path))
    assert refused.code == 2
    assert "--force" in refused.err
    assert path.read_text("utf-8") == "mine"
    assert call("run", "baiji-returns", *FEW, "--out", str(path), "--force", "--quiet").err == ""
    assert path.stat().st_size > 1000


@pytest.mark.costly
@pytest.mark.parametrize("kind", ["csv", "iamc"])
def test_beside_a_table_stands_where_it_comes_from(call, tmp_path: Path, kind: str):
    words = ("run", "historical-pace", *FEW, "--out", str(tmp_path / "out"), "--format", kind, "--quiet")
    assert call(*words).code == 0
    told = json.loads((tmp_path / "out" / "historical-pace.csv-metadata.json").read_text("utf-8"))
    assert told["url"] == "historical-pace.csv"
    assert told["notes"][0]["scenario_digest"] == load_scenario("historical-pace").digest()
    (tmp_path / "out" / "historical-pace.csv").unlink()
    assert "historical-pace.csv-metadata.json" in call(*words).err  # not replaced unless told to


@pytest.mark.parametrize("place", ["/proc/results/one.nc", "no/such/folder/one.nc"])
def test_a_place_that_cannot_be_written_is_refused_before_the_work(call, monkeypatch: pytest.MonkeyPatch, place: str):
    monkeypatch.setattr(run, "simulate", lambda *_: pytest.fail("it worked before it looked"))
    answer = call("run", "baiji-returns", "--out", place)
    assert answer.code == 2
    assert len(lines(answer.err)) == 1


@pytest.mark.costly
def test_a_reader_that_goes_away_ends_it_quietly(tmp_path: Path):
    read, write_ = os.pipe()
    os.close(read)
    process = start("show", "members", folder=tmp_path, stdout=write_)
    os.close(write_)
    _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 141
    assert err == ""
