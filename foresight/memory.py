"""How much memory there is for what a command is about to do."""

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

#: Where Linux says how much memory is to be had, and the limit and use of the group of processes that this is in.
_MEMORY: Final = Path("/proc/meminfo")
_GROUP: Final = Path("/sys/fs/cgroup")


def free_bytes() -> int:
    """Return the bytes that this process can still take, as far as its system tells."""
    return min([sys.maxsize, *_of_system(), *_of_group(), *_of_process()])


def _of_system() -> Iterator[int]:
    with suppress(OSError, ValueError, StopIteration):
        lines = _MEMORY.read_text("ascii").splitlines()
        yield 1024 * int(next(line for line in lines if line.startswith("MemAvailable:")).split()[1])


def _of_group() -> Iterator[int]:
    with suppress(OSError, ValueError):  # it is "max" where there is no limit
        most, used = ((_GROUP / f"memory.{name}").read_text("ascii") for name in ("max", "current"))
        yield max(int(most) - int(used), 0)


def _of_process() -> Iterator[int]:
    with suppress(ImportError, OSError, ValueError):
        import resource  # not on Windows

        most, _ = resource.getrlimit(resource.RLIMIT_AS)
        if most != resource.RLIM_INFINITY:
            pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
            yield max(most - pages * os.sysconf("SC_PAGE_SIZE"), 0)
