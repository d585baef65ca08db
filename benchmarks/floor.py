"""The floor of an import: the least that any program must do to leave the same rows.

It decodes each line, takes the three identifiers as they stand, and writes the rows of customer,
identifiers and history in bulk, with the same settings of the database, batches as large, each
durable. It reads no value through a type, looks nobody up, compares, counts and reports nothing.
"""

from __future__ import annotations

import gc
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

import msgspec
import psycopg

from benchmarks.made_up import COMPANY
from regulars.domain.identity.identifiers import Kind
from regulars.services.import_run import BATCH_RECORDS, TRANSACTION_RECORDS
from regulars.store.identifier_key import IdentifierKeys
from regulars.store.sqlite import register
from regulars.store.sqlite.database import Database

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from regulars.services.installation import Installation

_CHANGED_AT: Final = 1_700_000_000_000_000
_SCHEMA: Final = f"company_{COMPANY}"

Lines = list[bytes]


def import_file(folder: Path, database_url: str, path: Path) -> int:
    """Import an NDJSON file into an empty company; gives how many customers it made."""
    gc.freeze()
    gc.disable()
    with path.open("rb") as file:
        batches = iter(lambda: list(islice(file, TRANSACTION_RECORDS)), [])
        if database_url:
            return _import_into_postgres(database_url, batches)
        return _import_into_sqlite(folder, batches)


def look_up_file(installation: Installation, folder: Path, database_url: str, path: Path) -> int:
    """Decode an NDJSON file and look up the external_id of every record: the least that a file
    takes of which nothing is new; gives how many were found.
    """
    keys = installation.open_register(COMPANY).store.identifier_keys
    decode = msgspec.json.Decoder(dict[str, Any]).decode
    gc.freeze()
    gc.disable()
    found = 0
    with path.open("rb") as file, _looking_up(folder, database_url) as look_up:
        while lines := list(islice(file, BATCH_RECORDS)):
            sought = [keys(Kind.EXTERNAL_ID, decode(line)["external_id"]) for line in lines]
            found += len(look_up(sought))
    return found


@contextmanager
def _looking_up(folder: Path, database_url: str) -> Iterator[Callable[[list[int]], list[Any]]]:
    """Gives the customers under keys."""
    if database_url:
        with psycopg.connect(database_url, autocommit=True) as connection:
            yield lambda keys: connection.execute(
                "SELECT sought.key, found.customer_id FROM unnest(%s::bigint[]) AS sought (key)"
                f" CROSS JOIN LATERAL (SELECT customer_id FROM {_SCHEMA}.identifier"
                " WHERE key = sought.key OFFSET 0) AS found",
                (keys,),
            ).fetchall()
    else:
        database = Database(folder / "companies" / COMPANY / "register.db", "company")
        with database.bulk(), database.read() as connection_:
            yield lambda keys: connection_.execute(
                register.SQL["find_holders"], {"keys": register.json_list(keys)}
            ).fetchall()
        database.close()


def _keys(lines: Lines, first_id: int, identifier_key: IdentifierKeys) -> Iterator[tuple[int, int]]:
    decode = msgspec.json.Decoder(dict[str, Any]).decode
    for number, line in enumerate(lines, first_id):
        record = decode(line)
        yield identifier_key(Kind.EXTERNAL_ID, record["external_id"]), number
        yield identifier_key(Kind.EMAIL_REGISTERED, record["email"]), number
        yield identifier_key(Kind.PHONE_REGISTERED, record["phone_number"]), number


def _import_into_sqlite(folder: Path, batches: Iterator[Lines]) -> int:
    database = Database(folder / "companies" / COMPANY / "register.db", "company")
    identifier_key = IdentifierKeys(b"benchmark" * 4)
    done = 0
    for lines in batches:
        with database.write() as connection:
            numbered = list(enumerate(lines, done + 1))
            connection.executemany(
                "INSERT INTO customer (id, version, state, document) VALUES (?1, ?1, 0, ?2)",
                numbered,
            )
            connection.executemany(
                "INSERT INTO recent_identifier (key, customer_id) VALUES (?, ?)",
                _keys(lines, done + 1, identifier_key),
            )
            connection.executemany(
                "INSERT INTO change (version, customer_id, import_number, record, changed_at,"
                f" after) VALUES (?1, ?1, 1, ?1, {_CHANGED_AT}, ?2)",
                numbered,
            )
            connection.execute(
                "UPDATE position SET recent_identifiers = recent_identifiers + ?",
                (3 * len(lines),),
            )
            is_fold_due = register.is_fold_due(connection)
        while is_fold_due:
            with database.write() as connection:
                is_fold_due = register.fold_slice(connection)
        done += len(lines)
    database.close()
    return done


def _import_into_postgres(database_url: str, batches: Iterator[Lines]) -> int:
    identifier_key = IdentifierKeys(b"benchmark" * 4)
    done = 0
    with psycopg.connect(database_url, autocommit=True) as connection:
        for lines in batches:
            first = done + 1
            # A COPY reads a backslash as the start of an escape.
            escaped = [line.rstrip().replace(b"\\", b"\\\\") for line in lines]
            keys = _keys(lines, first, identifier_key)
            with connection.transaction(), connection.cursor() as cursor:
                _copy(
                    cursor,
                    "customer (id, version, state, document)",
                    [b"%d\t%d\t0\t%b\n" % (n, n, line) for n, line in enumerate(escaped, first)],
                )
                _copy(cursor, "identifier (key, customer_id)", [b"%d\t%d\n" % key for key in keys])
                _copy(
                    cursor,
                    "change (version, customer_id, import_number, record, changed_at, after)",
                    [
                        b"%d\t%d\t1\t%d\t%d\t%b\n" % (n, n, n, _CHANGED_AT, line)
                        for n, line in enumerate(escaped, first)
                    ],
                )
            done += len(lines)
    return done


def _copy(cursor: psycopg.Cursor[Any], table: str, lines: Lines) -> None:
    with cursor.copy(f"COPY {_SCHEMA}.{table} FROM STDIN".encode()) as copy:
        copy.write(b"".join(lines))
