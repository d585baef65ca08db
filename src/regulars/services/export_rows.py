"""A customer as a row of an export, whatever the format (SPEC section 10).

Owns which columns there are. Must not know formats.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from regulars.domain.customers.presentation import compile_export, export_names
from regulars.domain.records.own_keys import CUSTOMER_KEY

if TYPE_CHECKING:
    from collections.abc import Callable

    from regulars.domain.customers.customer import Customer
    from regulars.domain.fields.schema import Schema
    from regulars.domain.fields.types import Value


def export_columns(schema: Schema) -> list[str]:
    """The names of an export's columns, in their order."""
    return [*export_names(schema), CUSTOMER_KEY]


def compile_export_row(schema: Schema) -> Callable[[Customer], dict[str, Value]]:
    """What an export says of a customer, by column; without `external_id` also which one it is."""
    show = compile_export(schema)

    def show_row(customer: Customer) -> dict[str, Value]:
        values = show(customer.fields)
        if "external_id" not in values:
            values[CUSTOMER_KEY] = customer.id
        return values

    return show_row
