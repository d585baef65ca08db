"""Exports: a company's customers as a file; NDJSON and CSV can be uploaded again (SPEC section 10).

Owns the formats. Every export stands in the audit log.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO, Final

import msgspec

from regulars.services.csv_lines import csv_header, csv_line
from regulars.services.customers import iterate_living
from regulars.services.export_rows import compile_export_row, export_columns

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from regulars.domain.customers.customer import Customer
    from regulars.domain.fields.schema import Schema
    from regulars.services.installation import Installation, Register

LINE_FORMATS: Final = ("ndjson", "csv")
"""Those that can be uploaded again."""
EXPORT_FORMATS: Final = (*LINE_FORMATS, "parquet")

_encode: Final = msgspec.json.Encoder().encode


class Chosen(msgspec.Struct, frozen=True):
    """The customers of an export that are not all."""

    customers: Iterable[Customer]
    description: str
    """Which ones they are, for the audit log: without values, which may be somebody's."""


def write_export(
    installation: Installation,
    register: Register,
    export_format: str,
    stream: BinaryIO,
    *,
    actor: str,
    chosen: Chosen | None = None,
) -> int:
    """Write the chosen customers, or all living ones; gives how many."""
    short_name = register.company.short_name
    if chosen is None:
        chosen = Chosen(iterate_living(register), "all customers")
    # Before the first byte: who looks at a half-made export finds it in the log as well.
    installation.add_audit_entry(
        short_name, actor, "export:start", export_format, chosen.description
    )
    count = _write(register.load_schema(), export_format, chosen.customers, stream)
    stream.flush()
    installation.add_audit_entry(
        short_name, actor, "export:end", export_format, f"{count} customers"
    )
    return count


def export_lines(
    schema: Schema, export_format: str, customers: Iterable[Customer]
) -> Iterator[tuple[int, bytes]]:
    """The lines of an export, each with the number of customers up to there."""
    lines = _ndjson_lines if export_format == "ndjson" else _csv_lines
    return lines(schema, customers)


def _write(
    schema: Schema, export_format: str, customers: Iterable[Customer], stream: BinaryIO
) -> int:
    if export_format == "parquet":
        # Its library takes long to load.
        from regulars.services.parquet import write_parquet  # noqa: PLC0415

        return write_parquet(schema, customers, stream)
    count = 0
    for count, line in export_lines(schema, export_format, customers):  # noqa: B007 - the answer
        stream.write(line)
    return count


def _ndjson_lines(schema: Schema, customers: Iterable[Customer]) -> Iterator[tuple[int, bytes]]:
    show = compile_export_row(schema)
    for count, customer in enumerate(customers, start=1):
        yield count, _encode(show(customer)) + b"\n"


def _csv_lines(schema: Schema, customers: Iterable[Customer]) -> Iterator[tuple[int, bytes]]:
    names = export_columns(schema)
    show = compile_export_row(schema)
    yield 0, csv_header(names)
    for count, customer in enumerate(customers, start=1):
        yield count, csv_line(names, show(customer))
