"""Cells of tables that other programs open are never formulas."""

import ast
from pathlib import Path

import foresight_ui
import pandas as pd
import pytest

import foresight
from foresight.cells import csv_text, guarded


@pytest.mark.parametrize("text", ["=1+1", "+cell", "-cell", "@cell", "\t=1", "\r=1", "\n=1", "＝1", "－", "-", "-1+A1"])
def test_a_text_that_could_be_a_formula_has_the_mark_of_a_text_before_it(text: str):
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize(
    "cell", ["", "a=b", "'", "–", "-1.5", "+0.25", "-1,234.5", "-1e-05", "+12%", "-0.3 … -0.1", -2, -2.5, None, True]
)
def test_numbers_and_other_texts_are_left_alone(cell: object):
    assert guarded(cell) is cell


def test_every_text_of_a_table_is_guarded_and_numbers_are_as_they_were():
    table = pd.DataFrame({"=name": ["=1", None], 2030: [-1.5, float("nan")], "kind": pd.Categorical(["@a", "b"])})
    assert csv_text(table) == "'=name,2030,kind\n'=1,-1.5,'@a\n,,b\n"


def test_nothing_else_writes_csv():
    packages = [Path(package.__file__).parent for package in (foresight, foresight_ui)]
    for path in (path for package in packages for path in package.rglob("*.py") if path.name != "cells.py"):
        called = [node.func for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
        methods = {(node.attr, ast.unparse(node.value)) for node in called if isinstance(node, ast.Attribute)}
        assert not [of for name, of in methods if name == "to_csv" or (name, of) == ("writer", "csv")], path
