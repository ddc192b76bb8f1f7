"""All that can happen in a room, one kind a class; the record holds these, and nothing else is true."""

import re
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter

from foresight import bounds
from foresight.actions import ACTIONS, RUNGS
from foresight.errors import UNREADABLE
from foresight.scenario.schema import Scope
from foresight.workshop.delegations import Delegation
from foresight.workshop.hands import MOST

#: Where a session stands, in the order of the agenda.
STAGES: Final = ("welcome", "predict", "base", "practice", "round", "survey", "debrief")

#: Groups that people may say they belong to, as in figure 7 of the source document.
GROUPS: Final = ("official", "government_expert", "other_expert")

#: Branches: of practice, and the first that counts.
PRACTICE: Final = 0
FIRST: Final = 1

#: Characters of what is typed: a name, also of a branch; a reason; the title of a room, with its number among several.
NAME: Final = 40
REASON: Final = 280
TITLE: Final = bounds.TITLE.most + 10

#: What nobody can read, and what turns the way in which letters run.
_HIDDEN: Final = re.compile(rf"(?:{UNREADABLE.pattern}|[\u202a-\u202e\u2066-\u2069])+")


def _in_one_line(text: str) -> str:
    return _HIDDEN.sub(" ", text).strip()


Look = Literal["paths", "deeds", 2, 3, 4]
Stage = Literal["welcome", "predict", "base", "practice", "round", "survey", "debrief"]
Group = Literal["", "official", "government_expert", "other_expert"]
How = Literal["median", "earlier", "proposal", "value"]
Digest = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
Count = Annotated[int, Field(ge=0, lt=2**31)]
Phase = Annotated[int, Field(ge=2, le=4)]
Steps = Annotated[float, Field(ge=0, le=RUNGS, allow_inf_nan=False)]
ShortName = Annotated[str, Field(max_length=NAME), AfterValidator(_in_one_line)]
Reason = Annotated[str, Field(max_length=REASON), AfterValidator(_in_one_line)]
RoomTitle = Annotated[str, Field(max_length=TITLE), AfterValidator(_in_one_line)]
Points = Annotated[tuple[Annotated[int, Field(ge=0, le=MOST)], ...], Field(min_length=1, max_length=len(ACTIONS))]
Order = Annotated[
    tuple[Literal["solidarity", "transparency", "accountability", "financing", "networking"], ...],
    Field(min_length=len(ACTIONS), max_length=len(ACTIONS)),
]


class Happening(BaseModel):
    """Something that happened; it never changes."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Opened(Happening):
    """The room was opened."""

    kind: Literal["opened"] = "opened"
    code: str
    language: str
    title: RoomTitle
    delegations: tuple[Delegation, ...]
    budget: Count
    agenda: Literal[90, 45]
    scenario: str
    seed: int
    replicates: Count
    version: str


class KeyMade(Happening):
    """A facilitator got a secret, known by its digest."""

    kind: Literal["key_made"] = "key_made"
    digest: Digest


class KeyWithdrawn(Happening):
    """A secret opens nothing any more."""

    kind: Literal["key_withdrawn"] = "key_withdrawn"
    digest: Digest


class Joined(Happening):
    """A person came, known by the digest of what their phone keeps."""

    kind: Literal["joined"] = "joined"
    person: Count
    digest: Digest


class Described(Happening):
    """A person said where they sit, and perhaps who they are."""

    kind: Literal["described"] = "described"
    person: Count
    mark: Count
    delegation: str = ""
    name: ShortName = ""
    group: Group = ""


class Removed(Happening):
    """A person was sent away, and all their entries with them."""

    kind: Literal["removed"] = "removed"
    person: Count


class Staged(Happening):
    """The session went on to a part of the agenda; whatever was open is closed."""

    kind: Literal["staged"] = "staged"
    stage: Stage


class Asked(Happening):
    """Entries to the present question are taken from now on, or no more."""

    kind: Literal["asked"] = "asked"
    open: bool


class Shown(Happening):
    """The entries so far are on the wall, or hidden."""

    kind: Literal["shown"] = "shown"
    shown: bool


class Cleared(Happening):
    """All entries to the present question were dropped."""

    kind: Literal["cleared"] = "cleared"


class Timed(Happening):
    """The timer runs until a moment, in seconds since 1970; None stops it."""

    kind: Literal["timed"] = "timed"
    until: float | None


class Predicted(Happening):
    """A person guessed the steps delivered by the last year at historical pace, on average."""

    kind: Literal["predicted"] = "predicted"
    person: Count
    mark: Count
    steps: Steps


class Proposed(Happening):
    """A person proposed what their delegation does in a phase."""

    kind: Literal["proposed"] = "proposed"
    person: Count
    mark: Count
    branch: Count
    phase: Phase
    delegation: str
    points: Points
    reason: Reason = ""


class Ranked(Happening):
    """A person ranked the actions, the most important first."""

    kind: Literal["ranked"] = "ranked"
    person: Count
    mark: Count
    order: Order


class Struck(Happening):
    """The entry of a person to the present question was taken out."""

    kind: Literal["struck"] = "struck"
    person: Count


class Adopted(Happening):
    """What a delegation does in a phase was decided: the median, as on the path before, as proposed, or otherwise."""

    kind: Literal["adopted"] = "adopted"
    branch: Count
    phase: Phase
    delegation: str
    points: Points
    how: How
    person: Count | None = None
    reason: Reason = ""


class Undecided(Happening):
    """What a delegation does in a phase is decided no more."""

    kind: Literal["undecided"] = "undecided"
    branch: Count
    phase: Phase
    delegation: str


class Locked(Happening):
    """The decisions of a phase are fixed, or open again as long as nothing of them was seen."""

    kind: Literal["locked"] = "locked"
    branch: Count
    phase: Phase
    locked: bool = True


class Dealt(Happening):
    """A surprise card was drawn, that acts in a year of a phase."""

    kind: Literal["dealt"] = "dealt"
    branch: Count
    phase: Phase
    card: str
    year: Annotated[int, Field(ge=2025, le=2039)]
    scope: Scope


class Revealed(Happening):
    """What a phase brought was shown."""

    kind: Literal["revealed"] = "revealed"
    branch: Count
    phase: Phase


class Branched(Happening):
    """A branch began: as its parent up to a phase, which is decided anew."""

    kind: Literal["branched"] = "branched"
    branch: Count
    parent: Count
    phase: Phase
    name: ShortName = ""


class Switched(Happening):
    """The room looks at another branch."""

    kind: Literal["switched"] = "switched"
    branch: Count


class Looked(Happening):
    """The wall turned to something else of what the room looks back on: paths, who added what, or a phase."""

    kind: Literal["looked"] = "looked"
    at: Look


Event = (
    Opened
    | KeyMade
    | KeyWithdrawn
    | Joined
    | Described
    | Removed
    | Staged
    | Asked
    | Shown
    | Cleared
    | Timed
    | Predicted
    | Proposed
    | Ranked
    | Struck
    | Adopted
    | Undecided
    | Locked
    | Dealt
    | Revealed
    | Branched
    | Switched
    | Looked
)

#: What a phone says; each is counted by its mark, so that nothing counts twice.
Said = Described | Predicted | Proposed | Ranked

_EVENTS: Final[TypeAdapter[Any]] = TypeAdapter(Annotated[Event, Field(discriminator="kind")])


def event_from(body: str | bytes) -> Event:
    """Read an event back; pydantic's ValidationError if it is none."""
    event: Event = _EVENTS.validate_json(body)
    return event
