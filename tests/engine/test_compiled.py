"""An edited rule is compiled anew; the cache finds a place and stays small."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from foresight import simulate
from foresight.engine import compiled, library
from foresight.engine.compiled import COMPILED_SOURCES, KEPT_FOLDERS, cache_folder, sources_digest
from foresight.folders import folder_of_process
from foresight.scenario.loading import bundled

RULES = """
from foresight.actions import OFFSET
from foresight.engine.compiled import compiled

FACTOR = 2.0

@compiled
def callee(x):
    return FACTOR * x + OFFSET
"""

#: The caller in another file is what numba's own cache gets wrong.
KERNEL = """
from foresight.engine.compiled import compiled
from foresight.engine.rules import callee

@compiled
def caller(x):
    return callee(x) + 1.0
"""

ACTIONS = "OFFSET = 0.0\n"
#: Digests of the scenarios by an engine that is compiled as if numba had no such option.
WITHOUT = """
import json
from numba.core import options
del options._mapping
from foresight import simulate
from foresight.engine.compiled import _apart
from foresight.folders import folder_of_process
from foresight.scenario.loading import bundled
print(json.dumps([_apart(), *(simulate(name, replicates=3).dataset.attrs["result_digest"] for name in bundled())]))
"""

#: The digest of a few runs, and whether numba had a place for what it compiles.
AS_PYTHON = """
from foresight import simulate
from foresight.engine.compiled import _own_folder
print(simulate("baiji-returns", replicates=2).dataset.attrs["result_digest"], _own_folder.cache_info().currsize)
"""

#: Calls the small rule whenever a line comes, in a process that begins with numba and with nothing of the package.
CALL = """
import os, sys
import numba
numba.njit(lambda x: x)(1.0)  # so that what compiles is there too
for line in sys.stdin:
    if not os.fork():
        from foresight.engine.kernel import caller
        print(caller(10.0), len(caller.stats.cache_hits), flush=True)
        os._exit(0)
    if os.wait()[1]:
        sys.exit("the call failed")
"""

#: Calls the small rule in a new process; returns its value and the number of results found in the cache.
Calling = Callable[[], tuple[float, int]]


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """Make a package of one small rule with the project's own way of compiling."""
    folder = tmp_path / "foresight" / "engine"
    folder.mkdir(parents=True)
    for name in (*COMPILED_SOURCES, "__init__.py", "../__init__.py"):
        (folder / name).touch()
    for room in (compiled, library):
        (folder / Path(room.__file__).name).write_bytes(Path(room.__file__).read_bytes())
    (folder / ".." / "actions.py").write_text(ACTIONS, "utf-8")
    (folder / "rules.py").write_text(RULES, "utf-8")
    (folder / "kernel.py").write_text(KERNEL, "utf-8")
    return folder


@pytest.fixture
def call(package: Path) -> Iterator[Calling]:
    environment = {
        **os.environ,
        "PYTHONPATH": str(package.parents[1]),
        "FORESIGHT_CACHE": str(package.parents[1] / "cache"),
        "PYTHONDONTWRITEBYTECODE": "1",  # Python itself looks at the size and the second of a change alone
    }
    command, pipe = [sys.executable, "-c", CALL], subprocess.PIPE
    with subprocess.Popen(
        command, cwd=package.parents[1], env=environment, stdin=pipe, stdout=pipe, text=True
    ) as forks:
        asking, answers = forks.stdin, forks.stdout
        assert asking is not None
        assert answers is not None

        def answer() -> tuple[float, int]:
            print(file=asking, flush=True)
            value, hits = answers.readline().split()
            return float(value), int(hits)

        yield answer


def edit(path: Path, old: str, new: str) -> None:
    """Edit a file as a fast typist does: neither its size nor the second of its change need to move."""
    before = path.stat()
    words = path.read_text("utf-8")
    assert old in words
    path.write_text(words.replace(old, new), "utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


EDITS = {
    "the constant of a rule": ("rules.py", "FACTOR = 2.0", "FACTOR = 3.0", 31.0),
    "the equation of a rule": ("rules.py", "FACTOR * x", "FACTOR - x", -6.0),
    "its caller": ("kernel.py", "+ 1.0", "+ 2.0", -5.0),
    "a constant from another file": ("../actions.py", "OFFSET = 0.0", "OFFSET = 5.0", 0.0),
}


@pytest.mark.costly
def test_an_edit_never_leaves_a_stale_engine(package: Path, call: Calling):
    assert call() == (21.0, 0)
    assert call() == (21.0, 1), "what was compiled is used again"
    for what, (name, old, new, expected) in EDITS.items():
        edit(package / name, old, new)
        assert call() == (expected, 0), what
    edit(package / "../actions.py", "OFFSET = 5.0", "OFFSET = 0.0")
    assert call() == (-5.0, 1), "a version compiled before is found again"


@pytest.mark.slow
def test_a_numba_that_cannot_keep_arrays_apart_gives_the_same_numbers(tmp_path: Path):
    """The option is not among those that numba lists: without it the engine takes longer, and nothing else changes."""
    environment = {**os.environ, "FORESIGHT_CACHE": str(tmp_path)}
    command = [sys.executable, "-c", WITHOUT]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert compiled._apart() == {"noalias": True}
    expected = [simulate(name, replicates=3).dataset.attrs["result_digest"] for name in bundled()]
    assert json.loads(done.stdout) == [{}, *expected]


@pytest.mark.costly
def test_where_numba_is_switched_off_the_engine_runs_as_python_and_gives_the_same_numbers():
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1"}
    command = [sys.executable, "-W", "error", "-c", AS_PYTHON]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    digest = simulate("baiji-returns", replicates=2).dataset.attrs["result_digest"]
    assert (done.stdout.split(), done.stderr) == ([digest, "0"], "")


def test_the_digest_is_that_of_the_contents(package: Path):
    before = sources_digest(package)
    os.utime(package / "rules.py", (0, 0))
    assert sources_digest(package) == before
    edit(package / "rules.py", "FACTOR", "factor")
    assert sources_digest(package) != before


def test_the_cache_goes_where_it_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("FORESIGHT_CACHE", str(tmp_path / "mine"))
    assert cache_folder().parent == tmp_path / "mine"
    assert cache_folder().is_dir()


def test_the_cache_falls_back_where_it_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "taken").write_text("a file where the folder should be", "utf-8")
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv("FORESIGHT_CACHE", str(tmp_path / "taken"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    folder_of_process.cache_clear()
    assert cache_folder().is_relative_to(tmp_path / "temporary")


def test_cache_folders_used_longest_ago_are_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("FORESIGHT_CACHE", str(tmp_path))
    for age in range(KEPT_FOLDERS + 2):
        old = tmp_path / f"compiled-{age}"
        old.mkdir()
        os.utime(old, (1000 - age, 1000 - age))
    (tmp_path / "not-ours").mkdir()
    current = cache_folder()
    kept = {path.name for path in tmp_path.glob("compiled-*")}
    assert kept == {current.name, *(f"compiled-{age}" for age in range(KEPT_FOLDERS - 1))}
    assert (tmp_path / "not-ours").is_dir()
