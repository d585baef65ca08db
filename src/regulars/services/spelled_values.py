"""Values that were counted in an index, in the spelling that customers have.

An index holds text in lower case. With each value that it counted goes a customer that has it: of
that one the spelling is taken. Must not know how values are counted.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import msgspec

from regulars.domain.fields.schema import LIST_TYPES
from regulars.domain.segments.values import comparable, lowered

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from regulars.domain.fields.schema import CompiledField, Schema
    from regulars.domain.fields.types import Value
    from regulars.index.statistics import Distribution
    from regulars.store.contract import CompanyStore


class SpelledValue(msgspec.Struct, frozen=True):
    """A value of a field, as a customer has it, and how many customers have it in any spelling."""

    value: Any
    customers: int


class SpelledDistribution(msgspec.Struct, frozen=True):
    """The values of a field; see `index.statistics.Distribution`."""

    field: str
    """Its name."""
    type: str
    values: list[SpelledValue]
    """The most frequent ones first."""
    other_values: int
    """How many further values there are."""
    others: int
    """How many customers have a further value."""
    without: int
    """How many customers have none."""


def spell_distributions(
    store: CompanyStore, schema: Schema, distributions: Sequence[Distribution]
) -> list[SpelledDistribution]:
    """The same distributions with values as they are shown. `schema` is the one that they were
    counted with.
    """
    ids = {value.example_id for each in distributions for value in each.values}
    shown = {
        customer.id: schema.read_customer(customer.fields)
        for customer in store.load_customers(sorted(ids))
    }
    return [
        SpelledDistribution(
            field.name,
            field.type,
            [
                SpelledValue(_spell(field, each.value, shown.get(each.example_id)), each.customers)
                for each in distribution.values
            ],
            distribution.other_values,
            distribution.others,
            distribution.without,
        )
        for distribution in distributions
        for field in [schema.fields[distribution.field]]
    ]


def _spell(field: CompiledField, counted: Any, customer: Mapping[str, Value] | None) -> Any:  # noqa: ANN401 - as drivers give it
    value = None if customer is None else customer.get(field.name)
    if field.type in LIST_TYPES:
        for item in value if isinstance(value, list) else []:
            if lowered(item) == counted:
                return item
    elif value is not None and _is_same(field, value, counted):
        return value
    # The customer has changed since it was counted.
    return _canonical(counted)


def _is_same(field: CompiledField, value: Value, counted: object) -> bool:
    if isinstance(counted, datetime):
        counted = counted.replace(tzinfo=UTC)
    return comparable(field, value) == counted


def _canonical(counted: object) -> object:
    match counted:
        case datetime():
            text = counted.isoformat()
            return f"{text.rstrip('0') if '.' in text else text}Z"
        case date():
            return counted.isoformat()
        case _:
            return counted
