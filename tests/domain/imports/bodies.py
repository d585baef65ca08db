"""Bodies opened as records, for tests; also cut into reads of any size."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, BinaryIO, Final, cast

from regulars.domain.imports.sources import BodyForm, open_records

if TYPE_CHECKING:
    from collections.abc import Sequence

    from regulars.domain.imports.body_form import ContentEncoding, Format
    from regulars.domain.imports.sources import Records

LIMIT: Final = 10_000_000
"""Bytes that a body of a test may unpack to."""


class Dribble(io.RawIOBase):
    """A body that comes in pieces, whatever the reader asks for."""

    def __init__(self, body: bytes, sizes: Sequence[int]) -> None:
        self._rest = body
        self._sizes: Final = sizes
        self._reads = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        most = self._sizes[self._reads % len(self._sizes)]
        self._reads += 1
        size = most if size < 0 else min(size, most)
        piece, self._rest = self._rest[:size], self._rest[size:]
        return piece


def dribble(body: bytes, sizes: Sequence[int]) -> BinaryIO:
    return cast("BinaryIO", Dribble(body, sizes))


def open_body(
    body: bytes | BinaryIO,
    body_format: Format,
    content_encoding: ContentEncoding = "identity",
    *,
    limit: int = LIMIT,
) -> Records:
    """The records of a body."""
    stream = io.BytesIO(body) if isinstance(body, bytes) else body
    form = BodyForm(body_format, content_encoding=content_encoding)
    return open_records(stream, form, unpacked_bytes_limit=limit)


def read_body(
    body: bytes | BinaryIO,
    body_format: Format,
    content_encoding: ContentEncoding = "identity",
    *,
    limit: int = LIMIT,
) -> list[object]:
    """The records of a body, decoded."""
    records = open_body(body, body_format, content_encoding, limit=limit)
    return [records.decode(given) for given in records]
