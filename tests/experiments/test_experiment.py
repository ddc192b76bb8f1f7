"""Experiments: what a file may say, what it means, and what is refused."""

import re
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from foresight import bounds, open_store
from foresight.bounds import Bound
from foresight.errors import InputError, Problem
from foresight.experiments.experiment import KEPT, Experiment
from foresight.experiments.loading import experiment_of, load_experiment
from foresight.experiments.sampler import DESIGNS
from foresight.experiments.sweep import sweep
from foresight.facts.parameters import uncertainties
from foresight.scenario.building import build
from foresight.scenario.factors import factors, settings_from_factors
from foresight.scenario.loading import bundled, load_scenario, ships
from foresight.scenario.validation import validated_as

PLAIN: dict[str, Any] = {
    "id": "one",
    "scenarios": ("historical-pace",),
    "uncertainties": {"delivery_rate": True},
    "sampler": {"method": "sobol_sequence", "n": 8},
}

WORDS = """
id = "what-matters"
scenarios = ["historical-pace", "mine.toml"]
replicates = 4
outcomes = ["mean_delivered", "trust.Pacific", "completed"]
years = [2030, 2040]

[uncertainties]
delivery_rate = true
peer_effect = [0.9, 1.3]
grace_years = true
trust_gain = { distribution = "triangular", mode = 0.15 }

[levers]
pledge_effort.transparency = [1, 4]
delivery_effort = { distribution = "normal", mean = 2, sd = 1, low = 1, high = 4 }
support_multiplier.phase_3 = { values = [1, 2, 4] }

[sampler]
method = "latin_hypercube"
n = 100
"""


def made(**changes: Any) -> Experiment:
    return Experiment.model_validate({**PLAIN, **changes})


def written(folder: Path, words: str = WORDS) -> Path:
    (folder / "mine.toml").write_text(
        'id = "mine"\nextends = "baiji-returns"\ntitle = { en = "Mine", zh = "我的" }\n', "utf-8"
    )
    path = folder / "experiment.toml"
    path.write_text(words, "utf-8")
    return path


def problems_of(path: Path) -> dict[str, Problem]:
    with pytest.raises(InputError) as caught:
        load_experiment(path)
    return {problem.field: problem for problem in caught.value.problems}


def test_a_file_says_what_varies_how_and_on_top_of_what(tmp_path: Path):
    experiment = load_experiment(written(tmp_path))
    table = experiment.table()
    assert [scenario.id for scenario in experiment.scenarios] == ["historical-pace", "mine"]
    assert len(table) == experiment.points == 200
    assert table["point"].tolist() == list(range(200))
    assert table["peer_effect"].between(0.9, 1.3).all()
    assert table["delivery_effort"].between(1, 4).all()
    assert set(table["grace_years"]) == {3, 4, 5, 6, 7}
    assert set(table["support_multiplier.phase_3"]) == {1, 2, 4}
    halves = [part.drop(columns=["point", "scenario"]).reset_index(drop=True) for _, part in table.groupby("scenario")]
    pd.testing.assert_frame_equal(*halves)


def test_what_is_not_said_is_as_declared():
    experiment = made(uncertainties="all", levers={"pledge_effort": True})
    assert [str(name) for name in experiment.outcomes] == list(KEPT)
    assert len(experiment.years) == 24
    free = {name for name, item in uncertainties().items() if not item.fixed}
    assert set(experiment.varied) == free | {"pledge_effort"}
    for name, drawn in experiment.varied.items():
        item = factors()[name].parameter
        assert (drawn.low, drawn.high, drawn.distribution) == (item.low, item.high, item.distribution)
    assert experiment.varied["pledge_effort"].distribution == "log_uniform"


def test_an_experiment_survives_being_written_down(tmp_path: Path):
    experiment = load_experiment(written(tmp_path))
    again = experiment_of(experiment.plain(), "store")
    assert again.plain() == experiment.plain()
    assert again.digest() == experiment.digest()
    pd.testing.assert_frame_equal(again.table(), experiment.table())


def saved(experiment: Experiment, folder: Path) -> Path:
    """Write an experiment and the scenarios that do not ship into a folder."""
    for scenario in experiment.scenarios:
        if not ships(scenario):
            (folder / f"{scenario.id}.toml").write_text(scenario.to_toml(), "utf-8")
    path = folder / "saved.toml"
    path.write_text(experiment.to_toml(), "utf-8")
    return path


def test_a_file_that_is_written_says_what_the_file_said_that_was_read(tmp_path: Path):
    experiment = load_experiment(written(tmp_path))
    path = saved(experiment, tmp_path)
    again = load_experiment(path)
    assert (again.plain(), again.digest(), again.to_toml()) == (
        experiment.plain(),
        experiment.digest(),
        experiment.to_toml(),
    )
    words = path.read_text("utf-8")
    assert 'scenarios = ["historical-pace", "mine.toml"]' in words
    assert "delivery_rate = true" in words
    assert "peer_effect = [0.9, 1.3]" in words
    assert 'trust_gain = {distribution = "triangular", mode = 0.15}' in words


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"uncertainties": "all", "levers": {"linking": True}, "seed": 2**64 - 1, "replicates": 7},
        {"sampler": {"method": "saltelli", "n": 8, "second_order": True}, "years": "all"},
        {"sampler": {"method": "morris", "n": 5, "levels": 6}, "outcomes": ["trust.Pacific", "offer.SEA"]},
        {"uncertainties": {}, "levers": {"pledge_effort": {"distribution": "uniform", "low": 1}}},
    ],
)
def test_a_file_that_is_written_says_only_what_differs(changes: dict[str, Any], tmp_path: Path):
    experiment = made(**changes)
    path = saved(experiment, tmp_path)
    assert load_experiment(path).digest() == experiment.digest()
    table = tomllib.loads(path.read_text("utf-8"))
    plain = made().plain()
    same = {key for key in ("seed", "replicates", "outcomes", "years") if experiment.plain()[key] == plain[key]}
    assert (
        set(table) & {"seed", "replicates", "outcomes", "years"} == {"seed", "replicates", "outcomes", "years"} - same
    )
    assert table["scenarios"] == ["historical-pace"]


def test_a_scenario_that_was_changed_is_a_file_of_its_own(tmp_path: Path):
    changed = load_scenario("historical-pace", set={"levers.linking": 0.5})
    experiment = made(scenarios=(changed, "baiji-returns"))
    path = saved(experiment, tmp_path)
    assert 'scenarios = ["historical-pace.toml", "baiji-returns"]' in path.read_text("utf-8")
    assert load_experiment(path).digest() == experiment.digest()


def test_a_table_of_points_is_named_without_its_folder(tmp_path: Path):
    (tmp_path / "points.csv").write_text("delivery_rate\n0.2\n0.5\n", "utf-8")
    given = {"method": "table", "file": str(tmp_path / "points.csv")}
    experiment = made(uncertainties={}, sampler=given)
    assert tomllib.loads(experiment.to_toml())["sampler"] == {"method": "table", "file": "points.csv"}
    assert load_experiment(saved(experiment, tmp_path)).table().equals(experiment.table())


@pytest.mark.parametrize(
    "change",
    [
        {"seed": 2},
        {"replicates": 3},
        {"years": [2040]},
        {"outcomes": ["trust"]},
        {"scenarios": ("baiji-returns",)},
        {"uncertainties": {"delivery_rate": [0.2, 0.7]}},
        {"sampler": {"method": "sobol_sequence", "n": 16}},
    ],
    ids=lambda change: next(iter(change)),
)
def test_the_digest_is_that_of_what_an_experiment_does(change: dict[str, Any]):
    assert made(**change).digest() != made().digest()
    assert made(id="two").digest() == made().digest()


def test_the_pace_of_pledging_follows_the_ridge_in_every_point():
    """The records fix the adoption curve: c0 moves with the peer effect, and the offset is beside it."""
    experiment = made(uncertainties={"peer_effect": True, "pledge_offset": True})
    _, values = experiment.design()
    inputs = build(load_scenario("historical-pace"), {name: values[name].to_numpy() for name in values})
    expected = -1.67 - 0.33 * values["peer_effect"] + values["pledge_offset"]
    np.testing.assert_allclose(inputs.uncertainties.pledge_log_hazard_base, expected, rtol=1e-12)


def test_a_lever_of_a_design_is_the_scenario_with_its_value():
    base = load_scenario("baiji-returns")
    values = {"pledge_effort.transparency": 3.0, "delivery_effort.phase_3": 2.0, "support_multiplier.phase_2": 0.5}
    values |= {"linking": 1.2, "assistance": 0.3, "solidarity_share": 0.9}
    built = build(base, {name: [value] for name, value in values.items()}).levers
    alone = build(load_scenario("baiji-returns", set=settings_from_factors(values, base))).levers
    for name, ours, theirs in zip(built._fields, built, alone, strict=True):
        np.testing.assert_array_equal(ours, theirs, err_msg=name)


def test_a_coalition_keeps_the_effort_of_its_own():
    own = [{"name": "one", "bodies": ["PIF"], "pledge_effort": {"accountability": 2.5}}]
    levers = build(load_scenario("historical-pace", set={"coalition": own}), {"pledge_effort": [4.0]}).levers
    common, coalition = levers.pledge_effort[:, 2, 0, 0]
    assert (common, coalition) == (4.0, 2.5)
    assert (levers.pledge_effort[:, 0] == 4.0).all()


def test_a_table_of_points_says_what_varies(tmp_path: Path):
    points = pd.DataFrame({"delivery_rate": [0.2, 0.5], "linking": [0.0, 1.5]})
    words = 'id = "t"\nscenarios = ["historical-pace"]\n[sampler]\nmethod = "table"\nfile = "points'
    for ending, write in ((".csv", points.to_csv), (".parquet", points.to_parquet)):
        write(tmp_path / f"points{ending}", index=False)
        experiment = load_experiment(written(tmp_path, f'{words}{ending}"\n'))
        pd.testing.assert_frame_equal(experiment.table()[["delivery_rate", "linking"]], points)


def test_a_table_of_points_is_refused_before_it_is_read_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bounds, "VALUES", Bound("too_many_values", 3))
    points = pd.DataFrame({"delivery_rate": [0.2, 0.5], "linking": [0.0, 1.5]})
    words = 'id = "t"\nscenarios = ["historical-pace"]\n[sampler]\nmethod = "table"\nfile = "points'
    for ending, write in ((".csv", points.to_csv), (".parquet", points.to_parquet)):
        write(tmp_path / f"points{ending}", index=False)
        assert problems_of(written(tmp_path, f'{words}{ending}"\n'))[""].message().endswith("factors; given 4")


def test_a_bad_table_of_points_is_told_with_its_file(tmp_path: Path):
    pd.DataFrame({"delivery_rat": [0.3], "linking": [9.0]}).to_csv(tmp_path / "points.csv", index=False)
    words = 'id = "t"\nscenarios = ["historical-pace"]\n[sampler]\nmethod = "table"\nfile = "points.csv"\n'
    told = problems_of(written(tmp_path, words))
    assert told["design.delivery_rat"].nearest == "delivery_rate"
    assert told["design.linking"].kind == "out_of_range"
    assert all(problem.file.endswith("points.csv") for problem in told.values())


def test_what_is_fixed_is_said_to_be_and_not_proposed(tmp_path: Path):
    words = WORDS.replace("grace_years = true", "grace_years = true\nsd_gate = true")
    problem = problems_of(written(tmp_path, words))["uncertainties.sd_gate"]
    assert (problem.kind, problem.nearest, problem.details) == ("fixed", "", {"value": "0.05"})


def test_every_problem_is_told_at_once(tmp_path: Path):
    words = WORDS.replace(
        "peer_effect = [0.9, 1.3]", "peer_effect = [1.3, 0.9]\nexit_rate = [0, 3]\ndelivery_rat = true"
    )
    words = words.replace("replicates = 4", "replicates = 0").replace("trust.Pacific", "trust.Pacfic")
    words = words.replace("n = 100", "n = 0").replace("mine.toml", "none.toml")
    words = words.replace("delivery_effort = {", "delivery_effort = 3\nlinking = {")
    told = problems_of(written(tmp_path, words))
    assert {field: problem.kind for field, problem in told.items()} == {
        "": "missing_file",
        "replicates": "out_of_range",
        "uncertainties.peer_effect": "reversed",
        "uncertainties.exit_rate": "out_of_range",
        "uncertainties.delivery_rat": "unknown_key",
        "levers.delivery_effort": "not_varied",
        "levers.linking": "out_of_range",
        "outcomes[2]": "unknown_label",
        "sampler.n": "out_of_range",
    }
    assert told["uncertainties.delivery_rat"].nearest == "delivery_rate"
    assert told["outcomes[2]"].nearest == "Pacific"
    assert told["uncertainties.peer_effect"].allowed == "0.8 … 1.4"


@pytest.mark.parametrize(
    ("changes", "field", "kind"),
    [
        ({"uncertainties": {}}, "uncertainties", "nothing_varies"),
        ({"outcomes": []}, "outcomes", "empty"),
        ({"outcomes": ["trust", "trust"]}, "outcomes", "named_twice"),
        ({"outcomes": ["offer"]}, "outcomes[1]", "needs_label"),
        ({"years": [2030, 2050]}, "years[2]", "out_of_range"),
        ({"scenarios": ["historical-pace", "historical-pace"]}, "scenarios", "named_twice"),
        (
            {"levers": {"pledge_effort": True, "pledge_effort.phase_2": True}},
            "levers.pledge_effort.phase_2",
            "also_set",
        ),
        ({"sampler": {"method": "sobol_sequence", "n": 60}}, "sampler", "not_a_power_of_two"),
        ({"sampler": {"method": "morris", "n": 4, "levels": 5}}, "sampler", "odd_levels"),
        ({"sampler": {"method": "latin_hypercube"}}, "sampler", "sampler_needs"),
        ({"sampler": {"method": "full_factorial", "levels": 3, "n": 2}}, "sampler", "sampler_refuses"),
        ({"sampler": {"method": "latin_hypercube", "n": 10**9}}, "sampler.n", "too_many_values"),
        (
            {"uncertainties": "all", "sampler": {"method": "latin_hypercube", "n": 2_000_000}},
            "sampler",
            "too_many_values",
        ),
        ({"replicates": 2**31}, "sampler", "too_many_runs"),
        ({"sampler": {"method": "morris", "n": 10**4000}}, "sampler.n", "too_many_values"),
        ({"sampler": {"method": "morris", "n": 4, "levels": 502}}, "sampler.levels", "too_many_levels"),
        ({"sampler": {"method": "full_factorial", "levels": 501}}, "sampler.levels", "too_many_levels"),
        (
            {"uncertainties": {"exit_rate": {"values": [0.1] * 501}}},
            "uncertainties.exit_rate.values",
            "too_many_levels",
        ),
        ({"outcomes": ["trust"] * 201}, "outcomes", "too_many_outcomes"),
        ({"years": [2030] * 101}, "years", "list_too_long"),
        ({"scenarios": ["baiji-returns"] * 101}, "scenarios", "list_too_long"),
        ({"id": "i" * 61}, "id", "id_too_long"),
        (
            {"uncertainties": {"delivery_rate": {"distribution": "normal", "mean": 1}}},
            "uncertainties.delivery_rate",
            "shape",
        ),
        ({"uncertainties": {"grace_years": [3.5, 5]}}, "uncertainties.grace_years", "not_whole"),
        ({"uncertainties": {"exit_rate": {"distribution": "log_uniform"}}}, "uncertainties.exit_rate", "not_positive"),
    ],
)
def test_what_cannot_be_run_is_refused(changes: dict[str, Any], field: str, kind: str):
    with pytest.raises(InputError) as caught:
        validated_as(Experiment, {**PLAIN, **changes}, "file")
    assert (caught.value.problems[0].field, caught.value.problems[0].kind) == (field, kind)


def test_every_problem_is_told_at_once_with_what_was_given_as_it_is():
    strange = {"years": [2050, 2030], "outcomes": ["trust.Central Asia"], "sampler": {"method": "sobol", "n": 128}}
    with pytest.raises(InputError) as caught:
        validated_as(Experiment, {**PLAIN, **strange}, "file")
    told = {one.field: (one.given, one.nearest) for one in caught.value.problems}
    assert told == {
        "years[1]": ("2050", ""),
        "outcomes[1]": ('"trust.Central Asia"', "NCA"),
        "sampler.method": ('"sobol"', "sobol_sequence, saltelli"),
    }


@pytest.mark.parametrize(
    ("changes", "given"),
    [({"years": [2030, 2030]}, "2030"), ({"replicates": 2**31}, f"{2**31 * 8:,}"), ({"outcomes": []}, "[]")],
)
def test_what_is_given_has_quotes_only_where_it_is_a_text(changes: dict[str, Any], given: str):
    with pytest.raises(InputError) as caught:
        validated_as(Experiment, {**PLAIN, **changes}, "file")
    assert caught.value.problems[0].given == given


@pytest.mark.parametrize("method", sorted(set(DESIGNS) - {"table"}))
def test_the_same_seed_gives_the_same_points_and_another_seed_others(method: str):
    sampler = {"method": method, **({"levels": 3} if method == "full_factorial" else {"n": 4})}
    several = {"delivery_rate": True, "peer_effect": [0.9, 1.3]}
    one, same, other = (made(sampler=sampler, uncertainties=several, seed=seed) for seed in (1, 1, 2**63))
    pd.testing.assert_frame_equal(one.table(), same.table())
    assert len(one.table()) == one.points
    assert one.table().equals(other.table()) == (method == "full_factorial")


def test_a_grid_has_the_ends_of_ranges_and_every_value():
    drawn = {"delivery_rate": True, "peer_effect": {"values": [0.9, 1.2]}}
    table = made(uncertainties=drawn, sampler={"method": "full_factorial", "levels": 3}).table()
    assert sorted(set(table["delivery_rate"])) == pytest.approx([0.2, 0.5, 0.8])
    assert set(table["peer_effect"]) == {0.9, 1.2}
    assert len(table) == 6


@pytest.mark.parametrize(
    ("drawn", "median"),
    [
        ([0.2, 0.6], 0.4),
        ({"distribution": "log_uniform", "low": 0.2, "high": 0.8}, 0.4),
        ({"distribution": "triangular", "mode": 0.5}, 0.5),
        ({"distribution": "normal", "mean": 0.5, "sd": 0.1}, 0.5),
    ],
)
def test_a_distribution_has_its_median_in_the_middle(drawn: Any, median: float):
    sampler = {"method": "sobol_sequence", "n": 1024}
    values = made(uncertainties={"delivery_rate": drawn}, sampler=sampler).table()["delivery_rate"]
    assert values.median() == pytest.approx(median, abs=0.002)
    assert values.between(0.2, 0.8).all()


def test_the_worked_example_of_the_guide_has_as_many_points_as_its_table_says(tmp_path: Path):
    guide = (bundled()["historical-pace"].parent / "EXPERIMENTS.md").read_text("utf-8")
    (words,) = re.findall(r"```toml\n(.*?)```", guide, re.DOTALL)
    assert load_experiment(written(tmp_path, words)).points == 2 * 64 * (8 + 2)


@pytest.mark.parametrize("method", DESIGNS)
def test_the_guide_tells_of_every_sampler(method: str):
    guide = (bundled()["historical-pace"].parent / "EXPERIMENTS.md").read_text("utf-8")
    assert f"| `{method}` |" in guide


@pytest.fixture(scope="module")
def with_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a store that has a series whose name has a dot."""
    folder = tmp_path_factory.mktemp("store")
    (folder / "experiment.toml").write_text(SMALL, "utf-8")
    sweep(load_experiment(folder / "experiment.toml"), folder / "store")
    return folder


SMALL = """
id = "small"
scenarios = ["historical-pace"]
replicates = 2
outcomes = ["mean_delivered", "trust.Pacific"]
years = [2030, 2040]

[uncertainties]
delivery_rate = true

[sampler]
method = "latin_hypercube"
n = 4
"""


def on_other_programs(language: str) -> str:
    """Return what the guide has for the tables of other programs."""
    guide = (bundled()["historical-pace"].parent / "EXPERIMENTS.md").read_text("utf-8")
    (words,) = [found for found in re.findall(rf"```{language}\n(.*?)```", guide, re.DOTALL) if "part-*" in found]
    return words


def test_pandas_and_polars_read_a_store_as_the_guide_says(with_store: Path, monkeypatch: pytest.MonkeyPatch):
    pytest.importorskip("polars", reason="polars is not installed")
    monkeypatch.chdir(with_store)
    names: dict[str, Any] = {}
    exec(on_other_programs("python"), names)
    runs = open_store("store").table()
    assert names["table"]["trust.Pacific"].tolist() == runs["trust.Pacific"].tolist()
    assert sorted(names["same"]["trust.Pacific"].to_list()) == sorted(runs["trust.Pacific"])
    assert "delivery_rate" in names["table"]
    assert "delivery_rate" in names["same"].columns


def test_duckdb_reads_a_store_as_the_guide_says(with_store: Path, monkeypatch: pytest.MonkeyPatch):
    duckdb = pytest.importorskip("duckdb", reason="DuckDB is not installed")
    monkeypatch.chdir(with_store)
    means = open_store("store").table().groupby("year")["trust.Pacific"].mean()
    assert dict(duckdb.sql(on_other_programs("sql")).fetchall()) == pytest.approx(means.to_dict())
