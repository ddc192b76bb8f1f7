"""A question that takes a while: worked out beside the pictures, with how far it is, and given up when not wanted."""

import logging
import threading
from collections.abc import Callable
from typing import Any, Final

from foresight.engine.ensemble import cores
from foresight.errors import InputError
from foresight.runs import Progress

from .cache import Key
from .live import LIVE
from .trial import DONE, FAILED, GLANCE, RUNNING, STOPPED, WAITING, Stopped, stand_back
from .turns import Turns

#: Questions are worked on as many at a time as there are cores.
_TURNS: Final = Turns(max(1, cores()), "quest")

_log = logging.getLogger("foresight.ui")


Changed = Callable[["Quest", bool], None]


class Quest:
    """One question, of one visitor or of several who wait for the same answer.

    Parameters
    ----------
    key : tuple
        What the answer is known by; it is remembered for everybody.
    work : callable
        Works it out, given what to call with the steps done and to do.
    changed : callable
        Called with the question, from another thread, whenever there is more to tell of it, and whether that is more
        than how far it is.
    """

    def __init__(self, key: Key, work: Callable[[Progress], Any], changed: Changed) -> None:
        self.key, self._work, self._wait = key, work, [changed]
        self.stage, self.problem = WAITING, InputError([])
        self.done, self.total = 0, 1
        self.found: Any = None
        self._stop = threading.Event()

    @property
    def under_way(self) -> bool:
        """Whether it is neither answered nor given up."""
        return self.stage in (WAITING, RUNNING)

    def start(self) -> None:
        """Work it out when it is its turn."""
        _TURNS.ask(self, "quest", self._run)

    def join(self, changed: Changed) -> bool:
        """Tell somebody else of it too; return False if it is not worked on any more."""
        if not self.under_way or self._stop.is_set():
            return False
        self._wait = [*self._wait, changed]
        return True

    def leave(self, changed: Changed) -> "Quest":
        """Tell somebody no more; return the question as it stands for them, given up at its next step or at once."""
        self._wait = [one for one in self._wait if one != changed] or [changed]
        if changed not in self._wait:  # others still wait for it
            left = Quest(self.key, self._work, changed)
            left.stage = STOPPED
            return left
        self._cancel()
        return self

    def _cancel(self) -> None:
        self._stop.set()
        if _TURNS.drop(self):
            self.stage = STOPPED
            self._tell(True)

    def _run(self) -> None:
        stand_back()
        try:
            while not LIVE.readiness.wait(GLANCE):
                self._check_wanted()
            self._check_wanted()
            self.stage = RUNNING
            self.found = self._work(self._advance)
            LIVE.kept.put(self.key, self.found)
            self.stage = DONE
        except Stopped:
            self.stage = STOPPED
        except InputError as error:
            self.problem, self.stage = error, FAILED
        except Exception:
            self.stage = FAILED
            _log.exception("a question could not be answered")
        self._tell(True)

    def _tell(self, whole: bool) -> None:
        for changed in self._wait:
            changed(self, whole)

    def _advance(self, done: int, total: int) -> None:
        self._check_wanted()
        self.done, self.total = done, total
        self._tell(False)

    def _check_wanted(self) -> None:
        if self._stop.is_set():
            raise Stopped
