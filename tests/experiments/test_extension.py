"""A store that is grown is the store made in one go."""

from pathlib import Path

import pytest
from batches import EXPERIMENT, FEW, begun, content, sampled, swept

from foresight import InputError
from foresight.experiments import manifest as manifests
from foresight.experiments.extension import extend
from foresight.experiments.sampler import DESIGNS
from foresight.experiments.store import POINTS, Store, open_store


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let parts of stores have few runs."""
    monkeypatch.setattr(manifests, "FEWEST_RUNS", FEW)


def longer(words: str, n: int) -> str:
    """Return an experiment with another n of its sampler."""
    return f"{words.rpartition('n = ')[0]}n = {n}\n"


def of_saltelli(n: int) -> str:
    return longer(sampled("saltelli").replace("second_order = true\n", ""), n)


GROWN = {
    "a sequence": (sampled("sobol_sequence"), longer(sampled("sobol_sequence"), 32), 32),
    "base samples": (of_saltelli(4), of_saltelli(8), 8),
    "two scenarios": (EXPERIMENT, longer(EXPERIMENT, 32), 32),
}


@pytest.mark.costly
@pytest.mark.parametrize("what", GROWN)
def test_a_store_that_is_grown_is_byte_for_byte_the_one_made_in_one_go(tmp_path: Path, what: str):
    short, long, n = GROWN[what]
    store, whole = swept(tmp_path / "short", short), swept(tmp_path / "long", long)
    before = {name: (store.path / name).stat().st_mtime_ns for name in content(store.path)}
    grown = extend(store.path, n)
    assert content(grown.path) == content(whole.path)
    assert not grown.missing
    kept = [name for name, at in before.items() if (store.path / name).stat().st_mtime_ns == at]
    assert "part-00000.parquet" in kept  # what is the same is not computed again


@pytest.mark.costly
def test_a_store_that_lacks_parts_is_grown_and_completed(tmp_path: Path):
    short, long, n = GROWN["a sequence"]
    store, whole = begun(tmp_path / "short", short), swept(tmp_path / "long", long)
    assert content(extend(store.path, n).path) == content(whole.path)


def refused(store: Store, n: int) -> list[tuple[str, str]]:
    """Return how growing a store is refused, which leaves it as it was."""
    before = content(store.path)
    with pytest.raises(InputError) as caught:
        extend(store.path, n)
    assert content(store.path) == before
    return [(problem.field, problem.kind) for problem in caught.value.problems]


@pytest.mark.costly
@pytest.mark.parametrize("sampler", [name for name, design in DESIGNS.items() if not design.goes_on])
def test_a_design_whose_points_depend_on_their_number_is_refused(tmp_path: Path, sampler: str):
    assert refused(swept(tmp_path, sampled(sampler)), 64) == [("sampler", "no_further_points")]


@pytest.mark.costly
def test_sizes_that_cannot_be_and_damaged_stores_are_refused(tmp_path: Path):
    store = swept(tmp_path, sampled("sobol_sequence"))
    assert refused(store, 8) == refused(store, 4) == [("", "out_of_range")]
    assert refused(store, 24) == [("sampler", "not_a_power_of_two")]
    (store.path / POINTS).write_bytes(b"")
    assert refused(open_store(store.path), 16) == [("", "damaged_part")]
