"""TRACE (Grimm et al. 2014): evidence that the model is fit for its purpose, from `data/records/trace.toml`."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, Final, NamedTuple

from foresight.documents.document import Document, Table
from foresight.texts import Words

#: The eight elements, keys of the section `trace` of the text catalogue.
ELEMENTS: Final = (
    "problem_formulation",
    "model_description",
    "data_evaluation",
    "conceptual_model_evaluation",
    "implementation_verification",
    "model_output_verification",
    "model_analysis",
    "model_output_corroboration",
)


class Evidence(NamedTuple):
    """One piece of evidence.

    Parameters
    ----------
    element : str
        One of `ELEMENTS`.
    en, zh : str
        What it shows, one sentence in each reviewed language.
    tests : tuple[str, ...]
        ``file::test_name`` below `tests`.
    documents : tuple[str, ...]
        Files of the project, or commands that show it.
    """

    element: str
    en: str
    zh: str
    tests: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()

    def said(self, language: str) -> str:
        """Return the sentence; in English where a language has none yet."""
        return str(getattr(self, Words(language).reviewed))


@cache
def records() -> tuple[Evidence, ...]:
    """Return every piece of evidence in the order of the elements."""
    source = files("foresight.data.records").joinpath("trace.toml").read_text("utf-8")
    found = [_evidence(entry) for entry in tomllib.loads(source)["evidence"]]
    return tuple(sorted(found, key=lambda one: ELEMENTS.index(one.element)))


def document(language: str = "en") -> Document:
    """Return TRACE as a page of its own: what it is, and the evidence."""
    words = Words(language)
    return Document(words.say("trust.section_trace"), language, (words.say("trust.trace_words"), evidence(words)))


def evidence(words: Words) -> Table:
    """Return the evidence as a table: element, sentence, tests, documents."""
    return Table(
        "trace",
        tuple(words.say(f"column.{name}") for name in ("element", "evidence", "tests", "documents")),
        tuple(_row(one, words) for one in records()),
        code=(2, 3),
    )


def _evidence(entry: dict[str, Any]) -> Evidence:
    lists = {name: tuple(entry.get(name, ())) for name in ("tests", "documents")}
    return Evidence(**{**entry, **lists})


def _row(one: Evidence, words: Words) -> tuple[str, ...]:
    name = words.say(f"trace.{one.element}")
    return name, one.said(words.language), "\n".join(one.tests), "\n".join(one.documents)
