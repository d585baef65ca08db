"""The register of one company in a PostgreSQL schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO, Final

from regulars.domain.fields.company_field import CompanyField
from regulars.domain.imports.decision import Position
from regulars.store.audit_log import SqlAuditLog
from regulars.store.identifier_key import IdentifierKeys
from regulars.store.listings import SqlListingStore
from regulars.store.postgres import register
from regulars.store.postgres.company_sessions import CompanySessions
from regulars.store.postgres.history import PostgresHistoryStore
from regulars.store.postgres.plans import PostgresPlanStore
from regulars.store.postgres.reports import PostgresReports
from regulars.store.postgres.retention import PostgresRetentionStore
from regulars.store.postgres.schema import Schema
from regulars.store.postgres.spool import Spool
from regulars.store.postgres.undo import PostgresUndoStore
from regulars.store.rows import (
    audit_columns,
    import_columns,
    is_storable,
    page_of_changes,
    read_import,
    read_suppression,
    to_microseconds,
)
from regulars.store.segments import SqlSegmentStore

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from contextlib import AbstractContextManager

    from psycopg import Connection
    from psycopg.rows import TupleRow

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
    from regulars.store.postgres.sessions import Sessions


class PostgresCompanyStore:
    """`CompanyStore` in a schema of the company's own."""

    def __init__(self, sessions: Sessions, short_name: str, identifier_secret: bytes) -> None:
        schema = Schema(sessions, f"company_{short_name}", "company")
        self._sessions: Final = sessions
        self._sql: Final = schema.statements
        self._spool: Final = Spool(sessions, schema.statements)
        self.identifier_keys: Final = IdentifierKeys(identifier_secret)
        self._company: Final = CompanySessions(sessions, schema.lock)
        self._reading: Final = self._company.reading
        self._writing: Final = self._company.writing
        self.plans: Final = PostgresPlanStore(
            schema.load_statements("plans.sql"), self._reading, self._writing
        )
        self.reports: Final = PostgresReports(
            schema.load_statements("reports.sql"),
            self._reading,
            self._writing,
            self.identifier_keys,
        )
        self.retention: Final = PostgresRetentionStore(
            schema, self._reading, self._writing, self.identifier_keys
        )
        self.segments: Final = SqlSegmentStore(
            schema.statements | schema.load_statements("segments.sql"),
            self._reading,
            sessions.transaction,
        )
        self.audit_log: Final = SqlAuditLog(schema.statements, self._reading, sessions.transaction)
        self.listings: Final = SqlListingStore(
            schema.load_statements("listings.sql"), self._reading
        )
        self.history: Final = PostgresHistoryStore(
            schema.load_statements("history.sql"), self._reading
        )
        self.undo: Final = PostgresUndoStore(
            schema.load_statements("undo.sql"), self._reading, self._writing
        )

    def lock(self) -> AbstractContextManager[None]:
        """See `CompanyStore.lock`."""
        return self._company.lock()

    def try_lock(self, *, briefly: bool = False) -> AbstractContextManager[bool]:  # noqa: ARG002 - memory is the server's
        """See `CompanyStore.try_lock`."""
        return self._company.try_lock()

    def _load(
        self, statement: str, parameters: Mapping[str, object] | None = None
    ) -> list[TupleRow]:
        with self._reading() as connection:
            return connection.execute(self._sql[statement], parameters).fetchall()

    # Customers

    def read_position(self) -> Position:
        """See `CompanyStore.read_position`."""
        ((last_customer_id, last_version, living),) = self._load("read_position")
        return Position(last_customer_id, last_version, living)

    def find_customers(
        self, entries: Collection[Entry], most_for_each: int
    ) -> tuple[list[Customer], set[Entry]]:
        """See `CompanyStore.find_customers`."""
        with self._reading() as connection:
            return register.find_customers(
                connection, self._sql, self.identifier_keys, entries, most_for_each
            )

    def find_record_hashes(self, external_ids: Collection[str]) -> dict[str, tuple[int, int]]:
        """See `CompanyStore.find_record_hashes`."""
        with self._reading() as connection:
            return register.find_record_hashes(
                connection, self._sql, self.identifier_keys, external_ids
            )

    def load_customers(self, ids: Collection[int]) -> list[Customer]:
        """See `CompanyStore.load_customers`."""
        with self._reading() as connection:
            return register.load_customers(connection, self._sql, ids)

    def load_living_customers(self, after_id: int, limit: int) -> list[Customer]:
        """See `CompanyStore.load_living_customers`."""
        with self._reading() as connection:
            return register.load_living_customers(connection, self._sql, after_id, limit)

    def load_changes(self, customer_ids: Collection[int]) -> list[ChangeRow]:
        """See `CompanyStore.load_changes`."""
        with self._reading() as connection:
            return register.load_changes(connection, self._sql, customer_ids)

    def load_changed(
        self, after_version: int, limit: int, until_version: int | None = None
    ) -> list[ChangedRow]:
        """See `CompanyStore.load_changed`."""
        page = page_of_changes(after_version, limit, until_version)
        with self._reading() as connection:
            return register.load_changed(connection, self._sql, page)

    def group_batches(self) -> AbstractContextManager[None]:
        """See `CompanyStore.group_batches`."""
        return self._company.grouping()

    def save_batch(self, batch: Batch) -> None:
        """See `CompanyStore.save_batch`."""
        with self._writing() as connection:
            register.write_batch(connection, self._sql, self.identifier_keys, batch)
            for field in batch.fields:
                self._write_field(connection, field)
            for entry in batch.audit_entries:
                self._write_audit_entry(connection, entry)
            self._update_import(connection, batch.import_run)
            self.reports.add_batch(batch)
            if batch.erased:
                # Whoever is forgotten may stand in the examples of a plan.
                self.plans.delete_samples()

    # Suppression

    def has_suppressions(self) -> bool:
        """See `CompanyStore.has_suppressions`."""
        ((has_any,),) = self._load("has_suppressions")
        return bool(has_any)

    def find_suppressed(self, hashes: Collection[str]) -> set[str]:
        """See `CompanyStore.find_suppressed`."""
        sought = {"hashes": register.join_texts(hashes)}
        return {digest for (digest,) in self._load("find_suppressed", sought)}

    def load_suppressions(self) -> list[Suppression]:
        """See `CompanyStore.load_suppressions`."""
        return [read_suppression(row) for row in self._load("load_suppressions")]

    def lift_suppression(self, suppression_id: int, entry: AuditEntry, reason: str) -> bool:
        """See `CompanyStore.lift_suppression`."""
        columns = {
            "id": suppression_id,
            "lifted_at": to_microseconds(entry.at),
            "lifted_by": entry.actor,
            "lift_reason": reason,
        }
        with self._writing() as connection:
            lifted = connection.execute(self._sql["lift_suppression"], columns).rowcount
            if lifted:
                self._write_audit_entry(connection, entry)
        return bool(lifted)

    # Fields

    def load_fields(self) -> list[CompanyField]:
        """See `CompanyStore.load_fields`."""
        return [CompanyField(*row) for row in self._load("load_fields")]

    def save_field(self, field: CompanyField, entry: AuditEntry) -> None:
        """See `CompanyStore.save_field`."""
        with self._writing() as connection:
            self._write_field(connection, field)
            self._write_audit_entry(connection, entry)

    # Imports

    def start_import(self, run: ImportRun) -> int:
        """See `CompanyStore.start_import`."""
        with self._writing() as connection:
            cursor = connection.execute(self._sql["insert_import"], _import_columns(run))
            ((number,),) = cursor.fetchall()
        return int(number)

    def save_import(self, run: ImportRun) -> None:
        """See `CompanyStore.save_import`."""
        with self._writing() as connection:
            self._update_import(connection, run)

    def find_import(self, import_id: str) -> ImportRun | None:
        """See `CompanyStore.find_import`."""
        if not is_storable(import_id):
            return None
        rows = self._load("find_import", {"id": import_id})
        return read_import(rows[0]) if rows else None

    def load_imports(self, before_number: int | None, limit: int) -> list[ImportRun]:
        """See `CompanyStore.load_imports`."""
        before = 2**62 if before_number is None else before_number
        rows = self._load("load_imports", {"before_number": before, "limit": limit})
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
        """Nothing to give back: the sessions are the installation's."""

    # Parts

    def _write_field(self, connection: Connection[TupleRow], field: CompanyField) -> None:
        connection.execute(
            self._sql["save_field"],
            {
                "key": field.key,
                "name": field.name,
                "type": field.type,
                "origin": field.origin,
                "as_given": field.as_given,
            },
        )

    def _write_audit_entry(self, connection: Connection[TupleRow], entry: AuditEntry) -> None:
        connection.execute(self._sql["insert_audit_entry"], audit_columns(entry))

    def _update_import(self, connection: Connection[TupleRow], run: ImportRun) -> None:
        connection.execute(self._sql["update_import"], _import_columns(run))


def _import_columns(run: ImportRun) -> dict[str, object]:
    columns = import_columns(run)
    # JSON is text here, like documents.
    return columns | {"report": columns["report"].decode()}
