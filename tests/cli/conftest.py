"""Stores for tests of verbs that work on one."""

from pathlib import Path

import pytest
from batches import FEW, copied, sampled, swept

from foresight.experiments import manifest as manifests
from foresight.experiments.store import Store


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let parts of stores have few runs."""
    monkeypatch.setattr(manifests, "FEWEST_RUNS", FEW)


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Return a store of two base scenarios."""
    return swept(tmp_path_factory.mktemp("several"))


@pytest.fixture(scope="session")
def single(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Return a store of one base scenario, with points enough to find conditions in."""
    words = sampled("latin_hypercube").replace("historical-pace", "baiji-returns").replace("n = 7", "n = 60")
    return swept(tmp_path_factory.mktemp("single"), words)


@pytest.fixture
def copy(store: Store, tmp_path: Path) -> Store:
    return copied(store, tmp_path)
