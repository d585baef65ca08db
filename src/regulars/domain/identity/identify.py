"""Which customers a record means (SPEC section 5, step 1).

Owns the rules of identification. Must not know what happens to the customers then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from regulars.domain.identity.identifiers import (
    LIVING_BY_EMAIL,
    LIVING_BY_PHONE,
    LIVING_BY_PHONE_ONLY,
    LIVING_BY_PHONE_WITH_EMAIL,
    Kind,
)

if TYPE_CHECKING:
    from regulars.domain.customers.customer import WorkingCustomer
    from regulars.domain.identity.register import Register
    from regulars.domain.records.read_record import ReadRecord

    Meant = list[WorkingCustomer] | None


def identify(record: ReadRecord, register: Register) -> Meant:
    """The customers that a record means, oldest first; none for a new customer; None for more than
    one record may mean.

    A forgotten or deleted customer is meant only where the record means nobody else
    (SPEC sections 6 and 7).
    """
    if record.external_id is not None:
        return _identify_registered(record, record.external_id, register)
    meant = _identify_by_addresses(record, register)
    if meant is None or meant:
        return meant
    return _identify_deleted(record, register)


def _identify_registered(record: ReadRecord, external_id: str, register: Register) -> Meant:
    customer = register.find_registered(external_id)
    if customer is None and record.email is not None:
        customer = register.find_oldest(Kind.EMAIL_UNREGISTERED, record.email)
    if customer is None and record.phone_number is not None:
        customer = register.find_oldest(Kind.PHONE_ONLY_UNREGISTERED, record.phone_number)
    return [] if customer is None else [customer]


def _identify_by_addresses(record: ReadRecord, register: Register) -> Meant:
    email, phone_number = record.email, record.phone_number
    if email is not None:
        by_email = register.find_holders(LIVING_BY_EMAIL, email)
        if phone_number is not None:
            by_email = _narrowed(by_email, email, phone_number, register)
        if by_email is None or by_email:
            return by_email
    if phone_number is None:
        return []
    # A phone is often shared: with an email in the record, it must not overwrite another email.
    kinds = LIVING_BY_PHONE if email is None else LIVING_BY_PHONE_ONLY
    return register.find_holders(kinds, phone_number)


def _narrowed(by_email: Meant, email: str, phone_number: str, register: Register) -> Meant:
    """Of the customers with an email, those with the phone number, if there are any."""
    if by_email is not None:
        with_both = [
            customer
            for customer in by_email
            if customer.fields.get("phone_number") == phone_number
        ]
        return with_both or by_email
    by_phone = register.find_holders(LIVING_BY_PHONE_WITH_EMAIL, phone_number)
    if by_phone is None:
        return None
    return [customer for customer in by_phone if customer.fields["email"] == email] or None


def _identify_deleted(record: ReadRecord, register: Register) -> Meant:
    email, phone_number = record.email, record.phone_number
    if email is not None:
        by_email = register.find_holders((Kind.EMAIL_DELETED,), email)
        if by_email is None:
            return None
        found = [customer for customer in by_email if not customer.is_registered]
        if phone_number is not None:
            found = _narrowed(found, email, phone_number, register) or []
        if found:
            return found
    if phone_number is None:
        return []
    by_phone = register.find_holders((Kind.PHONE_DELETED,), phone_number)
    if by_phone is None:
        return None
    return [
        customer
        for customer in by_phone
        if not customer.is_registered and (email is None or "email" not in customer.fields)
    ]
