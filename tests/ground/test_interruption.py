"""Ctrl-C and SIGTERM end the program at any moment, and leave whole files or nothing."""

import array
import fcntl
import os
import signal
import termios
import time
from pathlib import Path
from typing import NamedTuple

import pytest
from batches import copied, sampled, swept, written
from command_line import held, start

from foresight.cli import main as cli
from foresight.experiments.loading import load_experiment
from foresight.experiments.manifest import MANIFEST, Shard
from foresight.experiments.store import LOG, POINTS, Store, open_store
from foresight.experiments.sweep import sweep
from foresight.results.results import load_results
from foresight.texts import Words

pytestmark = [
    pytest.mark.costly,
    pytest.mark.skipif(os.name != "posix", reason="sends signals"),
    pytest.mark.usefixtures("english"),
]

#: Seconds that a program which has been told to end may take on the slowest machine.
PATIENCE = 60

RUN = ("run", "baiji-returns", "--replicates", "3", "--out")
SWEEP = ("sweep", "experiment.toml", "--out", "store")
PROTOCOL = ("protocol", "--out", "model.html")
SEEK = ("seek", "historical-pace", "--target", "trust >= 0", "--settings", "1", "--replicates", "16")


def made(name: str) -> tuple[str, str, str]:
    """Return the moment when a folder was made; what belongs to it is done before anything is abandoned."""
    return ("after", "os:mkdir", name)


def whole(name: str = "*") -> tuple[str, str, str]:
    """Return the moment when a file is whole and has not got its name."""
    return ("at", "foresight.files:_flush", name)


class Ended(NamedTuple):
    """How a program ended, what it said, and what it left: in its folder, and of temporary files."""

    code: int
    out: str
    err: str
    left: list[str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder where the program works; beside it is one for its temporary files."""
    for name in ("work", "temporary"):
        (tmp_path / name).mkdir()
    return tmp_path / "work"


def ended(
    folder: Path, moment: tuple[str, str, str], *words: str, signals: tuple[signal.Signals, ...] = (signal.SIGTERM,)
) -> Ended:
    """Hold the program at a moment, send it signals, and see how it ends."""
    temporary = folder.parent / "temporary"
    process = held(moment, *words, folder=folder, env={**os.environ, "TMPDIR": str(temporary)})
    for number in signals:
        process.send_signal(number)
    out, err = process.communicate(timeout=PATIENCE)
    left = [*folder.rglob("*"), *temporary.rglob("*")]
    return Ended(process.returncode, out, err, sorted(str(path.relative_to(folder.parent)) for path in left))


def nothing_is_left(end: Ended, code: int = cli.TERMINATED) -> None:
    assert (end.code, end.out, end.left) == (code, "", [])
    assert end.err == f"{Words().say('cli.interrupted')}\n"


def nothing_is_half_done(end: Ended) -> None:
    """Check that a program that may have gone on for a while left whole files or nothing."""
    assert (end.code, end.err.splitlines()[-1]) == (cli.TERMINATED, Words().say("cli.interrupted"))
    assert not [name for name in end.left if "/." in name or name.startswith("temporary/")]


# Runs ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, cli.INTERRUPTED), (signal.SIGTERM, cli.TERMINATED)])
def test_a_signal_ends_a_run_at_once_and_leaves_no_file(folder: Path, number: signal.Signals, code: int):
    """The engine goes on computing where it was held: nobody waits for it."""
    words = ("run", "--replicates", "20000", "--keep", "summary", "--out", "results")
    nothing_is_left(ended(folder, ("before", "foresight.cli.verbs.run:simulate", "*"), *words, signals=(number,)), code)


@pytest.mark.parametrize("kind", ["nc", "csv", "xlsx", "iamc"])
def test_a_file_that_is_whole_but_not_in_its_folder_goes_with_the_folder(folder: Path, kind: str):
    nothing_is_left(ended(folder, whole("baiji-returns*"), *RUN, "results", "--format", kind))


FILE = "work/results/baiji-returns.nc"

MOMENTS = [
    pytest.param(made(".foresight-*"), "results", id="trying the folder"),
    pytest.param(made(".baiji-returns.nc-*"), "results", id="beginning a file"),
    pytest.param(made("results"), "results", id="making the folder"),
    pytest.param(("before", "os:replace", "one.csv"), "one.csv", id="naming a file"),
    pytest.param(("after", "os:open", "openpyxl.*"), "one.xlsx", id="temporary files of a library"),
]


@pytest.mark.parametrize(("moment", "target"), MOMENTS)
def test_a_signal_at_the_moment_something_appears_leaves_it_whole_or_not_at_all(
    folder: Path, moment: tuple[str, str, str], target: str
):
    end = ended(folder, moment, *RUN, target)
    nothing_is_half_done(end)
    assert [name for name in end.left if name != "work/results"] in ([], [f"work/{target}"], [FILE])
    assert ("work/results" in end.left) == (FILE in end.left)


def test_a_file_that_has_its_name_stays_whole(folder: Path):
    end = ended(folder, ("at", "foresight.files:_flush_folder", "results"), *RUN, "results")
    assert (end.code, end.left) == (cli.TERMINATED, ["work/results", FILE])
    assert len(load_results(folder / "results" / "baiji-returns.nc").dataset["replicate"]) == 3


def test_what_was_there_before_is_not_touched(folder: Path):
    (folder / "results").mkdir()
    (folder / "results" / "thesis.tex").write_text("all of it", "utf-8")
    (folder / "results" / "baiji-returns.nc").write_text("older", "utf-8")
    end = ended(folder, whole("baiji-returns.nc"), *RUN, "results", "--force")
    assert end.code == cli.TERMINATED
    assert {path.name: path.read_text("utf-8") for path in (folder / "results").iterdir()} == {
        "thesis.tex": "all of it",
        "baiji-returns.nc": "older",
    }


def test_signals_that_come_while_one_is_heard_change_nothing(folder: Path):
    several = (signal.SIGTERM, signal.SIGTERM, signal.SIGTERM, signal.SIGTERM)
    nothing_is_left(ended(folder, whole("one.nc"), *RUN, "one.nc", signals=several))


def test_the_word_is_said_in_the_language_of_the_screen(folder: Path):
    end = ended(folder, whole("one.nc"), *RUN, "one.nc", "--language", "zh", signals=(signal.SIGINT,))
    assert (end.code, end.err) == (cli.INTERRUPTED, f"{Words('zh').say('cli.interrupted')}\n")


# Reports and pages ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Return a store with points enough to find conditions in."""
    words = sampled("latin_hypercube").replace("historical-pace", "baiji-returns").replace("n = 7", "n = 60")
    return swept(tmp_path_factory.mktemp("store"), words)


REPORTS = [
    pytest.param(whole(), ("analyze", "--outcome", "trust.Pacific"), id="analyze"),
    pytest.param(made("report"), ("analyze", "--outcome", "trust.Pacific"), id="analyze, its folder"),
    pytest.param(whole(), ("discover", "--outcome", "mean_delivered >= 2.5"), id="discover"),
]


@pytest.mark.parametrize(("moment", "words"), REPORTS)
def test_a_report_on_a_store_leaves_whole_files_or_nothing(
    folder: Path, store: Store, moment: tuple[str, str, str], words: tuple[str, ...]
):
    """The answer has been put out by then, and stays."""
    end = ended(folder, moment, words[0], str(store.path), *words[1:], "--out", "report", "--json")
    assert end.out.startswith("{")
    assert end.out.endswith("}\n")
    nothing_is_half_done(end)
    assert ("work/report" in end.left) == (len(end.left) > 1)
    assert moment == made("report") or end.left == []


WORKING = [
    pytest.param(
        "foresight.cli.verbs.analyze:analyzed", ("analyze", "{store}", "--outcome", "trust.Pacific"), id="analyze"
    ),
    pytest.param("foresight.cli.verbs.seek:sought", SEEK, id="seek"),
    pytest.param("foresight.cli.verbs.calibrate:calibrate", ("calibrate",), id="calibrate"),
    pytest.param("foresight.cli.verbs.hindcast:forecast_and_score", ("hindcast",), id="hindcast"),
]


@pytest.mark.parametrize(("work", "words"), WORKING)
def test_work_that_is_interrupted_leaves_no_folder_for_its_report(
    folder: Path, store: Store, work: str, words: tuple[str, ...]
):
    filled = [word.format(store=store.path) for word in words]
    nothing_is_left(ended(folder, ("before", work, "*"), *filled, "--out", "deep/report"))


def test_a_page_that_has_not_got_its_name_is_gone(folder: Path):
    nothing_is_left(ended(folder, whole("model.html"), *PROTOCOL))


# Sweeps --------------------------------------------------------------------------------------------------------------

BEGINNINGS = [
    pytest.param(("at", "foresight.experiments.sweep:new_store", "*"), id="the log"),
    pytest.param(whole(POINTS), id="the points"),
    pytest.param(whole(MANIFEST), id="the manifest"),
]


@pytest.fixture
def experiment(folder: Path) -> Path:
    return written(folder, sampled("sobol_sequence"))


def kept(folder: Path) -> list[str]:
    """Return what stands in a folder before anything is swept there, as `ended` names it."""
    return sorted(f"{folder.name}/{path.name}" for path in folder.iterdir())


@pytest.mark.usefixtures("experiment")
@pytest.mark.parametrize("moment", BEGINNINGS)
def test_a_store_without_a_manifest_leaves_no_folder(folder: Path, moment: tuple[str, str, str]):
    before = kept(folder)
    end = ended(folder, moment, *SWEEP)
    assert (end.code, end.out, end.left) == (cli.TERMINATED, "", before)


@pytest.mark.usefixtures("experiment")
def test_the_folder_of_a_store_is_made_with_a_store_or_not_at_all(folder: Path):
    end = ended(folder, made("store"), *SWEEP)
    nothing_is_half_done(end)
    assert "work/store" not in end.left or not open_store(folder / "store").damaged()


@pytest.mark.usefixtures("experiment")
def test_an_empty_folder_stays_and_a_log_that_a_killed_sweep_left_too(folder: Path):
    (folder / "store").mkdir()
    assert ended(folder, whole(MANIFEST), *SWEEP).code == cli.TERMINATED
    assert list((folder / "store").iterdir()) == []
    (folder / "store" / LOG).write_text('{"event": "start"}\n', "utf-8")
    assert ended(folder, whole(MANIFEST), *SWEEP).code == cli.TERMINATED
    assert [path.name for path in (folder / "store").iterdir()] == [LOG]


@pytest.mark.parametrize("moment", [whole("part-*"), ("at", "foresight.experiments.store:_naming", "*")])
def test_a_sweep_that_is_interrupted_is_a_store_and_goes_on(
    folder: Path, experiment: Path, moment: tuple[str, str, str]
):
    end = ended(folder, moment, *SWEEP, signals=(signal.SIGINT,))
    assert end.code == cli.INTERRUPTED
    path = folder / "store"
    assert not [entry.name for entry in path.iterdir() if entry.name.startswith(".")]
    left = open_store(path)
    assert left.missing
    assert not left.damaged()
    again = sweep(load_experiment(experiment), path, resume=True)
    assert not again.missing
    assert not again.damaged()


@pytest.fixture(scope="module")
def shards(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("shards")
    made_of = [swept(folder / str(number), sampled("sobol_sequence"), Shard(number, 2)) for number in (1, 2)]
    return [str(one.path) for one in made_of]


def test_a_merge_without_a_manifest_leaves_no_folder(folder: Path, shards: list[str]):
    nothing_is_left(ended(folder, whole(MANIFEST), "sweep", "--merge", *shards, "--out", "merged"))


def test_a_merge_that_is_interrupted_is_a_store(folder: Path, shards: list[str]):
    end = ended(folder, whole("part-00001*"), "sweep", "--merge", *shards, "--out", "merged")
    assert end.code == cli.TERMINATED
    assert not open_store(folder / "merged").damaged()
    assert not [name for name in end.left if "/." in name]


@pytest.mark.parametrize("moment", [whole("part-*"), whole(MANIFEST)])
def test_a_store_that_is_gone_on_with_loses_nothing(
    folder: Path, store: Store, tmp_path: Path, moment: tuple[str, str, str]
):
    path = copied(store, tmp_path).path
    lost = next(iter(store.finished))
    (path / f"part-{lost:05d}.parquet").unlink()
    end = ended(folder, moment, "sweep", "--repair", "--out", str(path))
    assert end.code == cli.TERMINATED
    assert not [entry.name for entry in path.iterdir() if entry.name.startswith(".")]
    assert len(open_store(path).finished) >= len(store.finished) - 1
    assert not sweep(None, path, repair=True).damaged()


# Whoever does not listen ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("unbuffered", ["", "1"], ids=["buffered", "unbuffered"])
def test_a_reader_of_stdout_that_does_not_read_keeps_nobody(tmp_path: Path, unbuffered: str):
    """The main thread waits in the middle of an answer; it holds the lock of a buffer, or lets the rest go."""
    read, write = os.pipe()
    room = fcntl.fcntl(write, fcntl.F_SETPIPE_SZ, 4096)
    environment = {**os.environ, "PYTHONUNBUFFERED": unbuffered}
    process = start("show", "members", "--json", folder=tmp_path, stdout=write, env=environment)
    waiting = array.array("i", [0])
    patience = time.monotonic() + PATIENCE
    while waiting[0] < room and time.monotonic() < patience:
        fcntl.ioctl(read, termios.FIONREAD, waiting)
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=PATIENCE)
    os.close(read)
    os.close(write)
    assert (process.returncode, err) == (cli.TERMINATED, f"{Words().say('cli.interrupted')}\n")


@pytest.mark.parametrize(
    ("number", "code", "word"), [(signal.SIGINT, 0, "stopped"), (signal.SIGTERM, 143, "interrupted")]
)
def test_a_server_that_is_stopped_leaves_no_temporary_files(folder: Path, number: signal.Signals, code: int, word: str):
    environment = {**os.environ, "TMPDIR": str(folder)}
    process = start("ui", "--port", "0", "--json", folder=folder, env=environment)
    assert process.stdout is not None
    assert "}\n" in iter(process.stdout.readline, ""), "it never was ready"
    (temporary,) = folder.iterdir()
    (temporary / "experiment").mkdir()
    (temporary / "experiment" / "part").write_text("many runs", "utf-8")
    process.send_signal(number)
    _, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, list(folder.iterdir())) == (code, [])
    assert err == f"{Words().say(f'cli.{word}')}\n"
