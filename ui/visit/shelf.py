"""Experiments by names that nobody can guess, so that who comes back finds theirs, also a while after having left."""

import threading
from typing import Final

from ..runs.trial import Trial
from .laboratory import Laboratory

#: Seconds that what somebody ran is kept for who has left, and for how many who have.
SECONDS: Final = 300.0
MOST: Final = 20


class Shelf:
    """What visitors have run.

    Parameters
    ----------
    seconds : float
        For which things are kept for who has left.
    most : int
        Of how many who have left; who left first gives way.
    """

    def __init__(self, seconds: float = SECONDS, most: int = MOST) -> None:
        self._seconds, self._most = seconds, most
        self._lock = threading.Lock()
        self._held: dict[str, Laboratory] = {}
        self._left: dict[str, threading.Timer] = {}  # until they are cleared away

    def hold(self, lab: Laboratory) -> None:
        """Let somebody find again what they run."""
        with self._lock:
            self._held[lab.name] = lab

    def claim(self, name: str) -> Trial | None:
        """Return what was run under a name, once; whoever had it open has it no more."""
        lab = self._taken(name)
        return None if lab is None else lab.hand_over()

    def leave(self, lab: Laboratory) -> None:
        """Keep what somebody ran who has left, for a while."""
        if lab.trial is None:
            self._clear(lab.name)
            return
        timer = threading.Timer(self._seconds, self._clear, [lab.name])
        timer.daemon = True
        with self._lock:
            self._left[lab.name] = timer
            first = list(self._left)[: -self._most]
        timer.start()
        for name in first:
            self._clear(name)

    def make_way(self) -> None:
        """Stop what is under way for those who have left, if somebody who is here waits."""
        with self._lock:
            held = [(lab, lab.trial, name in self._left) for name, lab in self._held.items()]
        if any(trial is not None and trial.place for _, trial, left in held if not left):
            for lab, trial, left in held:
                if left and trial is not None and trial.under_way:
                    self._clear(lab.name)

    def _clear(self, name: str) -> None:
        if (lab := self._taken(name)) is not None:
            lab.close()

    def _taken(self, name: str) -> Laboratory | None:
        with self._lock:
            timer = self._left.pop(name, None)
            lab = self._held.pop(name, None)
        if timer is not None:
            timer.cancel()
        return lab


#: The shelf of this process.
SHELF: Final = Shelf()
