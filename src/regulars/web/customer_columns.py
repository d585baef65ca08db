"""The table of customers: which columns it has, and what stands in them.

Owns the columns that are shown unasked. Must not know which customers are shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from regulars.domain.segments.operators import ONE_VALUE
from regulars.web.customer_words import name_customer
from regulars.web.field_labels import STATE_GROUP, group_fields, label_field
from regulars.web.field_values import write_value

if TYPE_CHECKING:
    from collections.abc import Sequence
    from zoneinfo import ZoneInfo

    from regulars.domain.customers.customer import Customer
    from regulars.domain.fields.schema import Schema
    from regulars.domain.fields.types import Value

DEFAULT_COLUMNS: Final = (
    "email",
    "phone_number",
    "city",
    "country",
    "can_email",
    "tags",
    "date_joined",
)
_NAME: Final = "name"
"""The first column; no field has this key."""
_SHOWN_ITEMS: Final = 3
_NUMBERS: Final = frozenset({"integer", "number", "money"})


class Column(msgspec.Struct, frozen=True):
    """A column; `direction` says which way the table is sorted by it, if it is."""

    key: str
    label: str
    type: str
    sort_key: str
    is_sortable: bool
    is_number: bool
    sort_address: str = ""
    direction: str = ""


class Cell(msgspec.Struct, frozen=True):
    """A value in the table: a text, items of a list, or yes and no."""

    text: str
    items: list[str] = []
    further: int = 0
    """Items that are not shown."""
    decision: bool | None = None


class CustomerRow(msgspec.Struct, frozen=True):
    """A customer in the table."""

    id: int
    name: str
    cells: list[Cell]


class ColumnChoice(msgspec.Struct, frozen=True):
    """A field that may be a column."""

    key: str
    label: str
    is_chosen: bool


class ColumnGroup(msgspec.Struct, frozen=True):
    """Some fields that belong together."""

    label: str
    choices: list[ColumnChoice]


def choose_columns(schema: Schema, chosen: tuple[str, ...] | None) -> list[Column]:
    """The columns of the fields that were chosen and that there are, behind the name."""
    keys = [key for key in (DEFAULT_COLUMNS if chosen is None else chosen) if key in schema.fields]
    name = Column(_NAME, "Customer", "string", "last_name", is_sortable=True, is_number=False)
    return [name, *(_column(schema, key) for key in keys)]


def offer_columns(schema: Schema, chosen: Sequence[Column]) -> list[ColumnGroup]:
    """All fields, and which of them are columns."""
    keys = {column.key for column in chosen}
    return [
        ColumnGroup(
            group.label,
            [
                ColumnChoice(key, label_field(schema, key), key in keys)
                for field in group.fields
                for key in [field.name.lower()]
            ],
        )
        for group in group_fields(schema)
        if group.label != STATE_GROUP
    ]


def make_rows(
    schema: Schema, columns: Sequence[Column], customers: Sequence[Customer], timezone: ZoneInfo
) -> list[CustomerRow]:
    """The customers as rows."""
    rows = []
    for customer in customers:
        values = schema.read_customer(customer.fields)
        cells = [
            _cell(column, values.get(schema.fields[column.key].name), timezone)
            for column in columns
            if column.key != _NAME
        ]
        rows.append(CustomerRow(customer.id, name_customer(values), cells))
    return rows


def _column(schema: Schema, key: str) -> Column:
    field = schema.fields[key]
    return Column(
        key,
        label_field(schema, key),
        field.type,
        key,
        is_sortable=field.type in ONE_VALUE,
        is_number=field.type in _NUMBERS,
    )


def _cell(column: Column, value: Value | None, timezone: ZoneInfo) -> Cell:
    match value:
        case None:
            return Cell("")
        case list():
            items = list(map(str, value))
            return Cell("", items[:_SHOWN_ITEMS], max(0, len(items) - _SHOWN_ITEMS))
        case bool() if column.type == "boolean":
            return Cell("", decision=value)
        case _:
            return Cell(write_value(column.type, value, timezone))
