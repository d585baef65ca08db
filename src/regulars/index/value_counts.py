"""How many customers have a value, field by field: one question for all fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

from regulars.index.columns import quoted
from regulars.index.questions import where

if TYPE_CHECKING:
    from regulars.index.questions import Query, Sql, View


def count_values(view: View, query: Query) -> dict[str, int]:
    """How many of the customers that are meant have a value of each field, by its key."""
    meant = where(view, query)
    return view.once("values", meant, lambda: _count(view, meant))


def _count(view: View, meant: Sql) -> dict[str, int]:
    keys = list(view.schema.fields)
    counts = ", ".join(f"count({quoted(key)})" for key in keys)
    rows = view.cursor.execute(f"SELECT {counts} FROM customer WHERE {meant.text}", meant.values)
    return dict(zip(keys, rows.fetchall()[0], strict=True))
