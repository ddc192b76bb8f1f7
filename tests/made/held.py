"""The program, held at a moment until it is told to end.

It is held ``at`` a call of a function with a file whose name is like the pattern, for good; or ``before`` or ``after``
one, and goes on when a signal has come, as far as it gets. It waits in a callback of a weak reference, where Python
drops exceptions.
"""

import os
import threading
import weakref
from collections.abc import Callable
from fnmatch import fnmatch
from importlib import import_module
from typing import Any

from foresight import interruption
from foresight.cli import main as cli

Callback = Callable[..., None]


class _Referent:
    """Something to refer to."""


def where_exceptions_are_dropped(callback: Callback) -> None:
    referent = _Referent()
    reference = weakref.ref(referent, callback)
    del referent
    assert reference() is None


def concerns(arguments: tuple[Any, ...], pattern: str) -> bool:
    paths = [os.fspath(one) for one in arguments if isinstance(one, str | os.PathLike)]
    return pattern == "*" or any(fnmatch(os.path.basename(path), pattern) for path in paths)


def held(function: Callable[..., Any], when: str, pattern: str, hold: Callback) -> Callable[..., Any]:
    def call(*arguments: Any, **options: Any) -> Any:
        if when != "after" and concerns(arguments, pattern):
            where_exceptions_are_dropped(hold)
        answer = function(*arguments, **options)
        if when == "after" and concerns(arguments, pattern):
            where_exceptions_are_dropped(hold)
        return answer

    return call


def main(ready: Callable[[], None], when: str, name: str, pattern: str, *words: str) -> None:
    """Call the program, whose function MODULE:NAME is watched for the moment."""
    asked, abandon = threading.Event(), interruption.abandon

    def hold(*_: object) -> None:
        if not asked.is_set():
            ready()
            asked.wait()
        if when == "at":
            threading.Event().wait()

    def abandoned() -> None:
        asked.set()
        abandon()

    module, _, attribute = name.partition(":")
    home = import_module(module)
    setattr(home, attribute, held(getattr(home, attribute), when, pattern, hold))
    interruption.abandon = abandoned
    cli.main(words)


def free(ready: Callable[[], None], *words: str) -> None:
    """Call the program, which nothing holds."""
    ready()
    cli.main(words)
