"""The log of a store: one line of JSON for each thing that happened, without the name of any machine.

Whoever holds it is alone in the store.
"""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from foresight.errors import InputError, Problem
from foresight.files import space

try:
    import fcntl
except ImportError:  # Windows: nothing keeps two sessions apart there
    fcntl = None  # type: ignore[assignment]


@contextmanager
def journal(path: Path) -> Iterator[Callable[..., None]]:
    """Open the log of a store, and give what writes a line to it.

    Raises
    ------
    InputError
        If another process is at work in the store, or the log cannot be written to.
    """
    with ExitStack() as stack:
        with space(path.parent):
            stream = stack.enter_context(path.open("a+", encoding="utf-8"))
        _hold(stream, path)
        _end_line(stream, path)

        def note(**values: Any) -> None:
            line = {"time": time.strftime("%Y-%m-%dT%H:%M:%S%z"), **values}
            with space(path.parent):
                stream.write(json.dumps(line, ensure_ascii=False) + "\n")
                stream.flush()

        yield note


def read_journal(path: Path) -> list[dict[str, Any]]:
    """Return what happened, oldest first; a line that was cut off is left out."""
    lines = []
    for line in path.read_text("utf-8").splitlines() if path.exists() else []:
        with suppress(ValueError):
            lines.append(json.loads(line))
    return lines


def _hold(stream: IO[str], path: Path) -> None:
    """Keep other processes out until the file is closed, however this one ends."""
    if fcntl is not None:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise InputError([Problem(str(path.parent), "", "store_in_use")]) from None


def _end_line(stream: IO[str], path: Path) -> None:
    """End a line that a killed session has left unfinished."""
    content = path.read_bytes()
    if content and not content.endswith(b"\n"):
        stream.write("\n")
