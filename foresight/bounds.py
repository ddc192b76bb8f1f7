"""The most that there may be of everything that somebody gives or asks for, each with a sentence in the catalogue.

A bound is checked before the work that it saves.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from foresight.errors import InputError, Problem


class Bound(NamedTuple):
    """One bound.

    Parameters
    ----------
    kind : str
        Key of its sentence in the section `problem` of the catalogue, which mentions ``most``.
    most : int
        What may just be.
    """

    kind: str
    most: int

    def problems(self, given: int, file: str = "", field: str = "") -> Iterator[Problem]:
        """Yield what is wrong where so many are too many."""
        if given > self.most:
            yield Problem(file, field, self.kind, f"{given:,}", details={"most": f"{self.most:,}"})

    def check(self, given: int, file: str = "", field: str = "") -> None:
        """Raise `InputError` where so many are too many."""
        if problems := list(self.problems(given, file, field)):
            raise InputError(problems)


#: Characters of texts in files and messages.
TITLE: Final = Bound("title_too_long", 200)
STORYLINE: Final = Bound("storyline_too_long", 5_000)
NAME: Final = Bound("name_too_long", 120)
IDENTIFIER: Final = Bound("id_too_long", 60)

#: Entries of a scenario.
COALITIONS: Final = Bound("too_many_coalitions", 100)
EVENTS: Final = Bound("too_many_events", 300)

#: Of an experiment.
LEVELS: Final = Bound("too_many_levels", 500)
OUTCOMES: Final = Bound("too_many_outcomes", 200)
