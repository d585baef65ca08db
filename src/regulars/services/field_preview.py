"""What would become of stored values if a field had another type (SPEC section 3).

Owns the count, and the first values that would not read. Nothing is changed.
"""

from __future__ import annotations

from itertools import islice
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
    from regulars.domain.fields.types import Reader
    from regulars.services.customer_search import CustomerSearch
    from regulars.services.installation import Register

LISTED: Final = 20
"""Of the values that would not read."""
_PAGE: Final = 1_000


class UnfitValue(msgspec.Struct, frozen=True):
    """A customer whose value would not read."""

    customer: Customer
    value: Any


class TypePreview(msgspec.Struct, frozen=True):
    """How many customers' values would read as another type. `is_whole` says whether all values
    were looked at, or only the first ones.
    """

    field: CompanyField
    type: str
    readable: int
    unreadable: int
    first_unreadable: list[UnfitValue]
    is_whole: bool


def preview_type(
    search: CustomerSearch, register: Register, name: str, type_name: str, most: int | None = None
) -> TypePreview:
    """What would read of a company field as a type; of `most` customers with a value, where that is
    given. Raises `UnknownNameError`, `InvalidValueError`, `IndexBusyError`.
    """
    if type_name not in FIELD_TYPES:
        raise InvalidValueError("type", f"one of {', '.join(FIELD_TYPES)}")
    schema = register.load_schema()
    field = schema.company_fields.get(name.lower())
    if field is None:
        raise UnknownNameError("field", name)
    reader = compile_typed_reader(type_name, schema.context, as_given=True)
    tally = _Tally(field.name, reader)
    holders = _iterate_holders(search, register, field)
    for customer in islice(holders, most):
        tally.look_at(customer)
    is_whole = next(holders, None) is None
    return TypePreview(field, type_name, tally.readable, tally.unreadable, tally.first, is_whole)


class _Tally:
    """Values of a field that were looked at."""

    def __init__(self, name: str, reader: Reader) -> None:
        self.readable = 0
        self.unreadable = 0
        self.first: Final[list[UnfitValue]] = []
        self._name: Final = name
        self._reader: Final = reader

    def look_at(self, customer: Customer) -> None:
        """Count the customer's value, if there is one."""
        value = customer.fields.get(self._name)
        if value is None:
            return
        try:
            self._reader(value)
        except Unreadable:
            self.unreadable += 1
            if len(self.first) < LISTED:
                self.first.append(UnfitValue(customer, value))
        else:
            self.readable += 1


def _iterate_holders(
    search: CustomerSearch, register: Register, field: CompanyField
) -> Iterator[Customer]:
    """The customers that have a value, in order of id."""
    asked = search.ask(register, condition=Test(field.name, "is_set"))
    after = None
    while ids := asked.find_ids(after=after, limit=_PAGE):
        yield from asked.iterate(ids)
        after = ids[-1]
