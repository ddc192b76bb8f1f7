"""The house: which wing may import which, who has the keys to files, terminal and Mesa, and that there is no circle."""

import ast
import re
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import foresight
from foresight.engine.compiled import COMPILED_SOURCES

PACKAGE = Path(foresight.__file__).parent
ENGINE = PACKAGE / "engine"
MAP = PACKAGE.parent / "notebooks" / "guides" / "code.md"

#: What each wing may import besides itself and the ground, the modules in the root of the package.
WINGS = {
    "facts": "",
    "engine": "",
    "scenario": "facts engine",
    "agents": "facts engine scenario",
    "results": "facts engine scenario",
    "experiments": "facts engine scenario results",
    "search": "facts engine scenario results",
    "documents": "facts engine scenario results",
    "observed": "facts engine results",
    "calibration": "facts engine observed",
    "analysis": "facts scenario results experiments",
    "reports": "facts engine scenario results analysis observed calibration documents",
    "workshop": "facts scenario results observed documents",
    "parcels": "engine results documents",
    "cli": "facts scenario results experiments analysis search observed calibration documents reports workshop parcels",
}

#: Rooms that only name others; nobody imports them.
ROOFS = {"foresight", "foresight.__main__"}

#: Who alone may import a library: the beginnings of the names of rooms. Nobody has the key to what comes as an extra;
#: it is asked for by name.
KEYS = {
    "mesa": ("agents.",),
    "numba": ("engine.compiled", "engine.flat", "engine.readiness"),
    "sqlite3": ("workshop.record",),
    "segno": ("workshop.kit",),
    "typer": ("cli.commands", "cli.main"),
    "rich": ("cli.",),
    "matplotlib": ("analysis.figures", "cli.report"),
    "foresight_ui": ("cli.commands",),
    "ui": (),
    "numpyro": (),
    "jax": (),
    "distributed": (),
    "ema_workbench": (),
    "sklearn": (),
}

#: Rooms that may open, write, move or delete files; resources of the package are read by others too.
FILES = {
    "files",
    "folders",
    "facts.tables",
    "facts.posterior",
    "engine.compiled",
    "engine.library",
    "scenario.loading",
    "results.results",
    "results.export",
    "results.netcdf",
    "experiments.journal",
    "experiments.parts",
    "experiments.points",
    "experiments.store",
    "observed.filings",
    "observed.records",
    "observed.tables",
    "sheets",
    "calibration.shipped",
    "workshop.record",
    "parcels.archive",
    "parcels.distribution",
    "parcels.sources",
    "parcels.bundle",
    "parcels.rebuilt",
    "parcels.start",
    "parcels.wheels",
    "cli.main",
    "cli.paper",
    "cli.report",
    "cli.save",
    "cli.verbs.archive",
    "cli.verbs.protocol",
}

_FILE_LIBRARIES = {"h5netcdf", "h5py", "io", "openpyxl", "shutil", "tempfile"}
_FILE_CALLS = {"mkdir", "open", "read_bytes", "rename", "rmdir", "unlink", "write_bytes", "write_text"}

#: What a room knows of the project at the most, as the beginnings of names.
KNOWS_ONLY = {
    "engine.rules": ("actions", "arrays", "engine.compiled"),
    "agents.model": ("", "agents.", "engine.rules", "engine.draws", "engine.inputs", "facts.", "scenario."),
    "agents.member": ("", "agents.", "engine.rules", "engine.draws", "engine.inputs", "facts."),
    "agents.circles": ("", "agents.", "engine.rules", "engine.draws", "engine.inputs"),
    "agents.world": ("", "agents.", "engine.rules", "engine.draws", "engine.inputs"),
    "documents.document": (),
    "documents.cited": (),
    "documents.drawings": ("arrays", "documents.cited"),
    "documents.markdown": ("documents.cited", "documents.document"),
    "documents.webpage": ("documents.cited", "documents.document"),
    "documents.sources": (),
    "calibration.scores": ("arrays",),
    "calibration.hazards": ("arrays",),
}

#: What must not stand anywhere below a room, and why.
NEVER_BELOW = [
    ("engine.", ("facts.", "scenario.", "results.", "texts"), "the engine knows no labels"),
    ("engine.", ("agents.",), "the drivers do not know each other"),
    ("agents.", ("engine.ensemble", "engine.kernel"), "the drivers do not know each other"),
    ("scenario.", ("observed.", "calibration."), "no run reads what was observed"),
    ("results.", ("observed.", "calibration."), "no run reads what was observed"),
    ("experiments.", ("observed.", "calibration."), "no run reads what was observed"),
    ("agents.", ("observed.", "calibration."), "no run reads what was observed"),
    ("documents.trace", ("engine.",), "what the sources declare is read without the engine"),
    ("documents.criticism", ("engine.",), "what the sources declare is read without the engine"),
    ("observed.records", ("engine.", "calibration."), "records are read without the engine or a fit"),
    ("observed.register", ("observed.records",), "a table is read without knowing what it is of"),
    ("observed.spells", ("engine.", "facts.", "observed.filings"), "waits are numbers alone"),
    ("calibration.baselines", ("calibration.fit", "calibration.forecast", "calibration.hindcast"), "plain methods"),
]


@cache
def rooms() -> dict[str, Path]:
    """Return every module below the package, by its name without the package's own."""
    paths = (path.relative_to(PACKAGE) for path in PACKAGE.rglob("*.py") if path.name != "__init__.py")
    return {".".join(path.with_suffix("").parts): PACKAGE / path for path in paths if path.name != "__main__.py"}


@cache
def tree(room: str) -> ast.Module:
    return ast.parse(rooms()[room].read_text("utf-8"))


@cache
def imported(room: str) -> frozenset[str]:
    """Return all that a room imports anywhere, also late or for types alone: names of rooms, and of others in full."""
    names: set[str] = set()
    for node in ast.walk(tree(room)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{room} imports relatively"
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            names |= {name if own(name) in rooms() else str(node.module) for name in inner}
    return frozenset(own(name) for name in names)


def own(name: str) -> str:
    """Return the name of a room without the package's; any other name as it is."""
    return name.removeprefix("foresight.")


@cache
def neighbours(room: str) -> frozenset[str]:
    """Return the rooms that one imports from."""
    return imported(room) & rooms().keys()


@cache
def below(room: str) -> frozenset[str]:
    """Return all rooms that one stands on."""
    reached: set[str] = set()
    pending = [room]
    while pending:
        new = neighbours(pending.pop()) - reached
        reached |= new
        pending += new
    return frozenset(reached)


def wing(room: str) -> str:
    """Return the wing of a room; the ground is empty."""
    return room.partition(".")[0] if "." in room else ""


def begins(room: str, beginnings: tuple[str, ...]) -> bool:
    return any(room == begin or (begin.endswith(".") and room.startswith(begin)) for begin in beginnings)


#: What makes a compiled function of one, see `engine.compiled`.
COMPILING = {"compiled", "entry", "rows", "view"}


def is_compiled(node: ast.AST) -> bool:
    decorators = node.decorator_list if isinstance(node, ast.FunctionDef) else []
    return not COMPILING.isdisjoint(ast.unparse(decorator) for decorator in decorators)


def feeding(room: str) -> set[str]:
    """Return the rooms whose names compiled functions, constants or types of a room are made from."""
    body = tree(room).body
    kept = [node for node in body if not isinstance(node, ast.FunctionDef) or is_compiled(node)]
    used = {node.id for top in kept for node in ast.walk(top) if isinstance(node, ast.Name)}
    sources = {
        alias.asname or alias.name: {own(f"{node.module}.{alias.name}"), own(str(node.module))} & rooms().keys()
        for node in body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    return set().union(*(homes for name, homes in sources.items() if name in used))


def file_calls(room: str) -> set[str]:
    """Return the calls of a room that touch files."""
    calls = {node.func for node in ast.walk(tree(room)) if isinstance(node, ast.Call)}
    return {func.attr if isinstance(func, ast.Attribute) else ast.unparse(func) for func in calls} & _FILE_CALLS


def test_every_folder_with_modules_is_a_wing():
    assert {wing(room) for room in rooms()} - {""} == WINGS.keys()


@pytest.mark.parametrize("name", ["", *WINGS])
def test_a_wing_imports_from_the_wings_it_may_alone(name: str):
    allowed = {"", name, *WINGS.get(name, "").split()}
    strange = {(room, other) for room in rooms() if wing(room) == name for other in neighbours(room)}
    assert {pair for pair in strange if wing(pair[1]) not in allowed} == set()


def test_no_wing_stands_above_itself():
    TopologicalSorter({name: words.split() for name, words in WINGS.items()}).prepare()


def test_no_room_is_in_a_circle():
    TopologicalSorter({room: neighbours(room) for room in rooms()}).prepare()


def test_nobody_imports_the_roofs():
    assert {room for room in rooms() if imported(room) & ROOFS} == set()


def test_a_wing_opens_with_its_door_plate_and_nothing_else():
    for path in PACKAGE.rglob("__init__.py"):
        if path.parent != PACKAGE:
            (plate,) = ast.parse(path.read_text("utf-8")).body
            assert isinstance(plate, ast.Expr), path


def test_the_map_in_the_guide_is_the_tree():
    rows = re.findall(r"^\| `foresight/(.+)/` \| (.+) \|$", MAP.read_text("utf-8"), re.MULTILINE)
    drawn = {name.replace("/", "."): words for name, words in rows if name not in ("data", "locale")}
    plates = {
        ".".join(path.parent.relative_to(PACKAGE).parts): ast.get_docstring(ast.parse(path.read_text("utf-8")))
        for path in PACKAGE.rglob("__init__.py")
    }
    assert drawn == {name: plate for name, plate in plates.items() if name and name.split(".")[0] in WINGS}


def test_no_wing_hides_a_public_name():
    assert not set(foresight.__all__) & WINGS.keys()


@pytest.mark.parametrize("library", KEYS)
def test_a_library_is_imported_by_who_has_the_key_to_it_alone(library: str):
    users = {room for room in rooms() if library in {name.partition(".")[0] for name in imported(room)}}
    assert {room for room in users if not begins(room, KEYS[library])} == set()


@pytest.mark.parametrize("room", sorted(rooms().keys() - FILES))
def test_files_are_touched_in_few_rooms(room: str):
    assert {name.partition(".")[0] for name in imported(room)} & _FILE_LIBRARIES == set()
    assert file_calls(room) == set()


def test_rules_know_only_numbers():
    libraries = {name.partition(".")[0] for name in imported("engine.rules") - rooms().keys()}
    assert libraries <= {"foresight", "math", "typing", "numpy"}


@pytest.mark.parametrize("room", KNOWS_ONLY)
def test_a_room_knows_no_more_than_it_may(room: str):
    ground = {other for other in rooms() if not wing(other)} if "" in KNOWS_ONLY[room] else set()
    assert {other for other in neighbours(room) - ground if not begins(other, KNOWS_ONLY[room])} == set()


@pytest.mark.parametrize(("above", "never", "reason"), NEVER_BELOW)
def test_some_rooms_never_stand_below_others(above: str, never: tuple[str, ...], reason: str):
    upper = [room for room in rooms() if begins(room, (above,))]
    assert upper, above
    assert {other for room in upper for other in below(room) if begins(other, never)} == set(), reason


@pytest.mark.parametrize("driver", ["engine.kernel", "agents.model"])
def test_both_drivers_know_the_rules(driver: str):
    assert {"engine.rules", "engine.draws"} <= below(driver)


def test_the_digest_of_the_compiled_sources_covers_all_that_compiled_code_is_made_of():
    """A module with compiled functions, and every room whose constants or types these are made from."""
    sources = {room for room in rooms() if any(map(is_compiled, tree(room).body))}
    while not (new := set().union(*map(feeding, sources))) <= sources:
        sources |= new
    assert {(ENGINE / name).resolve() for name in COMPILED_SOURCES} == {rooms()[room] for room in sources}


def test_numbers_in_tables_of_text_are_read_to_their_last_bit():
    """The reader of pandas 2 is off in the last digits where nobody tells it not to be, and newer ones are not."""
    readers = re.compile(r"pd\.read_csv\b")
    lines = {
        f"{room}: {line.strip()}"
        for room, path in rooms().items()
        for line in path.read_text("utf-8").splitlines()
        if readers.search(line)
    }
    exact = ("dtype=str", "**EXACT", "nrows=0")
    assert {line for line in lines if not any(word in line for word in exact)} == set()
