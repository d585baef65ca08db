"""The customers that a batch of records may mean, as the records before have left them.

Owns look-up by identifier within a batch. It is filled with what the store found for the
identifiers of the batch; whatever is asked that was not looked up is noted in `missing`, so that
the caller can look it up and decide again. Must not know how records are read or stored.
"""

from __future__ import annotations

from bisect import insort
from typing import TYPE_CHECKING, Final

import msgspec

from regulars.domain.customers.customer import Customer, WorkingCustomer
from regulars.domain.identity.identifiers import (
    ALL_BY_EMAIL,
    ALL_BY_PHONE,
    Entry,
    Kind,
    document_entries,
    identifier_entries,
    is_email,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from regulars.domain.customers.customer import Fields


class Facts(msgspec.Struct):
    """What the store was asked, and answered, for one batch."""

    customers: dict[int, Customer] = msgspec.field(default_factory=dict)
    crowded: set[Entry] = msgspec.field(default_factory=set)
    """Entries with more customers than were loaded."""
    holders_known: set[str] = msgspec.field(default_factory=set)
    """Addresses whose holders are loaded, whatever their kind."""
    suppressed: dict[str, bool] = msgspec.field(default_factory=dict)
    former_addresses: dict[int, set[str]] = msgspec.field(default_factory=dict)
    """Addresses in the stored history of a customer, by its id."""
    written: dict[int, list[tuple[int, set[str]]]] = msgspec.field(default_factory=dict)
    """Versions of a customer and the fields that each wrote, by its id; only of those asked for."""
    no_suppressions: bool = False
    """Nothing at all is suppressed, so that nobody needs to look."""


class Missing(msgspec.Struct):
    """What a decision needed to know and the facts did not say."""

    holders: set[str] = msgspec.field(default_factory=set)
    suppressed: set[str] = msgspec.field(default_factory=set)
    former_addresses: set[int] = msgspec.field(default_factory=set)
    written: set[int] = msgspec.field(default_factory=set)
    """Ids of customers of which it must be known when which field was written."""

    def __bool__(self) -> bool:
        """Whether anything is missing."""
        return bool(self.holders or self.suppressed or self.former_addresses or self.written)


class Register:
    """Customers of one batch by identifier, kept in step with each decision."""

    def __init__(self, facts: Facts, *, limit: int) -> None:
        self._facts: Final = facts
        self._limit: Final = limit
        self._index: Final[dict[Kind, dict[str, list[WorkingCustomer]]]] = {
            kind: {} for kind in Kind
        }
        self.newly_suppressed: Final[set[str]] = set()
        """The addresses that this batch suppresses."""
        self.missing: Final = Missing()
        self.thinned_out = False
        """A customer left an entry of which not all customers are loaded: the batch ends here,
        so that the next one loads them anew."""
        for number in sorted(facts.customers):
            customer = facts.customers[number]
            document = customer.document
            working = WorkingCustomer(number, customer.version, document)
            self.enter(working, document_entries(document))

    # Look-up

    def find(self, number: int) -> WorkingCustomer | None:
        """A customer of the facts by its id; none that has no identifier left."""
        customer = self._facts.customers.get(number)
        entries = () if customer is None else document_entries(customer.document)
        under = [each for kind, value in entries for each in self._index[kind].get(value, ())]
        return next((each for each in under if each.id == number), None)

    def find_registered(self, external_id: str) -> WorkingCustomer | None:
        """The customer with that external_id, in any state."""
        found = self._index[Kind.EXTERNAL_ID].get(external_id)
        return found[0] if found else None

    def find_oldest(self, kind: Kind, address: str) -> WorkingCustomer | None:
        """The oldest customer under an entry."""
        found = self._index[kind].get(address)
        return found[0] if found else None

    def find_holders(self, kinds: Iterable[Kind], address: str) -> list[WorkingCustomer] | None:
        """The customers under some entries of one address, oldest first; None if there are more
        than one record may mean.
        """
        found: list[WorkingCustomer] = []
        for kind in kinds:
            if (kind, address) in self._facts.crowded:
                return None
            found += self._index[kind].get(address, ())
            if len(found) > self._limit:
                return None
        found.sort(key=lambda customer: customer.id)
        return found

    def is_held(self, address: str) -> bool:
        """Whether a customer that is not forgotten has the address."""
        if address not in self._facts.holders_known:
            self.missing.holders.add(address)
            return False
        for kind in ALL_BY_EMAIL if is_email(address) else ALL_BY_PHONE:
            if (kind, address) in self._facts.crowded:
                return True
            if self._index[kind].get(address):
                return True
        return False

    # Suppression

    @property
    def nothing_suppressed(self) -> bool:
        """Whether nobody was ever forgotten, so that no address needs a look."""
        return self._facts.no_suppressions and not self.newly_suppressed

    def is_suppressed(self, address: str) -> bool:
        """Whether the address belonged to a forgotten person."""
        if address in self.newly_suppressed:
            return True
        if self._facts.no_suppressions:
            return False
        known = self._facts.suppressed.get(address)
        if known is None:
            self.missing.suppressed.add(address)
            return False
        return known

    def suppress(self, addresses: set[str]) -> None:
        """From here on in the batch these addresses are suppressed."""
        self.newly_suppressed.update(addresses)

    def find_former_addresses(self, customer: WorkingCustomer) -> set[str]:
        """Every address that the customer has or had."""
        former = customer.addresses | customer.former_addresses
        if customer.stored_document is None:
            return former
        stored = self._facts.former_addresses.get(customer.id)
        if stored is None:
            self.missing.former_addresses.add(customer.id)
            return former
        return former | stored

    def find_written(self, customer: WorkingCustomer) -> list[tuple[int, set[str]]]:
        """The stored versions of a customer, and the fields that each wrote."""
        if customer.stored_document is None:
            return []
        written = self._facts.written.get(customer.id)
        if written is None:
            self.missing.written.add(customer.id)
            return []
        return written

    # Change

    def add(self, customer: WorkingCustomer) -> None:
        """Make a customer known to the records that follow."""
        self.enter(customer, identifier_entries(customer.fields))

    def enter(self, customer: WorkingCustomer, entries: list[Entry]) -> None:
        """Make a customer known whose entries are known already."""
        index = self._index
        customer.entries = entries
        for kind, value in entries:
            holders = index[kind].get(value)
            if not holders:
                index[kind][value] = [customer]
            elif holders[-1].id < customer.id:
                holders.append(customer)
            else:
                insort(holders, customer, key=lambda other: other.id)

    def change(self, customer: WorkingCustomer, fields: Fields) -> None:
        """Give a known customer new fields."""
        before = customer.entries
        after = identifier_entries(fields)
        if before == after:
            customer.fields = fields
            return
        for entry in before:
            kind, value = entry
            self._index[kind][value].remove(customer)
            if entry not in after and entry in self._facts.crowded:
                self.thinned_out = True
        former = customer.addresses
        customer.fields = fields
        customer.former_addresses |= former - customer.addresses
        self.add(customer)
