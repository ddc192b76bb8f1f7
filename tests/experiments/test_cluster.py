"""Workers in processes of their own, which come and go: the store does not know."""

import os
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from batches import PLAIN, content

from foresight.errors import InputError
from foresight.experiments import manifest as manifests
from foresight.experiments.cluster import cluster_workers
from foresight.experiments.experiment import Experiment
from foresight.experiments.journal import read_journal
from foresight.experiments.store import LOG
from foresight.experiments.sweep import sweep

distributed = pytest.importorskip("distributed")
dask = pytest.importorskip("dask")

#: Dask and Tornado leave sockets and processes to the garbage collector as they close.
pytestmark = [
    pytest.mark.costly,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

#: What a worker imports sooner or later.
PROGRAM = ("foresight.experiments.parts", "foresight.experiments.sweep")

#: Runs of a part in these tests: as many parts as come and go while a worker dies.
FEW = 32

LARGER = {**PLAIN, "replicates": 8}


@pytest.fixture(scope="module")
def experiment() -> Experiment:
    return Experiment.model_validate(LARGER)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """Start three workers, one thread each, in processes that begin with the program imported."""
    with dask.config.set({"distributed.worker.multiprocessing-method": "forkserver"}):
        distributed.utils.get_mp_context().set_forkserver_preload(["distributed", *PROGRAM])
        with distributed.LocalCluster(n_workers=3, threads_per_worker=1, dashboard_address=":0") as cluster:
            yield cluster


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manifests, "FEWEST_RUNS", FEW)


@pytest.fixture(scope="module")
def whole(experiment: Experiment, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Return what a sweep in this process stores."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifests, "FEWEST_RUNS", FEW)
        return content(sweep(experiment, tmp_path_factory.mktemp("whole") / "whole").path)


def test_one_of_three_workers_is_killed_and_the_store_is_the_same(
    cluster: Any, experiment: Experiment, whole: dict[str, bytes], tmp_path: Path
):
    victim = next(iter(cluster.workers.values())).pid
    killed = []

    def kill(done: int, total: int) -> None:
        if not killed and done > total // 4:
            os.kill(victim, signal.SIGKILL)
            killed.append(done)

    store = sweep(experiment, tmp_path / "store", workers=cluster_workers(cluster.scheduler_address), progress=kill)
    assert killed
    assert not store.missing
    assert content(store.path) == whole
    parts = [line["part"] for line in read_journal(store.path / LOG) if line["event"] == "part"]
    assert sorted(parts) == sorted(store.finished)  # each came once, whatever the workers did


@pytest.mark.slow  # ten seconds
def test_a_worker_that_joins_gets_work(cluster: Any, experiment: Experiment, whole: dict[str, bytes], tmp_path: Path):
    before = len(cluster.workers)

    def join(done: int, total: int) -> None:  # noqa: ARG001
        cluster.scale(before + 1)

    store = sweep(experiment, tmp_path / "store", workers=cluster_workers(cluster.scheduler_address), progress=join)
    assert content(store.path) == whole


def test_a_cluster_of_this_machine_is_started_and_stopped(
    experiment: Experiment, whole: dict[str, bytes], tmp_path: Path
):
    store = sweep(experiment, tmp_path / "store", workers=cluster_workers("local", 1))
    assert content(store.path) == whole
    last = read_journal(store.path / LOG)[-1]
    assert (last["event"], last["workers"]) == ("end", 1)


def test_an_address_where_nobody_answers_is_named(
    experiment: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("foresight.experiments.cluster.PATIENCE", 1)
    with pytest.raises(InputError) as caught:
        sweep(experiment, tmp_path / "store", workers=cluster_workers("tcp://127.0.0.1:9"))
    assert caught.value.problems[0].kind == "no_cluster"
    assert "127.0.0.1:9" in str(caught.value)


def test_a_worker_of_another_version_is_refused(
    experiment: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """The worker finds another version than the store was begun with."""

    class Strange(ThreadPoolExecutor):
        def submit(self, *arguments: Any, **options: Any) -> Any:
            monkeypatch.setattr("foresight.experiments.manifest.program_version", lambda: "0.0.1")
            return super().submit(*arguments, **options)

    @contextmanager
    def strange() -> Iterator[tuple[Executor, Any]]:
        with Strange(1) as pool:
            yield pool, lambda: 1

    with pytest.raises(InputError) as caught:
        sweep(experiment, tmp_path / "store", workers=strange)
    assert caught.value.problems[0].kind == "made_with_others"


def test_without_the_extra_the_extra_is_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(InputError, match=r"foresight-escap\[cluster\]"):
        cluster_workers("local")
