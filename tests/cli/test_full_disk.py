"""A disk that is full is told as such, in one line, and costs nothing that was there."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from batches import sampled
from command_line import Answer

#: Starts a program that may write files of a few kilobytes at the most; Python itself (-B) must keep none cut short.
_LIMITED = 'ulimit -f 4; exec "$0" "$@"'

pytestmark = [pytest.mark.costly, pytest.mark.skipif(os.name != "posix", reason="needs limits of files")]


def called(*words: str, folder: Path, out: str = os.devnull) -> Answer:
    """Call the program with little room for files; its answer is lost."""
    command = ["sh", "-c", _LIMITED, sys.executable, "-B", "-m", "foresight", *words]
    with open(out, "w", encoding="utf-8") as stream:
        ended = subprocess.run(command, cwd=folder, stdout=stream, stderr=subprocess.PIPE, text=True, encoding="utf-8")
    return Answer(ended.returncode, "", ended.stderr)


@pytest.mark.parametrize("kind", ["nc", "csv", "xlsx", "iamc"])
def test_a_run_leaves_no_half_file_and_no_folder(tmp_path: Path, kind: str):
    told = "the disk is full; files that are whole stay, and nothing else does\n"
    words = ("run", "historical-pace", "--replicates", "2", "--out", "results", "--format", kind)
    ending = "csv" if kind == "iamc" else kind
    assert called(*words, folder=tmp_path) == (2, "", f"results/historical-pace.{ending}: {told}")
    assert list(tmp_path.iterdir()) == []


def test_a_sweep_says_how_to_go_on(tmp_path: Path):
    (tmp_path / "few.toml").write_text(sampled("latin_hypercube").replace("n = 7", "n = 200"), "utf-8")
    answer = called("sweep", "few.toml", "--out", "store", folder=tmp_path)
    assert answer == (2, "", "store: the disk is full; what is finished stays, and --resume goes on\n")


def test_a_page_is_not_written(tmp_path: Path):
    answer = called("protocol", "--out", "page.md", folder=tmp_path)
    assert answer == (2, "", "page.md: the disk is full; files that are whole stay, and nothing else does\n")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a file that is always full")
@pytest.mark.parametrize("words", [("show",), ("check", "baiji-returns"), ("--json", "show", "members"), ("protocol",)])
def test_an_answer_that_finds_no_room_is_not_a_fault(tmp_path: Path, words: tuple[str, ...]):
    answer = called(*words, folder=tmp_path, out="/dev/full")
    assert answer.code == 2
    assert "the disk is full" in answer.err
    assert "Traceback" not in answer.err
