"""What a trial of an import has changed so far, in a SQLite file that nobody else sees.

Owns the file. It has no name any more once it is open, so that it goes when its holder
ends, however that is. Nothing in it need survive: it has no log, and nothing waits for the disk.
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from tempfile import mkstemp
from typing import TYPE_CHECKING, Final

from regulars.domain.identity.identifiers import document_entries
from regulars.errors import StorageFullError
from regulars.store.rows import to_microseconds
from regulars.store.sqlite import register
from regulars.store.sqlite.database import migrate, translated_errors
from regulars.store.sqlite.register import json_list
from regulars.store.statements import load_statements

if TYPE_CHECKING:
    from collections.abc import Collection

    from regulars.domain.customers.customer import Customer
    from regulars.domain.identity.identifiers import Entry
    from regulars.store.contract import Batch, ChangeRow
    from regulars.store.identifier_key import IdentifierKeys

SQL: Final = register.SQL | load_statements("sqlite", "scratch.sql")

_PAGE_BYTES: Final = 8192
_CACHE_KIB: Final = 64 * 1024


class ScratchRegister:
    """Customers that a trial has made or changed, all their identifiers, and what that adds to the
    history and to the suppression list. For one thread at a time.

    Raises `StorageFullError`, `StoreUnavailableError`.
    """

    def __init__(self, folder: str, identifier_keys: IdentifierKeys) -> None:
        self._keys: Final = identifier_keys
        with translated_errors():
            self._connection: Final = _open(folder)
        self.changes_stored = False
        """Whether any customer of the register itself is among them."""

    def close(self) -> None:
        """Let go of all of it."""
        self._connection.close()

    def save(self, batch: Batch) -> None:
        """Take over what a batch writes, but for the import itself, its report and its audit."""
        with translated_errors():
            self._put_customers(batch)
            self._put_history(batch)
            while register.is_fold_due(self._connection):
                register.fold_slice(self._connection)

    def find_there(self, ids: Collection[int]) -> set[int]:
        """Those of some customers that are here."""
        if not self.changes_stored or not ids:
            return set()
        with translated_errors():
            rows = self._connection.execute(SQL["find_there"], {"ids": json_list(ids)})
            return {number for (number,) in rows}

    def find_customers(
        self, entries: Collection[Entry], most_for_each: int
    ) -> tuple[list[Customer], set[Entry]]:
        """As `CompanyStore.find_customers`, of those that are here."""
        with translated_errors():
            return register.find_customers(self._connection, self._keys, entries, most_for_each)

    def find_record_hashes(self, external_ids: Collection[str]) -> dict[str, tuple[int, int]]:
        """As `CompanyStore.find_record_hashes`, of those that are here."""
        with translated_errors():
            return register.find_record_hashes(self._connection, self._keys, external_ids)

    def load_customers(self, ids: Collection[int]) -> list[Customer]:
        """As `CompanyStore.load_customers`, of those that are here."""
        with translated_errors():
            return register.load_customers(self._connection, ids)

    def load_changes(self, customer_ids: Collection[int]) -> list[ChangeRow]:
        """The changes of some customers that are new, or of which less is left than there was."""
        with translated_errors():
            return register.load_changes(self._connection, customer_ids)

    def find_suppressed(self, hashes: Collection[str]) -> set[str]:
        """Those of the hashes that the trial has suppressed."""
        with translated_errors():
            rows = self._connection.execute(SQL["find_suppressed"], {"hashes": json_list(hashes)})
            return {digest for (digest,) in rows}

    # Parts

    def _put_customers(self, batch: Batch) -> None:
        connection = self._connection
        made: list[object] = [value for row in batch.created for value in row]
        register.insert_rows(connection, "customer", 5, made)
        # Of a customer that comes here from the register, all identifiers come along.
        ids = [row[0] for row in batch.updated]
        sought = {"ids": json_list(ids)}
        there = (
            {number for (number,) in connection.execute(SQL["find_there"], sought)} if ids else ()
        )
        coming = [row for row in batch.updated if row[0] not in there]
        come = {row[0] for row in coming}
        connection.executemany(SQL["put_customer"], batch.updated)
        removed = self._keys.rows(
            (number, entries) for number, entries in batch.identifiers_removed if number in there
        )
        connection.executemany(SQL["delete_identifier"], removed)
        connection.executemany(SQL["delete_recent_identifier"], removed)
        added = self._keys.rows(
            [each for each in batch.identifiers_added if each[0] not in come]
            + [(row[0], document_entries(row[3])) for row in coming]
        )
        register.insert_rows(connection, "identifier", 2, [value for row in added for value in row])
        self._save_position(batch, len(added))
        self.changes_stored = self.changes_stored or bool(coming)

    def _put_history(self, batch: Batch) -> None:
        connection, at = self._connection, to_microseconds(batch.at)
        register.write_changes(connection, batch.changes, batch.import_run.number, at)
        connection.executemany(
            SQL["put_change"],
            [
                (row.version, row.customer_id, row.record, row.before, row.after, row.proofs)
                for row in batch.blanked
            ],
        )
        connection.executemany(
            SQL["insert_suppression"],
            [(kind, digest, at, batch.import_run.number) for kind, digest in batch.suppressed],
        )

    def _save_position(self, batch: Batch, identifiers: int) -> None:
        position = batch.position
        self._connection.execute(
            SQL["save_position"],
            {
                "last_customer_id": position.last_customer_id,
                "last_version": position.last_version,
                "living": position.living,
                "recent_identifiers": identifiers,
            },
        )


def _open(folder: str) -> sqlite3.Connection:
    try:
        descriptor, path = mkstemp(prefix="trial-", dir=folder)
    except OSError as error:
        raise StorageFullError("the disk is full or cannot be written") from error
    os.close(descriptor)
    try:
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        try:
            connection.execute(f"PRAGMA page_size = {_PAGE_BYTES}")
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            connection.execute("PRAGMA journal_mode = OFF")
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
            # It never ends: what has room stays in memory.
            connection.execute("BEGIN EXCLUSIVE")
            migrate(connection, "company")
        except BaseException:
            connection.close()
            raise
    finally:
        Path(path).unlink()
    return connection
