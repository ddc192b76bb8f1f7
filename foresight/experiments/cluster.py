"""Workers on many machines, or in processes of this one, through Dask."""

import multiprocessing
import os
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import ExitStack, contextmanager
from typing import Any, Final

from foresight.engine.ensemble import cores
from foresight.errors import InputError, Problem, shown
from foresight.experiments.sweep import Workers
from foresight.extras import extra
from foresight.folders import temporary_files_in, temporary_folder
from foresight.unfinished import undone

#: The address of a cluster of processes on this machine, which is started for the sweep and stopped after it.
LOCAL: Final = "local"

#: How the names of scheduler files end.
_FILE: Final = ".json"

#: What Dask calls processes that it starts.
_WORKER: Final = "Dask Worker"

#: Seconds until an address that does not answer is given up.
PATIENCE: Final = 10


def cluster_workers(address: str, count: int | None = None) -> Workers:
    """Return workers that are Dask's; they may come and go while a sweep runs.

    Parameters
    ----------
    address : str
        Of a scheduler, such as ``tcp://10.0.0.5:8786``, or the path of its scheduler file; or ``local``.
    count : int, optional
        Processes of ``local``; one a core by default.

    Raises
    ------
    InputError
        If the extra `cluster` is not installed, or nobody answers at the address.
    """
    distributed = extra("distributed", "cluster")
    if address.endswith(_FILE) and not os.path.isfile(os.path.expanduser(address)):
        raise InputError([Problem("--cluster", "", "no_such_file", shown(address))])
    return lambda: _connected(distributed, address, count or cores())


@contextmanager
def _connected(distributed: Any, address: str, count: int) -> Iterator[tuple[Executor, Callable[[], int]]]:
    """Connect to a cluster; give its executor, and what tells how many threads it has at the moment."""
    with ExitStack() as stack:
        if address == LOCAL:
            _keep_house(stack)
            settings = {"n_workers": count, "threads_per_worker": 1, "dashboard_address": ":0"}  # any free port
            place = {"address": stack.enter_context(distributed.LocalCluster(**settings))}
        else:
            place = {"scheduler_file" if address.endswith(_FILE) else "address": os.path.expanduser(address)}
        try:
            client = stack.enter_context(distributed.Client(**place, timeout=PATIENCE))
        except (OSError, TimeoutError, ValueError) as error:
            raise InputError([Problem("--cluster", "", "no_cluster", shown(address))]) from error
        yield client.get_executor(pure=False), lambda: max(sum(client.nthreads().values()), 1)


def _keep_house(stack: ExitStack) -> None:
    """Let files that Dask makes go afterwards, and the processes that write them before these."""
    stack.enter_context(temporary_files_in(stack.enter_context(temporary_folder())))
    stack.enter_context(undone(_end_workers))


def _end_workers() -> None:
    """End the processes of a cluster that has not been stopped."""
    for child in multiprocessing.active_children():
        if child.name.startswith(_WORKER):
            child.kill()
            child.join()
