"""What the store of one company must be able to do, method by method.

It holds the company's customers, history, imports and audit log, apart from all others': in a
file, or a schema, of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO, Final, Protocol

from regulars.store.contract.importing import ImportingStore

if TYPE_CHECKING:
    from collections.abc import Collection
    from contextlib import AbstractContextManager

    from regulars.domain.customers.customer import Customer
    from regulars.domain.fields.company_field import CompanyField
    from regulars.store.contract.audit_log import AuditLog
    from regulars.store.contract.history import HistoryStore
    from regulars.store.contract.listings import ListingStore
    from regulars.store.contract.plans import PlanStore
    from regulars.store.contract.reports import ReportStore
    from regulars.store.contract.retention import RetentionStore
    from regulars.store.contract.segments import SegmentStore
    from regulars.store.contract.undo import UndoStore
    from regulars.store.contract.values import (
        AuditEntry,
        ChangedRow,
        ImportRun,
        Suppression,
    )


DRAFT: Final = "draft"
"""What the ids of files begin with that somebody sent and has not imported yet."""


class SpoolWriter(Protocol):
    """Takes a body piece by piece."""

    def write(self, part: bytes) -> None:
        """The next piece, of any size. Raises `StorageFullError`, `StoreUnavailableError`."""


class CompanyStore(ImportingStore, Protocol):
    """The register of one company.

    Methods that write raise `RuntimeError` where nobody in this process holds `lock`, except
    `audit_log`, the spool and `segments`.
    """

    @property
    def plans(self) -> PlanStore:
        """What is kept of imports that were counted and not applied."""

    @property
    def reports(self) -> ReportStore:
        """Problems of imports, and rejected records."""

    @property
    def retention(self) -> RetentionStore:
        """What goes after a while."""

    @property
    def segments(self) -> SegmentStore:
        """Saved conditions on customers."""

    @property
    def audit_log(self) -> AuditLog:
        """Who has done what."""

    @property
    def listings(self) -> ListingStore:
        """The audit log and the suppression list, some entries at a time."""

    @property
    def history(self) -> HistoryStore:
        """The past of customers."""

    @property
    def undo(self) -> UndoStore:
        """What undoing imports takes."""

    def lock(self) -> AbstractContextManager[None]:
        """Be the only one, of all processes and threads, that writes the company's register.

        Waits for others. Raises `RuntimeError` in a thread that holds it already. Where a
        connection is needed to hold it and breaks, writing raises `StoreUnavailableError`.
        """

    def try_lock(self, *, briefly: bool = False) -> AbstractContextManager[bool]:
        """As `lock`, but without waiting: gives False where another one holds it.

        `briefly` is for whoever writes a few rows: it takes no memory for much work.
        """

    # Customers

    def load_living_customers(self, after_id: int, limit: int) -> list[Customer]:
        """The next living customers in order of id."""

    def load_changed(
        self, after_version: int, limit: int, until_version: int | None = None
    ) -> list[ChangedRow]:
        """The changes of the next `limit` versions, in order, as they and their customers are at
        one moment: for whoever keeps a copy of the register.

        A row tells what its customer is now, unless a later change up to `until_version` does;
        by default that is the last version of the page. So a copy that took all rows up to there
        is nowhere behind it; customers that changed meanwhile may be ahead of it.
        """

    # Suppression

    def load_suppressions(self) -> list[Suppression]:
        """The suppression list, lifted entries included, in order of id."""

    def lift_suppression(self, suppression_id: int, entry: AuditEntry, reason: str) -> bool:
        """Lift a suppression, with its audit entry; False if there is none such in force."""

    # Fields

    def load_fields(self) -> list[CompanyField]:
        """The company's own fields."""

    def save_field(self, field: CompanyField, entry: AuditEntry) -> None:
        """Add or replace a field, with its audit entry."""

    # Imports

    def load_imports(self, before_number: int | None, limit: int) -> list[ImportRun]:
        """Started imports, newest first."""

    # Spool

    def create_spool(self, import_id: str) -> AbstractContextManager[SpoolWriter]:
        """Keep the body of an upload: durable when the block ends, gone if it raises. However long
        the block takes, no session and no lock is held. Raises `StorageFullError`,
        `StoreUnavailableError`.
        """

    def open_spool(self, import_id: str) -> BinaryIO:
        """The kept body, from its beginning. Raises `FileNotFoundError` if there is none."""

    def remove_spool(self, import_id: str) -> None:
        """Let go of the body; nothing happens if it is gone already."""

    def sweep_spool(
        self, import_ids: Collection[str], age_seconds: int, draft_age_seconds: int
    ) -> None:
        """Let go of bodies to which nothing was added for so long, and which belong to none of
        these imports: whoever wrote them died before the upload was accepted. Those whose ids begin
        with `DRAFT` have an age of their own.
        """

    def close(self) -> None:
        """Give back connections and files."""
