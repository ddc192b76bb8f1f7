"""An experiment on its way: run beside the pictures into a folder of its own, and looked into afterwards."""

import logging
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple
from weakref import WeakSet

from foresight.engine.ensemble import cores
from foresight.errors import InputError, Problem
from foresight.experiments.experiment import Experiment
from foresight.experiments.store import Store
from foresight.experiments.sweep import local_workers, sweep

from .live import LIVE
from .turns import Turns

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

#: Experiments take turns on a core less than there are, so that pictures go on, and so does looking into them.
_RUNS: Final = Turns(max(1, cores() - 1), "trial")
_LOOKS: Final = Turns(max(1, cores() - 1), "look")

#: Seconds after which who waits for the engine looks whether it is still wanted.
GLANCE: Final = 0.2


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
        self.experiment, self.changed = experiment, changed
        self.stage = WAITING
        self.done, self.total = 0, runs_of(experiment)
        self.problem: InputError | None = None
        self._store: Store | None = None
        self._started = time.monotonic()
        self._stop, self._gone = threading.Event(), threading.Event()
        self._lock = threading.Lock()
        self._busy = 0
        self._newest: dict[str, tuple[Hashable, Looked | None]] = {}  # what is looked at by now, of each kind
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
    def place(self) -> int:
        """How soon it is its turn, from 1 on; 0 if it does not wait for others."""
        return _RUNS.place_of(self)

    @property
    def left(self) -> float:
        """Seconds until it is done, as far as is known."""
        passed = time.monotonic() - self._started
        if self.stage == RUNNING and self.done:
            return passed / self.done * (self.total - self.done)
        return max(PACE.expected(self.total) - (passed if self.stage == RUNNING else 0.0), 0.0)

    def start(self) -> None:
        """Run it when it is its turn."""
        _RUNS.ask(self, "run", partial(self._done_beside, self._run))

    def cancel(self) -> None:
        """Stop it at the end of the runs that are being computed together, within a second."""
        self._stop.set()
        if _RUNS.drop(self):
            self._give_up()
            if not self._gone.is_set():
                self.changed(self, True)
            _tell_who_waits()

    def close(self) -> None:
        """Stop it, and remove all that it wrote as soon as nobody is at work on it."""
        with self.held():
            self._gone.set()
            self.cancel()
        _LOOKS.drop(self)

    @contextmanager
    def held(self) -> Iterator[bool]:
        """Keep what it wrote while somebody reads in it, and say whether it is there; the last to leave clears away."""
        with self._lock:
            self._busy += 1
        try:
            yield not self._gone.is_set()
        finally:
            with self._lock:
                self._busy -= 1
                last = self._gone.is_set() and not self._busy
            if last:
                self._folder.cleanup()

    def look(self, kind: str, about: Hashable, find: Callable[[Store], Any]) -> Looked | None:
        """Return what `find` makes of the runs, None while it is at work.

        Parameters
        ----------
        kind : str
            Of each kind what is looked for now is found, and what is not looked for any more need not be.
        about : Hashable
            What is looked for.
        find : callable
            May take seconds; it is called beside the pictures.
        """
        with self._lock:
            before, looked = self._newest.get(kind, (None, None))
            if before != about:
                looked = LIVE.kept.find(("looked", self._folder.name, kind, about))
                self._newest[kind] = (about, looked)
        if before != about and looked is None:
            _LOOKS.ask(self, kind, partial(self._done_beside, partial(self._find, kind, about, find)))
        return looked

    # Beside ------------------------------------------------------------------------------------------------------

    def _done_beside(self, work: Callable[[], None]) -> None:
        stand_back()
        with self.held() as there:
            if there:
                work()
        if not self._gone.is_set():
            self.changed(self, True)

    def _run(self) -> None:
        try:
            while not LIVE.readiness.wait(GLANCE):
                self._check_wanted()
            self._check_wanted()
            self.stage, self._started = RUNNING, time.monotonic()
            _tell_who_waits()
            self.changed(self, True)
            path, beside = Path(self._folder.name) / "store", local_workers(1)
            self._store = sweep(self.experiment, path, workers=beside, progress=self._advance, check=self._check_wanted)
            PACE.learn(self.total, time.monotonic() - self._started)
            self.stage = DONE
        except Stopped:
            self._give_up()
        except InputError as error:
            self.problem, self.stage = self._told_elsewhere(error), FAILED
        except Exception:
            self.stage = FAILED
            if not self._gone.is_set():  # a server that stops pulls threads away from under those that still work
                _log.exception("an experiment could not be run")

    def _give_up(self) -> None:
        self._folder.cleanup()
        self.stage = STOPPED

    def _advance(self, done: int, _total: int) -> None:
        self.done = done
        if done < self.total:  # what is whole is kept, however late it is given up
            self._check_wanted()
            self.changed(self, False)

    def _check_wanted(self) -> None:
        if self._stop.is_set():
            raise Stopped

    def _find(self, kind: str, about: Hashable, find: Callable[[Store], Any]) -> None:
        if self._newest[kind] != (about, None):  # found already, or not looked for any more
            return
        try:
            looked = Looked(find(self.store))
        except InputError as error:
            looked = Looked(None, self._told_elsewhere(error).problems)
        except Exception:
            looked = Looked()
            _log.exception("an experiment could not be looked into")
        LIVE.kept.put(("looked", self._folder.name, kind, about), looked)
        with self._lock:
            if self._newest[kind][0] == about:
                self._newest[kind] = (about, looked)

    def _told_elsewhere(self, error: InputError) -> InputError:
        """Return what is wrong without the folder of the server that it was found in."""
        here = self._folder.name
        return InputError([replace(one, file="" if here in one.file else one.file) for one in error.problems])


def _tell_who_waits() -> None:
    """Tell everybody who waits that the places have changed."""
    for trial in list(_ALL):
        if trial.place:
            trial.changed(trial, False)


def close_all() -> None:
    """Stop all experiments of this process."""
    for trial in list(_ALL):
        trial.close()


def stand_back() -> None:
    """Let pictures go first: on Linux each thread has a priority of its own, and hands it on to those it starts."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)


def runs_of(experiment: Experiment) -> int:
    """Return the runs of an experiment."""
    return experiment.points * experiment.replicates
