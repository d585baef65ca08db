"""Statements for what is kept for a while only, in the SQLite file of a company."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from regulars.store.rows import audit_columns, read_import, to_microseconds
from regulars.store.sqlite import register
from regulars.store.statements import load_statements

if TYPE_CHECKING:
    from datetime import datetime

    from regulars.store.contract import ImportRun
    from regulars.store.contract.retention import Purge
    from regulars.store.identifier_key import IdentifierKeys
    from regulars.store.sqlite.database import Database
    from regulars.store.turn import Turn

SQL: Final = load_statements("sqlite", "retention.sql")


class SqliteRetentionStore:
    """`RetentionStore` on a company's file."""

    def __init__(self, database: Database, turn: Turn, identifier_keys: IdentifierKeys) -> None:
        self._database: Final = database
        self._turn: Final = turn
        self._identifier_keys: Final = identifier_keys

    def find_purgeable(self, deleted_before: datetime, limit: int) -> list[int]:
        """See `RetentionStore.find_purgeable`."""
        sought = {"deleted_before": to_microseconds(deleted_before), "limit": limit}
        with self._database.read() as connection:
            return [number for (number,) in connection.execute(SQL["find_purgeable"], sought)]

    def save_purge(self, purge: Purge) -> None:
        """See `RetentionStore.save_purge`."""
        self._turn.check_taken()
        with self._database.write() as connection:
            register.write_purge(connection, self._identifier_keys, purge)
            connection.execute(register.SQL["insert_audit_entry"], audit_columns(purge.audit_entry))
            connection.execute(SQL["save_purged"], {"version": purge.last_version})

    def load_failed(self) -> list[ImportRun]:
        """See `RetentionStore.load_failed`."""
        with self._database.read() as connection:
            return [read_import(row) for row in connection.execute(SQL["load_failed"])]
