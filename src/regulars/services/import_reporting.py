"""What a batch adds to the report of its import besides its problems: rejected records, and what
forgetting takes out of all reports (SPEC sections 4 and 7).

Owns which rejected records are kept, and whom they name. Must not know how they are shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from regulars.domain.customers.customer import ADDRESS_FIELDS
from regulars.domain.identity.identifiers import Entry, Kind, is_email
from regulars.domain.imports.named_addresses import find_named_addresses
from regulars.services.suppressions import find_suppressed
from regulars.store.contract import RejectedRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from regulars.domain.customers.change import HashAddress
    from regulars.domain.imports.decision import Decision
    from regulars.domain.records.read_record import ReadRecord
    from regulars.store.contract import Batch, ChangeRow, ImportingStore

_decode_values: Final = msgspec.json.Decoder(dict[str, object]).decode


class ImportReporting:
    """Completes the batches of one company's imports."""

    def __init__(self, store: ImportingStore, hash_address: HashAddress) -> None:
        self._store: Final = store
        self._hash_address: Final = hash_address

    def complete(
        self,
        batch: Batch,
        decision: Decision,
        records: list[ReadRecord],
        stored_changes: Iterable[ChangeRow],
    ) -> None:
        """Add to a batch the records that were rejected, and the identifiers of persons that are
        forgotten. `stored_changes` is the stored history of those.
        """
        if "rejected" in decision.outcomes:
            self._add_rejected(batch, decision, records)
        if decision.forgets:
            named = {number for number, _ in decision.forgets}
            requests = [record for record in records if record.number in named]
            batch.erased = _erased(decision, requests, stored_changes)

    def _add_rejected(self, batch: Batch, decision: Decision, records: list[ReadRecord]) -> None:
        rows: dict[int, RejectedRow] = {}
        for record, outcome in zip(records, decision.outcomes, strict=False):
            if outcome == "rejected":
                rows[record.number] = _row(record)
                if record.original is not None and batch.header is None:
                    batch.header = record.original.header
        for problem in decision.problems:
            if problem.record in rows:
                rows[problem.record].problems.append(problem)
        batch.rejected = list(rows.values())
        gone = self._find_forgotten({entry for row in batch.rejected for entry in row.identifiers})
        for row in batch.rejected:
            if not gone.isdisjoint(row.identifiers):
                row.original = None

    def _find_forgotten(self, identifiers: set[Entry]) -> set[Entry]:
        """Those of the identifiers that belonged to persons who were forgotten."""
        if not identifiers or not self._store.has_suppressions():
            return set()
        external_ids = {entry for entry in identifiers if entry[0] == Kind.EXTERNAL_ID}
        addresses = {entry[1]: entry for entry in identifiers - external_ids}
        suppressed = find_suppressed(self._store, self._hash_address, addresses)
        gone = {addresses[address] for address in suppressed}
        if external_ids:
            holders, _ = self._store.find_customers(external_ids, 1)
            gone |= {
                _external_id(holder.fields["external_id"])
                for holder in holders
                if holder.state == "forgotten"
            }
        return gone


def _row(record: ReadRecord) -> RejectedRow:
    identifiers = _identifiers(record)
    content = None if record.original is None else record.original.content
    if not identifiers and content is not None:
        # What could not be read may name somebody all the same.
        named = find_named_addresses(content, record.schema.context)
        if named is None:
            content = None
        else:
            identifiers = {_address(address) for address in named}
    return RejectedRow(record.number, content, [], list(identifiers))


def _identifiers(record: ReadRecord) -> set[Entry]:
    found = {_address(each) for each in (record.email, record.phone_number) if each is not None}
    if record.external_id is not None:
        found.add(_external_id(record.external_id))
    return found


def _erased(
    decision: Decision, requests: Iterable[ReadRecord], stored_changes: Iterable[ChangeRow]
) -> set[Entry]:
    """All that the forgotten persons are or were known by, and what the requests name."""
    found: set[Entry] = set()
    for record in requests:
        found |= _identifiers(record)
    forgotten = {customer_id for _, customer_id in decision.forgets}
    for customer in decision.customers:
        if customer.id in forgotten:
            stored = customer.stored_fields or {}
            found |= _named_in(stored) | _named_in(customer.fields)
            found.update(map(_address, customer.former_addresses))
    for change in stored_changes:
        for values in (change.before, change.after):
            if values is not None:
                found |= _named_in(_decode_values(values))
    return found


def _named_in(fields: Mapping[str, object]) -> set[Entry]:
    found = {
        _address(value) for name in ADDRESS_FIELDS if isinstance(value := fields.get(name), str)
    }
    external_id = fields.get("external_id")
    return found if external_id is None else found | {_external_id(external_id)}


def _address(address: str) -> Entry:
    return (Kind.EMAIL_REGISTERED if is_email(address) else Kind.PHONE_REGISTERED), address


def _external_id(external_id: object) -> Entry:
    return Kind.EXTERNAL_ID, str(external_id)
