"""What can go wrong, as a tree, and how a message shows the value that is wrong.

::

    ForesightError      anything this program raises on purpose
    └── InputError      a scenario, a file or an assignment cannot be used; lists every `Problem` at once

Whatever else escapes is a fault of the program, not of its user.
"""

import dataclasses
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import islice
from typing import Final

from foresight.texts import Words

#: The blank that keeps French marks with their words; Python does not count it as printable.
_UNBROKEN = "\u00a0"

#: Characters that no text may have: control characters, ends of lines of other systems, halves of characters and none.
UNREADABLE: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")

_LONGEST: Final = 60  # characters of a value shown in a message
_MOST_NAMES: Final = 32  # names listed as allowed; of longer lists the first few
_FEW: Final = 3
_ALIKE: Final = 0.6  # difflib's own cut-off


class ForesightError(Exception):
    """Base of all errors this program raises on purpose."""


@dataclass(frozen=True)
class Problem:
    """One thing wrong with an input: where, what, what was given, what is allowed, what may have been meant.

    Parameters
    ----------
    file : str
        The file as it was named, or ``--set`` or ``Python`` for values given there.
    field : str
        Dotted path such as ``levers.pledge_effort.transparency`` or ``event[2].scope``, entries of a list
        counted from 1; empty if the whole file is meant.
    kind : str
        Key in the section `problem` of the text catalogue.
    given, allowed, nearest : str
        As text, empty where there is nothing to say.
    details : Mapping[str, str | int]
        Values that the sentence of this kind mentions.
    """

    file: str
    field: str
    kind: str
    given: str = ""
    allowed: str = ""
    nearest: str = ""
    details: Mapping[str, str | int] = dataclasses.field(default_factory=dict)

    def message(self, language: str = "en") -> str:
        """Say in one line what is wrong."""
        words = Words(language)
        values = {"given": self.given, "allowed": self.allowed, "nearest": self.nearest}
        sentence = words.say(f"problem.{self.kind}", **self.details)
        parts = [words.say(f"problem_part.{name}", value=value) for name, value in values.items() if value]
        place = [part for part in (self.file, self.field) if part]
        message = ": ".join([*place, words.say("problem_part.separator").join([sentence, *parts])])
        return "".join(sign if sign.isprintable() or sign == _UNBROKEN else "�" for sign in message)

    def __str__(self) -> str:
        return self.message()


class InputError(ForesightError):
    """The input cannot be used.

    Parameters
    ----------
    problems : Sequence[Problem]
        Everything found wrong, in the order of the input.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)

    def message(self, language: str = "en") -> str:
        """List the problems, one a line."""
        return "\n".join(problem.message(language) for problem in self.problems)

    def __str__(self) -> str:
        return self.message()


def nearest(given: str, names: Iterable[str]) -> str:
    """Return the name most like the one given, or an empty text if none is."""
    by_lower = {name.lower(): name for name in names}
    alike = get_close_matches(given.lower(), by_lower, n=1, cutoff=_ALIKE)
    longer = (name for name in by_lower if given and name.startswith(given.lower()))
    return by_lower.get(next(iter([*alike, *longer]), ""), "")


def amount(number: int) -> str:
    """Write a whole number with commas; one that is very long in short."""
    return f"{number:,}" if number.bit_length() <= _LONGEST else shown(number)


def listed(names: Sequence[str | int]) -> str:
    """List names, the first and last of very many."""
    if len(names) <= _MOST_NAMES:
        return ", ".join(map(str, names))
    return f"{', '.join(map(str, names[:_FEW]))}, … {names[-1]} ({len(names)})"


def shown(value: object) -> str:
    """Write a value as TOML would, shortened."""
    return shortened(_words(value))


def shortened(words: str) -> str:
    """Cut what is too long for a message."""
    return words if len(words) <= _LONGEST else words[: _LONGEST - 1] + "…"


def _words(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int) and value.bit_length() > _LONGEST:
        return hex(value)  # Python refuses to write very long numbers in decimals
    if isinstance(value, str):
        return json.dumps(value[:_LONGEST], ensure_ascii=False)
    if isinstance(value, Mapping):
        return f"{{{', '.join(str(key) for key in islice(value, _FEW + 1))}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(_words(item) for item in _short(value))}]"
    return str(value)


def _short(values: Sequence[object]) -> list[object]:
    """Return the first items of a list, lists within it by their length alone."""
    return [f"[{len(item)}]" if isinstance(item, list | tuple) else item for item in values[: 2 * _FEW]]
