"""The text catalogues say the same in every language."""

import re
import runpy
from functools import cache
from importlib.resources import files
from pathlib import Path
from string import Formatter

import foresight_ui
import pytest
from drafted import WHOLE_DRAFTS
from places import ROOT
from pydantic import BaseModel

import foresight
from foresight.facts.members import FISCAL_CAPACITY, member_table
from foresight.facts.parameters import levers
from foresight.scenario.loading import bundled, load_scenario
from foresight.scenario.schema import GATES, TAKING_PART, Coalition, Event, MemberFacts, Structure
from foresight.scenario.validation import KINDS
from foresight.texts import Words, drafts, keys, languages, read_catalogue


@cache
def names_of_drafts() -> set[str]:
    """Return the keys of words that tables of facts, parameters and scenarios have in English and Chinese alone."""
    script = runpy.run_path(str(ROOT / ".github" / "draft.py"))
    return {*script["names"](), *script["stories"]()}


@cache
def placeholders(language: str) -> dict[str, set[str]]:
    """Read the placeholders of every sentence from the catalogue itself."""
    folder = files("foresight.locale.drafts" if language in drafts() else "foresight.locale").joinpath(language)
    parsed = {key: Formatter().parse(sentence) for key, sentence in read_catalogue(folder).items()}
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
    assert all(Words(language).say(key, **blank) for key in keys(language))


def test_french_and_russian_are_whole_drafts_and_not_reviewed():
    assert set(WHOLE_DRAFTS) <= set(drafts())
    assert set(drafts()) & set(languages()) == set()


@pytest.mark.parametrize("language", WHOLE_DRAFTS)
def test_every_whole_draft_has_all_keys_and_all_names(language: str):
    assert placeholders(language).keys() == placeholders("en").keys() | names_of_drafts()


@pytest.mark.parametrize("language", drafts())
def test_every_text_of_a_draft_has_the_placeholders_of_english(language: str):
    own, english = placeholders(language), placeholders("en") | {key: set() for key in names_of_drafts()}
    assert own == {key: english.get(key) for key in own}


@pytest.mark.parametrize("language", drafts())
def test_no_sentence_of_a_draft_is_empty(language: str):
    assert all(catalogued(key, language) for key in keys(language))


@pytest.mark.parametrize("language", drafts())
def test_drafts_are_translated(language: str):
    """What is the same in another language has a word or two, or is a line of a shell."""
    own = keys(language) & keys()
    same = {key for key in own if catalogued(key, language) == catalogued(key, "en")}
    assert {key for key in same if len(re.findall(r"[A-Za-z]{2,}", catalogued(key, "en"))) > 3} == set()


def catalogued(key: str, language: str) -> str:
    return Words(language).say(key, **dict.fromkeys(placeholders(language)[key], ""))


def test_every_kind_of_problem_has_a_sentence_and_every_sentence_a_use():
    said = {key.removeprefix("problem.") for key in keys() if key.startswith("problem.")}
    assert set(KINDS.values()) <= said
    folders = (Path(package.__file__).parent for package in (foresight, foresight_ui))
    sources = "".join(module.read_text("utf-8") for folder in folders for module in folder.rglob("*.py"))
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
        Words().say("problem.no_such")


def test_a_missing_language_is_named():
    with pytest.raises(KeyError, match="'de'"):
        Words("de").say("problem.missing")


def test_values_fill_their_places():
    assert "0.25" in Words("zh").say("problem.fixed", value="0.25")


#: Wings that speak.
WINGS = {
    *("ground", "facts", "scenario", "results", "analysis", "search"),
    *("observed", "calibration", "documents", "trust", "brief", "archive", "bundle", "workshop", "cli"),
}


@pytest.mark.parametrize("language", [*languages(), *drafts()])
def test_files_of_texts_are_called_like_the_wings_that_speak(language: str):
    folder = files("foresight.locale.drafts" if language in drafts() else "foresight.locale").joinpath(language)
    assert {path.name.removesuffix(".toml") for path in folder.iterdir()} == WINGS


def test_a_key_in_two_files_is_refused(tmp_path: Path):
    for wing in ("cli", "trust"):
        (tmp_path / f"{wing}.toml").write_text('[show]\nfixed = "fixed"\n', "utf-8")
    with pytest.raises(ValueError, match=r"show\.fixed"):
        read_catalogue(tmp_path)


@pytest.mark.parametrize(
    ("language", "number", "share", "count"),
    [
        ("en", "-1234.50", "12%", "1,234"),
        ("zh", "-1234.50", "12%", "1,234"),
        ("fr", "-1234,50", "12\u00a0%", "1\u202f234"),
        ("ru", "-1234,50", "12\u00a0%", "1\u00a0234"),
    ],
)
def test_numbers_are_written_one_way_in_a_language(language: str, number: str, share: str, count: str):
    words = Words(language)
    assert (words.number(-1234.5), words.share(0.12), words.count(1234)) == (number, share, count)
    assert words.exact_share(0.12) == share
    assert words.between(-1234.5, -1234.5, words.number) == f"{number}\u00a0…\u00a0{number}"


def test_small_shares_are_not_nothing_and_what_is_not_known_is_a_dash():
    words = Words()
    assert (words.share(0.0), words.share(0.004), words.share(0.0004, 1)) == ("0%", "<1%", "<0.1%")
    assert {words.number(float("nan")), words.share(float("nan")), words.signed(float("nan"))} == {"–"}
    assert words.between(float("nan"), float("nan"), words.number) == "–"
    assert (words.number(float("inf")), words.number(-0.001), words.signed(-0.001)) == ("∞", "0.00", "0.00")


def test_a_number_is_written_with_the_decimals_that_it_has():
    words = Words()
    assert [words.exact(value) for value in (0.25, 2.0, 2**53, -0.1)] == ["0.25", "2", str(2**53), "-0.1"]
    assert [words.change(value) for value in (0.25, -1)] == ["+0.25", "-1"]
    assert words.short(12.3456789) == "12.3457"


def test_sentences_are_joined_with_a_blank_unless_their_end_is_wide():
    assert Words().joined("One.", "", "Two.") == "One. Two."
    assert Words("zh").joined("一。", "二。") == "一。二。"
