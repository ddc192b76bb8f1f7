"""What is said on how to cite is the same in the citation file, the project's own facts and the page."""

import json
import re
import tomllib
from typing import Any

import golden
import pytest
import typer
import yaml
from places import ROOT

from foresight.cli.main import app
from foresight.parcels.trial import CALL

CITATION: dict[str, Any] = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]

#: The page in one line, as its lines break anywhere.
PAGE = " ".join((ROOT / "notebooks/reference/cite.md").read_text("utf-8").split())


@pytest.mark.parametrize("fact", ["version", "license", "keywords", "authors"])
def test_the_citation_has_the_facts_of_the_project(fact: str):
    assert CITATION[fact] == PROJECT[fact]


def test_the_page_cites_the_program_as_the_citation_does():
    (author,) = CITATION["authors"]
    bibtex = re.search(r"```bibtex (.+?) ```", PAGE)
    assert bibtex
    assert all(fact in bibtex[1] for fact in (author["name"], CITATION["title"], CITATION["version"]))
    apa = f"{author['name']}. (n.d.). {CITATION['title']} (Version {CITATION['version']}) [Computer software]."
    assert apa in PAGE


@pytest.mark.parametrize("reference", CITATION["references"], ids=lambda reference: reference["title"])
def test_the_page_names_every_reference(reference: dict[str, Any]):
    people = [one.get("family-names", one.get("name")) for one in reference["authors"]]
    facts = [*people, f"({reference['year']})", reference["title"], reference.get("doi", "")]
    assert [fact for fact in facts if fact not in PAGE] == []


@pytest.mark.what_now("Is the change of numbers meant? `make golden` writes the digest on the page.")
def test_the_page_names_a_run_by_the_digest_that_it_has():
    assert f"foresight {' '.join(CALL)}" in PAGE
    assert json.loads(golden.path("baiji-returns").read_text("utf-8"))["result_digest"] in PAGE


def test_commands_of_the_page_exist():
    named = set(re.findall(r"(?<=[ `]foresight )([a-z]+) ", PAGE))
    assert named == {"run", "archive"} <= set(typer.main.get_command(app).commands)
