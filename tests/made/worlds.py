"""Small made-up worlds in which the model has a textbook answer, and how far a sample is from that answer."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from scipy import stats

from foresight.actions import ACTIONS, DOMAINS, FIRST_YEAR
from foresight.engine.inputs import Circle, Events, Inputs, Levers, Members, Structure, Uncertainties
from foresight.engine.state import History

#: Anything that turns inputs, a seed and replicate numbers into a history: the engine or the yardstick.
Driver = Callable[[Inputs, int, Sequence[int]], Any]

#: More standard errors than this and a sample does not fit. With a right rule and a new seed a test would fail
#: once in 16,000 times; the seeds are fixed, so it passes always or never.
Z = 4.0

#: Fewer samples than this are expected in no cell of a chi-square test (the usual rule of thumb).
LEAST_EXPECTED = 5.0

#: Money is no obstacle to anybody.
RICH = 1e3

#: What ties members to each other, to chance effects and to their own past, all switched off.
SILENT = {
    "peer_effect": 0.0,
    "body_weight": 0.0,
    "sd_member": 0.0,
    "sd_action": 0.0,
    "sd_subregion_action": 0.0,
    "ldc_penalty": 0.0,
    "outside_peer_effect": 0.0,
    "linking": 0.0,
    "depth_penalty": 0.0,
    "slow_start": 0.0,
    "opening_year": 0.0,
    "trust_effect": 0.0,
    "assistance_effect": 0.0,
}

_NEUTRAL = {
    "pledge_log_hazard_base": -1.94,
    **{name: 0.0 for name in SILENT if name != "linking"},
    "reference_coverage": 0.25,
    "delivery_rate": 0.0,
    "accountability_effect": 0.0,
    "lapse_rate": 0.0,
    "exit_rate": 0.0,
    "grace_years": 5.0,
    "trust_gain": 0.0,
    "trust_asymmetry": 1.0,
    "least_visibility": 1.0,
    "own_subregion_weight": 1.0,
    "initial_trust": 0.5,
    "gate_trust": 0.5,
    "gate_delivery": 0.5,
    "sd_gate": 0.0,
    "cost_growth": 1.0,
    "external_support": 0.0,
    "external_support_growth": 0.0,
    "accountability_catalysis": 0.0,
    "financing_catalysis": 0.0,
    "base_solidarity_share": 0.0,
    "base_performance_share": 0.0,
    "capacity_gain": 0.0,
    "capacity_decay": 0.0,
    "crisis_probability": 0.0,
    "crisis_loss": 0.0,
    "recovery_rate": 0.06,
    "pressure": 0.03,
    "action_effect": 0.0,
    "spillover": 0.0,
    "initial_condition": 0.6,
}


def circle(n: int, subregions: int = 1, *, steps: int = 20, rungs: int = 1, **changes: Any) -> Inputs:
    """Return n made-up members with codes 1 to n, dealt out to subregions in turn.

    Nobody influences anybody, everybody has all the money and the capacity 1, so that a hazard is what its
    rate says. `changes` go to `Inputs.replace`.
    """
    one = np.ones(1)
    inputs = Inputs(
        uncertainties=Uncertainties(**{name: np.array([_NEUTRAL[name]]) for name in Uncertainties._fields}),
        levers=Levers(
            pledge_effort=np.ones((1, len(ACTIONS), 3, 1)),
            delivery_effort=np.ones((1, len(ACTIONS), 3, 1)),
            support_multiplier=np.ones((3, 1)),
            assistance=np.zeros((3, 1)),
            solidarity_share=0 * one,
            performance_share=0 * one,
            review_deadline=0 * one,
            linking=0 * one,
        ),
        members=Members(
            code=np.arange(1, n + 1, dtype=np.uint32),
            subregion=np.arange(n, dtype=np.int64) % subregions,
            group=np.zeros(n, np.int64),
            ldc=np.zeros((steps, n)),
            assisted=np.zeros((steps, n)),
            income=np.full((steps, n), RICH),
            base_capacity=np.ones((steps, n)),
            body_offset=np.zeros(n + 1, np.int64),
            body_index=np.empty(0, np.int64),
            body_size=np.empty(0, np.int64),
        ),
        events=no_events(steps, n),
        action_weights=np.full((len(DOMAINS), len(ACTIONS)), 1 / len(ACTIONS)),
        structure=Structure(rungs=rungs, last_year=FIRST_YEAR + steps),
    )
    return inputs.replace(**changes)


def no_events(steps: int, n: int) -> Events:
    cells = (steps, n, len(ACTIONS))
    still = np.zeros((steps, n))
    return Events(still + 1.0, still, still.copy(), np.zeros(cells, np.int8), np.zeros(cells, np.int8))


def quiet(inputs: Inputs) -> Inputs:
    """Return inputs with every effect, deviation and slope of the pledge hazard zero."""
    return inputs.replace(**SILENT)


def alone(inputs: Inputs) -> Inputs:
    """Return inputs in which no member's pledges, deliveries, money or capacity depend on another member."""
    return inputs.replace(
        peer_effect=0.0,
        body_weight=0.0,
        outside_peer_effect=0.0,
        linking=0.0,
        trust_effect=0.0,
        ldc_penalty=0.0,
        external_support=0.0,
        base_solidarity_share=0.0,
        solidarity_share=0.0,
        spillover=0.0,
        structure=inputs.structure._replace(gate=3, gate_from=FIRST_YEAR),
    )


def everywhere(inputs: Inputs, value: int) -> np.ndarray:
    """Return one rung for every member and action, as the states of a start need it."""
    return np.full((len(inputs.members.code), len(ACTIONS)), value, np.int8)


def reordered(inputs: Inputs, order: np.ndarray) -> Inputs:
    """Return the same members, facts and codes and all, in another order (for inputs with no start or graph)."""
    m, e = inputs.members, inputs.events
    bodies = [m.body_index[m.body_offset[i] : m.body_offset[i + 1]] for i in order]
    members = m._replace(
        code=m.code[order],
        subregion=m.subregion[order],
        group=m.group[order],
        **{name: np.ascontiguousarray(getattr(m, name)[:, order]) for name in FACTS},
        body_offset=np.concatenate([[0], np.cumsum([len(b) for b in bodies])]).astype(np.int64),
        body_index=np.concatenate([*bodies, np.empty(0, np.int64)]).astype(np.int64),
    )
    events = Events(*(np.ascontiguousarray(values[:, order]) for values in e))
    return inputs.replace(members=members, events=events)


#: Facts of members with a step axis.
FACTS = ("ldc", "assisted", "income", "base_capacity")


def graph(edges: np.ndarray, n: int, threshold: float | np.ndarray) -> Circle:
    """Return the circle of an undirected graph, given its edges [edge, 2]."""
    ends = np.vstack([edges, edges[:, ::-1]])
    ends = ends[np.argsort(ends[:, 0], kind="stable")]
    offset = np.concatenate([[0], np.cumsum(np.bincount(ends[:, 0], minlength=n))])
    threshold = np.broadcast_to(np.asarray(threshold, np.float64), (n,)).copy()
    return Circle(threshold, offset.astype(np.int64), np.ascontiguousarray(ends[:, 1]).astype(np.int64))


def log_hazard(chance: float) -> float:
    """Return the log hazard that gives this chance within a year."""
    return math.log(-math.log1p(-chance))


def z_of_mean(sample: np.ndarray, expected: float) -> float:
    """Return by how many of its standard errors a sample's mean misses the expected one."""
    sample = np.asarray(sample, np.float64).ravel()
    return float((sample.mean() - expected) / (sample.std(ddof=1) / math.sqrt(sample.size)))


def z_of_counts(counts: np.ndarray, chances: np.ndarray) -> float:
    """Return the chi-square of a whole distribution as the normal deviate of the same tail.

    Neighbouring cells are pooled until `LEAST_EXPECTED` is reached. Runs that are too much alike give a large
    negative value or, where they disagree with the distribution, a large positive one.
    """
    counts = np.asarray(counts, np.float64)
    expected = counts.sum() * np.asarray(chances, np.float64)
    seen, due = [0.0], [0.0]
    for observed, mean in zip(counts, expected, strict=True):
        if due[-1] >= LEAST_EXPECTED:
            seen.append(0.0)
            due.append(0.0)
        seen[-1] += observed
        due[-1] += mean
    if due[-1] < LEAST_EXPECTED and len(due) > 1:
        seen[-2:], due[-2:] = [sum(seen[-2:])], [sum(due[-2:])]
    square = float(((np.array(seen) - due) ** 2 / due).sum())
    return float(stats.norm.isf(stats.chi2.sf(square, len(due) - 1)))


def z_of_binomial(successes: np.ndarray, trials: int, chance: float) -> float:
    """Compare a sample of counts with the binomial distribution."""
    counts = np.bincount(np.asarray(successes).ravel(), minlength=trials + 1)
    return z_of_counts(counts, stats.binom.pmf(np.arange(trials + 1), trials, chance))


def same_bits(one: History, other: History) -> list[str]:
    """Name the parts of two histories that differ in any bit."""
    pairs = zip(one._fields, one, other, strict=True)
    return [name for name, a, b in pairs if a.shape != b.shape or a.tobytes() != b.tobytes()]
