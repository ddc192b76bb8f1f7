"""The verb `ui` of the command line: prepare, serve, and say where."""

import errno
import signal
from collections.abc import Callable, Iterator
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

    @property
    def language(self) -> str:
        """The language of all texts."""

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
    if problems := list(port_problems(port)):
        raise InputError(problems)
    most = bytes_called(memory, "--memory") if memory else None
    ready = partial(_ready, screen, address, origins)
    serving(screen, port, ready, memory=most, address=address, origins=origins)


def port_problems(port: int) -> Iterator[Problem]:
    """Yield what is wrong with a port."""
    if port not in _PORTS:
        yield Problem("--port", "", "out_of_range", str(port), f"0 … {_PORTS[-1]}")


def serving(screen: Screen, port: int, ready: Callable[[int], None], **options: Any) -> None:
    """Serve until Ctrl-C, and tell how far the engine is.

    Parameters
    ----------
    screen : Screen
    port : int
    ready : callable
        Called with the port once visitors may come.
    **options
        As for `serve`, with an address.

    Raises
    ------
    InputError
        If the port is taken, or the address is not one of this machine.
    """
    with ExitStack() as until_compiled, temporary_folder() as folder, temporary_files_in(folder):
        advance = until_compiled.enter_context(screen.waiting(screen.say("cli.compiling")))

        def progress(share: float) -> None:
            advance(round(_PARTS * share), _PARTS)
            if share == 1:
                until_compiled.close()

        _serve(port, ready, progress, **options)


def _serve(
    port: int, ready: Callable[[int], None], progress: Callable[[float], None], *, address: str, **options: Any
) -> None:
    try:
        serve(port, ready, progress, address=address, **options)
    except OSError as error:
        raise InputError([unbound(error, port, address)]) from None


def unbound(error: OSError, port: int, address: str) -> Problem:
    """Return why a server cannot listen at a port of an address."""
    if error.errno == errno.EADDRINUSE:
        return Problem("--port", "", "port_taken", str(port), details={"other": str(port + 1)})
    return Problem("--address", "", "no_address", address)


def stop_quietly(screen: Screen) -> None:
    """Let Ctrl-C end the server as it should."""
    stopped = b"" if screen.quiet else screen.last_words("cli.stopped")
    listen(signal.SIGINT, Ending(stopped, 0))


def _ready(screen: Screen, address: str, origins: list[str], port: int) -> None:
    stop_quietly(screen)
    names = Names(port, address, origins)
    url = names.place or f"http://localhost:{port}"
    screen.emit({"url": url}, screen.say("cli.ready", url=url))
    if address in EVERYWHERE:
        screen.note(screen.say("cli.answers", names=", ".join(names.all)))
    screen.out.file.flush()
