"""The register of one company in a SQLite file."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO, Final

from regulars.domain.fields.company_field import CompanyField
from regulars.domain.imports.decision import Position
from regulars.store.audit_log import SqlAuditLog
from regulars.store.identifier_key import IdentifierKeys
from regulars.store.listings import SqlListingStore
from regulars.store.rows import (
    audit_columns,
    import_columns,
    is_storable,
    page_of_changes,
    read_customer,
    read_import,
    read_suppression,
    to_microseconds,
)
from regulars.store.segments import SqlSegmentStore
from regulars.store.sqlite import register
from regulars.store.sqlite.company_lock import CompanyLock
from regulars.store.sqlite.database import Database
from regulars.store.sqlite.history import SqliteHistoryStore
from regulars.store.sqlite.plans import SqlitePlanStore
from regulars.store.sqlite.register import SQL, json_list
from regulars.store.sqlite.reports import SqliteReports
from regulars.store.sqlite.retention import SqliteRetentionStore
from regulars.store.sqlite.spool import Spool
from regulars.store.sqlite.undo import SqliteUndoStore
from regulars.store.statements import load_statements
from regulars.store.turn import Turn

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from regulars.domain.customers.customer import Customer
    from regulars.domain.identity.identifiers import Entry
    from regulars.store.contract import (
        AuditEntry,
        Batch,
        ChangedRow,
        ChangeRow,
        ImportRun,
        SpoolWriter,
        Suppression,
    )


class SqliteCompanyStore:
    """`CompanyStore` in a folder of the company's own."""

    def __init__(self, folder: Path, identifier_secret: bytes) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._database: Final = Database(folder / "register.db", "company")
        self._spool: Final = Spool(folder / "spool")
        self._turn: Final = Turn()
        self._lock: Final = CompanyLock(folder / "lock", self._turn, self._database)
        self.identifier_keys: Final = IdentifierKeys(identifier_secret)
        self.plans: Final = SqlitePlanStore(self._database, self._turn)
        self.reports: Final = SqliteReports(self._database, self._turn, self.identifier_keys)
        self.retention: Final = SqliteRetentionStore(
            self._database, self._turn, self.identifier_keys
        )
        self.segments: Final = SqlSegmentStore(
            SQL | load_statements("sqlite", "segments.sql"),
            self._database.read,
            self._database.write,
        )
        self.audit_log: Final = SqlAuditLog(SQL, self._database.read, self._database.write)
        self.listings: Final = SqlListingStore(
            load_statements("sqlite", "listings.sql"), self._database.read
        )
        self.history: Final = SqliteHistoryStore(self._database)
        self.undo: Final = SqliteUndoStore(self._database, self._turn)

    def lock(self) -> AbstractContextManager[None]:
        """See `CompanyStore.lock`."""
        return self._lock.hold()

    def try_lock(self, *, briefly: bool = False) -> AbstractContextManager[bool]:
        """See `CompanyStore.try_lock`."""
        return self._lock.try_to_hold(briefly=briefly)

    # Customers

    def read_position(self) -> Position:
        """See `CompanyStore.read_position`."""
        with self._database.read() as connection:
            return Position(*connection.execute(SQL["read_position"]).fetchone())

    def find_customers(
        self, entries: Collection[Entry], most_for_each: int
    ) -> tuple[list[Customer], set[Entry]]:
        """See `CompanyStore.find_customers`."""
        with self._database.read() as connection:
            return register.find_customers(connection, self.identifier_keys, entries, most_for_each)

    def find_record_hashes(self, external_ids: Collection[str]) -> dict[str, tuple[int, int]]:
        """See `CompanyStore.find_record_hashes`."""
        with self._database.read() as connection:
            return register.find_record_hashes(connection, self.identifier_keys, external_ids)

    def load_customers(self, ids: Collection[int]) -> list[Customer]:
        """See `CompanyStore.load_customers`."""
        with self._database.read() as connection:
            return register.load_customers(connection, ids)

    def load_living_customers(self, after_id: int, limit: int) -> list[Customer]:
        """See `CompanyStore.load_living_customers`."""
        with self._database.read() as connection:
            rows = connection.execute(
                SQL["load_living_customers"], {"after_id": after_id, "limit": limit}
            )
            return [read_customer(row) for row in rows]

    def load_changes(self, customer_ids: Collection[int]) -> list[ChangeRow]:
        """See `CompanyStore.load_changes`."""
        with self._database.read() as connection:
            return register.load_changes(connection, customer_ids)

    def load_changed(
        self, after_version: int, limit: int, until_version: int | None = None
    ) -> list[ChangedRow]:
        """See `CompanyStore.load_changed`."""
        page = page_of_changes(after_version, limit, until_version)
        with self._database.read() as connection:
            return register.load_changed(connection, page)

    @contextmanager
    def group_batches(self) -> Iterator[None]:
        """See `CompanyStore.group_batches`."""
        self._turn.check_taken()
        with self._database.write():
            yield
        self._fold_identifiers()

    def save_batch(self, batch: Batch) -> None:
        """See `CompanyStore.save_batch`."""
        self._turn.check_taken()
        with self._database.write() as connection:
            register.write_batch(connection, self.identifier_keys, batch)
            for field in batch.fields:
                _write_field(connection, field)
            for entry in batch.audit_entries:
                _write_audit_entry(connection, entry)
            _update_import(connection, batch.import_run)
            self.reports.add_batch(batch)
            if batch.erased:
                # Whoever is forgotten may stand in the examples of a plan.
                self.plans.delete_samples()

    def _fold_identifiers(self) -> None:
        with self._database.read() as connection:
            is_fold_due = register.is_fold_due(connection)
        while is_fold_due:
            with self._database.write() as connection:
                is_fold_due = register.fold_slice(connection)

    # Suppression

    def has_suppressions(self) -> bool:
        """See `CompanyStore.has_suppressions`."""
        with self._database.read() as connection:
            return bool(connection.execute(SQL["has_suppressions"]).fetchone()[0])

    def find_suppressed(self, hashes: Collection[str]) -> set[str]:
        """See `CompanyStore.find_suppressed`."""
        with self._database.read() as connection:
            rows = connection.execute(SQL["find_suppressed"], {"hashes": json_list(hashes)})
            return {digest for (digest,) in rows}

    def load_suppressions(self) -> list[Suppression]:
        """See `CompanyStore.load_suppressions`."""
        with self._database.read() as connection:
            return [read_suppression(row) for row in connection.execute(SQL["load_suppressions"])]

    def lift_suppression(self, suppression_id: int, entry: AuditEntry, reason: str) -> bool:
        """See `CompanyStore.lift_suppression`."""
        self._turn.check_taken()
        with self._database.write() as connection:
            lifted = connection.execute(
                SQL["lift_suppression"],
                {
                    "id": suppression_id,
                    "lifted_at": to_microseconds(entry.at),
                    "lifted_by": entry.actor,
                    "lift_reason": reason,
                },
            ).rowcount
            if lifted:
                _write_audit_entry(connection, entry)
        return bool(lifted)

    # Fields

    def load_fields(self) -> list[CompanyField]:
        """See `CompanyStore.load_fields`."""
        with self._database.read() as connection:
            return [
                CompanyField(name, type_name, origin, bool(as_given))
                for name, type_name, origin, as_given in connection.execute(SQL["load_fields"])
            ]

    def save_field(self, field: CompanyField, entry: AuditEntry) -> None:
        """See `CompanyStore.save_field`."""
        self._turn.check_taken()
        with self._database.write() as connection:
            _write_field(connection, field)
            _write_audit_entry(connection, entry)

    # Imports

    def start_import(self, run: ImportRun) -> int:
        """See `CompanyStore.start_import`."""
        self._turn.check_taken()
        with self._database.write() as connection:
            number = connection.execute(SQL["insert_import"], import_columns(run)).lastrowid
        if number is None:
            raise AssertionError(run.id)
        return number

    def save_import(self, run: ImportRun) -> None:
        """See `CompanyStore.save_import`."""
        self._turn.check_taken()
        with self._database.write() as connection:
            _update_import(connection, run)

    def find_import(self, import_id: str) -> ImportRun | None:
        """See `CompanyStore.find_import`."""
        if not is_storable(import_id):
            return None
        with self._database.read() as connection:
            row = connection.execute(SQL["find_import"], {"id": import_id}).fetchone()
            return None if row is None else read_import(row)

    def load_imports(self, before_number: int | None, limit: int) -> list[ImportRun]:
        """See `CompanyStore.load_imports`."""
        before = 2**62 if before_number is None else before_number
        with self._database.read() as connection:
            rows = connection.execute(
                SQL["load_imports"], {"before_number": before, "limit": limit}
            )
            return [read_import(row) for row in rows]

    # Spool

    def create_spool(self, import_id: str) -> AbstractContextManager[SpoolWriter]:
        """See `CompanyStore.create_spool`."""
        return self._spool.create(import_id)

    def open_spool(self, import_id: str) -> BinaryIO:
        """See `CompanyStore.open_spool`."""
        return self._spool.open(import_id)

    def remove_spool(self, import_id: str) -> None:
        """See `CompanyStore.remove_spool`."""
        self._spool.remove(import_id)

    def sweep_spool(
        self, import_ids: Collection[str], age_seconds: int, draft_age_seconds: int
    ) -> None:
        """See `CompanyStore.sweep_spool`."""
        self._spool.sweep(import_ids, age_seconds, draft_age_seconds)

    def close(self) -> None:
        """See `CompanyStore.close`."""
        self._database.close()


def _write_field(connection: sqlite3.Connection, field: CompanyField) -> None:
    connection.execute(
        SQL["save_field"], (field.key, field.name, field.type, field.origin, field.as_given)
    )


def _write_audit_entry(connection: sqlite3.Connection, entry: AuditEntry) -> None:
    connection.execute(SQL["insert_audit_entry"], audit_columns(entry))


def _update_import(connection: sqlite3.Connection, run: ImportRun) -> None:
    connection.execute(SQL["update_import"], import_columns(run))
