"""Files and folders that appear whole or not at all, with the folders that they need."""

import errno
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Final

from foresight.errors import InputError, Problem
from foresight.folders import temporary_folder
from foresight.unfinished import UNINTERRUPTED, undone

#: What a system says when there is no room left: on the disk, or for one user or one file on it.
_FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@contextmanager
def space(path: Path) -> Iterator[None]:
    """Say in one line that a folder cannot be written to, as on a full disk."""
    try:
        yield
    except OSError as error:
        raise InputError([no_room(error, path)]) from None


def no_room(error: OSError, path: str | Path) -> Problem:
    """Say why a path cannot be written to."""
    kind = "disk_full" if is_full(error) else "not_writable"
    return Problem(str(path), "", kind, details={"reason": str(error.strerror)})


def is_full(error: BaseException) -> bool:
    """Tell whether something failed because a disk is full."""
    return isinstance(error, OSError) and error.errno in _FULL


@contextmanager
def written_whole(path: str | Path, make_folder: bool = False) -> Iterator[Path]:
    """Give a temporary path beside a target and put the file written there in the target's place.

    Whatever interrupts the writing, a full disk or Ctrl-C among them, the target stays as it was and nothing is
    left behind.

    Parameters
    ----------
    path : str or Path
        The target.
    make_folder : bool
        Whether its folder comes with it where there is none.

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
    if not make_folder and not target.parent.is_dir():
        raise InputError([Problem(str(target), "", "no_folder", str(target.parent))])
    if target.exists() and not target.is_file():
        raise InputError([Problem(str(target), "", "a_directory" if target.is_dir() else "no_file")])
    with temporary_folder(nearest_folder(target.parent), f".{target.name}-") as folder:
        written = folder / target.name
        yield written
        _flush(written)
        _put(written, target)
        _flush_folder(target.parent)


@contextmanager
def folder_written_whole(path: Path) -> Iterator[Path]:
    """Give a temporary folder beside a target and put it in the target's place, which is free or an empty folder.

    Whatever interrupts the writing, the target stays as it was and nothing is left behind.
    """
    target = path.resolve()
    with temporary_folder(nearest_folder(target.parent), f".{target.name}-") as folder:
        written = folder / target.name
        written.mkdir()
        yield written
        _put(written, target)


@contextmanager
def undone_without(last: Path, new: Sequence[Path]) -> Iterator[None]:
    """Remove files and empty folders that are new, unless in the end the file is there that makes them count.

    Parameters
    ----------
    last : Path
        The file that comes last.
    new : sequence of Path
        What is removed, in this order; what else there is stays.
    """
    with undone(partial(_remove_new, last, new)):
        yield


def new_folders(folder: Path) -> list[Path]:
    """Make a folder and those above it; return those that were not there, the innermost first.

    Raises
    ------
    OSError
        If one cannot be made; then none is.
    """
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        _remove_each(missing)
        raise
    return missing


def nearest_folder(folder: Path) -> Path:
    """Return a folder, or the nearest above it that there is."""
    return next(one for one in (folder, *folder.parents) if one.exists())


def try_out(folder: Path) -> None:
    """Make something in a folder and take it away again; OSError if nothing can be made there."""
    with temporary_folder(folder, ".foresight-"):
        pass


def _put(written: Path, target: Path) -> None:
    """Give a file or a folder its name, and the folders that it needs with it."""
    with UNINTERRUPTED:
        made = new_folders(target.parent)
        try:
            os.replace(written, target)
        except BaseException:
            _remove_each(made)
            raise


def _remove_new(last: Path, new: Sequence[Path]) -> None:
    if not last.exists():
        _remove_each(new)


def _remove_each(paths: Sequence[Path]) -> None:
    """Remove files and folders, but for those that something is in."""
    for path in paths:
        with suppress(OSError):
            path.rmdir() if path.is_dir() else path.unlink()


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
