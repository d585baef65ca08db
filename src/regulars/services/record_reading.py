"""Reads the records of a body, one after the other, in this process.

Owns the way from raw records to read ones. Must not know the store, nor what becomes of a record.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, BinaryIO, Final

from regulars.domain.fields.schema import LIST_TYPES
from regulars.domain.imports.sources import RefusedRecord, open_records
from regulars.domain.records.read_record import Original
from regulars.domain.records.reader import RecordReader
from regulars.domain.records.record_hash import compile_record_hash
from regulars.services.object_cells import ObjectCells

if TYPE_CHECKING:
    from collections.abc import Iterator

    from regulars.domain.fields.schema import Schema
    from regulars.domain.imports.options import ImportOptions
    from regulars.domain.imports.sources.contract import Given
    from regulars.domain.records.read_record import ReadRecord

_NO_LIMIT: Final = 2**63
"""What a body unpacks to was bounded when it was accepted."""


class RecordReading:
    """Reads the records of an accepted body, in their order."""

    def __init__(
        self, body: BinaryIO, options: ImportOptions, schema: Schema, secret: bytes
    ) -> None:
        self._reader: Final = RecordReader(schema)
        self._options: Final = options
        self._secret: Final = secret
        self._hashed_by: Schema | None = None
        self._lists_of: Schema | None = None
        self._lists: set[str] = set()
        """Columns that are lists or sets by now."""
        self.given: Final = open_records(
            body, options.form, unpacked_bytes_limit=_NO_LIMIT, is_list=self._is_list
        )
        """The records as they came."""
        self._is_as_written: Final = not self.given.is_renamed
        self._objects: Final = (
            ObjectCells(self.given.names or ()) if options.form.format == "csv" else None
        )

    def read(self, number: int, given: Given) -> ReadRecord:
        """What record `number` says."""
        records = self.given
        decoded = records.decode(given)
        line = None
        if self._objects is not None:
            line = records.line(given)
            self._objects.read(decoded, self._reader.schema)
        if isinstance(decoded, RefusedRecord):
            record = self._reader.refuse(number, decoded.code, line, decoded.cause)
        else:
            written = given if self._is_as_written and isinstance(given, bytes) else None
            record = self._reader.read(number, decoded, line, written)
        record.seal()
        if record.document is not None:
            record.hash = self.hash(given)
        elif record.may_be_rejected(is_strict=self._options.is_strict):
            record.original = Original(records.original(given), records.header)
        return record

    def hash(self, given: Given) -> int:
        """The hash of a record, by which the very same one is known again."""
        schema = self._reader.schema
        if schema is not self._hashed_by:
            self._hashed_by = schema
            form, names = self._options.form, self.given.names
            self._hash = compile_record_hash(self._secret, schema, form, names)
        if isinstance(given, bytes):
            return self._hash(given)
        return self._hash(
            # Bytes that are no characters in the charset of CSV come as halves of surrogate pairs.
            str(given[1]).encode(errors="surrogatepass") if isinstance(given, tuple) else b""
        )

    @property
    def schema(self) -> Schema:
        """The company's fields, with those that the records so far have declared."""
        return self._reader.schema

    def _is_list(self, name: str) -> bool:
        schema = self._reader.schema
        if schema is not self._lists_of:
            # A record before may have declared the field.
            self._lists_of = schema
            self._lists = {
                each
                for each in self.given.names or ()
                if (field := schema.find(each)) is not None and field.type in LIST_TYPES
            }
        return name in self._lists


def read_records(
    body: BinaryIO, options: ImportOptions, schema: Schema, secret: bytes, done: int
) -> Iterator[ReadRecord]:
    """The records of an accepted body, read, but for the first `done`, which were applied
    already. `secret` keys the hashes of records.
    """
    reading = RecordReading(body, options, schema, secret)
    read = reading.read
    for number, given in islice(enumerate(reading.given, start=1), done, None):
        yield read(number, given)
