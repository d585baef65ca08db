"""Values of several columns, all counted in one way through the customers.

Owns the statement: to find the customers may take longer than to count their values, as where words
are looked for in everybody's text. Lists are grouped as a whole first, since many are the same.
For that they are one text each, which is quicker: no text has the character between their items.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from regulars.index.questions import Sql

if TYPE_CHECKING:
    from collections.abc import Mapping

    from regulars.index.questions import View


class Column(msgspec.Struct, frozen=True):
    """What is counted: an expression over the rows of customers; of a list, every item."""

    sql: str
    is_list: bool = False
    most: int | None = None
    """So many of the most frequent values are told; all of them by default."""


class ValueCount(msgspec.Struct, frozen=True):
    """A value of a field, and how many customers have it."""

    value: Any
    customers: int
    example_id: int
    """A customer that has it."""


class CountedValues(msgspec.Struct, frozen=True):
    """The values of a column."""

    told: list[ValueCount]
    """The most frequent ones first."""
    other_values: int
    """How many further values there are."""
    others: int
    """How many customers have a further value."""
    without: int
    """How many customers have none."""


def join_items(column: str) -> str:
    """The items of a list as one text, as SQL; none of them is empty, and no list is."""
    return f"nullif(array_to_string({column}, chr(0)), '')"


def split_items(text: str) -> str:
    """The list of which `join_items` made a text, as SQL."""
    return f"string_split({text}, chr(0))"


def unnest_items(text: str) -> str:
    """A row for each item of it, as SQL."""
    return f"unnest({split_items(text)})"


def count_groups(view: View, meant: Sql, columns: Mapping[str, Column]) -> dict[str, CountedValues]:
    """The values of each column by its name. Where some are texts, all come as texts."""
    numbered = list(enumerate(columns.values()))
    parts = [_had(meant, columns), _grouped(len(columns))]
    parts += [part for number, column in numbered for part in _counted(number, column)]
    results = " UNION ALL ".join(_result(number, column) for number, column in numbered)
    rows = view.cursor.execute(f"WITH {', '.join(parts)} {results}", meant.values).fetchall()
    by_number: list[list[tuple[Any, ...]]] = [[] for _ in numbered]
    for number, *row in sorted(rows, key=lambda row: row[:2]):
        by_number[number].append(tuple(row))
    return {name: _read(rows) for name, rows in zip(columns, by_number, strict=True)}


def count_items(view: View, meant: Sql, column: str, most: int) -> CountedValues | None:
    """The items of a column of lists, where there are at most so many; else None. Two ways through
    the customers that are quicker than grouping lists, where whoever is meant is found quickly.
    """
    rows = view.cursor.execute(
        f"WITH had AS (SELECT unnest({column}) AS value, id FROM customer WHERE {meant.text})"
        " SELECT value, count(*) AS customers, min(id) FROM had GROUP BY value"
        f" ORDER BY customers DESC, value LIMIT {most + 1}",
        meant.values,
    ).fetchall()
    if len(rows) > most:
        return None
    statement = f"SELECT count(*) FROM customer WHERE {meant.text} AND {column} IS NULL"
    ((without,),) = view.cursor.execute(statement, meant.values).fetchall()
    return CountedValues([ValueCount(*row) for row in rows], 0, 0, without)


def _read(rows: list[tuple[Any, ...]]) -> CountedValues:
    """The first row tells of what is not told."""
    (_, _, others, values, without), *told = rows
    counts = [ValueCount(*row) for _, *row, _ in told]
    return CountedValues(counts, values - len(counts), others, without)


def _had(meant: Sql, columns: Mapping[str, Column]) -> str:
    selected = ", ".join(
        f"{join_items(each.sql) if each.is_list else each.sql} AS c{number}"
        for number, each in enumerate(columns.values())
    )
    return f"had AS (SELECT id, {selected} FROM customer WHERE {meant.text})"


def _grouped(count: int) -> str:
    """How many customers have the very same value, or list, of each column."""
    names = [f"c{number}" for number in range(count)]
    which = ", ".join(f"grouping({name}) AS g_{name}" for name in names)
    sets = ", ".join(f"({name})" for name in names)
    return (
        f"grouped AS MATERIALIZED (SELECT {', '.join(names)}, {which}, count(*) AS customers,"
        f" min(id) AS example FROM had GROUP BY GROUPING SETS ({sets}))"
    )


def _counted(number: int, column: Column) -> tuple[str, str]:
    """All values of a column, and those that are told."""
    rows = f"SELECT c{number} AS value, customers, example FROM grouped WHERE g_c{number} = 0"
    if column.is_list:
        rows = (
            "SELECT value, sum(customers)::BIGINT AS customers, min(example) AS example FROM"
            f" (SELECT {unnest_items('value')} AS value, customers, example FROM ({rows}))"
            " GROUP BY value"
        )
    limit = "" if column.most is None else f" LIMIT {column.most}"
    told = f"SELECT * FROM counted{number} ORDER BY customers DESC, value{limit}"
    return (
        f"counted{number} AS MATERIALIZED (SELECT * FROM ({rows}) WHERE value IS NOT NULL)",
        f"told{number} AS MATERIALIZED ({told})",
    )


def _result(number: int, column: Column) -> str:
    """Rows of a column: its number, their place from 1, and what is told of each value. At place 0
    how many customers have another value, how many values there are, and who has none.
    """
    others = (
        f"(SELECT sum(customers) FROM counted{number}) - (SELECT sum(customers) FROM told{number})"
    )
    if column.is_list:
        others = (
            f"(SELECT sum(customers) FROM grouped, (SELECT list(value) AS items FROM told{number})"
            f" WHERE g_c{number} = 0 AND NOT list_has_all(items, {split_items(f'c{number}')}))"
        )
    if column.most is None:
        others = "0"
    return (
        f"SELECT {number} AS number, row_number() OVER (ORDER BY customers DESC, value) AS place,"
        f" value, customers, example, 0 AS without FROM told{number}"
        f" UNION ALL SELECT {number}, 0, NULL, coalesce({others}, 0)::BIGINT,"
        f" (SELECT count(*) FROM counted{number}),"
        f" (SELECT coalesce(sum(customers), 0)::BIGINT FROM grouped"
        f" WHERE g_c{number} = 0 AND c{number} IS NULL)"
    )
