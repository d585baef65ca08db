"""The indexes of a data folder, whoever has them open.

Owns the choice: a running server is asked; where none runs, this process opens them itself, and
keeps others from doing so until it closes them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from regulars.errors import ConflictError, TooBusyError
from regulars.index_socket.client import NoServerError, RemoteIndexes

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from regulars.services.index_access import IndexAccess, Measured

    class OwnIndexes(IndexAccess, Protocol):
        """Indexes that this process has open."""

        def close(self) -> None:
            """Give the files back."""


Found = TypeVar("Found")


class NearestIndexes:
    """See `IndexAccess`; methods also raise `TooBusyError` while another command has the indexes
    open, and `StoreUnavailableError` where a server ends before it has answered.

    `open_own` opens them in this process; it raises `ConflictError` where another one has them.
    """

    def __init__(self, folder: Path, open_own: Callable[[], OwnIndexes]) -> None:
        self._open_own: Final = open_own
        self._remote: Final = RemoteIndexes(folder)
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

    def rebuild(self, company: str, on_progress: Callable[[float], None]) -> None:
        """See `IndexAccess`."""
        self._ask(lambda indexes: indexes.rebuild(company, on_progress))

    def close(self) -> None:
        """Let others open the indexes."""
        own, self._own = self._own, None
        if own is not None:
            own.close()

    def _ask(self, question: Callable[[IndexAccess], Found]) -> Found:
        if self._own is None:
            try:
                return question(self._remote)
            except NoServerError:
                pass
            try:
                self._own = self._open_own()
            except ConflictError as error:
                # Or a server that has only just begun; the next question goes to that one.
                raise TooBusyError("another command has the index open") from error
        return question(self._own)
