"""What a screen puts out where there is no terminal: whole tables, and texts of lines that can be read."""

import re

import pytest
from command_line import Call, read

from foresight.scenario.loading import bundled, load_scenario
from foresight.texts import languages

NUMBER = re.compile(r"[+-]?\d+\.\d+")


@pytest.fixture(autouse=True)
def _pipe(english: None, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001  # which sets a width
    """Let nothing say how wide a terminal is."""
    monkeypatch.delenv("COLUMNS", raising=False)


@pytest.mark.parametrize("language", languages())
def test_a_comparison_in_a_pipe_has_all_columns_and_whole_numbers(call: Call, language: str):
    names = ("historical-pace", "baiji-returns", "drifting-apart", "paper-promises")
    words = ("compare", *names, "--replicates", "2", "--language", language)
    found = read(call(*words, "--json").out)
    rows = call(*words).out.splitlines()
    titles = [load_scenario(name).title.model_dump()[language] for name in names]
    assert any(all(title in row for title in titles) for row in rows)
    assert any(all(title in row for title in titles[1:]) and titles[0] not in row for row in rows)
    numbers = [NUMBER.findall(row) for row in rows]
    for key in found["differences"]["baiji-returns"]:
        told = [f"{found['differences'][name][key][end]:+.3f}" for name in names[1:] for end in ("mean", "low", "high")]
        assert told in numbers


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("what", ["members", "parameters", "scenarios", "bodies"])
def test_a_list_in_a_pipe_has_a_line_for_each_row(call: Call, what: str, language: str):
    found = read(call("show", what, "--json").out)
    rows = call("show", what, "--language", language).out.splitlines()
    table = [row for row in rows if row.startswith(" ") and row.strip() and "─" not in row]
    assert len(table) >= len(found)


def test_texts_in_a_pipe_are_of_lines_that_can_be_read(call: Call):
    assert all(len(line) <= 80 for line in call("sweep", "--help").out.splitlines() if not line.startswith("--"))


def test_a_width_that_is_set_holds_in_a_pipe_too(call: Call, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("COLUMNS", "70")
    assert max(map(len, call("compare", *bundled(), "--replicates", "2").out.splitlines())) <= 70
