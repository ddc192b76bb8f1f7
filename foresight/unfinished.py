"""What is not finished yet, and how it is undone: of a process that is told to end, nothing of it stays.

Whatever is being made is registered with what undoes it, before anything else can happen. Who is told to end calls
`abandon` and goes.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

#: Held while something is made and registered, or takes its name: nothing is abandoned within.
UNINTERRUPTED: Final = threading.RLock()

#: How what is not finished is undone, the latest last.
_UNFINISHED: Final[list[Callable[[], None]]] = []


def abandon() -> None:
    """Undo all that is not finished, and let nothing be made any more: the process must end right after."""
    UNINTERRUPTED.acquire()
    for undo in reversed(_UNFINISHED):
        undo()


@contextmanager
def undone(undo: Callable[[], None]) -> Iterator[None]:
    """Have something undone afterwards, however the process ends."""
    with UNINTERRUPTED:
        _UNFINISHED.append(undo)
    try:
        yield
    finally:
        with UNINTERRUPTED:
            undo()
            _UNFINISHED.remove(undo)
