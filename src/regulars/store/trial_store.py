"""The register of one company as a trial of an import sees it: as it is, with what the trial has
changed so far laid over it. Nothing is written to the register itself.

Owns that both together answer as a register would to which the import had been applied. Alike for
all engines: what the trial changes lies in a file of its own.
"""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from regulars.domain.identity.identifiers import document_entries
from regulars.store.sqlite.scratch import ScratchRegister

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from regulars.domain.customers.customer import Customer
    from regulars.domain.identity.identifiers import Entry
    from regulars.domain.imports.decision import Position
    from regulars.store.contract import Batch, ChangeRow, CompanyStore, ImportRun
    from regulars.store.identifier_key import IdentifierKeys


class TrialStore:
    """`ImportingStore` over a register that nobody writes meanwhile: the caller holds its lock.

    `folder` is where the file may lie. `on_batch` is told each batch instead of the register.
    """

    def __init__(
        self, register: CompanyStore, folder: str, on_batch: Callable[[Batch], None]
    ) -> None:
        self._register: Final = register
        self._folder: Final = folder
        self._on_batch: Final = on_batch
        self._scratch: ScratchRegister | None = None
        self._position: Position | None = None
        self._has_suppressed = False

    def close(self) -> None:
        """Let go of what the trial has changed."""
        if self._scratch is not None:
            self._scratch.close()
        self._scratch, self._position, self._has_suppressed = None, None, False

    @property
    def identifier_keys(self) -> IdentifierKeys:
        """See `ImportingStore.identifier_keys`."""
        return self._register.identifier_keys

    # Customers

    def read_position(self) -> Position:
        """See `ImportingStore.read_position`."""
        return self._position or self._register.read_position()

    def find_customers(
        self, entries: Collection[Entry], most_for_each: int
    ) -> tuple[list[Customer], set[Entry]]:
        """See `ImportingStore.find_customers`."""
        stored, crowded = self._register.find_customers(entries, most_for_each)
        scratch = self._scratch
        if scratch is None:
            return stored, crowded
        changed, crowded_here = scratch.find_customers(entries, most_for_each)
        if scratch.changes_stored:
            stored = self._unchanged(scratch, stored)
            # Some of the oldest may have gone, so that others are among them now.
            more = [self._find_oldest(scratch, entry, most_for_each) for entry in crowded]
            stored += [customer for some in more for customer in some]
            crowded = set()
        found = {customer.id: customer for customer in (*stored, *changed)}
        customers = [found[number] for number in sorted(found)]
        crowded = crowded | crowded_here
        if stored and (changed or scratch.changes_stored) and len(customers) > most_for_each:
            crowded |= _find_crowded(customers, most_for_each) & set(entries)
        return customers, crowded

    def find_record_hashes(self, external_ids: Collection[str]) -> dict[str, tuple[int, int]]:
        """See `ImportingStore.find_record_hashes`."""
        found = self._register.find_record_hashes(external_ids)
        scratch = self._scratch
        if scratch is None:
            return found
        there = scratch.find_there({number for number, _ in found.values()})
        found = {key: known for key, known in found.items() if known[0] not in there}
        return found | scratch.find_record_hashes(external_ids)

    def load_customers(self, ids: Collection[int]) -> list[Customer]:
        """See `ImportingStore.load_customers`."""
        stored = self._register.load_customers(ids)
        if self._scratch is None:
            return stored
        found = {customer.id: customer for customer in stored}
        found |= {customer.id: customer for customer in self._scratch.load_customers(ids)}
        return [found[number] for number in sorted(found)]

    def load_changes(self, customer_ids: Collection[int]) -> list[ChangeRow]:
        """See `ImportingStore.load_changes`."""
        stored = self._register.load_changes(customer_ids)
        if self._scratch is None:
            return stored
        found = {change.version: change for change in stored}
        found |= {change.version: change for change in self._scratch.load_changes(customer_ids)}
        return [found[version] for version in sorted(found)]

    @contextmanager
    def group_batches(self) -> Iterator[None]:
        """See `ImportingStore.group_batches`: a trial that fails is over."""
        yield

    def save_batch(self, batch: Batch) -> None:
        """See `ImportingStore.save_batch`."""
        if batch.created or batch.updated or batch.suppressed or batch.blanked:
            if self._scratch is None:
                self._scratch = ScratchRegister(self._folder, self.identifier_keys)
            self._scratch.save(batch)
        self._position = batch.position
        self._has_suppressed = self._has_suppressed or bool(batch.suppressed)
        self._on_batch(batch)

    # Suppression

    def has_suppressions(self) -> bool:
        """See `ImportingStore.has_suppressions`."""
        return self._has_suppressed or self._register.has_suppressions()

    def find_suppressed(self, hashes: Collection[str]) -> set[str]:
        """See `ImportingStore.find_suppressed`."""
        found = self._register.find_suppressed(hashes)
        if self._scratch is not None and self._has_suppressed:
            found |= self._scratch.find_suppressed(hashes)
        return found

    # Imports

    def start_import(self, run: ImportRun) -> int:
        """See `ImportingStore.start_import`: the import that is tried has a number of its own."""
        return self._register.start_import(run)

    def save_import(self, run: ImportRun) -> None:
        """A trial that has ended leaves the import as it is."""

    def find_import(self, import_id: str) -> ImportRun | None:
        """See `ImportingStore.find_import`."""
        return self._register.find_import(import_id)

    # Parts

    def _unchanged(self, scratch: ScratchRegister, stored: list[Customer]) -> list[Customer]:
        there = scratch.find_there([customer.id for customer in stored])
        return [customer for customer in stored if customer.id not in there]

    def _find_oldest(
        self, scratch: ScratchRegister, entry: Entry, most_for_each: int
    ) -> list[Customer]:
        """The oldest customers of the register under an entry that the trial has not changed: more
        than `most_for_each`, or all.
        """
        sought = most_for_each
        while True:
            sought *= 2
            stored, crowded = self._register.find_customers([entry], sought)
            unchanged = self._unchanged(scratch, stored)
            if not crowded or len(unchanged) > most_for_each:
                return unchanged


def _find_crowded(customers: list[Customer], most_for_each: int) -> set[Entry]:
    """The entries under which there are more customers."""
    counts = Counter(entry for each in customers for entry in document_entries(each.document))
    return {entry for entry, count in counts.items() if count > most_for_each}
