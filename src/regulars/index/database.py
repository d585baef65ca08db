"""One DuckDB file: its connections, settings and errors.

Owns everything about the driver that is not a statement. A cursor serves one thread at a time;
those that are not in use wait in a pool. There is one writer at a time.

The file has no log: it is a copy, and what a crash takes since the last checkpoint is taken over
once more. Written into a log first, customers take twice as long.
"""

from __future__ import annotations

import logging
import os
import shutil
import stat
import time
from contextlib import contextmanager, suppress
from queue import Empty, LifoQueue
from threading import Condition, RLock
from typing import TYPE_CHECKING, Final

import duckdb
import msgspec

from regulars.errors import StorageFullError, TooBusyError
from regulars.index.errors import DamagedIndexError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CHECKPOINT_BYTES: Final = 32 * 1024 * 1024
"""Of what was taken over since the last checkpoint, from which on another one is worth it. Taking
it over once more takes a second or two.
"""
CHECKPOINT_SECONDS: Final = 60
"""After which there is one in any case: where little changes it takes some 15 ms."""
_NAME: Final = "file"
_OWN_MISTAKES: Final = (
    duckdb.ProgrammingError,
    duckdb.NotSupportedError,
    duckdb.DataError,
    duckdb.ConstraintException,
    duckdb.TransactionException,
    duckdb.InterruptException,
)
"""Errors in our SQL, not in the file."""

log: Final = logging.getLogger(__name__)


class Resources(msgspec.Struct, frozen=True):
    """What one open index may take of the machine."""

    memory_mib: int = 512
    threads: int = 2


class Database:
    """An open file; made if it is missing. Raises `DamagedIndexError`, `StorageFullError`."""

    def __init__(self, path: Path, resources: Resources) -> None:
        self._idle: Final[LifoQueue[duckdb.DuckDBPyConnection]] = LifoQueue()
        self._writing: Final = RLock()
        self._writer: duckdb.DuckDBPyConnection | None = None
        self._changed: Final = Condition()
        self._users = 0
        self._unsaved_bytes = 0
        self._unsaved_since = 0.0
        # Of an earlier version, which had one.
        _log_of(path).unlink(missing_ok=True)
        with _translated_errors():
            self._connection: Final = duckdb.connect()
            attached = _quoted_text(str(path))
            self._connection.execute(f"ATTACH {attached} AS {_NAME} (RECOVERY_MODE no_wal_writes)")
            for name, value in _settings(path, resources).items():
                self._connection.execute(f"SET {name} = {value}")
        path.chmod(stat.S_IRUSR | stat.S_IWUSR)

    @contextmanager
    def read(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor; its statements see what is committed, those of a transaction one state."""
        with self._changed:
            self._users += 1
        try:
            with _translated_errors():
                cursor = _take(self._idle) or self._make_cursor()
                try:
                    yield cursor
                finally:
                    self._idle.put(cursor)
        finally:
            with self._changed:
                self._users -= 1
                self._changed.notify_all()

    @contextmanager
    def write(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A transaction, undone if the block raises. Within one of the same thread it is a part of
        that one. Waits for other writers, and for a checkpoint.
        """
        with self._writing:
            if self._writer is not None:
                yield self._writer
                return
            with self.read() as cursor:
                cursor.begin()
                self._writer = cursor
                try:
                    yield cursor
                    cursor.commit()
                except BaseException:
                    # Where the file failed, so does this, and says nothing new.
                    with suppress(duckdb.Error):
                        cursor.rollback()
                    raise
                finally:
                    self._writer = None

    def add_unsaved(self, taken_bytes: int) -> None:
        """Say how large what a transaction has taken over was at its source."""
        if not self._unsaved_bytes:
            self._unsaved_since = time.monotonic()
        self._unsaved_bytes += taken_bytes

    def is_checkpoint_due(self) -> bool:
        """Whether so much was taken over, or so long ago, that a checkpoint is worth its while."""
        waiting = time.monotonic() - self._unsaved_since if self._unsaved_bytes else 0.0
        return self._unsaved_bytes >= CHECKPOINT_BYTES or waiting >= CHECKPOINT_SECONDS

    def checkpoint(self) -> None:
        """Write into the file what it lacks. Readers go on; writers wait."""
        with self._writing, self.read() as cursor:
            cursor.execute(f"CHECKPOINT {_NAME}")
            self._unsaved_bytes = 0

    def close(self) -> None:
        """Give the file back, whole, once nobody uses it any more."""
        with self._writing, self._changed:
            self._changed.wait_for(lambda: not self._users)
            while (cursor := _take(self._idle)) is not None:
                cursor.close()
            # A file that failed fails here too; it is given back all the same.
            with suppress(duckdb.Error):
                if self._unsaved_bytes:
                    self._connection.execute(f"CHECKPOINT {_NAME}")
            with suppress(duckdb.Error):
                self._connection.close()

    def _make_cursor(self) -> duckdb.DuckDBPyConnection:
        cursor = self._connection.cursor()
        cursor.execute(f"USE {_NAME}")
        return cursor


def remove_file(path: Path) -> None:
    """Take away a file that nobody has open, with its log and what was put aside."""
    for each in (path, _log_of(path)):
        each.unlink(missing_ok=True)
    shutil.rmtree(_temporary_folder(path), ignore_errors=True)


def _settings(path: Path, resources: Resources) -> dict[str, str]:
    """By name, as they stand in SQL, in the order in which they are made."""
    return {
        "memory_limit": f"'{resources.memory_mib}MiB'",
        "threads": f"{resources.threads}",
        "temp_directory": _quoted_text(str(_temporary_folder(path))),
        # Checkpoints are made when nobody waits.
        "wal_autocheckpoint": "'1TB'",
        # Nothing outside the file is ever read, and nothing is fetched.
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "enable_external_access": "false",
        "lock_configuration": "true",
    }


def _quoted_text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _log_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.wal")


def _temporary_folder(path: Path) -> Path:
    return path.with_name(f"{path.name}.tmp")


def _take(idle: LifoQueue[duckdb.DuckDBPyConnection]) -> duckdb.DuckDBPyConnection | None:
    try:
        return idle.get_nowait()
    except Empty:
        return None


@contextmanager
def _translated_errors() -> Iterator[None]:
    """Failures of disk and file become exceptions of ours; errors in our SQL stay what they are."""
    try:
        yield
    except duckdb.OutOfMemoryException as error:
        raise TooBusyError("the index has too little memory for this now") from error
    except _OWN_MISTAKES:
        raise
    except duckdb.Error as error:
        # Its message may hold values.
        if os.strerror(28) in str(error):
            raise StorageFullError("the disk is full: the index cannot be written") from error
        raise DamagedIndexError("the file cannot be read") from error
