"""The addressed draws: known answers, their distribution, and that nothing else moves them."""

import itertools
import math

import numpy as np
import pytest
from drivers import words
from scipy import stats
from worlds import Z, z_of_counts, z_of_mean

from foresight.engine import draws

FULL = 0xFFFFFFFF


def uniforms(addresses, key):
    return np.array([[(w + 0.5) * 2.0**-32 for w in words(address, key)] for address in addresses])


@pytest.mark.parametrize(
    ("counter", "key", "expected"),
    [
        ((0,) * 4, (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
        ((FULL,) * 4, (FULL, FULL), (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
        (
            (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
            (0xA4093822, 0x299F31D0),
            (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
        ),
    ],
    ids=["zeros", "ones", "digits of pi"],
)
def test_philox_gives_the_published_answers(counter, key, expected):
    assert words(counter, key) == expected


def test_a_uniform_number_is_never_zero_or_one():
    assert draws.uniform(np.uint32(0)) == 2.0**-33
    assert draws.uniform(np.uint32(FULL)) == 1 - 2.0**-33


def test_neighbouring_words_give_different_uniform_numbers_in_order():
    ladder = [draws.uniform(np.uint32(w)) for w in (0, 1, 2, 2**31 - 1, 2**31, FULL - 1, FULL)]
    assert ladder == sorted(set(ladder))


def test_a_seed_fills_both_words_of_the_key():
    assert draws.seed_key(1) == (1, 0)
    assert draws.seed_key(2**32) == (0, 1)
    assert draws.seed_key(0x0123456789ABCDEF) == (0x89ABCDEF, 0x01234567)
    assert draws.seed_key(2**64 - 1) == (FULL, FULL)


@pytest.mark.parametrize("seed", [-1, 2**64])
def test_a_seed_outside_64_bits_is_refused(seed):
    with pytest.raises(ValueError, match="seed"):
        draws.seed_key(seed)


@pytest.mark.parametrize("position", range(6), ids=["replicate", "year", "entity", "purpose", "low key", "high key"])
def test_moving_one_part_of_an_address_moves_half_of_the_bits(position):
    flips = []
    for n in range(200):
        address = [n, 2017 + n % 24, 4 + 8 * n, n % 5, 1, 0]
        before = words(address[:4], address[4:])
        address[position] += 1
        after = words(address[:4], address[4:])
        flips += [(a ^ b).bit_count() for a, b in zip(before, after, strict=True)]
    # Each of the 32 bits of a word flips as a fair coin.
    assert abs(z_of_mean(np.array(flips), 16.0)) < Z


def test_no_two_addresses_share_their_words():
    addresses = list(itertools.product(range(10), range(2017, 2040), (4, 16, 36, 156, 840), (0, 1, 2, 3, 4, 16)))
    drawn = {words(address, (1, 0)) for address in addresses}
    assert len(drawn) == len(addresses)


def test_an_address_gives_the_same_words_whatever_was_drawn_before():
    address = (7, 2030, 156, 2)
    before = words(address, (1, 0))
    for other in range(50):
        words((other, 2030, 156, 2), (1, 0))
    assert words(address, (1, 0)) == before


@pytest.mark.costly
@pytest.mark.parametrize("word", range(4))
def test_each_word_is_uniform(word):
    addresses = list(itertools.product(range(20), range(2017, 2040), (4, 36), range(5)))
    squares = []
    for seed in range(1, 17):
        counts = np.histogram(uniforms(addresses, (seed, 0))[:, word], bins=64, range=(0, 1))[0]
        squares.append(stats.chisquare(counts).statistic)
    # The sum of independent chi-squares is one too; neither too uneven nor too even.
    tail = stats.chi2.sf(sum(squares), 63 * len(squares))
    assert abs(stats.norm.isf(tail)) < Z


@pytest.mark.parametrize("position", range(4), ids=["replicate", "year", "entity", "purpose"])
def test_neighbours_along_an_address_are_not_correlated(position):
    addresses = list(itertools.product(range(12), range(2017, 2029), range(1, 13), range(5)))
    here = uniforms(addresses, (1, 0))
    moved = [tuple(v + (k == position) for k, v in enumerate(address)) for address in addresses]
    products = (here - 0.5) * (uniforms(moved, (1, 0)) - 0.5)
    assert abs(z_of_mean(products, 0.0)) < Z


def test_the_four_words_of_an_address_are_not_correlated():
    drawn = uniforms(itertools.product(range(100), range(2017, 2040), (156,), range(5)), (1, 0)) - 0.5
    for one, other in itertools.combinations(range(4), 2):
        assert abs(z_of_mean(drawn[:, one] * drawn[:, other], 0.0)) < Z


def test_normal_numbers_are_standard_normal():
    key = draws.seed_key(1)
    drawn = np.array([draws.effect_draw(r, 156, draws.MEMBER_EFFECT, *key) for r in range(20_000)])
    for power, moment in ((1, 0.0), (2, 1.0), (3, 0.0), (4, 3.0)):
        assert abs(z_of_mean(drawn**power, moment)) < Z
    edges = stats.norm.ppf(np.linspace(0, 1, 101)[1:-1])
    counts = np.bincount(np.searchsorted(edges, drawn), minlength=100)
    assert abs(z_of_counts(counts, np.full(100, 0.01))) < Z


def test_the_largest_normal_number_is_finite():
    # The smallest uniform number is 2**-33, so no draw is farther out than 6.77.
    assert draws.normal(np.uint32(0), np.uint32(0)) == pytest.approx(math.sqrt(66 * math.log(2)), rel=1e-12)


def test_an_effect_is_the_normal_number_of_year_0_at_its_address():
    key = draws.seed_key(5)
    first, second, *_ = words((3, 0, 11, draws.SUBREGION_ACTION_EFFECT), key)
    expected = math.sqrt(-2 * math.log((first + 0.5) / 2**32)) * math.cos(2 * math.pi * (second + 0.5) / 2**32)
    # The same formula in another library's functions: a few units in the last place.
    drawn = draws.effect_draw(np.uint32(3), 11, draws.SUBREGION_ACTION_EFFECT, *key)
    assert drawn == pytest.approx(expected, rel=1e-14)


def test_a_word_is_less_than_its_threshold_if_and_only_if_it_strikes():
    chances = [0.0, 1e-300, 2.0**-33, 2.0**-32, 0.03, 0.5, 1 - 2.0**-33, math.nextafter(1.0, 0.0), 1.0]
    for chance in [*chances, *np.random.default_rng(1).random(200)]:
        threshold = draws.threshold(chance)
        near = {min(max(threshold + step, 0), FULL) for step in (-2, -1, 0, 1, 2)} | {0, FULL}
        assert all((word < threshold) == draws.strikes(np.uint32(word), chance) for word in near), chance
