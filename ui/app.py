"""Serve the interface: one page, one session a visitor, nothing from any other host."""

import socket
from collections.abc import Callable, Sequence
from functools import cache, partial
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import panel as pn
from bokeh.server.urls import per_app_patterns
from bokeh.server.views.ws import WSHandler
from tornado.web import RequestHandler

from .parts.frame import pictured
from .runs.live import LIVE
from .runs.setting import first_setting
from .runs.trial import close_all
from .session import Session
from .visit.state import FIRST_VIEW
from .words import LANGUAGES

ASSETS: Final = Path(str(files("foresight_ui.assets")))

#: Milliseconds that a session outlives its connection: a blip of the network is shorter.
LIFETIME: Final = 60_000


class Connection(WSHandler):
    """The connection to one browser.

    A picture goes in several pieces. Each is sent at once: by default the last of them would wait until the browser has
    acknowledged the first, which takes as long as the way there and back.
    """

    def open(self) -> None:
        """Begin to talk."""
        self.set_nodelay(True)
        super().open()


class Ready(RequestHandler):
    """Tells at `/ready` whether the engine is ready, and how far it is; 503 before it is."""

    def get(self) -> None:
        """Answer as JSON."""
        readiness = LIVE.readiness
        self.set_status(200 if readiness.is_ready else 503)
        self.set_header("Cache-Control", "no-store")
        self.write({"ready": readiness.is_ready, "share": round(readiness.share, 3)})


@cache
def page_template() -> str:
    """Return the page that every session fills."""
    return (ASSETS / "index.html").read_text("utf-8")


def session_page() -> pn.Template:
    """Make the page of one visitor."""
    template = pn.Template(page_template())
    template.add_panel("session", Session(_wished()))
    return template


def server(port: int = 5006, address: str = "127.0.0.1", origins: Sequence[str] = (), lifetime: int = LIFETIME) -> Any:
    """Return a server of the interface that has not started yet.

    Parameters
    ----------
    port : int
        0 for any that is free.
    address : str
        Of the network card; 0.0.0.0 for all.
    origins : sequence of str
        Hosts beside this machine that visitors may name, such as ``192.168.0.2:5006``.
    lifetime : int
        Milliseconds that a session outlives its connection.

    Raises
    ------
    OSError
        If the port is taken or the address is not one of this machine.
    """
    port = port or _free_port(address)
    per_app_patterns[:] = [(r"/ws", Connection) if route[0] == r"/ws" else route for route in per_app_patterns]
    return pn.serve(  # type: ignore[no-untyped-call]  # Panel has no types here
        {"/": session_page},
        port=port,
        address=address,
        websocket_origin=[*(f"{host}:{port}" for host in ("localhost", "127.0.0.1", address)), *origins],
        static_dirs={"assets": str(ASSETS)},
        extra_patterns=[("/ready", Ready)],
        title="foresight",
        show=False,
        start=False,
        verbose=False,
        location=False,
        unused_session_lifetime_milliseconds=lifetime,
        check_unused_sessions_milliseconds=lifetime // 4,
    )


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
    warm()
    web = server(port, **options)
    web.start()
    web.io_loop.add_callback(ready, web.port)
    try:
        web.io_loop.start()
    finally:
        close_all()


def _free_port(address: str) -> int:
    """Return a port that nobody listens on; Bokeh must know it before it asks for one."""
    with socket.socket() as probe:
        probe.bind((address, 0))
        return int(probe.getsockname()[1])


def warm() -> None:
    """Make the first picture beside, so that the first visitor waits for neither compiler nor picture."""
    LIVE.readiness.prepare(partial(pictured, first_setting(), FIRST_VIEW["map"]))


def _wished() -> str:
    """Return the language that the browser asks for first, of those there are."""
    wished = str((pn.state.headers or {}).get("Accept-Language", ""))
    wishes = (part.split(";")[0].strip()[:2].lower() for part in wished.split(","))
    return next((wish for wish in wishes if wish in LANGUAGES), LANGUAGES[0])
