"""Results: labels, provenance, summaries, files."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from histories import simulate_history

from foresight import InputError, Results, load_results, load_scenario, simulate, stream
from foresight.actions import ACTIONS, DOMAINS, GROUPS, SUBREGIONS
from foresight.arguments import LARGEST_SEED, MOST_REPLICATES
from foresight.facts.bodies import memberships
from foresight.facts.members import REGION
from foresight.facts.scopes import SCOPES, scope_masks
from foresight.results import metrics
from foresight.results.datasets import MEMBERS, SERIES, result_digest
from foresight.scenario.building import build
from foresight.scenario.scenario import Scenario

RUNS = 5
INTEGERS = ("pledged", "delivered", "waiting", "offer")

#: Sums are taken in another order than numpy's.
ROUNDING = 1e-12


@pytest.fixture(scope="module")
def results() -> Results:
    return simulate("drifting-apart", RUNS)


@pytest.fixture(scope="module")
def summary() -> Results:
    return simulate("drifting-apart", RUNS, keep="summary")


def masks(results: Results, scopes: tuple[str, ...]) -> Iterator[tuple[str, np.ndarray]]:
    yield from zip(scopes, scope_masks(scopes, results.scenario.members()), strict=True)


def test_variables_and_dimensions_are_those_of_the_model_description(results: Results):
    dataset = results.dataset
    assert list(dataset.data_vars) == list(MEMBERS)
    assert all(dataset[name].dims == ("replicate", *dims) for name, dims in MEMBERS.items())
    assert dataset.sizes == {"replicate": RUNS, "year": 24, "member": 58, "action": 5, "domain": 5, "subregion": 5}
    assert {name: dataset[name].dtype for name in INTEGERS} == {
        "pledged": np.int8,
        "delivered": np.int8,
        "waiting": np.int16,
        "offer": np.int8,
    }


def test_labels_are_in_the_order_of_the_arrays(results: Results):
    dataset = results.dataset
    assert dataset["replicate"].values.tolist() == list(range(RUNS))
    assert dataset["year"].values.tolist() == list(range(2017, 2041))
    assert dataset["action"].values.tolist() == list(ACTIONS)
    assert dataset["domain"].values.tolist() == list(DOMAINS)
    assert dataset["subregion"].values.tolist() == list(SUBREGIONS)
    table = results.scenario.members()
    assert dataset["member"].values.tolist() == table.index.tolist()
    assert dataset["member_subregion"].values.tolist() == table["subregion"].tolist()
    assert dataset["ldc"].values.tolist() == table["ldc"].tolist()


def test_the_numbers_are_those_of_the_engine(results: Results):
    history = simulate_history(build(results.scenario), 1, range(RUNS))
    for name, values in history._asdict().items():
        np.testing.assert_array_equal(results.dataset[name].values, np.moveaxis(values, -1, 0), name)


def test_the_arrays_of_the_engine_are_shown_not_copied(results: Results):
    for name in ("pledged", "trust"):
        assert np.moveaxis(results.dataset[name].values, 0, -1).flags["C_CONTIGUOUS"], name


def test_every_variable_says_what_it_is_and_its_unit(results: Results, summary: Results):
    for dataset in (results.dataset, summary.dataset):
        assert all({"long_name", "units"} <= array.attrs.keys() for array in dataset.data_vars.values())
    money = ("fund", "need", "own", "grant", "contribution")
    assert all("not dollars" in results.dataset[name].attrs["units"] for name in money)


def test_provenance_names_program_scenario_facts_and_luck(results: Results):
    scenario, attributes = results.scenario, results.dataset.attrs
    assert attributes["scenario"] == "drifting-apart"
    assert attributes["scenario_digest"] == scenario.digest()
    assert (attributes["seed"], attributes["replicates"], attributes["keep"]) == (1, RUNS, "members")
    assert {"version", "data_digest", "python", "numpy", "numba", "xarray", "result_digest"} <= attributes.keys()


def test_the_result_digest_tells_results_apart_and_nothing_else(results: Results):
    digest = results.dataset.attrs["result_digest"]
    assert simulate(results.scenario, RUNS, threads=1).dataset.attrs["result_digest"] == digest
    assert simulate(results.scenario, RUNS, seed=2).dataset.attrs["result_digest"] != digest
    one_off = results.dataset.copy(deep=True)
    one_off["waiting"][0, 3, 2, 1] += 1
    assert result_digest(one_off) != digest
    assert result_digest(results.dataset.assign(trust=results.dataset["trust"] + 1)) == digest


def test_a_replicate_is_the_same_alone_and_in_a_batch(results: Results):
    alone = simulate(results.scenario, 1).dataset
    xr.testing.assert_equal(alone, results.dataset.isel(replicate=[0]))


def test_a_summary_is_that_of_the_members_exactly(results: Results, summary: Results):
    assert summary.keep == "summary"
    xr.testing.assert_identical(summary.dataset.drop_attrs(deep=False), results.summary.drop_attrs(deep=False))


def test_summaries_have_every_series_for_the_region_its_subregions_and_groups(summary: Results):
    assert list(summary.dataset.data_vars) == list(SERIES)
    assert summary.dataset["scope"].values.tolist() == [REGION, *SUBREGIONS, *GROUPS]


@pytest.mark.parametrize("scopes", [SCOPES, ("ASEAN", "PIF", "CHN", "TUV")])
def test_series_are_the_aggregates_of_the_members(results: Results, scopes: tuple[str, ...]):
    members, series = results.dataset, results.series(scopes)
    for scope, mask in masks(results, scopes):
        mine, of = members.isel(member=mask), series.sel(scope=scope)
        assert of["members"] == mask.sum()
        for kind in ("pledged", "delivered"):
            for rung in range(1, 5):
                count = (mine[kind] >= rung).sum("member")
                np.testing.assert_array_equal(of[f"{kind}_count"].sel(rung=rung), count)
        for name in ("trust", "capacity", "condition"):
            assert_close(of[name], mine[name].mean("member"))
        for name in ("need", "own", "grant", "contribution"):
            assert_close(of[name], mine[name].sum("member"))
        assert_close(of["gap"], (mine["need"] - mine["own"]).clip(0).sum("member"))


def test_overdue_pledges_are_unmet_for_the_years_of_grace(results: Results):
    members, grace = results.dataset, results.scenario.uncertainties.grace_years
    overdue = (members["delivered"] < members["pledged"]) & (members["waiting"] >= grace)
    assert overdue.any()
    np.testing.assert_array_equal(results.summary["overdue_count"].sel(scope=REGION), overdue.sum("member"))


def test_the_heading_is_where_the_condition_goes_if_all_go_on(results: Results):
    """X* = 1 - pi/r with the mean pressure: linear in what is done, so means may be taken first in the region."""
    u = results.scenario.uncertainties
    acted = results.dataset["delivered"].mean("action").mean("member") / 4
    expected = 1 - u.pressure * (1 - u.action_effect * acted) / u.recovery_rate
    for domain in DOMAINS:
        assert_close(results.summary["heading"].sel(scope=REGION, domain=domain), expected)


def test_an_empty_body_has_no_members_and_means_of_zero():
    results = simulate(load_scenario("historical-pace", set={"structure.members": "states"}), 2)
    present = set(results.scenario.members().index)
    empty = [body for body, members in memberships().items() if not present & set(members)]
    series = results.series(["region", *empty])
    assert series["members"].values.tolist() == [49, *[0] * len(empty)]
    assert np.isfinite(series["trust"]).all()


def test_a_graduation_moves_nobody_to_another_group():
    facts = {"members": {"BGD": {"ldc": False}}}
    graduated = simulate(load_scenario("historical-pace", set=facts), 1)
    assert graduated.summary["members"].sel(scope="LDC") == graduated.scenario.members()["ldc"].sum()
    assert "BGD" in graduated.scenario.members().query("ldc").index


@pytest.mark.parametrize(
    ("scope", "nearest"), [("ASAEN", "ASEAN"), ("pacific", "Pacific"), ("regoin", "region"), ("XYZ", "")]
)
def test_an_unknown_scope_is_named_with_the_nearest(results: Results, scope: str, nearest: str):
    with pytest.raises(InputError) as caught:
        results.series([scope, "region"])
    (problem,) = caught.value.problems
    assert (problem.file, problem.field, problem.kind) == ("Python", "scope", "no_such_scope")
    assert scope in problem.given
    assert problem.nearest == nearest


def test_a_summary_gives_its_own_scopes_and_refuses_others(summary: Results):
    xr.testing.assert_equal(summary.series(["SEA"]), summary.dataset.sel(scope=["SEA"]))
    with pytest.raises(InputError) as caught:
        summary.series(["ASEAN", "SEA", "FJI"])
    (problem,) = caught.value.problems
    assert (problem.kind, problem.given) == ("needs_members", "ASEAN, FJI")


def test_one_scope_may_stand_alone(results: Results):
    xr.testing.assert_identical(results.series("ASEAN"), results.series(["ASEAN"]))
    for table in (metrics.trust, metrics.contributors, metrics.obstacles):
        assert set(table(results, "FJI")["scope"]) == {"FJI"}


def test_a_scope_named_twice_is_taken_once(results: Results, summary: Results):
    for one in (results, summary):
        assert one.series(["SEA", "region", "SEA"])["scope"].values.tolist() == ["SEA", "region"]
    assert len(metrics.trust(results, ["FJI", "FJI"])) == results.dataset.sizes["year"]


@pytest.mark.parametrize(
    ("scopes", "kind"), [([], "empty"), ((), "empty"), (5, "no_such_scope"), (None, "no_such_scope")]
)
def test_no_scope_and_what_is_no_scope_are_refused(results: Results, summary: Results, scopes: object, kind: str):
    for one in (results, summary):
        with pytest.raises(InputError) as caught:
            one.series(scopes)  # type: ignore[arg-type]
        (problem,) = caught.value.problems
        assert (problem.field, problem.kind) == ("scope", kind)
        assert "region" in problem.allowed


def test_the_year_says_that_states_are_of_its_start_and_flows_of_the_year_before(results: Results, summary: Results):
    for dataset in (results.dataset, summary.dataset, results.series("FJI")):
        assert {"long_name", "comment"} <= dataset["year"].attrs.keys()
        assert "start of the year" in dataset["year"].attrs["comment"]
    spent = results.dataset.isel(year=0)
    assert all((spent[name] == 0).all() for name in ("need", "own", "grant", "contribution"))  # no year before


@pytest.mark.parametrize("scenario", [None, 5, ["historical-pace"]])
def test_what_is_no_scenario_is_refused(scenario: object):
    for run in (simulate, stream):
        with pytest.raises(InputError) as caught:
            run(scenario, 1)  # type: ignore[operator]
        (problem,) = caught.value.problems
        assert (problem.field, problem.kind) == ("scenario", "not_a_scenario")


WRONG = [
    ({"replicates": 0}, "replicates", "out_of_range"),
    ({"replicates": -3}, "replicates", "out_of_range"),
    ({"replicates": MOST_REPLICATES + 1}, "replicates", "out_of_range"),
    ({"replicates": True}, "replicates", "not_whole"),
    ({"replicates": 2.0}, "replicates", "not_whole"),
    ({"replicates": "many"}, "replicates", "not_whole"),
    ({"seed": -1}, "seed", "out_of_range"),
    ({"seed": LARGEST_SEED + 1}, "seed", "out_of_range"),
    ({"seed": False}, "seed", "not_whole"),
    ({"keep": "member"}, "keep", "unknown_name"),
    ({"keep": None}, "keep", "unknown_name"),
    ({"threads": 0}, "threads", "out_of_range"),
]


@pytest.mark.parametrize(("arguments", "field", "kind"), WRONG)
def test_a_wrong_argument_is_named(arguments: dict[str, object], field: str, kind: str):
    with pytest.raises(InputError) as caught:
        simulate("historical-pace", **arguments)  # type: ignore[arg-type]
    (problem,) = caught.value.problems
    assert (problem.file, problem.field, problem.kind) == ("Python", field, kind)


def test_whole_numbers_of_numpy_and_the_largest_seed_will_do():
    attributes = simulate("historical-pace", np.int64(1), np.uint64(LARGEST_SEED)).dataset.attrs
    assert (attributes["replicates"], attributes["seed"]) == (1, LARGEST_SEED)


def test_progress_ends_with_all_runs_done():
    seen: list[tuple[int, int]] = []
    simulate("historical-pace", 300, progress=lambda done, total: seen.append((done, total)))
    assert seen == sorted(seen)
    assert seen[-1] == (300, 300)
    assert {total for _, total in seen} == {300}


def test_a_stream_is_a_summary_in_parts(summary: Results):
    parts = list(stream("drifting-apart", RUNS, block=2))
    assert [part.sizes["replicate"] for part in parts] == [2, 2, 1]
    whole = xr.concat(parts, "replicate", data_vars="minimal")
    xr.testing.assert_equal(whole, summary.dataset)


def test_a_stream_refuses_wrong_arguments_at_once():
    with pytest.raises(InputError):
        stream("historical-pace", 10, block=0)


# Files -----------------------------------------------------------------------------------------------------------


@pytest.mark.costly
@pytest.mark.parametrize("keep", ["members", "summary"])
def test_results_are_the_same_before_and_after_saving(tmp_path: Path, keep: str, request: pytest.FixtureRequest):
    saved: Results = request.getfixturevalue("results" if keep == "members" else "summary")
    saved.save(tmp_path / "runs.nc")
    loaded = load_results(tmp_path / "runs.nc")
    xr.testing.assert_identical(loaded.dataset, saved.dataset)
    xr.testing.assert_identical(loaded.summary, saved.summary)
    assert {name: array.dtype for name, array in loaded.dataset.items()} == {
        name: array.dtype for name, array in saved.dataset.items()
    }
    assert loaded.scenario == saved.scenario
    assert loaded.scenario.extends == saved.scenario.extends
    assert loaded.note() == ""
    assert os.listdir(tmp_path) == ["runs.nc"]


def test_the_largest_seed_survives_saving(tmp_path: Path):
    simulate("historical-pace", 1, LARGEST_SEED, keep="summary").save(tmp_path / "runs.nc")
    assert load_results(tmp_path / "runs.nc").dataset.attrs["seed"] == LARGEST_SEED


def test_two_saved_files_of_the_same_runs_are_equal(tmp_path: Path, summary: Results):
    for name in ("one.nc", "two.nc"):
        summary.save(tmp_path / name)
    assert (tmp_path / "one.nc").read_bytes() == (tmp_path / "two.nc").read_bytes()


@pytest.mark.parametrize("error", [KeyboardInterrupt(), OSError(28, "No space left on device"), SystemExit(143)])
def test_an_interrupted_save_leaves_what_was_there(
    tmp_path: Path, summary: Results, monkeypatch: pytest.MonkeyPatch, error: BaseException
):
    (tmp_path / "runs.nc").write_text("older")

    def fail(path: Path, content: bytes) -> None:
        with path.open("wb") as stream:
            stream.write(content[:1000])
        raise error

    monkeypatch.setattr(Path, "write_bytes", fail)
    with pytest.raises(type(error)):
        summary.save(tmp_path / "runs.nc")
    assert os.listdir(tmp_path) == ["runs.nc"]
    assert (tmp_path / "runs.nc").read_text() == "older"


def test_a_full_disk_leaves_no_file(tmp_path: Path, summary: Results):
    """Files limited to 64 kB stand for a full disk."""
    resource = pytest.importorskip("resource")
    signal = pytest.importorskip("signal")
    old_limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    old_handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (65536, old_limit[1]))
    try:
        with pytest.raises(OSError, match="too large"):
            summary.save(tmp_path / "runs.nc")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old_limit)
        signal.signal(signal.SIGXFSZ, old_handler)
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("content", [b"", b"not a netCDF file", None])
def test_a_file_without_results_is_refused(tmp_path: Path, content: bytes | None):
    path = tmp_path / "runs.nc"
    if content is None:
        xr.Dataset({"x": ("y", [1.0])}).to_netcdf(path, engine="h5netcdf")
    else:
        path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        load_results(path)
    (problem,) = caught.value.problems
    assert (problem.file, problem.kind) == (str(path), "no_results")


@pytest.mark.parametrize("path", [None, 5])
def test_what_names_no_file_is_refused(path: object):
    with pytest.raises(InputError) as caught:
        load_results(path)  # type: ignore[arg-type]
    assert caught.value.problems[0].kind == "not_a_path"


def test_a_missing_file_is_refused(tmp_path: Path):
    with pytest.raises(InputError, match="there is no such file"):
        load_results(tmp_path / "none.nc")


def test_altered_numbers_are_noticed(tmp_path: Path, summary: Results):
    altered = summary.dataset.copy(deep=True)
    altered["offer"][0, 0, 0] = 3
    replace(summary, dataset=altered).save(tmp_path / "runs.nc")
    with pytest.raises(InputError) as caught:
        load_results(tmp_path / "runs.nc")
    assert caught.value.problems[0].kind == "altered"


def test_another_version_is_noted_not_refused(tmp_path: Path, summary: Results):
    old = summary.dataset.assign_attrs(version="0.0.1", data_digest="0" * 64)
    replace(summary, dataset=old).save(tmp_path / "runs.nc")
    loaded = load_results(tmp_path / "runs.nc")
    for language, word in (("en", "version"), ("zh", "版本")):
        note = loaded.note(language)
        assert "0.0.1" in note
        assert word in note
        assert "0" * 64 in note


def test_a_note_in_an_unknown_language_is_refused(summary: Results):
    with pytest.raises(InputError) as caught:
        summary.note("fr")
    (problem,) = caught.value.problems
    assert (problem.field, problem.kind, problem.allowed) == ("language", "unknown_name", "en, zh")


def test_a_scenario_with_everything_survives_saving(tmp_path: Path):
    everything = {
        "coalitions": [{"name": "club", "bodies": ["ASEAN"], "pledge_effort": {"solidarity": 2.0}}],
        "events": [{"name": "storm, “big”", "year": 2030, "scope": ["FJI"], "resources_lost": 0.5}],
        "members": {"BGD": {"ldc": False, "from": 2027}},
    }
    scenario: Scenario = load_scenario("baiji-returns", set=everything)
    simulate(scenario, 1, keep="summary").save(tmp_path / "runs.nc")
    assert load_results(tmp_path / "runs.nc").scenario == scenario


def assert_close(found: xr.DataArray, expected: xr.DataArray) -> None:
    np.testing.assert_allclose(found.transpose(*expected.dims), expected, rtol=ROUNDING, atol=ROUNDING)
