"""States as people and tables write them: by codes of today and of the past, numbers, names. Nothing is guessed.

The words are kept in `data/records/states.csv` and `state_words.csv`, where no run reads them.
"""

import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import Final

from foresight.errors import InputError, Problem, listed, nearest, shown
from foresight.facts.axes import group_table
from foresight.facts.bodies import body_table
from foresight.facts.members import member_codes

#: Sources of words that are codes, and of customary short forms, which are proposed but never taken.
_CODES: Final = ("ISO 3166-3", "World Bank code", "UN code", "customary code")
_SHORT_FORM: Final = "short form"

#: Parts of names that are often cut short, and what says nothing.
_IN_FULL: Final[Mapping[str, str]] = {
    "dem": "democratic",
    "fed": "federated",
    "rep": "republic",
    "sts": "states",
    "st": "saint",
    "is": "islands",
    "isl": "islands",
    "n": "north",
    "s": "south",
}
_SILENT: Final = {"the", "of", "and", "la", "le", "les", "l", "de", "du", "des", "d", "et", "и"}
_MARKS: Final = re.compile(r"[.'’ʼ`\u200b-\u200d\ufeff\u00ad]")

#: Numbers, letters in brackets and marks of footnotes behind a name.
_FOOTNOTES: Final = re.compile(r"(?<=[^\W\d]|\))(?:[\s,;*†‡\d()\[\]]*[\d*†‡][)\]/]*|\s*[(\[][a-z][)\]])$")

#: Letters of the shortest name that is proposed for another that is almost the same, and how much the same it is.
_LETTERS: Final = 5
_ALIKE: Final = 0.8

#: Most states that are proposed for a part of their names.
_FEW: Final = 3


def states_called(written: str) -> tuple[str, ...]:
    """Return the states that a word means.

    Parameters
    ----------
    written : str
        A code of ISO 3166-1 (two letters, three letters or a number), a former code, or a name as the United Nations,
        the World Bank or people have it, with or without the number of a footnote behind it.

    Returns
    -------
    tuple of str
        Codes of three letters: none, one, or all that share the name.
    """
    plain = unicodedata.normalize("NFKC", written).strip()
    return _meant(plain) or _meant(_FOOTNOTES.sub("", plain).strip())


def states_proposed(written: str) -> tuple[str, ...]:
    """Return the states that may be meant by a word that is no state.

    Customary short forms come first, then names that are almost the same, then those that it is a part of. Letters of
    a code alone say nothing, and where one of several states that share a name may be meant, all of them are.
    """
    key = _key(written)
    if key in _short_forms():
        return tuple(_short_forms()[key])
    if len(key) < _LETTERS:
        return ()
    close = get_close_matches(key, _names(), n=2, cutoff=_ALIKE)
    found = {code for name in close for code in _names()[name]} or _holding(key)
    return tuple(sorted(found.union(*(shared for shared in _shared() if shared & found))))


def proposal(written: str, others: Iterable[str] = ()) -> str:
    """Return what may be meant where a member, or one of some other names, was to be named; empty if nothing is near.

    Members by what they are called come first, then the other name that is written most alike, then the subregion,
    group or body among the others whose name in full has all that is written, and least besides.
    """
    states, names = states_called(written) or states_proposed(written), tuple(others)
    members = listed([code for code in states if code in member_codes()])
    return members or nearest(written, names) or _circle(written, names)


def is_country(code: str) -> bool:
    """Tell whether a code is that of a state or territory of ISO 3166-1, and not of a former one or a union."""
    return code in _kinds() and _kinds()[code] == "state"


def names_of(code: str) -> tuple[str, ...]:
    """Return what a state is called in the languages of the interface, and was until lately: to find it by."""
    return tuple(row["word"] for row in _words() if row["iso3"] == code and row["source"] not in _CODES)


def member_called(written: str) -> str:
    """Return the code of the member that a word means, or an empty text; InputError if it can be several."""
    codes = [code for code in states_called(written) if code in member_codes()]
    if len(codes) > 1:
        raise InputError([Problem("", "", "which_state", shown(written), listed(codes))])
    return next(iter(codes), "")


def _meant(plain: str) -> tuple[str, ...]:
    """Return the states of a code, or else of a name."""
    code = plain.upper()
    code = code.zfill(3) if code.isdecimal() else code
    return tuple(sorted(_codes().get(code) or _names().get(_key(plain)) or ()))


def _key(name: str) -> str:
    """Return the parts of a name in small letters, in full and in order: what equal names have in common."""
    plain = unicodedata.normalize("NFKD", name.replace("ı", "i")).casefold()
    plain = _MARKS.sub("", "".join(sign for sign in plain if not unicodedata.combining(sign)))
    return " ".join(sorted(_IN_FULL.get(part, part) for part in re.findall(r"\w+", plain) if part not in _SILENT))


def _holding(key: str) -> set[str]:
    """Return the states whose names have all parts of another; of more than a few none."""
    parts = {*key.split()}
    found = {code for name, codes in _names().items() if parts <= {*name.split()} for code in codes}
    return found if len(found) <= _FEW else set()


def _circle(written: str, codes: Sequence[str]) -> str:
    """Return whose name in full has what is written, of some codes; empty of very few letters."""
    part = _letters(written)
    fitting = ((len(name), code) for code, name in _circles() if code in codes and part in _letters(name))
    return min(fitting, default=(0, ""))[1] if len(part) >= _LETTERS or not part.isascii() else ""


def _letters(name: str) -> str:
    """Return a name without blanks and hyphens, which people write differently."""
    return "".join(re.findall(r"\w+", name.casefold()))


@cache
def _circles() -> tuple[tuple[str, str], ...]:
    """Return the region, subregions, groups and bodies by their names in full."""
    tables = (group_table(), body_table())
    names = (table[column] for table in tables for column in ("name_en", "name_zh"))
    return tuple((str(code), str(name)) for column in names for code, name in column.items())


@cache
def _kinds() -> Mapping[str, str]:
    return {row["iso3"]: row["kind"] for row in _read("states.csv")}


@cache
def _codes() -> Mapping[str, frozenset[str]]:
    """Return the state of every code."""
    today = ((row["iso3"], row[column]) for row in _read("states.csv") for column in ("iso3", "iso2", "number"))
    others = ((row["iso3"], row["word"]) for row in _words() if row["source"] in _CODES)
    return _grouped((written, code) for code, written in (*today, *others) if written)


@cache
def _names() -> Mapping[str, frozenset[str]]:
    """Return the states of every name."""
    silent = (*_CODES, _SHORT_FORM)
    return _grouped((_key(row["word"]), row["iso3"]) for row in _words() if row["source"] not in silent)


@cache
def _short_forms() -> Mapping[str, frozenset[str]]:
    return _grouped((_key(row["word"]), row["iso3"]) for row in _words() if row["source"] == _SHORT_FORM)


@cache
def _shared() -> frozenset[frozenset[str]]:
    """Return the states that share a name, together."""
    return frozenset(codes for codes in _names().values() if len(codes) > 1)


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    groups: dict[str, set[str]] = {}
    for word, code in pairs:
        groups.setdefault(word, set()).add(code)
    return {word: frozenset(codes) for word, codes in groups.items()}


@cache
def _words() -> tuple[dict[str, str], ...]:
    return tuple(_read("state_words.csv"))


def _read(name: str) -> Iterator[dict[str, str]]:
    return csv.DictReader(files("foresight.data.records").joinpath(name).read_text("utf-8").splitlines())
