"""How the program ends when it is told to: signals at moments drawn by chance, and as soon as a folder or file appears.

Run as ``python tests/benchmarks/signals.py [--count 300] [--load 2] [--seed 1] [VERB ...]``. The machine is kept busy
meanwhile. Each line of the table is a verb: how often it ended with 130 or 143, how often it had finished before, and
how often something was wrong, which is told and makes the exit code 1.
"""

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

#: What a verb ends with, by the signal; 0 if it had finished before. A program that has not begun yet, or has done
#: all that it does, is ended by the system.
CODES: Final = {signal.SIGINT: 130, signal.SIGTERM: 143}
UNHEARD: Final = {-signal.SIGINT, -signal.SIGTERM}

#: Seconds that a verb may take to end once it is told to.
PATIENCE: Final = 10.0

#: What Python says of itself where a signal comes before it has begun: it ends with 1.
NOT_BEGUN: Final = "init_import_site"

#: Signals by chance come so many seconds, on average, after the program has begun to listen; a fifth of them before.
LATER, EARLY = 3.0, 0.2

#: Seconds that something new is waited for.
LONGEST: Final = 15.0

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

#: What is tried; `{store}` is a store that is whole, `{half}` one that lacks parts, `{one}` and `{two}` its shards.
VERBS: Final[Mapping[str, Sequence[str]]] = {
    "run": ("run", "--replicates", "50", "--out", "results"),
    "run one nc": ("run", "baiji-returns", "--out", "one.nc"),
    "run csv": ("run", "--replicates", "50", "--out", "results", "--format", "csv"),
    "run xlsx": ("run", "--replicates", "50", "--out", "results", "--format", "xlsx"),
    "run one xlsx": ("run", "baiji-returns", "--replicates", "50", "--out", "one.xlsx"),
    "run iamc": ("run", "--replicates", "50", "--out", "results", "--format", "iamc"),
    "run before": ("run", "--replicates", "50", "--out", "before", "--force"),
    "sweep": ("sweep", "experiment.toml", "--out", "swept"),
    "sweep before": ("sweep", "experiment.toml", "--out", "empty"),
    "sweep resume": ("sweep", "--resume", "--out", "{half}"),
    "sweep merge": ("sweep", "--merge", "{one}", "{two}", "--out", "merged"),
    "analyze": ("analyze", "{store}", "--outcome", "mean_delivered", "--out", "report"),
    "discover": ("discover", "{store}", "--outcome", "mean_delivered >= 1", "--out", "report"),
    "seek": (*SEEK, "--out", "deep/report"),
    "calibrate": ("calibrate", "--out", "draws"),
    "hindcast": ("hindcast", "--out", "report"),
    "protocol": ("protocol", "--out", "model.html"),
    "trust": ("trust", "--out", "trust.html"),
    "ui": ("ui", "--port", "0"),
}

#: Stands in the folder of each trial, and must stay.
BEFORE: Final = {"before/thesis.tex": "all of it", "mine.txt": "mine", "experiment.toml": EXPERIMENT}

#: Stores of the verbs that begin with one.
STORES: Final = ("store", "half", "one", "two")

#: Files that are written anew where they stand.
REPLACED: Final = ("half/manifest.json", "half/log.jsonl")


class Trial(NamedTuple):
    """How a verb ended, after how long, and what was wrong with it."""

    verb: str
    code: int
    seconds: float
    wrong: tuple[str, ...]


def main() -> None:
    """Try all verbs in turn, and say how they ended."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("verbs", nargs="*", metavar="VERB", help=", ".join(VERBS))
    parser.add_argument("--count", type=int, default=300, help="signals")
    parser.add_argument("--load", type=int, default=2, help="processes that keep the machine busy")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    luck = random.Random(options.seed)
    names = options.verbs or list(VERBS)
    with tempfile.TemporaryDirectory(prefix="signals-") as folder, busy(options.load):
        stores = prepared(Path(folder) / "stores")
        trials: list[Trial] = []
        for number in range(options.count):
            trial = tried(Path(folder) / "trial", stores, names[number % len(names)], luck, number // len(names))
            trials.append(trial)
            for words in trial.wrong:
                print(f"{trial.verb}, {trial.code}: {words}", flush=True)
            if (number + 1) % len(names) == 0:
                print(table(trials), flush=True)
    print(table(trials))
    raise SystemExit(any(trial.wrong for trial in trials))


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


def foresight(words: Sequence[str], folder: Path, temporary: Path | None = None) -> subprocess.Popen[str]:
    environment = {**os.environ, "FORESIGHT_LANGUAGE": "en", "TMPDIR": str(temporary or tempfile.gettempdir())}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # what is ignored here is ignored there
    try:
        command = [sys.executable, "-m", "foresight", *words]
        return subprocess.Popen(command, cwd=folder, env=environment, text=True, **pipes)
    finally:
        signal.signal(signal.SIGINT, before)


def tried(folder: Path, stores: Path, verb: str, luck: random.Random, turn: int) -> Trial:
    """Tell a verb to end, at a moment by chance or when the next folder or file appears."""
    shutil.rmtree(folder, ignore_errors=True)
    work, temporary = folder / "work", folder / "temporary"
    for path in (work / "before", work / "empty", temporary):
        path.mkdir(parents=True)
    for name, words in BEFORE.items():
        (work / name).write_text(words, "utf-8")
    for name in STORES:
        if any(f"{{{name}}}" in word for word in VERBS[verb]):
            shutil.copytree(stores / name, work / name)
    before = content(work)
    process = foresight([word.format(**{name: name for name in STORES}) for word in VERBS[verb]], work, temporary)
    if turn % 2:
        until_something_appears(process, work, temporary, luck.choice((1, 1, 2, 3, 5, 8)))
    else:
        if luck.random() > EARLY:
            until_it_listens(process)
        until(process, luck.expovariate(1 / LATER))
    number = luck.choice(list(CODES))
    told = time.monotonic()
    process.send_signal(number)
    try:
        _, err = process.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        _, err = process.communicate()
    seconds = time.monotonic() - told
    wrong = faults(process.returncode, number, err, work, temporary, before)
    return Trial(verb, process.returncode, seconds, tuple(wrong))


def until_it_listens(process: subprocess.Popen[str]) -> None:
    """Wait until the system knows that the program catches SIGTERM, or for the end."""
    status = Path("/proc", str(process.pid), "status")
    while process.poll() is None:
        lines = status.read_text().splitlines()
        caught = next((line for line in lines if line.startswith("SigCgt")), "SigCgt: 0")
        if int(caught.split()[1], 16) >> (signal.SIGTERM - 1) & 1:
            return
        time.sleep(0.01)


def until(process: subprocess.Popen[str], seconds: float) -> None:
    """Wait for some seconds, or for the end."""
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return


def until_something_appears(process: subprocess.Popen[str], work: Path, temporary: Path, times: int) -> None:
    """Wait until folders have changed some times, or for the end; where they do not, not for ever."""
    seen, patience = names(work, temporary), time.monotonic() + LONGEST
    while times and process.poll() is None and time.monotonic() < patience:
        now = names(work, temporary)
        times -= bool(now - seen)
        seen = now


def names(*folders: Path) -> set[str]:
    """Return all that there is, though it may go while one looks."""
    return {
        os.path.join(place, name) for one in folders for place, some, files in os.walk(one) for name in some + files
    }


def content(folder: Path) -> dict[str, bytes]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def faults(code: int, number: int, err: str, work: Path, temporary: Path, before: Mapping[str, bytes]) -> Iterator[str]:
    """Yield what is wrong with how a verb ended."""
    begun = code not in UNHEARD and NOT_BEGUN not in err
    if begun and code not in {CODES[signal.Signals(number)], 0}:
        yield f"exit code after {signal.Signals(number).name}: {err[-300:]}"
    if begun and "Traceback" in err:
        yield f"a traceback: {err[-300:]}"
    after = content(work)
    for name, bytes_ in before.items():
        if name not in REPLACED and after.get(name) != bytes_:
            yield f"{name} was touched"
    hidden = sorted(name for name in names(work) if "/." in name[len(str(work)) :])
    yield from (f"{name} is left" for name in [*hidden, *sorted(names(temporary))])
    empty = [path for path in work.rglob("*") if path.is_dir() and not any(path.iterdir()) and path.name != "empty"]
    yield from (f"{path} is empty" for path in empty)
    if not (work / "empty").is_dir():
        yield "the empty folder is gone"
    yield from (f"{path} is no whole file" for path in work.rglob("*.*") if path.is_file() and not whole(path))
    yield from (f"{folder} is no store" for folder in stores_in(work) if not accepted(folder))


def whole(path: Path) -> bool:
    """Tell whether a file is whole, as far as its kind shows."""
    words = path.read_bytes()
    match path.suffix:
        case ".nc":
            import xarray

            with xarray.open_dataset(path, engine="h5netcdf") as results:
                return bool(results.sizes["year"])
        case ".xlsx":
            import zipfile

            return zipfile.is_zipfile(path) and zipfile.ZipFile(path).testzip() is None
        case ".parquet":
            return words[:4] == words[-4:] == b"PAR1"
        case ".json":
            return bool(json.loads(words))
        case ".html" | ".svg":
            return words.rstrip().endswith((b"</html>", b"</svg>"))
        case ".jsonl":  # a store may be there before the first line of its log
            return not words or words.endswith(b"\n")
        case ".csv" | ".toml":
            return words.endswith(b"\n")
        case _:
            return bool(words)


def stores_in(work: Path) -> Iterator[Path]:
    """Yield the folders that a sweep has begun."""
    marks = ("points.parquet", "log.jsonl", "manifest.json")
    yield from sorted({path.parent for mark in marks for path in work.rglob(mark)})


def accepted(folder: Path) -> bool:
    """Tell whether a store is consistent."""
    process = foresight(("sweep", "--status", str(folder)), folder)
    process.communicate()
    return process.returncode == 0


def table(trials: Sequence[Trial]) -> str:
    """Count how verbs ended."""
    head = ("verb", "signals", "130", "143", "finished", "unheard", "wrong", "longest")
    rows = [head]
    for verb in dict.fromkeys(trial.verb for trial in trials):
        mine = [trial for trial in trials if trial.verb == verb]
        codes = Counter(trial.code for trial in mine)
        counts = (len(mine), codes[130], codes[143], codes[0], sum(codes[code] for code in UNHEARD))
        longest = f"{max(trial.seconds for trial in mine):.2f} s"
        rows.append((verb, *map(str, counts), str(sum(bool(trial.wrong) for trial in mine)), longest))
    return "\n".join(
        "  ".join(cell.rjust(9) if column else cell.ljust(14) for column, cell in enumerate(row)) for row in rows
    )


if __name__ == "__main__":
    main()
