"""The most that there may be of everything that somebody gives or asks for, each with a sentence in the catalogue.

A bound is checked before the work that it saves.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from foresight.errors import InputError, Problem, amount


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
            yield Problem(file, field, self.kind, amount(given), details={"most": amount(self.most)})

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

#: Of the server of the interface: connections on which pages are asked for, and visitors, in all and from one address.
CONNECTIONS: Final = Bound("too_many_connections", 1_500)
CONNECTIONS_OF_ONE: Final = Bound("too_many_connections_of_one", 900)
VISITORS: Final = Bound("too_many_visitors", 300)
VISITORS_OF_ONE: Final = Bound("too_many_visitors_of_one", 120)

#: Of workshops on one server: rooms, people of a room in all and from one address, connections of phones, desks and
#: walls in all and from one address, and of one person.
ROOMS: Final = Bound("too_many_rooms", 20)
PEOPLE: Final = Bound("too_many_people", 1_000)
PEOPLE_OF_ONE: Final = Bound("too_many_people_of_one", 600)
FACES: Final = Bound("too_many_connections", 1_500)
FACES_OF_ONE: Final = Bound("too_many_connections_of_one", 900)
FACES_OF_PERSON: Final = Bound("too_many_of_person", 3)

#: Of what a phone says: characters of a message, messages a second, and at once after a silence. Guesses of codes that
#: are wrong, a minute, in all and from one address.
SAID: Final = Bound("message_too_long", 4_096)
PACE: Final = Bound("too_fast", 10)
BURST: Final = Bound("too_many_at_once", 20)
GUESSES: Final = Bound("too_many_guesses", 200)
GUESSES_OF_ONE: Final = Bound("too_many_guesses_of_one", 20)

#: Characters of a message of a browser, of what it keeps for a reload, of a link; values that it changes at once.
MESSAGE: Final = Bound("message_too_long", 8_000_000)
PACKED_MEMORY: Final = Bound("memory_too_long", 6_000_000)
PACKED_LINK: Final = Bound("link_too_long", 200_000)
AT_ONCE: Final = Bound("too_many_changes", 200)

#: Of a session, and of what it takes while something is loaded for it.
CHANGES: Final = Bound("too_many", 200)
KEPT: Final = Bound("too_many", 40)
SIDE_BY_SIDE: Final = Bound("too_many", 6)
MESSAGES: Final = Bound("too_many_messages", 200)

#: Bytes of links and of memories of browsers, once they are unpacked.
LINK: Final = Bound("too_much_packed", 1_000_000)
MEMORY: Final = Bound("too_much_packed", 20_000_000)

#: Runs of an experiment of the interface, and numbers that it keeps: series × years × runs.
RUNS: Final = Bound("too_many_runs_here", 200_000)
NUMBERS: Final = Bound("too_many_numbers", 20_000_000)

#: Of files of scenarios and experiments: bytes of one, and characters and entries of what has no bound of its own.
FILE: Final = Bound("file_too_large", 300_000)
TEXT: Final = Bound("text_too_long", 1_000)
LIST: Final = Bound("list_too_long", 100)

#: Values of a design: points times factors.
VALUES: Final = Bound("too_many_values", 50_000_000)

#: Characters of a condition on points.
CONDITION: Final = Bound("condition_too_long", 1_000)
