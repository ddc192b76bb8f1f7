"""What branches of a room come to, worked out beside all else and remembered."""

import copy
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any, Final

from foresight.arrays import Floats
from foresight.scenario.scenario import Scenario
from foresight.workshop.debrief import Deeds, deeds_of
from foresight.workshop.future import plan_of, seen_of
from foresight.workshop.hands import ROUNDS
from foresight.workshop.numbers import Course, Simulate, course_of, outcome_of, scopes_of, simulator
from foresight.workshop.room import Room
from foresight.workshop.survey import priorities_of

from ..runs.live import LIVE
from ..serving.sparing import LOG
from .figures import NOTHING_YET, Hindsight

#: One thread for all rooms: a run takes all cores.
_THREAD: Final = ThreadPoolExecutor(1, "runs")

#: Another for what takes long, so that nobody waits for it before a round is shown.
_LONG: Final = ThreadPoolExecutor(1, "deeds")

#: Courses that are kept of a room; what was looked at longest ago gives way.
_KEPT: Final = 32

#: Seconds between looks whether the engine is ready.
_LOOK: Final = 1.0


class Courses:
    """The courses of one room.

    Parameters
    ----------
    room : Room
    made : callable
        Called from another thread when one was worked out.
    """

    def __init__(self, room: Room, made: Callable[[], None]) -> None:
        self._made = made
        self._simulate = remembering(room)
        self._courses: OrderedDict[str, Future[Any]] = OrderedDict()

    def of(self, room: Room) -> Course | None:
        """Return what may be seen of a run, if anything may; None also while it is being worked out."""
        display = room.display
        return None if display is None else self._course(room, *display)

    def is_working(self, room: Room) -> bool:
        """Tell whether what may be seen is still being worked out."""
        if room.display is None:
            return False
        one = self._courses.get(self._key(room, *room.display))
        return one is None or not one.done()

    def hindsight(self, room: Room) -> Hindsight:
        """Return what the room looks back on, as far as it does and that is worked out."""
        if room.stage == "survey":
            return Hindsight(priorities=self._made_of("priorities", room, priorities_of))
        if room.stage == "debrief":
            seen = [self._key(room, branch, phase) for branch in room.branches for phase in seen_of(room, branch)[-1:]]
            outcome = self._made_of(repr(seen), room, lambda one: outcome_of(one, self._simulate))
            deeds = self._made_of(f"deeds {deeds_key(room, room.branch)}", room, self._deeds, _LONG)
            return Hindsight(outcome, deeds)
        return NOTHING_YET

    def _deeds(self, room: Room) -> Deeds | None:
        return deeds(room, room.branch, self._simulate)

    def prepare(self, room: Room) -> None:
        """Work out beforehand what will be seen once it is revealed."""
        question = room.question
        if question is not None and question.phase and room.is_locked(question.branch, question.phase):
            self._course(room, question.branch, question.phase)

    def _course(self, room: Room, branch: int, phase: int) -> Course | None:
        """Return a course, or None and begin to work it out."""
        key = self._key(room, branch, phase)
        course: Course | None = self._made_of(key, room, lambda one: course_of(one, branch, phase, self._simulate))
        return course

    @staticmethod
    def _key(room: Room, branch: int, phase: int) -> str:
        return repr((branch, phase, plan_of(room, branch, phase), [room.card(branch, one) for one in ROUNDS]))

    def _made_of(self, key: str, room: Room, make: Callable[[Room], Any], thread: ThreadPoolExecutor = _THREAD) -> Any:
        """Return what was made of a room, or None and begin to make it."""
        if key not in self._courses:
            self._courses[key] = thread.submit(_worked, partial(make, still(room)))
            self._courses[key].add_done_callback(lambda _: self._made())
        self._courses.move_to_end(key)
        if len(self._courses) > _KEPT:
            self._courses.popitem(last=False)[1].cancel()
        one = self._courses[key]
        return one.result() if one.done() else None


def _worked(make: Callable[[], Any]) -> Any:
    """Return what is made once the engine is ready; None if that fails."""
    try:
        while not LIVE.readiness.wait(_LOOK):
            pass
        return make()
    except Exception:
        LOG.exception("a run of a room could not be worked out")
        return None


def remembering(room: Room) -> Simulate:
    """Return what runs a scenario for a room, and remembers what came of it."""
    simulate, luck = simulator(room), (room.opened.seed, room.opened.replicates, tuple(scopes_of(room).items()))

    def run(scenario: Scenario) -> Floats:
        made: Floats = LIVE.kept.get(("room", scenario.digest(), *luck), partial(simulate, scenario))
        return made

    return run


def deeds_key(room: Room, branch: int) -> str:
    """Name all that what delegations did on a branch hangs on."""
    seen = seen_of(room, branch)
    return repr(
        (room.opened.code, seen, plan_of(room, branch, max(seen, default=0)), [room.card(branch, one) for one in seen])
    )


def deeds(room: Room, branch: int, simulate: Simulate) -> Deeds | None:
    """Return what delegations did on a branch, and remember it: it takes many runs."""
    made: Deeds | None = LIVE.kept.get(("deeds", deeds_key(room, branch)), partial(deeds_of, room, branch, simulate))
    return made


def still(room: Room) -> Room:
    """Return a room whose decisions stay as they are, for another thread."""
    one: Any = copy.copy(room)
    one.branches = copy.deepcopy(room.branches)
    return one  # type: ignore[no-any-return]
