"""Replies that are files: whether a client wants one, and how it is sent."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from litestar.response import Stream

from regulars.errors import InvalidValueError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from litestar import Request

CSV: Final = "text/csv"
_PIECE_BYTES: Final = 64 * 1024


def wants_csv(request: Request[Any, Any, Any], parameters: Mapping[str, str]) -> bool:
    """Whether the reply is to be CSV, by the parameter `format` or else by the header `Accept`.
    Raises `InvalidValueError`.
    """
    wanted = parameters.get("format")
    if wanted not in (None, "json", "csv"):
        raise InvalidValueError("format", "json or csv")
    accepted = [
        each.partition(";")[0].strip() for each in request.headers.get("accept", "").split(",")
    ]
    return wanted == "csv" or (wanted is None and CSV in accepted)


def send_file(
    pieces: Iterator[bytes],
    media_type: str,
    name: str,
    headers: Mapping[str, str] | None = None,
    charset: str = "utf-8",
) -> Stream:
    """A file of text in a charset, sent piece by piece. What fails before the first one is answered
    like any failure.
    """
    pieces = _gather(pieces)
    first = next(pieces, b"")
    return Stream(
        chain([first], pieces),
        media_type=media_type,
        encoding=charset,
        headers={"Content-Disposition": f'attachment; filename="{name}"', **(headers or {})},
    )


def _gather(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The same bytes in fewer pieces: sending one costs more than most lines of a file."""
    waiting: list[bytes] = []
    size = 0
    for piece in pieces:
        waiting.append(piece)
        size += len(piece)
        if size >= _PIECE_BYTES:
            yield b"".join(waiting)
            waiting, size = [], 0
    if waiting:
        yield b"".join(waiting)
