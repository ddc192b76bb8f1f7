"""From what a table breaks, as pydantic has it, to problems a person can act on."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, Final, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from pydantic_core.core_schema import ErrorType

from foresight import bounds
from foresight.errors import UNREADABLE, InputError, Problem, listed, nearest, shortened, shown
from foresight.facts.members import member_codes
from foresight.facts.parameters import levers, uncertainties
from foresight.facts.states import proposal

#: Problem kinds by pydantic's names for them, "malformed" by those not named; the project's own are kinds already.
KINDS: Final[Mapping[str, str]] = {
    "extra_forbidden": "unknown_key",
    "missing": "missing",
    "greater_than_equal": "out_of_range",
    "greater_than": "out_of_range",
    "less_than_equal": "out_of_range",
    "less_than": "out_of_range",
    "finite_number": "not_finite",
    "float_type": "not_a_number",
    "int_type": "not_whole",
    "bool_type": "not_true_or_false",
    "string_type": "not_text",
    "string_too_short": "empty",
    "too_short": "empty",
    "string_unicode": "unreadable_text",
    "model_type": "not_a_table",
    "dict_type": "not_a_table",
    "tuple_type": "not_a_list",
}

_OF_PYDANTIC: Final = frozenset(get_args(ErrorType))

Model = TypeVar("Model", bound=BaseModel)

#: Kinds of problems whose given value is in words already.
_IN_WORDS: Final = {"overlap", "nobody_takes_part", "too_many_runs", bounds.VALUES.kind}

_OF_KEYS: Final = {"unknown_key", "not_a_table", "missing"}
_MOST_PROBLEMS: Final = 100  # described one by one; of more, their number


def validated_as(model: type[Model], table: Mapping[str, Any], file: str) -> Model:
    """Make what a file describes from a table shaped like the file.

    Parameters
    ----------
    model : type of a pydantic model
        What the table is to be.
    table : Mapping
        As read from a file, or put together from several.
    file : str
        Where the table comes from, for messages.

    Raises
    ------
    InputError
        With every problem of the table.
    """
    try:
        return model.model_validate(table)
    except ValidationError as error:
        raise InputError(_problems(error, file, model)) from None


def _problems(error: ValidationError, file: str, model: type[BaseModel]) -> list[Problem]:
    errors = error.errors(include_url=False)
    problems = [_problem(details, file, model) for details in errors[:_MOST_PROBLEMS]]
    meant = {_sibling(problem) for problem in problems if problem.kind == "unknown_key"}
    problems = [problem for problem in problems if problem.kind != "missing" or problem.field not in meant]
    more = len(errors) - _MOST_PROBLEMS
    return [*problems, Problem(file, "", "more", details={"count": more})] if more > 0 else problems


def _sibling(problem: Problem) -> str:
    """Return the field that a misspelt key was meant to be: it is not reported as missing as well."""
    table, dot, _ = problem.field.rpartition(".")
    return f"{table}{dot}{problem.nearest}"


def _problem(details: ErrorDetails, file: str, model: type[BaseModel]) -> Problem:
    path = tuple(part for part in details["loc"] if part != "[key]")
    context = details.get("ctx", {})
    kind = kind_of(details["type"])
    place = _schema(model, path[:-1] if kind == "unknown_key" else path)
    names = tuple(context.get("names", ())) or (_names(place) if kind in _OF_KEYS else ())
    elsewhere = _paths(model) if kind == "unknown_key" else {}
    entry, field = context.get("given") or _given(kind, path, details["input"]), _dotted(path)
    near = context.get("near") or _meant(kind, path, entry.strip('"'), names, elsewhere)
    if path and near == field and (fixed := uncertainties().get(str(path[-1]))) and fixed.fixed:
        return Problem(file, field, "fixed", details={"value": f"{fixed.default:g}"})
    return Problem(
        file=file,
        field=field,
        kind=kind,
        given=entry,
        allowed=listed(names) if names else _bounds(place),
        nearest="" if near == field else near,
        details={
            key: value for key, value in context.items() if isinstance(value, str) and key not in ("given", "near")
        },
    )


def kind_of(name: str) -> str:
    """Return the kind of problem that an error is, by pydantic's name for it or our own."""
    return KINDS.get(name, "malformed" if name in _OF_PYDANTIC else name)


def _given(kind: str, path: tuple[str | int, ...], value: object) -> str:
    if kind == "missing":
        return ""
    if kind == "unknown_key":
        return shortened(str(path[-1]))
    if kind == "unreadable_text":
        return _unreadable(value)
    return value if kind in _IN_WORDS and isinstance(value, str) else shown(value)


def _unreadable(value: object) -> str:
    """Write the character of a text that nobody can read as Unicode names it; ends of lines come last."""
    found = sorted(UNREADABLE.findall(str(value)), key=lambda sign: sign in "\t\n")
    return f"U+{ord(found[0]):04X}" if found else shown(value)


def _dotted(path: Iterable[str | int]) -> str:
    """Write a path as in `event[2].scope`, entries counted from 1."""
    return "".join(f"[{part + 1}]" if isinstance(part, int) else f".{shortened(part)}" for part in path).lstrip(".")


def _meant(
    kind: str, path: tuple[str | int, ...], word: str, names: Sequence[str | int], elsewhere: Mapping[str, str]
) -> str:
    """Return what was probably meant by an unknown name, or by a key or table in the wrong place."""
    if kind == "not_a_list" and path in {("coalition",), ("event",)}:
        return f"[[{path[0]}]]"
    if not kind.startswith("unknown"):
        return ""
    near = _nearest(kind, word, (*names, *(key for key in elsewhere if key not in names)))
    if kind == "unknown_scope" and near in member_codes():
        return f'["{near}"]'  # a member stands in a list
    return near if near in names else elsewhere.get(near, near)


@cache
def _paths(model: type[BaseModel]) -> dict[str, str]:
    """Return the path of every key of the tables whose keys tell what table they are of."""
    structure = _names(_schema(model, ["structure"]))
    tables = {"uncertainties": uncertainties(), "levers": levers(), "structure": structure}
    return {key: f"{table}.{key}" for table, keys in tables.items() for key in keys}


def _nearest(kind: str, word: str, names: Sequence[str | int]) -> str:
    words = [name for name in names if isinstance(name, str)]
    same = next((name for name in words if name.lower() == word.lower()), "")
    of_states = kind in {"unknown_member", "unknown_scope"}
    return same or (proposal(word, words) if of_states else nearest(word, words))


@cache
def _whole_schema(model: type[BaseModel]) -> dict[str, Any]:
    return model.model_json_schema()


def _schema(model: type[BaseModel], path: Iterable[str | int]) -> dict[str, Any]:
    """Return the JSON schema of the place a path leads to; empty where it says nothing."""
    node = whole = _whole_schema(model)
    for part in path:
        node = _inside(node, part, whole)
    return _resolved(node, whole)


def _inside(node: dict[str, Any], part: str | int, whole: Mapping[str, Any]) -> dict[str, Any]:
    node = _resolved(node, whole)
    if isinstance(part, int):
        return dict(node.get("items", node))
    return dict(node.get("properties", {}).get(part) or node.get("additionalProperties") or {})


def _resolved(node: dict[str, Any], whole: Mapping[str, Any]) -> dict[str, Any]:
    """Follow a reference, and the first choice of several: the others are null."""
    while True:
        if "anyOf" in node:
            node = node["anyOf"][0]
        elif "$ref" in node:
            node = whole["$defs"][node["$ref"].rpartition("/")[2]]
        else:
            return node


def _names(node: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the keys a place may have."""
    return tuple(node.get("properties", ()))


def _bounds(node: Mapping[str, Any]) -> str:
    """Say how large or of what form a value may be."""
    if "pattern" in node:
        return str(node["pattern"]).strip("^$")
    if "minimum" not in node:
        return ""
    above = f"<{node['exclusiveMaximum']:g}" if "exclusiveMaximum" in node else ""
    above = f"{node['maximum']:g}" if "maximum" in node else above
    return f"{node['minimum']:g} … {above}".rstrip()
