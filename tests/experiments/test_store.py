"""A store notices what happened to its files."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from batches import content, copied, sampled, swept

from foresight.errors import InputError
from foresight.experiments.parts import part_name
from foresight.experiments.store import POINTS, Store, open_store
from foresight.experiments.sweep import sweep


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return swept(tmp_path_factory.mktemp("whole"), sampled("latin_hypercube"))


@pytest.mark.costly
def test_a_bit_that_has_changed_is_noticed_or_changes_nothing(store: Store, tmp_path: Path):
    """Pages are read against their check sums; what is not read may be as it will."""
    right, luck = store.table(), np.random.default_rng(1)
    noticed = []
    for number in range(40):
        copy = copied(store, tmp_path / str(number))
        path = copy.path / part_name(0)
        words = bytearray(path.read_bytes())
        words[luck.integers(len(words))] ^= 1 << int(luck.integers(8))
        path.write_bytes(words)
        try:
            pd.testing.assert_frame_equal(open_store(copy.path).table(), right)
        except InputError as error:
            noticed.append(error.problems[0].file == str(path))
    assert noticed
    assert all(noticed)


def test_damaged_points_are_made_anew_if_the_experiment_makes_the_same(store: Store, tmp_path: Path):
    copy = copied(store, tmp_path / "copy")
    (copy.path / POINTS).write_bytes(b"")
    sweep(None, copy.path, repair=True)
    assert content(copy.path) == content(store.path)
