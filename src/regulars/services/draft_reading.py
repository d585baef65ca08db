"""What a file would be read as, shown before it is imported: its columns and its first records.

Owns how much is looked at. However large a file is, only its beginning is read.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, BinaryIO, Final

import msgspec

from regulars.domain.fields.types import REMOVE
from regulars.domain.imports.sources import RefusedRecord, open_records
from regulars.domain.imports.sources.csv_header import split_header
from regulars.domain.imports.sources.csv_text import TextWindow
from regulars.domain.imports.sources.kept_cells import decode_cells
from regulars.domain.imports.sources.unpacking import open_unpacked
from regulars.domain.records.problem import PROBLEM_KINDS
from regulars.services.record_reading import RecordReading

if TYPE_CHECKING:
    from collections.abc import Sequence

    from regulars.domain.fields.schema import Schema
    from regulars.domain.imports.body_form import BodyForm
    from regulars.domain.imports.options import ImportOptions
    from regulars.domain.records.problem import ProblemKind
    from regulars.domain.records.read_record import ReadRecord

SHOWN_RECORDS: Final = 20
_LOOKED_AT: Final = 200
"""Records of JSON whose keys are looked at."""
_MOST_COLUMNS: Final = 500
_SAMPLES: Final = 3
_LIKE_ADDRESS: Final = "@"


class Table(msgspec.Struct, frozen=True):
    """The beginning of a file. `samples` are the first values of each column."""

    names: tuple[str, ...]
    samples: list[list[str]]
    delimiter: str
    """Of CSV."""


class Cell(msgspec.Struct, frozen=True):
    """A value as it would be read; or as it came, where there is a problem with it."""

    text: str
    problem: ProblemKind | None = None


class PreviewRecord(msgspec.Struct, frozen=True):
    """A record as it would be read. `problems` are those of the whole record."""

    number: int
    cells: list[Cell]
    problems: list[ProblemKind]
    is_rejected: bool


def read_table(body: BinaryIO, form: BodyForm, unpacked_bytes: int) -> Table:
    """The columns of a file. Raises `MalformedBodyError`."""
    if form.format == "csv":
        return _read_csv(body, form, unpacked_bytes)
    records = open_records(body, form, unpacked_bytes_limit=unpacked_bytes)
    found: dict[str, tuple[str, list[str]]] = {}
    for given in islice(records, _LOOKED_AT):
        record = records.decode(given)
        if not isinstance(record, dict):
            continue
        for key, value in record.items():
            # A key that looks like an address is nobody's name for a field, and is not repeated.
            if len(found) < _MOST_COLUMNS and _LIKE_ADDRESS not in key and key.strip():
                _, samples = found.setdefault(key.strip().lower(), (key.strip(), []))
                _add_sample(samples, _show_json(value))
    return Table(
        tuple(name for name, _ in found.values()), [each for _, each in found.values()], ""
    )


def map_form(form: BodyForm, table: Table, keys: Sequence[str]) -> BodyForm:
    """The form by which a file is read with these keys in place of its own names."""
    if form.format == "csv":
        columns = () if tuple(keys) == table.names else tuple(keys)
        return msgspec.structs.replace(form, columns=columns, delimiter=table.delimiter)
    pairs = zip(table.names, keys, strict=True)
    return msgspec.structs.replace(
        form, keys=tuple((name.lower(), key) for name, key in pairs if key != name)
    )


def read_preview(
    body: BinaryIO, options: ImportOptions, schema: Schema, keys: Sequence[str]
) -> list[PreviewRecord]:
    """The first records as they would be read, a cell for each of the keys. Raises
    `MalformedBodyError`.
    """
    # Nothing is looked up by the hashes of these records.
    reading = RecordReading(body, options, schema, b"preview")
    preview = []
    for number, given in islice(enumerate(reading.given, start=1), SHOWN_RECORDS):
        decoded = reading.given.decode(given)
        record = reading.read(number, given)
        came = (
            {} if isinstance(decoded, RefusedRecord) or not isinstance(decoded, dict) else decoded
        )
        came = {key.strip().lower(): value for key, value in came.items()}
        problems = [each.kind for each in record.problems if each.field is None]
        is_rejected = record.rejected or (options.is_strict and bool(record.problems))
        cells = [_cell(record, key, came.get(key.lower())) for key in keys]
        preview.append(PreviewRecord(number, cells, problems, is_rejected))
    return preview


def _read_csv(body: BinaryIO, form: BodyForm, unpacked_bytes: int) -> Table:
    text = TextWindow(open_unpacked(body, form.content_encoding, unpacked_bytes), form.charset)
    dialect, header = split_header(text, form.delimiter)
    body.seek(0)
    # Whatever the columns mean: only their cells matter here.
    columns = ("external_id", *("" for _ in header[1:]))
    form = msgspec.structs.replace(form, delimiter=dialect.delimiter, columns=columns)
    records = open_records(body, form, unpacked_bytes_limit=unpacked_bytes)
    samples: list[list[str]] = [[] for _ in header]
    for given in islice(records, SHOWN_RECORDS):
        cells = records.original(given)
        for place, cell in enumerate(decode_cells(cells)[: len(header)] if cells else ()):
            # What is no character in the charset cannot be shown.
            _add_sample(samples[place], cell.encode(errors="replace").decode())
    return Table(header, samples, dialect.delimiter)


def _add_sample(samples: list[str], text: str) -> None:
    text = text.strip()
    if text and len(samples) < _SAMPLES and text not in samples:
        samples.append(text)


def _show_json(value: object) -> str:
    if isinstance(value, str):
        return value
    return "" if value is None else msgspec.json.encode(value).decode()


def _cell(record: ReadRecord, key: str, came: object) -> Cell:
    name, dot, operation = key.rpartition(".")
    if not dot:
        name = key
    problem = next((each.kind for each in record.problems if each.field == name), None)
    if name == "phone_number" and record.is_number_unread:
        problem = PROBLEM_KINDS["bad_phone_number"]
    if problem is not None:
        return Cell(_show(came), problem)
    if dot:
        operations = record.operations
        items = [each[2] for each in operations if each[:2] == (name, operation)]
        return Cell(_show(items[0]) if items else "")
    if name in ("is_deleted", "is_forgotten"):
        is_set = record.is_deleted if name == "is_deleted" else record.is_forgotten
        return Cell("" if came is None else _show(is_set))
    if name == "phone_number" and name not in record.changes:
        return Cell(record.phone_number or _show(came))
    return Cell(_show(record.changes.get(name, came if name.startswith("_") else None)))


def _show(value: object) -> str:
    match value:
        case None:
            return ""
        case _ if value is REMOVE:
            return "(removed)"
        case bool():
            return "Yes" if value else "No"
        case list() | tuple():
            return ", ".join(map(str, value))
        case dict():
            return msgspec.json.encode(value).decode()
        case _:
            return str(value)
