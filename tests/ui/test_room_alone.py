"""A whole workshop in a network that leads nowhere else."""

import json
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from places import ROOT

#: A network of one's own, in which one may do all.
ALONE = ("unshare", "--map-root-user", "--net")


@pytest.fixture
def alone() -> tuple[str, ...]:
    if not shutil.which("unshare") or not shutil.which("ip"):
        pytest.skip("there is no `unshare` or no `ip` here")
    cable = "ip link set lo up && ip link add one type veth peer name other"
    tried = subprocess.run([*ALONE, "sh", "-c", cable], capture_output=True, text=True)
    if tried.returncode:
        pytest.skip(f"networks of one's own cannot be made here: {tried.stderr.strip()}")
    return ALONE


@pytest.mark.costly
def test_a_workshop_from_start_to_finish_where_no_way_leads_out(alone: tuple[str, ...], tmp_path: Path):
    program = ROOT / "tests" / "made" / "alone.py"
    done = subprocess.run([*alone, sys.executable, program, tmp_path], capture_output=True, text=True, env=os.environ)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert [name for name, *_ in found["routes"]] == ["room"]  # no way but to its own network
    assert found["place"].startswith("http://192.168.77.1:")
    assert found["branches"] == [[2, 3, 4], [2, 3]]
    assert all(size > 1_000 for size in found["sizes"].values())
    assert found["hosts"] == ["www.w3.org"]  # what pictures are called after, and nobody asks
    own = {socket.gethostname(), "0.0.0.0"}
    assert {line.rpartition(" ")[2] for line in found["asked"]} <= own
