"""The command line: what it answers, where it says it, and how it ends."""

import json
import os
import signal
import time
from pathlib import Path

import pytest
from command_line import lines, start
from scenario_files import write

from foresight import __main__ as cli
from foresight import running, saving, showing
from foresight.effects import EFFECTS
from foresight.loading import bundled
from foresight.texts import text

FEW = ("--replicates", "3")
PAIR = ("historical-pace", "baiji-returns")

#: Processes of their own, too, speak English.
pytestmark = pytest.mark.usefixtures("english")


def test_alone_it_shows_help(call):
    answer = call()
    assert answer.code == 0
    assert all(verb in answer.out for verb in ("show", "check", "run", "compare", "bench"))
    assert answer.err == ""


def test_it_tells_its_version(call):
    assert call("--version").out.strip()
    assert json.loads(call("--version", "--json").out)["version"] == call("--version").out.strip()


@pytest.mark.parametrize("verb", ["show", "check", "run", "compare", "bench"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_verb_and_option_is_explained_in_every_language(call, verb: str, language: str):
    answer = call(verb, "--help", "--language", language)
    assert answer.code == 0
    assert text(f"help.{verb}", language)[:20] in answer.out
    assert text("help.options", language) in answer.out


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


def test_the_language_of_the_environment_holds(call, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert "白鳍豚回归" in call("show").out
    monkeypatch.setenv("FORESIGHT_LANGUAGE", "en")
    assert "Baiji returns" in call("show").out
    assert "白鳍豚回归" in call("--language", "zh", "show").out


def test_an_unknown_language_is_refused(call):
    answer = call("show", "--language", "fr")
    assert answer.code == 2
    assert "en, zh" in answer.err


def test_good_files_are_said_to_be_fine(call):
    paths = [str(path) for path in bundled().values()]
    answer = call("check", *paths)
    assert answer.code == 0
    assert lines(answer.out) == [f"{path}: fine" for path in paths]
    assert answer.err == ""


def test_every_problem_of_every_file_is_a_line_on_stderr(call, tmp_path: Path):
    good = write(tmp_path, "", name="good.toml")
    bad = write(tmp_path, "levers.linking = 9\nlevers.linkin = 1", name="bad.toml")
    answer = call("check", str(bad), str(good), str(tmp_path), str(tmp_path / "none.toml"))
    assert answer.code == 2
    assert lines(answer.out) == [f"{good}: fine"]
    assert len(lines(answer.err)) == 4
    assert sum(str(bad) in line for line in lines(answer.err)) == 2


def test_checks_are_data_too(call, tmp_path: Path):
    bad = write(tmp_path, "levers.linking = 9")
    answer = call("check", "--json", str(bad))
    assert answer.code == 2
    (found,) = json.loads(answer.out)
    assert found["file"] == str(bad)
    assert found["problems"][0]["field"] == "levers.linking"


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


@pytest.mark.parametrize(
    "words",
    [("run", "baiji-returns"), ("compare", "baiji-returns", "paper-promises"), ("explain", *PAIR)],
    ids=" ".join,
)
def test_a_posterior_is_never_called_chance_alone(call, words: tuple[str, ...]):
    """The posterior is what the command line takes by itself."""
    for more in ((), ("--effects", "posterior")):
        told = " ".join(call(*words, *FEW, *more).out.split())
        assert "chance alone" not in told
        assert (text("effects.range_posterior") in told) == (words[0] != "compare")  # which shows no band


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("effects", EFFECTS)
def test_a_run_says_what_its_bands_are_made_of(call, effects: str, language: str):
    told = "".join(call("run", "baiji-returns", *FEW, "--effects", effects, "--language", language).out.split())
    for one in EFFECTS:
        made_of = "".join(text(f"effects.range_{one}", language).split())
        assert told.count(made_of) == (2 if one == effects else 0)  # in the sentence, and below the table


def test_what_is_set_reaches_the_run(call):
    plain, without = (json.loads(call("run", "--json", *FEW, *more).out) for more in ((), ("--no-events",)))
    digests = [[one["provenance"]["scenario_digest"] for one in run["scenarios"]] for run in (plain, without)]
    assert not set(digests[0]) & set(digests[1])
    by_hand = json.loads(call("run", "--json", *FEW, "--set", "events=[]").out)
    assert [one["provenance"]["scenario_digest"] for one in by_hand["scenarios"]] == digests[1]


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


@pytest.mark.parametrize(("words", "names"), [((), ["one.nc"]), (("--format", "csv"), ["one.csv"])])
def test_one_scenario_is_saved_as_a_file(call, tmp_path: Path, words: tuple[str, ...], names: list[str]):
    answer = call("run", "baiji-returns", *FEW, "--out", str(tmp_path / names[0]), *words)
    assert answer.code == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == names
    assert names[0] in answer.err


@pytest.mark.parametrize("kind", list(saving.FORMATS))
def test_several_scenarios_are_saved_in_a_folder(call, tmp_path: Path, kind: str):
    folder = tmp_path / "results"
    names = ("historical-pace", "paper-promises")
    assert call("run", *names, *FEW, "--out", str(folder), "--format", kind).code == 0
    assert {path.stem for path in folder.iterdir()} == set(names)
    assert {path.suffix for path in folder.iterdir()} == {saving.FORMATS[kind]}


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


def test_files_are_replaced_only_if_asked(call, tmp_path: Path):
    path = tmp_path / "one.nc"
    path.write_text("mine", "utf-8")
    refused = call("run", "baiji-returns", *FEW, "--out", str(path))
    assert refused.code == 2
    assert "--force" in refused.err
    assert path.read_text("utf-8") == "mine"
    assert call("run", "baiji-returns", *FEW, "--out", str(path), "--force").code == 0
    assert path.stat().st_size > 1000


@pytest.mark.parametrize("place", ["/proc/results/one.nc", "no/such/folder/one.nc"])
def test_a_place_that_cannot_be_written_is_refused_before_the_work(call, monkeypatch: pytest.MonkeyPatch, place: str):
    monkeypatch.setattr(running, "simulate", lambda *_: pytest.fail("it worked before it looked"))
    answer = call("run", "baiji-returns", "--out", place)
    assert answer.code == 2
    assert len(lines(answer.err)) == 1


def test_a_fault_of_the_program_is_one_line(call, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(showing, "show", lambda *_: 1 / 0)
    answer = call("show")
    assert answer.code == 1
    (line,) = lines(answer.err)
    assert "ZeroDivisionError" in line
    assert cli.DEBUG in line
    monkeypatch.setenv(cli.DEBUG, "1")
    with pytest.raises(ZeroDivisionError):
        call("show")


@pytest.mark.parametrize("name", ["FJI", "fji", "Fiji", "斐济"])
def test_a_member_is_shown_by_code_or_name(call, name: str):
    assert json.loads(call("show", name, "--json").out)["iso3"] == "FJI"


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


def test_a_bundled_scenario_can_be_checked_by_its_id(call):
    assert call("check", "historical-pace").code == 0


def test_quiet_says_nothing_beside_the_answer(call, tmp_path: Path):
    assert call("run", "baiji-returns", *FEW, "--quiet", "--out", str(tmp_path / "one.nc")).err == ""


def wait_until_it_computes(process: int) -> None:
    """Wait until importing is over, however slow the machine: the engine works in threads of its own."""
    time.sleep(3)
    patience = time.monotonic() + 60
    while len(os.listdir(f"/proc/{process}/task")) < 3 and time.monotonic() < patience:
        time.sleep(0.1)
    time.sleep(1)


@pytest.mark.skipif(not os.path.exists("/proc/self/task"), reason="looks at threads as Linux shows them")
@pytest.mark.parametrize(("sign", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_a_run_at_once_and_leaves_no_file(tmp_path: Path, sign: signal.Signals, code: int):
    process = start("run", "--replicates", "20000", "--keep", "summary", "--out", "results", folder=tmp_path)
    wait_until_it_computes(process.pid)
    process.send_signal(sign)
    out, err = process.communicate(timeout=20)
    assert process.returncode == code
    assert out == ""
    assert text("cli.interrupted") in err
    assert "Traceback" not in err
    assert list(tmp_path.iterdir()) == []


def test_a_reader_that_goes_away_ends_it_quietly(tmp_path: Path):
    read, write_ = os.pipe()
    os.close(read)
    process = start("show", "members", folder=tmp_path, stdout=write_)
    os.close(write_)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 141
    assert err == ""


def test_no_colour_and_no_terminal_need_no_escape_sequences(tmp_path: Path):
    process = start("show", "members", folder=tmp_path, env={**os.environ, "NO_COLOR": "1"})
    out, _ = process.communicate(timeout=30)
    assert "\x1b" not in out
