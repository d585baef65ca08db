"""Statements on customers, identifiers and history.

Owns how identifiers are found fast however many customers there are. All statements work on whole
batches; none runs once for each record.
"""

from __future__ import annotations

from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, Final

import msgspec

from regulars.domain.identity.identifiers import Kind
from regulars.store.contract import ChangedRow, ChangeRow
from regulars.store.identifier_key import HASH_BITS, MANY_ENTRIES
from regulars.store.rows import read_customer, to_microseconds
from regulars.store.statements import load_statements

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Iterable

    from regulars.domain.customers.customer import Customer
    from regulars.domain.identity.identifiers import Entry
    from regulars.store.contract import Batch
    from regulars.store.contract.retention import Purge
    from regulars.store.identifier_key import IdentifierKeys

SQL: Final = load_statements("sqlite", "company.sql")

FOLD_AT: Final = 600_000
"""So many new keys are moved over at a time: enough that they touch each page of the large table
once, few enough that the small one stays in memory."""
_FOLD_SLICE: Final = 20_000
_ROWS_AT_ONCE: Final = 8

_to_json: Final = msgspec.json.Encoder().encode


def json_list(values: Iterable[object]) -> str:
    """A parameter that the statements unfold by json_each."""
    return _to_json(list(values)).decode()


def find_customers(
    connection: sqlite3.Connection,
    identifier_keys: IdentifierKeys,
    entries: Collection[Entry],
    most_for_each: int,
) -> tuple[list[Customer], set[Entry]]:
    """See `CompanyStore.find_customers`."""
    if len(entries) >= MANY_ENTRIES:
        sought = {"kinds": json_list({kind for kind, _ in entries}), "hash_bits": HASH_BITS}
        kinds = {kind for (kind,) in connection.execute(SQL["find_kinds"], sought)}
        entries = [entry for entry in entries if entry[0] in kinds]
    keys = identifier_keys.by_key(entries)
    if not keys:
        return [], set()
    usual = 2 * len(keys) + 1000
    parameters = {"keys": json_list(keys), "most": most_for_each}
    rows = list(islice(connection.execute(SQL["find_holders"], parameters), usual + 1))
    crowded: set[Entry] = set()
    if len(rows) > usual:
        rows = sorted(connection.execute(SQL["find_oldest_holders"], parameters))
    counts = Counter(key for key, _ in rows)
    if counts and counts.most_common(1)[0][1] > most_for_each:
        rows = _oldest(sorted(rows), most_for_each)
        crowded = {keys[key] for key, count in counts.items() if count > most_for_each}
    return load_customers(connection, {number for _, number in rows}), crowded


def _oldest(rows: list[tuple[int, int]], most_for_each: int) -> list[tuple[int, int]]:
    given: Counter[int] = Counter()
    kept = []
    for key, number in rows:
        given[key] += 1
        if given[key] <= most_for_each:
            kept.append((key, number))
    return kept


def find_record_hashes(
    connection: sqlite3.Connection, identifier_keys: IdentifierKeys, external_ids: Collection[str]
) -> dict[str, tuple[int, int]]:
    """See `CompanyStore.find_record_hashes`."""
    keys = identifier_keys.values_by_key(Kind.EXTERNAL_ID, external_ids)
    rows = connection.execute(SQL["find_record_hashes"], {"keys": json_list(keys)})
    return {keys[key]: (number, record_hash) for key, number, record_hash in rows}


def load_customers(connection: sqlite3.Connection, ids: Collection[int]) -> list[Customer]:
    """Customers by id, in order of id."""
    if not ids:
        return []
    rows = connection.execute(SQL["load_customers"], {"ids": json_list(sorted(set(ids)))})
    return [read_customer(row) for row in rows]


def load_changes(connection: sqlite3.Connection, customer_ids: Collection[int]) -> list[ChangeRow]:
    """The history of some customers, in order of version."""
    sought = {"customer_ids": json_list(set(customer_ids))}
    rows = connection.execute(SQL["load_changes"], sought)
    return [ChangeRow(*row) for row in rows]


def load_changed(connection: sqlite3.Connection, page: dict[str, int]) -> list[ChangedRow]:
    """See `CompanyStore.load_changed`."""
    return list(map(ChangedRow._make, connection.execute(SQL["load_changed"], page)))


def write_batch(
    connection: sqlite3.Connection, identifier_keys: IdentifierKeys, batch: Batch
) -> None:
    """The rows of a batch, but for its import."""
    at = to_microseconds(batch.at)
    insert_rows(connection, "customer", 5, [value for row in batch.created for value in row])
    connection.executemany(SQL["update_customer"], batch.updated)
    removed = identifier_keys.rows(batch.identifiers_removed)
    connection.executemany(SQL["delete_identifier"], removed)
    connection.executemany(SQL["delete_recent_identifier"], removed)
    added = identifier_keys.rows(batch.identifiers_added)
    insert_rows(connection, "identifier", 2, [value for row in added for value in row])
    write_changes(connection, batch.changes, batch.import_run.number, at)
    connection.executemany(
        SQL["blank_change"],
        [(change.version, change.before, change.after, change.proofs) for change in batch.blanked],
    )
    connection.executemany(
        SQL["insert_suppression"],
        [(kind, digest, at, batch.import_run.number) for kind, digest in batch.suppressed],
    )
    connection.execute(
        SQL["save_position"],
        {
            "last_customer_id": batch.position.last_customer_id,
            "last_version": batch.position.last_version,
            "living": batch.position.living,
            "recent_identifiers": len(added),
        },
    )


def write_purge(
    connection: sqlite3.Connection, identifier_keys: IdentifierKeys, purge: Purge
) -> None:
    """What is left of deleted customers, and of their history."""
    connection.executemany(SQL["update_customer"], purge.updated)
    removed = identifier_keys.rows(purge.identifiers_removed)
    connection.executemany(SQL["delete_identifier"], removed)
    connection.executemany(SQL["delete_recent_identifier"], removed)
    connection.executemany(
        SQL["blank_change"],
        [(change.version, change.before, change.after, change.proofs) for change in purge.blanked],
    )


def write_changes(
    connection: sqlite3.Connection, changes: Iterable[ChangeRow], import_number: int, at: int
) -> None:
    """New changes of an import, which happened `at` microseconds since 1970 UTC."""
    insert_rows(
        connection,
        "change",
        8,
        [
            value
            for change in changes
            for value in (
                change.version,
                change.customer_id,
                import_number,
                change.record,
                at,
                change.before,
                change.after,
                change.proofs,
            )
        ],
    )


def insert_rows(
    connection: sqlite3.Connection, table: str, columns: int, values: list[object]
) -> None:
    """Insert rows, given as all their values one after the other, eight rows a statement."""
    width = columns * _ROWS_AT_ONCE
    whole = len(values) - len(values) % width
    connection.executemany(
        SQL[f"insert_{_ROWS_AT_ONCE}_{table}s"], zip(*[iter(values[:whole])] * width, strict=True)
    )
    connection.executemany(
        SQL[f"insert_{table}"], zip(*[iter(values[whole:])] * columns, strict=True)
    )


def fold_slice(connection: sqlite3.Connection) -> bool:
    """Move a slice of the new keys to the large table; False when none are left."""
    last = connection.execute(SQL["last_recent_identifier"], {"size": _FOLD_SLICE}).fetchone()
    key, number = last or (2**63 - 1, 2**63 - 1)
    upto = {"key": key, "customer_id": number}
    connection.execute(SQL["fold_recent_identifiers"], upto)
    moved = connection.execute(SQL["delete_folded_identifiers"], upto).rowcount
    connection.execute("UPDATE position SET recent_identifiers = recent_identifiers - ?", (moved,))
    if last is None:
        # Deleted keys left the small table without being counted.
        connection.execute("UPDATE position SET recent_identifiers = 0")
    return last is not None


def is_fold_due(connection: sqlite3.Connection) -> bool:
    """Whether enough new keys have gathered."""
    (count,) = connection.execute(SQL["count_recent_identifiers"]).fetchone()
    return bool(count >= FOLD_AT)
