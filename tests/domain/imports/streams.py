"""Bodies too large to be made, and how much memory it takes to read them."""

from __future__ import annotations

import io
import tracemalloc
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO, Final, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_PIECE_BYTES: Final = 100_000


class Repeated(io.BufferedIOBase):
    """`begin`, then `part` so many times, then `end`."""

    def __init__(self, begin: bytes, part: bytes, times: int, end: bytes) -> None:
        at_once = max(1, _PIECE_BYTES // len(part))
        pieces = (part * min(at_once, times - done) for done in range(0, times, at_once))
        self._pieces: Final = iter([begin])
        self._parts: Final = pieces
        self._ends: Final = iter([end])
        self._rest = b""

    def stream(self) -> BinaryIO:
        return cast("BinaryIO", self)

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        assert size is not None
        while not self._rest:
            for pieces in (self._pieces, self._parts, self._ends):
                piece = next(pieces, None)
                if piece is not None:
                    break
            else:
                return b""
            self._rest = piece
        taken, self._rest = self._rest[:size], self._rest[size:]
        return taken


@contextmanager
def peak_bytes() -> Iterator[Callable[[], int]]:
    """Measures; the most memory that Python held inside, beyond what it held before."""
    tracemalloc.start(1)
    try:
        before = tracemalloc.get_traced_memory()[0]
        yield lambda: tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()
