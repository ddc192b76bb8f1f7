"""The model in plain NumPy, vectorised over runs: an oracle and a yardstick of speed.

Written from the model description alone, without looking at the rules or the engine, so that two readings of
the same page can be compared integer for integer. It shares only the inputs and the names of the axes.

Arrays are [member, action, run], [member, run] or [subregion, run]; the last axis is always the run. A
parameter or lever may have run axis 1 and then broadcasts. The sub-steps carry the numbers of the page::

    events -> (1) gate -> (2) finance -> (3) exposure -> (4) pledge -> (5) deliver -> (6) lapse and exit
           -> (7) clock -> (8) capacity -> (9) trust -> (10) environment -> order of writing

Sums of reals over members use `numpy.cumsum`, which adds in member order whatever the number of runs;
`numpy.sum` would group the terms differently for a run alone and for the same run in a batch.
"""

import itertools
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from foresight.actions import (
    ACCOUNTABILITY,
    ACTIONS,
    DOMAINS,
    FINANCING,
    FIRST_YEAR,
    INFRASTRUCTURE,
    NETWORKING,
    PHASE_STARTS,
    SOLIDARITY,
    SUBREGIONS,
    TRANSPARENCY,
)
from foresight.engine.inputs import Circle, Gate, Inputs, Link, Members

Array = npt.NDArray[Any]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Words = npt.NDArray[np.uint64]

LOW: Final = np.uint64(0xFFFFFFFF)
HALF: Final = np.uint64(32)
MULTIPLIERS: Final = (np.uint64(0xD2511F53), np.uint64(0xCD9E8D57))  # Salmon et al. 2011, Philox4x32
KEY_STEPS: Final = (0x9E3779B9, 0xBB67AE85)  # golden ratio and sqrt(3) - 1, the Weyl sequence of the key
ROUNDS: Final = 10

CRISIS, EFFECT_MEMBER, EFFECT_ACTION, EFFECT_SUBREGION_ACTION, GATE_NOISE = 16, 32, 33, 34, 35
PURPOSE_STRIDE: Final = 8  # entity of w_ga is 8 * subregion + action
PLEDGE, DELIVERY, LAPSE, EXIT = range(4)  # words of a member's draw

EFFECTS: Final = 1.0 - 2.0 ** -np.arange(128.0)  # e(D) for every D that int8 can hold
FULL_ACTION: Final = 4  # the rung that stands for the full action in the environment, whatever `rungs` is
SHIFT_LIMITS: Final = (0.01, 0.99)  # trust and capacity after an event
REVIEW_PERIOD: Final = 5  # years between reviews


class History(NamedTuple):
    """States of all years, and the flows of each step in the year that the step leads to."""

    pledged: npt.NDArray[np.int8]  # [year, member, action, run]
    delivered: npt.NDArray[np.int8]  # [year, member, action, run]
    waiting: npt.NDArray[np.int16]  # [year, member, action, run]
    trust: Floats  # [year, member, run]
    capacity: Floats  # [year, member, run]
    condition: Floats  # [year, member, domain, run]
    offer: npt.NDArray[np.int8]  # [year, subregion, run]
    fund: Floats  # [year, run]
    coverage: Floats  # [year, run]
    need: Floats  # [year, member, run]
    own: Floats  # [year, member, run]
    grant: Floats  # [year, member, run]
    contribution: Floats  # [year, member, run]


class State(NamedTuple):
    """State of one year; `condition` has one row of domains when all domains are alike."""

    pledged: npt.NDArray[np.int8]
    delivered: npt.NDArray[np.int8]
    waiting: npt.NDArray[np.int16]
    trust: Floats
    capacity: Floats
    condition: Floats
    offer: npt.NDArray[np.int8]
    fund: Floats
    coverage: Floats


class Effects(NamedTuple):
    """What is drawn once a run: the constant part of the log hazard and the trust that opens a gate."""

    standing: Floats  # [member, action, run], c0 + u_i + v_a + w_ga
    gate_trust: Floats  # [subregion, run], theta_T,g


class Policy(NamedTuple):
    """Levers as they act in one step."""

    log_pledge_effort: Floats  # [member, action, run] or one number
    delivery_effort: Floats  # [member, action, run] or one number
    support: Floats  # [run]
    assistance: Floats  # [run]
    solidarity_share: Floats  # [run]
    performance_share: Floats  # [run]
    linking: Floats  # [run]
    deadline: Floats  # [run]


class Flows(NamedTuple):
    """Money of one step; all [member, run] but the last two."""

    need: Floats
    own: Floats
    grant: Floats
    contribution: Floats
    means: Floats  # m, share of the need that is met
    fund: Floats  # [run]
    coverage: Floats  # [run]


class Neighbourhood:
    """Who shares a subregion, a body or a neighbour list with whom."""

    def __init__(self, members: Members, circle: Circle) -> None:
        self.subregion = members.subregion
        self.of_subregion = [np.flatnonzero(members.subregion == g) for g in range(len(SUBREGIONS))]
        self.size = np.array([len(m) for m in self.of_subregion])
        self.bodies = np.diff(members.body_offset)  # [member], how many bodies each is in
        owner = np.repeat(np.arange(len(members.code)), self.bodies)
        self.of_body = [owner[members.body_index == b] for b in range(len(members.body_size))]
        self.body_size = members.body_size
        listed = len(circle.neighbour_offset) > 0
        self.neighbours = _lists(circle.neighbour_offset, circle.neighbour) if listed else None

    def total(self, value: Floats) -> Floats:
        """Sum [member, ...] over the members of each subregion, in member order."""
        sums = np.zeros((len(self.size), *value.shape[1:]))
        for g, members in enumerate(self.of_subregion):
            if len(members):
                sums[g] = np.cumsum(value[members], axis=0)[-1]
        return sums

    def count(self, mask: Bools) -> Floats:
        """Count the true cells of [member, ...] in each subregion; whole numbers, hence exact."""
        counts = [np.count_nonzero(mask[members], axis=0) for members in self.of_subregion]
        return np.array(counts, np.float64)

    def circles(self, total: Floats) -> tuple[Floats, Floats]:
        """Count the others inside (without the member itself) and outside each subregion, at least 1."""
        shape = (-1,) + (1,) * (total.ndim - 1)
        inside = np.maximum(self.size - 1, 1).reshape(shape)
        outside = np.maximum(self.size.sum() - self.size, 1).reshape(shape)
        return inside, outside


def simulate(inputs: Inputs, seed: int, replicates: Array | range) -> History:
    """Run replicates of one scenario, or a design whose inputs differ by run.

    Parameters
    ----------
    inputs : Inputs
        Everything but luck.
    seed : int
        Key of the draws, 0 to 2**64 - 1.
    replicates : range or int[run]
        Replicate numbers, the addresses of the runs.
    """
    runs = np.asarray(replicates).astype(np.uint64)
    with np.errstate(over="ignore", divide="ignore", invalid="ignore", under="ignore"):
        around = Neighbourhood(inputs.members, inputs.circle)
        weights = _distinct_weights(inputs)
        effects = draw_effects(inputs, seed, runs)
        state = start(inputs, len(runs), len(weights))
        history = _empty_history(inputs, len(runs))
        _write(history, 0, state, None)
        for t in range(len(inputs.years) - 1):
            state, flows = step(t, state, inputs, around, weights, effects, seed, runs)
            _write(history, t + 1, state, flows)
    return history


def start(inputs: Inputs, runs: int, domains: int) -> State:
    """Return the state of the first year (section 2), with the given start values in place of the model's."""
    given, x, members = inputs.start, inputs.uncertainties, len(inputs.members.code)
    cells = (members, len(ACTIONS), runs)

    def integers(value: Array | None, shape: tuple[int, ...], dtype: type, default: int = 0) -> Array:
        value = np.array(default) if value is None else np.asarray(value)[..., None]
        return np.broadcast_to(value, shape).astype(dtype)

    def reals(value: Any, shape: tuple[int, ...]) -> Floats:
        return np.broadcast_to(value, shape).astype(np.float64)

    trust = x.initial_trust if given.trust is None else given.trust[:, None]
    capacity = inputs.members.base_capacity[0] if given.capacity is None else given.capacity
    condition = x.initial_condition if given.condition is None else given.condition[:, :, None]
    return State(
        integers(given.pledged, cells, np.int8),
        integers(given.delivered, cells, np.int8),
        integers(given.waiting, cells, np.int16),
        reals(trust, (members, runs)),
        reals(capacity[:, None], (members, runs)),
        reals(condition, (members, domains, runs)),
        integers(given.offer, (len(SUBREGIONS), runs), np.int8, default=1),
        reals(0.0 if given.fund is None else given.fund, (runs,)),
        reals(x.reference_coverage if given.coverage is None else given.coverage, (runs,)),
    )


def step(
    t: int,
    state: State,
    inputs: Inputs,
    around: Neighbourhood,
    weights: Floats,
    effects: Effects,
    seed: int,
    runs: Words,
) -> tuple[State, Flows]:
    """Turn the state of year t into that of the next year (section 3)."""
    x, year = inputs.uncertainties, inputs.years[t]
    now = shift(t, state, inputs)
    policy = act(year, inputs)
    held = x.accountability_effect * effect(now.delivered[:, ACCOUNTABILITY])  # gamma_A e(D_A)

    offer = open_gates(year, now, inputs, around, effects)
    flows = finance(t, year, now, inputs, policy, seed, runs)
    near, far = exposure(now, inputs, around, offer)
    draws = member_draws(seed, runs, year, inputs.members)
    opens = (offer if t == 0 else np.where(offer > now.offer, offer, 0))[around.subregion]  # the rung, 0 for none
    pledges = pledge(t, now, inputs, policy, effects, near, far, offer[around.subregion], opens, draws[PLEDGE])
    delivers = deliver(now, inputs, policy, flows, held, draws[DELIVERY])
    lapses = lapse(now, inputs, held, draws[LAPSE], delivers)
    exits = leave(now, inputs, held, draws[EXIT], pledges)

    pledged = now.pledged + pledges - exits  # order of writing
    delivered = np.minimum(now.delivered + delivers - lapses, pledged)
    overdue, waiting = clock(now, inputs, delivers, pledged, delivered)
    new = State(
        pledged,
        delivered,
        waiting,
        grow_trust(now, inputs, around, overdue),
        grow_capacity(t, now, inputs, flows),
        grow_condition(now, inputs, around, weights),
        offer,
        flows.fund,
        flows.coverage,
    )
    return new, flows


def shift(t: int, state: State, inputs: Inputs) -> State:
    """Apply the events of the year to the start-of-year values; resources follow in (2)."""
    events, rungs = inputs.events, inputs.structure.rungs

    def moved(value: Floats, added: Floats) -> Floats:
        by = added[:, None]
        return np.where(by != 0, np.clip(value + by, *SHIFT_LIMITS), value) if by.any() else value

    pledged, delivered = state.pledged, state.delivered
    if events.pledged[t].any() or events.delivered[t].any():
        pledged = np.clip(pledged + events.pledged[t][:, :, None], 0, rungs).astype(np.int8)
        delivered = np.clip(delivered + events.delivered[t][:, :, None], 0, pledged).astype(np.int8)
    return state._replace(
        pledged=pledged,
        delivered=delivered,
        trust=moved(state.trust, events.trust[t]),
        capacity=moved(state.capacity, events.capacity[t]),
    )


def act(year: int, inputs: Inputs) -> Policy:
    """Return the levers of the year; before `levers_from`, history and the uncertain values."""
    levers, x, group = inputs.levers, inputs.uncertainties, inputs.members.group
    none, one = np.zeros(1), np.ones(1)
    if year < inputs.structure.levers_from:
        share = x.base_solidarity_share, x.base_performance_share
        return Policy(none, one, one, none, *share, x.outside_peer_effect, none)
    position = max(phase(year) - 2, 0)
    rise = np.exp(levers.review_deadline)
    burst = levers.review_deadline if year % REVIEW_PERIOD == 0 else none
    return Policy(
        np.log(levers.pledge_effort[:, :, position])[group],
        levers.delivery_effort[:, :, position][group],
        levers.support_multiplier[position],
        levers.assistance[position],
        levers.solidarity_share,
        levers.performance_share,
        levers.linking,
        burst - np.log((rise + REVIEW_PERIOD - 1) / REVIEW_PERIOD),
    )


def open_gates(year: int, now: State, inputs: Inputs, around: Neighbourhood, effects: Effects) -> Array:
    """(1) Raise the rung on offer where trust and delivery allow it."""
    x, due = inputs.uncertainties, phase(year)
    rule = inputs.structure.gate if year >= inputs.structure.gate_from else Gate.INFRASTRUCTURE
    if rule == Gate.CALENDAR:
        return np.maximum(now.offer, due).astype(np.int8)
    size = np.maximum(around.size, 1)[:, None]
    trusting = around.total(now.trust) / size >= effects.gate_trust
    opens = np.zeros(now.offer.shape, bool)
    for rung in range(1, due):
        count = around.count(now.delivered >= rung)  # [subregion, action, run]
        if rung == 1 and rule == Gate.INFRASTRUCTURE:
            count = count[:, list(INFRASTRUCTURE)]
        elif rung == 1 and rule == Gate.ANY_THREE:
            count = np.sort(count, axis=1)[:, -3:]
        enough = count.sum(axis=1) / (size * count.shape[1]) >= x.gate_delivery
        opens |= (now.offer == rung) & trusting & enough
    return now.offer + opens


def finance(t: int, year: int, now: State, inputs: Inputs, policy: Policy, seed: int, runs: Words) -> Flows:
    """(2) Share out the fund among the gaps between need and own resources."""
    x, members = inputs.uncertainties, inputs.members
    crisis = uniform(philox(_key(seed), runs, year, _column(range(len(SUBREGIONS))), CRISIS)[0])
    struck = (crisis < x.crisis_probability)[members.subregion]
    answers = effect(now.delivered[:, ACCOUNTABILITY])

    need = next_rung_cost(now, x.cost_growth)
    own = members.income[t][:, None] * (1 + x.financing_catalysis * effect(now.delivered[:, FINANCING]))
    own = own * (1 - x.crisis_loss * struck) * inputs.events.resources_kept[t][:, None]

    surplus = np.maximum(own - need, 0.0)
    contribution = policy.solidarity_share * effect(now.delivered[:, SOLIDARITY]) * now.trust * surplus
    external = x.external_support * policy.support * len(members.code)
    external = external * (1 + x.external_support_growth) ** (year - FIRST_YEAR)
    external = external * (1 + x.accountability_catalysis * (_sum(answers) / len(members.code)))
    fund = now.fund + external + _sum(contribution)

    gap = np.maximum(need - own, 0.0)
    weight = gap * ((1 - policy.performance_share) + policy.performance_share * answers)
    grant = np.minimum(gap, _ratio(fund * weight, _sum(weight), 0.0))
    granted = _sum(grant)
    return Flows(
        need,
        own,
        grant,
        contribution,
        means=np.minimum(1.0, _ratio(own + grant, need, 1.0)),
        fund=np.maximum(0.0, fund - granted),
        coverage=_ratio(granted, _sum(gap), now.coverage),
    )


def next_rung_cost(now: State, growth: Floats) -> Floats:
    """Sum over actions the cost chi^D of the next rung, where a pledge is unmet."""
    open_pledge = now.delivered < now.pledged
    need = np.zeros((open_pledge.shape[0], open_pledge.shape[2]))
    for rung in range(int(now.pledged.max(initial=0))):
        need += growth**rung * _count_actions(open_pledge & (now.delivered == rung))
    return need


def exposure(now: State, inputs: Inputs, around: Neighbourhood, offer: Array) -> tuple[Floats, Floats]:
    """(3) Share of the peers, and of the members outside the subregion, that pledged rung k = P + 1.

    Rungs beyond the offer cannot be pledged; their cells stay 0 and are never read. The member itself is at
    rung k - 1, so counts need no correction for it.
    """
    near, far = np.zeros(now.pledged.shape), np.zeros(now.pledged.shape)
    kappa = inputs.uncertainties.body_weight
    bodies = bool((kappa != 0).any())
    in_bodies = np.zeros(now.pledged.shape) if bodies else near
    for rung in range(1, min(int(offer.max()), inputs.structure.rungs) + 1):
        asked = now.pledged == rung - 1
        ahead = now.pledged >= rung
        inside = around.count(ahead)  # [subregion, action, run]
        peers, others = around.circles(inside)
        np.copyto(near, (inside / peers)[around.subregion], where=asked)
        np.copyto(far, ((inside.sum(axis=0) - inside) / others)[around.subregion], where=asked)
        if bodies:
            np.copyto(in_bodies, body_share(ahead, around), where=asked)
    if around.neighbours is not None:
        near = neighbour_share(now.pledged, around.neighbours)
    if bodies:
        alone = (around.bodies == 0)[:, None, None]
        near = np.where(alone, near, (1 - kappa) * near + kappa * in_bodies)
    return near, far


def body_share(ahead: Bools, around: Neighbourhood) -> Floats:
    """Mean, over the bodies of a member, of the share of the others that are ahead."""
    share = np.zeros(ahead.shape)
    for members, size in zip(around.of_body, around.body_size, strict=True):
        if size > 1:
            share[members] += np.count_nonzero(ahead[members], axis=0) / (size - 1)
    return share / np.maximum(around.bodies, 1)[:, None, None]


def neighbour_share(pledged: Array, neighbours: list[Array]) -> Floats:
    """Share of a member's own list of neighbours that pledged a higher rung than the member."""
    share = np.zeros(pledged.shape)
    for i, mine in enumerate(neighbours):
        if len(mine):
            share[i] = np.count_nonzero(pledged[mine] > pledged[i], axis=0) / len(mine)
    return share


def pledge(
    t: int,
    now: State,
    inputs: Inputs,
    policy: Policy,
    effects: Effects,
    near: Floats,
    far: Floats,
    offer: Array,
    opens: Array,
    draw: Floats,
) -> Bools:
    """(4) Decide who pledges the next rung, among those to whom it is on offer."""
    x, structure = inputs.uncertainties, inputs.structure
    on_offer = now.pledged < np.minimum(offer, structure.rungs)[:, None, :]
    if structure.link == Link.THRESHOLD:
        return on_offer & (near >= inputs.circle.threshold[:, None, None])
    if structure.link == Link.LINEAR:
        hazard = structure.innovation + structure.imitation * near
        return on_offer & (draw < -np.expm1(-hazard))

    ldc, assisted = inputs.members.ldc[t][:, None], inputs.members.assisted[t][:, None]
    of_member = x.ldc_penalty * ldc * ((1 - now.coverage) / (1 - x.reference_coverage))
    of_member = of_member + x.trust_effect * (2 * now.trust - 1)
    of_member = of_member + x.assistance_effect * policy.assistance * assisted + policy.deadline
    log_hazard = effects.standing + x.peer_effect * near
    log_hazard += (policy.linking * effect(now.delivered[:, NETWORKING]))[:, None, :] * far
    log_hazard += of_member[:, None, :]
    log_hazard += x.depth_penalty * now.pledged
    for action in (ACCOUNTABILITY, FINANCING):
        log_hazard[:, action] += x.slow_start * (now.pledged[:, action] == 0)
    log_hazard += x.opening_year * (now.pledged + 1 == opens[:, None, :])
    log_hazard += policy.log_pledge_effort
    return on_offer & (draw < -np.expm1(-np.exp(log_hazard)))


def deliver(now: State, inputs: Inputs, policy: Policy, flows: Flows, held: Floats, draw: Floats) -> Bools:
    """(5) Decide which unmet pledges are delivered by one rung."""
    hazard = inputs.uncertainties.delivery_rate * now.capacity * flows.means * np.exp(held)
    done = draw < -np.expm1(-hazard[:, None, :] * policy.delivery_effort)
    return done & (now.delivered < now.pledged)


def lapse(now: State, inputs: Inputs, held: Floats, draw: Floats, delivers: Bools) -> Bools:
    """(6) Decide which deliveries lapse; not in the year of a further delivery."""
    probability = -np.expm1(-inputs.uncertainties.lapse_rate * np.exp(-held))
    return (draw < probability[:, None, :]) & (now.delivered > 0) & ~delivers


def leave(now: State, inputs: Inputs, held: Floats, draw: Floats, pledges: Bools) -> Bools:
    """(6) Decide which pledges are withdrawn by one rung; not in the year of a further pledge."""
    probability = -np.expm1(-inputs.uncertainties.exit_rate * np.exp(-held))
    return (draw < probability[:, None, :]) & (now.pledged > 0) & ~pledges


def clock(
    now: State, inputs: Inputs, delivers: Bools, pledged: Array, delivered: Array
) -> tuple[Bools, npt.NDArray[np.int16]]:
    """(7) Find the overdue pledges at the start of the year, and count the years of waiting at its end."""
    unmet = now.delivered < now.pledged
    overdue = unmet & (now.waiting >= inputs.uncertainties.grace_years)
    goes_on = unmet & ~delivers & (delivered < pledged)
    return overdue, (now.waiting + np.int16(1)) * goes_on


def grow_capacity(t: int, now: State, inputs: Inputs, flows: Flows) -> Floats:
    """(8) Move capacity towards its target, exactly over one year."""
    x, base = inputs.uncertainties, inputs.members.base_capacity[t][:, None]
    granted = _ratio(flows.grant, flows.need, 0.0)
    gain = x.capacity_gain * (0.5 * (granted + effect(now.delivered[:, NETWORKING])))
    rate = gain + x.capacity_decay
    target = _ratio(gain + x.capacity_decay * base, rate, now.capacity)
    return np.where(rate == 0, now.capacity, target + (now.capacity - target) * np.exp(-rate))


def grow_trust(now: State, inputs: Inputs, around: Neighbourhood, overdue: Bools) -> Floats:
    """(9) Move trust towards what the others are seen to keep and to break."""
    x = inputs.uncertainties
    visible = x.least_visibility + (1 - x.least_visibility) * effect(now.delivered[:, TRANSPARENCY])
    kept = visible * (_count_actions((now.delivered > 0) & ~overdue) / len(ACTIONS))
    broken = visible * (_count_actions(overdue) / len(ACTIONS))

    def seen(value: Floats) -> Floats:
        total = around.total(value)
        peers, others = around.circles(total)
        inside = (total[around.subregion] - value) / peers[around.subregion]
        outside = ((_sum(total) - total) / others)[around.subregion]
        return x.own_subregion_weight * inside + (1 - x.own_subregion_weight) * outside

    gain = x.trust_gain * seen(kept)
    rate = gain + x.trust_gain * x.trust_asymmetry * seen(broken)
    target = _ratio(gain, rate, now.trust)
    return np.where(rate == 0, now.trust, target + (now.trust - target) * np.exp(-rate))


def grow_condition(now: State, inputs: Inputs, around: Neighbourhood, weights: Floats) -> Floats:
    """(10) Advance the logistic condition of each domain exactly over one year."""
    x = inputs.uncertainties
    action = np.zeros(now.condition.shape)
    for a in range(len(ACTIONS)):
        action += weights[:, a, None] * now.delivered[:, a, None, :]
    action /= FULL_ACTION
    mean = around.total(action) / np.maximum(around.size, 1)[:, None, None]
    felt = (1 - x.spillover) * action + x.spillover * mean[around.subregion]
    pressure = x.pressure * (1 - x.action_effect * felt)
    z = x.recovery_rate - pressure
    rise = np.expm1(z)
    crowding = x.recovery_rate * now.condition * _ratio(rise, z, 1.0)
    condition: Floats = now.condition * (1 + rise) / (1 + crowding)
    return condition


def phase(year: int) -> int:
    """Return the phase of a year, 1 to 4; the years before the first phase belong to it."""
    first, second = PHASE_STARTS[:2]
    return min(max(1 + (year - first) // (second - first), 1), len(PHASE_STARTS))


def effect(delivered: Array) -> Floats:
    """Return e(D) = 1 - 2^-D."""
    return EFFECTS[delivered]


def philox(
    key: tuple[int, int], replicate: Any, year: Any, entity: Any, purpose: Any
) -> tuple[Words, Words, Words, Words]:
    """Return the four words of Philox4x32-10 (Salmon et al. 2011) at broadcast counters.

    The parts of the counter broadcast only where a round mixes them, so the first rounds are cheap.
    """
    c0, c1, c2, c3 = (np.asarray(c).astype(np.uint64) for c in (replicate, year, entity, purpose))
    for n in range(ROUNDS):
        k0, k1 = (np.uint64((k + n * w) & int(LOW)) for k, w in zip(key, KEY_STEPS, strict=True))
        first, second = c0 * MULTIPLIERS[0], c2 * MULTIPLIERS[1]
        c0, c1, c2, c3 = (second >> HALF) ^ (c1 ^ k0), second & LOW, (first >> HALF) ^ (c3 ^ k1), first & LOW
    return c0, c1, c2, c3


def uniform(word: Words) -> Floats:
    """Return (word + 1/2) / 2^32, inside (0, 1)."""
    return np.asarray((word + 0.5) * 2.0**-32, np.float64)


def normal(seed: int, runs: Words, entity: Any, purpose: int) -> Floats:
    """Return standard normals drawn once a run: the cosine branch of Box and Muller (1958)."""
    words = philox(_key(seed), runs, 0, entity, purpose)
    return np.sqrt(-2.0 * np.log(uniform(words[0]))) * np.cos(2.0 * np.pi * uniform(words[1]))


def member_draws(seed: int, runs: Words, year: int, members: Members) -> tuple[Floats, ...]:
    """Return the uniforms of pledge, delivery, lapse and exit, each [member, action, run]."""
    entity = members.code[:, None, None]
    return tuple(uniform(w) for w in philox(_key(seed), runs, year, entity, _column(range(len(ACTIONS)))))


def draw_effects(inputs: Inputs, seed: int, runs: Words) -> Effects:
    """Draw what stays the same through a run: u_i, v_a, w_ga and z_g."""
    x, members = inputs.uncertainties, inputs.members
    subregions, actions = _column(range(len(SUBREGIONS))), _column(range(len(ACTIONS)))
    u = x.sd_member * normal(seed, runs, members.code[:, None], EFFECT_MEMBER)
    v = x.sd_action * normal(seed, runs, actions, EFFECT_ACTION)
    pair = PURPOSE_STRIDE * subregions[:, None] + actions
    w = x.sd_subregion_action * normal(seed, runs, pair, EFFECT_SUBREGION_ACTION)
    z = x.sd_gate * normal(seed, runs, subregions, GATE_NOISE)
    return Effects(x.pledge_log_hazard_base + u[:, None] + v + w[members.subregion], x.gate_trust + z)


def _key(seed: int) -> tuple[int, int]:
    return seed & int(LOW), (seed >> int(HALF)) & int(LOW)


def _column(values: range) -> Array:
    return np.array(values)[:, None]


def _lists(offset: Array, index: Array) -> list[Array]:
    return [index[a:b] for a, b in itertools.pairwise(offset)]


def _sum(value: Floats) -> Floats:
    """Sum over the first axis, in order."""
    return np.asarray(np.cumsum(value, axis=0)[-1])


def _count_actions(mask: Bools) -> Array:
    """Count the true cells over the action axis; at most five, so one byte holds it."""
    return np.asarray(mask.view(np.int8).sum(axis=1, dtype=np.int8))


def _ratio(value: Floats, by: Floats, empty: Any) -> Floats:
    """Divide, and take the named value for 0/0."""
    return np.where(by == 0, empty, value / np.where(by == 0, 1.0, by))


def _distinct_weights(inputs: Inputs) -> Floats:
    """Return the weights of one domain when all domains have the same ones and start alike, else of all."""
    weights = inputs.action_weights
    alike = inputs.start.condition is None and bool((weights == weights[0]).all())
    return weights[:1] if alike else weights


def _empty_history(inputs: Inputs, runs: int) -> History:
    years, members = len(inputs.years), len(inputs.members.code)
    cells = (years, members, len(ACTIONS), runs)
    of_member, of_run = (years, members, runs), (years, runs)
    return History(
        np.empty(cells, np.int8),
        np.empty(cells, np.int8),
        np.empty(cells, np.int16),
        np.empty(of_member),
        np.empty(of_member),
        np.empty((years, members, len(DOMAINS), runs)),
        np.empty((years, len(SUBREGIONS), runs), np.int8),
        np.empty(of_run),
        np.empty(of_run),
        *(np.zeros(of_member) for _ in range(4)),
    )


def _write(history: History, year: int, state: State, flows: Flows | None) -> None:
    """Store a state, and the flows of the step that led to it."""
    for name in State._fields:
        getattr(history, name)[year] = getattr(state, name)
    for name in ("need", "own", "grant", "contribution") if flows is not None else ():
        getattr(history, name)[year] = getattr(flows, name)
