"""What happened to one customer, and who allowed what (SPEC section 8).

Owns the timeline and the permission ledger as people read them. Must not know how they are shown.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Literal

import msgspec

from regulars.domain.customers.customer import decode_fields
from regulars.domain.privacy.ledger import Decision, read_decisions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from regulars.domain.fields.types import Value
    from regulars.services.installation import Register
    from regulars.store.contract.history import HistoryRow

EventKind = Literal["created", "updated", "deleted", "forgotten"]


class FieldChange(msgspec.Struct, frozen=True):
    """A field that a change wrote; None where there was, or is, no value."""

    name: str
    before: Value | None
    after: Value | None


class Event(msgspec.Struct, frozen=True):
    """A change of a customer, with what made it."""

    version: int
    at: datetime
    kind: EventKind
    import_id: str
    actor: str
    record: int
    fields: tuple[FieldChange, ...]


class LedgerEntry(msgspec.Struct, frozen=True):
    """A decision on a permission, with what it came by."""

    decision: Decision
    event: Event


class CustomerHistory(msgspec.Struct, frozen=True):
    """The past of a customer, oldest first."""

    events: tuple[Event, ...]
    ledger: tuple[LedgerEntry, ...]

    @property
    def in_force(self) -> Mapping[str, LedgerEntry]:
        """The newest decision on each permission on which there was any."""
        return {entry.decision.permission: entry for entry in self.ledger}


def load_history(register: Register, customer_id: int) -> CustomerHistory:
    """All that happened to a customer. Of a forgotten one, names of fields and times are left."""
    return _read_history(register.store.history.load(customer_id))


def _read_history(rows: Iterable[HistoryRow]) -> CustomerHistory:
    events, ledger = [], []
    for row in rows:
        event = _read_event(row)
        events.append(event)
        after = {change.name: change.after for change in event.fields}
        ledger += [
            LedgerEntry(decision, event)
            for decision in read_decisions(row.version, after, row.proofs)
        ]
    return CustomerHistory(tuple(events), tuple(ledger))


def _read_event(row: HistoryRow) -> Event:
    before = {} if row.before is None else decode_fields(row.before)
    after = decode_fields(row.after)
    fields = tuple(FieldChange(name, before.get(name), value) for name, value in after.items())
    kind: EventKind = "created" if row.before is None else "updated"
    if after.get("is_forgotten"):
        kind = "forgotten"
    elif after.get("is_deleted"):
        kind = "deleted"
    return Event(row.version, row.at, kind, row.import_id, row.actor, row.record, fields)
