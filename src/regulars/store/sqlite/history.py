"""Statements on the past of customers, in the SQLite file of a company."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from regulars.store.rows import read_history_row
from regulars.store.statements import load_statements

if TYPE_CHECKING:
    from regulars.store.contract.history import HistoryRow
    from regulars.store.sqlite.database import Database

SQL: Final = load_statements("sqlite", "history.sql")


class SqliteHistoryStore:
    """`HistoryStore` on a company's file."""

    def __init__(self, database: Database) -> None:
        self._database: Final = database

    def load(self, customer_id: int) -> list[HistoryRow]:
        """See `HistoryStore.load`."""
        with self._database.read() as connection:
            rows = connection.execute(SQL["load_history_of_customer"], {"customer_id": customer_id})
            return [read_history_row(row) for row in rows]
