"""Numbers within a text that say which result they are: a page makes elements of them that a test can compare."""

import re
from collections.abc import Callable
from typing import Final

#: Signs that no text of people has: before a number, between its parts, and after it.
_BEGIN, _APART, _END = "\x02", "\x1f", "\x03"

_CITED: Final = re.compile(f"{_BEGIN}([^{_APART}]*){_APART}([^{_APART}]*){_APART}([^{_END}]*){_END}")


def cited(value: str, source: str, written: str) -> str:
    """Return a number as it is written, bound to the result that it cites.

    Parameters
    ----------
    value : str
        The number in full.
    source : str
        Where the result stands.
    written : str
        What a reader sees.
    """
    return f"{_BEGIN}{value}{_APART}{source}{_APART}{written}{_END}"


def plain(text: str) -> str:
    """Return a text as a reader sees it."""
    return _CITED.sub(r"\3", text)


def rendered(text: str, render: Callable[[str, str, str], str]) -> str:
    """Return a text with what `render` makes of the value, the source and the words of each number in it."""
    return _CITED.sub(lambda found: render(*found.groups()), text)
