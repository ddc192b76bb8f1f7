"""The hazard that is calibrated is the hazard of the engine."""

import numpy as np
import pytest

from foresight.calibration.hazards import FACTORS, VARIANTS, columns, covariates_of, log_hazard
from foresight.engine import rules

#: The same sum in another order.
CLOSE = 1e-14

#: s_ref, and trust that neither helps nor hinders.
REFERENCE, NEUTRAL = 0.25, 0.5


def engine(base: float, at: dict[str, float], known: dict[str, float], effects: tuple[float, float, float]) -> float:
    """Return the log hazard by the rules: rung 1 of an action that is not slow, no levers."""
    own, everywhere, here = effects
    weight = known.get("body_weight", 0.0)
    near, bodies = (
        rules.near_log_hazard(known.get("peer_effect", 0.0), rules.near_part(part, at[name]))
        for name, part in (("near", 1.0 - weight), ("bodies", weight))
    )
    speed = rules.place_effect(0.8, everywhere / 0.8, 0.3, here / 0.3)
    rung = rules.rung_log_hazard(1, -0.27, -0.7, 0.0, known["opening_year"], at["first"] == 1.0)
    place = rules.place_log_hazard(base, speed, near, rung)
    known_effect = rules.member_effect(own, 0.5, 0.0)
    money = (known["ldc_penalty"], at["ldc"], REFERENCE, REFERENCE)
    member = rules.member_log_hazard(known_effect, *money, 0.8, NEUTRAL, 0.55, 0.0)
    far = rules.far_log_hazard(known.get("outside_peer_effect", 0.0), at["far"], 1.0)
    return rules.pledge_log_hazard(place, member, rules.effort_log_hazard(1.0, 2011, 0.0), far, bodies)


@pytest.mark.parametrize("variant", ["main", "no_peers", "bodies", "far_peers"])
def test_the_log_hazard_is_the_sum_of_the_rules(variant: str):
    chosen, luck = VARIANTS[variant], np.random.default_rng(1)
    for _ in range(200):
        at = {name: luck.random() for name in ("near", "bodies", "far")}
        at |= {"ldc": float(luck.random() < 0.5), "first": float(luck.random() < 0.5)}
        known = {term: luck.normal() for term in chosen.terms}
        known |= {"body_weight": luck.random()} if chosen.bodies else {}
        effects = tuple(luck.normal(size=3))
        base = luck.normal(-2.0)
        found = log_hazard(base, known, columns(chosen, at, known.get("body_weight", 0.0)), sum(effects))
        assert found == pytest.approx(engine(base, at, known, effects), abs=1e3 * CLOSE)


def test_the_opening_year_adds_its_own_term_and_nothing_later():
    known = {"peer_effect": 0.8, "ldc_penalty": -0.5, "opening_year": -1.2}
    at = {"near": 0.4, "ldc": 1.0, "first": 1.0}
    opening, later = (
        log_hazard(-2.0, known, columns(VARIANTS["main"], {**at, "first": first}), 0.0) for first in (1.0, 0.0)
    )
    assert opening - later == pytest.approx(-1.2, abs=CLOSE)


def test_bodies_share_the_weight_of_peers_with_the_subregion():
    at = {"near": np.array([0.2, 0.2, 0.2]), "bodies": np.array([0.6, 0.6, 0.6]), "ldc": 0.0, "first": 0.0}
    found = columns(VARIANTS["bodies"], at, np.array([0.0, 0.5, 1.0]))["peer_effect"]
    assert found == pytest.approx([0.2, 0.4, 0.6], abs=CLOSE)


def test_bodies_play_no_part_in_the_main_variant():
    at = {"near": 0.2, "bodies": 0.6, "ldc": 0.0, "first": 0.0}
    assert columns(VARIANTS["main"], at, 0.5)["peer_effect"] == 0.2


def test_a_product_of_covariates_is_a_term():
    at = dict.fromkeys(("near", "ldc", "first", "fund"), 1.0)
    terms = columns(VARIANTS["fund"], {**at, "ldc": 0.0})
    assert (terms["fund"], terms["fund_for_ldc"]) == (1.0, 0.0)
    assert columns(VARIANTS["fund"], at)["fund_for_ldc"] == 1.0


def test_the_covariates_are_left_as_they_were():
    at = {"near": 0.2, "bodies": 0.6, "ldc": 0.0, "first": 0.0}
    columns(VARIANTS["bodies"], at, 0.5)
    assert at["near"] == 0.2


@pytest.mark.parametrize("variant", VARIANTS.values(), ids=VARIANTS)
def test_a_variant_looks_at_what_its_terms_need_and_nothing_else(variant):
    needed = {name for term in variant.terms for name in FACTORS[term]}
    assert set(covariates_of(variant)) == needed | ({"bodies"} if variant.bodies else set())
    assert set(columns(variant, dict.fromkeys(covariates_of(variant), 1.0))) == set(variant.terms)


def test_every_term_is_in_some_variant_and_every_name_is_its_own():
    assert {term for one in VARIANTS.values() for term in one.terms} == set(FACTORS)
    assert all(name == one.name for name, one in VARIANTS.items())
