"""The interface stands on the library, asks nothing of any other host, and touches files in few places."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import foresight_ui
import pytest

import foresight

UI = Path(foresight_ui.__file__).parent
LIBRARY = Path(foresight.__file__).parent
ASSETS = UI / "assets"
MODULES = sorted(str(path.relative_to(UI)) for path in UI.rglob("*.py"))
SCRIPTS = sorted(ASSETS.glob("*.js"))

#: Modules that know the server; all others can be used, and tested, without one.
SERVING = {"app.py", "session.py"}

#: Modules that start what knows it, or are started by it.
STARTING = {*SERVING, "command.py"}

#: Modules that touch files: what is handed on and taken in, and experiments on their way.
FILES = {"exporting.py", "loaded.py", "trial.py"}

#: Modules that read what ships with the interface.
RESOURCES = {"app.py", "words.py"}

_READING = {"read_bytes", "read_text"}
_TOUCHING = {"mkdir", "open", "rename", "replace_file", "rmdir", "unlink", "write_bytes", "write_text"}


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def imported(path: Path) -> Iterator[str]:
    """Yield every module that one imports anywhere, those of the interface by their relative names."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")


def libraries(path: Path) -> set[str]:
    return {name.split(".")[0] for name in imported(path)}


def calls(path: Path) -> set[str]:
    found = (node.func for node in ast.walk(tree(path)) if isinstance(node, ast.Call))
    outside = (one for one in found if ast.unparse(one) != "self.state.open")  # which opens a scenario
    return {one.attr if isinstance(one, ast.Attribute) else ast.unparse(one) for one in outside}


def strange(text: str) -> set[str]:
    """Return the addresses of other hosts in a text, those of namespaces left out."""
    return {one for one in re.findall(r"(?:https?:|[\"'(]\s*)//[\w.-]+", text) if "www.w3.org" not in one}


def test_the_library_knows_the_interface_in_the_command_line_alone():
    above = {"foresight_ui", "ui", "panel", "param"}
    knowing = {path.name for path in LIBRARY.rglob("*.py") if above & libraries(path)}
    assert knowing <= {"verbs.py"}


def test_the_library_loads_without_the_interface():
    """An import within a function does not count."""
    top = [node for node in tree(LIBRARY / "verbs.py").body if isinstance(node, ast.Import | ast.ImportFrom)]
    assert not any("foresight_ui" in ast.unparse(node) for node in top)


@pytest.mark.parametrize("module", MODULES)
def test_the_server_is_known_to_few(module: str):
    assert not {"panel", "param", "bokeh", "tornado"} & libraries(UI / module) or module in SERVING


@pytest.mark.parametrize("module", MODULES)
def test_nobody_but_the_server_knows_the_session(module: str):
    assert module in STARTING or not {".session", "..session", ".app", "..app"} & set(imported(UI / module))


@pytest.mark.parametrize("module", [one for one in MODULES if one.startswith("pages")])
def test_pages_do_not_know_what_stands_around_them(module: str):
    assert not {"..paging", "..sharing", "..link"} & set(imported(UI / module))


@pytest.mark.parametrize("module", MODULES)
def test_files_are_touched_in_few_modules(module: str):
    found = calls(UI / module)
    assert not found & _TOUCHING or module in FILES
    assert not found & _READING or module in FILES | RESOURCES
    assert not {"io", "os", "shutil", "tempfile"} & libraries(UI / module) or module in FILES


@pytest.mark.parametrize("module", MODULES)
def test_no_module_reaches_for_the_network(module: str):
    assert not {"http", "httpx", "requests", "ssl", "urllib"} & libraries(UI / module)
    assert "socket" not in libraries(UI / module) or module in SERVING


def assets() -> list[Path]:
    return [path for path in ASSETS.rglob("*") if path.suffix in {".css", ".html", ".js", ".svg"}]


@pytest.mark.parametrize("path", assets(), ids=lambda path: path.name)
def test_nothing_is_fetched_from_another_host(path: Path):
    code = path.read_text("utf-8")
    first, *_ = code.split("\n", 1)
    licence = first if path.parent.name == "vendor" and first.startswith("//") else ""
    assert strange(code.removeprefix(licence)) == set()
    if path.suffix == ".css":
        assert set(re.findall(r"@import|url\((?![\"']?(?:data:|#|[\w./-]+\.woff2))", code)) == set()


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_scripts_import_what_ships_with_them(path: Path):
    script = path.read_text("utf-8")
    sources = re.findall(r"\b(?:from|import)\s*\(?\s*[\"']([^\"']+)[\"']", script)
    assert all(re.fullmatch(r"\./(?:vendor/)?[\w-]+\.js", one) for one in sources)
    assert all((ASSETS / one).is_file() for one in sources)
    assert not re.search(r"\b(?:eval|importScripts|XMLHttpRequest|sendBeacon|EventSource|WebSocket)\b", script)


def test_scripts_fetch_nothing_but_what_is_served_beside_them():
    fetched = {one for path in SCRIPTS for one in re.findall(r"\bfetch\(([^,)]+)", path.read_text("utf-8"))}
    assert fetched <= {'"assets/app.css"'}


def test_every_script_is_used():
    sources = [path.read_text("utf-8") for path in (*SCRIPTS, ASSETS / "index.html")]
    assert {path.name for path in SCRIPTS if not any(f"/{path.name}" in one for one in sources)} == set()


def test_an_address_of_another_host_would_be_noticed():
    assert strange('import "https://cdn.example.org/x.js"') == {"https://cdn.example.org"}
    assert strange('fetch("//cdn.example.org/x.js")') != set()
    assert strange('"http://www.w3.org/2000/svg" // and a remark') == set()
