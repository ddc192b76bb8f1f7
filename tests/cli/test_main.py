"""The command line: what it says of itself, of a call that is not as it should be, and of what is missing."""

import json
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from batches import ANSWERABLE, written
from command_line import Call, lines, refusal, signals_kept, start, undrawn
from forked import PATIENCE

from foresight.cli import main as cli
from foresight.cli.commands import VERBS
from foresight.cli.verbs import show
from foresight.experiments.store import Store
from foresight.texts import Words, languages

pytestmark = pytest.mark.usefixtures("english", "small_parts")

#: Two scenarios that differ in everything.
PAIR = ("historical-pace", "baiji-returns")

Answer = Callable[..., tuple[str, str]]


@pytest.fixture
def refused(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Answer:
    """Call the program, which must refuse; return what it said on stdout and stderr."""
    for name in cli.LANGUAGE_VARIABLES:
        monkeypatch.delenv(name, raising=False)

    def answer(*words: str) -> tuple[str, str]:
        with signals_kept(), pytest.raises(SystemExit) as ending:
            cli.main(words)
        assert ending.value.code == cli.WRONG_INPUT
        return capfd.readouterr()

    return answer


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
    assert Words(language if words != ("--language",) else "en").say(f"problem.{kind}") in line


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
    assert Words().say("problem_part.nearest", value="compare") in refused("comparr")[1]
    assert Words().say("problem_part.nearest", value="--quiet") in refused("show", "--quit")[1]


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
        with signals_kept(), pytest.raises(SystemExit):
            cli.main([*words, "--help"])
        return capfd.readouterr().out

    return answer


@pytest.mark.parametrize("verb", ["show", "check", "run", "compare", "bench"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_help_is_cut_off(helped: Callable[..., str], verb: str, language: str):
    page = "".join(helped(verb, "--language", language).split())
    command = cli.typer.main.get_command(cli.app).commands[verb]
    for option in command.params:
        assert "".join(Words(language).say(f"help_option.{option.name}").split()) in page


def test_chinese_help_has_no_english_of_the_parser(helped: Callable[..., str]):
    page = helped("run", "--language", "zh")
    assert "默认为200" in "".join(page.split())
    assert not any(word in page for word in ("Usage", "OPTIONS", "default", "int", "required"))


@pytest.mark.parametrize("verb", [function.__name__.replace("_", "-") for function in VERBS])
def test_help_tells_every_value_that_is_taken_otherwise(helped: Callable[..., str], verb: str):
    page = " ".join(helped(verb).split())
    for option in typer.main.get_command(cli.app).commands[verb].params:
        usual = option.default
        if isinstance(usual, int | float | str) and not isinstance(usual, bool) and usual != "":
            assert f"Default: {usual}." in page


def test_one_text_explains_one_thing():
    """An option and an argument, or options that are called otherwise, have texts of their own."""
    called: dict[str, set[str]] = {}
    for verb in typer.main.get_command(cli.app).commands.values():
        for option in verb.params:
            called.setdefault(option.name, set()).add(f"{option.param_type_name} {option.opts[0]}")
    assert {name: whose for name, whose in called.items() if len(whose) > 1} == {}


def test_alone_it_shows_help(call):
    answer = call()
    assert answer.code == 0
    assert all(verb in answer.out for verb in ("show", "check", "run", "compare", "bench"))
    assert answer.err == ""


def test_it_tells_its_version(call):
    assert call("--version").out.strip()
    assert json.loads(call("--version", "--json").out)["version"] == call("--version").out.strip()


@pytest.mark.parametrize("verb", ["show", "check", "run", "compare", "bench"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_verb_and_option_is_explained_in_every_language(call, verb: str, language: str):
    answer = call(verb, "--help", "--language", language)
    assert answer.code == 0
    assert Words(language).say(f"help.{verb}")[:20] in answer.out
    assert Words(language).say("help.options") in answer.out


@pytest.mark.parametrize("verb", ["sweep", "analyze", "discover", "explain", "seek"])
@pytest.mark.parametrize("language", languages())
def test_every_verb_is_explained_in_every_language(call: Call, verb: str, language: str):
    answer = call(verb, "--help", "--language", language)
    assert (answer.code, answer.err) == (0, "")
    assert undrawn(Words(language).say(f"help.{verb}")) in undrawn(answer.out)
    assert max(map(len, answer.out.splitlines())) <= 80


def test_the_language_of_the_environment_holds(call, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert "白鳍豚回归" in call("show").out
    monkeypatch.setenv("FORESIGHT_LANGUAGE", "en")
    assert "Baiji returns" in call("show").out
    assert "白鳍豚回归" in call("--language", "zh", "show").out


def test_an_unknown_language_is_refused(call):
    answer = call("show", "--language", "fr")
    assert answer.code == 2
    assert "en, zh" in answer.err


def test_a_fault_of_the_program_is_one_line(call, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(show, "show", lambda *_: 1 / 0)
    answer = call("show")
    assert answer.code == 1
    (line,) = lines(answer.err)
    assert "ZeroDivisionError" in line
    assert cli.DEBUG in line
    monkeypatch.setenv(cli.DEBUG, "1")
    with pytest.raises(ZeroDivisionError):
        call("show")


def test_what_is_refused_in_chinese_has_no_english_sentence(call: Call, single: Store):
    """Names of files, options, series and values stay as they are; nothing else is two words of Latin letters."""
    store = str(single.path)
    calls = (
        ("analyze", store, "--method", "sobol"),
        ("analyze", store, "--outcome", "trust", "--year", "2035"),
        ("discover", store, "--outcome", "mean_delivered >= 99"),
        ("discover", store, "--conditions", "0"),
        ("sweep", "--resume", "--out", "/proc/none"),
        ("sweep", "--merge", store, "--out", "none"),
        ("explain", *PAIR, "--outcome", "trsut"),
        ("seek", "--settings", "0"),
    )
    for words in calls:
        for line in refusal(call(*words, "--language", "zh")):
            plain = line.replace("No such file or directory", "")  # the system's own
            assert not re.search(r"[a-z]{2,} [a-z]{2,}", plain), line
            assert re.search("[\u4e00-\u9fff]", line), line


@pytest.mark.parametrize(
    ("library", "extra"), [("sklearn", "explore"), ("distributed", "cluster")], ids=["explore", "cluster"]
)
def test_a_missing_extra_is_named(
    call: Call, single: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, library: str, extra: str
):
    for module in [name for name in sys.modules if name.partition(".")[0] == library]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, library, None)
    calls = {
        "explore": ("discover", str(single.path), "--outcome", ANSWERABLE["discover"], "--method", "cart"),
        "cluster": ("sweep", str(written(tmp_path)), "--out", str(tmp_path / "store"), "--cluster", "local"),
    }
    (line,) = refusal(call(*calls[extra]))
    assert f"pip install 'foresight-escap[{extra}]'" in line
    assert not (tmp_path / "store").exists()


@pytest.mark.costly
def test_no_colour_and_no_terminal_need_no_escape_sequences(tmp_path: Path):
    process = start("show", "members", folder=tmp_path, env={**os.environ, "NO_COLOR": "1"})
    out, _ = process.communicate(timeout=PATIENCE)
    assert "\x1b" not in out
