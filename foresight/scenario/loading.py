"""From a file, and what is set on top of it, to a `Scenario`: every problem at once."""

import os
import re
import stat
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from foresight import bounds
from foresight.errors import InputError, Problem, listed, nearest, shortened, shown
from foresight.files import written_whole
from foresight.scenario.layer import FileLayer, Layer
from foresight.scenario.layering import assigned, label_of, nested, parse_assignments, stacked
from foresight.scenario.scenario import Scenario
from foresight.scenario.validation import validated_as

if TYPE_CHECKING:
    pass

__all__ = [
    "bundled",
    "check_file",
    "check_values",
    "load_scenario",
    "parse_assignments",
    "save_scenario",
    "scenario_of",
    "scenario_of_text",
    "shipped",
    "validated",
]

#: A key of more parts than any scenario has: reading it would take the square of its length in memory.
_DEEP_KEY: Final = re.compile(r"""(?<![\w-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){16}""")

#: How a file of SQLite begins.
_DATABASE: Final = b"SQLite format 3\x00"

_POSITION: Final = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_REPEATED: Final = ("Cannot overwrite", "Cannot declare", "Cannot mutate", "Duplicate")


class _File(NamedTuple):
    """One file of a chain of bases."""

    label: str
    table: dict[str, Any]


def bundled() -> dict[str, Path]:
    """Return the scenarios that ship with the program, by id."""
    entries = sorted(Path(str(entry)) for entry in files("foresight._scenarios").iterdir())
    return {entry.stem: entry for entry in entries if entry.suffix == ".toml"}


@cache
def shipped() -> Mapping[str, Scenario]:
    """Return the scenarios that ship with the program, by id, read once."""
    return {name: load_scenario(name) for name in bundled()}


def ships(scenario: Scenario) -> bool:
    """Tell whether a scenario does what the bundled one of its id does."""
    return scenario.id in bundled() and shipped()[scenario.id].digest() == scenario.digest()


def scenario_of(source: Scenario | str | Path) -> Scenario:
    """Return the scenario that is meant: itself, by the id of a bundled one, or from a file.

    Raises
    ------
    InputError
        If it is none of these, or the file cannot be used.
    """
    return source if isinstance(source, Scenario) else load_scenario(source)


def load_scenario(source: str | Path, *, set: Mapping[str, Any] | None = None) -> Scenario:  # noqa: A002
    """Load a scenario by name or from a file.

    Parameters
    ----------
    source : str or Path
        Id of a bundled scenario, or a file.
    set : Mapping, optional
        Values on top, by dotted path: ``{"uncertainties.delivery_rate": 0.2, "events": []}``. A list of
        events or coalitions set here takes the place of the whole list. See also `parse_assignments`.

    Raises
    ------
    InputError
        With every problem of the file, of its bases and of what is set.
    """
    if set is not None and not isinstance(set, Mapping):
        raise InputError([Problem("Python", "set", "not_a_table", shown(set))])
    return _put_together(*_chain(_located(source)), set or {})


def scenario_of_text(text: str, label: str) -> Scenario:
    """Return the scenario that a text describes, as a file of it would.

    Parameters
    ----------
    text : str
        What a file would hold. It may build on a scenario that ships, and on no other.
    label : str
        What the text is called in messages.

    Raises
    ------
    InputError
        With every problem of the text.
    """
    return _put_together(*_with_bases(_File(label, table_of_text(text, label)), None), {})


def _put_together(chain: list[_File], problems: list[Problem], changes: Mapping[str, Any]) -> Scenario:
    """Make the scenario of a file, its bases and what is set; InputError with all that is wrong, or was before."""
    for file in chain:
        problems += _problems_of(FileLayer, file.table, file.label)
    problems += _problems_of_values(changes)
    if problems:
        raise InputError(problems)
    table = assigned(stacked([file.table for file in chain]), nested(changes)[0])
    bases = tuple(file.table["extends"] for file in chain[:-1])
    return validated({**table, "extends": bases}, chain[0].label)


def validated(table: Mapping[str, Any], file: str) -> Scenario:
    """Make a scenario from a table with whatever its base holds already in it; see `validation.validated_as`."""
    return validated_as(Scenario, table, file)


def check_values(values: Mapping[str, Any]) -> None:
    """Refuse values, by dotted path, that no scenario can have; InputError with all that is wrong."""
    if problems := _problems_of_values(values):
        raise InputError(problems)


def check_file(path: str | Path) -> list[Problem]:
    """Return every problem of a scenario file, or of a bundled scenario by its id; none if it can be used."""
    named = str(path) in bundled() and not os.path.exists(path)
    try:
        load_scenario(str(path) if named else Path(path) if isinstance(path, str) else path)
    except InputError as error:
        return list(error.problems)
    return []


def save_scenario(scenario: Scenario, path: str | Path) -> None:
    """Write a scenario to a file, which appears whole or not at all."""
    with written_whole(path) as written:
        written.write_text(scenario.to_toml(), "utf-8", newline="\n")


def _problems_of(model: type[Layer], table: Mapping[str, Any], file: str) -> tuple[Problem, ...]:
    """Return every problem that a layer has by itself."""
    try:
        validated_as(model, table, file)
    except InputError as error:
        return error.problems
    return ()


def _problems_of_values(values: Mapping[str, Any]) -> Sequence[Problem]:
    """Return what is wrong with what is set on top of a scenario, whatever the scenario."""
    changes, clashes = nested(values)
    return clashes or _problems_of(Layer, changes, label_of(values))


def _located(source: str | Path) -> Path:
    """Return the file that a name or path means."""
    if isinstance(source, Path):
        return source
    if not isinstance(source, str):
        given = f"{shown(source)} ({type(source).__name__})"
        raise InputError([Problem("Python", "scenario", "not_a_scenario", given, listed(tuple(bundled())))])
    if source in bundled():
        return bundled()[source]
    if source.endswith(".toml") or os.path.basename(source) != source or os.path.exists(source):
        return Path(source)
    raise InputError([_unknown(source, shortened(source), "")])


def _unknown(name: str, file: str, field: str, kind: str = "unknown_scenario") -> Problem:
    """Make the problem of a name that is neither a bundled scenario nor a file."""
    ids = tuple(bundled())
    return Problem(file, field, kind, shown(name), listed(ids), nearest(name, ids))


def _chain(path: Path) -> tuple[list[_File], list[Problem]]:
    """Read a file and its bases, nearest first, as far as they can be read."""
    try:
        return _with_bases(_File(_label(path), read_table(path)), path)
    except InputError as error:
        return [], list(error.problems)


def _with_bases(first: _File, path: Path | None) -> tuple[list[_File], list[Problem]]:
    """Return a file, or a text that is at no path, and its bases, nearest first, as far as they can be read."""
    chain, paths = [first], [path and os.path.realpath(path)]
    while isinstance(base := chain[-1].table.get("extends"), str):
        if os.path.basename(base) != base:
            return chain, [_unknown(base, chain[-1].label, "extends", "not_beside")]
        if path is None and base == first.label:
            return chain, [_circle([base, base])]
        path = bundled().get(base, path and path.parent / base)
        if path is None or not os.path.exists(path):
            return chain, [_unknown(base, chain[-1].label, "extends")]
        if os.path.realpath(path) in paths:
            return chain, [_circle([*(file.label for file in chain), _label(path)])]
        paths.append(os.path.realpath(path))
        try:
            chain.append(_File(_label(path), read_table(path)))
        except InputError as error:
            return chain, list(error.problems)
    return chain, []


def _circle(labels: list[str]) -> Problem:
    """Make the problem of files that build on each other, from the first to the first again."""
    chain = " → ".join(Path(label).name for label in labels)
    return Problem(labels[-2], "extends", "circular", chain, listed(tuple(bundled())))


def _label(path: Path) -> str:
    """Name a file as the user did; a bundled one by its name alone."""
    return path.name if path in bundled().values() else str(path)


def read_table(path: Path) -> dict[str, Any]:
    """Read one file; InputError if it is not a table of TOML."""
    label = _label(path)
    return table_of_text(_decoded(_content(path, label), label), label)


def table_of_text(words: str, label: str) -> dict[str, Any]:
    """Read the text of a file; InputError if it is not a table of TOML, or more than a file may have."""
    bounds.FILE.check(len(words.encode("utf-8", "surrogatepass")), label)
    if not words.strip():
        raise _unusable(label, "empty_file")
    if deep := _DEEP_KEY.search(words):
        raise _unusable(label, "too_deep", shortened(deep[0]))
    try:
        return tomllib.loads(words)
    except RecursionError:
        raise _unusable(label, "too_deep") from None
    except ValueError as error:
        raise InputError([_no_toml(words, label, str(error))]) from None


def _content(path: Path, label: str) -> bytes:
    """Read a file of bearable size."""
    try:
        status = os.stat(path)
        if not stat.S_ISREG(status.st_mode):
            raise _unusable(label, "a_directory" if stat.S_ISDIR(status.st_mode) else "no_file")
        if _is_record(path):
            raise _unusable(label, "a_record")
        bounds.FILE.check(status.st_size, label)
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise InputError([_missing(label)]) from None
    except PermissionError:
        raise _unusable(label, "no_permission") from None
    except (OSError, ValueError) as error:
        raise _unusable(label, "unreadable", str(error)) from None


def _is_record(path: Path) -> bool:
    """Tell whether a file is a database, as the record of a room is; scenarios are text."""
    with path.open("rb") as file:
        return file.read(len(_DATABASE)) == _DATABASE


def _missing(label: str) -> Problem:
    ids = tuple(bundled())
    return Problem(label, "", "missing_file", shown(label), listed(ids), nearest(Path(label).stem, ids))


def _decoded(content: bytes, label: str) -> str:
    """Decode UTF-8; some editors put a mark before it."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        details = {"offset": error.start}
        raise InputError(
            [Problem(label, "", "not_utf8", f"0x{content[error.start]:02x}", "UTF-8", details=details)]
        ) from None


def _no_toml(words: str, label: str, complaint: str) -> Problem:
    """Make the problem of a file that is not TOML, from the parser's complaint."""
    lines = words.splitlines()
    match = _POSITION.search(complaint)
    line, column = map(int, match.groups(default="0")) if match else (0, 0)
    line, column = (line, column) if line else (len(lines), len(lines[-1]))
    kind = "repeated" if complaint.startswith(_REPEATED) else "not_toml"
    given = lines[line - 1].strip() if line <= len(lines) else ""
    details = {"line": line, "column": column}
    return Problem(label, "", kind, shortened(given), "TOML 1.0", details=details)


def _unusable(label: str, kind: str, given: str = "", allowed: str = "") -> InputError:
    return InputError([Problem(label, "", kind, given, allowed)])
