"""Exports: all customers of a company as a file that can be uploaded again (SPEC section 10).

Owns the formats NDJSON and CSV. Every export stands in the audit log.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO, Final

import msgspec

from regulars.domain.customers.presentation import compile_export, export_names
from regulars.domain.records.own_keys import CUSTOMER_KEY
from regulars.services.csv_lines import csv_header, csv_line
from regulars.services.customers import iterate_living

if TYPE_CHECKING:
    from collections.abc import Iterator

    from regulars.domain.customers.customer import Customer
    from regulars.domain.customers.presentation import Show
    from regulars.domain.fields.types import Value
    from regulars.services.installation import Installation, Register

EXPORT_FORMATS: Final = ("ndjson", "csv")

_encode: Final = msgspec.json.Encoder().encode


def write_export(
    installation: Installation,
    register: Register,
    export_format: str,
    stream: BinaryIO,
    *,
    actor: str,
) -> int:
    """Write all living customers; gives how many."""
    short_name = register.company.short_name
    # Before the first byte: who looks at a half-made export finds it in the log as well.
    installation.add_audit_entry(short_name, actor, "export:start", export_format)
    count = 0
    for count, line in export_lines(register, export_format):  # noqa: B007 - the answer
        stream.write(line)
    stream.flush()
    installation.add_audit_entry(
        short_name, actor, "export:end", export_format, f"{count} customers"
    )
    return count


def export_lines(register: Register, export_format: str) -> Iterator[tuple[int, bytes]]:
    """The lines of an export, each with the number of customers up to there."""
    return _ndjson_lines(register) if export_format == "ndjson" else _csv_lines(register)


def _ndjson_lines(register: Register) -> Iterator[tuple[int, bytes]]:
    show = compile_export(register.load_schema())
    for count, customer in enumerate(iterate_living(register), start=1):
        yield count, _encode(_values(customer, show)) + b"\n"


def _csv_lines(register: Register) -> Iterator[tuple[int, bytes]]:
    schema = register.load_schema()
    names = [*export_names(schema), CUSTOMER_KEY]
    show = compile_export(schema)
    yield 0, csv_header(names)
    for count, customer in enumerate(iterate_living(register), start=1):
        yield count, csv_line(names, _values(customer, show))


def _values(customer: Customer, show: Show) -> dict[str, Value]:
    values = show(customer.fields)
    if "external_id" not in values:
        values[CUSTOMER_KEY] = customer.id
    return values
