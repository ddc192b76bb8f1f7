"""Analyses from the command line, of stores that are whole, damaged or of another version."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from batches import ANSWERABLE, EXPERIMENT, content, sampled, swept, written
from command_line import Call, done, read, refusal, undrawn
from scenario_files import near

from foresight.cli.verbs import analyze, discover
from foresight.experiments import manifest as manifests
from foresight.experiments.manifest import MANIFEST
from foresight.experiments.store import POINTS, Store
from foresight.runs import EFFECTS
from foresight.texts import Words, languages

pytestmark = pytest.mark.usefixtures("english", "small_parts")


def changed(store: Store, **changes: Any) -> None:
    (store.path / MANIFEST).write_text(json.dumps({**store.manifest, **changes}), "utf-8")


@pytest.mark.parametrize("verb", ["analyze", "discover"])
def test_what_is_no_store_is_named(call: Call, tmp_path: Path, verb: str):
    path = written(tmp_path)
    for place in (tmp_path, tmp_path / "none", path):
        (line,) = refusal(call(verb, str(place)))
        assert line.startswith(str(place))


@pytest.mark.costly
@pytest.mark.parametrize("key", ["version", "data_digest"])
def test_a_store_of_another_version_is_read_with_a_remark_and_never_gone_on_with(call: Call, copy: Store, key: str):
    changed(copy, **{key: "0.0.1"})
    words = ("analyze", str(copy.path), "--scenario", "mine", "--method", "pawn", "--json")
    answer = call(*words)
    assert answer.code == 0
    assert read(answer.out)["scenario"] == "mine"
    assert "0.0.1" in answer.err
    assert call(*words, "--quiet").err == ""
    (line,) = refusal(call("sweep", "--resume", "--out", str(copy.path)))
    assert line.startswith(f"{copy.path / MANIFEST}: {key}: ")
    assert '"0.0.1"' in line


@pytest.mark.parametrize("damage", ["gone", "empty", "same size"])
@pytest.mark.parametrize("verb", ["analyze", "discover"])
def test_points_that_are_damaged_are_named(call: Call, copy: Store, verb: str, damage: str):
    path = copy.path / POINTS
    size = path.stat().st_size
    path.unlink() if damage == "gone" else path.write_bytes(b"\0" * (size if damage == "same size" else 0))
    (line,) = refusal(call(verb, str(copy.path), "--scenario", "mine"))
    assert line.startswith(str(path))


def test_a_shard_that_has_all_parts_can_be_analysed(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(manifests, "FEWEST_RUNS", 4096)
    folder = str(tmp_path / "store")
    done(call("sweep", str(written(tmp_path, sampled("sobol_sequence"))), "--out", folder, "--shard", "1/2", "--json"))
    done(call("analyze", folder, "--json"))


@pytest.mark.costly
@pytest.mark.parametrize("effects", EFFECTS)
def test_an_analysis_says_where_chance_includes_draws_of_the_posterior(call: Call, tmp_path: Path, effects: str):
    kept = swept(tmp_path, EXPERIMENT.replace("replicates = 3", f'replicates = 3\neffects = "{effects}"'))
    told = call("analyze", str(kept.path), "--scenario", "mine", "--outcome", "trust.Pacific", "--year", "2030").out
    assert (undrawn(Words().say("effects.in_chance")) in undrawn(told)) == (effects == "posterior")


@pytest.mark.costly
@pytest.mark.parametrize("language", languages())
def test_an_analysis_names_what_it_is_of(call: Call, store: Store, language: str):
    words = ("--scenario", "mine", "--outcome", "trust.Pacific", "--year", "2030", "--method", "delta")
    answer = call("analyze", str(store.path), *words, "--language", language)
    assert (answer.code, answer.err) == (0, "")
    title = Words(language).say("analyze.title", outcome="trust.Pacific", year=2030, scenario="mine", method="delta")
    assert undrawn(title) in undrawn(answer.out)
    assert max(map(len, answer.out.splitlines())) <= 80


@pytest.fixture(scope="module")
def sequence(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return a store in which nothing is completed by 2030."""
    return str(swept(tmp_path_factory.mktemp("sequence"), sampled("sobol_sequence")).path)


def test_an_outcome_that_is_the_same_everywhere_has_no_ranking(call: Call, sequence: str):
    found = done(call("analyze", sequence, "--outcome", "completed", "--year", "2030", "--json"))
    assert (found["verdict"], found["ranking"], found["converged"]) == ("constant", [], False)
    assert {row["value"] for row in found["table"]} == {None}
    answer = call("analyze", sequence, "--outcome", "completed", "--year", "2030")
    assert Words().say("sensitivity.constant") in answer.out


@pytest.mark.costly
def test_no_nan_is_shown_and_the_reason_is_true(call: Call, sequence: str, tmp_path: Path):
    answer = call("analyze", sequence, "--outcome", "completed", "--year", "2030")
    assert not re.search(r"\bnan\b", answer.out)
    assert "one replicate" not in answer.out  # there are three
    assert "+nan" not in call("explain", "historical-pace", near(tmp_path), "--replicates", "1").out


def test_all_that_is_not_in_the_store_is_told_at_once(call: Call, store: Store):
    words = ("--outcome", "trust.Pacfic", "--year", "2035", "--scenario", "mein")
    said = refusal(call("analyze", str(store.path), *words))
    assert len(said) == 3
    for word in ('"trust.Pacfic"', "2035", '"mein"', "trust.Pacific", "2030, 2040", "historical-pace, mine"):
        assert any(word in line for line in said)


def test_one_of_several_scenarios_has_to_be_named(call: Call, store: Store):
    (line,) = refusal(call("analyze", str(store.path)))
    assert "historical-pace, mine" in line


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("analyze", "--method", "morris"), ["morris", "latin_hypercube"]),
        (("analyze", "--method", "sobol"), ["--method", "sobol", "latin_hypercube", "pawn, delta"]),
        (("analyze", "--method", "pwan"), ['"pwan"', "pawn"]),
        (("analyze", "--year", "soon"), ["--year", '"soon"']),
        (("analyze", "--outcome", "trust"), ['"trust"', "trust.Pacific"]),
    ],
    ids=" ".join,
)
def test_a_question_that_cannot_be_answered_is_one_line(
    call: Call, single: Store, words: tuple[str, ...], told: list[str]
):
    (line,) = refusal(call(words[0], str(single.path), *words[1:]))
    assert all(word in line for word in told)
    assert "Python" not in line
    assert "interesting:" not in line


@pytest.mark.costly
def test_tables_and_figures_are_put_in_a_folder_and_are_the_same_twice(call: Call, tmp_path: Path):
    store = swept(tmp_path, sampled("morris"))
    answer = call("analyze", str(store.path), "--out", str(tmp_path / "one"))
    assert answer.code == 0
    assert "one" in answer.err
    told = done(call("analyze", str(store.path), "--out", str(tmp_path / "two"), "--json", "--quiet"))
    one, two = (content(tmp_path / name) for name in ("one", "two"))
    drawn = {f"{name}.{ending}" for name in ("tornado", "mu-sigma", "convergence") for ending in ("svg", "png")}
    assert set(one) == {"sensitivity.json", "sensitivity.csv", "variance.csv", "convergence.csv", *drawn}
    assert one == two
    assert read(one["sensitivity.json"].decode()) == told


@pytest.mark.costly
def test_interactions_that_were_paid_for_are_told_in_all_ways(call: Call, tmp_path: Path):
    store = swept(tmp_path, sampled("saltelli"))
    answer = call("analyze", str(store.path), "--out", str(tmp_path / "one"))
    assert answer.code == 0
    told = answer.out
    plain = done(call("analyze", str(store.path), "--json"))
    pairs = len(plain["factors"]) * (len(plain["factors"]) - 1) // 2
    assert [row["index"] for row in plain["interactions"]] == ["S2"] * pairs
    assert undrawn(Words().say("analyze.interactions", shown=pairs, count=pairs)) in undrawn(told)
    files = set(content(tmp_path / "one"))
    assert {"interactions.csv", "interactions.svg", "interactions.png"} <= files
    assert plain["used"] == plain["points"]


@pytest.mark.parametrize(("verb", "place"), [("analyze", "file/new"), ("discover", "file"), ("discover", "/proc/new")])
def test_a_folder_that_cannot_be_made_is_named_before_the_work(
    call: Call, single: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, verb: str, place: str
):
    monkeypatch.setattr(analyze, "analyzed", lambda *_: pytest.fail("it worked before it looked"))
    monkeypatch.setattr(discover, "discovered", lambda *_, **__: pytest.fail("it worked before it looked"))
    (tmp_path / "file").write_text("mine", "utf-8")
    words = (verb, str(single.path), "--outcome", ANSWERABLE[verb], "--out", str(tmp_path / place))
    (line,) = refusal(call(*words))
    assert line.startswith(str(tmp_path / place))
    assert (tmp_path / "file").read_text("utf-8") == "mine"
