"""What would become of stored values if a field had another type (SPEC section 3).

Owns the count, and the first values that would not read. Nothing is changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec

from regulars.domain.fields.company_field import compile_typed_reader
from regulars.domain.fields.types import FIELD_TYPES, Unreadable
from regulars.domain.segments.tree import Test
from regulars.errors import InvalidValueError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from regulars.domain.customers.customer import Customer
    from regulars.domain.fields.company_field import CompanyField
    from regulars.services.customer_search import CustomerSearch
    from regulars.services.installation import Register

LISTED: Final = 20
"""Of the values that would not read."""
_PAGE: Final = 5_000


class UnfitValue(msgspec.Struct, frozen=True):
    """A customer whose value would not read."""

    customer: Customer
    value: Any


class TypePreview(msgspec.Struct, frozen=True):
    """How many customers' values would read as another type."""

    field: CompanyField
    type: str
    readable: int
    unreadable: int
    first_unreadable: list[UnfitValue]


def preview_type(
    search: CustomerSearch, register: Register, name: str, type_name: str
) -> TypePreview:
    """What would read of a company field as a type. Raises `UnknownNameError`,
    `InvalidValueError`, `IndexBusyError`.
    """
    if type_name not in FIELD_TYPES:
        raise InvalidValueError("type", f"one of {', '.join(FIELD_TYPES)}")
    schema = register.load_schema()
    field = schema.company_fields.get(name.lower())
    if field is None:
        raise UnknownNameError("field", name)
    reader = compile_typed_reader(type_name, schema.context, as_given=True)
    readable, unreadable, first = 0, 0, list[UnfitValue]()
    for customer in _iterate_holders(search, register, field):
        value = customer.fields.get(field.name)
        if value is None:
            continue
        try:
            reader(value)
        except Unreadable:
            unreadable += 1
            if len(first) < LISTED:
                first.append(UnfitValue(customer, value))
        else:
            readable += 1
    return TypePreview(field, type_name, readable, unreadable, first)


def _iterate_holders(
    search: CustomerSearch, register: Register, field: CompanyField
) -> Iterator[Customer]:
    """The customers that have a value, in order of id."""
    asked = search.ask(register, condition=Test(field.name, "is_set"))
    after = None
    while ids := asked.find_ids(after=after, limit=_PAGE):
        yield from asked.iterate(ids)
        after = ids[-1]
