"""The body of an upload on its way to being accepted.

Owns that it is read once, while it is kept and hashed. Must not know what is made of it.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, BinaryIO, Final, cast

if TYPE_CHECKING:
    import hmac
    from collections.abc import Iterable, Iterator

    from _typeshed import WriteableBuffer

    from regulars.domain.imports.hold import HoldCounter
    from regulars.store.contract import SpoolWriter

PIECE_BYTES: Final = 1024 * 1024


class IncomingImport(io.RawIOBase):
    """A body on its way: whoever reads it has it spooled and hashed."""

    def __init__(
        self,
        pieces: Iterable[bytes],
        spool: SpoolWriter | None,
        hashing: hmac.HMAC | None,
        hold_counter: HoldCounter,
    ) -> None:
        self._pieces: Final[Iterator[bytes]] = iter(pieces)
        self._spool: Final = spool
        self._hash: Final = hashing
        self._rest = memoryview(b"")
        self.size_bytes = 0
        self.delimiter = ""
        """Of CSV, once its header was read: what stands between cells."""
        self.hold_counter: Final = hold_counter

    def open(self) -> BinaryIO:
        """The body, to be read once."""
        return cast("BinaryIO", io.BufferedReader(self, PIECE_BYTES))

    def readable(self) -> bool:
        """See `io.RawIOBase`."""
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """See `io.RawIOBase`."""
        target = memoryview(buffer).cast("B")
        while not self._rest:
            piece = self._next()
            if piece is None:
                return 0
            self._rest = memoryview(piece)
        size = min(len(target), len(self._rest))
        target[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size

    def read_rest(self) -> None:
        """Take what nobody has read yet."""
        while self._next() is not None:
            pass

    def fingerprint(self) -> bytes:
        """The hash of the request, once all of its body has come. Only where it has a key."""
        if self._hash is None:
            raise AssertionError("there is no key")
        return self._hash.digest()

    def _next(self) -> bytes | None:
        piece = next(self._pieces, None)
        if piece is not None:
            self.size_bytes += len(piece)
            if self._hash is not None:
                self._hash.update(piece)
            if self._spool is not None:
                self._spool.write(piece)
        return piece
