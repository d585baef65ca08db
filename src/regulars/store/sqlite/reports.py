"""Problems of imports and rejected records in a SQLite file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from regulars.store.contract.reports import RejectedRow
from regulars.store.report_rows import (
    decode_header,
    encode_header,
    identifier_keys,
    identifier_rows,
    problem_columns,
    read_problem,
    read_rejected,
    rejected_columns,
)
from regulars.store.rows import to_microseconds
from regulars.store.sqlite.register import json_list
from regulars.store.statements import load_statements

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Collection, Iterable, Sequence
    from datetime import datetime

    from regulars.domain.identity.identifiers import Entry
    from regulars.domain.records.problem import Problem
    from regulars.store.contract import Batch, ProblemCodes
    from regulars.store.sqlite.database import Database
    from regulars.store.turn import Turn

SQL: Final = load_statements("sqlite", "reports.sql")


class SqliteReports:
    """`ReportStore` in the file of the company."""

    def __init__(
        self, database: Database, turn: Turn, identifier_key: Callable[[int, str], int]
    ) -> None:
        self._database: Final = database
        self._turn: Final = turn
        self._identifier_key: Final = identifier_key

    def add_batch(self, batch: Batch) -> None:
        """See `ReportStore.add_batch`."""
        if batch.problems or batch.rejected:
            self.add(batch.import_run.number, batch.problems, batch.rejected, batch.header)
        if batch.erased:
            self.erase(batch.erased)

    def add(
        self,
        import_number: int,
        problems: Sequence[Problem],
        rejected: Sequence[RejectedRow],
        header: Sequence[str] | None = None,
    ) -> None:
        """See `ReportStore.add`."""
        self._turn.check_taken()
        with self._database.write() as connection:
            if problems:
                own = {"import_number": import_number}
                (last,) = connection.execute(SQL["last_problem"], own).fetchone()
                connection.executemany(
                    SQL["insert_problem"],
                    [
                        problem_columns(import_number, number, each)
                        for number, each in enumerate(problems, start=last + 1)
                    ],
                )
            if rejected:
                connection.executemany(
                    SQL["insert_rejected_record"],
                    [rejected_columns(import_number, row) for row in rejected],
                )
                connection.executemany(
                    SQL["insert_rejected_identifier"],
                    identifier_rows(self._identifier_key, import_number, rejected),
                )
            if rejected and header is not None:
                connection.execute(
                    SQL["save_rejected_header"],
                    {"import_number": import_number, "header": encode_header(header)},
                )

    def erase(self, identifiers: Collection[Entry]) -> None:
        """See `ReportStore.erase`."""
        self._turn.check_taken()
        keys = {"keys": json_list(identifier_keys(self._identifier_key, identifiers))}
        with self._database.write() as connection:
            connection.execute(SQL["delete_named_records"], keys)
            connection.execute(SQL["delete_named_identifiers"], keys)

    def load_problems(
        self, import_number: int, after: int, limit: int, codes: ProblemCodes | None = None
    ) -> list[tuple[int, Problem]]:
        """See `ReportStore.load_problems`."""
        page = {
            "import_number": import_number,
            "after": after,
            "limit": limit,
            "codes": None if codes is None else json_list(codes.as_usual),
            "rejecting": None if codes is None else json_list(codes.rejecting),
        }
        with self._database.read() as connection:
            return [read_problem(row) for row in connection.execute(SQL["load_problems"], page)]

    def load_rejected(self, import_number: int, after_record: int, limit: int) -> list[RejectedRow]:
        """See `ReportStore.load_rejected`."""
        page = {"import_number": import_number, "after_record": after_record, "limit": limit}
        with self._database.read() as connection:
            rows = connection.execute(SQL["load_rejected_records"], page)
            return [read_rejected(row) for row in rows]

    def load_header(self, import_number: int) -> tuple[str, ...] | None:
        """See `ReportStore.load_header`."""
        own = {"import_number": import_number}
        with self._database.read() as connection:
            row = connection.execute(SQL["load_rejected_header"], own).fetchone()
        return None if row is None else decode_header(row[0])

    def find_with_rejected(self, import_numbers: Collection[int]) -> set[int]:
        """See `ReportStore.find_with_rejected`."""
        sought = {"import_numbers": json_list(import_numbers)}
        with self._database.read() as connection:
            return {number for (number,) in connection.execute(SQL["find_with_rejected"], sought)}

    def delete(self, import_number: int) -> None:
        """See `ReportStore.delete`."""
        self._turn.check_taken()
        with self._database.write() as connection:
            connection.execute(SQL["delete_problems"], {"import_number": import_number})
            if self.find_with_rejected([import_number]):
                _delete_rejected(connection, [import_number])

    def delete_rejected(self, before: datetime) -> int:
        """See `ReportStore.delete_rejected`."""
        self._turn.check_taken()
        limit = {"before": to_microseconds(before)}
        with self._database.write() as connection:
            old = [number for (number,) in connection.execute(SQL["find_old_rejected"], limit)]
            if old:
                _delete_rejected(connection, old)
        return len(old)


def _delete_rejected(connection: sqlite3.Connection, import_numbers: Iterable[int]) -> None:
    numbers = {"import_numbers": json_list(import_numbers)}
    connection.execute(SQL["delete_rejected_records"], numbers)
    connection.execute(SQL["delete_rejected_headers"], numbers)
    connection.execute(SQL["delete_rejected_identifiers"], numbers)
