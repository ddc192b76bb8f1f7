"""The session of one visitor: what is on the screen, how it came about, and how to go back."""

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from foresight.errors import InputError, Problem
from foresight.runs import DRAWN, Effects
from foresight.scenario.loading import shipped
from foresight.scenario.scenario import Scenario

from ..runs.picture import MAP
from ..runs.setting import Setting, first_setting, scenario_from, table_of
from .laboratory import Laboratory
from .link import Shared, check_language, check_view, decode, encode, pack, unpack

#: Changes that can be taken back; the oldest give way.
MOST_CHANGES: Final = 200

#: Scenarios set side by side.
MOST_COMPARED: Final = 6

#: Scenarios that a session keeps beside those that ship: checkpoints and uploads.
MOST_KEPT: Final = 40

#: Largest memory that is unpacked, in bytes: a full log of scenarios with many events.
LARGEST_MEMORY: Final = 20_000_000

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
        if len(self.kept) >= MOST_KEPT:
            raise InputError([Problem("", "name", "too_many", str(MOST_KEPT + 1), str(MOST_KEPT))])
        taken = {CURRENT, *shipped(), *self.kept}
        own = next(one for one in (name, *(f"{name} ({k})" for k in range(2, MOST_KEPT + 3))) if one not in taken)
        self.kept[own] = scenario
        return own

    def compare(self, names: Sequence[str]) -> None:
        """Choose what is set side by side, the first being what the others are compared with."""
        for name in names:
            self.scenario_called(name)
        if not 1 <= len(names) <= MOST_COMPARED:
            raise InputError([Problem("", "scenarios", "out_of_range", str(len(names)), f"1..{MOST_COMPARED}")])
        self.compared = list(dict.fromkeys(names))

    def _write(self, entry: Entry, over: bool = False) -> None:
        keep = self.position if over else self.position + 1
        self.entries = [*self.entries[:keep], entry][-MOST_CHANGES - 1 :]
        self.position = len(self.entries) - 1

    # Coming back -------------------------------------------------------------------------------------------------

    def link(self, numbers: Mapping[str, float]) -> str:
        """Return a link to what is on the screen."""
        return encode(self.setting, self.language, self.page, self.view, numbers)

    def follow(self, link: str) -> None:
        """Show what a link carries; InputError if it cannot be, and nothing changes."""
        self._show(decode(link))

    def memory(self) -> str:
        """Return all that a reload should bring back, as text that the browser keeps."""
        bases = list({id(entry.base): entry.base for entry in self.entries}.values())
        place = {id(base): at for at, base in enumerate(bases)}
        return pack(
            {
                "entries": [_remembered(entry, place[id(entry.base)]) for entry in self.entries],
                "bases": [table_of(base) for base in bases],
                "position": self.position,
                "kept": {name: table_of(scenario) for name, scenario in self.kept.items()},
                "compared": self.compared,
                "shared": _link_remembered(self.shared),
                "language": self.language,
                "page": self.page,
                "view": self.view,
            }
        )

    def recall(self, memory: str) -> None:
        """Bring back what `memory` gave; InputError if it is not whole, and nothing changes."""
        table = unpack(memory, LARGEST_MEMORY)
        try:
            bases = [scenario_from(one) for one in table["bases"]]
            entries = [_recalled(one, bases) for one in table["entries"]]
            kept = {str(name): scenario_from(one) for name, one in table["kept"].items()}
            names = {CURRENT, *shipped(), *kept}
            compared = [name for name in table["compared"] if name in names] or [CURRENT]
            shared = _link_recalled(table["shared"])
            language, page, view = table["language"], str(table["page"]), {**FIRST_VIEW, **table["view"]}
            position = range(len(entries))[table["position"]]
            whole = not [*check_language(language), *check_view(view)]
        except (AttributeError, IndexError, KeyError, TypeError, ValueError):
            whole = False
        if not whole:
            raise InputError([Problem("", "memory", "altered_link")])
        self.entries, self.position, self.kept, self.compared = entries, position, kept, compared
        self.language, self.page, self.view, self.shared = language, page, view, shared
        self._open_move = None

    def _show(self, shared: Shared) -> None:
        base = shared.setting.scenario
        if base.id in shipped():
            base = shipped()[base.id]
        self.entries, self.position = [Entry(shared.setting, base)], 0
        self.language, self.page = shared.language, shared.page
        self.view = {**FIRST_VIEW, **shared.view}
        self.shared, self._open_move = shared, None


def _setting_remembered(setting: Setting) -> list[Any]:
    return [table_of(setting.scenario), setting.seed, setting.replicates, setting.effects]


def _setting_recalled(table: dict[str, Any], seed: int, replicates: int, effects: Effects = DRAWN) -> Setting:
    return Setting(scenario_from(table), seed, replicates, effects)


def _remembered(entry: Entry, base: int) -> list[Any]:
    return [_setting_remembered(entry.setting), base, entry.what, dict(entry.values), entry.at]


def _recalled(one: Sequence[Any], bases: Sequence[Scenario]) -> Entry:
    setting, base, what, values, at = one
    return Entry(_setting_recalled(*setting), bases[base], str(what), dict(values), str(at))


def _link_remembered(shared: Shared | None) -> list[Any] | None:
    if shared is None:
        return None
    rest = (shared.language, shared.page, dict(shared.view), dict(shared.numbers), shared.version, shared.data)
    return [_setting_remembered(shared.setting), *rest]


def _link_recalled(one: Sequence[Any] | None) -> Shared | None:
    if one is None:
        return None
    setting, *rest = one
    return Shared(_setting_recalled(*setting), *rest)


#: What pages show at first.
FIRST_VIEW: Final[Mapping[str, Any]] = {"map": MAP[0], "year": 2040, "outcome": "mean_delivered", "room": False}


def _now() -> str:
    return datetime.now().strftime("%H:%M")  # the visitor's own clock where the server is theirs
