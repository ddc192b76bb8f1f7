"""The log of a session: a tree of all that was done, of which nothing is lost when somebody goes back and on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from foresight.errors import InputError, Problem
from foresight.scenario.scenario import Scenario

from ..runs.setting import Setting


@dataclass(frozen=True)
class Entry:
    """One line of the log.

    Parameters
    ----------
    setting : Setting
        What held afterwards.
    base : Scenario
        What changes were counted from.
    what : str
        The control that was moved, or "open" where another scenario took the place of all.
    values : Mapping[str, Any]
        What was set, by dotted path.
    at : str
        Time of day, HH:MM.
    parent : int or None
        The entry that it was done after; None for the first one.
    """

    setting: Setting
    base: Scenario
    what: str = "open"
    values: Mapping[str, Any] = field(default_factory=dict)
    at: str = ""
    parent: int | None = None


class History:
    """Entries in the order they were made, each after its parent, and the path that is followed.

    Parameters
    ----------
    entries : sequence of Entry
        The first has no parent, and every other an earlier one.
    position : int
        Where one is.
    tip : int
        Where the path ends that redo follows; it leads through the position.

    Raises
    ------
    ValueError
        If these do not make a tree with a path.
    """

    def __init__(self, entries: Sequence[Entry], position: int, tip: int) -> None:
        parents = [entry.parent for entry in entries]
        whole = parents[:1] == [None] and all(
            isinstance(parent, int) and 0 <= parent < at for at, parent in enumerate(parents[1:], start=1)
        )
        if not whole or not 0 <= tip < len(entries):
            raise ValueError
        self.entries, self.position, self.tip = list(entries), position, tip
        if position not in self.path:
            raise ValueError

    @property
    def now(self) -> Entry:
        """The entry where one is."""
        return self.entries[self.position]

    @property
    def before(self) -> Entry | None:
        """The entry before it."""
        return None if self.now.parent is None else self.entries[self.now.parent]

    @property
    def after(self) -> int | None:
        """The place of the entry that redo leads to."""
        path = self.path
        ahead = path[path.index(self.position) + 1 :]
        return ahead[0] if ahead else None

    @property
    def path(self) -> list[int]:
        """The places from the first entry to the tip."""
        return self.way_to(self.tip)

    def way_to(self, position: int) -> list[int]:
        """Return the places from the first entry to one."""
        way = [position]
        while (parent := self.entries[way[-1]].parent) is not None:
            way.append(parent)
        return way[::-1]

    def write(self, entry: Entry, most: int) -> None:
        """Add an entry after where one is, and go there; of more than `most`, what was left longest ago goes first."""
        self.entries = [*self.entries, replace(entry, parent=self.position)]
        self.position = self.tip = len(self.entries) - 1
        while len(self.entries) > most:
            self._drop(self._oldest())

    def write_over(self, entry: Entry) -> None:
        """Put an entry in the place of the one where one is, which nothing was done after."""
        self.entries = [*self.entries]
        self.entries[self.position] = replace(entry, parent=self.now.parent)

    def jump(self, position: int) -> None:
        """Go to an entry; InputError if there is none."""
        if not 0 <= position < len(self.entries):
            raise InputError([Problem("", "log", "out_of_range", str(position), f"0..{len(self.entries) - 1}")])
        if position not in self.path:
            self.tip = self._newest_after(position)
        self.position = position

    def _newest_after(self, position: int) -> int:
        """Return the newest of what was done after an entry, or the entry itself."""
        return next(at for at in reversed(range(len(self.entries))) if position in self.way_to(at))

    def _oldest(self) -> int:
        """Return the oldest end of a branch that was left, or else the first entry of all."""
        parents, path = {entry.parent for entry in self.entries}, {*self.path}
        left = (at for at in range(len(self.entries)) if at not in parents and at not in path)
        return next(left, 0)

    def _drop(self, gone: int) -> None:
        """Take an entry out; what came after the first one comes first then."""
        kept = [entry for at, entry in enumerate(self.entries) if at != gone]
        self.entries = [replace(entry, parent=_without(gone, entry.parent)) for entry in kept]
        self.position, self.tip = (_without(gone, place) or 0 for place in (self.position, self.tip))


def _without(gone: int, place: int | None) -> int | None:
    """Return where something is once an entry has gone."""
    if place is None or place == gone:
        return None
    return place - (place > gone)
