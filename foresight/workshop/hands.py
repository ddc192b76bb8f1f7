"""What a delegation holds in its hands: levers with five stops each, and points to spend on them in a round."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from foresight.actions import ACTIONS, LAST_YEAR, PHASE_STARTS

#: Phases that are decided, one a round; the first is history.
ROUNDS: Final = (2, 3, 4)

#: Points that one lever takes at the most.
MOST: Final = 4

#: Delegations that are no members, beside those of members.
PARTNERS: Final = "partners"
SECRETARIAT: Final = "secretariat"

#: Points of a delegation of members in a round, unless a room is opened with others, and of one that is no member.
BUDGET: Final = 8
_BUDGET_BESIDE: Final = 4

#: Times the historical pace, by points: each takes about as much again as the one before.
EFFORTS: Final = (1.0, 1.4, 2.0, 2.8, 4.0)


class Lever(NamedTuple):
    """One lever.

    Parameters
    ----------
    name : str
        An action, or a lever of a scenario.
    stops : tuple of float or None
        Its value for 0 to `MOST` points; None is as it stands in the scenario. Units as in ``parameters.toml``.
    lasting : bool
        Whether it is decided once, in the first round, for all years.
    """

    name: str
    stops: tuple[float | None, ...]
    lasting: bool = False


_OF_MEMBERS: Final = tuple(Lever(action, EFFORTS) for action in ACTIONS)

_BESIDE: Final[Mapping[str, tuple[Lever, ...]]] = {
    PARTNERS: (
        Lever("support_multiplier", EFFORTS),
        Lever("performance_share", (None, 0.25, 0.5, 0.75, 1.0), lasting=True),
    ),
    SECRETARIAT: (
        Lever("assistance", (0.0, 0.25, 0.5, 0.75, 1.0)),
        Lever("linking", (None, 0.4, 0.8, 1.2, 1.6), lasting=True),
        Lever("review_deadline", (None, 0.6, 1.2, 1.8, 2.4), lasting=True),
    ),
}


def levers_of(delegation: str) -> tuple[Lever, ...]:
    """Return the levers that a delegation holds, by its id."""
    return _BESIDE.get(delegation, _OF_MEMBERS)


def held(delegation: str, phase: int) -> tuple[bool, ...]:
    """Tell of each lever whether the delegation can move it in the round of a phase."""
    return tuple(not lever.lasting or phase == ROUNDS[0] for lever in levers_of(delegation))


def budget_of(delegation: str, budget: int) -> int:
    """Return the points of a delegation in a round, where those of members have so many."""
    return _BUDGET_BESIDE if delegation in _BESIDE else budget


def affordable(points: Sequence[float], most: int) -> tuple[int, ...]:
    """Return the whole points nearest below the given, with one less where there is most until they can be paid.

    Parameters
    ----------
    points : sequence of float
        By lever, such as medians of proposals.
    most : int
        Points that there are.
    """
    whole = [int(value) for value in points]
    while sum(whole) > most:
        largest = max(range(len(whole)), key=lambda place: (whole[place], place))
        whole[largest] -= 1
    return tuple(whole)


def round_of(phase: int) -> int:
    """Return which round decides a phase, from 1."""
    return ROUNDS.index(phase) + 1


def years_of(phase: int) -> range:
    """Return the years of a phase."""
    end = PHASE_STARTS[phase] if phase < len(PHASE_STARTS) else LAST_YEAR + 1
    return range(PHASE_STARTS[phase - 1], end)
