"""Wheels of what the program needs, for this machine and in the versions that are here, collected by pip."""

import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Final

from foresight.errors import InputError, Problem, shortened
from foresight.runs import Progress
from foresight.unfinished import UNINTERRUPTED, undone

_PIP: Final = "pip"
_OPTIONS: Final = ("wheel", "--disable-pip-version-check", "--no-input", "--progress-bar", "off")

#: How lines of pip begin that each tell of one more library.
_ONE_MORE: Final = ("Collecting ", "Processing ")

#: What pip says once it has asked an index in vain for the last time, and where there is no room.
_UNREACHED: Final = "Retry(total=0"
_FULL: Final = "No space left on device"
_ERROR: Final = "ERROR: "


def check_pip() -> None:
    """Refuse a Python that has no pip; InputError says what to do."""
    if find_spec(_PIP) is None:
        raise InputError([Problem("Python", _PIP, "no_pip", sys.executable, "python -m ensurepip")])


def collect(own: Path, versions: Mapping[str, str], folder: Path, place: Path, progress: Progress) -> None:
    """Put a wheel, wheels of all that it needs, and that of pip in a folder.

    Parameters
    ----------
    own : Path
        The wheel.
    versions : Mapping
        By name, those of other libraries that are taken.
    folder : Path
        Where the wheels go.
    place : Path
        Where pip may work.
    progress : Progress
        Told how many libraries have been looked at, of about how many.

    Raises
    ------
    InputError
        If pip cannot get them; it says why.
    """
    chosen = place / "versions.txt"
    chosen.write_text("".join(f"{name}=={version}\n" for name, version in versions.items()), "utf-8")
    words = [sys.executable, "-m", _PIP, *_OPTIONS, "--requirement", str(chosen), "--wheel-dir", str(folder)]
    total = len(versions) + 1
    with (place / "errors.txt").open("w+", encoding="utf-8", errors="replace") as errors, ExitStack() as stack:
        with UNINTERRUPTED:
            process = _started([*words, str(own), _PIP], place, errors)
            stack.enter_context(undone(partial(_end, process)))
        seen = 0
        for line in process.stdout or ():
            seen += line.startswith(_ONE_MORE)
            progress(min(seen, total), total)
        if process.wait():
            errors.seek(0)
            raise InputError([_problem(errors.read())])


def _started(words: list[str], place: Path, errors: IO[str]) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        words,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=errors,
        encoding="utf-8",
        errors="replace",
        env={**os.environ, "TMPDIR": str(place)},
    )


def _end(process: "subprocess.Popen[str]") -> None:
    with process:
        process.kill()


def _problem(log: str) -> Problem:
    """Say why pip has failed."""
    if _FULL in log:
        return Problem("", "", "disk_full")
    reasons = [line.removeprefix(_ERROR) for line in log.splitlines() if line.startswith(_ERROR)]
    reason = shortened(reasons[-1]) if reasons else ""
    return Problem(_PIP, "", "no_index" if _UNREACHED in log else "not_collected", reason)
