"""Uploaded bodies as records, whatever their format and size (SPEC section 4).

Owns what makes a whole body unreadable, and what is only one record's problem. Must not know what
a record means, nor where the body comes from. However large a body is, only a little of it is held.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from regulars.domain.imports.body_form import BodyForm
from regulars.domain.imports.sources.contract import (
    NESTING_LIMIT,
    RECORD_BYTES_LIMIT,
    Given,
    Records,
    RefusedRecord,
)
from regulars.domain.imports.sources.csv_records import CsvRecords, is_builtin_list
from regulars.domain.imports.sources.json_records import JsonRecords
from regulars.domain.imports.sources.ndjson_records import NdjsonRecords
from regulars.domain.imports.sources.renamed_records import RenamedRecords
from regulars.domain.imports.sources.unpacking import open_unpacked

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import BinaryIO

__all__ = [
    "NESTING_LIMIT",
    "RECORD_BYTES_LIMIT",
    "BodyForm",
    "Given",
    "Records",
    "RefusedRecord",
    "check_records",
    "open_records",
]


def open_records(
    stream: BinaryIO,
    form: BodyForm,
    *,
    unpacked_bytes_limit: int,
    is_list: Callable[[str], bool] = is_builtin_list,
) -> Records:
    """The records of a body, read from where a stream stands, forwards only.

    `is_list` says whether a field, by its name as the header of a CSV has it, is a list or a set
    by now: its cells are split into items. Raises `MalformedBodyError`, `BodyTooLargeError`: here
    for the header of a CSV, and on the way for the rest.
    """
    body = open_unpacked(stream, form.content_encoding, unpacked_bytes_limit)
    if form.format == "csv":
        return CsvRecords(body, form, is_list)
    records = JsonRecords(body) if form.format == "json" else NdjsonRecords(body)
    return RenamedRecords(records, form.keys) if form.keys else records


def check_records(records: Records) -> int:
    """How many records there are, read to the end of their body.

    Raises `MalformedBodyError`, `BodyTooLargeError`.
    """
    return sum(1 for _ in records)
