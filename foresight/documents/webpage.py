"""A document as one page of HTML that needs nothing else: no network, no script, ready to print."""

from collections.abc import Iterator
from html import escape
from itertools import count
from typing import Final

from foresight.documents.document import Document, Figure, Findings, Part, Section, Table

_STYLE: Final = """
:root { --ink: #1d2b33; --soft: #52636d; --line: #d5dde1; --wash: #f4f7f8; --accent: #00607a; }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0 auto; max-width: 72rem; padding: 2rem 1.5rem 4rem; color: var(--ink); background: #fff;
  font: 1rem/1.6 system-ui, "Segoe UI", Roboto, "Noto Sans", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; }
h1 { font-size: 1.9rem; line-height: 1.25; margin: 0 0 1rem; }
h2 { font-size: 1.45rem; line-height: 1.3; margin: 3rem 0 1rem; padding-top: 1rem;
  border-top: 2px solid var(--accent); }
h3 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
h4 { font-size: 1rem; margin: 1.5rem 0 .5rem; }
p { max-width: 46rem; margin: .6rem 0; overflow-wrap: anywhere; }
a { color: var(--accent); }
nav { background: var(--wash); border: 1px solid var(--line); border-radius: 6px; padding: 1rem 1.5rem;
  margin: 1.5rem 0; }
nav ol { columns: 18rem; margin: 0; padding: 0; list-style: none; }
nav li { margin: .15rem 0; break-inside: avoid; }
nav li li { font-size: .9rem; margin-left: 1.1rem; }
nav ol ol { columns: auto; }
.wide { overflow-x: auto; margin: 1rem 0; }
table { border-collapse: collapse; width: 100%; font-size: .875rem; line-height: 1.45; }
th, td { min-width: 5.5em; text-align: left; vertical-align: top; padding: .45rem .75rem .45rem 0;
  border-bottom: 1px solid var(--line); }
td { white-space: pre-line; overflow-wrap: anywhere; }
td:first-child, td code { overflow-wrap: break-word; }
th { color: var(--soft); font-weight: 600; border-bottom: 2px solid var(--line); }
caption { caption-side: bottom; text-align: left; color: var(--soft); padding: .5rem 0; }
.findings { margin: 1rem 0; max-width: 60rem; }
.findings div { display: grid; grid-template-columns: 13rem 1fr; gap: 0 1.5rem; padding: .8rem 0;
  border-bottom: 1px solid var(--line); break-inside: avoid; }
.findings dt { color: var(--accent); font-weight: 600; }
.findings dd { margin: 0; overflow-wrap: anywhere; }
.findings small { display: inline-block; color: var(--soft); font-size: .78rem; line-height: 1.3; padding: 0 .5em;
  border: 1px solid var(--line); border-radius: 1em; background: var(--wash); }
details { margin: 1rem 0; }
summary { color: var(--accent); cursor: pointer; padding: .35rem 0; }
figure { display: inline-block; vertical-align: top; width: 32rem; max-width: 100%; margin: 1.25rem 1.5rem .75rem 0;
  break-inside: avoid; }
figure svg { display: block; width: 100%; height: auto; }
figcaption { font-size: .875rem; line-height: 1.45; color: var(--soft); margin-top: .5rem; }
figcaption b { color: var(--ink); font-weight: 600; display: block; }
code { font: .92em/1.5 ui-monospace, "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
  white-space: pre-wrap; overflow-wrap: break-word; }
@media screen and (max-width: 760px) {
  body { padding: 1.25rem 1rem 3rem; }
  nav ol { columns: auto; }
  table, tbody, tr, td { display: block; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  tr { border-bottom: 1px solid var(--line); padding: .6rem 0; }
  td, code { overflow-wrap: anywhere; }
  td { border: 0; padding: .1rem 0; }
  td:empty { display: none; }
  td:not(:first-child)::before { content: attr(data-head) ": "; color: var(--soft); }
  :lang(zh) td:not(:first-child)::before { content: attr(data-head) "："; }
  td:first-child { font-weight: 600; }
  table { display: flex; flex-direction: column; }
  caption { display: block; order: 1; }
  nav ol ol { display: none; }
  .findings div { display: block; }
  figure { margin-right: 0; }
}
@media print {
  @page { margin: 16mm 14mm; }
  body { max-width: none; padding: 0; font-size: 9.5pt; }
  nav { display: none; }
  h2, h3, h4 { break-after: avoid; }
  tr { break-inside: avoid; }
  thead { display: table-header-group; }
  table { font-size: 7.5pt; }
  .wide { overflow: visible; }
  figcaption, .findings small { font-size: 7.5pt; }
  details::details-content { content-visibility: visible; block-size: auto; }
  figure { width: 48%; margin-right: 1.5%; }
  .findings div { grid-template-columns: 10rem 1fr; padding: .5rem 0; }
}
"""


def html(document: Document) -> str:
    """Write a document as HTML."""
    numbers = {id(section): f"s{number}" for number, section in zip(count(1), document.sections(), strict=False)}
    lines = [
        "<!doctype html>",
        f'<html lang="{document.language}">',
        '<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(document.title)}</title><style>{_STYLE}</style></head>",
        f"<body><header><h1>{escape(document.title)}</h1></header>",
        f"<nav>{_contents(document.parts, numbers, 2)}</nav>",
        "<main>",
        *_blocks(document.parts, numbers, 2),
        "</main></body></html>",
    ]
    return "\n".join(lines) + "\n"


def _contents(parts: tuple[Part, ...], numbers: dict[int, str], depth: int) -> str:
    """List the sections with links, two levels deep."""
    items = [
        f'<li><a href="#{numbers[id(part)]}">{escape(part.heading)}</a>{_contents(part.parts, numbers, depth - 1)}</li>'
        for part in parts
        if isinstance(part, Section)
    ]
    return f"<ol>{''.join(items)}</ol>" if items and depth else ""


def _blocks(parts: tuple[Part, ...], numbers: dict[int, str], level: int) -> Iterator[str]:
    for part in parts:
        if isinstance(part, Section):
            yield f'<section id="{numbers[id(part)]}"><h{level}>{escape(part.heading)}</h{level}>'
            yield from _blocks(part.parts, numbers, level + 1)
            yield "</section>"
        else:
            yield _block(part)


def _block(part: str | Table | Findings | Figure) -> str:
    match part:
        case Table():
            return _table(part)
        case Findings():
            return f'<dl class="findings">{"".join(_finding(*row) for row in part.rows)}</dl>'
        case Figure():
            words = f"<figcaption><b>{escape(part.title)}</b> {escape(part.words)}</figcaption>"
            return f"<figure>{part.drawing}{words}</figure>"
        case _:
            return f"<p>{escape(part)}</p>"


def _finding(subject: str, words: str, basis: str) -> str:
    return f"<div><dt>{escape(subject)}</dt><dd>{escape(words)} <small>{escape(basis)}</small></dd></div>"


def _table(table: Table) -> str:
    heads = "".join(f'<th scope="col">{escape(column)}</th>' for column in table.columns)
    rows = "".join(f"<tr>{''.join(_cells(table, row))}</tr>\n" for row in table.rows)
    note = f"<caption>{escape(table.note)}</caption>" if table.note else ""
    drawn = f'<div class="wide"><table>{note}<thead><tr>{heads}</tr></thead>\n<tbody>{rows}</tbody></table></div>'
    return f"<details><summary>{escape(table.folded)}</summary>{drawn}</details>" if table.folded else drawn


def _cells(table: Table, row: tuple[str, ...]) -> Iterator[str]:
    for at, (head, cell) in enumerate(zip(table.columns, row, strict=True)):
        words = escape(cell)
        shown = f"<code>{words}</code>" if at in table.code and cell else words
        yield f'<td data-head="{escape(head)}">{shown}</td>'
