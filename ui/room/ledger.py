"""What is written down, by one thread for each room: whatever waits together goes to the disk together."""

import asyncio
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from foresight.errors import InputError, Problem
from foresight.workshop.events import Event
from foresight.workshop.record import Record

from ..serving.sparing import LOG

_Waiting = tuple[Sequence[Event], "asyncio.Future[None]"]


class Ledger:
    """Writes a record; nobody is told of anything before it is on disk.

    Parameters
    ----------
    record : Record
    written, failed : callable
        Called with what was written, and once nothing of what waited was.
    """

    def __init__(self, record: Record, written: Callable[[Sequence[Event]], None], failed: Callable[[], None]) -> None:
        self._record, self._written, self._failed = record, written, failed
        self._thread = ThreadPoolExecutor(1, "record")
        self._waiting: list[_Waiting] = []
        self._work: asyncio.Task[None] | None = None

    async def write(self, events: Sequence[Event]) -> None:
        """Wait until something that happened is on disk, and all that happened before.

        Raises
        ------
        InputError
            If it cannot be written; then nothing that happened since is true either.
        """
        done = asyncio.get_running_loop().create_future()
        self._waiting.append((events, done))
        if self._work is None:
            self._work = asyncio.create_task(self._write())
        await done

    async def events(self) -> list[tuple[float, Event]]:
        """Return all that is written, each with its moment in seconds since 1970."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._record.events)

    async def content(self) -> bytes:
        """Return the record as a file of its own."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._record.content)

    def close(self) -> None:
        """Let go of the record, once what is being written is."""
        self._thread.shutdown()
        self._record.close()

    async def _write(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            batch, self._waiting = self._waiting, []
            events = [event for some, _ in batch for event in some]
            try:
                if events:
                    await loop.run_in_executor(self._thread, self._record.append, events, time.time())
            except Exception as error:  # whatever it is, nobody waits for ever
                self._refuse(batch, error)
                continue
            self._written(events)
            for _, done in batch:
                if not done.done():
                    done.set_result(None)
        self._work = None

    def _refuse(self, batch: list[_Waiting], error: Exception) -> None:
        """Refuse what was to be written, and what was to come after it."""
        if not isinstance(error, InputError):
            LOG.error("a record could not be written", exc_info=error)
            error = InputError([Problem("", "", "not_written")])
        batch, self._waiting = [*batch, *self._waiting], []
        self._failed()
        for _, done in batch:
            if not done.done():
                done.set_exception(error)
