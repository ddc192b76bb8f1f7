"""The public floors: what `from foresight import …` gives, and the rooms that a page says users may import from."""

import ast
import inspect
import json
import re
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

import foresight

ROOT = Path(foresight.__file__).parents[1]
PAGE = (ROOT / "notebooks" / "reference" / "api.md").read_text("utf-8")

#: What readers are shown: code in the README, the guides and the book, and the cells of notebooks.
GUIDES = [ROOT / "README.md", *(ROOT / "scenarios").glob("*.md"), *(ROOT / "notebooks").rglob("*.md")]


@cache
def rooms() -> tuple[str, ...]:
    """Return the rooms that the page lists as open to users."""
    wings = re.findall(r"^- `([a-z.]*)`: (.*)$", PAGE, re.MULTILINE)
    return tuple(f"{wing}.{room}" for wing, words in wings for room in re.findall(r"`(\w+)`", words))


def sources() -> dict[str, str]:
    """Return the Python that readers are shown, by where it stands."""
    shown = {
        f"{page.relative_to(ROOT)}, block {number}": block
        for page in GUIDES
        for number, block in enumerate(re.findall(r"```python\n(.*?)```", page.read_text("utf-8"), re.DOTALL))
    }
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        cells = [cell for cell in json.loads(path.read_text("utf-8"))["cells"] if cell["cell_type"] == "code"]
        for number, cell in enumerate(cells):
            lines = "".join(cell["source"]).splitlines()
            shown[f"{path.name}, cell {number}"] = "\n".join(line for line in lines if line[:1] not in "%!")
    return shown


def imports(source: str) -> list[tuple[str, str]]:
    """Return what a source imports from the package: modules and names."""
    nodes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom)]
    return [(str(node.module), alias.name) for node in nodes for alias in node.names if "foresight" in str(node.module)]


def test_the_page_lists_rooms():
    assert len(rooms()) > 10


@pytest.mark.parametrize("room", rooms())
def test_a_room_that_is_open_says_what_it_is_and_documents_every_public_name(room: str):
    module = import_module(room)
    assert module.__doc__
    own = [item for _, item in inspect.getmembers(module) if getattr(item, "__module__", "") == room]
    public = [item for item in own if not item.__name__.startswith("_")]
    assert public or room == "foresight.actions"
    assert [item.__name__ for item in public if not inspect.getdoc(item)] == []


@pytest.mark.parametrize("place", sources())
def test_readers_are_shown_open_rooms_and_names_that_are_there(place: str):
    for module, name in imports(sources()[place]):
        assert module in ("foresight", *rooms()), f"{place}: {module} is not open"
        assert hasattr(import_module(module), name), f"{place}: {module} has no {name}"


@pytest.mark.parametrize("name", foresight.__all__)
def test_every_public_name_is_there_and_documented(name: str):
    assert name == "__version__" or inspect.getdoc(getattr(foresight, name))


@pytest.mark.parametrize(
    "script", [*ROOT.glob(".github/*.py"), *ROOT.glob("tests/made/*.py")], ids=lambda path: path.stem
)
def test_scripts_that_no_test_runs_import_what_is_there(script: Path):
    for module, name in imports(script.read_text("utf-8")):
        home = import_module(module)
        assert hasattr(home, name) or import_module(f"{module}.{name}"), f"{module} has no {name}"
