"""Customers as lines of CSV: exports and retrieval write them alike (SPEC section 10).

Owns how a value becomes a cell that our own reader takes for that value again. Must not know which
customers, nor which fields of them, are written.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Final

import msgspec

from regulars.domain.imports.formula_guard import guard_cell

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from regulars.domain.fields.types import Value

_encode: Final = msgspec.json.Encoder().encode


def csv_header(names: Iterable[str]) -> bytes:
    """The first line: names of fields."""
    return _line(names)


def csv_line(names: Sequence[str], values: Mapping[str, Value]) -> bytes:
    """A customer as a line; a field that it lacks is an empty cell."""
    return _line(_cell(values.get(name)) for name in names)


def _cell(value: Value | None) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case list():
            text = _line(value).decode().removesuffix("\r\n")
        case dict():
            text = _encode(value).decode()
        case _:
            text = str(value)
    return guard_cell(text)


def _line(cells: Iterable[str]) -> bytes:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue().encode()
