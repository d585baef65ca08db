"""What a record may not bring back: addresses of forgotten persons (SPEC section 7).

Owns which values of a record are held back. Must not know how the list of suppressed addresses is
kept, nor what becomes of the record.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from regulars.domain.customers.customer import ADDRESS_FIELDS
from regulars.domain.fields.catalogue import ADDRESS_OF_PERMISSION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from regulars.domain.customers.apply import Supplied
    from regulars.domain.customers.customer import WorkingCustomer
    from regulars.domain.fields.types import Value
    from regulars.domain.identity.register import Register
    from regulars.domain.records.read_record import ReadRecord


def find_suppressed_fields(
    record: ReadRecord, meant: list[WorkingCustomer], register: Register
) -> set[str]:
    """The record's addresses, by field, that are suppressed and that not all customers it means
    hold.
    """
    found: set[str] = set()
    if register.nothing_suppressed:
        return found
    for field, address in zip(ADDRESS_FIELDS, (record.email, record.phone_number), strict=True):
        if address is None or not register.is_suppressed(address):
            continue
        if not meant or any(customer.fields.get(field) != address for customer in meant):
            found.add(field)
    return found


def skip_suppressed(
    supplied: Supplied, fields: Mapping[str, Value], register: Register
) -> tuple[Supplied, list[tuple[str, str]]]:
    """What may be applied to a customer with `fields`: no suppressed address that it does not
    already hold, and no permission that was given for such an address. With the problems, as
    (code, field).
    """
    skipped = [
        field
        for field in ADDRESS_FIELDS
        if isinstance(address := supplied.get(field), str)
        and address != fields.get(field)
        and register.is_suppressed(address)
    ]
    if not skipped:
        return supplied, []
    allowed = {name: value for name, value in supplied.items() if name not in skipped}
    problems = [("suppressed_identifier", field) for field in skipped]
    for permission, field in ADDRESS_OF_PERMISSION.items():
        if field in skipped and allowed.get(permission) is True:
            del allowed[permission]
            problems.append(("permission_without_address", permission))
    return allowed, problems
