"""What SECURITY.md promises is tested, and its bounds are those that hold."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from foresight import bounds
from foresight.texts import Words

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "SECURITY.md").read_text("utf-8")

#: What runs texts as programs, or makes objects of them.
RUNNERS = {
    "pickle",
    "shelve",
    "marshal",
    "yaml",
    "subprocess",
    "code",
    "runpy",
    "eval",
    "exec",
    "compile",
    "system",
    "popen",
}

#: What has a browser read a text as markup or a program.
MARKUP = ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "srcdoc")

#: Those of the interface; what ships of others is not among them.
SCRIPTS = sorted(path for path in (ROOT / "ui" / "assets").rglob("*.js") if path.parent.name != "vendor")


def section(title: str) -> str:
    """Return what stands below a heading."""
    return PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def lines() -> list[str]:
    return [line for line in section("What is defended").splitlines() if line.startswith("- ")]


@cache
def functions(file: Path) -> set[str]:
    return {node.name for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("line", lines())
def test_a_test_stands_behind_each_line(line: str):
    named = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", line)
    assert named
    assert [name for file, name in named if name not in functions(ROOT / file)] == []


def test_the_table_has_every_bound_with_its_value():
    known = {name: one for name, one in vars(bounds).items() if isinstance(one, bounds.Bound)}
    rows = [f"| `{name}` | {Words().say(f'problem.{one.kind}', most=f'{one.most:,}')} |" for name, one in known.items()]
    assert re.findall(r"^\| `.+$", section("Bounds"), re.MULTILINE) == rows


@pytest.mark.parametrize("kind", ["README.md", "MANIFEST.in"])
def test_the_page_is_linked_and_packed(kind: str):
    assert "SECURITY.md" in (ROOT / kind).read_text("utf-8")


def used(file: Path) -> set[str]:
    """Return the libraries that a file imports, and the functions that it calls by their names alone or of modules."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.add(str(node.module).partition(".")[0])
        elif isinstance(node, ast.Call):
            names.add(ast.unparse(node.func).removeprefix("os."))
    return names


#: What starts another program: the browser of the machine, on a page of our own; pip, which gets what the program
#: needs; and in a bundle the program itself.
STARTERS = {
    "foresight/cli/paper.py": {"subprocess"},
    "foresight/parcels/start.py": {"subprocess"},
    "foresight/parcels/wheels.py": {"subprocess"},
}


def test_no_room_runs_what_it_reads():
    files = [*(ROOT / "foresight").rglob("*.py"), *(ROOT / "ui").rglob("*.py")]
    names = {file.relative_to(ROOT).as_posix(): used(file) & RUNNERS for file in files}
    assert {file: words for file, words in names.items() if words} == STARTERS


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_no_script_writes_markup(script: Path):
    assert [name for name in MARKUP if name in script.read_text("utf-8")] == []
