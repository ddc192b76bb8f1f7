"""How fast somebody may go on: a bucket of drops that fills by itself, and an empty one holds up nobody else."""

import time
from collections.abc import Callable
from typing import Final

from foresight.bounds import GUESSES, GUESSES_OF_ONE, PACE, Bound
from foresight.errors import InputError

#: Seconds within which guesses count.
_MINUTE: Final = 60.0

#: Buckets of addresses that are kept at the most; the fullest go first, as they hold nobody back.
_KEPT: Final = 10_000

Clock = Callable[[], float]


class Bucket:
    """Drops that are taken out one by one and come back at a steady pace.

    Parameters
    ----------
    most : float
        Drops of a full one, as it is in the beginning.
    pace : float
        Drops that come back a second.
    now : callable
        Seconds of a clock that never goes back.
    """

    def __init__(self, most: float, pace: float, now: Clock = time.monotonic) -> None:
        self._most, self._pace, self._now = most, pace, now
        self._drops, self._at = most, now()

    @property
    def drops(self) -> float:
        """How many are in it now."""
        now = self._now()
        self._drops = min(self._most, self._drops + (now - self._at) * self._pace)
        self._at = now
        return self._drops

    def take(self) -> bool:
        """Take a drop out, and tell whether there was one."""
        there = self.drops >= 1
        self._drops -= there
        return there


class Buckets:
    """One bucket for each address, as long as it is not full.

    Parameters
    ----------
    bound : Bound
        Drops of a full one.
    seconds : float
        In which an empty one fills.
    now : callable
        Seconds of a clock that never goes back.
    """

    def __init__(self, bound: Bound, seconds: float, now: Clock = time.monotonic) -> None:
        self._bound, self._pace, self._now = bound, bound.most / seconds, now
        self._buckets: dict[str, Bucket] = {}

    def of(self, address: str) -> Bucket:
        """Return the bucket of an address."""
        if address not in self._buckets:
            self._sweep()
            self._buckets[address] = Bucket(self._bound.most, self._pace, self._now)
        return self._buckets[address]

    def check(self, address: str) -> None:
        """Refuse an address whose bucket is empty; InputError."""
        if self.of(address).drops < 1:
            self._bound.check(self._bound.most + 1)

    def _sweep(self) -> None:
        """Forget those that are full; of too many others the fullest."""
        drops = {address: bucket.drops for address, bucket in self._buckets.items()} if self._is_crowded() else {}
        for address in [address for address, left in drops.items() if left >= self._bound.most]:
            del self._buckets[address]
        while self._is_crowded():
            del self._buckets[max(self._buckets, key=lambda address: drops[address])]

    def _is_crowded(self) -> bool:
        return len(self._buckets) >= _KEPT


class Turns:
    """Turns of one address, at a steady pace: who asks in a hurry waits for theirs, and holds up no other address.

    Parameters
    ----------
    pace : float
        Turns a second.
    at_once : float
        Turns that come at once after a silence.
    patience : float
        Seconds that somebody waits at the most.
    now : callable
        Seconds of a clock that never goes back.
    """

    def __init__(self, pace: float, at_once: float, patience: float, now: Clock = time.monotonic) -> None:
        self._apart, self._before, self._patience, self._now = 1 / pace, (at_once - 1) / pace, patience, now
        self._next: dict[str, float] = {}

    def wait(self, address: str) -> float | None:
        """Return the seconds until the turn of one more, who then has it; None if that is too long."""
        now = self._now()
        if len(self._next) >= _KEPT:
            self._next = {one: turn for one, turn in self._next.items() if turn > now}
        first = now - self._before
        turn = max(self._next.get(address, first), first)
        if turn > now + self._patience:
            return None
        self._next[address] = turn + self._apart
        return max(0.0, turn - now)


def too_fast() -> InputError:
    """Return why somebody is not heard who goes on too fast."""
    return InputError(list(PACE.problems(PACE.most + 1)))


class Guesses:
    """Wrong guesses of codes and secrets; who has made too many is heard no more for a while, right or wrong.

    Parameters
    ----------
    now : callable
        Seconds of a clock that never goes back.
    """

    def __init__(self, now: Clock = time.monotonic) -> None:
        self._all = Bucket(GUESSES.most, GUESSES.most / _MINUTE, now)
        self._each = Buckets(GUESSES_OF_ONE, _MINUTE, now)

    def check(self, address: str) -> None:
        """Refuse who may not guess now; InputError."""
        self._each.check(address)
        if self._all.drops < 1:
            GUESSES.check(GUESSES.most + 1)

    def wrong(self, address: str) -> None:
        """Count a wrong guess."""
        self._each.of(address).take()
        self._all.take()
