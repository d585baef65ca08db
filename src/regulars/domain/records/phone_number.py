"""A record's phone number, whose reading depends on the record's country (SPEC section 2).

Owns when a number is read, and with which country. Must not know stored customers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from regulars.domain.fields.types import (
    REMOVE,
    Unreadable,
    is_national,
    is_plainly_valid,
    read_phone_number,
)
from regulars.domain.records.read_record import readable

if TYPE_CHECKING:
    from collections.abc import Callable

    from regulars.domain.fields.types import Reader
    from regulars.domain.records.read_record import ReadRecord


def compile_phone_number_handler(
    read_upload: Reader,
) -> Callable[[ReadRecord, object], None]:
    """What a record reader does with the value of `phone_number`: a number that names its country
    is read at once, any other waits for the rest of the record.
    """

    def read(record: ReadRecord, value: object) -> None:
        if value.__class__ is not str:
            _wait(record, value)
        elif is_plainly_valid(value):
            record.national_number = None
            record.changes["phone_number"] = value
        elif not is_national(value):
            record.national_number = None
            try:
                record.changes["phone_number"] = read_upload(value)
            except Unreadable as unreadable:
                record.add_problem(unreadable.code, "phone_number")
        else:
            _wait(record, value)

    return read


def _wait(record: ReadRecord, value: object) -> None:
    """The record's country may stand behind the number: read when all keys are known."""
    record.changes.pop("phone_number", None)
    record.national_number = value


def read_national_number(record: ReadRecord) -> None:
    """Read the number that waited, now that the record's country is known.

    Without the record's country it is read for finding customers only: the country of the customer
    found decides what is stored.
    """
    value = record.national_number
    own_country = readable(record.changes.get("country"))
    country = own_country or record.schema.context.country
    try:
        number = read_phone_number(value, country)
    except Unreadable as unreadable:
        if own_country or unreadable.code != "bad_phone_number":
            record.national_number = None
            record.add_problem(unreadable.code, "phone_number")
        return
    if own_country or number is REMOVE:
        record.national_number = None
        record.changes["phone_number"] = number
    else:
        record.phone_number = readable(number)
