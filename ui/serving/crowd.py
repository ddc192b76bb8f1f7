"""How many may be here at once, in all and from one address."""

from collections import Counter
from typing import Final, NamedTuple

from foresight.bounds import CONNECTIONS, CONNECTIONS_OF_ONE, FACES, FACES_OF_ONE, VISITORS, VISITORS_OF_ONE, Bound
from foresight.errors import Problem

#: Of how many one address may have: a room that shares one must fit in, and leave place for others.
_OF_ONE: Final = {CONNECTIONS: CONNECTIONS_OF_ONE, VISITORS: VISITORS_OF_ONE, FACES: FACES_OF_ONE}

#: Files that the server keeps for itself: libraries, results, exports.
_KEPT: Final = 128


class Room(NamedTuple):
    """How many there may be.

    Parameters
    ----------
    connections : int
        Connections on which pages and files are asked for.
    visitors : int
        Connections of sessions.
    """

    connections: int
    visitors: int


def raise_limit() -> int | None:
    """Let this process open as many files as all visitors need; return how many it may, if that is known."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = CONNECTIONS.most + VISITORS.most + FACES.most + _KEPT
    if soft != resource.RLIM_INFINITY and soft < needed:
        soft = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return None if soft == resource.RLIM_INFINITY else soft


def room_of(files: int | None) -> Room:
    """Return how many there may be where so many files may be open: with few, fewer than the bounds."""
    if files is None:
        return Room(CONNECTIONS.most, VISITORS.most)
    free = max(files - _KEPT, 4)
    visitors = min(VISITORS.most, free // 4)
    return Room(min(CONNECTIONS.most, free - visitors), visitors)


class Crowd:
    """Those who are here.

    Parameters
    ----------
    bound : Bound
        `CONNECTIONS`, `VISITORS` or `FACES`.
    most : int
        How many there may be in all, at most as many as the bound says.
    """

    def __init__(self, bound: Bound, most: int) -> None:
        self._all = bound._replace(most=most)
        one = _OF_ONE[bound]
        self._one = one._replace(most=max(1, most * one.most // bound.most))
        self._here: Counter[str] = Counter()

    def refusal(self, address: str) -> Problem | None:
        """Say why no other of an address can come in, if none can."""
        mine = self._one.problems(self._here[address] + 1)
        return next((problem for problem in (*self._all.problems(self._here.total() + 1), *mine)), None)

    def enter(self, address: str) -> None:
        """Count one more."""
        self._here[address] += 1

    def leave(self, address: str) -> None:
        """Count one less."""
        self._here[address] -= 1
        if not self._here[address]:
            del self._here[address]
