"""Files that appear whole or not at all."""

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from foresight.errors import InputError, Problem

#: What a system says when there is no room left.
_FULL: Final = (errno.ENOSPC, errno.EDQUOT)


@contextmanager
def space(path: Path) -> Iterator[None]:
    """Say in one line that a folder cannot be written to, as on a full disk."""
    try:
        yield
    except OSError as error:
        kind = "disk_full" if error.errno in _FULL else "not_writable"
        raise InputError([Problem(str(path), "", kind, details={"reason": str(error.strerror)})]) from None


@contextmanager
def written_whole(path: str | Path) -> Iterator[Path]:
    """Give a temporary path beside a target and put the file written there in the target's place.

    Whatever interrupts the writing, a full disk or Ctrl-C among them, the target stays as it was and nothing is
    left behind.

    Parameters
    ----------
    path : str or Path
        The target; its folder exists.

    Yields
    ------
    Path
        Where to write, of the target's name.

    Raises
    ------
    InputError
        If there is no such folder, or the target is something else than a file.
    """
    target = Path(path)
    if not target.parent.is_dir():
        raise InputError([Problem(str(target), "", "no_folder", str(target.parent))])
    if target.exists() and not target.is_file():
        raise InputError([Problem(str(target), "", "a_directory" if target.is_dir() else "no_file")])
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}-") as folder:
        written = Path(folder, target.name)
        yield written
        _flush(written)
        os.replace(written, target)
        _flush_folder(target.parent)


def _flush(path: Path) -> None:
    """Make sure that the file is on the disk before it takes a name that counts."""
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())


def _flush_folder(path: Path) -> None:
    """Make sure that the name is on the disk too, where a folder can be opened."""
    if os.name == "posix":
        folder = os.open(path, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
