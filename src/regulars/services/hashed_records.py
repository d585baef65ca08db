"""What tells records that are known already from new ones, before any of them is read.

Owns finding a record's external_id and hash without reading the rest of it. Must not know which
records are known, nor in which process this is done.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

if TYPE_CHECKING:
    from regulars.domain.imports.sources.contract import Given
    from regulars.services.record_reading import RecordReading
    from regulars.store.identifier_key import IdentifierHashes


class HashedRecords(NamedTuple):
    """Consecutive records; columns by record."""

    given: list[Given]
    external_ids: list[str | None]
    """None where a record has none that can be looked up as it stands."""
    identifier_hashes: list[int]
    """Of the external_ids."""
    hashes: list[int]
    """Of the records as they came."""


class _Identified(msgspec.Struct):
    external_id: str | None = None


_decode: Final = msgspec.json.Decoder(_Identified).decode


def hash_records(
    given: list[Given], reading: RecordReading, identifier_hashes: IdentifierHashes
) -> HashedRecords:
    """The hashes of records, by the company's fields as `reading` knows them now."""
    external_ids = [_external_id(each, reading) for each in given]
    return HashedRecords(
        given,
        external_ids,
        identifier_hashes.make(external_ids),
        [reading.hash(each) for each in given],
    )


def _external_id(given: Given, reading: RecordReading) -> str | None:
    if isinstance(given, bytes) and not reading.given.is_renamed:
        try:
            return _decode(given).external_id
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return None
    decoded = reading.given.decode(given)
    external_id = decoded.get("external_id") if isinstance(decoded, dict) else None
    return external_id if isinstance(external_id, str) else None
