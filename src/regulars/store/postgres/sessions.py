"""Sessions of one PostgreSQL database: how they are opened, shared and given back.

Owns everything about the driver that is not a statement. Must not know what is stored.
"""

from __future__ import annotations

import select
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg_pool import ConnectionPool

from regulars.errors import SettingsError
from regulars.store.postgres.errors import translated_errors
from regulars.store.statements import load_statements

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psycopg import Connection
    from psycopg.rows import TupleRow

    Pool = ConnectionPool[Connection[TupleRow]]

SESSION_SQL: Final = {
    name: text.encode() for name, text in load_statements("postgres", "session.sql").items()
}

_MOST_SHARED: Final = 16
_MOST_LOCKING: Final = 64
"""A session that waits for a lock is taken as long as it waits: there must be more of them than
threads that may want to write. None is open without need."""
_WAIT_SECONDS: Final = 10
_IDLE_SECONDS: Final = 300

_DEFAULTS: Final[dict[str, int | str]] = {
    "application_name": "regulars",
    "connect_timeout": 10,
    # Without these a client would wait for hours for a server whose machine is gone.
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
}


class Sessions:
    """The sessions of this process on one database.

    Those that hold a lock are apart from the shared ones, so that whoever holds a lock is never
    kept waiting, for a session, by those who wait for the lock.
    """

    def __init__(self, database_url: str) -> None:
        self._conninfo: Final = _conninfo(database_url)
        self._check_database()
        self._shared: Final = self._pool("shared", _MOST_SHARED)
        self._locking: Final = self._pool("locking", _MOST_LOCKING)

    @contextmanager
    def session(self) -> Iterator[Connection[TupleRow]]:
        """A session in which every statement is a transaction of its own."""
        with translated_errors(), self._shared.connection() as connection:
            yield connection

    @contextmanager
    def transaction(self) -> Iterator[Connection[TupleRow]]:
        """A transaction, durable when the block ends, undone if it raises."""
        with self.session() as connection, connection.transaction():
            yield connection

    @contextmanager
    def locked(self, lock: int) -> Iterator[Connection[TupleRow]]:
        """A session that holds an advisory lock of the database; waits for it first.

        The server lets go of the lock when the session ends, however it ends.
        """
        with translated_errors(), self._locking.connection() as connection:
            connection.execute(SESSION_SQL["take_lock"], {"lock": lock})
            try:
                yield connection
            finally:
                _release(connection, lock)

    @contextmanager
    def locked_at_once(self, lock: int) -> Iterator[Connection[TupleRow] | None]:
        """As `locked`, but without waiting: gives None where another session holds the lock."""
        with translated_errors(), self._locking.connection() as connection:
            cursor = connection.execute(SESSION_SQL["try_lock"], {"lock": lock})
            ((is_taken,),) = cursor.fetchall()
            if not is_taken:
                yield None
                return
            try:
                yield connection
            finally:
                _release(connection, lock)

    def close(self) -> None:
        """Close the sessions that are not in use."""
        self._shared.close()
        self._locking.close()

    def _check_database(self) -> None:
        # At once, where a pool would try again and again; and text must hold all of Unicode.
        with translated_errors(), psycopg.connect(self._conninfo) as connection:
            encoding = connection.info.parameter_status("server_encoding")
        if encoding != "UTF8":
            raise SettingsError(f"the database must have the encoding UTF8, not {encoding}")

    def _pool(self, name: str, most: int) -> Pool:
        def check(connection: Connection[TupleRow]) -> None:
            if _has_ended(connection):
                # It must look ended to the pool as well; and a server that was restarted has ended
                # the other idle sessions too, for each of which the pool would wait a while.
                connection.close()
                pool.drain()
                raise psycopg.OperationalError("the server has ended the session")

        pool: Pool = ConnectionPool(
            self._conninfo,
            kwargs={"autocommit": True},
            min_size=0,
            max_size=most,
            timeout=_WAIT_SECONDS,
            max_idle=_IDLE_SECONDS,
            num_workers=1,
            configure=_prepare,
            check=check,
            name=name,
            open=True,
        )
        return pool


def _conninfo(database_url: str) -> str:
    try:
        given = conninfo_to_dict(database_url)
    except psycopg.ProgrammingError:
        # The driver's message quotes what it could not read, and a password may stand in it.
        raise SettingsError("the database URL cannot be read") from None
    return make_conninfo("", **{**_DEFAULTS, **given, "client_encoding": "UTF8"})


def _prepare(connection: Connection[TupleRow]) -> None:
    connection.execute(SESSION_SQL["prepare_session"])


def _has_ended(connection: Connection[TupleRow]) -> bool:
    """Whether the server has ended the session while it was idle.

    An idle session has nothing to say but farewell, so that this asks nobody and costs nothing.
    """
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    return bool(poll.poll(0))


def _release(connection: Connection[TupleRow], lock: int) -> None:
    try:
        connection.execute(SESSION_SQL["release_lock"], {"lock": lock})
    except psycopg.Error:
        # It must not go back to the pool with the lock; without the session there is no lock.
        connection.close()
