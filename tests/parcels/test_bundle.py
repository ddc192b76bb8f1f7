"""A bundle has all that a machine like this one needs, and starts there without a network."""

import ast
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import Call, done, refusal, start
from wheelhouse import ECHO, small_wheel, wheelhouse

from foresight.errors import InputError
from foresight.parcels import bundle, wheels
from foresight.parcels import start as starting
from foresight.parcels.scripts import SCRIPTS

ALONE = ("unshare", "--map-root-user", "--net")


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the program be a small one that needs one library; return where pip finds that."""
    monkeypatch.setattr(bundle, "own_wheel", lambda place: small_wheel(place, "foresight-escap", ECHO, "made-up"))
    monkeypatch.setattr(bundle, "libraries", lambda: {"made-up": "1.0"})
    return wheelhouse(tmp_path / "house", monkeypatch)


@pytest.fixture
def small(call: Call, house: Path, tmp_path: Path) -> Path:  # noqa: ARG001
    """Return a small bundle."""
    done(call("bundle", "--out", str(tmp_path / "small"), "--json"))
    return tmp_path / "small"


def started(folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([folder / "start.sh", *words], capture_output=True, text=True, cwd=folder.parent)


@pytest.mark.costly
@pytest.mark.usefixtures("house")
def test_a_bundle_is_there_whole_and_says_what_is_in_it(call: Call, tmp_path: Path):
    folder = tmp_path / "new" / "small"
    told = done(call("bundle", "--out", str(folder), "--json"))
    assert (told["wheels"], told["machine"], told["start"]) == (3, starting.machine(), "start.sh")
    assert told["untried"] == ["start.command", "start.bat"]
    assert {path.name.partition("-")[0] for path in (folder / "wheels").iterdir()} == {
        *("foresight_escap", "made_up", "pip")
    }
    assert {path.name for path in folder.iterdir()} == {
        *("README.txt", "bundle.json", "start.py", "wheels", *SCRIPTS.values())
    }
    assert [path.name for path in folder.parent.iterdir()] == ["small"]
    assert os.access(folder / "start.sh", os.X_OK)


@pytest.mark.costly
@pytest.mark.usefixtures("house")
def test_people_are_told_which_machine_it_is_for_and_what_nobody_has_tried(call: Call, tmp_path: Path):
    answer = call("bundle", "--out", str(tmp_path / "small"))
    readme = (tmp_path / "small" / "README.txt").read_text("utf-8")
    for said in (answer.out, readme):
        words = " ".join(said.split())
        assert starting.machine() in words
        assert "Nobody has tried the scripts for macOS and Windows yet: start.command, start.bat." in words
    for name in ("start.command", "start.bat"):
        assert "has never been tried" in (tmp_path / "small" / name).read_text("utf-8")
    assert "never" not in (tmp_path / "small" / "start.sh").read_text("utf-8")


@pytest.mark.costly
@pytest.mark.skipif(sys.platform != "linux", reason="the script of another system")
def test_it_installs_once_and_hands_words_on(small: Path):
    first = started(small)
    assert (first.returncode, first.stdout) == (0, "['ui']\n"), first.stderr
    assert len(first.stderr.splitlines()) == 1
    again = started(small, "room", "--title", "Suva Bay")
    assert (again.stdout, again.stderr) == ("['room', '--title', 'Suva Bay']\n", "")
    (small / "environment" / "whole.txt").unlink()  # as if it had been interrupted
    assert started(small).stderr == first.stderr


@pytest.mark.costly
@pytest.mark.skipif(sys.platform != "linux", reason="the script of another system")
def test_a_folder_with_its_environment_can_be_moved(small: Path, tmp_path: Path):
    started(small)
    moved = small.rename(tmp_path / "moved here")
    answer = started(moved, "show")
    assert (answer.stdout, answer.stderr) == ("['show']\n", "")


@pytest.mark.costly
@pytest.mark.skipif(sys.platform != "linux", reason="the script of another system")
def test_another_python_is_refused_in_one_sentence(small: Path):
    about = small / "bundle.json"
    about.write_text(about.read_text("utf-8").replace('"machine": "CPython 3', '"machine": "CPython 9'), "utf-8")
    answer = started(small)
    assert (answer.returncode, answer.stdout) == (2, "")
    (line,) = answer.stderr.splitlines()
    assert f"this is {starting.machine()}" in line
    assert not (small / "environment").exists()


@pytest.mark.costly
@pytest.mark.skipif(sys.platform != "linux", reason="the script of another system")
def test_wheels_that_do_not_fit_are_one_more_sentence(small: Path):
    next((small / "wheels").glob("made_up*")).unlink()
    answer = started(small)
    assert answer.returncode == 2
    assert "Traceback" not in answer.stderr
    assert "could not be installed" in answer.stderr.splitlines()[-1]


@pytest.mark.costly
@pytest.mark.skipif(sys.platform != "linux", reason="the script of another system")
def test_a_machine_without_python_is_told_what_is_needed(small: Path, tmp_path: Path):
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "dirname").symlink_to(str(shutil.which("dirname")))
    command = [str(shutil.which("sh")), small / "start.sh"]
    answer = subprocess.run(command, capture_output=True, text=True, env={"PATH": str(tools)})
    assert (answer.returncode, answer.stdout) == (2, "")
    assert answer.stderr == f"There is no Python here; this bundle needs {starting.machine()}.\n"


@pytest.mark.parametrize(
    ("fault", "code", "told"), [(PermissionError("no"), 2, "full: no\n"), (KeyboardInterrupt(), 130, "")]
)
def test_what_cannot_be_installed_ends_without_a_trace(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    fault: BaseException,
    code: int,
    told: str,
):
    def fail(*_: object, **__: object) -> None:
        raise fault

    about = {"machine": starting.machine(), "installing": "…", "not_writable": "full: {reason}"}
    (tmp_path / "bundle.json").write_text(json.dumps(about), "utf-8")
    monkeypatch.setattr(starting, "__file__", str(tmp_path / "start.py"))
    monkeypatch.setattr(starting.venv, "create", fail)
    assert starting.main([]) == code
    assert capsys.readouterr().err == f"…\n{told}"


def test_old_pythons_can_read_what_starts():

    ast.parse(Path(starting.__file__).read_text("utf-8"), feature_version=(3, 7))


@pytest.mark.parametrize("name", ["taken", "taken/mine.txt"])
def test_a_folder_that_holds_something_is_refused(call: Call, tmp_path: Path, name: str):
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "mine.txt").write_text("mine", "utf-8")
    (line,) = refusal(call("bundle", "--out", str(tmp_path / name)))
    assert str(tmp_path / name) in line
    assert [path.name for path in tmp_path.rglob("*")] == ["taken", "mine.txt"]


def test_a_bundle_has_to_go_somewhere(call: Call):
    assert refusal(call("bundle")) == ["DIR: is missing"]


def test_without_pip_it_says_what_to_do(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(wheels, "find_spec", lambda _: None)
    (line,) = refusal(call("bundle", "--out", str(tmp_path / "small")))
    assert "python -m ensurepip" in line
    assert list(tmp_path.iterdir()) == []


@pytest.mark.costly
def test_a_library_that_is_nowhere_leaves_nothing_behind(call: Call, house: Path, tmp_path: Path):
    next(house.glob("made_up*")).unlink()
    (line,) = refusal(call("bundle", "--out", str(tmp_path / "new" / "small")))
    assert "could not be collected" in line
    assert "made-up" in line
    assert list(tmp_path.iterdir()) == [house]


@pytest.mark.costly
@pytest.mark.usefixtures("house")
def test_without_a_network_it_says_so(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    for name, value in {"NO_INDEX": "0", "INDEX_URL": f"http://127.0.0.1:{port}/simple", "RETRIES": "1"}.items():
        monkeypatch.setenv(f"PIP_{name}", value)
    monkeypatch.delenv("PIP_FIND_LINKS")
    (line,) = refusal(call("bundle", "--out", str(tmp_path / "small")))
    assert "cannot be reached" in line
    assert not (tmp_path / "small").exists()


def test_a_full_disk_is_told_as_everywhere():
    problem = wheels._problem("ERROR: Could not install packages: [Errno 28] No space left on device\n")
    assert problem.kind == "disk_full"


@pytest.mark.costly
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_interrupted_it_ends_pip_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, code: int
):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        wheelhouse(tmp_path / "house", monkeypatch)
        monkeypatch.setenv("PIP_NO_INDEX", "0")
        monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{silent.getsockname()[1]}/simple")
        place = tmp_path / "place"
        place.mkdir()
        process = start("bundle", "--out", "small", folder=place)
        asking, _ = silent.accept()  # pip is at work
        asking.recv(1)
        process.send_signal(number)
        process.communicate()
        assert process.returncode == code
        while asking.recv(1024):  # until its end is closed
            pass
        asking.close()
    assert list(place.iterdir()) == []


def test_what_refuses_a_path_is_an_error_of_input(tmp_path: Path):
    path = tmp_path / "file"
    path.write_text("", "utf-8")
    with pytest.raises(InputError):
        bundle.check_folder(path)


@pytest.fixture
def alone() -> tuple[str, ...]:
    if not shutil.which("unshare") or not shutil.which("ip"):
        pytest.skip("there is no `unshare` or no `ip` here")
    if subprocess.run([*ALONE, "true"], capture_output=True).returncode:
        pytest.skip("networks of one's own cannot be made here")
    return ALONE


@pytest.mark.slow  # needs the package index, and minutes
def test_a_bundle_serves_the_interface_where_no_way_leads_out(call: Call, alone: tuple[str, ...], tmp_path: Path):
    pytest.importorskip("playwright", reason="`make test` installs it")
    folder, home = tmp_path / "bundle", tmp_path / "home"
    home.mkdir()
    told = done(call("bundle", "--out", str(folder), "--json"))
    assert told["wheels"] > 40
    program = Path(__file__).parents[1] / "made" / "carried.py"
    answer = subprocess.run([*alone, sys.executable, program, folder, home], capture_output=True, text=True)
    assert answer.returncode == 0, answer.stderr
    first, second = json.loads(answer.stdout)
    print(told, first, second)
    assert (first["code"], second["code"]) == (143, 143)
    assert first["drawn"] >= first["served"] > 0
    assert answer.stderr.count("Installing foresight") == 1
    assert same_wheel(folder, tmp_path)
    assert not any((home / name).exists() for name in (".cache/foresight", ".local"))


def same_wheel(folder: Path, place: Path) -> bool:
    """Tell whether a wheel of the program that was installed from one is the same to the byte."""
    python = folder / "environment" / "bin" / "python"
    make = f"from pathlib import Path; from foresight.parcels.rebuilt import own_wheel; own_wheel(Path({str(place)!r}))"
    subprocess.run([python, "-P", "-c", make], check=True)
    (made,) = place.glob("*.whl")
    return made.read_bytes() == (folder / "wheels" / made.name).read_bytes()
