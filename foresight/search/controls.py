"""Controls: levers as coordinates that a search can move, and back to values that people can set."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, Self

import numpy as np
import numpy.typing as npt

from foresight.actions import ACTIONS
from foresight.arguments import check_name
from foresight.arrays import Floats
from foresight.errors import InputError, Problem, listed, shown
from foresight.scenario.building import lever_values
from foresight.scenario.factors import PHASES, Factor, cells_taken_twice, factors, settings_from_factors
from foresight.scenario.scenario import Scenario

#: Levers that are moved unless others are named: those that have a price.
PRICED: Final = ("pledge_effort", "delivery_effort")

#: Steps in which people set a lever.
STEP: Final = 0.05

#: How many doublings of an effort the whole range of any other lever stands for, where settings are told apart.
_WHOLE_RANGE: Final = 2.0


class Control(NamedTuple):
    """One lever that is moved, in all the phases it has.

    Parameters
    ----------
    factor : Factor
        The lever; an effort is that on one action.
    before : tuple of float
        Values in the scenario, one a phase or one in all.
    low, high, home : float
        Least, largest and present value. An effort, and what is given by phase, is a floor: where the scenario
        has more in a phase, it keeps that; so it never goes below what the scenario has.
    """

    factor: Factor
    before: tuple[float, ...]
    low: float
    high: float
    home: float

    @property
    def priced(self) -> bool:
        """Say whether it costs effort points."""
        return self.factor.parameter.by_action

    def cells(self) -> list[str]:
        """Return the names of the factors of its single phases, or its own name."""
        name = self.factor.name
        return [name] if len(self.before) == 1 else [f"{name}.phase_{phase}" for phase in PHASES]

    def coordinate(self, value: npt.ArrayLike) -> Floats:
        """Return where a value lies: the binary logarithm of an effort, the part of its range of any other lever."""
        if self.priced:
            return np.asarray(np.log2(value))
        low, high = self.factor.parameter.low, self.factor.parameter.high
        return np.asarray(_WHOLE_RANGE * (np.asarray(value) - low) / (high - low))

    def value(self, coordinate: Floats) -> Floats:
        """Return the value that lies at a coordinate, in steps that people can set, or the present one."""
        low, high = self.factor.parameter.low, self.factor.parameter.high
        exact = np.exp2(coordinate) if self.priced else low + coordinate * (high - low) / _WHOLE_RANGE
        stepped = np.clip(np.round(np.round(exact / STEP) * STEP, 10), self.low, self.high)
        return np.where(np.abs(exact - self.home) < STEP / 2, self.home, stepped)


@dataclass(frozen=True)
class Controls:
    """All levers that are moved, and the scenario they are moved in.

    Places are float64[place, control], see `Control.coordinate`.
    """

    scenario: Scenario
    controls: tuple[Control, ...]

    @classmethod
    def of(cls, scenario: Scenario, names: Sequence[str] | None = None) -> Self:
        """Return the levers of some names; efforts on no action stand for one on each action.

        Raises
        ------
        InputError
            If there is no such lever, none is named, or two names set the same.
        """
        chosen = {factor.name: factor for name in _checked(names) for factor in _of_one_action(name)}
        if twice := cells_taken_twice(chosen):
            raise InputError([Problem("Python", name, "also_set", details={"other": twice[name]}) for name in twice])
        return cls(scenario, tuple(_control(factor, scenario) for factor in chosen.values()))

    def bounds(self) -> tuple[Floats, Floats, Floats]:
        """Return the lowest and the highest place and the present one, each float64[control]."""
        rows = [control.coordinate((control.low, control.high, control.home)) for control in self.controls]
        low, high, home = np.array(rows).T
        return low, high, home

    def groups(self) -> dict[str, npt.NDArray[np.bool_]]:
        """Return the controls that share a part of their names: an action, a phase, or the lever itself."""
        parts = [control.factor.name.split(".") for control in self.controls]
        names = dict.fromkeys(part for own in parts for part in own)
        return {name: np.array([name in own for own in parts]) for name in names}

    def settable(self, places: Floats) -> Floats:
        """Return the nearest places that people can set."""
        rows = zip(self.controls, places.T, strict=True)
        return np.stack([control.coordinate(control.value(column)) for control, column in rows], axis=1)

    def design(self, places: Floats) -> dict[str, Floats]:
        """Return places as a design, one value a place, see `building.build`."""
        columns = {}
        for control, column in zip(self.controls, places.T, strict=True):
            value = control.value(column)
            floor = control.factor.parameter.by_phase
            for cell, before in zip(control.cells(), control.before, strict=True):
                columns[cell] = np.maximum(value, before) if floor else value
        return columns

    def settings(self, place: Floats) -> dict[str, Any]:
        """Return by dotted path, as `load_scenario` takes in `set`, what differs from the scenario at a place."""
        columns = self.design(place[np.newaxis])
        before = dict(pair for c in self.controls for pair in zip(c.cells(), c.before, strict=True))
        values = {cell: float(column[0]) for cell, column in columns.items() if column[0] != before[cell]}
        return {path: _together(value) for path, value in settings_from_factors(values, self.scenario).items()}

    def unpriced(self, place: Floats) -> tuple[str, ...]:
        """Return the names of the levers without a price that a place moves."""
        moved = place != self.bounds()[2]
        return tuple(
            c.factor.name for c, is_moved in zip(self.controls, moved, strict=True) if is_moved and not c.priced
        )


def _checked(names: Sequence[str] | None) -> Sequence[str]:
    """Return names of levers; InputError if one is none, or there is none."""
    known = [name for name, factor in factors().items() if factor.section == "levers"]
    chosen = PRICED if names is None else [names] if isinstance(names, str) else list(names)
    if not chosen:
        raise InputError([Problem("Python", "levers", "empty", shown([]), listed(known))])
    for name in chosen:
        check_name("levers", name, known)
    return chosen


def _of_one_action(name: str) -> list[Factor]:
    """Return the factor of a name, or for efforts on all actions those of each."""
    factor = factors()[name]
    if factor.action or not factor.parameter.by_action:
        return [factor]
    first, *rest = name.split(".")
    return [factors()[".".join([first, action, *rest])] for action in ACTIONS]


def _control(factor: Factor, scenario: Scenario) -> Control:
    before, declared = _before(factor, scenario), factor.parameter
    home = min(before)
    return Control(factor, before, home if declared.by_phase else declared.low, declared.high, home)


def _before(factor: Factor, scenario: Scenario) -> tuple[float, ...]:
    """Return what a scenario has of a lever, one value a phase, or the only one."""
    values = getattr(lever_values(scenario), factor.parameter.name)[..., 0]
    if factor.action:
        values = values[0, ACTIONS.index(factor.action)]  # of everybody in no coalition
    if factor.phase:
        values = values[PHASES.index(factor.phase)]
    return tuple(np.atleast_1d(values).tolist())


def _together(value: Any) -> Any:
    """Write three equal values of the phases as one."""
    return value[0] if isinstance(value, list) and len(set(value)) == 1 else value
