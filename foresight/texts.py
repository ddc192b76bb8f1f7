"""What is said in a language, and how numbers are written in it.

Every sentence that a reader sees stands by its key in `locale/LANGUAGE/WING.toml`; the file names the wing that speaks.
A new language is one folder in `locale/drafts` and one file in `ui/locale`, which `.github/draft.py` begins; what a
draft lacks is said in English. Once a native speaker has reviewed it, the folder moves up, titles get it in
`schema.Title`, and tables of facts a column; until then drafts also hold the words that those tables and the parameters
have in English and Chinese alone.
"""

import math
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, ClassVar, Final
from unicodedata import east_asian_width

#: A share that is told as "less than 1 %".
SMALL: Final = 0.01

#: What stands where a number is not known.
UNKNOWN: Final = "–"

#: Decimals of a number that is written as it was declared.
_EXACT: Final = 6

_REVIEWED: Final = "foresight.locale"
_DRAFTS: Final = "foresight.locale.drafts"


@dataclass(frozen=True)
class Words:
    """What is said in one language, and how numbers are written in it.

    Parameters
    ----------
    language : str
        One of `languages` or `drafts`.
    """

    language: str = "en"

    #: The sign of numbers below 0.
    minus: ClassVar[str] = "-"

    def say(self, key: str, **values: object) -> str:
        """Look up a text; one that a draft lacks is in English.

        Parameters
        ----------
        key : str
            Dotted path in the catalogue, such as ``problem.unknown_key``.
        **values
            What fills the placeholders of the text.

        Raises
        ------
        KeyError
            If the catalogue of that language has no such key, or there is no catalogue of that language.
        """
        language = self.language if self.has(key) else self.reviewed
        texts = _beside(key, language)
        if key not in texts:
            raise KeyError(f"the text catalogue {language!r} has no key {key!r}")
        return texts[key].format_map(values)

    def has(self, key: str) -> bool:
        """Tell whether the catalogue of the language itself has a text."""
        return key in _beside(key, self.language)

    @property
    def draft(self) -> bool:
        """Whether no native speaker has reviewed the texts."""
        return self.language in drafts()

    @property
    def reviewed(self) -> str:
        """The language itself, or English in place of a draft: what tables of facts have words in."""
        return "en" if self.draft else self.language

    def listed(self, parts: Iterable[str], mark: str = "table.comma") -> str:
        """Put texts one after the other, with a mark between them."""
        return self.say(mark).join(parts)

    def joined(self, *sentences: str) -> str:
        """Put sentences one after the other, with a blank between unless the end of a sentence is as wide as one."""
        return "".join(one if _ends_wide(one) else f"{one} " for one in sentences).rstrip()

    # Numbers ---------------------------------------------------------------------------------------------------

    def number(self, value: float | None, digits: int = 2) -> str:
        """Write a number with so many decimals; one that is not known as a dash."""
        if value is None or math.isnan(value):
            return UNKNOWN
        return self._localized(f"{float(value):z.{digits}f}")

    def signed(self, value: float | None, digits: int = 2) -> str:
        """Write a difference with its sign; nothing has none."""
        positive = value is not None and round(float(value), digits) > 0
        return ("+" if positive else "") + self.number(value, digits)

    def exact(self, value: float | None) -> str:
        """Write a number with as many decimals as it has; one that is not known as a dash."""
        if value is None or math.isnan(value):
            return UNKNOWN
        return self._localized(f"{float(value):z.{_EXACT}f}".rstrip("0").rstrip("."))

    def short(self, value: float) -> str:
        """Write a number with the six digits that count most, at most."""
        return self._localized(f"{float(value):g}")

    def change(self, value: float) -> str:
        """Write a difference with its sign and as many decimals as it has."""
        return ("+" if value > 0 else "") + self.exact(value)

    def count(self, value: int) -> str:
        """Write how many there are, thousands apart."""
        return self._localized(f"{value:,}")

    def share(self, value: float | None, digits: int = 0) -> str:
        """Write a share in per cent; a small one is not nothing, and one that is not known is a dash."""
        if value is None or math.isnan(value):
            return UNKNOWN
        least = SMALL / 10**digits
        return f"<{self._percent(least, digits)}" if 0 < value < least else self._percent(value, digits)

    def exact_share(self, value: float) -> str:
        """Write a share in per cent with as many decimals as it has."""
        return self.exact(100 * value) + "%".translate(_signs(self.language))

    def between(self, low: float, high: float, write: Callable[[float], str]) -> str:
        """Write an interval; one that is not known as a dash."""
        return UNKNOWN if math.isnan(low) and math.isnan(high) else f"{write(low)}\u00a0…\u00a0{write(high)}"

    def _percent(self, value: float, digits: int) -> str:
        return self._localized(f"{float(value):z.{digits}%}")

    def _localized(self, written: str) -> str:
        """Put the signs of the language into what Python wrote."""
        return written.translate(_signs(self.language)).replace("-", self.minus).replace("inf", "∞")


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


def read_catalogue(folder: Traversable) -> dict[str, str]:
    """Read every text of a language by its dotted key; ValueError if two files have the same key."""
    catalogue: dict[str, str] = {}
    for path in _tables(folder):
        texts = _parsed(path.read_text("utf-8"))
        if twice := catalogue.keys() & texts:
            raise ValueError(f"{path} has keys that another file has: {', '.join(sorted(twice))}")
        catalogue |= texts
    return catalogue


def flattened(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yield every text of a catalogue with its dotted key."""
    for name, value in table.items():
        if isinstance(value, str):
            yield prefix + name, value
        else:
            yield from flattened(value, f"{prefix}{name}.")


def _ends_wide(sentence: str) -> bool:
    return not sentence or east_asian_width(sentence[-1]) in "WF"


def _catalogues(package: str) -> set[str]:
    """Return the names of the folders that hold texts."""
    folders = (entry for entry in files(package).iterdir() if entry.is_dir())
    return {folder.name for folder in folders if any(path.name.endswith(".toml") for path in folder.iterdir())}


@cache
def _catalogue(language: str) -> Mapping[str, str]:
    return read_catalogue(_folder(language))


def _folder(language: str) -> Traversable:
    """Return the folder of a language; KeyError if there is none."""
    if language not in (known := (*languages(), *drafts())):
        raise KeyError(f"there is no text catalogue {language!r}; there are {', '.join(known)}")
    return files(_REVIEWED if language in languages() else _DRAFTS).joinpath(language)


def _beside(key: str, language: str) -> Mapping[str, str]:
    """Return the texts that stand beside a key: few are needed of all, and parsing all takes a while."""
    return _section(key.partition(".")[0], language)


@cache
def _section(name: str, language: str) -> Mapping[str, str]:
    """Return the texts of the files that have a section."""
    header = re.compile(rf"^\[{re.escape(name)}[\].]", re.MULTILINE)
    return {
        key: words
        for content in _contents(language)
        if header.search(content)
        for key, words in _parsed(content).items()
    }


@cache
def _contents(language: str) -> tuple[str, ...]:
    return tuple(path.read_text("utf-8") for path in _tables(_folder(language)))


@cache
def _parsed(content: str) -> Mapping[str, str]:
    return dict(flattened(tomllib.loads(content)))


def _tables(folder: Traversable) -> list[Traversable]:
    return sorted((path for path in folder.iterdir() if path.name.endswith(".toml")), key=lambda path: path.name)


@cache
def _signs(language: str) -> dict[int, str]:
    """Return the signs of numbers in a language by those of Python, from the Unicode CLDR."""
    from babel import Locale, UnknownLocaleError  # late: a program that writes no number starts faster
    from babel.numbers import get_decimal_symbol, get_group_symbol

    try:
        locale = Locale.parse(language)
    except UnknownLocaleError:  # one without numbers of its own, such as Bislama
        locale = Locale("en")
    percent = locale.percent_formats[None].suffix[0]
    return str.maketrans({".": get_decimal_symbol(locale), ",": get_group_symbol(locale), "%": percent})
