"""What a branch came to and why: its rounds, what the decisions of each delegation did, and what had been guessed."""

import statistics
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from foresight.actions import LAST_YEAR
from foresight.arrays import Floats
from foresight.results.attribution import shapley, subsets
from foresight.results.bands import difference
from foresight.results.comparison import mean_and_reach
from foresight.workshop.events import Adopted, Dealt, Predicted
from foresight.workshop.future import base_of, plan_of, scenario_of, seen_of
from foresight.workshop.hands import years_of
from foresight.workshop.numbers import DELIVERED, PLEDGED, TRUST, Simulate, at_the_end, course_of, scopes_of
from foresight.workshop.room import Question, Room
from foresight.workshop.survey import Survey, survey_of

#: Quantiles of the band that guesses are held against.
_BAND: Final = (0.1, 0.5, 0.9)


@dataclass(frozen=True)
class Mean:
    """A mean of runs, with the 95 % interval of that of endless runs."""

    mean: float
    low: float
    high: float


#: Means of steps delivered: of the region, then of each delegation of members.
ByScope = Mapping[str, Mean]


@dataclass(frozen=True)
class Deed:
    """What the decisions of a delegation did, by whose steps delivered; the Shapley value of a delegation."""

    delegation: str
    points: int
    """Points that it spent, in all rounds."""
    gains: ByScope


@dataclass(frozen=True)
class Deeds:
    """What made a branch differ from the run that the room set out from, at the end of the last phase that was seen.

    The gains of all delegations and what the cards did add up to the total.
    """

    year: int
    total: ByScope
    cards: ByScope
    delegations: tuple[Deed, ...]
    """Of delegations that did anything."""


@dataclass(frozen=True)
class Round:
    """A phase of a branch: what was decided and drawn, and medians of what stands at its end in the region."""

    phase: int
    branch: int
    """The branch in which it was decided."""
    years: tuple[int, int]
    decisions: Mapping[str, Adopted]
    card: Dealt | None
    promised: float
    delivered: float
    base: float
    """Steps delivered in the run that the room set out from."""
    trust: float
    gain: Mean
    """Steps delivered by its end that there would not be without its decisions and its card."""


@dataclass(frozen=True)
class Guesses:
    """What people guessed that historical pace brings by the last year, and what it brings."""

    guesses: tuple[float, ...]
    """The least first."""
    median: float
    outcome: tuple[float, float, float]
    """Low, middle and high of the runs, quantiles 0.1, 0.5 and 0.9."""
    within: float
    """Share of the guesses between low and high."""
    nearest: float


@dataclass(frozen=True)
class Debrief:
    """All of it for one branch; nothing where there is nothing to tell."""

    branch: int
    guesses: Guesses | None
    rounds: tuple[Round, ...]
    deeds: Deeds | None
    survey: Survey | None


def debrief_of(room: Room, branch: int, simulate: Simulate, deeds: Deeds | None) -> Debrief:
    """Return what a branch came to and why.

    Parameters
    ----------
    room : Room
    branch : int
    simulate : callable
        As `numbers.simulator` gives it.
    deeds : Deeds, optional
        As `deeds_of` gives it, which takes many runs.
    """
    return Debrief(
        branch,
        guesses_of(room, simulate),
        rounds_of(room, branch, simulate),
        deeds,
        survey_of(room),
    )


def guesses_of(room: Room, simulate: Simulate) -> Guesses | None:
    """Hold what people guessed against what historical pace brings; None where nobody guessed."""
    entries = room.answers(Question("predict")).values()
    guesses = sorted(entry.steps for entry in entries if isinstance(entry, Predicted))
    if not guesses:
        return None
    runs = at_the_end(simulate(base_of(room)), LAST_YEAR)[DELIVERED, 0]
    low, middle, high = np.quantile(runs, _BAND).tolist()
    within = sum(low <= guess <= high for guess in guesses) / len(guesses)
    nearest = min(guesses, key=lambda guess: abs(guess - middle))
    return Guesses(tuple(guesses), statistics.median(guesses), (low, middle, high), within, nearest)


def rounds_of(room: Room, branch: int, simulate: Simulate) -> tuple[Round, ...]:
    """Return the rounds of a branch whose run was seen, in order."""
    return tuple(_round(room, branch, phase, simulate) for phase in seen_of(room, branch))


def _round(room: Room, branch: int, phase: int, simulate: Simulate) -> Round:
    course = course_of(room, branch, phase, simulate)
    own, base, before = (at_the_end(runs, course.last)[:, 0] for runs in (course.own, course.base, course.before))
    years = years_of(phase)
    return Round(
        phase=phase,
        branch=room.home(branch, phase).number,
        years=(years[0], years[-1]),
        decisions=room.decided(branch, phase),
        card=room.card(branch, phase),
        promised=float(np.median(own[PLEDGED])),
        delivered=float(np.median(own[DELIVERED])),
        base=float(np.median(base[DELIVERED])),
        trust=float(np.median(own[TRUST])),
        gain=_mean(difference(own[DELIVERED], before[DELIVERED])),
    )


def deeds_of(room: Room, branch: int, simulate: Simulate) -> Deeds | None:
    """Split how far a branch differs from where the room set out into what each delegation and the cards did.

    The parts of delegations are Shapley values, see `attribution.shapley`, over all sets of those that spent anything:
    who is not in a set goes on as before. What the cards did is what they do where no delegation does anything; what
    they do to what delegations do counts with these. None where nothing was seen.
    """
    if not (seen := seen_of(room, branch)):
        return None
    plan = plan_of(room, branch, seen[-1])
    spent = {name: sum(map(sum, by_phase.values())) for name, by_phase in plan.items()}
    players = [name for name in plan if spent[name]]
    year = years_of(seen[-1])[-1]

    def delivered(joined: frozenset[str]) -> Floats:
        own = {name: plan[name] for name in players if name in joined}
        runs = simulate(scenario_of(room, branch, own, seen[-1]))
        return np.array(at_the_end(runs, year)[DELIVERED])  # a copy, so that the other years can go

    values = {joined: delivered(joined) for joined in subsets(players)}
    parts = shapley(values, players)
    base = at_the_end(simulate(base_of(room)), year)[DELIVERED]
    return Deeds(
        year=year,
        total=_by_scope(room, difference(values[frozenset(players)], base)),
        cards=_by_scope(room, difference(values[frozenset()], base)),
        delegations=tuple(Deed(name, spent[name], _by_scope(room, parts[name])) for name in players),
    )


def _by_scope(room: Room, values: Floats) -> ByScope:
    """Return means by scope, of [scope, run]."""
    return {scope: _mean(own) for scope, own in zip(scopes_of(room), values, strict=True)}


def _mean(runs: Floats) -> Mean:
    mean, reach = (float(value) for value in mean_and_reach(runs, np.asarray(len(runs))))
    return Mean(mean, mean - reach, mean + reach)
