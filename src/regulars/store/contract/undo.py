"""What the store of one company must be able to do for an undo, method by method.

It is an attribute of the company's store, and takes part in its transactions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection

    from regulars.domain.imports.undo_traces import PastChange


class UndoStore(Protocol):
    """The history by its causes, and the removal of customers.

    Methods that write raise `RuntimeError` where nobody in this process holds the company's lock.
    """

    def load_changes_of_import(
        self, import_number: int, after_version: int, last_version: int, limit: int
    ) -> list[tuple[int, int]]:
        """The next changes of an import up to a last version, in order of version: each as
        version and id of the customer.
        """

    def load_history(self, customer_ids: Collection[int], after_version: int) -> list[PastChange]:
        """The changes of these customers behind a version, in order of version."""

    def remove_customers(self, ids: Collection[int]) -> None:
        """Take out customers as if they had never been. Their identifiers and their history are
        the batch's to write.
        """

    def find_progress(self, import_number: int) -> int | None:
        """The version up to which an undo has come; None for one that has not begun."""

    def save_progress(self, import_number: int, last_version: int | None) -> None:
        """Store how far an undo has come; None where it has ended."""
