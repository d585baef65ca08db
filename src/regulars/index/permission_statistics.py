"""Permissions in numbers: by the values of a field, and over time (SPEC section 12).

Owns what is counted. Must not know what a page shows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec

from regulars.domain.fields.catalogue import PERMISSIONS
from regulars.domain.fields.schema import LIST_TYPES
from regulars.index import flags
from regulars.index.columns import CREATED_AT, day_column, quoted
from regulars.index.grouping import join_items, unnest_items
from regulars.index.questions import Sql, value_of, where

if TYPE_CHECKING:
    from regulars.index.questions import Query, View

_CREATED: Final = quoted(day_column(CREATED_AT))


class PermissionsOf(msgspec.Struct, frozen=True):
    """How many of the customers with a value have given each permission."""

    value: Any
    example_id: int
    """A customer that has the value."""
    customers: int
    permissions: dict[str, int]


def count_permissions_by(view: View, query: Query, key: str, most: int) -> list[PermissionsOf]:
    """By the most frequent values of a field; of a list every item is a value."""
    meant = where(view, query)
    return view.once(
        f"permissions by {key} {most}", meant, lambda: _count_by(view, meant, key, most)
    )


def _count_by(view: View, meant: Sql, key: str, most: int) -> list[PermissionsOf]:
    is_list = view.schema.fields[key].type in LIST_TYPES
    value, item = value_of(key), "value"
    if is_list:
        # As one text they are grouped more quickly.
        value, item = join_items(value), unnest_items(item)
    counts = ", ".join(
        f"coalesce(sum(customers) FILTER (WHERE {flags.is_set(bit)}), 0)::BIGINT"
        for bit in flags.PERMISSION_BITS.values()
    )
    rows = view.cursor.execute(
        f"WITH grouped AS (SELECT {value} AS value, {flags.COLUMN}, min(id) AS example,"
        f" count(*) AS customers FROM customer WHERE {meant.text} GROUP BY ALL),"
        f" had AS (SELECT {item} AS value, {flags.COLUMN}, example, customers FROM grouped)"
        f" SELECT value, min(example), sum(customers)::BIGINT AS customers, {counts} FROM had"
        f" WHERE value IS NOT NULL GROUP BY value ORDER BY customers DESC, value LIMIT {most}",
        meant.values,
    ).fetchall()
    return [
        PermissionsOf(value, example, customers, dict(zip(PERMISSIONS, numbers, strict=True)))
        for value, example, customers, *numbers in rows
    ]


def count_permissions(view: View, query: Query) -> dict[str, int]:
    """How many of the customers have given each permission."""
    meant = where(view, query)
    return view.once("permissions", meant, lambda: _count_permissions(view, meant))


def _count_permissions(view: View, meant: Sql) -> dict[str, int]:
    statement = f"SELECT {flags.COLUMN}, count(*) FROM customer WHERE {meant.text} GROUP BY ALL"
    counted = view.cursor.execute(statement, meant.values).fetchall()
    return flags.add_up(counted, flags.PERMISSION_BITS)


def count_permission_steps(view: View) -> dict[str, dict[str, int]]:
    """By permission, by how many customers those who have it grew in each month, as `2026-01`.

    Of the customers that there are now; all months together give those who have it now.
    """
    return view.once("permission steps", Sql("true"), lambda: _count_steps(view))


def _count_steps(view: View) -> dict[str, dict[str, int]]:
    steps: dict[str, dict[str, int]] = {name: {} for name in PERMISSIONS}
    for month, *given in _count_made(view):
        for name, number in zip(PERMISSIONS, given, strict=True):
            _add(steps[name], month, number)
    for name, month, step in _count_changed(view):
        _add(steps[name], month, step)
    return steps


def _count_made(view: View) -> list[tuple[int, ...]]:
    """By month in which they were made, how many customers have each permission now."""
    counts = ", ".join(
        f"count(*) FILTER (WHERE {flags.is_set(bit)})" for bit in flags.PERMISSION_BITS.values()
    )
    return view.cursor.execute(
        f"SELECT {_month(_CREATED)} AS month, {counts} FROM customer GROUP BY month"
    ).fetchall()


def _count_changed(view: View) -> list[tuple[str, int, int]]:
    """What changes add to that: when each took place, and, in the month in which the customer was
    made, the difference of what they had first to what they have now.
    """
    has_now = " ".join(
        f"WHEN '{name}' THEN ({flags.is_set(bit)})" for name, bit in flags.PERMISSION_BITS.items()
    )
    return view.cursor.execute(
        f"""
        WITH changed AS (
            SELECT customer, field, day, version,
                coalesce(old = 'true', false)::INTEGER AS old,
                coalesce(new = 'true', false)::INTEGER AS new
            FROM history
            WHERE field IN (SELECT unnest(?))
        ), first AS (
            SELECT customer, field, arg_min(old, version) AS old
            FROM changed
            GROUP BY customer, field
        ), steps AS (
            SELECT field, day, new - old AS step
            FROM changed
            UNION ALL
            SELECT field, {_CREATED}, old - (CASE field {has_now} END)::INTEGER
            FROM first
            JOIN customer ON customer.id = first.customer
        )
        SELECT field, {_month("day")} AS month, sum(step)::BIGINT
        FROM steps
        GROUP BY field, month
        """,
        [list(PERMISSIONS)],
    ).fetchall()


def _month(day: str) -> str:
    # Numbers are grouped much quicker than texts.
    return f"year({day}) * 12 + month({day}) - 1"


def _add(steps: dict[str, int], month: int, step: int) -> None:
    name = f"{month // 12:04}-{month % 12 + 1:02}"
    steps[name] = steps.get(name, 0) + step
