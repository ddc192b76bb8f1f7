"""What every request passes before it is answered, and how it is refused."""

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import unquote

from tornado.httputil import HTTPServerRequest
from tornado.web import HTTPError, RequestHandler

from .names import Names
from .policy import HEADERS
from .sparing import LOG

if TYPE_CHECKING:
    from ..words import Words

#: Why a request is refused, by the status of the answer.
REASONS: Final = {
    HTTPStatus.FORBIDDEN: "session",
    HTTPStatus.NOT_FOUND: "missing",
    HTTPStatus.METHOD_NOT_ALLOWED: "method",
    HTTPStatus.MISDIRECTED_REQUEST: "name",
    HTTPStatus.TOO_MANY_REQUESTS: "full",
    HTTPStatus.SERVICE_UNAVAILABLE: "full",
    HTTPStatus.INTERNAL_SERVER_ERROR: "fault",
}

#: Seconds after which who found no place may try again.
_LATER: Final = 60


class Guarded(RequestHandler):
    """Answers only under the server's own names, only what is read, with the rules for browsers; else in a sentence."""

    #: How it is asked.
    methods: tuple[str, ...] = ("GET", "HEAD")

    def set_default_headers(self) -> None:
        """Write the headers of every answer."""
        self.clear_header("Server")
        for name, value in HEADERS.items():
            self.set_header(name, value)

    def prepare(self) -> None:
        """Refuse what no browser of a visitor asks for."""
        if not self.names.has(self.request.host, local_address(self.request)):
            raise HTTPError(HTTPStatus.MISDIRECTED_REQUEST)
        if self.request.method not in self.methods:
            raise HTTPError(HTTPStatus.METHOD_NOT_ALLOWED)
        if not unquote(self.request.path).isprintable():
            raise HTTPError(HTTPStatus.BAD_REQUEST)

    def check_origin(self, origin: str | None) -> bool:
        """Return whether a page of this server asks; programs without one tell no origin."""
        return origin is None or self.names.has_origin(origin, local_address(self.request))

    def head(self, *places: str) -> Any:
        """Answer as to GET; the content is left out on the way."""
        return cast(Any, self).get(*places)

    def write_error(self, status_code: int, **_kwargs: Any) -> None:
        """Say in a sentence why there is no other answer."""
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        reason = REASONS.get(HTTPStatus(status_code), "malformed")
        if reason == "full":
            self.set_header("Retry-After", _LATER)
        self.finish(f"{self.words.say(f'refused.{reason}')}\n")

    def log_exception(self, typ: Any, value: BaseException | None, tb: Any) -> None:  # noqa: ARG002  # of Tornado
        """Log a fault of the program, but nothing of who was refused what."""
        if not isinstance(value, HTTPError):
            LOG.error("a request could not be answered", exc_info=value)

    @property
    def names(self) -> Names:
        """The names of the server."""
        return cast(Names, self.settings["names"])

    @property
    def words(self) -> "Words":
        """The words of the language that the browser asks for."""
        from ..words import wished, words  # late: names of things take a while to come, and few are refused

        return words(wished(self.request.headers.get("Accept-Language", "")))


def local_address(request: HTTPServerRequest) -> str:
    """Return the address of this machine that a request has come to."""
    socket = cast(Any, request.connection).stream.socket
    return str(socket.getsockname()[0]) if socket is not None else ""


class Missing(Guarded):
    """Nothing is at this address."""

    def prepare(self) -> None:
        """Say so."""
        super().prepare()
        raise HTTPError(HTTPStatus.NOT_FOUND)


class Ready(Guarded):
    """Tells at `/ready` whether the engine is ready, and how far it is; 503 before it is."""

    def get(self) -> None:
        """Answer as JSON."""
        share = float(self.settings["engine"]())
        self.set_status(HTTPStatus.OK if share == 1 else HTTPStatus.SERVICE_UNAVAILABLE)
        self.set_header("Cache-Control", "no-store")
        self.write({"ready": share == 1, "share": round(share, 3)})
