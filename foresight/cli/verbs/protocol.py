"""Write a document to a file, and the protocol of the model on the screen too."""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from foresight.cli.paper import browser, printed
from foresight.cli.screen import Screen
from foresight.documents.document import Document
from foresight.documents.markdown import markdown
from foresight.documents.protocol import document
from foresight.documents.webpage import html
from foresight.errors import InputError, Problem, listed, nearest, shown
from foresight.files import space, written_whole

#: On paper.
_PDF: Final = ".pdf"

#: How a document is written, by the ending of the file.
WRITERS: Final[Mapping[str, Callable[[Document], bytes]]] = {
    ".md": lambda document: markdown(document).encode(),
    ".html": lambda document: html(document).encode(),
    _PDF: lambda document: printed(html(document)),
}

_OUT: Final = "--out"


def protocol(screen: Screen, path: Path | None, force: bool) -> None:
    """Write the protocol to a file, or put it out as Markdown, or as data for machines.

    Raises
    ------
    InputError
        If the file is there and may not be replaced, ends otherwise or cannot be written.
    """
    check_page(path, force)
    written = document(screen.language)
    if path:
        save_page(screen, written, path)
    if screen.json:
        screen.emit(dataclasses.asdict(written))
    elif not path:
        screen.out.file.write(markdown(written))


def check_page(path: Path | None, force: bool) -> None:
    """Refuse a file that no page can be written to, before the work."""
    if path is None:
        return
    check_file(path, tuple(WRITERS), force)
    if path.suffix.lower() == _PDF:
        browser()


def check_file(path: Path, endings: Sequence[str], force: bool) -> None:
    """Refuse a file that ends otherwise, or that is there and may not be replaced."""
    if path.suffix.lower() not in endings:
        near = nearest(path.suffix.lower(), endings)
        raise InputError([Problem(_OUT, "", "other_ending", shown(str(path)), listed(endings), near)])
    if path.is_file() and not force:
        raise InputError([Problem(str(path), "", "file_exists", "", "--force")])


def save_page(screen: Screen, document: Document, path: Path) -> None:
    """Write a document in the form that the ending of a file names, and say so."""
    content = WRITERS[path.suffix.lower()](document)
    with space(path), written_whole(path) as written:
        written.write_bytes(content)
    screen.note(screen.say("cli.saved", path=path))
