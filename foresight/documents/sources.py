"""What the sources declare: rules with their sub-steps, fields of a record, purposes of draws.

Read from the text of the modules, so that comments count and nothing has to be compiled.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

#: Heads of the sub-steps in `rules`, such as ``# (5) Deliver, (6) lapse and exit``.
_HEAD: Final = re.compile(r"^# (?=\(\d+\))")

_NUMBER: Final = re.compile(r"\((\d+)\)")
_CLAIM: Final = re.compile(r"\bH\d\b")
_SHAPE: Final = re.compile(r"\[[^\]]*\]")


class Rule(NamedTuple):
    """One compiled function of `rules`."""

    name: str
    steps: tuple[int, ...]  # sub-steps that it belongs to; none for what all of them use
    arguments: tuple[str, ...]
    purpose: str  # first line of its docstring
    computed: str  # its lines, docstring left out
    claims: tuple[str, ...]  # that its docstring names


class Field(NamedTuple):
    """One field of a record: its type and the shape that its comment says."""

    name: str
    kind: str
    shape: str


@cache
def rules() -> tuple[Rule, ...]:
    """Return every compiled function of `rules` in the order of the source, which is that of a year."""
    heads = _heads("rules")
    return tuple(
        _rule(node, next((steps for line, steps in reversed(heads) if line < node.lineno), ()))
        for node in _tree("rules").body
        if isinstance(node, ast.FunctionDef)
        and any(ast.unparse(decorator) == "compiled" for decorator in node.decorator_list)
    )


def schedule() -> tuple[tuple[int, ...], ...]:
    """Return the sub-steps of a year, those that share a head together, in the order of `rules`."""
    return tuple(steps for _, steps in _heads("rules"))


def fields(module: str, record: str) -> tuple[Field, ...]:
    """Return the fields that a record of a module declares."""
    lines = _source(module).splitlines()
    body = next(node.body for node in _tree(module).body if isinstance(node, ast.ClassDef) and node.name == record)
    return tuple(_field(node, lines[node.lineno - 1]) for node in body if isinstance(node, ast.AnnAssign))


def purposes() -> dict[str, int]:
    """Return the purposes of draws beside the actions, by name."""
    numbers = {
        node.target.id: node.value.value
        for node in _tree("draws").body
        if isinstance(node, ast.AnnAssign)
        and isinstance(node.target, ast.Name)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, int)
    }
    return {name: number for name, number in numbers.items() if name != "WORDS" and not name.startswith("_")}


def _rule(node: ast.FunctionDef, steps: tuple[int, ...]) -> Rule:
    words = ast.get_docstring(node) or ""
    return Rule(
        node.name,
        steps,
        tuple(argument.arg for argument in node.args.args),
        words.partition("\n")[0],
        "\n".join(ast.unparse(line) for line in node.body[1:]),
        tuple(_CLAIM.findall(words)),
    )


def _field(node: ast.AnnAssign, line: str) -> Field:
    shape = _SHAPE.search(line.partition("#")[2])
    return Field(ast.unparse(node.target), ast.unparse(node.annotation), shape.group() if shape else "")


def _heads(module: str) -> list[tuple[int, tuple[int, ...]]]:
    return list(_numbered(_source(module).splitlines()))


def _numbered(lines: list[str]) -> Iterator[tuple[int, tuple[int, ...]]]:
    for number, line in enumerate(lines, start=1):
        if _HEAD.match(line):
            yield number, tuple(map(int, _NUMBER.findall(line)))


@cache
def _source(module: str) -> str:
    return files("foresight.engine").joinpath(f"{module}.py").read_text("utf-8")


@cache
def _tree(module: str) -> ast.Module:
    return ast.parse(_source(module))
