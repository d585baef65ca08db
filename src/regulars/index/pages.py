"""Pages of the store's history as rows of the index.

Owns what a change means for the tables: who enters, who leaves, what is remembered. Must not know
statements.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec
import pyarrow as pa

from regulars.domain.customers.customer import decode_fields
from regulars.domain.segments.search import BETWEEN, fold
from regulars.domain.segments.values import compile_recorded, compile_sample_number
from regulars.index import flags
from regulars.index.columns import CREATED_AT, INSTANT, LocalDays, compile_columns, day_column
from regulars.store.contract.values import STATE_NUMBERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from regulars.domain.fields.schema import Schema
    from regulars.index.columns import Values
    from regulars.store.contract import ChangedRow

_LIVING: Final = STATE_NUMBERS["living"]
_FORGOTTEN: Final = STATE_NUMBERS["forgotten"]

HISTORY: Final = pa.schema(
    {
        "customer": pa.int64(),
        "field": pa.string(),
        "changed_at": INSTANT,
        "day": pa.date32(),
        "old": pa.string(),
        "new": pa.string(),
        "version": pa.int64(),
    }
)


class Page(msgspec.Struct, frozen=True):
    """What a page of changes leaves of the customers that it names."""

    living: dict[int, ChangedRow]
    """Their newest row by customer."""
    forgotten: dict[int, str | None]
    """Their external_id by customer."""
    created_at: dict[int, int]
    """When the customers were made that were made in this page, in microseconds since 1970."""
    updates: list[ChangedRow]
    """Changes of living customers that existed before."""
    ids: set[int]
    """Of all customers named."""


def read_page(rows: Iterable[ChangedRow]) -> Page:
    """Sort changes, which are in order of version, by what they mean."""
    newest: dict[int, ChangedRow] = {}
    created_at: dict[int, int] = {}
    updates: list[ChangedRow] = []
    for row in rows:
        if row.state is not None:
            newest[row.customer_id] = row
        if row.before is None:
            created_at[row.customer_id] = row.changed_at
        else:
            updates.append(row)
    living = {number: row for number, row in newest.items() if row.state == _LIVING}
    return Page(
        living,
        {
            number: decode_fields(row.document or b"{}").get("external_id")
            for number, row in newest.items()
            if row.state == _FORGOTTEN
        },
        created_at,
        [row for row in updates if row.customer_id in living],
        set(newest),
    )


class PageWriter:
    """Makes arrays of pages, for the fields that a company has now."""

    def __init__(self, schema: Schema, salt: bytes) -> None:
        self._sample: Final = compile_sample_number(salt)
        self._days: Final = LocalDays(schema.context.timezone)
        self._columns: Final = compile_columns(schema)
        self._recorders: Final = {
            field.name: (key, compile_recorded(field, schema.context.timezone))
            for key, field in schema.fields.items()
        }

    def customers(self, rows: Sequence[ChangedRow], created_at: Sequence[int]) -> pa.Table:
        """Rows of living customers, without the columns in which none of them has anything."""
        ids = [row.customer_id for row in rows]
        documents = [decode_fields(row.document or b"{}") for row in rows]
        arrays = {
            "id": pa.array(ids, pa.int64()),
            "version": pa.array([row.version for row in rows], pa.int64()),
            CREATED_AT: pa.array(created_at, INSTANT),
            day_column(CREATED_AT): self._days.of_microseconds(created_at),
            "sample": pa.array(map(self._sample, ids), pa.int16()),
        }
        texts: list[Values] = [[None] * len(rows)]
        present = set[str]().union(*documents)
        for column in self._columns:
            if column.name in present:
                values = [document.get(column.name) for document in documents]
                arrays[column.key] = column.to_array(values)
                if column.has_day:
                    arrays[day_column(column.key)] = column.to_days(values)
                if column.to_texts is not None:
                    texts.append(column.to_texts(values))
        arrays[flags.COLUMN] = flags.make_flags(arrays, len(rows))
        arrays["search"] = pa.array(map(_folded, zip(*texts, strict=True)), pa.string())
        return pa.table(arrays)

    def history(self, updates: Iterable[ChangedRow]) -> pa.Table:
        """A row for every field that each change wrote."""
        written = [
            (row.customer_id, key, row.changed_at, record(before.get(name)), record(value),
             row.version)
            for row in updates
            for before, after in [_values(row)]
            for name, value in after.items()
            for key, record in [self._recorders[name]]
        ]  # fmt: skip
        if not written:
            return HISTORY.empty_table()
        customers, keys, instants, old, new, versions = zip(*written, strict=True)
        days = self._days.of_microseconds(instants)
        return pa.table([customers, keys, instants, days, old, new, versions], schema=HISTORY)


def _folded(texts: Iterable[str | None]) -> str:
    """What words are looked for in; see `domain.segments.search`."""
    text = BETWEEN.join(filter(None, texts))
    # Nothing folds across what stands between; texts in ASCII, which most are, fold quickly.
    return text.lower() if text.isascii() else BETWEEN.join(map(fold, text.split(BETWEEN)))


def _values(row: ChangedRow) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Before and after a change."""
    return decode_fields(row.before or b"{}"), decode_fields(row.after or b"{}")
