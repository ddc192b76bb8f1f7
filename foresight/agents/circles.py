"""Members who look at one another: the region, its subregions and bodies, as the Mesa model sees them."""
# mypy: disable-error-code="no-any-return"

import operator
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial, reduce
from itertools import accumulate
from typing import Any, Final, Protocol, Self

import numpy as np

from foresight.actions import ACCOUNTABILITY, ACTIONS, FINANCING, RUNGS, SUBREGIONS
from foresight.agents.world import World
from foresight.engine import draws, rules
from foresight.engine.inputs import Gate

_ACTIONS: Final = range(len(ACTIONS))


class Member(Protocol):
    """What a circle sees of a member."""

    pledged: list[int]  # [action], highest rung
    delivered: list[int]  # [action], highest rung
    trust: float  # 0..1
    kept: float  # promises seen kept
    broken: float  # promises seen broken
    acted: list[float]  # [domain], what it does


class Peers:
    """Members who look at one another: the region, a subregion or a body.

    Attributes
    ----------
    members : list of Member
    reached : list[action][rung - 1] of int, members that have pledged the rung
    kept, broken : float, sums of the promises seen kept and seen broken
    """

    def __init__(self) -> None:
        self.members: list[Member] = []

    @property
    def size(self) -> float:
        """Number of members."""
        return float(len(self.members))

    def observe(self) -> None:
        """Count what the members have pledged and sum what is seen of their promises."""
        self.reached = [at_least([member.pledged[a] for member in self.members]) for a in _ACTIONS]
        self.kept = total(member.kept for member in self.members)
        self.broken = total(member.broken for member in self.members)


class Subregion(Peers):
    """A subregion: the peers of its members, its gate and its luck.

    Attributes
    ----------
    offer : int, 1..4, rung on offer
    opens : bool, whether it opened in this step
    crisis : float, 1 in a year of crisis, else 0
    near, far : list[action][rung - 1] of float, share of the others inside, and of those outside, at the rung
    pull : list[action][rung - 1] of float, part of the log hazard that its members share
    acted : list[domain] of float, mean of what its members do
    """

    def __init__(self, world: World, position: int) -> None:
        super().__init__()
        u, here = world.uncertainties, partial(draws.place_entity, position)
        self.address = np.uint64(position)
        self.crisis = 0.0
        self.offer: int = part_of(world.inputs.start.offer, position, 1)
        noise = world.effect(position, draws.GATE_NOISE)
        self.trust_needed = rules.trust_needed(u.gate_trust, u.sd_gate, noise)
        self.effects = [
            rules.place_effect(
                *(u.sd_action, world.effect(a, draws.ACTION_EFFECT)),
                *(u.sd_subregion_action, world.effect(here(a), draws.SUBREGION_ACTION_EFFECT)),
            )
            for a in _ACTIONS
        ]

    def open_gate(self, gate: int, phase: int, delivery_needed: float, is_first_year: bool) -> None:
        """Raise the rung on offer where trust and delivery suffice (sub-step 1)."""
        before = self.offer
        self.offer = max(before, phase) if gate == Gate.CALENDAR else self._next_offer(gate, phase, delivery_needed)
        self.opens = rules.has_opened(before, self.offer, is_first_year)

    def _next_offer(self, gate: int, phase: int, delivery_needed: float) -> int:
        trust = rules.share(total(member.trust for member in self.members), self.size)
        needed = self.trust_needed, delivery_needed
        return rules.next_offer(self.offer, phase, trust, self._delivered_share(gate), *needed)

    def _delivered_share(self, gate: int) -> float:
        """Return the share of the cells a gate looks at that have delivered the rung on offer."""
        ready = [sum(member.delivered[a] >= self.offer for member in self.members) for a in _ACTIONS]
        gates = gate == Gate.ANY_THREE, gate == Gate.ALL_FIVE
        first, second, third, fourth, fifth = ready  # in the order of the actions
        return rules.ready_share(first, second, third, fourth, fifth, self.offer, self.size, *gates)

    def compare(self, region: Peers) -> None:
        """Share out what members see around them (sub-step 3) and what is done around them (10)."""
        inside, outside = self.size - 1.0, region.size - self.size
        self.near = [[rules.share(count, inside) for count in row] for row in self.reached]
        others = (map(operator.sub, *rows) for rows in zip(region.reached, self.reached, strict=True))
        self.far = [[rules.share(count, outside) for count in row] for row in others]
        acted = zip(*(member.acted for member in self.members), strict=True)
        self.acted = [rules.share(sum(column), self.size) for column in acted]

    def attract(self, u: Any) -> None:
        """Find what draws every member to each action and rung on offer (sub-step 4)."""
        self.pull = [[self._pull(u, action, rung) for rung in range(self.offer)] for action in _ACTIONS]

    def _pull(self, u: Any, action: int, rung: int) -> float:
        near = rules.near_log_hazard(u.peer_effect, rules.near_part(1.0 - u.body_weight, self.near[action][rung]))
        slow = float(action in (ACCOUNTABILITY, FINANCING))
        opens = self.opens and rung + 1 == self.offer
        itself = rules.rung_log_hazard(rung + 1.0, u.depth_penalty, u.slow_start, slow, u.opening_year, opens)
        return rules.place_log_hazard(u.pledge_log_hazard_base, self.effects[action], near, itself)


@dataclass(frozen=True)
class Circles:
    """All peers of a run."""

    region: Peers
    subregions: dict[str, Subregion]  # by name
    bodies: list[Peers]

    @classmethod
    def of(cls, world: World) -> Self:
        """Return the circles of a world, which nobody has joined yet."""
        subregions = {name: Subregion(world, g) for g, name in enumerate(SUBREGIONS)}
        return cls(Peers(), subregions, [Peers() for _ in world.inputs.members.body_size])


def at_least(rungs: list[int]) -> list[int]:
    """Count how many of the rungs are at least 1, 2, 3 and 4."""
    return list(accumulate(rungs.count(rung) for rung in range(RUNGS, 0, -1)))[::-1]


def total(values: Iterable[float]) -> float:
    """Add in order, as the engine does; `sum` compensates from Python 3.12 on, which could tip a gate."""
    return reduce(operator.add, values, 0.0)


def part_of(values: Any, position: int, default: Any) -> Any:
    """Return one member's or subregion's part of a start state, or the model's own start."""
    return default if values is None else values[position].tolist()
