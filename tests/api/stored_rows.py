"""Everything that an installation holds, row by row and file by file, whatever the engine.

Owns where to look. What a database keeps of deleted rows in its files is not looked at.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tests.running_server import RunningServer

_TABLES = """
SELECT table_schema, table_name FROM information_schema.tables
WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')
"""


def places_of(server: RunningServer, values: Iterable[str]) -> set[str]:
    """The tables and folders in which any of the values stands, as text or in bytes."""
    sought = [value.encode() for value in values]
    found = set()
    for place, content in _contents(server):
        if any(value in content for value in sought):
            found.add(place)
    return found


def _contents(server: RunningServer) -> Iterator[tuple[str, bytes]]:
    url = server.environment.get("REGULARS_DATABASE_URL")
    folder = Path(server.environment["REGULARS_DATA"])
    for path in filter(Path.is_file, folder.rglob("*")):
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            continue  # an import has just ended
        if content.startswith(b"SQLite format 3"):
            yield from _sqlite_rows(path)
        elif not path.name.endswith(("-wal", "-shm")):
            yield path.parent.name, content
    if url:
        yield from _postgres_rows(url)


def _sqlite_rows(path: Path) -> Iterator[tuple[str, bytes]]:
    with closing(sqlite3.connect(path)) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        for (table,) in tables.fetchall():
            for row in connection.execute(f'SELECT * FROM "{table}"'):  # noqa: S608 - our names
                yield table, _as_bytes(row)


def _postgres_rows(url: str) -> Iterator[tuple[str, bytes]]:
    with psycopg.connect(url) as connection:
        for schema, table in connection.execute(_TABLES).fetchall():
            rows = connection.execute(
                sql.SQL("SELECT * FROM {}").format(sql.Identifier(schema, table))
            )
            for row in rows:
                yield table, _as_bytes(row)


def _as_bytes(row: Iterable[object]) -> bytes:
    return b"\n".join(
        bytes(cell) if isinstance(cell, bytes | memoryview) else str(cell).encode() for cell in row
    )
