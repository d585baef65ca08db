"""What is asked of an index: which customers, how many, in which order.

Owns the statements that count and find. Must not know how the tables come about.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeVar

import msgspec

from regulars.domain.fields.schema import LIST_TYPES
from regulars.domain.segments.checked import CheckedTest, parts_of
from regulars.domain.segments.values import NEVER_MISSING
from regulars.errors import ConflictError, IndexBusyError, InvalidValueError
from regulars.index.answers import question_key
from regulars.index.columns import quoted
from regulars.index.compile import compile_condition

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    import duckdb

    from regulars.domain.fields.schema import Schema
    from regulars.domain.segments.checked import Checked
    from regulars.index.answers import Answers

Answer = TypeVar("Answer")
UNORDERED_TYPES: Final = LIST_TYPES | {"object"}


class Query(msgspec.Struct, frozen=True):
    """Which customers: those for whom the condition holds and in whose text all words, which are
    folded, occur.

    `exact` are the ids of those who need not have the words, and who come first in the order of
    ids.
    """

    condition: Checked | None = None
    words: tuple[str, ...] = ()
    exact: tuple[int, ...] = ()


class Order(msgspec.Struct, frozen=True):
    """By the values of a field, named by its key; customers without one come last."""

    key: str
    is_descending: bool = False


class View(msgspec.Struct, frozen=True):
    """An index at the moment of a question."""

    cursor: duckdb.DuckDBPyConnection
    schema: Schema
    now: datetime
    answers: Answers

    def once(self, name: str, meant: Sql, make: Callable[[], Answer]) -> Answer:
        """The answer to the question of that name about these customers, which is kept."""
        return self.answers.find(question_key(name, meant.text, meant.values), make)


class Found(msgspec.Struct, frozen=True):
    """The ids of a page of customers, and how many there are in all."""

    ids: list[int]
    customers: int


class Sql(msgspec.Struct, frozen=True):
    """A part of a statement, and the values that are bound to its question marks."""

    text: str
    values: Sequence[Any] = ()


def where(view: View, query: Query) -> Sql:
    """What holds for the rows of the customers that are meant. Raises `IndexBusyError`."""
    parts = [Sql("contains(customer.search, ?)", [word]) for word in query.words]
    if query.exact:
        parts = [_any_of(_all_of(parts), _is_exact(query))]
    if query.condition is not None:
        _check_types(view.schema, query.condition)
        parts.append(Sql(*compile_condition(query.condition, view.now)))
    return _all_of(parts)


def _check_types(schema: Schema, condition: Checked) -> None:
    """Raises `IndexBusyError` where a field has got another type since the condition was checked:
    its values would be compared with a column of that type.
    """
    waiting = [condition.root]
    while waiting:
        node = waiting.pop()
        waiting += parts_of(node)
        if isinstance(node, CheckedTest):
            field = schema.fields.get(node.key)
            if field is None or field.type != node.field.type:
                raise IndexBusyError(0.0, 1)


def count_customers(view: View, query: Query) -> int:
    """How many customers there are."""
    meant = where(view, query)
    rows = view.cursor.execute(f"SELECT count(*) FROM customer WHERE {meant.text}", meant.values)
    ((number,),) = rows.fetchall()
    return int(number)


def find_customers(
    view: View, query: Query, order: Order | None, after: int | None, limit: int
) -> list[int]:
    """The ids of the next customers. Raises `ConflictError`, `InvalidValueError`."""
    meant = where(view, query)
    behind = _behind(view, query, order, after)
    by = _sorted_by(query, order)
    rows = view.cursor.execute(
        f"SELECT customer.id FROM customer WHERE {meant.text} AND {behind.text}"
        f" ORDER BY {by.text} LIMIT ?",
        [*meant.values, *behind.values, *by.values, limit],
    )
    return [number for (number,) in rows.fetchall()]


def find_and_count(
    view: View, query: Query, order: Order | None, after: int | None, limit: int
) -> Found:
    """The ids of the next customers, and how many there are. Raises as `find_customers`.

    To look for words takes long, so that it is done once; other conditions are quicker asked twice,
    as a page is often found in the first part of the customers.
    """
    if not query.words:
        ids = find_customers(view, query, order, after, limit)
        return Found(ids, count_customers(view, query))
    if order is not None:
        return _find_and_count_sorted(view, query, order, after, limit)
    meant, behind, exact = where(view, query), _behind(view, query, None, after), _is_exact(query)
    (row,) = view.cursor.execute(
        "SELECT count(*),"
        f" min(customer.id, {limit}) FILTER (WHERE {exact.text} AND {behind.text}),"
        f" min(customer.id, {limit}) FILTER (WHERE NOT {exact.text} AND {behind.text})"
        f" FROM customer WHERE {meant.text}",
        [*exact.values, *behind.values, *exact.values, *behind.values, *meant.values],
    ).fetchall()
    customers, first, others = row
    return Found([*(first or ()), *(others or ())][:limit], customers)


def _find_and_count_sorted(
    view: View, query: Query, order: Order, after: int | None, limit: int
) -> Found:
    behind = _behind(view, query, order, after)
    meant, by = where(view, query), _sorted_by(query, order)
    rows = view.cursor.execute(
        f"WITH found AS MATERIALIZED (SELECT id, {value_of(order.key)} AS {quoted(order.key)}"
        f" FROM customer WHERE {meant.text}), page AS (SELECT * FROM found AS customer"
        f" WHERE {behind.text} ORDER BY {by.text} LIMIT {limit})"
        " SELECT customer.id, (SELECT count(*) FROM found)"
        f" FROM (SELECT 1) LEFT JOIN page AS customer ON true ORDER BY {by.text}",
        [*meant.values, *behind.values],
    ).fetchall()
    return Found([number for number, _ in rows if number is not None], rows[0][1])


def count_forgotten(view: View, external_id: str | None) -> int:
    """How many customers are forgotten."""
    wanted = _forgotten(external_id)
    rows = view.cursor.execute(f"SELECT count(*) FROM forgotten WHERE {wanted.text}", wanted.values)
    ((number,),) = rows.fetchall()
    return int(number)


def find_forgotten(view: View, external_id: str | None, after: int | None, limit: int) -> list[int]:
    """The ids of forgotten customers."""
    wanted = _forgotten(external_id)
    rows = view.cursor.execute(
        f"SELECT id FROM forgotten WHERE id > ? AND {wanted.text} ORDER BY id LIMIT ?",
        [after or 0, *wanted.values, limit],
    )
    return [number for (number,) in rows.fetchall()]


def value_of(key: str) -> str:
    """The value of a field, as SQL: what is never missing is false where it is not set."""
    return f"coalesce({quoted(key)}, false)" if key in NEVER_MISSING else quoted(key)


def _forgotten(external_id: str | None) -> Sql:
    return Sql("true") if external_id is None else Sql("external_id = ?", [external_id])


def _sorted_by(query: Query, order: Order | None) -> Sql:
    if order is not None:
        way = "DESC" if order.is_descending else "ASC"
        return Sql(f"{value_of(order.key)} {way} NULLS LAST, customer.id")
    if not query.exact:
        return Sql("customer.id")
    exact = _is_exact(query)
    return Sql(f"{exact.text} DESC, customer.id", exact.values)


def _behind(view: View, query: Query, order: Order | None, after: int | None) -> Sql:
    """What holds for the customers that come later than one of them."""
    if order is not None:
        field = view.schema.fields.get(order.key)
        if field is None or field.type in UNORDERED_TYPES:
            raise InvalidValueError("order", "a field of single values")
    if after is None:
        return Sql("true")
    if order is None:
        return _behind_id(query, after)
    column = value_of(order.key)
    row = view.cursor.execute(f"SELECT {column} FROM customer WHERE id = ?", [after]).fetchone()
    if row is None:
        raise ConflictError("the customer behind which the page begins is gone")
    (value,) = row
    if value is None:
        return Sql(f"({column} IS NULL AND customer.id > ?)", [after])
    later = "<" if order.is_descending else ">"
    return Sql(
        f"({column} {later} ? OR {column} IS NULL OR ({column} = ? AND customer.id > ?))",
        [value, value, after],
    )


def _behind_id(query: Query, after: int) -> Sql:
    behind = Sql("customer.id > ?", [after])
    if not query.exact:
        return behind
    exact = _is_exact(query)
    other = Sql(f"NOT {exact.text}", exact.values)
    if after in query.exact:
        return _any_of(other, behind)
    return _all_of([other, behind])


def _is_exact(query: Query) -> Sql:
    return Sql("list_contains(?, customer.id)", [list(query.exact)])


def _all_of(parts: Sequence[Sql]) -> Sql:
    if not parts:
        return Sql("true")
    return Sql(
        f"({' AND '.join(part.text for part in parts)})",
        [value for part in parts for value in part.values],
    )


def _any_of(first: Sql, second: Sql) -> Sql:
    return Sql(f"({first.text} OR {second.text})", [*first.values, *second.values])
