"""Customers as Parquet, a column for each field (SPEC section 10).

Owns which type of column holds which type of field. Must not know which customers are written, nor
that it is an export.
"""

from __future__ import annotations

from datetime import date, datetime
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO, Final

import msgspec
import pyarrow as pa
from pyarrow import parquet

from regulars.domain.records.own_keys import CUSTOMER_KEY
from regulars.services.export_rows import compile_export_row, export_columns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from regulars.domain.customers.customer import Customer
    from regulars.domain.fields.schema import Schema
    from regulars.domain.fields.types import Value

_CONVERTED_CUSTOMERS: Final = 5_000
"""As many as stand in memory as Python's values, which take ten times the room of Arrow's."""
_ROW_GROUP_CUSTOMERS: Final = 50_000

_COLUMN_TYPES: Final[Mapping[str, pa.DataType]] = {
    "boolean": pa.bool_(),
    "integer": pa.int64(),
    "money": pa.int64(),
    "number": pa.float64(),
    "date": pa.date32(),
    "datetime": pa.timestamp("us", tz="UTC"),
    "list": pa.list_(pa.string()),
    "set": pa.list_(pa.string()),
}
"""By type of field; all others are text, objects as JSON."""
_CONVERTERS: Final[Mapping[str, Callable[[str], object]]] = {
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
    "number": float,
    "object": lambda value: msgspec.json.encode(value).decode(),
}
"""For types whose values are shown as something else than what Arrow takes."""


def write_parquet(schema: Schema, customers: Iterable[Customer], stream: BinaryIO) -> int:
    """Write customers as one file; gives how many. Needs no more memory for more customers."""
    types = {field.name: field.type for field in schema.fields.values()} | {CUSTOMER_KEY: "integer"}
    columns = {name: types[name] for name in export_columns(schema)}
    arrow_schema = pa.schema(
        [(name, _COLUMN_TYPES.get(type_, pa.string())) for name, type_ in columns.items()]
    )
    shown = map(compile_export_row(schema), customers)
    count = 0
    with parquet.ParquetWriter(stream, arrow_schema, compression="zstd") as writer:
        while batches := list(_row_group(shown, columns, arrow_schema)):
            table = pa.Table.from_batches(batches, arrow_schema)
            writer.write_table(table)
            count += table.num_rows
    return count


def _row_group(
    shown: Iterator[Mapping[str, Value]], columns: Mapping[str, str], arrow_schema: pa.Schema
) -> Iterator[pa.RecordBatch]:
    for _ in range(_ROW_GROUP_CUSTOMERS // _CONVERTED_CUSTOMERS):
        rows = list(islice(shown, _CONVERTED_CUSTOMERS))
        if not rows:
            return
        arrays = [
            pa.array(_convert(rows, name, type_name), arrow_schema.field(name).type)
            for name, type_name in columns.items()
        ]
        yield pa.record_batch(arrays, arrow_schema)


def _convert(rows: list[Mapping[str, Value]], name: str, type_name: str) -> list[object]:
    values: list[object] = [row.get(name) for row in rows]
    convert = _CONVERTERS.get(type_name)
    if convert is None:
        return values
    return [None if value is None else convert(value) for value in values]  # type: ignore[arg-type]
