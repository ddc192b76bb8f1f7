"""What can go wrong, as a tree.

::

    ForesightError      anything this program raises on purpose
    └── InputError      a scenario, a file or an assignment cannot be used; lists every `Problem` at once

Whatever else escapes is a fault of the program, not of its user.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from foresight.texts import Words

#: The blank that keeps French marks with their words; Python does not count it as printable.
_UNBROKEN = "\u00a0"


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
