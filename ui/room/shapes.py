"""What a message on its way in looks like; what is asked for has its shapes in `foresight.workshop.requests`."""

from collections.abc import Callable
from typing import Annotated, Any, Literal, TypeVar

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from foresight.bounds import SAID
from foresight.errors import UNREADABLE, InputError, Problem

Short = Annotated[str, Field(max_length=64)]

_Read = TypeVar("_Read")


class Hello(BaseModel):
    """The first message of a connection.

    `token` is what a phone keeps, `secret` what a desk has.
    """

    model_config = ConfigDict(extra="forbid")

    face: Literal["phone", "desk", "wall"]
    code: Short = ""
    token: Short = ""
    secret: Short = ""
    language: Short = ""


class Wanted(BaseModel):
    """A file that a desk wants, or a phone: that has a room's code and its own token instead of a secret."""

    model_config = ConfigDict(extra="forbid")

    secret: Short = ""
    code: Short = ""
    token: Short = ""
    name: Short
    language: Short = ""


def table_from(text: str | bytes) -> dict[str, Any]:
    """Read a message; control characters in its texts become blanks.

    Raises
    ------
    InputError
        If it is too long or no table.
    """
    SAID.check(len(text))
    try:
        read = orjson.loads(text)
    except ValueError:
        read = None
    if not isinstance(read, dict):
        raise strange()
    return {name: UNREADABLE.sub(" ", value) if isinstance(value, str) else value for name, value in read.items()}


def shaped(read: Callable[[Any], _Read], message: Any) -> _Read:
    """Read a message of some shape; InputError if it has not that shape."""
    try:
        return read(message)
    except ValidationError:
        raise strange() from None


def number_of(message: dict[str, Any], name: str) -> dict[str, int]:
    """Return the number that an answer names the message by, if it has one."""
    given = message.get(name)
    return {name: given} if isinstance(given, int) and not isinstance(given, bool) else {}


def strange() -> InputError:
    """Return why a message is refused that is none."""
    return InputError([Problem("", "", "strange_message")])
