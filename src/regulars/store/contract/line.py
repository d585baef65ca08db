"""What the store of the installation must be able to do for the line of imports, and for the
idempotency keys that are used with a place in it.

It is an attribute of the installation's store.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from regulars.store.contract.values import AuditEntry, IdempotencyKey, QueuedImport

QUEUED_BYTES: Final = 2_000
"""What an import costs beside its body, as if it were a part of it."""


class ImportLine(Protocol):
    """The imports of all companies that have not ended, in their order of acceptance."""

    def enqueue_import(self, queued: QueuedImport, entry: AuditEntry | None = None) -> QueuedImport:
        """Accept an import, or let it in again, with the audit entry of that: durable once this
        returns. Gives it with its sequence. Raises `ConflictError` where it stands in the line
        already.
        """

    def enqueue_import_once(
        self, queued: QueuedImport, key: IdempotencyKey, expired_before: datetime
    ) -> QueuedImport | IdempotencyKey:
        """As `enqueue_import`, in one with the use of a key. Where that is in use since
        `expired_before`, nothing happens; gives the key as it was used.
        """

    def use_idempotency_key(
        self, key: IdempotencyKey, expired_before: datetime
    ) -> IdempotencyKey | None:
        """Use a key for what is no import. Gives it as it was used, where it is in use already."""

    def delete_idempotency_keys(self, before: datetime) -> int:
        """Let go of keys used before then; gives how many."""

    def cancel_queued_import(self, company: str, import_id: str, entry: AuditEntry) -> bool:
        """Ask an import to stop; False, and nothing happens, where it has ended, or was asked
        before.
        """

    def next_import(self, company: str) -> QueuedImport | None:
        """The oldest import of a company that has not ended, with its body where it is small."""

    def find_queued_import(self, company: str, import_id: str) -> QueuedImport | None:
        """An import that has not ended."""

    def load_queued_imports(
        self, company: str, import_ids: Collection[str] | None = None
    ) -> list[QueuedImport]:
        """Imports of a company that have not ended, or those of them, in order of acceptance."""

    def load_uploads_in_line(
        self, company: str, before_sequence: int | None, limit: int
    ) -> list[QueuedImport]:
        """The newest uploads of a company that have not ended, newest first; none that was planned,
        held or failed before.
        """

    def dequeue_import(self, import_id: str, *, unless_cancelled: bool = False) -> bool:
        """The import has ended; False where it had left the line, or stays in it, since it is to
        stay if somebody asked it to stop.
        """

    def load_waiting_companies(self) -> list[str]:
        """The companies, by short name, that have an import that has not ended."""

    def find_waiting(self, import_ids: Collection[str]) -> dict[str, int]:
        """Those of the imports that have not ended, and how many bytes stand before each in its
        line. Every import counts `QUEUED_BYTES` more than its body.
        """
