"""The tables of an index, filled by the plain rule for what columns hold, in memory."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import duckdb
import pyarrow as pa

from regulars.domain.segments.days import local_day
from regulars.domain.segments.values import comparable, compile_recorded
from regulars.index.columns import day_column
from regulars.index.compile import compile_condition

if TYPE_CHECKING:
    from collections.abc import Iterable

    from regulars.domain.fields.schema import CompiledField, Schema
    from regulars.domain.segments.checked import Checked
    from regulars.domain.segments.evaluate import Subject

_INSTANT: Final = pa.timestamp("us")
_LIST: Final = pa.list_(pa.string())
_TYPES: Final = {
    "boolean": pa.bool_(),
    "integer": pa.int64(),
    "money": pa.int64(),
    "number": pa.float64(),
    "date": pa.date32(),
    "datetime": _INSTANT,
    "list": _LIST,
    "set": _LIST,
    "object": pa.bool_(),
}
"""Of columns by the type of their field; all others are text."""
_HISTORY: Final = pa.schema(
    {
        "customer": pa.int64(),
        "field": pa.string(),
        "day": pa.date32(),
        "old": pa.string(),
        "new": pa.string(),
        "version": pa.int64(),
    }
)


class MadeUpIndex:
    """An index of one company."""

    def __init__(self, schema: Schema) -> None:
        self.schema: Final = schema
        columns = {"id": pa.int64(), "sample": pa.int16(), "created_at day": pa.date32()}
        for key, field in schema.fields.items():
            columns[key] = _TYPES.get(field.type, pa.string())
            if field.type == "datetime":
                columns[day_column(key)] = pa.date32()
        self._columns: Final = pa.schema(columns)
        self._connection: Final = duckdb.connect()

    def fill(self, subjects: Iterable[Subject]) -> None:
        """Put these customers in place of those that there were."""
        subjects = list(subjects)
        customers = [self._row(subject) for subject in subjects]
        history = [row for subject in subjects for row in self._history(subject)]
        self._connection.register("customers", pa.Table.from_pylist(customers, self._columns))
        self._connection.register("changes", pa.Table.from_pylist(history, _HISTORY))
        # Tables, not the arrays themselves: their statistics are part of what is tested.
        self._connection.execute("CREATE OR REPLACE TABLE customer AS SELECT * FROM customers")
        self._connection.execute("CREATE OR REPLACE TABLE history AS SELECT * FROM changes")

    def find(self, checked: Checked, now: datetime) -> set[int]:
        """The ids of the customers whom a condition finds."""
        where, bound = compile_condition(checked, now)
        found = self._connection.execute(f"SELECT id FROM customer WHERE {where}", bound)  # noqa: S608
        return {number for (number,) in found.fetchall()}

    def _row(self, subject: Subject) -> dict[str, object]:
        timezone = self.schema.context.timezone
        row: dict[str, object] = {
            "id": subject.id,
            "sample": subject.sample,
            "created_at day": local_day(subject.history[0].at, timezone),
        }
        for key, field in self.schema.fields.items():
            stored = subject.fields.get(field.name)
            value = None if stored is None else comparable(field, stored)
            if isinstance(value, datetime):
                row[day_column(key)] = local_day(value, timezone)
                value = value.astimezone(UTC).replace(tzinfo=None)
            row[key] = list(value) if isinstance(value, tuple) else value
        return row

    def _history(self, subject: Subject) -> Iterable[dict[str, object]]:
        timezone = self.schema.context.timezone
        for version, change in enumerate(subject.history):
            if change.before is None:
                continue
            for name, after in change.after.items():
                field = self._field(name)
                record = compile_recorded(field, timezone)
                yield {
                    "customer": subject.id,
                    "field": name.lower(),
                    "day": local_day(change.at, timezone),
                    "old": record(change.before.get(name)),
                    "new": record(after),
                    "version": version,
                }

    def _field(self, name: str) -> CompiledField:
        field = self.schema.find(name)
        assert field is not None
        return field
