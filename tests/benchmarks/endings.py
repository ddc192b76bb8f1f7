"""What must not come of a program that was told to end: another code, processes, hidden folders, half files."""

import json
import os
import signal
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

#: What a verb ends with, by the signal.
CODES: Final = {signal.SIGINT: 130, signal.SIGTERM: 143}

#: A program that has not begun yet, or has done all that it does, is ended by the system.
UNHEARD: Final = {-signal.SIGINT, -signal.SIGTERM}

#: What Python says of itself where a signal comes before it has begun: it ends with 1.
NOT_BEGUN: Final = "init_import_site"

#: Files that are written anew where they stand.
REPLACED: Final = ("half/manifest.json", "half/log.jsonl")

#: Seconds that processes which a verb has started may outlive it, and that one takes to end which has done its work.
LINGER: Final = 10.0
LAST: Final = 3.0


def unheard(code: int, err: str) -> bool:
    """Tell whether a program was ended before it listened, or when it did no more."""
    return code in UNHEARD or NOT_BEGUN in err


def wrong_code(code: int, number: int, seconds: float, err: str, served: bool) -> Iterator[str]:
    """Yield what is wrong with the code and the words of a verb that was told to end so many seconds ago."""
    if unheard(code, err):
        return
    right = {CODES[signal.Signals(number)]} | ({0} if served and number == signal.SIGINT else set())
    if code == 0 and not served:
        if seconds > LAST:
            yield f"{signal.Signals(number).name} was not heard for {seconds:.1f} s"
    elif code not in right:
        yield f"exit code after {signal.Signals(number).name}: {err[-300:]}"
    if "Traceback" in err:
        yield f"a traceback: {err[-300:]}"


def left_behind(work: Path, temporary: Path, before: Mapping[str, bytes]) -> Iterator[str]:
    """Yield what stands in the folders of a trial and must not, and what must and does not."""
    after = content(work)
    for name, words in before.items():
        if name not in REPLACED and after.get(name) != words:
            yield f"{name} was touched"
    hidden = sorted(name for name in names(work) if "/." in name[len(str(work)) :])
    yield from (f"{name} is left" for name in [*hidden, *sorted(names(temporary))])
    empty = [path for path in work.rglob("*") if path.is_dir() and not any(path.iterdir()) and path.name != "empty"]
    yield from (f"{path} is empty" for path in empty)
    if not (work / "empty").is_dir():
        yield "the empty folder is gone"
    yield from (f"{path} is no whole file" for path in work.rglob("*.*") if path.is_file() and not whole(path))


def processes_left(group: int) -> Iterator[str]:
    """Yield the processes of a trial that outlive it, and end them."""
    patience = time.monotonic() + LINGER
    while (some := _of_session(group)) and time.monotonic() < patience:
        time.sleep(0.05)
    for number in some:
        with suppress(ProcessLookupError, FileNotFoundError):
            yield f"a process is left: {Path('/proc', str(number), 'cmdline').read_bytes()[:200]!r}"
            os.kill(number, signal.SIGKILL)


def _of_session(group: int) -> list[int]:
    """Return the processes that were started by a leader of a session, but for those that have ended."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, _, _, session, *_ = path.read_text("utf-8").rpartition(")")[2].split()
            if int(session) == group and state != "Z":
                found.append(int(path.parent.name))
    return found


def names(*folders: Path) -> set[str]:
    """Return all that there is, though it may go while one looks."""
    return {
        os.path.join(place, name) for one in folders for place, some, files in os.walk(one) for name in some + files
    }


def content(folder: Path) -> dict[str, bytes]:
    """Return all files of a folder."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def _netcdf(path: Path) -> bool:
    import xarray

    with xarray.open_dataset(path, engine="h5netcdf") as results:
        return bool(results.sizes["time"])


def _zipped(path: Path) -> bool:
    return zipfile.is_zipfile(path) and zipfile.ZipFile(path).testzip() is None


def _ends(*endings: bytes) -> Callable[[Path], bool]:
    return lambda path: path.read_bytes().rstrip(b" \r").endswith(endings)


#: Whether a file is whole, as far as its kind shows.
_WHOLE: Final[Mapping[str, Callable[[Path], bool]]] = {
    ".nc": _netcdf,
    ".xlsx": _zipped,
    ".parquet": lambda path: path.read_bytes()[:4] == path.read_bytes()[-4:] == b"PAR1",
    ".json": lambda path: bool(json.loads(path.read_bytes())),
    ".html": _ends(b"</html>", b"</html>\n"),
    ".svg": _ends(b"</svg>", b"</svg>\n"),
    ".jsonl": lambda path: not path.stat().st_size or _ends(b"\n")(path),  # a store comes before its first line
    ".csv": _ends(b"\n"),
    ".toml": _ends(b"\n"),
}


def whole(path: Path) -> bool:
    """Tell whether a file is whole, as far as its kind shows."""
    return _WHOLE.get(path.suffix, lambda one: bool(one.read_bytes()))(path)


def stores_in(work: Path) -> Iterator[Path]:
    """Yield the folders that a sweep has begun."""
    marks = ("points.parquet", "log.jsonl", "manifest.json")
    yield from sorted({path.parent for mark in marks for path in work.rglob(mark)})
