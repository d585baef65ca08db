"""Who the customers of a query are, in numbers (SPEC sections 11 and 12).

Owns what is counted. Values are as the index holds them, mostly in lower case: with each goes a
customer that has it, so that its spelling can be had from the store.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec

from regulars.domain.fields.catalogue import PERMISSIONS
from regulars.domain.fields.schema import LIST_TYPES
from regulars.errors import InvalidValueError
from regulars.index.columns import day_column, quoted
from regulars.index.questions import Sql, View, value_of, where

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from regulars.index.questions import Query

MOST_VALUES: Final = 20
"""Of a field, the most frequent ones, that are told one by one, unless more are asked for."""

DISTRIBUTED_FIELDS: Final = ("country", "language", "mailing_lists", "tags")

_REACH: Final = {
    "email": "can_email AND email IS NOT NULL",
    "sms": "can_sms AND phone_number IS NOT NULL",
    "post": "can_post AND (street_address IS NOT NULL OR street_name IS NOT NULL)",
    "push": "can_push",
}
"""Who can be reached through each channel, as SQL."""


class ValueCount(msgspec.Struct, frozen=True):
    """A value of a field, and how many customers have it."""

    value: Any
    customers: int
    example_id: int
    """A customer that has it."""


class Distribution(msgspec.Struct, frozen=True):
    """The values of a field. Of a list every item is a value, so that a customer may count more
    than once.
    """

    field: str
    """Its key."""
    values: list[ValueCount]
    """The most frequent ones first."""
    other_values: int
    """How many further values there are."""
    others: int
    """How many customers have a further value."""
    without: int
    """How many customers have none."""


class MonthCount(msgspec.Struct, frozen=True):
    """How many customers joined in a month of the company's calendar."""

    month: str
    """As `2026-01`."""
    customers: int


class Reach(msgspec.Struct, frozen=True):
    """How many customers there are, and how many of them can be reached, by channel."""

    customers: int
    reach: dict[str, int]


class Overlap(msgspec.Struct, frozen=True):
    """How many customers two queries have in common."""

    both: int
    only_first: int
    only_second: int


class Statistics(msgspec.Struct, frozen=True):
    """Customers in numbers."""

    customers: int
    reach: dict[str, int]
    """How many can be reached, by channel."""
    permissions: dict[str, int]
    """How many have given each permission."""
    distributions: list[Distribution]
    joined: list[MonthCount]
    """In order of month, without those in which nobody joined."""
    joined_without: int
    """How many customers have no date."""


def count_reach(view: View, query: Query) -> Reach:
    """How many customers there are, and how many of them each channel reaches."""
    customers, *reached = _count(view, where(view, query), _REACH.values())
    return Reach(customers, dict(zip(_REACH, reached, strict=True)))


def count_each(view: View, queries: Sequence[Query]) -> list[int]:
    """How many customers each of the queries gives, in one way through all customers."""
    each = [where(view, query) for query in queries]
    meant = Sql("true", [value for one in each for value in one.values])
    counts = ", ".join(f"count(*) FILTER (WHERE {one.text})" for one in each)
    return list(_rows(view, f"SELECT {counts} FROM customer", meant)[0]) if each else []


def count_overlap(view: View, first: Query, second: Query) -> Overlap:
    """How many customers meet both queries, and how many only one of them."""
    one, other = where(view, first), where(view, second)
    # What is NULL does not hold: a customer without a value is outside.
    meant = Sql(
        f"SELECT ({one.text}) IS TRUE AS one, ({other.text}) IS TRUE AS other FROM customer",
        [*one.values, *other.values],
    )
    statement = (
        "SELECT count(*) FILTER (WHERE one AND other), count(*) FILTER (WHERE one AND NOT other),"
        f" count(*) FILTER (WHERE other AND NOT one) FROM ({meant.text})"
    )
    return Overlap(*_rows(view, statement, meant)[0])


def describe_customers(view: View, query: Query) -> Statistics:
    """Everything that is told of customers."""
    meant = where(view, query)
    shares = [value_of(name) for name in PERMISSIONS]
    missing = [_is_missing(key) for key in DISTRIBUTED_FIELDS]
    counts = iter(_count(view, meant, (*_REACH.values(), *shares, *missing)))
    customers = next(counts)
    reach = dict(zip(_REACH, counts, strict=False))
    permissions = dict(zip(PERMISSIONS, counts, strict=False))
    joined = _count_months(view, meant)
    return Statistics(
        customers=customers,
        reach=reach,
        permissions=permissions,
        distributions=[
            _describe(view, meant, key, without)
            for key, without in zip(DISTRIBUTED_FIELDS, counts, strict=True)
        ],
        joined=[MonthCount(month, number) for month, number in joined.items() if month is not None],
        joined_without=joined.get(None, 0),
    )


def describe_field(view: View, query: Query, key: str, most: int = MOST_VALUES) -> Distribution:
    """The values of one field, the most frequent ones one by one. Raises `InvalidValueError` for a
    field that has none to count.
    """
    field = view.schema.fields.get(key)
    if field is None or field.type == "object":
        raise InvalidValueError("field", "a field of values")
    meant = where(view, query)
    _, without = _count(view, meant, [_is_missing(key)])
    return _describe(view, meant, key, without, most)


def _is_missing(key: str) -> str:
    return f"{value_of(key)} IS NULL"


def _count(view: View, meant: Sql, conditions: Iterable[str]) -> tuple[int, ...]:
    """How many customers are meant, and for how many of them each of the conditions holds."""
    counts = [f"count(*) FILTER (WHERE {condition})" for condition in conditions]
    statement = f"SELECT count(*), {', '.join(counts)} FROM customer WHERE {meant.text}"
    return _rows(view, statement, meant)[0]


def _count_months(view: View, meant: Sql) -> dict[str | None, int]:
    """How many customers joined in each month, in order; under None those without a date."""
    day = quoted(day_column("date_joined"))
    counted = _rows(
        view,
        # Numbers are grouped much quicker than texts.
        f"SELECT year({day}) * 12 + month({day}) - 1 AS month, count(*)"
        f" FROM customer WHERE {meant.text} GROUP BY month ORDER BY month",
        meant,
    )
    return {
        None if month is None else f"{month // 12:04}-{month % 12 + 1:02}": customers
        for month, customers in counted
    }


def _describe(
    view: View, meant: Sql, key: str, without: int, most: int = MOST_VALUES
) -> Distribution:
    is_list = view.schema.fields[key].type in LIST_TYPES
    value = f"unnest({quoted(key)})" if is_list else value_of(key)
    counted = _rows(
        view,
        f"WITH had AS (SELECT {value} AS value, id FROM customer WHERE {meant.text}),"
        " counted AS (SELECT value, count(*) AS customers, min(id) AS example"
        " FROM had WHERE value IS NOT NULL GROUP BY value)"
        " SELECT value, customers, example, count(*) OVER () FROM counted"
        f" ORDER BY customers DESC, value LIMIT {most}",
        meant,
    )
    values = [ValueCount(*row[:3]) for row in counted]
    other_values = counted[0][3] - len(values) if counted else 0
    others = _count_others(view, meant, key, values) if other_values else 0
    return Distribution(key, values, other_values, others, without)


def _count_others(view: View, meant: Sql, key: str, told: Iterable[ValueCount]) -> int:
    """How many customers have a value that is not told."""
    has_other = (
        f"len(list_filter({quoted(key)}, lambda item: NOT list_contains(?, item))) > 0"
        if view.schema.fields[key].type in LIST_TYPES
        else f"NOT list_contains(?, {value_of(key)})"
    )
    bound = Sql("", [[each.value for each in told], *meant.values])
    ((others,),) = _rows(
        view,
        f"SELECT count(*) FILTER (WHERE {has_other}) FROM customer WHERE {meant.text}",
        bound,
    )
    return int(others)


def _rows(view: View, statement: str, meant: Sql) -> list[tuple[Any, ...]]:
    return view.cursor.execute(statement, meant.values).fetchall()
