"""Calls of the program for tests."""

import signal
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple


class Answer(NamedTuple):
    """How a call of the program ended and what it said."""

    code: int
    out: str
    err: str


def hearing() -> None:
    """Let the program hear Ctrl-C even if these tests run in the background of a shell, which ignores it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def start(*words: str, folder: Path, **options: object) -> subprocess.Popen[str]:
    """Start the program as a process of its own."""
    command = [sys.executable, "-m", "foresight", *words]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
    return subprocess.Popen(command, cwd=folder, text=True, encoding="utf-8", preexec_fn=hearing, **pipes)


def lines(words: str) -> list[str]:
    return words.strip().splitlines()
