"""What a browser may say: the three messages of Bokeh's protocol that the page sends, and nothing else of it.

A message comes in three pieces: header, metadata and content. What it holds is read here and made anew, so that no
piece of it reaches what makes models of Bokeh out of texts.
"""

import json
import math
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from foresight.bounds import MESSAGE

#: Characters of a header or of metadata.
_HEADER: Final = 500

#: How deep tables and lists may be in each other.
_DEEPEST: Final = 12

_NUMBERS: Final = {"nan": math.nan, "+inf": math.inf, "-inf": -math.inf}


class ForeignError(Exception):
    """The page would not have sent this; the connection ends."""


class Pull(NamedTuple):
    """The page asks for the document, once, as it begins.

    Parameters
    ----------
    message : str
        The name of the request, which the answer repeats.
    """

    message: str


class Drawn(NamedTuple):
    """The page has drawn the document."""


class Said(NamedTuple):
    """The page says something to the session.

    Parameters
    ----------
    model : str
        The name of the model that it says it to.
    data : Any
        What it says: tables, lists, texts, numbers, yes, no and nothing.
    """

    model: str
    data: Any


Message = Pull | Drawn | Said


class Incoming:
    """What one browser says, piece by piece."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._pulled = False

    def take(self, piece: str | bytes) -> Message | None:
        """Take a piece, and return the message that it completes, if it does.

        Raises
        ------
        ForeignError
            If it is no message that the page sends.
        """
        if not isinstance(piece, str) or len(piece) > (MESSAGE.most if len(self._pieces) == 2 else _HEADER):
            raise ForeignError
        self._pieces.append(piece)
        if len(self._pieces) < 3:
            return None
        header, _, content = self._pieces
        self._pieces = []
        try:
            return self._read(json.loads(header), json.loads(content))
        except (ValueError, RecursionError):  # no JSON, or no shape of ours
            raise ForeignError from None

    def _read(self, header: Any, content: Any) -> Message:
        match header:
            case {"msgtype": "PULL-DOC-REQ", "msgid": str(name)} if not self._pulled:
                self._pulled = True
                return Pull(name)
            case {"msgtype": "PATCH-DOC"} if not header.get("num_buffers"):
                return _event(content)
        raise ForeignError


def _event(content: Any) -> Message:
    match content:
        case {"events": [{"kind": "MessageSent", "msg_type": "bokeh_event", "msg_data": {"type": "event", **event}}]}:
            values = _plain(event.get("values"), 0)
            match event.get("name"), values:
                case "document_ready", {}:
                    return Drawn()
                case "data_event", {"model": {"id": str(model)}, "data": data}:
                    return Said(model, data)
    raise ForeignError


def _plain(value: Any, depth: int) -> Any:
    """Return what Bokeh's writing of a value stands for; a model, an array or a reference to one is foreign."""
    if depth > _DEEPEST:
        raise ForeignError
    match value:
        case None | bool() | int() | float() | str():
            return value
        case list():
            return [_plain(one, depth + 1) for one in value]
        case {"id": str(), **rest} if not rest:
            return value
        case {"type": "number", "value": str(name)} if name in _NUMBERS:
            return _NUMBERS[name]
        case {"type": "map", **rest} if rest.keys() <= {"entries"}:
            return _table(rest.get("entries", []), depth + 1)
    raise ForeignError


def _table(entries: Any, depth: int) -> Mapping[str, Any]:
    match entries:
        case list() if all(isinstance(pair, list) and len(pair) == 2 and isinstance(pair[0], str) for pair in entries):
            return {_plain(name, depth): _plain(value, depth) for name, value in entries}
    raise ForeignError
