"""One SQLite file: its connections, settings, migrations and errors.

Owns everything about the driver that is not a statement. A connection serves one thread at a time;
those that are not in use wait in a pool. SQLite lets one connection write at a time: a transaction
that writes says so when it begins.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import stat
import threading
import time
from contextlib import contextmanager, suppress
from importlib.resources import files
from queue import Empty, LifoQueue
from typing import TYPE_CHECKING, Final

from regulars.errors import StorageFullError, StoreUnavailableError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_BUSY_SECONDS: Final = 60
_RETRY_SECONDS: Final = 0.01
_PAGE_BYTES: Final = 8192
_CHECKPOINT_PAGES: Final = 20_000
_CACHE_KIB: Final = 16 * 1024
_BULK_CACHE_KIB: Final = 256 * 1024
"""For the one connection at a time that writes much: an upper bound, taken as it is needed."""
_MUCH_WRITTEN_ROWS: Final = 10_000


class Database:
    """One SQLite file, brought to its newest schema when it is first opened."""

    def __init__(self, path: Path, schema: str) -> None:
        self._path: Final = path
        self._idle: Final[LifoQueue[sqlite3.Connection]] = LifoQueue()
        self._idle_bulk: Final[LifoQueue[sqlite3.Connection]] = LifoQueue()
        self._own: Final = threading.local()
        _make_private(path)
        with self.write() as connection:
            migrate(connection, schema)

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """A connection for statements that only read; each sees the newest state."""
        with translated_errors():
            own: sqlite3.Connection | None = getattr(self._own, "connection", None)
            if own is not None:
                yield own
                return
            connection = _take(self._idle) or self._connect(_CACHE_KIB)
            try:
                yield connection
            finally:
                self._idle.put(connection)

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """A transaction, durable when the block ends, undone if it raises.

        Within one of the same thread, and with `as_one`, it is a part of that one.
        """
        with self.read() as connection:
            is_part = connection.in_transaction
            if is_part:
                yield connection
                return
            with self._door():
                connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    @contextmanager
    def _door(self) -> Iterator[None]:
        """Whoever wants to write goes through here, one after the other.

        SQLite lets in whoever asks at the right moment: an import, whose next transaction begins
        where the last one ends, would keep all others out for a long time.
        """
        # The folder serves as the door: a lock on the file itself is SQLite's business.
        folder = os.open(self._path.parent, os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield
        finally:
            os.close(folder)

    @contextmanager
    def bulk(self) -> Iterator[None]:
        """As `as_one`, on a connection with a large cache."""
        with self._owned(self._idle_bulk, _BULK_CACHE_KIB) as connection:
            written_before = connection.total_changes
            try:
                yield
            finally:
                if connection.total_changes - written_before > _MUCH_WRITTEN_ROWS:
                    connection.execute("PRAGMA shrink_memory")

    @contextmanager
    def as_one(self) -> Iterator[None]:
        """For the block, this thread reads and writes on one connection: what it writes is a part
        of its transaction, where there is one, and what it reads sees that.
        """
        with self._owned(self._idle, _CACHE_KIB):
            yield

    @contextmanager
    def _owned(
        self, idle: LifoQueue[sqlite3.Connection], cache_kib: int
    ) -> Iterator[sqlite3.Connection]:
        with translated_errors():
            connection = _take(idle) or self._connect(cache_kib)
        self._own.connection = connection
        try:
            yield connection
        finally:
            del self._own.connection
            idle.put(connection)

    def close(self) -> None:
        """Close the connections that are not in use; the last one tidies the file."""
        for idle in (self._idle, self._idle_bulk):
            while (connection := _take(idle)) is not None:
                connection.close()

    def _connect(self, cache_kib: int) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        try:
            connection.execute(f"PRAGMA page_size = {_PAGE_BYTES}")
            _enter_wal(connection)
            # An answered upload must survive a power failure: every commit reaches the disk.
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT_PAGES}")
            connection.execute(f"PRAGMA cache_size = -{cache_kib}")
        except BaseException:
            connection.close()
            raise
        return connection


def _make_private(path: Path) -> None:
    """Make the file if it is new, so that nobody else may read it; SQLite gives the files beside it
    the same rights.

    Not by opening it: closing it again would let go of the locks that others hold in this process.
    """
    # Where it exists, or cannot be made, opening the database says what there is to say.
    with suppress(OSError):
        os.mknod(path, stat.S_IFREG | stat.S_IRUSR | stat.S_IWUSR)


def _take(idle: LifoQueue[sqlite3.Connection]) -> sqlite3.Connection | None:
    try:
        return idle.get_nowait()
    except Empty:
        return None


def _enter_wal(connection: sqlite3.Connection) -> None:
    # Where several open a new file at once, SQLite does not wait here, as it does elsewhere.
    deadline = time.monotonic() + _BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(_RETRY_SECONDS)
        else:
            return


def migrate(connection: sqlite3.Connection, schema: str) -> None:
    """Apply the migrations that the file lacks, in order, in the open transaction."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    number = version + 1
    while (script := _migration(schema, number)) is not None:
        for statement in _split_script(script):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {number}")
        number += 1


def _migration(schema: str, number: int) -> str | None:
    file = files(__package__).joinpath("sql", f"{schema}_{number:04}.sql")
    return file.read_text(encoding="utf-8") if file.is_file() else None


def _split_script(script: str) -> Iterator[str]:
    """The statements of a script; sqlite3's own executescript would commit in between."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


@contextmanager
def translated_errors() -> Iterator[None]:
    """Failures of disk and file become exceptions of ours; errors in our SQL stay what they are."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        match error.sqlite_errorcode & 0xFF:
            case sqlite3.SQLITE_FULL | sqlite3.SQLITE_READONLY | sqlite3.SQLITE_IOERR:
                raise StorageFullError("the disk is full or cannot be written") from error
            case sqlite3.SQLITE_NOTADB | sqlite3.SQLITE_CORRUPT:
                raise StoreUnavailableError("the database file is damaged") from error
            case sqlite3.SQLITE_CANTOPEN:
                reason = "the database file cannot be opened; its disk may be read-only"
                raise StoreUnavailableError(reason) from error
            case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
                raise StoreUnavailableError("the database file cannot be used now") from error
            case _:
                raise
