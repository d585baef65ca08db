"""Statements on customers, identifiers and history.

Owns how many rows go in and out at once. All statements work on whole batches; none runs once for
each record.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from psycopg.types.string import ByteaBinaryLoader

from regulars.domain.identity.identifiers import Kind
from regulars.store.contract import ChangedRow, ChangeRow
from regulars.store.identifier_key import HASH_BITS, MANY_ENTRIES
from regulars.store.postgres.copying import change_lines, copy_lines, customer_lines
from regulars.store.rows import read_customer, to_microseconds

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from psycopg import Connection
    from psycopg.rows import TupleRow

    from regulars.domain.customers.customer import Customer
    from regulars.domain.identity.identifiers import Entry
    from regulars.store.contract import Batch
    from regulars.store.contract.retention import Purge
    from regulars.store.contract.values import CustomerRow
    from regulars.store.identifier_key import IdentifierKeys
    from regulars.store.postgres.schema import Statements

_SEPARATOR: Final = "\x01"


def find_customers(
    connection: Connection[TupleRow],
    statements: Statements,
    identifier_keys: IdentifierKeys,
    entries: Collection[Entry],
    most_for_each: int,
) -> tuple[list[Customer], set[Entry]]:
    """See `CompanyStore.find_customers`."""
    if len(entries) >= MANY_ENTRIES:
        sought = {"kinds": array_of({int(kind) for kind, _ in entries}), "hash_bits": HASH_BITS}
        kinds = {kind for (kind,) in _fetch(connection, statements["find_kinds"], sought)}
        entries = [entry for entry in entries if entry[0] in kinds]
    keys = identifier_keys.by_key(entries)
    if not keys:
        return [], set()
    # One more than asked for, which tells whether there are more.
    holders = _fetch(
        connection, statements["find_holders"], {"keys": array_of(keys), "most": most_for_each + 1}
    )
    counts: Counter[int] = Counter()
    numbers: set[int] = set()
    for key, number in holders:
        counts[key] += 1
        if counts[key] <= most_for_each:
            numbers.add(number)
    crowded = {keys[key] for key, count in counts.items() if count > most_for_each}
    return load_customers(connection, statements, numbers), crowded


def find_record_hashes(
    connection: Connection[TupleRow],
    statements: Statements,
    identifier_keys: IdentifierKeys,
    external_ids: Collection[str],
) -> dict[str, tuple[int, int]]:
    """See `CompanyStore.find_record_hashes`."""
    keys = identifier_keys.values_by_key(Kind.EXTERNAL_ID, external_ids)
    rows = _fetch(connection, statements["find_record_hashes"], {"keys": array_of(keys)})
    return {keys[key]: (number, record_hash) for key, number, record_hash in rows}


def load_customers(
    connection: Connection[TupleRow], statements: Statements, ids: Collection[int]
) -> list[Customer]:
    """Customers by id, in order of id."""
    if not ids:
        return []
    rows = _fetch(connection, statements["load_customers"], {"ids": array_of(sorted(set(ids)))})
    return [read_customer(row) for row in rows]


def load_living_customers(
    connection: Connection[TupleRow], statements: Statements, after_id: int, limit: int
) -> list[Customer]:
    """See `CompanyStore.load_living_customers`."""
    page = {"after_id": after_id, "limit": limit}
    rows = _fetch(connection, statements["load_living_customers"], page)
    return [read_customer(row) for row in rows]


def load_changes(
    connection: Connection[TupleRow], statements: Statements, customer_ids: Collection[int]
) -> list[ChangeRow]:
    """The history of some customers, in order of version."""
    if not customer_ids:
        return []
    sought = {"customer_ids": array_of(set(customer_ids))}
    return [
        ChangeRow(version, customer_id, record, _bytes(before), after.encode(), _bytes(proofs))
        for version, customer_id, record, before, after, proofs in _fetch(
            connection, statements["load_changes"], sought
        )
    ]


def load_changed(
    connection: Connection[TupleRow], statements: Statements, page: Mapping[str, int]
) -> list[ChangedRow]:
    """See `CompanyStore.load_changed`."""
    with connection.cursor(binary=True) as cursor:
        # JSON is read as bytes: making text of it first would take as long as all else.
        cursor.adapters.register_loader("text", ByteaBinaryLoader)
        rows = cursor.execute(statements["load_changed"], page).fetchall()
    return list(map(ChangedRow._make, rows))


def write_batch(
    connection: Connection[TupleRow],
    statements: Statements,
    identifier_keys: IdentifierKeys,
    batch: Batch,
) -> None:
    """The rows of a batch, but for its fields and its import."""
    at = to_microseconds(batch.at)
    import_number = batch.import_run.number
    copy_lines(connection, statements["copy_customers"], customer_lines(batch.created))
    _update_customers(connection, statements["update_customers"], batch.updated)
    removed = identifier_keys.rows(batch.identifiers_removed)
    if removed:
        keys, customer_ids = zip(*removed, strict=True)
        connection.execute(
            statements["delete_identifiers"],
            {"keys": array_of(keys), "customer_ids": array_of(customer_ids)},
        )
    # None of these is there yet: the customer did not have the entry, and as a customer has one
    # entry of each kind at most, and the kind is part of the key, its own keys always differ.
    added = identifier_keys.rows(batch.identifiers_added)
    copy_lines(connection, statements["copy_identifiers"], [b"%d\t%d\n" % pair for pair in added])
    copy_lines(
        connection, statements["copy_changes"], change_lines(batch.changes, import_number, at)
    )
    _blank_changes(connection, statements["blank_changes"], batch.blanked)
    if batch.suppressed:
        kinds, hashes = zip(*batch.suppressed, strict=True)
        connection.execute(
            statements["insert_suppressions"],
            {
                "kinds": join_texts(kinds),
                "hashes": join_texts(hashes),
                "created_at": at,
                "import_number": import_number,
            },
        )
    connection.execute(
        statements["save_position"],
        {
            "last_customer_id": batch.position.last_customer_id,
            "last_version": batch.position.last_version,
            "living": batch.position.living,
        },
    )


def write_purge(
    connection: Connection[TupleRow],
    statements: Statements,
    identifier_keys: IdentifierKeys,
    purge: Purge,
) -> None:
    """What is left of deleted customers, and of their history."""
    _update_customers(connection, statements["update_customers"], purge.updated)
    removed = identifier_keys.rows(purge.identifiers_removed)
    connection.execute(
        statements["delete_identifiers"],
        {
            "keys": array_of(key for key, _ in removed),
            "customer_ids": array_of(number for _, number in removed),
        },
    )
    _blank_changes(connection, statements["blank_changes"], purge.blanked)


def _fetch(
    connection: Connection[TupleRow], statement: bytes, parameters: Mapping[str, object]
) -> list[TupleRow]:
    with connection.cursor(binary=True) as cursor:
        return cursor.execute(statement, parameters).fetchall()


def _bytes(text: str | None) -> bytes | None:
    return None if text is None else text.encode()


# A list of numbers takes the driver five times as long as its text, one of texts seven times as
# long as all else. So both go as one text; texts are cut by the server at a character that JSON,
# again, does not hold raw.


def array_of(numbers: Iterable[int | None]) -> str:
    """Numbers as a parameter that its statement casts to an array."""
    listed = str(list(numbers)).replace("None", "NULL")
    return f"{{{listed[1:-1]}}}"


def join_texts(texts: Iterable[str]) -> str:
    """Texts as the parameter of a statement that cuts them apart."""
    return _SEPARATOR.join(texts)


def _join_documents(documents: Iterable[bytes | None]) -> str:
    return join_texts("" if document is None else document.decode() for document in documents)


def _update_customers(
    connection: Connection[TupleRow],
    statement: bytes,
    customers: list[CustomerRow],
) -> None:
    if customers:
        connection.execute(
            statement,
            {
                "ids": array_of(row[0] for row in customers),
                "versions": array_of(row[1] for row in customers),
                "states": array_of(row[2] for row in customers),
                "documents": _join_documents(row[3] for row in customers),
                "record_hashes": array_of(row[4] for row in customers),
            },
        )


def _blank_changes(
    connection: Connection[TupleRow], statement: bytes, changes: list[ChangeRow]
) -> None:
    if changes:
        connection.execute(
            statement,
            {
                "versions": array_of(change.version for change in changes),
                "befores": _join_documents(change.before for change in changes),
                "afters": _join_documents(change.after for change in changes),
                "proofs": _join_documents(change.proofs for change in changes),
            },
        )
