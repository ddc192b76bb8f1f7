"""The command that says how far the model can be trusted: on the screen, for machines, and to files."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import grounds
import pytest

from foresight.cli.verbs import trust
from foresight.documents.markdown import markdown
from foresight.documents.webpage import html
from foresight.reports.trust.findings import in_a_minute
from foresight.reports.trust.page import document
from foresight.reports.trust.writing import PageWords
from foresight.texts import Words

pytestmark = pytest.mark.costly


@pytest.fixture
def made_up(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Put made-up grounds in the place of what takes half a minute."""
    found = grounds.made_up()
    calls: list[None] = []

    def gathered(progress: Callable[[int, int], None]) -> Any:
        calls.append(None)
        progress(1, 1)
        return found

    monkeypatch.setattr(trust, "gathered", gathered)
    return found, calls


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.usefixtures("made_up")
def test_the_screen_shows_the_short_version(call, language: str):
    answer = call("trust", "--language", language)
    assert (answer.code, answer.err) == (0, "")
    shown = "".join(answer.out.split())
    for name in ("title", "label_use", "label_number"):
        assert "".join(Words(language).say(f"trust.{name}").split())[:8] in shown
    assert "".join(Words(language).say("trust.section_trace").split()) not in shown


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_option_is_explained(call, language: str):
    answer = call("trust", "--help", "--language", language)
    assert answer.code == 0
    assert Words(language).say("help.trust")[:20] in answer.out
    assert all(option in answer.out for option in ("--out", "--force"))


def test_machines_get_sentences_and_all_tables_of_numbers(call, made_up):
    told = json.loads(call("trust", "--json").out)
    found, _ = made_up
    assert [tuple(one.values()) for one in told["findings"]] == list(in_a_minute(found, PageWords("en")))
    assert set(told["tables"]) == set(found.tables())
    assert told["tables"]["coverage"][0]["n"] == len(grounds.OWN)
    assert told["posterior"]["method"] == "made up"


@pytest.mark.costly
@pytest.mark.parametrize(("ending", "write"), [(".md", markdown), (".html", html)])
def test_a_file_has_the_whole_page(call, made_up, tmp_path: Path, ending: str, write):
    path = tmp_path / f"trust{ending}"
    answer = call("trust", "--out", str(path), "--language", "zh")
    assert (answer.code, answer.out) == (0, "")
    assert path.name in "".join(answer.err.split())
    assert path.read_text("utf-8") == write(document(made_up[0], "zh"))


def test_a_file_that_is_there_is_replaced_with_force_alone(call, made_up, tmp_path: Path):
    path = tmp_path / "trust.html"
    path.write_text("mine", "utf-8")
    refused = call("trust", "--out", str(path))
    assert (refused.code, made_up[1]) == (2, [])
    assert "--force" in refused.err
    assert path.read_text("utf-8") == "mine"
    assert call("trust", "--out", str(path), "--force", "--quiet").code == 0
    assert path.read_text("utf-8") != "mine"


def test_another_ending_is_refused_before_the_work(call, made_up, tmp_path: Path):
    answer = call("trust", "--out", str(tmp_path / "trust.docx"))
    assert (answer.code, answer.out, made_up[1]) == (2, "", [])
    assert len(answer.err.splitlines()) == 1


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_real_page_is_written_whole(call, tmp_path: Path, language: str):
    path = tmp_path / "trust.html"
    assert call("trust", "--out", str(path), "--language", language).code == 0
    written = path.read_text("utf-8")
    assert written.count("<figure>") >= 10
    assert not re.search(r"\bnan\b", written)
