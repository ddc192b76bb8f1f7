"""Where sessions are: the one address of Bokeh and Panel that there is, behind the door."""

from collections.abc import Callable
from typing import Any, Final, cast

import panel as pn
from bokeh.document import Document
from bokeh.server.server import BaseServer
from bokeh.server.tornado import BokehTornado
from panel.io.application import build_applications
from tornado.httpserver import HTTPServer
from tornado.ioloop import IOLoop

from foresight.bounds import MESSAGE

from .connection import Connection
from .door import SESSIONS, Door
from .guards import Missing

#: Seconds between signs of life of a connection, each of which a browser answers by itself before the next.
_SIGN_OF_LIFE: Final = 40


class Application(BokehTornado):
    """The sessions of a server; other addresses that Bokeh has are not among its own.

    Parameters
    ----------
    session : callable
        Makes the session of one visitor, which hears what the browser says.
    door : Door
        What stands before it: its names, tickets and visitors.
    every : int
        Milliseconds between looks for sessions that have ended.
    """

    def __init__(self, session: Callable[[], Any], door: Door, every: int) -> None:
        sessions: dict[Document, Any] = {}
        super().__init__(
            build_applications({"/": _beginning(session, sessions)}, location=False),
            keep_alive_milliseconds=0,
            check_unused_sessions_milliseconds=every,
            websocket_max_message_size_bytes=MESSAGE.most,
            websocket_ping_interval=_SIGN_OF_LIFE,
            websocket_ping_timeout=_SIGN_OF_LIFE,
            default_handler_class=Missing,
            sessions=sessions,
            **{name: door.settings[name] for name in ("log_function", "names", "tickets", "visitors")},
        )
        context = {"application_context": self.applications["/"], "bokeh_websocket_path": SESSIONS}
        self.wildcard_router.rules.clear()
        self.wildcard_router.add_rules([(SESSIONS, Connection, context)])


def _beginning(make: Callable[[], Any], sessions: dict[Document, Any]) -> Callable[[], Any]:
    """Return what begins a session, known by its document until it ends: a function, as Panel calls nothing else."""

    def begin() -> Any:
        document = cast(Document, pn.state.curdoc)
        document.on_session_destroyed(lambda _context: sessions.pop(document, None))
        session = sessions[document] = make()
        return session

    return begin


def server_of(application: Application, listener: HTTPServer) -> BaseServer:
    """Return the server of an application whose door listens already."""
    return BaseServer(IOLoop.current(), application, listener)
