"""What the store of one company must be able to do for its audit log.

It is an attribute of the company's store. Pages of it are `ListingStore`'s.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable

    from regulars.store.contract.due_audit import DueEntry
    from regulars.store.contract.values import AuditEntry


class AuditLog(Protocol):
    """Who has done what. Writing it takes no lock."""

    def add(self, entry: AuditEntry) -> None:
        """Append an entry."""

    def carry_over(self, due: Iterable[DueEntry]) -> None:
        """Append entries in one transaction, but for those that were carried over before, also by
        others at the same time.
        """

    def load(self) -> list[AuditEntry]:
        """All entries, in the order in which they were appended."""
