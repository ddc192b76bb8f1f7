"""Short names of links, for those who write an address down or read it from a wall; they last as long as the server."""

import threading
from collections import OrderedDict
from secrets import choice
from string import ascii_lowercase, digits
from typing import Final

#: Letters of a name, without those that are taken for others; and how many it has, so that nobody finds one by trying.
LETTERS: Final = "".join(sorted({*ascii_lowercase, *digits} - {*"il1o0"}))
LENGTH: Final = 10

#: How many links are kept, and how long one may be.
MOST: Final = 1_000
LONGEST: Final = 12_000

#: What an address has in the place of a link whose short name is not known.
FORGOTTEN: Final = "forgotten"


class Shortened:
    """Links by their short names; what was used longest ago gives way.

    Parameters
    ----------
    most : int
        How many are kept.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._links: OrderedDict[str, str] = OrderedDict()
        self._names: dict[str, str] = {}

    def keep(self, link: str) -> str:
        """Return the short name of a link, always the same for the same one; empty for one that is too long."""
        if len(link) > LONGEST:
            return ""
        with self._lock:
            name = self._names.setdefault(link, "".join(choice(LETTERS) for _ in range(LENGTH)))
            self._links[name] = link
            self._links.move_to_end(name)
            while len(self._links) > self._most:
                _, oldest = self._links.popitem(last=False)
                del self._names[oldest]
        return name

    def find(self, name: str) -> str | None:
        """Return the link of a short name, None if it is not known."""
        with self._lock:
            link = self._links.get(name)
            if link is not None:
                self._links.move_to_end(name)
            return link


#: The short names of this process.
SHORTENED: Final = Shortened()
