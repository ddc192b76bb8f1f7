"""Wrong rules fail the statistical checks, so that passing them means something.

The wrong rules are put into the yardstick, plain NumPy written from the model page alone; with its own rules it
passes every check.
"""

from types import SimpleNamespace

import numpy as np
import pytest
from foresight._benchmarks import numpy_model
from histories import simulate_history
from textbook import (
    bass,
    chain,
    continuous_bass,
    z_bass,
    z_delivered_and_lapsed,
    z_independent_adoption,
    z_mixed_adoption,
    z_peer_influence,
    z_peer_influence_among_six,
    z_two_stages,
    z_waiting,
)
from worlds import Z, z_of_binomial, z_of_counts


def z_bass_small(simulate):
    return z_bass(simulate, bass(10), runs=10, n=2000)


def z_mixed_members(simulate):
    return z_mixed_adoption(simulate, sd_member=0.5)


def z_mixed_actions(simulate):
    return z_mixed_adoption(simulate, sd_action=0.85)


CHECKS = [
    z_independent_adoption,
    z_peer_influence,
    z_peer_influence_among_six,
    z_bass_small,
    z_mixed_members,
    z_mixed_actions,
    z_two_stages,
    z_waiting,
    z_delivered_and_lapsed,
]


def worst(check, simulate):
    return np.max(np.abs(check(simulate)))


@pytest.mark.costly
@pytest.mark.parametrize("check", CHECKS)
def test_the_yardstick_passes(check):
    assert worst(check, numpy_model.simulate) < Z


# Wrong rules: each takes the right function and returns the wrong one ---------------------------------------


def age_from_the_start_of_the_year(clock):
    """The clock of a pledge shows 1 at the end of the year in which it was made."""

    def wrong(now, inputs, delivers, pledged, delivered):
        overdue, waiting = clock(now, inputs, delivers, pledged, delivered)
        return overdue, (waiting + (pledged > now.pledged)).astype(np.int16)

    return wrong


def same_luck_every_year(member_draws):
    """The year is missing from the address."""
    return lambda seed, runs, _, members: member_draws(seed, runs, 2017, members)


def same_luck_for_every_action(member_draws):
    """The action is missing from the address."""

    def wrong(seed, runs, year, members):
        return tuple(np.broadcast_to(w[:, :1], w.shape) for w in member_draws(seed, runs, year, members))

    return wrong


def same_luck_for_every_member(member_draws):
    """The member is missing from the address."""

    def wrong(seed, runs, year, members):
        return tuple(np.broadcast_to(w[:1], w.shape) for w in member_draws(seed, runs, year, members))

    return wrong


def peers_include_oneself(circles):
    """The share of peers is taken of all members of the circle, the member itself among them."""

    def wrong(self, total):
        inside, outside = circles(self, total)
        return inside + 1, outside

    return wrong


def no_square_root(_):
    """Box and Muller without the root: mean and symmetry are right, the spread is not."""

    def wrong(seed, runs, entity, purpose):
        words = numpy_model.philox(numpy_model._key(seed), runs, 0, entity, purpose)
        radius = -2.0 * np.log(numpy_model.uniform(words[0]))
        return radius * np.cos(2.0 * np.pi * numpy_model.uniform(words[1]))

    return wrong


WRONG = [
    ("clock", age_from_the_start_of_the_year, z_waiting),
    ("member_draws", same_luck_every_year, z_independent_adoption),
    ("member_draws", same_luck_every_year, z_delivered_and_lapsed),
    ("member_draws", same_luck_for_every_action, z_independent_adoption),
    ("member_draws", same_luck_for_every_member, z_independent_adoption),
    ("Neighbourhood.circles", peers_include_oneself, z_peer_influence_among_six),
    ("normal", no_square_root, z_mixed_members),
    ("normal", no_square_root, z_mixed_actions),
]


@pytest.mark.costly
@pytest.mark.parametrize(("place", "make", "check"), WRONG)
def test_a_wrong_rule_is_found(monkeypatch, place, make, check):
    *path, name = place.split(".")
    owner = getattr(numpy_model, path[0]) if path else numpy_model
    monkeypatch.setattr(owner, name, make(getattr(owner, name)))
    assert worst(check, numpy_model.simulate) >= Z


@pytest.mark.costly
@pytest.mark.parametrize(
    "check", [z_independent_adoption, z_peer_influence, z_bass_small, z_two_stages, z_delivered_and_lapsed]
)
def test_a_hazard_taken_for_a_probability_is_found(monkeypatch, check):
    # With expm1(x) = x the yardstick's 1 - exp(-h) becomes h.
    linear = SimpleNamespace(**{**vars(np), "expm1": np.asarray})
    monkeypatch.setattr(numpy_model, "np", linear)
    assert worst(check, numpy_model.simulate) >= Z


@pytest.mark.parametrize("simulate", [simulate_history, numpy_model.simulate], ids=["engine", "yardstick"])
@pytest.mark.parametrize("check", [z_independent_adoption, z_peer_influence, z_two_stages, z_waiting])
def test_runs_that_are_all_the_same_are_found(simulate, check):
    # As if the replicate were missing from the address.
    assert worst(check, lambda inputs, seed, runs: simulate(inputs, seed, [0 for _ in runs])) >= Z


def test_the_continuous_bass_curve_is_not_what_yearly_steps_give():
    assert abs(z_bass(simulate_history, continuous_bass(10))) >= Z


def test_the_adopters_of_one_circle_are_not_binomial_of_the_right_mean():
    # A check of the mean alone would pass this; that of the whole distribution does not.
    exact = chain(49, -1.94, 0.79, 5)[5]
    mean = exact @ np.arange(50) / 49
    sample = np.random.default_rng(1).binomial(49, mean, 3000)
    assert abs(z_of_binomial(sample, 49, mean)) < Z
    assert abs(z_of_counts(np.bincount(sample, minlength=50), exact)) >= Z
