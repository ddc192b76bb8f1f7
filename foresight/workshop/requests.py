"""What a phone or a desk can ask for; whether it may be now is another matter, see `moves`."""

from typing import Annotated, Any, Final, Literal

from pydantic import Field, TypeAdapter

from foresight.workshop import events
from foresight.workshop.events import Count, Group, Happening, Order, Phase, Points, Reason, ShortName, Stage, Steps

#: Seconds that a timer runs at the most.
LONGEST: Final = 7_200


# What a phone asks for -------------------------------------------------------------------------------------------


class Describe(Happening):
    """Sit at a delegation, and perhaps say who one is."""

    say: Literal["describe"]
    mark: Count
    delegation: str = ""
    name: ShortName = ""
    group: Group = ""


class Predict(Happening):
    """Guess the steps delivered by the last year at historical pace."""

    say: Literal["predict"]
    mark: Count
    steps: Steps


class Propose(Happening):
    """Propose what one's delegation does in the present phase."""

    say: Literal["propose"]
    mark: Count
    points: Points
    reason: Reason = ""


class Rank(Happening):
    """Rank the actions."""

    say: Literal["rank"]
    mark: Count
    order: Order


Saying = Describe | Predict | Propose | Rank


# What a desk asks for --------------------------------------------------------------------------------------------


class GoTo(Happening):
    """Go on to a part of the agenda; going to a round again begins the next."""

    do: Literal["stage"]
    stage: Stage


class Ask(Happening):
    """Take entries, or no more."""

    do: Literal["ask"]
    open: bool


class Show(Happening):
    """Put the entries on the wall, or hide them."""

    do: Literal["show"]
    shown: bool


class Clear(Happening):
    """Drop all entries to the present question."""

    do: Literal["clear"]


class Time(Happening):
    """Let the timer run for so many seconds, or so many more; 0 stops it."""

    do: Literal["time"]
    seconds: Annotated[int, Field(ge=0, le=LONGEST)]
    more: bool = False


class Adopt(Happening):
    """Decide what a delegation does: the median, the proposal of a person, or any points."""

    do: Literal["adopt"]
    delegation: str
    how: Literal["median", "proposal", "value"]
    person: Count | None = None
    points: Points | None = None
    reason: Reason = ""


class Lock(Happening):
    """Fix the decisions of the phase, or open them again as long as nothing of them was seen."""

    do: Literal["lock"]
    locked: bool


class Deal(Happening):
    """Draw a surprise card for the phase, or take a given one."""

    do: Literal["deal"]
    card: str = ""


class Reveal(Happening):
    """Show what the phase brought."""

    do: Literal["reveal"]


class Rewind(Happening):
    """Begin a branch that decides a phase anew, and look at it."""

    do: Literal["branch"]
    phase: Phase
    name: ShortName = ""


class Switch(Happening):
    """Look at another branch."""

    do: Literal["switch"]
    branch: Count


class Look(Happening):
    """Turn the wall to something else that the room looks back on."""

    do: Literal["look"]
    at: events.Look


class Strike(Happening):
    """Take out the entry of a person."""

    do: Literal["strike"]
    person: Count


class Remove(Happening):
    """Send a person away."""

    do: Literal["remove"]
    person: Count


class Seat(Happening):
    """Let a person sit at a delegation."""

    do: Literal["seat"]
    person: Count
    delegation: str


Doing = (
    GoTo | Ask | Show | Clear | Time | Adopt | Lock | Deal | Reveal | Rewind | Switch | Look | Strike | Remove | Seat
)

_SAYINGS: Final[TypeAdapter[Any]] = TypeAdapter(Annotated[Saying, Field(discriminator="say")])
_DOINGS: Final[TypeAdapter[Any]] = TypeAdapter(Annotated[Doing, Field(discriminator="do")])


def saying_from(message: Any) -> Saying:
    """Read what a phone asks for; pydantic's ValidationError if it is nothing that a phone can."""
    saying: Saying = _SAYINGS.validate_python(message)
    return saying


def doing_from(message: Any) -> Doing:
    """Read what a desk asks for; pydantic's ValidationError if it is nothing that a desk can."""
    doing: Doing = _DOINGS.validate_python(message)
    return doing
