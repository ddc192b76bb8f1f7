"""Random numbers with addresses: Philox4x32-10 (Salmon et al. 2011).

The address of a number is (seed, replicate, calendar year, entity, purpose), so that no change elsewhere in the
model moves it: two scenarios share their luck, and replicate 7 of a million is replicate 7 alone.
"""

import math
from typing import Final

import numpy as np

from foresight.arrays import Codes, Integers
from foresight.engine.compiled import compiled, entry, inlined, rows

#: Purposes 0 to 4 are the actions; the entity is then the member's ISO 3166-1 numeric code.
CRISIS: Final = 16  # entity: position of the subregion
MEMBER_EFFECT: Final = 32  # entity: ISO 3166-1 numeric code; year 0, as for all effects
ACTION_EFFECT: Final = 33  # entity: position of the action
SUBREGION_ACTION_EFFECT: Final = 34  # entity: see `place_entity`
GATE_NOISE: Final = 35  # entity: position of the subregion
POSTERIOR: Final = 48  # entity and year 0: which draw of the posterior a replicate takes

#: Words of a member's draw, by use.
PLEDGE, DELIVERY, LAPSE, EXIT = range(4)
WORDS: Final = 4

_MULTIPLIER_0: Final = np.uint64(0xD2511F53)
_MULTIPLIER_1: Final = np.uint64(0xCD9E8D57)
_WEYL_0: Final = np.uint64(0x9E3779B9)
_WEYL_1: Final = np.uint64(0xBB67AE85)
_LOW: Final = np.uint64(0xFFFFFFFF)
_WORD: Final = np.uint64(32)
_ROUNDS: Final = 10


def seed_key(seed: int) -> tuple[np.uint64, np.uint64]:
    """Split a seed of up to 64 bits into the two words of the key.

    Raises
    ------
    ValueError
        If the seed is negative or needs more than 64 bits.
    """
    if not 0 <= seed < 2**64:
        raise ValueError(f"seed: given {seed}; allowed 0 to 2**64 - 1")
    return np.uint64(seed & 0xFFFFFFFF), np.uint64(seed >> 32)


@inlined
def philox(c0, c1, c2, c3, k0, k1):  # type: ignore[no-untyped-def]
    """Return the four 32-bit words at counter (c0, c1, c2, c3) under key (k0, k1), all uint64 below 2**32."""
    return rounds(_ROUNDS, c0, c1, c2, c3, k0, k1)


@inlined
def rounds(count, c0, c1, c2, c3, k0, k1):  # type: ignore[no-untyped-def]
    """Mix a counter so many times."""
    for _ in range(count):
        product0, product1 = _MULTIPLIER_0 * c0, _MULTIPLIER_1 * c2
        c0, c1, c2, c3 = (product1 >> _WORD) ^ c1 ^ k0, product1 & _LOW, (product0 >> _WORD) ^ c3 ^ k1, product0 & _LOW
        k0, k1 = next_key(k0, k1)
    return c0, c1, c2, c3


@compiled
def next_key(k0, k1):  # type: ignore[no-untyped-def]
    """Return the key of the next round."""
    return (k0 + _WEYL_0) & _LOW, (k1 + _WEYL_1) & _LOW


# The same for many addresses: a word of the counter meets the others round by round, so that most of what the first
# three rounds find serves many addresses.


@rows
def purpose_rounds(k1, replicate, purpose, high, low):  # type: ignore[no-untyped-def]
    """Find what the first two rounds make of replicate and purpose alone, uint64[run] each."""
    for r in range(replicate.shape[0]):
        product = _MULTIPLIER_1 * (((_MULTIPLIER_0 * np.uint64(replicate[r])) >> _WORD) ^ np.uint64(purpose) ^ k1)
        high[r], low[r] = product >> _WORD, product & _LOW


@inlined
def year_rounds(k0, k1, year, entity):  # type: ignore[no-untyped-def]
    """Return what the first two rounds make of year and entity alone: words 1 to 3 of the counter."""
    product = _MULTIPLIER_1 * np.uint64(entity)
    first, c1 = (product >> _WORD) ^ np.uint64(year) ^ k0, product & _LOW
    k0, k1 = next_key(k0, k1)
    product = _MULTIPLIER_0 * first
    return c1 ^ k0, (product >> _WORD) ^ k1, product & _LOW


@rows
def replicate_round(c2, replicate, high, low):  # type: ignore[no-untyped-def]
    """Find what the third round makes of all but the purpose, uint64[run] each."""
    for r in range(replicate.shape[0]):
        product = _MULTIPLIER_1 * (c2 ^ ((_MULTIPLIER_0 * np.uint64(replicate[r])) & _LOW))
        high[r], low[r] = product >> _WORD, product & _LOW


@inlined
def last_rounds(c1, c3, second_high, second_low, third_high, third_low, k0, k1):  # type: ignore[no-untyped-def]
    """Return the four words of an address from what the first rounds found; the key is that of the third."""
    product = _MULTIPLIER_0 * (second_high ^ c1)
    c0, c2 = third_high ^ second_low ^ k0, (product >> _WORD) ^ c3 ^ k1
    k0, k1 = next_key(k0, k1)
    return rounds(_ROUNDS - 3, c0, third_low, c2, product & _LOW, k0, k1)


@compiled
def threshold(chance):  # type: ignore[no-untyped-def]
    """Return the whole number that a word is less than if and only if it `strikes`; every step is exact."""
    return np.int64(math.ceil(chance * 2.0**32 - 0.5))


@compiled
def uniform(word):  # type: ignore[no-untyped-def]
    """Map a 32-bit word to the middle of its interval in (0, 1)."""
    return (word + 0.5) * 2.0**-32


@compiled
def strikes(word, chance):  # type: ignore[no-untyped-def]
    """Tell whether something with this chance happens."""
    return uniform(word) < chance


@compiled
def normal(word0, word1):  # type: ignore[no-untyped-def]
    """Map two words to a standard normal number, by the cosine branch of Box and Muller (1958)."""
    return math.sqrt(-2.0 * math.log(uniform(word0))) * math.cos(2.0 * math.pi * uniform(word1))


@compiled
def effect_draw(replicate, entity, purpose, k0, k1):  # type: ignore[no-untyped-def]
    """Draw the standard normal number of an effect, which lasts for the whole run."""
    zero = np.uint64(0)
    words = philox(np.uint64(replicate), zero, np.uint64(entity), np.uint64(purpose), k0, k1)
    return normal(words[0], words[1])


@compiled
def posterior_draw(replicate, count, k0, k1):  # type: ignore[no-untyped-def]
    """Return which of so many draws of a posterior a replicate takes, from 0 on."""
    zero = np.uint64(0)
    word = philox(np.uint64(replicate), zero, zero, np.uint64(POSTERIOR), k0, k1)[0]
    return np.int64(uniform(word) * count)


def posterior_draws(replicate: Codes, count: int, k0: np.uint64, k1: np.uint64) -> Integers:
    """Return the same for every replicate, int64[run]."""
    taken = np.empty(len(replicate), np.int64)
    _take_draws(replicate, count, k0, k1, taken)
    return taken


@entry
def _take_draws(replicate, count, k0, k1, taken):  # type: ignore[no-untyped-def]
    """Fill int64[run] with which draw every replicate takes."""
    for r in range(replicate.shape[0]):
        taken[r] = posterior_draw(replicate[r], count, k0, k1)


@compiled
def place_entity(subregion, action):  # type: ignore[no-untyped-def]
    """Return the entity of a subregion's effect on an action."""
    return 8 * subregion + action


@rows
def fill_words(k0, k1, year, entity, purpose, replicate, first, second):  # type: ignore[no-untyped-def]
    """Draw the first two words of an address for every run."""
    c1, c2, c3 = np.uint64(year), np.uint64(entity), np.uint64(purpose)
    for r in range(replicate.shape[0]):
        words = philox(np.uint64(replicate[r]), c1, c2, c3, k0, k1)
        first[r], second[r] = words[0], words[1]


@rows
def fill_effects(k0, k1, entity, purpose, replicate, first, second, drawn):  # type: ignore[no-untyped-def]
    """Draw the standard normal number of an effect for every run; words go into rows of their own."""
    fill_words(k0, k1, np.int64(0), entity, purpose, replicate, first, second)
    for r in range(replicate.shape[0]):
        drawn[r] = normal(first[r], second[r])
