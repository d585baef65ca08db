"""Identifiers as they are looked up.

Owns which entries a customer has in the table of identifiers. The kind of an entry says more than
the field: a record with an unknown external_id can only mean unregistered customers, so that those
stand apart, and the look-up stays small however many registered customers share an address.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from regulars.domain.customers.customer import decode_fields

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
    """A deleted customer with an external_id is found by that alone, but holds its addresses."""
    PHONE_DELETED = 9
    EMAIL_DELETED_UNREGISTERED = 10
    PHONE_DELETED_UNREGISTERED = 11
    PHONE_ONLY_DELETED_UNREGISTERED = 12

    # Of the number, not of the name: an entry is hashed many times for each record.
    __hash__ = int.__hash__


class AddressKinds(NamedTuple):
    """The kinds of entries by which a record's addresses find some sort of customers."""

    by_email: tuple[Kind, ...]
    by_phone_with_email: tuple[Kind, ...]
    """Customers with that phone number who have some email."""
    by_phone_only: tuple[Kind, ...]

    @property
    def by_phone(self) -> tuple[Kind, ...]:
        """Customers with that phone number, whether or not they have an email."""
        return self.by_phone_with_email + self.by_phone_only


LIVING: Final = AddressKinds(
    (Kind.EMAIL_REGISTERED, Kind.EMAIL_UNREGISTERED),
    (Kind.PHONE_REGISTERED, Kind.PHONE_UNREGISTERED),
    (Kind.PHONE_ONLY_REGISTERED, Kind.PHONE_ONLY_UNREGISTERED),
)
_LIVING_UNREGISTERED: Final = AddressKinds(
    (Kind.EMAIL_UNREGISTERED,), (Kind.PHONE_UNREGISTERED,), (Kind.PHONE_ONLY_UNREGISTERED,)
)
DELETED_UNREGISTERED: Final = AddressKinds(
    (Kind.EMAIL_DELETED_UNREGISTERED,),
    (Kind.PHONE_DELETED_UNREGISTERED,),
    (Kind.PHONE_ONLY_DELETED_UNREGISTERED,),
)
LIVING_BY_EMAIL: Final = LIVING.by_email
LIVING_BY_PHONE: Final = LIVING.by_phone

ALL_BY_EMAIL: Final = (*LIVING.by_email, *DELETED_UNREGISTERED.by_email, Kind.EMAIL_DELETED)
ALL_BY_PHONE: Final = (*LIVING.by_phone, *DELETED_UNREGISTERED.by_phone, Kind.PHONE_DELETED)

# What most customers have; a member is slower to reach through its class.
_EXTERNAL_ID: Final = Kind.EXTERNAL_ID
_EMAIL_REGISTERED: Final = Kind.EMAIL_REGISTERED
_PHONE_REGISTERED: Final = Kind.PHONE_REGISTERED
_PHONE_ONLY_REGISTERED: Final = Kind.PHONE_ONLY_REGISTERED

Entry = tuple[Kind, str]


def is_email(address: str) -> bool:
    """Whether an address, an email or a phone number in canonical form, is an email."""
    return "@" in address


def identifier_entries(fields: Mapping[str, object]) -> list[Entry]:
    """The entries under which a customer with these fields can be found."""
    entries: list[Entry] = []
    external_id = fields.get("external_id")
    if external_id is not None:
        entries.append((_EXTERNAL_ID, external_id))  # type: ignore[arg-type]
    email = fields.get("email")
    phone_number = fields.get("phone_number")
    if external_id is None:
        email_kind, phone_kind = _unregistered_kinds(fields)
    elif "is_deleted" in fields:
        email_kind, phone_kind = Kind.EMAIL_DELETED, Kind.PHONE_DELETED
    else:
        email_kind = _EMAIL_REGISTERED
        phone_kind = _PHONE_REGISTERED if email else _PHONE_ONLY_REGISTERED
    if email is not None:
        entries.append((email_kind, email))  # type: ignore[arg-type]
    if phone_number is not None:
        entries.append((phone_kind, phone_number))  # type: ignore[arg-type]
    return entries


class _Identifiers(msgspec.Struct, gc=False):
    """The part of a customer's document that says how it is found."""

    external_id: str | None = None
    email: str | None = None
    phone_number: str | None = None
    is_deleted: bool = False


_decode_identifiers: Final = msgspec.json.Decoder(_Identifiers).decode


def document_entries(document: bytes) -> list[Entry]:
    """The entries of a customer with this document, of which only that part is read."""
    found = _decode_identifiers(document)
    if found.external_id is None or found.is_deleted:
        return identifier_entries(decode_fields(document))
    return registered_entries(found.external_id, found.email, found.phone_number)


def registered_entries(
    external_id: str, email: str | None, phone_number: str | None
) -> list[Entry]:
    """The entries of a living customer with an external_id."""
    entries: list[Entry] = [(_EXTERNAL_ID, external_id)]
    if email is not None:
        entries.append((_EMAIL_REGISTERED, email))
        if phone_number is not None:
            entries.append((_PHONE_REGISTERED, phone_number))
    elif phone_number is not None:
        entries.append((_PHONE_ONLY_REGISTERED, phone_number))
    return entries


def _unregistered_kinds(fields: Mapping[str, object]) -> tuple[Kind, Kind]:
    kinds = DELETED_UNREGISTERED if "is_deleted" in fields else _LIVING_UNREGISTERED
    by_phone = kinds.by_phone_with_email if "email" in fields else kinds.by_phone_only
    return kinds.by_email[0], by_phone[0]
