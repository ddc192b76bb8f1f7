"""A language may be begun with one text: what it lacks is in English, and a script tells how much that is."""

import shutil
import sys
from importlib.resources import files
from pathlib import Path

import pytest
from drafted import WHOLE_DRAFTS
from places import ROOT

from foresight import texts
from foresight.facts.members import member_table
from foresight.facts.names import named
from foresight.texts import Words

INTERFACE = Path("ui", "locale", "id.toml")


@pytest.fixture(scope="module")
def script():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT / ".github"))
        import draft

        yield draft
        del sys.modules["draft"]


@pytest.fixture
def begun(script, tmp_path: Path) -> Path:
    """Return a folder in which Indonesian has been begun."""
    for folder in ("foresight/locale/drafts", "ui/locale"):
        (tmp_path / folder).mkdir(parents=True)
    list(script.main("id", tmp_path))
    return tmp_path


@pytest.mark.parametrize("language", WHOLE_DRAFTS)
def test_whole_drafts_are_written_as_the_script_writes_them(script, tmp_path: Path, language: str):
    paths = script.english(language)
    for path in paths:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, tmp_path / path)
    *_, last = script.main(language, tmp_path)
    assert last.startswith("0 of ")
    assert {path for path in paths if (tmp_path / path).read_bytes() != (ROOT / path).read_bytes()} == set()


def test_what_is_translated_stays_and_what_is_left_is_counted(script, begun: Path):
    *_, before = script.main("id", begun)
    assert '\n[menu]\n# explore = "Explore"\n' in (begun / INTERFACE).read_text("utf-8")
    translate(begun / INTERFACE, '# explore = "Explore"', 'explore = "Jelajahi"')
    *_, after = script.main("id", begun)
    assert '\n[menu]\nexplore = "Jelajahi"\n# changes = ' in (begun / INTERFACE).read_text("utf-8")
    (least, every), (less, still) = ([int(word) for word in line.split() if word.isdigit()] for line in (before, after))
    assert (least, every) == (every, still) == (less + 1, every)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('exlore = "Jelajahi"', "menu.exlore"),
        ('explore = """\nJelajahi"""', "menu.explore"),
        ('explore="Jelajahi"', "menu.explore"),
        ('explore = "Jelajahi', "line 6"),
    ],
)
def test_no_work_is_lost_by_a_slip(script, begun: Path, line: str, told: str):
    translate(begun / INTERFACE, '# explore = "Explore"', line)
    with pytest.raises(SystemExit, match=told):
        list(script.main("id", begun))
    assert line in (begun / INTERFACE).read_text("utf-8")


def test_a_reviewed_language_is_no_draft(script, tmp_path: Path):
    with pytest.raises(SystemExit, match="zh"):
        list(script.main("zh", tmp_path))


def translate(path: Path, comment: str, line: str) -> None:
    path.write_text(path.read_text("utf-8").replace(comment, line), "utf-8")


@pytest.fixture
def spoken(begun: Path, monkeypatch: pytest.MonkeyPatch):
    """Let Indonesian be a draft with two texts."""
    drafts = begun / "foresight" / "locale" / "drafts"
    translate(drafts / "id" / "ground.toml", '# separator = "; "', 'separator = " / "')
    translate(drafts / "id" / "facts.toml", '# CHN = "China"', 'CHN = "Tiongkok"')
    monkeypatch.setattr(texts, "files", lambda package: drafts if package.endswith("drafts") else files(package))
    forget()
    yield Words("id")
    forget()


def forget() -> None:
    for kept in (texts.drafts, texts._contents, texts._section, texts._catalogue):
        kept.cache_clear()


def test_what_a_draft_lacks_is_in_english(spoken: Words):
    assert spoken.draft
    assert spoken.say("problem_part.separator") == " / "
    assert spoken.say("problem_part.given", value="2") == Words().say("problem_part.given", value="2")
    assert (spoken.has("problem_part.separator"), spoken.has("problem_part.given")) == (True, False)
    with pytest.raises(KeyError, match="no_such"):
        spoken.say("problem.no_such")


def test_names_that_a_draft_lacks_are_those_of_the_tables(spoken: Words):
    table = member_table()
    assert [named(table.loc[code], f"member.{code}", spoken) for code in ("CHN", "FJI")] == ["Tiongkok", "Fiji"]


def test_numbers_of_a_language_that_has_no_signs_of_its_own_are_english():
    assert texts._signs("id") == texts._signs("fr") | {ord(","): ".", ord("%"): "%"}
    assert texts._signs("bi") == texts._signs("en")
