"""The text catalogue: every sentence a reader sees, by key and language, from `locale/*.toml`.

Catalogues that no native speaker has reviewed yet stand in `locale/drafts`; they also hold the words that the tables of
facts and parameters have in English and Chinese only.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

#: End of a Chinese sentence, as wide as a stop and a space.
_WIDE_STOP: Final = "。"

#: A share that is told as "less than 1 %".
SMALL: Final = 0.01

_REVIEWED: Final = "foresight.locale"
_DRAFTS: Final = "foresight.locale.drafts"


def text(key: str, language: str = "en", **values: object) -> str:
    """Look up a text.

    Parameters
    ----------
    key : str
        Dotted path in the catalogue, such as ``problem.unknown_key``.
    language : str
        One of `languages` or `drafts`.
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
    """Return the languages that everything is written in, English first."""
    return ("en", *sorted(_catalogues(_REVIEWED) - {"en"}))


@cache
def drafts() -> tuple[str, ...]:
    """Return the languages whose catalogue no native speaker has reviewed yet."""
    return tuple(sorted(_catalogues(_DRAFTS)))


def _catalogues(folder: str) -> set[str]:
    names = (entry.name for entry in files(folder).iterdir())
    return {name.removesuffix(".toml") for name in names if name.endswith(".toml")}


@cache
def _catalogue(language: str) -> Mapping[str, str]:
    if language not in (known := (*languages(), *drafts())):
        raise KeyError(f"there is no text catalogue {language!r}; there are {', '.join(known)}")
    folder = files(_REVIEWED if language in languages() else _DRAFTS)
    return dict(flattened(tomllib.loads(folder.joinpath(f"{language}.toml").read_text("utf-8"))))


def flattened(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yield every text of a catalogue with its dotted key."""
    for name, value in table.items():
        if isinstance(value, str):
            yield prefix + name, value
        else:
            yield from flattened(value, f"{prefix}{name}.")


def percent(share: float) -> str:
    """Write a share in per cent; a small one is not nothing."""
    return "<1%" if 0 < share < SMALL else f"{share:.0%}"


def in_a_row(sentences: Iterable[str]) -> str:
    """Return sentences one after the other, with a space between unless a stop is as wide as one."""
    return "".join(one if one.endswith(_WIDE_STOP) else f"{one} " for one in sentences).rstrip()
