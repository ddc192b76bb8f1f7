"""The session of one visitor: what is on the screen, how it came about, and how to go back."""

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from foresight.bounds import CHANGES, KEPT, SIDE_BY_SIDE
from foresight.errors import InputError, Problem
from foresight.scenario.loading import shipped
from foresight.scenario.scenario import Scenario

from ..runs.picture import MAP, TABS
from ..runs.setting import Setting, first_setting
from .laboratory import Laboratory
from .link import Shared, encode

#: The name of the scenario on the screen.
CURRENT: Final = "current"


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
    """

    setting: Setting
    base: Scenario
    what: str = "open"
    values: Mapping[str, Any] = field(default_factory=dict)
    at: str = ""


class AppState:
    """What one visitor has open; pages are views of it."""

    def __init__(self, language: str = "en") -> None:
        self.language = language
        self.page = "explore"
        self.view: dict[str, Any] = dict(FIRST_VIEW)
        first = first_setting()
        self.entries: list[Entry] = [Entry(first, first.scenario, at=_now())]
        self.position = 0
        self.kept: dict[str, Scenario] = {}
        self.compared: list[str] = [CURRENT, *list(shipped())[:2]]
        self.shared: Shared | None = None
        self.laboratory = Laboratory()
        self._open_move: str | None = None

    # What is on the screen ---------------------------------------------------------------------------------------

    @property
    def setting(self) -> Setting:
        """The setting on the screen."""
        return self.entries[self.position].setting

    @property
    def base(self) -> Scenario:
        """The scenario that changes are counted from: the one that was opened last."""
        return self.entries[self.position].base

    @property
    def unchanged(self) -> Setting:
        """What changes are counted from, with the luck of what is on the screen."""
        return replace(self.setting, scenario=self.base)

    @property
    def before(self) -> Setting | None:
        """The setting before the last change, whose ghost the charts show."""
        return self.entries[self.position - 1].setting if self.position else None

    def snapshot(self) -> "AppState":
        """Return a copy that stays as it is, for another thread."""
        made = copy(self)
        made.view, made.kept = dict(self.view), dict(self.kept)
        return made

    def scenario_called(self, name: str) -> Scenario:
        """Return a scenario by the name it has in this session: the current one, one that ships, or one kept.

        Raises
        ------
        InputError
            If there is none of that name.
        """
        if name == CURRENT:
            return self.setting.scenario
        if name in self.kept:
            return self.kept[name]
        if name in shipped():
            return shipped()[name]
        raise InputError([Problem("", "scenario", "unknown_scenario", name, ", ".join([*shipped(), *self.kept]))])

    # Changes -----------------------------------------------------------------------------------------------------

    def move(self, what: str, values: Mapping[str, Any], final: bool = True) -> None:
        """Change values by dotted path.

        Moves of one control that are not final make one entry of the log together.

        Raises
        ------
        InputError
            If the values cannot be; nothing changes.
        """
        going_on = self._open_move == what
        setting = self.setting.changed(values)
        moved = going_on or setting != self.setting
        if moved:
            self._write(Entry(setting, self.base, what, dict(values), _now()), over=going_on)
        self._open_move = what if moved and not final else None

    def open(self, scenario: Scenario, what: str = "open") -> None:
        """Put another scenario in the place of the one on the screen; it is what changes are counted from."""
        self._open_move = None
        setting = replace(self.setting, scenario=scenario)
        self._write(Entry(setting, scenario, what, {}, _now()))

    def undo(self) -> None:
        """Go back one change."""
        self.jump(max(self.position - 1, 0))

    def redo(self) -> None:
        """Take back an undo."""
        self.jump(min(self.position + 1, len(self.entries) - 1))

    def jump(self, position: int) -> None:
        """Go to an entry of the log."""
        if not 0 <= position < len(self.entries):
            raise InputError([Problem("", "log", "out_of_range", str(position), f"0..{len(self.entries) - 1}")])
        self._open_move = None
        self.position = position

    def keep(self, name: str, scenario: Scenario) -> str:
        """Keep a scenario under a name of its own, and return the name."""
        KEPT.check(len(self.kept) + 1, field="name")
        taken = {CURRENT, *shipped(), *self.kept}
        own = next(one for one in (name, *(f"{name} ({k})" for k in range(2, KEPT.most + 3))) if one not in taken)
        self.kept[own] = scenario
        return own

    def compare(self, names: Sequence[str]) -> None:
        """Choose what is set side by side, the first being what the others are compared with."""
        for name in names:
            self.scenario_called(name)
        if not names:
            raise InputError([Problem("", "scenarios", "empty")])
        SIDE_BY_SIDE.check(len(names), field="scenarios")
        self.compared = list(dict.fromkeys(names))

    def _write(self, entry: Entry, over: bool = False) -> None:
        keep = self.position if over else self.position + 1
        self.entries = [*self.entries[:keep], entry][-CHANGES.most - 1 :]
        self.position = len(self.entries) - 1

    # Coming back -------------------------------------------------------------------------------------------------

    def link(self, numbers: Mapping[str, float]) -> str:
        """Return a link to what is on the screen."""
        return encode(self.setting, self.language, self.page, self.view, numbers)

    def follow(self, shared: Shared) -> None:
        """Show what a link carries."""
        base = shared.setting.scenario
        if base.id in shipped():
            base = shipped()[base.id]
        self.entries, self.position = [Entry(shared.setting, base)], 0
        self.language, self.page = shared.language, shared.page
        self.view = {**FIRST_VIEW, **shared.view}
        self.shared, self._open_move = shared, None

    def take_over(self, other: "AppState") -> None:
        """Show what another has, which nobody else looks at, but for its experiments."""
        self.entries, self.position, self.kept, self.compared = (
            other.entries,
            other.position,
            other.kept,
            other.compared,
        )
        self.language, self.page, self.view, self.shared = other.language, other.page, other.view, other.shared
        self._open_move = None


#: What pages show at first.
FIRST_VIEW: Final[Mapping[str, Any]] = {
    "map": MAP[0],
    "year": 2040,
    "outcome": "mean_delivered",
    "chart": TABS[0],
    "country": "",
}


def _now() -> str:
    return datetime.now().strftime("%H:%M")  # the visitor's own clock where the server is theirs
