"""Permissions in numbers: by the values of a field, and over time (SPEC section 12).

Owns what is counted. Must not know what a page shows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from regulars.domain.fields.catalogue import PERMISSIONS
from regulars.domain.fields.schema import LIST_TYPES
from regulars.index.columns import CREATED_AT, day_column, quoted
from regulars.index.questions import value_of, where

if TYPE_CHECKING:
    from regulars.index.questions import Query, View


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
    is_list = view.schema.fields[key].type in LIST_TYPES
    value = f"unnest({quoted(key)})" if is_list else value_of(key)
    given = ", ".join(f"{value_of(name)} AS {quoted(name)}" for name in PERMISSIONS)
    counts = ", ".join(f"count(*) FILTER (WHERE {quoted(name)})" for name in PERMISSIONS)
    rows = view.cursor.execute(
        f"WITH had AS (SELECT {value} AS value, id, {given} FROM customer WHERE {meant.text})"
        f" SELECT value, min(id), count(*) AS customers, {counts} FROM had"
        f" WHERE value IS NOT NULL GROUP BY value ORDER BY customers DESC, value LIMIT {most}",
        meant.values,
    ).fetchall()
    return [
        PermissionsOf(value, example, customers, dict(zip(PERMISSIONS, numbers, strict=True)))
        for value, example, customers, *numbers in rows
    ]


def count_permission_steps(view: View, permission: str) -> dict[str, int]:
    """By how many customers those who have a permission grew in each month, as `2026-01`.

    Of the customers that there are now; all months together give those who have it now.
    """
    column, created = value_of(permission), quoted(day_column(CREATED_AT))
    rows = view.cursor.execute(
        f"""
        WITH changed AS (
            SELECT customer, day, coalesce(old, 'false') AS old, coalesce(new, 'false') AS new,
                version
            FROM history
            WHERE field = ?
        ), first AS (
            SELECT customer, arg_min(old, version) AS old
            FROM changed
            GROUP BY customer
        ), steps AS (
            SELECT day, (new = 'true')::INTEGER - (old = 'true')::INTEGER AS step
            FROM changed
            UNION ALL
            SELECT {created}, coalesce(first.old = 'true', {column})::INTEGER
            FROM customer
            LEFT JOIN first ON first.customer = customer.id
        )
        SELECT strftime(day, '%Y-%m') AS month, sum(step)::BIGINT
        FROM steps
        GROUP BY month
        ORDER BY month
        """,
        [permission],
    ).fetchall()
    return dict(rows)
