"""Serve the interface: one page, one session a visitor, nothing from any other host.

The door answers at once; what is behind it is loaded meanwhile, and the engine compiled after that.
"""

import asyncio
import gc
import socket
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from tornado.ioloop import IOLoop

from foresight.bounds import VISITORS

from .serving.crowd import Crowd, raise_limit, room_of
from .serving.door import Door, listening
from .serving.listener import Listener
from .serving.names import Names
from .serving.sparing import spare

#: Scripts and styles.
ASSETS: Final = Path(str(files("foresight_ui.assets")))

#: Milliseconds between looks for sessions that have ended.
EVERY: Final = 5_000

#: Seconds that a thread which makes a file may hold up one that draws, each time; Python's own are ten times as many.
SWITCH: Final = 0.0005

#: What is behind the door.
_HOUSE: Final = "foresight_ui.house"


def server(port: int = 5006, lifetime: int = EVERY, **options: Any) -> Any:
    """Return a server of the interface that has not started yet, with all that is behind its door.

    Parameters
    ----------
    port : int
        0 for any that is free.
    lifetime : int
        Milliseconds between looks for sessions that have ended.
    **options
        As for `opened`.
    """
    return import_module(_HOUSE).furnished(*opened(port, **options), lifetime)


def opened(
    port: int, address: str = "127.0.0.1", origins: Sequence[str] = (), beside: Sequence[Any] = ()
) -> tuple[Door, Listener]:
    """Return the door of a server, and what listens there.

    Parameters
    ----------
    port : int
        0 for any that is free.
    address : str
        Of the network card; 0.0.0.0 for all.
    origins : sequence of str
        Names beside those of this machine that visitors may use, such as ``example.org``.
    beside : sequence
        What stands at addresses beside those of the interface, see `Door`.

    Raises
    ------
    OSError
        If the port is taken or the address is not one of this machine.
    InputError
        If an origin is no name.
    """
    room = room_of(raise_limit())
    port = port or _free_port(address)
    names = Names(port, address, origins)
    visitors = Crowd(VISITORS, room.visitors)
    door = Door((ASSETS / "index.html").read_text("utf-8"), ASSETS, names, visitors, beside)
    return door, listening(door, address, port, room.connections)


def serve(
    port: int = 5006,
    ready: Callable[[int], None] = print,
    progress: Callable[[float], None] = lambda _share: None,
    lifetime: int = EVERY,
    memory: int | None = None,
    **options: Any,
) -> None:
    """Serve the interface until it is stopped, from the start also while it is loaded and the engine compiled.

    Parameters
    ----------
    port : int
        0 for any that is free.
    ready : callable
        Called with the port once visitors may come.
    progress : callable
        Called with how far the engine is, 0 to 1, from any thread.
    lifetime : int
        Milliseconds between looks for sessions that have ended.
    memory : int, optional
        Bytes that what is kept may take.
    **options
        As for `opened`.
    """
    spare()
    sys.setswitchinterval(SWITCH)
    door, listener = opened(port, **options)

    async def go_on() -> None:
        ready(door.names.port)
        house = await asyncio.to_thread(_loaded)
        end.callback(house.close_all)
        if memory is not None:
            house.keep(memory)
        house.furnished(door, listener, lifetime).start()
        house.warm(progress)
        await asyncio.Event().wait()

    with ExitStack() as end:
        IOLoop.current().run_sync(go_on)


def _loaded() -> Any:
    """Load what is behind the door; what is loaded stays, so nobody looks for garbage in it, then or later."""
    gc.disable()
    try:
        return import_module(_HOUSE)
    finally:
        gc.freeze()
        gc.enable()


def _free_port(address: str) -> int:
    """Return a port that nobody listens on; the names of the server must be known before it is asked for one."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as probe:
        probe.bind((address, 0))
        return int(probe.getsockname()[1])
