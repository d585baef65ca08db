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
from regulars.services.object_cells import ObjectCells

if TYPE_CHECKING:
    from collections.abc import Iterator

    from regulars.domain.fields.schema import Schema
    from regulars.domain.imports.options import ImportOptions
    from regulars.domain.records.read_record import ReadRecord

_NO_LIMIT: Final = 2**63
"""What a body unpacks to was bounded when it was accepted."""


def read_records(
    body: BinaryIO, options: ImportOptions, schema: Schema, done: int
) -> Iterator[ReadRecord]:
    """The records of an accepted body, read, but for the first `done`, which were applied
    already.
    """
    reader = RecordReader(schema)

    def is_list(name: str) -> bool:
        # A record before may have declared the field.
        field = reader.schema.find(name)
        return field is not None and field.type in LIST_TYPES

    form, is_strict = options.form, options.is_strict
    records = open_records(body, form, unpacked_bytes_limit=_NO_LIMIT, is_list=is_list)
    decode = records.decode
    has_lines = form.format == "csv"
    objects = ObjectCells(records.header or ())
    for number, given in islice(enumerate(records, start=1), done, None):
        decoded = decode(given)
        line = None
        if has_lines:
            line = records.line(given)
            objects.read(decoded, reader.schema)
        if isinstance(decoded, RefusedRecord):
            record = reader.refuse(number, decoded.code, line)
        else:
            record = reader.read(number, decoded, line)
        record.seal()
        if record.document is None and record.may_be_rejected(is_strict=is_strict):
            record.original = Original(records.original(given), records.header)
        yield record
