"""The command that writes an archive: a file that appears whole, the same each time, or one clear refusal."""

import hashlib
import zipfile
from pathlib import Path

import pytest
from command_line import Call, done, refusal

from foresight.cli.verbs import archive
from foresight.parcels.archive import EARLIEST, LATEST


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let an archive have two files; what is really in one has tests of its own."""
    monkeypatch.setattr(archive, "contents", lambda language, _progress: {"b.txt": b"b", "a.txt": language.encode()})
    monkeypatch.delenv(archive.EPOCH, raising=False)


def test_machines_are_told_what_was_written(call: Call, tmp_path: Path):
    path = tmp_path / "a.zip"
    told = done(call("archive", "--out", str(path), "--json", "--quiet"))
    content = path.read_bytes()
    sum_of_all = hashlib.sha256(content).hexdigest()
    assert told == {"file": str(path), "files": 2, "bytes": len(content), "sha256": sum_of_all}
    assert zipfile.ZipFile(path).read("a.txt") == b"en"


def test_people_are_told_in_their_language(call: Call, tmp_path: Path):
    answer = call("archive", "--out", str(tmp_path / "a.zip"), "--language", "zh")
    assert answer.code == 0
    assert answer.out.startswith("2 个文件")
    assert zipfile.ZipFile(tmp_path / "a.zip").read("a.txt") == b"zh"


def test_twice_is_the_same_and_the_environment_sets_the_time(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    first, again, later = (tmp_path / name for name in ("first.zip", "again.zip", "later.zip"))
    assert call("archive", "--out", str(first)).code == call("archive", "--out", str(again)).code == 0
    assert first.read_bytes() == again.read_bytes()
    monkeypatch.setenv(archive.EPOCH, "1700000000")
    assert call("archive", "--out", str(later)).code == 0
    assert {one.date_time for one in zipfile.ZipFile(later).infolist()} == {(2023, 11, 14, 22, 13, 20)}


@pytest.mark.parametrize("second", ["yesterday", str(EARLIEST - 1), str(LATEST + 1)])
def test_a_time_that_no_file_can_bear_is_refused(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, second: str
):
    monkeypatch.setenv(archive.EPOCH, second)
    (line,) = refusal(call("archive", "--out", str(tmp_path / "a.zip")))
    assert line.startswith(archive.EPOCH)
    assert second in line
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["archive.tar", "archive", "none/archive.zip"])
def test_what_cannot_be_written_is_refused_in_one_line(call: Call, tmp_path: Path, name: str):
    assert len(refusal(call("archive", "--out", str(tmp_path / name)))) == 1
    assert list(tmp_path.iterdir()) == []


def test_where_it_goes_has_to_be_said(call: Call):
    (line,) = refusal(call("archive"))
    assert "is missing" in line


def test_a_file_that_is_there_is_replaced_with_force_alone(call: Call, tmp_path: Path):
    path = tmp_path / "a.zip"
    path.write_text("mine", "utf-8")
    (line,) = refusal(call("archive", "--out", str(path)))
    assert "--force" in line
    assert path.read_text("utf-8") == "mine"
    assert call("archive", "--out", str(path), "--force").code == 0
    assert zipfile.is_zipfile(path)


def test_a_fault_leaves_nothing_behind(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def fail(*_: object) -> bytes:
        raise RuntimeError

    monkeypatch.setattr(archive, "packed", fail)
    assert call("archive", "--out", str(tmp_path / "a.zip")).code == 1
    assert list(tmp_path.iterdir()) == []
