"""Text that may break beside any Chinese sign, as Chinese texts do; Rich alone breaks them at blanks only."""

import re
from collections.abc import Iterator
from typing import Final

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
from rich.text import Text

_SIGN: Final = "\u2e80-\u2fdf\u3040-\u9fff\uf900-\ufaff"  # of Chinese: each may stand alone
_OPENING: Final = "（《〈“‘「【("  # ends no line
_CLOSING: Final = "），。、；：！？》〉”’」】…·%"  # begins no line
_STOP: Final = "），。、；：！？》〉」】"  # ends a line whatever follows

#: Places where a line may end.
_ENDS: Final = re.compile(
    rf"\s+|(?<=[{_SIGN}{_STOP}])(?=[^\s{_CLOSING}])|(?<=[^\s{_OPENING}])(?=[{_SIGN}{_OPENING[:-1]}])"
)


class Prose:
    """A text that Rich can print, alone or in a table.

    Parameters
    ----------
    words : str or Text
        What is said.
    style : str
        How a plain text looks.
    """

    def __init__(self, words: str | Text, style: str = "") -> None:
        self.text = words if isinstance(words, Text) else Text(words, style)

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        return self.text.__rich_measure__(console, options)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for line in self.text.split(allow_blank=True):
            if options.no_wrap:
                yield line
            else:
                yield from _broken(line, options.max_width)


def _broken(line: Text, width: int) -> Iterator[Text]:
    """Break a line into parts that fit, as far as there are places to break it at."""
    for part in line.divide(_breaks(line.plain, width)):
        part.rstrip()
        yield part


def _breaks(words: str, width: int) -> Iterator[int]:
    start = reach = 0
    for end in [*(found.end() for found in _ENDS.finditer(words)), len(words)]:
        if start < reach and cell_len(words[start:end].rstrip()) > width:
            yield reach
            start = reach
        reach = end
