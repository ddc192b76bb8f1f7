"""An archive is whole, describes itself, is the same each time, and what is in it runs."""

import hashlib
import json
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import Any

import golden
import pytest
from places import ROOT

from foresight.documents.protocol import document
from foresight.documents.trace import records
from foresight.documents.webpage import html
from foresight.errors import InputError
from foresight.parcels import distribution, readme
from foresight.parcels.archive import EARLIEST, LATEST, MANIFEST, contents, packed
from foresight.parcels.distribution import installed, libraries, paper
from foresight.parcels.sources import sources, tables
from foresight.parcels.trial import CALL, result_digest

SETTINGS: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))

#: What the golden file of the scenario that is tried says of it.
GOLDEN: str = json.loads(golden.path("baiji-returns").read_text("utf-8"))["result_digest"]


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    """Return the files of an archive, whose run is not made: a test of its own makes it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(readme, "result_digest", lambda: GOLDEN)
        return contents("en", lambda _done, _total: None)


def shipped(package: str) -> set[str]:
    """Return what a wheel has of a package, by its place there."""
    tool = SETTINGS["tool"]["setuptools"]
    homes = {name: path for name, path in tool["package-dir"].items() if f"{package}.".startswith(f"{name}.")}
    home = max(homes, key=len)
    inner = package.removeprefix(home).lstrip(".").replace(".", "/")
    folder = ROOT / homes[home] / inner
    found = [path for kind in ("*.py", *tool["package-data"].get(package, ())) for path in folder.glob(kind)]
    return {f"{package.replace('.', '/')}/{path.relative_to(folder).as_posix()}" for path in found}


def test_the_code_is_what_a_wheel_has():
    assert set(sources()) == set().union(*map(shipped, SETTINGS["tool"]["setuptools"]["packages"]))


def test_machine_code_and_what_python_keeps_stay_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for name in ("a.py", "__pycache__/a.cpython-311.pyc", "libraries/list.json", "libraries/v4.so"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    monkeypatch.setattr("foresight.parcels.sources.files", lambda _package: tmp_path)
    monkeypatch.setattr("foresight.parcels.sources.FOLDER", tmp_path / "libraries")
    assert {name.rpartition("/")[2] for name in sources()} == {"a.py"}


def test_the_data_are_all_tables_with_their_dictionaries():
    names = {path.relative_to(ROOT / "foresight/data").as_posix() for path in (ROOT / "foresight/data").rglob("*.*")}
    assert set(tables()) == {name for name in names if not name.endswith((".py", ".pyc"))}
    assert {"members.csv", "dictionary.csv", "records/ratifications.csv", "records/dictionary.csv"} <= set(tables())


def test_what_describes_it_is_there(files: dict[str, bytes]):
    folders = {"code", "data", "docs"}
    outside = {name for name in files if name.partition("/")[0] not in folders}
    own = {"LICENSE", "CITATION.cff", "codemeta.json", "README.md", "requirements.txt", MANIFEST}
    assert outside == own
    assert {name for name in files if name.startswith("docs/")} == {
        f"docs/{name}.{ending}" for name in ("ODD", "TRACE") for ending in ("md", "html")
    }
    assert files["docs/ODD.html"].decode() == html(document())
    assert all(f"`{test}`" in files["docs/TRACE.md"].decode() for one in records() for test in one.tests)
    assert all(files[name] == (ROOT / name).read_bytes() for name in ("LICENSE", "CITATION.cff"))


def test_the_first_page_names_all_that_is_in_it(files: dict[str, bytes]):
    named = set(re.findall(r"^\| `([^`]+)` \|", files["README.md"].decode(), re.MULTILINE))
    assert named | {"README.md"} == {re.sub("/.*", "/", name) for name in files}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_documents_are_in_the_language_that_is_asked_for(language: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(readme, "result_digest", lambda: GOLDEN)
    files = contents(language, lambda _done, _total: None)
    assert all(f'<html lang="{language}">'.encode() in files[f"docs/{name}.html"] for name in ("ODD", "TRACE"))
    assert ("运行" in files["README.md"].decode()) == (language == "zh")


def test_the_sums_are_those_of_all_other_files(files: dict[str, bytes]):
    lines = [line.split("  ") for line in files[MANIFEST].decode().splitlines()]
    assert [name for _, name in lines] == sorted(files.keys() - {MANIFEST})
    assert all(hashlib.sha256(files[name]).hexdigest() == known for known, name in lines)


def test_the_facts_for_machines_are_those_of_the_project(files: dict[str, bytes]):
    terms, project = json.loads(files["codemeta.json"]), SETTINGS["project"]
    assert (terms["@context"], terms["@type"]) == ("https://w3id.org/codemeta/3.0", "SoftwareSourceCode")
    same = ("name", "version", "description", "keywords")
    assert {key: terms[key] for key in same} == {key: project[key] for key in same}
    assert terms["license"] == f"https://spdx.org/licenses/{project['license']}"
    assert [one["name"] for one in terms["author"]] == [one["name"] for one in project["authors"]]
    assert f"Development Status :: {terms['developmentStatus']}" in project["classifiers"]
    lines = files["requirements.txt"].decode().splitlines()[1:]
    assert [f"{one['name']}=={one['version']}" for one in terms["softwareRequirements"]] == lines


def test_requirements_are_all_that_is_needed_here_and_no_extras():
    versions = libraries()
    assert {"numpy", "mesa", "networkx", "llvmlite", "pyyaml"} <= set(versions)  # the last three by way of others
    assert {"pytest", "numpyro", "foresight-escap"} & set(versions) == set()
    assert all(version(name) == known for name, known in versions.items())


def test_what_is_not_installed_is_named():
    with pytest.raises(InputError, match="no-such-library: is not installed"):
        installed("no-such-library")


def test_outside_a_clone_papers_are_those_that_were_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(distribution, "files", lambda _package: tmp_path / "foresight")
    assert paper("LICENSE").decode() == (ROOT / "LICENSE").read_text("utf-8")
    with pytest.raises(InputError, match=r"NO\.cff: there is no such file"):
        paper("NO.cff")


def test_what_is_packed_twice_is_the_same_whatever_the_order():
    there = {"b.txt": b"b" * 100, "a/b.txt": b"a"}
    archive = packed(there, EARLIEST)
    assert packed(dict(reversed(there.items())), EARLIEST) == archive
    entries = zipfile.ZipFile(BytesIO(archive)).infolist()
    assert [(one.filename, one.date_time) for one in entries] == [
        ("a/b.txt", (1980, 1, 1, 0, 0, 0)),
        ("b.txt", (1980, 1, 1, 0, 0, 0)),
    ]
    assert {(one.create_system, one.external_attr) for one in entries} == {(3, 0o100644 << 16)}
    assert zipfile.ZipFile(BytesIO(packed(there, LATEST))).infolist()[0].date_time[:3] == (2107, 12, 31)


@pytest.fixture(scope="module")
def unpacked(files: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Unpack an archive in an empty folder, and return the folder of its code."""
    folder = tmp_path_factory.mktemp("unpacked")
    zipfile.ZipFile(BytesIO(packed(files, EARLIEST))).extractall(folder)
    return folder / "code"


def called(code: Path, *words: str) -> bytes:
    """Call Python in a folder; it finds libraries, but nothing that is installed from elsewhere by a link."""
    libraries = os.pathsep.join(path for path in sys.path if path.endswith("site-packages"))
    environment = {**os.environ, "PYTHONPATH": libraries, "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-S", *words]
    return subprocess.run(command, cwd=code, env=environment, stdout=subprocess.PIPE, check=True).stdout


@pytest.mark.costly
def test_python_imports_what_was_unpacked_and_nothing_else_of_the_program(unpacked: Path):
    words = "import foresight, foresight_ui; print(foresight.__version__, foresight.__file__, foresight_ui.__file__)"
    told = called(unpacked, "-c", words).decode().split()
    own = [str(unpacked / name / "__init__.py") for name in ("foresight", "foresight_ui")]
    assert told == [SETTINGS["project"]["version"], *own]


@pytest.mark.costly
def test_the_run_that_the_first_page_names_is_that_of_the_golden_file(files: dict[str, bytes]):
    assert result_digest() == GOLDEN
    typed = re.findall(r"^    (.+)$", files["README.md"].decode(), re.MULTILINE)
    assert typed[-2:] == [f"../env/bin/python -m foresight {' '.join(CALL)}", GOLDEN]


@pytest.mark.slow  # compiles the engine anew
def test_the_run_gives_the_same_integers_in_what_was_unpacked_and_so_does_an_archive_of_it(
    unpacked: Path, files: dict[str, bytes], tmp_path: Path
):
    answer = json.loads(called(unpacked, "-m", "foresight", "--quiet", *CALL))
    (one,) = answer["scenarios"]
    assert one["provenance"]["result_digest"] == GOLDEN
    called(unpacked, "-m", "foresight", "--quiet", "archive", "--out", str(tmp_path / "again.zip"))
    assert (tmp_path / "again.zip").read_bytes() == packed(files, EARLIEST)
