"""Calls of the program for tests."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest


class Answer(NamedTuple):
    """How a call of the program ended and what it said."""

    code: int
    out: str
    err: str


Call = Callable[..., Answer]


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


@contextmanager
def signals_kept() -> Iterator[None]:
    """Let this process, in which the program is called within, listen to signals as before."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def start(*words: str, folder: Path, **options: object) -> subprocess.Popen[str]:
    """Start the program as a process of its own."""
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
    with hearing():
        return subprocess.Popen(
            [sys.executable, "-m", "foresight", *words], cwd=folder, text=True, encoding="utf-8", **pipes
        )


def lines(words: str) -> list[str]:
    return words.strip().splitlines()


def read(words: str) -> Any:
    """Read JSON; numbers that it has not are refused."""
    return json.loads(words, parse_constant=lambda word: pytest.fail(f"{word} is no JSON"))


def done(answer: Answer) -> Any:
    """Return the data of a call that has nothing to remark."""
    assert (answer.code, answer.err) == (0, "")
    return read(answer.out)


def refusal(answer: Answer) -> list[str]:
    """Return the problems of a call that is refused and gives no answer."""
    assert answer.code == 2
    assert answer.out == ""
    assert "Traceback" not in answer.err
    return lines(answer.err)


def undrawn(words: str) -> str:
    """Return what is said without the breaks of lines."""
    return "".join(words.split())
