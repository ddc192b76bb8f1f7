"""Libraries made beforehand give the same bits as numba, on every processor, and give way where they do not fit."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import digests
import numpy as np
import pytest
import remote
from batches import written
from places import ROOT

from foresight.engine import compiled, ensemble, library, ranks

MADE = ROOT / "tests" / "made"

#: What a library is of.
SYSTEM = "manylinux_2_17_x86_64"
PROCESSORS = ("x86-64-v4", "x86-64-v3", "x86-64-v2")


# Which library is taken ---------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a file that is no library, and a list that says nothing against it."""
    (tmp_path / "any.so").write_bytes(b"no machine code")
    write(tmp_path)
    return tmp_path


def write(folder: Path, **changes: Any) -> None:
    digest = hashlib.sha256((folder / "any.so").read_bytes()).hexdigest()
    listed = {
        "digest": "d",
        "libraries": [{"file": "any.so", "needs": [[]], "sha256": digest, **changes}],
        "entries": {},
    }
    (folder / library.LIST).write_text(json.dumps(listed), "utf-8")


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return which files are loaded from now on."""
    paths: list[str] = []
    monkeypatch.setattr(library.ctypes, "CDLL", paths.append)
    return paths


def test_a_library_of_these_sources_is_taken(folder: Path, loaded: list[str]):
    assert library.fitting(folder, "d")
    assert loaded == [str(folder / "any.so")]


def test_what_is_no_library_is_left(folder: Path):
    assert library.fitting(folder, "d") is None


def test_a_library_of_other_sources_is_left(folder: Path, loaded: list[str]):
    assert library.fitting(folder, "another") is None
    assert not loaded


def test_a_changed_library_is_left(folder: Path, loaded: list[str]):
    (folder / "any.so").write_bytes(b"half of it")
    assert library.fitting(folder, "d") is None
    assert not loaded


@pytest.mark.parametrize("name", ["any.so", library.LIST])
def test_a_missing_file_is_no_fault(folder: Path, name: str):
    (folder / name).unlink()
    assert library.fitting(folder, "d") is None


@pytest.mark.parametrize("words", ["", "[]", "{}", '{"digest": "d"}', '{"digest": "d", "libraries": [{}]}'])
def test_a_broken_list_is_no_fault(folder: Path, words: str):
    (folder / library.LIST).write_text(words, "utf-8")
    assert library.fitting(folder, "d") is None


def test_a_processor_takes_what_it_can_run(folder: Path, loaded: list[str], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(library, "_abilities", lambda: {"SSE42", "AVX2", "FMA3"})
    write(folder, needs=[["X86_V4"], ["AVX512_SKX"]])
    assert library.fitting(folder, "d") is None
    write(folder, needs=[["X86_V3"], ["AVX2", "FMA3"]])
    assert library.fitting(folder, "d")
    assert len(loaded) == 1


def test_the_abilities_of_this_processor_are_those_that_numpy_tells():
    assert library._abilities() <= {*np._core._multiarray_umath.__cpu_features__}


def test_a_numpy_that_tells_nothing_is_no_fault(folder: Path, loaded: list[str], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(library.np, "show_config", lambda mode: {"SIMD Extensions": {"found": [mode]}})
    assert library._abilities() == {"dicts"}
    monkeypatch.setattr(library.np, "show_config", lambda mode: {"Compilers": mode})
    assert library.fitting(folder, "d")
    assert len(loaded) == 1


def test_arguments_come_as_three_tables():
    wide = np.uint64(2**64 - 1)
    arguments = (np.zeros((2, 3), np.int8), (1.5, (True, np.int32(-4)), np.float64(2.5)), wide)
    values = list(library.values_of(arguments))
    pointers, wholes, reals = library.tables_of(values)
    assert list(pointers) == [arguments[0].ctypes.data]
    assert list(wholes) == [2, 3, 1, -4, -1]
    assert list(reals) == [1.5, 2.5]
    assert [library.kind_of(value) for value in values] == ["|i1 2", "real", "whole", "whole", "real", "whole"]
    assert library.kind_of(np.zeros((4, 4))[:, ::2]) == "scattered"


# What it gives ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the libraries of Linux and of WebAssembly: two minutes."""
    pytest.importorskip("ziglang", reason="`make test-all` installs it")
    folder = tmp_path_factory.mktemp("made")
    systems = (SYSTEM, "manylinux_2_17_aarch64", "wasm32")
    subprocess.run([sys.executable, ROOT / ".github" / "library.py", folder, *systems], check=True)
    return folder


@pytest.fixture
def installed(tmp_path: Path, made: Path) -> Path:
    """Return a copy of the package that has its libraries, as a wheel lays it."""
    unwanted = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "foresight", tmp_path / "foresight", ignore=unwanted)
    shutil.copytree(ROOT / "scenarios", tmp_path / "foresight" / "_scenarios", ignore=unwanted)
    shutil.copytree(made / SYSTEM, tmp_path / "foresight" / "engine" / "libraries")
    return tmp_path


def called(installed: Path, script: str) -> str:
    """Run a script in a process that takes the package from there; return what it says."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (installed, MADE)))}
    environment["FORESIGHT_CACHE"] = str(installed / "cache")
    command = [sys.executable, "-W", "error::RuntimeWarning", "-c", script]
    done = subprocess.run(command, cwd=installed, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout


#: Ends a script: nothing of numba was ever there, nor a place for what it compiles.
WITHOUT_NUMBA = """
import os, sys
assert not {"numba", "llvmlite"} & sys.modules.keys()
assert not os.path.exists(os.environ["FORESIGHT_CACHE"])
"""


@pytest.fixture(scope="module")
def expected() -> dict[str, str]:
    """Return the digests by numba."""
    assert compiled.LIBRARY is None
    return digests.digests()


@pytest.mark.slow
@pytest.mark.parametrize("processor", PROCESSORS)
def test_a_library_gives_the_same_bits(processor: str, installed: Path, expected: dict[str, str]):
    listed = json.loads((installed / "foresight/engine/libraries" / library.LIST).read_text("utf-8"))
    (own,) = [one for one in listed["libraries"] if one["file"] == f"{processor}.so"]
    if not any(library._abilities().issuperset(needs) for needs in own["needs"]):
        pytest.skip("this processor cannot run it")
    only = {**listed, "libraries": [own]}
    (installed / "foresight/engine/libraries" / library.LIST).write_text(json.dumps(only), "utf-8")
    script = "import digests, json; print(json.dumps({**digests.digests(), 'others': digests.digest_of_others()}))"
    numba = {**expected, "others": digests.digest_of_others()}
    assert json.loads(called(installed, script + WITHOUT_NUMBA)) == numba


@pytest.fixture(scope="module")
def runner(made: Path) -> Callable[[str], list[str]]:
    """Return how a library of another processor is run here: by Node.js, or qemu and Debian's libc6-arm64-cross."""

    def command(system: str) -> list[str]:
        (path,) = [one for one in (made / system).iterdir() if one.name != library.LIST]
        program = "node" if system == "wasm32" else "qemu-aarch64"
        if not shutil.which(program):
            pytest.skip(f"there is no {program}")
        if system == "wasm32":
            return ["node", str(MADE / "remote.mjs"), str(path)]
        if not (root := Path("/usr/aarch64-linux-gnu")).is_dir():
            pytest.skip("there is no C library of that processor")
        zig = [sys.executable, "-m", "ziglang", "cc", "-target", "aarch64-linux-gnu.2.17", "-O2", "-ldl"]
        subprocess.run([*zig, "-o", made / "remote", MADE / "remote.c"], check=True)
        return ["qemu-aarch64", "-L", str(root), str(made / "remote"), str(path)]

    return command


@pytest.mark.slow
@pytest.mark.parametrize("system", ["wasm32", "manylinux_2_17_aarch64"])
def test_other_processors_give_the_same_bits(
    system: str,
    runner: Callable[[str], list[str]],
    expected: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(ensemble, "simulate_block", remote.entry(*runner(system), "kernel.simulate_block"))
    monkeypatch.setattr(ranks, "_rank", remote.entry(*runner(system), "ranks._rank"))
    assert digests.digests() == expected
    values = np.array([[3, 1, 2], [9, 9, -4]])
    np.testing.assert_array_equal(ranks.ranked(values, np.array([2, 0])), np.sort(values)[:, [2, 0]])


#: Calls the program and stays.
CALL = """
import sys
from foresight.cli.main import main
try:
    main({words!r})
except SystemExit as ending:
    assert not ending.code, ending.code
"""

VERBS = {
    "run": ["run", "--replicates", "20", "--quiet", "--out", "results"],
    "compare": ["compare", "historical-pace", "baiji-returns", "--replicates", "20", "--quiet"],
    "explain": ["explain", "historical-pace", "baiji-returns", "--replicates", "5", "--quiet"],
    "sweep": ["sweep", "experiment.toml", "--out", "store", "--quiet"],
}


@pytest.mark.slow
@pytest.mark.parametrize("verb", VERBS)
def test_the_program_never_asks_for_numba(verb: str, installed: Path):
    written(installed)
    called(installed, CALL.format(words=VERBS[verb]) + WITHOUT_NUMBA)


@pytest.mark.slow
def test_agents_run_as_they_stand(installed: Path):
    """Where numba is not loaded rules are functions of Python, which give the same bits."""
    script = "import digests; print(digests.digest_of_agents())"
    assert called(installed, script + WITHOUT_NUMBA).strip() == digests.digest_of_agents()


@pytest.mark.slow
def test_an_edited_rule_is_compiled_from_its_source(installed: Path):
    script = "from foresight.engine import compiled; import sys; print(bool(compiled.LIBRARY), 'numba' in sys.modules)"
    script += "; from foresight.engine import rules; print('numba' in sys.modules)"
    assert called(installed, script).split() == ["True", "False", "False"]
    with (installed / "foresight/engine/rules.py").open("a", encoding="utf-8") as rules:
        rules.write("# edited\n")
    assert called(installed, script).split() == ["False", "False", "True"]
