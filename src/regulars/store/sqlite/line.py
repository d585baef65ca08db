"""Rows of the line of imports and of idempotency keys, in the installation's SQLite file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from regulars.store.rows import (
    idempotency_key_columns,
    queued_import_columns,
    read_idempotency_key,
    to_microseconds,
)
from regulars.store.statements import load_statements

if TYPE_CHECKING:
    import sqlite3
    from datetime import datetime

    from regulars.store.contract import IdempotencyKey, QueuedImport

SQL: Final = load_statements("sqlite", "installation.sql")


def insert_queued_import(connection: sqlite3.Connection, queued: QueuedImport) -> QueuedImport:
    """Accept an import; gives it with its sequence."""
    columns = queued_import_columns(queued)
    sequence = connection.execute(SQL["insert_queued_import"], columns).lastrowid
    return msgspec.structs.replace(queued, sequence=sequence)


def take_idempotency_key(
    connection: sqlite3.Connection, key: IdempotencyKey, expired_before: datetime
) -> IdempotencyKey | None:
    """Use a key; gives it as it was used, where it is in use already."""
    columns = idempotency_key_columns(key)
    expired = {"expired_before": to_microseconds(expired_before)}
    if connection.execute(SQL["take_idempotency_key"], columns | expired).fetchone():
        return None
    return read_idempotency_key(connection.execute(SQL["find_idempotency_key"], columns).fetchone())
