"""Tables over tables: what a scenario file adds to its base, and what is set adds to both.

In order of precedence: default < farthest base < ... < nearest base < file < what is set (``--set``, `set=`).
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from foresight.errors import InputError, Problem, shown
from foresight.scenario.layer import HEADER

#: Lists whose entries have names: a file adds to those of its base, an entry of the same name replaces.
NAMED_LISTS: Final = ("coalition", "event")

_SINGULAR: Final = {"coalitions": "coalition", "events": "event"}


class Assignments(dict[str, Any]):
    """Values by dotted path, as given on a command line."""

    label = "--set"


def parse_assignments(lines: Sequence[str]) -> Assignments:
    """Read assignments from a command line.

    Parameters
    ----------
    lines : Sequence[str]
        Each ``path=value``, such as ``levers.pledge_effort.transparency=2``, ``structure.gate=calendar`` or
        ``events=[]``. The value is one of TOML; bare words are texts.

    Raises
    ------
    InputError
        With every line that is no assignment, and every path given two values.
    """
    assignments, problems = Assignments(), []
    for line in lines:
        key, equals, words = (part.strip() for part in line.partition("="))
        value = _value(words)
        if not equals or not all(key.split(".")) or value is None:
            problems.append(Problem(Assignments.label, "", "not_an_assignment", shown(line), "path=value"))
        elif key in assignments and assignments[key] != value:
            problems.append(_clash(Assignments.label, key, value))
        else:
            assignments[key] = value
    if problems:
        raise InputError(problems)
    return assignments


def nested(assignments: Mapping[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
    """Turn values by dotted path into a table shaped like a scenario file.

    Returns
    -------
    tuple
        The table, and a problem for each path that is given twice or that only a file can give.
    """
    label = label_of(assignments)
    table: dict[str, Any] = {}
    problems = []
    for path, value in (leaf for key, item in assignments.items() for leaf in _leaves(_path(key), item)):
        if path[0] == "extends":
            problems.append(Problem(label, "extends", "not_assignable", shown(value)))
        elif not _placed(table, path, value):
            problems.append(_clash(label, ".".join(path), value))
    return table, problems


def label_of(assignments: Mapping[str, Any]) -> str:
    """Say where assignments come from."""
    return assignments.label if isinstance(assignments, Assignments) else "Python"


def stacked(tables: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Lay scenario tables over their bases.

    Parameters
    ----------
    tables : Sequence[Mapping]
        Each without problems; the nearest first, its bases after it. Only the header of the first counts.
    """
    header = {key: value for key, value in tables[0].items() if key in HEADER and key != "extends"}
    body: dict[str, Any] = {}
    for table in reversed(tables):
        body = _over(body, {key: value for key, value in table.items() if key not in HEADER})
    return {**header, **body}


def assigned(table: Mapping[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """Lay what is set over a scenario table; a list that is set takes the place of the whole list."""
    kept = {key: value for key, value in table.items() if key not in NAMED_LISTS or key not in changes}
    return _over(kept, changes)


def _over(base: dict[str, Any], top: dict[str, Any]) -> dict[str, Any]:
    """Lay one table over another, key by key."""
    result = dict(base)
    for key, value in top.items():
        below = base.get(key)
        if isinstance(value, dict) and isinstance(below, dict):
            result[key] = _over(below, value)
        elif key in NAMED_LISTS and below:
            result[key] = list({entry["name"]: entry for entry in [*below, *value]}.values())
        else:
            result[key] = value
    return result


def _value(words: str) -> Any:
    """Read a TOML value, or a bare word as a text; None for what is neither."""
    try:
        table = tomllib.loads(f"value = {words}")
    except (ValueError, RecursionError):
        return None if not words or words[0] in "[{\"'" else words
    return table["value"] if len(table) == 1 else None


def _path(key: str) -> tuple[str, ...]:
    first, *rest = str(key).split(".")
    return (_SINGULAR.get(first, first), *rest)


def _leaves(path: tuple[str, ...], value: Any) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Take tables apart into single values; arrays and numbers of NumPy become Python's own."""
    if isinstance(value, Mapping) and value:
        for key, item in value.items():
            yield from _leaves((*path, str(key)), item)
    else:
        yield path, value.tolist() if hasattr(value, "tolist") else value


def _placed(table: dict[str, Any], path: tuple[str, ...], value: Any) -> bool:
    """Put a value in its place unless something else is there already."""
    for part in path[:-1]:
        inner = table.setdefault(part, {})
        if not isinstance(inner, dict):
            return False
        table = inner
    return bool(table.setdefault(path[-1], value) == value)


def _clash(label: str, field: str, value: Any) -> Problem:
    return Problem(label, field, "given_twice", shown(value))
