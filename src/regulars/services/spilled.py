"""Values that wait in a file until it is known what becomes of them, so that memory stays flat.

The file has no name, and goes with the process. Its first megabytes stay in memory.
"""

from __future__ import annotations

import struct
from contextlib import contextmanager, suppress
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, Final, Generic, TypeVar

import msgspec

from regulars.errors import StorageFullError

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEAD: Final = struct.Struct(">I")
_IN_MEMORY_BYTES: Final = 4 * 1024 * 1024

T = TypeVar("T", bound=msgspec.Struct)


class Spilled(Generic[T]):
    """Values of one kind in the order in which they came; `folder` is where the file lies.

    Raises `StorageFullError` where it cannot be written.
    """

    def __init__(self, kind: type[T], folder: str) -> None:
        self._encode: Final = msgspec.msgpack.Encoder().encode
        self._decode: Final = msgspec.msgpack.Decoder(kind).decode
        with _translated_errors():
            self._file: Final = SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES, dir=folder)  # noqa: SIM115 - closed by `close`

    def add(self, value: T) -> None:
        """Keep one more, as it is now."""
        encoded = self._encode(value)
        with _translated_errors():
            self._file.write(_HEAD.pack(len(encoded)))
            self._file.write(encoded)

    def __iter__(self) -> Iterator[T]:
        """All of them, each made anew. Nothing can be added afterwards."""
        with _translated_errors():
            self._file.seek(0)
        while head := self._file.read(_HEAD.size):
            (size,) = _HEAD.unpack(head)
            yield self._decode(self._file.read(size))

    def close(self) -> None:
        """Let go of all of them."""
        # What could not be written yet need not be.
        with suppress(OSError):
            self._file.close()


@contextmanager
def _translated_errors() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageFullError("the disk is full or cannot be written") from error
