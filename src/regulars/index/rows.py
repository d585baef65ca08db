"""Rows of an index file: put in from arrays, and taken out by number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    import duckdb

_FEW: Final = 500
"""Customers named in the statement itself: parts of the table without them are not looked at."""


def insert_rows(cursor: duckdb.DuckDBPyConnection, table: str, rows: pa.Table) -> None:
    """Put rows into a table, columns by name."""
    if rows.num_rows:
        cursor.register("page", rows)
        cursor.execute(f"INSERT INTO {table} BY NAME SELECT * FROM page")
        cursor.unregister("page")


def delete_rows(
    cursor: duckdb.DuckDBPyConnection, table: str, column: str, ids: Collection[int]
) -> None:
    """Take out the rows that have one of the numbers in a column."""
    if ids:
        cursor.execute(f"DELETE FROM {table} WHERE {among(cursor, column, ids)}")


def among(cursor: duckdb.DuckDBPyConnection, column: str, ids: Iterable[int]) -> str:
    """A condition: the column is one of these numbers."""
    numbers = sorted(ids)
    if len(numbers) <= _FEW:
        return f"{column} IN ({', '.join(map(str, numbers))})"
    cursor.register("sought", pa.table({"number": pa.array(numbers, pa.int64())}))
    return (
        f"{column} BETWEEN {numbers[0]} AND {numbers[-1]} AND "
        f"{column} IN (SELECT number FROM sought)"
    )
