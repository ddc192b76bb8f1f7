"""A call that is not as it should be is answered like any other problem."""

import json
import signal
from collections.abc import Callable, Iterator

import pytest

from foresight import __main__ as cli
from foresight.texts import text

Answer = Callable[..., tuple[str, str]]


@pytest.fixture
def refused(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Answer]:
    """Call the program, which must refuse; return what it said on stdout and stderr."""
    for name in cli.LANGUAGE_VARIABLES:
        monkeypatch.delenv(name, raising=False)
    before = signal.getsignal(signal.SIGTERM)

    def answer(*words: str) -> tuple[str, str]:
        with pytest.raises(SystemExit) as ending:
            cli.main(words)
        assert ending.value.code == cli.WRONG_INPUT
        return capfd.readouterr()

    yield answer
    signal.signal(signal.SIGTERM, before)


CALLS = [
    pytest.param("unknown_command", ("rum",), "run", id="a misspelt verb"),
    pytest.param("unknown_option", ("run", "--replicate=3"), "--replicates", id="a misspelt option"),
    pytest.param("unknown_option", ("--jsn", "run"), "--json", id="a misspelt option of the program"),
    pytest.param("missing", ("check",), "FILE", id="a missing file"),
    pytest.param("missing", ("compare",), "SCENARIO", id="missing scenarios"),
    pytest.param("not_whole", ("run", "--seed", "1.5"), "--seed", id="no whole number"),
    pytest.param("not_whole", ("compare", "a", "b", "--replicates", "many"), "many", id="no number"),
    pytest.param("needs_value", ("run", "--out"), "--out", id="an option without its value"),
    pytest.param("needs_value", ("--language",), "--language", id="no language"),
    pytest.param("takes_no_value", ("run", "--force=yes"), "--force", id="a flag with a value"),
    pytest.param("extra_words", ("show", "FJI", "TON"), "TON", id="a word too many"),
    pytest.param("extra_words", ("bench", "now"), "now", id="a word for a verb that takes none"),
]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(("kind", "words", "told"), CALLS)
def test_a_wrong_call_is_one_line_in_the_language_of_the_reader(
    refused: Answer, kind: str, words: tuple[str, ...], told: str, language: str
):
    out, err = refused(*(["--language", language] if words != ("--language",) else []), *words)
    (line,) = err.splitlines()
    assert out == ""
    assert told in line
    assert text(f"problem.{kind}", language if words != ("--language",) else "en") in line


@pytest.mark.parametrize(("kind", "words", "told"), CALLS)
def test_a_wrong_call_is_data_for_machines(refused: Answer, kind: str, words: tuple[str, ...], told: str):
    out, err = refused("--json", *words)
    (problem,) = json.loads(err)["problems"]
    assert out == ""
    assert problem["kind"] == kind
    assert told in problem["message"]


def test_other_problems_are_the_same_data(refused: Answer):
    _, err = refused("show", "FJJ", "--json")
    (problem,) = json.loads(err)["problems"]
    assert (problem["kind"], problem["nearest"]) == ("unknown_topic", "FJI")


def test_what_is_nearest_is_named(refused: Answer):
    assert text("problem_part.nearest", value="compare") in refused("comparr")[1]
    assert text("problem_part.nearest", value="--quiet") in refused("show", "--quit")[1]


def test_what_nobody_foresaw_is_told_too(refused: Answer, monkeypatch: pytest.MonkeyPatch):
    def fail(*_: object) -> None:
        raise cli._MISUSE("strange")

    monkeypatch.setattr(cli, "_known", fail)
    monkeypatch.setattr(cli, "_language", lambda _: "en")
    assert "strange" in refused("show")[1]


@pytest.fixture
def helped(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Call for help in a narrow terminal; return the page."""
    monkeypatch.setenv("COLUMNS", "80")

    def answer(*words: str) -> str:
        before = signal.getsignal(signal.SIGTERM)
        with pytest.raises(SystemExit):
            cli.main([*words, "--help"])
        signal.signal(signal.SIGTERM, before)
        return capfd.readouterr().out

    return answer


@pytest.mark.parametrize("verb", ["show", "check", "run", "compare", "bench"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_help_is_cut_off(helped: Callable[..., str], verb: str, language: str):
    page = "".join(helped(verb, "--language", language).split())
    command = cli.typer.main.get_command(cli.app).commands[verb]
    for option in command.params:
        assert "".join(text(f"help_option.{option.name}", language).split()) in page


def test_chinese_help_has_no_english_of_the_parser(helped: Callable[..., str]):
    page = helped("run", "--language", "zh")
    assert "默认为200" in "".join(page.split())
    assert not any(word in page for word in ("Usage", "OPTIONS", "default", "int", "required"))
