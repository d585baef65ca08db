"""Statements for plans and holds, in the SQLite file of a company."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from regulars.store.plan_rows import plan_columns, read_plan
from regulars.store.rows import import_columns, read_import
from regulars.store.statements import load_statements

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from regulars.store.contract import ImportRun
    from regulars.store.contract.plans import Plan
    from regulars.store.rows import Row
    from regulars.store.sqlite.database import Database
    from regulars.store.turn import Turn

SQL: Final = load_statements("sqlite", "plans.sql")


class SqlitePlanStore:
    """`PlanStore` on a company's file."""

    def __init__(self, database: Database, turn: Turn) -> None:
        self._database: Final = database
        self._turn: Final = turn

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
        return [part for (part,) in self._load("load_parts", sought)]

    def save_samples(self, import_number: int, samples: Sequence[bytes]) -> None:
        """See `PlanStore.save_samples`."""
        self._turn.check_taken()
        with self._database.write() as connection:
            connection.execute(SQL["delete_samples"], {"import_number": import_number})
            connection.executemany(
                SQL["insert_sample"],
                [
                    {"import_number": import_number, "number": number, "sample": sample}
                    for number, sample in enumerate(samples)
                ],
            )

    def load_samples(self, import_number: int) -> list[bytes]:
        """See `PlanStore.load_samples`."""
        rows = self._load("load_samples", {"import_number": import_number})
        return [sample for (sample,) in rows]

    def delete_samples(self) -> None:
        """See `PlanStore.delete_samples`."""
        self._write("delete_all_samples", {})

    def delete_plan(self, import_number: int) -> None:
        """See `PlanStore.delete_plan`."""
        self._turn.check_taken()
        with self._database.write() as connection:
            connection.execute(SQL["delete_parts"], {"import_number": import_number})
            connection.execute(SQL["delete_samples"], {"import_number": import_number})

    def begin_again(self, run: ImportRun) -> None:
        """See `PlanStore.begin_again`."""
        self._write("begin_again", import_columns(run))

    def load_kept(self) -> list[ImportRun]:
        """See `PlanStore.load_kept`."""
        return [read_import(row) for row in self._load("load_kept", {})]

    def count_permitted(self, permission: str) -> int:
        """See `PlanStore.count_permitted`."""
        ((count,),) = self._load("count_permitted", {"permission": permission})
        return int(count)

    def _load(self, statement: str, parameters: Mapping[str, object]) -> list[Row]:
        with self._database.read() as connection:
            return connection.execute(SQL[statement], parameters).fetchall()

    def _write(self, statement: str, parameters: Mapping[str, object]) -> None:
        self._turn.check_taken()
        with self._database.write() as connection:
            connection.execute(SQL[statement], parameters)
