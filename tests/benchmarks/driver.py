"""Builds that are measured take turns: each in a process of its own, with its own compiled engine."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from statistics import median
from typing import IO, Any, Final, NamedTuple

from foresight.runs import Progress
from foresight.unfinished import UNINTERRUPTED, undone

WORKER: Final = Path(__file__).with_name("worker.py")


class Spent(NamedTuple):
    """What a measurement has taken.

    Parameters
    ----------
    runs : int
        Runs that were made; none where a library for them is missing.
    cpu, wall : float
        Seconds, of all threads together and on the clock.
    cpu_of_all : float
        Seconds of the whole process since it began.
    peak : float
        The most memory that the process has had, in MB.
    """

    runs: int
    cpu: float
    wall: float
    cpu_of_all: float
    peak: float


class Worker:
    """A process that measures what it is asked to."""

    def __init__(self, process: "subprocess.Popen[str]", errors: IO[str]) -> None:
        self._process, self._errors = process, errors

    def measure(self, name: str) -> Spent:
        """Measure once; RuntimeError with the last words of a process that ends over it."""
        print(name, file=self._process.stdin, flush=True)
        line = self._process.stdout.readline() if self._process.stdout else ""
        if not line:
            self._errors.seek(0)
            raise RuntimeError(f"{name}: {self._errors.read()[-2000:]}")
        return Spent(**json.loads(line))


class Build:
    """This build, or that of another folder, with a cache of its own."""

    def __init__(self, folder: Path | None, cache: Path) -> None:
        cache.mkdir(exist_ok=True)
        self._command = [sys.executable, "-P", str(WORKER), *([str(folder.resolve())] if folder else [])]
        self._environment = {**os.environ, "FORESIGHT_CACHE": str(cache), "TMPDIR": str(cache)}

    @contextmanager
    def worker(self) -> Iterator[Worker]:
        """Start a process, and end it when it has measured enough."""
        with tempfile.TemporaryFile("w+", encoding="utf-8") as errors:
            pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": errors}
            with ExitStack() as stack:
                with UNINTERRUPTED:
                    process = subprocess.Popen(self._command, env=self._environment, text=True, **pipes)
                    stack.enter_context(undone(partial(_end, process)))
                yield Worker(process, errors)

    def fresh(self, name: str) -> Spent:
        """Measure once in a process that is made for it, whose start counts."""
        start = time.perf_counter()
        with self.worker() as worker:
            spent = worker.measure(name)
            return spent._replace(cpu=spent.cpu_of_all, wall=time.perf_counter() - start)


def _end(process: "subprocess.Popen[str]") -> None:
    with process:
        process.kill()


#: What a build took in each round, by measurement.
Taken = dict[str, list[Spent]]


def in_turn(
    builds: Sequence[Build], names: Sequence[str], own: Sequence[str], rounds: int, progress: Progress | None = None
) -> list[Taken]:
    """Measure several things of several builds, each once a round, and some of the first build alone.

    Who is first in one round is last in the next.
    """
    taken: list[Taken] = [defaultdict(list) for _ in builds]
    with ExitStack() as stack:
        workers = [stack.enter_context(build.worker()) for build in builds]
        turns = [(name, at) for name in names for at in range(len(builds))] + [(name, 0) for name in own]
        for name, at in turns:
            workers[at].measure(name)  # so that what is made once is made
        for done in range(rounds):
            for name, at in turns[:: 1 if done % 2 else -1]:
                taken[at][name].append(workers[at].measure(name))
            if progress is not None:
                progress(done + 1, rounds)
    return taken


def started(builds: Sequence[Build], rounds: int) -> list[Taken]:
    """Measure the first run of a fresh process, before the engine is compiled ("cold") and after ("first")."""
    cold = [build.fresh("first") for build in builds]
    warm: list[list[Spent]] = [[] for _ in builds]
    for done in range(rounds):
        for at in range(len(builds))[:: 1 if done % 2 else -1]:
            warm[at].append(builds[at].fresh("first"))
    usual = [median(spent.cpu for spent in some) for some in warm]
    longer = (spent._replace(cpu=spent.cpu - least) for spent, least in zip(cold, usual, strict=True))
    return [{"cold": [one], "first": some} for one, some in zip(longer, warm, strict=True)]
