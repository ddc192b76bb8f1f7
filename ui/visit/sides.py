"""Scenarios as links carry them: the id of one that ships, what differs from one that ships, or the whole."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from foresight.errors import InputError, Problem, shown
from foresight.scenario.layer import HEADER
from foresight.scenario.layering import nested
from foresight.scenario.loading import shipped, validated
from foresight.scenario.scenario import Scenario

from ..runs.setting import scenario_from, table_of

#: Where a scenario is that differs from one that ships: the id of that one, what it does otherwise by dotted path,
#: and what it says of itself.
_OF: Final = "of"
_SET: Final = "set"
_HEAD: Final = "head"

#: Parts of a scenario that are taken apart, and those that are left whole, with what they are where there is nothing.
_APART: Final = ("levers", "structure", "uncertainties")
_WHOLE: Final[Mapping[str, Any]] = {"coalition": [], "event": [], "members": {}}


def written(scenario: Scenario) -> str | dict[str, Any]:
    """Return a scenario as briefly as it can be said."""
    if shipped().get(scenario.id) == scenario:
        return scenario.id
    tables = [table_of(scenario), *(_differing(scenario, name) for name in shipped())]
    return min(tables, key=lambda table: len(json.dumps(table, ensure_ascii=False)))


def read(value: object, place: str) -> Scenario:
    """Return the scenario that `written` was given.

    Raises
    ------
    InputError
        If it is none, with what is wrong.
    """
    if isinstance(value, dict) and _OF not in value:
        return scenario_from(value)
    name, table = (value[_OF], value) if isinstance(value, dict) else (value, {})
    if not isinstance(name, str) or name not in shipped():
        raise InputError([Problem(place, "scenario", "unknown_scenario", shown(name), ", ".join(shipped()))])
    return _laid_over(name, table, place) if table else shipped()[name]


def _differing(scenario: Scenario, name: str) -> dict[str, Any]:
    base = dict(_leaves(shipped()[name]))
    changes = {path: value for path, value in _leaves(scenario) if base[path] != value}
    return {_OF: name, _SET: changes, _HEAD: _header(scenario)}


def _laid_over(name: str, table: Mapping[str, Any], place: str) -> Scenario:
    changes, header = table.get(_SET), table.get(_HEAD)
    if not isinstance(changes, dict) or not isinstance(header, dict):
        raise InputError([Problem(place, "scenario", "not_a_table", shown(table))])
    body, problems = nested(dict(_leaves(shipped()[name])) | changes)
    if problems:
        raise InputError(problems)
    return validated({**body, **header}, place)


def _leaves(scenario: Scenario) -> Iterator[tuple[str, Any]]:
    """Yield everything that a scenario does: single numbers by dotted path, lists and facts of members as wholes."""
    yield from _taken_apart(scenario.model_dump(include=set(_APART), mode="json"), "")
    whole = table_of(scenario)
    yield from ((part, whole.get(part, empty)) for part, empty in _WHOLE.items())


def _taken_apart(table: Mapping[str, Any], before: str) -> Iterator[tuple[str, Any]]:
    for name, value in table.items():
        yield from _taken_apart(value, f"{before}{name}.") if isinstance(value, Mapping) else [(before + name, value)]


def _header(scenario: Scenario) -> dict[str, Any]:
    told = set(HEADER) - {"extends"}
    return scenario.model_dump(mode="json", include=told, exclude_defaults=True)
