"""The verb `ui` of the command line: prepare, serve, and say where."""

import errno
import signal
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from functools import partial
from typing import Any, Final, Protocol

from foresight.errors import InputError, Problem
from foresight.folders import temporary_files_in, temporary_folder
from foresight.interruption import Ending, listen

from .app import serve
from .runs.amounts import bytes_called
from .serving.names import EVERYWHERE, Names

#: Parts of the compiling that are told apart.
_PARTS: Final = 100

#: Ports there are; 0 stands for any that is free.
_PORTS: Final = range(65536)


class Screen(Protocol):
    """Where the command says what it has to say, as the command line hands it in."""

    out: Any
    quiet: bool

    def say(self, key: str, **values: object) -> str:
        """Look a text up."""

    def note(self, words: str) -> None:
        """Tell a person something beside the answer."""

    def last_words(self, key: str) -> bytes:
        """Return a text as bytes that can be written at any moment."""

    def emit(self, plain: object, *parts: Any) -> None:
        """Put out one answer: `plain` for machines, or the parts for people."""

    def waiting(self, label: str) -> AbstractContextManager[Callable[[int, int], None]]:
        """Tell a person that the engine is being compiled, when it is, and how far that is."""


def ui(screen: Screen, port: int, address: str, origins: list[str], memory: str = "") -> None:
    """Serve the interface until Ctrl-C.

    Raises
    ------
    InputError
        If the port, the address, an origin or the memory cannot be used.
    """
    if port not in _PORTS:
        raise InputError([Problem("--port", "", "out_of_range", str(port), f"0 … {_PORTS[-1]}")])
    most = bytes_called(memory, "--memory") if memory else None
    with ExitStack() as until_compiled, temporary_folder() as folder, temporary_files_in(folder):
        advance = until_compiled.enter_context(screen.waiting(screen.say("cli.compiling")))

        def progress(share: float) -> None:
            advance(round(_PARTS * share), _PARTS)
            if share == 1:
                until_compiled.close()

        _serve(port, partial(_ready, screen, address, origins), progress, memory=most, address=address, origins=origins)


def _serve(
    port: int, ready: Callable[[int], None], progress: Callable[[float], None], *, address: str, **options: Any
) -> None:
    try:
        serve(port, ready, progress, address=address, **options)
    except OSError as error:
        taken = error.errno == errno.EADDRINUSE
        problem = ("--port", "port_taken", str(port)) if taken else ("--address", "no_address", address)
        raise InputError([Problem(problem[0], "", problem[1], problem[2])]) from None


def _ready(screen: Screen, address: str, origins: list[str], port: int) -> None:
    stopped = b"" if screen.quiet else screen.last_words("cli.stopped")
    listen(signal.SIGINT, Ending(stopped, 0))
    names = Names(port, address, origins)
    url = names.place or f"http://localhost:{port}"
    screen.emit({"url": url}, screen.say("cli.ready", url=url))
    if address in EVERYWHERE:
        screen.note(screen.say("cli.answers", names=", ".join(names.all)))
    screen.out.file.flush()
