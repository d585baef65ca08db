"""A socket over made-up indexes, in a folder of the test's own."""

from __future__ import annotations

import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import pytest

from regulars.index_socket.server import IndexSocket
from regulars.services.index_access import Measured

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


class MadeUpIndexes:
    """Answers that show what was asked; `fail` holds what is raised in their place."""

    def __init__(self) -> None:
        self.fail: Exception | None = None
        self.asked: Final[list[str]] = []
        self.is_closed = False

    def count(self, company: str, condition: str) -> int:
        self._note("count", company, condition)
        return len(condition)

    def find_ids(self, company: str, condition: str, *, after: int, limit: int) -> list[int]:
        self._note("find_ids", company, condition)
        return list(range(after + 1, after + 1 + limit))

    def measure(self, company: str, condition: str) -> Measured:
        self._note("measure", company, condition)
        return Measured(7, {"email": 3, "sms": 0})

    def rebuild(self, company: str, on_progress: Callable[[float], None]) -> None:
        self._note("rebuild", company)
        for share in (0.0, 0.5, 1.0):
            on_progress(share)

    def close(self) -> None:
        self.is_closed = True

    def _note(self, *words: str) -> None:
        self.asked.append(" ".join(words))
        if self.fail is not None:
            raise self.fail


@pytest.fixture
def indexes() -> MadeUpIndexes:
    return MadeUpIndexes()


@contextmanager
def listening(folder: Path, indexes: MadeUpIndexes) -> Iterator[IndexSocket]:
    server = IndexSocket(folder, indexes)
    server.start()
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture
def folder(tmp_path: Path, indexes: MadeUpIndexes) -> Iterator[Path]:
    """A folder on which a server listens."""
    with listening(tmp_path, indexes):
        yield tmp_path


@contextmanager
def raw_client(folder: Path) -> Iterator[socket.socket]:
    """A client that may send anything."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.settimeout(10)
        client.connect(str(folder / "regulars.sock"))
        yield client
