"""Bodies that came compressed, as the bytes that were meant (RFC 9110 section 8.4, RFC 9659).

Owns the bound on what a body unpacks to. Unpacks only as much as is asked for, so that a small
body which unpacks to a huge one costs no memory.
"""

from __future__ import annotations

import io
import zlib
from typing import TYPE_CHECKING, Final, Protocol

from regulars.errors import BodyTooLargeError, MalformedBodyError

try:
    from backports import zstd
except ImportError:  # from Python 3.14 on it is in the standard library
    from compression import zstd  # type: ignore[import-not-found, no-redef, unused-ignore]

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import BinaryIO

    from regulars.domain.imports.body_form import ContentEncoding

CHUNK_BYTES: Final = 256 * 1024
_INPUT_BYTES: Final = 64 * 1024
_GZIP: Final = 16 + zlib.MAX_WBITS
_ZSTD_WINDOW_LOG: Final = 23
"""The window of 8 MiB that RFC 9659 allows over HTTP: a frame must not ask for gigabytes."""


def open_unpacked(stream: BinaryIO, encoding: ContentEncoding, bytes_limit: int) -> BinaryIO:
    """The unpacked bytes of a body, buffered: reading gives fewer bytes than asked for only at the
    end. Reading raises `MalformedBodyError` where the body is damaged, `BodyTooLargeError` where
    it unpacks to more than `bytes_limit` bytes.
    """
    if encoding == "identity":
        if isinstance(stream, io.BytesIO | io.BufferedReader):
            return stream
        return io.BufferedReader(_Plain(stream), CHUNK_BYTES)
    make_unit = _GzipMember if encoding == "gzip" else _ZstdFrame
    return io.BufferedReader(_Unpacked(stream, encoding, make_unit, bytes_limit), CHUNK_BYTES)


class _Plain(io.RawIOBase):
    """A stream of which nothing is known but how to read from it."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream: Final = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        view = memoryview(buffer).cast("B")
        data = self._stream.read(len(view))
        view[: len(data)] = data
        return len(data)


class _Unit(Protocol):
    """A part of a packed body that stands alone: a member of gzip, a frame of zstd."""

    ended: bool
    rest: bytes
    """Input behind the end of the unit."""
    wants_input: bool

    def unpack(self, packed: bytes, most: int) -> bytes:
        """Up to `most` bytes. Raises `zlib.error`, `ZstdError`."""


class _GzipMember:
    def __init__(self) -> None:
        self._unpacker: Final = zlib.decompressobj(_GZIP)
        self.ended = False
        self.rest = b""
        self.wants_input = True

    def unpack(self, packed: bytes, most: int) -> bytes:
        unpacker = self._unpacker
        unpacked = unpacker.decompress(unpacker.unconsumed_tail + packed, most)
        self.ended, self.rest = unpacker.eof, unpacker.unused_data
        # Where the output is full, more of it may wait inside though all input was taken.
        self.wants_input = not unpacker.unconsumed_tail and len(unpacked) < most
        return unpacked


class _ZstdFrame:
    def __init__(self) -> None:
        self._unpacker: Final = zstd.ZstdDecompressor(
            options={zstd.DecompressionParameter.window_log_max: _ZSTD_WINDOW_LOG}
        )
        self.ended = False
        self.rest = b""
        self.wants_input = True

    def unpack(self, packed: bytes, most: int) -> bytes:
        unpacker = self._unpacker
        unpacked = unpacker.decompress(packed, most)
        self.ended = unpacker.eof
        self.rest = unpacker.unused_data if unpacker.eof else b""
        self.wants_input = not unpacker.eof and unpacker.needs_input
        return unpacked


class _Unpacked(io.RawIOBase):
    def __init__(
        self,
        stream: BinaryIO,
        encoding: str,
        make_unit: Callable[[], _Unit],
        bytes_limit: int,
    ) -> None:
        self._stream: Final = stream
        self._encoding: Final = encoding
        self._make_unit: Final = make_unit
        self._unit = make_unit()
        self._packed = b""
        self._bytes_limit: Final = bytes_limit
        self._bytes_left = bytes_limit

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        view = memoryview(buffer).cast("B")
        try:
            unpacked = self._unpack(len(view))
        except (zlib.error, zstd.ZstdError):
            msg = f"the body is not sound {self._encoding}"
            raise MalformedBodyError(msg) from None
        self._bytes_left -= len(unpacked)
        if self._bytes_left < 0:
            raise BodyTooLargeError(f"the body unpacks to more than {self._bytes_limit} bytes")
        view[: len(unpacked)] = unpacked
        return len(unpacked)

    def _unpack(self, most: int) -> bytes:
        """The next bytes, up to `most`; none at the end."""
        unpacked = b""
        while not unpacked:
            if self._unit.ended:
                packed = self._unit.rest or self._stream.read(_INPUT_BYTES)
                if not packed:
                    break
                self._unit = self._make_unit()
            else:
                packed = self._stream.read(_INPUT_BYTES) if self._unit.wants_input else b""
                if not packed and self._unit.wants_input:
                    msg = f"the body ends within its {self._encoding}"
                    raise MalformedBodyError(msg)
            unpacked = self._unit.unpack(packed, most)
        return unpacked
