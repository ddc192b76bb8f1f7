"""The command that writes the protocol of the model: on the screen, for machines, and to files."""

import json
from pathlib import Path

import pytest

from foresight.cli.verbs import protocol
from foresight.documents.markdown import markdown
from foresight.documents.protocol import document
from foresight.documents.webpage import html
from foresight.texts import Words


@pytest.mark.parametrize("language", ["en", "zh"])
def test_without_a_file_it_puts_out_markdown_as_it_is(call, language: str):
    answer = call("protocol", "--language", language)
    assert (answer.code, answer.err) == (0, "")
    assert answer.out == markdown(document(language))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_option_is_explained(call, language: str):
    answer = call("protocol", "--help", "--language", language)
    assert answer.code == 0
    assert Words(language).say("help.protocol")[:20] in answer.out
    assert all(option in answer.out for option in ("--out", "--force"))


def test_machines_get_the_parts(call):
    told = json.loads(call("protocol", "--json").out)
    assert told["title"] == document().title
    assert next(part["heading"] for part in told["parts"] if "heading" in part) == Words().say("protocol.element_1")


@pytest.mark.parametrize(("ending", "write"), [(".md", markdown), (".html", html)])
def test_a_file_has_what_its_ending_says(call, tmp_path: Path, ending: str, write):
    path = tmp_path / f"model{ending}"
    answer = call("protocol", "--out", str(path), "--language", "zh")
    assert (answer.code, answer.out) == (0, "")
    assert path.name in "".join(answer.err.split())
    assert path.read_text("utf-8") == write(document("zh"))


@pytest.mark.costly
def test_a_file_that_is_there_is_replaced_with_force_alone(call, tmp_path: Path):
    path = tmp_path / "model.md"
    path.write_text("mine", "utf-8")
    refused = call("protocol", "--out", str(path))
    assert refused.code == 2
    assert "--force" in refused.err
    assert path.read_text("utf-8") == "mine"
    assert call("protocol", "--out", str(path), "--force", "--quiet").code == 0
    assert path.read_text("utf-8") == markdown(document())


@pytest.mark.parametrize("name", ["model.docx", "model", "none/model.md"])
def test_what_cannot_be_written_is_refused_in_one_line(call, tmp_path: Path, name: str):
    answer = call("protocol", "--out", str(tmp_path / name))
    assert (answer.code, answer.out) == (2, "")
    assert len(answer.err.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_fault_while_writing_leaves_the_file_as_it_was(call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "model.md"
    path.write_text("mine", "utf-8")

    def fail(_: object) -> str:
        raise RuntimeError

    monkeypatch.setattr(protocol, "WRITERS", {".md": fail})
    assert call("protocol", "--out", str(path), "--force").code == 1
    assert path.read_text("utf-8") == "mine"
    assert [one.name for one in tmp_path.iterdir()] == ["model.md"]
