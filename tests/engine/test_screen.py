"""What single precision tells of a pledge is what the exact chance tells."""

import math

import numba
import numpy as np
import pytest

from foresight.engine import draws, rules, screen

#: Bits of infinity in single precision: what lies below are the finite numbers, from zero up.
INFINITY = 0x7F800000
SIGN = 0x80000000

#: What rounding adds at the most: a log hazard x to half a unit in its last place, which moves the chance
#: 1 - exp(-e**x) by no more than |x| e**x exp(-e**x), 0.28; and the difference of two numbers below 1.
ROUNDED_LOG_HAZARD = 0.28 * 2.0**-24
ROUNDED_DIFFERENCE = 2.0**-24


def chance(log_hazard: float) -> float:
    return float(rules.probability(rules.exponential(log_hazard)))


def words(generator: np.random.Generator, exact: float, count: int) -> np.ndarray:
    """Draw words, half of them next to the exact chance."""
    near = exact * 2.0**32 + generator.integers(-50_000, 50_000, count // 2)
    anywhere = generator.integers(0, 2**32, count - count // 2)
    return np.clip(np.concatenate([near, anywhere]), 0, 2**32 - 1).astype(np.uint32)


def test_what_is_sure_is_right():
    generator = np.random.default_rng(1)
    sure = 0
    for log_hazard in [*generator.normal(-2.5, 2.0, 400), -800.0, -80.0, 0.0, 4.0, 80.0, 800.0]:
        exact = chance(log_hazard)
        for word in words(generator, exact, 40):
            above = float(screen.rough_uniform(word) - screen.rough_probability(log_hazard))
            if abs(above) >= screen.DOUBT:
                assert (above < 0) == draws.strikes(word, exact), (log_hazard, word)
                sure += 1
    assert sure > 7_000


def test_what_nobody_knows_is_no_pledge():
    assert math.isnan(screen.rough_probability(math.nan))
    assert not draws.strikes(np.uint32(0), chance(math.nan))


def test_rounding_a_log_hazard_moves_the_chance_little():
    x = np.linspace(-40.0, 10.0, 1_000_001)
    assert np.max(np.abs(x) * np.exp(x) * np.exp(-np.exp(x))) < 0.28


@pytest.mark.slow
def test_the_doubt_is_larger_than_all_that_can_go_wrong():
    """Every log hazard and every word there is, single precision against the exact chance."""
    rough = max(worst_chance(0, INFINITY), worst_chance(SIGN, SIGN + INFINITY))
    assert rough < 2e-7
    assert rough + worst_word() + ROUNDED_LOG_HAZARD + ROUNDED_DIFFERENCE < screen.DOUBT / 10


@numba.njit(nogil=True, error_model="numpy")
def worst_chance(first, last):
    worst = 0.0
    for bits in range(first, last):
        x = np.uint32(bits).view(np.float32)
        error = abs(np.float64(screen.rough_probability(x)) - rules.probability(rules.exponential(np.float64(x))))
        worst = max(worst, error)
    return worst


@numba.njit(nogil=True, error_model="numpy")
def worst_word():
    worst = 0.0
    for bits in range(2**32):
        word = np.uint32(bits)
        worst = max(worst, abs(np.float64(screen.rough_uniform(word)) - draws.uniform(word)))
    return worst
