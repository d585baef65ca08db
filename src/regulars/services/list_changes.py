"""Renaming and removing a mailing list or a tag with all customers that have it (SPEC section 12).

Owns how that becomes an import: a record for each of the customers, which can be undone like any
other. Must not know pages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from regulars.domain.customers.customer import ADDRESS_FIELDS
from regulars.domain.imports.body_form import BodyForm
from regulars.domain.imports.options import ImportOptions
from regulars.domain.records.own_keys import CUSTOMER_KEY
from regulars.domain.segments.tree import Test
from regulars.domain.segments.values import lowered
from regulars.errors import InvalidValueError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from regulars.domain.customers.customer import Customer
    from regulars.services.customer_search import Asked, CustomerSearch
    from regulars.services.import_acceptance import Accepted
    from regulars.services.imports import Imports
    from regulars.services.installation import Register

LIST_FIELDS: Final = ("mailing_lists", "tags")
_ITEM_CHARACTERS: Final = 200
_AT_ONCE: Final = 5_000

_encode: Final = msgspec.json.Encoder().encode


class ListChange(msgspec.Struct, frozen=True):
    """What becomes of an item of a list field; it is taken out where there is no new one."""

    field: str
    item: str
    new_item: str | None = None

    @property
    def condition(self) -> Test:
        """Whom it concerns."""
        return Test(self.field, "has_any", (self.item,))


def read_list_change(field: str, item: str, new_item: str | None = None) -> ListChange:
    """A change as somebody asked for it. Raises `InvalidValueError`."""
    if field not in LIST_FIELDS:
        raise InvalidValueError("field", f"one of {', '.join(LIST_FIELDS)}")
    if new_item is not None:
        new_item = new_item.strip()
        if not new_item or len(new_item) > _ITEM_CHARACTERS or not new_item.isprintable():
            raise InvalidValueError("name", f"1 to {_ITEM_CHARACTERS} characters")
    return ListChange(field, item, new_item)


def accept_list_change(
    imports: Imports,
    search: CustomerSearch,
    register: Register,
    change: ListChange,
    *,
    actor: str,
) -> Accepted:
    """Accept an import that does it with everybody who has the item now.

    Raises what `CustomerSearch.ask` raises.
    """
    asked = search.ask(register, condition=change.condition)
    options = ImportOptions(BodyForm("ndjson"), mode="update", by_number=True)
    lines = _write_lines(register, asked, change)
    return imports.acceptance.receive(register, lines, options, actor)


def _write_lines(register: Register, asked: Asked, change: ListChange) -> Iterator[bytes]:
    after: int | None = None
    while ids := asked.find_ids(after=after, limit=_AT_ONCE):
        after = ids[-1]
        customers = register.store.load_customers(ids)
        body = b"".join(_write_line(each, change) for each in customers)
        if body:
            yield body


def _spellings(customer: Customer, change: ListChange) -> list[str]:
    """The item as the customer has it: as everywhere, case does not count."""
    items = customer.fields.get(change.field)
    if customer.state != "living" or not isinstance(items, list):
        return []
    wanted = lowered(change.item)
    return [item for item in items if lowered(item) == wanted and item != change.new_item]


def _write_line(customer: Customer, change: ListChange) -> bytes:
    spellings = _spellings(customer, change)
    if not spellings:
        # They have changed since they were found.
        return b""
    known = (name for name in ("external_id", *ADDRESS_FIELDS) if name in customer.fields)
    record: dict[str, object] = {name: customer.fields[name] for name in known}
    record[CUSTOMER_KEY] = customer.id
    record[f"{change.field}.remove"] = spellings
    if change.new_item is not None:
        record[f"{change.field}.add"] = [change.new_item]
    return _encode(record) + b"\n"
