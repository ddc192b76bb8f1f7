"""Links of pages, which lead to files of the repository where these are written and to pages in the book."""

import posixpath
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

#: A link to a file, not a picture, and not to another host or a place on the same page.
_LINK: Final = re.compile(r"(?<!!)\[([^\]\n]+)\]\((?!\w+:)([^)#\s]+)(#[^)\s]*)?\)")


def rewritten(words: str, source: str, page: str, moved: Mapping[str, str], pages: Path) -> str:
    """Return a page with its links as they are in the book; what is no page becomes the code text of its path.

    Parameters
    ----------
    words : str
        What the page says; in a notebook as its file has it.
    source, page : str
        Where it stands in the repository, and in the book.
    moved : Mapping[str, str]
        Pages of the book that stand elsewhere in the repository, or are made of what stands there, by its path.
    pages : Path
        The folder of all pages.
    """

    def link(found: re.Match[str]) -> str:
        name, target, place = found[1], found[2], found[3] or ""
        path = posixpath.normpath(posixpath.join(posixpath.dirname(source), target))
        there = moved.get(path, path.removeprefix("notebooks/"))
        if there.endswith((".md", ".ipynb")) and (pages / there).is_file():
            return f"[{name}]({posixpath.relpath(there, posixpath.dirname(page) or '.')}{place})"
        shown = f"`{path}`"
        return shown if name.strip("`") in (path, posixpath.basename(path), target) else f"{name} ({shown})"

    return _LINK.sub(link, words)
