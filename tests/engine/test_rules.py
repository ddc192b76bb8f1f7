"""The equations one at a time, at values where the answer is known."""

import itertools
import math

import numpy as np
import pytest

from foresight.actions import PHASE_STARTS
from foresight.engine import rules

#: The same formula evaluated by other functions: a few units in the last place.
CLOSE = 1e-14


def exponentials(xs):
    return np.array([rules.exponential(float(x)) for x in xs])


def test_the_exponential_is_that_of_the_library_over_the_whole_range():
    xs = np.concatenate([np.linspace(-700, 700, 20_001), np.linspace(-2, 2, 20_001)])
    expected = np.exp(xs)
    # Two units in the last place of its own and one of the library's.
    assert np.max(np.abs(exponentials(xs) - expected) / np.spacing(expected)) <= 3


def test_the_exponential_is_exact_at_zero_and_held_at_both_ends():
    assert rules.exponential(0.0) == 1.0
    assert rules.exponential(-0.0) == 1.0
    assert rules.exponential(-math.inf) == rules.exponential(-1e300) == rules.exponential(-700.0) > 0
    assert rules.exponential(math.inf) == rules.exponential(1e300) == rules.exponential(700.0) < math.inf


def test_the_exponential_of_no_number_is_no_number():
    assert math.isnan(rules.exponential(math.nan))


def test_the_exponential_rises():
    values = exponentials(np.linspace(-30, 30, 20_001))
    assert np.all(np.diff(values) > 0)


def test_a_probability_is_one_minus_the_exponential():
    assert rules.probability(0.0) == 0.0
    assert rules.probability(math.inf) == 1.0
    for hazard in (1e-6, 0.003, 0.17, 1.0, 5.0):
        # Taken from 1, so exact to a unit in the last place of 1, far below the 2**-33 of a draw.
        assert rules.probability(hazard) == pytest.approx(-math.expm1(-hazard), abs=4e-16)


def test_the_effect_of_each_rung_is_exact():
    assert [rules.effect(np.int8(d)) for d in range(5)] == [0.0, 0.5, 0.75, 0.875, 0.9375]


def test_every_year_has_its_phase():
    phases = [rules.phase(year) for year in range(2017, 2041)]
    assert phases == [1] * 8 + [2] * 5 + [3] * 5 + [4] * 6
    assert [2017 + phases.index(p) for p in (2, 3, 4)] == list(PHASE_STARTS[1:])
    assert rules.phase(1990) == 1
    assert rules.phase(2100) == 4


def test_the_share_of_an_empty_set_is_zero():
    assert rules.share(0.0, 0.0) == 0.0
    assert rules.share(3.0, 4.0) == 0.75


def test_choose_picks_the_value_of_the_rung():
    assert [rules.choose(rung, 1.0, 2.0, 3.0, 4.0) for rung in (1, 2, 3, 4)] == [1.0, 2.0, 3.0, 4.0]


def test_the_base_of_the_hazard_lies_on_the_ridge():
    assert rules.pledge_log_hazard_base(0.8, 0.0) == pytest.approx(-1.934, rel=CLOSE)
    assert rules.pledge_log_hazard_base(0.0, 0.25) == pytest.approx(-1.42, rel=CLOSE)


def test_an_event_moves_a_level_within_its_margins():
    assert rules.shifted_level(0.5, 0.25) == 0.75
    assert rules.shifted_level(0.5, 0.6) == 0.99
    assert rules.shifted_level(0.5, -0.6) == 0.01
    assert rules.shifted_level(0.995, 0.0) == 0.995


def test_an_event_moves_a_rung_within_its_bounds():
    cases = itertools.product(range(5), (-1, 0, 1), (1, 4))
    assert all(rules.shifted_rung(d, s, top) == min(max(d + s, 0), top) for d, s, top in cases)


@pytest.mark.parametrize(
    ("offer", "phase", "trust", "share", "raised"),
    [(1, 2, 0.5, 0.5, 1), (1, 2, 0.49, 0.5, 0), (1, 2, 0.5, 0.49, 0), (2, 2, 0.9, 0.9, 0), (1, 4, 0.9, 0.9, 1)],
    ids=["just enough", "too little trust", "too little delivered", "not yet the phase", "one rung only"],
)
def test_a_gate_opens_when_phase_trust_and_delivery_allow(offer, phase, trust, share, raised):
    assert rules.next_offer(offer, phase, trust, share, 0.5, 0.5) == offer + raised


def test_gate_noise_moves_the_trust_that_is_needed():
    assert rules.trust_needed(0.5, 0.05, 2.0) == pytest.approx(0.6, rel=CLOSE)


def test_the_best_three_are_the_three_largest():
    for five in itertools.product(range(5), repeat=5):
        assert rules.best_three(*five) == sum(sorted(five)[2:]), five


def test_choose_delivered_has_a_value_for_nothing_delivered():
    values = [rules.choose_delivered(np.int8(d), 0.0, 1.0, 2.0, 3.0, 4.0) for d in range(5)]
    assert values == [0.0, 1.0, 2.0, 3.0, 4.0]


def test_the_cost_of_a_rung_grows_geometrically_and_is_due_only_when_pledged():
    for delivered, pledged in itertools.product(range(5), repeat=2):
        expected = 1.3**delivered if delivered < pledged else 0.0
        assert rules.cost(np.int8(delivered), np.int8(pledged), 1.3) == pytest.approx(expected, rel=CLOSE)


def test_crisis_and_events_multiply_on_own_resources():
    assert rules.own_resources(2.5, 0.5, 0.75, 0.3, 1.0, 0.7) == pytest.approx(2.5 * 1.375 * 0.7 * 0.7, rel=CLOSE)
    assert rules.own_resources(2.5, 0.5, 0.0, 0.3, 0.0, 1.0) == 2.5


def test_external_support_compounds_from_2017():
    for year in (2017, 2018, 2040):
        expected = 0.12 * 2 * 58 * 1.04 ** (year - 2017) * (1 + 1.5 * 0.25)
        assert rules.external_inflow(0.12, 2.0, 58, 0.04, year, 1.5, 0.25) == pytest.approx(expected, rel=CLOSE)


def test_only_those_with_money_to_spare_contribute():
    assert rules.contribution(0.5, 0.75, 0.4, 3.0, 1.0) == pytest.approx(0.3, rel=CLOSE)
    assert rules.contribution(0.5, 0.75, 0.4, 1.0, 3.0) == 0.0
    assert rules.excess(3.0, 1.0) == 2.0
    assert rules.excess(1.0, 3.0) == 0.0


def test_grants_are_weighed_by_need_and_performance():
    assert rules.grant_weight(2.0, 0.0, 0.0) == 2.0
    assert rules.grant_weight(2.0, 1.0, 0.5) == 1.0
    assert rules.grant_weight(2.0, 0.5, 0.5) == 1.5


def test_a_grant_is_a_part_of_the_fund_and_never_more_than_the_gap():
    assert rules.grant(2.0, 4.0, 1.0, 4.0) == 1.0
    assert rules.grant(2.0, 100.0, 1.0, 4.0) == 2.0
    assert rules.grant(2.0, 4.0, 0.0, 0.0) == 0.0
    assert rules.next_fund(4.0, 3.0) == 1.0
    assert rules.next_fund(3.0, 3.0 + 1e-15) == 0.0


def test_means_are_a_share_of_the_need():
    assert rules.means(0.5, 0.25, 1.5) == 0.5
    assert rules.means(5.0, 0.0, 1.5) == 1.0
    assert rules.means(0.0, 0.0, 0.0) == 1.0


def test_coverage_stays_where_there_is_no_gap():
    assert rules.next_coverage(0.25, 1.0, 4.0) == 0.25
    assert rules.next_coverage(0.9, 0.0, 4.0) == 0.0
    assert rules.next_coverage(0.9, 0.0, 0.0) == 0.9


def test_near_peers_count_with_the_weight_of_their_circle():
    assert rules.near_log_hazard(0.8, rules.near_part(1.0, 0.5)) == 0.4
    assert rules.near_log_hazard(0.8, rules.near_part(0.25, 0.5)) == pytest.approx(0.1, rel=CLOSE)
    assert rules.near_log_hazard(0.8, rules.near_part(0.0, 0.5)) == 0.0


def test_a_member_carries_effect_money_trust_and_assistance():
    assert rules.member_log_hazard(0.3, -0.48, 1.0, 0.25, 0.25, 0.8, 0.5, 0.55, 0.0) == pytest.approx(-0.18, rel=1e-13)
    assert rules.member_log_hazard(0.0, -0.48, 1.0, 1.0, 0.25, 0.8, 1.0, 0.55, 1.0) == pytest.approx(1.35, rel=1e-13)
    assert rules.member_log_hazard(0.0, -0.48, 0.0, 0.0, 0.25, 0.8, 0.0, 0.55, 0.0) == pytest.approx(-0.8, rel=1e-13)


@pytest.mark.parametrize("strength", [0.0, 0.7, 2.4])
def test_a_review_deadline_keeps_the_five_year_mean_of_the_hazard(strength):
    hazards = [math.exp(rules.deadline(year, strength)) for year in range(2027, 2032)]
    assert sum(hazards) / 5 == pytest.approx(1.0, rel=CLOSE)
    assert hazards[3] / hazards[0] == pytest.approx(math.exp(strength), rel=CLOSE)


def test_no_effort_beyond_the_historical_adds_nothing_at_all():
    assert all(rules.effort_log_hazard(1.0, year, 0.0) == 0.0 for year in range(2017, 2041))
    assert rules.effort_log_hazard(2.0, 2028, 0.0) == pytest.approx(math.log(2), rel=CLOSE)


def test_far_peers_count_through_networking():
    assert rules.far_log_hazard(0.6, 1.0, 0.0) == 0.0
    assert rules.far_log_hazard(0.6, 0.5, 0.5) == pytest.approx(0.15, rel=CLOSE)


def test_higher_rungs_are_harder_and_two_actions_start_slowly():
    assert rules.rung_log_hazard(1.0, -0.27, -0.7, 0.0, -2.0, False) == 0.0
    assert rules.rung_log_hazard(1.0, -0.27, -0.7, 1.0, -2.0, False) == -0.7
    assert rules.rung_log_hazard(4.0, -0.27, -0.7, 1.0, -2.0, False) == pytest.approx(-0.81, rel=CLOSE)


def test_a_rung_that_opens_is_hardly_pledged():
    assert rules.rung_log_hazard(1.0, -0.27, -0.7, 1.0, -2.0, True) == pytest.approx(-2.7, rel=CLOSE)
    assert rules.rung_log_hazard(3.0, -0.27, -0.7, 0.0, -2.0, True) == pytest.approx(-2.54, rel=CLOSE)


@pytest.mark.parametrize(("before", "now", "first", "opens"), [(1, 2, 0, 1), (2, 2, 0, 0), (1, 1, 1, 1), (1, 3, 1, 1)])
def test_a_rung_opens_where_the_offer_rises_and_where_a_run_starts(before, now, first, opens):
    assert rules.has_opened(before, now, bool(first)) == bool(opens)


def test_the_log_hazard_of_pledging_is_a_sum():
    place = rules.place_log_hazard(-2.0, 0.1, 0.2, -0.3)
    assert place == pytest.approx(-2.0, rel=CLOSE)
    assert rules.pledge_log_hazard(place, -0.2, 0.3, -0.4, 0.5) == pytest.approx(-1.8, rel=CLOSE)
    assert rules.linear_hazard(0.03, 0.38, 0.5) == pytest.approx(0.22, rel=CLOSE)


def test_accountability_speeds_delivery_and_slows_slipping():
    factor = rules.safeguard(1.0, 0.5)
    assert factor == pytest.approx(math.exp(0.5), rel=CLOSE)
    assert rules.delivery_hazard(0.4, 0.5, 0.8, factor) == pytest.approx(0.16 * math.exp(0.5), rel=CLOSE)
    assert rules.slipping_hazard(0.02, factor) == pytest.approx(0.02 * math.exp(-0.5), rel=CLOSE)


def test_a_pledge_is_overdue_from_the_last_year_of_grace_on():
    grace = rules.whole_years(5.0)
    late = [bool(rules.overdue(np.int8(0), np.int8(1), np.int16(age), grace)) for age in (4, 5, 6)]
    assert late == [False, True, True]
    assert not rules.overdue(np.int8(1), np.int8(1), np.int16(9), grace)


def test_endless_grace_is_longer_than_any_wait():
    assert rules.whole_years(math.inf) == 32767


def test_a_promise_is_kept_when_something_is_delivered_and_nothing_overdue():
    cases = [(0, False), (1, True), (1, False), (4, False)]
    assert [bool(rules.kept(np.int8(d), late)) for d, late in cases] == [False, False, True, True]


@pytest.mark.parametrize(
    ("delivered", "pledged", "newly", "next_delivered", "next_pledged", "expected"),
    [
        (1, 1, False, 1, 1, 0),
        (1, 1, False, 1, 2, 0),
        (1, 2, True, 2, 3, 0),
        (1, 2, False, 1, 1, 0),
        (1, 2, False, 1, 2, 4),
        (1, 2, False, 0, 3, 4),
    ],
    ids=["nothing owed", "a new pledge", "delivered now", "pledge withdrawn", "still waiting", "lapse and pledge"],
)
def test_the_clock_restarts_when_a_pledge_is_met(delivered, pledged, newly, next_delivered, next_pledged, expected):
    goes_on = rules.still_waiting(delivered, pledged, newly, next_delivered, next_pledged)
    assert rules.next_waiting(3, goes_on) == expected


def test_help_in_building_capacity_is_money_and_networks():
    assert rules.support(0.5, 2.0, 0.75) == 0.5
    assert rules.support(0.0, 0.0, 0.75) == 0.375


def test_capacity_relaxes_to_its_target():
    rate, target = 0.02 * 0.5 + 0.02, (0.02 * 0.5 + 0.02 * 0.4) / 0.03
    expected = target + (0.3 - target) * math.exp(-rate)
    assert rules.next_capacity(0.3, 0.4, 0.5, 0.02, 0.02) == pytest.approx(expected, rel=CLOSE)
    assert rules.next_capacity(0.3, 0.4, 0.5, 0.0, 0.0) == 0.3


def test_delivered_transparency_makes_a_member_visible():
    assert rules.visibility(0.3, 0.0) == 0.3
    assert rules.visibility(0.3, 0.5) == pytest.approx(0.65, rel=CLOSE)


def test_a_circle_is_the_others_inside_and_all_outside():
    assert rules.circle_mean(0.7, 3.0, 1.0, 5.0, 9.0, 11.0) == pytest.approx(0.7 * 2 / 4 + 0.3 * 6 / 6, rel=CLOSE)
    assert rules.circle_mean(0.7, 1.0, 1.0, 1.0, 1.0, 1.0) == 0.0


def test_trust_relaxes_towards_what_is_seen_kept():
    expected = 2 / 3 + (0.5 - 2 / 3) * math.exp(-0.18)
    assert rules.next_trust(0.5, 0.8, 0.2, 0.15, 2.0) == pytest.approx(expected, rel=CLOSE)
    assert rules.next_trust(0.37, 0.0, 0.0, 0.15, 2.0) == 0.37
    assert rules.next_trust(0.5, 0.0, 0.3, 0.15, 2.0) == pytest.approx(0.5 * math.exp(-0.09), rel=CLOSE)


def test_action_at_home_and_around_takes_pressure_away():
    assert rules.pressure_left(0.03, 0.6, 0.3, 0.0, 0.0) == 0.03
    assert rules.pressure_left(0.03, 0.6, 0.3, 1.0, 1.0) == pytest.approx(0.012, rel=CLOSE)
    assert rules.pressure_left(0.03, 0.6, 0.3, 0.5, 0.2) == pytest.approx(0.03 * (1 - 0.6 * 0.41), rel=CLOSE)


def test_a_condition_heads_for_what_pressure_leaves():
    assert rules.heading(0.06, 0.03) == 0.5
    assert rules.heading(0.06, 0.09) == 0.0


def test_the_growth_ratio_is_one_at_zero_and_joins_smoothly():
    assert rules.growth_ratio(0.0) == 1.0
    for z in (1e-300, 1e-16, -1e-9, 1e-3, -0.1, 0.2, 0.25, -0.25, 0.5, -1.0, 2.0, -2.0):
        # Its own statement is 1e-15 for rates up to 2 a year, the library's is a unit in the last place.
        assert rules.growth_ratio(z) == pytest.approx(math.expm1(z) / z, rel=2e-15)
    for z in (0.0, 0.03, 0.25, -0.25):
        below, above = rules.growth_ratio(math.nextafter(z, -1)), rules.growth_ratio(math.nextafter(z, 1))
        assert below == pytest.approx(above, rel=2e-15)


@pytest.mark.parametrize("pressure", [0.0, 0.012, 0.03, 0.0599999999, 0.06, 0.09])
def test_a_condition_follows_the_logistic_solution(pressure):
    x, r = 0.6, 0.06
    z = r - pressure
    if z == 0:
        expected = x / (1 + r * x)
    else:
        limit = z / r
        expected = limit / (1 + (limit / x - 1) * math.exp(-z))
    # The textbook form loses digits near z = 0, where it divides two small numbers.
    tolerance = 1e-6 if 0 < abs(z) < 1e-8 else 1e-13
    assert rules.next_condition(x, r, pressure) == pytest.approx(expected, rel=tolerance)


@pytest.mark.parametrize(
    ("pledged", "offer", "expected"), [(0, 1, True), (1, 1, False), (2, 4, True), (3, 4, False)], ids=str
)
def test_a_rung_can_be_pledged_when_it_is_on_offer_and_there_is_one(pledged, offer, expected):
    assert rules.may_pledge(pledged, offer, 3) == expected


def test_a_rung_is_lost_only_where_there_is_one_and_none_is_gained():
    assert [rules.may_slip(rung, rises) for rung in (0, 1) for rises in (False, True)] == [False, False, True, False]


def test_a_delivery_falls_with_the_pledge_that_is_left():
    assert rules.next_pledged(2, False, True) == 1
    assert rules.next_delivered(2, False, False, 1) == 1
    assert rules.next_delivered(1, True, False, 3) == 2
    assert rules.next_delivered(1, False, True, 3) == 0
