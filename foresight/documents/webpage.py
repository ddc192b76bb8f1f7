"""A document as one page of HTML that needs nothing else: no network, no script, ready to print."""

from collections.abc import Iterator
from html import escape
from importlib.resources import files
from itertools import count, takewhile

from foresight.documents.cited import plain, rendered
from foresight.documents.document import Cards, Document, Figure, Findings, Part, Section, Table


def html(document: Document) -> str:
    """Write a document as HTML: what stands before its sections first, then what sections there are."""
    style = files("foresight.documents").joinpath("page.css").read_text("utf-8")
    numbers = {id(section): f"s{number}" for number, section in zip(count(1), document.sections(), strict=False)}
    lead = tuple(takewhile(lambda part: not isinstance(part, Section), document.parts))
    dense = ' class="dense"' if document.dense else ""
    lines = [
        "<!doctype html>",
        f'<html lang="{document.language}">',
        '<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(plain(document.title))}</title><style>\n{style}</style></head>",
        f"<body{dense}><header><h1>{_shown(document.title)}</h1></header>",
        '<main><div class="lead">',
        *_blocks(lead, numbers, 2),
        f"</div><nav>{_contents(document.parts, numbers, 2)}</nav>",
        *_blocks(document.parts[len(lead) :], numbers, 2),
        "</main></body></html>",
    ]
    return "\n".join(lines) + "\n"


def _contents(parts: tuple[Part, ...], numbers: dict[int, str], depth: int) -> str:
    """List the sections with links, two levels deep."""
    items = [
        f'<li><a href="#{numbers[id(part)]}">{_shown(part.heading)}</a>{_contents(part.parts, numbers, depth - 1)}</li>'
        for part in parts
        if isinstance(part, Section)
    ]
    return f"<ol>{''.join(items)}</ol>" if items and depth else ""


def _blocks(parts: tuple[Part, ...], numbers: dict[int, str], level: int) -> Iterator[str]:
    for part in parts:
        if isinstance(part, Section):
            apart = ' class="apart"' if part.apart else ""
            yield f'<section id="{numbers[id(part)]}"{apart}><h{level}>{_shown(part.heading)}</h{level}>'
            yield from _blocks(part.parts, numbers, level + 1)
            yield "</section>"
        else:
            yield _block(part)


def _block(part: str | Table | Findings | Cards | Figure) -> str:
    match part:
        case Table():
            return _table(part)
        case Findings():
            return f'<dl class="findings">{"".join(_finding(*row) for row in part.rows)}</dl>'
        case Cards():
            return f'<div class="cards">{"".join(_card(*row) for row in part.rows)}</div>'
        case Figure():
            words = f"<figcaption><b>{_shown(part.title)}</b> {_shown(part.words)}</figcaption>"
            return f"<figure>{part.drawing}{words}</figure>"
        case _:
            return f"<p>{_shown(part)}</p>"


def _finding(subject: str, words: str, basis: str) -> str:
    rests = f" <small>{_shown(basis)}</small>" if basis else ""
    return f"<div><dt>{_shown(subject)}</dt><dd>{_shown(words)}{rests}</dd></div>"


def _card(title: str, words: str, remark: str) -> str:
    return f"<div><b>{_shown(title)}</b><p>{_shown(words)}</p><small>{_shown(remark)}</small></div>"


def _table(table: Table) -> str:
    heads = "".join(f'<th scope="col">{_shown(column)}</th>' for column in table.columns)
    rows = "".join(f"<tr>{''.join(_cells(table, row))}</tr>\n" for row in table.rows)
    note = f"<caption>{_shown(table.note)}</caption>" if table.note else ""
    body = f"<thead><tr>{heads}</tr></thead>\n<tbody>{rows}</tbody>"
    drawn = f'<div class="wide {table.topic}"><table>{note}{body}</table></div>'
    return f"<details><summary>{_shown(table.folded)}</summary>{drawn}</details>" if table.folded else drawn


def _cells(table: Table, row: tuple[str, ...]) -> Iterator[str]:
    for at, (head, cell) in enumerate(zip(table.columns, row, strict=True)):
        words = _shown(cell)
        shown = f"<code>{words}</code>" if at in table.code and cell else words
        yield f'<td data-head="{escape(plain(head))}">{shown}</td>'


def _shown(text: str) -> str:
    """Write a text, its numbers with the results that they cite."""
    return rendered(escape(text), '<data value="{}" data-source="{}">{}</data>'.format)
