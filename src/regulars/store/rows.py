"""How values of the contract become columns, alike for both engines.

Owns the stored numbers of states and the JSON of reports. Must not know SQL.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec

from regulars.domain.customers.customer import Customer
from regulars.domain.imports.report import Report

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)

encode_report: Final = msgspec.json.Encoder().encode
decode_report: Final = msgspec.json.Decoder(Report).decode
_decode_fields: Final = msgspec.json.Decoder(dict).decode


def to_microseconds(instant: datetime) -> int:
    """Microseconds since 1970 UTC."""
    return (instant - _EPOCH) // _MICROSECOND


def from_microseconds(microseconds: int) -> datetime:
    """The instant, with zone UTC."""
    return _EPOCH + timedelta(microseconds=microseconds)


def optional_microseconds(instant: datetime | None) -> int | None:
    """`to_microseconds`, for an instant that may be missing."""
    return None if instant is None else to_microseconds(instant)


def optional_instant(microseconds: int | None) -> datetime | None:
    """`from_microseconds`, for an instant that may be missing."""
    return None if microseconds is None else from_microseconds(microseconds)


def read_customer(row: tuple[int, int, bytes | str]) -> Customer:
    """A customer from its id, version and document."""
    number, version, document = row
    return Customer(number, version, _decode_fields(document))
