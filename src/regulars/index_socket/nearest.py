"""The indexes of a data folder, whoever has them open.

Owns the choice: a running server is asked; where none runs, this process opens them itself, and
keeps others from doing so until it closes them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from regulars.errors import TooBusyError
from regulars.index_socket.client import NoServerError, RemoteIndexes
from regulars.index_socket.locks import try_lock_index

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from regulars.index_socket.locks import FolderLock
    from regulars.services.index_access import IndexAccess, Measured

    class OwnIndexes(IndexAccess, Protocol):
        """Indexes that this process has open."""

        def close(self) -> None:
            """Give the files back."""


Found = TypeVar("Found")


class NearestIndexes:
    """See `IndexAccess`; methods also raise `TooBusyError` while another command has the indexes
    open, and `StoreUnavailableError` where a server ends before it has answered.
    """

    def __init__(self, folder: Path, open_own: Callable[[], OwnIndexes]) -> None:
        self._folder: Final = folder
        self._open_own: Final = open_own
        self._remote: Final = RemoteIndexes(folder)
        self._lock: FolderLock | None = None
        self._own: OwnIndexes | None = None

    def count(self, company: str, condition: str) -> int:
        """See `IndexAccess`."""
        return self._ask(lambda indexes: indexes.count(company, condition))

    def find_ids(self, company: str, condition: str, *, after: int, limit: int) -> list[int]:
        """See `IndexAccess`."""
        return self._ask(
            lambda indexes: indexes.find_ids(company, condition, after=after, limit=limit)
        )

    def measure(self, company: str, condition: str) -> Measured:
        """See `IndexAccess`."""
        return self._ask(lambda indexes: indexes.measure(company, condition))

    def rebuild(self, company: str, on_progress: Callable[[float], object]) -> None:
        """See `IndexAccess`."""
        self._ask(lambda indexes: indexes.rebuild(company, on_progress))

    def close(self) -> None:
        """Let others open the indexes."""
        own, self._own = self._own, None
        lock, self._lock = self._lock, None
        try:
            if own is not None:
                own.close()
        finally:
            if lock is not None:
                lock.release()

    def _ask(self, question: Callable[[IndexAccess], Found]) -> Found:
        if self._own is None:
            try:
                return question(self._remote)
            except NoServerError:
                pass
            self._lock = self._lock or try_lock_index(self._folder)
            if self._lock is None:
                raise TooBusyError("another command has the index open")
            self._own = self._open_own()
        return question(self._own)
