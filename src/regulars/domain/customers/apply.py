"""What a record changes in one customer (SPEC section 5, steps 2 and 3).

Owns partial update, removal, list operations and comparison. Must not know which customer a
record means, nor of other customers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from regulars.domain.fields.types import REMOVE, Unreadable, read_phone_number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from regulars.domain.customers.change import FieldValues
    from regulars.domain.customers.customer import Fields
    from regulars.domain.fields.schema import Schema
    from regulars.domain.fields.types import Remove, Value
    from regulars.domain.records.read_record import ReadRecord

    Supplied = dict[str, Value | Remove]


def supplied_values(
    record: ReadRecord, fields: Mapping[str, Value]
) -> tuple[Supplied, list[tuple[str, str]]]:
    """The values that a record supplies for a customer with `fields`, and the problems, as
    (code, field), that show only with this customer.

    A phone number without country prefix is read with the customer's country (SPEC section 2).
    """
    supplied = record.changes
    if record.national_number is None:
        return supplied, []
    if (
        record.external_id is None
        and record.phone_number is not None
        and fields.get("phone_number") == record.phone_number
    ):
        # The customer was found by the number as the company's country reads it: it stays that.
        return supplied, []
    country = fields.get("country", record.schema.context.country)
    supplied = dict(supplied)
    try:
        supplied["phone_number"] = read_phone_number(record.national_number, str(country))
    except Unreadable as unreadable:
        problems = [(unreadable.code, "phone_number")]
        if supplied.get("can_sms") is True:
            del supplied["can_sms"]
            problems.append(("permission_without_address", "can_sms"))
        return supplied, problems
    return supplied, []


def new_fields(record: ReadRecord, supplied: Supplied) -> Fields:
    """The fields of a customer that a record makes."""
    fields: Fields = dict(supplied)  # type: ignore[arg-type]
    for name in [name for name, value in supplied.items() if value is REMOVE]:
        del fields[name]
    if not record.operations:
        return fields
    for name, value in _operated(record, supplied, fields).items():
        if value is REMOVE:
            fields.pop(name, None)
        else:
            fields[name] = value
    return fields


def find_changes(
    record: ReadRecord, supplied: Supplied, fields: Mapping[str, Value]
) -> tuple[FieldValues, FieldValues]:
    """What a record changes in a customer with `fields`: former and new values, both empty where
    it changes nothing. None as a new value removes the field.
    """
    before: FieldValues = {}
    after: FieldValues = {}
    if record.operations:
        supplied = supplied | _operated(record, supplied, fields)
    schema = record.schema
    for name, value in supplied.items():
        stored = fields.get(name)
        if value is REMOVE:
            if stored is not None:
                before[name] = stored
                after[name] = None
        elif not schema.same(name, stored, value):
            if stored is not None:
                before[name] = stored
            after[name] = value
    return before, after


def changed_fields(fields: Mapping[str, Value], after: FieldValues) -> Fields:
    """A customer's fields once a change wrote `after`."""
    changed = dict(fields)
    for name, value in after.items():
        if value is None:
            del changed[name]
        else:
            changed[name] = value
    return changed


def _operated(record: ReadRecord, supplied: Supplied, fields: Mapping[str, Value]) -> Supplied:
    """The lists that the record's operations leave: first what is set, then `.add`, then
    `.remove`, whatever the order of the keys. An empty list is REMOVE.
    """
    operated: Supplied = {}
    for wanted in ("add", "remove"):
        for name, operation, items in record.operations:
            if operation != wanted:
                continue
            present = operated.get(name, supplied.get(name, fields.get(name)))
            items_now = _as_list(record.schema, name, present)
            if operation == "add":
                for item in items:
                    if item not in items_now:
                        items_now.append(item)
            else:
                items_now = [item for item in items_now if item not in items]
            operated[name] = items_now or REMOVE
    return operated


def _as_list(schema: Schema, name: str, value: Value | Remove | None) -> list[str]:
    if value is None or value is REMOVE:
        return []
    field = schema.find(name)
    if field is None:
        raise KeyError(name)
    try:
        items = field.read_stored(value)
    except Unreadable:
        return []
    return list(items) if isinstance(items, list) else []
