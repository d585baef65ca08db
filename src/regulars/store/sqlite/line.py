"""The line of imports and idempotency keys, in the installation's SQLite file."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Final

import msgspec

from regulars.errors import ConflictError
from regulars.store.contract.line import QUEUED_BYTES
from regulars.store.due_audit import change, insert_due_entry
from regulars.store.rows import (
    idempotency_key_columns,
    is_storable,
    queued_import_columns,
    read_idempotency_key,
    read_queued_import,
    to_microseconds,
)
from regulars.store.sqlite.register import json_list
from regulars.store.statements import load_statements

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from regulars.store.contract import AuditEntry, IdempotencyKey, QueuedImport
    from regulars.store.rows import Row
    from regulars.store.sqlite.database import Database

SQL: Final = load_statements("sqlite", "installation.sql")


def find_row(
    database: Database, statement: str, parameters: Mapping[str, str | bytes]
) -> Row | None:
    """The row of that name, if there is one."""
    if not all(is_storable(text) for text in parameters.values() if isinstance(text, str)):
        return None
    with database.read() as connection:
        row: Row | None = connection.execute(SQL[statement], parameters).fetchone()
    return row


class SqliteImportLine:
    """`ImportLine` on the installation's file."""

    def __init__(self, database: Database) -> None:
        self._database: Final = database

    def enqueue_import(self, queued: QueuedImport, entry: AuditEntry | None = None) -> QueuedImport:
        """See `ImportLine.enqueue_import`."""
        try:
            with self._database.write() as connection:
                insert_due_entry(connection, SQL, queued.company, entry)
                return _insert_queued_import(connection, queued)
        except sqlite3.IntegrityError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_CONSTRAINT_UNIQUE:
                raise
            raise ConflictError("the import waits in the line already") from error

    def enqueue_import_once(
        self, queued: QueuedImport, key: IdempotencyKey, expired_before: datetime
    ) -> QueuedImport | IdempotencyKey:
        """See `ImportLine.enqueue_import_once`."""
        with self._database.write() as connection:
            used = _take_idempotency_key(connection, key, expired_before)
            return used or _insert_queued_import(connection, queued)

    def use_idempotency_key(
        self, key: IdempotencyKey, expired_before: datetime
    ) -> IdempotencyKey | None:
        """See `ImportLine.use_idempotency_key`."""
        with self._database.write() as connection:
            return _take_idempotency_key(connection, key, expired_before)

    def delete_idempotency_keys(self, before: datetime) -> int:
        """See `ImportLine.delete_idempotency_keys`."""
        columns = {"before": to_microseconds(before)}
        with self._database.write() as connection:
            return connection.execute(SQL["delete_idempotency_keys"], columns).rowcount

    def cancel_queued_import(self, company: str, import_id: str, entry: AuditEntry) -> bool:
        """See `ImportLine.cancel_queued_import`."""
        columns = {"company": company, "id": import_id}
        if not is_storable(import_id):
            return False
        with self._database.write() as connection:
            return change(connection, SQL, "cancel_queued_import", columns, company, entry)

    def next_import(self, company: str) -> QueuedImport | None:
        """See `ImportLine.next_import`."""
        row = find_row(self._database, "next_import", {"company": company})
        return None if row is None else read_queued_import(row)

    def find_queued_import(self, company: str, import_id: str) -> QueuedImport | None:
        """See `ImportLine.find_queued_import`."""
        row = find_row(self._database, "find_queued_import", {"company": company, "id": import_id})
        return None if row is None else read_queued_import(row)

    def load_queued_imports(
        self, company: str, import_ids: Collection[str] | None = None
    ) -> list[QueuedImport]:
        """See `ImportLine.load_queued_imports`."""
        statement = "load_queued_imports" if import_ids is None else "load_queued_of"
        sought = {"company": company, "ids": json_list(import_ids or ())}
        with self._database.read() as connection:
            return [read_queued_import(row) for row in connection.execute(SQL[statement], sought)]

    def load_uploads_in_line(
        self, company: str, before_sequence: int | None, limit: int
    ) -> list[QueuedImport]:
        """See `ImportLine.load_uploads_in_line`."""
        before = 2**63 - 1 if before_sequence is None else before_sequence
        sought = {"company": company, "before_sequence": before, "limit": limit}
        with self._database.read() as connection:
            rows = connection.execute(SQL["load_uploads_in_line"], sought)
            return [read_queued_import(row) for row in rows]

    def dequeue_import(self, import_id: str, *, unless_cancelled: bool = False) -> bool:
        """See `ImportLine.dequeue_import`."""
        statement = "delete_uncancelled_import" if unless_cancelled else "delete_queued_import"
        with self._database.write() as connection:
            return connection.execute(SQL[statement], {"id": import_id}).rowcount > 0

    def load_waiting_companies(self) -> list[str]:
        """See `ImportLine.load_waiting_companies`."""
        with self._database.read() as connection:
            return [company for (company,) in connection.execute(SQL["load_waiting_companies"])]

    def find_waiting(self, import_ids: Collection[str]) -> dict[str, int]:
        """See `ImportLine.find_waiting`."""
        sought = {"ids": json_list(import_ids), "queued_bytes": QUEUED_BYTES}
        with self._database.read() as connection:
            return dict(connection.execute(SQL["find_waiting"], sought))


def _insert_queued_import(connection: sqlite3.Connection, queued: QueuedImport) -> QueuedImport:
    """Accept an import; gives it with its sequence."""
    columns = queued_import_columns(queued)
    sequence = connection.execute(SQL["insert_queued_import"], columns).lastrowid
    return msgspec.structs.replace(queued, sequence=sequence)


def _take_idempotency_key(
    connection: sqlite3.Connection, key: IdempotencyKey, expired_before: datetime
) -> IdempotencyKey | None:
    """Use a key; gives it as it was used, where it is in use already."""
    columns = idempotency_key_columns(key)
    expired = {"expired_before": to_microseconds(expired_before)}
    if connection.execute(SQL["take_idempotency_key"], columns | expired).fetchone():
        return None
    return read_idempotency_key(connection.execute(SQL["find_idempotency_key"], columns).fetchone())
