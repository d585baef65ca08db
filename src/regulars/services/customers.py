"""Customers found in the store, without an index: by identifier, or all of them (SPEC section 10).

Must not know conditions, nor formats of replies.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from regulars.domain.fields.types import Unreadable
from regulars.domain.identity.identifiers import (
    LIVING_BY_EMAIL,
    LIVING_BY_PHONE,
    Kind,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from regulars.domain.customers.customer import Customer
    from regulars.domain.fields.schema import Schema
    from regulars.services.installation import Register
    from regulars.store.contract import CompanyStore

EXPORT_PAGE: Final = 5_000

_KINDS: Final = {
    "external_id": (Kind.EXTERNAL_ID,),
    "email": LIVING_BY_EMAIL,
    "phone_number": LIVING_BY_PHONE,
}
IDENTIFIERS: Final = tuple(_KINDS)
"""The fields that customers are found by in the store, the most telling one first."""


def iterate_living(register: Register) -> Iterator[Customer]:
    """All living customers in order of id, read a page at a time."""
    after = 0
    while customers := register.store.load_living_customers(after, EXPORT_PAGE):
        yield from customers
        after = customers[-1].id


def find_by_value(store: CompanyStore, name: str, value: str, *, most: int) -> list[Customer]:
    """The customers with an identifier in its canonical form, in order of id.

    By `external_id` in whatever state, else living ones alone; the oldest `most` of them.
    """
    customers, _ = store.find_customers([(kind, value) for kind in _KINDS[name]], most)
    found = [each for each in customers if each.fields.get(name) == value]
    return sorted(found, key=lambda customer: customer.id)


def find_by_text(store: CompanyStore, schema: Schema, text: str, *, most: int) -> list[Customer]:
    """The living customers of whom a text is one of the identifiers, at most so many of each."""
    found = []
    for name in IDENTIFIERS:
        try:
            value = schema.fields[name].read_upload(text)
        except Unreadable:
            continue
        if isinstance(value, str):
            found += find_by_value(store, name, value, most=most)
    return [each for each in found if each.state == "living"]
