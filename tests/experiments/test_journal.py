"""The log of a store: what a killed session cut off is lost alone, and one session at a time writes to it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from foresight.errors import InputError
from foresight.experiments.journal import journal, read_journal

#: Holds a log, in a process of its own, until its stdin ends.
_HOLDER = """
import sys
from pathlib import Path
from foresight.experiments.journal import journal
with journal(Path(sys.argv[1])) as note:
    note(event="held")
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log.jsonl"


def events(path: Path) -> list[str]:
    return [line["event"] for line in read_journal(path)]


def test_each_thing_that_happens_is_a_line_that_says_when(log: Path):
    with journal(log) as note:
        note(event="start", cores=2)
        note(event="part", part=7, seconds=0.5)
    lines = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    assert [line["event"] for line in lines] == ["start", "part"]
    assert lines == read_journal(log)
    assert lines[1]["part"] == 7
    assert [line.keys() - {"time"} for line in lines] == [{"event", "cores"}, {"event", "part", "seconds"}]


def test_a_line_is_on_its_way_to_the_disk_before_the_next_thing_happens(log: Path):
    with journal(log) as note:
        note(event="start")
        assert events(log) == ["start"]


def test_sessions_add_to_what_earlier_ones_wrote(log: Path):
    for event in ("one", "two"):
        with journal(log) as note:
            note(event=event)
    assert events(log) == ["one", "two"]


@pytest.mark.parametrize("cut", ['{"event": "pa', '{"event": "part"}', "\x00", "{"])
def test_a_line_that_was_cut_off_is_ended_and_costs_no_other(log: Path, cut: str):
    """Even a whole line may lack its end; the next session begins on a line of its own."""
    with journal(log) as note:
        note(event="start")
    with log.open("a", encoding="utf-8") as stream:
        stream.write(cut)
    with journal(log) as note:
        note(event="again")
    told = events(log)
    assert (told[0], told[-1]) == ("start", "again")
    assert len(told) == 2 + cut.endswith("}")
    assert log.read_text("utf-8").splitlines()[1] == cut


def test_a_log_that_ends_as_it_should_gets_no_empty_line(log: Path):
    for _ in range(2):
        with journal(log) as note:
            note(event="start")
    assert "" not in log.read_text("utf-8").splitlines()


def test_there_is_nothing_to_read_where_there_is_no_log(log: Path):
    assert read_journal(log) == []


def test_a_second_holder_is_refused_and_writes_nothing(log: Path):
    with journal(log) as note:
        note(event="start")
        before = log.read_bytes()
        with pytest.raises(InputError) as caught, journal(log):
            pytest.fail("two sessions hold the log")
        (problem,) = caught.value.problems
        assert (problem.file, problem.kind) == (str(log.parent), "store_in_use")
        assert log.read_bytes() == before
        note(event="end")
    assert events(log) == ["start", "end"]


def test_another_process_is_refused_until_the_holder_is_gone_however_it_goes(log: Path):
    """The system lets go of the log of a process that is killed: no file is left that would have to be deleted."""
    command = [sys.executable, "-c", _HOLDER, str(log)]
    holder = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(InputError), journal(log):
            pytest.fail("two processes hold the log")
    finally:
        holder.kill()
        holder.communicate()
    with journal(log) as note:
        note(event="mine")
    assert events(log) == ["held", "mine"]


def test_a_session_that_fails_lets_go_of_the_log(log: Path):
    with pytest.raises(ZeroDivisionError), journal(log):
        raise ZeroDivisionError
    with journal(log) as note:
        note(event="start")
    assert events(log) == ["start"]


@pytest.mark.parametrize("place", ["none", "file"])
def test_a_place_that_cannot_be_written_to_is_named(tmp_path: Path, place: str):
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(InputError) as caught, journal(tmp_path / place / "log.jsonl"):
        pytest.fail("there is no such folder")
    (problem,) = caught.value.problems
    assert (problem.file, problem.kind) == (str(tmp_path / place), "not_writable")
