"""Say how far the model can be trusted: the short version on the screen, the whole page to a file."""

from pathlib import Path
from typing import Any

from foresight.cli.plain import rows
from foresight.cli.render import on_screen
from foresight.cli.screen import Screen
from foresight.cli.verbs.protocol import check_page, save_page
from foresight.reports.trust.findings import in_a_minute
from foresight.reports.trust.numbers import Grounds, gathered
from foresight.reports.trust.page import document, short
from foresight.reports.trust.writing import PageWords
from foresight.version import program_version


def trust(screen: Screen, path: Path | None, force: bool) -> None:
    """Write the page to a file, or put out its short version, or all numbers as data for machines.

    Raises
    ------
    InputError
        If the file is there and may not be replaced, ends otherwise or cannot be written.
    """
    check_page(path, force)
    with screen.waiting(screen.say("cli.trusting")) as progress:
        found = gathered(progress=progress)
    if path:
        save_page(screen, document(found, screen.language), path)
    if screen.json or not path:
        screen.emit(_plain(found, PageWords(screen.language)), *on_screen(short(found, screen.language)))


def _plain(grounds: Grounds, words: PageWords) -> dict[str, Any]:
    """Return the first sentences, and every table of numbers, as JSON has them."""
    names = ("subject", "sentence", "basis")
    findings = [dict(zip(names, row, strict=True)) for row in in_a_minute(grounds, words)]
    tables = {name: rows(table) for name, table in grounds.tables().items()}
    about = {"version": program_version(), "seed": grounds.seed, "posterior": dict(grounds.facts)}
    return {**about, "findings": findings, "tables": tables}
