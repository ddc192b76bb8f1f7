"""What a branch comes to: runs of its scenario, for the region and for each delegation of members."""

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

import numpy as np

from foresight.actions import FIRST_YEAR, LAST_YEAR, RUNGS
from foresight.arrays import Floats
from foresight.facts.members import REGION
from foresight.results.outcomes import ALL_ACTIONS
from foresight.results.series import SeriesName, simulated_series
from foresight.runs import DRAWN, Runs
from foresight.scenario.building import build
from foresight.scenario.scenario import Scenario
from foresight.workshop.events import PRACTICE
from foresight.workshop.future import base_of, plan_of, scenario_of, seen_of
from foresight.workshop.hands import years_of
from foresight.workshop.room import Room

#: What is asked of each scope: steps delivered and pledged, on average over members and actions, and trust.
DELIVERED, PLEDGED, TRUST = range(3)

_PLEDGED: Final = tuple(("pledged_share", {"action": ALL_ACTIONS, "rung": rung}) for rung in range(1, RUNGS + 1))
_ASKED: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    ("mean_delivered", {"action": ALL_ACTIONS}),
    *_PLEDGED,
    ("trust", {}),
)

Simulate = Callable[[Scenario], Floats]


class Course(NamedTuple):
    """A branch up to the end of a phase.

    Parameters
    ----------
    scopes : tuple of str
        The region, then delegations of members.
    last : int
        The last year that may be seen.
    own, base : float64[3, scope, year, run]
        Of the branch and of the scenario that the room set out from, see `DELIVERED`, `PLEDGED` and `TRUST`.
    before : float64[3, scope, year, run]
        Of the branch without the decisions and the card of the last phase.
    """

    scopes: tuple[str, ...]
    last: int
    own: Floats
    base: Floats
    before: Floats


class Outcome(NamedTuple):
    """What the branches of a room have come to, in steps delivered; the middle of the runs.

    Parameters
    ----------
    pace : float
        By the last year, as the scenario that the room set out from has it.
    ends : Mapping[int, Mapping[int, float]]
        By the end of each phase that was shown, of each branch.
    """

    pace: float
    ends: Mapping[int, Mapping[int, float]]

    @property
    def best(self) -> int:
        """The branch that leads furthest: by the phases that were shown, then by its steps; of equals the first."""
        return max(self.ends, key=lambda branch: [*self.ends[branch].items()][-1:])


def simulator(room: Room, threads: int | None = None) -> Simulate:
    """Return what runs a scenario for a room, to float64[3, scope, year, run]; the luck is that of the room.

    Parameters
    ----------
    room : Room
    threads : int, optional
        All cores by default.
    """
    runs = Runs(DRAWN, room.opened.seed, range(room.opened.replicates))
    scopes = scopes_of(room)

    def simulate(scenario: Scenario) -> Floats:
        codes = scenario.members().index
        masks = {
            scope: np.asarray(codes.isin(members)) if members else np.ones(len(codes), bool)
            for scope, members in scopes.items()
        }
        names = [SeriesName(name, {"scope": scope, **labels}) for name, labels in _ASKED for scope in scopes]
        found = simulated_series(build(scenario, runs=runs), runs, masks, names, threads)
        by_name = found.reshape(len(_ASKED), len(scopes), *found.shape[1:])
        return np.stack([by_name[0], by_name[1:-1].sum(axis=0), by_name[-1]])

    return simulate


def scopes_of(room: Room) -> Mapping[str, tuple[str, ...]]:
    """Return the region and delegations of members, with their members; those of the region are all."""
    return {REGION: (), **{one.id: one.members for one in room.opened.delegations if one.members}}


def course_of(room: Room, branch: int, phase: int, simulate: Simulate) -> Course:
    """Return what a branch comes to by the end of a phase, and what it would be without that phase's decisions.

    Parameters
    ----------
    room : Room
    branch, phase : int
        As `Room.display` gives them; phase 0 is the run that the room set out from, whole.
    simulate : callable
        As `simulator` gives it; whoever remembers what it gave saves time.
    """
    if not phase:
        base = simulate(base_of(room))
        return Course(tuple(scopes_of(room)), LAST_YEAR, base, base, base)
    own, before = (scenario_of(room, branch, plan_of(room, branch, last), last) for last in (phase, phase - 1))
    return Course(tuple(scopes_of(room)), years_of(phase)[-1], simulate(own), simulate(base_of(room)), simulate(before))


def outcome_of(room: Room, simulate: Simulate) -> Outcome:
    """Return what all branches have come to, as far as they were shown.

    Parameters
    ----------
    room : Room
    simulate : callable
        As `simulator` gives it.
    """
    pace = _delivered(simulate(base_of(room)), LAST_YEAR)
    return Outcome(pace, {branch: _ends(room, branch, simulate) for branch in room.branches if branch != PRACTICE})


def _ends(room: Room, branch: int, simulate: Simulate) -> dict[int, float]:
    if not (seen := seen_of(room, branch)):
        return {}
    own = simulate(scenario_of(room, branch, plan_of(room, branch, seen[-1]), seen[-1]))
    return {phase: _delivered(own, years_of(phase)[-1]) for phase in seen}


def _delivered(values: Floats, year: int) -> float:
    return float(np.median(at_the_end(values[DELIVERED, 0], year)))


def at_the_end(values: Floats, year: int) -> Floats:
    """Return what stands in a year, [..., run] of [..., year, run]."""
    return values[..., year - FIRST_YEAR, :]
