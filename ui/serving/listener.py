"""What takes connections: no more than there may be."""

import asyncio
from contextlib import suppress
from typing import Any, Final, cast

from tornado.httpserver import HTTPServer
from tornado.iostream import IOStream, StreamClosedError
from tornado.web import Application

from .crowd import Crowd
from .policy import HEADERS

#: Connections at once that are told why they find no place; others are closed without a word.
_TOLD: Final = 16

#: Seconds that they have to ask before they are told.
_HEARD: Final = 1.0

#: Bytes of what they ask that are read.
_READ: Final = 4096


class Listener(HTTPServer):
    """Takes connections; beyond the most that there may be, they are told so and closed."""

    def initialize(self, application: Application, crowd: Crowd, **options: Any) -> None:  # type: ignore[override]
        """Take what is served, and those who have a connection."""
        super().initialize(application, **options)
        self._crowd = crowd
        self._told: set[asyncio.Future[None]] = set()

    def handle_stream(self, stream: IOStream, address: Any) -> None:
        """Take a connection, or refuse it."""
        if problem := self._crowd.refusal(address[0]):
            self._refuse(stream, problem.message())
        else:
            self._crowd.enter(address[0])
            super().handle_stream(stream, address)

    def on_close(self, server_conn: object) -> None:
        """Forget a connection that has ended, or became that of a session."""
        self._crowd.leave(cast(Any, server_conn).context.address[0])
        super().on_close(server_conn)

    def _refuse(self, stream: IOStream, sentence: str) -> None:
        if len(self._told) >= _TOLD:
            stream.close()
            return
        task = asyncio.ensure_future(_tell(stream, sentence))
        self._told.add(task)
        task.add_done_callback(self._told.discard)


async def _tell(stream: IOStream, sentence: str) -> None:
    """Answer a request with a sentence, whatever it asks."""
    with suppress(StreamClosedError, TimeoutError):
        async with asyncio.timeout(_HEARD):
            await stream.read_bytes(_READ, partial=True)
            await stream.write(_answer(sentence))
    stream.close()


def _answer(sentence: str) -> bytes:
    body = f"{sentence}\n".encode()
    kind = {"Content-Type": "text/plain; charset=utf-8", "Content-Length": len(body), "Connection": "close"}
    lines = (f"{name}: {value}" for name, value in {**HEADERS, **kind, "Retry-After": 10}.items())
    return "\r\n".join(["HTTP/1.1 503 Service Unavailable", *lines, "", ""]).encode() + body
