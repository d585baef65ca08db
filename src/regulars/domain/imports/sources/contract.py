"""What every source of records gives, whatever the format (SPEC section 4).

Owns the limits of a record, and what stands in place of one that could not be read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol, TypeAlias

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator

RECORD_BYTES_LIMIT: Final = 1024 * 1024
NESTING_LIMIT: Final = 64


class RefusedRecord(msgspec.Struct, frozen=True):
    """In place of a record that could not be read at all: the code of its problem, and which of
    its causes it is.
    """

    code: str
    cause: str | None = None


TOO_LARGE: Final = RefusedRecord("record_too_large")
NOT_JSON: Final = RefusedRecord("malformed_record", "not_json")
TOO_DEEP: Final = RefusedRecord("malformed_record", "too_deep")
NOT_UTF_8: Final = RefusedRecord("malformed_record", "not_utf_8")
NOT_IN_CHARSET: Final = RefusedRecord("malformed_record", "not_in_charset")
TOO_MANY_CELLS: Final = RefusedRecord("malformed_record", "too_many_cells")

Row: TypeAlias = tuple[int, str | None]
"""A record of CSV: the line where it begins, and its text, or None where that is too large."""

Given: TypeAlias = bytes | RefusedRecord | Row
"""A record as it was found in its body, not yet decoded: the bytes of JSON, a row of CSV, or that
it was too large to hold."""


class Records(Protocol):
    """The records of one body, in their order. They can be iterated over once."""

    header: tuple[str, ...] | None
    """Of CSV: the cells of the header as they came; else None."""
    names: tuple[str, ...] | None
    """Of CSV: the keys that the cells of a row are read as; else None."""
    delimiter: str
    """Of CSV: what stands between cells; else empty."""
    is_renamed: bool
    """Whether keys are read as others, so that the bytes of a record do not say what it means."""

    def __iter__(self) -> Iterator[Given]:
        """The records. Raises `MalformedBodyError` where the body proves to be malformed, and
        `BodyTooLargeError` where it unpacks to more than it may.
        """

    def decode(self, given: Given) -> object:
        """The JSON object of a record, another JSON value, or a `RefusedRecord`. Never raises."""

    def original(self, given: Given) -> bytes | None:
        """What to keep of a rejected record, so that it can be sent again; None where it was too
        large. Of JSON its bytes as they came, of CSV the JSON array of its cells.
        """

    def line(self, given: Given) -> int | None:
        """Of CSV: the line of the body in which the record begins, from 1; else None."""
