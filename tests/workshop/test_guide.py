"""The guide for facilitators: all of the kit that is not of one room, and the days before and after."""

import pytest
from foresight_ui.room.pages import texts_of
from papers import LANGUAGES

from foresight.documents.document import Document, Table
from foresight.documents.markdown import markdown
from foresight.workshop.cards import CARDS
from foresight.workshop.delegations import subregional
from foresight.workshop.guide import guide
from foresight.workshop.kit import FILES
from foresight.workshop.writing import SheetWords


def headings(page: Document) -> list[str]:
    return [section.heading for section in page.sections()]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_guide_goes_from_the_week_before_to_the_day_after(language: str):
    words, page = SheetWords(language), guide(language)
    names = ("week", "faces", "join", "before", "script", "trouble", "file", "kept", "next", "roles", "cards")
    wanted = [words.say(f"kit.section.{name}") for name in names]
    assert [one for one in headings(page) if one in wanted] == wanted
    text = markdown(page)
    assert "{" not in text
    for card in CARDS:
        assert words.say(f"workshop.card.{card}.text") in text


def test_role_sheets_have_no_table_to_write_into():
    tables = [part for section in guide("en").sections() for part in section.parts if isinstance(part, Table)]
    assert [table.topic for table in tables] == ["agenda", "agenda"]


def test_what_is_the_same_on_all_role_sheets_stands_once():
    text = markdown(guide("en"))
    assert text.count("Each of the five actions has four steps") == 1
    assert text.count("**You decide for**") == text.count("**Find out**") == len(subregional())


def test_pictures_stand_below_what_they_show():
    (faces,) = (one for one in guide("en", ("A picture",)).sections() if "A picture" in one.parts)
    assert faces.heading == "Phone, desk and wall"


@pytest.mark.parametrize("language", LANGUAGES)
def test_files_are_called_as_on_the_desk(language: str):
    desk, page = texts_of("desk", language), markdown(guide(language))
    for name in FILES:
        assert f"- **{desk[f'file_{name}']}**" in page


@pytest.mark.parametrize(("language", "colon"), [("en", "**: "), ("zh", "**：")])
def test_a_name_and_what_is_said_of_it_are_parted_as_the_language_does(language: str, colon: str):
    lines = [line for line in markdown(guide(language)).splitlines() if line.startswith("- **")]
    assert all(colon in line for line in lines)
