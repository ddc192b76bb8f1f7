"""Things that take a while to make, remembered while there is room, whatever they are."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from typing import Any, NamedTuple

from .weight import bytes_of, give_back

#: Kind and name.
Key = tuple[Hashable, ...]


class _Kept(NamedTuple):
    value: Any
    size: int
    at: float  # when it was used last


class Cache:
    """The things used last, by key; what was used longest ago gives way.

    Parameters
    ----------
    most : int
        Bytes that they may take all together; what is larger is not kept.
    numbers : Mapping[str, int]
        How many there may be of a kind, the first part of their keys.
    """

    def __init__(self, most: int, numbers: Mapping[str, int]) -> None:
        self.most, self._numbers = most, numbers
        self._lock = threading.Lock()
        self._kept: OrderedDict[Key, _Kept] = OrderedDict()
        self._size = 0

    @property
    def size(self) -> int:
        """Bytes of all that is remembered."""
        return self._size

    def get(self, key: Key, make: Callable[[], Any]) -> Any:
        """Return what is remembered by a key, made now if nothing is."""
        if (kept := self._used(key)) is not None:
            return kept.value
        made = make()
        self.put(key, made)
        return made

    def find(self, key: Key) -> Any:
        """Return what is remembered by a key, None if nothing is."""
        kept = self._used(key)
        return None if kept is None else kept.value

    def put(self, key: Key, value: Any) -> None:
        """Remember something by a key."""
        size = bytes_of(value)
        with self._lock:
            self._remove(key)
            if size > self.most:
                return
            self._kept[key] = _Kept(value, size, time.monotonic())
            self._size += size
            alike = [one for one in self._kept if one[0] == key[0]]
            for one in alike[: -self._numbers[str(key[0])]]:
                self._remove(one)
            while self._size > self.most:
                self._remove(next(iter(self._kept)))

    def take(self, key: Key) -> Any:
        """Take something out, None if it is not there."""
        with self._lock:
            return self._remove(key)

    def forget(self, seconds: float) -> None:
        """Forget what nobody has used for so long, and give its memory back to the system."""
        before = time.monotonic() - seconds
        with self._lock:
            for key in [key for key, kept in self._kept.items() if kept.at <= before]:
                self._remove(key)
        give_back()

    def _used(self, key: Key) -> _Kept | None:
        with self._lock:
            if key not in self._kept:
                return None
            self._kept.move_to_end(key)
            kept = self._kept[key] = self._kept[key]._replace(at=time.monotonic())
            return kept

    def _remove(self, key: Key) -> Any:
        kept = self._kept.pop(key, None)
        if kept is None:
            return None
        self._size -= kept.size
        return kept.value
