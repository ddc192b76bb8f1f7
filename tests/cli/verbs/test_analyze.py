"""What went wrong once when the batch commands were tried hard: damage, equality, limits, and where it is told."""

import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from batches import FEW, copied, sampled, swept, written
from command_line import start
from test_cli_batch import ANSWERABLE, Call, Store, content, copy, done, refusal, single, store  # noqa: F401

from foresight import analysing, discovering
from foresight import store as stores
from foresight.errors import InputError
from foresight.runner import sweep
from foresight.samples import picked, reached, values_of
from foresight.store import MANIFEST, POINTS, open_store, part_name

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stores, "FEWEST_RUNS", FEW)


def test_a_value_that_equals_the_target_reaches_it(tmp_path: Path):
    words = sampled("latin_hypercube").replace("n = 7", "n = 200").replace("replicates = 3", "replicates = 20")
    store = swept(tmp_path, words)
    values = values_of(store, picked(store, "mean_delivered", 2030))
    equal = np.isclose(values, 0.7, atol=1e-6)
    assert equal.any()
    shares = ((values >= 0.7) | equal).mean(axis=1)
    point = int(np.flatnonzero(equal.any(axis=1))[0])
    assert reached(store, "mean_delivered >= 0.7 in 2030", shares[point])[2][point]


def test_a_scheduler_file_that_is_not_there_is_named_at_once(tmp_path: Path):
    written(tmp_path)
    words = ("sweep", "experiment.toml", "--out", "store", "--cluster", "none.json")
    process = start(*words, folder=tmp_path)
    try:
        _, err = process.communicate(timeout=30)
    finally:
        process.kill()
    assert process.returncode == 2
    assert "none.json" in err


@pytest.mark.parametrize("replicates", ["100001", "5000000"])
def test_a_search_is_no_larger_than_memory(call: Call, replicates: str, monkeypatch: pytest.MonkeyPatch):
    from foresight import goals

    monkeypatch.setattr(goals, "sought", lambda *_, **__: pytest.fail("it began"))
    (line,) = refusal(call("seek", "--replicates", replicates))
    assert line.startswith("--replicates: ")


@pytest.mark.parametrize("share", ["5", "-1", "nan"])
def test_a_share_beyond_all_is_refused_as_such(call: Call, single: Store, share: str):
    (line,) = refusal(call("discover", str(single.path), "--share", share))
    assert line.startswith("--share: ")


@pytest.mark.parametrize(
    "words",
    [
        ("analyze", "--method", "morris"),
        ("discover", "--density", "2"),
        ("discover", "--outcome", "nope"),
        ("discover", "--outcome", "mean_delivered >= 99"),
    ],
)
def test_nobody_is_told_of_python(call: Call, single: Store, words: tuple[str, ...]):
    (line,) = refusal(call(words[0], str(single.path), *words[1:]))
    assert "Python" not in line
    assert "interesting:" not in line


@pytest.mark.parametrize("verb", ["analyze", "discover"])
def test_a_folder_that_cannot_be_made_is_told_before_the_work(
    call: Call,
    single: Store,
    tmp_path: Path,
    verb: str,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(analysing, "analyzed", lambda *_: pytest.fail("it worked before it looked"))
    monkeypatch.setattr(discovering, "discovered", lambda *_, **__: pytest.fail("it worked before it looked"))
    (tmp_path / "file").write_text("")
    words = (verb, str(single.path), "--outcome", ANSWERABLE[verb], "--out", str(tmp_path / "file"))
    assert len(refusal(call(*words))) == 1


@pytest.mark.parametrize("damage", ["gone", "empty", "same size"])
@pytest.mark.parametrize("verb", ["analyze", "discover"])
def test_points_that_are_damaged_are_named(call: Call, copy: Store, verb: str, damage: str):
    path = copy.path / POINTS
    size = path.stat().st_size
    path.unlink() if damage == "gone" else path.write_bytes(b"\0" * (size if damage == "same size" else 0))
    (line,) = refusal(call(verb, str(copy.path), "--scenario", "mine"))
    assert line.startswith(str(path))


@pytest.mark.parametrize("key", ["parts", "points", "shard", "experiment", "version", "part_runs", "libraries"])
def test_a_manifest_without_an_entry_is_named(call: Call, copy: Store, key: str):
    manifest = {name: value for name, value in copy.manifest.items() if name != key}
    (copy.path / MANIFEST).write_text(json.dumps(manifest), "utf-8")
    for words in (("sweep", "--status", str(copy.path)), ("sweep", "--resume", "--out", str(copy.path))):
        (line,) = refusal(call(*words))
        assert line.startswith(str(copy.path / MANIFEST))


def test_no_nan_is_shown_and_the_reason_is_true(call: Call, tmp_path: Path):
    store = swept(tmp_path, sampled("sobol_sequence"))
    answer = call("analyze", str(store.path), "--outcome", "completed", "--year", "2030")
    assert not re.search(r"\bnan\b", answer.out)
    assert "one replicate" not in answer.out  # there are three
    assert "+nan" not in call("explain", "historical-pace", "baiji-returns", "--replicates", "1").out


def test_a_dead_cluster_leaves_no_store(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    from foresight import cluster

    pytest.importorskip("distributed")
    monkeypatch.setattr(cluster, "PATIENCE", 1)
    words = ("sweep", str(written(tmp_path)), "--out", str(tmp_path / "store"), "--cluster", "tcp://127.0.0.1:9")
    refusal(call(*words))
    assert not (tmp_path / "store").exists()


def test_a_shard_that_has_all_parts_can_be_analysed(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(stores, "FEWEST_RUNS", 4096)
    folder = str(tmp_path / "store")
    done(call("sweep", str(written(tmp_path, sampled("sobol_sequence"))), "--out", folder, "--shard", "1/2", "--json"))
    done(call("analyze", folder, "--json"))


def test_a_bit_that_has_changed_is_noticed_or_changes_nothing(single: Store, tmp_path: Path):
    """Pages are read against their check sums; what is not read may be as it will."""
    right, luck = single.table(), np.random.default_rng(1)
    noticed = []
    for number in range(40):
        copy = copied(single, tmp_path / str(number))
        path = copy.path / part_name(0)
        words = bytearray(path.read_bytes())
        words[luck.integers(len(words))] ^= 1 << int(luck.integers(8))
        path.write_bytes(words)
        try:
            pd.testing.assert_frame_equal(open_store(copy.path).table(), right)
        except InputError as error:
            noticed.append(error.problems[0].file == str(path))
    assert noticed
    assert all(noticed)


def test_damaged_points_are_made_anew_if_the_experiment_makes_the_same(single: Store, tmp_path: Path):
    copy = copied(single, tmp_path / "copy")
    (copy.path / POINTS).write_bytes(b"")
    sweep(None, copy.path, repair=True)
    assert content(copy.path) == content(single.path)
