"""Calls of the program for tests."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple


class Answer(NamedTuple):
    """How a call of the program ended and what it said."""

    code: int
    out: str
    err: str


@contextmanager
def hearing() -> Iterator[None]:
    """Let a program started within hear Ctrl-C even if these tests run in the background of a shell, which ignores it.

    What is ignored here is ignored by what is started here. Telling the program itself, between fork and exec, would
    run the hooks of libraries at a fork, and JAX warns there.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def start(*words: str, folder: Path, **options: object) -> subprocess.Popen[str]:
    """Start the program as a process of its own."""
    command = [sys.executable, "-m", "foresight", *words]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
    with hearing():
        return subprocess.Popen(command, cwd=folder, text=True, encoding="utf-8", **pipes)


def lines(words: str) -> list[str]:
    return words.strip().splitlines()
