"""One schema of the database: its statements, its migrations, its lock.

Statements name the schema of each table, filled in once. The other way, a search path set at each
check-out, would cost a round trip, and one that is forgotten would mix companies.
"""

from __future__ import annotations

from hashlib import blake2b
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from psycopg import sql

from regulars.store.postgres.sessions import SESSION_SQL
from regulars.store.statements import load_statements

if TYPE_CHECKING:
    from psycopg import Connection
    from psycopg.rows import TupleRow

    from regulars.store.postgres.sessions import Sessions

Statements = dict[str, bytes]


class Schema:
    """A schema of that name, brought to its newest shape when it is first opened.

    `kind`, `installation` or `company`, says which statements and migrations are its own.
    """

    def __init__(self, sessions: Sessions, name: str, kind: str) -> None:
        self.name: Final = name
        self.statements: Final[Statements] = _fill_all(f"{kind}.sql", name)
        self.lock: Final = lock_number(f"lock of {name}")
        with sessions.transaction() as connection:
            _migrate(connection, name, kind)

    def load_statements(self, file: str) -> Statements:
        """The statements of another file, on this schema."""
        return _fill_all(file, self.name)


def lock_number(name: str) -> int:
    """The number of an advisory lock of that name.

    It takes all 64 bits, as other programs may use the database, and lock what they like.
    """
    digest = blake2b(name.encode(), digest_size=8, person=b"regulars").digest()
    return int.from_bytes(digest, "big", signed=True)


def _fill(text: str, schema: str) -> bytes:
    return sql.SQL(text).format(schema=sql.Identifier(schema)).as_bytes(None)


def _fill_all(file: str, schema: str) -> Statements:
    return {name: _fill(text, schema) for name, text in load_statements("postgres", file).items()}


def _migrate(connection: Connection[TupleRow], schema: str, kind: str) -> None:
    """Apply the migrations that the schema lacks, in order, in the open transaction.

    Also mends what a crash left behind: a company whose schema was not made yet.
    """
    statements = _fill_all("migration.sql", schema)
    lock = {"lock": lock_number(f"migration of {schema}")}
    connection.execute(SESSION_SQL["take_lock_for_transaction"], lock)
    if not _single(connection, SESSION_SQL["has_migrations"], {"schema": schema}):
        connection.execute(statements["create_schema"])
        connection.execute(statements["create_migration"])
    number = int(_single(connection, statements["last_migration"])) + 1
    while (script := _migration(kind, number)) is not None:
        connection.execute(_fill(script, schema))
        connection.execute(statements["insert_migration"], {"number": number})
        number += 1


def _migration(kind: str, number: int) -> str | None:
    file = files(__package__).joinpath("sql", f"{kind}_{number:04}.sql")
    return file.read_text(encoding="utf-8") if file.is_file() else None


def _single(
    connection: Connection[TupleRow], statement: bytes, parameters: dict[str, str] | None = None
) -> int:
    row = connection.execute(statement, parameters).fetchone()
    if row is None:
        raise AssertionError(statement)
    return int(row[0])
