"""What a session goes through, in order: minutes of each part, and the steps that its desk leads through."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from foresight.workshop.hands import ROUNDS

#: Minutes of a session unless a room is opened with others.
USUAL_MINUTES: Final = 90

#: Stage of the agenda that comes once a phase.
ROUND: Final = "round"

#: Minutes of each part, by those of the session; of rounds one after the other.
MINUTES: Final[Mapping[int, Mapping[str, tuple[int, ...]]]] = {
    USUAL_MINUTES: {
        "welcome": (5,),
        "predict": (5,),
        "base": (5,),
        "practice": (8,),
        ROUND: (17, 16, 16),
        "survey": (6,),
        "debrief": (12,),
    },
    45: {
        "welcome": (3,),
        "predict": (3,),
        "base": (2,),
        "practice": (4,),
        ROUND: (9, 8, 8),
        "survey": (3,),
        "debrief": (5,),
    },
}

#: What a desk calls its next steps in each part; the last leads to the next part.
_STEPS: Final[Mapping[str, tuple[str, ...]]] = {
    "welcome": ("predict",),
    "predict": ("open", "close", "show", "base"),
    "base": ("practice",),
    "practice": ("open", "close", "show", "lock", "reveal", "round"),
    ROUND: ("open", "close", "show", "lock", "reveal", "round"),
    "survey": ("open", "close", "show", "debrief"),
    "debrief": ("save",),
}


class Item(NamedTuple):
    """A part of a session.

    Parameters
    ----------
    stage : str
    phase : int
        Of a round; 2 in practice, 0 elsewhere.
    begins, minutes : int
        Minutes from the beginning, and of the part.
    steps : tuple of (str, int)
        Next steps of the desk, each with the phase that it is about.
    """

    stage: str
    phase: int
    begins: int
    minutes: int
    steps: tuple[tuple[str, int], ...]


def items_of(agenda: int) -> tuple[Item, ...]:
    """Return the parts of a session of so many minutes."""
    items: list[Item] = []
    for stage, minutes in MINUTES[agenda].items():
        for place, own in enumerate(minutes):
            begins = items[-1].begins + items[-1].minutes if items else 0
            phase = ROUNDS[place] if stage in (ROUND, "practice") else 0
            items.append(Item(stage, phase, begins, own, _steps(stage, phase)))
    return tuple(items)


def _steps(stage: str, phase: int) -> tuple[tuple[str, int], ...]:
    *within, last = _STEPS[stage]
    following = phase + 1 if stage == ROUND else ROUNDS[0]
    leads = "survey" if following > ROUNDS[-1] else last
    return (*((step, phase) for step in within), (leads, following))
