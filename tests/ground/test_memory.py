"""What a command is about to take is compared with the memory that there is."""

import subprocess
import sys
from pathlib import Path

import pytest

from foresight.memory import free_bytes

_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="limits of processes are read as Linux has them")


def test_this_process_can_take_some_memory():
    assert 1_000_000 < free_bytes() <= sys.maxsize


@_LINUX
@pytest.mark.costly
@pytest.mark.parametrize(
    ("words", "needed"),
    [
        ("run historical-pace --replicates 100000", "15.0"),
        ("run historical-pace --replicates 100000 --keep summary", "4.2"),
        ("compare historical-pace baiji-returns --replicates 40000", "12.0"),
    ],
)
def test_more_runs_than_there_is_memory_for_are_refused_before_the_work(tmp_path: Path, words: str, needed: str):
    call = f"ulimit -v 4000000; exec {sys.executable} -m foresight --language en {words}"
    answer = subprocess.run(["sh", "-c", call], capture_output=True, cwd=tmp_path, text=True, check=False)
    (line,) = answer.stderr.splitlines()
    assert answer.returncode == 2
    assert answer.stdout == ""
    assert line.startswith(f"--replicates: needs about {needed} GB of memory, and ")
    assert list(tmp_path.iterdir()) == []
