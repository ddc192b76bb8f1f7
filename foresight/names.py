"""The names that tables of facts and declarations have for things, and how a value is written beside them."""

from collections.abc import Mapping
from typing import Any

from foresight.texts import drafts, text


def named(row: Any, key: str, language: str) -> str:
    """Return the name that a row of a table of facts has; in a language of `drafts` that of the text catalogue."""
    return text(key, language) if language in drafts() else str(row[f"name_{language}"])


def said(words: Mapping[str, str], key: str, language: str) -> str:
    """Return what a declaration says; in a language of `drafts` what the text catalogue says."""
    return text(key, language) if language in drafts() else words[language]


def written(given: Any) -> str:
    """Write a value as it is; three equal values of the phases as one."""
    if isinstance(given, bool):
        return str(given).lower()
    if isinstance(given, tuple | list):
        return written(given[0]) if len(set(given)) == 1 else " · ".join(map(written, given))
    return f"{given:g}" if isinstance(given, float) else str(given)
