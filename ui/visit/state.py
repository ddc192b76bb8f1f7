"""The session of one visitor: what is on the screen, how it came about, and how to go back."""

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from foresight.bounds import CHANGES, KEPT, SIDE_BY_SIDE
from foresight.errors import InputError, Problem
from foresight.facts.members import REGION
from foresight.scenario.loading import shipped
from foresight.scenario.scenario import Scenario

from ..runs.picture import MAP, TABS
from ..runs.setting import FIRST_SCENARIO, Setting, first_setting, spoken
from .futures import called, handed_on, told_apart
from .history import Entry, History
from .laboratory import Laboratory
from .link import Shared, encode
from .questions import Questions

#: The name of the scenario on the screen.
CURRENT: Final = "current"


class AppState:
    """What one visitor has open; pages are views of it."""

    def __init__(self, language: str = "en") -> None:
        self.language = language
        self.page = "explore"
        self.view: dict[str, Any] = dict(FIRST_VIEW)
        first = first_setting()
        self.history = History([Entry(first, first.scenario, at=_now())], 0, 0)
        self.kept: dict[str, Scenario] = {}
        self.compared: list[str] = [
            CURRENT,
            FIRST_SCENARIO,
            *(name for name in list(shipped())[:2] if name != FIRST_SCENARIO),
        ]
        self.shared: Shared | None = None
        self.laboratory = Laboratory()
        self.questions = Questions()
        self._open_move: str | None = None

    # What is on the screen ---------------------------------------------------------------------------------------

    @property
    def setting(self) -> Setting:
        """The setting on the screen."""
        return self.history.now.setting

    @property
    def base(self) -> Scenario:
        """The scenario that changes are counted from: the one that was opened last."""
        return self.history.now.base

    @property
    def twin(self) -> str | None:
        """The scenario that ships and does what the screen does; None where something was changed."""
        return next((name for name, one in shipped().items() if _does_the_same(one, self.setting)), None)

    @property
    def side_by_side(self) -> list[str]:
        """What is set side by side; of two that are the same, the one on the screen."""
        return [name for name in self.compared if name != self.twin or CURRENT not in self.compared]

    @property
    def unchanged(self) -> Setting:
        """What changes are counted from, with the luck of what is on the screen."""
        return replace(self.setting, scenario=self.base)

    @property
    def before(self) -> Setting | None:
        """The setting before the last change, whose ghost the charts show."""
        return None if (before := self.history.before) is None else before.setting

    @property
    def name(self) -> str:
        """The name of what ships or is kept and does what is on the screen, `CURRENT` if nothing does.

        Of several it is the one that was opened.
        """
        known = {**shipped(), **self.kept}
        alike = [name for name, one in known.items() if _does_the_same(one, self.setting)]
        opened = [name for name in alike if known[name].title == self.setting.scenario.title]
        return next(iter([*opened, *alike]), CURRENT)

    @property
    def future(self) -> Setting:
        """The setting on the screen as it is handed on: what somebody changed is named after its change."""
        setting, name = self.setting, self.name
        if name != CURRENT:
            return replace(setting, scenario=self.scenario_called(name))
        return replace(setting, scenario=handed_on(setting.scenario, self.base)) if self.is_changed else setting

    @property
    def is_changed(self) -> bool:
        """Whether what is on the screen does something else than what changes are counted from."""
        return not _does_the_same(self.base, self.setting)

    def snapshot(self) -> "AppState":
        """Return a copy that stays as it is, for another thread."""
        made = copy(self)
        made.view, made.kept, made.history = dict(self.view), dict(self.kept), copy(self.history)
        return made

    def scenario_called(self, name: str) -> Scenario:
        """Return a scenario by the name it has in this session: the current one, one that ships, or one kept.

        Raises
        ------
        InputError
            If there is none of that name.
        """
        if name == CURRENT:
            return self.future.scenario
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
        values = spoken(values)
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
        if (parent := self.history.now.parent) is not None:
            self.jump(parent)

    def redo(self) -> None:
        """Take back an undo."""
        if (after := self.history.after) is not None:
            self.jump(after)

    def jump(self, position: int) -> None:
        """Go to an entry of the log."""
        self.history.jump(position)
        self._open_move = None

    def keep(self, name: str, scenario: Scenario) -> str:
        """Keep a scenario by a name that somebody gave it, or by its id; return the name, which no other has."""
        KEPT.check(len(self.kept) + 1, field="name")
        taken = {CURRENT, *shipped(), *self.kept}
        own = next(one for one in (name, *(f"{name} ({k})" for k in range(2, KEPT.most + 3))) if one not in taken)
        titled = scenario if name == scenario.id else called(own, scenario)
        self.kept[own] = told_apart(titled, [*shipped().values(), *self.kept.values()])
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
        if over:
            self.history.write_over(entry)
        else:
            self.history.write(entry, CHANGES.most + 1)

    # Coming back -------------------------------------------------------------------------------------------------

    def link(self, numbers: Mapping[str, float]) -> str:
        """Return a link to what is on the screen, and to what is set side by side."""
        setting, base = self.setting, self.base
        if (kept := self.kept.get(self.name)) is not None:  # nobody else has kept it
            setting, base = replace(setting, scenario=kept), kept
        known = shipped().get(setting.scenario.id) == base
        compared = {name: self.kept.get(name) for name in self.compared}
        return encode(
            setting, self.language, self.page, self.view, numbers, base=None if known else base, compared=compared
        )

    def follow(self, shared: Shared) -> None:
        """Show what a link carries; InputError if it compares what nobody knows."""
        for name, brought in shared.compared.items():
            if brought is None:
                self.scenario_called(name)
        scenario = shared.setting.scenario
        base = shared.base or shipped().get(scenario.id, scenario)
        self.history = History([Entry(shared.setting, base, at=_now())], 0, 0)
        self.language, self.page = shared.language, shared.page
        self.view = {**FIRST_VIEW, **shared.view}
        self.shared, self._open_move = shared, None
        names = [self._kept_as(name, one) if one else name for name, one in shared.compared.items()]
        if names:
            self.compare(names)

    def _kept_as(self, name: str, scenario: Scenario) -> str:
        """Return the name by which a scenario of a link is kept."""
        alike = (own for own, one in self.kept.items() if one == scenario)
        return next(alike, None) or self.keep(name, scenario)

    def take_over(self, other: "AppState") -> None:
        """Show what another has, which nobody else looks at, but for its experiments."""
        self.history, self.kept, self.compared = other.history, other.kept, other.compared
        self.language, self.page, self.view, self.shared = other.language, other.page, other.view, other.shared
        self._open_move = None


#: What pages show at first.
FIRST_VIEW: Final[Mapping[str, Any]] = {
    "map": MAP[0],
    "year": 2040,
    "outcome": "mean_delivered",
    "chart": TABS[0],
    "scope": REGION,
    "country": "",
}


def _does_the_same(one: Scenario, setting: Setting) -> bool:
    """Tell whether a scenario does what that of a setting does: most differ in what is compared at once."""
    now = setting.scenario
    return one.levers == now.levers and one.uncertainties == now.uncertainties and one.digest() == setting.key[0]


def _now() -> str:
    return datetime.now().strftime("%H:%M")  # the visitor's own clock where the server is theirs
