"""Problems of imports and rejected records in a PostgreSQL schema."""

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

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime

    from psycopg import Connection
    from psycopg.rows import TupleRow

    from regulars.domain.identity.identifiers import Entry
    from regulars.domain.records.problem import Problem
    from regulars.store.contract import Batch, ProblemCodes
    from regulars.store.postgres.schema import Statements

    Transaction = Callable[[], AbstractContextManager[Connection[TupleRow]]]


class PostgresReports:
    """`ReportStore` in the schema of the company. `reading` and `writing` give a session, as the
    company's store has them.
    """

    def __init__(
        self,
        statements: Statements,
        reading: Transaction,
        writing: Transaction,
        identifier_key: Callable[[int, str], int],
    ) -> None:
        self._sql: Final = statements
        self._reading: Final = reading
        self._writing: Final = writing
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
        own = {"import_number": import_number}
        with self._writing() as connection:
            if problems:
                ((last,),) = connection.execute(self._sql["last_problem"], own).fetchall()
                self._copy(
                    connection,
                    "copy_problems",
                    (
                        problem_columns(import_number, number, each)
                        for number, each in enumerate(problems, start=last + 1)
                    ),
                )
            if rejected:
                rows = (rejected_columns(import_number, row) for row in rejected)
                self._copy(connection, "copy_rejected_records", rows)
                keys = identifier_rows(self._identifier_key, import_number, rejected)
                self._copy(connection, "copy_rejected_identifiers", keys)
            if rejected and header is not None:
                connection.execute(
                    self._sql["save_rejected_header"], own | {"header": encode_header(header)}
                )

    def erase(self, identifiers: Collection[Entry]) -> None:
        """See `ReportStore.erase`."""
        keys = {"keys": list(identifier_keys(self._identifier_key, identifiers))}
        with self._writing() as connection:
            connection.execute(self._sql["delete_named_records"], keys)
            connection.execute(self._sql["delete_named_identifiers"], keys)

    def load_problems(
        self, import_number: int, after: int, limit: int, codes: ProblemCodes | None = None
    ) -> list[tuple[int, Problem]]:
        """See `ReportStore.load_problems`."""
        page = {
            "import_number": import_number,
            "after": after,
            "limit": limit,
            "codes": None if codes is None else list(codes.as_usual),
            "rejecting": None if codes is None else list(codes.rejecting),
        }
        return [read_problem(row) for row in self._load("load_problems", page)]

    def load_rejected(self, import_number: int, after_record: int, limit: int) -> list[RejectedRow]:
        """See `ReportStore.load_rejected`."""
        page = {"import_number": import_number, "after_record": after_record, "limit": limit}
        return [read_rejected(row) for row in self._load("load_rejected_records", page)]

    def load_header(self, import_number: int) -> tuple[str, ...] | None:
        """See `ReportStore.load_header`."""
        rows = self._load("load_rejected_header", {"import_number": import_number})
        return decode_header(rows[0][0]) if rows else None

    def find_with_rejected(self, import_numbers: Collection[int]) -> set[int]:
        """See `ReportStore.find_with_rejected`."""
        sought = {"import_numbers": list(import_numbers)}
        return {number for (number,) in self._load("find_with_rejected", sought)}

    def delete(self, import_number: int) -> None:
        """See `ReportStore.delete`."""
        with self._writing() as connection:
            own = {"import_number": import_number}
            connection.execute(self._sql["delete_problems"], own)
            if self.find_with_rejected([import_number]):
                self._delete_rejected(connection, [import_number])

    def delete_rejected(self, before: datetime) -> int:
        """See `ReportStore.delete_rejected`."""
        limit = {"before": to_microseconds(before)}
        with self._writing() as connection:
            found = connection.execute(self._sql["find_old_rejected"], limit).fetchall()
            old = [number for (number,) in found]
            if old:
                self._delete_rejected(connection, old)
        return len(old)

    def _delete_rejected(self, connection: Connection[TupleRow], import_numbers: list[int]) -> None:
        numbers = {"import_numbers": import_numbers}
        connection.execute(self._sql["delete_rejected_records"], numbers)
        connection.execute(self._sql["delete_rejected_headers"], numbers)
        connection.execute(self._sql["delete_rejected_identifiers"], numbers)

    def _load(self, statement: str, parameters: Mapping[str, object]) -> list[TupleRow]:
        with self._reading() as connection, connection.cursor(binary=True) as cursor:
            return cursor.execute(self._sql[statement], parameters).fetchall()

    def _copy(
        self,
        connection: Connection[TupleRow],
        statement: str,
        rows: Iterable[Sequence[object]],
    ) -> None:
        with connection.cursor() as cursor, cursor.copy(self._sql[statement]) as copy:
            for row in rows:
                copy.write_row(row)
