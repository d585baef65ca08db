"""Values as conditions compare them (SPEC section 11).

Owns the one form that index columns hold and that evaluation uses. Must not know operators, nor
how an index is kept.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import msgspec

from regulars.domain.customers.customer import encode_fields
from regulars.domain.fields.catalogue import PERMISSIONS
from regulars.domain.fields.types import REMOVE, Unreadable
from regulars.domain.segments.days import local_day

if TYPE_CHECKING:
    from datetime import tzinfo

    from regulars.domain.fields.schema import CompiledField
    from regulars.domain.fields.types import Value

Comparable: TypeAlias = str | bool | int | float | date | datetime | tuple[str, ...]
"""A value as it is compared: text in lower case, an instant with its zone UTC, an object True."""

NEVER_MISSING: Final = frozenset({*PERMISSIONS, "is_deleted", "is_forgotten"})
"""Permissions and states: unset they are false."""

_SAMPLES: Final = 10_000
_encode: Final = msgspec.json.Encoder().encode


def lowered(text: str) -> str:
    """Text as it is compared: `str.lower()` of NFC. Accents count."""
    return text.lower() if text.isascii() else unicodedata.normalize("NFC", text).lower()


def comparable(field: CompiledField, stored: Value) -> Comparable | None:
    """The value of a field as it is compared; None where a value kept as given does not read."""
    return compile_comparable(field)(stored)


def compile_comparable(field: CompiledField) -> Callable[[Value], Comparable | None]:
    """The function that `comparable` applies, found once for a field."""
    compare = _COMPARABLE.get(field.type, lowered)
    if not field.as_given:
        return compare
    read_stored = field.read_stored

    def read_and_compare(stored: Value) -> Comparable | None:
        try:
            value = read_stored(stored)
        except Unreadable:
            return None
        return None if value is REMOVE else compare(value)

    return read_and_compare


def compile_recorded(
    field: CompiledField, timezone: tzinfo
) -> Callable[[Value | None], str | None]:
    """What history keeps of a field's values: a text, equal for equal values, None for a missing
    one. What is never missing is `false` instead.

    Of a datetime it is the instant, a space and the company's day; of an object a hash.
    """
    compare = compile_comparable(field)
    missing = "false" if field.name in NEVER_MISSING else None
    is_object = field.type == "object"

    def record(stored: Value | None) -> str | None:
        value = None if stored is None else compare(stored)
        if value is None:
            return missing
        if is_object and isinstance(stored, dict):
            return hashlib.blake2b(encode_fields(stored), digest_size=16).hexdigest()
        return recorded(value, timezone)

    return record


def recorded(value: Comparable, timezone: tzinfo) -> str:
    """A comparable value, but an object's, as history keeps it."""
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case datetime():
            return f"{recorded_instant(value)}{recorded_day(local_day(value, timezone))}"
        case date():
            return value.isoformat()
        case tuple():
            return _encode(value).decode()
        case _:
            return repr(value)


def recorded_instant(instant: datetime) -> str:
    """How the record of a datetime begins."""
    return instant.replace(tzinfo=None).isoformat(timespec="microseconds")


def recorded_day(day: date) -> str:
    """How the record of a datetime ends."""
    return f" {day.isoformat()}"


def sample_number(salt: bytes, customer_id: int) -> int:
    """The customer's number for samples, 0 to 9999. `salt` is the company's, at most 64 bytes."""
    return compile_sample_number(salt)(customer_id)


def compile_sample_number(salt: bytes) -> Callable[[int], int]:
    """The function that `sample_number` applies, made once for a company."""
    salted = hashlib.blake2b(digest_size=8, key=salt)

    def number(customer_id: int) -> int:
        digest = salted.copy()
        digest.update(customer_id.to_bytes(8, "big"))
        return int.from_bytes(digest.digest(), "big") % _SAMPLES

    return number


def _items(value: list[str]) -> tuple[str, ...]:
    return tuple(map(lowered, value))


# What is stored, or was read through its type, is canonical. An object is there or not.
_COMPARABLE: Final[dict[str, Callable[[Any], Comparable]]] = {
    "external_id": str,
    "boolean": bool,
    "integer": int,
    "money": int,
    "number": float,
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
    "list": _items,
    "set": _items,
    "object": lambda _: True,
}
