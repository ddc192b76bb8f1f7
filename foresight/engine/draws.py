"""Random numbers with addresses: Philox4x32-10 (Salmon et al. 2011).

The address of a number is (seed, replicate, calendar year, entity, purpose), so that no change elsewhere in the
model moves it: two scenarios share their luck, and replicate 7 of a million is replicate 7 alone.
"""

import math
from typing import Final

import numpy as np

from foresight.engine.compiled import compiled, rows

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


@compiled
def philox(c0, c1, c2, c3, k0, k1):  # type: ignore[no-untyped-def]
    """Return the four 32-bit words at counter (c0, c1, c2, c3) under key (k0, k1), all uint64 below 2**32."""
    for _ in range(_ROUNDS):
        product0 = _MULTIPLIER_0 * c0
        product1 = _MULTIPLIER_1 * c2
        c0, c1, c2, c3 = (
            (product1 >> _WORD) ^ c1 ^ k0,
            product1 & _LOW,
            (product0 >> _WORD) ^ c3 ^ k1,
            product0 & _LOW,
        )
        k0 = (k0 + _WEYL_0) & _LOW
        k1 = (k1 + _WEYL_1) & _LOW
    return c0, c1, c2, c3


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


@compiled
def posterior_draws(replicate, count, k0, k1):  # type: ignore[no-untyped-def]
    """Return the same for every replicate, int64[run]."""
    taken = np.empty(replicate.shape[0], np.int64)
    for r in range(replicate.shape[0]):
        taken[r] = posterior_draw(replicate[r], count, k0, k1)
    return taken


@compiled
def place_entity(subregion, action):  # type: ignore[no-untyped-def]
    """Return the entity of a subregion's effect on an action."""
    return 8 * subregion + action


@rows
def fill_words(k0, k1, year, entity, purpose, replicate, words, place):  # type: ignore[no-untyped-def]
    """Draw the four words of an address for every run, words[:, place]."""
    c1, c2, c3 = np.uint64(year), np.uint64(entity), np.uint64(purpose)
    for r in range(words.shape[2]):
        word0, word1, word2, word3 = philox(np.uint64(replicate[r]), c1, c2, c3, k0, k1)
        words[0, place, r] = word0
        words[1, place, r] = word1
        words[2, place, r] = word2
        words[3, place, r] = word3
