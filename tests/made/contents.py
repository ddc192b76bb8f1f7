"""What documents hold, for tests."""

from collections.abc import Iterator

from foresight.documents.document import Document, Table


def tables(document: Document) -> Iterator[Table]:
    """Yield every table in the order of a document."""
    for part in (*document.parts, *(part for section in document.sections() for part in section.parts)):
        if isinstance(part, Table):
            yield part


def names(document: Document, topic: str) -> list[str]:
    """Return the first cells of all rows of tables about a topic."""
    return [row[0] for table in tables(document) if table.topic == topic for row in table.rows]
