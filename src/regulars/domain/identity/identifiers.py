"""Identifiers as they are looked up.

Owns which entries a customer has in the table of identifiers. The kind of an entry says more than
the field: a record with an unknown external_id can only mean unregistered customers, so that those
stand apart, and the look-up stays small however many registered customers share an address.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping


class Kind(IntEnum):
    """The kinds of entries. The numbers are stored: never renumber them."""

    EXTERNAL_ID = 1
    EMAIL_REGISTERED = 2
    EMAIL_UNREGISTERED = 3
    PHONE_REGISTERED = 4
    PHONE_UNREGISTERED = 5
    PHONE_ONLY_REGISTERED = 6
    """A registered customer with this phone number and no email."""
    PHONE_ONLY_UNREGISTERED = 7
    EMAIL_DELETED = 8
    PHONE_DELETED = 9


LIVING_BY_EMAIL: Final = (Kind.EMAIL_REGISTERED, Kind.EMAIL_UNREGISTERED)
LIVING_BY_PHONE_WITH_EMAIL: Final = (Kind.PHONE_REGISTERED, Kind.PHONE_UNREGISTERED)
LIVING_BY_PHONE_ONLY: Final = (Kind.PHONE_ONLY_REGISTERED, Kind.PHONE_ONLY_UNREGISTERED)
LIVING_BY_PHONE: Final = LIVING_BY_PHONE_WITH_EMAIL + LIVING_BY_PHONE_ONLY

ALL_BY_EMAIL: Final = (*LIVING_BY_EMAIL, Kind.EMAIL_DELETED)
ALL_BY_PHONE: Final = (*LIVING_BY_PHONE, Kind.PHONE_DELETED)

Entry = tuple[Kind, str]


def is_email(address: str) -> bool:
    """Whether an address, an email or a phone number in canonical form, is an email."""
    return "@" in address


def identifier_entries(fields: Mapping[str, object]) -> list[Entry]:
    """The entries under which a customer with these fields can be found."""
    entries: list[Entry] = []
    external_id = fields.get("external_id")
    if external_id is not None:
        entries.append((Kind.EXTERNAL_ID, external_id))  # type: ignore[arg-type]
    email = fields.get("email")
    phone_number = fields.get("phone_number")
    if "is_deleted" in fields:
        email_kind, phone_kind = Kind.EMAIL_DELETED, Kind.PHONE_DELETED
    elif external_id is not None:
        email_kind = Kind.EMAIL_REGISTERED
        phone_kind = Kind.PHONE_REGISTERED if email else Kind.PHONE_ONLY_REGISTERED
    else:
        email_kind = Kind.EMAIL_UNREGISTERED
        phone_kind = Kind.PHONE_UNREGISTERED if email else Kind.PHONE_ONLY_UNREGISTERED
    if email is not None:
        entries.append((email_kind, email))  # type: ignore[arg-type]
    if phone_number is not None:
        entries.append((phone_kind, phone_number))  # type: ignore[arg-type]
    return entries
