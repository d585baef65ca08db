"""Values of the contract, made with as few words as a test needs to say what it is about."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from regulars.domain.customers.customer import encode_fields, state_of
from regulars.domain.identity.identifiers import Entry, identifier_entries
from regulars.domain.imports.body_form import BodyForm
from regulars.domain.imports.decision import Position
from regulars.domain.imports.options import ImportOptions
from regulars.domain.imports.report import Report
from regulars.store.contract import (
    AuditEntry,
    Batch,
    ChangeRow,
    Company,
    CompanyStore,
    ImportRun,
    QueuedImport,
)
from regulars.store.contract.segments import Segment, SegmentChange

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from regulars.domain.customers.customer import Customer
    from regulars.store.contract.values import CustomerRow

    Values = Mapping[str, object]

NOON: Final = datetime(2026, 1, 31, 12, 0, 0, 123456, UTC)
LATER: Final = datetime(2026, 2, 1, 8, 30, tzinfo=UTC)

ACME: Final = Company("acme", "Acme Oy", "Europe/Helsinki", "FI")
BOLT: Final = Company("bolt", "Bolt Ltd", "Europe/London", "GB")

ADA: Final = "ada@example.org"
BOB: Final = "bob@example.org"
MOBILE: Final = "+358401234567"

STATES: Final = {"living": 0, "deleted": 1, "forgotten": 2}


def make_run(import_id: str | None = None) -> ImportRun:
    """An import that starts, under an id of its own."""
    return ImportRun(
        number=0,
        id=import_id or secrets.token_hex(8),
        status="running",
        actor="token:till",
        options=ImportOptions(BodyForm("json"), is_strict=True),
        size_bytes=2048,
        records=3,
        accepted_at=NOON,
        started_at=LATER,
        ended_at=None,
        began_at_version=0,
        report=Report(),
    )


def keep_body(store: CompanyStore, import_id: str, parts: Iterable[bytes]) -> None:
    """Keep the body of an upload."""
    with store.create_spool(import_id) as writer:
        for part in parts:
            writer.write(part)


def start_run(store: CompanyStore, import_id: str | None = None) -> ImportRun:
    """An import that has started; takes the lock."""
    run = make_run(import_id)
    with store.lock():
        run.number = store.start_import(run)
    return run


def make_queued(import_id: str, company: str = ACME.short_name) -> QueuedImport:
    return QueuedImport(
        sequence=0,
        id=import_id,
        company=company,
        accepted_at=NOON,
        actor="user:ada@example.org",
        options=ImportOptions(BodyForm("ndjson", content_encoding="gzip")),
        size_bytes=3_000_000_000,
        records=None,
        is_spooled=True,
        step="release",
    )


def make_entry(action: str = "token:create") -> AuditEntry:
    return AuditEntry(NOON, "user:ada@example.org", action, "t1", "made for the \\ till\n")


def make_segment(number: int, name: str, condition: str = "country = FI") -> Segment:
    """The first version of a segment."""
    made = (NOON, "user:ada@example.org")
    return Segment(number, name.lower(), name, condition, 1, *made, *made)


def add_segments(store: CompanyStore, count: int) -> None:
    """Make segments one by one, however many others do the same at once."""
    while count:
        revision = store.segments.read_revision()
        segment = make_segment(revision + 1, f"segment {revision + 1}")
        count -= store.segments.save(SegmentChange(revision, make_entry(), [segment]))


def make_change(
    version: int, customer_id: int, after: Values, before: Values | None = None
) -> ChangeRow:
    return ChangeRow(
        version=version,
        customer_id=customer_id,
        record=version + 1000,
        before=None if before is None else encode_fields(before),
        after=encode_fields(after),
        proofs=None,
    )


def make_batch(
    run: ImportRun,
    created: Sequence[tuple[int, int, Values]] = (),
    updated: Sequence[tuple[Customer, int, Values]] = (),
) -> Batch:
    """A batch of new and of changed customers, with a change and the identifiers of each.

    New ones are (id, version, fields), changed ones (customer as it was, version, fields).
    """
    batch = Batch(
        created=[],
        updated=[],
        identifiers_added=[],
        identifiers_removed=[],
        changes=[],
        blanked=[],
        suppressed=[],
        fields=[],
        audit_entries=[],
        position=Position(0, 0, 0),
        import_run=run,
        at=LATER,
    )
    for number, version, fields in created:
        batch.created.append(_row(number, version, fields))
        batch.identifiers_added.append((number, identifier_entries(fields)))
        batch.changes.append(make_change(version, number, fields))
    for customer, version, fields in updated:
        batch.updated.append(_row(customer.id, version, fields))
        before, after = identifier_entries(customer.fields), identifier_entries(fields)
        batch.identifiers_removed.append((customer.id, _without(before, after)))
        batch.identifiers_added.append((customer.id, _without(after, before)))
        batch.changes.append(make_change(version, customer.id, fields, customer.fields))
    versions = [change.version for change in batch.changes]
    batch.position = Position(
        max((number for number, *_ in batch.created), default=0), max(versions, default=0), 0
    )
    return batch


def save(store: CompanyStore, batch: Batch) -> None:
    with store.lock():
        store.save_batch(batch)


def save_customers(store: CompanyStore, *customers: Values) -> None:
    """Store new customers with ids and versions from 1, in an import of their own."""
    created = [(number, number, fields) for number, fields in enumerate(customers, start=1)]
    save(store, make_batch(start_run(store), created))


def change_customer(store: CompanyStore, number: int, version: int, fields: Values) -> None:
    """Give a stored customer other fields, in an import of its own."""
    (customer,) = store.load_customers([number])
    save(store, make_batch(start_run(store), updated=[(customer, version, fields)]))


def _row(number: int, version: int, fields: Values) -> CustomerRow:
    return number, version, STATES[state_of(fields)], encode_fields(fields), None


def _without(entries: list[Entry], others: list[Entry]) -> list[Entry]:
    return [entry for entry in entries if entry not in others]
