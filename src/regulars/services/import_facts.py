"""Gathers from the store what a batch of records needs to be decided.

Owns which identifiers are looked up; every look-up is one query for the whole batch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from regulars.domain.customers.customer import ADDRESS_FIELDS
from regulars.domain.identity.identifiers import ALL_BY_EMAIL, ALL_BY_PHONE, Entry, Kind, is_email
from regulars.domain.identity.register import Facts
from regulars.services.suppressions import find_suppressed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from regulars.domain.customers.change import HashAddress
    from regulars.domain.identity.register import Missing
    from regulars.domain.records.read_record import ReadRecord
    from regulars.store.contract import ImportingStore


class FactFinder:
    """Asks one company's store on behalf of a batch."""

    def __init__(
        self, store: ImportingStore, hash_address: HashAddress, customers_per_record: int
    ) -> None:
        self._store = store
        self._hash_address = hash_address
        self._most_for_each = customers_per_record + 1

    def find_facts(self, records: list[ReadRecord]) -> Facts:
        """What most batches need: the customers that the records' identifiers may mean."""
        facts = Facts(no_suppressions=not self._store.has_suppressions())
        records = [record for record in records if record.known_customer is None]
        # Named once: a member is slower to reach through its class.
        by_id, by_email = Kind.EXTERNAL_ID, Kind.EMAIL_UNREGISTERED
        by_phone = Kind.PHONE_ONLY_UNREGISTERED
        entries: list[Entry] = [
            (by_id, record.external_id) for record in records if record.external_id is not None
        ]
        # Of a single record all is asked at once: to ask again takes longer than to ask for more.
        if len(records) > 1:
            self._find_customers(facts, entries)
            entries = []
        registered = {customer.fields.get("external_id") for customer in facts.customers.values()}
        addresses: set[str] = set()
        for record in records:
            email, phone_number = record.email, record.phone_number
            if record.external_id is None:
                addresses.update(each for each in (email, phone_number) if each is not None)
            elif record.external_id not in registered:
                if email is not None:
                    entries.append((by_email, email))
                if phone_number is not None:
                    entries.append((by_phone, phone_number))
        self._find_holders(facts, addresses, entries)
        if not facts.no_suppressions:
            self._find_suppressed(facts, _addresses(records))
        return facts

    def find_numbered(self, facts: Facts, records: list[ReadRecord]) -> None:
        """The customers whose ids the records carry; added to `facts`."""
        ids = {record.exported_from for record in records if record.exported_from is not None}
        found = self._store.load_customers(ids)
        facts.customers.update((customer.id, customer) for customer in found)

    def find_missing(self, facts: Facts, missing: Missing) -> None:
        """What a first decision found that it lacked; added to `facts`."""
        self._find_holders(facts, missing.holders, [])
        self._find_suppressed(facts, missing.suppressed)
        if missing.written:
            facts.written.update((number, []) for number in missing.written)
            for change in self._store.load_changes(missing.written):
                names = set(msgspec.json.decode(change.after, type=dict))
                facts.written[change.customer_id].append((change.version, names))
        for number in missing.former_addresses:
            facts.former_addresses[number] = set()
        if missing.former_addresses:
            for change in self._store.load_changes(missing.former_addresses):
                former = facts.former_addresses[change.customer_id]
                for values in (change.before, change.after):
                    if values is not None:
                        former.update(_addresses_in(values))

    def _find_holders(self, facts: Facts, addresses: set[str], entries: list[Entry]) -> None:
        for address in addresses:
            kinds = ALL_BY_EMAIL if is_email(address) else ALL_BY_PHONE
            entries += [(kind, address) for kind in kinds]
        self._find_customers(facts, entries)
        facts.holders_known |= addresses

    def _find_customers(self, facts: Facts, entries: list[Entry]) -> None:
        if entries:
            customers, crowded = self._store.find_customers(entries, self._most_for_each)
            facts.customers.update((customer.id, customer) for customer in customers)
            facts.crowded |= crowded

    def _find_suppressed(self, facts: Facts, addresses: Iterable[str]) -> None:
        sought = set(addresses)
        suppressed = find_suppressed(self._store, self._hash_address, sought)
        facts.suppressed.update((address, address in suppressed) for address in sought)


def _addresses(records: list[ReadRecord]) -> set[str]:
    return {
        address
        for record in records
        for address in (record.email, record.phone_number)
        if address is not None
    }


def _addresses_in(values: bytes) -> set[str]:
    fields = msgspec.json.decode(values, type=dict)
    return {value for name in ADDRESS_FIELDS if isinstance(value := fields.get(name), str)}
