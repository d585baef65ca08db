"""The records of NDJSON: each line stands alone (SPEC section 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from regulars.domain.imports.lenient_json import read_value
from regulars.domain.imports.sources.contract import (
    NESTING_LIMIT,
    NOT_JSON,
    NOT_UTF_8,
    RECORD_BYTES_LIMIT,
    TOO_DEEP,
    TOO_LARGE,
)
from regulars.domain.imports.sources.nesting import is_too_deep

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from regulars.domain.imports.sources.contract import Given

BOM: Final = b"\xef\xbb\xbf"

_decode: Final = msgspec.json.Decoder().decode


class NdjsonRecords:
    """A record for each line that is not empty. No body is refused as a whole."""

    header: tuple[str, ...] | None = None
    names: tuple[str, ...] | None = None
    delimiter = ""
    is_renamed = False

    def __init__(self, stream: BinaryIO) -> None:
        self._stream: Final = stream

    def __iter__(self) -> Iterator[Given]:
        """The lines, each with its end."""
        read_line = self._stream.readline
        line = read_line(RECORD_BYTES_LIMIT + len(BOM) + 2).removeprefix(BOM)
        is_first = True
        while line or is_first:
            is_first = False
            if len(line) > RECORD_BYTES_LIMIT and len(line.rstrip(b"\r\n")) > RECORD_BYTES_LIMIT:
                if not line.endswith(b"\n"):
                    _skip_line(self._stream)
                yield TOO_LARGE
            elif line.strip():
                yield line
            line = read_line(RECORD_BYTES_LIMIT + 2)

    def decode(self, given: Given) -> object:
        """The value of a line, or a `RefusedRecord`."""
        if not isinstance(given, bytes):
            return given
        try:
            record = _decode(given)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            try:
                record = read_value(given.decode())
            except UnicodeDecodeError:
                return NOT_UTF_8
            except RecursionError:
                return TOO_DEEP
            except ValueError:
                return NOT_JSON
        return TOO_DEEP if is_too_deep(given, NESTING_LIMIT) else record

    def original(self, given: Given) -> bytes | None:
        """The line without its end."""
        return given.rstrip(b"\r\n") if isinstance(given, bytes) else None

    def line(self, given: Given) -> int | None:  # noqa: ARG002 - the contract's shape
        """None: a line is handed over as plain bytes, which is what makes it cheap. Unless lines
        are empty, its number is that of the record.
        """
        return None


def _skip_line(stream: BinaryIO) -> None:
    while (rest := stream.readline(RECORD_BYTES_LIMIT)) and not rest.endswith(b"\n"):
        pass
