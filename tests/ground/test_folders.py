"""Temporary folders go with the process that made them; what a killed one leaves is swept up, and nothing else is."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from foresight.folders import sweep_up, temporary_folder

fcntl = pytest.importorskip("fcntl", reason="nothing is swept up where there are no locks")

#: Makes a folder in one that is named, says which, and keeps it for as long as it is let.
HOLDER = """
import sys
from pathlib import Path
from foresight.folders import temporary_folder
with temporary_folder(Path(sys.argv[1]), ".one.nc-") as folder:
    (folder / "one.nc").write_text("half of it")
    print(folder, flush=True)
    sys.stdin.read()
"""

KEEPER = """
from foresight.folders import folder_of_process
folder = folder_of_process()
assert folder_of_process() == folder
(folder / "compiled").mkdir()
print(folder, flush=True)
"""


@contextmanager
def holder(place: Path) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """Start a process that holds a folder."""
    command = [sys.executable, "-c", HOLDER, str(place)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process, Path(process.stdout.readline().strip())


@pytest.fixture
def mark(tmp_path: Path) -> str:
    """Return how names of temporary folders end on this machine."""
    with temporary_folder(tmp_path) as folder:
        return folder.suffix


def swept(place: Path) -> set[str]:
    """Look for what killed processes left, as the next process does; return what is still there."""
    sweep_up.cache_clear()
    sweep_up(place)
    return {path.name for path in place.iterdir()}


@pytest.mark.costly
def test_a_folder_of_a_killed_process_is_swept_up_and_that_of_a_living_one_is_not(tmp_path: Path):
    with holder(tmp_path) as (living, kept):
        with holder(tmp_path) as (killed, left):
            killed.kill()
        assert {path.name for path in tmp_path.iterdir()} == {kept.name, left.name}
        sweep_up.cache_clear()
        with temporary_folder(tmp_path) as mine:
            assert {path.name for path in tmp_path.iterdir()} == {kept.name, mine.name}
            assert swept(tmp_path) == {kept.name, mine.name}
        assert (kept / "one.nc").read_text("utf-8") == "half of it"
        living.communicate()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.costly
def test_a_folder_of_a_process_is_gone_when_it_ends(tmp_path: Path):
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", KEEPER], env=environment, stdout=subprocess.PIPE, text=True, check=True
    )
    assert Path(done.stdout.strip()).parent == tmp_path
    assert list(tmp_path.iterdir()) == []


def test_what_was_not_made_here_is_not_swept_up(tmp_path: Path, mark: str):
    place, thesis = tmp_path / "place", tmp_path / "thesis"
    names = ["foresight-abcdefgh", ".one.nc-abcdefgh", ".one.nc-abcdefgh.held-00000000", f"abcdefgh{mark}", "results"]
    for folder in (thesis, *(place / name for name in names)):
        folder.mkdir(parents=True)
        (folder / "thesis.tex").write_text("all of it", "utf-8")
    (place / f"foresight-abcdefgh{mark}").symlink_to(thesis)
    (place / f"foresight-12345678{mark}").write_text("a file", "utf-8")
    before = {path.name for path in place.iterdir()}
    assert swept(place) == before
    assert (thesis / "thesis.tex").read_text("utf-8") == "all of it"


def test_what_another_user_made_is_not_swept_up(tmp_path: Path, mark: str, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / f"foresight-abcdefgh{mark}").mkdir()
    with monkeypatch.context() as patched:
        patched.setattr(os, "geteuid", lambda: os.getuid() + 1)
        assert swept(tmp_path) == {f"foresight-abcdefgh{mark}"}
    assert swept(tmp_path) == set()


def test_nothing_is_swept_up_where_a_disk_has_no_locks(tmp_path: Path, mark: str, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / f"foresight-abcdefgh{mark}").mkdir()

    def without_locks(*_: object) -> None:
        raise OSError

    monkeypatch.setattr(fcntl, "flock", without_locks)
    with temporary_folder(tmp_path) as folder:
        assert swept(tmp_path) == {f"foresight-abcdefgh{mark}", folder.name}
    assert swept(tmp_path) == {f"foresight-abcdefgh{mark}"}


def test_another_folder_is_made_where_one_is_swept_up_before_it_is_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    made: list[Path] = []
    make = tempfile.mkdtemp

    def made_and_swept_up(*arguments: object) -> str:
        made.append(Path(make(*arguments)))  # type: ignore[call-overload]
        if len(made) == 1:
            swept(tmp_path)
        return str(made[-1])

    monkeypatch.setattr(tempfile, "mkdtemp", made_and_swept_up)
    with temporary_folder(tmp_path) as folder:
        assert made == [tmp_path / made[0].name, folder]
        assert [path.exists() for path in made] == [False, True]


def test_a_folder_that_is_being_swept_up_by_another_process_is_left_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    lock, asked = fcntl.flock, []

    def held_by_another(number: int, how: int) -> None:
        asked.append(number)
        if len(asked) == 1:
            raise BlockingIOError
        lock(number, how)

    sweep_up(tmp_path)
    monkeypatch.setattr(fcntl, "flock", held_by_another)
    with temporary_folder(tmp_path) as folder:
        assert len(asked) == 2
        assert folder.is_dir()


def test_no_open_file_is_left_behind(tmp_path: Path):
    before = len(list(Path("/dev/fd").iterdir()))
    for _ in range(20):
        with temporary_folder(tmp_path):
            sweep_up.cache_clear()
    assert len(list(Path("/dev/fd").iterdir())) == before
