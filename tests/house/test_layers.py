"""Each room knows the rooms below it, and nothing else: the floors of the design."""

import ast
from functools import cache
from pathlib import Path

import pytest

import foresight.compiled

PACKAGE = Path(foresight.compiled.__file__).parent
MODULES = sorted(path.stem for path in PACKAGE.glob("*.py"))

#: Rooms that may open, write, move or delete files; resources of the package are read by others too.
FILES = {"__main__", "compiled", "export", "files", "journal", "loading", "members", "reporting", "results", "saving"}
FILES |= {"describing", "filings", "manifest", "parts", "posterior", "records", "register", "shipped", "store"}

#: Rooms that only name others: the public names, and the command line above everything.
ROOFS = {"__init__", "__main__", "verbs"}

_FILE_LIBRARIES = {"h5netcdf", "h5py", "io", "openpyxl", "shutil", "tempfile"}
_FILE_CALLS = {"mkdir", "open", "read_bytes", "rename", "rmdir", "unlink", "write_bytes", "write_text"}


@cache
def tree(module: str) -> ast.Module:
    return ast.parse((PACKAGE / f"{module}.py").read_text("utf-8"))


@cache
def imported(module: str) -> frozenset[str]:
    """Return every module that one imports anywhere, in full."""
    found = set()
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            source = f"foresight.{node.module or ''}".rstrip(".") if node.level else str(node.module)
            submodules = {f"{source}.{alias.name}" for alias in node.names if alias.name in MODULES}
            found |= submodules if source == "foresight" and submodules else {source}
    return frozenset(found)


def rooms(module: str) -> set[str]:
    """Return the rooms of foresight that a module imports from."""
    return {
        name.split(".")[1]
        for name in imported(module)
        if name.startswith("foresight.") and name.split(".")[1] in MODULES
    }


def libraries(module: str) -> set[str]:
    return {name.split(".")[0] for name in imported(module)}


def users(library: str) -> set[str]:
    return {module for module in MODULES if library in libraries(module)}


def below(module: str) -> set[str]:
    """Return all rooms that a module stands on."""
    found: set[str] = set()
    pending = [module]
    while pending:
        new = rooms(pending.pop()) - found
        found |= new
        pending += new
    return found


def is_compiled(node: ast.AST) -> bool:
    decorators = node.decorator_list if isinstance(node, ast.FunctionDef) else []
    return "compiled" in {ast.unparse(decorator) for decorator in decorators}


def sources_of_names(module: str) -> dict[str, str]:
    """Return the room that each name imported from foresight comes from."""
    imports = [node for node in tree(module).body if isinstance(node, ast.ImportFrom)]
    return {
        alias.name: alias.name if node.module == "foresight" else str(node.module).split(".")[1]
        for node in imports
        if str(node.module).startswith("foresight")
        for alias in node.names
    }


def feeding(module: str) -> set[str]:
    """Return the rooms whose names compiled functions, constants or types of a module are made from."""
    body = tree(module).body
    plain = [node for node in body if isinstance(node, ast.FunctionDef) and not is_compiled(node)]
    kept = [node for node in body if node not in plain]
    used = {node.id for top in kept for node in ast.walk(top) if isinstance(node, ast.Name)}
    return {room for name, room in sources_of_names(module).items() if name in used}


def file_calls(module: str) -> set[str]:
    """Return the calls of a module that touch files."""
    calls = {node.func for node in ast.walk(tree(module)) if isinstance(node, ast.Call)}
    return {func.attr if isinstance(func, ast.Attribute) else ast.unparse(func) for func in calls} & _FILE_CALLS


def test_rules_know_only_numbers():
    assert rooms("rules") <= {"actions", "compiled"}
    assert libraries("rules") <= {"foresight", "math", "typing", "numpy"}


def test_the_engine_knows_no_labels_and_no_scenarios():
    labels = {"building", "fact_tables", "loading", "members", "parameters", "results", "scenario", "settings", "texts"}
    assert below("engine") & labels == set()


def test_documents_are_rendered_without_knowing_the_model():
    assert rooms("document") == rooms("drawings") == set()
    assert rooms("markdown") == rooms("webpage") == {"document"}


def test_what_the_sources_declare_is_read_without_the_engine():
    assert rooms("declared") == set()
    assert not below("trace") & {"engine", "rules", "state"}
    assert not below("criticism") & {"engine", "rules", "state"}


@pytest.mark.parametrize("driver", ["kernel", "model"])
def test_both_drivers_know_the_rules(driver: str):
    assert {"rules", "draws"} <= below(driver)


def test_the_drivers_do_not_know_each_other():
    assert not below("engine") & {"model"}
    assert not below("model") & {"engine", "kernel"}


@pytest.mark.parametrize("module", ["agents", "peers", "world"])
def test_members_and_circles_do_not_know_the_model(module: str):
    assert "model" not in below(module)


@pytest.mark.parametrize("module", [module for module in MODULES if module not in ROOFS])
def test_no_room_knows_itself_or_the_roof(module: str):
    assert not rooms(module) & {*ROOFS, module}


#: Agents know the model that they are in.
CIRCLE = {"agents", "model", "peers"}


@pytest.mark.parametrize("module", [module for module in MODULES if module not in CIRCLE])
def test_no_room_stands_on_itself(module: str):
    """Imports within functions and for types alone count like all others."""
    assert module not in below(module)


def test_the_library_does_not_know_the_interface():
    assert users("foresight_ui") <= {"verbs"}
    assert users("ui") == set()


def test_mesa_is_imported_in_the_mesa_model_alone():
    assert users("mesa") == {"agents", "model"}


def test_the_terminal_is_known_to_the_command_line_alone():
    pages = {"analysing", "briefing", "discovering", "explaining", "goals", "helping", "layout", "tables"}
    pages |= {"calibrating", "hindcasting", "trusting"}
    assert users("typer") == {"__main__", "verbs"}
    assert users("rich") == {"display", "prose", *pages}
    others = {"__main__", "describing", "reporting", "running", "showing", "sweeping"}
    assert {module for module in MODULES if "display" in rooms(module)} == {*others, *pages}


@pytest.mark.parametrize("module", [module for module in MODULES if module not in FILES])
def test_files_are_touched_in_few_rooms(module: str):
    assert libraries(module) & _FILE_LIBRARIES == set()
    assert file_calls(module) == set()


def test_no_run_knows_what_members_filed():
    """What was observed is set beside runs, and never goes into them."""
    observed = {"delivery", "filings", "first_phase", "follow_up", "spells"}
    drivers = ("building", "engine", "model", "results", "runner", "simulation")
    assert {module for module in drivers if below(module) & observed} == set()


def test_no_run_reads_the_records_of_adoption():
    """A run takes the posterior as it ships; records, fits and forecasts stay beside it."""
    beside = {"calibration", "forecasting", "hindcast", "panel", "records", "register"}
    drivers = ("building", "engine", "model", "results", "runner", "simulation")
    assert {module for module in drivers if below(module) & beside} == set()


def test_scores_and_hazards_are_numbers_alone():
    assert rooms("scoring") | rooms("variants") <= {"arrays"}


def test_records_are_read_without_the_engine_or_a_fit():
    assert not below("records") & {"baselines", "calibration", "engine", "forecasting", "panel"}
    assert "records" not in below("register")
    assert not below("baselines") & {"calibration", "forecasting", "hindcast"}


def test_the_sampler_is_imported_by_nobody_but_as_an_extra():
    assert users("numpyro") == users("jax") == set()


def test_waits_are_numbers_alone():
    assert not below("spells") & {"engine", "filings", "members"}


def test_the_digest_of_the_compiled_sources_covers_all_that_compiled_code_is_made_of():
    """A module with compiled functions, and every room whose constants or types these are made from."""
    sources = {module for module in MODULES if any(map(is_compiled, tree(module).body))}
    while not (new := set().union(*map(feeding, sources))) <= sources:
        sources |= new
    assert set(foresight.compiled.COMPILED_SOURCES) == {f"{module}.py" for module in sources}
