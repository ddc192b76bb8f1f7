"""What an experiment would come to is told before it is run."""

from pathlib import Path

import pytest
from batches import EXPERIMENT, FEW, SAMPLERS, content, sampled, swept, written

from foresight.experiments import manifest as manifests
from foresight.experiments.estimate import estimate
from foresight.experiments.loading import load_experiment
from foresight.experiments.sweep import sweep


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let parts of stores have few runs."""
    monkeypatch.setattr(manifests, "FEWEST_RUNS", FEW)


@pytest.mark.costly
@pytest.mark.parametrize("words", [EXPERIMENT, *map(sampled, SAMPLERS)], ids=["two scenarios", *SAMPLERS])
def test_points_runs_and_parts_are_exactly_those_of_the_store(tmp_path: Path, words: str):
    experiment = load_experiment(written(tmp_path, words))
    before = set(tmp_path.iterdir())
    told = estimate(experiment)
    assert set(tmp_path.iterdir()) == before
    store = swept(tmp_path, words)
    assert (told.points, told.runs, told.parts) == (len(store.points()), store.runs, len(store.all_parts))
    assert told.seconds > 0


@pytest.mark.costly
def test_the_size_of_few_runs_is_exactly_that_of_the_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """All of them are tried; of more, as many as were tried are as large."""
    monkeypatch.undo()
    experiment = load_experiment(written(tmp_path, EXPERIMENT))
    files = content(sweep(experiment, tmp_path / "store").path)
    size = sum(len(file) for name, file in files.items() if name.endswith(".parquet"))
    assert estimate(experiment).bytes == size


def test_more_hands_take_less_time(tmp_path: Path):
    experiment = load_experiment(written(tmp_path, sampled("morris")))
    assert estimate(experiment, 4).cores == 4
