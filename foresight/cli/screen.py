"""The screen: tables and data on stdout, progress and messages on stderr, all texts from the catalogue."""

import dataclasses
import json
import logging
import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from rich.console import Console, ConsoleDimensions, RenderableType
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from foresight.cli.prose import Prose
from foresight.errors import Problem
from foresight.texts import Words

#: Cells of a line of text where no terminal says how many there are, and of a table there: each has what it needs.
_LINE: Final = 80
_PIPE: Final = 100_000

#: Seconds of work before a progress bar appears.
PATIENCE: Final = 1.0

#: What clears the line of a terminal and shows the cursor, which a bar of progress hides.
_CLEAR: Final = "\r\x1b[K\x1b[?25h"


class _Console(Console):
    """A console that leaves a closed pipe to its caller."""

    def on_broken_pipe(self) -> None:
        raise  # called while the BrokenPipeError is handled


class _Announcement(logging.Handler):
    """A log that calls a function for every message."""

    def __init__(self, announce: Callable[[], None]) -> None:
        super().__init__()
        self._announce = announce

    def emit(self, record: logging.LogRecord) -> None:  # noqa: ARG002  # there is one message only
        self._announce()


class _Speed(ProgressColumn):
    """How many parts a second are done."""

    def __init__(self, screen: "Screen", key: str) -> None:
        super().__init__()
        self._screen, self._key = screen, key

    def render(self, task: Task) -> Text:
        """Write the speed; nothing before there is one."""
        return Text(self._screen.say(self._key, speed=f"{task.speed:,.0f}") if task.speed else "")


class Screen:
    """Where a command says what it has to say.

    Parameters
    ----------
    language : str
        Of all texts.
    quiet : bool
        Whether progress and notes are left out.
    json : bool
        Whether stdout gets data for machines in place of tables.
    """

    def __init__(self, language: str = "en", quiet: bool = False, json: bool = False) -> None:
        self.words, self.quiet, self.json = Words(language), quiet, json
        self.out, self.err = _console(), _console(stderr=True)
        if not (self.out.is_terminal or "COLUMNS" in os.environ):
            self.out.size = ConsoleDimensions(_PIPE, self.out.height)  # of both, or dumb terminals keep their own

    @property
    def language(self) -> str:
        """The language of all texts."""
        return self.words.language

    def say(self, key: str, **values: object) -> str:
        """Look a text up."""
        return self.words.say(key, **values)

    def emit(self, plain: object, *parts: RenderableType) -> None:
        """Put out one answer: `plain` for machines, or the parts for people."""
        if self.json:
            self.out.file.write(_dumped(plain))
            self.out.file.flush()  # a signal may end the program at any time, and what is said stays said
        else:
            self.show(*parts)

    def show(self, *parts: RenderableType) -> None:
        """Put out parts for people; in a pipe tables are as wide as they have to be, and texts are not."""
        piped = self.out.width == _PIPE
        for part in parts:
            self.out.print(part, width=_LINE if piped and isinstance(part, Prose) else None)

    def note(self, words: str) -> None:
        """Tell a person something beside the answer."""
        if not self.quiet:
            self.insist(words)

    def insist(self, words: str) -> None:
        """Tell a person something that the answer hangs on, also where they want no notes."""
        self.err.print(Prose(words, "dim"))

    def last_words(self, key: str) -> bytes:
        """Return a text as stderr takes it from a program that ends: without a bar of progress, with a cursor."""
        clears = self.err.is_terminal and not (self.err.is_dumb_terminal or self.err.legacy_windows)
        words = f"{_CLEAR if clears else ''}{self.say(key)}\n"
        return words.encode(self.err.encoding, errors="replace")

    def problems(self, problems: Iterable[Problem]) -> None:
        """Say what is wrong with the input: one line a problem, or all as data for machines."""
        if self.json:
            plain = [self.plain(problem) for problem in problems]
            self.err.file.write(_dumped({"problems": plain}))
        else:
            for problem in problems:
                self.err.print(problem.message(self.language), soft_wrap=True)

    def plain(self, problem: Problem) -> dict[str, Any]:
        """Return a problem for machines."""
        return {**dataclasses.asdict(problem), "message": problem.message(self.language)}

    def fault(self, error: BaseException, variable: str) -> None:
        """Say in one line that the program failed, and how to see more."""
        what = " ".join(f"{type(error).__name__}: {error}".split())
        self.err.print(self.say("cli.fault", what=what, variable=variable), soft_wrap=True)

    @contextmanager
    def waiting(self, label: str, speed: str = "") -> Iterator[Callable[[int, int], None]]:
        """Show how far a long work is, and that the engine is being compiled while it is.

        Parameters
        ----------
        label : str
            What is done.
        speed : str
            Key of the text that says how many parts a second are done; with it, the time left is shown too.

        Yields
        ------
        Callable
            To be called with the parts done and the parts to do.
        """
        columns: list[ProgressColumn] = [SpinnerColumn(), TextColumn("{task.description}"), BarColumn()]
        columns += [_Speed(self, speed), TimeRemainingColumn()] if speed else [TimeElapsedColumn()]
        shown = self.err.is_terminal and not self.quiet
        with _stopped(Progress(*columns, console=self.err, transient=True, disable=not shown)) as progress:
            task = progress.add_task(label, total=None)
            patience = time.monotonic() + PATIENCE

            def advance(done: int, total: int) -> None:
                progress.update(task, completed=done, total=total, description=label)
                if time.monotonic() > patience:
                    progress.start()

            def announce() -> None:
                progress.update(task, description=self.say("cli.compiling"))
                progress.start()
                if not shown:
                    self.note(self.say("cli.compiling"))

            with _heard(announce):
                yield advance


def _dumped(plain: object) -> str:
    return json.dumps(plain, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _console(stderr: bool = False) -> _Console:
    """Make a console that takes every text as it is."""
    return _Console(stderr=stderr, markup=False, emoji=False, highlight=False)


@contextmanager
def _stopped(progress: Progress) -> Iterator[Progress]:
    """Give a progress bar that starts late and is gone in the end."""
    try:
        yield progress
    finally:
        progress.stop()


@contextmanager
def _heard(announce: Callable[[], None]) -> Iterator[None]:
    """Call a function where the engine says that it has to be compiled."""
    handler = _Announcement(announce)
    log = logging.getLogger("foresight")
    log.addHandler(handler)
    try:
        yield
    finally:
        log.removeHandler(handler)
