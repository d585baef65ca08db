"""Changing one customer by hand: an import of one record, like any other (SPEC section 12).

Owns what such a record may be. It means the customer that somebody looked at, whatever else has the
same address. Must not know pages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from regulars.domain.customers.customer import ADDRESS_FIELDS
from regulars.domain.imports.body_form import BodyForm
from regulars.domain.imports.options import ImportOptions
from regulars.domain.records.own_keys import CUSTOMER_KEY
from regulars.errors import ConflictError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from regulars.domain.customers.customer import Customer
    from regulars.services.import_acceptance import Accepted
    from regulars.services.imports import Imports
    from regulars.services.installation import Register

_encode: Final = msgspec.json.Encoder().encode


def find_customer(register: Register, customer_id: int) -> Customer:
    """A customer by its internal id, unless it is deleted. Raises `UnknownNameError`."""
    for customer in register.store.load_customers([customer_id]):
        if customer.state != "deleted":
            return customer
    raise UnknownNameError("customer", "of that number")


def edit_customer(
    imports: Imports,
    register: Register,
    customer: Customer,
    values: Mapping[str, object],
    *,
    actor: str,
) -> Accepted:
    """Accept an import that writes these values, as an upload would: an empty string removes.

    Raises `ConflictError` where the customer would be left without identifier.
    """
    record = {**_identifiers_left(customer, values), **values, CUSTOMER_KEY: customer.id}
    if not any(record.get(name) for name in ("external_id", *ADDRESS_FIELDS)):
        raise ConflictError(
            "a customer needs at least one of external_id, e-mail address and phone number"
        )
    options = ImportOptions(BodyForm("json"), mode="update", by_number=True)
    return imports.accept(register, _encode([record]), options, actor)


def _identifiers_left(customer: Customer, values: Mapping[str, object]) -> dict[str, object]:
    """One identifier that the customer has and keeps, so that the record names somebody."""
    for name in ("external_id", *ADDRESS_FIELDS):
        if name in customer.fields and name not in values:
            return {name: customer.fields[name]}
    return {}
