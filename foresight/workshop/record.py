"""The record of a room: what happened, in order, on disk before anybody is told; nothing in it ever changes."""

import os
import sqlite3
import stat
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from foresight.errors import InputError, Problem
from foresight.workshop.events import Event, Opened, event_from

#: What tells a record from other files of SQLite, and the form of what stands in it.
_APPLICATION: Final = 0x666F7265
_FORM: Final = 1

#: Seconds to wait for another that has it open, lest it is just ending.
_PATIENCE: Final = 1.0

_MADE: Final = f"""
    CREATE TABLE happened (n INTEGER PRIMARY KEY, at REAL NOT NULL, body TEXT NOT NULL) STRICT;
    CREATE TRIGGER never_replaced BEFORE INSERT ON happened WHEN EXISTS (SELECT 1 FROM happened WHERE n = NEW.n)
        BEGIN SELECT RAISE(ABORT, 'a record never changes'); END;
    CREATE TRIGGER never_changed BEFORE UPDATE ON happened BEGIN SELECT RAISE(ABORT, 'a record never changes'); END;
    CREATE TRIGGER never_dropped BEFORE DELETE ON happened BEGIN SELECT RAISE(ABORT, 'a record never changes'); END;
    PRAGMA application_id = {_APPLICATION};
    PRAGMA user_version = {_FORM};
"""


class Record:
    """A record on disk, written by one server at a time.

    Parameters
    ----------
    path : Path
        The file; it must be a record already, see `begun`.

    Raises
    ------
    InputError
        If it is none, is damaged, or another server has it open.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            address = path.absolute().as_uri() + "?mode=rw"
            self._file = sqlite3.connect(address, timeout=_PATIENCE, uri=True, check_same_thread=False)
        except sqlite3.Error:
            raise InputError([Problem(str(path), "", "missing_file")]) from None
        try:
            # Of one server alone, and on disk for good with every commit.
            for setting in ("locking_mode = EXCLUSIVE", "journal_mode = WAL", "synchronous = FULL"):
                self._file.execute(f"PRAGMA {setting}")
            with self._file:
                self._file.execute("BEGIN IMMEDIATE")
            form = [self._file.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")]
        except sqlite3.Error as error:
            self._file.close()
            kind = "record_in_use" if "locked" in str(error) else "not_a_record"
            raise InputError([Problem(str(path), "", kind)]) from None
        if form != [_APPLICATION, _FORM]:
            self._file.close()
            raise InputError([Problem(str(path), "", "not_a_record")])

    def append(self, events: Sequence[Event], at: float) -> None:
        """Write down what happened; it is on disk when this returns, all of it or nothing.

        Parameters
        ----------
        events : sequence of Event
        at : float
            Seconds since 1970.

        Raises
        ------
        InputError
            If it cannot be written.
        """
        rows = [(at, event.model_dump_json()) for event in events]
        try:
            with self._file:
                self._file.executemany("INSERT INTO happened (at, body) VALUES (?, ?)", rows)
        except sqlite3.Error as error:
            raise _not_written(self.path, error) from None

    def events(self) -> list[tuple[float, Event]]:
        """Return all that happened, each with its moment in seconds since 1970.

        Raises
        ------
        InputError
            If it does not begin with how its room was opened, or something in it cannot happen.
        """
        try:
            rows = self._file.execute("SELECT at, body FROM happened ORDER BY n").fetchall()
            events = [(at, event_from(body)) for at, body in rows]
        except (sqlite3.Error, ValidationError):
            raise InputError([Problem(str(self.path), "", "not_a_record")]) from None
        if not events or not isinstance(events[0][1], Opened):  # a copy made while what happened was still beside it
            raise InputError([Problem(str(self.path), "", "headless_record")])
        return events

    def content(self) -> bytes:
        """Return the whole record as a file of its own."""
        return self._file.serialize()

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


def begun(path: Path, events: Sequence[Event], at: float) -> Record:
    """Begin a record with what happened first; nobody but its owner can read it.

    Raises
    ------
    InputError
        If the file is there already or cannot be made.
    """
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, stat.S_IRUSR | stat.S_IWUSR))
    except FileExistsError:
        raise InputError([Problem(str(path), "", "file_exists")]) from None
    except OSError:
        raise InputError([Problem(str(path), "", "not_written")]) from None
    try:
        with closing(sqlite3.connect(path)) as file:
            file.executescript(_MADE)
    except sqlite3.Error as error:
        path.unlink()
        raise _not_written(path, error) from None
    record = Record(path)
    record.append(events, at)
    return record


def _not_written(path: Path, error: sqlite3.Error) -> InputError:
    kind = "disk_full" if "full" in str(error) else "not_written"
    return InputError([Problem(str(path), "", kind)])
