"""The text catalogues say the same in every language."""

import tomllib
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from pydantic import BaseModel

import foresight.checks
from foresight.loading import bundled, load_scenario
from foresight.members import FISCAL_CAPACITY, member_table
from foresight.parameters import levers
from foresight.settings import GATES, TAKING_PART, Coalition, Event, MemberFacts, Structure
from foresight.texts import keys, languages, text


def sentences(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        key = f"{prefix}{name}"
        yield from [(key, value)] if isinstance(value, str) else sentences(value, f"{key}.")


def placeholders(language: str) -> dict[str, set[str]]:
    """Read the placeholders of every sentence from the catalogue itself."""
    catalogue = tomllib.loads(files("foresight.locale").joinpath(f"{language}.toml").read_text("utf-8"))
    parsed = {key: Formatter().parse(sentence) for key, sentence in sentences(catalogue)}
    return {key: {name for _, name, _, _ in parts if name is not None} for key, parts in parsed.items()}


def test_english_comes_first_and_chinese_is_there():
    assert languages() == ("en", "zh")


@pytest.mark.parametrize("language", languages())
def test_every_catalogue_has_the_same_keys_and_placeholders(language: str):
    assert placeholders(language) == placeholders("en")
    assert keys(language) == set(placeholders("en"))


@pytest.mark.parametrize("language", languages())
def test_no_sentence_is_empty(language: str):
    blank = {name: "" for names in placeholders("en").values() for name in names}
    assert all(text(key, language, **blank) for key in keys(language))


def test_every_kind_of_problem_has_a_sentence_and_every_sentence_a_use():
    said = {key.removeprefix("problem.") for key in keys() if key.startswith("problem.")}
    assert set(foresight.checks.KINDS.values()) <= said
    sources = "".join(module.read_text("utf-8") for module in Path(foresight.checks.__file__).parent.glob("*.py"))
    assert {kind for kind in said if f'"{kind}"' not in sources} == set()


def section(name: str) -> set[str]:
    return {key.removeprefix(f"{name}.") for key in keys() if key.startswith(f"{name}.")}


def fields(table: type[BaseModel]) -> set[str]:
    return {field.alias or name for name, field in table.model_fields.items()}


@pytest.mark.parametrize(
    ("name", "identifiers"),
    [
        ("structure", fields(Structure)),
        ("gate", set(GATES)),
        ("taking_part", set(TAKING_PART)),
        ("fact", fields(MemberFacts)),
        ("income_group", set(FISCAL_CAPACITY)),
        ("income_basis", set(member_table()["income_group_basis"])),
        ("coalition", fields(Coalition) - {"name", *levers()} | {"of"}),
        ("effect", fields(Event) - {"name", "year", "scope", "tag", "source"}),
        ("event", {event.name for known in bundled() for event in load_scenario(known).events}),
    ],
)
def test_what_a_file_says_in_identifiers_has_words(name: str, identifiers: set[str]):
    assert section(name) == identifiers


def test_a_missing_key_is_named():
    with pytest.raises(KeyError, match=r"problem\.no_such"):
        text("problem.no_such")


def test_a_missing_language_is_named():
    with pytest.raises(KeyError, match="'fr'"):
        text("problem.missing", "fr")


def test_values_fill_their_places():
    assert "0.25" in text("problem.fixed", "zh", value="0.25")
