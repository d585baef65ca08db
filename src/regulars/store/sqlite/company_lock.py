"""The lock of one company: a locked file, between processes, and a turn, within one.

Must not know what is written under it.
"""

from __future__ import annotations

import fcntl
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from regulars.store.sqlite.database import Database
    from regulars.store.turn import Turn


class CompanyLock:
    """Whoever holds it mostly writes much, and so has a connection with a large cache meanwhile."""

    def __init__(self, path: Path, turn: Turn, database: Database) -> None:
        self._path: Final = path
        self._turn: Final = turn
        self._database: Final = database

    @contextmanager
    def hold(self) -> Iterator[None]:
        """See `CompanyStore.lock`; the system lets go of the lock when its holder dies."""
        with self._turn.take(), self._path.open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            with self._database.bulk():
                yield

    @contextmanager
    def try_to_hold(self, *, briefly: bool) -> Iterator[bool]:
        """See `CompanyStore.try_lock`."""
        with self._turn.take(wait=False) as is_our_turn, self._path.open("ab") as file:
            if is_our_turn and _lock_at_once(file):
                with self._database.as_one() if briefly else self._database.bulk():
                    yield True
                return
        yield False


def _lock_at_once(file: BinaryIO) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
