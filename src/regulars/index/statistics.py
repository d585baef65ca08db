"""Who the customers of a query are, in numbers (SPEC sections 11 and 12).

Owns what is counted. Values are as the index holds them, mostly in lower case: with each goes a
customer that has it, so that its spelling can be had from the store.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec

from regulars.domain.fields.schema import LIST_TYPES
from regulars.errors import InvalidValueError
from regulars.index import flags
from regulars.index.answers import question_key
from regulars.index.columns import day_column, quoted
from regulars.index.grouping import Column, CountedValues, ValueCount, count_groups, count_items
from regulars.index.questions import Query, Sql, View, value_of, where

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_VALUES: Final = 20
"""Of a field, the most frequent ones, that are told one by one, unless more are asked for."""

DISTRIBUTED_FIELDS: Final = ("country", "language", "mailing_lists", "tags")


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
    meant = where(view, query)
    return view.once("reach", meant, lambda: _count_reach(view, meant))


def _count_reach(view: View, meant: Sql) -> Reach:
    counted = _rows(
        view,
        f"SELECT {flags.COLUMN}, count(*) FROM customer WHERE {meant.text} GROUP BY ALL",
        meant,
    )
    return Reach(sum(number for _, number in counted), flags.add_up(counted, flags.REACH_BITS))


def count_each(view: View, queries: Sequence[Query]) -> list[int]:
    """How many customers each of the queries gives, all at one moment. Those that nobody asked
    before are counted in one statement.
    """
    each = [where(view, query) for query in queries]
    keys = [question_key("count", one.text, one.values) for one in each]
    known = {key: view.answers.look_up(key) for key in keys}
    new = {key: one for key, one in zip(keys, each, strict=True) if known[key] is None}
    if new:
        # Each goes through the customers by itself: where little is left of a part of them, the
        # rest of it is not looked at.
        statement = " UNION ALL ".join(
            f"SELECT {place} AS place, count(*) FROM customer WHERE {one.text}"
            for place, one in enumerate(new.values())
        )
        meant = Sql("", [value for one in new.values() for value in one.values])
        counted = sorted(_rows(view, statement, meant))
        for key, (_, number) in zip(new, counted, strict=True):
            view.answers.keep(key, number)
            known[key] = number
    return [known[key] for key in keys]


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
    return view.once("overlap", meant, lambda: Overlap(*_rows(view, statement, meant)[0]))


def describe_customers(view: View, query: Query) -> Statistics:
    """Everything that is told of customers, who are looked for once; for everybody lists are
    counted apart.
    """
    meant = where(view, query)
    at_once = query != Query()
    return view.once("customers", meant, lambda: _describe_customers(view, meant, at_once=at_once))


def _describe_customers(view: View, meant: Sql, *, at_once: bool) -> Statistics:
    day = quoted(day_column("date_joined"))
    columns = {
        flags.COLUMN: Column(flags.COLUMN),
        # Numbers are grouped much quicker than texts.
        "month": Column(f"year({day}) * 12 + month({day}) - 1"),
        **{key: _column(view, key, MOST_VALUES) for key in DISTRIBUTED_FIELDS},
    }
    found = _count_columns(view, meant, columns, at_once=at_once)
    counted = [(int(each.value), each.customers) for each in found[flags.COLUMN].told]
    joined = sorted((int(each.value), each.customers) for each in found["month"].told)
    return Statistics(
        customers=sum(number for _, number in counted),
        reach=flags.add_up(counted, flags.REACH_BITS),
        permissions=flags.add_up(counted, flags.PERMISSION_BITS),
        distributions=[_distribution(key, found[key]) for key in DISTRIBUTED_FIELDS],
        joined=[MonthCount(f"{month // 12:04}-{month % 12 + 1:02}", n) for month, n in joined],
        joined_without=found["month"].without,
    )


def describe_field(view: View, query: Query, key: str, most: int = MOST_VALUES) -> Distribution:
    """The values of one field, the most frequent ones one by one. Raises `InvalidValueError` for a
    field that has none to count.
    """
    field = view.schema.fields.get(key)
    if field is None or field.type == "object":
        raise InvalidValueError("field", "a field of values")
    meant, columns = where(view, query), {key: _column(view, key, most)}
    at_once = bool(query.words)
    found = view.once(
        f"{key} {most}", meant, lambda: _count_columns(view, meant, columns, at_once=at_once)
    )
    return _distribution(key, found[key])


def _count_columns(
    view: View, meant: Sql, columns: dict[str, Column], *, at_once: bool
) -> dict[str, CountedValues]:
    """The values of each column: all `at_once`, or lists apart from the others."""
    apart: dict[str, CountedValues] = {}
    for name, column in columns.items():
        if column.is_list and column.most is not None and not at_once:
            counted = count_items(view, meant, column.sql, column.most)
            if counted is not None:
                apart[name] = counted
    rest = {name: column for name, column in columns.items() if name not in apart}
    return apart | (count_groups(view, meant, rest) if rest else {})


def _column(view: View, key: str, most: int) -> Column:
    is_list = view.schema.fields[key].type in LIST_TYPES
    return Column(quoted(key) if is_list else value_of(key), is_list, most)


def _distribution(key: str, found: CountedValues) -> Distribution:
    return Distribution(key, found.told, found.other_values, found.others, found.without)


def _rows(view: View, statement: str, meant: Sql) -> list[tuple[Any, ...]]:
    return view.cursor.execute(statement, meant.values).fetchall()
