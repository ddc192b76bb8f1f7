"""Bands of many rows: the quantiles of NumPy, by counting where the numbers are whole."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from foresight.engine.ranks import ranked
from foresight.results.bands import BAND, band_of

WHOLE = arrays(np.int16, array_shapes(min_dims=2, max_dims=3, max_side=9), elements=st.integers(-300, 300))


def labels(values):
    return {f"axis {axis}": list(range(length)) for axis, length in enumerate(values.shape[:-1])}


@pytest.mark.costly
@settings(deadline=None)  # the first call compiles
@given(WHOLE)
def test_whole_numbers_have_the_quantiles_of_numpy(values):
    band = band_of(values, labels(values))
    for name, share in BAND.items():
        np.testing.assert_allclose(getattr(band, name), np.quantile(values, share, axis=-1), rtol=1e-12, atol=1e-12)
    assert (band.n == values.shape[-1]).all()


@settings(deadline=None)  # the first call compiles
@given(WHOLE)
def test_every_place_in_ascending_order_is_found(values):
    places = np.arange(values.shape[-1])[::-1]
    np.testing.assert_array_equal(ranked(values, places), np.sort(values, axis=-1)[..., ::-1])


@pytest.mark.parametrize("kind", [np.int8, np.int16, np.int32, np.int64])
def test_numbers_of_any_width_are_ranked(kind):
    values = np.array([[3, 1, 2], [100, 120, 110]], kind)
    np.testing.assert_array_equal(ranked(values, np.array([0, 2])), [[1, 3], [100, 120]])


def test_numbers_too_large_for_two_bytes_are_ranked():
    assert ranked(np.array([[70_000, 69_999, 70_001]]), np.array([1])) == 70_000


def test_rows_that_share_memory_have_one_band_each():
    values = np.broadcast_to(np.array([[[1.0, 2.0, 4.0]], [[3.0, 3.0, 9.0]]]), (2, 5, 3))
    band = band_of(values, labels(values))
    np.testing.assert_array_equal(band.median, [[2.0] * 5, [3.0] * 5])
    assert band.n.shape == (2, 5)
