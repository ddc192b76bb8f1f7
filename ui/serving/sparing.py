"""A log that strangers cannot fill: short lines, without what would control a terminal, and only so many a minute."""

import logging
import time
from collections.abc import Callable
from typing import Final

#: Where the interface tells what went wrong.
LOG: Final = logging.getLogger("foresight.ui")

#: Others that tell what somebody sent.
_OTHERS: Final = ("asyncio", "tornado.access", "tornado.application", "tornado.general", "bokeh.server.views.ws")

#: Lines a minute of all these, and characters of a line.
MOST_LINES: Final = 30
LONGEST: Final = 300

_MINUTE: Final = 60.0


class Sparing(logging.Filter):
    """Lets so many records a minute pass, each cut to one short line; traces of faults of the program stay.

    Parameters
    ----------
    now : callable
        Seconds of a clock that never goes back.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._now = now
        self._since = now()
        self._count = 0

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether a record is written."""
        if self._now() - self._since >= _MINUTE:
            self._since, self._count = self._now(), 0
        self._count += 1
        line = "".join(sign if sign.isprintable() else "�" for sign in record.getMessage()[:LONGEST])
        record.msg, record.args = line, ()
        return self._count <= MOST_LINES


def spare() -> None:
    """Keep the logs of this process short from now on."""
    one = Sparing()
    for log in (LOG, *map(logging.getLogger, _OTHERS)):
        log.addFilter(one)
