"""Serve the interface: one page, one session a visitor, nothing from any other host."""

import socket
import sys
from collections.abc import Callable, Sequence
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import panel as pn
from bokeh.server.server import BaseServer

from foresight.bounds import VISITORS

from .parts.frame import pictured
from .runs.live import LIVE
from .runs.setting import first_setting
from .runs.trial import close_all
from .serving.application import Application, server_of
from .serving.crowd import Crowd, raise_limit, room_of
from .serving.guards import wished
from .serving.names import Names
from .serving.sparing import spare
from .session import Session
from .visit.state import FIRST_VIEW

pn.config.browser_info = False  # nothing is asked of a browser that nobody reads

ASSETS: Final = Path(str(files("foresight_ui.assets")))

#: Milliseconds between looks for sessions that have ended.
EVERY: Final = 5_000

#: Seconds that a thread which makes a file may hold up one that draws, each time; Python's own are ten times as many.
SWITCH: Final = 0.0005


def session_of_visitor() -> Session:
    """Make the session of one visitor, in the language that the browser asks for first."""
    return Session(wished(str((pn.state.headers or {}).get("Accept-Language", ""))))


def server(
    port: int = 5006, address: str = "127.0.0.1", origins: Sequence[str] = (), lifetime: int = EVERY
) -> BaseServer:
    """Return a server of the interface that has not started yet.

    Parameters
    ----------
    port : int
        0 for any that is free.
    address : str
        Of the network card; 0.0.0.0 for all.
    origins : sequence of str
        Names beside those of this machine that visitors may use, such as ``example.org``.
    lifetime : int
        Milliseconds between looks for sessions that have ended.

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
    page = (ASSETS / "index.html").read_text("utf-8")
    application = Application(session_of_visitor, page, ASSETS, names, Crowd(VISITORS, room.visitors), lifetime)
    return server_of(application, address, port, room.connections)


def serve(port: int = 5006, ready: Callable[[int], None] = print, **options: Any) -> None:
    """Serve the interface until it is stopped, from the start also while the engine is being compiled.

    Parameters
    ----------
    port : int
        0 for any that is free.
    ready : callable
        Called with the port once visitors may come.
    **options
        As for `server`.
    """
    spare()
    sys.setswitchinterval(SWITCH)
    web = server(port, **options)
    warm()
    web.start()
    web.io_loop.add_callback(ready, web.port)
    try:
        web.io_loop.start()
    finally:
        close_all()


def _free_port(address: str) -> int:
    """Return a port that nobody listens on; the names of the server must be known before it is asked for one."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as probe:
        probe.bind((address, 0))
        return int(probe.getsockname()[1])


def warm() -> None:
    """Make the first picture beside, so that the first visitor waits for neither compiler nor picture."""
    LIVE.readiness.prepare(partial(pictured, first_setting(), FIRST_VIEW["map"]))
