"""What is said of a store of another version: nothing where nothing moved, else what, by how much and where."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from batches import MINE, copied, swept

import foresight
from foresight.errors import InputError
from foresight.experiments.manifest import MANIFEST, in_bytes
from foresight.experiments.store import Store, open_store
from foresight.experiments.sweep import local_workers
from foresight.experiments.version_check import check_version

#: A hundredth more of delivery is what "another version" has: in the values of its scenario, or in a rule.
EXPERIMENT = """
id = "versions"
scenarios = ["mine.toml"]
replicates = 20
outcomes = ["mean_delivered", "trust", "mean_delivered.FJI"]
years = [2017, 2025, 2040]

[uncertainties]
peer_effect = true

[sampler]
method = "latin_hypercube"
n = 30
"""

BIASED = 1.01


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return swept(tmp_path_factory.mktemp("same"), EXPERIMENT)


@pytest.fixture(scope="module")
def biased(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Return runs in which delivery is quicker, kept as those of the same experiment."""
    folder = tmp_path_factory.mktemp("biased")
    (usual,) = store.experiment.scenarios
    rate = usual.uncertainties.delivery_rate * BIASED
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("batches.MINE", f"{MINE}[uncertainties]\ndelivery_rate = {rate}\n")
        other = swept(folder, EXPERIMENT)
    known = {name: store.manifest[name] for name in ("experiment", "experiment_digest")}
    (other.path / MANIFEST).write_bytes(in_bytes({**other.manifest, **known}))
    return open_store(other.path)


def test_a_version_that_gives_the_same_has_nothing_to_tell(store: Store):
    found = check_version(store)
    assert (found.verdict, found.runs, found.points) == ("same", 600, 30)
    assert found.moved.empty


def test_a_bias_of_a_hundredth_is_told_with_its_size_and_place(store: Store, biased: Store):
    found = check_version(biased)
    assert found.verdict == "moved"
    rows = found.moved.set_index(["year", "outcome"])
    names = ["point", "replicate", "year"]
    change = (store.table().set_index(names) - biased.table().set_index(names)).groupby("year").mean()
    for (year, outcome), row in rows.iterrows():
        assert row["difference"] == pytest.approx(change.loc[year, outcome], abs=1e-6)
        assert row["after"] - row["before"] == pytest.approx(row["difference"], abs=1e-9)
        assert row["low"] < row["difference"] < row["high"]
    assert rows.loc[(2040, "mean_delivered"), "verdict"] == "moved"
    assert rows.loc[(2040, "mean_delivered"), "high"] < 0
    assert 2017 not in rows.index.get_level_values("year")  # nothing is delivered as yet
    assert set(found.first["year"]) == {2025}


def test_it_does_not_matter_who_works(biased: Store):
    one, two = (check_version(biased, workers=local_workers(count)) for count in (1, 2))
    pd.testing.assert_frame_equal(one.moved, two.moved)


def test_luck_of_another_seed_changes_runs_and_no_mean(store: Store, tmp_path: Path):
    other = store.experiment.model_copy(update={"seed": store.experiment.seed + 1})
    known = {"experiment": other.plain(), "experiment_digest": other.digest()}
    copy = copied(store, tmp_path)
    (copy.path / MANIFEST).write_bytes(in_bytes({**copy.manifest, **known}))
    found = check_version(open_store(copy.path))
    assert found.verdict == "runs_alone"
    assert ((found.moved["low"] <= 0) & (found.moved["high"] >= 0)).all()


def test_what_cannot_be_compared_is_refused(store: Store, tmp_path: Path):
    empty = copied(store, tmp_path)
    (empty.path / MANIFEST).write_bytes(in_bytes({**empty.manifest, "parts": []}))
    with pytest.raises(InputError) as refused:
        check_version(open_store(empty.path))
    assert [problem.kind for problem in refused.value.problems] == ["unfinished"]


@pytest.mark.slow
def test_a_rule_that_is_off_by_a_hundredth_is_found(store: Store, tmp_path: Path):
    """The whole program with one rule changed, compiled anew, checks a store of this one."""
    home = Path(foresight.__file__).parents[1]
    for name in ("foresight", "scenarios"):
        shutil.copytree(home / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    rules = tmp_path / "foresight" / "engine" / "rules.py"
    words = rules.read_text("utf-8")
    right = "return rate * capacity * means_share * safeguard_factor"
    assert words.count(right) == 1
    rules.write_text(words.replace(right, f"{right} * {BIASED}"), "utf-8")
    (tmp_path / "foresight" / "_scenarios").symlink_to(tmp_path / "scenarios")
    program = [sys.executable, "-m", "foresight", "--json", "--quiet", "check-version", str(store.path)]
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "FORESIGHT_CACHE": str(tmp_path / "cache")}
    done = subprocess.run(program, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    assert found["verdict"] == "moved"
    last = next(row for row in found["moved"] if (row["year"], row["outcome"]) == (2040, "mean_delivered"))
    assert last["low"] > 0
    assert np.isclose(last["after"] - last["before"], last["difference"])
