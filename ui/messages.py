"""What each message of the browser holds: its fields, of which kind each is, and the most of it."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from foresight.bounds import AT_ONCE, MESSAGE, NAME, PACKED_LINK, PACKED_MEMORY, STORYLINE, Bound
from foresight.errors import InputError, Problem, listed, nearest, shown

from .menu import PAGES
from .visit.state import FIRST_VIEW

#: The sentence about a value that is of another kind.
_OTHER: Final[Mapping[type, str]] = {
    str: "not_text",
    bool: "not_a_flag",
    int: "not_whole",
    float: "not_a_number",
    dict: "not_a_table",
    list: "not_a_list",
}


class Field(NamedTuple):
    """One field of a message.

    Parameters
    ----------
    kind : type
        What it is; `float` takes whole numbers too, `object` anything.
    most : Bound, optional
        How long it may be.
    each : Bound, optional
        How long each text in it may be.
    names : sequence of str
        What it may be, if that is known.
    needed : bool
        Whether it must be there.
    """

    kind: type
    most: Bound | None = None
    each: Bound | None = None
    names: tuple[str, ...] = ()
    needed: bool = True


_NAME: Final = Field(str, NAME)
_TEXT: Final = Field(str, MESSAGE)
_VALUES: Final = Field(dict, AT_ONCE, STORYLINE)
_STAMP: Final = Field(float, needed=False)
_FLAG: Final = Field(bool, needed=False)
_SOME_NAME: Final = Field(str, NAME, needed=False)

#: The fields of each message beside its type.
FIELDS: Final[Mapping[str, Mapping[str, Field]]] = {
    "open": {
        "link": Field(str, PACKED_LINK, needed=False),
        "memory": Field(str, PACKED_MEMORY, needed=False),
        "page": _SOME_NAME,
        "language": _SOME_NAME,
        "country": _SOME_NAME,
    },
    "move": {"what": _NAME, "values": _VALUES, "final": _FLAG, "stamp": _STAMP},
    "change": {"what": _NAME, "values": _VALUES, "final": _FLAG, "stamp": _STAMP},
    "go": {"page": _NAME},
    "view": {"name": Field(str, names=tuple(FIRST_VIEW)), "value": Field(object, each=NAME), "quiet": _FLAG},
    "language": {"language": _NAME},
    "undo": {},
    "redo": {},
    "jump": {"position": Field(int)},
    "scenario": {"name": _NAME},
    "checkpoint": {"name": _SOME_NAME},
    "compare": {"names": Field(list, AT_ONCE, NAME)},
    "upload": {"name": _SOME_NAME, "text": _TEXT},
    "export": {"format": _NAME},
    "reproduce": {},
    "share": {"at": _NAME},
    "experiment": {
        "act": _NAME,
        "name": _SOME_NAME,
        "value": _SOME_NAME,
        "text": Field(str, MESSAGE, needed=False),
        "n": Field(int, needed=False),
        "planned": _FLAG,
    },
}


def checked(message: object) -> Mapping[str, Any]:
    """Return a message of the browser, if it is one.

    Raises
    ------
    InputError
        With each field that is of another kind, too long or missing.
    """
    if not isinstance(message, dict):
        raise InputError([Problem("", "message", "not_a_table", shown(message))])
    kind = message.get("type")
    if not isinstance(kind, str) or kind not in FIELDS:
        raise InputError([Problem("", "type", "unknown_name", shown(kind), listed(tuple(FIELDS)))])
    problems = [problem for name, field in FIELDS[kind].items() for problem in _problems(name, field, message)]
    if problems:
        raise InputError(problems)
    return {name: value for name, value in message.items() if name in FIELDS[kind] or name == "type"}


def check_page(path: str) -> None:
    """Refuse a page that there is not; InputError with those that there are."""
    name = path.partition("/")[0]
    if name not in PAGES:
        raise InputError([Problem("", "page", "unknown_name", shown(name), listed(tuple(PAGES)), nearest(name, PAGES))])


def _problems(name: str, field: Field, message: Mapping[str, Any]) -> Iterator[Problem]:
    value = message.get(name)
    if value is None:
        if field.needed and field.kind is not object:
            yield Problem("", name, "missing")
    elif not _is(value, field.kind):
        yield Problem("", name, _OTHER[field.kind], shown(value))
    elif field.names and value not in field.names:
        yield Problem("", name, "unknown_name", shown(value), listed(field.names))
    elif not all(_is_whole(text) for text in _texts(value)):
        yield Problem("", name, "unreadable_text")
    elif field.most is not None:
        yield from field.most.problems(len(value), "", name)
    if field.each is not None:
        yield from field.each.problems(max(map(len, _texts(value)), default=0), "", name)


def _is(value: object, kind: type) -> bool:
    """Return whether a value is of a kind; yes and no are no numbers."""
    kinds = (int, float) if kind is float else kind
    return isinstance(value, kinds) and (not isinstance(value, bool) or kind in (bool, object))


def _texts(value: object) -> Iterator[str]:
    """Yield every text in a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, one in value.items():
            yield from (name, *_texts(one))
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)


def _is_whole(text: str) -> bool:
    return text.isascii() or not any("\ud800" <= sign <= "\udfff" for sign in text)
