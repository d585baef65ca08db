"""What the store of one company must be able to do for those who look through its long lists: the
audit log and the suppression list, newest first and some at a time.

It is an attribute of the company's store.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from regulars.store.contract.values import AuditEntry, Suppression


class NumberedEntry(NamedTuple):
    """An entry of the audit log; numbers rise."""

    number: int
    entry: AuditEntry


class ListedSuppression(NamedTuple):
    """An entry of the suppression list, and the id of the import that it is from, where the store
    still knows it.
    """

    suppression: Suppression
    import_id: str | None


class ListingStore(Protocol):
    """Pages of lists. `before` is the number of the last entry of the page before."""

    def load_audit_page(
        self, before: int | None, limit: int, action: str | None = None
    ) -> list[NumberedEntry]:
        """The next entries of the audit log, newest first; of all, or of one kind of act."""

    def load_audit_actions(self) -> list[str]:
        """The kinds of acts that the audit log has, in order of name."""

    def load_suppressions(self, before: int | None, limit: int) -> list[ListedSuppression]:
        """The next entries of the suppression list, newest first, lifted ones included."""
