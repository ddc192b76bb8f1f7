"""The pages of the faces, each with its texts in the language that is asked for."""

import base64
import gzip
from functools import cache
from hashlib import sha256
from http import HTTPStatus
from importlib.resources import files
from string import Template
from typing import Any, Final

import orjson
from tornado.web import HTTPError

from foresight.workshop.agenda import MINUTES, items_of
from foresight.workshop.kit import FILES

from ..serving.files import takes_gzip
from ..serving.guards import Guarded
from ..words import LANGUAGES, catalogue, wished, words
from .rooms import Rooms

#: Texts that all faces have, beside their own.
_SHARED: Final = "room"

#: Files of the script of a phone, the last of which begins.
_PHONE_SCRIPTS: Final = ("phone.js", "phone-line.js", "phone-seat.js", "phone-file.js", "phone-scenes.js")

#: The next step once a path was decided anew.
_BACK: Final = "paths"

#: What the page of a phone may do, which has all that it needs in itself.
_PHONE: Final = (
    "default-src 'none'; script-src 'sha256-{script}'; style-src 'sha256-{style}'; img-src data:; "
    "connect-src 'self' ws://{host} wss://{host}; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)


class Face(Guarded):
    """Hands out the page of a face."""

    def initialize(self, face: str, rooms: Rooms) -> None:
        """Take which it is, and the rooms."""
        self._face, self._rooms = face, rooms

    async def get(self) -> None:
        """Answer with the page, once it is its turn among those that the same address asks for."""
        if not await self._rooms.turn(str(self.request.remote_ip)):
            raise HTTPError(HTTPStatus.TOO_MANY_REQUESTS)
        language = wished(",".join([*self.get_arguments("l")[:1], self.request.headers.get("Accept-Language", "")]))
        page = _page(self._face, language, self.settings["version"], self._known(language))
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Cache-Control", "no-cache")
        self.set_header("Vary", "Accept-Encoding, Accept-Language")
        if self._face == "phone":
            self.set_header("Content-Security-Policy", _policy(self.request.host))
        if takes_gzip(self.request.headers.get("Accept-Encoding", "")):
            self.set_header("Content-Encoding", "gzip")
            page = _packed(page)
        self.finish(page)

    def _known(self, language: str) -> bytes:
        """Return what a phone shows of its room before it is connected, as JSON: that takes ways there and back."""
        codes = self.get_arguments("c") if self._face == "phone" else []
        address = str(self.request.remote_ip)
        return orjson.dumps(self._rooms.known(codes[0], address, words(language)) if codes else None)


def texts_of(face: str, language: str) -> dict[str, Any]:
    """Return the texts of a face, those of all faces among them, and the languages that there are."""
    known = catalogue(language).items()
    shared, own = (
        {key.removeprefix(f"{table}."): said for key, said in known if key.startswith(f"{table}.")}
        for table in (_SHARED, face)
    )
    languages = {one: words(one).say("language") for one in LANGUAGES}
    kit = _kit(language) if face == "desk" else {}
    return {**shared, **own, **kit, "locale": words(language).tag, "language": language, "languages": languages}


def _kit(language: str) -> dict[str, Any]:
    """Return minutes of the agendas, and what next steps and files are called, as the facilitator's kit has them."""
    steps = {step for minutes in MINUTES for item in items_of(minutes) for step, _ in item.steps} | {_BACK}
    press = {step: words(language).say(f"kit.press.{step}", years="{years}") for step in sorted(steps)}
    named = {f"file_{name}": words(language).say(f"kit.file.{name}.title") for name in FILES}
    return {**named, "press": press, "minutes": {str(minutes): parts for minutes, parts in MINUTES.items()}}


@cache
def _page(face: str, language: str, version: str, known: bytes) -> bytes:
    """Return a page; a phone's holds its script and style, and what is known of its room."""
    # As JSON in a page, no text can end the element that it stands in.
    texts = orjson.dumps({**texts_of(face, language), "known": orjson.Fragment(known)}).decode().replace("<", "\\u003c")
    inner = {"script": _script(), "style": _asset("phone.css")} if face == "phone" else {}
    places = {"texts": texts, "tag": words(language).tag, "assets": f"/assets/{version}", **inner}
    return Template(_asset(f"{face}.html")).substitute(places).encode()


@cache
def _packed(page: bytes) -> bytes:
    return gzip.compress(page, mtime=0)


def _policy(host: str) -> str:
    """Return what the page of a phone may do; browsers of old do not count connections among what is of the server."""
    return _PHONE.format(script=_digest(_script()), style=_digest(_asset("phone.css")), host=host)


@cache
def _digest(text: str) -> str:
    return base64.b64encode(sha256(text.encode()).digest()).decode()


@cache
def _script() -> str:
    """Return the script of a phone, whose files are one there: each request costs a way there and back."""
    return "\n".join(map(_asset, _PHONE_SCRIPTS))


@cache
def _asset(name: str) -> str:
    return files("foresight_ui.assets.room").joinpath(name).read_text("utf-8").strip()
