"""The command that writes briefs: what it takes, what it refuses, and what it puts where."""

import json
import re
import shlex
import shutil
from contextlib import closing
from html import unescape
from pathlib import Path

import papers
import pytest
import rooms
from command_line import undrawn

from foresight.cli.paper import BROWSERS
from foresight.experiments.store import Store
from foresight.texts import Words
from foresight.workshop.record import begun

pytestmark = pytest.mark.costly

FEW = ("--replicates", "20")


@pytest.mark.parametrize("language", ["en", "zh", "fr", "ru"])
def test_a_brief_is_written_in_every_language(call, tmp_path: Path, language: str):
    page = tmp_path / "brief.html"
    answer = call("brief", "baiji-returns", "--language", language, *FEW, "--out", str(page))
    assert answer.code == 0
    assert str(page) in undrawn(answer.err)
    words = papers.text_of(page.read_text("utf-8"))
    for key in ("label_answer", "section_groups", "section_annex"):
        assert Words(language).say(f"brief.{key}") in words


def test_one_path_is_compared_with_historical_pace(call):
    told = json.loads(call("brief", "baiji-returns", *FEW, "--json").out)
    rows = told["tables"]["difference"]
    assert {(row["scenario"], row["other"]) for row in rows} == {("baiji-returns", "historical-pace")}
    assert [one["subject"] for one in told["findings"]][:2] == ["In one line", "The pathway"]
    assert "\x02" not in json.dumps(told)


def test_the_screen_shows_the_first_lines(call):
    answer = call("brief", "baiji-returns", *FEW, "--members", "fji")
    assert answer.code == 0
    assert "Fiji delivers" in answer.out
    assert "Baiji returns goes furthest" in " ".join(answer.out.split())
    assert "data-source" not in answer.out


def test_the_command_in_the_annex_writes_the_same_brief(call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    words = ("brief", "historical-pace", "paper-promises", "--set", "levers.linking=1.2", "--seed", "7")
    assert call(*words, *FEW, "--members", "FJI", "--out", "first.html").code == 0
    first = Path("first.html").read_text("utf-8")
    (command,) = re.findall(r"<code>(foresight brief [^<]*)</code>", first)
    assert call(*shlex.split(unescape(command))[1:]).code == 0
    assert Path("brief.html").read_text("utf-8") == first


def test_a_store_gives_its_scenarios_and_its_luck(call, store: Store, tmp_path: Path):
    told = json.loads(call("brief", str(store.path), *FEW, "--json").out)
    made = told["tables"]["made"]
    assert [row["scenario"] for row in made] == [one.id for one in store.experiment.scenarios]
    assert {row["seed"] for row in made} == {store.experiment.seed}
    page = tmp_path / "store.html"
    assert call("brief", str(store.path), *FEW, "--out", str(page)).code == 0
    assert f"Scenarios of “{store.experiment.id}”: " in page.read_text("utf-8")


@pytest.fixture
def room(tmp_path: Path) -> Path:
    """Return the record of a workshop."""
    path = tmp_path / "one.room"
    with closing(begun(path, [event for _, event in rooms.played().record], rooms.OPENED)):
        return path


def test_a_workshop_gives_the_branches_that_were_seen(call, room: Path, tmp_path: Path):
    page = tmp_path / "brief.html"
    answer = call("brief", str(room), "--out", str(page))
    assert answer.code == 0, answer.err
    words = papers.text_of(page.read_text("utf-8"))
    assert words.count("Suva") == 1  # in the title, and not before every path
    assert "Without the crisis" in words
    assert f"foresight brief {room} --seed 1 --replicates {rooms.RUNS} --effects drawn" in words


def test_a_workshop_names_its_paths_cards_and_delegations_in_the_language(call, room: Path, tmp_path: Path):
    page = tmp_path / "brief.html"
    answer = call("brief", str(room), "--language", "fr", "--out", str(page))
    assert answer.code == 0, answer.err
    words = papers.text_of(page.read_text("utf-8"))
    for name in ("« Premier chemin » va le plus loin", "Une crise 2032", "Coalition « Pacifique »"):
        assert name in words
    assert "First path" not in words


def test_a_workshop_in_which_nothing_was_seen_is_refused(call, tmp_path: Path):
    path = tmp_path / "empty.room"
    with closing(begun(path, [rooms.opened()], rooms.OPENED)):
        pass
    answer = call("brief", str(path))
    assert (answer.code, answer.out) == (2, "")
    assert "no round of this workshop was revealed" in answer.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("historical-pace",), "baiji-returns"),
        (("nope", "--members", "FJI,FJX", "--out", "x.doc"), "nope"),
        (("--members", "FJX"), "--members: there is no such member"),
        (("--out", "x.doc"), "allowed .md, .html, .pdf"),
        (("--replicates", "0"), "--replicates"),
        (("store", "more"), "store"),
    ],
)
def test_what_cannot_be_is_refused_before_the_work(call, words: tuple[str, ...], said: str):
    answer = call("brief", *words)
    assert (answer.code, answer.out) == (2, "")
    assert said in answer.err


def test_all_problems_come_at_once(call):
    answer = call("brief", "nope", "--members", "FJX", "--out", "x.doc")
    assert len(answer.err.splitlines()) == 3


def test_a_member_that_takes_no_part_is_refused(call):
    answer = call("brief", *FEW, "--set", "structure.members=states", "--members", "HKG")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith("--members: ")
    assert "HKG" in answer.err


def test_a_file_is_not_replaced_unasked(call, tmp_path: Path):
    page = tmp_path / "brief.html"
    page.write_text("mine", "utf-8")
    answer = call("brief", "--out", str(page))
    assert (answer.code, page.read_text("utf-8")) == (2, "mine")
    assert "--force" in answer.err


def test_without_a_browser_there_is_no_pdf_and_that_is_said_in_one_line(call, tmp_path: Path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    answer = call("brief", "--out", str(tmp_path / "brief.pdf"))
    assert (answer.code, answer.out, len(answer.err.splitlines())) == (2, "", 1)
    assert "chromium" in answer.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
@pytest.mark.skipif(not any(map(shutil.which, BROWSERS)), reason="no browser here")
@pytest.mark.parametrize("language", papers.LANGUAGES)
def test_a_brief_has_four_sheets_of_a4(call, tmp_path: Path, language: str):
    paper = tmp_path / "brief.pdf"
    assert call("brief", "--language", language, "--members", "FJI", "--out", str(paper)).code == 0
    content = paper.read_bytes()
    assert content.startswith(b"%PDF")
    assert content.count(b"/Type /Page\n") <= 4
    assert b"/MediaBox [0 0 594.95" in content
