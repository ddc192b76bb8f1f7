"""Documents on a terminal: the third way to render one, beside Markdown and HTML."""

from collections.abc import Iterator

from rich.console import RenderableType

from foresight.cli.layout import columned, heading, hint, listing
from foresight.cli.prose import Prose
from foresight.documents.cited import plain
from foresight.documents.document import Document, Findings, Table


def on_screen(page: Document) -> Iterator[RenderableType]:
    """Yield what a screen shows of a document."""
    yield heading(plain(page.title))
    for part in page.parts:
        if isinstance(part, Findings):
            yield listing((subject, plain(f"{words}\n{basis}\n")) for subject, words, basis in part.rows)
        elif isinstance(part, Table):
            yield from _table(part)


def _table(table: Table) -> Iterator[RenderableType]:
    shown = columned(list(map(plain, table.columns)))
    for row in table.rows:
        shown.add_row(*(Prose(plain(cell)) for cell in row))
    yield shown
    yield hint(plain(table.note))
