"""Factors: what can be varied from run to run, by the name that tables of points and designs know it by."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import product
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from foresight.actions import ACTIONS
from foresight.errors import InputError, Problem, nearest, shown
from foresight.facts.names import said
from foresight.facts.parameters import Parameter, all_parameters, levers, uncertainties
from foresight.scenario.scenario import Scenario
from foresight.scenario.schema import LEVER_PHASES
from foresight.texts import Words

#: The phases that levers shape.
PHASES: Final = tuple(range(2, 2 + LEVER_PHASES))

#: What stands before the number of a phase in a name.
_PHASE: Final = "phase_"


class Factor(NamedTuple):
    """One number that can be varied: an uncertainty, or a lever in some or all of its actions and phases.

    Parameters
    ----------
    name : str
        Such as "delivery_rate", "linking", "support_multiplier.phase_3" or "pledge_effort.transparency.phase_2".
    parameter : Parameter
        Its declaration: range, unit, whether it is whole.
    action : str or None
        The only action it acts on; None where it acts on all, or the parameter has none.
    phase : int or None
        The only phase it acts in, 2 to 4; None where it acts in all, or the parameter has none.
    """

    name: str
    parameter: Parameter
    action: str | None = None
    phase: int | None = None

    @property
    def section(self) -> str:
        """The table of a scenario file that it stands in."""
        return "levers" if self.parameter.name in levers() else "uncertainties"

    def label(self, language: str = "en") -> str:
        """Say what it is, with the action and the phase if it has one of these alone."""
        words = Words(language)
        parts = [_plain_label(self, words)]
        parts += [words.say(f"action.{self.action}")] if self.action else []
        parts += [words.say("factor.phase", phase=self.phase)] if self.phase else []
        return words.listed(parts)

    def cells(self) -> tuple[tuple[str | None, int | None], ...]:
        """Return every pair of action and phase that it sets; None on an axis the parameter does not have."""
        actions: tuple[str | None, ...] = (self.action,) if self.action or not self.parameter.by_action else ACTIONS
        phases: tuple[int | None, ...] = (self.phase,) if self.phase or not self.parameter.by_phase else PHASES
        return tuple(product(actions, phases))


def factor_called(name: str) -> Factor:
    """Return the factor of a name.

    Raises
    ------
    InputError
        With the nearest name if nothing that can be varied has this one.
    """
    if name in factors():
        return factors()[name]
    near = nearest(str(name), factors())
    item = all_parameters().get(str(name))
    if item is not None:
        raise InputError([Problem("Python", str(name), "fixed", nearest=near, details={"value": f"{item.default:g}"})])
    raise InputError([Problem("Python", "factor", "unknown_factor", shown(name), nearest=near)])


@cache
def factors() -> Mapping[str, Factor]:
    """Return everything that can be varied, by name, in the order of the model description."""
    varied = (item for item in [*uncertainties().values(), *levers().values()] if not item.fixed)
    return MappingProxyType({factor.name: factor for item in varied for factor in _factors_of(item)})


def settings_from_factors(values: Mapping[str, float], base: Scenario) -> dict[str, Any]:
    """Return what makes a base scenario one with values of factors.

    Parameters
    ----------
    values : mapping of str to float
        By name of the factor.
    base : Scenario
        Keeps its phases and actions that no factor names. Efforts of coalitions stay as they are.

    Returns
    -------
    dict
        By dotted path, as `load_scenario` takes in `set`: ``{"uncertainties.delivery_rate": 0.4,
        "levers.support_multiplier": [1.0, 2.0, 1.0]}``.

    Raises
    ------
    InputError
        If a name is unknown, or two factors set the same action in the same phase.
    """
    chosen = {name: factor_called(name) for name in values}
    if twice := cells_taken_twice(chosen):
        raise InputError([Problem("Python", name, "also_set", details={"other": twice[name]}) for name in twice])
    settings: dict[str, Any] = {}
    for name, factor in chosen.items():
        for action, phase in factor.cells():
            _set(settings, factor, action, phase, float(values[name]), base)
    return settings


def cells_taken_twice(names: Iterable[str]) -> dict[str, str]:
    """Return each factor that sets an action in a phase which an earlier one sets already, and that one."""
    taken: dict[tuple[str, str | None, int | None], str] = {}
    twice: dict[str, str] = {}
    for name in names:
        factor = factors()[name]
        others = [taken.setdefault((factor.parameter.name, *cell), name) for cell in factor.cells()]
        if several := [other for other in others if other != name]:
            twice[name] = several[-1]
    return twice


def _set(
    settings: dict[str, Any], factor: Factor, action: str | None, phase: int | None, value: float, base: Scenario
) -> None:
    """Put a value in one cell of the settings, the other phases as the base has them."""
    path = ".".join(part for part in (factor.section, factor.parameter.name, action) if part)
    if phase is None:
        settings[path] = value
    else:
        before = getattr(base.levers, factor.parameter.name)
        phases = settings.setdefault(path, list(getattr(before, action) if action else before))
        phases[PHASES.index(phase)] = value


def _plain_label(factor: Factor, words: Words) -> str:
    """Return the label of the parameter, and that it is a lever where an uncertainty has the same."""
    label = _label(factor.parameter, words)
    same = factor.section == "levers" and label in {_label(item, words) for item in uncertainties().values()}
    return words.say("factor.lever", label=label) if same else label


def _label(item: Parameter, words: Words) -> str:
    return said(item.label, f"parameter.{item.name}.label", words)


def _factors_of(item: Parameter) -> Iterator[Factor]:
    """Yield a parameter as a whole and by each of the axes that it has."""
    actions = (None, *ACTIONS) if item.by_action else (None,)
    phases = (None, *PHASES) if item.by_phase else (None,)
    for action, phase in product(actions, phases):
        parts = [item.name, action, None if phase is None else f"{_PHASE}{phase}"]
        yield Factor(".".join(part for part in parts if part), item, action, phase)
