"""The members of the Mesa model: what one of them sees, decides and becomes in a year."""
# mypy: disable-error-code="no-any-return"

import math
from functools import cache, partial
from typing import Any, Final

import mesa
import numpy as np

from foresight import actions
from foresight.actions import ACCOUNTABILITY, ACTIONS, DOMAINS, FINANCING, NETWORKING, SUBREGIONS
from foresight.agents.circles import Circles, part_of, total
from foresight.agents.world import World
from foresight.engine import draws, rules
from foresight.engine.inputs import Link
from foresight.facts.members import member_table

_ACTIONS: Final = range(len(ACTIONS))
_PURPOSES: Final = tuple(np.uint64(action) for action in _ACTIONS)


class MemberState(mesa.Agent):  # type: ignore[misc]  # Mesa has no types
    """A member of ESCAP.

    Attributes
    ----------
    iso3, code : str and int of ISO 3166-1; the code is the address of its draws
    subregion : str, one of `SUBREGIONS`; `home` is the `Subregion` itself, `bodies` and `region` are its other `Peers`
    group : int, effort group, 0 for everybody in no coalition
    ldc, assisted, income, base_capacity : float, facts of the year
    pledged, delivered : list[action] of int, highest rung
    waiting : list[action] of int, years that the present unmet pledge has waited
    trust, capacity : float, 0..1
    condition : list[domain] of float, 0..1
    need, own, grant, contribution : float, money of the last step, units a year
    """

    def __init__(self, model: Any, position: int, world: World, circles: Circles) -> None:
        super().__init__(model)
        self.world, members = world, world.inputs.members
        self.position, self.group = position, int(members.group[position])
        self.code = int(members.code[position])
        self.address, self.iso3 = np.uint64(self.code), _names().get(self.code, str(self.code))
        self.subregion = SUBREGIONS[members.subregion[position]]
        self.effect = self._effect()
        self._join(circles)
        self._read_facts(0)
        self._enter()

    def _effect(self) -> float:
        """Return the member's own effect, or draw an anonymous one."""
        effects, anonymous = self.world.inputs.member_effects, self.world.effect(self.code, draws.MEMBER_EFFECT)
        known = effects[self.position if len(effects) > 1 else 0].item()
        return rules.member_effect(known, self.world.uncertainties.sd_member, anonymous)

    def _join(self, circles: Circles) -> None:
        """Join the peers, and find the textbook links' neighbours and threshold if there are any."""
        inputs, own = self.world.inputs, slice(self.position, self.position + 2)
        members, circle = inputs.members, inputs.circle
        self.region, self.home = circles.region, circles.subregions[self.subregion]
        self.bodies = [circles.bodies[body] for body in members.body_index[slice(*members.body_offset[own])]]
        for peers in (self.region, self.home, *self.bodies):
            peers.members.append(self)
        edges = slice(*circle.neighbour_offset[own]) if self.world.networked else slice(0)
        self.neighbours: list[int] = circle.neighbour[edges].tolist()
        self.threshold = circle.threshold.item(self.position) if circle.threshold.size else math.nan

    def _enter(self) -> None:
        """Take the state of the first year: the model's own or the one given."""
        start, u, i = self.world.inputs.start, self.world.uncertainties, self.position
        self.pledged: list[int] = part_of(start.pledged, i, [0] * len(ACTIONS))
        self.delivered: list[int] = part_of(start.delivered, i, [0] * len(ACTIONS))
        self.waiting: list[int] = part_of(start.waiting, i, [0] * len(ACTIONS))
        self.trust: float = part_of(start.trust, i, u.initial_trust)
        self.capacity: float = part_of(start.capacity, i, self.base_capacity)
        self.condition: list[float] = part_of(start.condition, i, [u.initial_condition] * len(DOMAINS))
        self.need = self.own = self.grant = self.contribution = 0.0

    def begin_year(self, step: int, eventful: bool) -> None:
        """Read the facts of the year, meet its events and show the others what they can see."""
        self._read_facts(step)
        if eventful:
            self._meet_events(step)
        self.effects = [rules.effect(rung) for rung in self.delivered]
        self._show()

    def _read_facts(self, step: int) -> None:
        members, cell = self.world.inputs.members, (step, self.position)
        self.ldc = members.ldc.item(cell)
        self.assisted = members.assisted.item(cell)
        self.income = members.income.item(cell)
        self.base_capacity = members.base_capacity.item(cell)
        self.resources_kept = self.world.inputs.events.resources_kept.item(cell)

    def _meet_events(self, step: int) -> None:
        events, cell, shifted = self.world.inputs.events, (step, self.position), rules.shifted_rung
        self.trust = rules.shifted_level(self.trust, events.trust.item(cell))
        self.capacity = rules.shifted_level(self.capacity, events.capacity.item(cell))
        highest = [self.world.structure.rungs] * len(ACTIONS)
        self.pledged = list(map(shifted, self.pledged, events.pledged[cell].tolist(), highest))
        self.delivered = list(map(shifted, self.delivered, events.delivered[cell].tolist(), self.pledged))

    def _show(self) -> None:
        """Show promises kept and broken (for sub-step 9) and what is done for each domain (10)."""
        world, cells = self.world, zip(self.delivered, self.pledged, self.waiting, strict=True)
        late = [rules.overdue(*cell, world.grace) for cell in cells]
        visible = rules.visibility(world.uncertainties.least_visibility, self.effects[actions.TRANSPARENCY])
        kept = sum(map(rules.kept, self.delivered, late))
        self.kept = rules.promises_seen(visible, kept, len(ACTIONS))
        self.broken = rules.promises_seen(visible, sum(late), len(ACTIONS))
        self.acted = [total(map(rules.action_part, weights, self.delivered)) for weights in world.weights]

    def assess(self) -> None:
        """Find what the next rungs cost, what there is to pay for them and what to give (sub-step 2)."""
        u, policy, effects = self.world.uncertainties, self.world.policy, self.effects
        self.need = total(map(rules.cost, self.delivered, self.pledged, [u.cost_growth] * len(ACTIONS)))
        finance, crisis = (u.financing_catalysis, effects[FINANCING]), (u.crisis_loss, self.home.crisis)
        self.own = rules.own_resources(self.income, *finance, *crisis, self.resources_kept)
        self.gap = rules.excess(self.need, self.own)
        self.weight = rules.grant_weight(self.gap, policy.performance_share, effects[ACCOUNTABILITY])
        willing = policy.solidarity_share, effects[actions.SOLIDARITY], self.trust
        self.contribution = rules.contribution(*willing, self.own, self.need)

    def receive(self, fund: float, total_weight: float) -> None:
        """Receive a grant from the fund (sub-step 2)."""
        self.grant = rules.grant(self.gap, fund, self.weight, total_weight)

    def decide(self) -> None:
        """Find the next state from the present one (sub-steps 3 to 10); nobody sees it before `commit`."""
        self._weigh()
        pledged, delivered, waiting = map(list, zip(*map(self._choose, _ACTIONS), strict=True))
        trust, capacity, condition = self._next_trust(), self._next_capacity(), self._next_condition()
        self._next = pledged, delivered, waiting, trust, capacity, condition

    def commit(self) -> None:
        """Take the state that was decided."""
        self.pledged, self.delivered, self.waiting, self.trust, self.capacity, self.condition = self._next

    def _weigh(self) -> None:
        """Find what is common to the five actions: pull to pledge, pace of delivery, chances of slipping."""
        u, world = self.world.uncertainties, self.world
        money = u.ldc_penalty, self.ldc, world.coverage, u.reference_coverage
        helped = u.assistance_effect, world.policy.assistance * self.assisted
        self._own_pull = rules.member_log_hazard(self.effect, *money, u.trust_effect, self.trust, *helped)
        safeguard = rules.safeguard(u.accountability_effect, self.effects[ACCOUNTABILITY])
        means = rules.means(self.own, self.grant, self.need)
        self._pace = rules.delivery_hazard(u.delivery_rate, self.capacity, means, safeguard)
        self._lapse_chance = rules.probability(rules.slipping_hazard(u.lapse_rate, safeguard))
        self._exit_chance = rules.probability(rules.slipping_hazard(u.exit_rate, safeguard))

    def _choose(self, action: int) -> tuple[int, int, int]:
        """Draw whether an action is pledged, delivered, lapses or is left (sub-steps 4 to 7)."""
        rung, done, world = self.pledged[action], self.delivered[action], self.world
        word = world.words(self.address, _PURPOSES[action])
        invited = rules.may_pledge(rung, self.home.offer, world.structure.rungs)
        pledges = invited and draws.strikes(word[draws.PLEDGE], self._pledge_chance(action))
        leaves = rules.may_slip(rung, pledges) and draws.strikes(word[draws.EXIT], self._exit_chance)
        owed = rules.unmet(done, rung)
        delivers = owed and draws.strikes(word[draws.DELIVERY], self._delivery_chance(action))
        lapses = rules.may_slip(done, delivers) and draws.strikes(word[draws.LAPSE], self._lapse_chance)
        pledged = rules.next_pledged(rung, pledges, leaves)
        delivered = rules.next_delivered(done, delivers, lapses, pledged)
        waits = rules.still_waiting(done, rung, delivers, delivered, pledged)
        waiting = rules.next_waiting(self.waiting[action], waits)
        return pledged, delivered, waiting

    def _delivery_chance(self, action: int) -> float:
        """Return the chance of delivering the next rung (sub-step 5)."""
        return rules.probability(self._pace * self.world.policy.delivery_effort[self.group][action])

    def _pledge_chance(self, action: int) -> float:
        """Return the chance of pledging the next rung, by the link of the run (sub-step 4)."""
        structure = self.world.structure
        if structure.link == Link.EXP:
            return rules.probability(rules.exponential(self._pledge_log_hazard(action)))
        near = self._circle_share(action)
        if structure.link == Link.LINEAR:
            return rules.probability(rules.linear_hazard(structure.innovation, structure.imitation, near))
        return float(near >= self.threshold)

    def _pledge_log_hazard(self, action: int) -> float:
        world, home, rung = self.world, self.home, self.pledged[action]
        far = rules.far_log_hazard(world.policy.linking, home.far[action][rung], self.effects[NETWORKING])
        effort = world.effort[self.group][action]
        bodies = rules.near_log_hazard(world.uncertainties.peer_effect, self._body_part(action))
        return rules.pledge_log_hazard(home.pull[action][rung], self._own_pull, effort, far, bodies)

    def _body_part(self, action: int) -> float:
        """Return the part of the near share that comes from bodies; a member of none has its subregion alone."""
        weight, rung = self.world.uncertainties.body_weight, self.pledged[action]
        if not weight:
            return 0.0
        shares = [rules.share(body.reached[action][rung], body.size - 1.0) for body in self.bodies]
        share = rules.share(total(shares), len(shares)) if shares else self.home.near[action][rung]
        return rules.near_part(weight, share)

    def _circle_share(self, action: int) -> float:
        """Return the share of peers ahead of this member, for the textbook links of tests alone (sub-step 3)."""
        rung, members = self.pledged[action], self.region.members
        if not self.world.networked:
            own = rules.near_part(1.0 - self.world.uncertainties.body_weight, self.home.near[action][rung])
            return own + self._body_part(action)
        ahead = sum(members[other].pledged[action] > rung for other in self.neighbours)
        return rules.share(ahead, float(len(self.neighbours)))

    def _next_capacity(self) -> float:
        """Return the capacity of next year (sub-step 8)."""
        u, helped = self.world.uncertainties, rules.support(self.grant, self.need, self.effects[NETWORKING])
        return rules.next_capacity(self.capacity, self.base_capacity, helped, u.capacity_gain, u.capacity_decay)

    def _next_trust(self) -> float:
        """Return the trust of next year, from promises seen kept and broken (sub-step 9)."""
        u, home, region = self.world.uncertainties, self.home, self.region
        mean = partial(rules.circle_mean, u.own_subregion_weight)
        kept = mean(home.kept, self.kept, home.size, region.kept, region.size)
        broken = mean(home.broken, self.broken, home.size, region.broken, region.size)
        return rules.next_trust(self.trust, kept, broken, u.trust_gain, u.trust_asymmetry)

    def _next_condition(self) -> list[float]:
        """Return the condition of each domain next year (sub-step 10)."""
        u = self.world.uncertainties
        left = partial(rules.pressure_left, u.pressure, u.action_effect, u.spillover)
        pressure = map(left, self.acted, self.home.acted)
        return list(map(rules.next_condition, self.condition, [u.recovery_rate] * len(DOMAINS), pressure))


@cache
def _names() -> dict[int, str]:
    """Return the three-letter code of each member by its number."""
    return {int(number): str(iso3) for iso3, number in member_table()["iso_num"].items()}
