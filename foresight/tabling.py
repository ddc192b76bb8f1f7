"""How tables of the page of trust are put together."""

from collections.abc import Iterable
from dataclasses import replace

from foresight.document import Table
from foresight.texts import percent, text

Row = tuple[str, ...]


def heads(names: str, language: str) -> list[str]:
    """Return the heads of columns by their keys, one word each."""
    return [text(f"column.{name}", language) for name in names.split()]


def level_name(level: float, language: str) -> str:
    """Name a band by its level."""
    return text("trust.level", language, level=percent(level))


def made_table(topic: str, columns: Iterable[str], rows: Iterable[Row], note: str = "") -> Table:
    """Return a table with what its rows rest on."""
    return Table(topic, tuple(columns), tuple(rows), note=note)


def folded(table: Table, name: str, language: str) -> Table:
    """Return a table that a page has closed at first, under a name."""
    return replace(table, folded=text("trust.numbers", language, name=name))
