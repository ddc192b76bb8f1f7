"""Which room of the interface may know which, in Python and in the browser, and who has the keys."""

import ast
import os
import re
from collections.abc import Mapping
from graphlib import TopologicalSorter
from pathlib import Path

import foresight_ui
import pytest

import foresight

UI = Path(foresight_ui.__file__).parent
LIBRARY = Path(foresight.__file__).parent
ASSETS = UI / "assets"
MODULES = sorted(str(path.relative_to(UI)) for path in UI.rglob("*.py") if path.name != "__init__.py")
SCRIPTS = sorted(str(path.relative_to(ASSETS)) for path in ASSETS.rglob("*.js") if path.parent.name != "vendor")

#: From the ground up, beginnings of the names of rooms: nobody imports from above.
FLOORS = (
    *("words.py", "runs/", "serving/", "visit/", "parts/", "pages/"),
    "app command desk drawing house inbox menu messages post session sharing",
    "room/",
)
FLOORS_OF_SCRIPTS = (
    "vendor/ dom folds save store navigation relay",
    "dialogs upload paper",
    "charts/ controls/",
    "parts/",
    "pages/ shell",
    "presenting",
    "app",
    "room/",
)

#: Scripts that a page begins with, or that are put into one.
BEGINNINGS = {
    "app.js",
    "room/desk.js",
    "room/wall.js",
    *(f"room/phone{part}.js" for part in ("", "-file", "-line", "-scenes", "-seat")),
}

#: Scripts that speak with the server themselves, and what may be fetched.
LINES = {"room/desk-line.js", "room/phone-line.js", "room/wall-line.js"}
FETCHED = {'"assets/app.css"', '"/room/file"', '"/room/" + path'}

#: Folders whose rooms do not know each other.
APART = ("pages/",)

#: What answers the network.
SERVING = {module for module in MODULES if module.startswith("serving/")}

#: What answers phones, desks and walls.
LISTENING = {f"room/{name}.py" for name in ("command", "files", "pages", "polling", "wire")}

#: What only few may import, and who.
KEYS: Mapping[str, tuple[set[str], set[str]]] = {
    "the server": ({"panel", "param", "bokeh", "tornado"}, {"app.py", "house.py", "session.py", *SERVING, *LISTENING}),
    "the network": (
        {"http", "httpx", "requests", "ssl", "urllib"},
        {"sharing.py", *SERVING, *LISTENING},  # the first writes an address
    ),
    "sockets": ({"socket"}, {"app.py", "serving/names.py"}),
    "the session": ({"app.py", "house.py", "session.py"}, {"command.py", "house.py"}),
    "links": ({"visit/link.py"}, {"session.py", "visit/memory.py", "visit/state.py"}),
    "files": (
        {"io", "os", "shutil", "tempfile"},
        {"visit/files.py", "visit/uploads.py", "runs/trial.py", "runs/weight.py"}
        | {"room/command.py", "room/files.py"},
    ),
    "the terminal": ({"rich", "typer"}, {"room/command.py"}),
    "the command line": ({"foresight.cli.screen", "foresight.cli.calls", "foresight.cli.commands"}, set()),
}

#: What only few may call, and who.
CALLS: Mapping[str, tuple[set[str], set[str]]] = {
    "reading": (
        {"read_bytes", "read_text"},
        {
            "app.py",
            "serving/files.py",
            "words.py",
            "runs/stored.py",
            "runs/trusted.py",
            "room/pages.py",
            *KEYS["files"][1],
        },
    ),
    "touching": (
        {"mkdir", "open", "rename", "replace_file", "rmdir", "unlink", "write_bytes", "write_text"},
        KEYS["files"][1],
    ),
}


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def imported(path: Path) -> set[str]:
    """Return every module and library that one imports anywhere, those of the interface by their paths."""
    names: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names |= {str(node.module), *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.ImportFrom):
            folder = path.parents[node.level - 1].joinpath(*(node.module or "").split("."))
            rooms = [folder / alias.name for alias in node.names] if folder.is_dir() else [folder]
            names |= {str(room.with_suffix(".py").relative_to(UI)) for room in rooms}
    return names | {name.split(".")[0] for name in names if not name.endswith(".py")}


def calls(path: Path) -> set[str]:
    called = (node.func for node in ast.walk(tree(path)) if isinstance(node, ast.Call))
    names = {ast.unparse(func): func.attr if isinstance(func, ast.Attribute) else ast.unparse(func) for func in called}
    others = ("self.state.open", "self._post.open", "self.sessions.open", "stream.read_bytes")  # open no file
    return {last for whole, last in names.items() if whole not in others}


def sources(script: str) -> list[str]:
    """Return what a script imports, as it is written."""
    return re.findall(r"\b(?:from|import)\s*\(?\s*[\"']([^\"']+)[\"']", (ASSETS / script).read_text("utf-8"))


def floor(name: str, floors: tuple[str, ...]) -> int:
    """Return the floor that a room is on."""
    return next(at for at, names in enumerate(floors) if any(map(name.startswith, names.split() or [""])))


ROOMS = {module: {name for name in imported(UI / module) if name.endswith(".py")} for module in MODULES}
SCRIPT_ROOMS = {
    script: {os.path.normpath(Path(script).parent / source) for source in sources(script)} for script in SCRIPTS
}


@pytest.mark.parametrize(("rooms", "floors"), [(ROOMS, FLOORS), (SCRIPT_ROOMS, FLOORS_OF_SCRIPTS)])
def test_no_room_knows_one_above_it_or_itself_by_way_of_others(rooms: dict[str, set[str]], floors: tuple[str, ...]):
    arrows = [(room, known) for room, all_known in rooms.items() for known in all_known]
    assert [arrow for arrow in arrows if floor(arrow[0], floors) < floor(arrow[1], floors)] == []
    assert [arrow for arrow in arrows for name in APART if all(room.startswith(name) for room in arrow)] == []
    assert list(TopologicalSorter(rooms).static_order())


@pytest.mark.parametrize("key", KEYS)
def test_few_have_the_key(key: str):
    libraries, owners = KEYS[key]
    assert {module for module in MODULES if libraries & imported(UI / module)} <= owners


@pytest.mark.parametrize("key", CALLS)
def test_few_touch_files(key: str):
    names, owners = CALLS[key]
    assert {module for module in MODULES if names & calls(UI / module)} <= owners


@pytest.mark.parametrize("folder", [UI, *(path.parent for path in UI.rglob("*/__init__.py"))], ids=lambda one: one.name)
def test_a_folder_says_in_one_sentence_what_may_live_there(folder: Path):
    (plate,) = tree(folder / "__init__.py").body
    assert re.fullmatch(r"[^.]+\.", ast.get_docstring(ast.Module([plate], [])) or "")


@pytest.mark.parametrize("path", sorted(LIBRARY.rglob("*.py")), ids=lambda path: path.name)
def test_the_library_loads_without_the_interface(path: Path):
    """An import within a function does not count, and there is but one, of the command line."""
    code = path.read_text("utf-8")
    assert not re.search(r"^(?:from|import) (?:foresight_ui|ui)\b", code, re.MULTILINE)
    assert not re.search(r"^\s*(?:from|import) (?:panel|param)\b", code, re.MULTILINE)


# The browser ---------------------------------------------------------------------------------------------------------


def strange(text: str) -> set[str]:
    """Return the addresses of other hosts in a text, those of namespaces left out."""
    return {one for one in re.findall(r"(?:https?:|[\"'(]\s*)//[\w.-]+", text) if "www.w3.org" not in one}


def assets() -> list[Path]:
    return [path for path in ASSETS.rglob("*") if path.suffix in {".css", ".html", ".js", ".svg"}]


@pytest.mark.parametrize("path", assets(), ids=lambda path: str(path.relative_to(ASSETS)))
def test_nothing_is_fetched_from_another_host(path: Path):
    code = path.read_text("utf-8")
    first, *_ = code.split("\n", 1)
    licence = first if path.parent.name == "vendor" and first.startswith("//") else ""
    assert strange(code.removeprefix(licence)) == set()
    if path.suffix == ".css":
        assert set(re.findall(r"@import|url\((?![\"']?(?:data:|#|[\w./-]+\.woff2))", code)) == set()


@pytest.mark.parametrize("script", SCRIPTS)
def test_scripts_import_what_ships_with_them(script: str):
    assert all(re.fullmatch(r"\.{1,2}/(?:\w+/)?[\w-]+\.js", source) for source in sources(script))
    assert all((ASSETS / source).is_file() for source in SCRIPT_ROOMS[script])
    forbidden = r"\b(?:eval|importScripts|XMLHttpRequest|sendBeacon|EventSource|WebSocket)\b"
    found = set(re.findall(forbidden, (ASSETS / script).read_text("utf-8")))
    assert found <= ({"WebSocket"} if script in LINES else set())


@pytest.mark.parametrize("script", SCRIPTS)
def test_scripts_can_be_read_on_one_screen(script: str):
    assert [line for line in (ASSETS / script).read_text("utf-8").splitlines() if len(line) > 140] == []


def test_scripts_fetch_nothing_but_what_is_served_beside_them():
    fetched = {one for script in SCRIPTS for one in re.findall(r"\bfetch\(([^,)]+)", (ASSETS / script).read_text())}
    assert fetched <= FETCHED


def test_every_script_and_everything_that_one_hands_out_is_used():
    whole = "".join((ASSETS / script).read_text("utf-8") for script in SCRIPTS)
    asked = {name.strip() for names in re.findall(r"import \{([^}]+)\}", whole) for name in names.split(",")}
    assert set(re.findall(r"^export (?:async )?(?:function|const) (\w+)", whole, re.MULTILINE)) <= asked
    assert set(SCRIPTS) - set().union(*SCRIPT_ROOMS.values()) == BEGINNINGS
    assert '"$assets/app.js"' in (ASSETS / "index.html").read_text("utf-8")


def test_an_address_of_another_host_would_be_noticed():
    assert strange('import "https://cdn.example.org/x.js"') == {"https://cdn.example.org"}
    assert strange('fetch("//cdn.example.org/x.js")') != set()
    assert strange('"http://www.w3.org/2000/svg" // and a remark') == set()
