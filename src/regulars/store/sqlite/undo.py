"""Statements for undoing imports, in the SQLite file of a company."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from regulars.store.rows import read_past_change
from regulars.store.sqlite.register import json_list
from regulars.store.statements import load_statements

if TYPE_CHECKING:
    from collections.abc import Collection

    from regulars.domain.imports.undo_traces import PastChange
    from regulars.store.sqlite.database import Database
    from regulars.store.turn import Turn

SQL: Final = load_statements("sqlite", "undo.sql")


class SqliteUndoStore:
    """`UndoStore` on a company's file."""

    def __init__(self, database: Database, turn: Turn) -> None:
        self._database: Final = database
        self._turn: Final = turn

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
        with self._database.read() as connection:
            return connection.execute(SQL["load_changes_of_import"], page).fetchall()

    def load_history(self, customer_ids: Collection[int], after_version: int) -> list[PastChange]:
        """See `UndoStore.load_history`."""
        sought = {"customer_ids": json_list(customer_ids), "after_version": after_version}
        with self._database.read() as connection:
            rows = connection.execute(SQL["load_history"], sought)
            return [read_past_change(row) for row in rows]

    def remove_customers(self, ids: Collection[int]) -> None:
        """See `UndoStore.remove_customers`."""
        self._turn.check_taken()
        with self._database.write() as connection:
            connection.executemany(SQL["remove_customer"], [(number,) for number in ids])

    def find_progress(self, import_number: int) -> int | None:
        """See `UndoStore.find_progress`."""
        with self._database.read() as connection:
            row = connection.execute(
                SQL["find_undo_progress"], {"import_number": import_number}
            ).fetchone()
            return None if row is None else row[0]

    def save_progress(self, import_number: int, last_version: int | None) -> None:
        """See `UndoStore.save_progress`."""
        self._turn.check_taken()
        name = "delete_undo_progress" if last_version is None else "save_undo_progress"
        columns = {"import_number": import_number, "last_version": last_version}
        with self._database.write() as connection:
            connection.execute(SQL[name], columns)
