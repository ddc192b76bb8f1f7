"""Tables of the IAMC: what pyam and nomenclature make of them, and what is read back."""

import gc
import json
import runpy
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest

from foresight import InputError, Results, load_scenario, simulate
from foresight.facts.bodies import body_table
from foresight.facts.members import member_table
from foresight.facts.scopes import SCOPES
from foresight.results.export import IAMC_UNITS, future_name, metadata_path, to_csv, to_iamc, to_xlsx
from foresight.results.iamc import DEFINITIONS, load_iamc

CODELISTS = Path(__file__).parents[2] / ".github" / "codelists.py"


@pytest.fixture(scope="module")
def results() -> Results:
    return simulate("historical-pace", 4)


@pytest.fixture(scope="module")
def slower() -> Results:
    return simulate(load_scenario("historical-pace", set={"uncertainties.delivery_rate": 0.2}), 4, keep="summary")


@pytest.fixture(scope="module")
def pyam() -> ModuleType:
    with old_ways():
        module: ModuleType = pytest.importorskip("pyam")
        return module


@contextmanager
def old_ways() -> Iterator[None]:
    """Let pyam 4.0 do what pandas 3.1 warns of."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def loaded(pyam: ModuleType, source: Any) -> Any:
    with old_ways():
        read = pyam.IamDataFrame(source)
        gc.collect()  # it leaves workbooks open, of which Python warns
        return read


def test_no_cell_is_empty_also_where_a_scope_has_no_gap(results: Results):
    table = to_iamc(results, scopes=(*SCOPES, "ASEAN", "FJI"))
    assert table.notna().all(axis=None)
    coverage = table[table["Variable"] == "Finance|Coverage|Median"]
    assert coverage["Region"].tolist() == ["Asia and the Pacific"]


def test_a_body_has_rows_by_its_name(results: Results):
    table = to_iamc(results, scopes=["ASEAN"])
    assert "Association of Southeast Asian Nations" in set(table["Region"])


def test_two_futures_have_two_names(results: Results, slower: Results):
    assert future_name(results.scenario) == "Historical pace"
    assert future_name(slower.scenario) == f"Historical pace ({slower.scenario.digest()[:8]})"
    keys = ["Model", "Scenario", "Region", "Variable"]
    assert not pd.concat([to_iamc(results), to_iamc(slower)]).duplicated(keys).any()


def test_beside_csv_stands_where_it_comes_from(slower: Results, tmp_path: Path):
    for write in (to_csv, to_iamc):
        write(slower, tmp_path / "runs.csv")
        told = json.loads(metadata_path(tmp_path / "runs.csv").read_text("utf-8"))
        assert told["url"] == "runs.csv"
        assert told["@context"] == "http://www.w3.org/ns/csvw"
        (notes,) = told["notes"]
        attributes = slower.dataset.attrs
        assert {name: notes[name] for name in ("scenario", "scenario_digest", "version", "seed")} == {
            "scenario": "historical-pace",
            "scenario_digest": slower.scenario.digest(),
            "version": attributes["version"],
            "seed": "1",
        }
        metadata_path(tmp_path / "runs.csv").unlink()


# pyam ------------------------------------------------------------------------------------------------------------


@pytest.mark.costly
def test_pyam_reads_the_workbook_with_what_is_known_of_its_future(pyam: ModuleType, slower: Results, tmp_path: Path):
    to_xlsx(slower, tmp_path / "runs.xlsx")
    read = loaded(pyam, tmp_path / "runs.xlsx")
    assert read.scenario == [future_name(slower.scenario)]
    assert len(read.data) == to_iamc(slower).iloc[:, 5:].size
    assert read.data["value"].notna().all()
    meta = read.meta.iloc[0]
    assert meta["foresight_scenario_digest"] == slower.scenario.digest()
    assert (meta["foresight_seed"], meta["foresight_version"]) == (1, slower.dataset.attrs["version"])


@pytest.mark.costly
def test_pyam_puts_two_futures_together(pyam: ModuleType, results: Results, slower: Results, tmp_path: Path):
    for name, one in (("a.csv", results), ("b.csv", slower)):
        to_iamc(one, tmp_path / name)
    read = [loaded(pyam, tmp_path / name) for name in ("a.csv", "b.csv")]
    assert all(one.data["value"].notna().all() for one in read)
    with old_ways():
        assert sorted(pyam.concat(read).scenario) == sorted(map(future_name, (results.scenario, slower.scenario)))


@pytest.mark.costly
def test_a_title_that_looks_like_a_formula_is_text_for_pyam(pyam: ModuleType, tmp_path: Path):
    title = "=2030 and beyond"
    titled = simulate(load_scenario("drifting-apart", set={"title.en": title}), 2, keep="summary")
    to_xlsx(titled, tmp_path / "runs.xlsx")
    book = openpyxl.load_workbook(tmp_path / "runs.xlsx")
    assert not [cell for sheet in book for row in sheet.rows for cell in row if cell.data_type == "f"]
    assert loaded(pyam, tmp_path / "runs.xlsx").scenario == [title]


@pytest.mark.costly
def test_nomenclature_has_no_remark_on_any_scope(pyam: ModuleType, results: Results, tmp_path: Path):
    reason = "nomenclature-iamc is not installed"
    nomenclature = pytest.importorskip("nomenclature", reason=reason)
    to_xlsx(results, tmp_path / "runs.xlsx", (*SCOPES, *body_table().index, *results.scenario.members().index))
    nomenclature.DataStructureDefinition(Path(str(DEFINITIONS))).validate(loaded(pyam, tmp_path / "runs.xlsx"))


# Codelists -------------------------------------------------------------------------------------------------------


def test_codelists_are_those_of_the_declarations():
    declared: dict[str, str] = runpy.run_path(str(CODELISTS))["files"]()
    shipped = {name: DEFINITIONS.joinpath(name).read_text("utf-8") for name in declared}
    assert shipped == declared


def test_codelists_have_every_variable_unit_and_region(results: Results):
    yaml = pytest.importorskip("yaml")
    everybody = (*SCOPES, *body_table().index, *results.scenario.members().index)
    table = to_iamc(results, scopes=everybody)
    variables = yaml.safe_load(DEFINITIONS.joinpath("variable", "variables.yaml").read_text("utf-8"))
    units = {name: entry["unit"] for one in variables for name, entry in one.items()}
    assert dict(zip(table["Variable"], table["Unit"], strict=True)) == units
    assert set(units.values()) == set(IAMC_UNITS.values())
    heads = yaml.safe_load(DEFINITIONS.joinpath("region", "regions.yaml").read_text("utf-8"))
    entries = [entry for head in heads for below in head.values() for entry in below]
    names = [entry if isinstance(entry, str) else next(iter(entry)) for entry in entries]
    assert len(names) == len(set(names))
    assert set(table["Region"]) == set(names)
    codes = [entry[next(iter(entry))]["iso3"] for entry in entries if not isinstance(entry, str)]
    assert codes == member_table().index.tolist()


def test_nomenclature_refuses_semicolons_so_that_there_are_none():
    texts = [
        DEFINITIONS.joinpath(name).read_text("utf-8") for name in ("region/regions.yaml", "variable/variables.yaml")
    ]
    assert not any(";" in text for text in texts)


# Back ------------------------------------------------------------------------------------------------------------


@pytest.mark.costly
def test_tables_are_read_back_as_they_were_written(results: Results, slower: Results, tmp_path: Path):
    for one in (results, slower):
        table = to_iamc(one, tmp_path / "runs.csv")
        to_xlsx(one, tmp_path / "runs.xlsx")
        for read in (load_iamc(tmp_path / "runs.csv"), load_iamc(tmp_path / "runs.xlsx")):
            assert read.columns.tolist() == table.columns.tolist()
            pd.testing.assert_frame_equal(read.iloc[:, :5], table.iloc[:, :5])
            np.testing.assert_allclose(read.iloc[:, 5:], table.iloc[:, 5:], rtol=1e-15)  # a workbook keeps 16 digits


def test_a_guarded_title_comes_back_as_it_was(tmp_path: Path):
    titled = simulate(load_scenario("drifting-apart", set={"title.en": "=1+1"}), 1, keep="summary")
    to_iamc(titled, tmp_path / "runs.csv")
    assert set(load_iamc(tmp_path / "runs.csv")["Scenario"]) == {"=1+1"}


@pytest.mark.costly
def test_what_pyam_writes_anew_is_read(pyam: ModuleType, slower: Results, tmp_path: Path):
    table = to_iamc(slower)
    read = loaded(pyam, table)
    with old_ways():
        read.to_csv(tmp_path / "runs.csv")
        read.to_excel(tmp_path / "runs.xlsx")
        read.filter(unit="share").to_netcdf(tmp_path / "runs.nc")  # pyam 4.0 writes tables of one unit alone
    keys = ["Model", "Scenario", "Region", "Variable", "Unit"]
    for name, expected in (("runs.csv", table), ("runs.xlsx", table), ("runs.nc", table[table["Unit"] == "share"])):
        again = load_iamc(tmp_path / name).set_index(keys).sort_index()
        pd.testing.assert_frame_equal(
            again, expected.set_index(keys).sort_index(), rtol=1e-15, check_column_type=False, check_names=False
        )


HEADER = "Model,Scenario,Region,Variable,Unit,2020,2021\n"


@pytest.mark.parametrize(
    ("content", "field", "kind", "given"),
    [
        ("Model,Scenario,Region,Variable,2020\nm,s,r,v,1\n", "Unit", "no_column", ""),
        (f"{HEADER}m,s,r,v,1,2,3\nm,s,r,w,1,x,3\n", "3.2020", "not_a_number", '"x"'),
        (f"{HEADER}m,s,r,v,1,2,3\nm,s,r,v,1,4,5\n", "3", "row_twice", '"s, r, v"'),
        ("", "", "unreadable", "No columns to parse from file"),
    ],
)
def test_what_is_no_table_of_the_iamc_is_refused_with_its_place(
    tmp_path: Path, content: str, field: str, kind: str, given: str
):
    (tmp_path / "x.csv").write_text(content)
    with pytest.raises(InputError) as caught:
        load_iamc(tmp_path / "x.csv")
    (problem,) = caught.value.problems
    assert (problem.file, problem.field, problem.kind, problem.given) == (str(tmp_path / "x.csv"), field, kind, given)


@pytest.mark.parametrize(("name", "kind"), [("x.txt", "unknown_ending"), ("x.csv", "no_such_file"), (5, "not_a_path")])
def test_what_is_no_such_file_is_refused(tmp_path: Path, name: object, kind: str):
    with pytest.raises(InputError) as caught:
        load_iamc(tmp_path / name if isinstance(name, str) else name)  # type: ignore[arg-type]
    assert caught.value.problems[0].kind == kind


def test_an_empty_cell_stays_empty(tmp_path: Path):
    (tmp_path / "x.csv").write_text(f"{HEADER}m,s,r,v,1,,3\n")
    assert load_iamc(tmp_path / "x.csv")[[2020, 2021]].isna().to_numpy().tolist() == [[True, False]]
