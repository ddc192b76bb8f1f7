"""Libraries of other processors, called through a program that can run them: arrays go there and come back.

A call is sent as whole numbers of 64 bits, how many arrays, whole and real numbers it has, then the bytes of each
array, then the numbers, then the arrays. Back come the status and the arrays.
"""

import subprocess
import threading
from collections.abc import Callable
from typing import Any

import numpy as np

from foresight.engine import library


def entry(*command: str) -> Callable[..., None]:
    """Return what calls an entry of a library in another program, which is started for every call."""

    def called(*arguments: Any) -> None:
        with ONE_BY_ONE:
            call(list(library.values_of(arguments)))

    def call(values: list[Any]) -> None:
        arrays = [value for value in values if isinstance(value, np.ndarray)]
        _, wholes, reals = library.tables_of(values)
        head = np.array([len(arrays), len(wholes), len(reals), *(array.nbytes for array in arrays)], np.int64)
        sent = b"".join([head, bytes(wholes), bytes(reals), *(array.tobytes() for array in arrays)])
        answer = subprocess.run(command, input=sent, stdout=subprocess.PIPE, check=True).stdout
        take(answer, arrays)

    called.signatures = [None]  # type: ignore[attr-defined]
    return called


#: Blocks write into parts of the same arrays, which come back whole.
ONE_BY_ONE = threading.Lock()


def take(answer: bytes, arrays: list[np.ndarray]) -> None:
    """Write what came back into the arrays that were sent."""
    assert int.from_bytes(answer[:8], "little") == 0, "the call failed"
    at = 8
    for array in arrays:
        array.reshape(-1).view(np.uint8)[:] = np.frombuffer(answer, np.uint8, array.nbytes, at)
        at += array.nbytes
    assert at == len(answer)
