"""The door: it answers from the first moment, with the page and its files, while all behind it is still being loaded.

Sessions wait until there is somebody who takes them.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any, Final

from tornado.httputil import (
    HTTPConnection,
    HTTPHeaders,
    HTTPMessageDelegate,
    HTTPServerConnectionDelegate,
    RequestStartLine,
    ResponseStartLine,
)
from tornado.netutil import bind_sockets
from tornado.web import Application

from foresight.bounds import CONNECTIONS

from .crowd import Crowd
from .files import Files, Handed
from .guards import Missing, Ready
from .listener import Listener
from .names import Names
from .page import Page, with_files
from .short import SHORT_LINKS, ShortLink
from .tickets import Tickets

#: Where files are that are handed out.
_FILES: Final = r"/assets/(.*)"

#: Where sessions are.
SESSIONS: Final = "/ws"

#: Seconds within which a request must have come, also the next one on the same connection; and bytes that it may have.
_PATIENCE: Final = 20
_HEADERS: Final = 32_768
_BODY: Final = 6_000


class Waiting(HTTPServerConnectionDelegate):
    """Hands requests on to an application, once there is one."""

    def __init__(self) -> None:
        self._there = asyncio.Event()
        self._application: HTTPServerConnectionDelegate | None = None

    def open(self, application: HTTPServerConnectionDelegate) -> None:
        """Hand on all that waits, and whatever comes."""
        self._application = application
        self._there.set()

    async def application(self) -> HTTPServerConnectionDelegate:
        """Return the application, once it is there."""
        await self._there.wait()
        assert self._application is not None
        return self._application

    def start_request(self, server_conn: object, request_conn: HTTPConnection) -> HTTPMessageDelegate:
        """Take a request."""
        return _Request(self, server_conn, request_conn)


class _Request(HTTPMessageDelegate):
    """A request that waits for the application."""

    def __init__(self, waiting: Waiting, server_conn: object, request_conn: HTTPConnection) -> None:
        self._waiting, self._connections = waiting, (server_conn, request_conn)
        self._inner = HTTPMessageDelegate()

    async def headers_received(self, start_line: RequestStartLine | ResponseStartLine, headers: HTTPHeaders) -> None:
        """Hand it on."""
        self._inner = (await self._waiting.application()).start_request(*self._connections)
        received: Awaitable[None] | None = self._inner.headers_received(start_line, headers)
        if received is not None:
            await received

    def data_received(self, chunk: bytes) -> Awaitable[None] | None:
        """Hand a piece on."""
        return self._inner.data_received(chunk)

    def finish(self) -> None:
        """Say that it is there in whole."""
        self._inner.finish()

    def on_connection_close(self) -> None:
        """Say that nobody waits for the answer any more."""
        self._inner.on_connection_close()


class Door(Application):
    """What stands at each address.

    Parameters
    ----------
    page : str
        The page, with places for addresses and ticket.
    assets : Path
        The folder of scripts and styles.
    names : Names
        The names of the server.
    visitors : Crowd
        Those who have a session.
    beside : sequence
        What stands at other addresses, as Tornado has it.
    """

    def __init__(self, page: str, assets: Path, names: Names, visitors: Crowd, beside: Sequence[Any] = ()) -> None:
        files = Files(assets)
        self.names, self.sessions = names, Waiting()
        super().__init__(
            [
                (r"/", Page, {"template": with_files(page, files)}),
                (r"/ready", Ready),
                (SHORT_LINKS, ShortLink),
                (SESSIONS, self.sessions),
                (_FILES, Handed, {"files": files}),
                *beside,
            ],
            default_handler_class=Missing,
            log_function=lambda _handler: None,  # who asked for what is nobody's business
            engine=lambda: 0.0,
            names=names,
            visitors=visitors,
            tickets=Tickets(),
            version=files.version,
        )

    def lead_to(self, sessions: HTTPServerConnectionDelegate, engine: Callable[[], float]) -> None:
        """Let visitors in.

        Parameters
        ----------
        sessions : HTTPServerConnectionDelegate
            Takes those who come for a session.
        engine : callable
            Tells how far the engine is, 0 to 1.
        """
        self.settings["engine"] = engine
        self.sessions.open(sessions)


def listening(door: Door, address: str, port: int, connections: int) -> Listener:
    """Return what listens, and answers as soon as the loop runs.

    Parameters
    ----------
    door : Door
        What answers.
    address, port : str, int
        Where.
    connections : int
        How many there may be at once.
    """
    options: dict[str, Any] = {
        "idle_connection_timeout": _PATIENCE,
        "body_timeout": _PATIENCE,
        "max_header_size": _HEADERS,
        "max_body_size": _BODY,
    }
    listener = Listener(door, crowd=Crowd(CONNECTIONS, connections), **options)
    listener.add_sockets(bind_sockets(port, address))
    return listener
