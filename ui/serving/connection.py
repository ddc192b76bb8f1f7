"""The connection to one browser: one ticket, one session, one connection, and our own messages alone."""

from collections.abc import Awaitable, Callable
from functools import partial
from http import HTTPStatus
from typing import Any, Final, cast

from bokeh.core.types import ID
from bokeh.document import Document
from bokeh.document.callbacks import invoke_with_curdoc
from bokeh.events import DocumentReady
from bokeh.protocol import Protocol
from bokeh.server.session import ServerSession
from bokeh.server.tornado import BokehTornado
from bokeh.server.views.ws import WSHandler
from tornado.web import HTTPError

from .crowd import Crowd
from .guards import Guarded
from .incoming import Drawn, ForeignError, Incoming, Message, Pull, Said
from .sparing import LOG
from .tickets import Tickets

#: Why a connection is closed (RFC 6455): what came is not of our protocol; the program failed; too many are here.
FOREIGN: Final = 1008
FAULT: Final = 1011
FULL: Final = 1013


class Connection(Guarded, WSHandler):
    """The connection to one browser.

    A picture goes in several pieces. Each is sent at once: by default the last of them would wait until the browser has
    acknowledged the first, which takes as long as the way there and back.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._incoming = Incoming()
        self._name = ID("")
        self._counted = False

    def prepare(self) -> None:  # type: ignore[override]  # that of Bokeh asks for a password
        """Refuse who comes from another page, has no ticket of their own, or finds no place."""
        super().prepare()
        offered = [one.strip() for one in self.request.headers.get("Sec-WebSocket-Protocol", "").split(",")]
        if not self.check_origin(self.request.headers.get("Origin")) or len(offered) != 2 or offered[0] != "bokeh":
            raise HTTPError(HTTPStatus.FORBIDDEN)
        if self._crowd.refusal(self._address):
            raise HTTPError(HTTPStatus.SERVICE_UNAVAILABLE)
        name = cast(Tickets, self.settings["tickets"]).redeem(offered[1])
        if name is None:
            raise HTTPError(HTTPStatus.FORBIDDEN)
        self._name = name

    async def open(self) -> None:
        """Begin the session."""
        if self._crowd.refusal(self._address):
            self.close(FULL)
            return
        self._crowd.enter(self._address)
        self._counted = True
        self.set_nodelay(True)
        context, application = self.application_context, cast(BokehTornado, self.application)
        session = await context.create_session_if_needed(self._name, self.request, self._token)
        await _locked(session, partial(_bare, session.document))
        self.connection = application.new_connection(Protocol(), self, context, session)
        await self.send_message(self.connection.protocol.create("ACK"))

    async def on_message(self, piece: str | bytes) -> None:
        """Take a piece of a message; what is foreign ends this connection."""
        try:
            message = self._incoming.take(piece)
            if message is not None and self.connection is not None:
                await self._answer(self.connection.session, message)
        except ForeignError:
            LOG.warning("a connection was ended: what came is no message of the page")
            self.close(FOREIGN)
        except Exception:
            LOG.exception("a message of a browser could not be answered")
            self.close(FAULT)

    def on_close(self) -> None:
        """End the session: nobody comes back to it."""
        session = self.connection.session if self.connection is not None else None
        super().on_close()
        if session is not None:
            session.request_expiration()
        if self._counted:
            self._crowd.leave(self._address)

    async def _answer(self, session: ServerSession, message: Message) -> None:
        document = session.document
        match message:
            case Pull(name):
                reply = partial(Protocol().create, "PULL-DOC-REPLY", name, document)
                await self.send_message(await _locked(session, reply))
            case Drawn():
                await _locked(session, partial(document.callbacks.trigger_event, DocumentReady()))
            case Said(name, data):
                if all(root.id != name for root in document.roots):
                    raise ForeignError
                await _locked(session, partial(self.settings["sessions"][document].hear, data))

    @property
    def _crowd(self) -> Crowd:
        return cast(Crowd, self.settings["visitors"])

    @property
    def _address(self) -> str:
        return str(self.request.remote_ip)


def _locked(session: ServerSession, call: Callable[[], Any]) -> Awaitable[Any]:
    """Call something while nothing else changes the document of a session."""
    return cast(Awaitable[Any], session.with_document_locked(invoke_with_curdoc, session.document, call))


def _bare(document: Document) -> None:
    """Drop the styles of Panel, which it would have browsers fetch: a session is not seen."""
    for root in document.roots:
        root.update(stylesheets=[])
