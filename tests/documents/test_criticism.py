"""Every weakness is told with what to do about it, in commands that work."""

import re

import pytest
from drafted import WHOLE

from foresight.cli.commands import VERBS
from foresight.documents.criticism import WEAKNESSES, criticisms
from foresight.documents.mechanisms import arrow_counts
from foresight.runs import EFFECTS
from foresight.scenario.layering import parse_assignments
from foresight.scenario.loading import check_values, load_scenario
from foresight.texts import Words, drafts, keys, languages

LANGUAGES = [*languages(), *drafts()]

#: Verbs that take scenarios.
RUNNING = {"run", "compare", "explain"}


def advice(language: str) -> str:
    return " ".join(words for _, words in criticisms(Words(language)))


def commands(words: str) -> list[list[str]]:
    """Return the commands that a text names, each with its words of Latin letters."""
    return [
        found.split()
        for found in re.findall(
            r"foresight ((?:[a-z][\w.=\-]*|--set [\w.=]+)(?: (?:--set [\w.=]*\w|[a-z]+-[a-z-]+))*)", words
        )
    ]


@pytest.mark.parametrize("language", WHOLE)
def test_every_weakness_has_an_advice_in_every_language(language: str):
    told = criticisms(Words(language))
    assert len(told) == len(WEAKNESSES) == len({weakness for weakness, _ in told})
    assert {key.removeprefix("criticism.") for key in keys(language) if key.startswith("criticism.")} == {
        *WEAKNESSES,
        *(f"{name}_advice" for name in WEAKNESSES),
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_commands_of_the_advice_can_be_given(language: str):
    verbs = {verb.__name__ for verb in VERBS}
    found = commands(advice(language))
    assert {verb for verb, *_ in found} <= verbs
    assert sum(verb == "run" for verb, *_ in found) >= 4
    for verb, *rest in found:
        names = [word for word in rest if "-" in word and not word.startswith("--")]
        assert verb not in RUNNING or names
        assert all(load_scenario(name) for name in names)


@pytest.mark.parametrize("language", LANGUAGES)
def test_settings_of_the_advice_are_those_that_a_scenario_may_have(language: str):
    settings = re.findall(r"--set ([\w.]+=[\w.]*\w)", advice(language))
    assert len(settings) >= 10
    for setting in settings:
        check_values(parse_assignments([setting]))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_bands_are_made_of_is_told_either_way(language: str):
    told = dict(zip(WEAKNESSES, criticisms(Words(language)), strict=True))["chance"][0]
    assert all(Words(language).say(f"effects.range_{one}") in told for one in EFFECTS)


def test_every_language_names_the_same_commands():
    assert len({str(commands(advice(language))) for language in LANGUAGES}) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_arrows_that_are_told_are_those_that_are_counted(language: str):
    told = dict(zip(WEAKNESSES, criticisms(Words(language)), strict=True))["arrows"][0]
    assert sorted(map(int, re.findall(r"\d+", told))) == sorted(arrow_counts().values())
