"""Tables of points are read as people and stores write them, or refused in one line that names the cause."""

from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from foresight.errors import InputError, Problem
from foresight.experiments.experiment import Experiment
from foresight.experiments.loading import load_experiment
from foresight.experiments.points import read_points
from foresight.experiments.sweep import sweep
from foresight.texts import drafts, languages

POINTS = pd.DataFrame({"delivery_rate": [0.2, 0.5], "linking": [0.0, 1.5]})


def problems_of(path: Path, content: str | None = None) -> list[Problem]:
    if content is not None:
        path.write_text(content, "utf-8")
    with pytest.raises(InputError) as caught:
        read_points(path)
    assert all(problem.message(language) for problem in caught.value.problems for language in (*languages(), *drafts()))
    return list(caught.value.problems)


def same(path: Path) -> bool:
    pd.testing.assert_frame_equal(pd.DataFrame(read_points(path)), POINTS)
    return True


def workbook(path: Path, *rows: list[object]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def test_points_are_read_from_text_parquet_and_workbooks(tmp_path: Path):
    POINTS.to_csv(tmp_path / "points.csv", index=False)
    POINTS.to_parquet(tmp_path / "points.parquet", index=False)
    workbook(tmp_path / "points.xlsx", [*POINTS], *POINTS.to_numpy().tolist())
    assert all(same(tmp_path / f"points.{ending}") for ending in ("csv", "parquet", "xlsx"))


def test_numbers_are_read_to_their_last_bit(tmp_path: Path):
    """Of which pandas 2 reads four in ten otherwise, unless it is told to."""
    numbers = np.random.default_rng(1).uniform(0.2, 0.8, 200)
    points = pd.DataFrame({"delivery_rate": numbers})
    points.to_csv(tmp_path / "points.csv", index=False)
    np.testing.assert_array_equal(read_points(tmp_path / "points.csv")["delivery_rate"], numbers)


@pytest.mark.costly
def test_points_of_a_store_are_taken_as_they_are(tmp_path: Path):
    head = 'scenarios = ["historical-pace", "baiji-returns"]\nreplicates = 1\n'
    varied = "[uncertainties]\ndelivery_rate = [0.2, 0.4]\ntrust_gain = true\n"
    first = experiment(tmp_path / "first.toml", f'{head}{varied}[sampler]\nmethod = "latin_hypercube"\nn = 3\n')
    sweep(first, tmp_path / "store")
    words = f'{head}[sampler]\nmethod = "table"\nfile = "store/points.parquet"\n'
    pd.testing.assert_frame_equal(experiment(tmp_path / "again.toml", words).table(), first.table())


def experiment(path: Path, words: str) -> Experiment:
    path.write_text(f'id = "{path.stem}"\n{words}', "utf-8")
    return load_experiment(path)


def test_scenarios_with_different_points_are_refused(tmp_path: Path):
    (found,) = problems_of(tmp_path / "p.csv", "point,scenario,linking\n0,a,0.5\n1,b,0.7\n")
    assert (found.field, found.kind) == ("scenario", "points_differ")


@pytest.mark.parametrize("ending", ["csv", "parquet", "xlsx"])
def test_an_empty_cell_is_named_by_its_row(tmp_path: Path, ending: str):
    path = tmp_path / f"points.{ending}"
    holes = pd.DataFrame({"delivery_rate": [0.2, np.nan, 0.3, np.nan], "linking": [0.0, 1.5, 0.2, 9.0]})
    if ending == "csv":
        path.write_text("delivery_rate,linking\n0.2,0.0\n\n,1.5\n0.3,0.2\n,9.0\n")
    elif ending == "parquet":
        holes.to_parquet(path, index=False)
    else:
        workbook(path, [*holes], [0.2, 0.0], [], [None, 1.5], [0.3, 0.2], [None, 9.0])
    empty, range_of_other = problems_of(path)
    row = 2 if ending == "parquet" else 4
    assert (empty.field, empty.kind, empty.details) == (f"delivery_rate[{row}]", "empty_rows", {"count": 2})
    assert (range_of_other.field, range_of_other.kind) == ("design.linking", "out_of_range")


@pytest.mark.parametrize(
    ("content", "field", "kind", "given"),
    [
        ("delivery_rate;linking\n0.2;0.0\n0.5;1.5\n", "", "other_separator", ";"),
        ("delivery_rate;linking\n0,2;0,0\n0,5;1,5\n", "", "other_separator", ";"),
        ("delivery_rate\tlinking\n0.2\t0.0\n", "", "other_separator", "tab"),
        ("Points, made by hand\n\ndelivery_rate,linking\n0.2,0.0\n", "[3]", "header_below", ""),
        ("Points\ndelivery_rate;linking\n0.2;0.0\n", "", "other_separator", ";"),
        ('delivery_rate,linking\n"0,2","0,0"\n"0,5",1.5\n', "delivery_rate[2]", "decimal_commas", '"0,2"'),
        ("delivery_rate,linking\n0.2,0.0\n0,5,1,5\n", "[3]", "decimal_commas", "0,5,1,5"),
        ("delivery_rate,linking\n0,2,0,0\n0,5,1,5\n", "[2]", "decimal_commas", "0,2,0,0"),
        ("delivery_rate,linking\n0.2,0.0,remark\n", "[2]", "extra_cells", "0.2,0.0,remark"),
        ("delivery_rate,linking\n0.2,0.0\nhigh,1.5\n", "delivery_rate[3]", "not_a_number", '"high"'),
        ("delivery_rate,linking\n", "", "no_points", ""),
        ("", "", "no_table", "No columns to parse from file"),
    ],
)
def test_the_cause_is_named_in_one_line(tmp_path: Path, content: str, field: str, kind: str, given: str):
    found = problems_of(tmp_path / "points.csv", content)[0]
    assert (found.field, found.kind, found.given) == (field, kind, given)
    assert len(problems_of(tmp_path / "points.csv")) == (2 if given == '"0,2"' else 1)


def test_a_header_below_a_title_in_a_workbook_is_named(tmp_path: Path):
    (found,) = problems_of(workbook(tmp_path / "p.xlsx", ["Points"], [], [*POINTS], [0.2, 0.0]))
    assert (found.field, found.kind) == ("[3]", "header_below")


def test_another_ending_is_refused_with_those_that_are_read(tmp_path: Path):
    (found,) = problems_of(tmp_path / "points.ods")
    assert (found.kind, found.given, found.allowed) == ("unknown_ending", '".ods"', ".csv, .parquet, .xlsx")
