"""Whether the engine is ready, and how far it is while it is being compiled beside what goes on.

The compiler leaves others time to work: a server answers nearly as fast while a thread of its own compiles as it does
while another process does.
"""

import logging
import threading
from collections.abc import Callable
from inspect import ismodule
from typing import Any, Final

from foresight.engine.compiled import is_warm
from foresight.engine.kernel import simulate_block

_log = logging.getLogger("foresight")

#: Told how far the engine is, 0 to 1; called once more with 1 and never again.
Told = Callable[[float], None]

READY: Final = 1.0


class NotReadyError(Exception):
    """The engine is still being compiled."""


class Readiness:
    """How far the engine of this process is; ready as long as nobody has prepared it.

    Parameters
    ----------
    compiled : callable
        Tells whether the engine was compiled before.
    """

    def __init__(self, compiled: Callable[[], bool] = is_warm) -> None:
        self._compiled = compiled
        self._lock = threading.Lock()
        self._share = READY
        self._ready = threading.Event()
        self._ready.set()
        self._watchers: list[Told] = []
        self._compiler: threading.Thread | None = None

    @property
    def share(self) -> float:
        """How far the engine is, 0 to 1."""
        return self._share

    @property
    def is_ready(self) -> bool:
        """Whether a run is a matter of milliseconds."""
        return self._ready.is_set()

    def wait(self, seconds: float) -> bool:
        """Wait for the engine for a while at the most, and say whether it is ready."""
        return self._ready.wait(seconds)

    def check(self) -> None:
        """Refuse to wait for a compiler; NotReadyError while there is one at work, but not to itself."""
        if not self.is_ready and threading.current_thread() is not self._compiler:
            raise NotReadyError

    def watch(self, tell: Told) -> None:
        """Call something from any thread with how far the engine is, now and whenever it gets on, until it is ready."""
        with self._lock:
            if not self.is_ready:
                self._watchers.append(tell)
            tell(self._share)

    def prepare(self, first_call: Callable[[], object]) -> None:
        """Make the first call of the engine in a thread of its own; nothing is ready before it if it has to compile."""
        if not self._compiled():
            self._share = 0.0
            self._ready.clear()
        self._compiler = threading.Thread(target=self._prepare, args=(first_call,), daemon=True, name="compiler")
        self._compiler.start()

    def _prepare(self, first_call: Callable[[], object]) -> None:
        try:
            if self.is_ready:
                first_call()
            else:
                _compile(first_call, self._advance)
        except Exception:  # whoever runs the engine next is told the same
            _log.exception("the engine could not be prepared")
        finally:
            self._advance(READY)

    def _advance(self, share: float) -> None:
        """Take how far the engine is; it never falls back."""
        with self._lock:
            gained, self._share = share > self._share, max(share, self._share)
            watchers = list(self._watchers)
            if self._share == READY:
                self._ready.set()
                self._watchers.clear()
        for tell in watchers if gained else ():
            try:
                tell(share)
            except Exception:  # the others are told all the same, and the compiler goes on
                _log.exception("a watcher of the engine failed")


def _compile(first_call: Callable[[], object], advance: Told) -> None:
    """Make a call that compiles, and tell after each function how much of the engine is compiled.

    A function counts as many times as there are functions in it, for these are compiled into it: so the last ones,
    which take longest, count most. The call itself counts once.
    """
    from numba.core import event  # late: an engine that is compiled already needs no compiler

    sizes = {part: len(_parts(part)) for part in _parts(simulate_block)}
    whole = sum(sizes.values()) + 1

    class Listener(event.Listener):
        def on_start(self, _: Any) -> None:
            pass

        def on_end(self, _: Any) -> None:
            advance(sum(size for part, size in sizes.items() if part.signatures) / whole)

    with event.install_listener("numba:compile", Listener()):
        first_call()


def _parts(function: Any) -> set[Any]:
    """Return the compiled functions that one is made of, and itself, but for those that are written into others."""
    parts: set[Any] = set()
    pending = [function]
    while pending:
        one = pending.pop()
        if one not in parts:
            parts.add(one)
            pending += _named(one.py_func)
    return {one for one in parts if one.targetoptions.get("inline") != "always"}


def _named(function: Any) -> list[Any]:
    """Return the compiled functions that one names, by themselves or in their room."""
    names, known = function.__code__.co_names, function.__globals__
    things = [known[name] for name in names if name in known]
    things += [getattr(room, name, None) for room in things if ismodule(room) for name in names]
    return [thing for thing in things if hasattr(thing, "py_func")]
