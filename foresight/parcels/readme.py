"""The first page of an archive: what is in it, how to run it, what must come out, and how to cite it."""

from collections.abc import Mapping
from typing import Final

from foresight.documents.document import Document, Section, Table
from foresight.parcels.trial import CALL, result_digest
from foresight.texts import Words
from foresight.version import program_version

#: What is in an archive, and the key of what is said of it.
_PARTS: Final[Mapping[str, str]] = {
    "code/": "code",
    "data/": "data",
    "docs/": "docs",
    "LICENSE": "licence",
    "CITATION.cff": "citation",
    "codemeta.json": "codemeta",
    "requirements.txt": "requirements",
    "manifest-sha256.txt": "manifest",
}

_INSTALL: Final = ("python -m venv env", "env/bin/python -m pip install --requirement requirements.txt")
_RUN: Final = ("cd code", f"../env/bin/python -m foresight {' '.join(CALL)}")


def readme(language: str) -> Document:
    """Return the page; the run that it names is made for it."""
    words = Words(language)
    heads = (words.say("archive.column_name"), words.say("archive.column_holds"))
    rows = tuple((name, words.say(f"archive.part_{key}")) for name, key in _PARTS.items())
    return Document(
        words.say("archive.title", version=program_version()),
        language,
        (
            words.say("archive.lead"),
            Section(words.say("archive.section_parts"), (Table("archive", heads, rows, code=(0,)),)),
            Section(words.say("archive.section_run"), _run(words)),
            Section(words.say("archive.section_cite"), (words.say("archive.cite"),)),
        ),
    )


def _run(words: Words) -> tuple[str, ...]:
    return (
        words.say("archive.run"),
        _typed(*_INSTALL, *_RUN),
        words.say("archive.digest"),
        _typed(result_digest()),
        words.say("archive.more"),
    )


def _typed(*lines: str) -> str:
    """Write lines as Markdown has what is typed."""
    return "\n".join(f"    {line}" for line in lines)
