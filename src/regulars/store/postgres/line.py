"""The line of imports and idempotency keys, in the installation's schema in PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from psycopg.errors import UniqueViolation

from regulars.errors import ConflictError
from regulars.store.contract.line import QUEUED_BYTES
from regulars.store.due_audit import change, insert_due_entry
from regulars.store.postgres.tables import Tables
from regulars.store.rows import (
    idempotency_key_columns,
    is_storable,
    queued_import_columns,
    read_idempotency_key,
    read_queued_import,
    to_microseconds,
)

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from psycopg import Connection
    from psycopg.rows import TupleRow

    from regulars.store.contract import AuditEntry, IdempotencyKey, QueuedImport


class PostgresImportLine(Tables):
    """`ImportLine` in the installation's schema."""

    def enqueue_import(self, queued: QueuedImport, entry: AuditEntry | None = None) -> QueuedImport:
        """See `ImportLine.enqueue_import`."""
        try:
            with self._sessions.transaction() as connection:
                insert_due_entry(connection, self._sql, queued.company, entry)
                return self._insert_queued_import(connection, queued)
        except UniqueViolation as error:
            raise ConflictError("the import waits in the line already") from error

    def enqueue_import_once(
        self, queued: QueuedImport, key: IdempotencyKey, expired_before: datetime
    ) -> QueuedImport | IdempotencyKey:
        """See `ImportLine.enqueue_import_once`."""
        with self._sessions.transaction() as connection:
            used = self._use_idempotency_key(connection, key, expired_before)
            return used or self._insert_queued_import(connection, queued)

    def use_idempotency_key(
        self, key: IdempotencyKey, expired_before: datetime
    ) -> IdempotencyKey | None:
        """See `ImportLine.use_idempotency_key`."""
        with self._sessions.transaction() as connection:
            return self._use_idempotency_key(connection, key, expired_before)

    def delete_idempotency_keys(self, before: datetime) -> int:
        """See `ImportLine.delete_idempotency_keys`."""
        return self._write("delete_idempotency_keys", {"before": to_microseconds(before)})

    def cancel_queued_import(self, company: str, import_id: str, entry: AuditEntry) -> bool:
        """See `ImportLine.cancel_queued_import`."""
        columns = {"company": company, "id": import_id}
        if not is_storable(import_id):
            return False
        with self._sessions.transaction() as connection:
            return change(connection, self._sql, "cancel_queued_import", columns, company, entry)

    def next_import(self, company: str) -> QueuedImport | None:
        """See `ImportLine.next_import`."""
        with self._sessions.session() as connection, connection.cursor(binary=True) as cursor:
            row = cursor.execute(self._sql["next_import"], {"company": company}).fetchone()
        return None if row is None else read_queued_import(row)

    def find_queued_import(self, company: str, import_id: str) -> QueuedImport | None:
        """See `ImportLine.find_queued_import`."""
        row = self._find("find_queued_import", {"company": company, "id": import_id})
        return None if row is None else read_queued_import(row)

    def load_queued_imports(
        self, company: str, import_ids: Collection[str] | None = None
    ) -> list[QueuedImport]:
        """See `ImportLine.load_queued_imports`."""
        statement = "load_queued_imports" if import_ids is None else "load_queued_of"
        rows = self._load(statement, {"company": company, "ids": list(import_ids or ())})
        return [read_queued_import(row) for row in rows]

    def load_uploads_in_line(
        self, company: str, before_sequence: int | None, limit: int
    ) -> list[QueuedImport]:
        """See `ImportLine.load_uploads_in_line`."""
        before = 2**63 - 1 if before_sequence is None else before_sequence
        sought = {"company": company, "before_sequence": before, "limit": limit}
        return [read_queued_import(row) for row in self._load("load_uploads_in_line", sought)]

    def dequeue_import(self, import_id: str, *, unless_cancelled: bool = False) -> bool:
        """See `ImportLine.dequeue_import`."""
        statement = "delete_uncancelled_import" if unless_cancelled else "delete_queued_import"
        return self._write(statement, {"id": import_id}) > 0

    def load_waiting_companies(self) -> list[str]:
        """See `ImportLine.load_waiting_companies`."""
        return [company for (company,) in self._load("load_waiting_companies")]

    def find_waiting(self, import_ids: Collection[str]) -> dict[str, int]:
        """See `ImportLine.find_waiting`."""
        sought = {"ids": list(import_ids), "queued_bytes": QUEUED_BYTES}
        rows: list[tuple[str, int]] = self._load("find_waiting", sought)
        return dict(rows)

    # Parts

    def _insert_queued_import(
        self, connection: Connection[TupleRow], queued: QueuedImport
    ) -> QueuedImport:
        connection.execute(self._sql["lock_line"], {"company": queued.company})
        columns = queued_import_columns(queued)
        ((sequence,),) = connection.execute(self._sql["insert_queued_import"], columns).fetchall()
        return msgspec.structs.replace(queued, sequence=sequence)

    def _use_idempotency_key(
        self, connection: Connection[TupleRow], key: IdempotencyKey, expired_before: datetime
    ) -> IdempotencyKey | None:
        columns = idempotency_key_columns(key)
        expired = {"expired_before": to_microseconds(expired_before)}
        # Waits for whoever is about to use the same key.
        if connection.execute(self._sql["take_idempotency_key"], columns | expired).fetchone():
            return None
        ((*row,),) = connection.execute(self._sql["find_idempotency_key"], columns).fetchall()
        return read_idempotency_key(tuple(row))
