"""The record: what is acknowledged is on disk, nothing in it changes, and what is none is told."""

import os
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from rooms import OPENED, digest, opened, played

import foresight.workshop.record
from foresight.errors import InputError
from foresight.workshop.events import Joined, KeyMade, Shown
from foresight.workshop.record import Record, begun
from foresight.workshop.room import room_of

FIRST = (opened(), KeyMade(digest=digest("key")))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where a record was begun and closed again."""
    made = tmp_path / "suva.room"
    begun(made, FIRST, OPENED).close()
    return made


def test_what_was_written_is_read_back_in_order(path: Path):
    record = Record(path)
    for at, event in played().record[2:]:
        record.append([event], at)
    record.close()
    record = Record(path)
    events = record.events()
    record.close()
    assert [at for at, _ in events] == [OPENED, OPENED, *(at for at, _ in played().record[2:])]
    assert vars(room_of([event for _, event in events])) == vars(played().room)


def test_a_record_is_read_by_its_owner_alone(path: Path):
    assert stat.S_IMODE(path.stat().st_mode) == stat.S_IRUSR | stat.S_IWUSR


def test_several_happenings_are_written_together_or_not_at_all(path: Path):
    record = Record(path)
    record._file.execute("PRAGMA max_page_count = 4")
    joined = [Joined(person=number, digest=digest(str(number))) for number in range(1, 200)]
    with pytest.raises(InputError, match="full"):
        record.append(joined, OPENED)
    assert len(record.events()) == 2
    record._file.execute("PRAGMA max_page_count = 100000")
    record.append(joined, OPENED)
    assert len(record.events()) == 2 + len(joined)
    record.close()


CHANGES = {
    "update": "UPDATE happened SET at = 0",
    "delete": "DELETE FROM happened WHERE n = 2",
    "replace": "INSERT OR REPLACE INTO happened (n, at, body) VALUES (2, 0, '')",
}


@pytest.mark.parametrize("kind", CHANGES)
def test_nothing_that_happened_changes(path: Path, kind: str):
    with closing(sqlite3.connect(path)) as file, pytest.raises(sqlite3.IntegrityError, match="never changes"):
        file.execute(CHANGES[kind])
    record = Record(path)
    assert [event for _, event in record.events()] == list(FIRST)
    record.close()


def test_one_server_at_a_time_has_a_record(path: Path):
    record = Record(path)
    with pytest.raises(InputError, match="another server"):
        Record(path)
    record.close()
    Record(path).close()


def of_other_kind(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as file:
        file.execute("CREATE TABLE happened (n, at, body)")


def of_a_later_form(path: Path) -> None:
    with closing(sqlite3.connect(path)) as file:
        file.execute("PRAGMA user_version = 99")


STRANGE: dict[str, Callable[[Path], object]] = {
    "a text": lambda path: path.write_text("no record\n" * 999),
    "nothing": lambda path: path.write_bytes(b""),
    "another database": of_other_kind,
    "a later form": of_a_later_form,
    "cut short": lambda path: path.write_bytes(path.read_bytes()[:1500]),
}


@pytest.mark.parametrize("kind", STRANGE)
def test_what_is_no_record_is_told(path: Path, kind: str):
    STRANGE[kind](path)
    with pytest.raises(InputError, match="not the record of a room, or is damaged"):
        Record(path)


def test_a_record_that_is_not_there_is_told(tmp_path: Path):
    with pytest.raises(InputError, match="no such file"):
        Record(tmp_path / "none.room")


def test_damage_in_the_middle_is_told(path: Path):
    record = Record(path)
    for number in range(1, 400):
        record.append([Joined(person=number, digest=digest(str(number)))], OPENED)
    record.close()
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 4096] = os.urandom(4096)
    path.write_bytes(content)
    with pytest.raises(InputError, match="damaged"):
        Record(path).events()


def test_a_copy_made_while_its_room_ran_says_what_belongs_to_it(tmp_path: Path):
    """What happened is beside the file until its room stops."""
    lone = tmp_path / "lone.room"
    with closing(begun(tmp_path / "going.room", FIRST, OPENED)):
        shutil.copy(tmp_path / "going.room", lone)
    copied = Record(lone)
    with pytest.raises(InputError, match=r"lone\.room: .*-wal"):
        copied.events()
    copied.close()


def test_a_happening_of_no_kind_is_told(path: Path):
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("""INSERT INTO happened (at, body) VALUES (0, '{"kind": "rained"}')""")
    record = Record(path)
    with pytest.raises(InputError, match="damaged"):
        record.events()
    record.close()


def test_a_record_is_not_begun_where_a_file_stands(path: Path):
    with pytest.raises(InputError, match="exists"):
        begun(path, FIRST, OPENED)
    with pytest.raises(InputError, match="cannot be written here"):
        begun(path / "below", FIRST, OPENED)


def test_a_record_that_finds_no_room_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    made = foresight.workshop.record._MADE
    monkeypatch.setattr(foresight.workshop.record, "_MADE", f"PRAGMA max_page_count = 1; {made}")
    with pytest.raises(InputError, match="full"):
        begun(tmp_path / "suva.room", FIRST, OPENED)
    assert list(tmp_path.iterdir()) == []


#: Writes happenings and names each once it is on disk; between two of them it may end at any instruction.
WRITER = """
import sys
from pathlib import Path
from foresight.workshop.events import Shown
from foresight.workshop.record import Record
record = Record(Path(sys.argv[1]))
for number in range(100_000):
    record.append([Shown(shown=number % 2 == 0)] * 3, float(number))
    print(number, flush=True)
"""


@pytest.mark.costly
@pytest.mark.parametrize("lines", [1, 7, 50])
def test_what_was_acknowledged_outlives_a_server_that_is_killed(path: Path, lines: int):
    """Killed at chance moments of a stream of commits; each is there whole or not at all."""
    writing = [sys.executable, "-c", WRITER, str(path)]
    with subprocess.Popen(writing, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        told = [int(server.stdout.readline()) for _ in range(lines)]
        server.send_signal(signal.SIGKILL)
        told += [int(line) for line in server.stdout]
    record = Record(path)
    moments = [at for at, event in record.events() if isinstance(event, Shown)]
    assert len(moments) in (3 * len(told), 3 * len(told) + 3)
    assert moments == [float(number) for number in range(len(moments) // 3) for _ in range(3)]
    record.append([Shown(shown=True)], OPENED)
    record.close()
