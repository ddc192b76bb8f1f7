"""Sources that are packed twice are the same to the byte."""

import io
import sys
import tarfile
from pathlib import Path

import pytest
from places import ROOT


@pytest.fixture(scope="module")
def release():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT / ".github"))
        import release

        yield release
        del sys.modules["release"]


def packed(folder: Path, names: list[str], second: int, user: int) -> bytes:
    """Pack files in this order, as a user at a second."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        for name in names:
            entry = archive.gettarinfo(folder / name, f"foresight/{name}")
            entry.mtime, entry.uid, entry.uname = second, user, f"user-{user}"
            with (folder / name).open("rb") as file:
                archive.addfile(entry, file)
    return stream.getvalue()


def test_neither_time_nor_person_nor_order_leaves_a_trace(release, tmp_path: Path):
    for name, words in {"a.txt": "a", "run": "#!/bin/sh\n"}.items():
        (tmp_path / name).write_text(words, "utf-8")
    (tmp_path / "run").chmod(0o775)
    here = packed(tmp_path, ["a.txt", "run"], 1_700_000_000, 1)
    (tmp_path / "run").chmod(0o700)
    (tmp_path / "a.txt").chmod(0o600)
    there = packed(tmp_path, ["run", "a.txt"], 1_800_000_000, 2)
    assert here != there
    even = release.evened(here, 1_750_000_000)
    assert release.evened(there, 1_750_000_000) == even
    with tarfile.open(fileobj=io.BytesIO(even)) as archive:
        assert [(one.name, one.mode, one.mtime) for one in archive] == [
            ("foresight/a.txt", 0o644, 1_750_000_000),
            ("foresight/run", 0o755, 1_750_000_000),
        ]
        assert archive.extractfile("foresight/a.txt").read() == b"a"
