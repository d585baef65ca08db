"""Why a customer is in a segment or not, as pages tell it: the tree of its condition, with what was
found at each node.

Must not know requests or templates.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final, Literal

import msgspec

from regulars.domain.segments.text import read_condition
from regulars.domain.segments.tree import All, Any, InSegment, Not, Sample, Test
from regulars.services.customers import find_by_text
from regulars.web.condition_words import tell_part
from regulars.web.wording import write_day, write_instant

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from regulars.domain.customers.customer import Customer
    from regulars.domain.fields.schema import Schema
    from regulars.domain.segments.tree import Condition
    from regulars.edge.services import Services
    from regulars.services.customer_search import Why
    from regulars.services.installation import Register

MOST_CUSTOMERS: Final = 5
"""With one identifier, who are told of."""
_NAMES: Final = ("first_name", "last_name")
_IDENTIFIERS: Final = ("email", "phone_number", "external_id")


class WhyNode(msgspec.Struct, frozen=True):
    """A node of a condition, held against a customer. `found` is what was found of its field."""

    kind: Literal["group", "row"]
    label: str
    is_true: bool
    found: str
    parts: list[WhyNode]


class ExplainedCustomer(msgspec.Struct, frozen=True):
    """A customer, and why a condition holds for them or not."""

    id: int
    name: str
    identifiers: list[str]
    root: WhyNode


def explain_customers(
    services: Services, register: Register, condition: str, identifier: str
) -> list[ExplainedCustomer]:
    """The customers with an identifier, each held against a condition. Raises
    `InvalidConditionError`, `StoreUnavailableError`.
    """
    schema = register.load_schema()
    found = find_by_text(register.store, schema, identifier, most=MOST_CUSTOMERS)
    customers = {each.id: each for each in found}
    return [
        _explain(services, register, schema, condition, each)
        for each in list(customers.values())[:MOST_CUSTOMERS]
    ]


def _explain(
    services: Services, register: Register, schema: Schema, condition: str, customer: Customer
) -> ExplainedCustomer:
    why = services.search.why(register, condition, customer)
    names = [str(customer.fields[name]) for name in _NAMES if name in customer.fields]
    identifiers = [str(customer.fields[name]) for name in _IDENTIFIERS if name in customer.fields]
    return ExplainedCustomer(
        customer.id,
        " ".join(names) or f"Customer {customer.id}",
        identifiers,
        tell_why(why, schema, schema.context.timezone),
    )


def tell_why(why: Why, schema: Schema, timezone: ZoneInfo) -> WhyNode:
    """A node and all below it, in words."""
    node = read_condition(why.text).tree
    return WhyNode(
        "group" if why.parts else "row",
        _label(node, schema),
        why.is_true,
        _tell_found(node, why.found, schema, timezone),
        [tell_why(part, schema, timezone) for part in why.parts],
    )


def _label(node: Condition, schema: Schema) -> str:
    match node:
        case All():
            return "All of these hold"
        case Any():
            return "At least one of these holds"
        case Not():
            return "This does not hold"
        case InSegment(name):
            return f"In the segment “{name}”"
        case _:
            said = tell_part(node, schema)
            return said[:1].upper() + said[1:] if isinstance(node, Sample) else said


def _tell_found(node: Condition, found: object, schema: Schema, timezone: ZoneInfo) -> str:
    match node:
        case Sample():
            return f"their number is {found}, of 100"
        case Test():
            field = schema.find(node.field)
            type_name = "" if field is None else field.type
            if isinstance(found, list) and node.operator in ("became", "changed"):
                return _tell_changes(found, type_name, timezone)
            return write_found(found, type_name, timezone)
        case _:
            return ""


def _tell_changes(changes: list[dict[str, object]], type_name: str, timezone: ZoneInfo) -> str:
    told = []
    for change in changes:
        at = change["at"]
        before, after = (
            write_found(change[name], type_name, timezone) for name in ("before", "after")
        )
        when = write_instant(at, timezone) if isinstance(at, datetime) else ""
        told.append(f"{when}: {before} → {after}")
    return "; ".join(told) or "never changed"


def write_found(value: object, type_name: str, timezone: ZoneInfo) -> str:
    """A value of a field of that type, as a person reads it."""
    if isinstance(value, str) and type_name in ("date", "datetime"):
        return _write_time(value, timezone)
    match value:
        case None:
            return "not set"
        case bool():
            return "yes" if value else "no"
        case list():
            return ", ".join(map(str, value)) or "empty"
        case dict():
            return "set"
        case _:
            return str(value)


def _write_time(text: str, timezone: ZoneInfo) -> str:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return write_day(moment.date()) if moment.tzinfo is None else write_instant(moment, timezone)
