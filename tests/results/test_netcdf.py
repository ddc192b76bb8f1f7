"""Files of netCDF: as the conventions have them, as the field's tools read them, and back."""

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import h5py
import numpy as np
import pytest
import xarray as xr

from foresight import InputError, Results, load_results, load_scenario, simulate
from foresight.facts.members import member_codes
from foresight.results.datasets import MEMBERS, SERIES

RUNS = 5


@pytest.fixture(scope="module")
def members() -> Results:
    return simulate("drifting-apart", RUNS)


@pytest.fixture(scope="module")
def summary() -> Results:
    return simulate("drifting-apart", RUNS, keep="summary")


@pytest.fixture(scope="module", params=["members", "summary"])
def saved(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Results, Path]:
    results: Results = request.getfixturevalue(request.param)
    path = tmp_path_factory.mktemp(request.param) / "runs.nc"
    results.save(path)
    return results, path


def opened(path: Path) -> xr.Dataset:
    return xr.load_dataset(path, engine="h5netcdf")


# The conventions -------------------------------------------------------------------------------------------------


def test_a_file_says_which_conventions_it_keeps(saved: tuple[Results, Path]):
    attributes = opened(saved[1]).attrs
    assert (attributes["Conventions"], attributes["format"]) == ("CF-1.8", "2")
    assert attributes["title"] == "Drifting apart"
    assert attributes["history"] == f"foresight-escap {attributes['version']}"


def test_time_is_the_first_day_of_each_year_and_comes_first(saved: tuple[Results, Path]):
    file = opened(saved[1])
    assert file["time"].dt.strftime("%m-%d").values.tolist() == ["01-01"] * 24
    assert file["time"].dt.year.values.tolist() == file["year"].values.tolist() == list(range(2017, 2041))
    assert all((array.dims[0], array.dims[-1]) == ("time", "replicate") for array in file.data_vars.values())
    with h5py.File(saved[1]) as raw:
        assert raw["time"].maxshape == (None,)  # what NCO takes means along


def test_units_are_those_of_udunits_and_their_prose_stands_in_the_name(saved: tuple[Results, Path]):
    file = opened(saved[1])
    units = {name: array.attrs["units"] for name, array in file.data_vars.items()}
    assert set(units.values()) <= {"1", "year"}
    assert [name for name in units if units[name] == "year"] == (["waiting"] if "waiting" in file else [])
    assert "not dollars" in file["own"].attrs["long_name"]
    assert all(array.attrs["long_name"] for array in file.variables.values())


def test_no_variable_has_more_dimensions_than_cdo_reads_and_none_is_of_whole_numbers(saved: tuple[Results, Path]):
    file = opened(saved[1])
    assert all(array.ndim <= 4 and array.dtype.kind == "f" for array in file.data_vars.values())


def test_every_rung_has_counts_of_its_own(summary: Results, tmp_path: Path):
    summary.save(tmp_path / "runs.nc")
    file = opened(tmp_path / "runs.nc")
    for rung in (1, 2, 3, 4):
        of_rung = file[f"delivered_count_rung_{rung}"]
        expected = summary.dataset["delivered_count"].sel(rung=rung).transpose("year", ..., "replicate")
        np.testing.assert_array_equal(of_rung, expected)
        assert of_rung.attrs["long_name"] == f"members that have delivered the rung, rung {rung} (members)"


def test_labels_are_characters_and_no_attribute_is_a_list_of_texts(saved: tuple[Results, Path]):
    with h5py.File(saved[1]) as raw:
        assert raw["action"].dtype == np.dtype("S1")
        assert raw["action"].shape == (5, len("transformation"))
        own = [
            (name, value)
            for one in (raw, *raw.values())
            for name, value in one.attrs.items()
            if name not in ("CLASS", "NAME", "DIMENSION_LIST", "REFERENCE_LIST", "_Netcdf4Coordinates")
        ]
    assert {name for name, value in own if isinstance(value, np.ndarray)} <= {"flag_values", "_Netcdf4Dimid"}
    assert {name for name, value in own if isinstance(value, str)} <= {"scenario_toml", "scenario_extends"}


def test_labels_are_texts_again_for_xarray(saved: tuple[Results, Path]):
    results, path = saved
    file = opened(path)
    assert file["action"].values.tolist() == results.dataset["action"].values.tolist()
    if results.keep == "members":
        assert file["member"].values.tolist() == list(member_codes())
        assert file["trust"].sel(member="FJI", time="2030-01-01").shape == (RUNS,)


def test_signs_of_other_alphabets_survive_and_can_be_printed(tmp_path: Path):
    titled = load_scenario("drifting-apart", set={"title.en": "Été, 渐行渐远"})
    simulate(titled, 1, keep="summary").save(tmp_path / "runs.nc")
    file = opened(tmp_path / "runs.nc")
    assert file.attrs["title"] == "Été, 渐行渐远"
    assert "渐行渐远" in repr(file)
    assert load_results(tmp_path / "runs.nc").scenario == titled


def test_a_scenario_of_any_length_survives(tmp_path: Path):
    storm = {"year": 2030, "scope": ["FJI"], "resources_lost": 0.5, "source": "a long story " * 15}
    events = [{"name": f"storm {at}", **storm} for at in range(250)]
    long = load_scenario("drifting-apart", set={"events": events})
    assert len(long.to_toml()) > 65_536  # bytes that HDF5 has room for in the head of a file
    simulate(long, 1, keep="summary").save(tmp_path / "runs.nc")
    assert load_results(tmp_path / "runs.nc").scenario == long


# Back ------------------------------------------------------------------------------------------------------------


def test_a_file_of_format_1_is_read_as_before(members: Results, summary: Results, tmp_path: Path):
    for results in (members, summary):
        scenario = results.scenario
        words = {"scenario_toml": scenario.to_toml(), "scenario_extends": "\n".join(scenario.extends)}
        results.dataset.assign_attrs(words).to_netcdf(tmp_path / "old.nc", engine="h5netcdf")
        loaded = load_results(tmp_path / "old.nc")
        xr.testing.assert_identical(loaded.dataset, results.dataset)
        assert loaded.scenario == scenario


def test_a_file_that_xarray_wrote_anew_is_read(saved: tuple[Results, Path], tmp_path: Path):
    opened(saved[1]).to_netcdf(tmp_path / "again.nc", engine="h5netcdf")
    xr.testing.assert_identical(load_results(tmp_path / "again.nc").dataset, saved[0].dataset)


def problems(path: Path) -> list[tuple[str, str, str, str]]:
    with pytest.raises(InputError) as caught:
        load_results(path)
    assert {problem.file for problem in caught.value.problems} == {str(path)}
    return [(one.field, one.kind, one.given, one.allowed) for one in caught.value.problems]


REDUCED: list[tuple[Callable[[xr.Dataset], xr.Dataset], tuple[str, str, str, str]]] = [
    (lambda file: file.isel(replicate=0), ("replicate", "no_dimension", "", "")),
    (lambda file: file.mean("replicate", keep_attrs=True), ("replicate", "no_dimension", "", "")),
    (lambda file: file.mean("action", keep_attrs=True), ("action", "no_dimension", "", "")),
    (lambda file: file.isel(replicate=[0, 1]), ("replicate", "part_of_dimension", "2", str(RUNS))),
    (lambda file: file.isel(time=slice(3)), ("time", "part_of_dimension", "3", "24")),
    (lambda file: file.isel(subregion=slice(None, None, -1)), ("subregion", "part_of_dimension", "5", "5")),
]


@pytest.mark.parametrize(("reduce", "problem"), REDUCED)
def test_a_dimension_that_others_took_away_is_named(
    saved: tuple[Results, Path],
    tmp_path: Path,
    reduce: Callable[[xr.Dataset], xr.Dataset],
    problem: tuple[str, str, str, str],
):
    reduce(opened(saved[1])).to_netcdf(tmp_path / "less.nc", engine="h5netcdf")
    assert problems(tmp_path / "less.nc") == [problem]


def test_a_dimension_taken_from_a_file_of_format_1_is_named(members: Results, tmp_path: Path):
    words = {"scenario_toml": members.scenario.to_toml(), "scenario_extends": ""}
    members.dataset.assign_attrs(words).isel(year=0).to_netcdf(tmp_path / "old.nc", engine="h5netcdf")
    assert problems(tmp_path / "old.nc") == [("year", "no_dimension", "", "")]


def test_variables_that_others_left_out_are_named(saved: tuple[Results, Path], tmp_path: Path):
    opened(saved[1])[["trust"]].to_netcdf(tmp_path / "less.nc", engine="h5netcdf")
    lost = {field for field, kind, *_ in problems(tmp_path / "less.nc") if kind == "no_variable"}
    assert lost == set(opened(saved[1]).data_vars) - {"trust"}


@pytest.mark.parametrize("value", [0.5, np.nan, 300.0])
def test_what_is_no_whole_number_is_named(members: Results, tmp_path: Path, value: float):
    members.save(tmp_path / "runs.nc")
    file = opened(tmp_path / "runs.nc")
    file["pledged"][3, 2, 1, 0] = value
    file.to_netcdf(tmp_path / "altered.nc", engine="h5netcdf")
    assert problems(tmp_path / "altered.nc") == [("pledged", "altered", "", "")]


@pytest.mark.parametrize(
    ("name", "value", "field", "kind"),
    [
        ("seed", "one", "", "no_results"),
        ("replicates", "0", "replicates", "out_of_range"),
        ("effects", "some", "effects", "unknown_name"),
        ("scenario_toml", "title = [", "", "no_results"),
    ],
)
def test_attributes_that_make_no_sense_are_refused(
    saved: tuple[Results, Path], tmp_path: Path, name: str, value: str, field: str, kind: str
):
    opened(saved[1]).assign_attrs({name: value}).to_netcdf(tmp_path / "runs.nc", engine="h5netcdf")
    with pytest.raises(InputError) as caught:
        load_results(tmp_path / "runs.nc")
    assert [(problem.field, problem.kind) for problem in caught.value.problems] == [(field, kind)]


def test_no_error_of_a_library_is_shown(tmp_path: Path):
    """A file of HDF5 in which a scale stands for a dimension of another length, among other things."""
    with h5py.File(tmp_path / "strange.nc", "w") as raw:
        raw["member"] = np.arange(3)
        raw["trust"] = np.zeros((2, 3))
        raw["trust"].attrs["_Netcdf4Dimid"] = "first"
        raw["member"].attrs["_Netcdf4Dimid"] = h5py.Empty("f")
        raw["member"].make_scale("member")
        raw["nothing"] = h5py.Empty("f")
    assert problems(tmp_path / "strange.nc")[0][:2] == ("", "no_results")


# The field's tools -----------------------------------------------------------------------------------------------


def needs(*tools: str) -> pytest.MarkDecorator:
    absent = [tool for tool in tools if shutil.which(tool) is None]
    return pytest.mark.skipif(bool(absent), reason=f"not installed: {', '.join(absent)}")


def called(*words: object) -> str:
    return subprocess.run([*map(str, words)], check=True, capture_output=True, text=True).stdout


@needs("ncdump")
@pytest.mark.costly
def test_ncdump_shows_every_variable(saved: tuple[Results, Path]):
    head = called("ncdump", "-h", saved[1])
    assert all(f" {name}(" in head for name in opened(saved[1]).variables)


@needs("cdo")
@pytest.mark.costly
def test_cdo_reads_every_variable_and_its_copies_are_results(saved: tuple[Results, Path], tmp_path: Path):
    results, path = saved
    assert called("cdo", "-s", "showname", path).split() == [str(name) for name in opened(path).data_vars]
    called("cdo", "-s", "copy", path, tmp_path / "copy.nc")
    xr.testing.assert_equal(load_results(tmp_path / "copy.nc").dataset, results.dataset)


@needs("ncks", "ncra")
@pytest.mark.costly
def test_nco_rounds_no_mean_and_its_copies_are_results(saved: tuple[Results, Path], tmp_path: Path):
    results, path = saved
    called("ncks", path, tmp_path / "copy.nc")
    xr.testing.assert_equal(load_results(tmp_path / "copy.nc").dataset, results.dataset)
    called("ncra", path, tmp_path / "mean.nc")
    expected = results.dataset["offer"].mean("year").transpose(..., "replicate")
    assert (expected % 1 != 0).any()
    np.testing.assert_allclose(opened(tmp_path / "mean.nc")["offer"][0], expected, rtol=1e-6)  # single precision


def test_the_names_of_files_are_those_of_memory_but_for_rungs(members: Results, summary: Results, tmp_path: Path):
    for results, kind in ((members, MEMBERS), (summary, SERIES)):
        results.save(tmp_path / "runs.nc")
        names = {str(name).partition("_rung_")[0] for name in opened(tmp_path / "runs.nc").data_vars}
        assert names == set(kind)


def test_other_numbers_of_the_same_kind_are_noticed(summary: Results, tmp_path: Path):
    altered = summary.dataset.copy(deep=True)
    altered["offer"][0, 0, 0] = 3
    replace(summary, dataset=altered).save(tmp_path / "runs.nc")
    assert problems(tmp_path / "runs.nc") == [("", "altered", "", "")]
