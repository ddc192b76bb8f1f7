"""A room as it stands: what comes of all that happened in it, in order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

from foresight.workshop.delegations import Delegation
from foresight.workshop.events import (
    FIRST,
    PRACTICE,
    Adopted,
    Asked,
    Branched,
    Cleared,
    Dealt,
    Described,
    Event,
    Group,
    Joined,
    KeyMade,
    KeyWithdrawn,
    Locked,
    Look,
    Looked,
    Opened,
    Predicted,
    Proposed,
    Ranked,
    Removed,
    Revealed,
    Shown,
    Staged,
    Struck,
    Switched,
    Timed,
    Undecided,
)
from foresight.workshop.hands import ROUNDS

#: What is asked at each part of the agenda; of others, nothing is.
_ASKED: Final[Mapping[str, Literal["predict", "proposals", "survey"]]] = {
    "predict": "predict",
    "practice": "proposals",
    "round": "proposals",
    "survey": "survey",
}


class Question(NamedTuple):
    """What is asked: a prediction, what a delegation does in a phase of a branch, or a ranking of actions."""

    kind: Literal["predict", "proposals", "survey"]
    branch: int = PRACTICE
    phase: int = 0


@dataclass
class Person:
    """Somebody with a phone."""

    number: int
    digest: str
    delegation: str = ""
    name: str = ""
    group: Group = ""
    mark: int = 0
    """The number of the last thing that the phone said."""


@dataclass
class Branch:
    """One way through the phases; the phases before its first are those of its parent."""

    number: int
    parent: int
    first: int
    name: str = ""
    decisions: dict[int, dict[str, Adopted]] = field(default_factory=dict)
    cards: dict[int, Dealt] = field(default_factory=dict)
    locked: set[int] = field(default_factory=set)
    revealed: set[int] = field(default_factory=set)


Entry = Predicted | Proposed | Ranked


class Room:
    """A room as it stands after some happenings, the first of which is that it was opened.

    Parameters
    ----------
    opened : Opened
        How it was opened.
    """

    def __init__(self, opened: Opened) -> None:
        self.opened = opened
        self.delegations: dict[str, Delegation] = {one.id: one for one in opened.delegations}
        self.keys: set[str] = set()
        self.people: dict[int, Person] = {}
        self.digests: dict[str, int] = {}
        self.stage = "welcome"
        self.surveyed = False
        self.look: Look = "paths"
        self.asking = self.asked = self.shown = False
        self.until: float | None = None
        self.branch = FIRST
        self.branches = {number: Branch(number, number, ROUNDS[0]) for number in (PRACTICE, FIRST)}
        self.entries: dict[Question, dict[int, Entry]] = {}
        self.seen: int | None = None
        self.joined = 0
        self.count = 1

    @property
    def at(self) -> int:
        """The branch that the room looks at."""
        return PRACTICE if self.stage == "practice" else self.branch

    @property
    def question(self) -> Question | None:
        """What is asked now, open or not; None where nothing is, as after a phase was shown."""
        kind = _ASKED.get(self.stage)
        if kind != "proposals":
            return Question(kind) if kind else None
        phase = self.phase_of(self.at)
        return None if phase is None or self.seen is not None else Question(kind, self.at, phase)

    def phase_of(self, branch: int) -> int | None:
        """Return the phase that a branch decides next; None where all are decided, in practice after one."""
        phases = ROUNDS[:1] if branch == PRACTICE else ROUNDS
        return next((phase for phase in phases if not self.is_revealed(branch, phase)), None)

    @property
    def display(self) -> tuple[int, int] | None:
        """The branch, and its last phase, whose run may be seen; phase 0 is the run that the room sets out from."""
        if self.stage == "base":
            return self.at, 0
        if self.stage not in ("practice", "round", "survey", "debrief"):
            return None
        looked = [self.look] if self.stage == "debrief" and isinstance(self.look, int) else ROUNDS
        revealed = [phase for phase in looked if self.is_revealed(self.at, phase)]
        return (self.at, revealed[-1]) if revealed else None

    def home(self, branch: int, phase: int) -> Branch:
        """Return the branch in which a phase of a branch was decided."""
        one = self.branches[branch]
        while phase < one.first:
            one = self.branches[one.parent]
        return one

    def decided(self, branch: int, phase: int) -> Mapping[str, Adopted]:
        """Return what delegations do in a phase of a branch, as far as that is decided."""
        return self.home(branch, phase).decisions.get(phase, {})

    def earlier(self, question: Question) -> Mapping[str, Adopted]:
        """Return what delegations did on the path before, in a phase that is decided anew."""
        branch = self.branches[question.branch]
        anew = question.kind == "proposals" and branch.parent != branch.number
        return self.decided(branch.parent, question.phase) if anew else {}

    def card(self, branch: int, phase: int) -> Dealt | None:
        """Return the surprise card of a phase of a branch, if there is one."""
        return self.home(branch, phase).cards.get(phase)

    def is_locked(self, branch: int, phase: int) -> bool:
        """Tell whether the decisions of a phase are fixed."""
        return phase in self.home(branch, phase).locked

    def is_revealed(self, branch: int, phase: int) -> bool:
        """Tell whether what a phase brought was seen."""
        return phase in self.home(branch, phase).revealed

    def answers(self, question: Question) -> Mapping[int, Entry]:
        """Return the last entry of each person to a question."""
        return self.entries.get(question, {})

    def proposals(self, branch: int, phase: int, delegation: str) -> list[Proposed]:
        """Return what people proposed that a delegation does, the last of each."""
        answers = self.answers(Question("proposals", branch, phase)).values()
        return [one for one in answers if isinstance(one, Proposed) and one.delegation == delegation]

    def apply(self, event: Event) -> None:
        """Let something happen that may happen."""
        self.count += 1
        match event:
            case Joined():
                self.joined = event.person
                self.people[event.person] = Person(event.person, event.digest)
                self.digests[event.digest] = event.person
            case Described():
                self._describe(event)
            case Predicted() | Proposed() | Ranked():
                self._take(event)
            case Removed() | Struck() | Cleared():
                self._drop(event)
            case KeyMade():
                self.keys.add(event.digest)
            case KeyWithdrawn():
                self.keys.discard(event.digest)
            case Staged() | Asked() | Shown() | Timed() | Switched() | Looked():
                self._turn(event)
            case Branched() | Adopted() | Undecided() | Locked() | Dealt() | Revealed():
                self._decide(event)

    def _describe(self, event: Described) -> None:
        person = self.people[event.person]
        person.mark = max(person.mark, event.mark)
        person.delegation, person.name, person.group = event.delegation, event.name, event.group

    def _take(self, event: Entry) -> None:
        self.people[event.person].mark = event.mark
        self.entries.setdefault(question_of(event), {})[event.person] = event

    def _drop(self, event: Removed | Struck | Cleared) -> None:
        if isinstance(event, Removed):
            del self.digests[self.people.pop(event.person).digest]
        if isinstance(event, Removed | Struck):
            asked = [self.question] if isinstance(event, Struck) else list(self.entries)
            for question in asked:
                if question is not None:
                    self.entries.get(question, {}).pop(event.person, None)
            return
        question = self.question or Question("proposals", self.at, ROUNDS[0])
        self.entries.pop(question, None)
        self.asked = self.asking
        if question.kind != "proposals":
            return
        self.seen = None
        if question.branch == PRACTICE:
            self.branches[PRACTICE] = Branch(PRACTICE, PRACTICE, ROUNDS[0])
        else:
            self.branches[question.branch].decisions.pop(question.phase, None)

    def _turn(self, event: Staged | Asked | Shown | Timed | Switched | Looked) -> None:
        match event:
            case Asked():
                self.asking = event.open
                self.asked = self.asked or event.open
            case Shown():
                self.shown = event.shown
            case Looked():
                self.look = event.at
            case Timed():
                self.until = event.until
            case Staged() | Switched():
                self.asking = self.asked = self.shown = False
                self.until = self.seen = None
                self.look = "paths"
                if isinstance(event, Staged):
                    self.stage = event.stage
                    self.surveyed = self.surveyed or event.stage == "survey"
                else:
                    self.branch = event.branch

    def _decide(self, event: Branched | Adopted | Undecided | Locked | Dealt | Revealed) -> None:
        if isinstance(event, Branched):
            self.branches[event.branch] = Branch(event.branch, event.parent, event.phase, event.name)
            return
        branch = self.branches[event.branch]
        match event:
            case Adopted():
                branch.decisions.setdefault(event.phase, {})[event.delegation] = event
            case Undecided():
                del branch.decisions[event.phase][event.delegation]
            case Locked():
                (branch.locked.add if event.locked else branch.locked.discard)(event.phase)
            case Dealt():
                branch.cards[event.phase] = event
            case Revealed():
                branch.revealed.add(event.phase)
                self.seen = event.phase


def room_of(events: Sequence[Event]) -> Room:
    """Return the room after all that happened in it.

    Raises
    ------
    ValueError
        If the first is not that it was opened, or something happened to what is not there.
    """
    if not events or not isinstance(opened := events[0], Opened):
        raise ValueError("a record begins with how its room was opened")
    room = Room(opened)
    for event in events[1:]:
        try:
            room.apply(event)
        except KeyError:
            raise ValueError(f"event {room.count} cannot have happened: {event.kind}") from None
    return room


def question_of(event: Entry) -> Question:
    """Return what an entry answers."""
    match event:
        case Predicted():
            return Question("predict")
        case Ranked():
            return Question("survey")
        case Proposed():
            return Question("proposals", event.branch, event.phase)
