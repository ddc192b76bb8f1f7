"""Rules of a run that an experiment varies by name: each as often, run as if each point had a scenario of its own."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from batches import FEW, content

from foresight.analysis.picking import sample_of
from foresight.analysis.stress import stress
from foresight.errors import InputError
from foresight.experiments import manifest as manifests
from foresight.experiments.experiment import Experiment
from foresight.experiments.loading import experiment_of, load_experiment
from foresight.experiments.store import Store
from foresight.experiments.sweep import local_workers, sweep
from foresight.results.simulation import simulate
from foresight.scenario.loading import load_scenario
from foresight.scenario.validation import validated_as

GATES = ("infrastructure", "calendar", "all_five")

PLAIN: dict[str, Any] = {
    "id": "rules",
    "scenarios": ("historical-pace", "baiji-returns"),
    "replicates": 2,
    "uncertainties": {"delivery_rate": True},
    "structure": {"gate": {"values": GATES}, "members": {"values": ("all", "states")}},
    "sampler": {"method": "latin_hypercube", "n": 24},
    "outcomes": ("mean_delivered", "offer.Pacific"),
    "years": (2030, 2040),
}


def experiment(**changes: Any) -> Experiment:
    return Experiment.model_validate({**PLAIN, **changes})


def run(folder: Path, workers: int) -> Store:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifests, "FEWEST_RUNS", FEW)
        return sweep(experiment(), folder, workers=local_workers(workers))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return run(tmp_path_factory.mktemp("rules") / "store", 2)


def problems(**changes: Any) -> list[tuple[str, str]]:
    """Return field and kind of all that is refused."""
    with pytest.raises(InputError) as caught:
        validated_as(Experiment, {**PLAIN, **changes}, "Python")
    return [(problem.field, problem.kind) for problem in caught.value.problems]


def test_each_value_is_taken_as_often(store: Store):
    points = store.points()
    assert points["structure.gate"].value_counts().to_dict() == dict.fromkeys(GATES, 16)
    assert points["structure.members"].value_counts().to_dict() == {"all": 24, "states": 24}


def test_a_point_is_run_as_a_scenario_of_its_own(store: Store):
    table = store.table(years=[2040])
    for row in store.points().sample(8, random_state=1).to_dict("records"):
        settings = {path: row[path] for path in ("structure.gate", "structure.members")}
        settings["uncertainties.delivery_rate"] = row["delivery_rate"]
        series = simulate(load_scenario(row["scenario"], set=settings), 2, keep="summary").series(["region"])
        delivered = series["delivered_count"].sel(year=2040).sum(["action", "rung"]).isel(scope=0)
        by_hand = (delivered / (5 * series["members"].item())).to_numpy()
        np.testing.assert_allclose(table[table["point"] == row["point"]]["mean_delivered"], by_hand, rtol=1e-6)


def test_one_worker_and_two_write_the_same_bytes(store: Store, tmp_path: Path):
    assert content(run(tmp_path / "store", 1).path) == content(store.path)


def test_points_can_be_asked_for_by_name(store: Store):
    table = store.table(["offer.Pacific"], years=[2040], where="structure.gate == 'calendar'")
    assert (table["offer.Pacific"] == 4).all()
    assert len(table) == 32


def test_every_combination_of_values_is_a_level_of_a_full_factorial():
    table = experiment(sampler={"method": "full_factorial", "levels": 2}).design()[1]
    assert len(table) == len(table.drop_duplicates()) == 2 * 3 * 2


def test_an_experiment_is_the_same_from_its_file_and_from_its_manifest(tmp_path: Path):
    path = tmp_path / "rules.toml"
    path.write_text(experiment().to_toml(), "utf-8")
    assert load_experiment(path).digest() == experiment().digest()
    assert experiment_of(experiment().plain(), "manifest").digest() == experiment().digest()


def test_an_experiment_without_categories_says_nothing_of_them():
    plain = experiment(structure={})
    assert "structure" not in plain.plain()
    assert "structure" not in plain.to_toml()
    assert plain.digest() != experiment().digest()


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"structure": {"gate": {"values": ("infrastructur",)}}}, ("structure.gate.values[1]", "unknown_name")),
        ({"structure": {"gate": {"values": ()}}}, ("structure.gate.values", "empty")),
        ({"structure": {"gate": {"values": ("calendar", "calendar")}}}, ("structure.gate", "named_twice")),
        ({"structure": {"levers_from": {"values": (2027,)}}}, ("structure.levers_from", "unknown_key")),
        ({"sampler": {"method": "morris", "n": 4}}, ("sampler.method", "numbers_alone")),
        ({"sampler": {"method": "saltelli", "n": 4}}, ("sampler.method", "numbers_alone")),
        ({"outcomes": ("trust.GUM",)}, ("outcomes[1]", "absent")),
    ],
    ids=["unknown", "none", "twice", "number", "morris", "saltelli", "absent"],
)
def test_what_cannot_be_varied_by_name_is_refused(changes: dict[str, Any], told: tuple[str, str]):
    assert told in problems(**changes)


def test_a_table_of_points_says_what_varies(tmp_path: Path):
    (tmp_path / "points.csv").write_text("delivery_rate\n0.5\n", "utf-8")
    words = 'id = "own"\nscenarios = ["historical-pace"]\n[structure]\ngate = { values = ["calendar"] }\n'
    (tmp_path / "own.toml").write_text(f'{words}[sampler]\nmethod = "table"\nfile = "points.csv"\n', "utf-8")
    with pytest.raises(InputError, match=r"structure.*structure\.gate"):
        load_experiment(tmp_path / "own.toml")


def test_a_sensitivity_analysis_refuses_names(store: Store):
    with pytest.raises(InputError, match=r"structure\.gate, structure\.members"):
        sample_of(store, "mean_delivered", 2040, "historical-pace")


def test_a_strategy_can_fail_by_a_category():
    plain = experiment(structure={"gate": {"values": GATES}}, sampler={"method": "latin_hypercube", "n": 102})
    result = stress(["historical-pace"], plain, "offer.Pacific < 4")
    (failure,) = result.failures
    assert failure.box is not None
    assert failure.box.limits == {"structure.gate": ("calendar",)}
    assert (failure.futures, result.circumstances) == (34, ())
