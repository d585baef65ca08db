"""One file as a copy of a register: its tables, and how far they have come.

Owns the statements that write. Each page of changes is one transaction that also moves the mark, so
that a crash repeats and skips nothing, and nobody sees half of a page.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

import duckdb
import msgspec
import pyarrow as pa

from regulars.index import flags
from regulars.index.answers import Answers
from regulars.index.columns import CREATED_AT, compile_columns, day_column, quoted
from regulars.index.errors import DamagedIndexError, ForeignIndexError, OutdatedIndexError
from regulars.index.pages import Page, PageWriter, read_page
from regulars.index.rows import among, delete_rows, insert_rows

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from regulars.domain.fields.schema import Schema
    from regulars.index.database import Database
    from regulars.index.source import Source
    from regulars.store.contract import ChangedRow

LAYOUT: Final = 3
"""Rises with every change of what tables hold, which has all files made anew."""
PAGE_CHANGES: Final = 10_000
PAGE_BYTES: Final = 16 * 1024 * 1024
"""Of documents; pages of large customers are shorter."""
_FIRST_PAGE_CHANGES: Final = 200

_TABLES: Final = f"""
CREATE TABLE customer (
    id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    {CREATED_AT} TIMESTAMP NOT NULL,
    {quoted(day_column(CREATED_AT))} DATE NOT NULL,
    sample SMALLINT NOT NULL,
    {flags.COLUMN} SMALLINT NOT NULL,
    search VARCHAR NOT NULL,
    {{columns}}
);
-- Changes of living customers; none for those that made them.
CREATE TABLE history (
    customer BIGINT NOT NULL,
    field VARCHAR NOT NULL,
    changed_at TIMESTAMP NOT NULL,
    day DATE NOT NULL,
    old VARCHAR,
    new VARCHAR,
    version BIGINT NOT NULL
);
CREATE TABLE forgotten (
    id BIGINT NOT NULL,
    external_id VARCHAR
);
-- Always one row. The mark is the last change that was taken over.
CREATE TABLE state (
    layout INTEGER NOT NULL,
    reading VARCHAR NOT NULL,
    fields VARCHAR NOT NULL,
    version BIGINT NOT NULL,
    customer BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);
"""


class Mark(msgspec.Struct, frozen=True):
    """A change of the store: the last one that was taken over."""

    version: int = 0
    customer: int = 0
    changed_at: int = 0


class _FieldState(msgspec.Struct, frozen=True, array_like=True):
    """What of a field its columns depend on."""

    type: str
    as_given: bool


class IndexCopy:
    """An open file. One thread at a time brings it on; any number read."""

    def __init__(self, database: Database, source: Source, *, is_new: bool = False) -> None:
        """Raises `UnfitIndexError` where the file is not what this register asks for."""
        self.database: Final = database
        self._source: Final = source
        self._page_changes = _FIRST_PAGE_CHANGES
        self.schema = source.load_schema()
        """The fields that there are columns for."""
        self._writer = PageWriter(self.schema, source.sample_salt)
        self.mark = Mark()
        self.answers = Answers()
        """Of the state that the mark, or a later one, tells of; others after every change."""
        if is_new:
            self._make_tables()
        else:
            self._load_state()

    def count_behind(self) -> int:
        """How many changes are to be taken over. Raises `ForeignIndexError`."""
        behind = self._source.store.read_position().last_version - self.mark.version
        if behind < 0:
            raise ForeignIndexError("the store is at an earlier state")
        return behind

    def is_current(self) -> bool:
        """Whether nothing has changed since."""
        position = self._source.store.read_position().last_version
        return position == self.mark.version and self._source.load_schema().reads_as(self.schema)

    def advance(self) -> bool:
        """Take over the next page of changes, and fields that are new; False where there was no
        change.
        """
        mark = self.mark
        # The change of the mark is read again: it tells whether this is still the same history.
        after = max(0, mark.version - 1)
        rows = self._source.store.load_changed(after, self._page_changes + mark.version - after)
        # Behind the page: a field is stored no later than its first value.
        schema = self._source.load_schema()
        rows = _behind(mark, rows)
        if not schema.reads_as(self.schema):
            self._take_fields(schema)
        if rows:
            last = rows[-1]
            self._save(read_page(rows), Mark(last.version, last.customer_id, last.changed_at))
            read_bytes = _count_bytes(rows)
            self.database.add_unsaved(read_bytes)
            fitting = PAGE_BYTES * len(rows) // (read_bytes + 1) + 1
            self._page_changes = min(2 * self._page_changes, fitting, PAGE_CHANGES)
        return bool(rows)

    # Fields

    def _make_tables(self) -> None:
        columns = [f"{name} {type_name}" for name, type_name in _columns(self.schema, ())]
        with self.database.write() as cursor:
            cursor.execute(_TABLES.format(columns=", ".join(columns)))
            cursor.execute(
                "INSERT INTO state VALUES (?, ?, ?, 0, 0, 0)",
                [
                    LAYOUT,
                    _reading(self.schema, self._source.sample_salt),
                    _encode(_field_states(self.schema)),
                ],
            )

    def _take_fields(self, schema: Schema) -> None:
        if schema.context != self.schema.context:
            raise OutdatedIndexError("values are read in another way")
        with self.database.write() as cursor:
            (text,) = _only_row(cursor.execute("SELECT fields FROM state"))
            known = msgspec.json.decode(text, type=dict[str, _FieldState])
            fields = _field_states(schema)
            if any(fields.get(key) != state for key, state in known.items()):
                raise OutdatedIndexError("a field has another type")
            if fields.keys() != known.keys():
                for name, type_name in _columns(schema, known):
                    cursor.execute(f"ALTER TABLE customer ADD COLUMN {name} {type_name}")
                cursor.execute("UPDATE state SET fields = ?", [_encode(fields)])
        self._writer = PageWriter(schema, self._source.sample_salt)
        self.answers = Answers()
        self.schema = schema

    # State

    def _load_state(self) -> None:
        with self.database.read() as cursor:
            try:
                layout, reading, *mark = _only_row(
                    cursor.execute(
                        "SELECT layout, reading, version, customer, changed_at FROM state"
                    )
                )
            except (duckdb.CatalogException, duckdb.BinderException) as error:
                raise DamagedIndexError("the file has other tables") from error
        if layout != LAYOUT:
            raise OutdatedIndexError("the file is of another layout")
        if reading != _reading(self.schema, self._source.sample_salt):
            raise OutdatedIndexError("values are read in another way")
        self.mark = Mark(*mark)
        self.count_behind()
        if self.mark.version:
            _behind(self.mark, self._source.store.load_changed(self.mark.version - 1, 1))
        self._take_fields(self.schema)

    # Pages

    def _save(self, page: Page, mark: Mark) -> None:
        with self.database.write() as cursor:
            created_at = self._created_at(cursor, page)
            before = page.ids - page.created_at.keys()
            delete_rows(cursor, "customer", "id", before)
            delete_rows(cursor, "history", "customer", page.ids - page.living.keys())
            delete_rows(cursor, "forgotten", "id", page.ids - page.living.keys())
            rows = list(page.living.values())
            insert_rows(cursor, "customer", self._writer.customers(rows, created_at))
            insert_rows(cursor, "history", self._writer.history(page.updates))
            insert_rows(cursor, "forgotten", _forgotten(page))
            cursor.execute(
                "UPDATE state SET version = ?, customer = ?, changed_at = ?",
                [mark.version, mark.customer, mark.changed_at],
            )
        # Before the mark: whoever sees that finds no answer from before it.
        self.answers = Answers()
        self.mark = mark

    def _created_at(self, cursor: duckdb.DuckDBPyConnection, page: Page) -> list[int]:
        """When the living customers were made: this page says so, or their rows so far do."""
        known = page.created_at
        missing = page.living.keys() - known.keys()
        if missing:
            where = among(cursor, "id", missing)
            statement = f"SELECT id, epoch_us({CREATED_AT}) FROM customer WHERE {where}"
            known = known | dict(cursor.execute(statement).fetchall())
        try:
            return [known[number] for number in page.living]
        except KeyError as error:
            raise DamagedIndexError("a customer is missing") from error


def _behind(mark: Mark, rows: list[ChangedRow]) -> list[ChangedRow]:
    """The rows behind the mark. Raises `ForeignIndexError` where its change is not what it was."""
    if not mark.version:
        return rows
    if not rows or Mark(rows[0].version, rows[0].customer_id, rows[0].changed_at) != mark:
        raise ForeignIndexError("the history is another one")
    return rows[1:]


def _count_bytes(rows: list[ChangedRow]) -> int:
    return sum(len(part) for row in rows for part in (row.document, row.before, row.after) if part)


def _reading(schema: Schema, salt: bytes) -> str:
    """A text that tells whether values are read, and samples drawn, as they were."""
    context = schema.context
    parts = [schema.short_name, context.timezone.key, context.country, salt.hex()]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _columns(schema: Schema, known: Container[str]) -> Iterator[tuple[str, str]]:
    """The columns of all fields but the known ones: names as they stand in SQL, and types."""
    for columns in compile_columns(schema):
        if columns.key not in known:
            for name, type_name in columns.sql_columns.items():
                yield quoted(name), type_name


def _encode(fields: dict[str, _FieldState]) -> str:
    return msgspec.json.encode(fields).decode()


def _field_states(schema: Schema) -> dict[str, _FieldState]:
    return {key: _FieldState(field.type, field.as_given) for key, field in schema.fields.items()}


def _only_row(result: duckdb.DuckDBPyConnection) -> tuple[Any, ...]:
    row = result.fetchone()
    if row is None:
        raise DamagedIndexError("the file has no state")
    return row


def _forgotten(page: Page) -> pa.Table:
    ids = pa.array(page.forgotten.keys(), pa.int64())
    return pa.table({"id": ids, "external_id": pa.array(page.forgotten.values(), pa.string())})
