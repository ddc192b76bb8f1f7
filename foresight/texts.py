"""The text catalogue: every sentence a reader sees, by key and language, from `locale/*.toml`."""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

#: A share that is told as "less than 1 %".
SMALL: Final = 0.01


def text(key: str, language: str = "en", **values: object) -> str:
    """Look up a text.

    Parameters
    ----------
    key : str
        Dotted path in the catalogue, such as ``problem.unknown_key``.
    language : str
        One of `languages`.
    **values
        What fills the placeholders of the text.

    Raises
    ------
    KeyError
        If the catalogue of that language has no such key, or there is no catalogue of that language.
    """
    catalogue = _catalogue(language)
    if key not in catalogue:
        raise KeyError(f"the text catalogue {language!r} has no key {key!r}")
    return catalogue[key].format_map(values)


def keys(language: str = "en") -> frozenset[str]:
    """Return every key of a catalogue."""
    return frozenset(_catalogue(language))


@cache
def languages() -> tuple[str, ...]:
    """Return the languages there are catalogues for, English first."""
    names = (entry.name for entry in _folder().iterdir())
    found = {name.removesuffix(".toml") for name in names if name.endswith(".toml")}
    return ("en", *sorted(found - {"en"}))


def _folder() -> Any:
    return files("foresight.locale")


@cache
def _catalogue(language: str) -> Mapping[str, str]:
    if language not in languages():
        raise KeyError(f"there is no text catalogue {language!r}; there are {', '.join(languages())}")
    return dict(_flat(tomllib.loads(_folder().joinpath(f"{language}.toml").read_text("utf-8"))))


def _flat(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        if isinstance(value, str):
            yield prefix + name, value
        else:
            yield from _flat(value, f"{prefix}{name}.")


def percent(share: float) -> str:
    """Write a share in per cent; a small one is not nothing."""
    return "<1%" if 0 < share < SMALL else f"{share:.0%}"
