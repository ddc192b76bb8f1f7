"""Monotone relations: along every path under common draws where they are exact, in the mean where they are not.

No sign is asserted for visibility on trust, pledging effort alone on trust, or the gate rules: those are findings.
"""

import math

import numpy as np
import pytest
from histories import simulate_history
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import RICH, everywhere

from foresight.actions import ACTIONS
from foresight.engine.inputs import Gate, Start
from foresight.scenario.building import build
from foresight.scenario.loading import load_scenario

BASE = build(load_scenario("historical-pace", set={"events": []}))

#: Endless grace, no fund, money for all, nothing slips: nothing that is gained can turn against anybody.
EXACT = BASE.replace(
    grace_years=math.inf,
    external_support=0.0,
    base_solidarity_share=0.0,
    solidarity_share=0.0,
    income=RICH,
    exit_rate=0.0,
    lapse_rate=0.0,
)

RUNS = 4

#: Reals rise up to rounding: a sum of 58 members in the last place, over 23 steps.
ROUNDING = 1e-12

#: What may be raised, by how much at most, and how; linking replaces the effect of outside peers from 2027 on.
KNOBS = {
    "c0": ("pledge_log_hazard_base", 1.5),
    "peer effect at fixed c0": ("peer_effect", 1.6),
    "outside peer effect": ("outside_peer_effect", 1.6),
    "delivery rate": ("delivery_rate", 0.8),
    "accountability effect": ("accountability_effect", 1.7),
}


@st.composite
def worlds(draw):
    """Return a setting in which the relations are exact."""

    def between(low, high):
        return draw(st.floats(low, high))

    linking = between(0, 1.6)
    return EXACT.replace(
        pledge_log_hazard_base=between(-3.5, -0.5),
        peer_effect=between(0, 1.6),
        outside_peer_effect=linking,
        linking=linking,
        trust_effect=between(0, 1.6),
        body_weight=draw(st.sampled_from([0.0, 0.4, 1.0])),
        delivery_rate=between(0.1, 0.8),
        accountability_effect=between(0, 1.7),
        trust_gain=between(0.05, 0.4),
        least_visibility=between(0.1, 0.8),
        own_subregion_weight=between(0.5, 1),
        gate_trust=between(0.35, 0.65),
        gate_delivery=between(0.35, 0.65),
        depth_penalty=between(-0.6, 0),
        slow_start=between(-1.4, 0),
        action_effect=between(0.3, 0.9),
        crisis_probability=between(0, 0.15),
        capacity_gain=between(0, 0.05),
        review_deadline=between(0, 2.4),
        pledge_effort=between(0.25, 6),
        delivery_effort=between(0.25, 6),
        gate=draw(st.sampled_from([int(gate) for gate in Gate])),
    )


def lowered(before, after):
    """Name what is lower somewhere in the second of two histories."""
    for name in ("pledged", "delivered", "offer"):
        if np.any(getattr(after, name) < getattr(before, name)):
            yield name
    for name in ("trust", "condition"):
        if np.any(getattr(after, name) < getattr(before, name) - ROUNDING):
            yield name


def raising_a_knob_lowers_nothing(inputs, knob, part, seed):
    name, most = KNOBS[knob]
    value = getattr(inputs.uncertainties, name) + part * most
    raised = inputs.replace(**{name: value})
    if name == "outside_peer_effect":
        raised = raised.replace(linking=value)
    before, after = (simulate_history(x, seed, range(RUNS)) for x in (inputs, raised))
    assert list(lowered(before, after)) == []


def one_more_adopter_lowers_nothing(inputs, member, action, rung, seed):
    pledged = everywhere(inputs, 0)
    pledged[member, action] = rung
    one_more = inputs.replace(start=Start(pledged=pledged))
    before, after = (simulate_history(x, seed, range(RUNS)) for x in (inputs, one_more))
    assert list(lowered(before, after)) == []


SEEDS = st.integers(0, 2**64 - 1)
PARTS = st.floats(0.0, 1.0)
PLACES = (st.integers(0, len(BASE.members.code) - 1), st.integers(0, len(ACTIONS) - 1), st.integers(1, 4))


@pytest.mark.costly
@pytest.mark.parametrize("knob", KNOBS, ids=str)
@settings(max_examples=15, deadline=None, derandomize=True, database=None)
@given(inputs=worlds(), part=PARTS, seed=SEEDS)
def test_raising_it_lowers_nothing_on_any_path(knob, inputs, part, seed):
    raising_a_knob_lowers_nothing(inputs, knob, part, seed)


@pytest.mark.costly
@settings(max_examples=25, deadline=None, derandomize=True, database=None)
@given(inputs=worlds(), member=PLACES[0], action=PLACES[1], rung=PLACES[2], seed=SEEDS)
def test_one_more_adopter_lowers_nothing_on_any_path(inputs, member, action, rung, seed):
    one_more_adopter_lowers_nothing(inputs, member, action, rung, seed)


@pytest.mark.slow
@pytest.mark.parametrize("knob", KNOBS, ids=str)
@settings(max_examples=400, deadline=None, derandomize=True, database=None)
@given(inputs=worlds(), part=PARTS, seed=SEEDS)
def test_raising_it_lowers_nothing_on_many_paths(knob, inputs, part, seed):
    raising_a_knob_lowers_nothing(inputs, knob, part, seed)


@pytest.mark.slow
@settings(max_examples=400, deadline=None, derandomize=True, database=None)
@given(inputs=worlds(), member=PLACES[0], action=PLACES[1], rung=PLACES[2], seed=SEEDS)
def test_one_more_adopter_lowers_nothing_on_many_paths(inputs, member, action, rung, seed):
    one_more_adopter_lowers_nothing(inputs, member, action, rung, seed)


@pytest.mark.parametrize("knob", KNOBS, ids=str)
def test_the_relations_are_not_about_nothing(knob):
    name, most = KNOBS[knob]
    value = getattr(EXACT.uncertainties, name) + most / 2
    raised = EXACT.replace(**{name: value}, **({"linking": value} if name == "outside_peer_effect" else {}))
    before, after = (simulate_history(x, 1, range(40)) for x in (EXACT, raised))
    assert after.pledged.sum() > before.pledged.sum()
    assert after.delivered.sum() > before.delivered.sum()


def test_the_check_sees_a_relation_that_does_not_hold():
    # With overdue pledges counted, more pledges cost trust on some paths.
    strict = EXACT.replace(grace_years=3.0, delivery_rate=0.2)
    before, after = (
        simulate_history(x, 1, range(40))
        for x in (strict, strict.replace(pledge_log_hazard_base=strict.uncertainties.pledge_log_hazard_base + 1))
    )
    assert "trust" in list(lowered(before, after))


# In the mean -----------------------------------------------------------------------------------------------


def rise(name, low, high, outcome):
    """Return the paired rise of an outcome, mean over members and years, in standard errors."""
    runs = range(200)
    before, after = (
        np.mean(getattr(simulate_history(BASE.replace(**{name: v}), 1, runs), outcome), axis=0) for v in (low, high)
    )
    differences = (after - before).reshape(-1, len(runs)).mean(axis=0)
    return differences.mean() / (differences.std(ddof=1) / math.sqrt(len(runs)))


@pytest.mark.parametrize(
    ("name", "low", "high", "outcome", "sign"),
    [
        ("delivery_rate", 0.3, 0.6, "delivered", 1),
        ("delivery_rate", 0.3, 0.6, "trust", 1),
        ("delivery_rate", 0.3, 0.6, "condition", 1),
        ("accountability_effect", 0.0, 1.0, "delivered", 1),
        ("external_support", 0.06, 0.2, "coverage", 1),
        ("trust_asymmetry", 1.0, 3.0, "trust", -1),
        ("lapse_rate", 0.0, 0.05, "delivered", -1),
    ],
)
def test_the_mean_rises_or_falls_by_more_than_three_standard_errors(name, low, high, outcome, sign):
    assert sign * rise(name, low, high, outcome) > 3.0
