"""A customer as their page shows them: who they are, what they allowed, what happened to them.

Owns the words and their order. Must not know how a page is asked for.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

import msgspec

from regulars.domain.fields.catalogue import ADDRESS_OF_PERMISSION, PERMISSIONS
from regulars.domain.fields.schema import LIST_TYPES
from regulars.web.field_labels import group_fields, label_field
from regulars.web.field_values import write_value

if TYPE_CHECKING:
    from collections.abc import Mapping
    from zoneinfo import ZoneInfo

    from regulars.domain.customers.customer import Customer
    from regulars.domain.fields.schema import Schema
    from regulars.domain.fields.types import Value
    from regulars.services.customer_history import CustomerHistory, Event
    from regulars.web.actors import ActorNames

EVENTS: Final = 20
"""Of the timeline, shown at once."""
CHANNELS: Final = {
    "can_email": "E-mail",
    "can_sms": "SMS",
    "can_post": "Post",
    "can_push": "Push messages",
    "can_profile": "Profiling",
}
_SHOWN_APART: Final = frozenset(
    {*PERMISSIONS, "mailing_lists", "tags", "is_deleted", "is_forgotten"}
)


class Permission(msgspec.Struct, frozen=True):
    """A permission, and how it came about."""

    channel: str
    is_given: bool
    is_decided: bool
    """Whether anybody ever decided; what is not, counts as no."""
    since: datetime | None = None
    by: str = ""
    import_id: str = ""
    address: str | None = None
    """What it was given for, where that is another address than the customer has now."""


class ShownField(msgspec.Struct, frozen=True):
    """A field and its value in words."""

    label: str
    text: str


class Group(msgspec.Struct, frozen=True):
    """Fields that belong together; none of them without value."""

    label: str
    fields: list[ShownField]


class ShownChange(msgspec.Struct, frozen=True):
    """A field that a change wrote, in words; None where there was, or is, nothing."""

    label: str
    before: str | None
    after: str | None


class ShownEvent(msgspec.Struct, frozen=True):
    """A change of the customer."""

    version: int
    at: datetime
    kind: str
    by: str
    import_id: str
    record: int
    changes: list[ShownChange]


class Timeline(msgspec.Struct, frozen=True):
    """What happened, newest first."""

    events: list[ShownEvent]
    older: int | None
    """The version before which there is more."""


class CustomerPage(msgspec.Struct, frozen=True):
    """What the page shows."""

    id: int
    name: str
    external_id: str | None
    email: str | None
    phone_number: str | None
    is_forgotten: bool
    permissions: list[Permission]
    groups: list[Group]
    mailing_lists: list[str]
    tags: list[str]
    timeline: Timeline
    notice: str


class CustomerWords:
    """Writes a customer of one company in words."""

    def __init__(self, schema: Schema, timezone: ZoneInfo, names: ActorNames) -> None:
        self._schema: Final = schema
        self._timezone: Final = timezone
        self._names: Final = names

    def describe(
        self, customer: Customer, history: CustomerHistory, before: int | None, notice: str
    ) -> CustomerPage:
        """The page, with what happened before that version, or the newest."""
        fields = self._schema.read_customer(customer.fields)
        return CustomerPage(
            customer.id,
            name_customer(fields),
            _text(fields.get("external_id")),
            _text(fields.get("email")),
            _text(fields.get("phone_number")),
            customer.state == "forgotten",
            [self._permission(name, fields, history) for name in CHANNELS],
            self._groups(fields),
            _items(fields.get("mailing_lists")),
            _items(fields.get("tags")),
            self._timeline(history.events, before),
            notice,
        )

    def _permission(
        self, name: str, fields: Mapping[str, Value], history: CustomerHistory
    ) -> Permission:
        entry = history.in_force.get(name)
        is_given = fields[name] is True
        if entry is None:
            return Permission(CHANNELS[name], is_given, is_decided=False)
        address = entry.decision.address
        is_other = address != fields.get(ADDRESS_OF_PERMISSION.get(name, ""))
        return Permission(
            CHANNELS[name],
            is_given,
            entry.decision.decision is not None,
            entry.event.at,
            self._names.name(entry.event.actor),
            entry.event.import_id,
            address if is_given and is_other else None,
        )

    def _groups(self, fields: Mapping[str, Value]) -> list[Group]:
        groups = []
        for group in group_fields(self._schema):
            shown = [
                ShownField(
                    label_field(self._schema, field.name),
                    write_value(field.type, fields[field.name], self._timezone),
                )
                for field in group.fields
                if field.name in fields and field.name not in _SHOWN_APART
            ]
            if shown:
                groups.append(Group(group.label, shown))
        return groups

    def _timeline(self, events: tuple[Event, ...], before: int | None) -> Timeline:
        older_first = [each for each in events if before is None or each.version < before]
        shown = older_first[-EVENTS:]
        more = len(older_first) > len(shown)
        return Timeline(
            [self._event(each) for each in reversed(shown)], shown[0].version if more else None
        )

    def _event(self, event: Event) -> ShownEvent:
        return ShownEvent(
            event.version,
            event.at,
            event.kind,
            self._names.name(event.actor),
            event.import_id,
            event.record,
            [
                ShownChange(
                    label_field(self._schema, change.name),
                    self._value(change.name, change.before),
                    self._value(change.name, change.after),
                )
                for change in event.fields
            ],
        )

    def _value(self, name: str, value: Value | None) -> str | None:
        if value is None:
            return None
        field = self._schema.find(name)
        return write_value("" if field is None else _type(field.type, value), value, self._timezone)


def name_customer(fields: Mapping[str, Value]) -> str:
    """What a customer is called: by name, else by what is known of them."""
    name = " ".join(str(fields[each]) for each in ("first_name", "last_name") if each in fields)
    known = (fields.get(each) for each in ("company", "email", "phone_number", "external_id"))
    return name or next((str(value) for value in known if value), "Customer without a name")


def _type(type_name: str, value: Value) -> str:
    # A value of the past may have been of another type than its field has now.
    fits = isinstance(value, list) == (type_name in LIST_TYPES)
    if type_name in ("date", "datetime") and not isinstance(value, str):
        fits = False
    return type_name if fits else ""


def _text(value: Value | None) -> str | None:
    return None if value is None else str(value)


def _items(value: Value | None) -> list[str]:
    return list(map(str, value)) if isinstance(value, list) else []
