"""What a decision writes: the rows of one batch.

Owns the stored form of customers and changes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from regulars.domain.customers.change import Change, PermissionProof, erase_change
from regulars.domain.customers.customer import decode_fields, encode_fields
from regulars.domain.identity.identifiers import document_entries, is_email
from regulars.store.contract import AuditEntry, Batch, ChangeRow
from regulars.store.contract.values import STATE_NUMBERS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from regulars.domain.customers.change import HashAddress
    from regulars.domain.fields.company_field import CompanyField
    from regulars.domain.imports.decision import Decision
    from regulars.store.contract import ImportRun

_encode: Final = msgspec.json.Encoder(order="sorted").encode
_decode_proofs: Final = msgspec.json.Decoder(dict[str, PermissionProof]).decode


def plan_batch(
    decision: Decision,
    fields: list[CompanyField],
    stored_changes: Iterable[ChangeRow],
    hash_address: HashAddress,
    import_run: ImportRun,
    at: datetime,
) -> Batch:
    """The rows of a decision. `stored_changes` is the stored history of the customers that it
    forgets.
    """
    batch = Batch(
        created=[],
        updated=[],
        identifiers_added=[],
        identifiers_removed=[],
        changes=[],
        blanked=erase_rows(stored_changes, hash_address),
        suppressed=[
            ("email" if is_email(address) else "phone_number", hash_address(address))
            for address in sorted(decision.suppressed)
        ],
        fields=fields,
        audit_entries=[
            AuditEntry(
                at,
                import_run.actor,
                "customer:forget",
                "somebody unknown" if customer_id is None else f"customer {customer_id}",
                f"import {import_run.id}, record {record}",
            )
            for record, customer_id in decision.forgets
        ],
        position=decision.position,
        import_run=import_run,
        at=at,
    )
    documents = _add_customers(batch, decision)
    for change in decision.changes:
        after = change.document or (
            documents.get(change.version) if change.before is None else None
        )
        if after is not None:
            batch.changes.append(
                ChangeRow(change.version, change.customer_id, change.record, None, after, None)
            )
        else:
            batch.changes.append(_change_row(change))
    return batch


def erase_rows(changes: Iterable[ChangeRow], hash_address: HashAddress) -> list[ChangeRow]:
    """What is left of stored changes of which only names of fields and times may stay."""
    return [_change_row(erase_change(_read(row), hash_address)) for row in changes]


def _add_customers(batch: Batch, decision: Decision) -> dict[int, bytes]:
    """Add the customers' rows; gives the documents of those that were made and then left alone, by
    version: such a change says the same as the customer.
    """
    documents: dict[int, bytes] = {}
    for customer in decision.customers:
        document = customer.document or encode_fields(customer.fields)
        row = (
            customer.id,
            customer.version,
            STATE_NUMBERS[customer.state],
            document,
            customer.record_hash,
        )
        entries = customer.entries
        if customer.stored_document is None:
            batch.created.append(row)
            batch.identifiers_added.append((customer.id, entries))
            documents[customer.version] = document
            continue
        batch.updated.append(row)
        stored = document_entries(customer.stored_document)
        if stored != entries:
            batch.identifiers_added.append(
                (customer.id, [entry for entry in entries if entry not in stored])
            )
            batch.identifiers_removed.append(
                (customer.id, [entry for entry in stored if entry not in entries])
            )
    return documents


def _change_row(change: Change) -> ChangeRow:
    return ChangeRow(
        change.version,
        change.customer_id,
        change.record,
        None if change.before is None else _encode(change.before),
        _encode(change.after),
        None if change.proofs is None else _encode(change.proofs),
    )


def _read(row: ChangeRow) -> Change:
    return Change(
        row.version,
        row.customer_id,
        row.record,
        None if row.before is None else decode_fields(row.before),
        decode_fields(row.after),
        None if row.proofs is None else _decode_proofs(row.proofs),
    )
