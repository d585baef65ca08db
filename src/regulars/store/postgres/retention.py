"""Statements for what is kept for a while only, in the PostgreSQL schema of a company."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from regulars.store.postgres import register
from regulars.store.rows import audit_columns, read_import, to_microseconds

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from datetime import datetime

    from psycopg import Connection
    from psycopg.rows import TupleRow

    from regulars.store.contract import ImportRun
    from regulars.store.contract.retention import Purge
    from regulars.store.identifier_key import IdentifierKeys
    from regulars.store.postgres.schema import Schema

    Session = Callable[[], AbstractContextManager[Connection[TupleRow]]]


class PostgresRetentionStore:
    """`RetentionStore` in a company's schema. `reading` and `writing` are the company store's."""

    def __init__(
        self, schema: Schema, reading: Session, writing: Session, identifier_keys: IdentifierKeys
    ) -> None:
        self._sql: Final = schema.statements | schema.load_statements("retention.sql")
        self._reading: Final = reading
        self._writing: Final = writing
        self._identifier_keys: Final = identifier_keys

    def find_purgeable(self, deleted_before: datetime, limit: int) -> list[int]:
        """See `RetentionStore.find_purgeable`."""
        sought = {"deleted_before": to_microseconds(deleted_before), "limit": limit}
        with self._reading() as connection:
            rows = connection.execute(self._sql["find_purgeable"], sought).fetchall()
        return [number for (number,) in rows]

    def save_purge(self, purge: Purge) -> None:
        """See `RetentionStore.save_purge`."""
        with self._writing() as connection:
            register.write_purge(connection, self._sql, self._identifier_keys, purge)
            connection.execute(self._sql["insert_audit_entry"], audit_columns(purge.audit_entry))
            connection.execute(self._sql["save_purged"], {"version": purge.last_version})

    def load_failed(self) -> list[ImportRun]:
        """See `RetentionStore.load_failed`."""
        with self._reading() as connection:
            rows = connection.execute(self._sql["load_failed"]).fetchall()
        return [read_import(row) for row in rows]
