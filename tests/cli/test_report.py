"""What an analysis found is written to a folder: each file whole, and the same bytes for the same analysis."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from drawn import figure
from places import TESTS

from foresight.cli import report as reporting
from foresight.cli.report import report
from foresight.cli.screen import Screen
from foresight.errors import InputError
from foresight.scenario.loading import load_scenario
from foresight.texts import Words

TABLE = pd.DataFrame({"factor": ["delivery_rate", "linking"], "value": [0.25, np.nan]})

#: Draws the figure of these tests in a process of its own.
_DRAWING = """
import sys
from pathlib import Path
from drawn import figure
from foresight.cli.screen import Screen
from foresight.cli.report import report
report(Screen(quiet=True), Path(sys.argv[1]), {"line": figure()})
"""


@pytest.fixture
def screen() -> Screen:
    return Screen(quiet=True)


def content(folder: Path) -> dict[str, bytes]:
    return {entry.name: entry.read_bytes() for entry in sorted(folder.iterdir())}


# What is written -----------------------------------------------------------------------------------------------------


def test_each_kind_of_thing_has_its_files(screen: Screen, tmp_path: Path):
    scenario = load_scenario("historical-pace")
    files = {"found.json": {"factor": "落实"}, "table.csv": TABLE, "line": figure(), "mine": scenario}
    report(screen, tmp_path, files)
    written = content(tmp_path)
    assert set(written) == {"found.json", "table.csv", "line.svg", "line.png", "mine.toml"}
    assert json.loads(written["found.json"]) == {"factor": "落实"}
    assert "落实" in written["found.json"].decode()
    pd.testing.assert_frame_equal(pd.read_csv(io.BytesIO(written["table.csv"])), TABLE)
    assert written["line.png"].startswith(b"\x89PNG")
    assert written["line.svg"].rstrip().endswith(b"</svg>")
    assert load_scenario(tmp_path / "mine.toml").digest() == scenario.digest()


def test_a_figure_is_the_same_bytes_twice(screen: Screen, tmp_path: Path):
    for name in ("one", "two"):
        report(screen, tmp_path / name, {"line": figure()})
    one, two = (content(tmp_path / name) for name in ("one", "two"))
    assert one == two
    assert b"<dc:date>" not in one["line.svg"]


@pytest.mark.costly
def test_a_figure_is_the_same_bytes_in_another_process(screen: Screen, tmp_path: Path):
    """Names that a process draws by chance, of parts of an SVG or by the hash of a text, would differ."""
    report(screen, tmp_path / "here", {"line": figure()})
    paths = os.pathsep.join([str(TESTS / "made"), os.environ.get("PYTHONPATH", "")])
    command = [sys.executable, "-c", _DRAWING, str(tmp_path / "there")]
    subprocess.run(command, check=True, env={**os.environ, "PYTHONPATH": paths, "PYTHONHASHSEED": "7"})
    assert content(tmp_path / "there") == content(tmp_path / "here")


def test_figures_that_differ_differ_in_bytes(screen: Screen, tmp_path: Path):
    report(screen, tmp_path, {"flat": figure(0.5), "steep": figure(2.0)})
    written = content(tmp_path)
    assert written["flat.svg"] != written["steep.svg"]
    assert written["flat.png"] != written["steep.png"]


def test_drawing_leaves_no_setting_behind(screen: Screen, tmp_path: Path):
    before = dict(mpl.rcParams)
    report(screen, tmp_path, {"line": figure()})
    assert dict(mpl.rcParams) == before


def test_it_says_where_the_files_are_on_stderr(capfd: pytest.CaptureFixture[str], tmp_path: Path):
    report(Screen("zh"), tmp_path / "found", {"found.json": {}})
    out, err = capfd.readouterr()
    assert out == ""
    assert "".join(Words("zh").say("cli.saved", path=tmp_path / "found").split()) in "".join(err.split())


# Where it is written -------------------------------------------------------------------------------------------------


def test_folders_are_made_and_other_files_left_alone(screen: Screen, tmp_path: Path):
    folder = tmp_path / "deep" / "found"
    report(screen, folder, {"found.json": {"value": 1}})
    (folder / "thesis.tex").write_text("all of it", "utf-8")
    report(screen, folder, {"found.json": {"value": 2}})
    assert set(content(folder)) == {"found.json", "thesis.tex"}
    assert json.loads(content(folder)["found.json"]) == {"value": 2}
    assert (folder / "thesis.tex").read_text("utf-8") == "all of it"


def test_a_folder_at_home_is_found(screen: Screen, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("HOME", str(tmp_path))
    report(screen, Path("~/found"), {"found.json": {}})
    assert (tmp_path / "found" / "found.json").exists()


@pytest.mark.parametrize("place", ["file", "file/found", "folder"])
def test_a_place_that_cannot_be_written_to_is_named(screen: Screen, tmp_path: Path, place: str):
    """The last is taken by a folder of the name of a file."""
    (tmp_path / "file").write_text("mine", "utf-8")
    (tmp_path / "folder" / "found.json").mkdir(parents=True)
    with pytest.raises(InputError) as caught:
        report(screen, tmp_path / place, {"found.json": {}})
    (problem,) = caught.value.problems
    assert problem.file.startswith(str(tmp_path / place))
    assert (tmp_path / "file").read_text("utf-8") == "mine"
    assert list((tmp_path / "folder").iterdir()) == [tmp_path / "folder" / "found.json"]


# Whole or not at all -------------------------------------------------------------------------------------------------


def test_a_number_that_json_has_not_costs_no_file_that_is_there(screen: Screen, tmp_path: Path):
    report(screen, tmp_path, {"found.json": {"value": 1.0}})
    before = content(tmp_path)
    with pytest.raises(ValueError, match="not JSON compliant"):
        report(screen, tmp_path, {"found.json": {"value": float("nan")}})
    assert content(tmp_path) == before


def test_writing_that_is_interrupted_leaves_the_old_file_whole_and_nothing_else(
    screen: Screen, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    report(screen, tmp_path, {"found.json": {"value": 1}, "table.csv": TABLE})
    before = content(tmp_path)
    write = Path.write_bytes

    def cut(path: Path, data: bytes) -> int:
        if path.name == "table.csv":
            write(path, data[:5])
            raise KeyboardInterrupt
        return write(path, data)

    monkeypatch.setattr(Path, "write_bytes", cut)
    with pytest.raises(KeyboardInterrupt):
        report(screen, tmp_path, {"found.json": {"value": 2}, "table.csv": TABLE * 2})
    after = content(tmp_path)
    assert json.loads(after["found.json"]) == {"value": 2}
    assert after["table.csv"] == before["table.csv"]
    assert set(after) == set(before)


def test_a_full_disk_is_told_as_such(screen: Screen, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(reporting.Path, "write_bytes", full)
    with pytest.raises(InputError) as caught:
        report(screen, tmp_path, {"found.json": {}})
    assert caught.value.problems[0].kind == "disk_full"
    assert list(tmp_path.iterdir()) == []
