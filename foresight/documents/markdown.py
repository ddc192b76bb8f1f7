"""A document as Markdown."""

from collections.abc import Iterator
from typing import Final

from foresight.documents.cited import plain
from foresight.documents.document import Cards, Document, Figure, Findings, Part, Section, Table

#: What stands between a name and what is said of it, and where it is not as in English.
_COLON: Final = ": "
_COLONS: Final = {"zh": "：", "fr": "\u00a0: "}


def markdown(document: Document) -> str:
    """Write a document as Markdown with tables of the GitHub kind."""
    colon = _COLONS.get(document.language, _COLON)
    return plain("\n\n".join([f"# {document.title}", *_blocks(document.parts, 2, colon)])) + "\n"


def block(part: str | Table | Findings | Cards | Figure, colon: str = _COLON) -> str:
    """Write a part that has no parts; a figure as its words, as drawings are for pages."""
    match part:
        case Table():
            return _table(part)
        case Findings():
            return "\n".join(
                f"- **{subject}**{colon}{words}{basis and f' ({basis})'}" for subject, words, basis in part.rows
            )
        case Cards():
            return "\n".join(f"- **{title}**{colon}{words} {remark}" for title, words, remark in part.rows)
        case Figure():
            return f"**{part.title}**{colon}{part.words}"
        case _:
            return part


def _blocks(parts: tuple[Part, ...], level: int, colon: str) -> Iterator[str]:
    for part in parts:
        if isinstance(part, Section):
            yield f"{'#' * level} {part.heading}"
            yield from _blocks(part.parts, level + 1, colon)
        else:
            yield block(part, colon)


def _table(table: Table) -> str:
    rule = ["---"] * len(table.columns)
    rows = [[_cell(cell, at in table.code) for at, cell in enumerate(row)] for row in table.rows]
    lines = "\n".join(f"| {' | '.join(cells)} |" for cells in (table.columns, rule, *rows))
    return f"{lines}\n\n{table.note}" if table.note else lines


def _cell(words: str, code: bool) -> str:
    """Write a cell; each line of code has ticks of its own, as a cell has no lines."""
    lines = [line.strip().replace("|", "\\|") for line in words.splitlines()]
    return "<br>".join(f"`{line}`" if code else line for line in lines)
