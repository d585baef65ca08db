"""Statements for undoing imports, in the PostgreSQL schema of a company."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from regulars.store.rows import read_past_change

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from contextlib import AbstractContextManager

    from psycopg import Connection
    from psycopg.rows import TupleRow

    from regulars.domain.imports.undo_traces import PastChange
    from regulars.store.postgres.schema import Statements

    Session = Callable[[], AbstractContextManager[Connection[TupleRow]]]


class PostgresUndoStore:
    """`UndoStore` in a company's schema. `reading` and `writing` are the company store's."""

    def __init__(self, statements: Statements, reading: Session, writing: Session) -> None:
        self._sql: Final = statements
        self._reading: Final = reading
        self._writing: Final = writing

    def load_changes_of_import(
        self, import_number: int, after_version: int, last_version: int, limit: int
    ) -> list[tuple[int, int]]:
        """See `UndoStore.load_changes_of_import`."""
        page = {
            "import_number": import_number,
            "after_version": after_version,
            "last_version": last_version,
            "limit": limit,
        }
        with self._reading() as connection:
            rows = connection.execute(self._sql["load_changes_of_import"], page).fetchall()
        return [(version, customer_id) for version, customer_id in rows]

    def load_history(self, customer_ids: Collection[int], after_version: int) -> list[PastChange]:
        """See `UndoStore.load_history`."""
        sought = {"customer_ids": list(customer_ids), "after_version": after_version}
        with self._reading() as connection:
            rows = connection.execute(self._sql["load_history"], sought).fetchall()
        return [read_past_change(row) for row in rows]

    def remove_customers(self, ids: Collection[int]) -> None:
        """See `UndoStore.remove_customers`."""
        with self._writing() as connection:
            connection.execute(self._sql["remove_customers"], {"ids": list(ids)})

    def find_progress(self, import_number: int) -> int | None:
        """See `UndoStore.find_progress`."""
        with self._reading() as connection:
            row = connection.execute(
                self._sql["find_undo_progress"], {"import_number": import_number}
            ).fetchone()
        return None if row is None else int(row[0])

    def save_progress(self, import_number: int, last_version: int | None) -> None:
        """See `UndoStore.save_progress`."""
        name = "delete_undo_progress" if last_version is None else "save_undo_progress"
        columns = {"import_number": import_number, "last_version": last_version}
        with self._writing() as connection:
            connection.execute(self._sql[name], columns)
