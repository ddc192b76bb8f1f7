"""A sweep survives anything, and whatever it survived, the store is the same, byte for byte."""

import json
import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from batches import LARGER, PLAIN, content
from forked import Forks

from foresight.errors import InputError
from foresight.experiments import manifest as manifests
from foresight.experiments.experiment import Experiment
from foresight.experiments.journal import journal, read_journal
from foresight.experiments.manifest import MANIFEST, Shard
from foresight.experiments.parts import part_name
from foresight.experiments.store import LOG, POINTS, Store, open_store
from foresight.experiments.sweep import local_workers, merge, sweep
from foresight.results.outcomes import outcome_values
from foresight.results.simulation import simulate
from foresight.scenario.factors import settings_from_factors
from foresight.scenario.loading import load_scenario

#: Runs of a part in these tests: many parts of few runs.
FEW = 64

#: Bytes of a small disk, and of a page of memory: what a file takes there.
DISK, PAGE = 2**18, 4096


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manifests, "FEWEST_RUNS", FEW)


@pytest.fixture(scope="module")
def experiment() -> Experiment:
    return Experiment.model_validate(PLAIN)


@pytest.fixture(scope="module")
def whole(experiment: Experiment, tmp_path_factory: pytest.TempPathFactory) -> Store:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifests, "FEWEST_RUNS", FEW)
        return sweep(experiment, tmp_path_factory.mktemp("whole") / "store")


@pytest.fixture
def copy(whole: Store, tmp_path: Path) -> Store:
    return open_store(shutil.copytree(whole.path, tmp_path / "copy"))


def problems(*arguments: Any, **options: Any) -> list[tuple[str, str]]:
    """Return where and of which kind the problems of a sweep are."""
    with pytest.raises(InputError) as caught:
        sweep(*arguments, **options)
    assert all(str(problem) for problem in caught.value.problems)
    return [(Path(problem.file).name, problem.kind) for problem in caught.value.problems]


def test_a_store_has_the_numbers_of_the_scenarios_it_is_made_of(whole: Store):
    table, points = whole.table(), whole.points()
    assert len(table) == whole.runs * 2 == 2 * 64 * 3 * 2
    for number in (5, 100):
        point = points.iloc[number]
        base = load_scenario(point["scenario"])
        values = point.drop(["point", "scenario"]).to_dict()
        alone = simulate(load_scenario(base.id, set=settings_from_factors(values, base)), 3, keep="members")
        mine = table[table["point"] == number]
        for name, outcome, labels in (
            ("mean_delivered", "mean_delivered", {"scope": "region", "action": "all"}),
            ("trust.Pacific", "trust", {"scope": "Pacific"}),
            ("coverage.FJI", "coverage", {"scope": "FJI"}),
        ):
            series = alone.series(["region", "Pacific", "FJI"])
            theirs = outcome_values(series, outcome).sel(year=[2030, 2040], **labels).values.T
            ours = mine[name].to_numpy().reshape(2, 3)
            np.testing.assert_allclose(ours, theirs.astype(np.float32), rtol=1e-6)


def test_replicates_of_all_points_have_the_same_luck(whole: Store):
    """With the same luck, a change of a point moves runs alike: differences vary less than runs."""
    table = whole.table(["mean_delivered"], years=[2040]).pivot(index="point", columns="replicate").to_numpy()
    assert (table - table[0]).std(axis=1)[1:].mean() < table.std(axis=1).mean() * 2**0.5


@pytest.mark.costly
@pytest.mark.parametrize("workers", [1, 3])
def test_the_number_of_workers_does_not_matter(whole: Store, experiment: Experiment, workers: int, tmp_path: Path):
    store = sweep(experiment, tmp_path / "store", workers=local_workers(workers))
    assert content(store.path) == content(whole.path)


def test_parameters_are_stored_once_and_the_parts_have_keys_and_series_alone(whole: Store):
    assert list(whole.points().columns) == ["point", "scenario", "delivery_rate", "grace_years", "pledge_effort"]
    assert list(whole.table().columns) == ["point", "replicate", "year", *PLAIN["outcomes"]]


def test_rows_can_be_picked_by_year_and_by_what_their_points_are(whole: Store):
    picked = whole.table(["trust.Pacific"], years=[2040], where="delivery_rate > 0.5 and scenario == 'baiji-returns'")
    points = whole.points().query("delivery_rate > 0.5 and scenario == 'baiji-returns'")["point"]
    assert set(picked["point"]) == set(points)
    assert set(picked["year"]) == {2040}
    assert len(picked) == 3 * len(points)


@pytest.mark.parametrize("argument", [{"outcomes": ["trust"]}, {"where": "delivery_rat > 0"}, {"where": "1 +"}])
def test_what_a_store_has_not_is_refused(whole: Store, argument: dict[str, Any]):
    with pytest.raises(InputError, match=r"store: (outcome|where): "):
        whole.table(**argument)


# Killed --------------------------------------------------------------------------------------------------------------


def killed(forks: Forks, folder: Path, times: int) -> None:
    """Kill a sweep again and again; no part that was finished is ever computed again."""
    luck = random.Random(times)
    for _ in range(times):
        finished = set(open_store(folder).finished) if (folder / MANIFEST).exists() else set()
        before = len(read_journal(folder / LOG))
        process = forks.start("batches:go_on", str(folder), folder=folder.parent)
        time.sleep(luck.uniform(0.0, 0.5))
        process.send_signal(signal.SIGKILL)
        process.end()
        lines = read_journal(folder / LOG)[before:]
        assert not finished & {line["part"] for line in lines if line["event"] == "part"}


@pytest.mark.costly
@pytest.mark.parametrize("times", [4, pytest.param(20, marks=pytest.mark.slow)])
def test_a_sweep_that_is_killed_goes_on_to_the_same_bytes(times: int, forks: Forks, tmp_path: Path):
    larger = Experiment.model_validate(LARGER)
    reference = sweep(larger, tmp_path / "reference")
    killed(forks, tmp_path / "store", times)
    store = sweep(larger, tmp_path / "store", resume=True)
    assert content(store.path) == content(reference.path)
    computed = [line["part"] for line in read_journal(store.path / LOG) if line["event"] == "part"]
    assert set(computed) == set(reference.finished)
    assert len(computed) <= len(reference.finished) + times  # at most the one that was on its way to the disk


def test_a_session_keeps_others_out(copy: Store, experiment: Experiment):
    with journal(copy.path / LOG):
        assert problems(experiment, copy.path, resume=True) == [("copy", "store_in_use")]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a small disk, as root alone can."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounting = ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", str(disk)]
    if shutil.which("mount") is None or subprocess.run(mounting, capture_output=True).returncode:
        pytest.skip("a small disk cannot be mounted here")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_a_full_disk_costs_nothing_that_was_finished(small_disk: Path, whole: Store, experiment: Experiment):
    pages = {name: -(-len(file) // PAGE) for name, file in content(whole.path).items()}
    room = pages[POINTS] + 2 * pages[MANIFEST] + 1 + 3  # of the log, and of three parts of a page each
    filler = small_disk / "filler"
    filler.write_bytes(b"\0" * (DISK - room * PAGE))
    folder = small_disk / "store"
    assert problems(experiment, folder) == [("store", "disk_full")]
    finished = open_store(folder).finished
    assert 0 < len(finished) < len(whole.finished)
    filler.unlink()
    store = sweep(experiment, folder, resume=True)
    assert content(store.path) == content(whole.path)
    sessions = [line for line in read_journal(folder / LOG) if line["event"] == "start"]
    assert [len(line["finished"]) for line in sessions] == [0, len(finished)]


# Shards --------------------------------------------------------------------------------------------------------------


def test_shards_that_are_merged_are_the_unsharded_run(whole: Store, experiment: Experiment, tmp_path: Path):
    shards = [tmp_path / "one", tmp_path / "two"]
    for number, folder in enumerate(shards, start=1):
        sweep(experiment, folder, shard=Shard(number, 2))
    merged = merge(shards, tmp_path / "merged")
    assert content(merged.path) == content(whole.path)


def test_stores_that_lack_parts_or_are_of_others_are_not_merged(experiment: Experiment, tmp_path: Path):
    sweep(experiment, tmp_path / "one", shard=Shard(1, 2))
    with pytest.raises(InputError) as caught:
        merge([tmp_path / "one"], tmp_path / "merged")
    assert caught.value.problems[0].kind == "not_all_parts"
    sweep(experiment.model_copy(update={"seed": 2}), tmp_path / "two", shard=Shard(2, 2))
    with pytest.raises(InputError) as caught:
        merge([tmp_path / "one", tmp_path / "two"], tmp_path / "merged")
    assert {problem.field for problem in caught.value.problems} == {"experiment_digest", "points"}
    assert not (tmp_path / "merged").exists()


# What is wrong with a store ------------------------------------------------------------------------------------------


def changed(store: Store, **changes: Any) -> None:
    (store.path / MANIFEST).write_text(json.dumps({**store.manifest, **changes}), "utf-8")


def test_a_store_that_is_there_is_not_touched_without_asking(copy: Store, experiment: Experiment):
    before = content(copy.path)
    assert problems(experiment, copy.path) == [("copy", "store_exists")]
    other = experiment.model_copy(update={"seed": 2})
    assert problems(other, copy.path, resume=True) == [(MANIFEST, "other_experiment")]
    assert problems(experiment, copy.path, resume=True, shard=Shard(1, 2)) == [(MANIFEST, "other_shard")]
    assert content(copy.path) == before


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"version": "0.0.1"}, "made_with_others"),
        ({"data_digest": "0"}, "made_with_others"),
        ({"format": 99}, "altered_store"),
    ],
)
def test_a_store_of_another_version_is_refused(copy: Store, experiment: Experiment, changes: dict[str, Any], kind: str):
    changed(copy, **changes)
    assert problems(experiment, copy.path, resume=True) == [(MANIFEST, kind)]


@pytest.mark.parametrize("words", ["", "{", "[]", '{"format": 1'])
def test_a_damaged_manifest_is_named(copy: Store, experiment: Experiment, words: str):
    (copy.path / MANIFEST).write_text(words, "utf-8")
    assert problems(experiment, copy.path, resume=True) == [(MANIFEST, "altered_store")]


def test_a_deleted_and_a_truncated_part_are_named_and_repaired_on_demand(
    copy: Store, experiment: Experiment, whole: Store
):
    (copy.path / part_name(1)).unlink()
    os.truncate(copy.path / part_name(2), 100)
    before = content(copy.path)
    expected = [(part_name(1), "missing_part"), (part_name(2), "damaged_part")]
    assert problems(experiment, copy.path, resume=True) == expected
    with pytest.raises(InputError, match=part_name(1)):
        copy.table()
    assert content(copy.path) == before
    store = sweep(None, copy.path, repair=True)
    assert content(store.path) == content(whole.path)
    last = [line["part"] for line in read_journal(store.path / LOG) if line["event"] == "part"][-2:]
    assert sorted(last) == [1, 2]


def test_a_folder_with_other_files_is_left_alone(experiment: Experiment, tmp_path: Path):
    (tmp_path / "thesis.tex").write_text("all of it", "utf-8")
    assert problems(experiment, tmp_path) == [(tmp_path.name, "not_empty")]
    assert [entry.name for entry in tmp_path.iterdir()] == ["thesis.tex"]


def test_a_folder_that_cannot_be_made_is_named(experiment: Experiment, tmp_path: Path):
    (tmp_path / "file").write_text("", "utf-8")
    assert problems(experiment, tmp_path / "file" / "store") == [("store", "not_writable")]


def test_there_is_nothing_to_go_on_with_in_an_empty_folder(tmp_path: Path):
    assert problems(None, tmp_path, resume=True) == [(tmp_path.name, "no_store")]


def test_a_store_says_when_another_version_made_it(copy: Store):
    assert copy.note() == ""
    changed(copy, version="0.0.1")
    assert "0.0.1" in open_store(copy.path).note("zh")


def test_a_finished_store_is_left_as_it_is(copy: Store, experiment: Experiment):
    before = content(copy.path)
    assert not sweep(experiment, copy.path, resume=True).missing
    assert content(copy.path) == before


def test_a_sweep_can_be_ended_within_a_part(experiment: Experiment, tmp_path: Path):
    asked: list[None] = []

    def check() -> None:
        asked.append(None)
        raise KeyError

    with pytest.raises(KeyError):
        sweep(experiment, tmp_path / "store", workers=local_workers(1), check=check)
    assert len(asked) <= 2  # parts in hand: the one that is computed, and one that waits
    assert not open_store(tmp_path / "store").finished


def test_progress_counts_what_earlier_sessions_did(experiment: Experiment, tmp_path: Path):
    seen: list[tuple[int, int]] = []

    class StoppedError(Exception):
        pass

    def stop(*_: int) -> None:
        raise StoppedError

    with pytest.raises(StoppedError):
        sweep(experiment, tmp_path / "store", progress=stop)
    sweep(experiment, tmp_path / "store", resume=True, progress=lambda done, total: seen.append((done, total)))
    assert seen[0][0] > FEW
    assert seen[-1] == (384, 384)
