"""Files that a page gives, made while they are sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from litestar.response import Stream

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_PIECE_BYTES: Final = 64 * 1024
"""Each piece goes to a thread and back: lines by themselves would be slow."""


def send_csv(lines: Iterable[bytes], file_name: str) -> Stream:
    """The lines as a file of CSV. What keeps the first of them from being made is raised now, as
    long as an answer can still say so.
    """
    pieces = _gather(lines)
    first = next(pieces, b"")
    headers = {"Content-Disposition": f'attachment; filename="{file_name}"'}
    return Stream(_behind(first, pieces), media_type="text/csv", headers=headers)


def _gather(lines: Iterable[bytes]) -> Iterator[bytes]:
    piece = bytearray()
    for line in lines:
        piece += line
        if len(piece) >= _PIECE_BYTES:
            yield bytes(piece)
            piece.clear()
    yield bytes(piece)


def _behind(first: bytes, pieces: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from pieces
