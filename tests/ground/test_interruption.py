"""Ctrl-C and SIGTERM end the program at any moment, and leave whole files or nothing."""

import array
import fcntl
import os
import select
import signal
import termios
import time
from contextlib import suppress
from pathlib import Path
from subprocess import Popen
from typing import NamedTuple, Protocol

import pytest
from batches import copied, sampled, swept, written
from command_line import start
from forked import PATIENCE, Forks

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

#: When the program is held: at, before or after a call of a function with a file whose name is like a pattern.
Moment = tuple[str, str, str]

RUN = ("run", "baiji-returns", "--replicates", "3", "--out")
SWEEP = ("sweep", "experiment.toml", "--out", "store")
PROTOCOL = ("protocol", "--out", "model.html")
SEEK = ("seek", "historical-pace", "--target", "trust >= 0", "--settings", "1", "--replicates", "16")


def made(name: str) -> Moment:
    """Return the moment when a folder was made; what belongs to it is done before anything is abandoned."""
    return ("after", "os:mkdir", name)


def whole(name: str = "*") -> Moment:
    """Return the moment when a file is whole and has not got its name."""
    return ("at", "foresight.files:_flush", name)


class Ended(NamedTuple):
    """How a program ended, what it said, and what it left: in its folder, and of temporary files."""

    code: int
    out: str
    err: str
    left: list[str]


class End(Protocol):
    """Holds the program at a moment, sends it signals, and sees how it ends."""

    def __call__(self, moment: Moment, *words: str, signals: tuple[signal.Signals, ...] = ...) -> Ended: ...


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder where the program works; beside it is one for its temporary files."""
    for name in ("work", "temporary"):
        (tmp_path / name).mkdir()
    return tmp_path / "work"


@pytest.fixture
def ended(folder: Path, forks: Forks) -> End:
    """Return what ends the program."""
    temporary = folder.parent / "temporary"

    def end(moment: Moment, *words: str, signals: tuple[signal.Signals, ...] = (signal.SIGTERM,)) -> Ended:
        environment = {**os.environ, "TMPDIR": str(temporary)}
        process = forks.start("held:main", *moment, *words, folder=folder, env=environment)
        for number in signals:
            process.send_signal(number)
        ending = process.end()
        left = [*folder.rglob("*"), *temporary.rglob("*")]
        return Ended(*ending, sorted(str(path.relative_to(folder.parent)) for path in left))

    return end


def nothing_is_left(end: Ended, code: int = cli.TERMINATED) -> None:
    assert (end.code, end.out, end.left) == (code, "", [])
    assert end.err == f"{Words().say('cli.interrupted')}\n"


def nothing_is_half_done(end: Ended) -> None:
    """Check that a program that may have gone on for a while left whole files or nothing."""
    assert (end.code, end.err.splitlines()[-1]) == (cli.TERMINATED, Words().say("cli.interrupted"))
    assert not [name for name in end.left if "/." in name or name.startswith("temporary/")]


# Runs ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, cli.INTERRUPTED), (signal.SIGTERM, cli.TERMINATED)])
def test_a_signal_ends_a_run_at_once_and_leaves_no_file(ended: End, number: signal.Signals, code: int):
    """The engine goes on computing where it was held: nobody waits for it."""
    words = ("run", "--replicates", "20000", "--keep", "summary", "--out", "results")
    nothing_is_left(ended(("before", "foresight.cli.verbs.run:simulate", "*"), *words, signals=(number,)), code)


@pytest.mark.parametrize("kind", ["nc", "csv", "xlsx", "iamc"])
def test_a_file_that_is_whole_but_not_in_its_folder_goes_with_the_folder(ended: End, kind: str):
    nothing_is_left(ended(whole("baiji-returns*"), *RUN, "results", "--format", kind))


FILE = "work/results/baiji-returns.nc"

MOMENTS = [
    pytest.param(made(".foresight-*"), "results", id="trying the folder"),
    pytest.param(made(".baiji-returns.nc-*"), "results", id="beginning a file"),
    pytest.param(made("results"), "results", id="making the folder"),
    pytest.param(("before", "os:replace", "one.csv"), "one.csv", id="naming a file"),
]


@pytest.mark.parametrize(("moment", "target"), MOMENTS)
def test_a_signal_at_the_moment_something_appears_leaves_it_whole_or_not_at_all(
    ended: End, moment: Moment, target: str
):
    end = ended(moment, *RUN, target)
    nothing_is_half_done(end)
    assert [name for name in end.left if name != "work/results"] in ([], [f"work/{target}"], [FILE])
    assert ("work/results" in end.left) == (FILE in end.left)


def test_a_file_that_has_its_name_stays_whole(folder: Path, ended: End):
    end = ended(("at", "foresight.files:_flush_folder", "results"), *RUN, "results")
    assert (end.code, end.left) == (cli.TERMINATED, ["work/results", FILE])
    assert len(load_results(folder / "results" / "baiji-returns.nc").dataset["replicate"]) == 3


def test_what_was_there_before_is_not_touched(folder: Path, ended: End):
    (folder / "results").mkdir()
    (folder / "results" / "thesis.tex").write_text("all of it", "utf-8")
    (folder / "results" / "baiji-returns.nc").write_text("older", "utf-8")
    end = ended(whole("baiji-returns.nc"), *RUN, "results", "--force")
    assert end.code == cli.TERMINATED
    assert {path.name: path.read_text("utf-8") for path in (folder / "results").iterdir()} == {
        "thesis.tex": "all of it",
        "baiji-returns.nc": "older",
    }


def test_signals_that_come_while_one_is_heard_change_nothing(ended: End):
    several = (signal.SIGTERM, signal.SIGTERM, signal.SIGTERM, signal.SIGTERM)
    nothing_is_left(ended(whole("one.nc"), *RUN, "one.nc", signals=several))


def test_the_word_is_said_in_the_language_of_the_screen(ended: End):
    end = ended(whole("one.nc"), *RUN, "one.nc", "--language", "zh", signals=(signal.SIGINT,))
    assert (end.code, end.err) == (cli.INTERRUPTED, f"{Words('zh').say('cli.interrupted')}\n")


@pytest.mark.parametrize("target", ["one.nc", "results/one.nc"])
def test_what_a_killed_run_left_is_swept_up_when_its_file_is_written_again(
    folder: Path, forks: Forks, ended: End, target: str
):
    killed = ended(whole("one.nc"), *RUN, target, signals=(signal.SIGKILL,))
    assert killed.code == -signal.SIGKILL
    (left,) = (name for name in killed.left if name.endswith("/one.nc"))
    assert left.startswith("work/.one.nc-")
    process = forks.start("held:free", *RUN, target, folder=folder)
    assert process.end()[0] == 0
    assert [str(path.relative_to(folder)) for path in folder.rglob("*.nc*")] == [target]
    assert len(load_results(folder / target).dataset["replicate"]) == 3


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
    ended: End, store: Store, moment: Moment, words: tuple[str, ...]
):
    """The answer has been put out by then, and stays."""
    end = ended(moment, words[0], str(store.path), *words[1:], "--out", "report", "--json")
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
    ended: End, store: Store, work: str, words: tuple[str, ...]
):
    filled = [word.format(store=store.path) for word in words]
    nothing_is_left(ended(("before", work, "*"), *filled, "--out", "deep/report"))


def test_a_page_that_has_not_got_its_name_is_gone(ended: End):
    nothing_is_left(ended(whole("model.html"), *PROTOCOL))


def test_processes_that_measure_speed_go_with_the_one_that_started_them(folder: Path, ended: End):
    """They end before their folder does: none makes it again."""
    end = ended(("at", "foresight._benchmarks.driver:Worker", "*"), "bench", "--quick")
    assert (end.code, end.left) == (cli.TERMINATED, [])
    assert others_end(folder.parent / "temporary")


def others_end(folder: Path) -> bool:
    """Wait for the end of all processes that were told of a folder: each sees by itself that nobody needs it."""
    for path in [path for path in Path("/proc").glob("[0-9]*") if knows(path, folder)]:
        with suppress(ProcessLookupError):
            process = os.pidfd_open(int(path.name))
            ended, _, _ = select.select([process], [], [], PATIENCE)
            os.close(process)
            if not ended:
                return False
    return True


def knows(process: Path, folder: Path) -> bool:
    """Tell whether a process was told of a folder."""
    with suppress(OSError):
        return str(folder).encode() in (process / "environ").read_bytes()
    return False


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
def test_a_store_without_a_manifest_leaves_no_folder(folder: Path, ended: End, moment: Moment):
    before = kept(folder)
    end = ended(moment, *SWEEP)
    assert (end.code, end.out, end.left) == (cli.TERMINATED, "", before)


@pytest.mark.usefixtures("experiment")
def test_a_cluster_of_this_machine_goes_with_the_sweep_that_started_it(folder: Path, ended: End):
    pytest.importorskip("distributed")
    before = kept(folder)
    words = (*SWEEP, "--cluster", "local", "--workers", "1")
    end = ended(("at", "foresight.experiments.sweep:new_store", "*"), *words)
    assert (end.code, end.left) == (cli.TERMINATED, before)
    assert others_end(folder.parent / "temporary")


@pytest.mark.usefixtures("experiment")
def test_the_folder_of_a_store_is_made_with_a_store_or_not_at_all(folder: Path, ended: End):
    end = ended(made("store"), *SWEEP)
    nothing_is_half_done(end)
    assert "work/store" not in end.left or not open_store(folder / "store").damaged()


@pytest.mark.usefixtures("experiment")
def test_an_empty_folder_stays_and_a_log_that_a_killed_sweep_left_too(folder: Path, ended: End):
    (folder / "store").mkdir()
    assert ended(whole(MANIFEST), *SWEEP).code == cli.TERMINATED
    assert list((folder / "store").iterdir()) == []
    (folder / "store" / LOG).write_text('{"event": "start"}\n', "utf-8")
    assert ended(whole(MANIFEST), *SWEEP).code == cli.TERMINATED
    assert [path.name for path in (folder / "store").iterdir()] == [LOG]


@pytest.mark.parametrize("moment", [whole("part-*"), ("at", "foresight.experiments.store:_naming", "*")])
def test_a_sweep_that_is_interrupted_is_a_store_and_goes_on(folder: Path, ended: End, experiment: Path, moment: Moment):
    end = ended(moment, *SWEEP, signals=(signal.SIGINT,))
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


def test_a_merge_without_a_manifest_leaves_no_folder(ended: End, shards: list[str]):
    nothing_is_left(ended(whole(MANIFEST), "sweep", "--merge", *shards, "--out", "merged"))


def test_a_merge_that_is_interrupted_is_a_store(folder: Path, ended: End, shards: list[str]):
    end = ended(whole("part-00001*"), "sweep", "--merge", *shards, "--out", "merged")
    assert end.code == cli.TERMINATED
    assert not open_store(folder / "merged").damaged()
    assert not [name for name in end.left if "/." in name]


@pytest.mark.parametrize("moment", [whole("part-*"), whole(MANIFEST)])
def test_a_store_that_is_gone_on_with_loses_nothing(ended: End, store: Store, tmp_path: Path, moment: Moment):
    path = copied(store, tmp_path).path
    lost = next(iter(store.finished))
    (path / f"part-{lost:05d}.parquet").unlink()
    end = ended(moment, "sweep", "--repair", "--out", str(path))
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


def served(folder: Path) -> "Popen[str]":
    """Start a server whose temporary files come into a folder; return once it is ready."""
    process = start("ui", "--port", "0", "--json", folder=folder, env={**os.environ, "TMPDIR": str(folder)})
    assert process.stdout is not None
    assert "}\n" in iter(process.stdout.readline, ""), "it never was ready"
    return process


@pytest.mark.parametrize(
    ("number", "code", "word"), [(signal.SIGINT, 0, "stopped"), (signal.SIGTERM, 143, "interrupted")]
)
def test_a_server_that_is_stopped_leaves_no_temporary_files(folder: Path, number: signal.Signals, code: int, word: str):
    process = served(folder)
    (temporary,) = folder.iterdir()
    (temporary / "experiment").mkdir()
    (temporary / "experiment" / "part").write_text("many runs", "utf-8")
    process.send_signal(number)
    _, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, list(folder.iterdir())) == (code, [])
    assert err == f"{Words().say(f'cli.{word}')}\n"


def test_a_server_sweeps_up_what_a_killed_one_left_and_nothing_of_one_that_serves(folder: Path):
    serving, killed = served(folder), served(folder)
    killed.kill()
    killed.communicate()
    left = set(folder.iterdir())
    next_one = served(folder)
    (kept,) = left & set(folder.iterdir())
    assert kept.is_dir()
    for process in (serving, next_one):
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=PATIENCE)
    assert list(folder.iterdir()) == []
