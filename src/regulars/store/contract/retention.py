"""What the store of one company must be able to do for what is kept for a while only.

It is an attribute of the company's store, and takes part in its transactions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import msgspec

if TYPE_CHECKING:
    from datetime import datetime

    from regulars.domain.identity.identifiers import Entry
    from regulars.store.contract.values import AuditEntry, ChangeRow, CustomerRow, ImportRun


class Purge(msgspec.Struct, frozen=True):
    """What is left of customers that were deleted long ago: rows as those of a batch."""

    updated: list[CustomerRow]
    identifiers_removed: list[tuple[int, list[Entry]]]
    blanked: list[ChangeRow]
    audit_entry: AuditEntry
    last_version: int
    """The highest version of these customers: those with a higher one come later."""


class RetentionStore(Protocol):
    """What goes after a while.

    Methods that write raise `RuntimeError` where nobody in this process holds the company's lock.
    """

    def find_purgeable(self, deleted_before: datetime, limit: int) -> list[int]:
        """The next customers, by id, that were deleted before then and are not purged yet, in the
        order in which they were deleted.
        """

    def save_purge(self, purge: Purge) -> None:
        """Purge customers, in one transaction."""

    def load_failed(self) -> list[ImportRun]:
        """The imports that failed, oldest first."""
