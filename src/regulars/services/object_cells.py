"""Cells of CSV that hold objects: what our export writes is read as what it was (SPEC section 10).

Owns which cells are read as JSON: those of fields that are objects by now. A cell of any other
field is text, whatever it looks like.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from regulars.domain.imports.lenient_json import read_value

if TYPE_CHECKING:
    from collections.abc import Iterable

    from regulars.domain.fields.schema import Schema


class ObjectCells:
    """The columns of one body that are objects."""

    def __init__(self, header: Iterable[str]) -> None:
        self._header: Final = tuple(header)
        self._schema: Schema | None = None
        self._names: list[str] = []

    def read(self, record: object, schema: Schema) -> None:
        """Put objects in place of their cells. What cannot be read stays text, and so becomes a
        problem of its record.
        """
        if schema is not self._schema:
            # A record before may have declared the field.
            self._schema = schema
            self._names = [name for name in self._header if _is_object(schema, name)]
        if not self._names or not isinstance(record, dict):
            return
        for name in self._names:
            cell = record.get(name)
            if isinstance(cell, str) and cell.lstrip().startswith("{"):
                record[name] = _read(cell)


def _is_object(schema: Schema, name: str) -> bool:
    field = schema.find(name)
    return field is not None and field.type == "object"


def _read(cell: str) -> object:
    try:
        return read_value(cell)
    except (ValueError, RecursionError):
        return cell
