"""Write the archive that libraries of models ask for."""

import hashlib
import os
from pathlib import Path
from typing import Final

from foresight.cli.layout import paragraph
from foresight.cli.screen import Screen
from foresight.cli.verbs.protocol import check_file
from foresight.errors import InputError, Problem, shown
from foresight.files import space, written_whole
from foresight.parcels.archive import EARLIEST, LATEST, contents, packed

#: Set it to the second of the epoch that all files are to bear.
EPOCH: Final = "SOURCE_DATE_EPOCH"

_ENDING: Final = ".zip"


def archive(screen: Screen, path: Path, force: bool) -> None:
    """Write the archive to a file, and say what it weighs.

    Raises
    ------
    InputError
        If the file is there and may not be replaced, ends otherwise or cannot be written.
    """
    check_file(path, (_ENDING,), force)
    second = _second()
    with screen.waiting(screen.say("archive.working")) as progress:
        files = contents(screen.language, progress)
    content = packed(files, second)
    with space(path), written_whole(path) as written:
        written.write_bytes(content)
    screen.note(screen.say("cli.saved", path=path))
    told = {"files": len(files), "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    size = screen.words.number(len(content) / 1e6)
    screen.emit({"file": str(path), **told}, paragraph(screen.say("archive.told", size=size, **told)))


def _second() -> int:
    """Return the second that all files bear: the first that a ZIP can name, unless told."""
    value = os.environ.get(EPOCH, str(EARLIEST))
    try:
        second = int(value)
    except ValueError:
        raise InputError([Problem(EPOCH, "", "not_whole", shown(value))]) from None
    if not EARLIEST <= second <= LATEST:
        raise InputError([Problem(EPOCH, "", "out_of_range", shown(value), f"{EARLIEST}..{LATEST}")])
    return second
