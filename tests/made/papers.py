"""Pages of HTML as tests read them: what a reader sees, and what elements there are."""

import re
from html import unescape
from html.parser import HTMLParser

from foresight.texts import drafts, languages

LANGUAGES = [*languages(), *drafts()]

#: Elements that have no end.
VOID = {"meta"}


def text_of(page: str) -> str:
    """Return what a reader sees."""
    body = page.partition("</head>")[2]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body)))


class Elements(HTMLParser):
    """What stands in a page: every element is closed where it was opened, and its attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.attributes: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
