"""Read records on their way from one process to another.

Owns their packed form: columns for plain records, of which there are most, and the whole of the
others. Both ends run the same program; the form is never stored.
"""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING

import msgspec

from regulars.domain.fields.company_field import CompanyField
from regulars.domain.records.read_record import ReadRecord

if TYPE_CHECKING:
    from collections.abc import Sequence

    from regulars.domain.fields.schema import Schema
    from regulars.store.identifier_key import IdentifierHashes

_KEPT = tuple(name for name in ReadRecord.__slots__ if name != "schema")


class PackedRecords(msgspec.Struct, array_like=True, gc=False):
    """Consecutive records; columns by record."""

    first: int
    """Number of the first."""
    external_ids: list[str | None]
    emails: list[str | None]
    phone_numbers: list[str | None]
    documents: list[bytes | None]
    """Of plain records; the others are in `others`."""
    hashes: list[int | None]
    identifier_hashes: list[list[int]]
    """Of external_ids, emails and phone_numbers, since they take long to make."""
    others: bytes
    """Pickled: place in the columns -> all attributes of the record but the schema."""
    schemas: list[tuple[int, list[CompanyField]]]
    """The company's fields from a place on, where a record declared or widened one."""
    lines: list[int | None]
    """Empty where they are not known."""


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(PackedRecords).decode


def pack_records(
    records: Sequence[ReadRecord], schema: Schema, identifier_hashes: IdentifierHashes
) -> bytes:
    """Pack records; `schema` is that of the record before them."""
    external_ids = [record.external_id for record in records]
    emails = [record.email for record in records]
    phone_numbers = [record.phone_number for record in records]
    others: dict[int, dict[str, object]] = {}
    schemas: list[tuple[int, list[CompanyField]]] = []
    for place, record in enumerate(records):
        if record.schema is not schema:
            schema = record.schema
            schemas.append((place, list(schema.company_fields.values())))
        if record.document is None:
            others[place] = {name: getattr(record, name) for name in _KEPT}
    return _encode(
        PackedRecords(
            records[0].number,
            external_ids,
            emails,
            phone_numbers,
            [record.document for record in records],
            [record.hash for record in records],
            [identifier_hashes.make(column) for column in (external_ids, emails, phone_numbers)],
            pickle.dumps(others) if others else b"",
            schemas,
            [] if records[0].line is None else [record.line for record in records],
        )
    )


def unpack_records(
    packed: bytes, schema: Schema, identifier_hashes: IdentifierHashes
) -> list[ReadRecord]:
    """The packed records; `schema` is that of the record before them."""
    columns = _decode(packed)
    identifiers = (columns.external_ids, columns.emails, columns.phone_numbers)
    identifier_hashes.remember(identifiers, columns.identifier_hashes)
    records: list[ReadRecord] = []
    others = pickle.loads(columns.others) if columns.others else {}  # noqa: S301 - from our own process
    schemas = dict(columns.schemas)
    for place, (external_id, email, phone_number, document, record_hash) in enumerate(
        zip(
            columns.external_ids,
            columns.emails,
            columns.phone_numbers,
            columns.documents,
            columns.hashes,
            strict=True,
        )
    ):
        if schemas and place in schemas:
            schema = schema.with_company_fields(schemas[place])
        line = columns.lines[place] if columns.lines else None
        record = ReadRecord(columns.first + place, schema, line)
        if document is None:
            for name, value in others[place].items():
                setattr(record, name, value)
        else:
            record.become_plain(external_id, email, phone_number, document)
            record.hash = record_hash
        records.append(record)
    return records
