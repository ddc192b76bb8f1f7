"""What is built from the sources is complete and works outside them."""

import ast
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest
from places import ROOT


@pytest.fixture(scope="module")
def settings() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def folders(package: str, path: str) -> set[str]:
    """Return the packages in a folder, those of other names in it left out."""
    found = (ROOT / path).rglob("__init__.py")
    return {".".join((package, *file.parent.relative_to(ROOT / path).parts)) for file in found}


def test_every_package_on_disk_is_listed(settings: dict[str, Any]):
    tool = settings["tool"]["setuptools"]
    on_disk = set().union(*(folders(name, path) for name, path in tool["package-dir"].items()))
    assert set(tool["packages"]) == on_disk


#: What is imported by another name than it is installed by.
DISTRIBUTIONS = {"SALib": "salib", "sklearn": "scikit-learn", "ema_workbench": "ema-workbench"}

#: What is imported of a library that comes with one that is declared.
PARTS = {"jax": "numpyro", "packaging": "bokeh", "param": "panel", "pydantic_core": "pydantic"}

#: What is declared though never imported: h5netcdf writes with h5py; pyam reads what is exported for it; Mesa's
#: visualization, on a page among the notebooks, needs the others.
NOT_IMPORTED = {"h5py", "pyam-iamc", "altair", "ipyvuetify", "solara"}


def imported(file: Path) -> set[str]:
    """Return the libraries that a file imports, those of extras too."""
    names = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.add(str(node.module))
        elif isinstance(node, ast.Call) and ast.unparse(node.func) == "extra":
            names |= {text.value for text in node.args[:1] if isinstance(text, ast.Constant)}
        elif isinstance(node, ast.GeneratorExp) and ast.unparse(node.elt).startswith("extra("):
            names |= set(ast.literal_eval(node.generators[0].iter))
    return {name.partition(".")[0] for name in names}


def test_what_is_imported_is_declared_and_what_is_declared_is_imported(settings: dict[str, Any]):
    project = settings["project"]
    tools = {"book", "test"}
    extras = [line for name, lines in project["optional-dependencies"].items() if name not in tools for line in lines]
    declared = {re.split(r"[<>=\[]", line)[0] for line in [*project["dependencies"], *extras]}
    files = [*(ROOT / "foresight").rglob("*.py"), *(ROOT / "ui").rglob("*.py")]
    names = set().union(*map(imported, files)) - sys.stdlib_module_names - {"foresight", "foresight_ui"}
    names = {PARTS.get(name, DISTRIBUTIONS.get(name, name)) for name in names}
    assert names == declared - NOT_IMPORTED


def test_ci_runs_the_test_command_of_the_readme():
    run = ROOT / ".ci" / "run"
    assert os.access(run, os.X_OK)
    assert run.read_text("utf-8").splitlines()[-1] == "exec make test"
    assert "make test" in (ROOT / "README.md").read_text("utf-8")


def test_the_readme_shows_a_picture_that_is_there():
    shown = re.findall(r"!\[.+\]\((.+)\)", (ROOT / "README.md").read_text("utf-8"))
    assert shown == [".github/picture.png"]
    assert (ROOT / shown[0]).read_bytes().startswith(b"\x89PNG")


#: What a working tree has besides the sources.
LEFTOVERS = shutil.ignore_patterns(
    ".git", ".*_cache", ".venv*", ".hypothesis", "__pycache__", "*.egg-info", "build", "dist"
)


def built(hook: str, source: Path, backend: Path) -> Path:
    """Build an archive from a folder of sources as pip does; return where it is."""
    command = f"from setuptools.build_meta import {hook}; print({hook}({str(source.parent)!r}))"
    environment = {**os.environ, "PYTHONPATH": str(backend)}
    done = subprocess.run(
        [sys.executable, "-c", command],
        cwd=source,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return source.parent / done.stdout.splitlines()[-1]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory, settings: dict[str, Any]) -> tuple[Path, Path]:
    """Unpack a source archive made of a copy of the sources; return its folder and the build backend."""
    folder = tmp_path_factory.mktemp("archive")
    backend = folder / "backend"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--target", backend, *settings["build-system"]["requires"]], check=True)
    copy = shutil.copytree(ROOT, folder / "copy", ignore=LEFTOVERS)
    with tarfile.open(built("build_sdist", copy, backend)) as packed:
        packed.extractall(folder / "unpacked", filter="data")
    return next((folder / "unpacked").iterdir()), backend


@pytest.mark.slow  # needs the package index, and half a minute
def test_a_source_archive_has_all_that_the_commands_of_the_readme_need(archive: tuple[Path, Path]):
    unpacked, _ = archive
    for folder in (".ci", "foresight", "ui", "scenarios", "notebooks", "tests", ".github"):
        kept = {path.relative_to(ROOT) for path in (ROOT / folder).rglob("*") if path.suffix not in {".pyc", ""}}
        assert {str(path) for path in kept if not (unpacked / path).exists()} == set()
    for name in (
        ".ci/run",
        "CHANGELOG.md",
        "CITATION.cff",
        "LICENSE",
        "Makefile",
        "README.md",
        "SECURITY.md",
        "pyproject.toml",
    ):
        assert (unpacked / name).is_file(), name


@pytest.mark.slow  # as above
def test_a_wheel_of_the_source_archive_has_all_that_a_run_needs(archive: tuple[Path, Path]):
    packed = contents(built("build_wheel", *archive))
    wanted = {f"foresight/{path.relative_to(ROOT / 'foresight')}" for path in shipped(ROOT / "foresight")}
    wanted |= {f"foresight_ui/{path.relative_to(ROOT / 'ui')}" for path in shipped(ROOT / "ui")}
    wanted |= {f"foresight/_scenarios/{path.name}" for path in (ROOT / "scenarios").glob("*.toml")}
    wanted |= {f"foresight/_benchmarks/{path.name}" for path in (ROOT / "tests" / "benchmarks").glob("*.py")}
    assert {"foresight/py.typed", "foresight/locale/drafts/fr/trust.toml", "foresight_ui/assets/app.js"} <= wanted
    assert wanted <= packed
    assert {name for name in packed if "test" in name} == set()


@pytest.mark.slow  # as above
def test_libraries_go_into_a_wheel_of_their_system(archive: tuple[Path, Path], tmp_path: Path):
    pytest.importorskip("wheel", reason="`make test-all` installs it")
    system = tmp_path / "libraries" / "manylinux_2_17_x86_64"
    system.mkdir(parents=True)
    (system / "list.json").write_text("{}", "utf-8")
    subprocess.run([sys.executable, archive[0] / ".github" / "wheels.py", system.parent, tmp_path / "dist"], check=True)
    plain, filled = sorted((tmp_path / "dist").iterdir(), key=lambda path: len(path.name))
    assert plain.name.endswith("-py3-none-any.whl")
    assert filled.name == plain.name.replace("any", system.name)
    assert contents(filled) - contents(plain) == {"foresight/engine/libraries/list.json"}
    assert contents(plain) < contents(filled)


def contents(wheel: Path) -> set[str]:
    """Return the names of the files in a wheel."""
    return set(zipfile.ZipFile(wheel).namelist())


def shipped(folder: Path) -> list[Path]:
    """Return the files of a folder that a wheel must have."""
    kinds = {".py", ".toml", ".csv", ".parquet", ".typed", ".css", ".html", ".js", ".svg", ".txt", ".woff2", ".yaml"}
    return [path for path in folder.rglob("*") if path.suffix in kinds]
