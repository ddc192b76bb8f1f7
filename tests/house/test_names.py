"""Names say what they hold: a participle may stand for the result of a call, not for anything that lives longer."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from places import ROOT

PARTICIPLES = {"chosen", "found", "given", "known", "made", "one", "said", "told"}

#: Lines that a name of that kind may live.
SHORT = 5

SOURCES = sorted(path for folder in ("foresight", "ui") for path in (ROOT / folder).rglob("*.py"))


def bound(function: ast.FunctionDef) -> Iterator[tuple[str, int]]:
    """Yield the names that a function binds or takes, and the lines that each is used in."""
    arguments = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    names = [node for node in ast.walk(function) if isinstance(node, ast.Name)]
    taken = {argument.arg for argument in arguments}
    stored = {node.id for node in names if isinstance(node.ctx, ast.Store)}
    yield from ((name, function.lineno) for name in taken)
    yield from ((node.id, node.lineno) for node in names if node.id in taken | stored)


def lives(function: ast.FunctionDef) -> dict[str, int]:
    """Return how many lines each name of that kind lives in a function."""
    lines: dict[str, list[int]] = {}
    for name, line in bound(function):
        if name in PARTICIPLES:
            lines.setdefault(name, []).append(line)
    return {name: max(used) - min(used) for name, used in lines.items()}


@pytest.mark.parametrize("path", SOURCES, ids=[str(path.relative_to(ROOT)) for path in SOURCES])
def test_a_participle_does_not_live_long(path: Path):
    functions = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.FunctionDef)]
    long = {(function.name, name) for function in functions for name, life in lives(function).items() if life > SHORT}
    assert long == set()
