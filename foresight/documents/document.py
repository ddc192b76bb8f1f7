"""A document in parts that can be rendered: sections with headings, paragraphs and tables."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Table:
    """Rows under column heads.

    Parameters
    ----------
    topic : str
        What the rows are about, in one word that is the same in every language.
    columns : tuple[str, ...]
        Heads in the language of the document.
    rows : tuple[tuple[str, ...], ...]
        Cells; the first of a row is its name. A cell of code may have several lines.
    code : tuple[int, ...]
        Positions of the columns that are code.
    note : str
        What the rows rest on; shown with the table.
    folded : str
        Words that open the table, where a page has it closed at first.
    """

    topic: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    code: tuple[int, ...] = ()
    note: str = ""
    folded: str = ""


@dataclass(frozen=True)
class Findings:
    """Sentences that say what was found.

    Parameters
    ----------
    rows : tuple of (subject, sentence, basis)
        The basis is how the numbers of the sentence were had; it may be empty.
    """

    rows: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Cards:
    """Cards to cut out of paper.

    Parameters
    ----------
    rows : tuple of (title, words, remark)
    """

    rows: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Figure:
    """A drawing; the numbers that it shows stand in a table beside it.

    Parameters
    ----------
    title : str
        What is shown.
    words : str
        How to read it.
    drawing : str
        One `svg` element, with a title and a description of its own.
    """

    title: str
    words: str
    drawing: str


@dataclass(frozen=True)
class Section:
    """A heading and what stands below it, further sections included.

    Parameters
    ----------
    heading : str
    parts : tuple of Part
    apart : bool
        Whether it begins a sheet of its own on paper.
    """

    heading: str
    parts: "tuple[Part, ...]"
    apart: bool = False


@dataclass(frozen=True)
class Document:
    """A title, its language and what stands below it.

    Parameters
    ----------
    title, language : str
    parts : tuple of Part
    dense : bool
        Whether it is to be short on paper: small letters, figures side by side.
    """

    title: str
    language: str
    parts: "tuple[Part, ...]"
    dense: bool = False

    def sections(self) -> Iterator[Section]:
        """Yield every section, outer ones before those inside them."""
        yield from _sections(self.parts)


#: What a document is made of; a text is a paragraph.
Part = str | Table | Findings | Cards | Figure | Section


def _sections(parts: tuple[Part, ...]) -> Iterator[Section]:
    for part in parts:
        if isinstance(part, Section):
            yield part
            yield from _sections(part.parts)
