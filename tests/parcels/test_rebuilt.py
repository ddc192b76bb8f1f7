"""A wheel of the program as it runs, and what it needs."""

import base64
import csv
import hashlib
import io
import zipfile
from importlib.metadata import version
from pathlib import Path

import pytest
from places import ROOT

from foresight.errors import InputError
from foresight.parcels import distribution
from foresight.parcels.rebuilt import own_wheel
from foresight.version import program_version


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    path = own_wheel(tmp_path_factory.mktemp("wheel"))
    assert path.name.startswith(f"foresight_escap-{program_version()}-py3-none-")
    return zipfile.ZipFile(path)


def test_a_wheel_has_all_that_is_shipped_and_nothing_compiled_by_python(wheel: zipfile.ZipFile):
    kinds = {".py", ".toml", ".csv", ".parquet", ".typed", ".css", ".html", ".js", ".svg", ".txt", ".woff2", ".yaml"}
    folders = {"foresight": "foresight", "ui": "foresight_ui", "tests/benchmarks": "foresight/_benchmarks"}
    wanted = {
        f"{package}/{path.relative_to(ROOT / folder)}"
        for folder, package in folders.items()
        for path in (ROOT / folder).rglob("*")
        if path.suffix in kinds
    }
    wanted |= {f"foresight/_scenarios/{path.name}" for path in (ROOT / "scenarios").glob("*.toml")}
    names = set(wheel.namelist())
    assert wanted <= names
    assert {name for name in names if "__pycache__" in name} == set()


def test_its_record_has_the_digest_of_every_file(wheel: zipfile.ZipFile):
    (name,) = (name for name in wheel.namelist() if name.endswith("/RECORD"))
    rows = {path: digest for path, digest, _ in csv.reader(io.StringIO(wheel.read(name).decode()))}
    assert rows.keys() == set(wheel.namelist())
    assert rows.pop(name) == ""
    for path, digest in rows.items():
        found = base64.urlsafe_b64encode(hashlib.sha256(wheel.read(path)).digest()).decode().rstrip("=")
        assert digest == f"sha256={found}", path


def test_it_says_what_it_needs_and_what_its_command_is_called(wheel: zipfile.ZipFile):
    folder = f"foresight_escap-{program_version()}.dist-info"
    assert "\nRequires-Dist: panel" in wheel.read(f"{folder}/METADATA").decode()
    assert "foresight = foresight.cli.main:main" in wheel.read(f"{folder}/entry_points.txt").decode()
    assert "Apache License" in wheel.read(f"{folder}/licenses/LICENSE").decode()


def test_two_wheels_are_the_same_to_the_byte(wheel: zipfile.ZipFile, tmp_path: Path):
    again = own_wheel(tmp_path)
    assert again.read_bytes() == Path(str(wheel.filename)).read_bytes()


def test_what_is_needed_is_told_at_its_version_here():
    needed = distribution.libraries()
    assert needed["numpy"] == version("numpy")
    assert {"networkx", "llvmlite"} <= needed.keys()  # of an extra, and of a library
    of_others = {"importlib-metadata", "foresight-escap", "pytest", "playwright"}  # of old Pythons, and of tests
    assert of_others & needed.keys() == set()


def test_a_program_that_is_not_installed_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(distribution, "distributions", lambda **_: [])
    with pytest.raises(InputError, match="install it with pip"):
        own_wheel(tmp_path)
