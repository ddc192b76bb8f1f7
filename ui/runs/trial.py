"""An experiment on its way: run beside the pictures into a folder of its own, and looked into afterwards."""

import logging
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple
from weakref import WeakSet

from foresight.errors import InputError, Problem
from foresight.experiments.experiment import Experiment
from foresight.experiments.store import Store
from foresight.experiments.sweep import local_workers, sweep

from .live import LIVE

#: What becomes of an experiment.
WAITING, RUNNING, DONE, STOPPED, FAILED = "waiting", "running", "done", "stopped", "failed"

#: Seconds a run before any experiment was run on this machine, and seconds that it takes to begin.
_FIRST_PACE: Final = 0.0004
_BEGINNING: Final = 0.5

#: How far experiments stand back behind pictures, of 19.
_NICENESS: Final = 10

_log = logging.getLogger("foresight.ui")


#: Every experiment of this process that somebody holds.
_ALL: "Final[WeakSet[Trial]]" = WeakSet()


class Stopped(Exception):  # noqa: N818  # no error: somebody wanted it
    """The experiment is not wanted any more."""


class Pace:
    """How fast experiments are on this machine: as fast as the last one."""

    def __init__(self) -> None:
        self._seconds = _FIRST_PACE

    def expected(self, runs: int) -> float:
        """Return the seconds that so many runs take."""
        return _BEGINNING + runs * self._seconds

    def learn(self, runs: int, seconds: float) -> None:
        """Remember how long so many runs took."""
        self._seconds = max(seconds - _BEGINNING, 0.1 * seconds) / runs


#: The pace of this process.
PACE: Final = Pace()


class Looked(NamedTuple):
    """What was found in the runs; nothing where something is wrong, or, without problems, where the program failed."""

    found: Any = None
    problems: Sequence[Problem] = ()


class Trial:
    """One experiment of one visitor.

    Parameters
    ----------
    experiment : Experiment
        What is run.
    changed : callable
        Called with the trial, from another thread, whenever there is more to tell of it, and whether that is more
        than how far it is.
    """

    def __init__(self, experiment: Experiment, changed: Callable[["Trial", bool], None]) -> None:
        self.experiment = experiment
        self.stage = WAITING
        self.done, self.total = 0, runs_of(experiment)
        self.problem: InputError | None = None
        self._store: Store | None = None
        self._changed = changed
        self._started = time.monotonic()
        self._stop, self._gone = threading.Event(), threading.Event()
        self._lock = threading.Lock()
        self._busy = 0
        self._looked: dict[Hashable, Looked | None] = {}
        self._folder = tempfile.TemporaryDirectory(prefix="foresight-", ignore_cleanup_errors=True)
        _ALL.add(self)

    @property
    def store(self) -> Store:
        """The runs, once they are done."""
        assert self._store is not None
        return self._store

    @property
    def under_way(self) -> bool:
        """Whether it is neither finished nor given up."""
        return self.stage in (WAITING, RUNNING)

    @property
    def left(self) -> float:
        """Seconds until it is done, as far as is known."""
        passed = time.monotonic() - self._started
        if self.stage == RUNNING and self.done:
            return passed / self.done * (self.total - self.done)
        return max(PACE.expected(self.total) - (passed if self.stage == RUNNING else 0.0), 0.0)

    def start(self) -> None:
        """Run it in a thread of its own."""
        self._beside(self._run)

    def cancel(self) -> None:
        """Stop it at the end of the part that is being computed."""
        self._stop.set()

    def close(self) -> None:
        """Stop it, and remove all that it wrote as soon as nobody is at work on it."""
        self.cancel()
        with self._at_work():
            self._gone.set()

    def look(self, key: Hashable, find: Callable[[Store], Any]) -> Looked | None:
        """Return what `find` makes of the runs, None while it is at work.

        Parameters
        ----------
        key : Hashable
            What is looked for; it is found once.
        find : callable
            May take seconds; it is called beside the pictures.
        """
        with self._lock:
            known = key in self._looked
            self._looked.setdefault(key, None)
        if not known:
            self._beside(partial(self._find, key, find))
        return self._looked[key]

    # Beside ------------------------------------------------------------------------------------------------------

    def _beside(self, work: Callable[[], None]) -> None:
        # A daemon, so that a server that is told to stop does not wait for hours of runs.
        threading.Thread(target=self._done_beside, args=(work,), daemon=True, name="trial").start()

    def _done_beside(self, work: Callable[[], None]) -> None:
        _stand_back()
        with self._at_work():
            if not self._gone.is_set():
                work()
        if not self._gone.is_set():
            self._changed(self, True)

    @contextmanager
    def _at_work(self) -> Iterator[None]:
        """Keep the folder while somebody is at work on it; the last one to leave what is closed removes it."""
        with self._lock:
            self._busy += 1
        try:
            yield
        finally:
            with self._lock:
                self._busy -= 1
                last = self._gone.is_set() and not self._busy
            if last:
                self._folder.cleanup()

    def _run(self) -> None:
        try:
            with LIVE.aside(self._stop):
                self._check_wanted()
                self.stage, self._started = RUNNING, time.monotonic()
                self._changed(self, True)
                path = Path(self._folder.name) / "store"
                self._store = sweep(self.experiment, path, workers=local_workers(1), progress=self._advance)
                PACE.learn(self.total, time.monotonic() - self._started)
            self.stage = DONE
        except Stopped:
            self._folder.cleanup()
            self.stage = STOPPED
        except InputError as error:
            self.stage, self.problem = FAILED, error
        except Exception:
            self.stage = FAILED
            if not self._gone.is_set():  # a server that stops pulls threads away from under those that still work
                _log.exception("an experiment could not be run")

    def _advance(self, done: int, _total: int) -> None:
        self.done = done
        if done < self.total:  # what is whole is kept, however late it is given up
            self._check_wanted()
            self._changed(self, False)

    def _check_wanted(self) -> None:
        if self._stop.is_set():
            raise Stopped

    def _find(self, key: Hashable, find: Callable[[Store], Any]) -> None:
        with LIVE.aside(self._gone) as placed:
            if not placed:
                return
            try:
                self._looked[key] = Looked(find(self.store))
            except InputError as error:
                self._looked[key] = Looked(None, error.problems)
            except Exception:
                self._looked[key] = Looked()
                _log.exception("an experiment could not be looked into")


def close_all() -> None:
    """Stop all experiments of this process."""
    for trial in list(_ALL):
        trial.close()


def _stand_back() -> None:
    """Let pictures go first: on Linux each thread has a priority of its own, and hands it on to those it starts."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)


def runs_of(experiment: Experiment) -> int:
    """Return the runs of an experiment."""
    return experiment.points * experiment.replicates
