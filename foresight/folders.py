"""Temporary folders, which go with the process that made them.

A process that is killed leaves its own. As long as it lives it holds a lock on each, so the next one to look there can
tell which are nobody's, and removes these.
"""

import atexit
import hashlib
import os
import platform
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import Final

from foresight.unfinished import UNINTERRUPTED, undone

try:
    import fcntl
except ImportError:  # Windows: what a killed process leaves stays there
    fcntl = None  # type: ignore[assignment]

#: How the names of temporary folders end, on this machine: locks of another may not be seen on a disk that both use.
_MARK: Final = f".held-{hashlib.sha256(platform.node().encode()).hexdigest()[:8]}"
_OURS: Final = re.compile(rf".+-\w{{8}}{re.escape(_MARK)}")

#: How often a folder is emptied that another thread may be writing in.
_TRIES: Final = 100


@contextmanager
def temporary_folder(parent: Path | None = None, prefix: str = "foresight-") -> Iterator[Path]:
    """Make a folder that is gone afterwards, however the process ends; where temporary files are, unless told."""
    place = parent or Path(tempfile.gettempdir())
    sweep_up(place)
    with ExitStack() as stack:
        with UNINTERRUPTED:
            folder, lock = _made(place, prefix)
            stack.enter_context(undone(partial(_remove, folder, lock)))
        yield folder


@cache
def folder_of_process() -> Path:
    """Make a temporary folder that is there as long as this process is."""
    stack = ExitStack()
    atexit.register(stack.close)
    return stack.enter_context(temporary_folder())


@contextmanager
def temporary_files_in(folder: Path) -> Iterator[None]:
    """Let all temporary files of this process, those of libraries too, be made in a folder."""
    before, tempfile.tempdir = tempfile.tempdir, str(folder)
    try:
        yield
    finally:
        tempfile.tempdir = before


@lru_cache(32)
def sweep_up(place: Path) -> None:
    """Remove what killed processes of this user have left in a folder, once."""
    with suppress(OSError), os.scandir(place) as entries:
        left = [Path(entry) for entry in entries if fcntl is not None and _OURS.fullmatch(entry.name)]
        for folder in left:
            _remove_unless_held(folder)


def _made(place: Path, prefix: str) -> tuple[Path, int | None]:
    """Make a folder and hold it; return it with its lock, none where the system has no locks."""
    while True:
        folder = Path(tempfile.mkdtemp(_MARK, prefix, place))
        with suppress(FileNotFoundError, BlockingIOError):  # another process sweeps it up before it is held
            lock = _held(folder)
            if folder.exists():
                return folder, lock
            _let_go(lock)


def _held(folder: Path) -> int | None:
    if fcntl is None:
        return None
    lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        raise
    except OSError:  # a disk without locks, where nobody can sweep up either
        os.close(lock)
        return None
    return lock


def _remove_unless_held(folder: Path) -> None:
    with suppress(OSError):
        lock = _held(folder)
        if lock is not None:
            if os.fstat(lock).st_uid == os.geteuid():
                shutil.rmtree(folder, ignore_errors=True)
            _let_go(lock)


def _remove(folder: Path, lock: int | None) -> None:
    """Remove a folder with all that is in it, also where another thread goes on writing, and let go of it."""
    for _ in range(_TRIES):
        if not folder.exists():
            break
        shutil.rmtree(folder, ignore_errors=True)
    _let_go(lock)


def _let_go(lock: int | None) -> None:
    if lock is not None:
        os.close(lock)
