"""How signals end the process: at once, whatever it is at, with nothing left half-written.

An exception that is raised wherever the main thread happens to be gets lost where Python drops exceptions, as in
callbacks of weak references. So nothing is raised: the number of the signal goes into a pipe, and a thread that waits
there ends the process. It can wait for locks of others, since it stops none of them in the middle of anything.
"""

import os
import select
import signal
import threading
from contextlib import suppress
from functools import cache
from typing import Final, NamedTuple

from foresight.unfinished import abandon


class Ending(NamedTuple):
    """What is said on stderr, and the exit code."""

    words: bytes
    code: int


_ENDINGS: Final[dict[int, Ending]] = {}

#: Signals that have come, and that the process is being ended for.
_COME: Final[list[int]] = []

_STDERR: Final = 2


def listen(number: int, ending: Ending) -> None:
    """Let a signal end this process; one that is ignored stays so, as Ctrl-C is in the background of a shell."""
    _ENDINGS[number] = ending
    if signal.getsignal(number) != signal.SIG_IGN:
        signal.set_wakeup_fd(_pipe(), warn_on_full_buffer=False)  # written to at once, also during a call into C
        signal.signal(number, _pass_on)


def say_instead(words: bytes) -> None:
    """Let every signal that is listened to end the process with other words."""
    _ENDINGS.update({number: ending._replace(words=words) for number, ending in _ENDINGS.items()})


def see_out() -> None:
    """Wait for the end if a signal has come: what it cut short must not pass for finished."""
    if _COME:
        threading.Event().wait()


@cache
def _pipe() -> int:
    """Start the thread that ends the process; return where to write to it."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    threading.Thread(target=_wait, args=(reading,), daemon=True, name="interruption").start()
    return writing


def _pass_on(number: int, _: object) -> None:
    """Remember the signal, and tell of it where somebody else has taken the place that the system writes to."""
    _COME.append(number)
    with suppress(BlockingIOError):
        os.write(_pipe(), bytes([number]))


def _wait(reading: int) -> None:
    while True:
        for number in os.read(reading, 64):
            if number in _COME or signal.getsignal(number) is _pass_on:  # others may be listening now
                _end(_ENDINGS[number])


def _end(ending: Ending) -> None:
    """End without waiting for anybody: compiled code, a reader of stdout, another thread that writes."""
    try:
        abandon()
        _say(ending.words)
    finally:
        os._exit(ending.code)


def _say(words: bytes) -> None:
    """Write to stderr, unless it is closed or full: nobody may be reading it."""
    with suppress(OSError):
        if os.name != "posix" or select.select([], [_STDERR], [], 0)[1]:
            os.write(_STDERR, words)
