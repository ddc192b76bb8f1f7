"""Processes that begin with the program imported: one imports it, and forks for every process that is asked for.

What such a process does is a function of a module of these tests, called with `ready`, which it calls once it has come
as far as it is wanted, and with words. How a process of its own begins and ends is the matter of tests that start one.
"""

import gc
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path
from typing import Any, NoReturn

#: What programs in these tests import sooner or later.
PROGRAM = [
    "foresight.agents.model",
    "foresight.cli.commands",
    "foresight.experiments.sweep",
    "foresight.calibration.hazards",
    "foresight.reports.trust.page",
    "foresight.search.seek",
    "foresight.analysis.sensitivity",
    "foresight.analysis.discovery",
    "foresight.analysis.figures",
    "foresight.documents.protocol",
    "h5netcdf",
    "openpyxl",
    "pyarrow.parquet",
    "SALib.analyze.sobol",
    "warm",
    "ipykernel.kernelapp",
    "matplotlib.pyplot",
    "kernels",
]

#: Seconds that a process may take to come, or to end once it is told to, on the slowest machine: the first to come may
#: have to compile the engine.
PATIENCE = 300

#: Bytes of the longest message.
_LONGEST = 2**16


class Fork:
    """A process that has come to where it was wanted."""

    def __init__(self, asking: socket.socket, folder: Path) -> None:
        self._asking, self._folder = asking, folder
        self.code: int | None = None
        self.pid = int(asking.recv(_LONGEST))
        if asking.recv(_LONGEST) != b"ready":
            raise RuntimeError(f"it never came to that moment: {self._said('err')}")

    def send_signal(self, number: int) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def over(self) -> bool:
        """Tell whether it has ended."""
        if self.code is None and select.select([self._asking], [], [], 0)[0]:
            self.end()
        return self.code is not None

    def end(self) -> tuple[int, str, str]:
        """Wait for the end; return the exit code, what was said and what was remarked."""
        if self.code is None:
            self.code = int(self._asking.recv(_LONGEST))
        return self.code, self._said("out"), self._said("err")

    def _said(self, stream: str) -> str:
        return (self._folder / stream).read_text("utf-8")


class Forks:
    """Whom processes are asked for, one after the other."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._asking, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._asking.settimeout(PATIENCE)
        with theirs:
            self._process = subprocess.Popen([sys.executable, __file__], stdin=theirs)

    def start(self, function: str, *words: str, folder: str | Path, env: Mapping[str, str] = os.environ) -> Fork:
        """Start a process in a folder; return once it is ready."""
        place = Path(tempfile.mkdtemp(dir=self._folder))
        request = {"function": function, "words": words, "folder": str(folder), "env": dict(env)}
        with open(place / "out", "wb") as out, open(place / "err", "wb") as err:
            socket.send_fds(self._asking, [json.dumps(request).encode()], [out.fileno(), err.fileno()])
        return Fork(self._asking, place)

    def close(self) -> None:
        self._asking.close()
        self._process.wait()


def serve(asking: socket.socket) -> None:
    """Fork for every request, and say how the process ended."""
    for name in PROGRAM:
        import_module(name)
    gc.freeze()
    while message := socket.recv_fds(asking, _LONGEST, 2):
        words, streams = message[0], message[1]
        if not words:
            return
        if not (pid := os.fork()):
            become(json.loads(words), streams, asking)
        for stream in streams:
            os.close(stream)
        asking.send(str(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])).encode())


def become(request: dict[str, Any], streams: list[int], asking: socket.socket) -> NoReturn:
    """Be the process that is asked for, and end with it."""
    os.setsid()
    asking.send(str(os.getpid()).encode())
    for number, stream in enumerate(streams, start=1):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(request["folder"])
    os.environ.clear()
    os.environ.update(request["env"])
    tempfile.tempdir = None
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell lets what runs in its background ignore it
    module, _, name = request["function"].partition(":")
    function: Callable[..., None] = getattr(import_module(module), name)
    code = 1
    try:
        function(lambda: asking.send(b"ready"), *request["words"])
        code = 0
    except SystemExit as ending:
        code = int(ending.code or 0)
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        for stream in (sys.stdout, sys.stderr):
            assert isinstance(stream, TextIOWrapper)
            stream.flush()
        os._exit(code)


if __name__ == "__main__":
    serve(socket.socket(fileno=0))
