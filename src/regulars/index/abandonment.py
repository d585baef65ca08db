"""Questions of a request that nobody waits for any more are broken off.

Owns which statements belong to which request. Only those are broken off: a cursor is known to a
request from when it was handed out until before it is given back, and what brings an index on is
everybody's, and knows none.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from threading import Lock
from typing import TYPE_CHECKING, Final

import duckdb

from regulars.errors import AbandonedError

if TYPE_CHECKING:
    from collections.abc import Iterator


class Asker:
    """Whoever waits for the answer to one request; its questions may be asked in any thread."""

    def __init__(self) -> None:
        self._lock: Final = Lock()
        self._cursors: Final[set[duckdb.DuckDBPyConnection]] = set()
        self._is_gone = False

    def leave(self) -> None:
        """Break off what is asked now, and ask nothing more. A statement that is just about to
        begin is not broken off: whoever calls this calls it again after a moment.
        """
        with self._lock:
            self._is_gone = True
            for cursor in self._cursors:
                cursor.interrupt()

    @contextmanager
    def using(self, cursor: duckdb.DuckDBPyConnection) -> Iterator[None]:
        """Statements of the block, which has the cursor to itself, are those of this request.
        Raises `AbandonedError` once nobody waits any more.
        """
        with self._lock:
            if self._is_gone:
                raise AbandonedError
            self._cursors.add(cursor)
        try:
            yield
        except duckdb.InterruptException as error:
            raise AbandonedError from error
        finally:
            # Before the cursor is given back: nobody else's statement is ever broken off.
            with self._lock:
                self._cursors.discard(cursor)


ASKER: Final[ContextVar[Asker]] = ContextVar("asker")
"""Of the request at hand; none where nobody can leave."""


@contextmanager
def asked_by_whoever_waits(cursor: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """As `Asker.using`, for the request at hand."""
    asker = ASKER.get(None)
    if asker is None:
        yield
        return
    with asker.using(cursor):
        yield
