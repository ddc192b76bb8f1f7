"""Jobs beside the loop: visitors take turns, and of each kind of job of one visitor the newest alone is wanted."""

import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Any, Final, NamedTuple

#: Kinds of jobs that one visitor may wait for; of more, the oldest are dropped.
MOST_KINDS: Final = 20


class _Job(NamedTuple):
    work: Callable[[], Any]
    future: "Future[Any]"

    def do(self) -> None:
        """Do it, and tell whoever asked what came of it."""
        try:
            made = self.work()
        except BaseException as error:
            self.future.set_exception(error)
        else:
            self.future.set_result(made)


class Turns:
    """A few threads that serve many people, each after the others.

    Whoever was served last comes last. A job that has not begun gives way to a newer one of its kind. Kinds that are
    pairs with the same first part, such as files, are done one after the other. Nobody who has a thread gets the last
    that is free, if there are several.

    Parameters
    ----------
    threads : int
        How many jobs are done at a time.
    name : str
        Of the threads.
    """

    def __init__(self, threads: int, name: str) -> None:
        self._threads, self._name = threads, name
        self._lock = threading.Condition()
        self._waiting: dict[Hashable, dict[Hashable, _Job]] = {}  # by who, in the order of turns, and kind
        self._begun: dict[Hashable, set[Hashable]] = {}  # lines that are being done, by who
        self._started = 0

    def ask(self, who: Hashable, kind: Hashable, work: Callable[[], Any]) -> "Future[Any]":
        """Have a job done; return what comes of it, which is cancelled if the job is not wanted any more."""
        job = _Job(work, Future())
        with self._lock:
            jobs = self._waiting.setdefault(who, {})
            dropped = [jobs[kind]] if kind in jobs else []
            jobs[kind] = job
            dropped += [jobs.pop(one) for one in list(jobs)[:-MOST_KINDS]]
            self._start()
            self._lock.notify()
        for one in dropped:
            one.future.cancel()
        return job.future

    def drop(self, who: Hashable) -> bool:
        """Forget what somebody asked for and has not begun; return whether there was anything."""
        with self._lock:
            jobs = self._waiting.pop(who, {})
        for job in jobs.values():
            job.future.cancel()
        return bool(jobs)

    def place_of(self, who: Hashable) -> int:
        """Return how soon it is somebody's turn, from 1 on; 0 for who does not wait."""
        with self._lock:
            return 1 + list(self._waiting).index(who) if who in self._waiting else 0

    def _start(self) -> None:
        """Start a thread more, as long as there may be one; a daemon, so that no end of the process waits for it."""
        if self._started < self._threads:
            self._started += 1
            threading.Thread(target=self._serve, daemon=True, name=f"{self._name}-{self._started}").start()

    def _serve(self) -> None:
        while True:
            self._serve_one()

    def _serve_one(self) -> None:
        who, kind, job = self._taken()
        try:
            if job.future.set_running_or_notify_cancel():  # whoever asked may not wait any more
                job.do()
        finally:
            with self._lock:
                self._begun[who].discard(_line(kind))
                if not self._begun[who]:
                    del self._begun[who]
                self._lock.notify_all()

    def _taken(self) -> tuple[Hashable, Hashable, _Job]:
        """Wait for the next job, and begin it."""
        with self._lock:
            while (turn := self._next()) is None:
                self._lock.wait()
            who, kind = turn
            jobs = self._waiting.pop(who)
            job = jobs.pop(kind)
            if jobs:
                self._waiting[who] = jobs  # behind all others
            self._begun.setdefault(who, set()).add(_line(kind))
            return who, kind, job

    def _next(self) -> tuple[Hashable, Hashable] | None:
        last = self._threads > 1 and sum(map(len, self._begun.values())) == self._threads - 1
        for who, jobs in self._waiting.items():
            begun = self._begun.get(who, set())
            free = [kind for kind in jobs if _line(kind) not in begun]
            if free and not (last and begun):
                return who, free[0]
        return None


def _line(kind: Hashable) -> Hashable:
    """Return what those kinds share that are done one after the other."""
    return kind[0] if isinstance(kind, tuple) else kind
