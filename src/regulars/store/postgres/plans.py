"""Statements for plans and holds, in the PostgreSQL schema of a company."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from regulars.store.plan_rows import plan_columns, read_plan
from regulars.store.rows import import_columns, read_import

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from contextlib import AbstractContextManager

    from psycopg import Connection
    from psycopg.rows import TupleRow

    from regulars.store.contract import ImportRun
    from regulars.store.contract.plans import Plan
    from regulars.store.postgres.schema import Statements

    Session = Callable[[], AbstractContextManager[Connection[TupleRow]]]


class PostgresPlanStore:
    """`PlanStore` in a company's schema. `reading` and `writing` are the company store's."""

    def __init__(self, statements: Statements, reading: Session, writing: Session) -> None:
        self._sql: Final = statements
        self._reading: Final = reading
        self._writing: Final = writing

    def save_plan(self, plan: Plan) -> None:
        """See `PlanStore.save_plan`."""
        self._write("save_plan", plan_columns(plan))

    def find_plan(self, import_number: int) -> Plan | None:
        """See `PlanStore.find_plan`."""
        rows = self._load("find_plan", {"import_number": import_number})
        return read_plan(rows[0]) if rows else None

    def add_part(self, import_number: int, first: int, last: int, part: bytes) -> None:
        """See `PlanStore.add_part`."""
        columns = {"import_number": import_number, "first": first, "last": last, "part": part}
        self._write("insert_part", columns)

    def load_parts(self, import_number: int, first: int, last: int) -> list[bytes]:
        """See `PlanStore.load_parts`."""
        sought = {"import_number": import_number, "first": first, "last": last}
        return [bytes(part) for (part,) in self._load("load_parts", sought)]

    def save_samples(self, import_number: int, samples: Sequence[bytes]) -> None:
        """See `PlanStore.save_samples`."""
        with self._writing() as connection, connection.cursor() as cursor:
            cursor.execute(self._sql["delete_samples"], {"import_number": import_number})
            cursor.executemany(
                self._sql["insert_sample"],
                [
                    {"import_number": import_number, "number": number, "sample": sample.decode()}
                    for number, sample in enumerate(samples)
                ],
            )

    def load_samples(self, import_number: int) -> list[bytes]:
        """See `PlanStore.load_samples`."""
        rows = self._load("load_samples", {"import_number": import_number})
        return [sample.encode() for (sample,) in rows]

    def delete_samples(self) -> None:
        """See `PlanStore.delete_samples`."""
        self._write("delete_all_samples", {})

    def delete_plan(self, import_number: int) -> None:
        """See `PlanStore.delete_plan`."""
        with self._writing() as connection:
            connection.execute(self._sql["delete_parts"], {"import_number": import_number})
            connection.execute(self._sql["delete_samples"], {"import_number": import_number})

    def begin_again(self, run: ImportRun) -> None:
        """See `PlanStore.begin_again`."""
        columns = import_columns(run)
        self._write("begin_again", columns | {"report": columns["report"].decode()})

    def load_kept(self) -> list[ImportRun]:
        """See `PlanStore.load_kept`."""
        return [read_import(row) for row in self._load("load_kept", {})]

    def count_permitted(self, permission: str) -> int:
        """See `PlanStore.count_permitted`."""
        ((count,),) = self._load("count_permitted", {"permission": permission})
        return int(count)

    def _load(self, statement: str, parameters: Mapping[str, object]) -> list[TupleRow]:
        with self._reading() as connection:
            return connection.execute(self._sql[statement], parameters).fetchall()

    def _write(self, statement: str, parameters: Mapping[str, object]) -> None:
        with self._writing() as connection:
            connection.execute(self._sql[statement], parameters)
