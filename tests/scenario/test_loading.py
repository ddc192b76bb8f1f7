"""A scenario is loaded by name or from a file; whatever cannot be read is refused with a reason."""

import os
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest
from scenario_files import COALITION, HEADER, only, write

from foresight.errors import InputError
from foresight.scenario.loading import (
    bundled,
    check_file,
    load_scenario,
    save_scenario,
    scenario_of,
    scenario_of_text,
)


@pytest.mark.parametrize("source", [None, 5, 0.5, [], {"id": "x"}, b"historical-pace"])
def test_what_is_no_name_and_no_file_is_refused(source: object):
    for use in (load_scenario, scenario_of):
        with pytest.raises(InputError) as caught:
            use(source)  # type: ignore[arg-type]
        problem = only(caught.value.problems)
        assert (problem.file, problem.field, problem.kind) == ("Python", "scenario", "not_a_scenario")
        assert type(source).__name__ in problem.given
        assert "historical-pace" in problem.allowed
    assert only(check_file(source)).kind == "not_a_scenario"  # type: ignore[arg-type]


@pytest.mark.parametrize("changes", [5, "levers.linking=1", ["levers.linking"], 0])
def test_what_is_set_must_be_a_table(changes: object):
    with pytest.raises(InputError) as caught:
        load_scenario("historical-pace", set=changes)  # type: ignore[arg-type]
    assert (only(caught.value.problems).field, only(caught.value.problems).kind) == ("set", "not_a_table")


def test_faults_of_a_file_its_base_and_what_is_set_come_together(tmp_path: Path):
    base = write(tmp_path, "levers.linking = 9", "base.toml")
    path = write(tmp_path, 'extends = "base.toml"\nlevers.assistance = 9')
    with pytest.raises(InputError) as caught:
        load_scenario(path, set={"levers.solidarity_share": 9})
    found = [(problem.file, problem.field) for problem in caught.value.problems]
    assert found == [
        (str(path), "levers.assistance"),
        (str(base), "levers.linking"),
        ("Python", "levers.solidarity_share"),
    ]


def test_an_overlap_across_a_file_and_its_base_is_found(tmp_path: Path):
    write(tmp_path, f'{COALITION}members = ["FJI"]', "base.toml")
    path = write(tmp_path, 'extends = "base.toml"\n[[coalition]]\nname = "other"\nmembers = ["FJI"]')
    assert only(check_file(path)).kind == "overlap"


def test_a_circle_of_files_is_shown(tmp_path: Path):
    paths = [write(tmp_path, f'extends = "{after}.toml"', f"{name}.toml") for name, after in ("ab", "bc", "ca")]
    message = str(only(check_file(paths[0])))
    assert message.index("a.toml →") < message.index("b.toml →") < message.index("c.toml →")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b" \n\n", "is empty"),
        (HEADER.encode() + b"author = '\xff'", "offset 61; given 0xff; allowed UTF-8"),
        (HEADER.encode("utf-16"), "offset 0"),
        (b"\x00\x01\x02", "cannot be read"),
    ],
)
def test_a_file_that_is_no_text_is_refused(content: bytes, words: str, tmp_path: Path):
    path = tmp_path / "bad.toml"
    path.write_bytes(content)
    assert words in str(only(check_file(path)))


def test_a_mark_that_some_editors_put_first_is_no_fault(tmp_path: Path):
    path = tmp_path / "marked.toml"
    path.write_bytes(b"\xef\xbb\xbf" + HEADER.replace("\n", "\r\n").encode())
    assert check_file(path) == []


def test_a_hundred_megabytes_are_refused_at_once(tmp_path: Path):
    path = tmp_path / "large.toml"
    with path.open("wb") as stream:
        stream.truncate(100_000_000)
    started = time.process_time()
    message = str(only(check_file(path)))
    assert time.process_time() - started < 0.2  # a glance at the size; reading alone would take longer
    assert "at most 300,000 bytes; given 100,000,000" in message


LONG = {
    "word": "a" * 900_000,
    "words": "a " * 450_000,
    "quotes": '"' * 900_000,
    "repeated keys": "a = 1\n" * 150_000,
    "unknown keys": "".join(f"a{number} = 1\n" for number in range(75_000)),
    "coalitions": "".join(f'[[coalition]]\nname = "{n}"\nmembers = ["FJI"]\n' for n in range(20_000)),
    "events": "".join(f'[[event]]\nname = "{n % 2}"\nyear = 2030\ntrust = 0.1\n' for n in range(19_000)),
}


@pytest.mark.costly
@pytest.mark.parametrize("body", LONG.values(), ids=LONG.keys())
def test_a_file_made_to_be_slow_is_answered_soon(body: str, tmp_path: Path):
    started = time.process_time()
    assert check_file(write(tmp_path, body))
    assert time.process_time() - started < 5  # seconds; a square of the length would take hours


def test_a_directory_is_refused(tmp_path: Path):
    assert only(check_file(tmp_path)).kind == "a_directory"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_the_record_of_a_room_is_told_from_a_scenario(tmp_path: Path):
    with closing(sqlite3.connect(tmp_path / "ABCDEF.room")) as record:
        record.execute("CREATE TABLE events (n INTEGER)")
    problem = only(check_file(tmp_path / "ABCDEF.room"))
    assert problem.kind == "a_record"
    assert "foresight room --open" in problem.message()


def test_a_pipe_is_refused_without_waiting(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe.toml")
    assert only(check_file(tmp_path / "pipe.toml")).kind == "no_file"


def test_a_missing_file_is_named_with_the_nearest_scenario():
    message = str(only(check_file("baiji-return.toml")))
    assert "no such file" in message
    assert "did you mean baiji-returns?" in message


def test_a_file_below_a_file_is_missing(tmp_path: Path):
    assert only(check_file(write(tmp_path, "") / "inner.toml")).kind == "missing_file"


def test_a_file_that_must_not_be_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def refuse(_: Path) -> bytes:
        raise PermissionError

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert only(check_file(write(tmp_path, ""))).kind == "no_permission"


@pytest.mark.parametrize(("name", "meant"), [("baiji", "baiji-returns"), ("historical_pace", "historical-pace")])
def test_an_unknown_scenario_is_refused_with_the_nearest(name: str, meant: str):
    with pytest.raises(InputError, match=rf"allowed baiji-returns.*did you mean {meant}\?"):
        load_scenario(name)


@pytest.mark.parametrize("name", ["", "a\0b", "x" * 5_000])
def test_a_name_no_file_can_have_is_refused(name: str):
    with pytest.raises(InputError):
        load_scenario(name)


def test_messages_carry_no_control_signs(tmp_path: Path):
    path = write(tmp_path, '"\\u001b[31m\\nred" = 1')
    assert str(only(check_file(path))).isprintable()


@pytest.mark.parametrize("name", bundled())
def test_a_saved_scenario_needs_no_base_and_does_the_same(name: str, tmp_path: Path):
    path = tmp_path / "saved.toml"
    scenario = load_scenario(name)
    save_scenario(scenario, path)
    saved = load_scenario(path)
    assert saved.digest() == scenario.digest()
    assert saved.model_copy(update={"extends": scenario.extends}) == scenario
    assert os.listdir(tmp_path) == ["saved.toml"]


def test_an_interrupted_save_leaves_the_old_file_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = write(tmp_path, "", "kept.toml")

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        save_scenario(load_scenario("baiji-returns"), path)
    assert os.listdir(tmp_path) == ["kept.toml"]
    assert path.read_text("utf-8") == HEADER


def test_a_text_is_the_scenario_of_its_file(tmp_path: Path):
    path = write(tmp_path, 'extends = "baiji-returns"\n[levers]\nlinking = 1.2\n')
    assert scenario_of_text(path.read_text("utf-8"), "mine.toml") == load_scenario(path)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ('extends = "mine.toml"', "mine.toml: extends: the scenario builds on itself; given mine.toml → mine.toml"),
        ('extends = "other.toml"', 'mine.toml: extends: there is no scenario or file of that name; given "other.toml"'),
        ("levers.linking = 9", "mine.toml: levers.linking: is out of range"),
        ("= 1", "mine.toml: cannot be read from line 3"),
        ("#" * 300_000, "mine.toml: a file has at most 300,000 bytes"),
    ],
)
def test_a_text_that_cannot_be_used_is_told_by_its_name(body: str, message: str):
    with pytest.raises(InputError) as caught:
        scenario_of_text(HEADER + body, "mine.toml")
    assert str(caught.value).startswith(message)
    assert "/" not in str(caught.value)


def test_files_that_build_on_each_other_are_told_without_their_folder(tmp_path: Path):
    path = write(tmp_path, 'extends = "base.toml"')
    write(tmp_path, 'extends = "mine.toml"', "base.toml")
    assert only(check_file(path)).given == "mine.toml → base.toml → mine.toml"
