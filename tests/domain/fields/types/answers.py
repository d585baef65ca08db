"""What a field type answers to a value, as one thing that a table of tests can name."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from regulars.domain.fields.types import (
    EXTERNAL_ID,
    FIELD_TYPES,
    Reader,
    ReadingContext,
    Remove,
    Unreadable,
    Value,
)


@dataclass(frozen=True)
class Refused:
    """The value was refused with this problem code."""

    code: str


def reader_of(type_name: str, timezone: str = "Europe/Helsinki", country: str = "FI") -> Reader:
    """The reader of a type, `external_id` included, for a company with these settings."""
    field_type = EXTERNAL_ID if type_name == "external_id" else FIELD_TYPES[type_name]
    return field_type.compile_reader(ReadingContext(ZoneInfo(timezone), country))


def answer(reader: Reader, given: object) -> Value | Remove | Refused:
    """The canonical value, `REMOVE`, or why it was refused."""
    try:
        return reader(given)
    except Unreadable as unreadable:
        return Refused(unreadable.code)


def assert_answer(reader: Reader, given: object, expected: object) -> None:
    """Fails unless the answer is the expected one in value and in class: True is not 1 here."""
    found = answer(reader, given)
    assert (found, type(found)) == (expected, type(expected))
