"""Experiments and stores for tests."""

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import held
import pandas as pd
import pytest

from foresight.experiments import manifest as manifests
from foresight.experiments.experiment import Experiment
from foresight.experiments.loading import load_experiment
from foresight.experiments.manifest import Shard
from foresight.experiments.store import LOG, Store, open_store
from foresight.experiments.sweep import WHOLE, local_workers, sweep

#: Runs of a part in these tests: several parts of few runs.
FEW = 16

#: What is varied, over levers by phase as well, on top of a scenario that ships and one that stands beside.
EXPERIMENT = """
id = "small"
scenarios = ["historical-pace", "mine.toml"]
replicates = 3
outcomes = ["mean_delivered", "trust.Pacific", "completed"]
years = [2030, 2040]

[uncertainties]
delivery_rate = true
peer_effect = [0.9, 1.3]

[levers]
pledge_effort.transparency.phase_2 = [1, 4]

[sampler]
method = "sobol_sequence"
n = 16
"""

#: Samplers of a few points each.
SAMPLERS: Mapping[str, str] = {
    "sobol_sequence": "n = 8",
    "latin_hypercube": "n = 7",
    "full_factorial": "levels = 2",
    "morris": "n = 4",
    "saltelli": "n = 4\nsecond_order = true",
    "table": 'file = "points.csv"',
}

MINE = 'id = "mine"\nextends = "baiji-returns"\ntitle = { en = "Mine", zh = "我的" }\n'

POINTS = {"delivery_rate": [0.2, 0.5, 0.8], "linking": [0.0, 1.5, 0.7]}

#: An experiment on two scenarios that ship, as a table.
PLAIN: dict[str, Any] = {
    "id": "small",
    "scenarios": ("historical-pace", "baiji-returns"),
    "replicates": 3,
    "uncertainties": {"delivery_rate": True, "grace_years": True},
    "levers": {"pledge_effort": True},
    "sampler": {"method": "sobol_sequence", "n": 64},
    "outcomes": ("mean_delivered", "trust.Pacific", "coverage.FJI", "completed"),
    "years": (2030, 2040),
}

#: The same of some more parts, and their runs.
LARGER: dict[str, Any] = {**PLAIN, "sampler": {"method": "sobol_sequence", "n": 512}}
LARGER_PART = 64

#: Outcomes that have an answer in a store of one scenario, by verb.
ANSWERABLE = {"analyze": "trust.Pacific", "discover": "mean_delivered >= 2.5"}


def written(folder: Path, words: str = EXPERIMENT, name: str = "experiment.toml") -> Path:
    """Write an experiment file, and beside it the scenario file and the table of points that one may name."""
    (folder / "mine.toml").write_text(MINE, "utf-8")
    pd.DataFrame(POINTS).to_csv(folder / "points.csv", index=False)
    path = folder / name
    path.write_text(words, "utf-8")
    return path


def sampled(method: str) -> str:
    """Return an experiment of a sampler, on top of one scenario."""
    words = EXPERIMENT.replace(', "mine.toml"', "").partition("[sampler]")[0]
    if method == "table":
        words = words.partition("[uncertainties]")[0]
    return f'{words}[sampler]\nmethod = "{method}"\n{SAMPLERS[method]}\n'


def swept(folder: Path, words: str = EXPERIMENT, shard: Shard = WHOLE, **options: Any) -> Store:
    """Run an experiment in parts of few runs, in a folder of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifests, "FEWEST_RUNS", FEW)
        return sweep(load_experiment(written(folder, words)), folder / "store", shard=shard, **options)


class StoppedError(Exception):
    """A sweep was stopped after its first part."""


def stopped(*_: int) -> None:
    """Stop a sweep, as its progress."""
    raise StoppedError


def begun(folder: Path, words: str = EXPERIMENT) -> Store:
    """Return a store that lacks parts."""
    with pytest.raises(StoppedError):
        swept(folder, words, progress=stopped)
    return open_store(folder / "store")


def copied(store: Store, folder: Path) -> Store:
    """Copy a store, to be damaged."""
    return open_store(shutil.copytree(store.path, folder / "copy"))


def content(folder: Path) -> dict[str, bytes]:
    """Return all files of a store but its log."""
    return {entry.name: entry.read_bytes() for entry in sorted(folder.iterdir()) if entry.name != LOG}


def go_on(ready: Callable[[], None], folder: str) -> None:
    """Go on with a sweep, in a process that can be killed."""
    manifests.FEWEST_RUNS = LARGER_PART
    ready()
    sweep(Experiment.model_validate(LARGER), folder, resume=True, workers=local_workers(2))


def held_in_small_parts(ready: Callable[[], None], *words: str) -> None:
    """Call the program, held at a moment as `held.main` has it, in parts of few runs."""
    manifests.FEWEST_RUNS = LARGER_PART
    held.main(ready, *words)
