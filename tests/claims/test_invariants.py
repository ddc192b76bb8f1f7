"""What holds in every run and every year, whatever the setting."""

import itertools
from functools import partial

import numpy as np
import pytest
from histories import simulate_history
from worlds import FACTS, alone, reordered, same_bits

from foresight.actions import ACCOUNTABILITY, ACTIONS, DOMAINS, FIRST_YEAR, NETWORKING, SUBREGIONS
from foresight.engine import draws, rules
from foresight.engine.ensemble import new_tally, simulate_blocks
from foresight.engine.inputs import Events, Gate, Inputs, Levers
from foresight.engine.state import History
from foresight.runs import DRAWN, Runs
from foresight.scenario.building import build
from foresight.scenario.loading import load_scenario

RUNS = 24

#: Integers of a history; the others are reals.
INTEGERS = ("pledged", "delivered", "waiting", "offer")


def base() -> Inputs:
    return build(load_scenario("historical-pace", set={"events": []}))


def shocks() -> Inputs:
    """Crises every other year, and events that move everything up and down."""
    inputs = base()
    steps, n = inputs.members.ldc.shape
    rng = np.random.default_rng(1)
    rungs = partial(rng.choice, [-1, 0, 0, 0, 1], size=(steps, n, len(ACTIONS)))
    events = Events(
        resources_kept=rng.uniform(0.1, 1, (steps, n)),
        trust=rng.choice([-0.9, -0.1, 0, 0, 0.1, 0.9], size=(steps, n)),
        capacity=rng.choice([-0.9, -0.1, 0, 0, 0.1, 0.9], size=(steps, n)),
        pledged=rungs().astype(np.int8),
        delivered=rungs().astype(np.int8),
    )
    return inputs.replace(crisis_probability=0.5, crisis_loss=0.5, events=events)


def everything(gate: Gate = Gate.ANY_THREE) -> Inputs:
    """Every mechanism and lever at work, efforts by coalition and facts that change on the way."""
    inputs = shocks()
    rng = np.random.default_rng(2)
    weights = rng.uniform(0.1, 1, (len(DOMAINS), len(ACTIONS)))
    facts = {name: getattr(inputs.members, name).copy() for name in FACTS}
    facts["ldc"][12:] *= rng.random(len(inputs.members.code)) < 0.5
    return inputs.replace(
        structure=inputs.structure._replace(gate=int(gate), gate_from=2020),
        action_weights=weights / weights.sum(axis=1, keepdims=True),
        group=np.arange(len(inputs.members.code)) % 3,
        levers=Levers(
            pledge_effort=rng.uniform(0.5, 6, (3, 5, 3, 1)),
            delivery_effort=rng.uniform(0.5, 6, (3, 5, 3, 1)),
            support_multiplier=np.array([[0.5], [2.0], [4.0]]),
            assistance=np.array([[0.2], [0.6], [1.0]]),
            solidarity_share=np.array([0.9]),
            performance_share=np.array([0.6]),
            review_deadline=np.array([1.2]),
            linking=np.array([1.4]),
        ),
        body_weight=0.5,
        base_performance_share=0.3,
        exit_rate=0.02,
        lapse_rate=0.05,
        **facts,
    )


def design() -> Inputs:
    """Every mechanism at work, at another size in every run; in some runs at none."""
    inputs = everything(Gate.INFRASTRUCTURE)
    rng = np.random.default_rng(3)
    factor = rng.uniform(0, 1.3, (len(inputs.uncertainties), RUNS)) * rng.integers(0, 2, RUNS)
    names = ("body_weight", "peer_effect", "outside_peer_effect", "trust_effect", "external_support", "delivery_rate")
    places = [inputs.uncertainties._fields.index(name) for name in names]
    changes = {name: getattr(inputs.uncertainties, name) * factor[k] for name, k in zip(names, places, strict=True)}
    effort = rng.uniform(0.5, 4, (3, 5, 3, RUNS))
    return inputs.replace(**changes, grace_years=rng.integers(3, 8, RUNS), pledge_effort=effort)


SETTINGS = {
    "defaults": base,
    "pandemic": lambda: build(load_scenario("historical-pace")),
    "shocks": shocks,
    "everything": everything,
    "everything, by the calendar": lambda: everything(Gate.CALENDAR),
    "everything, all five": lambda: everything(Gate.ALL_FIVE),
    "a design": design,
}


@pytest.fixture(scope="module", params=SETTINGS, ids=str)
def run(request):
    inputs = SETTINGS[request.param]()
    return inputs, simulate_history(inputs, 1, range(RUNS))


def after_events(inputs: Inputs, history: History) -> tuple[np.ndarray, ...]:
    """Return P, D and trust at the start of each step, after its events."""
    events = inputs.events
    pledged = np.clip(history.pledged[:-1] + events.pledged[..., None], 0, inputs.structure.rungs)
    delivered = np.clip(history.delivered[:-1] + events.delivered[..., None], 0, pledged)
    shift = events.trust[..., None]
    trust = np.where(shift != 0, np.clip(history.trust[:-1] + shift, 0.01, 0.99), history.trust[:-1])
    return pledged, delivered, trust


# Every run and year ----------------------------------------------------------------------------------------


def test_delivery_never_exceeds_the_pledge_nor_the_pledge_the_ladder(run):
    _, history = run
    assert history.delivered.min() >= 0
    assert np.all(history.delivered <= history.pledged)
    assert history.pledged.max() <= 4


def test_a_step_moves_rungs_by_at_most_one(run):
    inputs, history = run
    pledged, delivered, _ = after_events(inputs, history)
    assert np.abs(history.pledged[1:] - pledged).max() <= 1
    moved = history.delivered[1:] - delivered
    assert moved.max() <= 1
    # Delivery falls by one, or follows the pledge down.
    assert np.all((moved >= -1) | (history.delivered[1:] == history.pledged[1:]))


def test_nobody_pledges_more_than_is_on_offer(run):
    inputs, history = run
    pledged, _, _ = after_events(inputs, history)
    raised = history.pledged[1:] > pledged
    assert np.all(~raised | (history.pledged[1:] <= history.offer[1:, inputs.members.subregion][:, :, None]))


def test_levels_stay_inside_their_bounds(run):
    _, history = run
    for level in (history.trust, history.capacity):
        assert np.all((level > 0) & (level < 1))
    assert np.all((history.condition > 0) & (history.condition <= 1))
    assert np.all((history.coverage >= 0) & (history.coverage <= 1))


def test_the_offer_never_falls_and_keeps_to_the_calendar(run):
    inputs, history = run
    phases = np.array([rules.phase(year) for year in inputs.years[:-1]])[:, None, None]
    assert np.all(history.offer[0] == 1)
    assert set(np.unique(np.diff(history.offer, axis=0))) <= {0, 1}
    assert np.all(history.offer[1:] <= phases)


def test_nothing_waits_where_nothing_is_owed(run):
    _, history = run
    assert not history.waiting[history.delivered == history.pledged].any()
    assert history.waiting.min() == 0
    assert np.all(np.diff(history.waiting, axis=0) <= 1)


def test_no_grant_exceeds_its_gap(run):
    _, history = run
    gap = np.maximum(history.need - history.own, 0.0)
    assert history.grant.min() >= 0
    assert np.all(history.grant <= gap)


def test_only_members_with_a_surplus_contribute(run):
    _, history = run
    surplus = np.maximum(history.own - history.need, 0.0)
    assert history.contribution.min() >= 0
    assert np.all(history.contribution <= surplus)


def test_every_unit_of_the_fund_is_accounted_for(run):
    inputs, history = run
    _, delivered, _ = after_events(inputs, history)
    answerable = np.mean(1 - 2.0 ** -delivered[:, :, ACCOUNTABILITY], axis=1)  # [step, run]
    u = {name: np.broadcast_to(v, RUNS) for name, v in inputs.uncertainties._asdict().items()}
    for step, year in enumerate(inputs.years[:-1]):
        multiplier = np.ones(1)
        if year >= inputs.structure.levers_from:
            multiplier = inputs.levers.support_multiplier[max(rules.phase(year) - 2, 0)]
        inflow = [
            rules.external_inflow(
                u["external_support"][r],
                np.broadcast_to(multiplier, RUNS)[r],
                len(inputs.members.code),
                u["external_support_growth"][r],
                year,
                u["accountability_catalysis"][r],
                answerable[step, r],
            )
            for r in range(RUNS)
        ]
        balance = history.fund[step] + inflow + history.contribution[step + 1].sum(axis=0)
        left = np.maximum(balance - history.grant[step + 1].sum(axis=0), 0.0)
        # Sums of 58 members in another order: some units in the last place of the fund before grants.
        assert np.all(np.abs(history.fund[step + 1] - left) <= 1e-13 * np.maximum(balance, 1.0))
    assert history.fund.min() >= 0


def test_coverage_is_the_share_of_the_gap_that_was_granted(run):
    _, history = run
    gap = np.maximum(history.need - history.own, 0.0).sum(axis=1)[1:]
    granted = history.grant.sum(axis=1)[1:]
    expected = np.where(gap > 0, granted / np.where(gap > 0, gap, 1.0), history.coverage[:-1])
    assert history.coverage[1:] == pytest.approx(expected, rel=1e-12)  # sums in another order


# Order, size and company -----------------------------------------------------------------------------------


@pytest.mark.parametrize("setting", ["defaults", "shocks", "everything"])
def test_relabelling_members_permutes_the_history(setting):
    inputs = SETTINGS[setting]()
    order = np.random.default_rng(4).permutation(len(inputs.members.code))
    before = simulate_history(inputs, 1, range(RUNS))
    after = simulate_history(reordered(inputs, order), 1, range(RUNS))
    for name, one, other in zip(before._fields, before, after, strict=True):
        expected = one if name in ("offer", "fund", "coverage") else one[:, order]
        if name in INTEGERS:
            assert np.array_equal(expected, other), name
        else:
            # As the model promises; sums over members are taken in another order.
            np.testing.assert_allclose(other, expected, rtol=1e-12, atol=1e-12, err_msg=name)


@pytest.mark.costly
@pytest.mark.parametrize("setting", SETTINGS, ids=str)
def test_neither_threads_nor_the_width_of_a_block_change_a_bit(setting):
    inputs = SETTINGS[setting]()
    one = simulate_history(inputs, 1, range(RUNS), threads=1, block=RUNS)
    for threads, block in ((1, 1), (1, 7), (2, 5), (2, 128)):
        assert same_bits(one, simulate_history(inputs, 1, range(RUNS), threads, block)) == [], (threads, block)


@pytest.mark.costly
def test_wide_blocks_change_no_bit():
    inputs = base()
    one = simulate_history(inputs, 1, range(256), threads=1, block=256)
    for threads, block in ((1, 7), (1, 64), (1, 128), (2, 64)):
        assert same_bits(one, simulate_history(inputs, 1, range(256), threads, block)) == [], (threads, block)


@pytest.mark.slow
def test_one_run_a_block_changes_no_bit_among_256():
    inputs = base()
    one = simulate_history(inputs, 1, range(256), threads=1, block=256)
    assert same_bits(one, simulate_history(inputs, 1, range(256), 1, 1)) == []


@pytest.mark.parametrize("setting", ["defaults", "everything"])
def test_a_run_alone_is_the_run_of_a_batch(setting):
    inputs = SETTINGS[setting]()
    batch = simulate_history(inputs, 1, range(RUNS))
    for r in (0, 7, RUNS - 1):
        assert same_bits(simulate_history(inputs, 1, [r]), _runs(batch, r)) == []


def test_a_run_of_a_design_alone_is_the_run_of_the_batch():
    inputs = design()
    batch = simulate_history(inputs, 1, range(RUNS))
    for r in range(0, RUNS, 5):
        parts = {
            name: getattr(inputs, name)._replace(
                **{f: v[..., r : r + 1] for f, v in getattr(inputs, name)._asdict().items() if v.shape[-1] == RUNS}
            )
            for name in ("uncertainties", "levers")
        }
        assert same_bits(simulate_history(inputs.replace(**parts), 1, [r]), _runs(batch, r)) == []


def test_replicates_in_any_order_keep_their_luck():
    inputs = base()
    batch = simulate_history(inputs, 1, range(RUNS))
    order = np.random.default_rng(5).permutation(RUNS)
    assert same_bits(simulate_history(inputs, 1, order), _runs(batch, order)) == []


def _runs(history, which):
    return History(*(np.ascontiguousarray(part[..., np.atleast_1d(which)]) for part in history))


def test_replicate_7_alone_is_replicate_7_of_a_thousand():
    batch = simulate_history(base(), 1, range(1000))
    assert same_bits(simulate_history(base(), 1, [7]), _runs(batch, 7)) == []


def series_of(inputs, replicates):
    """Return the series of the region and of some members alone, which take less room than all members."""
    members = np.eye(len(inputs.members.code), dtype=bool)
    tally = new_tally(inputs, [np.any(members, axis=0), *members[::10]], len(replicates))
    for _ in simulate_blocks(inputs, Runs(DRAWN, 1, replicates), tally=tally):
        pass
    return tally.series


@pytest.mark.slow
def test_replicate_7_alone_is_replicate_7_of_ten_thousand():
    alone, batch = series_of(base(), [7]), series_of(base(), range(10_000))
    for name, one, many in zip(alone._fields, alone, batch, strict=True):
        np.testing.assert_array_equal(one[..., 0], many[..., 7], err_msg=name)


def test_large_replicate_numbers_are_addresses_like_any_other():
    batch = simulate_history(base(), 1, [2**32 - 1, 0, 5])
    assert same_bits(simulate_history(base(), 1, [2**32 - 1]), _runs(batch, 0)) == []
    assert not np.array_equal(batch.pledged[..., 0], batch.pledged[..., 1])


# Neighbours ------------------------------------------------------------------------------------------------


def without(inputs, gone):
    """Return inputs without one member."""
    keep = np.delete(np.arange(len(inputs.members.code)), gone)
    smaller = reordered(inputs, keep)
    sizes = np.bincount(smaller.members.body_index, minlength=len(inputs.members.body_size)).astype(np.int64)
    return smaller.replace(body_size=sizes), keep


def test_the_words_of_a_draw_know_nothing_of_the_other_members():
    # Their address is all there is to them: seed, replicate, year, code and purpose.
    inputs = base()
    smaller, keep = without(inputs, 20)
    key = draws.seed_key(1)
    for i, k in enumerate(keep[:8]):
        for year, action in itertools.product((2017, 2040), range(len(ACTIONS))):
            here, there = (
                draws.philox(*(np.uint64(v) for v in (3, year, code, action)), *key)
                for code in (smaller.members.code[i], inputs.members.code[k])
            )
            assert here == there


@pytest.mark.parametrize("gone", [0, 20, 57])
def test_a_new_member_leaves_uncoupled_neighbours_exactly_as_they_were(gone):
    inputs = alone(base())
    smaller, keep = without(inputs, gone)
    with_it, without_it = (simulate_history(x, 1, range(RUNS)) for x in (inputs, smaller))
    for name in ("pledged", "delivered", "waiting", "capacity", "need", "own", "grant", "condition"):
        one = np.ascontiguousarray(getattr(with_it, name)[:, keep])
        assert one.tobytes() == np.ascontiguousarray(getattr(without_it, name)).tobytes(), name


# Mechanisms of size zero -----------------------------------------------------------------------------------

#: By name: what makes the mechanism's size zero, and what then must not matter.
NOTHING = {
    "crises that never strike": ({"crisis_probability": 0.0}, {"crisis_loss": 0.5}),
    "crises that cost nothing": ({"crisis_loss": 0.0}, {"crisis_probability": 0.15}),
    "bodies without weight": ({"body_weight": 0.0}, {"body_offset": np.zeros(59, np.int64)}),
    "no external support": ({"external_support": 0.0}, {"external_support_growth": 0.1, "support_multiplier": 4.0}),
    "support that does not grow": (
        {"external_support": 0.0, "base_solidarity_share": 0.0, "solidarity_share": 0.0},
        {"base_performance_share": 1.0, "performance_share": 1.0},
    ),
    "assistance without effect": ({"assistance_effect": 0.0}, {"assistance": 1.0}),
    "assistance that is not given": ({"assistance": 0.0}, {"assistance_effect": 0.9}),
    "no peer effect": ({"peer_effect": 0.0}, {"body_weight": 0.7}),
    "no ldc penalty": ({"ldc_penalty": 0.0}, {"reference_coverage": 0.25, "ldc": 0.0}),
    "trust that nobody gains": (
        {"trust_gain": 0.0},
        {"trust_asymmetry": 4.0, "least_visibility": 0.8, "own_subregion_weight": 0.5},
    ),
    "action without effect": ({"action_effect": 0.0}, {"spillover": 0.9}),
    "capacity that does not move": (
        {"capacity_gain": 0.0, "capacity_decay": 0.0},
        {"base_capacity": 0.1, "start": "capacity"},
    ),
    "levers at their neutral values": (
        {"linking": 0.8, "solidarity_share": 0.5, "performance_share": 0.0},
        {"levers_from": 2100},
    ),
    "a coalition that does as all": ({}, {"group": np.arange(58) % 3, "pledge_effort": 3, "delivery_effort": 3}),
    "gate rules that never act": ({"gate": int(Gate.INFRASTRUCTURE)}, {"gate": int(Gate.CALENDAR), "gate_from": 2100}),
}


def _made(inputs, changes):
    """Apply changes; a few need the shapes of the inputs."""
    changes = dict(changes)
    if changes.get("start") == "capacity":
        changes["start"] = inputs.start._replace(capacity=inputs.members.base_capacity[0])
    for name in ("pledge_effort", "delivery_effort"):
        if isinstance(changes.get(name), int):
            changes[name] = np.ones((changes[name], len(ACTIONS), 3, 1))
    return inputs.replace(**changes)


@pytest.mark.costly
@pytest.mark.parametrize("mechanism", NOTHING, ids=str)
def test_a_mechanism_of_size_zero_changes_nothing(mechanism):
    zero, free = NOTHING[mechanism]
    one = _made(base(), zero)
    other = _made(one, free)
    assert same_bits(*(simulate_history(x, 1, range(RUNS)) for x in (one, other))) == []


def test_events_of_size_zero_change_nothing():
    inputs = base()
    one = simulate_history(inputs, 1, range(RUNS))
    # An event somewhere else in the world makes every member's state a copy: nothing may move but that member.
    trust = inputs.events.trust.copy()
    trust[5, 0] = 1e-300
    assert same_bits(one, simulate_history(inputs.replace(trust=trust), 1, range(RUNS))) == []


def test_effects_of_size_zero_change_nothing_and_others_do():
    inputs = base().replace(sd_member=0.0, sd_action=0.0, sd_subregion_action=0.0, sd_gate=0.0)
    one = simulate_history(inputs, 1, range(RUNS))
    for name in ("sd_member", "sd_action", "sd_subregion_action"):
        other = simulate_history(inputs.replace(**{name: 1e-300}), 1, range(RUNS))
        assert same_bits(one, other) == [], name
        assert "pledged" in same_bits(one, simulate_history(inputs.replace(**{name: 0.5}), 1, range(RUNS))), name


def test_subregions_keep_their_place_and_networking_its_meaning():
    # The positions are addresses of draws and columns of every table.
    assert SUBREGIONS == ("ENEA", "NCA", "Pacific", "SSWA", "SEA")
    assert ACTIONS[NETWORKING] == "networking"
    assert FIRST_YEAR == 2017
