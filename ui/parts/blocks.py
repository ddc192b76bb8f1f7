"""Blocks that pages are made of; the browser knows how to draw each kind."""

from collections.abc import Sequence
from typing import Any

from ..words import Words

Block = dict[str, Any]


def heading(text: str, level: int = 2) -> Block:
    """Return a heading."""
    return {"kind": "heading", "text": text, "level": level}


def prose(text: str, tone: str = "plain") -> Block:
    """Return a paragraph: plain, hint, warning or lead."""
    return {"kind": "text", "text": text, "tone": tone}


def listed(items: Sequence[str]) -> Block:
    """Return a list of sentences."""
    return {"kind": "list", "items": list(items)}


def table(caption: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], **more: Any) -> Block:
    """Return a table; a cell is a text, or a dict with `text` and `page`, `tag`, `title`, `button`, `sets` or `input`.

    With `sorts` a press on the head of a column orders the rows by it, by `value` where its cells have one.
    """
    return {"kind": "table", "caption": caption, "columns": list(columns), "rows": [list(row) for row in rows], **more}


def grid(*blocks: Block) -> Block:
    """Return blocks side by side where there is room."""
    return {"kind": "grid", "blocks": list(blocks)}


def row(*blocks: Block) -> Block:
    """Return controls one after the other."""
    return {"kind": "row", "blocks": list(blocks)}


def fold(name: str, label: str, *blocks: Block) -> Block:
    """Return blocks that are shown once somebody opens them; they stay open while the page is made anew."""
    return {"kind": "fold", "name": name, "label": label, "blocks": list(blocks)}


def button(label: str, message: Block, **more: Any) -> Block:
    """Return a button that sends a message; with `strong` it is the main one, with `page` it leads there."""
    return {"kind": "button", "label": label, "message": message, **more}


def copyable(label: str, text: str) -> Block:
    """Return a text to copy."""
    return {"kind": "copyable", "label": label, "text": text}


def choice(label: str, name: str, options: Sequence[tuple[str, str]], value: str, **more: Any) -> Block:
    """Return a choice of one value of the view, or, with `message`, of what is sent with that message."""
    listed_options = [{"value": one, "label": label_of} for one, label_of in options]
    return {"kind": "choice", "label": label, "name": name, "options": listed_options, "value": value, **more}


def fan(name: str, title: str, unit: str, series: Sequence[Block], **more: Any) -> Block:
    """Return a chart of medians and bands over the years, without its numbers."""
    spec = {"id": name, "type": "fan", "title": title, "unit": unit, "series": list(series)}
    return {"kind": "chart", "spec": {**spec, "years": list(range(2017, 2041)), **more}}


def series(name: str, label: str, color: int, **more: Any) -> Block:
    """Return one line of a chart."""
    return {"id": name, "label": label, "color": color, **more}


def tag(words: Words, name: str) -> Block:
    """Return how a number is known, as a sign that stands beside it."""
    return {"text": words.say(f"tag.{name}"), "tag": name}
