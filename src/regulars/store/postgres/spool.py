"""Bodies of accepted uploads, as rows of at most 1 MiB in the company's schema.

A body is committed before its upload is accepted, and deleted when its import has ended.
"""

from __future__ import annotations

import io
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, BinaryIO, Final, cast

from regulars.errors import RegularsError
from regulars.store.contract.company import DRAFT

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from _typeshed import WriteableBuffer

    from regulars.store.postgres.schema import Statements
    from regulars.store.postgres.sessions import Sessions

PART_BYTES: Final = 1024 * 1024


class Spool:
    """The bodies of one company."""

    def __init__(self, sessions: Sessions, statements: Statements) -> None:
        self._sessions: Final = sessions
        self._statements: Final = statements

    @contextmanager
    def create(self, import_id: str) -> Iterator[_Writer]:
        """Keep a body: durable when the block ends, gone if it raises."""
        writer = _Writer(self._sessions, self._statements, import_id)
        try:
            yield writer
            writer.finish()
        except BaseException:
            # Where there are none of its own, another upload may have parts of that name.
            if writer.parts:
                # What stays, as the database is away, is swept later.
                with suppress(RegularsError):
                    self.remove(import_id)
            raise

    def open(self, import_id: str) -> BinaryIO:
        """The body from its beginning. Raises `FileNotFoundError`."""
        with self._sessions.session() as connection:
            row = connection.execute(
                self._statements["last_spool_part"], {"import_id": import_id}
            ).fetchone()
        if row is None or row[0] is None:
            raise FileNotFoundError(import_id)
        parts = _Parts(self._sessions, self._statements, import_id, int(row[0]))
        return cast("BinaryIO", io.BufferedReader(parts, PART_BYTES))

    def remove(self, import_id: str) -> None:
        """Let go of the body, if it is there."""
        with self._sessions.session() as connection:
            connection.execute(self._statements["delete_spool"], {"import_id": import_id})

    def sweep(self, import_ids: Collection[str], age_seconds: int, draft_age_seconds: int) -> None:
        """Let go of bodies whose last part is older than that, of none of these imports."""
        with self._sessions.session() as connection:
            connection.execute(
                self._statements["sweep_spool"],
                {
                    "import_ids": list(import_ids),
                    "age_seconds": age_seconds,
                    "draft": DRAFT,
                    "draft_age_seconds": draft_age_seconds,
                },
            )


class _Writer:
    """Writes a body part by part, each a transaction, holding no session in between."""

    def __init__(self, sessions: Sessions, statements: Statements, import_id: str) -> None:
        self._sessions: Final = sessions
        self._statements: Final = statements
        self._import_id: Final = import_id
        self._waiting: Final = bytearray()
        self.parts = 0

    def write(self, part: bytes) -> None:
        self._waiting.extend(part)
        while len(self._waiting) > PART_BYTES:
            self._insert(bytes(self._waiting[:PART_BYTES]))
            del self._waiting[:PART_BYTES]

    def finish(self) -> None:
        """An empty body is one empty part."""
        self._insert(bytes(self._waiting))

    def _insert(self, part: bytes) -> None:
        columns = {"import_id": self._import_id, "number": self.parts, "bytes": part}
        with self._sessions.session() as connection:
            connection.execute(self._statements["insert_spool_part"], columns)
        self.parts += 1


class _Parts(io.RawIOBase):
    """Reads a body part by part, holding no session in between."""

    def __init__(
        self, sessions: Sessions, statements: Statements, import_id: str, last: int
    ) -> None:
        self._sessions: Final = sessions
        self._statements: Final = statements
        self._import_id: Final = import_id
        self._last: Final = last
        self._next = 0
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Back to the beginning, and nowhere else."""
        if offset or whence != io.SEEK_SET:
            raise io.UnsupportedOperation
        self._next = 0
        self._rest = memoryview(b"")
        return 0

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        target = memoryview(buffer).cast("B")
        if not self._rest and self._next <= self._last:
            self._rest = memoryview(self._read_part(self._next))
            self._next += 1
        size = min(len(target), len(self._rest))
        target[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size

    def _read_part(self, number: int) -> bytes:
        with self._sessions.session() as connection, connection.cursor(binary=True) as cursor:
            row = cursor.execute(
                self._statements["read_spool_part"],
                {"import_id": self._import_id, "number": number},
            ).fetchone()
        if row is None:
            # Somebody let go of it meanwhile: this must not look like the end of the body.
            raise FileNotFoundError(self._import_id)
        return cast("bytes", row[0])
