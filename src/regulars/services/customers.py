"""Customers read back: by identifier, page by page, or all as an export (SPEC section 10).

Owns which customers a query gives. Must not know formats of replies.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from regulars.domain.fields.types import REMOVE, Unreadable
from regulars.domain.identity.identifiers import (
    LIVING_BY_EMAIL,
    LIVING_BY_PHONE,
    Entry,
    Kind,
)
from regulars.errors import InvalidValueError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

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
FILTERS: Final = tuple(_KINDS)
_MOST_OF_ONE_IDENTIFIER: Final = 100_000


class Page(msgspec.Struct, frozen=True):
    """Some customers of a query, in order of id."""

    customers: list[Customer]
    count: int
    """How many customers the whole query gives."""
    next_after: int | None
    """What to ask for next, where more follow."""


def find_page(
    register: Register, schema: Schema, filters: Mapping[str, str], *, after: int, limit: int
) -> Page:
    """The next customers with these identifiers; without filters, of all living ones.

    Raises `InvalidValueError` for a value that does not read as its field.
    """
    store = register.store
    if filters:
        found = _find_by_identifiers(store, _read_filters(schema, filters))
        count = len(found)
        customers = [customer for customer in found if customer.id > after][: limit + 1]
    else:
        count = store.read_position().living
        customers = store.load_living_customers(after, limit + 1)
    more = len(customers) > limit
    customers = customers[:limit]
    return Page(customers, count, customers[-1].id if more else None)


def iterate_living(register: Register) -> Iterator[Customer]:
    """All living customers in order of id, read a page at a time."""
    after = 0
    while customers := register.store.load_living_customers(after, EXPORT_PAGE):
        yield from customers
        after = customers[-1].id


def find_by_identifier(
    store: CompanyStore, schema: Schema, text: str, *, most: int
) -> list[Customer]:
    """The living customers of whom a text is one of the identifiers, at most so many of each."""
    found = []
    for name in FILTERS:
        try:
            value = schema.fields[name].read_upload(text)
        except Unreadable:
            continue
        customers, _ = store.find_customers([(kind, str(value)) for kind in _KINDS[name]], most)
        found += [
            each for each in customers if each.state == "living" and each.fields.get(name) == value
        ]
    return found


def _read_filters(schema: Schema, filters: Mapping[str, str]) -> dict[str, str]:
    values = {}
    for name, text in filters.items():
        try:
            value = schema.fields[name].read_upload(text)
        except Unreadable:
            value = REMOVE
        if not isinstance(value, str):
            raise InvalidValueError(name, "the value does not read as this field")
        values[name] = value
    return values


def _find_by_identifiers(store: CompanyStore, values: Mapping[str, str]) -> list[Customer]:
    # One identifier finds them; the others only compare.
    name = next(name for name in FILTERS if name in values)
    entries: list[Entry] = [(kind, values[name]) for kind in _KINDS[name]]
    customers, _ = store.find_customers(entries, _MOST_OF_ONE_IDENTIFIER)
    return [
        customer
        for customer in sorted(customers, key=lambda customer: customer.id)
        if all(customer.fields.get(name) == value for name, value in values.items())
        and (
            customer.state == "living" or (customer.state == "forgotten" and name == "external_id")
        )
    ]
