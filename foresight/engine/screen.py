"""Pledges that single precision can tell: where a draw lies far from the chance, no exact chance is needed.

The rough chance errs by less than 3.1e-7, a draw rounded to single precision included, whatever the parameters; a
test goes through every number there is. So a draw further than `DOUBT` from it is on the same side of the exact one.
"""
# mypy: disable-error-code="no-untyped-def, no-untyped-call"

from typing import Final

import numpy as np

from foresight.engine.compiled import inlined, rows

#: How far a draw must be from a rough chance to tell on which side of the exact one it is.
DOUBT: Final = np.float32(4e-6)

_LOG2_E: Final = np.float32(1.442695)
_LN2_HIGH: Final = np.float32(0.693359375)
_LN2_LOW: Final = np.float32(-2.12194440e-4)
_ROUNDER: Final = np.float32(12582912.0)  # 1.5 x 2**23, as in `rules`
_LIMIT: Final = np.float32(80.0)
_BIAS: Final = np.int32(127)
_MANTISSA: Final = np.int32(23)
_WORD: Final = np.float32(2.0**-32)
_ONE: Final = np.float32(1.0)


@inlined
def rough_exponential(x):
    """Return e**x in single precision, to within 3e-7 of its value, arguments held to -80..80."""
    x = -_LIMIT if x < -_LIMIT else x
    x = _LIMIT if x > _LIMIT else x
    shifted = x * _LOG2_E + _ROUNDER
    k = shifted - _ROUNDER
    y = (x - k * _LN2_HIGH) - k * _LN2_LOW
    p = np.float32(1 / 120) + y * np.float32(1 / 720)
    p = np.float32(1 / 2) + y * (np.float32(1 / 6) + y * (np.float32(1 / 24) + y * p))
    p = _ONE + y * (_ONE + y * p)
    power = (np.float32(shifted).view(np.int32) + _BIAS) << _MANTISSA
    return p * np.int32(power).view(np.float32)


@inlined
def rough_probability(log_hazard):
    """Return the chance that something with this log hazard happens within the year."""
    return _ONE - rough_exponential(-rough_exponential(np.float32(log_hazard)))


@inlined
def rough_uniform(word):
    """Return `draws.uniform` in single precision."""
    return np.float32(word) * _WORD


@rows
def strike_surely(words, log_hazard, moves):
    """Tell which moves the draws allow, and whether no draw was too near to its chance to tell."""
    doubt = np.int8(0)
    for r in range(words.shape[0]):
        above = rough_uniform(words[r]) - rough_probability(log_hazard[r])
        moves[r] = above < np.float32(0.0)
        doubt |= np.int8((above < DOUBT) & (above > -DOUBT))
    return doubt == 0
