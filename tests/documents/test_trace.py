"""Every piece of evidence points at tests and documents that exist."""

import ast
import re

import pytest
from places import ROOT, TESTS

from foresight.cli.commands import VERBS
from foresight.documents.trace import ELEMENTS, evidence, records
from foresight.facts.tables import data_digest
from foresight.texts import Words, drafts, languages


def names_in(file: str) -> set[str]:
    """Return the names of the tests in a file, read and not imported."""
    path = TESTS / file
    body = ast.parse(path.read_text("utf-8")).body if path.is_file() else []
    return {node.name for node in body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


def is_test(name: str) -> bool:
    file, _, function = name.partition("::")
    return function in names_in(file)


def test_every_element_has_evidence():
    assert tuple(dict.fromkeys(one.element for one in records())) == ELEMENTS
    assert len(ELEMENTS) == 8


@pytest.mark.parametrize("name", sorted({name for one in records() for name in one.tests}))
def test_evidence_names_tests_that_exist(name: str):
    assert is_test(name)


@pytest.mark.parametrize(
    "name", ["documents/test_trace.py::test_no_such", "test_trace.py::test_every_element_has_evidence", ""]
)
def test_a_test_that_does_not_exist_would_be_noticed(name: str):
    assert not is_test(name)


@pytest.mark.parametrize("name", sorted({name for one in records() for name in one.documents}))
def test_evidence_names_documents_and_commands_that_exist(name: str):
    verb = name.removeprefix("foresight ").split()[0]
    assert (ROOT / name).is_file() or verb in {one.__name__ for one in VERBS}


def test_every_piece_of_evidence_can_be_followed_and_is_told_once_in_both_languages():
    assert all(one.tests or one.documents for one in records())
    for language in languages():
        said = [one.said(language) for one in records()]
        assert len(set(said)) == len(said)
    assert all(one.en.endswith(".") and one.zh.endswith("。") for one in records())


def test_the_limits_are_all_there():
    told = {found.group() for one in records() if (found := re.match(r"L\d+", one.en))}
    assert told == {f"L{number}" for number in range(1, 14)}


@pytest.mark.parametrize("language", [*languages(), *drafts()])
def test_the_table_has_a_row_for_every_piece_in_the_order_of_the_elements(language: str):
    table = evidence(Words(language))
    assert len(table.rows) == len(records())
    assert tuple(dict.fromkeys(row[0] for row in table.rows)) == tuple(
        Words(language).say(f"trace.{element}") for element in ELEMENTS
    )


def test_evidence_is_no_part_of_what_a_run_reads():
    """Rows can be added without a change of the digest that results carry."""
    folder = ROOT / "foresight" / "data"
    assert (folder / "records" / "trace.toml").is_file()
    assert not (folder / "trace.toml").exists()
    assert len(data_digest()) == 64
