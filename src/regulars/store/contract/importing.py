"""What running an import asks of a store, and what a trial of one has to do as well, method by
method: both find the same customers, whoever has changed them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection
    from contextlib import AbstractContextManager

    from regulars.domain.customers.customer import Customer
    from regulars.domain.identity.identifiers import Entry
    from regulars.domain.imports.decision import Position
    from regulars.store.contract.values import Batch, ChangeRow, ImportRun
    from regulars.store.identifier_key import IdentifierKeys


class ImportingStore(Protocol):
    """Customers, history and suppression as an import finds and changes them."""

    @property
    def identifier_keys(self) -> IdentifierKeys:
        """How identifiers are hashed; hashes that another process made are taken over here."""

    # Customers

    def read_position(self) -> Position:
        """The highest numbers given so far, and the number of living customers."""

    def find_customers(
        self, entries: Collection[Entry], most_for_each: int
    ) -> tuple[list[Customer], set[Entry]]:
        """The customers under any of the entries, each once, in order of id.

        Also the entries that have more than `most_for_each`, of which only the oldest
        `most_for_each` are given. May give more customers than asked for; never fewer.
        """

    def find_record_hashes(self, external_ids: Collection[str]) -> dict[str, tuple[int, int]]:
        """By external_id, living customers that are what one record said, as it came: the id, and
        the hash of that record. May give customers of others, whose hash then differs.
        """

    def load_customers(self, ids: Collection[int]) -> list[Customer]:
        """The customers with these ids, in order of id."""

    def load_changes(self, customer_ids: Collection[int]) -> list[ChangeRow]:
        """The stored history of these customers, in order of version."""

    def group_batches(self) -> AbstractContextManager[None]:
        """What this thread writes in the block is durable when it ends, undone if it raises.

        A group within a group is a part of it.
        """

    def save_batch(self, batch: Batch) -> None:
        """Write a batch and the import's progress in one transaction, durable unless grouped."""

    # Suppression

    def has_suppressions(self) -> bool:
        """Whether anything is suppressed now."""

    def find_suppressed(self, hashes: Collection[str]) -> set[str]:
        """Those of the hashes that are suppressed now."""

    # Imports

    def start_import(self, run: ImportRun) -> int:
        """Store an import that starts, with its `began_at_version`; gives its number."""

    def save_import(self, run: ImportRun) -> None:
        """Store status, times and report of a started import."""

    def find_import(self, import_id: str) -> ImportRun | None:
        """A started import."""
