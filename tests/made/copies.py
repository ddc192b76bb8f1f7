"""Copies of the sources, where all is done that a page of the book says: changed, run, and tested.

Blocks of a page are done in their order. A ``diff`` is applied; a ``toml`` that says which file it is becomes one; the
lines of a ``console`` are run and succeed. Where a ``text`` with FAILED in it follows, exactly these tests fail. The
engine runs as Python: nothing is compiled.
"""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from places import ROOT

FOLDERS = (".github", "foresight", "notebooks", "scenarios", "tests", "ui")
LEFT_OUT = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"# file: (\S+)\n")
FAILED = re.compile(r"^FAILED (.+?)(?: - .*)?$", re.MULTILINE)


class Block(NamedTuple):
    """A block of a page."""

    kind: str
    text: str


def blocks(page: Path) -> list[Block]:
    """Return the blocks of a page."""
    return [Block(*found) for found in BLOCK.findall(page.read_text("utf-8"))]


def copied(folder: Path) -> Path:
    """Copy the sources into a folder, from where they can be imported under the names that they are installed by."""
    for name in FOLDERS:
        shutil.copytree(ROOT / name, folder / name, ignore=LEFT_OUT)
    for file in ROOT.iterdir():
        if file.is_file():
            shutil.copy2(file, folder)
    packages = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]["package-dir"]
    for package, source in packages.items():
        link = folder / package.replace(".", "/")
        if not link.exists():
            link.symlink_to(folder / source, target_is_directory=True)
    return folder


def applied(page: Path, folder: Path) -> Path:
    """Return a copy of the sources with all changes of a page."""
    copied(folder)
    for block in blocks(page):
        if block.kind == "diff":
            change(block.text, folder)
    return folder


def checked(page: Path, folder: Path) -> Path:
    """Do all that a page says in a copy of the sources, and return it."""
    copied(folder)
    for block, after in pairwise([*blocks(page), Block("end", "")]):
        if block.kind == "diff":
            change(block.text, folder)
        elif block.kind == "toml" and (file := FILE.match(block.text)):
            (folder / file[1]).write_text(block.text, "utf-8")
        elif block.kind == "console":
            failing = FAILED.findall(after.text) if after.kind == "text" else []
            call(block.text, folder, failing)
    return folder


def change(diff: str, copy: Path) -> None:
    """Apply a diff to a copy."""
    environment = {**os.environ, "GIT_CEILING_DIRECTORIES": str(copy.parent)}
    command = ["git", "apply", "--whitespace=nowarn", "-"]
    done = subprocess.run(command, cwd=copy, env=environment, input=diff, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, f"{done.stderr}\n{diff}"


def call(lines: str, copy: Path, failing: list[str]) -> None:
    """Run lines of a shell in a copy; where tests are to fail, exactly these do."""
    script = "\n".join(run(lines))
    done = subprocess.run(
        ["bash", "-e", "-c", script], cwd=copy, env=environment(copy), capture_output=True, encoding="utf-8"
    )
    said = f"{script}\n{done.stdout}\n{done.stderr}"
    assert sorted(FAILED.findall(done.stdout)) == sorted(failing), said
    assert done.returncode == bool(failing), said


def run(lines: str) -> Iterator[str]:
    """Yield the lines that are run: what `make` does takes longer than a test may."""
    yield from (line for line in lines.splitlines() if not line.startswith("make "))


def environment(copy: Path) -> dict[str, str]:
    """Return where a copy is imported, and `python` and `foresight` are those that run the tests."""
    programs = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    wide = {"COLUMNS": "1000", "LANG": "C.UTF-8"}
    return {**os.environ, **wide, "PATH": programs, "PYTHONPATH": str(copy), "NUMBA_DISABLE_JIT": "1"}
