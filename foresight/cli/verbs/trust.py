"""Say how far the model can be trusted: the short version on the screen, the whole page to a file."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
from rich.console import RenderableType

from foresight.cli.layout import columned, heading, hint, listing
from foresight.cli.prose import Prose
from foresight.cli.screen import Screen
from foresight.cli.verbs.protocol import check_page, save_page
from foresight.documents.document import Document, Findings, Table
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
        screen.emit(_plain(found, PageWords(screen.language)), *_shown(short(found, screen.language)))


def _plain(grounds: Grounds, words: PageWords) -> dict[str, Any]:
    """Return the first sentences, and every table of numbers, as JSON has them."""
    names = ("subject", "sentence", "basis")
    findings = [dict(zip(names, row, strict=True)) for row in in_a_minute(grounds, words)]
    tables = {name: _records(table) for name, table in grounds.tables().items()}
    about = {"version": program_version(), "seed": grounds.seed, "posterior": dict(grounds.facts)}
    return {**about, "findings": findings, "tables": tables}


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return rows; what is not known, or has no end, is None."""
    finite = table.replace([float("inf"), float("-inf")], float("nan")).astype(object)
    rows = finite.where(finite.notna(), None).to_dict("records")
    return [{str(name): value for name, value in row.items()} for row in rows]


def _shown(page: Document) -> Iterator[RenderableType]:
    """Yield what a screen shows of a document."""
    yield heading(page.title)
    for part in page.parts:
        if isinstance(part, Findings):
            yield listing((subject, f"{words}\n{basis}\n") for subject, words, basis in part.rows)
        elif isinstance(part, Table):
            yield from _table(part)


def _table(table: Table) -> Iterator[RenderableType]:
    shown = columned(table.columns)
    for row in table.rows:
        shown.add_row(*map(Prose, row))
    yield shown
    yield hint(table.note)
