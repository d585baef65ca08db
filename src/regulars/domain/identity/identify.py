"""Which customers a record means (SPEC section 5, step 1).

Owns the rules of identification. Must not know what happens to the customers then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from regulars.domain.identity.identifiers import DELETED_UNREGISTERED, LIVING, Kind

if TYPE_CHECKING:
    from regulars.domain.customers.customer import WorkingCustomer
    from regulars.domain.identity.identifiers import AddressKinds
    from regulars.domain.identity.register import Register
    from regulars.domain.records.read_record import ReadRecord

    Meant = list[WorkingCustomer] | None

# A member is slower to reach through its class.
_EMAIL_UNREGISTERED: Final = Kind.EMAIL_UNREGISTERED
_PHONE_ONLY_UNREGISTERED: Final = Kind.PHONE_ONLY_UNREGISTERED


def identify(record: ReadRecord, register: Register) -> Meant:
    """The customers that a record means, oldest first; none for a new customer; None for more than
    one record may mean.

    A forgotten or deleted customer is meant only where the record means nobody else
    (SPEC sections 6 and 7). A line of our own export means, of several customers, the one that it
    shows (SPEC section 10).
    """
    if record.external_id is not None:
        customer = identify_registered(record, record.external_id, register)
        return [] if customer is None else [customer]
    meant = _identify_by_addresses(record, register, LIVING)
    if meant and record.exported_from is not None:
        return [each for each in meant if each.id == record.exported_from] or meant
    if meant is None or meant:
        return meant
    return _identify_by_addresses(record, register, DELETED_UNREGISTERED)


def identify_registered(
    record: ReadRecord, external_id: str, register: Register
) -> WorkingCustomer | None:
    """The customer that a record with an external_id means."""
    customer = register.find_registered(external_id)
    if customer is None and record.email is not None:
        customer = register.find_oldest(_EMAIL_UNREGISTERED, record.email)
    if customer is None and record.phone_number is not None:
        customer = register.find_oldest(_PHONE_ONLY_UNREGISTERED, record.phone_number)
    return customer


def _identify_by_addresses(record: ReadRecord, register: Register, kinds: AddressKinds) -> Meant:
    email, phone_number = record.email, record.phone_number
    if email is not None:
        by_email = register.find_holders(kinds.by_email, email)
        if phone_number is not None:
            by_phone = kinds.by_phone_with_email
            by_email = _narrowed(by_email, email, phone_number, by_phone, register)
        if by_email is None or by_email:
            return by_email
    if phone_number is None:
        return []
    # A phone is often shared: with an email in the record, it must not overwrite another email.
    by_phone = kinds.by_phone if email is None else kinds.by_phone_only
    return register.find_holders(by_phone, phone_number)


def _narrowed(
    by_email: Meant,
    email: str,
    phone_number: str,
    by_phone_with_email: tuple[Kind, ...],
    register: Register,
) -> Meant:
    """Of the customers with an email, those with the phone number, if there are any."""
    if by_email is not None:
        with_both = [
            customer for customer in by_email if customer.fields.get("phone_number") == phone_number
        ]
        return with_both or by_email
    by_phone = register.find_holders(by_phone_with_email, phone_number)
    if by_phone is None:
        return None
    return [customer for customer in by_phone if customer.fields["email"] == email] or None
