"""How the program ends when it is told to: signals at moments drawn by chance, and as soon as a folder or file appears.

Run as ``python tests/benchmarks/signals.py [--count 300] [--load 2] [--seed 1] [VERB ...]``. The machine is kept busy
meanwhile. Each line of the table is a verb: how many signals were sent while it ran, how many of them found it at work,
how often it then ended with the code of the signal, and how often something was wrong with the code or was left behind,
which is told and makes the exit code 1.
"""

import argparse
import asyncio
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final, NamedTuple

from foresight._benchmarks.endings import (
    CODES,
    UNHEARD,
    content,
    left_behind,
    names,
    processes_left,
    stores_in,
    unheard,
    wrong_code,
)

#: Seconds that a verb may take to end once it is told to.
PATIENCE: Final = 10.0

#: A tenth of the signals that come at any moment may come before the program listens.
EARLY: Final = 0.1

#: Seconds that the whole of a verb is waited for, and that something new is.
LONGEST: Final = 20.0

EXPERIMENT: Final = """
id = "small"
scenarios = ["historical-pace"]
replicates = 8
outcomes = ["mean_delivered", "completed"]
years = [2030, 2040]

[uncertainties]
delivery_rate = true
peer_effect = [0.9, 1.3]

[sampler]
method = "sobol_sequence"
n = 4096
"""

SEEK: Final = ("seek", "historical-pace", "--target", "trust >= 0", "--settings", "1", "--replicates", "16")
TWO: Final = ("historical-pace", "baiji-returns")

#: What is tried; `{store}` is a store that is whole, `{half}` one that lacks parts, `{one}` and `{two}` its shards.
VERBS: Final[Mapping[str, Sequence[str]]] = {
    "show": ("show", "members", "--json"),
    "check": ("check", "experiment.toml"),
    "run": ("run", "--replicates", "50", "--out", "results"),
    "run one nc": ("run", "baiji-returns", "--out", "one.nc"),
    "run csv": ("run", "--replicates", "50", "--out", "results", "--format", "csv"),
    "run xlsx": ("run", "--replicates", "50", "--out", "results", "--format", "xlsx"),
    "run one xlsx": ("run", "baiji-returns", "--replicates", "50", "--out", "one.xlsx"),
    "run iamc": ("run", "--replicates", "50", "--out", "results", "--format", "iamc"),
    "run before": ("run", "--replicates", "50", "--out", "before", "--force"),
    "compare": ("compare", *TWO, "--replicates", "4000"),
    "explain": ("explain", *TWO),
    "sweep": ("sweep", "experiment.toml", "--out", "swept"),
    "sweep before": ("sweep", "experiment.toml", "--out", "empty"),
    "sweep resume": ("sweep", "--resume", "--out", "{half}"),
    "sweep merge": ("sweep", "--merge", "{one}", "{two}", "--out", "merged"),
    "sweep cluster": ("sweep", "experiment.toml", "--out", "swept", "--cluster", "local"),
    "analyze": ("analyze", "{store}", "--outcome", "mean_delivered", "--out", "report"),
    "discover": ("discover", "{store}", "--outcome", "mean_delivered >= 1", "--out", "report"),
    "seek": (*SEEK, "--out", "deep/report"),
    "calibrate": ("calibrate", "--out", "draws"),
    "hindcast": ("hindcast", "--out", "report"),
    "protocol": ("protocol", "--out", "model.html"),
    "trust": ("trust", "--out", "trust.html"),
    "ui": ("ui", "--port", "0"),
    "ui visited": ("ui", "--port", "0", "--json"),
    "bench": ("bench", "--quick"),
}

#: They make no folder or file that one could wait for.
SILENT: Final = ("show", "check", "compare", "explain")

#: Stands in the folder of each trial, and must stay.
BEFORE: Final = {"before/thesis.tex": "all of it", "mine.txt": "mine", "experiment.toml": EXPERIMENT}

#: Stores of the verbs that begin with one.
STORES: Final = ("store", "half", "one", "two")


class Trial(NamedTuple):
    """How a verb ended, after how long, and what was wrong with its code and with what it left."""

    verb: str
    at_work: bool
    code: int
    seconds: float
    wrong: tuple[str, ...]
    left: tuple[str, ...]


def main() -> None:
    """Try all verbs in turn, and say how they ended."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("verbs", nargs="*", metavar="VERB", help=", ".join(VERBS))
    parser.add_argument("--count", type=int, default=300, help="signals")
    parser.add_argument("--load", type=int, default=2, help="processes that keep the machine busy")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="signals-") as folder:
        bench = Bench(Path(folder), random.Random(options.seed))
        with busy(options.load):
            trials = all_tried(bench, options.verbs or list(VERBS), options.count)
    print(table(trials))
    raise SystemExit(any(trial.wrong or trial.left for trial in trials))


def all_tried(bench: "Bench", verbs: Sequence[str], count: int) -> list[Trial]:
    """Send so many signals, a verb after the other; who had ended before one came is tried again."""
    trials: list[Trial] = []
    while len(trials) < count:
        verb = verbs[len(trials) % len(verbs)]
        trial = bench.tried(verb, len(trials) // len(verbs))
        if trial is None:
            continue
        trials.append(trial)
        for words in (*trial.wrong, *trial.left):
            print(f"{verb}, {trial.code}: {words}", flush=True)
        if len(trials) % len(verbs) == 0:
            print(table(trials), flush=True)
    return trials


@contextmanager
def busy(count: int) -> Iterator[None]:
    """Keep some processors busy."""
    processes = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(count)]
    try:
        yield
    finally:
        for process in processes:
            process.kill()
            process.wait()


class Bench:
    """Folders where verbs are tried, and how long each takes where nobody tells it to end."""

    def __init__(self, folder: Path, luck: random.Random) -> None:
        self._folder, self._luck = folder / "trial", luck
        self._stores = prepared(folder / "stores")
        self._usual: dict[str, float] = {}

    def tried(self, verb: str, turn: int) -> Trial | None:
        """Tell a verb to end, at any moment or when the next folder or file appears; nothing if it had ended before."""
        if verb not in self._usual:
            self._usual[verb] = self._undisturbed(verb)
        process, before = self._begun(verb)
        self._wait(process, verb, turn)
        if process.poll() is not None:
            process.communicate()
            return None
        return self._ended(process, verb, before)

    def _undisturbed(self, verb: str) -> float:
        """Return how many seconds a verb takes from when it listens, or those after which it is not waited for."""
        process, _ = self._begun(verb)
        until_it_listens(process)
        start = time.monotonic()
        with suppress(subprocess.TimeoutExpired):
            process.communicate(timeout=LONGEST)
        seconds = time.monotonic() - start
        process.terminate()
        process.communicate()
        assert process.returncode in (0, CODES[signal.SIGTERM], *UNHEARD), verb
        return seconds

    def _begun(self, verb: str) -> tuple["subprocess.Popen[str]", dict[str, bytes]]:
        """Start a verb in folders of its own; return what stood there before."""
        shutil.rmtree(self._folder, ignore_errors=True)
        work = self._folder / "work"
        for path in (work / "before", work / "empty", self._folder / "temporary"):
            path.mkdir(parents=True)
        for name, words in BEFORE.items():
            (work / name).write_text(words, "utf-8")
        for name in STORES:
            if any(f"{{{name}}}" in word for word in VERBS[verb]):
                shutil.copytree(self._stores / name, work / name)
        before = content(work)
        words = [word.format(**{name: name for name in STORES}) for word in VERBS[verb]]
        process = foresight(words, work, self._folder / "temporary")
        if verb == "ui visited":
            threading.Thread(target=visit, args=(process,), daemon=True).start()
        return process, before

    def _wait(self, process: "subprocess.Popen[str]", verb: str, turn: int) -> None:
        """Wait for the moment of a signal, or for the end."""
        if turn % 2 and verb not in SILENT:
            until_something_appears(process, self._folder, self._luck.choice((1, 1, 2, 3, 5, 8)))
            return
        if self._luck.random() > EARLY:
            until_it_listens(process)
        with suppress(subprocess.TimeoutExpired):
            process.wait(self._luck.uniform(0, self._usual[verb]))

    def _ended(self, process: "subprocess.Popen[str]", verb: str, before: Mapping[str, bytes]) -> Trial:
        """Tell a verb to end, and see how it does."""
        number, told = self._luck.choice(list(CODES)), time.monotonic()
        process.send_signal(number)
        try:
            _, err = process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            _, err = process.communicate()
        seconds, code, served = time.monotonic() - told, process.returncode, verb.startswith("ui")
        wrong = tuple(wrong_code(code, number, seconds, err, served))
        processes = [*processes_left(process.pid)]
        work = self._folder / "work"
        left = [*processes, *left_behind(work, self._folder / "temporary", before)]
        left += [f"{folder} is no store" for folder in stores_in(work) if not accepted(folder)]
        at_work = not unheard(code, err) and (served or code != 0)
        return Trial(verb, at_work, code, seconds, wrong, tuple(left))


def prepared(folder: Path) -> Path:
    """Make the stores that verbs begin with."""
    folder.mkdir()
    (folder / "experiment.toml").write_text(EXPERIMENT, "utf-8")
    calls = {"store": (), "one": ("--shard", "1/2"), "two": ("--shard", "2/2")}
    for name, words in calls.items():
        done = foresight(("sweep", "experiment.toml", "--out", name, *words), folder)
        done.communicate()
        assert done.returncode == 0
    shutil.copytree(folder / "store", folder / "half")
    manifest = json.loads((folder / "half" / "manifest.json").read_text("utf-8"))
    for part in manifest["parts"][1:]:
        (folder / "half" / f"part-{part['part']:05d}.parquet").unlink()
    manifest["parts"] = manifest["parts"][:1]
    (folder / "half" / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    return folder


def foresight(words: Sequence[str], folder: Path, temporary: Path | None = None) -> "subprocess.Popen[str]":
    """Start a verb as the leader of a session of its own."""
    environment = {**os.environ, "FORESIGHT_LANGUAGE": "en", "TMPDIR": str(temporary or tempfile.gettempdir())}
    options: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "start_new_session": True}
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # what is ignored here is ignored there
    try:
        command = [sys.executable, "-m", "foresight", *words]
        return subprocess.Popen(command, cwd=folder, env=environment, text=True, **options)
    finally:
        signal.signal(signal.SIGINT, before)


def accepted(folder: Path) -> bool:
    """Tell whether a store is consistent."""
    process = foresight(("sweep", "--status", str(folder)), folder)
    process.communicate()
    return process.returncode == 0


# Moments -------------------------------------------------------------------------------------------------------------


def until_it_listens(process: "subprocess.Popen[str]") -> None:
    """Wait until the system knows that the program catches SIGTERM, or for the end."""
    status = Path("/proc", str(process.pid), "status")
    while process.poll() is None:
        lines = status.read_text().splitlines()
        caught = next((line for line in lines if line.startswith("SigCgt")), "SigCgt: 0")
        if int(caught.split()[1], 16) >> (signal.SIGTERM - 1) & 1:
            return
        time.sleep(0.01)


def until_something_appears(process: "subprocess.Popen[str]", folder: Path, times: int) -> None:
    """Wait until folders have changed some times, or for the end; where they do not, not for ever."""
    seen, patience = names(folder), time.monotonic() + LONGEST
    while times and process.poll() is None and time.monotonic() < patience:
        now = names(folder)
        times -= bool(now - seen)
        seen = now


def visit(process: "subprocess.Popen[str]") -> None:
    """Come to a server that has started, let it run an experiment and make files, and stay as long as it is there."""
    from foresight._benchmarks.visitors import LostError, Visitor

    class Guest(Visitor):
        async def keep_busy(self) -> None:
            await self.send(type="experiment", act="upload", name="small.toml", text=EXPERIMENT)
            await self.send(type="experiment", act="run")
            for number in range(10_000):
                await self.send(type="export", format=("xlsx", "csv", "toml")[number % 3])
                await self.move("transparency", 1 + number % 5, final=True)

    class Place(NamedTuple):
        address: str

    async def stay() -> None:
        assert process.stdout
        address = json.loads(process.stdout.readline() or "{}").get("url", "").removeprefix("http://")
        if address:
            await (await Guest.come(Place(address))).keep_busy()

    with suppress(LostError, OSError, ValueError):
        asyncio.run(stay())


# What came of it -----------------------------------------------------------------------------------------------------


def table(trials: Sequence[Trial]) -> str:
    """Count how verbs ended."""
    rows = [("verb", "signals", "at work", "130", "143", "0", "unheard", "wrong", "left", "longest")]
    for verb in [*dict.fromkeys(trial.verb for trial in trials), ""]:
        mine = [trial for trial in trials if verb in ("", trial.verb)]
        codes = Counter(trial.code for trial in mine)
        counts = [len(mine), sum(trial.at_work for trial in mine), codes[130], codes[143], codes[0]]
        counts += [len(mine) - codes[0] - sum(trial.at_work and trial.code != 0 for trial in mine)]
        counts += [sum(bool(trial.wrong) for trial in mine), sum(bool(trial.left) for trial in mine)]
        longest = f"{max(trial.seconds for trial in mine):.2f} s"
        rows.append((verb or "all", *map(str, counts), longest))
    return "\n".join(
        "  ".join(cell.rjust(7) if column else cell.ljust(13) for column, cell in enumerate(row)) for row in rows
    )


if __name__ == "__main__":
    main()
