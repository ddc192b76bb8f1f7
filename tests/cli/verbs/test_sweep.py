"""Experiments swept from the command line, and what is said of all that is wrong."""

import json
import os
import signal
from pathlib import Path
from typing import Any

import pytest
from batches import ANSWERABLE, EXPERIMENT, FEW, SAMPLERS, begun, content, sampled, written
from command_line import Call, done, lines, read, refusal, start, undrawn
from forked import PATIENCE, Forks

from foresight.cli.verbs import sweep
from foresight.experiments import cluster
from foresight.experiments.manifest import MANIFEST, Shard
from foresight.experiments.parts import part_name
from foresight.experiments.store import POINTS, Store, open_store
from foresight.scenario.loading import bundled
from foresight.texts import Words, languages

#: Processes of their own, too, speak English.
pytestmark = pytest.mark.usefixtures("english", "small_parts")

#: Everything that can be wrong with an experiment, and the places where it is.
WRONG = (
    EXPERIMENT.replace('"historical-pace", "mine.toml"', '"historical-pac", "none.toml"')
    .replace("replicates = 3", "replicates = 0")
    .replace("trust.Pacific", "trust.Pacfic")
    .replace("peer_effect = [0.9, 1.3]", "peer_effect = [1.3, 0.9]\nexit_rat = true")
    .replace("= [1, 4]", "= [1, 40]")
    .replace("sobol_sequence", "sobol")
    .replace("n = 16", "n = 0")
)

PLACES = (
    "none.toml",
    "scenarios[1]",
    "replicates",
    "outcomes[2]",
    "uncertainties.peer_effect",
    "uncertainties.exit_rat",
    "levers.pledge_effort.transparency.phase_2",
    "sampler.method",
    "sampler.n",
)

#: Parts for some seconds.
LONG = EXPERIMENT.replace("n = 16", "n = 1024")


def given(told: dict[str, Any]) -> str:
    """Say what an unfinished store has of its parts."""
    return Words().say("problem_part.given", value=f"{told['parts_done']} / {told['parts_wanted']}")


def test_good_experiments_are_fine(call: Call, tmp_path: Path):
    paths = [str(written(tmp_path, sampled(method), f"{method}.toml")) for method in SAMPLERS]
    answer = call("check", *paths)
    assert (answer.code, answer.err) == (0, "")
    assert undrawn(answer.out) == undrawn("".join(Words().say("show.fine", file=path) for path in paths))


@pytest.mark.parametrize("language", languages())
def test_every_problem_of_an_experiment_is_a_line(call: Call, tmp_path: Path, language: str):
    path = written(tmp_path, WRONG)
    said = refusal(call("sweep", str(path), "--out", str(tmp_path / "store"), "--language", language))
    assert len(said) == len(PLACES)
    for place in PLACES:
        assert any(place in line for line in said)
    assert all(line.startswith(str(tmp_path)) for line in said)
    for near in ("historical-pace", "Pacific", "exit_rate"):
        assert any(Words(language).say("problem_part.nearest", value=near) in line for line in said)
    assert not (tmp_path / "store").exists()


def test_check_tells_what_sweep_would(call: Call, tmp_path: Path):
    path = str(written(tmp_path, WRONG))
    checked = call("check", path)
    assert checked.code == 2
    assert lines(checked.err) == refusal(call("sweep", path, "--out", str(tmp_path / "store")))
    (found,) = read(call("check", path, "--json").out)
    assert [problem["message"] for problem in found["problems"]] == lines(checked.err)


def test_problems_are_data_too(call: Call, tmp_path: Path):
    answer = call("sweep", str(written(tmp_path, WRONG)), "--out", str(tmp_path / "store"), "--json")
    assert answer.code == 2
    assert answer.out == ""
    problems = read(answer.err)["problems"]
    (reversed_,) = [problem for problem in problems if problem["kind"] == "reversed"]
    assert (reversed_["field"], reversed_["given"]) == ("uncertainties.peer_effect", "[1.3, 0.9]")
    assert reversed_["allowed"] == "0.8 … 1.4"


def test_problems_of_the_file_and_of_options_come_together(call: Call, tmp_path: Path):
    words = ("sweep", str(written(tmp_path, WRONG)), "--workers", "-1", "--shard", "3/2")
    said = refusal(call(*words))
    assert len(said) == len(PLACES) + 3
    for option in ("--out", "--workers", "--shard"):
        assert any(line.startswith(f"{option}: ") for line in said)


@pytest.mark.parametrize(
    ("points", "told"),
    [
        ("delivery_rate,linkin\n0.3,1\n", ["linkin", "linking"]),
        ("delivery_rate,linking\n0.3,9\n", ["linking", "9", "1.6"]),
        ("delivery_rate,linking\n0.3,\n", ["linking"]),
        ("delivery_rate,linking\n0.3,much\n", ["linking", "much"]),
        ("pledge_effort,pledge_effort.phase_2\n1,1\n", ["pledge_effort.phase_2"]),
        ("delivery_rate,linking\n", []),
        ("", []),
        ("\0", []),
    ],
    ids=["unknown", "beyond", "empty cell", "word", "twice", "no points", "empty file", "no text"],
)
def test_a_table_of_points_that_cannot_be_used_is_named(call: Call, tmp_path: Path, points: str, told: list[str]):
    path = written(tmp_path, sampled("table"))
    (tmp_path / "points.csv").write_text(points, "utf-8")
    said = refusal(call("sweep", str(path), "--out", str(tmp_path / "store")))
    assert all("points.csv" in line for line in said)
    assert all(any(word in line for line in said) for word in told)
    assert not (tmp_path / "store").exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), ["--out", "EXPERIMENT"]),
        (("good.toml",), ["--out"]),
        (("--out", "new"), ["EXPERIMENT"]),
        (("good.toml", "good.toml", "--out", "new"), ["good.toml"]),
        (("none.toml", "--out", "new"), ["none.toml"]),
        (("good.toml", "--out", "new", "--workers", "2.5"), ["--workers"]),
        (("good.toml", "--out", "new", "--workers", "2", "--cluster", "tcp://127.0.0.1:9"), ["--workers"]),
        (("good.toml", "--out", "good.toml"), ["good.toml"]),
        (("good.toml", "--out", "good.toml/new"), ["good.toml"]),
        (("good.toml", "--out", "/proc/new"), ["/proc/new"]),
        (("good.toml", "--out", "."), ["points.csv"]),
        (("--resume", "--out", "new"), [MANIFEST]),
        (("--repair", "--out", "new"), [MANIFEST]),
        (("--status",), ["--out"]),
        (("--status", "--out", "new"), [MANIFEST]),
        (("--merge", "--out", "new"), ["--merge"]),
        (("--merge", "new", "--out", "new"), ["--merge"]),
        (("--merge", "new", "newer", "--out", "newest"), [MANIFEST]),
    ],
    ids=" ".join,
)
def test_a_sweep_that_makes_no_sense_is_refused(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], told: list[str]
):
    good = written(tmp_path, name="good.toml").read_bytes()
    monkeypatch.chdir(tmp_path)
    said = refusal(call("sweep", *words))
    assert len(said) == len(told)
    assert all(any(word in line for line in said) for word in told)
    assert (tmp_path / "good.toml").read_bytes() == good
    assert not (tmp_path / "new" / MANIFEST).exists()


@pytest.mark.parametrize("shard", ["0/2", "3/2", "-1/2", "1/0", "a/b", "1", "1/", "/", "", "1/2/3", "1.0/2"])
def test_a_shard_that_is_none_is_refused(call: Call, tmp_path: Path, shard: str):
    words = ("sweep", str(written(tmp_path)), "--out", str(tmp_path / "store"), "--shard", shard)
    (line,) = refusal(call(*words))
    assert line.startswith("--shard: ")
    assert f'"{shard}"' in line
    assert not (tmp_path / "store").exists()


@pytest.mark.costly
@pytest.mark.parametrize("method", sorted(SAMPLERS))
def test_every_sampler_is_swept_and_analysed(call: Call, tmp_path: Path, method: str):
    folder = str(tmp_path / "store")
    told = done(call("sweep", str(written(tmp_path, sampled(method))), "--out", folder, "--json"))
    assert told["runs"] == told["runs_done"] == told["runs_wanted"] == 3 * told["points"] > 0
    assert told["parts_done"] == told["parts_wanted"]
    found = done(call("analyze", folder, "--json"))
    assert found["sampler"] == method
    assert found["method"] == {"morris": "morris", "saltelli": "sobol"}.get(method, "pawn")
    assert (found["outcome"], found["year"]) == ("mean_delivered", 2040)
    assert found["points"] == told["points"]
    assert {row["factor"] for row in found["table"]} == set(found["factors"])


def test_a_store_that_is_there_is_gone_on_with_only_if_asked(call: Call, copy: Store, tmp_path: Path):
    path, folder = str(written(tmp_path)), str(copy.path)
    before = content(copy.path)
    (line,) = refusal(call("sweep", path, "--out", folder))
    assert "--resume" in line
    for words in ((path, "--resume"), ("--resume",), (path, "--repair")):
        told = done(call("sweep", *words, "--out", folder, "--json"))
        assert (told["runs"], told["runs_done"]) == (0, copy.runs)
    assert content(copy.path) == before


def test_an_unfinished_store_is_gone_on_with_to_the_same_bytes(call: Call, store: Store, tmp_path: Path):
    first = begun(tmp_path)
    told = done(call("sweep", "--status", "--out", str(first.path), "--json"))
    assert 0 < told["parts_done"] < told["parts_wanted"]
    for verb in ("analyze", "discover"):
        (line,) = refusal(call(verb, str(first.path), "--scenario", "mine"))
        assert line == f"{first.path}: {Words().say('problem.unfinished')}; {given(told)}"
    told = done(call("sweep", "--resume", "--out", str(first.path), "--json"))
    assert told["runs_done"] == told["runs_wanted"] > told["runs"]
    assert content(first.path) == content(store.path)


def test_a_store_of_another_experiment_or_shard_is_left_alone(call: Call, copy: Store, tmp_path: Path):
    before, folder = content(copy.path), str(copy.path)
    other = written(tmp_path, EXPERIMENT.replace("n = 16", "n = 32"), "other.toml")
    for words in ((str(other),), (str(written(tmp_path)), "--shard", "1/2")):
        (line,) = refusal(call("sweep", *words, "--resume", "--out", folder))
        assert line.startswith(str(copy.path / MANIFEST))
    assert content(copy.path) == before


def test_shards_are_merged_into_the_store_of_the_whole(call: Call, store: Store, tmp_path: Path):
    path, folders = str(written(tmp_path)), [str(tmp_path / name) for name in ("one", "two")]
    for number, folder in enumerate(folders, start=1):
        told = done(call("sweep", path, "--out", folder, "--shard", f"{number}/2", "--json"))
        assert told["shard"] == f"{number}/2"
        assert told["parts_done"] == told["parts_wanted"] < len(store.finished)
    merged = tmp_path / "merged"
    (line,) = refusal(call("sweep", "--merge", folders[0], folders[0], "--out", str(merged)))
    assert Words().say("problem.not_all_parts") in line
    assert not merged.exists()
    told = done(call("sweep", "--merge", *folders, "--out", str(merged), "--json"))
    assert told == {"store": str(merged), "parts": len(store.finished)}
    assert content(merged) == content(store.path)
    (line,) = refusal(call("sweep", "--merge", *folders, "--out", str(merged)))
    assert str(merged) in line


def test_stores_of_different_experiments_are_not_merged(call: Call, store: Store, single: Store, tmp_path: Path):
    said = refusal(call("sweep", "--merge", str(store.path), str(single.path), "--out", str(tmp_path / "merged")))
    assert all(line.startswith(str(single.path / MANIFEST)) for line in said)
    assert not (tmp_path / "merged").exists()


@pytest.mark.parametrize("language", languages())
def test_a_store_can_be_asked_how_far_it_is(call: Call, store: Store, language: str):
    for words in (("--out", str(store.path)), (str(store.path),)):
        answer = call("sweep", "--status", *words, "--language", language)
        assert (answer.code, answer.err) == (0, "")
        assert "small" in answer.out
        assert f"{store.runs}" in answer.out


def test_a_deleted_and_a_cut_part_are_named_and_repaired_on_demand(call: Call, copy: Store, store: Store):
    folder = str(copy.path)
    (copy.path / part_name(1)).unlink()
    os.truncate(copy.path / part_name(2), 100)
    before = content(copy.path)
    told = [f"{copy.path / part_name(number)}: " for number in (1, 2)]
    for words in (
        ("analyze", folder, "--scenario", "mine"),
        ("discover", folder, "--scenario", "mine"),
        ("sweep", "--resume", "--out", folder),
        ("sweep", "--merge", folder, str(store.path), "--out", f"{folder}-merged"),
    ):
        said = refusal(call(*words))
        assert [line.startswith(start) for line, start in zip(said, told, strict=True)] == [True, True]
        assert all("--repair" in line for line in said)
    answer = call("sweep", "--status", "--out", folder, "--json")
    assert answer.code == 2
    assert read(answer.out)["damaged"] == [part_name(1), part_name(2)]
    assert len(read(answer.err)["problems"]) == 2
    assert content(copy.path) == before
    repaired = done(call("sweep", "--repair", "--out", folder, "--json"))
    assert repaired["runs"] == 2 * FEW
    assert content(copy.path) == content(store.path)


def test_a_part_that_was_changed_within_is_found(call: Call, copy: Store):
    part = copy.path / part_name(3)
    words = bytearray(part.read_bytes())
    words[len(words) // 2] ^= 0xFF
    part.write_bytes(words)
    answer = call("sweep", "--status", str(copy.path))
    assert answer.code == 2
    assert lines(answer.err)[0].startswith(str(part))
    assert part_name(3) in answer.out


def test_points_that_were_cut_are_named(call: Call, copy: Store):
    os.truncate(copy.path / POINTS, 0)
    (line,) = refusal(call("sweep", "--resume", "--out", str(copy.path)))
    assert line.startswith(str(copy.path / POINTS))


@pytest.mark.parametrize("words", ["", "{", "[]", "{}", '{"format": 2}'])
@pytest.mark.parametrize("verb", ["analyze", "discover", "sweep --status"])
def test_a_manifest_that_is_none_is_named(call: Call, copy: Store, verb: str, words: str):
    (copy.path / MANIFEST).write_text(words, "utf-8")
    (line,) = refusal(call(*verb.split(), str(copy.path)))
    assert line.startswith(str(copy.path / MANIFEST))


@pytest.mark.parametrize("key", ["parts", "points", "shard", "experiment", "version", "part_runs", "libraries"])
def test_a_manifest_without_an_entry_is_named(call: Call, copy: Store, key: str):
    manifest = {name: value for name, value in copy.manifest.items() if name != key}
    (copy.path / MANIFEST).write_text(json.dumps(manifest), "utf-8")
    for words in (("sweep", "--status", str(copy.path)), ("sweep", "--resume", "--out", str(copy.path))):
        (line,) = refusal(call(*words))
        assert line.startswith(str(copy.path / MANIFEST))


@pytest.mark.costly
def test_quiet_says_nothing_beside_the_answer(call: Call, single: Store, tmp_path: Path):
    folder = str(tmp_path / "store")
    assert call("sweep", str(written(tmp_path)), "--out", folder, "--quiet").err == ""
    for verb, outcome in ANSWERABLE.items():
        words = (verb, str(single.path), "--outcome", outcome, "--out", str(tmp_path / verb))
        assert call(*words, "--quiet").err == ""


def test_remarks_on_how_far_a_sweep_is_go_to_stderr(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sweep, "_REMARKS", 0.0)
    answer = call("sweep", str(written(tmp_path)), "--out", str(tmp_path / "store"), "--workers", "1", "--json")
    assert answer.code == 0
    assert read(answer.out)["cores"] == 1
    assert "96" in answer.err
    quiet = ("sweep", str(written(tmp_path)), "--out", str(tmp_path / "quiet"), "--quiet")
    assert call(*quiet).err == ""


@pytest.mark.costly
def test_a_scheduler_file_that_is_not_there_is_named_at_once(forks: Forks, tmp_path: Path):
    written(tmp_path)
    words = ("sweep", "experiment.toml", "--out", "store", "--cluster", "none.json")
    code, _, err = forks.start("held:free", *words, folder=tmp_path).end()
    assert code == 2
    assert "none.json" in err


@pytest.mark.costly
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_cluster_that_does_not_answer_is_named(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    pytest.importorskip("distributed")
    monkeypatch.setattr(cluster, "PATIENCE", 1)
    words = ("sweep", str(written(tmp_path)), "--out", str(tmp_path / "store"), "--cluster", "tcp://127.0.0.1:9")
    (line,) = refusal(call(*words))
    assert line.startswith("--cluster: ")
    assert '"tcp://127.0.0.1:9"' in line
    assert not (tmp_path / "store").exists()


def finished(folder: Path) -> int:
    """Count the parts that a store names; none before it is begun."""
    return len(open_store(folder).finished) if (folder / MANIFEST).exists() else 0


@pytest.mark.costly
@pytest.mark.skipif(os.name != "posix", reason="sends signals")
def test_an_interrupt_ends_a_sweep_at_once_and_what_is_finished_stays(call: Call, forks: Forks, tmp_path: Path):
    """Two workers have four parts in hand, so that another part was finished before the fifth is."""
    written(tmp_path, LONG)
    words = ("sweep", "experiment.toml", "--out", "store", "--json", "--workers", "2")
    process = forks.start("batches:held_in_small_parts", "before", "os:replace", part_name(4), *words, folder=tmp_path)
    process.send_signal(signal.SIGINT)
    code, out, err = process.end()
    assert (code, out) == (130, "")
    assert Words().say("sweep.interrupted") in err
    assert "Traceback" not in err
    told = done(call("sweep", "--status", str(tmp_path / "store"), "--json"))
    assert 0 < told["parts_done"] < told["parts_wanted"]
    (line,) = refusal(call("analyze", str(tmp_path / "store"), "--scenario", "mine"))
    assert line == f"{tmp_path / 'store'}: {Words().say('problem.unfinished')}; {given(told)}"


@pytest.mark.costly
@pytest.mark.skipif(os.name != "posix", reason="needs pipes that break")
def test_a_reader_that_goes_away_ends_a_sweep_quietly_and_costs_nothing(tmp_path: Path):
    read, write = os.pipe()
    os.close(read)
    written(tmp_path, sampled("sobol_sequence"))
    process = start("sweep", "experiment.toml", "--out", "store", folder=tmp_path, stdout=write)
    os.close(write)
    _, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, err) == (141, "")
    store = open_store(tmp_path / "store")
    assert not store.missing
    assert not store.damaged()


@pytest.mark.costly
def test_the_scenarios_that_ship_can_all_be_varied(call: Call, tmp_path: Path):
    words = sampled("sobol_sequence").replace('"historical-pace"', ", ".join(f'"{name}"' for name in bundled()))
    told = done(call("sweep", str(written(tmp_path, words)), "--out", str(tmp_path / "store"), "--json"))
    assert told["points"] == 8 * len(bundled())
    for name in bundled():
        assert done(call("analyze", str(tmp_path / "store"), "--scenario", name, "--json"))["scenario"] == name


def test_a_shard_of_more_than_there_are_parts_runs_nothing(call: Call, tmp_path: Path):
    path, folder = str(written(tmp_path)), str(tmp_path / "store")
    told = done(call("sweep", path, "--out", folder, "--shard", "9/9", "--json"))
    assert (told["runs"], told["parts_wanted"]) == (0, 0)
    assert open_store(folder).shard == Shard(9, 9)


@pytest.mark.costly
def test_a_dry_run_tells_what_a_sweep_would_be_and_writes_nothing(call: Call, tmp_path: Path):
    path = str(written(tmp_path, sampled("morris")))
    before = set(tmp_path.iterdir())
    told = done(call("sweep", path, "--dry-run", "--out", str(tmp_path / "new"), "--json"))
    assert (told["points"], told["runs_wanted"], told["seconds"] >= 0) == (16, 48, True)
    assert set(tmp_path.iterdir()) == before
    (line,) = refusal(call("sweep", "--dry-run"))
    assert line.startswith("EXPERIMENT")


@pytest.mark.costly
def test_a_store_is_grown_by_further_points_of_its_design(call: Call, tmp_path: Path):
    folder = str(tmp_path / "store")
    done(call("sweep", str(written(tmp_path, sampled("sobol_sequence"))), "--out", folder, "--json"))
    assert done(call("sweep", folder, "--extend", "16", "--json"))["points"] == 16
    (line,) = refusal(call("sweep", "--out", folder, "--extend", "16"))
    assert line.startswith("--extend: ")
