"""What groups of people find important, beside what does most in the model; no small group can be made out."""

import statistics
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from foresight.actions import ACTIONS
from foresight.results.attribution import explain
from foresight.runs import DRAWN
from foresight.scenario.schema import Levers
from foresight.workshop.events import GROUPS, Ranked
from foresight.workshop.future import base_of
from foresight.workshop.hands import EFFORTS
from foresight.workshop.room import Question, Room

#: No group of fewer people is shown.
LEAST: Final = 5

#: Who said of no group that they belong to it, and everybody.
UNSAID: Final = ""
ALL: Final = "all"

#: Points on each action, for what each does in the model.
_EVEN: Final = 2


@dataclass(frozen=True)
class Ranks:
    """How people of a group rank the actions: 1 is the most important."""

    group: str
    people: int
    mean: Mapping[str, float]


@dataclass(frozen=True)
class Survey:
    """How everybody and each group ranks the actions."""

    groups: tuple[Ranks, ...]
    """Everybody first; then groups that may be shown."""
    left_out: tuple[str, ...]
    """Groups that would show what a few people said, or let it be worked out."""


def survey_of(room: Room) -> Survey | None:
    """Return how groups rank the actions; None where fewer than `LEAST` people did."""
    ranked = [entry for entry in room.answers(Question("survey")).values() if isinstance(entry, Ranked)]
    if len(ranked) < LEAST:
        return None
    by_group: dict[str, list[Ranked]] = {group: [] for group in (*GROUPS, UNSAID)}
    for entry in ranked:
        by_group[room.people[entry.person].group].append(entry)
    counts = {group: len(entries) for group, entries in by_group.items() if entries}
    tellable = tellable_of(counts)
    groups = [_ranks(ALL, ranked), *(_ranks(group, by_group[group]) for group in tellable)]
    return Survey(tuple(groups), tuple(group for group in counts if group not in tellable))


def tellable_of(counts: Mapping[str, int]) -> tuple[str, ...]:
    """Return the groups that may be shown beside what all groups come to.

    A group of fewer than `LEAST` is left out. What everybody comes to, less the groups that are shown, is what those
    come to that are not: as long as that is one group alone, or fewer people than `LEAST`, the smallest that is
    left is left out too.
    """
    largest_first = sorted(counts, key=lambda group: -counts[group])
    shown = [group for group in largest_first if counts[group] >= LEAST]
    while shown and not _is_safe([counts[group] for group in counts if group not in shown]):
        shown.pop()
    return tuple(group for group in counts if group in shown)


def _is_safe(left_out: list[int]) -> bool:
    return not left_out or (len(left_out) > 1 and sum(left_out) >= LEAST)


def _ranks(group: str, entries: list[Ranked]) -> Ranks:
    mean = {action: statistics.fmean(entry.order.index(action) + 1 for entry in entries) for action in ACTIONS}
    return Ranks(group, len(entries), mean)


def priorities_of(room: Room) -> dict[str, float]:
    """Return what each action does in the model: steps delivered in the region by the last year that it adds.

    Everybody puts two points on each of the five actions in all rounds; what that adds to where the room set out is
    split by action, see `attribution.explain`.
    """
    base = base_of(room)
    even = dict.fromkeys(ACTIONS, EFFORTS[_EVEN])
    levers = Levers.model_validate({**base.levers.model_dump(), "pledge_effort": even, "delivery_effort": even})
    changed = base.model_copy(update={"levers": levers})
    opened = room.opened
    found = explain(base, changed, opened.replicates, opened.seed, outcomes="mean_delivered", effects=DRAWN)
    means = found.set_index("part")["mean"]
    return {action: float(means[action]) for action in ACTIONS}
