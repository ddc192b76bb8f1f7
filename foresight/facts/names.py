"""The names that tables of facts and declarations have for things, and how a value is written beside them."""

from collections.abc import Mapping
from typing import Any

from foresight.texts import Words


def named(row: Any, key: str, words: Words, column: str = "name") -> str:
    """Return what a column of a table of facts says; in a language of `drafts` what its text catalogue has for it."""
    return words.say(key) if words.has(key) else str(row[f"{column}_{words.reviewed}"])


def said(declared: Mapping[str, str], key: str, words: Words) -> str:
    """Return what a declaration says; in a language of `drafts` what its text catalogue has for it."""
    return words.say(key) if words.has(key) else declared[words.reviewed]


def written(value: Any) -> str:
    """Write a value as it is; three equal values of the phases as one."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple | list):
        return written(value[0]) if len(set(value)) == 1 else " · ".join(map(written, value))
    return f"{value:g}" if isinstance(value, float) else str(value)
