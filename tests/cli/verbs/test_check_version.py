"""What is said on the command line of a store of another version."""

import json
from pathlib import Path

import pytest
from batches import copied
from command_line import Call, done, refusal

from foresight.experiments.manifest import MANIFEST, in_bytes
from foresight.experiments.store import Store, open_store
from foresight.experiments.version_check import MOVED, RUNS_ALONE
from foresight.texts import Words, languages

pytestmark = pytest.mark.usefixtures("english", "small_parts")


@pytest.fixture
def other(store: Store, tmp_path: Path) -> Store:
    """Say of a store that its runs were of another seed."""
    experiment = store.experiment.model_copy(update={"seed": store.experiment.seed + 1})
    known = {"experiment": experiment.plain(), "experiment_digest": experiment.digest()}
    copy = copied(store, tmp_path)
    (copy.path / MANIFEST).write_bytes(in_bytes({**copy.manifest, **known}))
    return open_store(copy.path)


def test_nothing_moved_is_said_in_a_word(call: Call, store: Store):
    assert done(call("check-version", str(store.path), "--json")) == {
        "verdict": "same",
        "runs": store.runs,
        "points": len(store.points()),
        "moved": [],
    }
    assert "Nothing moved" in call("check-version", str(store.path)).out


@pytest.mark.parametrize("language", languages())
def test_what_moved_is_said_in_every_language(call: Call, other: Store, language: str):
    said = call("check-version", str(other.path), "--language", language).out
    assert "trust.Pacific" in said
    assert "2030" in said


def test_all_rows_go_to_a_folder(call: Call, other: Store, tmp_path: Path):
    folder = tmp_path / "found"
    plain = done(call("check-version", str(other.path), "--json", "--quiet", "--out", str(folder)))
    assert json.loads((folder / "check.json").read_text("utf-8")) == plain
    rows = (folder / "moved.csv").read_text("utf-8").splitlines()
    assert rows[0] == "year,outcome,runs,before,after,difference,low,high,verdict"
    assert len(rows) == 1 + len(plain["moved"])


@pytest.mark.parametrize("verdict", [MOVED, RUNS_ALONE])
def test_screen_and_files_call_a_verdict_the_same(verdict: str):
    assert Words().say(f"check_version.verdict_{verdict}") == verdict.replace("_", " ")


def test_where_no_store_is_one_line_says_so(call: Call, tmp_path: Path):
    (line,) = refusal(call("check-version", str(tmp_path)))
    assert "manifest.json" in line
