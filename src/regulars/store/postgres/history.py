"""Statements on the past of customers, in the PostgreSQL schema of a company."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from regulars.store.rows import read_history_row

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from psycopg import Connection
    from psycopg.rows import TupleRow

    from regulars.store.contract.history import HistoryRow
    from regulars.store.postgres.schema import Statements

    Session = Callable[[], AbstractContextManager[Connection[TupleRow]]]


class PostgresHistoryStore:
    """`HistoryStore` in a company's schema. `reading` is the company store's."""

    def __init__(self, statements: Statements, reading: Session) -> None:
        self._sql: Final = statements
        self._reading: Final = reading

    def load(self, customer_id: int) -> list[HistoryRow]:
        """See `HistoryStore.load`."""
        with self._reading() as connection:
            rows = connection.execute(
                self._sql["load_history_of_customer"], {"customer_id": customer_id}
            ).fetchall()
        return [read_history_row(row) for row in rows]
