"""In which session a company's schema is read and written, and who may write it.

Owns the company's lock. Must not know what is stored.
"""

from __future__ import annotations

from contextlib import contextmanager
from threading import RLock, get_ident
from typing import TYPE_CHECKING, Final

from regulars.store.postgres.errors import translated_errors
from regulars.store.turn import Turn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psycopg import Connection
    from psycopg.rows import TupleRow

    from regulars.store.postgres.sessions import Sessions


class CompanySessions:
    """The sessions of this process in one company's schema; `lock` is the number of its lock."""

    def __init__(self, sessions: Sessions, lock: int) -> None:
        self._sessions: Final = sessions
        self._lock: Final = lock
        self._turn: Final = Turn()
        self._locked: Connection[TupleRow] | None = None
        self._one_write: Final = RLock()
        self._grouping: int | None = None
        """The thread whose batches are grouped, while they are."""

    @contextmanager
    def lock(self) -> Iterator[None]:
        """See `CompanyStore.lock`; the server lets go of the lock when its holder dies."""
        with self._turn.take(), self._sessions.locked(self._lock) as connection:
            self._locked = connection
            try:
                yield
            finally:
                self._locked = None

    @contextmanager
    def try_lock(self) -> Iterator[bool]:
        """See `CompanyStore.try_lock`."""
        with self._turn.take(wait=False) as is_our_turn:
            if not is_our_turn:
                yield False
                return
            with self._sessions.locked_at_once(self._lock) as connection:
                self._locked = connection
                try:
                    yield connection is not None
                finally:
                    self._locked = None

    @contextmanager
    def writing(self) -> Iterator[Connection[TupleRow]]:
        """A transaction in the very session that holds the lock, or a part of that of the group.

        So it fails, and nothing is written, if the lock was lost because the session ended.
        """
        self._turn.check_taken()
        connection = self._locked
        if connection is None:
            raise RuntimeError("the company's lock is being waited for, or let go of")
        with self._one_write, translated_errors():
            if self._grouping == get_ident():
                # Not a savepoint of its own: whatever fails undoes the group.
                yield connection
                return
            with connection.transaction():
                yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection[TupleRow]]:
        """A session that sees what this thread wrote, also what is not durable yet."""
        if self._grouping == get_ident() and self._locked is not None:
            with translated_errors():
                yield self._locked
        else:
            with self._sessions.session() as connection:
                yield connection

    @contextmanager
    def grouping(self) -> Iterator[None]:
        """See `CompanyStore.group_batches`."""
        with self.writing():
            # A group may be a part of another.
            before, self._grouping = self._grouping, get_ident()
            try:
                yield
            finally:
                self._grouping = before
