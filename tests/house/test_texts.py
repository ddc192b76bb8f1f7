"""The text catalogues say the same in every language."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from string import Formatter
from typing import Any

import foresight_ui
import pytest
from pydantic import BaseModel

import foresight.checks
from foresight.loading import bundled, load_scenario
from foresight.members import FISCAL_CAPACITY, axis_table, body_table, group_table, member_table, rung_table
from foresight.parameters import all_parameters, levers
from foresight.settings import GATES, TAKING_PART, Coalition, Event, MemberFacts, Structure
from foresight.texts import drafts, keys, languages, text


def sentences(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        key = f"{prefix}{name}"
        yield from [(key, value)] if isinstance(value, str) else sentences(value, f"{key}.")


@cache
def placeholders(language: str) -> dict[str, set[str]]:
    """Read the placeholders of every sentence from the catalogue itself."""
    folder = files("foresight.locale.drafts" if language in drafts() else "foresight.locale")
    catalogue = tomllib.loads(folder.joinpath(f"{language}.toml").read_text("utf-8"))
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


@cache
def named() -> set[str]:
    """Return the keys of words that the tables of facts and parameters have in English and Chinese alone."""
    axes = axis_table().reset_index()
    marks = levers()["pledge_effort"].marks
    return {
        *(f"parameter.{name}.{part}" for name in all_parameters() for part in ("label", "meaning")),
        *(f"parameter.{name}.source" for name, one in all_parameters().items() if translated(one.source)),
        *(f"mark.effort.label_{at}" for at in range(1, len(marks) + 1)),
        *(f"mark.effort.source_{at}" for at, one in enumerate(marks, start=1) if translated(one.source)),
        *(f"member.{code}" for code in member_table().index),
        *(f"body.{slug}" for slug in body_table().index),
        *(f"{kind}.{code}" for code in group_table().index for kind in ("group", "group_meaning")),
        *(f"{kind}.{action}_{rung}" for action, rung in rung_table().index for kind in ("rung", "rung_sentence")),
        *(f"action_name.{code}" for code in axes.loc[axes["axis"] == "action", "code"]),
        *(f"domain.{code}" for code in axes.loc[axes["axis"] == "domain", "code"]),
        *(f"phase.phase_{code}" for code in axes.loc[axes["axis"] == "phase", "code"]),
        *(f"scenario.{known}.{part}" for known in bundled() for part in ("title", "storyline")),
    }


def translated(words: Mapping[str, str]) -> bool:
    return words["en"] != words["zh"]


def test_french_and_russian_are_drafts_and_not_reviewed():
    assert drafts() == ("fr", "ru")
    assert set(drafts()) & set(languages()) == set()


@pytest.mark.parametrize("language", drafts())
def test_every_draft_has_all_keys_and_all_names(language: str):
    own = placeholders(language)
    assert {key: own[key] for key in placeholders("en")} == placeholders("en")
    assert own.keys() - placeholders("en").keys() == named()
    assert {key: names for key, names in own.items() if key in named() and names} == {}


@pytest.mark.parametrize("language", drafts())
def test_no_sentence_of_a_draft_is_empty(language: str):
    blank = {name: "" for names in placeholders("en").values() for name in names}
    assert all(text(key, language, **blank) for key in keys(language))


@pytest.mark.parametrize("language", drafts())
def test_drafts_are_translated(language: str):
    """What is the same in another language has a word or two, or is a line of a shell."""
    same = {key for key in keys() if catalogued(key, language) == catalogued(key, "en")}
    assert {key for key in same if len(re.findall(r"[A-Za-z]{2,}", catalogued(key, "en"))) > 3} == set()


def catalogued(key: str, language: str) -> str:
    return text(key, language, **dict.fromkeys(placeholders("en")[key], ""))


def test_every_kind_of_problem_has_a_sentence_and_every_sentence_a_use():
    said = {key.removeprefix("problem.") for key in keys() if key.startswith("problem.")}
    assert set(foresight.checks.KINDS.values()) <= said
    folders = (Path(package.__file__).parent for package in (foresight.checks, foresight_ui))
    sources = "".join(module.read_text("utf-8") for folder in folders for module in folder.glob("*.py"))
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
    with pytest.raises(KeyError, match="'de'"):
        text("problem.missing", "de")


def test_values_fill_their_places():
    assert "0.25" in text("problem.fixed", "zh", value="0.25")
