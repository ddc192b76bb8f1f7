"""Kernels of notebooks that begin with the program imported, see `forked.py`."""

import signal
from collections.abc import Callable
from typing import Any

import matplotlib
from forked import Forks
from ipykernel.kernelapp import launch_new_instance

#: Where figures of a notebook go: into it. A kernel tells it to matplotlib before that is imported.
INLINE = "module://matplotlib_inline.backend_inline"


class Kernel:
    """A kernel, with what Jupyter asks of a `subprocess.Popen`."""

    stdin = stdout = stderr = None

    def __init__(self, forks: Forks, command: list[str], env: dict[str, str], cwd: str) -> None:
        options = command[command.index("-f") :]
        self._fork = forks.start("kernels:become", *options, folder=cwd, env=env)
        self.pid = self._fork.pid
        self.send_signal = self._fork.send_signal

    def poll(self) -> int | None:
        return self._fork.code if self._fork.over() else None

    def wait(self) -> int:
        return self._fork.end()[0]

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)


def launching(forks: Forks) -> Callable[..., Kernel]:
    """Return what launches a kernel in place of `jupyter_client.launcher.launch_kernel`."""

    def launch(command: list[str], env: dict[str, str], cwd: str, **_: Any) -> Kernel:
        return Kernel(forks, command, env, cwd)

    return launch


def become(ready: Callable[[], None], *options: str) -> None:
    """Be a kernel until the end."""
    matplotlib.rcParams["backend"] = INLINE
    ready()
    launch_new_instance(argv=options)
