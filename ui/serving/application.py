"""What is at which address, and who may come to it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, cast

import panel as pn
from bokeh.document import Document
from bokeh.embed.bundle import extension_dirs
from bokeh.server.server import BaseServer
from bokeh.server.tornado import BokehTornado
from bokeh.server.util import bind_sockets
from panel.io.application import build_applications
from panel.io.resources import Resources
from tornado.ioloop import IOLoop

from foresight.bounds import CONNECTIONS, MESSAGE

from .connection import Connection
from .crowd import Crowd
from .guards import Assets, BokehFiles, ExtensionFiles, Missing, Ready
from .listener import Listener
from .names import Names
from .page import Page, with_scripts
from .tickets import Tickets

#: Files of the interface that are handed out.
_ASSETS: Final = r"/assets/((?:\w+/)?[\w.-]+\.(?:css|js|woff2))"

#: Seconds within which a request must have come, also the next one on the same connection; and bytes that it may have.
_PATIENCE: Final = 20
_HEADERS: Final = 32_768
_BODY: Final = 1_000

#: Seconds between signs of life of a connection, each of which a browser answers by itself before the next.
_SIGN_OF_LIFE: Final = 40


class Application(BokehTornado):
    """All addresses of the server; those that Bokeh has beside are not among them.

    Parameters
    ----------
    session : callable
        Makes the session of one visitor, which hears what the browser says.
    page : str
        The page, with places for scripts and ticket.
    assets : Path
        The folder of scripts and styles.
    names : Names
        The names of the server.
    visitors : Crowd
        Those who have a session.
    every : int
        Milliseconds between looks for sessions that have ended.
    """

    def __init__(
        self, session: Callable[[], Any], page: str, assets: Path, names: Names, visitors: Crowd, every: int
    ) -> None:
        sessions: dict[Document, Any] = {}
        super().__init__(
            build_applications({"/": _beginning(session, sessions)}, location=False),
            keep_alive_milliseconds=0,
            check_unused_sessions_milliseconds=every,
            websocket_max_message_size_bytes=MESSAGE.most,
            websocket_ping_interval=_SIGN_OF_LIFE,
            websocket_ping_timeout=_SIGN_OF_LIFE,
            default_handler_class=Missing,
            log_function=lambda _handler: None,  # who asked for what is nobody's business
            names=names,
            visitors=visitors,
            sessions=sessions,
            tickets=Tickets(),
        )
        context = {"application_context": self.applications["/"], "bokeh_websocket_path": "/ws"}
        resources = Resources.from_bokeh(self.resources())  # type: ignore[no-untyped-call]  # Panel has no types here
        template = with_scripts(page, resources)
        self.wildcard_router.rules.clear()
        self.wildcard_router.add_rules(
            [
                (r"/", Page, {"template": template}),
                (r"/ws", Connection, context),
                (r"/ready", Ready),
                (_ASSETS, Assets, {"path": str(assets)}),
                (r"/static/extensions/(.*)", ExtensionFiles, {"root": extension_dirs}),
                (r"/static/(.*)", BokehFiles),
            ]
        )


def _beginning(make: Callable[[], Any], sessions: dict[Document, Any]) -> Callable[[], Any]:
    """Return what begins a session, known by its document until it ends: a function, as Panel calls nothing else."""

    def begin() -> Any:
        document = cast(Document, pn.state.curdoc)
        document.on_session_destroyed(lambda _context: sessions.pop(document, None))
        session = sessions[document] = make()
        return session

    return begin


def server_of(application: Application, address: str, port: int, connections: int) -> BaseServer:
    """Return a server that listens, and has not started yet.

    Parameters
    ----------
    application : Application
        What it serves.
    address, port : str, int
        Where.
    connections : int
        How many there may be at once.
    """
    sockets, _ = bind_sockets(address, port)
    listener = Listener(
        application,
        crowd=Crowd(CONNECTIONS, connections),
        idle_connection_timeout=_PATIENCE,
        body_timeout=_PATIENCE,
        max_header_size=_HEADERS,
        max_body_size=_BODY,
    )
    listener.add_sockets(sockets)
    return BaseServer(IOLoop.current(), application, listener)
