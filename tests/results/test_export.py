"""Exports: complete, whole or not at all, and readable by others."""

import csv
import os
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from foresight import Results, simulate
from foresight.results import export, metrics
from foresight.results.export import IAMC_UNITS, IAMC_VARIABLES, to_csv, to_iamc, to_xlsx
from foresight.results.outcomes import OUTCOMES
from foresight.scenario.loading import load_scenario


@pytest.fixture(scope="module")
def results() -> Results:
    return simulate("drifting-apart", 4, keep="summary")


def test_csv_has_every_outcome_as_the_tables_have_it(results: Results, tmp_path: Path):
    to_csv(results, tmp_path / "runs.csv")
    table = pd.read_csv(tmp_path / "runs.csv")
    assert set(table["outcome"]) == set(OUTCOMES)
    assert table["unit"].notna().all()
    trust = metrics.trust(results)
    rows = table[table["outcome"] == "trust"]
    # pandas 2 reads a number back to within one unit in the last place
    np.testing.assert_allclose(rows[["median", "p10", "p90"]], trust[["median", "p10", "p90"]], rtol=1e-15)
    assert rows["scope"].tolist() == trust["scope"].tolist()


def test_csv_in_a_folder_has_every_table_and_where_it_comes_from(results: Results, tmp_path: Path):
    to_csv(results, tmp_path)
    assert {path.stem for path in tmp_path.iterdir()} == {"outcomes", *export.tables(results)}
    provenance = pd.read_csv(tmp_path / "provenance.csv").set_index("name")["value"]
    assert provenance["scenario_digest"] == results.scenario.digest()


@pytest.mark.costly
def test_a_workbook_has_every_table(results: Results, tmp_path: Path):
    to_xlsx(results, tmp_path / "runs.xlsx")
    book = openpyxl.load_workbook(tmp_path / "runs.xlsx", read_only=True)
    assert set(book.sheetnames) == {export.DATA, export.META, *export.tables(results)}
    for name, table in export.tables(results).items():
        rows = list(book[name].iter_rows(values_only=True))
        assert list(rows[0]) == table.columns.tolist()
        assert len(rows) == len(table) + 1
    book.close()


def test_every_outcome_has_a_name_and_a_unit_for_others():
    assert set(IAMC_VARIABLES) == set(OUTCOMES)
    assert {outcome.unit for outcome in OUTCOMES.values()} == set(IAMC_UNITS)


@pytest.mark.costly
def test_the_wide_table_loads_in_pyam_without_a_warning(
    results: Results, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what pyam's own imports warn of
        pyam = pytest.importorskip("pyam")
    table = to_iamc(results, tmp_path / "runs.csv")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", "The inplace keyword")  # pandas 3.1 of what pyam 4.0 does itself
        loaded = [pyam.IamDataFrame(table), pyam.IamDataFrame(tmp_path / "runs.csv")]
        assert loaded[0].equals(loaded[1])
        found = loaded[0].filter(variable="Trust|Median", region="South-East Asia").data
    assert caplog.records == []
    assert len(loaded[0].variable) == table["Variable"].nunique()
    trust = metrics.trust(results, ["SEA"]).set_index("year")["median"]
    np.testing.assert_array_equal(found["value"], trust.loc[found["year"]])


def test_the_wide_table_has_one_row_for_each_variable_and_region(results: Results):
    table = to_iamc(results)
    assert list(table.columns[:5]) == ["Model", "Scenario", "Region", "Variable", "Unit"]
    assert table.columns[5:].tolist() == list(range(2017, 2041))
    assert not table.duplicated(["Region", "Variable"]).any()
    assert "Action|Transparency|Delivered|Rung 1|Median" in set(table["Variable"])
    money = table["Variable"].str.startswith("Finance|") & ~table["Variable"].str.contains("Coverage")
    assert set(table.loc[money, "Unit"]) == {"unit of account"}


@pytest.mark.costly
@pytest.mark.parametrize("write", [to_csv, to_xlsx])
def test_an_interrupted_export_leaves_no_file(
    results: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: Callable[..., None]
):
    def fail(path: Path, _: bytes) -> None:
        path.write_text("half")
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "write_bytes", fail)
    with pytest.raises(KeyboardInterrupt):
        write(results, tmp_path / "runs")
    assert os.listdir(tmp_path) == []


TITLE = "=1+1"


@pytest.fixture(scope="module")
def titled() -> Results:
    return simulate(load_scenario("drifting-apart", set={"title.en": TITLE}), 4, keep="summary")


@pytest.mark.costly
def test_no_cell_of_a_workbook_is_a_formula(titled: Results, tmp_path: Path):
    to_xlsx(titled, tmp_path / "runs.xlsx")
    cells = [cell for sheet in openpyxl.load_workbook(tmp_path / "runs.xlsx") for row in sheet.rows for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr", "n"}
    assert sum(cell.value == TITLE for cell in cells) == len(to_iamc(titled)) + 2  # and in two tables of its origin


def test_no_cell_of_csv_is_a_formula(titled: Results, tmp_path: Path):
    to_csv(titled, tmp_path)
    to_iamc(titled, tmp_path / "wide.csv")
    files = {path.stem: path.read_text("utf-8") for path in tmp_path.glob("*.csv")}
    assert f"\ntitle,'{TITLE}\n" in files["provenance"]
    assert files["wide"].count(f",'{TITLE},") == len(to_iamc(titled))
    cells = [cell for text in files.values() for row in csv.reader(text.splitlines()) for cell in row]
    assert {cell for cell in cells if cell.startswith(("=", "+", "@"))} == set()
    assert all(float(cell) < 0 for cell in cells if cell.startswith("-"))
