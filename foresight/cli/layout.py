"""What a page is put together from: headings, remarks, paragraphs, lists and tables."""

from collections.abc import Iterable, Sequence
from typing import Final

from rich import box
from rich.cells import cell_len
from rich.console import RenderableType
from rich.table import Column, Table

from foresight.cli.prose import Prose
from foresight.cli.screen import Screen

_LONGEST_NAME: Final = 40  # cells of a name that is kept on one line
_LEAST_ROOM: Final = 20  # cells that names have, however many columns there are


def heading(words: str) -> RenderableType:
    """Make a heading."""
    return Prose(f"\n{words}", "bold")


def hint(words: str) -> RenderableType:
    """Make a remark below a table."""
    return Prose(words, "dim")


def paragraph(words: str) -> RenderableType:
    """Make a paragraph of text."""
    return Prose(f"{words}\n")


def pairs(screen: Screen, facts: Iterable[tuple[str, str]]) -> Table:
    """Make a list of names and values; names are keys of the section `table` of the text catalogue."""
    return listing((screen.say(f"table.{name}"), value) for name, value in facts if value)


def listing(rows: Iterable[tuple[str, str]]) -> Table:
    """Make a list of names and what is said of each."""
    columns = Column(style="dim", no_wrap=True), Column(overflow="fold")
    table = Table(*columns, box=None, show_header=False, pad_edge=False)
    for name, words in rows:
        table.add_row(name, Prose(words))
    return table


def grid(screen: Screen, columns: Sequence[str], rows: Iterable[Sequence[str]], more: Sequence[str] = ()) -> Table:
    """Make a table; columns are keys of the section `table` of the text catalogue, `more` are headings as such."""
    rows = list(rows)
    table = columned([*(screen.say(f"table.{name}") for name in columns), *more])
    widest = max((cell_len(first) for first, *_ in rows), default=0)
    table.columns[0].no_wrap = not more and widest <= _LONGEST_NAME
    table.columns[0].min_width = min(widest, _LEAST_ROOM)
    for row in rows:
        table.add_row(*map(Prose, row))
    return table


def written_number(value: float, form: str) -> str:
    """Write a number; one that is not known as nothing."""
    return "" if value != value else form.format(value)


def between(screen: Screen, low: float, high: float, form: str) -> str:
    """Write an interval; one that is not known as nothing."""
    ends = {"low": written_number(low, form), "high": written_number(high, form)}
    return screen.say("explain.between", **ends) if all(ends.values()) else ""


def columned(names: Iterable[str]) -> Table:
    """Make a table that has its columns and no rows yet."""
    columns = (Column(Prose(name), overflow="fold") for name in names)
    return Table(*columns, box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
