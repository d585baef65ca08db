"""Reads the records of a body, one after the other, in this process.

Owns the way from raw records to read ones. Must not know the store, nor what becomes of a record.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, BinaryIO

import msgspec

from regulars.domain.imports.sources import (
    RefusedRecord,
    decode_record,
    is_too_large,
    read_json_records,
    read_ndjson_records,
)
from regulars.domain.records.read_record import Original
from regulars.domain.records.reader import RecordReader

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from regulars.domain.fields.schema import Schema
    from regulars.domain.imports.body_form import BodyForm
    from regulars.domain.records.read_record import ReadRecord


def open_records(body: BinaryIO, form: BodyForm) -> Iterable[object]:
    """The raw records of a body."""
    if form.format == "json":
        return read_json_records(body.read())
    return read_ndjson_records(body)


def read_records(given: Iterable[object], schema: Schema, done: int) -> Iterator[ReadRecord]:
    """The records of a body, read, but for the first `done`, which were applied already."""
    reader = RecordReader(schema)
    for number, raw in islice(enumerate(given, start=1), done, None):
        record = _read(reader, number, raw)
        record.seal()
        if record.document is None and record.may_be_rejected:
            record.original = Original(_original(raw), None)
        yield record


def _original(given: object) -> bytes | None:
    if isinstance(given, RefusedRecord) or is_too_large(given):
        return None
    try:
        if isinstance(given, msgspec.Raw):
            return bytes(memoryview(given))
        return msgspec.json.encode(given)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        # Half a surrogate pair, or a number past all bounds, cannot be written again.
        return None


def _read(reader: RecordReader, number: int, given: object) -> ReadRecord:
    if given.__class__ is dict:
        return reader.read(number, given)
    if is_too_large(given):
        return reader.refuse(number, "record_too_large")
    record = decode_record(given)
    if isinstance(record, RefusedRecord):
        return reader.refuse(number, record.code)
    return reader.read(number, record)
